/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An event whose worker is lost runs again, if it may, and starts anew. */

#include "config.h"
#include "mpel-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

/* Together more than may be under way. */
#define N_BEFORE 200
#define N_VALUES 400

/* ---- worker ---- */

static gboolean
yield_values (MpelInvocation *invocation, int first, int end, GError **error)
{
  for (int i = first; i < end; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error))
      return FALSE;
  return TRUE;
}

/* Waits half-way until a file is gone. */
static GVariant *
count (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *path;

  g_variant_get (args, "(&s)", &path);
  if (!yield_values (invocation, 0, N_BEFORE, error))
    return NULL;
  mpel_invocation_report_progress (invocation, 0.5, "half-way");
  while (g_file_test (path, G_FILE_TEST_EXISTS))
    g_usleep (1000);
  if (!yield_values (invocation, N_BEFORE, N_VALUES, error))
    return NULL;
  return g_variant_new_int32 (getpid ());
}

/* ---- host ---- */

static char *
make_file (void)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int   fd = g_file_open_tmp ("mpel-again-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (fd);
  return path;
}

static void
remove_file (const char *path)
{
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
iterate_until_half_way (MpelEvent *event)
{
  mpel_test_iterate_until_progress (event, 0.5);
}

static void
exited_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
kill_worker (MpelEventLoop *loop)
{
  gboolean exited = FALSE;
  gulong   handler = g_signal_connect (loop, "worker-exited", G_CALLBACK (exited_cb), &exited);

  g_assert_cmpint (kill (mpel_event_loop_get_worker_pid (loop), SIGKILL), ==, 0);
  mpel_test_iterate_until (&exited);
  g_signal_handler_disconnect (loop, handler);
}

static MpelEvent *
add_count (MpelEventLoop *loop, const char *path, gboolean pull)
{
  MpelEvent *event = mpel_event_new ("count", g_variant_new ("(s)", path), NULL);
  g_autoptr (GError) error = NULL;

  mpel_event_set_max_retries (event, 1);
  mpel_event_set_pull (event, pull);
  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
  return event;
}

static void
assert_done_by_other (MpelEventLoop *loop, MpelEvent *event, int first_pid)
{
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_DONE);
  g_assert_cmpint (g_variant_get_int32 (mpel_event_get_results (event)), !=, first_pid);
}

static void
test_pulled (gconstpointer is_pool)
{
  MpelTestTrace    before = mpel_test_trace ();
  MpelEventLoop   *loop = is_pool ? MPEL_EVENT_LOOP (mpel_pool_new (1)) : mpel_test_loop_new ();
  g_autofree char *path = make_file ();
  MpelEvent       *event = add_count (loop, path, TRUE);
  int              pid;

  g_test_summary ("Values of a lost run that nobody has asked for are forgotten, and the next run has all its room.");

  iterate_until_half_way (event);
  pid = mpel_event_loop_get_worker_pid (loop);
  kill_worker (loop);
  iterate_until_half_way (event);
  remove_file (path);

  for (int i = 0; i < N_VALUES; i++)
    mpel_test_assert_next (event, i);
  mpel_test_assert_no_next (event);
  assert_done_by_other (loop, event, pid);
  g_assert_finalize_object (event);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
keep_number_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  int number = g_variant_get_int32 (value);

  g_array_append_val ((GArray *) user_data, number);
}

static void
test_told (gconstpointer is_pool)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = is_pool ? MPEL_EVENT_LOOP (mpel_pool_new (1)) : mpel_test_loop_new ();
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree char *path = make_file ();
  MpelEvent       *event = add_count (loop, path, FALSE);
  int              pid;

  g_test_summary ("Values of a lost run that were told are told again by the next.");

  g_signal_connect (loop, "event-yield", G_CALLBACK (keep_number_cb), numbers);
  iterate_until_half_way (event);
  pid = mpel_event_loop_get_worker_pid (loop);
  kill_worker (loop);
  iterate_until_half_way (event);
  remove_file (path);
  mpel_test_wait (loop);

  assert_done_by_other (loop, event, pid);
  g_assert_cmpuint (numbers->len, ==, N_BEFORE + N_VALUES);
  for (int i = 0; i < N_BEFORE + N_VALUES; i++)
    g_assert_cmpint (g_array_index (numbers, int, i), ==, i < N_BEFORE ? i : i - N_BEFORE);
  g_assert_finalize_object (event);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "count", count, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_data_func ("/flow/again/told/loop", GINT_TO_POINTER (FALSE), test_told);
  g_test_add_data_func ("/flow/again/told/pool", GINT_TO_POINTER (TRUE), test_told);
  g_test_add_data_func ("/flow/again/pulled/loop", GINT_TO_POINTER (FALSE), test_pulled);
  g_test_add_data_func ("/flow/again/pulled/pool", GINT_TO_POINTER (TRUE), test_pulled);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
