/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* One of the two processes dies: nothing hangs, nothing is left, and the reason is said. */

#include "config.h"
#include "mpel-test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOOMED_HOST "--doomed-host"
#define BARE_HOST "--bare-host"

/* ---- worker ---- */

static GVariant *
spin (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  volatile guint64 n = 0;

  for (;;)
    n++;
  return NULL;
}

static GVariant *
die_by_signal (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int number;

  g_variant_get (args, "(i)", &number);
  signal (number, SIG_DFL);
  raise (number);
  return NULL;
}

static GVariant *
leave (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  fputs ("the first of the last words\nand the very last", stderr);
  _exit (3);
}

/* ---- host ---- */

static void
keep_reason_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  g_assert_cmpint (pid, >, 0);
  if (reason == NULL)
    return;
  g_assert_error (reason, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  g_ptr_array_add (user_data, g_strdup (reason->message));
}

static void
test_killed (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MpelEvent) running = g_object_ref (mpel_test_add (loop, "spin", NULL));
  g_autoptr (MpelEvent) last = NULL;

  g_test_summary ("A killed worker ends all pending events, sent or queued; the next event has a new worker.");

  g_signal_connect (loop, "worker-exited", G_CALLBACK (keep_reason_cb), reasons);
  for (int i = 0; i < 1000; i++)
    g_set_object (&last, mpel_test_add (loop, "echo", g_variant_new ("(i)", i)));
  while (mpel_event_get_state (running) != MPEL_EVENT_STATE_SENT)
    g_main_context_iteration (NULL, TRUE);
  kill (mpel_event_loop_get_worker_pid (loop), SIGKILL);
  mpel_test_wait (loop);

  g_assert_cmpuint (ends->len, ==, 1001);
  mpel_test_assert_lost (running, "*signal 9*");
  mpel_test_assert_lost (last, "*signal 9*");
  g_assert_cmpuint (reasons->len, ==, 1);
  g_assert_nonnull (strstr (reasons->pdata[0], "signal 9"));
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_IDLE);

  mpel_test_add (loop, "echo", g_variant_new ("(i)", 5));
  mpel_test_wait (loop);
  g_assert_cmpstr (ends->pdata[1001], ==, "(5,)");
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_dead_at_birth (void)
{
  const char *argv[] = { "true", NULL };
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (argv);
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_event_loop_new_with_launcher (launcher);

  g_test_summary ("A program that is no worker, and gone before anybody looks, is told each time.");

  for (int i = 0; i < 50; i++)
    {
      g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (loop, "echo", NULL));

      mpel_test_wait (loop);
      mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "*status 0*");
    }

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_order_of_ends (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);

  g_test_summary ("What was answered before the crash is done, what came after is lost, in order.");

  for (int i = 0; i < 50; i++)
    mpel_test_add (loop, "echo", g_variant_new ("(i)", i));
  mpel_test_wait (loop);
  for (int i = 50; i < 100; i++)
    mpel_test_add (loop, "echo", g_variant_new ("(i)", i));
  mpel_test_add (loop, "die-by-signal", g_variant_new ("(i)", SIGSEGV));
  for (int i = 0; i < 50; i++)
    mpel_test_add (loop, "echo", g_variant_new ("(i)", i));
  mpel_test_wait (loop);

  /* Answers that were still in the worker's hands may be lost with it. */
  g_assert_cmpuint (ends->len, ==, 151);
  for (int i = 0; i < 151; i++)
    {
      g_autofree char *answer = g_strdup_printf ("(%d,)", i);

      if (i < 50)
        g_assert_cmpstr (ends->pdata[i], ==, answer);
      else if (i < 100 && !g_str_equal (ends->pdata[i], answer))
        g_assert_nonnull (strstr (ends->pdata[i], "signal 11"));
      else if (i >= 100)
        g_assert_nonnull (strstr (ends->pdata[i], "signal 11"));
    }

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static gboolean
keep_turning_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
test_exit_status (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (loop, "leave", NULL));

  g_test_summary ("A worker that exits says its status and its last words.");

  mpel_test_wait (loop);
  mpel_test_assert_lost (event, "*status 3*first of the last words*and the very last*");
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_crash_while_stopping (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (loop, "die-by-signal", g_variant_new ("(i)", SIGABRT)));

  g_test_summary ("Closing a loop whose worker dies meanwhile ends all the same.");

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_lost (event, "*signal 6*");
  mpel_test_assert_no_trace (before);
}

