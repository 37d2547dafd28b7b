/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where a worker shows itself to D-Bus tools, and to whom. */

#include "config.h"
#include "debug-tool.h"
#include "mpel-event-loop-private.h"
#include "mpel-flow.h"
#include "mpel-names-private.h"
#include "objects.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define ORIGIN_PATH MPEL_WORKER_PATH "/variables/origin"
#define POINT_INTERFACE "org.mpel.Object.TestPoint"
#define INTROSPECTABLE "org.freedesktop.DBus.Introspectable"
#define PROPERTIES "org.freedesktop.DBus.Properties"

static GVariant *
get_variable (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *value = g_getenv (MPEL_DEBUG_ADDRESS_VARIABLE);

  return g_variant_new_string (value != NULL ? value : "none");
}

/* A worker of a launcher with this address, which has done something. */
static MpelEventLoop *
make_loop (const char *address)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (NULL);
  MpelEventLoop *loop;

  mpel_launcher_set_debug_address (launcher, address);
  loop = mpel_event_loop_new_with_launcher (launcher);
  mpel_test_add (loop, "get-variable", NULL);
  mpel_test_wait (loop);
  return loop;
}

static void
test_off (void)
{
  MpelTestTrace    before = mpel_test_trace ();
  MpelEventLoop   *loop = make_loop (NULL);
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Nobody sees objects unless somebody asked for it.");

  xml = debug_tool_call (mpel_event_loop_get_connection (loop), MPEL_WORKER_PATH, INTROSPECTABLE, "Introspect", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (xml, "org.mpel.Worker1"));
  g_assert_null (strstr (xml, "ObjectManager"));
  g_assert_null (strstr (xml, "<node name"));
  g_assert_null (debug_tool_call (mpel_event_loop_get_connection (loop), ORIGIN_PATH, PROPERTIES, "GetAll", g_variant_new ("(s)", POINT_INTERFACE), &error));
  g_assert_nonnull (error);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_on (void)
{
  DebugTool tool;
  g_autoptr (GError) error = NULL;
  MpelEvent       *event;
  g_autofree char *text = NULL;

  g_test_summary ("A worker with an address listens there, once it is ready; its children do not. The host's own line shows the same.");

  debug_tool_init (&tool, TRUE);
  debug_tool_assert_reply (&tool, ORIGIN_PATH, PROPERTIES, "Get", g_variant_new ("(ss)", POINT_INTERFACE, "x"), "(<0>,)");
  text = debug_tool_call (mpel_event_loop_get_connection (tool.loop), ORIGIN_PATH, PROPERTIES, "Get", g_variant_new ("(ss)", POINT_INTERFACE, "x"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "(<0>,)");

  event = g_object_ref (mpel_test_add (tool.loop, "get-variable", NULL));
  mpel_test_wait (tool.loop);
  mpel_test_assert_results (event, "'none'");
  g_object_unref (event);
  debug_tool_assert_reply (&tool, MPEL_WORKER_PATH, "org.mpel.Worker1", "Call", g_variant_new_parsed ("('get-variable', @av [], @a{sv} {})"), "(<'none'>,)");
  debug_tool_clear (&tool);
}

static void
test_environment (void)
{
  MpelTestTrace    before = mpel_test_trace ();
  g_autofree char *folder = g_dir_make_tmp ("mpel-test-XXXXXX", NULL);
  g_autofree char *address = g_strdup_printf ("unix:path=%s/%%p", folder);
  g_autofree char *path = NULL;
  MpelEventLoop   *loop;

  g_test_summary ("Whoever runs a program may ask too, and %p stands for the process id.");

  g_setenv (MPEL_DEBUG_ADDRESS_VARIABLE, address, TRUE);
  loop = make_loop (NULL);
  g_unsetenv (MPEL_DEBUG_ADDRESS_VARIABLE);
  path = g_strdup_printf ("%s/%d", folder, mpel_event_loop_get_worker_pid (loop));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  mpel_test_loop_close_and_assert_finalized (loop);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  mpel_test_assert_no_trace (before);
}

static gboolean
has_died (gpointer loop)
{
  return mpel_event_loop_get_state (loop) != MPEL_EVENT_LOOP_STATE_READY;
}

static void
test_crash (void)
{
  DebugTool tool;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The socket of a worker that was killed is the next one's; and one that ends takes its socket along.");

  debug_tool_init (&tool, FALSE);
  g_assert_cmpint (kill (mpel_event_loop_get_worker_pid (tool.loop), SIGKILL), ==, 0);
  mpel_flow_iterate_until (has_died, tool.loop);
  g_assert_true (g_file_test (tool.path, G_FILE_TEST_EXISTS));
  debug_tool_wait_until_ready (&tool);
  tool.tool = debug_tool_connect (&tool, &error);
  g_assert_no_error (error);
  debug_tool_assert_reply (&tool, ORIGIN_PATH, PROPERTIES, "Get", g_variant_new ("(ss)", POINT_INTERFACE, "x"), "(<0>,)");
  debug_tool_clear (&tool);
}

static void
test_taken (void)
{
  DebugTool      tool;
  MpelEventLoop *other;

  g_test_summary ("Where somebody listens already, a second worker does not, and works all the same.");

  debug_tool_init (&tool, TRUE);
  other = make_loop (tool.address);
  mpel_test_loop_close_and_assert_finalized (other);
  g_assert_true (g_file_test (tool.path, G_FILE_TEST_EXISTS));
  debug_tool_assert_reply (&tool, ORIGIN_PATH, PROPERTIES, "Get", g_variant_new ("(ss)", POINT_INTERFACE, "x"), "(<0>,)");
  debug_tool_clear (&tool);
}

/* Returns: (transfer none) (nullable) */
static const char *
find_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].value;
  return NULL;
}

