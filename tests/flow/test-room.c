/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A loop that takes only so many events: refusing, waiting, being told. */

#include "config.h"
#include "../unit/notify-count.h"
#include "mpel-flow.h"
#include "mpel-loop-error.h"

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  MpelEnds      *ends;
  MpelGate      *gate;
  guint          n_drained;
} Fixture;

static void
drained_cb (MpelEventLoop *loop, gpointer user_data)
{
  Fixture *fixture = user_data;
  guint    max_pending = mpel_event_loop_get_max_pending (loop);

  if (max_pending > 0)
    g_assert_cmpuint (mpel_event_loop_get_n_pending (loop), <=, max_pending / 2);
  fixture->n_drained++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->ends = mpel_ends_new (fixture->loop);
  fixture->gate = mpel_gate_new ();
  g_signal_connect (fixture->loop, "drained", G_CALLBACK (drained_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  mpel_gate_free (fixture->gate);
  mpel_test_assert_no_trace (fixture->before);
}

static void
close_gate (Fixture *fixture)
{
  mpel_test_add (fixture->loop, "gate", mpel_gate_args (fixture->gate));
}

static void
assert_full (Fixture *fixture)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (mpel_event_loop_get_can_add (fixture->loop));
  g_assert_false (mpel_event_loop_add_event (fixture->loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FULL);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_NEW);
  g_assert_finalize_object (g_steal_pointer (&event));
}

static GAsyncResult **
add_async (Fixture *fixture, GPtrArray *results, int number, GCancellable *cancellable)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", g_variant_new ("(i)", number), NULL);
  GAsyncResult **result = g_new0 (GAsyncResult *, 1);

  g_ptr_array_add (results, result);
  mpel_event_loop_add_event_async (fixture->loop, event, cancellable, mpel_test_keep_result_cb, result);
  return result;
}

static void
result_free (gpointer data)
{
  GAsyncResult **result = data;

  g_clear_object (result);
  g_free (result);
}

static GPtrArray *
results_new (void)
{
  return g_ptr_array_new_with_free_func (result_free);
}

static void
assert_added (Fixture *fixture, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;

  mpel_test_iterate_until_result (result);
  mpel_event_loop_add_event_finish (fixture->loop, *result, &error);
  g_assert_no_error (error);
}

static void
assert_refused (Fixture *fixture, GAsyncResult **result, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  mpel_test_iterate_until_result (result);
  g_assert_false (mpel_event_loop_add_event_finish (fixture->loop, *result, &error));
  g_assert_error (error, domain, code);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("What is too much is refused, and what was taken ends.");

  mpel_event_loop_set_max_pending (fixture->loop, 3);
  close_gate (fixture);
  mpel_test_add (fixture->loop, "echo", NULL);
  g_assert_true (mpel_event_loop_get_can_add (fixture->loop));
  mpel_test_add (fixture->loop, "echo", NULL);
  for (guint i = 0; i < 100; i++)
    assert_full (fixture);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 3);
  g_assert_true (mpel_event_loop_get_can_add (fixture->loop));
  g_assert_cmpuint (fixture->n_drained, ==, 1);
}

static void
test_can_add (Fixture *fixture, gconstpointer data)
{
  guint n_notified;

  g_test_summary ("That there is room is notified when it changes, once in a turn.");

  mpel_event_loop_set_max_pending (fixture->loop, 50);
  close_gate (fixture);
  mpel_gate_wait (fixture->gate);
  notify_count_begin (fixture->loop, "can-add", &n_notified);
  for (guint i = 0; i < 49; i++)
    mpel_test_add (fixture->loop, "echo", NULL);
  g_assert_cmpuint (n_notified, <=, 1);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_false (mpel_event_loop_get_can_add (fixture->loop));
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (n_notified, ==, 2);
  g_assert_true (mpel_event_loop_get_can_add (fixture->loop));
  notify_count_end (fixture->loop, &n_notified);
}

static void
test_drained (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("That half of them are gone is told once for each time that it was full, and not before.");

  mpel_event_loop_set_max_pending (fixture->loop, 10);
  for (guint i = 0; i < 9; i++)
    mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_wait (fixture->loop);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (fixture->n_drained, ==, 0);
  for (guint round = 1; round <= 3; round++)
    {
      for (guint i = 0; i < 10; i++)
        mpel_test_add (fixture->loop, "echo", NULL);
      mpel_test_wait (fixture->loop);
      mpel_flow_iterate_for_a_while ();
      g_assert_cmpuint (fixture->n_drained, ==, round);
    }
}

static void
test_wait_in_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = results_new ();

  g_test_summary ("Those who wait for room are served in order, and never more than the loop takes.");

  mpel_event_loop_set_max_pending (fixture->loop, 2);
  close_gate (fixture);
  for (int i = 0; i < 50; i++)
    add_async (fixture, results, i, NULL);
  mpel_gate_wait (fixture->gate);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 2);
  assert_added (fixture, results->pdata[0]);
  g_assert_null (*(GAsyncResult **) results->pdata[1]);
  mpel_gate_open (fixture->gate);
  for (int i = 1; i < 50; i++)
    {
      assert_added (fixture, results->pdata[i]);
      g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), <=, 2);
    }
  mpel_ends_wait (fixture->ends, 51);
  mpel_ends_assert_once (fixture->ends, 51);
  for (int i = 0; i < 50; i++)
    {
      g_autofree char *printed = g_strdup_printf ("(%d,)", i);

      mpel_test_assert_results (mpel_ends_get (fixture->ends, (guint) i + 1), printed);
    }
}

