/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long workers stay: idle ones, those that had enough events, those that wait for work. */

#include "config.h"
#include "mpel-flow.h"
#include "mpel-loop-error.h"

#include <signal.h>
#include <unistd.h>

/* ---- worker ---- */

static GVariant *
pid (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", getpid ());
}

static gboolean
answer_cb (gpointer invocation)
{
  mpel_invocation_return_value (invocation, g_variant_new ("(i)", getpid ()));
  return G_SOURCE_REMOVE;
}

/* Answers in a later turn of the worker's main loop. */
static void
pid_later (MpelInvocation *invocation, gpointer user_data)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, 5, answer_cb, g_object_ref (invocation), g_object_unref);
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  MpelEnds      *ends;
  MpelGate      *gate;
  GHashTable    *alive; /* pids that were started and have not exited */
  guint          n_started;
  guint          n_exited;
  guint          n_lost;
} Fixture;

static void
started_cb (MpelEventLoop *loop, int pid, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_started++;
  g_assert_true (g_hash_table_add (fixture->alive, GINT_TO_POINTER (pid)));
}

static void
exited_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_exited++;
  fixture->n_lost += reason != NULL;
  g_hash_table_remove (fixture->alive, GINT_TO_POINTER (pid));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = data != NULL ? MPEL_EVENT_LOOP (mpel_pool_new (2)) : mpel_test_loop_new ();
  fixture->ends = mpel_ends_new (fixture->loop);
  fixture->gate = mpel_gate_new ();
  fixture->alive = g_hash_table_new (NULL, NULL);
  g_signal_connect (fixture->loop, "worker-started", G_CALLBACK (started_cb), fixture);
  g_signal_connect (fixture->loop, "worker-exited", G_CALLBACK (exited_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, 0);
  g_hash_table_unref (fixture->alive);
  mpel_gate_free (fixture->gate);
  mpel_test_assert_no_trace (fixture->before);
}

static int
get_pid (MpelEvent *event)
{
  int number;

  g_assert_no_error (mpel_event_get_error (event));
  g_variant_get (mpel_event_get_results (event), "(i)", &number);
  return number;
}

static void
add_many (Fixture *fixture, const char *target, guint n)
{
  for (guint i = 0; i < n; i++)
    mpel_test_add (fixture->loop, target, NULL);
}

static void
wait_for_exits (Fixture *fixture, guint n)
{
  while (fixture->n_exited < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_starts (Fixture *fixture, guint n)
{
  while (fixture->n_started < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
stop (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_stop (fixture->loop, NULL, &error);
  g_assert_no_error (error);
}

static void
test_idle (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("An idle worker leaves after its time, unharmed, and another comes with the next event.");

  mpel_event_loop_set_idle_timeout (fixture->loop, 50);
  for (guint round = 1; round <= 3; round++)
    {
      add_many (fixture, "pid", 1);
      mpel_test_wait (fixture->loop);
      wait_for_exits (fixture, round);
      g_assert_cmpint (mpel_event_loop_get_worker_pid (fixture->loop), ==, 0);
      g_assert_cmpint (mpel_event_loop_get_state (fixture->loop), ==, MPEL_EVENT_LOOP_STATE_IDLE);
      g_assert_cmpuint (fixture->n_started, ==, round);
    }
  g_assert_cmpuint (fixture->n_lost, ==, 0);
  mpel_ends_assert_once (fixture->ends, 3);
}

static void
test_idle_never_used (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("One that never had an event leaves as well.");

  mpel_event_loop_set_idle_timeout (fixture->loop, 50);
  g_assert_true (mpel_event_loop_start (fixture->loop, &error));
  wait_for_exits (fixture, 1);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_idle_set_late (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("The time may be set while the worker is idle, and called off.");

  add_many (fixture, "pid", 1);
  mpel_test_wait (fixture->loop);
  mpel_event_loop_set_idle_timeout (fixture->loop, 40);
  mpel_event_loop_set_idle_timeout (fixture->loop, 0);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_exited, ==, 0);
  mpel_event_loop_set_idle_timeout (fixture->loop, 10000000);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_exited, ==, 0);
  mpel_event_loop_set_idle_timeout (fixture->loop, 20);
  wait_for_exits (fixture, 1);
}

static void
test_idle_not_while_working (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A worker with something to do stays, however long it takes.");

  mpel_event_loop_set_idle_timeout (fixture->loop, 10);
  mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gate));
  mpel_gate_wait (fixture->gate);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_exited, ==, 0);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  wait_for_exits (fixture, 1);
  mpel_ends_assert_once (fixture->ends, 1);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_idle_race (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Events that come just when the worker leaves end, each once.");

  mpel_event_loop_set_idle_timeout (fixture->loop, 1);
  for (guint i = 0; i < 60; i++)
    {
      gint64 until = g_get_monotonic_time () + g_test_rand_int_range (0, 3000);

      add_many (fixture, "pid", 2);
      mpel_ends_wait (fixture->ends, 2 * (i + 1));
      while (g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, FALSE);
    }
  mpel_ends_assert_once (fixture->ends, 120);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
  for (guint i = 0; i < 120; i++)
    g_assert_cmpint (mpel_event_get_state (mpel_ends_get (fixture->ends, i)), ==, MPEL_EVENT_STATE_DONE);
}

static void
test_idle_pool (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("In a pool the idle ones leave, and the busy one stays.");

  mpel_event_loop_set_idle_timeout (fixture->loop, 50);
  mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gate));
  g_assert_true (mpel_event_loop_start (fixture->loop, &error));
  mpel_gate_wait (fixture->gate);
  wait_for_exits (fixture, 1);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_exited, ==, 1);
  add_many (fixture, "pid", 5);
  mpel_ends_wait (fixture->ends, 5);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  wait_for_exits (fixture, 3);
  mpel_ends_assert_once (fixture->ends, 6);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
