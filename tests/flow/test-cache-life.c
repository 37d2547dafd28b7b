/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long the worker's copies of objects live: for an event, or as long as the host's object. */

#include "config.h"
#include "object-work.h"

#include "mpel-event-loop-private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
cache (ObjectWork *work, gpointer object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_loop_cache_object (work->loop, object, FALSE, &error);

  g_assert_no_error (error);
}

static void
test_finalized (ObjectWork *work, gconstpointer data)
{
  TestAbc *objects[10];

  g_test_summary ("The worker's copies die with the host's objects.");

  for (int i = 0; i < 10; i++)
    {
      objects[i] = test_abc_new (i, i, 0);
      cache (work, objects[i]);
    }
  object_work_assert_instances (work, 10);
  for (int i = 0; i < 9; i++)
    g_assert_finalize_object (objects[i]);
  object_work_assert_instances (work, 1);
  object_work_assert_runs (work, object_work_print (objects[9], TRUE), "'===== ABC(a=9, b=9, c=0) ====='");
  g_assert_finalize_object (objects[9]);
  object_work_assert_instances (work, 0);
}

static void
test_release_under_way (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("What is released is still there for the events that mention it; later ones make it anew.");

  object_work_add (work, object_work_method (a, "calc_c", NULL, TRUE));
  object_work_add (work, object_work_print (a, TRUE));
  g_assert_true (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  object_work_add (work, object_work_print (a, TRUE));
  object_work_add (work, object_work_method (a, "repr", NULL, TRUE));
  mpel_test_wait (work->loop);
  object_work_assert_log (work, "()\n'===== ABC(a=1, b=2, c=3) ====='\n'===== ABC(a=1, b=2, c=0) ====='\n'ABC(a=1, b=2, c=0)'");
  object_work_assert_instances (work, 1);
}

static void
test_dropped_under_way (ObjectWork *work, gconstpointer data)
{
  TestAbc *a = test_abc_new (1, 2, 0);

  g_test_summary ("An object that nobody but its events holds lives until they have ended.");

  object_work_add (work, object_work_method (a, "calc_c", NULL, TRUE));
  object_work_add (work, object_work_print (a, TRUE));
  g_object_add_weak_pointer (G_OBJECT (a), (gpointer *) &a);
  g_object_unref (a);
  g_assert_nonnull (a);
  mpel_test_wait (work->loop);
  g_assert_null (a);
  object_work_assert_log (work, "()\n'===== ABC(a=1, b=2, c=3) ====='");
  object_work_assert_instances (work, 0);
}

static void
test_copy_dies (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelGate) gate = mpel_gate_new ();
  MpelEvent *event = object_work_method (a, "wait", mpel_gate_args (gate), FALSE);

  g_test_summary ("A copy lives for its event only, also if that fails or answers later.");

  mpel_event_add_object (event, G_OBJECT (a));
  object_work_add (work, event);
  mpel_gate_wait (gate);
  mpel_gate_open (gate);
  mpel_test_wait (work->loop);
  object_work_assert_instances (work, 0);
  object_work_assert_runs (work, object_work_method (a, "calc_later", NULL, FALSE), "'later'");
  object_work_assert_instances (work, 0);
  object_work_assert_fails (work, object_work_method (a, "fail", NULL, FALSE), G_IO_ERROR, G_IO_ERROR_BUSY, "not now");
  object_work_assert_instances (work, 0);
}

static void
test_taken_back (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) event = mpel_event_new ("take_back", NULL, NULL);
  g_autoptr (MpelEvent) cached = mpel_event_new ("take_back", NULL, NULL);

  g_test_summary ("An object that comes back with the results lives as long as the event that holds them.");

  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, G_OBJECT (a))));
  event = object_work_run (work, event);
  mpel_test_assert_results (event, "(0,)");
  object_work_assert_instances (work, 1);

  cache (work, a);
  mpel_event_set_args (cached, g_variant_new ("(h)", mpel_event_add_object (cached, G_OBJECT (a))));
  mpel_event_set_cache (cached, TRUE);
  cached = object_work_run (work, cached);
  mpel_test_assert_results (cached, "(0,)");
  object_work_assert_instances (work, 2);

  g_clear_object (&event);
  object_work_assert_instances (work, 1);
  g_clear_object (&cached);
  object_work_assert_instances (work, 1);
  g_assert_true (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  object_work_assert_instances (work, 0);
}