static gboolean
retry_cb (MpelEvent *event, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_error_matches (mpel_event_get_error (event), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST))
    return FALSE;
  mpel_event_set_target (event, "echo");
  mpel_event_loop_add_event (user_data, event, &error);
  g_assert_no_error (error);
  return TRUE;
}

static void
test_retry (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = NULL;
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("A handler may add a lost event again.");

  mpel_event_loop_add_output_handler (loop, retry_cb, loop, NULL);
  ends = mpel_test_collect (loop);
  event = g_object_ref (mpel_test_add (loop, "die-by-signal", g_variant_new ("(i)", SIGKILL)));
  mpel_test_wait (loop);
  mpel_test_assert_results (event, "(9,)");
  g_assert_cmpuint (ends->len, ==, 1);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

/* A host that is killed while its worker computes. It says the worker's process id first. */
static int
run_doomed_host (void)
{
  MpelEventLoop *loop = mpel_event_loop_new ();
  MpelEvent     *event = mpel_event_loop_add_call (loop, "spin", NULL, NULL, NULL);

  while (mpel_event_get_state (event) != MPEL_EVENT_STATE_SENT)
    g_main_context_iteration (NULL, TRUE);
  printf ("%d\n", mpel_event_loop_get_worker_pid (loop));
  fflush (stdout);
  raise (SIGKILL);
  return EXIT_FAILURE;
}

static gboolean
is_alive (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  const char      *name_end;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  /* Its new parent may not reap it. */
  name_end = strrchr (text, ')');
  return name_end != NULL && name_end[2] != 'Z';
}

/* A host without standard streams says by its exit status how it went. */
static int
run_bare_host (void)
{
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_autoptr (MpelEvent) event = mpel_event_loop_add_call (loop, "echo", NULL, NULL, NULL);

  mpel_event_loop_close (loop, NULL, NULL);
  return mpel_event_get_state (event) == MPEL_EVENT_STATE_DONE ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
test_bare_host (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autofree char *quoted = g_shell_quote (program);
  g_autofree char *command = g_strdup_printf ("exec %s %s <&- >&- 2>&-", quoted, BARE_HOST);
  g_autoptr (GSubprocess) host = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "sh", "-c", command, NULL);

  g_test_summary ("A host whose standard streams are closed starts its worker all the same.");

  g_assert_no_error (error);
  g_subprocess_wait (host, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (host));
  g_assert_cmpint (g_subprocess_get_exit_status (host), ==, EXIT_SUCCESS);
}

static void
test_host_dies (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autoptr (GSubprocess) host = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, DOOMED_HOST, NULL);
  g_autofree char *output = NULL;
  guint            tick;
  int              pid;

  g_test_summary ("A worker does not outlive its host, also while it computes.");

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (host, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_term_sig (host), ==, SIGKILL);

  pid = atoi (output);
  g_assert_cmpint (pid, >, 1);
  tick = g_timeout_add (20, keep_turning_cb, NULL);
  while (is_alive (pid))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "spin", spin, NULL, NULL);
  mpel_worker_add_function (worker, "die-by-signal", die_by_signal, NULL, NULL);
  mpel_worker_add_function (worker, "leave", leave, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/crash/killed", test_killed);
  g_test_add_func ("/flow/crash/dead-at-birth", test_dead_at_birth);
  g_test_add_func ("/flow/crash/order-of-ends", test_order_of_ends);
  g_test_add_func ("/flow/crash/exit-status", test_exit_status);
  g_test_add_func ("/flow/crash/while-stopping", test_crash_while_stopping);
  g_test_add_func ("/flow/crash/retry", test_retry);
  g_test_add_func ("/flow/crash/bare-host", test_bare_host);
  g_test_add_func ("/flow/crash/host-dies", test_host_dies);
}

int
main (int argc, char **argv)
{
  if (argc > 1 && g_str_equal (argv[1], BARE_HOST) && mpel_worker_get_default () == NULL)
    return run_bare_host ();
  if (argc > 1 && g_str_equal (argv[1], DOOMED_HOST) && mpel_worker_get_default () == NULL)
    return run_doomed_host ();
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
