/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Events that are cancelled by a cancellable, and from inside handlers and notifications. */

#include "config.h"
#include "long-work.h"

static MpelEvent *
add_with_cancellable (LongWork *fixture, const char *target, GCancellable *cancellable)
{
  MpelEvent *event = mpel_event_new (target, NULL, NULL);
  g_autoptr (GError) error = NULL;

  mpel_event_set_cancellable (event, cancellable);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  return event;
}

static void
test_before (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("An event whose cancellable is cancelled when it is added never reaches a worker, not even a free one.");

  g_cancellable_cancel (cancellable);
  event = add_with_cancellable (fixture, "count-me", cancellable);
  mpel_test_assert_cancelled (event);
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 0);
  long_work_assert_n_runs (fixture, "(0,)");
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 1);

  g_object_unref (event);
  event = add_with_cancellable (fixture, "count-me", cancellable);
  mpel_test_assert_cancelled (event);
  long_work_assert_n_runs (fixture, "(0,)");
}

static void
test_one_for_many (LongWork *fixture, gconstpointer data)
{
  const guint n = 500;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (MpelEvent) bystander = NULL;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("One cancellable ends many events, running and queued, and no others.");

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (events, add_with_cancellable (fixture, "give-up", cancellable));
  bystander = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));
  mpel_test_iterate_until_begun (events->pdata[0]);
  g_cancellable_cancel (cancellable);
  mpel_test_wait (fixture->loop);
  for (guint i = 0; i < n; i++)
    mpel_test_assert_cancelled (events->pdata[i]);
  mpel_test_assert_results (bystander, "()");
  mpel_test_assert_each_ended_once (fixture->ends, n + 1);
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  return NULL;
}

static void
test_other_thread (LongWork *fixture, gconstpointer data)
{
  g_test_summary ("A cancellable is cancelled in another thread, while its events wait, run and end.");

  for (int i = 0; i < 100; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (MpelEvent) running = add_with_cancellable (fixture, "give-up", cancellable);
      g_autoptr (MpelEvent) queued = add_with_cancellable (fixture, "count-me", cancellable);
      GThread *thread;

      if (i % 2 == 0)
        mpel_test_iterate_until_begun (running);
      thread = g_thread_new ("cancel", cancel_in_thread, g_object_ref (cancellable));
      mpel_test_wait (fixture->loop);
      g_thread_join (thread);
      mpel_test_assert_cancelled (running);
      if (mpel_event_get_state (queued) != MPEL_EVENT_STATE_DONE)
        mpel_test_assert_cancelled (queued);
    }
  mpel_test_assert_each_ended_once (fixture->ends, 200);
}

static void
test_after (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (MpelEvent) event = add_with_cancellable (fixture, "count-me", cancellable);

  g_test_summary ("A cancellable has no power over an event that has ended, and is not held by it for long.");

  mpel_test_wait (fixture->loop);
  g_cancellable_cancel (cancellable);
  mpel_test_assert_results (event, "()");
  mpel_event_set_cancellable (event, NULL);
  g_assert_finalize_object (g_steal_pointer (&cancellable));
}

static void
test_call (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) running = NULL;
  g_autoptr (GAsyncResult) queued = NULL;
  g_autoptr (GAsyncResult) late = NULL;
  g_autoptr (GError) error = NULL;
  MpelEvent *event;

  g_test_summary ("A call's cancellable cancels its event; one that is cancelled already makes none.");

  mpel_event_loop_call_async (fixture->loop, "give-up", NULL, NULL, cancellable, mpel_test_keep_result_cb, &running);
  mpel_event_loop_call_async (fixture->loop, "count-me", NULL, NULL, cancellable, mpel_test_keep_result_cb, &queued);
  g_cancellable_cancel (cancellable);
  mpel_event_loop_call_async (fixture->loop, "count-me", NULL, NULL, cancellable, mpel_test_keep_result_cb, &late);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 2);
  mpel_test_wait (fixture->loop);
  mpel_test_iterate_until_result (&running);
  mpel_test_iterate_until_result (&queued);
  mpel_test_iterate_until_result (&late);

  event = mpel_event_loop_get_call_event (fixture->loop, running);
  mpel_test_assert_cancelled (event);
  g_assert_null (mpel_event_loop_call_finish (fixture->loop, running, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (mpel_event_loop_call_finish (fixture->loop, queued, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (mpel_event_loop_call_finish (fixture->loop, late, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mpel_test_assert_each_ended_once (fixture->ends, 2);
  long_work_assert_n_runs (fixture, "(0,)");
}

/* ---- from inside ---- */

static gboolean
cancel_other_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  mpel_event_cancel (event);
  mpel_event_cancel (user_data);
  return FALSE;
}

static void
test_within_done (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) first = NULL;
  g_autoptr (MpelEvent) second = NULL;
  g_autoptr (MpelEvent) third = NULL;

  g_test_summary ("A handler of an end cancels the event that ended, one that runs, and one that waits.");

  first = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));
  second = g_object_ref (mpel_test_add (fixture->loop, "give-up", NULL));
  third = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));
  /* The one that waits first, or it would begin. */
  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (cancel_other_cb), third);
  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (cancel_other_cb), second);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (first, "()");
  mpel_test_assert_cancelled (second);
  mpel_test_assert_cancelled (third);
  mpel_test_assert_each_ended_once (fixture->ends, 3);
}

