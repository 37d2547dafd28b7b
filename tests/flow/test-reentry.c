/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is notified of something does something else to the loop, at once. */

#include "config.h"
#include "mpel-test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORGETFUL "--forgetful"

static GVariant *
die (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  signal (SIGKILL, SIG_DFL);
  kill (getpid (), SIGKILL);
  return NULL;
}

/* Keeps its invocation: the event stays unanswered while the worker has nothing to do. */
static void
keep (MpelInvocation *invocation, gpointer user_data)
{
  static GSList *kept;

  kept = g_slist_prepend (kept, g_object_ref (invocation));
}

static void
dispose_when_lost_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_LOST)
    g_object_run_dispose (user_data);
}

static void
test_dispose_when_lost (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (loop, "die", NULL));

  g_test_summary ("The loop is disposed by who hears that an event is lost.");

  g_signal_connect (event, "notify::state", G_CALLBACK (dispose_when_lost_cb), loop);
  for (int i = 0; i < 10; i++)
    mpel_test_add (loop, "echo", NULL);
  while (!mpel_event_is_ended (event))
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (loop);
  mpel_test_assert_no_trace (before);
}

static void
cancel_when_lost_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  if (!mpel_event_is_ended (event))
    return;
  g_cancellable_cancel (user_data);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_cancel_while_ending (gconstpointer data)
{
  const gboolean terminates = GPOINTER_TO_INT (data);
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) first = g_object_ref (mpel_test_add (loop, "keep", NULL));

  g_test_summary ("Who hears that the first of many events ends cancels another of them, and runs a main loop: each ends once.");

  g_signal_connect (first, "notify::state", G_CALLBACK (cancel_when_lost_cb), cancellable);
  mpel_event_loop_call_async (loop, "keep", NULL, NULL, cancellable, mpel_test_keep_result_cb, &result);
  mpel_test_add (loop, "echo", NULL);
  while (ends->len == 0)
    g_main_context_iteration (NULL, TRUE);

  if (terminates)
    mpel_event_loop_terminate (loop);
  else
    kill (mpel_event_loop_get_worker_pid (loop), SIGKILL);
  mpel_test_wait (loop);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_event_loop_call_finish (loop, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (ends->len, ==, 3);

  g_clear_object (&result);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

typedef struct
{
  MpelEventLoop *loop;
  int            n_left;
} Retry;

static void
retry_another_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  Retry *retry = user_data;

  if (mpel_event_get_error (event) == NULL || retry->n_left-- <= 0)
    return;
  g_signal_connect (mpel_test_add (retry->loop, "echo", NULL), "notify::state", G_CALLBACK (retry_another_cb), retry);
}

static void
test_retry_when_failed (void)
{
  const char *const argv[] = { "/nonexistent/worker", NULL };
  MpelTestTrace     before = mpel_test_trace ();
  g_autoptr (MpelLauncher) missing = mpel_launcher_new (argv);
  MpelEventLoop *loop = mpel_event_loop_new_with_launcher (missing);
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  Retry retry = { loop, 100 };

  g_test_summary ("Who hears of a failed start adds another event, a hundred times over: each in a turn of its own.");

  g_signal_connect (mpel_test_add (loop, "echo", NULL), "notify::state", G_CALLBACK (retry_another_cb), &retry);
  mpel_test_wait (loop);
  g_assert_cmpint (retry.n_left, <=, 0);
  g_assert_cmpuint (ends->len, ==, 101);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
add_when_cancelled_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_CANCELLED)
    mpel_test_add (user_data, "echo", g_variant_new ("(s)", "added"));
}

