/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects in a pool: each has one home, and its events go there. */

#include "config.h"
#include "object-work.h"

#include "object-targets.h"

#include <signal.h>
#include <string.h>

#define N_HOMES 3

typedef struct
{
  ObjectWork work;
  MpelPool  *pool; /* the work's loop */
  TestAbc   *objects[N_HOMES];
  MpelGate  *gates[N_HOMES];
  int        homes[N_HOMES]; /* process ids */
  guint      n_started;
  guint      n_exited;
} Fixture;

static void
started_cb (MpelEventLoop *loop, int pid, gpointer user_data)
{
  ((Fixture *) user_data)->n_started++;
}

static void
exited_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  ((Fixture *) user_data)->n_exited++;
}

static void
add_first (Fixture *fixture, guint i)
{
  fixture->gates[i] = mpel_gate_new ();
  object_work_add (&fixture->work, object_work_method (fixture->objects[i], "wait", mpel_gate_args (fixture->gates[i]), TRUE));
}

static void
open_gate (Fixture *fixture, guint i)
{
  mpel_gate_open (fixture->gates[i]);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->work.before = mpel_test_trace ();
  fixture->pool = mpel_pool_new (N_HOMES);
  fixture->work.loop = MPEL_EVENT_LOOP (fixture->pool);
  fixture->work.log = mpel_test_collect (fixture->work.loop);
  g_signal_connect (fixture->work.loop, "worker-started", G_CALLBACK (started_cb), fixture);
  g_signal_connect (fixture->work.loop, "worker-exited", G_CALLBACK (exited_cb), fixture);
  for (guint i = 0; i < N_HOMES; i++)
    fixture->objects[i] = test_abc_new ((int) i, 0, 0);
}

/* All at once: so each object is at home somewhere else. */
static void
set_up_at_home (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  for (guint i = 0; i < N_HOMES; i++)
    add_first (fixture, i);
  for (guint i = 0; i < N_HOMES; i++)
    fixture->homes[i] = mpel_gate_wait (fixture->gates[i]);
  for (guint i = 0; i < N_HOMES; i++)
    open_gate (fixture, i);
  mpel_test_wait (fixture->work.loop);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_HOMES; i++)
    {
      g_assert_finalize_object (fixture->objects[i]);
      g_clear_pointer (&fixture->gates[i], mpel_gate_free);
    }
  mpel_test_loop_close_and_assert_finalized (g_steal_pointer (&fixture->work.loop));
  object_work_tear_down (&fixture->work, data);
}

/* Returns: (transfer full) */
static MpelEvent *
add_kept (Fixture *fixture, MpelEvent *event)
{
  mpel_test_add_event (fixture->work.loop, event);
  return event;
}

static MpelEvent *
pid_event_new (gpointer object)
{
  return object != NULL ? object_work_method (object, "pid", NULL, TRUE) : mpel_event_new ("pid", NULL, NULL);
}

static int
get_pid (MpelEvent *event)
{
  int pid;

  g_assert_no_error (mpel_event_get_error (event));
  g_variant_get (mpel_event_get_results (event), "(i)", &pid);
  return pid;
}

static int
run_for_pid (Fixture *fixture, gpointer object)
{
  return object_work_run_for_int (&fixture->work, pid_event_new (object));
}

/* Closes the home of an object, whose other events wait from then on. */
static void
occupy (Fixture *fixture, guint i)
{
  g_clear_pointer (&fixture->gates[i], mpel_gate_free);
  add_first (fixture, i);
  g_assert_cmpint (mpel_gate_wait (fixture->gates[i]), ==, fixture->homes[i]);
}

static void
release_all (Fixture *fixture)
{
  for (guint i = 0; i < N_HOMES; i++)
    g_assert_true (mpel_event_loop_release_object (fixture->work.loop, G_OBJECT (fixture->objects[i])));
}

