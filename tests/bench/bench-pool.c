/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A pool of two against one worker, on work that does nothing but compute. Needs two processors
 * that have nothing else to do. */

#include "config.h"
#include "bench-work.h"
#include "bench.h"

/* Returns how many jobs per second were done. */
static double
run (MpelEventLoop *loop, int n_jobs, guint64 n_steps)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 begin = g_get_monotonic_time ();

  for (int i = 0; i < n_jobs; i++)
    g_ptr_array_add (events, bench_work_add (loop, n_steps));
  mpel_event_loop_wait (loop, NULL, NULL);
  for (int i = 0; i < n_jobs; i++)
    bench_work_read (events->pdata[i]);
  return n_jobs * 1e6 / (double) (g_get_monotonic_time () - begin);
}

static void
compare (MpelEventLoop *pool, MpelEventLoop *one, const char *name, int n_jobs, double n_steps, double target)
{
  BenchSeries ours = BENCH_SERIES_INIT, baseline = BENCH_SERIES_INIT;

  for (int i = 0; i < bench_options.n_rounds; i++)
    {
      bench_series_add (&ours, run (pool, n_jobs, (guint64) n_steps));
      bench_series_add (&baseline, run (one, n_jobs, (guint64) n_steps));
    }
  bench_report_pair (name, "jobs/s", &ours, &baseline, target, BENCH_AT_LEAST);
}

void
bench_measure_pool (void)
{
  g_autoptr (MpelEventLoop) pool = bench_work_open (2);
  g_autoptr (MpelEventLoop) one = bench_work_open (1);
  double n_steps_per_ms = bench_work_calibrate ();

  compare (pool, one, "pool-of-2-10ms", bench_options.n_jobs, n_steps_per_ms * 10, 1.8);
  compare (pool, one, "pool-of-2-1ms", bench_options.n_jobs * 10, n_steps_per_ms, 0);
  mpel_event_loop_close (pool, NULL, NULL);
  mpel_event_loop_close (one, NULL, NULL);
}
