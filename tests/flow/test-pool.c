/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several workers on one queue: who gets what, who is lost, who comes and goes. */

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

static GVariant *
die (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  kill (getpid (), SIGKILL);
  return NULL;
}

/* ---- host ---- */

#define N_GATES 4

typedef struct
{
  MpelTestTrace  before;
  MpelPool      *pool;
  MpelEventLoop *loop; /* the same */
  MpelEnds      *ends;
  MpelGate      *gates[N_GATES];
  GHashTable    *alive; /* pids that were started and have not exited */
  guint          n_started;
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

  fixture->n_lost += reason != NULL;
  g_hash_table_remove (fixture->alive, GINT_TO_POINTER (pid));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->pool = mpel_pool_new (data != NULL ? GPOINTER_TO_UINT (data) : 2);
  fixture->loop = MPEL_EVENT_LOOP (fixture->pool);
  fixture->ends = mpel_ends_new (fixture->loop);
  fixture->alive = g_hash_table_new (NULL, NULL);
  g_signal_connect (fixture->loop, "worker-started", G_CALLBACK (started_cb), fixture);
  g_signal_connect (fixture->loop, "worker-exited", G_CALLBACK (exited_cb), fixture);
  for (guint i = 0; i < N_GATES; i++)
    fixture->gates[i] = mpel_gate_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, 0);
  g_hash_table_unref (fixture->alive);
  for (guint i = 0; i < N_GATES; i++)
    mpel_gate_free (fixture->gates[i]);
  mpel_test_assert_no_trace (fixture->before);
}

static MpelEvent *
close_gate (Fixture *fixture, guint index)
{
  return mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gates[index]));
}

static void
add_many (Fixture *fixture, const char *target, guint n)
{
  for (guint i = 0; i < n; i++)
    mpel_test_add (fixture->loop, target, NULL);
}

static void
start_all (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mpel_event_loop_start_async (fixture->loop, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  mpel_event_loop_start_finish (fixture->loop, result, &error);
  g_assert_no_error (error);
}

/* Short events, so that the workers are known to be quick, and all are there. */
static void
warm_up (Fixture *fixture, guint n)
{
  start_all (fixture);
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, mpel_pool_get_n_workers (fixture->pool));
  add_many (fixture, "pid", n);
  mpel_test_wait (fixture->loop);
}

static void
wait_for_alive (Fixture *fixture, guint n)
{
  while (g_hash_table_size (fixture->alive) != n)
    g_main_context_iteration (NULL, TRUE);
}

static guint
count_state (Fixture *fixture, MpelEventState state)
{
  guint n = 0;

  for (guint i = 0; i < mpel_ends_count (fixture->ends); i++)
    n += mpel_event_get_state (mpel_ends_get (fixture->ends, i)) == state;
  return n;
}

static void
test_n_workers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelPool) pool = mpel_pool_new (0);

  g_test_summary ("By default there are as many workers as processors; they are started as work comes.");

  g_assert_cmpuint (mpel_pool_get_n_workers (pool), ==, g_get_num_processors ());
  mpel_pool_set_n_workers (pool, 7);
  g_assert_cmpuint (mpel_pool_get_n_workers (pool), ==, 7);
  mpel_pool_set_n_workers (pool, 0);
  g_assert_cmpuint (mpel_pool_get_n_workers (pool), ==, g_get_num_processors ());
  g_assert_false (mpel_event_loop_is_running (MPEL_EVENT_LOOP (pool)));

  add_many (fixture, "pid", 1);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->n_started, ==, 1);
}

static void
test_start_all (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Starting a pool is told when all of its workers are ready.");

  warm_up (fixture, 0);
  g_assert_cmpuint (fixture->n_started, ==, 3);
}

static void
shrink_cb (MpelEventLoop *loop, int pid, gpointer user_data)
{
  mpel_pool_set_n_workers (MPEL_POOL (loop), 1);
}

static void
test_start_fewer (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("It is told also when those that are not ready yet are not wanted any more.");

  g_signal_connect (fixture->loop, "worker-started", G_CALLBACK (shrink_cb), NULL);
  start_all (fixture);
}

static void
test_free_worker_first (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("While one worker is busy, short events go to the other, and none waits for the busy one.");

  close_gate (fixture, 0);
  mpel_gate_wait (fixture->gates[0]);
  for (guint i = 0; i < 300; i++)
    {
      add_many (fixture, "pid", 1);
      if (i % 10 == 0)
        mpel_ends_wait (fixture->ends, i + 1);
    }
  mpel_ends_wait (fixture->ends, 300);
  mpel_gate_open (fixture->gates[0]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 301);
}