static void
wait_for_exits (Fixture *fixture, guint n)
{
  while (fixture->n_exited < n)
    g_main_context_iteration (NULL, TRUE);
}

/* Adds more of it until one waits in the host: what has been sent is past all order. */
static void
fill_home (Fixture *fixture, guint i)
{
  g_autoptr (MpelEvent) last = NULL;

  do
    {
      g_clear_object (&last);
      last = add_kept (fixture, object_work_method (fixture->objects[i], "calc_c", NULL, TRUE));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  while (mpel_event_get_state (last) == MPEL_EVENT_STATE_SENT);
}

/* ---- stories ---- */

static void
test_spread (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Objects that are cached while others are busy spread over the workers, and events go home.");

  for (guint i = 0; i < N_HOMES; i++)
    g_assert_cmpint (fixture->homes[i], !=, fixture->homes[(i + 1) % N_HOMES]);
  for (guint i = 0; i < 100 * N_HOMES; i++)
    {
      g_ptr_array_add (events, add_kept (fixture, pid_event_new (fixture->objects[i % N_HOMES])));
      object_work_add (&fixture->work, pid_event_new (NULL));
    }
  mpel_test_wait (fixture->work.loop);
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpint (get_pid (events->pdata[i]), ==, fixture->homes[i % N_HOMES]);
  g_assert_cmpuint (fixture->n_started, ==, N_HOMES);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) points = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) asked = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Events of one object keep their order, whatever else there is.");

  for (int i = 0; i < 10; i++)
    g_ptr_array_add (points, test_point_new (i, i));
  for (int i = 0; i < 1000; i++)
    {
      object_work_add (&fixture->work, object_work_method (points->pdata[i % 10], "set_z", g_variant_new ("(i)", i), TRUE));
      object_work_add (&fixture->work, pid_event_new (NULL));
      g_ptr_array_add (asked, add_kept (fixture, object_work_method (points->pdata[i % 10], "get_z", NULL, TRUE)));
    }
  mpel_test_wait (fixture->work.loop);
  for (int i = 0; i < 1000; i++)
    {
      g_assert_no_error (mpel_event_get_error (asked->pdata[i]));
      g_assert_cmpint (g_variant_get_int32 (mpel_event_get_results (asked->pdata[i])), ==, i);
    }
}

static void
test_others_fill (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) waits = NULL;

  g_test_summary ("While a home is busy its events wait, and all others are run elsewhere.");

  occupy (fixture, 0);
  waits = add_kept (fixture, pid_event_new (fixture->objects[0]));
  for (int i = 0; i < 200; i++)
    object_work_add (&fixture->work, pid_event_new (i % 2 == 0 ? NULL : fixture->objects[1]));
  while (mpel_event_loop_get_n_pending (fixture->work.loop) > 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (mpel_event_is_ended (waits));
  open_gate (fixture, 0);
  mpel_test_wait (fixture->work.loop);
  g_assert_cmpint (get_pid (waits), ==, fixture->homes[0]);
}

