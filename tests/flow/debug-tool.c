/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "debug-tool.h"

#include <glib/gstdio.h>

void
debug_tool_wait_until_ready (DebugTool *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mpel_event_loop_start_async (self->loop, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  mpel_event_loop_start_finish (self->loop, result, &error);
  g_assert_no_error (error);
}

/* Returns: (transfer full) (nullable): NULL with an error */
GDBusConnection *
debug_tool_connect (DebugTool *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_new_for_address (self->address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  return g_dbus_connection_new_for_address_finish (result, error);
}

void
debug_tool_init (DebugTool *self, gboolean is_connected)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (NULL);
  g_autoptr (GError) error = NULL;

  self->before = mpel_test_trace ();
  self->folder = g_dir_make_tmp ("mpel-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "socket", NULL);
  self->address = g_strconcat ("unix:path=", self->path, NULL);
  mpel_launcher_set_debug_address (launcher, self->address);
  self->loop = mpel_event_loop_new_with_launcher (launcher);
  self->tool = NULL;
  debug_tool_wait_until_ready (self);
  if (is_connected)
    self->tool = debug_tool_connect (self, &error);
  g_assert_no_error (error);
}

static void
disconnect (DebugTool *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_dbus_connection_close (self->tool, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_dbus_connection_close_finish (self->tool, result, &error);
  g_assert_no_error (error);
  g_clear_object (&self->tool);
}

void
debug_tool_clear (DebugTool *self)
{
  if (self->tool != NULL)
    disconnect (self);
  mpel_test_loop_close_and_assert_finalized (self->loop);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  mpel_test_assert_no_trace (self->before);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->address);
}

char *
debug_tool_call (GDBusConnection *connection, const char *path, const char *interface, const char *method, GVariant *parameters, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) reply = NULL;

  g_dbus_connection_call (connection, NULL, path, interface, method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  reply = g_dbus_connection_call_finish (connection, result, error);
  return reply != NULL ? g_variant_print (reply, FALSE) : NULL;
}

void
debug_tool_assert_reply (DebugTool *self, const char *path, const char *interface, const char *method, GVariant *parameters, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = debug_tool_call (self->tool, path, interface, method, parameters, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}
