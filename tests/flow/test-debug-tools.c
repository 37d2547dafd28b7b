/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects of a worker on the command line: what data/docs/debugging.md says to type. */

#include "config.h"
#include "debug-tool.h"
#include "mpel-names-private.h"
#include "objects.h"

#include <string.h>

/* Tools that know only buses want the name of somebody on it; any will do. */
#define TOOL_DEST "org.mpel.Worker"

#define VARIABLE_PATH(name) MPEL_WORKER_PATH "/variables/" name
#define POINT_INTERFACE "org.mpel.Object.TestPoint"
#define PROPERTIES "org.freedesktop.DBus.Properties"

/* Runs a program to its end; returns what it wrote, or NULL when there is no such program. */
static char *
run_program (const char *const *argv)
{
  g_autofree char *found = g_find_program_in_path (argv[0]);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  if (found == NULL)
    return NULL;
  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_subprocess_communicate_utf8_finish (process, result, &output, NULL, &error);
  g_assert_no_error (error);
  return output;
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("There is no “%s” in:\n%s", part, text);
}

static void
test_introspect (void)
{
  DebugTool        tool;
  g_autofree char *output = NULL;

  g_test_summary ("`gdbus introspect` shows all that is there.");

  debug_tool_init (&tool, FALSE);
  output = run_program ((const char *[]){ "gdbus", "introspect", "--address", tool.address, "--dest", TOOL_DEST, "--object-path", MPEL_WORKER_PATH, "--recurse", NULL });
  if (output == NULL)
    g_test_skip ("There is no gdbus: install libglib2.0-bin");
  else
    {
      assert_has (output, "interface org.mpel.Worker1 {");
      assert_has (output, "interface org.freedesktop.DBus.ObjectManager {");
      assert_has (output, "node " VARIABLE_PATH ("origin") " {");
      assert_has (output, "interface " POINT_INTERFACE " {");
      assert_has (output, "readwrite i x = 0;");
      assert_has (output, "moved(i arg0,\n");
      assert_has (output, "move(in  av args,\n");
      assert_has (output, "readonly v value = <'a value'>;");
      assert_has (output, "node " VARIABLE_PATH ("not_20a_20name") " {");
    }
  debug_tool_clear (&tool);
}

static void
assert_gdbus_call (DebugTool *tool, const char *method, const char *first, const char *second, const char *third, const char *expected)
{
  const char      *argv[] = { "gdbus", "call", "--address", tool->address, "--dest", TOOL_DEST, "--object-path", VARIABLE_PATH ("origin"), "--method", method, first, second, third, NULL };
  g_autofree char *output = run_program (argv);

  if (output == NULL)
    g_test_skip ("There is no gdbus: install libglib2.0-bin");
  else
    assert_has (output, expected);
}

static void
test_call (void)
{
  DebugTool tool;

  g_test_summary ("`gdbus call` reads, writes, and runs methods.");

  debug_tool_init (&tool, FALSE);
  assert_gdbus_call (&tool, POINT_INTERFACE ".move", "[<1>, <2>, <3>]", "{}", NULL, "(<@av []>,)");
  assert_gdbus_call (&tool, POINT_INTERFACE ".get_z", "[]", "{}", NULL, "(<3>,)");
  assert_gdbus_call (&tool, PROPERTIES ".Set", POINT_INTERFACE, "x", "<5>", "()");
  assert_gdbus_call (&tool, PROPERTIES ".GetAll", POINT_INTERFACE, NULL, NULL, "({'x': <5>, 'y': <2>},)");
  assert_gdbus_call (&tool, PROPERTIES ".Set", POINT_INTERFACE, "x", "<'five'>", "InvalidArgs");
  assert_gdbus_call (&tool, PROPERTIES ".Get", POINT_INTERFACE, "nothing", NULL, "InvalidArgs");
  assert_gdbus_call (&tool, POINT_INTERFACE ".move", "[<'one'>]", "{}", NULL, "org.mpel.Error.InvalidArguments");
  assert_gdbus_call (&tool, POINT_INTERFACE ".fly", "[]", "{}", NULL, "UnknownMethod");
  debug_tool_clear (&tool);
}

static void
test_busctl (void)
{
  DebugTool        tool;
  g_autofree char *tree = NULL, *list = NULL;
  g_autofree char *option = NULL;

  g_test_summary ("So does `busctl`.");

  debug_tool_init (&tool, FALSE);
  option = g_strconcat ("--address=", tool.address, NULL);
  tree = run_program ((const char *[]){ "busctl", option, "tree", TOOL_DEST, NULL });
  list = run_program ((const char *[]){ "busctl", option, "introspect", TOOL_DEST, VARIABLE_PATH ("origin"), NULL });
  if (tree == NULL || list == NULL)
    g_test_skip ("There is no busctl: install systemd");
  else
    {
      assert_has (tree, VARIABLE_PATH ("origin"));
      assert_has (list, POINT_INTERFACE);
      assert_has (list, "emits-change");
    }
  debug_tool_clear (&tool);
}

static GDBusProxy *
open_point (const char *address, GError **error)
{
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, error);

  if (connection == NULL)
    return NULL;
  return g_dbus_proxy_new_sync (connection,
                                G_DBUS_PROXY_FLAGS_NONE,
                                NULL,
                                NULL, /* nobody has a name here */
                                "/org/mpel/Worker1/variables/origin",
                                "org.mpel.Object.TestPoint",
                                NULL,
                                error);
}

static void
changed_cb (GDBusProxy *point, GVariant *changed, char **invalidated, gpointer user_data)
{
  g_variant_lookup (changed, "x", "i", user_data);
}

static void
move (GDBusProxy *point, GError **error)
{
  g_autoptr (GVariant) results = g_dbus_proxy_call_sync (point, "move", g_variant_new_parsed ("([<1>, <2>, <3>], @a{sv} {})"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);
}

static void
test_by_hand (void)
{
  DebugTool   tool;
  GDBusProxy *point;
  g_autoptr (GError) error = NULL;
  int x = 0;

  g_test_summary ("And so does a GDBusProxy made by hand.");

  debug_tool_init (&tool, FALSE);
  point = open_point (tool.address, &error);
  g_assert_no_error (error);
  g_signal_connect (point, "g-properties-changed", G_CALLBACK (changed_cb), &x);
  move (point, &error);
  g_assert_no_error (error);
  while (x != 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (point);
  debug_tool_clear (&tool);
}

static void
register_targets (MpelWorker *worker)
{
  objects_register (worker);
  mpel_worker_set_variable_value (worker, "not a name", g_variant_new_string ("a value"));
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/debug-tools/introspect", test_introspect);
  g_test_add_func ("/flow/debug-tools/call", test_call);
  g_test_add_func ("/flow/debug-tools/busctl", test_busctl);
  g_test_add_func ("/flow/debug-tools/by-hand", test_by_hand);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