static void
test_home_dies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) waits = NULL;
  g_autoptr (MpelEvent) after = NULL;
  g_autoptr (MpelEvent) elsewhere = NULL;
  int pid;

  g_test_summary ("When a home dies, what waits for it goes on where the object is made anew; others keep theirs.");

  object_work_assert_runs (&fixture->work, object_work_method (fixture->objects[1], "calc_c", NULL, TRUE), "()");
  occupy (fixture, 0);
  g_object_set (fixture->objects[0], "b", 70, NULL);
  g_ptr_array_set_size (fixture->work.log, 0);
  waits = add_kept (fixture, pid_event_new (fixture->objects[0]));
  after = add_kept (fixture, object_work_method (fixture->objects[0], "repr", NULL, TRUE));
  elsewhere = add_kept (fixture, object_work_method (fixture->objects[1], "repr", NULL, TRUE));
  kill (fixture->homes[0], SIGKILL);
  mpel_test_wait (fixture->work.loop);
  g_assert_cmpuint (fixture->work.log->len, ==, 4);
  mpel_test_assert_results (elsewhere, "'ABC(a=1, b=0, c=1)'");

  /* What was ahead in the worker is lost with it. */
  if (mpel_event_get_state (waits) != MPEL_EVENT_STATE_LOST)
    {
      mpel_test_assert_results (after, "'ABC(a=0, b=70, c=0)'");
      g_assert_cmpint (get_pid (waits), !=, fixture->homes[0]);
    }
  pid = run_for_pid (fixture, fixture->objects[0]);
  g_assert_cmpint (pid, !=, fixture->homes[0]);
  object_work_assert_runs (&fixture->work, object_work_method (fixture->objects[0], "repr", NULL, TRUE), "'ABC(a=0, b=70, c=0)'");
  g_assert_cmpint (run_for_pid (fixture, fixture->objects[0]), ==, pid);
  g_assert_cmpint (run_for_pid (fixture, fixture->objects[1]), ==, fixture->homes[1]);
}

static void
test_idle_timeout (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A home does not leave because it is idle; released, it does.");

  g_assert_true (mpel_event_loop_release_object (fixture->work.loop, G_OBJECT (fixture->objects[0])));
  mpel_event_loop_set_idle_timeout (fixture->work.loop, 1);
  g_assert_cmpint (run_for_pid (fixture, fixture->objects[1]), ==, fixture->homes[1]);
  wait_for_exits (fixture, 1);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_exited, ==, 1);
  g_assert_cmpint (run_for_pid (fixture, fixture->objects[1]), ==, fixture->homes[1]);
  g_assert_cmpint (run_for_pid (fixture, fixture->objects[2]), ==, fixture->homes[2]);

  g_assert_true (mpel_event_loop_release_object (fixture->work.loop, G_OBJECT (fixture->objects[1])));
  wait_for_exits (fixture, 2);
  g_clear_object (&fixture->objects[2]);
  fixture->objects[2] = test_abc_new (2, 0, 0);
  wait_for_exits (fixture, 3);
  g_assert_cmpint (mpel_event_loop_get_state (fixture->work.loop), ==, MPEL_EVENT_LOOP_STATE_IDLE);
}

static void
test_idle_after_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelProxy) proxy = NULL;

  g_test_summary ("A worker leaves also when what kept it was a proxy of nothing.");

  mpel_event_loop_set_idle_timeout (fixture->work.loop, 1);
  proxy = g_object_new (MPEL_TYPE_PROXY, "loop", fixture->work.loop, "variable", "nothing", NULL);
  while (mpel_proxy_get_state (proxy) != MPEL_PROXY_STATE_GONE)
    g_main_context_iteration (NULL, TRUE);
  mpel_flow_iterate_for_a_while ();
  g_assert_finalize_object (g_steal_pointer (&proxy));
  wait_for_exits (fixture, fixture->n_started);
}

static void
test_max_events (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A home does not retire after so many events; once it is none, it does.");

  mpel_event_loop_set_max_events_per_worker (fixture->work.loop, 5);
  for (int i = 0; i < 20; i++)
    for (int j = 0; j < N_HOMES; j++)
      g_assert_cmpint (run_for_pid (fixture, fixture->objects[j]), ==, fixture->homes[j]);
  g_assert_cmpuint (fixture->n_exited, ==, 0);
  release_all (fixture);
  for (int i = 0; i < 40; i++)
    object_work_add (&fixture->work, pid_event_new (NULL));
  mpel_test_wait (fixture->work.loop);
  wait_for_exits (fixture, 1);
}

