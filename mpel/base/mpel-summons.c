/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-summons-private.h"

static gint is_summoned = FALSE; /* atomic */

gboolean
mpel_summons_is_open (void)
{
  return g_atomic_int_get (&is_summoned);
}

void
mpel_summons_set_open (gboolean is_open)
{
  g_atomic_int_set (&is_summoned, is_open);
}
