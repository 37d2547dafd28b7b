/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Pools that cannot start, that end with events in all states, that deliver elsewhere. */

#include "config.h"
#include "mpel-flow.h"
#include "mpel-loop-error.h"

#include <unistd.h>

static GVariant *
pid (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", getpid ());
}

typedef struct
{
  MpelTestTrace before;
  MpelGate     *gates[2];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  for (guint i = 0; i < G_N_ELEMENTS (fixture->gates); i++)
    fixture->gates[i] = mpel_gate_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->gates); i++)
    mpel_gate_free (fixture->gates[i]);
  mpel_test_assert_no_trace (fixture->before);
}

static void
add_many (MpelEventLoop *loop, guint n)
{
  for (guint i = 0; i < n; i++)
    mpel_test_add (loop, "pid", NULL);
}

/* Two events that run, twenty that wait, two that have ended and are not delivered. */
static void
fill (Fixture *fixture, MpelEventLoop *loop)
{
  for (guint i = 0; i < 2; i++)
    mpel_test_add (loop, "gate", mpel_gate_args (fixture->gates[i]));
  for (guint i = 0; i < 2; i++)
    mpel_gate_wait (fixture->gates[i]);
  add_many (loop, 20);
  for (guint i = 0; i < 2; i++)
    mpel_event_cancel (mpel_test_add (loop, "pid", NULL));
}

static guint
count_state (MpelEnds *ends, MpelEventState state)
{
  guint n = 0;

  for (guint i = 0; i < mpel_ends_count (ends); i++)
    n += mpel_event_get_state (mpel_ends_get (ends, i)) == state;
  return n;
}

