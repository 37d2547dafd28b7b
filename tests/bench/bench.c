/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an event costs, against one plain GDBus method call per event between the same two
 * processes over the same connection. The two take turns in one run, so that a machine that
 * changes its speed changes both; what counts is the ratio. Prints JSON lines, then a table. */

#include "config.h"
#include "bench-report.h"
#include "mpel-event-loop-private.h"
#include "mpel-worker-private.h"
#include "mpel.h"

#include <stdlib.h>

#define BASELINE_PATH "/org/mpel/Bench"
#define BASELINE_INTERFACE "org.mpel.Bench"

/* How many the host keeps under way: more than either design needs. */
#define MAX_PENDING 4000
#define MAX_CALLS 1000

static int n_rounds = 7;
static int n_events = 200000;
static int n_calls = 15000;
static int n_lone = 3000;
static int n_many = 1000000;

static const GOptionEntry options[] = {
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &n_rounds, "Rounds of each measurement", "N" },
  { "events", 'n', 0, G_OPTION_ARG_INT, &n_events, "Events in a round", "N" },
  { "calls", 'c', 0, G_OPTION_ARG_INT, &n_calls, "Baseline calls in a round", "N" },
  { "lone", 'l', 0, G_OPTION_ARG_INT, &n_lone, "Lone round trips in a round", "N" },
  { "many", 'm', 0, G_OPTION_ARG_INT, &n_many, "Events of the memory measurement", "N" },
  G_OPTION_ENTRY_NULL,
};

/* ---- worker ---- */

static GVariant *
increment (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  gint64 value;

  if (!mpel_invocation_check_args (invocation, "(x)", error))
    return NULL;
  g_variant_get (args, "(x)", &value);
  return g_variant_new_int64 (value + 1);
}

/* What a service written by hand would do: look the target up, unpack, answer. */
static void
baseline_call (GDBusMethodInvocation *call, GVariant *parameters, GHashTable *targets)
{
  const char *target;
  g_autoptr (GVariant) args = NULL;
  g_autoptr (GVariant) kwargs = NULL;
  g_autoptr (GVariant) value = NULL;

  g_variant_get (parameters, "(&s@av@a{sv})", &target, &args, &kwargs);
  if (!g_hash_table_contains (targets, target))
    g_error ("No target %s", target);
  g_variant_get_child (args, 0, "v", &value);
  g_dbus_method_invocation_return_value (call, g_variant_new ("(v)", g_variant_new_int64 (g_variant_get_int64 (value) + 1)));
}

static void
baseline_increment (GDBusMethodInvocation *call, GVariant *parameters)
{
  gint64 value;

  g_variant_get (parameters, "(x)", &value);
  g_dbus_method_invocation_return_value (call, g_variant_new ("(x)", value + 1));
}

static void
baseline_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method, GVariant *parameters, GDBusMethodInvocation *call, gpointer user_data)
{
  if (g_str_equal (method, "Call"))
    baseline_call (call, parameters, user_data);
  else
    baseline_increment (call, parameters);
}

static GVariant *
export_baseline (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  static const char                 xml[] = "<node><interface name='" BASELINE_INTERFACE "'>"
                                            "<method name='Call'><arg type='s' direction='in'/><arg type='av' direction='in'/>"
                                            "<arg type='a{sv}' direction='in'/><arg type='v' direction='out'/></method>"
                                            "<method name='Increment'><arg type='x' direction='in'/><arg type='x' direction='out'/></method>"
                                            "</interface></node>";
  static const GDBusInterfaceVTable vtable = { baseline_cb, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, error);
  GHashTable *targets = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_add (targets, (gpointer) "increment");
  if (node == NULL ||
      g_dbus_connection_register_object (mpel_worker_get_connection (user_data),
                                         BASELINE_PATH,
                                         node->interfaces[0],
                                         &vtable,
                                         targets,
                                         (GDestroyNotify) g_hash_table_unref,
                                         error) == 0)
    return NULL;
  return g_variant_new ("()");
}

static int
run_worker (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "increment", increment, NULL, NULL);
  mpel_worker_add_function (worker, "export-baseline", export_baseline, worker, NULL);
  return mpel_worker_run (worker);
}

/* ---- host: both designs as a run of so many increments ---- */

typedef struct
{
  MpelEventLoop   *loop;
  GDBusConnection *connection;
  gint64           n_wanted;
  gint64           n_started;
  gint64           n_done;
  gint64           max_pending;
} Bench;

static void
check_value (Bench *self, gint64 value)
{
  if (value != self->n_done + 1)
    g_error ("Result %" G_GINT64_FORMAT " came in place %" G_GINT64_FORMAT, value, self->n_done);
  self->n_done++;
}

static gboolean
has_room (Bench *self)
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

static void
add_events (Bench *self)
{
  while (has_room (self))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MpelEvent) event = mpel_event_loop_add_call (self->loop, "increment", make_args (self->n_started++), NULL, &error);

      if (event == NULL)
        g_error ("%s", error->message);
    }
}

