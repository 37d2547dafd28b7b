/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an event costs, against one plain GDBus method call per event between the same two
 * processes over the same connection. */

#include "config.h"
#include "bench-events.h"
#include "bench.h"

void
bench_measure_throughput (void)
{
  BenchEvents self = { 0 };
  BenchSeries events = BENCH_SERIES_INIT, calls = BENCH_SERIES_INIT, bare_calls = BENCH_SERIES_INIT;
  int         n_events = bench_options.n_events, n_calls = bench_options.n_calls;

  bench_events_open (&self);
  for (int i = 0; i < bench_options.n_rounds; i++)
    {
      bench_series_add (&events, n_events / bench_events_run (&self, BENCH_BY_EVENT, n_events, BENCH_MAX_PENDING));
      bench_series_add (&calls, n_calls / bench_events_run (&self, BENCH_BY_CALL, n_calls, BENCH_MAX_CALLS));
      bench_series_add (&bare_calls, n_calls / bench_events_run (&self, BENCH_BY_BARE_CALL, n_calls, BENCH_MAX_CALLS));
    }
  bench_report_pair ("throughput", "events/s", &events, &calls, 20, BENCH_AT_LEAST);
  bench_report_pair ("throughput-bare-call", "events/s", &events, &bare_calls, 0, BENCH_AT_LEAST);
  bench_events_close (&self);
}

void
bench_measure_lone (void)
{
  BenchEvents self = { 0 };
  BenchSeries events = BENCH_SERIES_INIT, calls = BENCH_SERIES_INIT;
  int         n = bench_options.n_lone;

  bench_events_open (&self);
  for (int i = 0; i < bench_options.n_rounds; i++)
    {
      bench_series_add (&events, 1e6 * bench_events_run (&self, BENCH_BY_EVENT, n, 1) / n);
      bench_series_add (&calls, 1e6 * bench_events_run (&self, BENCH_BY_CALL, n, 1) / n);
    }
  bench_report_pair ("lone-round-trip", "us", &events, &calls, 1.1, BENCH_AT_MOST);
  bench_events_close (&self);
}

static void
report_peaks (BenchEvents *self)
{
  int worker = mpel_event_loop_get_worker_pid (self->loop);

  bench_reset_peak (0);
  bench_reset_peak (worker);
  bench_events_run (self, BENCH_BY_CALL, bench_options.n_calls, BENCH_MAX_CALLS);
  bench_report ("peak-host-calls", "MB", bench_get_peak_mb (0));
  bench_report ("peak-worker-calls", "MB", bench_get_peak_mb (worker));

  bench_reset_peak (0);
  bench_reset_peak (worker);
  bench_events_run (self, BENCH_BY_EVENT, bench_options.n_events, BENCH_MAX_PENDING);
  bench_report ("peak-host-events", "MB", bench_get_peak_mb (0));
  bench_report ("peak-worker-events", "MB", bench_get_peak_mb (worker));
}

static void
report_growth (BenchEvents *self)
{
  double few, many;

  bench_events_run (self, BENCH_BY_EVENT, bench_options.n_many / 10, BENCH_MAX_PENDING);
  few = bench_get_memory_mb (0);
  bench_events_run (self, BENCH_BY_EVENT, bench_options.n_many, BENCH_MAX_PENDING);
  many = bench_get_memory_mb (0);
  bench_report_bound ("host-growth", "MB", many - few, 5, BENCH_AT_MOST);
}

void
bench_measure_memory (void)
{
  BenchEvents self = { 0 };

  bench_events_open (&self);
  report_peaks (&self);
  report_growth (&self);
  bench_events_close (&self);
}