static void
test_cancel_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = results_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) late = g_cancellable_new ();

  g_test_summary ("Waiting can be cancelled; an event that was added is not cancelled by that.");

  mpel_event_loop_set_max_pending (fixture->loop, 2);
  close_gate (fixture);
  add_async (fixture, results, 0, late);
  add_async (fixture, results, 1, cancellable);
  add_async (fixture, results, 2, NULL);
  g_cancellable_cancel (cancellable);
  assert_refused (fixture, results->pdata[1], G_IO_ERROR, G_IO_ERROR_CANCELLED);
  add_async (fixture, results, 3, cancellable);
  assert_refused (fixture, results->pdata[3], G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_cancellable_cancel (late);
  assert_added (fixture, results->pdata[0]);
  mpel_gate_open (fixture->gate);
  assert_added (fixture, results->pdata[2]);
  mpel_ends_wait (fixture->ends, 3);
  mpel_ends_assert_once (fixture->ends, 3);
  mpel_test_assert_results (mpel_ends_get (fixture->ends, 1), "(0,)");
  mpel_test_assert_results (mpel_ends_get (fixture->ends, 2), "(2,)");
}

static void
test_bad_event (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (GPtrArray) results = results_new ();
  GAsyncResult **twice = g_new0 (GAsyncResult *, 1);
  GAsyncResult **once = g_new0 (GAsyncResult *, 1);

  g_test_summary ("An event that cannot be added after all does not keep the others from their turn.");

  mpel_event_loop_set_max_pending (fixture->loop, 1);
  close_gate (fixture);
  g_ptr_array_add (results, once);
  g_ptr_array_add (results, twice);
  mpel_event_loop_add_event_async (fixture->loop, event, NULL, mpel_test_keep_result_cb, once);
  mpel_event_loop_add_event_async (fixture->loop, event, NULL, mpel_test_keep_result_cb, twice);
  add_async (fixture, results, 5, NULL);
  mpel_event_loop_set_max_pending (fixture->loop, 3);
  assert_added (fixture, once);
  assert_refused (fixture, twice, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  assert_added (fixture, results->pdata[2]);
  mpel_gate_open (fixture->gate);
  mpel_ends_wait (fixture->ends, 3);
  mpel_ends_assert_once (fixture->ends, 3);
}

static void
test_close_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = results_new ();
  g_autoptr (GAsyncResult) closed = NULL;

  g_test_summary ("Who waits for room in a loop that is closed is told so, and what was added ends.");

  mpel_event_loop_set_max_pending (fixture->loop, 1);
  close_gate (fixture);
  add_async (fixture, results, 0, NULL);
  add_async (fixture, results, 1, NULL);
  mpel_event_loop_close_async (fixture->loop, NULL, mpel_test_keep_result_cb, &closed);
  g_assert_false (mpel_event_loop_get_can_add (fixture->loop));
  assert_refused (fixture, results->pdata[0], MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  assert_refused (fixture, results->pdata[1], MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  add_async (fixture, results, 2, NULL);
  assert_refused (fixture, results->pdata[2], MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  mpel_gate_open (fixture->gate);
  mpel_test_iterate_until_result (&closed);
  mpel_ends_assert_once (fixture->ends, 1);
}

static void
test_terminate_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = results_new ();

  g_test_summary ("Who waits for room in a loop that is terminated is told so, and may come again.");

  mpel_event_loop_set_max_pending (fixture->loop, 1);
  close_gate (fixture);
  mpel_gate_wait (fixture->gate);
  add_async (fixture, results, 0, NULL);
  mpel_event_loop_terminate (fixture->loop);
  assert_refused (fixture, results->pdata[0], G_IO_ERROR, G_IO_ERROR_CANCELLED);
  add_async (fixture, results, 1, NULL);
  assert_added (fixture, results->pdata[1]);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 2);
  mpel_test_assert_error (mpel_ends_get (fixture->ends, 0), G_IO_ERROR, G_IO_ERROR_CANCELLED, "*");
}

static void
test_change_bound (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = results_new ();

  g_test_summary ("A wider bound lets in who waits, a narrower one throws nobody out, none lets in all.");

  mpel_event_loop_set_max_pending (fixture->loop, 1);
  close_gate (fixture);
  for (int i = 0; i < 10; i++)
    add_async (fixture, results, i, NULL);
  mpel_event_loop_set_max_pending (fixture->loop, 3);
  assert_added (fixture, results->pdata[1]);
  mpel_flow_iterate_for_a_while ();
  g_assert_null (*(GAsyncResult **) results->pdata[2]);
  mpel_event_loop_set_max_pending (fixture->loop, 2);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 3);
  assert_full (fixture);
  mpel_event_loop_set_max_pending (fixture->loop, 0);
  g_assert_true (mpel_event_loop_get_can_add (fixture->loop));
  for (guint i = 2; i < 10; i++)
    assert_added (fixture, results->pdata[i]);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 11);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 11);
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
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
}

static void
add_tests (void)
{
  add ("/flow/room/full", test_full);
  add ("/flow/room/can-add", test_can_add);
  add ("/flow/room/drained", test_drained);
  add ("/flow/room/wait-in-order", test_wait_in_order);
  add ("/flow/room/cancel-waiting", test_cancel_waiting);
  add ("/flow/room/bad-event", test_bad_event);
  add ("/flow/room/close-meanwhile", test_close_meanwhile);
  add ("/flow/room/terminate-meanwhile", test_terminate_meanwhile);
  add ("/flow/room/change-bound", test_change_bound);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
