/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a proxy costs: changes of a property from the worker to the notification, against a GDBusProxy
 * that is told of such an object by PropertiesChanged, between the same two
 * processes; and calls of a
 * method, against plain events. */

#include "config.h"
#include "bench-events.h"
#include "bench.h"
#include "mpel-event-loop-private.h"
#include "mpel-worker-private.h"

#define COUNTER_PATH "/org/mpel/Bench/Counter"
#define COUNTER_INTERFACE "org.mpel.Bench.Counter"

/* So many changes are asked for at once, and so often ahead: fewer than the library merges. */
#define CHANGES_AT_ONCE 500
#define CHUNKS_AHEAD 4

/* ---- worker ---- */

#define BENCH_TYPE_COUNTER (bench_counter_get_type ())
G_DECLARE_FINAL_TYPE (BenchCounter, bench_counter, BENCH, COUNTER, GObject)

struct _BenchCounter
{
  GObject parent_instance;

  gint64 value;
};

G_DEFINE_FINAL_TYPE (BenchCounter, bench_counter, G_TYPE_OBJECT)

static GParamSpec *counter_value;

static void
bench_counter_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int64 (value, BENCH_COUNTER (object)->value);
}

static void
set_value (BenchCounter *self, gint64 value)
{
  if (self->value == value)
    return;
  self->value = value;
  g_object_notify_by_pspec (G_OBJECT (self), counter_value);
}

static void
bench_counter_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  set_value (BENCH_COUNTER (object), g_value_get_int64 (value));
}

static void
bench_counter_class_init (BenchCounterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bench_counter_get_property;
  object_class->set_property = bench_counter_set_property;
  counter_value = g_param_spec_int64 ("value",
                                      NULL,
                                      NULL,
                                      G_MININT64,
                                      G_MAXINT64,
                                      0,
                                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, 1, counter_value);
}

static void
bench_counter_init (BenchCounter *self)
{
}

static GVariant *
count_up (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  BenchCounter *self = BENCH_COUNTER (object);
  gint64        n;

  if (!mpel_invocation_check_args (invocation, "(x)", error))
    return NULL;
  g_variant_get (args, "(x)", &n);
  for (; n > 0; n--)
    set_value (self, self->value + 1);
  return g_variant_new ("()");
}

static GVariant *
increment (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  gint64 value;

  if (!mpel_invocation_check_args (invocation, "(x)", error))
    return NULL;
  g_variant_get (args, "(x)", &value);
  return g_variant_new_int64 (value + 1);
}

/* The same object as a service on the bus: each change is told at once. */
static void
tell_bus_cb (BenchCounter *self, GParamSpec *pspec, GDBusConnection *connection)
{
  GVariantBuilder changed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&changed, "{sv}", "Value", g_variant_new_int64 (self->value));
  g_dbus_connection_emit_signal (connection,
                                 NULL,
                                 COUNTER_PATH,
                                 "org.freedesktop.DBus.Properties",
                                 "PropertiesChanged",
                                 g_variant_new ("(sa{sv}as)", COUNTER_INTERFACE, &changed, NULL),
                                 NULL);
}

static void
bus_call_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method, GVariant *parameters, GDBusMethodInvocation *call, gpointer user_data)
{
  BenchCounter *self = user_data;
  gint64        n;

  g_variant_get (parameters, "(x)", &n);
  for (; n > 0; n--)
    set_value (self, self->value + 1);
  g_dbus_method_invocation_return_value (call, NULL);
}

static GVariant *
bus_get_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *property, GError **error, gpointer user_data)
{
  return g_variant_new_int64 (BENCH_COUNTER (user_data)->value);
}

