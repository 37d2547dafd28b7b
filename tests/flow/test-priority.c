/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What waits in the host goes by its priority. */

#include "config.h"
#include "mpel-flow.h"

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  MpelEnds      *ends;
  MpelGate      *gates[2];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = data != NULL ? MPEL_EVENT_LOOP (mpel_pool_new (2)) : mpel_test_loop_new ();
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
add (Fixture *fixture, int number, int priority)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", g_variant_new ("(i)", number), NULL);
  g_autoptr (GError) error = NULL;

  mpel_event_set_priority (event, priority);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
}

static void
close_gate (Fixture *fixture, guint index)
{
  mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gates[index]));
}

static void
assert_number (Fixture *fixture, guint index, int number)
{
  g_autofree char *printed = g_strdup_printf ("(%d,)", number);

  mpel_test_assert_results (mpel_ends_get (fixture->ends, index), printed);
}

static void
test_before_start (Fixture *fixture, gconstpointer data)
{
  const int priorities[] = { 0, G_MININT, 3, -1, G_MAXINT, 3, 0, G_MININT, G_MAXINT };
  const int expected[] = { 4, 8, 2, 5, 0, 6, 3, 1, 7 };

  g_test_summary ("While the worker starts all wait: the highest goes first, equals in order.");

  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    add (fixture, (int) i, priorities[i]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    assert_number (fixture, i, expected[i]);
}

static void
test_behind_gate (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("An urgent event overtakes all but what runs and the next.");

  close_gate (fixture, 0);
  mpel_gate_wait (fixture->gates[0]);
  for (int i = 0; i < 100; i++)
    add (fixture, i, 0);
  mpel_flow_iterate_for_a_while ();
  add (fixture, 1000, 1);
  add (fixture, 1001, 2);
  mpel_gate_open (fixture->gates[0]);
  mpel_test_wait (fixture->loop);

  mpel_ends_assert_once (fixture->ends, 103);
  assert_number (fixture, 1, 0);
  assert_number (fixture, 2, 1001);
  assert_number (fixture, 3, 1000);
  for (int i = 1; i < 100; i++)
    assert_number (fixture, 3 + (guint) i, i);
}

static void
test_added_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", g_variant_new ("(i)", 1), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that is added again goes by the priority that it has then.");

  mpel_event_loop_add_event (fixture->loop, event, &error);
  mpel_test_wait (fixture->loop);
  mpel_event_loop_stop (fixture->loop, NULL, &error);
  g_assert_no_error (error);
  add (fixture, 2, 0);
  mpel_event_set_priority (event, 9);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 3);
  assert_number (fixture, 1, 1);
  assert_number (fixture, 2, 2);
}

static void
test_given_back (Fixture *fixture, gconstpointer data)
{
  guint n = 0;

  g_test_summary ("What a busy worker gives back goes by its priority again.");

  for (int i = 0; i < 3000; i++)
    add (fixture, -1, 0);
  mpel_test_wait (fixture->loop);
  n = mpel_ends_count (fixture->ends);
  close_gate (fixture, 0);
  close_gate (fixture, 1);
  for (int i = 0; i < 50; i++)
    add (fixture, i, 0);
  mpel_gate_wait (fixture->gates[0]);
  mpel_gate_wait (fixture->gates[1]);
  mpel_flow_iterate_for_a_while ();
  add (fixture, 1000, 5);
  mpel_flow_iterate_for_a_while ();

  mpel_gate_open (fixture->gates[0]);
  mpel_ends_wait (fixture->ends, n + 52);
  assert_number (fixture, n + 1, 1000);
  for (int i = 0; i < 50; i++)
    assert_number (fixture, n + 2 + (guint) i, i);
  mpel_gate_open (fixture->gates[1]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, n + 53);
}

/* Those that were given away before the others came. */
static gboolean
was_sent (MpelEvent *event)
{
  return mpel_event_get_state (event) == MPEL_EVENT_STATE_SENT;
}

static void
test_begun_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_sent = 0;

  g_test_summary ("Who adds events without end is told of no end, but the worker goes on meanwhile.");

  mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_wait (fixture->loop);
  /* More than a worker gets that has told nothing of what it has done. */
  while (n_sent < 2500)
    {
      g_ptr_array_add (events, g_object_ref (mpel_test_add (fixture->loop, "echo", NULL)));
      while (n_sent < events->len && was_sent (events->pdata[n_sent]))
        n_sent++;
      g_thread_yield ();
    }
  mpel_ends_assert_once (fixture->ends, 1);

  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, events->len + 1);
  for (guint i = 0; i < events->len; i++)
    g_assert_true (mpel_ends_get (fixture->ends, i + 1) == events->pdata[i]);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add ("/flow/priority/before-start", Fixture, NULL, set_up, test_before_start, tear_down);
  g_test_add ("/flow/priority/behind-gate", Fixture, NULL, set_up, test_behind_gate, tear_down);
  g_test_add ("/flow/priority/added-again", Fixture, NULL, set_up, test_added_again, tear_down);
  g_test_add ("/flow/priority/begun-meanwhile", Fixture, NULL, set_up, test_begun_meanwhile, tear_down);
  g_test_add ("/flow/priority/given-back", Fixture, "pool", set_up, test_given_back, tear_down);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
