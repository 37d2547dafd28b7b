/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A steady flow of short jobs in a pool of two, with a long job among them and without. How long a
 * short one waits, from when it is added to when it begins; and whether one waits behind the long
 * one. They block their workers without computing: this is about who gets which job, and not about
 * how many processors are free. */

#include "config.h"
#include "bench-work.h"
#include "bench.h"

#define SHORT_US 5000
#define PERIOD_MS 10
#define MAX_ROUNDS 5

typedef struct
{
  MpelEventLoop *pool;
  gint64         end;    /* of the flow */
  GPtrArray     *events; /* (owned) of (owned) MpelEvent, in the order in which they were added */
  GArray        *added;  /* (owned) of gint64: when each was */
} Flow;

static gboolean
add_short_cb (gpointer user_data)
{
  Flow  *self = user_data;
  gint64 now = g_get_monotonic_time ();

  if (now >= self->end)
    return G_SOURCE_REMOVE;
  g_array_append_val (self->added, now);
  g_ptr_array_add (self->events, bench_work_add_nap (self->pool, SHORT_US));
  return G_SOURCE_CONTINUE;
}

/* What counts as behind the long one: overtaken by one that was added later, by a good part of what
 * the long one takes. */
static guint
count_overtaken (Flow *self)
{
  gint64 tolerance_us = bench_options.long_ms * 100;
  gint64 first_later = G_MAXINT64;
  guint  n = 0;

  for (guint i = self->events->len; i > 0; i--)
    {
      gint64 begin = bench_work_read (self->events->pdata[i - 1]).begin;

      if (begin > first_later && begin - first_later > tolerance_us)
        n++;
      first_later = MIN (first_later, begin);
    }
  return n;
}

static void
add_waits (Flow *self, BenchQuantiles *waits)
{
  g_autoptr (GArray) waits_ms = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < self->events->len; i++)
    {
      double wait_ms = (double) (bench_work_read (self->events->pdata[i]).begin - g_array_index (self->added, gint64, i)) / 1000;

      g_array_append_val (waits_ms, wait_ms);
    }
  bench_quantiles_add (waits, waits_ms);
}

/* Returns how many waited behind the long job. */
static guint
run (MpelEventLoop *pool, gboolean with_long, BenchQuantiles *waits)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (MpelEvent) long_job = NULL;
  Flow self = {
    .pool = pool,
    .end = g_get_monotonic_time () + bench_options.long_ms * 1000,
    .events = events,
    .added = added,
  };
  guint timer;

  if (with_long)
    long_job = bench_work_add_nap (pool, (guint64) bench_options.long_ms * 1000);
  timer = g_timeout_add (PERIOD_MS, add_short_cb, &self);
  while (g_get_monotonic_time () < self.end)
    g_main_context_iteration (NULL, TRUE);
  if (g_main_context_find_source_by_id (NULL, timer) != NULL)
    g_source_remove (timer);
  mpel_event_loop_wait (pool, NULL, NULL);

  add_waits (&self, waits);
  return count_overtaken (&self);
}

void
bench_measure_mixed (void)
{
  g_autoptr (MpelEventLoop) pool = bench_work_open (2);
  BenchQuantiles with_long = BENCH_QUANTILES_INIT, without = BENCH_QUANTILES_INIT;
  guint          n_behind = 0;

  for (int i = 0; i < MIN (bench_options.n_rounds, MAX_ROUNDS); i++)
    {
      n_behind += run (pool, TRUE, &with_long);
      run (pool, FALSE, &without);
    }
  bench_report_pair ("mixed-wait", "ms", &with_long.median, &without.median, 0, BENCH_AT_MOST);
  bench_report_pair ("mixed-wait-p99", "ms", &with_long.p99, &without.p99, 0, BENCH_AT_MOST);
  bench_report_bound ("mixed-behind-long", "jobs", n_behind, 0, BENCH_AT_MOST);
  mpel_event_loop_close (pool, NULL, NULL);
}