static void
test_rescue (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Workers that were quick get many at once; those behind a slow one are given to the other.");

  warm_up (fixture, 3000);
  for (guint round = 0; round < 5; round++)
    {
      guint before = mpel_ends_count (fixture->ends);
      g_autoptr (MpelGate) gate = mpel_gate_new ();

      add_many (fixture, "pid", 100);
      mpel_test_add (fixture->loop, "gate", mpel_gate_args (gate));
      add_many (fixture, "pid", 500);
      mpel_ends_wait (fixture->ends, before + 600);
      mpel_gate_open (gate);
      mpel_test_wait (fixture->loop);
      mpel_ends_assert_once (fixture->ends, before + 601);
    }
}

static void
test_rescue_by_new (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("What waits behind a slow event brings another worker to life when there may be one.");

  mpel_pool_set_n_workers (fixture->pool, 1);
  warm_up (fixture, 3000);
  mpel_pool_set_n_workers (fixture->pool, 2);
  close_gate (fixture, 0);
  add_many (fixture, "pid", 20);
  mpel_ends_wait (fixture->ends, 3020);
  g_assert_cmpuint (fixture->n_started, ==, 2);
  mpel_gate_open (fixture->gates[0]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 3021);
}

static void
test_grow (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("More workers are started while others are busy.");

  mpel_pool_set_n_workers (fixture->pool, 1);
  for (guint i = 0; i < N_GATES; i++)
    close_gate (fixture, i);
  mpel_gate_wait (fixture->gates[0]);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, 1);
  mpel_pool_set_n_workers (fixture->pool, N_GATES);
  for (guint i = 1; i < N_GATES; i++)
    mpel_gate_wait (fixture->gates[i]);
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, N_GATES);
  for (guint i = 0; i < N_GATES; i++)
    mpel_gate_open (fixture->gates[i]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, N_GATES);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, N_GATES);
}

static void
test_shrink (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Workers that are too many leave when they have answered, and no event is hurt.");

  mpel_pool_set_n_workers (fixture->pool, N_GATES);
  for (guint i = 0; i < N_GATES; i++)
    close_gate (fixture, i);
  for (guint i = 0; i < N_GATES; i++)
    mpel_gate_wait (fixture->gates[i]);
  add_many (fixture, "pid", 100);
  mpel_pool_set_n_workers (fixture->pool, 1);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (g_hash_table_size (fixture->alive), ==, N_GATES);
  for (guint i = 0; i < N_GATES; i++)
    mpel_gate_open (fixture->gates[i]);
  mpel_test_wait (fixture->loop);
  wait_for_alive (fixture, 1);
  mpel_ends_assert_once (fixture->ends, N_GATES + 100);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, N_GATES + 100);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
test_shrink_idle (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("The idle ones leave first.");

  mpel_pool_set_n_workers (fixture->pool, 3);
  warm_up (fixture, 0);
  close_gate (fixture, 0);
  mpel_gate_wait (fixture->gates[0]);
  mpel_pool_set_n_workers (fixture->pool, 1);
  wait_for_alive (fixture, 1);
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 0);
  mpel_gate_open (fixture->gates[0]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 1);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, 1);
}

static void
test_one_dies (Fixture *fixture, gconstpointer data)
{
  MpelEvent *first = close_gate (fixture, 0);
  int        victim;

  g_test_summary ("A worker that is killed loses what it had; the rest is done by the other and a new one.");

  victim = mpel_gate_wait (fixture->gates[0]);
  close_gate (fixture, 1);
  mpel_gate_wait (fixture->gates[1]);
  add_many (fixture, "pid", 50);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 0);
  g_assert_cmpint (kill (victim, SIGKILL), ==, 0);
  mpel_ends_wait (fixture->ends, 1);
  g_assert_true (mpel_ends_get (fixture->ends, 0) == first);
  mpel_test_assert_error (mpel_ends_get (fixture->ends, 0), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST, "*");
  mpel_ends_wait (fixture->ends, 51);
  g_assert_cmpuint (fixture->n_started, ==, 3);
  mpel_gate_open (fixture->gates[1]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 52);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_LOST), ==, 1);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, 51);
}