static void
test_bad_program (Fixture *fixture, gconstpointer program)
{
  const char    *argv[] = { program, NULL };
  MpelLauncher  *launcher = mpel_launcher_new (argv);
  MpelPool      *pool = mpel_pool_new_with_launcher (launcher, 3);
  MpelEventLoop *loop = MPEL_EVENT_LOOP (pool);
  g_autoptr (MpelEnds) ends = mpel_ends_new (loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When no worker can be started all events end and say so, and who waits for the start hears it.");

  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, &result);
  for (guint round = 1; round <= 2; round++)
    {
      add_many (loop, 10);
      mpel_test_wait (loop);
      mpel_ends_assert_once (ends, 10 * round);
      for (guint i = 0; i < 10 * round; i++)
        {
          mpel_test_assert_error (mpel_ends_get (ends, i), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "*");
          g_assert_cmpint (mpel_event_get_state (mpel_ends_get (ends, i)), ==, MPEL_EVENT_STATE_FAILED);
        }
    }
  mpel_test_iterate_until_result (&result);
  g_assert_false (mpel_event_loop_start_finish (loop, result, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED);
  g_clear_object (&result);
  g_clear_pointer (&ends, mpel_ends_free);
  g_object_unref (launcher);
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
count_exit_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  g_assert_error (reason, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED);
  ++*(guint *) user_data;
}

static void
test_bad_program_prestart (Fixture *fixture, gconstpointer n_workers)
{
  const char *argv[] = { "/bin/false", NULL };
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (argv);
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new_with_launcher (launcher, GPOINTER_TO_UINT (n_workers)));
  guint          n_exited = 0;

  g_test_summary ("A program that ends at once is not started again and again.");

  g_signal_connect (loop, "worker-exited", G_CALLBACK (count_exit_cb), &n_exited);
  mpel_event_loop_set_prestart (loop, TRUE);
  while (n_exited < 3)
    g_main_context_iteration (NULL, TRUE);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (n_exited, <, 10);
  g_assert_false (mpel_event_loop_is_running (loop));
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new (2));
  g_autoptr (MpelEnds) ends = mpel_ends_new (loop);
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Stopping and closing let all events end; those who stop hear when the workers are gone.");

  fill (fixture, loop);
  mpel_event_loop_stop_async (loop, NULL, mpel_test_keep_result_cb, &stopped);
  mpel_event_loop_close_async (loop, NULL, mpel_test_keep_result_cb, &closed);
  mpel_flow_iterate_for_a_while ();
  g_assert_null (stopped);
  for (guint i = 0; i < 2; i++)
    mpel_gate_open (fixture->gates[i]);
  mpel_test_iterate_until_result (&stopped);
  mpel_test_iterate_until_result (&closed);
  g_assert_true (mpel_event_loop_stop_finish (loop, stopped, &error));
  g_assert_true (mpel_event_loop_close_finish (loop, closed, &error));
  g_assert_no_error (error);
  g_assert_false (mpel_event_loop_is_running (loop));
  mpel_ends_assert_once (ends, 24);
  g_assert_cmpuint (count_state (ends, MPEL_EVENT_STATE_DONE), ==, 22);
  g_clear_object (&stopped);
  g_clear_object (&closed);
  g_clear_pointer (&ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
test_terminate (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new (2));
  g_autoptr (MpelEnds) ends = mpel_ends_new (loop);

  g_test_summary ("Terminating cancels all, and the next event starts anew.");

  fill (fixture, loop);
  mpel_event_loop_terminate (loop);
  g_assert_cmpuint (mpel_ends_count (ends), ==, 0);
  mpel_test_wait (loop);
  mpel_ends_assert_once (ends, 24);
  g_assert_cmpuint (count_state (ends, MPEL_EVENT_STATE_CANCELLED), ==, 24);
  add_many (loop, 5);
  mpel_test_wait (loop);
  mpel_ends_assert_once (ends, 29);
  g_assert_cmpuint (count_state (ends, MPEL_EVENT_STATE_DONE), ==, 5);
  g_clear_pointer (&ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
test_cancel_all (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new (2));
  g_autoptr (MpelEnds) ends = mpel_ends_new (loop);

  g_test_summary ("All can be cancelled while the workers stay, and those that run may still answer.");

  fill (fixture, loop);
  mpel_event_loop_cancel_all (loop);
  mpel_ends_wait (ends, 22);
  g_assert_cmpuint (count_state (ends, MPEL_EVENT_STATE_CANCELLED), ==, 22);
  for (guint i = 0; i < 2; i++)
    mpel_gate_open (fixture->gates[i]);
  mpel_test_wait (loop);
  mpel_ends_assert_once (ends, 24);
  g_assert_cmpuint (count_state (ends, MPEL_EVENT_STATE_DONE), ==, 2);
  g_clear_pointer (&ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
test_dispose (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new (2));
  MpelEnds      *ends = mpel_ends_new (loop);

  g_test_summary ("A pool that is disposed by force ends all of its events.");

  fill (fixture, loop);
  g_object_run_dispose (G_OBJECT (loop));
  mpel_ends_assert_once (ends, 24);
  g_assert_cmpuint (count_state (ends, MPEL_EVENT_STATE_CANCELLED), ==, 24);
  mpel_ends_free (ends);
  g_assert_finalize_object (loop);
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new (2));
  gpointer       alive = loop;

  g_test_summary ("A pool that is dropped lives until its events have ended.");

  g_object_add_weak_pointer (G_OBJECT (loop), &alive);
  fill (fixture, loop);
  g_object_unref (loop);
  mpel_flow_iterate_for_a_while ();
  g_assert_nonnull (alive);
  for (guint i = 0; i < 2; i++)
    mpel_gate_open (fixture->gates[i]);
  while (alive != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_statistics (Fixture *fixture, gconstpointer data)
{
  MpelPool *pool = mpel_pool_new (2);
  g_autoptr (GVariant) none = mpel_pool_get_statistics (pool);
  g_autoptr (GVariant) statistics = NULL;
  guint n_ended = 0, n_pending = 0;

  g_test_summary ("The statistics tell what each worker has done and has to do.");

  g_assert_true (g_variant_is_of_type (none, G_VARIANT_TYPE ("aa{sv}")));
  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
  add_many (MPEL_EVENT_LOOP (pool), 50);
  mpel_test_wait (MPEL_EVENT_LOOP (pool));
  fill (fixture, MPEL_EVENT_LOOP (pool));
  statistics = mpel_pool_get_statistics (pool);
  g_assert_cmpuint (g_variant_n_children (statistics), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) worker = g_variant_get_child_value (statistics, i);
      int      worker_pid;
      gboolean ready, leaving;
      guint32  ended, pending;
      guint64  busy_us;

      g_assert_true (g_variant_lookup (worker, "pid", "i", &worker_pid));
      g_assert_true (g_variant_lookup (worker, "ready", "b", &ready));
      g_assert_true (g_variant_lookup (worker, "leaving", "b", &leaving));
      g_assert_true (g_variant_lookup (worker, "n-ended", "u", &ended));
      g_assert_true (g_variant_lookup (worker, "n-pending", "u", &pending));
      g_assert_true (g_variant_lookup (worker, "busy-us", "t", &busy_us));
      g_assert_cmpint (worker_pid, >, 0);
      g_assert_true (ready);
      g_assert_false (leaving);
      g_assert_cmpuint (pending, >=, 1);
      n_ended += ended;
      n_pending += pending;
    }
  g_assert_cmpuint (n_ended, ==, 50);
  g_assert_cmpuint (n_pending, <=, 24);
  for (guint i = 0; i < 2; i++)
    mpel_gate_open (fixture->gates[i]);
  mpel_test_loop_close_and_assert_finalized (MPEL_EVENT_LOOP (pool));
}

static void
test_consumer (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *consumer = mpel_test_loop_new ();
  MpelEventLoop *first = mpel_test_loop_new ();
  MpelEventLoop *second = MPEL_EVENT_LOOP (mpel_pool_new (2));
  MpelEnds      *ends = mpel_ends_new (consumer);
  MpelEnds      *own = mpel_ends_new (first);
  gpointer       alive = consumer;

  g_test_summary ("Two loops may deliver to the handlers of a third, which they keep alive.");

  mpel_event_loop_set_consumer (first, consumer);
  mpel_event_loop_set_consumer (second, first);
  g_object_add_weak_pointer (G_OBJECT (consumer), &alive);
  add_many (first, 20);
  add_many (second, 20);
  mpel_test_add (consumer, "no-such-target", NULL);
  mpel_test_wait (first);
  mpel_test_wait (second);
  mpel_test_wait (consumer);
  mpel_ends_assert_once (ends, 41);
  mpel_ends_assert_once (own, 0);

  mpel_event_loop_set_consumer (first, NULL);
  add_many (first, 3);
  mpel_test_wait (first);
  mpel_ends_assert_once (own, 3);
  mpel_event_loop_set_consumer (first, consumer);
  mpel_ends_free (ends);
  mpel_ends_free (own);
  g_object_unref (consumer);
  g_assert_nonnull (alive);
  add_many (first, 3);
  mpel_test_wait (first);

  mpel_test_loop_close_and_assert_finalized (second);
  mpel_test_loop_close_and_assert_finalized (first);
  g_assert_null (alive);
}

static void
test_consumer_cycle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEventLoop) first = mpel_test_loop_new ();
  g_autoptr (MpelEventLoop) second = mpel_test_loop_new ();
  g_autoptr (MpelEventLoop) third = mpel_test_loop_new ();

  g_test_summary ("A loop cannot deliver to itself, on whatever way.");

  mpel_event_loop_set_consumer (first, second);
  mpel_event_loop_set_consumer (second, third);
  g_test_expect_message ("Mpel", G_LOG_LEVEL_CRITICAL, "*leads_to*");
  mpel_event_loop_set_consumer (third, first);
  g_test_assert_expected_messages ();
  g_test_expect_message ("Mpel", G_LOG_LEVEL_CRITICAL, "*leads_to*");
  mpel_event_loop_set_consumer (third, third);
  g_test_assert_expected_messages ();
  g_assert_null (mpel_event_loop_get_consumer (third));
}

static void
add (const char *path, gconstpointer data, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
  mpel_worker_add_function (worker, "pid", pid, NULL, NULL);
}

static void
add_tests (void)
{
  add ("/flow/pool-life/program-missing", "/nowhere/none", test_bad_program);
  add ("/flow/pool-life/program-dies", "/bin/false", test_bad_program);
  add ("/flow/pool-life/prestart-dies", GUINT_TO_POINTER (1), test_bad_program_prestart);
  add ("/flow/pool-life/prestart-all-die", GUINT_TO_POINTER (3), test_bad_program_prestart);
  add ("/flow/pool-life/close", NULL, test_close);
  add ("/flow/pool-life/terminate", NULL, test_terminate);
  add ("/flow/pool-life/cancel-all", NULL, test_cancel_all);
  add ("/flow/pool-life/dispose", NULL, test_dispose);
  add ("/flow/pool-life/drop", NULL, test_drop);
  add ("/flow/pool-life/statistics", NULL, test_statistics);
  add ("/flow/pool-life/consumer", NULL, test_consumer);
  add ("/flow/pool-life/consumer-cycle", NULL, test_consumer_cycle);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
