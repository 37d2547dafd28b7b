/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Events that do not end when they are asked to: their worker is killed, and whom that hurts. */

#include "config.h"
#include "long-work.h"

#include <signal.h>

static void
keep_reason_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  g_clear_error ((GError **) user_data);
  *(GError **) user_data = reason != NULL ? g_error_copy (reason) : NULL;
}

static void
test_others_unhurt (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) before = long_work_add_echoes (fixture, 2000);
  g_autoptr (GPtrArray) behind = NULL;
  g_autoptr (MpelEvent) spinning = NULL;
  g_autoptr (GError) reason = NULL;
  int pid;

  g_test_summary ("A worker is killed for an event that ignores being cancelled; what that has not begun runs in another.");

  mpel_test_wait (fixture->loop);
  g_signal_connect (fixture->loop, "worker-exited", G_CALLBACK (keep_reason_cb), &reason);
  pid = mpel_event_loop_get_worker_pid (fixture->loop);
  spinning = g_object_ref (mpel_test_add (fixture->loop, "spin", NULL));
  behind = long_work_add_echoes (fixture, 2000);
  mpel_test_iterate_until_begun (spinning);
  g_assert_cmpint (mpel_event_get_state (behind->pdata[0]), ==, MPEL_EVENT_STATE_SENT);
  g_assert_cmpint (mpel_event_get_state (behind->pdata[behind->len - 1]), ==, MPEL_EVENT_STATE_QUEUED);
  mpel_event_cancel (spinning);
  mpel_test_wait (fixture->loop);

  mpel_test_assert_cancelled (spinning);
  g_assert_error (reason, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  g_signal_handlers_disconnect_by_func (fixture->loop, keep_reason_cb, &reason);
  g_assert_cmpint (mpel_event_loop_get_worker_pid (fixture->loop), !=, pid);
  long_work_assert_echoes (before);
  long_work_assert_echoes (behind);
  mpel_test_assert_each_ended_once (fixture->ends, 4001);
}

static void
test_beside (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) beside = mpel_test_add_begun (fixture->loop, "linger");
  g_autoptr (MpelEvent) spinning = mpel_test_add_begun (fixture->loop, "spin");
  g_autoptr (MpelEvent) behind = g_object_ref (mpel_test_add (fixture->loop, "echo", NULL));

  g_test_summary ("What runs beside it is lost, and it is said why.");

  mpel_event_cancel (spinning);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (spinning);
  mpel_test_assert_lost (beside, "*killed*spin*did not end when it was asked to*");
  mpel_test_assert_results (behind, "()");
  mpel_test_assert_each_ended_once (fixture->ends, 3);
}

static void
test_several (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) first = mpel_test_add_begun (fixture->loop, "linger");
  g_autoptr (MpelEvent) second = mpel_test_add_begun (fixture->loop, "linger");
  g_autoptr (MpelEvent) third = mpel_test_add_begun (fixture->loop, "spin");
  g_autoptr (MpelEvent) behind = g_object_ref (mpel_test_add (fixture->loop, "echo", NULL));

  g_test_summary ("Several that do not end are all cancelled.");

  mpel_event_cancel (first);
  mpel_event_cancel (third);
  mpel_event_cancel (second);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (first);
  mpel_test_assert_cancelled (second);
  mpel_test_assert_cancelled (third);
  mpel_test_assert_results (behind, "()");
  mpel_test_assert_each_ended_once (fixture->ends, 4);
}

static void
test_all (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) spinning = mpel_test_add_begun (fixture->loop, "spin");
  g_autoptr (GPtrArray) behind = long_work_add_echoes (fixture, 100);
  g_autoptr (GPtrArray) later = NULL;

  g_test_summary ("Cancelling all kills a worker that does not answer; events that are added meanwhile have another.");

  mpel_event_loop_cancel_all (fixture->loop);
  later = long_work_add_echoes (fixture, 100);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (spinning);
  for (guint i = 0; i < behind->len; i++)
    mpel_test_assert_cancelled (behind->pdata[i]);
  long_work_assert_echoes (later);
  mpel_test_assert_each_ended_once (fixture->ends, 201);
}

static void
test_again_and_again (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("spin", NULL, NULL);
  g_autoptr (GPtrArray) echoes = NULL;

  g_test_summary ("An event that ignores it is added again and again, and each time costs a worker; its retries are not used for that.");

  mpel_event_set_max_retries (event, 5);
  echoes = long_work_add_echoes (fixture, 0);
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;

      mpel_event_loop_add_event (fixture->loop, event, &error);
      g_assert_no_error (error);
      g_ptr_array_add (echoes, g_object_ref (mpel_test_add (fixture->loop, "echo", g_variant_new ("(i)", i))));
      mpel_test_iterate_until_begun (event);
      mpel_event_cancel (event);
      mpel_test_wait (fixture->loop);
      mpel_test_assert_cancelled (event);
      g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, i + 1);
    }
  long_work_assert_echoes (echoes);
}