static gboolean
event_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  Bench *self = user_data;

  if (mpel_event_get_error (event) != NULL)
    g_error ("%s", mpel_event_get_error (event)->message);
  if (mpel_event_get_event_key (event) != NULL)
    return TRUE;
  check_value (self, g_variant_get_int64 (mpel_event_get_results (event)));
  add_events (self);
  return TRUE;
}

static void start_calls (Bench *self);
static void start_increments (Bench *self);

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
increment_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) reply = finish_call (source, result);
  gint64 value;

  g_variant_get (reply, "(x)", &value);
  check_value (user_data, value);
  start_increments (user_data);
}

static void
call_baseline (Bench *self, const char *method, GVariant *parameters, const char *reply_type, GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->connection,
                          NULL,
                          BASELINE_PATH,
                          BASELINE_INTERFACE,
                          method,
                          parameters,
                          G_VARIANT_TYPE (reply_type),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          G_MAXINT,
                          NULL,
                          callback,
                          self);
}

/* The baseline: a call that says what an event says. */
static void
start_calls (Bench *self)
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

/* For comparison only: a method made for this one purpose, with nothing but the number. */
static void
start_increments (Bench *self)
{
  while (has_room (self))
    call_baseline (self, "Increment", make_args (self->n_started++), "(x)", increment_done_cb);
}

/* Returns the seconds that @n increments took. */
static double
run (Bench *self, void (*start) (Bench *self), gint64 n, gint64 max_pending)
{
  gint64 begin = g_get_monotonic_time ();

  self->n_wanted = n;
  self->n_started = self->n_done = 0;
  self->max_pending = max_pending;
  start (self);
  while (self->n_done < n)
    g_main_context_iteration (NULL, TRUE);
  return (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC;
}

static void
measure_throughput (Bench *self)
{
  BenchSeries events = BENCH_SERIES_INIT, calls = BENCH_SERIES_INIT, increments = BENCH_SERIES_INIT;

  for (int i = 0; i < n_rounds; i++)
    {
      bench_series_add (&events, n_events / run (self, add_events, n_events, MAX_PENDING));
      bench_series_add (&calls, n_calls / run (self, start_calls, n_calls, MAX_CALLS));
      bench_series_add (&increments, n_calls / run (self, start_increments, n_calls, MAX_CALLS));
    }
  bench_report_pair ("throughput", "events/s", &events, &calls, 20, BENCH_AT_LEAST);
  bench_report_pair ("throughput-bare-call", "events/s", &events, &increments, 0, BENCH_AT_LEAST);
}

static void
measure_lone (Bench *self)
{
  BenchSeries events = BENCH_SERIES_INIT, calls = BENCH_SERIES_INIT;

  for (int i = 0; i < n_rounds; i++)
    {
      bench_series_add (&events, 1e6 * run (self, add_events, n_lone, 1) / n_lone);
      bench_series_add (&calls, 1e6 * run (self, start_calls, n_lone, 1) / n_lone);
    }
  bench_report_pair ("lone-round-trip", "us", &events, &calls, 1.1, BENCH_AT_MOST);
}

static void
measure_peaks (Bench *self)
{
  int worker = mpel_event_loop_get_worker_pid (self->loop);

  bench_reset_peak (0);
  bench_reset_peak (worker);
  run (self, start_calls, n_calls, MAX_CALLS);
  bench_report ("peak-host-calls", "MB", bench_get_peak_mb (0));
  bench_report ("peak-worker-calls", "MB", bench_get_peak_mb (worker));

  bench_reset_peak (0);
  bench_reset_peak (worker);
  run (self, add_events, n_events, MAX_PENDING);
  bench_report ("peak-host-events", "MB", bench_get_peak_mb (0));
  bench_report ("peak-worker-events", "MB", bench_get_peak_mb (worker));
}

static void
measure_growth (Bench *self)
{
  double few, many;

  run (self, add_events, n_many / 10, MAX_PENDING);
  few = bench_get_memory_mb (0);
  run (self, add_events, n_many, MAX_PENDING);
  many = bench_get_memory_mb (0);
  bench_report_bound ("host-growth", "MB", many - few, 5, BENCH_AT_MOST);
}

static void
prepare (Bench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_new ("export-baseline", NULL, NULL);

  self->loop = mpel_event_loop_new ();
  g_signal_connect (self->loop, "event-done", G_CALLBACK (event_done_cb), self);
  mpel_event_set_event_key (event, "prepare");
  if (!mpel_event_loop_run_until_complete (self->loop, &event, 1, NULL, &error))
    g_error ("%s", error->message);

  self->connection = mpel_event_loop_get_connection (self->loop);
  run (self, add_events, n_events / 4, MAX_PENDING);
  run (self, start_calls, n_calls / 4, MAX_CALLS);
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();
  g_autoptr (GOptionContext) context = g_option_context_new ("— what an event costs");
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  if (worker != NULL)
    return run_worker (worker);

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  prepare (&bench);
  measure_throughput (&bench);
  measure_lone (&bench);
  measure_peaks (&bench);
  measure_growth (&bench);

  mpel_event_loop_close (bench.loop, NULL, NULL);
  g_clear_object (&bench.loop);
  bench_print_table ();
  return EXIT_SUCCESS;
}
