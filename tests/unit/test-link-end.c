/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A line that ends as soon as it is there. */

#include "config.h"
#include "mpel-test.h"

#include "mpel-link-private.h"

#include <gio/gunixconnection.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_LINES 300

static void
arrived_cb (gpointer user_data)
{
}

static void
lost_cb (MpelLink *link, const GError *reason, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* Says all of a client's part of the authentication at once, and then nothing more.
 * Returns: (transfer full): what keeps the line open in the other direction */
static GSocketConnection *
authenticate_and_end (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autofree char *uid = g_strdup_printf ("%d", getuid ());
  g_autoptr (GString) text = g_string_new ("AUTH EXTERNAL ");
  GSocketConnection *connection = g_socket_connection_factory_create_connection (socket);

  g_assert_no_error (error);
  for (const char *c = uid; *c != '\0'; c++)
    g_string_append_printf (text, "%02x", *c);
  g_string_append (text, "\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n");

  g_unix_connection_send_credentials (G_UNIX_CONNECTION (connection), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text->str, text->len, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (shutdown (fd, SHUT_WR), ==, 0);
  return connection;
}

static void
open_and_lose (void)
{
  int      fds[2];
  gboolean is_lost = FALSE;
  g_autoptr (MpelLink) link = mpel_link_new (MPEL_LINK_SIDE_HOST, arrived_cb, NULL, NULL);
  g_autoptr (GSocketConnection) peer = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  peer = authenticate_and_end (fds[1]);
  mpel_link_set_lost_func (link, lost_cb, &is_lost);
  mpel_link_open_async (link, fds[0], mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  /* Opened or not, depending on who was faster. */
  if (mpel_link_open_finish (link, result, &error))
    mpel_link_start (link);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  mpel_test_iterate_until (&is_lost);
}

static void
test_early (void)
{
  MpelTestTrace before = mpel_test_trace ();

  g_test_summary ("The loss of a line that ends while it is opened is told, whoever is faster.");

  for (guint i = 0; i < N_LINES; i++)
    open_and_lose ();
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
}

static void
add_tests (void)
{
  g_test_add_func ("/unit/link-end/early", test_early);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