static void
test_all_die (Fixture *fixture, gconstpointer data)
{
  int victims[2];

  g_test_summary ("When all workers die at once, what they had is lost, and what waits is done by new ones.");

  for (guint i = 0; i < 2; i++)
    close_gate (fixture, i);
  for (guint i = 0; i < 2; i++)
    victims[i] = mpel_gate_wait (fixture->gates[i]);
  add_many (fixture, "pid", 50);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (kill (victims[i], SIGKILL), ==, 0);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 52);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_LOST), ==, 2);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, 50);
}

static void
test_deadly_events (Fixture *fixture, gconstpointer data)
{
  guint n_lost;

  g_test_summary ("Events that kill their workers end, each of them, whatever goes with them.");

  for (guint i = 0; i < 10; i++)
    {
      add_many (fixture, "die", 1);
      add_many (fixture, "pid", 20);
    }
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 210);
  n_lost = count_state (fixture, MPEL_EVENT_STATE_LOST);
  g_assert_cmpuint (n_lost, >=, 10);
  g_assert_cmpuint (n_lost + count_state (fixture, MPEL_EVENT_STATE_DONE), ==, 210);
}

static void
test_retry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("die", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that may be tried again goes to another worker, as often as it may.");

  mpel_event_set_max_retries (event, 2);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 1);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST, "*");
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_lost, ==, 3);
}

static void
test_force (Fixture *fixture, gconstpointer data)
{
  MpelEvent *deaf = close_gate (fixture, 0);

  g_test_summary ("An event that does not hear that it was cancelled goes with its worker, and nothing else does.");

  mpel_event_loop_set_cancel_grace (fixture->loop, 20);
  mpel_gate_wait (fixture->gates[0]);
  close_gate (fixture, 1);
  mpel_gate_wait (fixture->gates[1]);
  add_many (fixture, "pid", 50);
  mpel_event_cancel (deaf);
  mpel_ends_wait (fixture->ends, 1);
  g_assert_true (mpel_ends_get (fixture->ends, 0) == deaf);
  g_assert_cmpint (mpel_event_get_state (mpel_ends_get (fixture->ends, 0)), ==, MPEL_EVENT_STATE_CANCELLED);
  mpel_ends_wait (fixture->ends, 51);
  mpel_gate_open (fixture->gates[1]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 52);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, 51);
}

static void
test_deadline (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) deaf = mpel_event_new ("gate", mpel_gate_args (fixture->gates[0]), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("So does one that is late.");

  mpel_event_loop_set_cancel_grace (fixture->loop, 20);
  warm_up (fixture, 100);
  mpel_event_set_timeout (deaf, 100);
  mpel_event_loop_add_event (fixture->loop, deaf, &error);
  g_assert_no_error (error);
  add_many (fixture, "pid", 100);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 201);
  mpel_test_assert_error (deaf, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "*");
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, 200);
}

static void
test_thousands (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Thousands of tiny events end once each.");

  add_many (fixture, "pid", 5000);
  mpel_test_wait (fixture->loop);
  for (guint i = 0; i < 5000; i++)
    {
      add_many (fixture, "pid", 1);
      if (i % 50 == 0)
        g_main_context_iteration (NULL, FALSE);
    }
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 10000);
  g_assert_cmpuint (count_state (fixture, MPEL_EVENT_STATE_DONE), ==, 10000);
}

static void
add (const char *path, guint n_workers, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, GUINT_TO_POINTER (n_workers), set_up, test, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
  mpel_worker_add_function (worker, "pid", pid, NULL, NULL);
  mpel_worker_add_function (worker, "die", die, NULL, NULL);
}

static void
add_tests (void)
{
  add ("/flow/pool/n-workers", 2, test_n_workers);
  add ("/flow/pool/start-all", 3, test_start_all);
  add ("/flow/pool/start-fewer", 3, test_start_fewer);
  add ("/flow/pool/free-worker-first", 2, test_free_worker_first);
  add ("/flow/pool/rescue", 2, test_rescue);
  add ("/flow/pool/rescue-by-new", 2, test_rescue_by_new);
  add ("/flow/pool/grow", 2, test_grow);
  add ("/flow/pool/shrink", 2, test_shrink);
  add ("/flow/pool/shrink-idle", 2, test_shrink_idle);
  add ("/flow/pool/one-dies", 2, test_one_dies);
  add ("/flow/pool/all-die", 2, test_all_die);
  add ("/flow/pool/deadly-events", 2, test_deadly_events);
  add ("/flow/pool/retry", 2, test_retry);
  add ("/flow/pool/force", 2, test_force);
  add ("/flow/pool/deadline", 2, test_deadline);
  add ("/flow/pool/thousands", 2, test_thousands);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
