/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The host's side of both designs, as a run of so many increments. */

#include "config.h"
#include "bench-events.h"

#include "bench.h"
#include "mpel-event-loop-private.h"

static void
check_value (BenchEvents *self, gint64 value)
{
  if (value != self->n_done + 1)
    g_error ("Result %" G_GINT64_FORMAT " came in place %" G_GINT64_FORMAT, value, self->n_done);
  self->n_done++;
}

static gboolean
has_room (BenchEvents *self)
{
  return self->n_started < self->n_wanted && self->n_started - self->n_done < self->max_pending;
}

/* What g_variant_new ("(x)", …) makes, without reading a format string each time. */
static GVariant *
make_args (gint64 value)
{
  GVariant *child = g_variant_new_int64 (value);

  return g_variant_new_tuple (&child, 1);
}

/* Returns: (transfer full) (nullable) */
static MpelEvent *
add_event (BenchEvents *self, GError **error)
{
  GVariant *args = make_args (self->n_started++);

  if (self->way == BENCH_BY_METHOD)
    return mpel_proxy_call (self->proxy, "increment", args, NULL, error);
  return mpel_event_loop_add_call (self->loop, "increment", args, NULL, error);
}

static void
add_events (BenchEvents *self)
{
  while (has_room (self))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MpelEvent) event = add_event (self, &error);

      if (event == NULL)
        g_error ("%s", error->message);
    }
}

static gboolean
event_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  BenchEvents *self = user_data;

  if (mpel_event_get_error (event) != NULL)
    g_error ("%s", mpel_event_get_error (event)->message);
  if (!g_str_equal (mpel_event_get_target (event), "increment"))
    return TRUE;
  check_value (self, g_variant_get_int64 (mpel_event_get_results (event)));
  add_events (self);
  return TRUE;
}

static void start_calls (BenchEvents *self);
static void start_bare_calls (BenchEvents *self);

static GVariant *
finish_call (GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    g_error ("%s", error->message);
  return reply;
}

static void
call_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) reply = finish_call (source, result);
  g_autoptr (GVariant) value = NULL;

  g_variant_get (reply, "(v)", &value);
  check_value (user_data, g_variant_get_int64 (value));
  start_calls (user_data);
}

static void
bare_call_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) reply = finish_call (source, result);
  gint64 value;

  g_variant_get (reply, "(x)", &value);
  check_value (user_data, value);
  start_bare_calls (user_data);
}

static void
call_baseline (BenchEvents *self, const char *method, GVariant *parameters, const char *reply_type, GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->connection,
                          NULL,
                          BENCH_BASELINE_PATH,
                          BENCH_BASELINE_INTERFACE,
                          method,
                          parameters,
                          G_VARIANT_TYPE (reply_type),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          G_MAXINT,
                          NULL,
                          callback,
                          self);
}

static void
start_calls (BenchEvents *self)
{
  while (has_room (self))
    {
      GVariant *value = g_variant_new_variant (g_variant_new_int64 (self->n_started++));

      call_baseline (self,
                     "Call",
                     g_variant_new ("(s@av@a{sv})",
                                    "increment",
                                    g_variant_new_array (G_VARIANT_TYPE_VARIANT, &value, 1),
                                    g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)),
                     "(v)",
                     call_done_cb);
    }
}

static void
start_bare_calls (BenchEvents *self)
{
  while (has_room (self))
    call_baseline (self, "Increment", make_args (self->n_started++), "(x)", bare_call_done_cb);
}

static void
start (BenchEvents *self)
{
  switch (self->way)
    {
    case BENCH_BY_CALL:
      start_calls (self);
      break;
    case BENCH_BY_BARE_CALL:
      start_bare_calls (self);
      break;
    case BENCH_BY_EVENT:
    case BENCH_BY_METHOD:
    default:
      add_events (self);
    }
}

double
bench_events_run (BenchEvents *self, BenchWay way, gint64 n, gint64 max_pending)
{
  gint64 begin = g_get_monotonic_time ();

  self->way = way;
  self->n_wanted = n;
  self->n_started = self->n_done = 0;
  self->max_pending = max_pending;
  start (self);
  while (self->n_done < n)
    g_main_context_iteration (NULL, TRUE);
  return (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC;
}

/* The first ones are slower, and not measured. */
void
bench_events_open (BenchEvents *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_new ("export-baseline", NULL, NULL);

  self->loop = mpel_event_loop_new ();
  g_signal_connect (self->loop, "event-done", G_CALLBACK (event_done_cb), self);
  mpel_event_set_event_key (event, "prepare");
  if (!mpel_event_loop_run_until_complete (self->loop, &event, 1, NULL, &error))
    g_error ("%s", error->message);

  self->connection = mpel_event_loop_get_connection (self->loop);
  bench_events_run (self, BENCH_BY_EVENT, bench_options.n_events / 4, BENCH_MAX_PENDING);
  bench_events_run (self, BENCH_BY_CALL, bench_options.n_calls / 4, BENCH_MAX_CALLS);
}

void
bench_events_close (BenchEvents *self)
{
  mpel_event_loop_close (self->loop, NULL, NULL);
  g_clear_object (&self->loop);
}
