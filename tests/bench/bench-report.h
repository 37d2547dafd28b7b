/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Figures of a benchmark: each is printed as a JSON line at once, and all as a table at the end. */
#define BENCH_MAX_ROUNDS 100

typedef struct
{
  double values[BENCH_MAX_ROUNDS];
  guint  n;
} BenchSeries;

#define BENCH_SERIES_INIT \
  {                       \
    { 0 }, 0              \
  }

typedef enum
{
  BENCH_AT_LEAST,
  BENCH_AT_MOST,
} BenchSense;

void bench_series_add (BenchSeries *self,
                       double       value);

/* Of rounds that consist of many measurements. */
typedef struct
{
  BenchSeries median;
  BenchSeries p99;
} BenchQuantiles;

#define BENCH_QUANTILES_INIT             \
  {                                      \
    BENCH_SERIES_INIT, BENCH_SERIES_INIT \
  }

/* @round: of double; is sorted. */
void bench_quantiles_add (BenchQuantiles *self,
                          GArray         *round);

void bench_report (const char *name,
                   const char *unit,
                   double      value);
void bench_report_bound (const char *name,
                         const char *unit,
                         double      value,
                         double      target,
                         BenchSense  sense);
/* The ratio is taken round by round, ours to the baseline's, and its median is compared.
 * A target of 0 means that there is none. */
void bench_report_pair (const char        *name,
                        const char        *unit,
                        const BenchSeries *ours,
                        const BenchSeries *baseline,
                        double             target_ratio,
                        BenchSense         sense);
void bench_print_table (void);

/* Of process @pid, 0 for this one. */
double bench_get_memory_mb (int pid);
double bench_get_peak_mb (int pid);
void   bench_reset_peak (int pid);

G_END_DECLS
