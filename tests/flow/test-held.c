/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A worker of a pool that has as many open events as it may. */

#include "config.h"
#include "long-work.h"
#include "mpel-flow.h"

static void
test_rescue (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new (2));
  MpelGate      *gate = mpel_gate_new ();
  MpelEvent     *held;
  g_autoptr (MpelEvent) waiting = NULL;
  g_autoptr (GAsyncResult) started = NULL;

  g_test_summary ("What waits for an open event of one worker goes to the other once that is free.");

  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, &started);
  mpel_test_iterate_until_result (&started);
  g_clear_object (&started);
  held = mpel_test_add (loop, "hold", NULL);
  mpel_test_iterate_until_begun (held);
  mpel_test_add (loop, "gate", mpel_gate_args (gate));
  mpel_gate_wait (gate);
  waiting = g_object_ref (mpel_test_add (loop, "echo", NULL));
  mpel_flow_iterate_for_a_while ();
  mpel_gate_open (gate);
  mpel_test_iterate_until_state (waiting, MPEL_EVENT_STATE_DONE);
  g_assert_cmpint (mpel_event_get_state (held), ==, MPEL_EVENT_STATE_SENT);

  mpel_event_cancel (held);
  mpel_test_wait (loop);
  g_clear_object (&waiting);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_gate_free (gate);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  long_work_register (worker);
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/held/rescue", test_rescue);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
