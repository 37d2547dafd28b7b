/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Workers that lie. Whatever they do, every event ends with an error that says what was wrong,
 * waiting returns, nothing is left behind, and the loop is as good as new. */

#include "config.h"
#include "mpel-test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define N_EVENTS 3

/* Ten lines of a thousand bytes, and a sentence around them. */
#define MAX_MESSAGE_BYTES (12 * 1024)

/* How long the silent one is listened to. */
#define SILENCE_MS 200

typedef struct
{
  const char   *lie; /* what tests/workers/liar is told */
  MpelLoopError code;
  const char   *message;  /* a pattern */
  guint         n_honest; /* events that are answered before the lie */
} Story;

static const Story stories[] = {
  { "no-hello", MPEL_LOOP_ERROR_PROTOCOL, "*did not say hello first*" },
  { "other-version", MPEL_LOOP_ERROR_PROTOCOL, "*version 999*version 1" },
  { "hello-twice", MPEL_LOOP_ERROR_PROTOCOL, "*said hello twice*" },
  { "silent", MPEL_LOOP_ERROR_SPAWN_FAILED, "The worker (process *) did not say hello in time" },
  { "exits-before-hello", MPEL_LOOP_ERROR_SPAWN_FAILED, "*exited with status 3*last words: first line\nsecond line\nlast line" },
  { "babbles", MPEL_LOOP_ERROR_SPAWN_FAILED, "The worker did not start: *" },
  { "garbage", MPEL_LOOP_ERROR_PROTOCOL, "*makes no sense*" },
  { "cut-short", MPEL_LOOP_ERROR_PROTOCOL, "*makes no sense*" },
  { "answers-unknown", MPEL_LOOP_ERROR_PROTOCOL, "*was not given, or answered twice" },
  { "answers-twice", MPEL_LOOP_ERROR_PROTOCOL, "*was not given, or answered twice", .n_honest = 1 },
  { "takes-too-much", MPEL_LOOP_ERROR_PROTOCOL, "*took no event, or more than it was given" },
  { "takes-none", MPEL_LOOP_ERROR_PROTOCOL, "*took no event, or more than it was given" },
  { "no-results", MPEL_LOOP_ERROR_PROTOCOL, "*sent no results" },
  { "sends-event", MPEL_LOOP_ERROR_PROTOCOL, "*only a host sends" },
  { "wrong-failure", MPEL_LOOP_ERROR_PROTOCOL, "*failure of another shape" },
  { "yields-late", MPEL_LOOP_ERROR_PROTOCOL, "*yielded a value for an event*", .n_honest = 1 },
  { "progress-late", MPEL_LOOP_ERROR_PROTOCOL, "*told the progress of an event*", .n_honest = 1 },
  { "progress-great", MPEL_LOOP_ERROR_PROTOCOL, "*not between 0 and 1" },
  { "progress-nan", MPEL_LOOP_ERROR_PROTOCOL, "*not between 0 and 1" },
  { "gives-back", MPEL_LOOP_ERROR_PROTOCOL, "*gave back events that were not recalled" },
  { "cancels", MPEL_LOOP_ERROR_PROTOCOL, "*only a host sends" },
  { "closes-line", MPEL_LOOP_ERROR_WORKER_LOST, "The worker was lost: it was ended by signal 15 (Terminated)" },
  { "dies-by-signal", MPEL_LOOP_ERROR_WORKER_LOST, "*ended by signal 9 (Killed); its last words: I cannot go on" },
};

static const Story flood = { "floods-stderr", MPEL_LOOP_ERROR_WORKER_LOST, "*exited with status 3; its last words: flood line *", .n_honest = 1 };

/* Beside this program, however it was started. */
static char *
find_liar (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program);

  return g_build_filename (folder, "..", "workers", "liar", NULL);
}

static MpelEventLoop *
liar_loop_new (const char *lie)
{
  g_autofree char *path = find_liar ();
  const char      *argv[] = { path, lie, NULL };
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (argv);

  if (g_str_equal (lie, "silent"))
    mpel_launcher_set_start_timeout (launcher, SILENCE_MS);
  return mpel_event_loop_new_with_launcher (launcher);
}

/* Told once for each worker. */
static void
worker_exited_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  g_ptr_array_add (user_data, reason != NULL ? g_strdup (reason->message) : NULL);
}