static void
test_returned (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelEvent) event = object_work_run (work, mpel_event_new ("make_points", g_variant_new ("(i)", 5), NULL));

  g_test_summary ("Objects that were made for the results are let go with them; added again, the event has new ones.");

  mpel_test_assert_results (event, "[0, 1, 2, 3, 4]");
  object_work_assert_instances (work, 5);
  event = object_work_run (work, event);
  mpel_test_assert_results (event, "[0, 1, 2, 3, 4]");
  object_work_assert_instances (work, 5);
}

static void
test_without_output (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) calc = object_work_method (a, "calc_c", NULL, TRUE);
  g_autoptr (MpelEvent) points = mpel_event_new ("make_points", g_variant_new ("(i)", 5), NULL);

  g_test_summary ("Events without output do the same, and results that nobody wants leave no objects behind.");

  mpel_event_set_has_output (calc, FALSE);
  mpel_event_set_has_output (points, FALSE);
  calc = object_work_run (work, calc);
  points = object_work_run (work, points);
  g_assert_null (mpel_event_get_results (points));
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=1, b=2, c=3) ====='");
  object_work_assert_instances (work, 1);
}

static void
test_counted (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  MpelRemote *copy;

  g_test_summary ("Registered again, an object has no more mentions than before: each that is released was made.");

  cache (work, a);
  copy = g_hash_table_lookup (mpel_event_loop_get_private (work->loop)->cached, a);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MpelEvent) event = mpel_event_loop_re_register (work->loop, G_OBJECT (a), FALSE, &error);

      g_assert_no_error (error);
      mpel_test_wait (work->loop);
      g_assert_cmpuint (copy->n_mentions, ==, 1);
    }
  object_work_assert_instances (work, 1);
  g_assert_finalize_object (g_steal_pointer (&a));
}

static void
test_refused (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) made = object_work_run (work, mpel_event_new ("make_point", g_variant_new ("(ii)", 1, 2), NULL));
  g_autoptr (MpelProxy) proxy = mpel_proxy_get_for_result (made, 0);
  MpelEventLoop *other = mpel_test_loop_new ();
  g_autoptr (MpelEvent) event = object_work_method (a, "repr", NULL, TRUE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that is refused for one object has not had another cached.");

  mpel_test_wait (work->loop);
  mpel_event_add_object (event, G_OBJECT (proxy));
  g_assert_false (mpel_event_loop_add_event (other, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_false (mpel_event_loop_is_object_cached (other, G_OBJECT (a)));
  mpel_test_loop_close_and_assert_finalized (other);
}

static void
test_two_loops (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  ObjectWork other = { .loop = mpel_test_loop_new () };

  g_test_summary ("Each loop keeps a copy of its own.");

  cache (work, a);
  g_object_set (a, "b", 20, NULL);
  cache (&other, a);
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  object_work_assert_runs (&other, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=20, c=0)'");
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=2, c=3)'");
  g_assert_true (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  g_assert_true (mpel_event_loop_is_object_cached (other.loop, G_OBJECT (a)));
  g_clear_object (&a);
  object_work_assert_instances (&other, 0);
  mpel_test_loop_close_and_assert_finalized (other.loop);
}

static void
test_outlives_loop (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) points = mpel_event_new ("make_points", g_variant_new ("(i)", 5), NULL);

  g_test_summary ("Objects, and events that hold some, may outlive the loop.");

  cache (work, a);
  points = object_work_run (work, points);
  mpel_test_loop_close_and_assert_finalized (g_steal_pointer (&work->loop));
  g_assert_finalize_object (g_steal_pointer (&points));
  g_assert_finalize_object (g_steal_pointer (&a));
}

static void
test_stopped (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the loop is stopped the copy is gone; the next worker is given another one.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  mpel_event_loop_stop (work->loop, NULL, &error);
  g_assert_no_error (error);
  g_object_set (a, "a", 9, NULL);
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=9, b=2, c=0) ====='");
  object_work_assert_instances (work, 1);
}

