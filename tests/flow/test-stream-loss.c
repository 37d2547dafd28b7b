/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values of events whose worker is lost, for good or to try again. */

#include "config.h"
#include "mpel-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* ---- worker ---- */

static GVariant *
yield_numbers (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int n;

  g_variant_get (args, "(i)", &n);
  for (int i = 0; i < n; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error))
      return NULL;
  return g_variant_new ("(s)", "all");
}

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

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  GPtrArray     *log; /* of printed values, results and errors, as they come */
  GHashTable    *ends;
} Fixture;

static void
log_yield_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_SENT);
  g_ptr_array_add (user_data, g_variant_print (value, TRUE));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->log = mpel_test_collect (fixture->loop);
  fixture->ends = mpel_test_count_ends (fixture->loop);
  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (log_yield_cb), fixture->log);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_clear_pointer (&fixture->log, g_ptr_array_unref);
  g_clear_pointer (&fixture->ends, g_hash_table_unref);
  mpel_test_assert_no_trace (fixture->before);
}

static void
assert_log (Fixture *fixture, const char *expected)
{
  g_autofree char *text = NULL;

  g_ptr_array_add (fixture->log, NULL);
  text = g_strjoinv (" | ", (char **) fixture->log->pdata);
  g_assert_cmpstr (text, ==, expected);
  g_ptr_array_set_size (fixture->log, 0);
}

static void
iterate_until_logged (Fixture *fixture, guint n)
{
  while (fixture->log->len < n)
    g_main_context_iteration (NULL, TRUE);
}

/* Returns: (transfer full) (nullable) */
static GVariant *
get_next (MpelEvent *event, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  mpel_event_next_async (event, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  return mpel_event_next_finish (event, result, error);
}

static void
assert_next (MpelEvent *event, int expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = get_next (event, &error);

  g_assert_no_error (error);
  g_assert_nonnull (value);
  g_assert_cmpint (g_variant_get_int32 (value), ==, expected);
}

static void
assert_none (MpelEvent *event)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (get_next (event, &error));
  g_assert_no_error (error);
}

static void
assert_next_fails (MpelEvent *event, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (get_next (event, &error));
  g_assert_error (error, domain, code);
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
add_event (Fixture *fixture, MpelEvent *event)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
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
kill_worker (Fixture *fixture)
{
  kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL);
}

static void
test_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = new_event (3, 0);

  g_test_summary ("What a worker yielded before it died has come, and then its event is lost.");

  add_event (fixture, event);
  iterate_until_logged (fixture, 3);
  kill_worker (fixture);
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_LOST);
  g_ptr_array_set_size (fixture->log, 3);
  assert_log (fixture, "0 | 1 | 2");
  mpel_test_assert_each_ended_once (fixture->ends, 1);
  remove_file (event);
}

static void
test_retry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = new_event (3, 1);

  g_test_summary ("An event that is tried again yields its values again, from the first.");

  add_event (fixture, event);
  iterate_until_logged (fixture, 3);
  kill_worker (fixture);
  mpel_test_wait (fixture->loop);
  assert_log (fixture, "0 | 1 | 2 | 0 | 1 | 2 | ()");
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
test_retry_within (Fixture *fixture, gconstpointer data)
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
lose_worker (Fixture *fixture, MpelEvent *event)
{
  mpel_event_set_pull (event, TRUE);
  add_event (fixture, event);
  for (int i = 0; i < 10; i++)
    assert_next (event, i);
  while (mpel_event_get_progress (event) < 1)
    g_main_context_iteration (NULL, TRUE);
  kill_worker (fixture);
}

static void
test_pulled_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = new_event (50, 0);

  g_test_summary ("What came before the worker died can be asked for, and then it is said that the event was lost.");

  lose_worker (fixture, event);
  mpel_test_wait (fixture->loop);
  for (int i = 10; i < 50; i++)
    assert_next (event, i);
  assert_next_fails (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  mpel_test_assert_each_ended_once (fixture->ends, 1);
  remove_file (event);
}

static void
test_pulled_retry (Fixture *fixture, gconstpointer data)
{
  const int n = 250;
  g_autoptr (MpelEvent) event = new_event (n, 1);

  g_test_summary ("An event that is tried again starts anew: what nobody asked for of the first run is forgotten.");

  lose_worker (fixture, event);
  mpel_test_iterate_until_state (event, MPEL_EVENT_STATE_QUEUED);
  mpel_test_iterate_until_state (event, MPEL_EVENT_STATE_SENT);
  for (int i = 0; i < n; i++)
    assert_next (event, i);
  assert_none (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "()");
  mpel_test_assert_each_ended_once (fixture->ends, 1);
  remove_file (event);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "yield-numbers", yield_numbers, NULL, NULL);
  mpel_worker_add_function (worker, "hang-once", hang_once, NULL, NULL);
}

static void
add_test (const char *path, void (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
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
