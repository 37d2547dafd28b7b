/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Events that do not end in time. */

#include "config.h"
#include "long-work.h"

static MpelEvent *
add_with_timeout (LongWork *fixture, const char *target, int timeout)
{
  MpelEvent *event = mpel_event_new (target, NULL, NULL);

  mpel_event_set_timeout (event, timeout);
  mpel_test_add_event (fixture->loop, event);
  return event;
}

static void
assert_late (MpelEvent *event)
{
  mpel_test_assert_error (event, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "*did not end in time*");
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_FAILED);
  g_assert_null (mpel_event_get_results (event));
}

static void
iterate_until_told (LongWork *fixture, MpelEvent *event)
{
  while (mpel_test_get_n_ends (fixture->ends, event) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_waiting (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) running = add_with_timeout (fixture, "give-up", 0);
  g_autoptr (MpelEvent) sent = NULL;
  g_autoptr (MpelEvent) queued = NULL;

  g_test_summary ("Events that wait, in the worker or in the host, fail when their time is over, and never run.");

  mpel_test_iterate_until_begun (running);
  sent = add_with_timeout (fixture, "count-me", LONG_WORK_SHORT_MS);
  mpel_test_add (fixture->loop, "count-runs", NULL);
  mpel_test_add (fixture->loop, "count-runs", NULL);
  queued = add_with_timeout (fixture, "count-me", LONG_WORK_SHORT_MS);
  iterate_until_told (fixture, sent);
  iterate_until_told (fixture, queued);
  assert_late (sent);
  assert_late (queued);
  g_assert_cmpint (mpel_event_get_state (running), ==, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (running);
  mpel_test_wait (fixture->loop);
  long_work_assert_n_runs (fixture, "(0,)");
  mpel_test_assert_each_ended_once (fixture->ends, 6);
}

/* For a worker that is there already: so that it has begun long before its time is over. */
static void
run_until_late (LongWork *fixture, const char *target)
{
  g_autoptr (MpelEvent) event = add_with_timeout (fixture, target, 1000);

  mpel_test_iterate_until_begun (event);
  g_assert_false (mpel_event_is_ended (event));
  mpel_test_wait (fixture->loop);
  assert_late (event);
}

static void
test_running (LongWork *fixture, gconstpointer data)
{
  g_test_summary ("A running event is told that its time is over, and has failed whatever it answers.");

  mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_wait (fixture->loop);
  run_until_late (fixture, "give-up");
  run_until_late (fixture, "finish");
  run_until_late (fixture, "yield-endlessly");
  mpel_test_assert_each_ended_once (fixture->ends, 4);
}

static void
test_force (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) spinning = NULL;
  g_autoptr (MpelEvent) behind = NULL;

  g_test_summary ("An event that goes on after its time costs the worker; those behind it run in another.");

  mpel_event_loop_set_cancel_grace (fixture->loop, LONG_WORK_SHORT_MS);
  spinning = add_with_timeout (fixture, "spin", LONG_WORK_SHORT_MS);
  behind = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));
  mpel_test_wait (fixture->loop);
  assert_late (spinning);
  mpel_test_assert_results (behind, "()");
  mpel_test_assert_each_ended_once (fixture->ends, 2);
}

static void
test_default (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) early = NULL;
  g_autoptr (MpelEvent) plain = NULL;
  g_autoptr (MpelEvent) patient = NULL;
  g_autoptr (MpelEvent) explicit = NULL;

  g_test_summary ("The loop's timeout is that of events that have none of their own, and are added later; 0 is none.");

  early = g_object_ref (mpel_test_add (fixture->loop, "give-up", NULL));
  mpel_event_loop_set_event_timeout (fixture->loop, LONG_WORK_SHORT_MS);
  plain = g_object_ref (mpel_test_add (fixture->loop, "count-me", NULL));
  patient = add_with_timeout (fixture, "give-up", 0);
  explicit = add_with_timeout (fixture, "give-up", LONG_WORK_LONG_MS);
  g_assert_cmpint (mpel_event_get_timeout (plain), ==, -1);
  mpel_event_loop_set_event_timeout (fixture->loop, 0);
  iterate_until_told (fixture, plain);
  assert_late (plain);
  g_assert_false (mpel_event_is_ended (early));
  g_assert_false (mpel_event_is_ended (patient));
  g_assert_false (mpel_event_is_ended (explicit));
  mpel_event_loop_cancel_all (fixture->loop);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_each_ended_once (fixture->ends, 4);
}