assert_pids_change (Fixture *fixture, guint every)
{
  guint n = mpel_ends_count (fixture->ends);

  for (guint i = 0; i + 1 < n; i++)
    {
      int here = get_pid (mpel_ends_get (fixture->ends, i));
      int next = get_pid (mpel_ends_get (fixture->ends, i + 1));

      if ((i + 1) % every == 0)
        g_assert_cmpint (here, !=, next);
      else
        g_assert_cmpint (here, ==, next);
    }
}

static void
test_max_events (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("After so many events a worker is replaced; no event is hurt, and they keep their order.");

  for (guint every = 1; every <= 3; every += 2)
    {
      g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

      stop (fixture);
      g_clear_pointer (&fixture->ends, mpel_ends_free);
      fixture->ends = mpel_ends_new (fixture->loop);
      fixture->n_started = 0;
      mpel_event_loop_set_max_events_per_worker (fixture->loop, every);
      for (guint i = 0; i < 12; i++)
        g_ptr_array_add (events, g_object_ref (mpel_test_add (fixture->loop, "pid", NULL)));
      mpel_test_wait (fixture->loop);
      mpel_ends_assert_once (fixture->ends, 12);
      for (guint i = 0; i < 12; i++)
        g_assert_true (mpel_ends_get (fixture->ends, i) == events->pdata[i]);
      assert_pids_change (fixture, every);
      g_assert_cmpuint (fixture->n_started, ==, 12 / every);
    }
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_max_events_one_at_a_time (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("The next worker begins only when the last one has answered all.");

  mpel_event_loop_set_max_events_per_worker (fixture->loop, 1);
  mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gate));
  add_many (fixture, "pid", 3);
  mpel_gate_wait (fixture->gate);
  wait_for_starts (fixture, 2);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 0);
  g_assert_cmpuint (fixture->n_started, ==, 2);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 4);
  assert_pids_change (fixture, 1);
}

static void
test_max_events_async (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Handlers that answer later are waited for before their worker leaves.");

  mpel_event_loop_set_max_events_per_worker (fixture->loop, 3);
  add_many (fixture, "pid-later", 12);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 12);
  assert_pids_change (fixture, 3);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_max_events_pool (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);

  g_test_summary ("No worker of a pool gets more events than it may.");

  mpel_event_loop_set_max_events_per_worker (fixture->loop, 5);
  add_many (fixture, "pid", 60);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 60);
  for (guint i = 0; i < 60; i++)
    {
      gpointer key = GINT_TO_POINTER (get_pid (mpel_ends_get (fixture->ends, i)));
      guint    n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;

      g_assert_cmpuint (n, <=, 5);
      g_hash_table_insert (counts, key, GUINT_TO_POINTER (n));
    }
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_stop_while_retiring (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A loop may be stopped while a worker is being replaced, and terminated.");

  mpel_event_loop_set_max_events_per_worker (fixture->loop, 1);
  mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gate));
  add_many (fixture, "pid", 2);
  mpel_gate_wait (fixture->gate);
  wait_for_starts (fixture, 2);
  mpel_event_loop_stop_async (fixture->loop, NULL, mpel_test_keep_result_cb, &result);
  mpel_flow_iterate_for_a_while ();
  g_assert_null (result);
  mpel_gate_open (fixture->gate);
  mpel_test_iterate_until_result (&result);
  mpel_event_loop_stop_finish (fixture->loop, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, 0);
  mpel_ends_assert_once (fixture->ends, 3);

  add_many (fixture, "pid", 10);
  mpel_ends_wait (fixture->ends, 5);
  mpel_event_loop_terminate (fixture->loop);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 13);
  stop (fixture);
  g_assert_false (mpel_event_loop_is_running (fixture->loop));
}