/* What workers write, a line each; not what GLib has to say, such as that there is no pidfd. */
static GLogWriterOutput
keep_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (g_strcmp0 (find_field (fields, n_fields, "GLIB_DOMAIN"), "Mpel") == 0)
    g_ptr_array_add (user_data, g_strdup (find_field (fields, n_fields, "MESSAGE")));
  return G_LOG_WRITER_HANDLED;
}

static gboolean
has_line (gpointer log)
{
  return ((GPtrArray *) log)->len > 0;
}

static void
assert_says (GPtrArray *log, const char *address, const char *pattern)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (NULL);
  MpelEventLoop *loop;

  mpel_launcher_set_debug_address (launcher, address);
  mpel_launcher_set_flags (launcher, MPEL_LAUNCHER_FLAGS_LOG_OUTPUT);
  loop = mpel_event_loop_new_with_launcher (launcher);
  mpel_test_add (loop, "get-variable", NULL);
  mpel_test_wait (loop);
  mpel_flow_iterate_until (has_line, log);
  if (!g_pattern_match_simple (pattern, log->pdata[0]))
    g_error ("“%s” does not match “%s”", (char *) log->pdata[0], pattern);
  g_ptr_array_set_size (log, 0);
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
test_says (void)
{
  MpelTestTrace before = mpel_test_trace ();
  GPtrArray    *log = g_ptr_array_new_with_free_func (g_free);

  g_test_summary ("A worker says where it listens, or why it does not: only at Unix sockets. It works without.");

  /* Stays to the end of the program. */
  g_log_set_writer_func (keep_log_cb, log, NULL);
  assert_says (log, "unix:tmpdir=/tmp", "worker *: mpel worker *: debug address unix:*");
  assert_says (log, "tcp:host=localhost", "worker *: mpel worker *: cannot be debugged at tcp:*Unix socket*");
  assert_says (log, "unix:abstract=mpel-test-%p;nonce-tcp:host=localhost", "worker *: mpel worker *: cannot be debugged at *Unix socket*");
  assert_says (log, "unix:path=/no/such/folder/socket", "worker *: mpel worker *: cannot be debugged at unix:*");
  assert_says (log, "nonsense", "worker *: mpel worker *: cannot be debugged at nonsense*");
  mpel_test_assert_no_trace (before);
}

static void
keep_line (GDataInputStream *stream, GAsyncResult **result)
{
  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, NULL, mpel_test_keep_result_cb, result);
  mpel_test_iterate_until_result (result);
}

/* What the server says to the first line of a client. */
static char *
authenticate (DebugTool *tool, const char *line)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (tool->path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *whole = g_strconcat (line, "\r\n", NULL);
  GOutputStream   *output;
  char            *answer;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_assert_true (g_output_stream_write_all (output, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_write_all (output, whole, strlen (whole), NULL, NULL, NULL));
  keep_line (input, &result);
  answer = g_data_input_stream_read_line_finish (input, result, NULL, &error);
  g_assert_no_error (error);
  return answer;
}

static void
assert_rejected (DebugTool *tool, const char *line)
{
  g_autofree char *answer = authenticate (tool, line);

  g_assert_cmpstr (answer, ==, "REJECTED EXTERNAL");
}

static void
test_refused (void)
{
  DebugTool tool;

  g_test_summary ("Nobody comes in without a name, by a cookie, or under another's name.");

  debug_tool_init (&tool, FALSE);
  assert_rejected (&tool, "AUTH");
  assert_rejected (&tool, "AUTH ANONYMOUS 6d70656c");
  assert_rejected (&tool, "AUTH DBUS_COOKIE_SHA1 30");
  /* The user 4242, who is not us. */
  assert_rejected (&tool, "AUTH EXTERNAL 34323432");
  debug_tool_clear (&tool);
}

static void
register_targets (MpelWorker *worker)
{
  objects_register (worker);
  mpel_worker_add_function (worker, "get-variable", get_variable, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/debug/off", test_off);
  g_test_add_func ("/flow/debug/on", test_on);
  g_test_add_func ("/flow/debug/environment", test_environment);
  g_test_add_func ("/flow/debug/crash", test_crash);
  g_test_add_func ("/flow/debug/taken", test_taken);
  g_test_add_func ("/flow/debug/refused", test_refused);
  g_test_add_func ("/flow/debug/says", test_says);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