typedef struct
{
  MpelEventState state;
  int            n_notified;
} AtState;

static void
cancel_at_state_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  AtState *at = user_data;

  at->n_notified++;
  if (mpel_event_get_state (event) == at->state)
    mpel_event_cancel (event);
}

static void
test_within_state (LongWork *fixture, gconstpointer data)
{
  AtState at_queued = { MPEL_EVENT_STATE_QUEUED, 0 };
  AtState at_sent = { MPEL_EVENT_STATE_SENT, 0 };
  AtState at_end = { MPEL_EVENT_STATE_CANCELLED, 0 };
  g_autoptr (MpelEvent) queued = mpel_event_new ("count-me", NULL, NULL);
  g_autoptr (MpelEvent) sent = mpel_event_new ("give-up", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who is notified that an event is queued, sent or cancelled cancels it.");

  g_signal_connect (queued, "notify::state", G_CALLBACK (cancel_at_state_cb), &at_queued);
  g_signal_connect (queued, "notify::state", G_CALLBACK (cancel_at_state_cb), &at_end);
  g_signal_connect (sent, "notify::state", G_CALLBACK (cancel_at_state_cb), &at_sent);
  mpel_event_loop_run (fixture->loop, (MpelEvent *[]){ queued, sent }, 2, &error);
  g_assert_no_error (error);
  mpel_test_assert_cancelled (queued);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (sent);
  g_assert_cmpint (at_queued.n_notified, ==, 2);
  g_assert_cmpint (at_sent.n_notified, ==, 3);
  mpel_test_assert_each_ended_once (fixture->ends, 2);
  long_work_assert_n_runs (fixture, "(0,)");
}

static void
cancel_at_progress_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  ++*(int *) user_data;
  mpel_event_cancel (event);
}

static void
test_within_progress (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;
  int n = 0;

  g_test_summary ("A handler of progress cancels the event.");

  g_signal_connect (fixture->loop, "event-progress", G_CALLBACK (cancel_at_progress_cb), &n);
  event = g_object_ref (mpel_test_add (fixture->loop, "give-up", NULL));
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);
  g_assert_cmpint (n, ==, 1);
}

static void
cancel_at_yield_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  int *n = user_data;

  g_assert_cmpint (g_variant_get_int32 (value), ==, *n);
  if (++*n == 1000)
    mpel_event_cancel (event);
}

static void
test_within_yield (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;
  int n = 0;

  g_test_summary ("A handler of values cancels the event, and hears of no other value.");

  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (cancel_at_yield_cb), &n);
  event = g_object_ref (mpel_test_add (fixture->loop, "yield-endlessly", NULL));
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);
  g_assert_cmpint (n, ==, 1000);
  mpel_test_assert_each_ended_once (fixture->ends, 1);
}

static gboolean
add_again_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  int *n_left = user_data;
  g_autoptr (GError) error = NULL;

  if ((*n_left)-- == 0)
    return FALSE;
  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
  if (*n_left % 2 == 0)
    mpel_event_cancel (event);
  return FALSE;
}

static void
test_again_within_done (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;
  int n_left = 100;

  g_test_summary ("A handler adds a cancelled event again, and cancels that too, a hundred times.");

  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (add_again_cb), &n_left);
  event = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 101);
}

static gboolean
wait_within_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  MpelEvent **other = user_data;
  g_autoptr (MpelEvent) running = g_steal_pointer (other);

  if (running == NULL)
    return FALSE;
  mpel_event_cancel (running);
  mpel_test_wait (loop);
  mpel_test_assert_cancelled (running);
  return FALSE;
}

static void
test_wait_within_done (LongWork *fixture, gconstpointer data)
{
  MpelEvent *running = NULL;

  g_test_summary ("A handler cancels the running event, and waits for its end in a main loop of its own.");

  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (wait_within_cb), &running);
  mpel_test_add (fixture->loop, "count-me", NULL);
  running = g_object_ref (mpel_test_add (fixture->loop, "give-up", NULL));
  mpel_test_wait (fixture->loop);
  g_assert_null (running);
  mpel_test_assert_each_ended_once (fixture->ends, 2);
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, long_work_set_up_patient, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/cancellable/before", test_before);
  add_test ("/flow/cancellable/one-for-many", test_one_for_many);
  add_test ("/flow/cancellable/other-thread", test_other_thread);
  add_test ("/flow/cancellable/after", test_after);
  add_test ("/flow/cancellable/call", test_call);
  add_test ("/flow/cancellable/within-done", test_within_done);
  add_test ("/flow/cancellable/within-state", test_within_state);
  add_test ("/flow/cancellable/within-progress", test_within_progress);
  add_test ("/flow/cancellable/within-yield", test_within_yield);
  add_test ("/flow/cancellable/again-within-done", test_again_within_done);
  add_test ("/flow/cancellable/wait-within-done", test_wait_within_done);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, long_work_register, add_tests);
}