static GPtrArray *
collect_reasons (MpelEventLoop *loop)
{
  GPtrArray *reasons = g_ptr_array_new_with_free_func (g_free);

  g_signal_connect_data (loop, "worker-exited", G_CALLBACK (worker_exited_cb), g_ptr_array_ref (reasons), (GClosureNotify) g_ptr_array_unref, 0);
  return reasons;
}

static MpelEvent *
echo_event_new (gint64 number)
{
  return mpel_event_new ("echo", g_variant_new ("(x)", number), NULL);
}

static void
assert_event_lost (MpelEvent *event, const Story *story)
{
  gboolean       spawned = story->code != MPEL_LOOP_ERROR_SPAWN_FAILED;
  MpelEventState state = spawned ? MPEL_EVENT_STATE_LOST : MPEL_EVENT_STATE_FAILED;

  mpel_test_assert_error (event, MPEL_LOOP_ERROR, (int) story->code, story->message);
  g_assert_cmpuint (strlen (mpel_event_get_error (event)->message), <, MAX_MESSAGE_BYTES);
  g_assert_cmpint (mpel_event_get_state (event), ==, state);
  g_assert_null (mpel_event_get_results (event));
}

static void
assert_event_ended (MpelEvent *event, const Story *story, guint index)
{
  g_autofree char *echo = g_strdup_printf ("(%u,)", index);

  if (index < story->n_honest)
    mpel_test_assert_results (event, echo);
  else
    assert_event_lost (event, story);
}

/* Events on a loop with the liar end as they should. */
static void
run_events_through (MpelEventLoop *loop, const Story *story)
{
  MpelEvent *events[N_EVENTS];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_EVENTS; i++)
    events[i] = echo_event_new (i);
  mpel_event_loop_run_until_complete (loop, events, N_EVENTS, NULL, &error);
  g_assert_no_error (error);
  mpel_test_wait (loop);

  for (guint i = 0; i < N_EVENTS; i++)
    {
      assert_event_ended (events[i], story, i);
      g_assert_finalize_object (events[i]);
    }
}

/* A later worker, which is this program, is not blamed for the one before. */
static void
assert_loop_is_as_good_as_new (MpelEventLoop *loop)
{
  g_autoptr (MpelLauncher) honest = mpel_launcher_new (NULL);
  MpelEvent *event = echo_event_new (7);
  g_autoptr (GError) error = NULL;

  mpel_event_loop_set_launcher (loop, honest);
  mpel_event_loop_run_until_complete (loop, &event, 1, NULL, &error);
  g_assert_no_error (error);
  mpel_test_assert_results (event, "(7,)");
  g_assert_finalize_object (event);
}

static void
tell_story (const Story *story)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = liar_loop_new (story->lie);
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (GPtrArray) reasons = collect_reasons (loop);

  run_events_through (loop, story);
  g_assert_cmpuint (ends->len, ==, N_EVENTS);
  g_assert_cmpuint (reasons->len, ==, 1);
  g_assert_true (g_pattern_match_simple (story->message, reasons->pdata[0]));
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_IDLE);
  g_assert_cmpint (mpel_event_loop_get_worker_pid (loop), ==, 0);

  assert_loop_is_as_good_as_new (loop);
  mpel_test_loop_close_and_assert_finalized (loop);
  g_assert_cmpuint (reasons->len, ==, 2);
  g_assert_null (reasons->pdata[1]);
  mpel_test_assert_no_trace (before);
}

static void
test_lie (gconstpointer user_data)
{
  g_test_summary ("The events of a worker that lies end with the reason, and the next worker's are well.");
  tell_story (user_data);
}

/* The flood itself is of no interest. */
static int
silence_stderr (void)
{
  int saved = dup (STDERR_FILENO);
  int null = open ("/dev/null", O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (dup2 (null, STDERR_FILENO), ==, STDERR_FILENO);
  close (null);
  return saved;
}

static void
restore_stderr (int saved)
{
  dup2 (saved, STDERR_FILENO);
  close (saved);
}

static void
test_flood (void)
{
  int saved;

  g_test_summary ("A worker that floods its stderr still answers; of its last words few are kept.");

  saved = silence_stderr ();
  tell_story (&flood);
  restore_stderr (saved);
}

typedef struct
{
  gboolean called;
  GError  *error;
} Start;

static void
start_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Start *start = user_data;

  start->called = TRUE;
  g_assert_false (mpel_event_loop_start_finish (MPEL_EVENT_LOOP (source), result, &start->error));
}

