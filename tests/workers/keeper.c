/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A worker that keeps objects, for hosts in other languages. */

#include "config.h"

#include "object-targets.h"
#include "objects.h"

#include <stdio.h>
#include <stdlib.h>

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker == NULL)
    {
      fprintf (stderr, "usage, as a worker only: keeper\n");
      return EXIT_FAILURE;
    }
  object_targets_register (worker);
  mpel_worker_add_class (worker, TEST_TYPE_POINT, "Point");
  return mpel_worker_run (worker);
}
