/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* One target for each element of an array: what comes out, and when it fails. */

#include "config.h"
#include "mpel-flow.h"
#include "mpel-loop-error.h"

/* ---- worker ---- */

static GVariant *
fail_or_echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int number;

  g_variant_get (args, "(i)", &number);
  if (number >= 0)
    return g_variant_ref (args);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No to %d", number);
  return NULL;
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelPool      *pool;
  MpelEventLoop *loop; /* the same */
  MpelEnds      *ends;
  MpelGate      *gates[3];
  guint          n_again; /* events that a handler still adds again */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->pool = mpel_pool_new (2);
  fixture->loop = MPEL_EVENT_LOOP (fixture->pool);
  fixture->ends = mpel_ends_new (fixture->loop);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->gates); i++)
    fixture->gates[i] = mpel_gate_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->gates); i++)
    mpel_gate_free (fixture->gates[i]);
  mpel_test_assert_no_trace (fixture->before);
}

static void
assert_maps (Fixture *fixture, const char *target, const char *args, MpelMapPolicy policy, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = mpel_pool_map (fixture->pool, target, g_variant_new_parsed (args), policy, NULL, &error);
  g_autofree char *printed = NULL;

  g_assert_no_error (error);
  g_assert_true (g_variant_is_of_type (results, G_VARIANT_TYPE ("amv")));
  printed = g_variant_print (results, FALSE);
  g_assert_cmpstr (printed, ==, expected);
}

static void
assert_map_fails (Fixture *fixture, GVariant *args, MpelMapPolicy policy, GQuark domain, int code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_pool_map (fixture->pool, "fail-or-echo", args, policy, NULL, &error));
  g_assert_error (error, domain, code);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
}

static void
begin_map (Fixture *fixture, const char *target, GVariant *args, MpelMapPolicy policy, GCancellable *cancellable, GAsyncResult **result)
{
  mpel_pool_map_async (fixture->pool, target, args, policy, cancellable, mpel_test_keep_result_cb, result);
}

static void
assert_failed (Fixture *fixture, GAsyncResult **result, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  mpel_test_iterate_until_result (result);
  g_assert_null (mpel_pool_map_finish (fixture->pool, *result, &error));
  g_assert_error (error, domain, code);
}

static void
test_elements (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Tuples are all arguments, other elements the only one, boxed or not; of none comes nothing.");

  assert_maps (fixture, "echo", "[1, 2, 3]", MPEL_MAP_POLICY_STOP, "[<(1,)>, <(2,)>, <(3,)>]");
  assert_maps (fixture, "echo", "[(1, 'a'), (2, 'b')]", MPEL_MAP_POLICY_STOP, "[<(1, 'a')>, <(2, 'b')>]");
  assert_maps (fixture, "echo", "[<1>, <'a'>, <(1, 2)>, <()>, <<3>>]", MPEL_MAP_POLICY_STOP, "[<(1,)>, <('a',)>, <(1, 2)>, <()>, <(<3>,)>]");
  assert_maps (fixture, "echo", "['a']", MPEL_MAP_POLICY_SKIP, "[<('a',)>]");
  assert_maps (fixture, "echo", "{'a': 1}", MPEL_MAP_POLICY_STOP, "[<({'a', 1},)>]");
  assert_maps (fixture, "echo", "@ai []", MPEL_MAP_POLICY_STOP, "[]");
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 3 + 2 + 5 + 1 + 1);
}

static void
test_no_array (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("What is no array is refused.");

  assert_map_fails (fixture, g_variant_new ("(ii)", 1, 2), MPEL_MAP_POLICY_STOP, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, NULL);
  assert_map_fails (fixture, g_variant_new_int32 (1), MPEL_MAP_POLICY_SKIP, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, NULL);
  g_assert_false (mpel_event_loop_is_running (fixture->loop));
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) results = NULL;
  g_autoptr (GError) error = NULL;
  GVariantBuilder  builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  int              pids[2];
  g_autofree char *printed = NULL;
  g_autofree char *expected = NULL;

  g_test_summary ("Results are in the order of the arguments, whatever the order of the ends.");

  for (guint i = 0; i < 2; i++)
    g_variant_builder_add (&builder, "v", mpel_gate_args (fixture->gates[i]));
  begin_map (fixture, "gate", g_variant_builder_end (&builder), MPEL_MAP_POLICY_STOP, NULL, &result);
  for (guint i = 0; i < 2; i++)
    pids[i] = mpel_gate_wait (fixture->gates[i]);
  mpel_gate_open (fixture->gates[1]);
  mpel_ends_wait (fixture->ends, 1);
  mpel_gate_open (fixture->gates[0]);
  mpel_test_iterate_until_result (&result);
  results = mpel_pool_map_finish (fixture->pool, result, &error);
  g_assert_no_error (error);
  printed = g_variant_print (results, FALSE);
  expected = g_strdup_printf ("[<(%d,)>, <(%d,)>]", pids[0], pids[1]);
  g_assert_cmpstr (printed, ==, expected);
  g_assert_cmpint (pids[0], !=, pids[1]);
}

static void
test_finish (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("With FINISH all end, and the error is the first in the order of the arguments.");

  assert_map_fails (fixture, g_variant_new_parsed ("[1, -2, 3, -4, 5]"), MPEL_MAP_POLICY_FINISH, G_IO_ERROR, G_IO_ERROR_FAILED, "No to -2");
  mpel_ends_assert_once (fixture->ends, 5);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 0);
  assert_maps (fixture, "fail-or-echo", "[1, 2]", MPEL_MAP_POLICY_FINISH, "[<(1,)>, <(2,)>]");
}

