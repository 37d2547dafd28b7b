/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The plain D-Bus interface beside the stream, as a stock tool would use it. */

#include "config.h"
#include "mpel-event-loop-private.h"
#include "mpel-names-private.h"
#include "mpel-test.h"

#include <string.h>

static GVariant *
describe (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autofree char *args_text = g_variant_print (args, FALSE);
  g_autofree char *kwargs_text = g_variant_print (kwargs, FALSE);

  return g_variant_new_take_string (g_strconcat (args_text, " ", kwargs_text, NULL));
}

static GVariant *
return_nothing (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("()");
}

static GVariant *
return_maybe (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_variant (g_variant_new_maybe (G_VARIANT_TYPE_STRING, NULL));
}

static GVariant *
fail (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Busy");
  return NULL;
}

/* Returns the reply as text, or NULL with an error. */
static char *
call (MpelEventLoop *loop, const char *interface, const char *method, GVariant *parameters, GError **error)
{
  GDBusConnection *connection = mpel_event_loop_get_connection (loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) reply = NULL;

  g_dbus_connection_call (connection, NULL, MPEL_WORKER_PATH, interface, method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  reply = g_dbus_connection_call_finish (connection, result, error);
  return reply != NULL ? g_variant_print (reply, FALSE) : NULL;
}

static char *
call_target (MpelEventLoop *loop, const char *target, GError **error)
{
  GVariant *parameters = g_variant_new_parsed ("(%s, [<1>, <'two'>], {'three': <3.0>})", target);

  return call (loop, "org.mpel.Worker1", "Call", parameters, error);
}

static void
assert_remote_name (const GError *error, const char *name)
{
  g_autofree char *remote_name = g_dbus_error_get_remote_error (error);

  g_assert_cmpstr (remote_name, ==, name);
}

static void
test_call (void)
{
  MpelTestTrace    before = mpel_test_trace ();
  MpelEventLoop   *loop = mpel_test_loop_new ();
  g_autofree char *text = NULL;
  g_autofree char *nothing = NULL;
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("One call runs one target; errors have names; what D-Bus cannot carry is an error.");

  mpel_test_add (loop, "return-nothing", NULL);
  mpel_test_wait (loop);

  text = call_target (loop, "describe", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "(<\"(1, 'two') {'three': <3.0>}\">,)");
  nothing = call_target (loop, "return-nothing", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (nothing, ==, "(<@av []>,)");

  g_assert_null (call_target (loop, "nowhere", &error));
  assert_remote_name (error, "org.mpel.Error.NoSuchTarget");
  g_clear_error (&error);
  g_assert_null (call_target (loop, "fail", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_null (call_target (loop, "return-maybe", &error));
  assert_remote_name (error, "org.mpel.Error.Failed");
  g_clear_error (&error);

  xml = call (loop, "org.freedesktop.DBus.Introspectable", "Introspect", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (xml, "org.mpel.Worker1"));

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "describe", describe, NULL, NULL);
  mpel_worker_add_function (worker, "return-nothing", return_nothing, NULL, NULL);
  mpel_worker_add_function (worker, "return-maybe", return_maybe, NULL, NULL);
  mpel_worker_add_function (worker, "fail", fail, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/plain/call", test_call);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
