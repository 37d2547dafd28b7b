/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects of a worker as programs see them that speak D-Bus. */

#include "config.h"
#include "debug-tool.h"
#include "mpel-event-loop-private.h"
#include "mpel-flow.h"
#include "mpel-names-private.h"
#include "objects.h"

#include <string.h>

#define VARIABLE_PATH(name) MPEL_WORKER_PATH "/variables/" name
#define POINT_INTERFACE "org.mpel.Object.TestPoint"
#define SCALE_INTERFACE "org.mpel.Object.TestScale"
#define ALL_INTERFACE "org.mpel.Object.TestAll"
#define PROPERTIES "org.freedesktop.DBus.Properties"

/* (name, value): a variable that is a value; without one, it is gone. */
static GVariant *
set_value (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  MpelWorker *worker = user_data;
  g_autoptr (GVariant) value = NULL;
  const char *name;

  g_variant_get (args, "(&smv)", &name, &value);
  mpel_worker_set_variable_value (worker, name, value);
  return g_variant_new_tuple (NULL, 0);
}

/* (name): a variable that is a new scale. */
static GVariant *
set_scale (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (GObject) scale = g_object_new (TEST_TYPE_SCALE, "level", 7, NULL);
  const char *name;

  g_variant_get (args, "(&s)", &name);
  mpel_worker_set_variable (user_data, name, scale);
  return g_variant_new_tuple (NULL, 0);
}

static gpointer
move_thread (gpointer object)
{
  g_object_set (object, "x", 77, NULL);
  return NULL;
}

/* A method whose work is done, and answered, by a thread. */
static gpointer
answer_thread (gpointer user_data)
{
  g_autoptr (MpelInvocation) invocation = user_data;

  move_thread (mpel_invocation_get_object (invocation));
  mpel_invocation_return_value (invocation, g_variant_new_string ("moved"));
  return NULL;
}

static void
move_later (MpelInvocation *invocation, gpointer user_data)
{
  g_thread_unref (g_thread_new ("move", answer_thread, g_object_ref (invocation)));
}

/* A method that adds another one to the class of its object, and lets go of the variable. */
static GVariant *
vanish (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_worker_add_method (user_data, TEST_TYPE_SCALE, "vanish-again", vanish, user_data, NULL);
  mpel_worker_set_variable (user_data, "scale", NULL);
  return g_variant_new_string ("gone");
}

static GDBusProxy *
make_proxy (DebugTool *tool, const char *path, const char *interface)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GDBusProxy *proxy;

  g_dbus_proxy_new (tool->tool, G_DBUS_PROXY_FLAGS_NONE, NULL, NULL, path, interface, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  proxy = g_dbus_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  return proxy;
}

static char *
call_proxy (GDBusProxy *proxy, const char *method, GVariant *parameters, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) reply = NULL;

  g_dbus_proxy_call (proxy, method, parameters, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  reply = g_dbus_proxy_call_finish (proxy, result, error);
  return reply != NULL ? g_variant_print (reply, FALSE) : NULL;
}

