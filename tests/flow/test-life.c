/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Starting, waiting, stopping, closing, terminating: in every state, blocking and not. */

#include "config.h"
#include "mpel-test.h"

#include <signal.h>

/* Works until its process is ended. */
static GVariant *
spin (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  volatile guint64 n = 0;

  for (;;)
    n++;
  return NULL;
}

static void
assert_cancelled (const GError *error)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_start (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) again = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Starting does not block, and the asynchronous form tells when the worker is ready.");

  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_IDLE);
  g_assert_cmpint (mpel_event_loop_get_worker_pid (loop), ==, 0);
  g_assert_true (mpel_event_loop_start (loop, &error));
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_STARTING);
  g_assert_cmpint (mpel_event_loop_get_worker_pid (loop), >, 0);

  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_true (mpel_event_loop_start_finish (loop, result, &error));
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_READY);

  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, &again);
  mpel_test_iterate_until_result (&again);
  g_assert_true (mpel_event_loop_start_finish (loop, again, &error));
  g_assert_no_error (error);

  g_clear_object (&result);
  g_clear_object (&again);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_stop_and_restart (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (GError) error = NULL;
  int first_pid;

  g_test_summary ("Stopping finishes the queue; an event added later has a new worker.");

  g_assert_true (mpel_event_loop_stop (loop, NULL, &error));
  mpel_test_add (loop, "echo", g_variant_new ("(i)", 1));
  mpel_test_add (loop, "echo", g_variant_new ("(i)", 2));
  first_pid = mpel_event_loop_get_worker_pid (loop);
  g_assert_true (mpel_event_loop_stop (loop, NULL, &error));
  g_assert_cmpuint (ends->len, ==, 2);
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_IDLE);

  mpel_test_add (loop, "echo", g_variant_new ("(i)", 3));
  g_assert_cmpint (mpel_event_loop_get_worker_pid (loop), !=, first_pid);
  mpel_test_wait (loop);
  g_assert_cmpuint (ends->len, ==, 3);
  g_assert_no_error (error);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_add_while_leaving (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that is added while the worker leaves waits for the next worker.");

  mpel_test_add (loop, "echo", NULL);
  mpel_test_wait (loop);
  mpel_event_loop_stop_async (loop, NULL, mpel_test_keep_result_cb, &result);
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_STOPPING);
  mpel_test_add (loop, "echo", g_variant_new ("(s)", "late"));
  mpel_test_iterate_until_result (&result);
  g_assert_true (mpel_event_loop_stop_finish (loop, result, &error));
  g_assert_no_error (error);
  mpel_test_wait (loop);
  g_assert_cmpstr (ends->pdata[1], ==, "('late',)");

  g_clear_object (&result);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_close_twice (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelEvent     *event = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Closing a closed loop succeeds; adding to it and starting it is refused.");

  mpel_test_add (loop, "echo", NULL);
  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);
  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);

  g_assert_false (mpel_event_loop_add_event (loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_NEW);
  g_assert_false (mpel_event_loop_start (loop, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  g_clear_error (&error);

  mpel_event_loop_call_async (loop, "echo", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_event_loop_call_finish (loop, result, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);

  g_clear_object (&result);
  g_assert_finalize_object (event);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_terminate (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (MpelEvent) busy = g_object_ref (mpel_test_add (loop, "spin", NULL));
  g_autoptr (MpelEvent) queued = g_object_ref (mpel_test_add (loop, "echo", NULL));
  g_autoptr (GError) error = NULL;

  g_test_summary ("Terminating cancels what runs and what is queued, at once; later events run.");

  while (mpel_event_get_state (busy) != MPEL_EVENT_STATE_SENT)
    g_main_context_iteration (NULL, TRUE);
  mpel_event_loop_terminate (loop);
  g_assert_cmpint (mpel_event_get_state (busy), ==, MPEL_EVENT_STATE_CANCELLED);
  g_assert_cmpuint (ends->len, ==, 0);
  mpel_test_wait (loop);
  assert_cancelled (mpel_event_get_error (busy));
  assert_cancelled (mpel_event_get_error (queued));
  g_assert_cmpuint (ends->len, ==, 2);

  mpel_test_add (loop, "echo", g_variant_new ("(i)", 7));
  mpel_test_wait (loop);
  g_assert_cmpstr (ends->pdata[2], ==, "(7,)");

  mpel_event_loop_terminate (loop);
  g_assert_true (mpel_event_loop_stop (loop, NULL, &error));
  mpel_event_loop_terminate (loop);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_terminate_while_starting (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who waits for a start hears that it was called off.");

  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, &result);
  mpel_event_loop_terminate (loop);
  mpel_test_iterate_until_result (&result);
  g_assert_false (mpel_event_loop_start_finish (loop, result, &error));
  assert_cancelled (error);

  g_clear_object (&result);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_run_until_complete (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  MpelEvent *events[3];
  g_autoptr (GError) error = NULL;

  g_test_summary ("Waits for the given events only: one that never ends is left alone.");

  for (int i = 0; i < 3; i++)
    events[i] = mpel_event_new ("echo", g_variant_new ("(i)", i), NULL);
  g_assert_true (mpel_event_loop_run_until_complete (loop, NULL, 0, NULL, &error));
  g_assert_true (mpel_event_loop_run_until_complete (loop, events, 2, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ends->len, ==, 2);

  mpel_event_loop_run (loop, &events[2], 1, &error);
  mpel_test_add (loop, "spin", NULL);
  g_assert_false (mpel_event_loop_run_until_complete (loop, &events[2], 1, NULL, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  while (!mpel_event_is_ended (events[2]))
    g_main_context_iteration (NULL, TRUE);

  mpel_event_loop_terminate (loop);
  mpel_test_wait (loop);
  for (int i = 0; i < 3; i++)
    g_assert_finalize_object (events[i]);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel_waiting (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelEvent     *event = mpel_event_new ("spin", NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A cancellable ends the waiting of each blocking verb, and nothing else.");

  g_idle_add (cancel_cb, cancellable);
  g_assert_false (mpel_event_loop_run_until_complete (loop, &event, 1, cancellable, &error));
  assert_cancelled (error);
  g_clear_error (&error);
  g_assert_false (mpel_event_loop_wait (loop, cancellable, &error));
  assert_cancelled (error);
  g_clear_error (&error);
  g_assert_false (mpel_event_loop_stop (loop, cancellable, &error));
  assert_cancelled (error);
  g_clear_error (&error);
  g_assert_false (mpel_event_is_ended (event));
  g_assert_cmpuint (mpel_event_loop_get_n_pending (loop), ==, 1);

  mpel_event_loop_terminate (loop);
  mpel_test_wait (loop);
  g_assert_finalize_object (event);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
count_notify_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  g_ptr_array_add (user_data, (gpointer) pspec->name);
}

static guint
count_name (GPtrArray *names, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < names->len; i++)
    n += g_str_equal (names->pdata[i], name);
  return n;
}

static void
test_notify (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("State, running, pid and the number of pending events are notified, the latter once per turn.");

  g_signal_connect (loop, "notify", G_CALLBACK (count_notify_cb), names);
  for (int i = 0; i < 100; i++)
    mpel_test_add (loop, "echo", NULL);
  mpel_test_wait (loop);
  g_assert_cmpuint (count_name (names, "running"), ==, 1);
  g_assert_cmpuint (count_name (names, "worker-pid"), ==, 1);
  g_assert_cmpuint (count_name (names, "state"), ==, 2);
  g_assert_cmpuint (count_name (names, "n-pending"), >=, 2);
  g_assert_cmpuint (count_name (names, "n-pending"), <, 100);

  mpel_event_loop_stop (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_name (names, "running"), ==, 2);
  g_assert_cmpuint (count_name (names, "worker-pid"), ==, 2);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_drop_idle_loop (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();

  g_test_summary ("Dropping the last reference to an idle loop sends its worker home.");

  mpel_test_add (loop, "echo", NULL);
  mpel_test_wait (loop);
  g_assert_finalize_object (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_drop_starting_loop (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();

  g_test_summary ("Dropping a loop whose worker is not ready yet leaves nothing behind.");

  mpel_event_loop_start (loop, NULL);
  g_assert_finalize_object (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_drop_pending_loop (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelEventLoop *watched = loop;
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);

  g_test_summary ("A loop with pending events keeps itself until they are delivered.");

  g_object_add_weak_pointer (G_OBJECT (loop), (gpointer *) &watched);
  mpel_test_add (loop, "echo", g_variant_new ("(i)", 5));
  g_object_unref (loop);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (ends->len, ==, 1);
  g_assert_cmpstr (ends->pdata[0], ==, "(5,)");
  mpel_test_assert_no_trace (before);
}

static void
test_dispose (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (loop, "spin", NULL));
  g_autoptr (GAsyncResult) call = NULL;
  g_autoptr (GAsyncResult) wait = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Disposing a loop by force ends its events and all who wait.");

  mpel_event_loop_call_async (loop, "echo", NULL, NULL, NULL, mpel_test_keep_result_cb, &call);
  mpel_event_loop_wait_async (loop, NULL, mpel_test_keep_result_cb, &wait);
  while (mpel_event_get_state (event) != MPEL_EVENT_STATE_SENT)
    g_main_context_iteration (NULL, TRUE);
  g_object_run_dispose (G_OBJECT (loop));
  mpel_test_iterate_until_result (&call);
  mpel_test_iterate_until_result (&wait);
  assert_cancelled (mpel_event_get_error (event));
  g_assert_null (mpel_event_loop_call_finish (loop, call, &error));
  assert_cancelled (error);
  g_clear_error (&error);
  g_assert_false (mpel_event_loop_wait_finish (loop, wait, &error));
  assert_cancelled (error);

  g_clear_object (&call);
  g_clear_object (&wait);
  g_assert_finalize_object (loop);
  mpel_test_assert_no_trace (before);
}

static gpointer
wait_in_thread (gpointer user_data)
{
  GError *error = NULL;

  mpel_event_loop_wait (user_data, NULL, &error);
  return error;
}

static gpointer
add_in_thread (gpointer user_data)
{
  GError *error = NULL;

  g_assert_null (mpel_event_loop_add_call (user_data, "echo", NULL, NULL, &error));
  return error;
}

static void
test_wrong_thread (void)
{
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Blocking in a thread that does not own the context is refused, not for ever; and so is adding.");

  g_assert_true (g_main_context_acquire (NULL));
  error = g_thread_join (g_thread_new ("wrong", wait_in_thread, loop));
  g_main_context_release (NULL);
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED);
  g_clear_error (&error);
  error = g_thread_join (g_thread_new ("wrong", add_in_thread, loop));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (loop), ==, 0);
  g_assert_finalize_object (loop);
}

static gpointer
own_context_thread (gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (GError) error = NULL;

  mpel_test_add (loop, "echo", g_variant_new ("(i)", 9));
  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ends->pdata[0], ==, "(9,)");
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_finalize_object (loop);
  mpel_test_assert_no_trace (before);
  return NULL;
}

static void
test_own_context (void)
{
  MpelTestTrace before = mpel_test_trace ();

  g_test_summary ("A loop made in another thread delivers there, on that thread's own context.");

  g_thread_join (g_thread_new ("own", own_context_thread, NULL));
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "spin", spin, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/life/start", test_start);
  g_test_add_func ("/flow/life/stop-and-restart", test_stop_and_restart);
  g_test_add_func ("/flow/life/add-while-leaving", test_add_while_leaving);
  g_test_add_func ("/flow/life/close-twice", test_close_twice);
  g_test_add_func ("/flow/life/terminate", test_terminate);
  g_test_add_func ("/flow/life/terminate-while-starting", test_terminate_while_starting);
  g_test_add_func ("/flow/life/run-until-complete", test_run_until_complete);
  g_test_add_func ("/flow/life/cancel-waiting", test_cancel_waiting);
  g_test_add_func ("/flow/life/notify", test_notify);
  g_test_add_func ("/flow/life/drop-idle-loop", test_drop_idle_loop);
  g_test_add_func ("/flow/life/drop-starting-loop", test_drop_starting_loop);
  g_test_add_func ("/flow/life/drop-pending-loop", test_drop_pending_loop);
  g_test_add_func ("/flow/life/dispose", test_dispose);
  g_test_add_func ("/flow/life/wrong-thread", test_wrong_thread);
  g_test_add_func ("/flow/life/own-context", test_own_context);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
