/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The worker's side of both designs: a function, and an object on the bus. */

#include "config.h"
#include "bench-events.h"
#include "bench.h"
#include "mpel-worker-private.h"

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
  static const char                 xml[] = "<node><interface name='" BENCH_BASELINE_INTERFACE "'>"
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
                                         BENCH_BASELINE_PATH,
                                         node->interfaces[0],
                                         &vtable,
                                         targets,
                                         (GDestroyNotify) g_hash_table_unref,
                                         error) == 0)
    return NULL;
  return g_variant_new ("()");
}

void
bench_baseline_add_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "increment", increment, NULL, NULL);
  mpel_worker_add_function (worker, "export-baseline", export_baseline, worker, NULL);
}