static void
test_start (gconstpointer user_data)
{
  const Story   *story = user_data;
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = liar_loop_new (story->lie);
  Start          start = { FALSE, NULL };

  g_test_summary ("Starting a worker that lies before it is ready fails with the same reason.");

  mpel_event_loop_start_async (loop, NULL, start_cb, &start);
  mpel_test_iterate_until (&start.called);
  g_assert_error (start.error, MPEL_LOOP_ERROR, (int) story->code);
  g_assert_true (g_pattern_match_simple (story->message, start.error->message));
  g_clear_error (&start.error);

  assert_loop_is_as_good_as_new (loop);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
echo_once (MpelEventLoop *loop)
{
  MpelEvent *event = echo_event_new (1);
  g_autoptr (GError) error = NULL;

  mpel_event_loop_run_until_complete (loop, &event, 1, NULL, &error);
  g_assert_no_error (error);
  mpel_test_assert_results (event, "(1,)");
  g_assert_finalize_object (event);
}

/* Both at once, since it takes the whole of a host's patience. */
static void
test_ignores_eof (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *stopped = liar_loop_new ("ignores-eof");
  MpelEventLoop *dropped = liar_loop_new ("ignores-eof");
  g_autoptr (GPtrArray) reasons = collect_reasons (stopped);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A worker that neither leaves nor heeds SIGTERM is ended, stopped or dropped.");

  echo_once (stopped);
  echo_once (dropped);
  g_assert_finalize_object (dropped);
  mpel_event_loop_stop (stopped, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_event_loop_get_state (stopped), ==, MPEL_EVENT_LOOP_STATE_IDLE);
  g_assert_cmpuint (reasons->len, ==, 1);
  g_assert_null (reasons->pdata[0]);

  assert_loop_is_as_good_as_new (stopped);
  mpel_test_loop_close_and_assert_finalized (stopped);
  mpel_test_assert_no_trace (before);
}

static void
test_terminate (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = liar_loop_new ("ignores-eof");
  MpelEvent     *event = echo_event_new (2);
  gint64         begin;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Terminating a worker that ignores SIGTERM takes a second, not the five for one that was asked.");

  echo_once (loop);
  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
  begin = g_get_monotonic_time ();
  mpel_event_loop_terminate (loop);
  mpel_test_wait (loop);
  mpel_test_assert_error (event, G_IO_ERROR, G_IO_ERROR_CANCELLED, "*terminated*");
  g_assert_finalize_object (event);

  mpel_test_loop_close_and_assert_finalized (loop);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  mpel_test_assert_no_trace (before);
}

static void
test_yields_too_much (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = liar_loop_new ("yields-too-much");
  g_autoptr (GError) error = NULL;
  MpelEvent *event = mpel_event_loop_add_stream (loop, "echo", NULL, NULL, &error);

  g_test_summary ("A worker that makes more values than may wait for their consumer is refused.");

  g_assert_no_error (error);
  mpel_test_wait (loop);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "*more values than anybody has taken");
  g_assert_finalize_object (event);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
}

static gboolean
is_told_at_start (const Story *story)
{
  return story->code == MPEL_LOOP_ERROR_SPAWN_FAILED ||
         g_str_equal (story->lie, "no-hello") || g_str_equal (story->lie, "other-version");
}

static void
test_no_load (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = liar_loop_new ("no-load");
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);

  g_test_summary ("A worker that answers without ever reporting room is slow, but does not stall.");

  for (int i = 0; i < 20; i++)
    mpel_test_add (loop, "echo", g_variant_new ("(i)", i));
  mpel_test_wait (loop);
  g_assert_cmpuint (ends->len, ==, 20);
  g_assert_cmpstr (ends->pdata[19], ==, "(19,)");
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
add_tests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/liar/%s", stories[i].lie);
      g_autofree char *start_path = g_strdup_printf ("/flow/liar/start/%s", stories[i].lie);

      g_test_add_data_func (path, &stories[i], test_lie);
      if (is_told_at_start (&stories[i]))
        g_test_add_data_func (start_path, &stories[i], test_start);
    }
  g_test_add_func ("/flow/liar/floods-stderr", test_flood);
  g_test_add_func ("/flow/liar/no-load", test_no_load);
  g_test_add_func ("/flow/liar/yields-too-much", test_yields_too_much);
  g_test_add_func ("/flow/liar/ignores-eof", test_ignores_eof);
  g_test_add_func ("/flow/liar/terminate", test_terminate);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