static void
assert_proxy_call (GDBusProxy *proxy, const char *method, GVariant *parameters, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = call_proxy (proxy, method, parameters, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_cached (GDBusProxy *proxy, const char *name, const char *expected)
{
  g_autoptr (GVariant) value = g_dbus_proxy_get_cached_property (proxy, name);
  g_autofree char *text = value != NULL ? g_variant_print (value, FALSE) : g_strdup ("nothing");

  g_assert_cmpstr (text, ==, expected);
}

static void
changed_cb (GDBusProxy *proxy, GVariant *changed, char **invalidated, GPtrArray *seen)
{
  if (g_variant_n_children (changed) > 0)
    g_ptr_array_add (seen, g_variant_print (changed, FALSE));
  for (guint i = 0; invalidated[i] != NULL; i++)
    g_ptr_array_add (seen, g_strdup (invalidated[i]));
}

static void
signal_cb (GDBusProxy *proxy, const char *sender, const char *name, GVariant *parameters, GPtrArray *seen)
{
  g_autofree char *text = g_variant_print (parameters, FALSE);

  g_ptr_array_add (seen, g_strconcat (name, " ", text, NULL));
}

/* The next things that were seen are these; none is left. */
static void
assert_seen (GPtrArray *seen, const char *const *expected)
{
  while (seen->len < g_strv_length ((char **) expected))
    g_main_context_iteration (NULL, TRUE);
  g_ptr_array_add (seen, NULL);
  g_assert_cmpstrv ((char **) seen->pdata, (char **) expected);
  g_ptr_array_set_size (seen, 0);
}

static GDBusProxy *
make_listening_proxy (DebugTool *tool, const char *path, const char *interface, GPtrArray *seen)
{
  GDBusProxy *proxy = make_proxy (tool, path, interface);

  g_signal_connect (proxy, "g-properties-changed", G_CALLBACK (changed_cb), seen);
  g_signal_connect (proxy, "g-signal", G_CALLBACK (signal_cb), seen);
  return proxy;
}

static void
test_proxy (void)
{
  DebugTool   tool;
  GDBusProxy *proxy;
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);

  g_test_summary ("A GDBusProxy made by hand has the properties, hears of changes before the method that made them returns, and of signals; from any thread.");

  debug_tool_init (&tool, TRUE);
  proxy = make_listening_proxy (&tool, VARIABLE_PATH ("origin"), POINT_INTERFACE, seen);
  assert_cached (proxy, "x", "0");

  assert_proxy_call (proxy, "move", g_variant_new_parsed ("([<3>, <0>, <5>], @a{sv} {})"), "(<@av []>,)");
  assert_cached (proxy, "x", "3");
  assert_seen (seen, (const char *[]){ "{'x': <3>}", "moved (3, 0)", NULL });

  assert_proxy_call (proxy, PROPERTIES ".Set", g_variant_new_parsed ("(%s, 'x', <9>)", POINT_INTERFACE), "()");
  assert_cached (proxy, "x", "9");
  assert_seen (seen, (const char *[]){ "{'x': <9>}", NULL });

  assert_proxy_call (proxy, "move_later", g_variant_new_parsed ("(@av [], @a{sv} {})"), "(<'moved'>,)");
  /* Another thread's value is for the asking. */
  assert_cached (proxy, "x", "nothing");
  assert_seen (seen, (const char *[]){ "x", NULL });
  assert_proxy_call (proxy, PROPERTIES ".Get", g_variant_new_parsed ("(%s, 'x')", POINT_INTERFACE), "(<77>,)");
  g_assert_finalize_object (proxy);
  debug_tool_clear (&tool);
}

static void
test_refusals (void)
{
  DebugTool   tool;
  GDBusProxy *proxy;
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_test_summary ("What an object does not do, tools learn; what it does otherwise, too. Objects among results do not travel.");

  debug_tool_init (&tool, TRUE);
  mpel_test_add (tool.loop, "set-scale", g_variant_new ("(s)", "scale"));
  mpel_test_wait (tool.loop);
  proxy = make_listening_proxy (&tool, VARIABLE_PATH ("scale"), SCALE_INTERFACE, seen);

  g_assert_null (call_proxy (proxy, PROPERTIES ".Set", g_variant_new_parsed ("(%s, 'count', <9>)", SCALE_INTERFACE), &error));
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
  g_clear_error (&error);
  g_assert_null (call_proxy (proxy, PROPERTIES ".Set", g_variant_new_parsed ("(%s, 'mode', <'x'>)", SCALE_INTERFACE), &error));
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
  g_clear_error (&error);
  g_assert_null (call_proxy (proxy, PROPERTIES ".Set", g_variant_new_parsed ("(%s, 'limit', <11>)", SCALE_INTERFACE), &error));
  g_assert_nonnull (strstr (error->message, "org.mpel.Error.InvalidArguments"));
  g_clear_error (&error);
  assert_proxy_call (proxy, PROPERTIES ".Set", g_variant_new_parsed ("(%s, 'level', <500>)", SCALE_INTERFACE), "()");
  assert_seen (seen, (const char *[]){ "{'level': <100>}", NULL });

  g_assert_null (call_proxy (proxy, "get_twin", g_variant_new_parsed ("(@av [], @a{sv} {})"), &error));
  g_assert_nonnull (strstr (error->message, "D-Bus cannot carry"));
  g_clear_error (&error);
  assert_proxy_call (proxy, "sweep", g_variant_new_parsed ("([<99>, <100>], @a{sv} {})"), "(<@av []>,)");
  assert_seen (seen, (const char *[]){ "{'level': <99>}", "{'level': <100>}", "swept ('', ['begin', 'end'])", NULL });
  g_assert_finalize_object (proxy);
  debug_tool_clear (&tool);
}

static void
assert_written (DebugTool *tool, const char *name, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (g_variant_new_variant (value));
  g_autofree char *text = g_variant_print (owned, FALSE);
  g_autofree char *expected = g_strdup_printf ("(%s,)", text);

  debug_tool_assert_reply (tool, VARIABLE_PATH ("all"), PROPERTIES, "Set", g_variant_new ("(ss@v)", ALL_INTERFACE, name, owned), "()");
  debug_tool_assert_reply (tool, VARIABLE_PATH ("all"), PROPERTIES, "Get", g_variant_new ("(ss)", ALL_INTERFACE, name), expected);
}

static void
test_types (void)
{
  DebugTool tool;

  g_test_summary ("All types of properties travel, both ways; what is nothing is empty.");

  debug_tool_init (&tool, TRUE);
  debug_tool_assert_reply (&tool,
                           VARIABLE_PATH ("all"),
                           PROPERTIES,
                           "GetAll",
                           g_variant_new ("(s)", ALL_INTERFACE),
                           "({'boolean': <false>, 'char': <int16 0>, 'uchar': <byte 0x00>, 'int': <0>, 'uint': <uint32 0>, 'long': <int64 0>, "
                           "'ulong': <uint64 0>, 'int64': <int64 0>, 'uint64': <uint64 0>, 'float': <0.0>, 'double': <0.0>, 'string': <''>, 'enum': <0>, "
                           "'flags': <uint32 0>, 'strv': <@as []>, 'bytes': <@ay []>, 'variant': <<@av []>>, 'gtype': <'void'>, 'date_time': <''>},)");
  assert_written (&tool, "boolean", g_variant_new_boolean (TRUE));
  assert_written (&tool, "char", g_variant_new_int16 (G_MININT8));
  assert_written (&tool, "uchar", g_variant_new_byte (255));
  assert_written (&tool, "int64", g_variant_new_int64 (G_MININT64));
  assert_written (&tool, "uint64", g_variant_new_uint64 (G_MAXUINT64));
  assert_written (&tool, "float", g_variant_new_double (0.5));
  assert_written (&tool, "string", g_variant_new_string ("a\nb"));
  assert_written (&tool, "string", g_variant_new_string (""));
  assert_written (&tool, "enum", g_variant_new_int32 (TEST_COLOR_GREEN));
  assert_written (&tool, "flags", g_variant_new_uint32 (TEST_SIDES_LEFT | TEST_SIDES_RIGHT));
  assert_written (&tool, "strv", g_variant_new_parsed ("['a', '']"));
  assert_written (&tool, "bytes", g_variant_new_parsed ("[byte 1, 0, 2]"));
  assert_written (&tool, "variant", g_variant_new_variant (g_variant_new_parsed ("{'a': <1>}")));
  assert_written (&tool, "gtype", g_variant_new_string ("GObject"));
  assert_written (&tool, "date_time", g_variant_new_string ("2026-01-02T03:04:05Z"));
  assert_written (&tool, "date_time", g_variant_new_string (""));
  debug_tool_clear (&tool);
}

static void
object_added_cb (GDBusObjectManager *manager, GDBusObject *object, GPtrArray *seen)
{
  g_ptr_array_add (seen, g_strconcat ("+ ", strrchr (g_dbus_object_get_object_path (object), '/') + 1, NULL));
}

static void
object_removed_cb (GDBusObjectManager *manager, GDBusObject *object, GPtrArray *seen)
{
  g_ptr_array_add (seen, g_strconcat ("- ", strrchr (g_dbus_object_get_object_path (object), '/') + 1, NULL));
}

static GDBusObjectManager *
make_manager (GDBusConnection *connection, GPtrArray *seen)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GDBusObjectManager *manager;

  g_dbus_object_manager_client_new (connection, G_DBUS_OBJECT_MANAGER_CLIENT_FLAGS_NONE, NULL, MPEL_WORKER_PATH, NULL, NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  manager = g_dbus_object_manager_client_new_finish (result, &error);
  g_assert_no_error (error);
  g_signal_connect (manager, "object-added", G_CALLBACK (object_added_cb), seen);
  g_signal_connect (manager, "object-removed", G_CALLBACK (object_removed_cb), seen);
  return manager;
}

static void
test_manager (void)
{
  DebugTool           tool;
  GDBusObjectManager *manager;
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDBusInterface) origin = NULL;
  g_autoptr (GDBusInterface) value = NULL;
  g_autoptr (GDBusInterface) scale = NULL;

  g_test_summary ("A GDBusObjectManagerClient knows all objects and variables, and sees them come and go.");

  debug_tool_init (&tool, TRUE);
  manager = make_manager (tool.tool, seen);
  origin = g_dbus_object_manager_get_interface (manager, VARIABLE_PATH ("origin"), POINT_INTERFACE);
  assert_cached (G_DBUS_PROXY (origin), "x", "0");
  value = g_dbus_object_manager_get_interface (manager, VARIABLE_PATH ("not_20a_20name"), "org.mpel.Variable");
  assert_cached (G_DBUS_PROXY (value), "value", "<'a value'>");

  mpel_test_add (tool.loop, "set-scale", g_variant_new ("(s)", "scale"));
  assert_seen (seen, (const char *[]){ "+ scale", NULL });
  scale = g_dbus_object_manager_get_interface (manager, VARIABLE_PATH ("scale"), SCALE_INTERFACE);
  assert_cached (G_DBUS_PROXY (scale), "level", "7");
  mpel_test_add (tool.loop, "set-value", g_variant_new_parsed ("('scale', just <int64 6>)"));
  assert_seen (seen, (const char *[]){ "- scale", "+ scale", NULL });
  mpel_test_add (tool.loop, "set-value", g_variant_new_parsed ("('scale', @mv nothing)"));
  assert_seen (seen, (const char *[]){ "- scale", NULL });
  mpel_test_wait (tool.loop);

  g_clear_object (&origin);
  g_clear_object (&value);
  g_clear_object (&scale);
  g_assert_finalize_object (manager);
  debug_tool_clear (&tool);
}