static void
test_retry_beside (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) beside = mpel_event_new ("linger", NULL, NULL);
  g_autoptr (MpelEvent) spinning = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What runs beside it and may be tried again is, in another worker.");

  mpel_event_set_max_retries (beside, 1);
  mpel_event_loop_add_event (fixture->loop, beside, &error);
  g_assert_no_error (error);
  mpel_test_iterate_until_begun (beside);
  spinning = mpel_test_add_begun (fixture->loop, "spin");
  mpel_event_cancel (spinning);
  mpel_test_iterate_until_state (spinning, MPEL_EVENT_STATE_CANCELLED);
  mpel_test_iterate_until_begun (beside);
  g_assert_cmpint (mpel_event_get_state (beside), ==, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (beside);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (beside);
  mpel_test_assert_each_ended_once (fixture->ends, 2);
}

static void
test_no_grace (LongWork *fixture, gconstpointer data)
{
  MpelEventLoop *other = mpel_test_loop_new ();
  g_autoptr (MpelEvent) spinning = NULL;
  g_autoptr (MpelEvent) behind = NULL;

  g_test_summary ("A grace of 0 has no end: the event goes on, until the loop is terminated.");

  mpel_event_loop_set_cancel_grace (fixture->loop, 0);
  spinning = mpel_test_add_begun (fixture->loop, "spin");
  behind = g_object_ref (mpel_test_add (fixture->loop, "echo", NULL));
  mpel_event_cancel (spinning);
  /* The grace is that of when it was cancelled. */
  mpel_event_loop_set_cancel_grace (fixture->loop, 1);
  for (int i = 0; i < 100; i++)
    {
      mpel_test_add (other, "echo", NULL);
      mpel_test_wait (other);
    }
  g_assert_cmpint (mpel_event_get_state (spinning), ==, MPEL_EVENT_STATE_SENT);
  mpel_event_loop_terminate (fixture->loop);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (spinning);
  mpel_test_assert_cancelled (behind);
  mpel_test_assert_each_ended_once (fixture->ends, 2);
  mpel_test_loop_close_and_assert_finalized (other);
}

static void
test_crash (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) dying = mpel_event_new ("spin", NULL, NULL);
  g_autoptr (MpelEvent) behind = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event whose worker crashes while it is being cancelled is cancelled, and not tried again.");

  mpel_event_loop_set_cancel_grace (fixture->loop, LONG_WORK_LONG_MS);
  mpel_event_set_max_retries (dying, 3);
  mpel_event_loop_add_event (fixture->loop, dying, &error);
  g_assert_no_error (error);
  behind = g_object_ref (mpel_test_add (fixture->loop, "echo", NULL));
  mpel_test_iterate_until_begun (dying);
  mpel_event_cancel (dying);
  kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (dying);
  mpel_test_assert_lost (behind, "*signal 9*");
  mpel_test_assert_each_ended_once (fixture->ends, 2);
}

static void
test_close (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) spinning = mpel_test_add_begun (fixture->loop, "spin");
  g_autoptr (GPtrArray) behind = long_work_add_echoes (fixture, 50);

  g_test_summary ("A loop that is closed while the grace runs ends when it is over, and what waits runs all the same.");

  mpel_event_cancel (spinning);
  mpel_test_loop_close_and_assert_finalized (g_steal_pointer (&fixture->loop));
  mpel_test_assert_cancelled (spinning);
  long_work_assert_echoes (behind);
  mpel_test_assert_each_ended_once (fixture->ends, 51);
}

static void
test_dispose (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) spinning = mpel_test_add_begun (fixture->loop, "spin");
  g_autoptr (GPtrArray) behind = long_work_add_echoes (fixture, 50);

  g_test_summary ("A loop that is disposed while the grace runs cancels all.");

  mpel_event_cancel (spinning);
  g_object_run_dispose (G_OBJECT (fixture->loop));
  mpel_test_assert_cancelled (spinning);
  for (guint i = 0; i < behind->len; i++)
    mpel_test_assert_cancelled (behind->pdata[i]);
  mpel_test_assert_each_ended_once (fixture->ends, 51);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->loop));
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, long_work_set_up_hasty, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/force/others-unhurt", test_others_unhurt);
  add_test ("/flow/force/beside", test_beside);
  add_test ("/flow/force/several", test_several);
  add_test ("/flow/force/all", test_all);
  add_test ("/flow/force/again-and-again", test_again_and_again);
  add_test ("/flow/force/retry-beside", test_retry_beside);
  add_test ("/flow/force/no-grace", test_no_grace);
  add_test ("/flow/force/crash", test_crash);
  add_test ("/flow/force/close", test_close);
  add_test ("/flow/force/dispose", test_dispose);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, long_work_register, add_tests);
}
