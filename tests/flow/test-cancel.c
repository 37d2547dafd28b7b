/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cancelling events: wherever they are, whoever asks, however often. */

#include "config.h"
#include "long-work.h"

/* ---- worker ---- */

static GVariant *
complain (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  long_work_until_cancelled (invocation);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Not now");
  return NULL;
}

static GVariant *
cancel_itself (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "By itself");
  return NULL;
}

static gboolean
answer_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Given up later");

  mpel_invocation_return_gerror (user_data, error);
  return G_SOURCE_REMOVE;
}

/* A handler that answers when it is cancelled, and leaves the main thread free. */
static void
wait_for_cancel (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GSource) source = g_cancellable_source_new (mpel_invocation_get_cancellable (invocation));

  g_source_set_callback (source, G_SOURCE_FUNC (answer_cb), g_object_ref (invocation), g_object_unref);
  g_source_attach (source, NULL);
}

/* ---- host ---- */

static void
test_queued (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));

  g_test_summary ("An event that waits in the host ends at once, is told later, and never runs.");

  mpel_event_cancel (event);
  mpel_test_assert_cancelled (event);
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 0);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 1);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 1);
  long_work_assert_n_runs (fixture, "(0,)");
}

static void
test_sent (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) running = mpel_test_add_begun (fixture->loop, "give-up");
  g_autoptr (MpelEvent) sent = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));

  g_test_summary ("An event that waits behind a computing one ends while that goes on, and never runs.");

  mpel_test_iterate_until_state (sent, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (sent);
  g_assert_cmpint (mpel_event_get_state (sent), ==, MPEL_EVENT_STATE_SENT);
  while (mpel_test_get_n_ends (fixture->ends, sent) == 0)
    g_main_context_iteration (NULL, TRUE);
  mpel_test_assert_cancelled (sent);
  g_assert_cmpint (mpel_event_get_state (running), ==, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (running);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (running);
  long_work_assert_n_runs (fixture, "(0,)");
  mpel_test_assert_each_ended_once (fixture->ends, 3);
}

static void
test_answers (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) giving_up = mpel_test_add_begun (fixture->loop, "give-up");
  g_autoptr (MpelEvent) finishing = NULL;
  g_autoptr (MpelEvent) complaining = NULL;
  g_autoptr (MpelEvent) later = NULL;
  int pid = mpel_event_loop_get_worker_pid (fixture->loop);

  g_test_summary ("A running event hears of it at once, and ends as it answers.");

  mpel_event_cancel (giving_up);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (giving_up);

  finishing = mpel_test_add_begun (fixture->loop, "finish");
  mpel_event_cancel (finishing);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (finishing, "('finished',)");

  complaining = mpel_test_add_begun (fixture->loop, "complain");
  mpel_event_cancel (complaining);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_error (complaining, G_IO_ERROR, G_IO_ERROR_BUSY, "Not now");
  g_assert_cmpint (mpel_event_get_state (complaining), ==, MPEL_EVENT_STATE_FAILED);

  later = g_object_ref (mpel_test_add (fixture->loop, "wait-for-cancel", NULL));
  mpel_test_iterate_until_state (later, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (later);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (later);

  g_assert_cmpint (mpel_event_loop_get_worker_pid (fixture->loop), ==, pid);
  mpel_test_assert_each_ended_once (fixture->ends, 4);
}

static void
test_own_cancelled_error (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (fixture->loop, "cancel-itself", NULL));

  g_test_summary ("An event that reports a cancelled error, though nobody asked, has failed.");

  mpel_test_wait (fixture->loop);
  mpel_test_assert_error (event, G_IO_ERROR, G_IO_ERROR_CANCELLED, "By itself");
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_FAILED);
}

static void
test_in_vain (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("count-me", NULL, NULL);
  g_autoptr (MpelEvent) running = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Cancelling a new, an ended or a delivered event does nothing, and twice is like once.");

  mpel_event_cancel (event);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_NEW);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  mpel_event_cancel (event);
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);

  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  mpel_test_wait (fixture->loop);
  mpel_event_cancel (event);
  mpel_test_assert_results (event, "()");
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 2);

  running = mpel_test_add_begun (fixture->loop, "finish");
  mpel_event_cancel (running);
  mpel_event_cancel (running);
  mpel_test_iterate_until_state (running, MPEL_EVENT_STATE_DONE);
  mpel_event_cancel (running);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (running, "('finished',)");
  long_work_assert_n_runs (fixture, "(1,)");
}

