/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values of events whose worker is lost, for good or to try again. */

#include "config.h"
#include "long-work.h"

#include <glib/gstdio.h>
#include <signal.h>

/* ---- worker ---- */

/* The first of the workers that share a path yields, and hangs; the second does not hang. */
static GVariant *
hang_once (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *path;
  gboolean    was_here;
  int         n;

  g_variant_get (args, "(^&ayi)", &path, &n);
  was_here = g_file_test (path, G_FILE_TEST_EXISTS);
  g_file_set_contents (path, "", 0, NULL);
  for (int i = 0; i < n; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error))
      return NULL;
  mpel_invocation_report_progress (invocation, 1, NULL);
  while (!was_here)
    g_usleep (1000);
  return g_variant_new ("()");
}

/* ---- host ---- */

static void
iterate_until_logged (LongWork *fixture, guint n)
{
  while (fixture->log->len < n)
    g_main_context_iteration (NULL, TRUE);
}

static MpelEvent *
new_event (int n, guint max_retries)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("mpel-test-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "was-here", NULL);
  MpelEvent       *event = mpel_event_new ("hang-once", g_variant_new ("(^ayi)", path, n), NULL);

  g_assert_no_error (error);
  mpel_event_set_max_retries (event, max_retries);
  return event;
}

static void
remove_file (MpelEvent *event)
{
  const char      *path;
  int              n;
  g_autofree char *folder = NULL;

  g_variant_get (mpel_event_get_args (event), "(^&ayi)", &path, &n);
  folder = g_path_get_dirname (path);
  g_remove (path);
  g_remove (folder);
}

static void
kill_worker (LongWork *fixture)
{
  kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL);
}

static void
test_lost (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = new_event (3, 0);

  g_test_summary ("What a worker yielded before it died has come, and then its event is lost.");

  mpel_test_add_event (fixture->loop, event);
  iterate_until_logged (fixture, 3);
  kill_worker (fixture);
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_LOST);
  g_ptr_array_set_size (fixture->log, 3);
  long_work_assert_log (fixture, "0 | 1 | 2");
  mpel_test_assert_each_ended_once (fixture->ends, 1);
  remove_file (event);
}

static void
test_retry (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = new_event (3, 1);

  g_test_summary ("An event that is tried again yields its values again, from the first.");

  mpel_test_add_event (fixture->loop, event);
  iterate_until_logged (fixture, 3);
  kill_worker (fixture);
  mpel_test_wait (fixture->loop);
  long_work_assert_log (fixture, "0 | 1 | 2 | 0 | 1 | 2 | ()");
  mpel_test_assert_each_ended_once (fixture->ends, 1);
  remove_file (event);
}

static void
kill_within_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  int *n_kills = user_data;
  int  pid = mpel_event_loop_get_worker_pid (loop);

  if (g_variant_get_int32 (value) != 1 || ++*n_kills > 3)
    return;
  kill (pid, SIGKILL);
  while (mpel_event_loop_get_worker_pid (loop) == pid || mpel_event_get_state (event) != MPEL_EVENT_STATE_SENT)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_retry_within (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("yield-numbers", g_variant_new ("(i)", 2000), NULL);
  g_autoptr (GError) error = NULL;
  int n_kills = 0;

  g_test_summary ("A handler of values runs a main loop of its own, in which the event is tried again; the values still come.");

  mpel_event_set_max_retries (event, 3);
  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (kill_within_cb), &n_kills);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "('all',)");
  g_assert_cmpuint (fixture->log->len, >=, 2001);
  mpel_test_assert_each_ended_once (fixture->ends, 1);
}

/* Pulls ten values, and kills the worker when all have come. */
static void
lose_worker (LongWork *fixture, MpelEvent *event)
{
  mpel_event_set_pull (event, TRUE);
  mpel_test_add_event (fixture->loop, event);
  for (int i = 0; i < 10; i++)
    mpel_test_assert_next (event, i);
  mpel_test_iterate_until_progress (event, 1);
  kill_worker (fixture);
}

static void
test_pulled_lost (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = new_event (50, 0);

  g_test_summary ("What came before the worker died can be asked for, and then it is said that the event was lost.");

  lose_worker (fixture, event);
  mpel_test_wait (fixture->loop);
  for (int i = 10; i < 50; i++)
    mpel_test_assert_next (event, i);
  mpel_test_assert_next_fails (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  mpel_test_assert_each_ended_once (fixture->ends, 1);
  remove_file (event);
}

static void
test_pulled_retry (LongWork *fixture, gconstpointer data)
{
  const int n = 250;
  g_autoptr (MpelEvent) event = new_event (n, 1);

  g_test_summary ("An event that is tried again starts anew: what nobody asked for of the first run is forgotten.");

  lose_worker (fixture, event);
  mpel_test_iterate_until_state (event, MPEL_EVENT_STATE_QUEUED);
  /* All of them may come in one turn, and the end with them. */
  while (mpel_event_get_state (event) == MPEL_EVENT_STATE_QUEUED)
    g_main_context_iteration (NULL, TRUE);
  for (int i = 0; i < n; i++)
    mpel_test_assert_next (event, i);
  mpel_test_assert_no_next (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "()");
  mpel_test_assert_each_ended_once (fixture->ends, 1);
  remove_file (event);
}

static void
register_targets (MpelWorker *worker)
{
  long_work_register (worker);
  mpel_worker_add_function (worker, "hang-once", hang_once, NULL, NULL);
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, long_work_set_up_log, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/stream-loss/lost", test_lost);
  add_test ("/flow/stream-loss/retry", test_retry);
  add_test ("/flow/stream-loss/retry-within", test_retry_within);
  add_test ("/flow/stream-loss/pulled-lost", test_pulled_lost);
  add_test ("/flow/stream-loss/pulled-retry", test_pulled_retry);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