static gboolean
new_connection_cb (GDBusServer *server, GDBusConnection *connection, gpointer user_data)
{
  static const char                 xml[] = "<node><interface name='" COUNTER_INTERFACE "'>"
                                            "<method name='CountUp'><arg type='x' direction='in'/></method>"
                                            "<property name='Value' type='x' access='read'/>"
                                            "</interface></node>";
  static const GDBusInterfaceVTable vtable = { bus_call_cb, bus_get_cb, NULL, { NULL } };
  BenchCounter                     *counter = g_object_new (BENCH_TYPE_COUNTER, NULL);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);

  g_signal_connect (counter, "notify::value", G_CALLBACK (tell_bus_cb), connection);
  g_object_ref (connection);
  return g_dbus_connection_register_object (connection, COUNTER_PATH, node->interfaces[0], &vtable, counter, g_object_unref, NULL) != 0;
}

/* Over a connection of its own: the host's end of the other one takes no signals. */
static GVariant *
export_counter (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autofree char *guid = g_dbus_generate_guid ();
  GDBusServer     *server = g_dbus_server_new_sync ("unix:tmpdir=/tmp", G_DBUS_SERVER_FLAGS_NONE, guid, NULL, NULL, error);

  if (server == NULL)
    return NULL;
  g_signal_connect (server, "new-connection", G_CALLBACK (new_connection_cb), NULL);
  g_dbus_server_start (server);
  return g_variant_new_string (g_dbus_server_get_client_address (server));
}

void
bench_objects_add_targets (MpelWorker *worker)
{
  mpel_worker_add_class (worker, BENCH_TYPE_COUNTER, NULL);
  mpel_worker_add_method (worker, BENCH_TYPE_COUNTER, "count-up", count_up, NULL, NULL);
  mpel_worker_add_method (worker, BENCH_TYPE_COUNTER, "increment", increment, NULL, NULL);
  mpel_worker_add_function (worker, "export-counter", export_counter, NULL, NULL);
}

/* ---- host ---- */

/* A proxy with a property of its own, as an application declares it. */
#define BENCH_TYPE_MIRROR (bench_mirror_get_type ())
G_DECLARE_FINAL_TYPE (BenchMirror, bench_mirror, BENCH, MIRROR, MpelProxy)

struct _BenchMirror
{
  MpelProxy parent_instance;

  gint64 value;
};

G_DEFINE_FINAL_TYPE (BenchMirror, bench_mirror, MPEL_TYPE_PROXY)

static GParamSpec *mirror_value;

static void
bench_mirror_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int64 (value, BENCH_MIRROR (object)->value);
}

static void
bench_mirror_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BenchMirror *self = BENCH_MIRROR (object);
  gint64       number = g_value_get_int64 (value);

  if (self->value == number)
    return;
  self->value = number;
  g_object_notify_by_pspec (object, mirror_value);
}

static void
bench_mirror_class_init (BenchMirrorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bench_mirror_get_property;
  object_class->set_property = bench_mirror_set_property;
  mirror_value = g_param_spec_int64 ("value",
                                     NULL,
                                     NULL,
                                     G_MININT64,
                                     G_MAXINT64,
                                     0,
                                     G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, 1, mirror_value);
}

static void
bench_mirror_init (BenchMirror *self)
{
}

/* Both designs, asked for so many changes. */
typedef struct
{
  MpelProxy       *mirror;     /* (owned) */
  GDBusConnection *connection; /* (owned) */
  GDBusProxy      *proxy;      /* (owned) */
  gint64           n_asked;
  gint64           n_told;
} Changes;

static void
notify_value_cb (BenchMirror *mirror, GParamSpec *pspec, gpointer user_data)
{
  Changes *self = user_data;

  self->n_told++;
}

static void
properties_changed_cb (GDBusProxy *proxy, GVariant *changed, const char *const *invalidated, gpointer user_data)
{
  Changes *self = user_data;

  self->n_told++;
}

static void
ask_mirror (Changes *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = NULL;

  event = mpel_proxy_call (self->mirror, "count-up", g_variant_new ("(x)", (gint64) CHANGES_AT_ONCE), NULL, &error);
  if (event == NULL)
    g_error ("%s", error->message);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (reply == NULL)
    g_error ("%s", error->message);
}

static void
ask_bus (Changes *self)
{
  g_dbus_proxy_call (self->proxy, "CountUp", g_variant_new ("(x)", (gint64) CHANGES_AT_ONCE), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, asked_cb, NULL);
}