static void
test_again (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_begun (fixture->loop, "give-up");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A cancelled event may be added again, and starts anew.");

  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);
  mpel_event_set_target (event, "count-me");
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  g_assert_null (mpel_event_get_error (event));
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "()");
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 2);
}

static void
test_no_output (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("give-up", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Of an event without output it is told that it was cancelled.");

  mpel_event_set_has_output (event, FALSE);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  mpel_test_iterate_until_begun (event);
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 1);
}

static void
test_while_starting (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Cancelling while the worker starts leaves the worker alone.");

  mpel_event_loop_start (fixture->loop, &error);
  g_assert_no_error (error);
  event = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));
  g_assert_cmpint (mpel_event_loop_get_state (fixture->loop), ==, MPEL_EVENT_LOOP_STATE_STARTING);
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);
  long_work_assert_n_runs (fixture, "(0,)");
}

static void
test_all (LongWork *fixture, gconstpointer data)
{
  const int n = 5000;
  g_autoptr (MpelEvent) running = NULL;
  GHashTableIter iter;
  gpointer       event;

  g_test_summary ("All of thousands are cancelled at once: those that wait here, those that were sent, the one that runs.");

  for (int i = 0; i < n; i++)
    mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_wait (fixture->loop);
  g_hash_table_remove_all (fixture->ends);

  running = g_object_ref (mpel_test_add (fixture->loop, "give-up", NULL));
  for (int i = 1; i < n; i++)
    mpel_test_add (fixture->loop, "count-me", NULL);
  mpel_test_iterate_until_begun (running);
  mpel_event_loop_cancel_all (fixture->loop);
  mpel_event_loop_cancel_all (fixture->loop);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_each_ended_once (fixture->ends, n);
  g_hash_table_iter_init (&iter, fixture->ends);
  while (g_hash_table_iter_next (&iter, &event, NULL))
    mpel_test_assert_cancelled (event);

  long_work_assert_n_runs (fixture, "(0,)");
  mpel_event_loop_cancel_all (fixture->loop);
}

/* Cancels one of the events that are pending, most often. */
static gboolean
cancel_some_cb (gpointer user_data)
{
  GPtrArray *events = user_data;

  for (int i = 0; i < 20; i++)
    mpel_event_cancel (events->pdata[g_test_rand_int_range (0, (gint32) events->len)]);
  return G_SOURCE_CONTINUE;
}

static void
test_at_random (LongWork *fixture, gconstpointer data)
{
  const guint n = 4000;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  guint source, n_done = 0;

  g_test_summary ("Whatever is cancelled whenever, each event ends once, and those that are not are done.");

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (events, g_object_ref (mpel_test_add (fixture->loop, "echo", NULL)));
  source = g_idle_add_full (mpel_event_loop_get_delivery_priority (fixture->loop), cancel_some_cb, events, NULL);
  mpel_test_wait (fixture->loop);
  g_source_remove (source);
  mpel_test_assert_each_ended_once (fixture->ends, n);
  for (guint i = 0; i < n; i++)
    if (mpel_event_get_state (events->pdata[i]) == MPEL_EVENT_STATE_DONE)
      n_done++;
    else
      mpel_test_assert_cancelled (events->pdata[i]);
  g_test_message ("%u of %u were done", n_done, n);
}

static void
register_targets (MpelWorker *worker)
{
  long_work_register (worker);
  mpel_worker_add_function (worker, "complain", complain, NULL, NULL);
  mpel_worker_add_function (worker, "cancel-itself", cancel_itself, NULL, NULL);
  mpel_worker_add_handler (worker, "wait-for-cancel", wait_for_cancel, NULL, NULL);
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, long_work_set_up_patient, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/cancel/queued", test_queued);
  add_test ("/flow/cancel/sent", test_sent);
  add_test ("/flow/cancel/answers", test_answers);
  add_test ("/flow/cancel/own-cancelled-error", test_own_cancelled_error);
  add_test ("/flow/cancel/in-vain", test_in_vain);
  add_test ("/flow/cancel/again", test_again);
  add_test ("/flow/cancel/no-output", test_no_output);
  add_test ("/flow/cancel/while-starting", test_while_starting);
  add_test ("/flow/cancel/all", test_all);
  add_test ("/flow/cancel/at-random", test_at_random);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