static void
test_add_when_terminated (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  MpelEvent *event = mpel_test_add (loop, "keep", NULL);

  g_test_summary ("An event that is added because another was cancelled by terminating has a new worker.");

  g_signal_connect (event, "notify::state", G_CALLBACK (add_when_cancelled_cb), loop);
  mpel_test_add (loop, "echo", NULL);
  while (ends->len == 0)
    g_main_context_iteration (NULL, TRUE);
  mpel_event_loop_terminate (loop);
  mpel_test_wait (loop);
  g_assert_cmpuint (ends->len, ==, 3);
  g_assert_cmpstr (ends->pdata[2], ==, "('added',)");

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static gboolean
add_again_cb (MpelEvent *event, gpointer user_data)
{
  if (mpel_event_get_error (event) == NULL)
    return FALSE;
  mpel_event_set_target (event, "echo");
  mpel_event_loop_add_event (user_data, event, NULL);
  return TRUE;
}

static void
test_call_is_retried (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A handler adds a failed call again; the caller hears of the failure all the same.");

  mpel_event_loop_add_output_handler (loop, add_again_cb, loop, NULL);
  mpel_event_loop_call_async (loop, "nowhere", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_event_loop_call_finish (loop, result, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET);
  mpel_test_wait (loop);
  mpel_test_assert_results (mpel_event_loop_get_call_event (loop, result), "()");

  g_clear_object (&result);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
wait_nested_cb (MpelEventLoop *loop, GParamSpec *pspec, gpointer user_data)
{
  if (mpel_event_loop_is_running (loop))
    mpel_event_loop_wait (loop, NULL, NULL);
}

static void
test_wait_while_adding (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) results = NULL;
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event ends before adding it returns; who waits for it is told.");

  g_signal_connect (loop, "notify::running", G_CALLBACK (wait_nested_cb), NULL);
  mpel_event_loop_call_async (loop, "echo", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  results = mpel_event_loop_call_finish (loop, result, &error);
  g_assert_no_error (error);
  mpel_event_loop_stop (loop, NULL, NULL);
  g_assert_true (mpel_event_loop_run_until_complete (loop, &event, 1, NULL, &error));
  g_assert_no_error (error);

  g_clear_object (&result);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
begin_restart (MpelEventLoop *loop, GAsyncResult **stopped, GAsyncResult **started)
{
  mpel_test_add (loop, "echo", NULL);
  mpel_test_wait (loop);
  mpel_event_loop_stop_async (loop, NULL, mpel_test_keep_result_cb, stopped);
  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, started);
}

static void
assert_start_called_off (MpelEventLoop *loop, GAsyncResult *started)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mpel_event_loop_start_finish (loop, started, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_restart_called_off (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GAsyncResult) started = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Stopping, starting, and then terminating or closing leaves no worker.");

  begin_restart (loop, &stopped, &started);
  mpel_event_loop_terminate (loop);
  mpel_test_iterate_until_result (&stopped);
  mpel_test_iterate_until_result (&started);
  assert_start_called_off (loop, started);
  g_assert_false (mpel_event_loop_is_running (loop));
  g_clear_object (&stopped);
  g_clear_object (&started);

  begin_restart (loop, &stopped, &started);
  g_assert_true (mpel_event_loop_close (loop, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_CLOSED);
  mpel_test_iterate_until_result (&stopped);
  mpel_test_iterate_until_result (&started);
  assert_start_called_off (loop, started);

  g_clear_object (&stopped);
  g_clear_object (&started);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

/* A program that never asks whether it is a worker, and starts itself. */
static int
run_forgetful_host (void)
{
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_autoptr (MpelEvent) event = mpel_event_loop_add_call (loop, "echo", NULL, NULL, NULL);

  mpel_event_loop_wait (loop, NULL, NULL);
  fprintf (stderr, "%s\n", mpel_event_get_error (event)->message);
  mpel_event_loop_close (loop, NULL, NULL);
  return EXIT_FAILURE;
}

static void
test_forgetful_program (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autoptr (GSubprocess) host = NULL;
  g_autofree char *errors = NULL;

  g_test_summary ("A program that starts itself and never asks whether it is a worker ends after one generation, and says why.");

  host = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, program, FORGETFUL, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (host, NULL, NULL, NULL, &errors, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (errors, "must ask for the default worker first"));
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "die", die, NULL, NULL);
  mpel_worker_add_handler (worker, "keep", keep, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/reentry/dispose-when-lost", test_dispose_when_lost);
  g_test_add_data_func ("/flow/reentry/cancel-while-lost", GINT_TO_POINTER (FALSE), test_cancel_while_ending);
  g_test_add_data_func ("/flow/reentry/cancel-while-terminated", GINT_TO_POINTER (TRUE), test_cancel_while_ending);
  g_test_add_func ("/flow/reentry/retry-when-failed", test_retry_when_failed);
  g_test_add_func ("/flow/reentry/add-when-terminated", test_add_when_terminated);
  g_test_add_func ("/flow/reentry/call-is-retried", test_call_is_retried);
  g_test_add_func ("/flow/reentry/wait-while-adding", test_wait_while_adding);
  g_test_add_func ("/flow/reentry/restart-called-off", test_restart_called_off);
  g_test_add_func ("/flow/reentry/forgetful-program", test_forgetful_program);
}

int
main (int argc, char **argv)
{
  if (argc > 1 && g_str_equal (argv[1], FORGETFUL))
    return run_forgetful_host ();
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