static void
test_vanish (void)
{
  DebugTool   tool;
  GDBusProxy *proxy;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A method may do away with its own object, and add to its class. Later calls fail, those to others of the class find it.");

  debug_tool_init (&tool, TRUE);
  mpel_test_add (tool.loop, "set-scale", g_variant_new ("(s)", "scale"));
  mpel_test_add (tool.loop, "set-scale", g_variant_new ("(s)", "other"));
  mpel_test_wait (tool.loop);
  proxy = make_proxy (&tool, VARIABLE_PATH ("scale"), SCALE_INTERFACE);
  assert_proxy_call (proxy, "vanish", g_variant_new_parsed ("(@av [], @a{sv} {})"), "(<'gone'>,)");
  g_assert_null (call_proxy (proxy, "vanish", g_variant_new_parsed ("(@av [], @a{sv} {})"), &error));
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
  g_assert_finalize_object (proxy);
  proxy = make_proxy (&tool, VARIABLE_PATH ("other"), SCALE_INTERFACE);
  assert_proxy_call (proxy, "vanish_again", g_variant_new_parsed ("(@av [], @a{sv} {})"), "(<'gone'>,)");
  g_assert_finalize_object (proxy);
  debug_tool_clear (&tool);
}

static MpelProxy *
make_remote (MpelEventLoop *loop)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MpelProxy *remote;

  mpel_proxy_new_async (loop, "TestPoint", g_variant_new_parsed ("{'x': <5>}"), NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  remote = mpel_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  return remote;
}