static void
test_prestart (Fixture *fixture, gconstpointer data)
{
  guint n_workers = data != NULL ? 2 : 1;

  g_test_summary ("Workers start at once, and one that is lost is followed by another.");

  mpel_event_loop_set_prestart (fixture->loop, TRUE);
  wait_for_starts (fixture, n_workers);
  g_assert_cmpint (kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL), ==, 0);
  wait_for_starts (fixture, n_workers + 1);
  g_assert_cmpuint (fixture->n_lost, ==, 1);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, n_workers);
}

static void
test_prestart_gives_up (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("After three losses in a row no more are started, until there is work.");

  mpel_event_loop_set_prestart (fixture->loop, TRUE);
  for (guint i = 1; i <= 3; i++)
    {
      wait_for_starts (fixture, i);
      g_assert_cmpint (kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL), ==, 0);
      wait_for_exits (fixture, i);
    }
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_started, ==, 3);
  g_assert_false (mpel_event_loop_is_running (fixture->loop));

  add_many (fixture, "pid", 1);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->n_started, ==, 4);
  g_assert_cmpint (kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL), ==, 0);
  wait_for_starts (fixture, 5);
  mpel_ends_assert_once (fixture->ends, 1);
}

static void
test_prestart_pauses (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A loop that was stopped or terminated starts none ahead of the next event.");

  mpel_event_loop_set_prestart (fixture->loop, TRUE);
  wait_for_starts (fixture, 1);
  stop (fixture);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_started, ==, 1);
  g_assert_false (mpel_event_loop_is_running (fixture->loop));

  add_many (fixture, "pid", 1);
  mpel_test_wait (fixture->loop);
  mpel_event_loop_terminate (fixture->loop);
  wait_for_exits (fixture, 2);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_started, ==, 2);
  g_assert_false (mpel_event_loop_is_running (fixture->loop));
  mpel_ends_assert_once (fixture->ends, 1);
}

static void
test_prestart_and_idle (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Workers that are started ahead of work do not leave for want of it.");

  mpel_event_loop_set_idle_timeout (fixture->loop, 10);
  mpel_event_loop_set_prestart (fixture->loop, TRUE);
  wait_for_starts (fixture, 1);
  add_many (fixture, "pid", 1);
  mpel_test_wait (fixture->loop);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_exited, ==, 0);
  mpel_event_loop_set_prestart (fixture->loop, FALSE);
  wait_for_exits (fixture, 1);
  g_assert_cmpuint (fixture->n_started, ==, 1);
}

static void
test_prestart_and_max_events (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A worker that had enough events is followed by another without delay.");

  mpel_event_loop_set_max_events_per_worker (fixture->loop, 2);
  mpel_event_loop_set_prestart (fixture->loop, TRUE);
  add_many (fixture, "pid", 4);
  mpel_test_wait (fixture->loop);
  assert_pids_change (fixture, 2);
  wait_for_starts (fixture, 3);
  wait_for_exits (fixture, 2);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_started, ==, 3);
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, 1);
}

static void
add (const char *path, const char *pool, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, pool, set_up, test, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
  mpel_worker_add_function (worker, "pid", pid, NULL, NULL);
  mpel_worker_add_handler (worker, "pid-later", pid_later, NULL, NULL);
}

static void
add_tests (void)
{
  add ("/flow/workers/idle", NULL, test_idle);
  add ("/flow/workers/idle-never-used", NULL, test_idle_never_used);
  add ("/flow/workers/idle-set-late", NULL, test_idle_set_late);
  add ("/flow/workers/idle-not-while-working", NULL, test_idle_not_while_working);
  add ("/flow/workers/idle-race", NULL, test_idle_race);
  add ("/flow/workers/idle-pool", "pool", test_idle_pool);
  add ("/flow/workers/max-events", NULL, test_max_events);
  add ("/flow/workers/max-events-one-at-a-time", NULL, test_max_events_one_at_a_time);
  add ("/flow/workers/max-events-async", NULL, test_max_events_async);
  add ("/flow/workers/max-events-pool", "pool", test_max_events_pool);
  add ("/flow/workers/stop-while-retiring", NULL, test_stop_while_retiring);
  add ("/flow/workers/prestart", NULL, test_prestart);
  add ("/flow/workers/prestart-pool", "pool", test_prestart);
  add ("/flow/workers/prestart-gives-up", NULL, test_prestart_gives_up);
  add ("/flow/workers/prestart-pauses", NULL, test_prestart_pauses);
  add ("/flow/workers/prestart-and-idle", NULL, test_prestart_and_idle);
  add ("/flow/workers/prestart-and-max-events", NULL, test_prestart_and_max_events);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