static void
test_becomes_home (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) made = NULL;
  g_autoptr (MpelProxy) proxy = NULL;

  g_test_summary ("A worker whose last event returns an object stays for that.");

  mpel_event_loop_set_max_events_per_worker (fixture->work.loop, 1);
  made = object_work_run (&fixture->work, mpel_event_new ("make_point", g_variant_new ("(ii)", 1, 2), NULL));
  proxy = mpel_proxy_get_for_result (made, 0);
  g_assert_nonnull (proxy);
  object_work_assert_runs (&fixture->work, mpel_event_new_method (G_OBJECT (proxy), "set_z", g_variant_new ("(i)", 9), NULL), "()");
  run_for_pid (fixture, NULL);
  object_work_assert_runs (&fixture->work, mpel_event_new_method (G_OBJECT (proxy), "get_z", NULL, NULL), "9");
}

static gboolean
use_at_once_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  g_autoptr (MpelProxy) proxy = NULL;

  if (!g_str_equal (mpel_event_get_target (event), "make_point"))
    return FALSE;
  proxy = mpel_proxy_get_for_result (event, 0);
  *(MpelEvent **) user_data = mpel_event_new_method (G_OBJECT (proxy), "get_z", NULL, NULL);
  mpel_test_add_event (loop, *(MpelEvent **) user_data);
  return FALSE;
}

static void
test_home_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) used = NULL;

  g_test_summary ("Likewise for who uses the object as soon as it is there, while others have nothing to do.");

  mpel_event_loop_set_max_events_per_worker (fixture->work.loop, 1);
  mpel_event_loop_set_prestart (fixture->work.loop, TRUE);
  g_signal_connect (fixture->work.loop, "event-done", G_CALLBACK (use_at_once_cb), &used);
  while (fixture->n_started < N_HOMES)
    g_main_context_iteration (NULL, TRUE);
  object_work_add (&fixture->work, mpel_event_new ("make_point", g_variant_new ("(ii)", 1, 2), NULL));
  mpel_test_wait (fixture->work.loop);
  mpel_test_assert_results (used, "0");
}

static void
test_shrink (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A pool that becomes smaller keeps its homes, until they are none.");

  mpel_pool_set_n_workers (fixture->pool, 1);
  for (int i = 0; i < 5; i++)
    for (int j = 0; j < N_HOMES; j++)
      g_assert_cmpint (run_for_pid (fixture, fixture->objects[j]), ==, fixture->homes[j]);
  g_assert_cmpuint (fixture->n_exited, ==, 0);
  release_all (fixture);
  wait_for_exits (fixture, N_HOMES - 1);
  run_for_pid (fixture, NULL);
  g_assert_cmpuint (fixture->n_started, ==, N_HOMES);
}

static void
test_shrink_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("A home that is too many still has its events, while another one is busy.");

  mpel_pool_set_n_workers (fixture->pool, 1);
  occupy (fixture, 0);
  fill_home (fixture, 0);
  event = add_kept (fixture, pid_event_new (fixture->objects[1]));
  while (!mpel_event_is_ended (event))
    g_main_context_iteration (NULL, TRUE);
  open_gate (fixture, 0);
  mpel_test_wait (fixture->work.loop);
}

static void
test_variables (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) save = mpel_event_loop_save_variables (fixture->work.loop, "variables", NULL, NULL, &error);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Who uses a variable is sent where variables were saved.");

  g_assert_no_error (error);
  for (int i = 0; i < 60; i++)
    {
      g_ptr_array_add (events, add_kept (fixture, mpel_event_new_var ("abc", i % 2 == 0 ? "pid" : "calc_c", NULL, NULL)));
      object_work_add (&fixture->work, pid_event_new (NULL));
      object_work_add (&fixture->work, pid_event_new (fixture->objects[i % N_HOMES]));
    }
  mpel_test_wait (fixture->work.loop);
  for (int i = 0; i < 60; i += 2)
    g_assert_cmpint (get_pid (events->pdata[i]), ==, get_pid (events->pdata[0]));
  object_work_assert_runs (&fixture->work, mpel_event_new_var ("abc", "repr", NULL, NULL), "'ABC(a=10, b=20, c=30)'");

  g_clear_object (&save);
  save = mpel_event_loop_save_variables (fixture->work.loop, "variables", NULL, NULL, &error);
  g_assert_no_error (error);
  object_work_assert_runs (&fixture->work, mpel_event_new_var ("abc", "repr", NULL, NULL), "'ABC(a=10, b=20, c=0)'");
}

