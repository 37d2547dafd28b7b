/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "object-work.h"

#include "object-targets.h"

#include <signal.h>

int
object_work_main (int argc, char **argv, void (*add_tests) (void))
{
  return mpel_test_main (argc, argv, object_targets_register, add_tests);
}

void
object_work_set_up (ObjectWork *work, gconstpointer data)
{
  work->before = mpel_test_trace ();
  work->loop = mpel_test_loop_new ();
  work->log = mpel_test_collect (work->loop);
}

void
object_work_tear_down (ObjectWork *work, gconstpointer data)
{
  if (work->loop != NULL)
    {
      object_work_assert_instances (work, 0);
      mpel_test_loop_close_and_assert_finalized (work->loop);
    }
  g_clear_pointer (&work->log, g_ptr_array_unref);
  g_assert_cmpint (objects_count (), ==, 0);
  mpel_test_assert_no_trace (work->before);
}

TestAbc *
test_abc_new (int a, int b, int c)
{
  return g_object_new (TEST_TYPE_ABC, "a", a, "b", b, "c", c, NULL);
}

TestPoint *
test_point_new (int x, int y)
{
  return g_object_new (TEST_TYPE_POINT, "x", x, "y", y, NULL);
}

MpelEvent *
object_work_print (gpointer object, gboolean cache)
{
  MpelEvent *event = mpel_event_new ("print", NULL, NULL);
  const int  handle = mpel_event_add_object (event, object);

  mpel_event_set_args (event, g_variant_new ("(shs)", "=====", handle, "====="));
  mpel_event_set_cache (event, cache);
  return event;
}

MpelEvent *
object_work_method (gpointer object, const char *method, GVariant *args, gboolean cache)
{
  MpelEvent *event = mpel_event_new_method (object, method, args, NULL);

  mpel_event_set_cache (event, cache);
  return event;
}

void
object_work_add (ObjectWork *work, MpelEvent *event)
{
  mpel_test_add_event (work->loop, event);
  g_object_unref (event);
}

/* Returns: (transfer full) */
MpelEvent *
object_work_run (ObjectWork *work, MpelEvent *event)
{
  mpel_test_add_event (work->loop, event);
  mpel_test_wait (work->loop);
  return event;
}

void
object_work_assert_runs (ObjectWork *work, MpelEvent *event, const char *printed)
{
  g_autoptr (MpelEvent) ended = object_work_run (work, event);

  mpel_test_assert_results (ended, printed);
}

void
object_work_assert_fails (ObjectWork *work, MpelEvent *event, GQuark domain, int code, const char *pattern)
{
  g_autoptr (MpelEvent) ended = object_work_run (work, event);

  mpel_test_assert_error (ended, domain, code, pattern);
}

void
object_work_assert_refused (ObjectWork *work, MpelEvent *event, int code, const char *pattern)
{
  g_autoptr (MpelEvent) owned = event;
  g_autoptr (GError) error = NULL;

  g_assert_false (mpel_event_loop_add_event (work->loop, owned, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
  g_assert_cmpint (mpel_event_get_state (owned), ==, MPEL_EVENT_STATE_NEW);
}

int
object_work_run_for_int (ObjectWork *work, MpelEvent *event)
{
  g_autoptr (MpelEvent) ended = object_work_run (work, event);
  int number;

  g_assert_no_error (mpel_event_get_error (ended));
  g_variant_get (mpel_event_get_results (ended), "(i)", &number);
  return number;
}

void
object_work_assert_instances (ObjectWork *work, int expected)
{
  g_assert_cmpint (object_work_run_for_int (work, mpel_event_new ("instances", NULL, NULL)), ==, expected);
}

void
object_work_kill_worker (ObjectWork *work)
{
  const int pid = mpel_event_loop_get_worker_pid (work->loop);

  g_assert_cmpint (pid, >, 0);
  kill (pid, SIGKILL);
  while (mpel_event_loop_get_worker_pid (work->loop) == pid)
    g_main_context_iteration (NULL, TRUE);
}

void
object_work_assert_log (ObjectWork *work, const char *expected)
{
  g_autofree char *log = NULL;

  g_ptr_array_add (work->log, NULL);
  log = g_strjoinv ("\n", (char **) work->log->pdata);
  g_assert_cmpstr (log, ==, expected);
  g_ptr_array_set_size (work->log, 0);
}
