/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is asked for at the wrong moment: between an end and its delivery, while a worker leaves,
 * from inside a notification. */

#include "config.h"
#include "mpel-test.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FLOODING_HOST "--flooding-host"

/* More than a pipe holds, so that a reader who pauses is noticed. */
static GVariant *
flood_stderr (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  for (int i = 0; i < 10000; i++)
    fprintf (stderr, "line %d of very many that nobody reads for the time being\n", i);
  return g_variant_new ("()");
}

static void
test_add_before_delivery (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (loop, "echo", NULL));
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that has ended can be added again only once its end was delivered.");

  mpel_event_loop_terminate (loop);
  g_assert_true (mpel_event_is_ended (event));
  g_assert_false (mpel_event_loop_add_event (loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  mpel_test_wait (loop);
  g_assert_true (mpel_event_loop_add_event (loop, event, &error));
  mpel_test_wait (loop);
  g_assert_cmpuint (ends->len, ==, 2);
  mpel_test_assert_results (event, "()");

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_close_after_terminate (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Closing waits for the ends that terminating made, however many.");

  for (int i = 0; i < 5000; i++)
    mpel_test_add (loop, "echo", NULL);
  mpel_event_loop_set_delivery_slice (loop, 0);
  mpel_event_loop_terminate (loop);
  g_assert_true (mpel_event_loop_close (loop, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ends->len, ==, 5000);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (loop), ==, 0);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
terminate_when_sent_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  if (mpel_event_get_state (event) != MPEL_EVENT_STATE_SENT)
    return;
  g_signal_handlers_disconnect_by_func (event, terminate_when_sent_cb, user_data);
  mpel_event_loop_terminate (user_data);
  mpel_test_add (user_data, "echo", g_variant_new ("(s)", "after"));
}

static void
test_terminate_in_notify (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  MpelEvent *event = mpel_test_add (loop, "echo", NULL);

  g_test_summary ("A notification of the state terminates the loop and adds an event, which runs.");

  g_signal_connect (event, "notify::state", G_CALLBACK (terminate_when_sent_cb), loop);
  for (int i = 0; i < 10; i++)
    mpel_test_add (loop, "echo", NULL);
  mpel_test_wait (loop);
  g_assert_cmpuint (ends->len, ==, 12);
  g_assert_cmpstr (ends->pdata[11], ==, "('after',)");

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_start_tells (void)
{
  const char *const argv[] = { "/nonexistent/worker", NULL };
  MpelTestTrace     before = mpel_test_trace ();
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (argv);
  MpelEventLoop *loop = mpel_event_loop_new_with_launcher (launcher);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Starting a program that does not exist says so.");

  g_assert_false (mpel_event_loop_start (loop, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED);
  g_assert_false (mpel_event_loop_is_running (loop));
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_start_while_leaving (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GAsyncResult) started = NULL;
  g_autoptr (GError) error = NULL;
  int first_pid;

  g_test_summary ("Starting while the worker leaves gives another one, and those who stopped are told.");

  mpel_test_add (loop, "echo", NULL);
  mpel_test_wait (loop);
  first_pid = mpel_event_loop_get_worker_pid (loop);
  mpel_event_loop_stop_async (loop, NULL, mpel_test_keep_result_cb, &stopped);
  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, &started);
  mpel_test_iterate_until_result (&stopped);
  g_assert_true (mpel_event_loop_stop_finish (loop, stopped, &error));
  mpel_test_iterate_until_result (&started);
  g_assert_true (mpel_event_loop_start_finish (loop, started, &error));
  g_assert_no_error (error);
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_READY);
  g_assert_cmpint (mpel_event_loop_get_worker_pid (loop), !=, first_pid);

  g_clear_object (&stopped);
  g_clear_object (&started);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
look_at_both_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  gboolean has_results = mpel_event_get_results (event) != NULL;

  g_assert_cmpint (has_results, ==, mpel_event_get_state (event) == MPEL_EVENT_STATE_DONE);
  ++*(int *) user_data;
}

static void
test_notify_is_whole (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", NULL, NULL);
  int n_notified = 0;

  g_test_summary ("Who is notified of the results or the state finds both changed.");

  g_signal_connect (event, "notify::results", G_CALLBACK (look_at_both_cb), &n_notified);
  g_signal_connect (event, "notify::state", G_CALLBACK (look_at_both_cb), &n_notified);
  for (int i = 0; i < 2; i++)
    {
      mpel_event_loop_add_event (loop, event, NULL);
      mpel_test_wait (loop);
    }
  g_assert_cmpint (n_notified, ==, 9);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_has_results_is_kept (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);

  g_test_summary ("Whether results are wanted is decided when the event is added.");

  mpel_test_add (loop, "echo", g_variant_new ("(i)", 1));
  mpel_event_loop_set_has_results (loop, FALSE);
  mpel_test_add (loop, "echo", g_variant_new ("(i)", 2));
  mpel_event_loop_set_has_results (loop, TRUE);
  mpel_test_wait (loop);
  g_assert_cmpuint (ends->len, ==, 1);
  g_assert_cmpstr (ends->pdata[0], ==, "(1,)");

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

/* A host whose stderr nobody reads. It says that its main loop turned all the same. */
static int
run_flooding_host (void)
{
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_autoptr (MpelEvent) event = mpel_event_loop_add_call (loop, "flood-stderr", NULL, NULL, NULL);

  while (mpel_event_get_state (event) != MPEL_EVENT_STATE_SENT)
    g_main_context_iteration (NULL, TRUE);
  /* The worker is stuck on its full pipe now, or soon; nothing of that stops these turns. */
  for (int i = 0; i < 50; i++)
    {
      g_timeout_add_once (2, (GSourceOnceFunc) g_main_context_wakeup, NULL);
      g_main_context_iteration (NULL, TRUE);
    }
  printf ("still turning\n");
  fflush (stdout);

  mpel_event_loop_wait (loop, NULL, NULL);
  printf ("%s\n", mpel_event_get_error (event) == NULL ? "done" : mpel_event_get_error (event)->message);
  mpel_event_loop_close (loop, NULL, NULL);
  return EXIT_SUCCESS;
}

static void
test_stderr_not_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autoptr (GSubprocess) host = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *first = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *errors = NULL;

  g_test_summary ("A host whose stderr is full does not stand still for a worker that floods it.");

  host = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, program, FLOODING_HOST, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (host));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  g_buffered_input_stream_set_buffer_size (G_BUFFERED_INPUT_STREAM (output), 1);
  first = g_data_input_stream_read_line_utf8 (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, "still turning");

  g_subprocess_communicate_utf8 (host, NULL, NULL, &rest, &errors, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rest, ==, "done\n");
  g_assert_nonnull (strstr (errors, "line 9999 of"));
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "flood-stderr", flood_stderr, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/corners/add-before-delivery", test_add_before_delivery);
  g_test_add_func ("/flow/corners/close-after-terminate", test_close_after_terminate);
  g_test_add_func ("/flow/corners/terminate-in-notify", test_terminate_in_notify);
  g_test_add_func ("/flow/corners/start-tells", test_start_tells);
  g_test_add_func ("/flow/corners/start-while-leaving", test_start_while_leaving);
  g_test_add_func ("/flow/corners/notify-is-whole", test_notify_is_whole);
  g_test_add_func ("/flow/corners/has-results-is-kept", test_has_results_is_kept);
  g_test_add_func ("/flow/corners/stderr-not-read", test_stderr_not_read);
}

int
main (int argc, char **argv)
{
  if (argc > 1 && g_str_equal (argv[1], FLOODING_HOST) && mpel_worker_get_default () == NULL)
    return run_flooding_host ();
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