static void
test_worker_stays (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) points = NULL;
  int pid;

  g_test_summary ("The worker is neither replaced nor idle while it has objects for us.");

  mpel_event_loop_set_max_events_per_worker (work->loop, 1);
  mpel_event_loop_set_idle_timeout (work->loop, 1);
  points = object_work_run (work, mpel_event_new ("make_points", g_variant_new ("(i)", 1), NULL));
  pid = mpel_event_loop_get_worker_pid (work->loop);
  mpel_flow_iterate_for_a_while ();
  for (int i = 0; i < 5; i++)
    g_assert_cmpint (object_work_run_for_int (work, mpel_event_new ("pid", NULL, NULL)), ==, pid);
  cache (work, a);
  g_clear_object (&points);
  mpel_flow_iterate_for_a_while ();
  for (int i = 0; i < 5; i++)
    g_assert_cmpint (object_work_run_for_int (work, mpel_event_new ("pid", NULL, NULL)), ==, pid);
  object_work_assert_instances (work, 1);

  g_assert_true (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  while (mpel_event_loop_get_worker_pid (work->loop) == pid)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (object_work_run_for_int (work, mpel_event_new ("pid", NULL, NULL)), !=, pid);
}

/* ---- many ---- */

#define N_AT_ONCE 1000
#define MAX_GROWTH_KB 4096

static int
get_resident_kb (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *text = NULL;
  const char      *line;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  line = strstr (text, "VmRSS:");
  g_assert_nonnull (line);
  return atoi (line + strlen ("VmRSS:"));
}

/* So many objects are cached, used, and let go. */
static void
cache_many (ObjectWork *work, int n)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < n; i++)
    {
      TestAbc   *abc = test_abc_new (i, i, 0);
      MpelEvent *event = object_work_method (abc, "calc_c", NULL, TRUE);

      g_ptr_array_add (objects, abc);
      mpel_event_set_has_output (event, i % 10 == 0);
      object_work_add (work, event);
    }
  mpel_test_wait (work->loop);
  object_work_assert_instances (work, n);
  g_ptr_array_set_size (objects, 0);
  object_work_assert_instances (work, 0);
  g_ptr_array_set_size (work->log, 0);
}

static void
test_many (ObjectWork *work, gconstpointer data)
{
  const int n_rounds = mpel_test_is_watched () ? 10 : 100;
  int       here, there;

  g_test_summary ("A hundred thousand objects that are cached and dropped leave no memory behind, on neither side.");

  for (int i = 0; i < n_rounds / 5; i++)
    cache_many (work, N_AT_ONCE);
  here = get_resident_kb (getpid ());
  there = get_resident_kb (mpel_event_loop_get_worker_pid (work->loop));
  for (int i = 0; i < n_rounds; i++)
    cache_many (work, N_AT_ONCE);
  here = get_resident_kb (getpid ()) - here;
  there = get_resident_kb (mpel_event_loop_get_worker_pid (work->loop)) - there;
  g_test_message ("grown by %d kB here, %d kB there", here, there);
  if (mpel_test_is_watched ())
    return;
  g_assert_cmpint (here, <, MAX_GROWTH_KB);
  g_assert_cmpint (there, <, MAX_GROWTH_KB);
}

static void
add_tests (void)
{
  OBJECT_WORK_ADD ("/flow/cache-life/finalized", test_finalized);
  OBJECT_WORK_ADD ("/flow/cache-life/release-under-way", test_release_under_way);
  OBJECT_WORK_ADD ("/flow/cache-life/dropped-under-way", test_dropped_under_way);
  OBJECT_WORK_ADD ("/flow/cache-life/copy-dies", test_copy_dies);
  OBJECT_WORK_ADD ("/flow/cache-life/taken-back", test_taken_back);
  OBJECT_WORK_ADD ("/flow/cache-life/returned", test_returned);
  OBJECT_WORK_ADD ("/flow/cache-life/without-output", test_without_output);
  OBJECT_WORK_ADD ("/flow/cache-life/counted", test_counted);
  OBJECT_WORK_ADD ("/flow/cache-life/refused", test_refused);
  OBJECT_WORK_ADD ("/flow/cache-life/two-loops", test_two_loops);
  OBJECT_WORK_ADD ("/flow/cache-life/outlives-loop", test_outlives_loop);
  OBJECT_WORK_ADD ("/flow/cache-life/stopped", test_stopped);
  OBJECT_WORK_ADD ("/flow/cache-life/worker-stays", test_worker_stays);
  OBJECT_WORK_ADD ("/flow/cache-life/many", test_many);
}

int
main (int argc, char **argv)
{
  return object_work_main (argc, argv, add_tests);
}