static void
test_first_wins (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) cancelled = mpel_event_new ("finish", NULL, NULL);
  g_autoptr (MpelEvent) late = mpel_event_new ("spin", NULL, NULL);
  g_autoptr (MpelEvent) helper = NULL;

  g_test_summary ("Of a deadline and a cancel the first one counts.");

  mpel_event_set_timeout (cancelled, LONG_WORK_LONG_MS);
  mpel_test_add_event (fixture->loop, cancelled);
  mpel_test_iterate_until_begun (cancelled);
  mpel_event_cancel (cancelled);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (cancelled, "('finished',)");

  /* The worker is killed while both have been asked for. */
  mpel_event_set_timeout (late, 1);
  mpel_test_add_event (fixture->loop, late);
  helper = add_with_timeout (fixture, "count-me", LONG_WORK_SHORT_MS);
  iterate_until_told (fixture, helper);
  mpel_event_cancel (late);
  mpel_event_loop_terminate (fixture->loop);
  mpel_test_wait (fixture->loop);
  assert_late (late);
  mpel_test_assert_each_ended_once (fixture->ends, 3);
}

static void
test_race (LongWork *fixture, gconstpointer data)
{
  const guint n = 300;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_late = 0;

  g_test_summary ("Deadlines, cancels and answers at about the same time: each event ends once, in one of these ways.");

  for (guint i = 0; i < n; i++)
    {
      MpelEvent *event = add_with_timeout (fixture, "give-up", g_test_rand_int_range (1, 5));

      g_ptr_array_add (events, event);
      if (g_test_rand_int_range (0, 2) == 0)
        g_main_context_iteration (NULL, FALSE);
      mpel_event_cancel (events->pdata[g_test_rand_int_range (0, (gint32) events->len)]);
    }
  mpel_test_wait (fixture->loop);
  mpel_test_assert_each_ended_once (fixture->ends, n);
  for (guint i = 0; i < n; i++)
    if (mpel_event_get_state (events->pdata[i]) == MPEL_EVENT_STATE_FAILED)
      {
        assert_late (events->pdata[i]);
        n_late++;
      }
    else
      mpel_test_assert_cancelled (events->pdata[i]);
  g_test_message ("%u of %u were late", n_late, n);
}

static void
test_many (LongWork *fixture, gconstpointer data)
{
  const int n = 10000;
  g_autoptr (MpelEvent) late = NULL;
  GHashTableIter iter;
  gpointer       event;

  g_test_summary ("Thousands of events with a long timeout end in time, among them some that do not.");

  mpel_event_loop_set_event_timeout (fixture->loop, LONG_WORK_LONG_MS);
  for (int i = 0; i < n; i++)
    {
      mpel_test_add (fixture->loop, "count-me", NULL);
      if (i == n / 2)
        late = add_with_timeout (fixture, "give-up", 1);
    }
  mpel_test_wait (fixture->loop);
  mpel_test_assert_each_ended_once (fixture->ends, n + 1);
  assert_late (late);
  g_hash_table_iter_init (&iter, fixture->ends);
  while (g_hash_table_iter_next (&iter, &event, NULL))
    if (event != late)
      mpel_test_assert_results (event, "()");
}

static void
test_all_late (LongWork *fixture, gconstpointer data)
{
  const guint n = 3000;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (MpelEvent) running = add_with_timeout (fixture, "give-up", 0);

  g_test_summary ("Thousands that are late at once all fail, whoever is sent ahead.");

  mpel_test_iterate_until_begun (running);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (events, add_with_timeout (fixture, "count-me", 1));
  while (g_hash_table_size (fixture->ends) < n)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < n; i++)
    assert_late (events->pdata[i]);
  mpel_event_cancel (running);
  mpel_test_wait (fixture->loop);
  long_work_assert_n_runs (fixture, "(0,)");
}

static gboolean
add_again_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  int *n_left = user_data;
  g_autoptr (GError) error = NULL;

  assert_late (event);
  if ((*n_left)-- == 0)
    return FALSE;
  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
  return FALSE;
}

static void
test_again (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;
  int n_left = 10;

  g_test_summary ("An event that is added again, also in a handler, has all its time again.");

  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (add_again_cb), &n_left);
  event = add_with_timeout (fixture, "give-up", LONG_WORK_SHORT_MS);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (mpel_test_get_n_ends (fixture->ends, event), ==, 11);
  g_signal_handlers_disconnect_by_func (fixture->loop, add_again_cb, &n_left);

  /* The deadline of before does not hold any more. */
  mpel_event_set_timeout (event, LONG_WORK_LONG_MS);
  mpel_event_set_target (event, "count-me");
  mpel_test_add_event (fixture->loop, event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "()");
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, long_work_set_up_patient, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/deadline/waiting", test_waiting);
  add_test ("/flow/deadline/running", test_running);
  add_test ("/flow/deadline/force", test_force);
  add_test ("/flow/deadline/default", test_default);
  add_test ("/flow/deadline/first-wins", test_first_wins);
  add_test ("/flow/deadline/race", test_race);
  add_test ("/flow/deadline/many", test_many);
  add_test ("/flow/deadline/all-late", test_all_late);
  add_test ("/flow/deadline/again", test_again);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, long_work_register, add_tests);
}