static void
test_priority (Fixture *fixture, gconstpointer data)
{
  static const int  priorities[] = { 0, -3, 5, 0, 7 };
  static const char expected[] = { '4', '2', '0', '3', '1' };

  g_test_summary ("Those who wait for a home go in by priority, and then as they came.");

  occupy (fixture, 0);
  fill_home (fixture, 0);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      MpelEvent       *event = object_work_print (fixture->objects[0], TRUE);
      g_autofree char *name = g_strdup_printf ("%u", i);

      mpel_event_set_args (event, g_variant_new ("(sh)", name, 0));
      mpel_event_set_priority (event, priorities[i]);
      object_work_add (&fixture->work, event);
    }
  g_ptr_array_set_size (fixture->work.log, 0);
  open_gate (fixture, 0);
  mpel_test_wait (fixture->work.loop);
  for (guint i = 0, n = 0; i < fixture->work.log->len; i++)
    {
      const char *line = fixture->work.log->pdata[i];

      if (strstr (line, "ABC") != NULL)
        g_assert_cmpint (line[1], ==, expected[n++]);
    }
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("An event that waits for its home is cancelled at once; those beside it are not.");

  occupy (fixture, 0);
  for (int i = 0; i < 50; i++)
    g_ptr_array_add (events, add_kept (fixture, pid_event_new (fixture->objects[0])));
  for (guint i = 10; i < 50; i += 2)
    mpel_event_cancel (events->pdata[i]);
  for (guint i = 10; i < 50; i += 2)
    g_assert_true (mpel_event_get_state (events->pdata[i]) == MPEL_EVENT_STATE_CANCELLED || mpel_event_get_state (events->pdata[i]) == MPEL_EVENT_STATE_SENT);
  open_gate (fixture, 0);
  mpel_test_wait (fixture->work.loop);
  for (guint i = 0; i < 50; i++)
    if (i < 10 || i % 2 == 1)
      g_assert_cmpint (get_pid (events->pdata[i]), ==, fixture->homes[0]);
  mpel_test_assert_cancelled (events->pdata[48]);
}

static void
test_deadline (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  MpelEvent *last;

  g_test_summary ("An event that waits for its home too long ends by its deadline.");

  occupy (fixture, 0);
  for (int i = 0; i < 20; i++)
    g_ptr_array_add (events, add_kept (fixture, pid_event_new (fixture->objects[0])));
  last = pid_event_new (fixture->objects[0]);
  mpel_event_set_timeout (last, 1);
  g_ptr_array_add (events, add_kept (fixture, last));
  while (!mpel_event_is_ended (last))
    g_main_context_iteration (NULL, TRUE);
  mpel_test_assert_error (last, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "*");
  open_gate (fixture, 0);
  mpel_test_wait (fixture->work.loop);
  g_assert_cmpint (get_pid (events->pdata[19]), ==, fixture->homes[0]);
}

