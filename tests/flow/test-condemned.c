/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Workers that are about to be killed for an event: what becomes of the others meanwhile. */

#include "config.h"
#include "long-work.h"

#include "mpel-event-loop-private.h"

#include <signal.h>

/* Until its grace is over: the worker is asked for what it has not begun, and has not answered. */
static void
iterate_until_condemned (LongWork *fixture)
{
  MpelSession *session = mpel_event_loop_get_private (fixture->loop)->sessions->pdata[0];

  while (session->doom == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_terminate_condemned (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) spinning = mpel_test_add_begun (fixture->loop, "spin");
  g_autoptr (GPtrArray) behind = long_work_add_echoes (fixture, 50);

  g_test_summary ("A loop is terminated after the worker was condemned, and before it is dead.");

  mpel_event_cancel (spinning);
  iterate_until_condemned (fixture);
  mpel_event_loop_terminate (fixture->loop);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (spinning);
  for (guint i = 0; i < behind->len; i++)
    mpel_test_assert_cancelled (behind->pdata[i]);
  mpel_test_assert_each_ended_once (fixture->ends, 51);
}

static void
terminate_when_queued_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_QUEUED)
    mpel_event_loop_terminate (user_data);
}

static void
assert_terminated_when_back (LongWork *fixture, MpelEvent *spinning, GPtrArray *behind)
{
  MpelEvent *first = behind->pdata[0];
  gulong     id = g_signal_connect (first, "notify::state", G_CALLBACK (terminate_when_queued_cb), fixture->loop);

  mpel_test_iterate_until_state (first, MPEL_EVENT_STATE_CANCELLED);
  mpel_test_wait (fixture->loop);
  g_signal_handler_disconnect (first, id);
  mpel_test_assert_cancelled (spinning);
  for (guint i = 0; i < behind->len; i++)
    mpel_test_assert_cancelled (behind->pdata[i]);
}

static void
test_terminate_when_back (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) before = long_work_add_echoes (fixture, 2000);
  g_autoptr (MpelEvent) spinning = NULL;
  g_autoptr (GPtrArray) behind = NULL;

  g_test_summary ("Who is notified that an event is back in the host terminates the loop, and no other escapes that.");

  mpel_test_wait (fixture->loop);
  spinning = g_object_ref (mpel_test_add (fixture->loop, "spin", NULL));
  behind = long_work_add_echoes (fixture, 100);
  mpel_test_iterate_until_begun (spinning);
  mpel_event_cancel (spinning);
  assert_terminated_when_back (fixture, spinning, behind);
  mpel_test_assert_each_ended_once (fixture->ends, 2101);
}

static void
test_terminate_when_tried_again (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) before = long_work_add_echoes (fixture, 2000);
  g_autoptr (MpelEvent) spinning = NULL;
  g_autoptr (GPtrArray) behind = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("The same when the events are back because their worker was lost, and may be tried again.");

  mpel_test_wait (fixture->loop);
  spinning = g_object_ref (mpel_test_add (fixture->loop, "spin", NULL));
  for (int i = 0; i < 100; i++)
    {
      MpelEvent *event = mpel_event_new ("echo", NULL, NULL);
      g_autoptr (GError) error = NULL;

      mpel_event_set_max_retries (event, 1);
      mpel_event_loop_add_event (fixture->loop, event, &error);
      g_assert_no_error (error);
      g_ptr_array_add (behind, event);
    }
  mpel_test_iterate_until_begun (spinning);
  mpel_event_loop_set_cancel_grace (fixture->loop, 0);
  mpel_event_cancel (spinning);
  kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL);
  assert_terminated_when_back (fixture, spinning, behind);
  mpel_test_assert_each_ended_once (fixture->ends, 2101);
}

static void
test_busy_host_condemned (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) spinning = mpel_test_add_begun (fixture->loop, "spin");
  g_autoptr (GPtrArray) behind = long_work_add_echoes (fixture, 50);

  g_test_summary ("A host that is busy after it condemned a worker still finds what that gave back.");

  mpel_event_cancel (spinning);
  iterate_until_condemned (fixture);
  g_usleep (500000);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (spinning);
  long_work_assert_echoes (behind);
  mpel_test_assert_each_ended_once (fixture->ends, 51);
}

static void
test_busy_host_answered (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) beside = mpel_test_add_begun (fixture->loop, "linger");
  g_autoptr (MpelEvent) event = mpel_test_add_begun (fixture->loop, "give-up");
  int pid = mpel_event_loop_get_worker_pid (fixture->loop);

  g_test_summary ("A host that is busy for longer than the grace does not kill a worker that has answered meanwhile.");

  mpel_event_cancel (event);
  g_usleep (500000);
  mpel_test_iterate_until_state (event, MPEL_EVENT_STATE_CANCELLED);
  mpel_test_add (fixture->loop, "echo", NULL);
  while (g_hash_table_size (fixture->ends) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (mpel_event_loop_get_worker_pid (fixture->loop), ==, pid);
  g_assert_cmpint (mpel_event_get_state (beside), ==, MPEL_EVENT_STATE_SENT);
  mpel_event_loop_terminate (fixture->loop);
  mpel_test_wait (fixture->loop);
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, long_work_set_up_hasty, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/condemned/terminate", test_terminate_condemned);
  add_test ("/flow/condemned/terminate-when-back", test_terminate_when_back);
  add_test ("/flow/condemned/terminate-when-tried-again", test_terminate_when_tried_again);
  add_test ("/flow/condemned/busy-host", test_busy_host_condemned);
  add_test ("/flow/condemned/busy-host-answered", test_busy_host_answered);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, long_work_register, add_tests);
}
