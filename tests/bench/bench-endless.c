/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an endless generator does to the memory of both processes when its consumer is slow. */

#include "config.h"
#include "bench.h"

#define BYTES 1000
#define PERIOD_MS 10
#define GROWTH_MB 10

/* ---- worker ---- */

static GVariant *
fill_next (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  gsize     size = GPOINTER_TO_SIZE (user_data);
  GBytes   *bytes = g_bytes_new_take (g_malloc0 (size), size);
  GVariant *value = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);

  g_bytes_unref (bytes);
  return value;
}

/* Yields blocks of so many bytes, for ever. */
static void
flood (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  guint size;

  if (!mpel_invocation_check_args (invocation, "(u)", &error))
    {
      mpel_invocation_return_gerror (invocation, error);
      return;
    }
  g_variant_get (mpel_invocation_get_args (invocation), "(u)", &size);
  mpel_invocation_set_generator (invocation, fill_next, GSIZE_TO_POINTER (size), NULL);
}

void
bench_endless_add_targets (MpelWorker *worker)
{
  mpel_worker_add_handler (worker, "flood", flood, NULL, NULL);
}

/* ---- host ---- */

typedef struct
{
  MpelEvent *event;   /* (owned) */
  gboolean   is_busy; /* with the last one */
  gint64     n_taken;
} SlowConsumer;

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SlowConsumer *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = mpel_event_next_finish (MPEL_EVENT (source), result, &error);

  self->is_busy = FALSE;
  if (value != NULL)
    self->n_taken++;
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error ("%s", error != NULL ? error->message : "The generator has ended");
}

static gboolean
take_one_cb (gpointer user_data)
{
  SlowConsumer *self = user_data;

  if (!self->is_busy)
    mpel_event_next_async (self->event, NULL, taken_cb, self);
  self->is_busy = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
set_cb (gpointer user_data)
{
  gboolean *is_over = user_data;

  *is_over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
iterate_for (guint ms)
{
  gboolean is_over = FALSE;

  g_timeout_add (ms, set_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

/* Of both processes, from after the first second on. */
static void
watch_growth (int worker, double *host_growth, double *worker_growth)
{
  double host_mb, worker_mb;

  iterate_for (1000);
  host_mb = bench_get_memory_mb (0);
  worker_mb = bench_get_memory_mb (worker);
  *host_growth = *worker_growth = 0;
  for (int i = 1; i < bench_options.endless_s; i++)
    {
      iterate_for (1000);
      *host_growth = MAX (*host_growth, bench_get_memory_mb (0) - host_mb);
      *worker_growth = MAX (*worker_growth, bench_get_memory_mb (worker) - worker_mb);
    }
}

void
bench_measure_endless (void)
{
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_autoptr (GError) error = NULL;
  SlowConsumer consumer = { 0 };
  guint        timer;
  double       host_growth, worker_growth;

  consumer.event = mpel_event_loop_add_stream (loop, "flood", g_variant_new ("(u)", BYTES), NULL, &error);
  if (consumer.event == NULL)
    g_error ("%s", error->message);
  timer = g_timeout_add (PERIOD_MS, take_one_cb, &consumer);
  while (consumer.n_taken == 0)
    g_main_context_iteration (NULL, TRUE);

  watch_growth (mpel_event_loop_get_worker_pid (loop), &host_growth, &worker_growth);
  bench_report_bound ("endless-host-growth", "MB", host_growth, GROWTH_MB, BENCH_AT_MOST);
  bench_report_bound ("endless-worker-growth", "MB", worker_growth, GROWTH_MB, BENCH_AT_MOST);
  bench_report ("endless-taken", "values", consumer.n_taken);

  g_source_remove (timer);
  mpel_event_cancel (consumer.event);
  mpel_event_loop_close (loop, NULL, NULL);
  g_clear_object (&consumer.event);
}