static void
test_terminate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Terminating ends also those who wait for a home; the objects are made anew after that.");

  occupy (fixture, 0);
  for (int i = 0; i < 50; i++)
    g_ptr_array_add (events, add_kept (fixture, pid_event_new (fixture->objects[i % 2])));
  mpel_event_loop_terminate (fixture->work.loop);
  mpel_test_wait (fixture->work.loop);
  for (guint i = 0; i < events->len; i++)
    g_assert_true (mpel_event_is_ended (events->pdata[i]));
  mpel_test_assert_cancelled (events->pdata[48]);
  g_object_set (fixture->objects[0], "a", 5, NULL);
  object_work_assert_runs (&fixture->work, object_work_method (fixture->objects[0], "repr", NULL, TRUE), "'ABC(a=5, b=0, c=0)'");
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Stopping waits for those who wait for a home.");

  occupy (fixture, 0);
  for (int i = 0; i < 50; i++)
    g_ptr_array_add (events, add_kept (fixture, pid_event_new (fixture->objects[i % 2])));
  mpel_event_loop_stop_async (fixture->work.loop, NULL, mpel_test_keep_result_cb, &result);
  open_gate (fixture, 0);
  mpel_test_iterate_until_result (&result);
  g_assert_true (mpel_event_loop_stop_finish (fixture->work.loop, result, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpint (get_pid (events->pdata[i]), ==, fixture->homes[i % 2]);
}

static void
test_several_homes (Fixture *fixture, gconstpointer data)
{
  MpelEvent *event = mpel_event_new ("print", NULL, NULL);
  const int  one = mpel_event_add_object (event, G_OBJECT (fixture->objects[0]));
  const int  other = mpel_event_add_object (event, G_OBJECT (fixture->objects[1]));

  g_test_summary ("An event whose objects live in several workers fails; copies of them are no matter.");

  mpel_event_set_args (event, g_variant_new ("(hh)", one, other));
  mpel_event_set_cache (event, TRUE);
  object_work_assert_fails (&fixture->work, g_object_ref (event), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*several workers*");
  mpel_event_set_cache (event, FALSE);
  object_work_assert_runs (&fixture->work, event, "'ABC(a=0, b=0, c=0) ABC(a=1, b=0, c=0)'");
  for (int i = 0; i < N_HOMES; i++)
    g_assert_cmpint (run_for_pid (fixture, fixture->objects[i]), ==, fixture->homes[i]);
}

static void
test_retried (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelGate) gate = mpel_gate_new ();
  MpelEvent *event = object_work_method (fixture->objects[0], "wait", mpel_gate_args (gate), TRUE);
  g_autoptr (MpelEvent) kept = g_object_ref (event);

  g_test_summary ("An event that is tried again after its home died finds the object made anew.");

  mpel_event_set_max_retries (event, 1);
  object_work_add (&fixture->work, event);
  g_assert_cmpint (mpel_gate_wait (gate), ==, fixture->homes[0]);
  kill (fixture->homes[0], SIGKILL);
  wait_for_exits (fixture, 1);
  mpel_gate_open (gate);
  mpel_test_wait (fixture->work.loop);
  g_assert_cmpint (get_pid (kept), !=, fixture->homes[0]);
  g_assert_cmpint (run_for_pid (fixture, fixture->objects[0]), ==, get_pid (kept));
}

#define ADD(path, func) g_test_add ("/flow/object-pool/" path, Fixture, NULL, set_up_at_home, func, tear_down)

static void
add_tests (void)
{
  ADD ("spread", test_spread);
  ADD ("order", test_order);
  ADD ("others-fill", test_others_fill);
  ADD ("home-dies", test_home_dies);
  ADD ("idle-timeout", test_idle_timeout);
  g_test_add ("/flow/object-pool/idle-after-nothing", Fixture, NULL, set_up, test_idle_after_nothing, tear_down);
  ADD ("max-events", test_max_events);
  g_test_add ("/flow/object-pool/becomes-home", Fixture, NULL, set_up, test_becomes_home, tear_down);
  g_test_add ("/flow/object-pool/home-at-once", Fixture, NULL, set_up, test_home_at_once, tear_down);
  ADD ("shrink", test_shrink);
  ADD ("shrink-busy", test_shrink_busy);
  ADD ("variables", test_variables);
  ADD ("priority", test_priority);
  ADD ("cancel", test_cancel);
  ADD ("deadline", test_deadline);
  ADD ("terminate", test_terminate);
  ADD ("stop", test_stop);
  ADD ("several-homes", test_several_homes);
  ADD ("retried", test_retried);
}

int
main (int argc, char **argv)
{
  return object_work_main (argc, argv, add_tests);
}