static gboolean
is_eight (gpointer remote)
{
  GVariant *value = mpel_proxy_get_cached_property (remote, "x");

  return g_variant_get_int32 (value) == 8;
}

static void
test_host (void)
{
  DebugTool           tool;
  GDBusObjectManager *manager;
  MpelProxy          *remote;
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *id = NULL, *path = NULL, *added = NULL, *removed = NULL;

  g_test_summary ("What the host makes in the worker is seen by its id, until it lets go; and the host hears of what tools change.");

  debug_tool_init (&tool, TRUE);
  manager = make_manager (tool.tool, seen);
  remote = make_remote (tool.loop);
  id = g_strdup_printf ("%" G_GUINT64_FORMAT, mpel_proxy_get_remote_id (remote));
  path = g_strconcat (MPEL_WORKER_PATH "/objects/", id, NULL);
  added = g_strconcat ("+ ", id, NULL);
  removed = g_strconcat ("- ", id, NULL);
  assert_seen (seen, (const char *[]){ added, NULL });
  debug_tool_assert_reply (&tool, path, PROPERTIES, "GetAll", g_variant_new ("(s)", POINT_INTERFACE), "({'x': <5>, 'y': <0>},)");
  debug_tool_assert_reply (&tool, path, PROPERTIES, "Set", g_variant_new_parsed ("(%s, 'x', <8>)", POINT_INTERFACE), "()");
  mpel_flow_iterate_until (is_eight, remote);

  g_assert_finalize_object (remote);
  assert_seen (seen, (const char *[]){ removed, NULL });
  g_assert_finalize_object (manager);
  debug_tool_clear (&tool);
}

static void
register_targets (MpelWorker *worker)
{
  g_autoptr (GObject) all = g_object_new (TEST_TYPE_ALL, NULL);

  objects_register (worker);
  mpel_worker_add_function (worker, "set-value", set_value, worker, NULL);
  mpel_worker_add_function (worker, "set-scale", set_scale, worker, NULL);
  mpel_worker_add_method_handler (worker, TEST_TYPE_POINT, "move-later", move_later, NULL, NULL);
  mpel_worker_add_method (worker, TEST_TYPE_SCALE, "vanish", vanish, worker, NULL);
  mpel_worker_set_variable (worker, "all", all);
  mpel_worker_set_variable_value (worker, "not a name", g_variant_new_string ("a value"));
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/debug-objects/proxy", test_proxy);
  g_test_add_func ("/flow/debug-objects/refusals", test_refusals);
  g_test_add_func ("/flow/debug-objects/types", test_types);
  g_test_add_func ("/flow/debug-objects/manager", test_manager);
  g_test_add_func ("/flow/debug-objects/vanish", test_vanish);
  g_test_add_func ("/flow/debug-objects/host", test_host);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
