/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values that one event yields, against as many events: told as they come, or asked for. */

#include "config.h"
#include "bench-events.h"
#include "bench.h"

/* ---- worker ---- */

typedef struct
{
  gint64 next;
  gint64 end;
} Counter;

static GVariant *
count_next (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  Counter *counter = user_data;

  return counter->next < counter->end ? g_variant_new_int64 (counter->next++) : NULL;
}

/* Yields the numbers from 0 on, as many as it is asked for. */
static void
count (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Counter *counter;

  if (!mpel_invocation_check_args (invocation, "(x)", &error))
    {
      mpel_invocation_return_gerror (invocation, error);
      return;
    }
  counter = g_new0 (Counter, 1);
  g_variant_get (mpel_invocation_get_args (invocation), "(x)", &counter->end);
  mpel_invocation_set_generator (invocation, count_next, counter, g_free);
}

void
bench_stream_add_targets (MpelWorker *worker)
{
  mpel_worker_add_handler (worker, "count", count, NULL, NULL);
}

/* ---- host ---- */

typedef struct
{
  gint64   n_values;
  gboolean is_over;
} Consumer;

static void
take_value (Consumer *self, GVariant *value)
{
  if (g_variant_get_int64 (value) != self->n_values)
    g_error ("Value %" G_GINT64_FORMAT " came in place %" G_GINT64_FORMAT, g_variant_get_int64 (value), self->n_values);
  self->n_values++;
}

static void
yield_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  take_value (user_data, value);
}

static void
next_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Consumer *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = mpel_event_next_finish (MPEL_EVENT (source), result, &error);

  if (error != NULL)
    g_error ("%s", error->message);
  self->is_over = value == NULL;
  if (self->is_over)
    return;
  take_value (self, value);
  mpel_event_next_async (MPEL_EVENT (source), NULL, next_cb, self);
}

/* Returns how many values per second came. */
static double
run_stream (MpelEventLoop *loop, Consumer *consumer, gint64 n, gboolean pull)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_new ("count", g_variant_new ("(x)", n), NULL);
  gint64 begin = g_get_monotonic_time ();

  *consumer = (Consumer){ 0 };
  mpel_event_set_event_key (event, "count");
  mpel_event_set_pull (event, pull);
  if (!mpel_event_loop_add_event (loop, event, &error))
    g_error ("%s", error->message);
  if (pull)
    mpel_event_next_async (event, NULL, next_cb, consumer);

  while (pull ? !consumer->is_over : !mpel_event_is_ended (event))
    g_main_context_iteration (NULL, TRUE);
  if (consumer->n_values != n)
    g_error ("%" G_GINT64_FORMAT " values came in place of %" G_GINT64_FORMAT, consumer->n_values, n);
  return (double) n * G_USEC_PER_SEC / (double) (g_get_monotonic_time () - begin);
}

void
bench_measure_stream (void)
{
  BenchEvents events = { 0 };
  Consumer    consumer = { 0 };
  BenchSeries plain = BENCH_SERIES_INIT, told = BENCH_SERIES_INIT, pulled = BENCH_SERIES_INIT;
  int         n = bench_options.n_yields;

  bench_events_open (&events);
  g_signal_connect (events.loop, "event-yield", G_CALLBACK (yield_cb), &consumer);
  for (int i = 0; i < bench_options.n_rounds; i++)
    {
      bench_series_add (&plain, n / bench_events_run (&events, BENCH_BY_EVENT, n, BENCH_MAX_PENDING));
      bench_series_add (&told, run_stream (events.loop, &consumer, n, FALSE));
      bench_series_add (&pulled, run_stream (events.loop, &consumer, n, TRUE));
    }
  bench_report_pair ("stream-yields", "values/s", &told, &plain, 0, BENCH_AT_LEAST);
  bench_report_pair ("stream-pulled", "values/s", &pulled, &plain, 0, BENCH_AT_LEAST);
  bench_events_close (&events);
}
