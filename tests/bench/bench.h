/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "bench-report.h"
#include "mpel.h"

G_BEGIN_DECLS

/* How much of each is done; see --help. */
typedef struct
{
  int n_rounds;
  int n_events;
  int n_calls;
  int n_lone;
  int n_many;
  int n_cancels;
  int n_yields;
  int n_changes;
  int n_jobs;
  int long_ms;
  int endless_s;
} BenchOptions;

extern BenchOptions bench_options;

/* The worker's side: each subject adds the targets that it needs. */
void bench_baseline_add_targets (MpelWorker *worker);
void bench_cancel_add_targets (MpelWorker *worker);
void bench_stream_add_targets (MpelWorker *worker);
void bench_endless_add_targets (MpelWorker *worker);
void bench_objects_add_targets (MpelWorker *worker);
void bench_work_add_targets (MpelWorker *worker);

/* The host's side: each measures one subject with workers of its own, and reports. */
void bench_measure_throughput (void);
void bench_measure_lone (void);
void bench_measure_memory (void);
void bench_measure_cancel (void);
void bench_measure_stream (void);
void bench_measure_endless (void);
void bench_measure_pool (void);
void bench_measure_mixed (void);
void bench_measure_executor (void);
void bench_measure_python (void);
void bench_measure_changes (void);
void bench_measure_methods (void);

G_END_DECLS
