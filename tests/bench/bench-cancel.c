/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How soon a function that computes learns that its event was cancelled, against a bare message
 * over the same connection that sets a flag from GDBus's thread. Both processes read one clock. */

#include "config.h"
#include "bench.h"

#include "mpel-event-loop-private.h"
#include "mpel-worker-private.h"

#define FLAG_INTERFACE "org.mpel.Bench.Flag"

/* ---- worker ---- */

static int flag; /* atomic */

static GDBusMessage *
flag_filter_cb (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  if (!incoming || g_strcmp0 (g_dbus_message_get_interface (message), FLAG_INTERFACE) != 0)
    return message;
  g_atomic_int_set (&flag, TRUE);
  g_object_unref (message);
  return NULL;
}

static GVariant *
watch_flag (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_dbus_connection_add_filter (mpel_worker_get_connection (user_data), flag_filter_cb, NULL, NULL);
  return g_variant_new ("()");
}

/* That it yields tells the host that it has begun. */
static GVariant *
spin_until_flag (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_atomic_int_set (&flag, FALSE);
  if (!mpel_invocation_yield_value (invocation, g_variant_new ("()"), error))
    return NULL;
  while (!g_atomic_int_get (&flag))
    ;
  return g_variant_new_int64 (g_get_monotonic_time ());
}

static GVariant *
spin_until_cancelled (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GCancellable *cancellable = mpel_invocation_get_cancellable (invocation);

  if (!mpel_invocation_yield_value (invocation, g_variant_new ("()"), error))
    return NULL;
  while (!g_cancellable_is_cancelled (cancellable))
    ;
  return g_variant_new_int64 (g_get_monotonic_time ());
}

void
bench_cancel_add_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "watch-flag", watch_flag, worker, NULL);
  mpel_worker_add_function (worker, "spin-until-flag", spin_until_flag, NULL, NULL);
  mpel_worker_add_function (worker, "spin-until-cancelled", spin_until_cancelled, NULL, NULL);
}

/* ---- host ---- */

static void
yield_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  gboolean *has_begun = user_data;

  *has_begun = TRUE;
}

static void
set_flag (MpelEventLoop *loop)
{
  g_autoptr (GDBusMessage) message = g_dbus_message_new_method_call (NULL, "/org/mpel/Bench", FLAG_INTERFACE, "Set");
  g_autoptr (GError) error = NULL;

  g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  if (!g_dbus_connection_send_message (mpel_event_loop_get_connection (loop), message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, &error))
    g_error ("%s", error->message);
}

static MpelEvent *
add (MpelEventLoop *loop, const char *target)
{
  g_autoptr (GError) error = NULL;
  MpelEvent *event = mpel_event_loop_add_call (loop, target, NULL, NULL, &error);

  if (event == NULL)
    g_error ("%s", error->message);
  return event;
}

static void
wait_for_end (MpelEvent *event)
{
  while (!mpel_event_is_ended (event))
    g_main_context_iteration (NULL, TRUE);
  if (mpel_event_get_error (event) != NULL)
    g_error ("%s", mpel_event_get_error (event)->message);
}

/* Adds to @latencies how many microseconds the word took that makes @target end. */
static void
measure (MpelEventLoop *loop, gboolean *has_begun, gboolean by_cancel, GArray *latencies)
{
  g_autoptr (MpelEvent) event = add (loop, by_cancel ? "spin-until-cancelled" : "spin-until-flag");
  gint64 sent;
  double latency;

  *has_begun = FALSE;
  while (!*has_begun)
    g_main_context_iteration (NULL, TRUE);

  sent = g_get_monotonic_time ();
  if (by_cancel)
    mpel_event_cancel (event);
  else
    set_flag (loop);
  wait_for_end (event);
  latency = (double) (g_variant_get_int64 (mpel_event_get_results (event)) - sent);
  g_array_append_val (latencies, latency);
}

void
bench_measure_cancel (void)
{
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_autoptr (MpelEvent) prepare = add (loop, "watch-flag");
  BenchQuantiles cancels = BENCH_QUANTILES_INIT, flags = BENCH_QUANTILES_INIT;
  gboolean       has_begun = FALSE;

  g_signal_connect (loop, "event-yield", G_CALLBACK (yield_cb), &has_begun);
  wait_for_end (prepare);
  for (int i = 0; i < bench_options.n_rounds; i++)
    {
      g_autoptr (GArray) by_cancel = g_array_new (FALSE, FALSE, sizeof (double));
      g_autoptr (GArray) by_flag = g_array_new (FALSE, FALSE, sizeof (double));

      for (int n = 0; n < bench_options.n_cancels; n++)
        {
          measure (loop, &has_begun, TRUE, by_cancel);
          measure (loop, &has_begun, FALSE, by_flag);
        }
      bench_quantiles_add (&cancels, by_cancel);
      bench_quantiles_add (&flags, by_flag);
    }
  bench_report_pair ("cancel-latency", "us", &cancels.median, &flags.median, 0, BENCH_AT_MOST);
  bench_report_pair ("cancel-latency-p99", "us", &cancels.p99, &flags.p99, 0, BENCH_AT_MOST);
  mpel_event_loop_close (loop, NULL, NULL);
}