/* Returns how many changes per second were told. */
static double
run_changes (Changes *self, void (*ask) (Changes *self), gint64 n)
{
  gint64 begin = g_get_monotonic_time ();

  self->n_asked = self->n_told = 0;
  while (self->n_told < n)
    {
      while (self->n_asked < n && self->n_asked - self->n_told < CHANGES_AT_ONCE * CHUNKS_AHEAD)
        {
          ask (self);
          self->n_asked += CHANGES_AT_ONCE;
        }
      g_main_context_iteration (NULL, TRUE);
    }
  return (double) n * G_USEC_PER_SEC / (double) (g_get_monotonic_time () - begin);
}

static void
open_changes (Changes *self, BenchEvents *events)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_new ("export-counter", NULL, NULL);

  mpel_event_set_event_key (event, "prepare");
  if (!mpel_event_loop_run_until_complete (events->loop, &event, 1, NULL, &error))
    g_error ("%s", error->message);
  self->connection = g_dbus_connection_new_for_address_sync (g_variant_get_string (mpel_event_get_results (event), NULL),
                                                             G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT,
                                                             NULL,
                                                             NULL,
                                                             &error);
  if (self->connection == NULL)
    g_error ("%s", error->message);
  self->mirror = g_object_new (BENCH_TYPE_MIRROR, "loop", events->loop, "remote-class", "BenchCounter", NULL);
  g_signal_connect (self->mirror, "notify::value", G_CALLBACK (notify_value_cb), self);
  self->proxy = g_dbus_proxy_new_sync (self->connection, G_DBUS_PROXY_FLAGS_NONE, NULL, NULL, COUNTER_PATH, COUNTER_INTERFACE, NULL, &error);
  if (self->proxy == NULL)
    g_error ("%s", error->message);
  g_signal_connect (self->proxy, "g-properties-changed", G_CALLBACK (properties_changed_cb), self);
}

void
bench_measure_changes (void)
{
  BenchEvents events = { 0 };
  Changes     changes = { 0 };
  BenchSeries ours = BENCH_SERIES_INIT, bus = BENCH_SERIES_INIT;

  bench_events_open (&events);
  open_changes (&changes, &events);
  run_changes (&changes, ask_mirror, bench_options.n_changes / 4);
  run_changes (&changes, ask_bus, bench_options.n_calls / 4);
  for (int i = 0; i < bench_options.n_rounds; i++)
    {
      bench_series_add (&ours, run_changes (&changes, ask_mirror, bench_options.n_changes));
      bench_series_add (&bus, run_changes (&changes, ask_bus, bench_options.n_calls));
    }
  bench_report_pair ("property-changes", "changes/s", &ours, &bus, 10, BENCH_AT_LEAST);
  g_clear_object (&changes.mirror);
  g_clear_object (&changes.proxy);
  g_clear_object (&changes.connection);
  bench_events_close (&events);
}

void
bench_measure_methods (void)
{
  BenchEvents events = { 0 };
  BenchSeries methods = BENCH_SERIES_INIT, plain = BENCH_SERIES_INIT;
  int         n = bench_options.n_events;

  bench_events_open (&events);
  events.proxy = g_object_new (BENCH_TYPE_MIRROR, "loop", events.loop, "remote-class", "BenchCounter", NULL);
  bench_events_run (&events, BENCH_BY_METHOD, n / 4, BENCH_MAX_PENDING);
  for (int i = 0; i < bench_options.n_rounds; i++)
    {
      bench_series_add (&methods, n / bench_events_run (&events, BENCH_BY_METHOD, n, BENCH_MAX_PENDING));
      bench_series_add (&plain, n / bench_events_run (&events, BENCH_BY_EVENT, n, BENCH_MAX_PENDING));
    }
  bench_report_pair ("proxy-calls", "calls/s", &methods, &plain, 0.7, BENCH_AT_LEAST);
  g_clear_object (&events.proxy);
  bench_events_close (&events);
}
