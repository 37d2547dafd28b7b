/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* A job that does nothing but compute, or nothing at all, and when and where it did so. */
typedef struct
{
  gint64 begin; /* monotonic, in µs */
  gint64 end;
  int    pid; /* of the worker */
} BenchJob;

/* Returns how many steps this machine computes in a millisecond. */
double bench_work_calibrate (void);
/* Returns: (transfer full): a loop for one worker, else a pool; all of them run, and have worked */
MpelEventLoop *bench_work_open (guint n_workers);
/* Returns: (transfer full) */
MpelEvent *bench_work_add (MpelEventLoop *loop,
                           guint64        n_steps);
/* Returns: (transfer full): one that keeps its worker busy, but no processor */
MpelEvent *bench_work_add_nap (MpelEventLoop *loop,
                               guint64        us);
/* Of one that has ended. */
BenchJob bench_work_read (MpelEvent *event);

G_END_DECLS
