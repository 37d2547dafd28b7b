/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a worker writes goes where the host writes, or into its log; never onto the wire. */

#include "config.h"
#include "mpel-test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRINTING_HOST "--printing-host"

/* ---- worker ---- */

static GVariant *
print_line (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *text;

  g_variant_get (args, "(&s)", &text);
  printf ("%s\n", text);
  fprintf (stderr, "complaint: %s\n", text);
  return g_variant_new ("()");
}

static GVariant *
get_surroundings (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autofree char *folder = g_get_current_dir ();
  const char      *variable = g_getenv ("TEST_VARIABLE");

  return g_variant_new ("(ssb)", folder, variable != NULL ? variable : "unset", g_getenv ("MPEL_WORKER_FD") != NULL);
}

/* ---- host ---- */

/* Prints by its worker only, and leaves. */
static int
run_printing_host (void)
{
  MpelEventLoop *loop = mpel_event_loop_new ();

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %d", i);
      g_autoptr (MpelEvent) event = mpel_event_loop_add_call (loop, "print-line", g_variant_new ("(s)", text), NULL, NULL);
    }
  return mpel_event_loop_close (loop, NULL, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
test_inherited (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autoptr (GSubprocess) host = NULL;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_test_summary ("The worker's output is the host's output, in order, and so are its complaints.");

  host = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, program, PRINTING_HOST, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (host, NULL, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (host), ==, EXIT_SUCCESS);
  g_assert_cmpstr (output, ==, "line 0\nline 1\nline 2\n");
  g_assert_nonnull (strstr (errors, "complaint: line 0\ncomplaint: line 1\ncomplaint: line 2\n"));
}

typedef struct
{
  GPtrArray *lines; /* of (owned) “pid message” */
} Log;

static GLogWriterOutput
keep_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  Log        *log = user_data;
  const char *pid = NULL, *message = NULL, *domain = NULL;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, "MPEL_WORKER"))
        pid = fields[i].value;
      else if (g_str_equal (fields[i].key, "MESSAGE"))
        message = fields[i].value;
      else if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
        domain = fields[i].value;
    }

  if (pid == NULL || g_strcmp0 (domain, "Mpel") != 0)
    return g_log_writer_standard_streams (level, fields, n_fields, user_data);
  g_ptr_array_add (log->lines, g_strdup_printf ("%s %s", pid, message));
  return G_LOG_WRITER_HANDLED;
}

static gboolean
log_has (Log *log, int pid, const char *text)
{
  g_autofree char *prefix = g_strdup_printf ("%d ", pid);

  for (guint i = 0; i < log->lines->len; i++)
    if (g_str_has_prefix (log->lines->pdata[i], prefix) && g_str_has_suffix (log->lines->pdata[i], text))
      return TRUE;
  return FALSE;
}

/* The writer can be set once for a process, hence a process of its own. */
static void
test_logged (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  Log            log = { NULL };
  int            pid;

  g_test_summary ("With the flag set, both go to the log, with the worker's process id.");

  if (!g_test_subprocess ())
    {
      g_object_unref (loop);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  log.lines = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (keep_log_cb, &log, NULL);
  mpel_launcher_set_flags (mpel_event_loop_get_launcher (loop), MPEL_LAUNCHER_FLAGS_LOG_OUTPUT);
  mpel_test_add (loop, "print-line", g_variant_new ("(s)", "printed"));
  pid = mpel_event_loop_get_worker_pid (loop);
  mpel_test_loop_close_and_assert_finalized (loop);
  g_assert_true (log_has (&log, pid, ": printed"));
  g_assert_true (log_has (&log, pid, ": complaint: printed"));
  g_ptr_array_unref (log.lines);
  mpel_test_assert_no_trace (before);
}

static MpelEvent *
run_surroundings (MpelLauncher *launcher)
{
  MpelEventLoop *loop = mpel_event_loop_new_with_launcher (launcher);
  MpelEvent     *event = g_object_ref (mpel_test_add (loop, "get-surroundings", NULL));

  mpel_test_loop_close_and_assert_finalized (loop);
  return event;
}

static void
test_surroundings (void)
{
  const char *const prefix[] = { "env", "TEST_VARIABLE=prefixed", NULL };
  MpelTestTrace     before = mpel_test_trace ();
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (NULL);
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("Folder, environment and command prefix are as the launcher says.");

  mpel_launcher_set_working_directory (launcher, "/");
  event = run_surroundings (launcher);
  mpel_test_assert_results (event, "('/', 'unset', false)");

  g_clear_object (&event);
  mpel_launcher_setenv (launcher, "TEST_VARIABLE", "set");
  event = run_surroundings (launcher);
  mpel_test_assert_results (event, "('/', 'set', false)");

  g_clear_object (&event);
  mpel_launcher_unsetenv (launcher, "TEST_VARIABLE");
  mpel_launcher_set_command_prefix (launcher, prefix);
  event = run_surroundings (launcher);
  mpel_test_assert_results (event, "('/', 'prefixed', false)");

  g_assert_finalize_object (g_steal_pointer (&launcher));
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "print-line", print_line, NULL, NULL);
  mpel_worker_add_function (worker, "get-surroundings", get_surroundings, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/output/inherited", test_inherited);
  g_test_add_func ("/flow/output/logged", test_logged);
  g_test_add_func ("/flow/output/surroundings", test_surroundings);
}

int
main (int argc, char **argv)
{
  if (argc > 1 && g_str_equal (argv[1], PRINTING_HOST) && mpel_worker_get_default () == NULL)
    return run_printing_host ();
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