static void
test_skip (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("With SKIP all end, and the places of those that failed are empty.");

  assert_maps (fixture, "fail-or-echo", "[1, -2, 3, -4]", MPEL_MAP_POLICY_SKIP, "[<(1,)>, nothing, <(3,)>, nothing]");
  assert_maps (fixture, "no-such-target", "[1]", MPEL_MAP_POLICY_SKIP, "[nothing]");
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));

  g_test_summary ("With STOP the first failure cancels the rest, and all of them end.");

  mpel_event_loop_set_max_pending (fixture->loop, 50);
  for (int i = 0; i < 1000; i++)
    g_variant_builder_add (&builder, "i", i == 20 ? -1 : i);
  assert_map_fails (fixture, g_variant_builder_end (&builder), MPEL_MAP_POLICY_STOP, G_IO_ERROR, G_IO_ERROR_FAILED, "No to -1");
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 0);
  g_assert_cmpuint (mpel_ends_count (fixture->ends), <, 1000);
  mpel_ends_assert_once (fixture->ends, mpel_ends_count (fixture->ends));
  /* How many of those under way were still to be cancelled is a matter of luck. */
  for (guint i = 0; i < mpel_ends_count (fixture->ends); i++)
    g_assert_cmpint (mpel_event_get_state (mpel_ends_get (fixture->ends, i)), !=, MPEL_EVENT_STATE_LOST);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) again = NULL;

  g_test_summary ("Cancelling ends what waits; what runs is asked to end, and the mapping waits for it.");

  for (guint i = 0; i < 2; i++)
    mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gates[i]));
  for (guint i = 0; i < 2; i++)
    mpel_gate_wait (fixture->gates[i]);
  begin_map (fixture, "echo", g_variant_new_parsed ("[1, 2, 3]"), MPEL_MAP_POLICY_SKIP, cancellable, &result);
  g_cancellable_cancel (cancellable);
  assert_failed (fixture, &result, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  begin_map (fixture, "echo", g_variant_new_parsed ("[1]"), MPEL_MAP_POLICY_SKIP, cancellable, &again);
  assert_failed (fixture, &again, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mpel_ends_assert_once (fixture->ends, 3);
  for (guint i = 0; i < 2; i++)
    mpel_gate_open (fixture->gates[i]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 5);
}

static void
test_beyond_bound (Fixture *fixture, gconstpointer data)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  g_autoptr (GVariant) results = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("More than the loop takes at a time wait for room.");

  mpel_event_loop_set_max_pending (fixture->loop, 7);
  for (int i = 0; i < 1000; i++)
    g_variant_builder_add (&builder, "i", i);
  results = mpel_pool_map (fixture->pool, "echo", g_variant_builder_end (&builder), MPEL_MAP_POLICY_STOP, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_n_children (results), ==, 1000);
  mpel_ends_assert_once (fixture->ends, 1000);
}

static void
test_close_while_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) terminated = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A mapping that waits for room fails when the loop is terminated, or closed.");

  mpel_event_loop_set_max_pending (fixture->loop, 1);
  begin_map (fixture, "echo", g_variant_new_parsed ("[1, 2, 3]"), MPEL_MAP_POLICY_SKIP, NULL, &terminated);
  mpel_event_loop_terminate (fixture->loop);
  assert_failed (fixture, &terminated, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  begin_map (fixture, "echo", g_variant_new_parsed ("[1, 2, 3]"), MPEL_MAP_POLICY_SKIP, NULL, &result);
  mpel_event_loop_close_async (fixture->loop, NULL, mpel_test_keep_result_cb, &closed);
  assert_failed (fixture, &result, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  mpel_test_iterate_until_result (&closed);
  assert_map_fails (fixture, g_variant_new_parsed ("[1]"), MPEL_MAP_POLICY_SKIP, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED, NULL);
  mpel_ends_assert_once (fixture->ends, 2);
}

static gboolean
add_again_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  if (fixture->n_again == 0)
    return FALSE;
  fixture->n_again--;
  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
  return TRUE;
}

static void
test_added_again (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A handler may add an event again: the mapping has the results of the first time.");

  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (add_again_cb), fixture);
  fixture->n_again = 3;
  assert_maps (fixture, "fail-or-echo", "[1, 2, -3]", MPEL_MAP_POLICY_SKIP, "[<(1,)>, <(2,)>, nothing]");
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 6);

  fixture->n_again = 3;
  assert_map_fails (fixture, g_variant_new_parsed ("[1, 2, -3]"), MPEL_MAP_POLICY_FINISH, G_IO_ERROR, G_IO_ERROR_FAILED, "No to -3");
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 12);
}

static void
test_no_results (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Of a loop without results a mapping has empty tuples.");

  mpel_event_loop_set_has_results (fixture->loop, FALSE);
  assert_maps (fixture, "echo", "[1, 2]", MPEL_MAP_POLICY_STOP, "[<()>, <()>]");
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "fail-or-echo", fail_or_echo, NULL, NULL);
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
}

static void
add_tests (void)
{
  add ("/flow/map/elements", test_elements);
  add ("/flow/map/no-array", test_no_array);
  add ("/flow/map/order", test_order);
  add ("/flow/map/finish", test_finish);
  add ("/flow/map/skip", test_skip);
  add ("/flow/map/stop", test_stop);
  add ("/flow/map/cancel", test_cancel);
  add ("/flow/map/beyond-bound", test_beyond_bound);
  add ("/flow/map/close-while-waiting", test_close_while_waiting);
  add ("/flow/map/added-again", test_added_again);
  add ("/flow/map/no-results", test_no_results);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
