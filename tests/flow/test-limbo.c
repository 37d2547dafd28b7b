/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is notified of one event does something to another, or to the same, just when the loop has it
 * in its hands: each ends once all the same. */

#include "config.h"
#include "mpel-flow.h"
#include "mpel-loop-error.h"

#include <signal.h>
#include <unistd.h>

/* ---- worker ---- */

/* Tells how far it is, and waits at its gate. */
static GVariant *
report (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.5, "half");
  return mpel_gate_target (invocation, args, kwargs, user_data, error);
}

static GVariant *
die (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  kill (getpid (), SIGKILL);
  return NULL;
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  MpelEnds      *ends;
  MpelGate      *gate;
  MpelEvent     *to_cancel; /* (unowned) (nullable) when told */
  gboolean       terminates;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->ends = mpel_ends_new (fixture->loop);
  fixture->gate = mpel_gate_new ();
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
act_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  Fixture   *fixture = user_data;
  MpelEvent *to_cancel = g_steal_pointer (&fixture->to_cancel);

  if (to_cancel != NULL)
    mpel_event_cancel (to_cancel);
  if (fixture->terminates)
    {
      fixture->terminates = FALSE;
      mpel_event_loop_terminate (fixture->loop);
    }
}

static MpelEvent *
event_new (const char *target, guint max_retries)
{
  MpelEvent *event = mpel_event_new (target, NULL, NULL);

  mpel_event_set_max_retries (event, max_retries);
  return event;
}

static void
test_retry_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) deadly = event_new ("die", 1);
  g_autoptr (MpelEvent) patient = event_new ("echo", 1);
  guint n_starts = 0;

  g_test_summary ("An event that may be tried once more is, also when its loop has one worker only.");

  g_signal_connect_swapped (fixture->loop, "worker-started", G_CALLBACK (g_atomic_int_inc), &n_starts);
  mpel_test_add_event (fixture->loop, deadly);
  mpel_test_add_event (fixture->loop, patient);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 2);
  mpel_test_assert_error (deadly, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST, "*");
  /* It was not with the second that died. */
  mpel_test_assert_results (patient, "()");
  g_assert_cmpuint (n_starts, ==, 3);
}

/* Between the loss of a worker and the end of what waits for it. */
static void
test_cancel_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) gate = mpel_event_new ("gate", mpel_gate_args (fixture->gate), NULL);
  g_autoptr (MpelEvent) kept = event_new ("echo", 5);
  g_autoptr (MpelEvent) lost = event_new ("echo", 0);
  int pid;

  g_test_summary ("Who hears that an event was lost may cancel one that would be tried again.");

  mpel_test_add_event (fixture->loop, gate);
  pid = mpel_gate_wait (fixture->gate);
  for (guint i = 0; i < 10; i++)
    mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_add_event (fixture->loop, kept);
  mpel_test_add_event (fixture->loop, lost);
  mpel_flow_iterate_for_a_while ();
  g_assert_cmpint (mpel_event_get_state (lost), ==, MPEL_EVENT_STATE_QUEUED);
  fixture->to_cancel = kept;
  g_signal_connect (lost, "notify::state", G_CALLBACK (act_cb), fixture);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 13);
  mpel_test_assert_cancelled (kept);
}

static void
test_progress_of_retried (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("report", mpel_gate_args (fixture->gate), NULL);
  int pid;

  g_test_summary ("Who hears that an event starts anew may cancel it, or terminate the loop.");

  mpel_event_set_max_retries (event, 5);
  mpel_test_add_event (fixture->loop, event);
  pid = mpel_gate_wait (fixture->gate);
  while (mpel_event_get_progress (event) == 0)
    g_main_context_iteration (NULL, TRUE);
  if (g_strcmp0 (data, "terminate") == 0)
    fixture->terminates = TRUE;
  else
    fixture->to_cancel = event;
  g_signal_connect (event, "notify::progress", G_CALLBACK (act_cb), fixture);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  mpel_test_wait (fixture->loop);
  mpel_ends_assert_once (fixture->ends, 1);
  mpel_test_assert_cancelled (event);
}

static void
test_progress_of_added_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("report", mpel_gate_args (fixture->gate), NULL);

  g_test_summary ("So may who hears that an event that is added again has not come anywhere yet.");

  mpel_test_add_event (fixture->loop, event);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0.5);
  if (g_strcmp0 (data, "terminate") == 0)
    fixture->terminates = TRUE;
  else
    fixture->to_cancel = event;
  g_signal_connect (event, "notify::progress", G_CALLBACK (act_cb), fixture);
  mpel_test_add_event (fixture->loop, event);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 2);
  mpel_test_assert_cancelled (event);
}

static void
add (const char *path, const char *data, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
  mpel_worker_add_function (worker, "report", report, NULL, NULL);
  mpel_worker_add_function (worker, "die", die, NULL, NULL);
}

static void
add_tests (void)
{
  add ("/flow/limbo/retry-once", NULL, test_retry_once);
  add ("/flow/limbo/cancel-kept", NULL, test_cancel_kept);
  add ("/flow/limbo/cancel-retried", "cancel", test_progress_of_retried);
  add ("/flow/limbo/terminate-retried", "terminate", test_progress_of_retried);
  add ("/flow/limbo/cancel-added-again", "cancel", test_progress_of_added_again);
  add ("/flow/limbo/terminate-added-again", "terminate", test_progress_of_added_again);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
