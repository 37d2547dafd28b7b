/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What becomes of objects when their worker is gone: the host's are made anew, the worker's own are
 * lost. */

#include "config.h"
#include "object-work.h"

#include <signal.h>

/* Returns: (transfer full): a proxy of a point that the worker has made */
static MpelProxy *
make_point (ObjectWork *work)
{
  g_autoptr (MpelEvent) event = object_work_run (work, mpel_event_new ("make_point", g_variant_new ("(ii)", 1, 2), NULL));
  MpelProxy *proxy;

  g_assert_no_error (mpel_event_get_error (event));
  proxy = mpel_proxy_get_for_result (event, 0);
  g_assert_nonnull (proxy);
  return proxy;
}

static MpelEvent *
get_z (MpelProxy *proxy)
{
  return mpel_event_new_method (G_OBJECT (proxy), "get_z", NULL, NULL);
}

static void
test_made_anew (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("A cached object is made anew in the next worker, of what the host's object is then.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  g_object_set (a, "a", 10, NULL);
  object_work_kill_worker (work);
  g_assert_true (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (a)));
  g_object_set (a, "b", 20, NULL);
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=10, b=20, c=0) ====='");
  object_work_assert_instances (work, 1);
  object_work_kill_worker (work);
  object_work_assert_instances (work, 0);
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=10, b=20, c=30) ====='");
  object_work_assert_instances (work, 1);
}

static void
test_under_way (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelGate) gate = mpel_gate_new ();
  g_autoptr (MpelEvent) wait = object_work_method (a, "wait", mpel_gate_args (gate), TRUE);
  g_autoptr (MpelEvent) queued = object_work_method (a, "repr", NULL, TRUE);
  g_autoptr (MpelEvent) again = object_work_method (a, "repr", NULL, TRUE);

  g_test_summary ("Events under way are lost with the object; those that are tried again find another.");

  mpel_event_set_max_retries (again, 1);
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  mpel_test_add_event (work->loop, wait);
  mpel_test_add_event (work->loop, queued);
  mpel_test_add_event (work->loop, again);
  kill (mpel_gate_wait (gate), SIGKILL);
  mpel_test_wait (work->loop);
  mpel_test_assert_lost (wait, "*");
  mpel_test_assert_lost (queued, "*");
  mpel_test_assert_results (again, "'ABC(a=1, b=2, c=0)'");
}

static void
test_copies (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) event = object_work_method (a, "wait", NULL, FALSE);
  g_autoptr (MpelGate) gate = mpel_gate_new ();
  int pid;

  g_test_summary ("An event that is tried again brings its copies along, as they were when it was added.");

  mpel_event_add_object (event, G_OBJECT (a));
  mpel_event_set_args (event, mpel_gate_args (gate));
  mpel_event_set_max_retries (event, 3);
  mpel_test_add_event (work->loop, event);
  g_object_set (a, "a", 50, NULL);
  pid = mpel_gate_wait (gate);
  kill (pid, SIGKILL);
  while (mpel_event_loop_get_worker_pid (work->loop) == pid)
    g_main_context_iteration (NULL, TRUE);
  mpel_gate_open (gate);
  mpel_test_wait (work->loop);
  g_assert_no_error (mpel_event_get_error (event));
  object_work_assert_instances (work, 0);
}

static void
test_released (ObjectWork *work, gconstpointer data)
{
  TestAbc *a = test_abc_new (1, 2, 0);
  TestAbc *b = test_abc_new (3, 4, 0);

  g_test_summary ("What is released or dropped while there is no worker is not made again.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  object_work_assert_runs (work, object_work_method (b, "calc_c", NULL, TRUE), "()");
  object_work_kill_worker (work);
  g_assert_true (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  g_assert_finalize_object (b);
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=1, b=2, c=0) ====='");
  object_work_assert_instances (work, 0);
  g_assert_finalize_object (a);
}

static void
test_re_registered (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  MpelEvent *event = mpel_event_new_method (G_OBJECT (a), "repr", NULL, NULL);

  g_test_summary ("Registered again after a loss, the object is as it was when the event was added.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  object_work_kill_worker (work);
  mpel_event_set_re_register (event, TRUE);
  g_object_set (a, "a", 7, NULL);
  object_work_assert_runs (work, event, "'ABC(a=7, b=2, c=0)'");
  object_work_assert_instances (work, 1);
}

static void
lost_cb (MpelProxy *proxy, GParamSpec *pspec, gpointer user_data)
{
  *(MpelProxyState *) user_data = mpel_proxy_get_state (proxy);
}

static void
test_proxy_lost (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelProxy) proxy = make_point (work);
  MpelProxyState state = MPEL_PROXY_STATE_READY;

  g_test_summary ("A worker's own object is lost with it: its proxy tells so, and takes no more events.");

  g_signal_connect (proxy, "notify::state", G_CALLBACK (lost_cb), &state);
  object_work_assert_runs (work, get_z (proxy), "0");
  g_assert_true (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (proxy)));
  object_work_kill_worker (work);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_LOST);
  g_assert_cmpint (state, ==, MPEL_PROXY_STATE_LOST);
  g_assert_error (mpel_proxy_get_error (proxy), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (proxy)));
  object_work_assert_refused (work, get_z (proxy), MPEL_LOOP_ERROR_WORKER_LOST, "*");
  object_work_assert_refused (work, object_work_print (proxy, FALSE), MPEL_LOOP_ERROR_WORKER_LOST, "*");
}

static void
test_proxy_gone (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelProxy) proxy = make_point (work);
  g_autoptr (GError) error = NULL;

  g_test_summary ("After an orderly end the object is gone, which is no failure.");

  mpel_event_loop_stop (work->loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_GONE);
  object_work_assert_refused (work, get_z (proxy), MPEL_LOOP_ERROR_WORKER_LOST, "*");
}

static void
test_proxy_events (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelProxy) proxy = make_point (work);
  g_autoptr (MpelGate) gate = mpel_gate_new ();
  g_autoptr (MpelEvent) first = get_z (proxy);
  g_autoptr (MpelEvent) again = get_z (proxy);

  g_test_summary ("Events of a lost object are lost, also those that may be tried again.");

  mpel_event_set_max_retries (again, 5);
  mpel_test_add (work->loop, "gate", mpel_gate_args (gate));
  mpel_test_add_event (work->loop, first);
  mpel_test_add_event (work->loop, again);
  kill (mpel_gate_wait (gate), SIGKILL);
  mpel_test_wait (work->loop);
  mpel_test_assert_lost (first, "*");
  mpel_test_assert_lost (again, "*");
}

static void
test_result_of_lost (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelEvent) event = object_work_run (work, mpel_event_new ("make_point", g_variant_new ("(ii)", 1, 2), NULL));
  g_autoptr (MpelProxy) proxy = NULL;

  g_test_summary ("An object that nobody had taken out of the results before it was lost is there no more.");

  object_work_kill_worker (work);
  proxy = mpel_proxy_get_for_result (event, 0);
  g_assert_nonnull (proxy);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_LOST);
  g_assert_error (mpel_proxy_get_error (proxy), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  object_work_assert_refused (work, get_z (proxy), MPEL_LOOP_ERROR_WORKER_LOST, "*");
}

static void
test_outlived (ObjectWork *work, gconstpointer data)
{
  TestAbc *a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) event = mpel_event_new ("take_back", NULL, NULL);
  g_autoptr (MpelProxy) proxy = NULL;

  g_test_summary ("A copy that came back as a result outlives the host's object, but not the worker.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, G_OBJECT (a))));
  mpel_event_set_cache (event, TRUE);
  event = object_work_run (work, event);
  proxy = mpel_proxy_get_for_result (event, 0);
  g_assert_nonnull (proxy);
  g_clear_object (&event);
  g_assert_finalize_object (a);
  object_work_assert_runs (work, mpel_event_new_method (G_OBJECT (proxy), "repr", NULL, NULL), "'ABC(a=1, b=2, c=3)'");
  object_work_assert_instances (work, 1);
  object_work_kill_worker (work);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_LOST);
  object_work_assert_refused (work, mpel_event_new_method (G_OBJECT (proxy), "repr", NULL, NULL), MPEL_LOOP_ERROR_WORKER_LOST, "*");
}

static void
test_drop_late (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelEvent) event = object_work_run (work, mpel_event_new ("make_points", g_variant_new ("(i)", 10), NULL));
  MpelProxy *proxies[10];

  g_test_summary ("What is let go after its worker has gone is no concern of the next.");

  for (int i = 0; i < 10; i++)
    proxies[i] = mpel_proxy_get_for_result (event, i);
  object_work_assert_instances (work, 10);
  object_work_kill_worker (work);
  g_clear_object (&event);
  event = object_work_run (work, mpel_event_new ("make_points", g_variant_new ("(i)", 10), NULL));
  for (int i = 0; i < 10; i++)
    g_assert_finalize_object (proxies[i]);
  object_work_assert_instances (work, 10);
}

/* What is added to the loop by whoever hears of the loss goes to the next worker. */
static void
use_again_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer abc)
{
  g_autoptr (MpelEvent) event = NULL;

  if (reason == NULL)
    return;
  event = object_work_method (abc, "repr", NULL, TRUE);
  mpel_test_add_event (loop, event);
}

static void
test_used_when_lost (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("Who hears of the loss may use the object at once.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  g_signal_connect (work->loop, "worker-exited", G_CALLBACK (use_again_cb), a);
  g_ptr_array_set_size (work->log, 0);
  object_work_kill_worker (work);
  mpel_test_wait (work->loop);
  object_work_assert_log (work, "'ABC(a=1, b=2, c=0)'");
}

/* Returns: (transfer full): an event whose result is the worker's copy of @abc */
static MpelEvent *
run_take_back (ObjectWork *work, TestAbc *abc)
{
  MpelEvent *event = mpel_event_new ("take_back", NULL, NULL);

  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, G_OBJECT (abc))));
  mpel_event_set_cache (event, TRUE);
  return object_work_run (work, event);
}

/* Returns: (transfer full): a proxy of the worker's copy of @abc */
static MpelProxy *
take_back (ObjectWork *work, TestAbc *abc)
{
  g_autoptr (MpelEvent) ended = run_take_back (work, abc);
  MpelProxy *proxy;

  g_assert_no_error (mpel_event_get_error (ended));
  proxy = mpel_proxy_get_for_result (ended, 0);
  g_assert_nonnull (proxy);
  return proxy;
}

static void
test_original_dropped (ObjectWork *work, gconstpointer data)
{
  TestAbc *a = test_abc_new (1, 2, 0);
  g_autoptr (MpelProxy) proxy = NULL;

  g_test_summary ("A copy may outlive the host's object, but is not made anew without it.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  proxy = take_back (work, a);
  mpel_test_wait (work->loop);
  g_assert_finalize_object (a);
  object_work_assert_runs (work, mpel_event_new_method (G_OBJECT (proxy), "repr", NULL, NULL), "'ABC(a=1, b=2, c=3)'");
  object_work_kill_worker (work);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_LOST);
  object_work_assert_refused (work, mpel_event_new_method (G_OBJECT (proxy), "repr", NULL, NULL), MPEL_LOOP_ERROR_WORKER_LOST, "*");
}

static void
test_dropped_when_lost (ObjectWork *work, gconstpointer data)
{
  TestAbc *a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (MpelProxy) proxy = NULL;

  g_test_summary ("Nor is it made of nothing, when the host's object goes after the copy.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  event = run_take_back (work, a);
  object_work_kill_worker (work);
  proxy = mpel_proxy_get_for_result (event, 0);
  g_clear_object (&event);
  g_assert_finalize_object (a);
  mpel_test_wait (work->loop);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_LOST);
}

static void
test_proxy_of_copy (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelProxy) proxy = NULL;

  g_test_summary ("A proxy of a copy is lost with that, though the next worker has another.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  proxy = take_back (work, a);
  mpel_test_wait (work->loop);
  object_work_kill_worker (work);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_LOST);
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=2, c=0)'");
}

static void
add_tests (void)
{
  OBJECT_WORK_ADD ("/flow/lost-objects/made-anew", test_made_anew);
  OBJECT_WORK_ADD ("/flow/lost-objects/under-way", test_under_way);
  OBJECT_WORK_ADD ("/flow/lost-objects/copies", test_copies);
  OBJECT_WORK_ADD ("/flow/lost-objects/released", test_released);
  OBJECT_WORK_ADD ("/flow/lost-objects/re-registered", test_re_registered);
  OBJECT_WORK_ADD ("/flow/lost-objects/proxy-lost", test_proxy_lost);
  OBJECT_WORK_ADD ("/flow/lost-objects/proxy-gone", test_proxy_gone);
  OBJECT_WORK_ADD ("/flow/lost-objects/proxy-events", test_proxy_events);
  OBJECT_WORK_ADD ("/flow/lost-objects/result-of-lost", test_result_of_lost);
  OBJECT_WORK_ADD ("/flow/lost-objects/outlived", test_outlived);
  OBJECT_WORK_ADD ("/flow/lost-objects/drop-late", test_drop_late);
  OBJECT_WORK_ADD ("/flow/lost-objects/used-when-lost", test_used_when_lost);
  OBJECT_WORK_ADD ("/flow/lost-objects/original-dropped", test_original_dropped);
  OBJECT_WORK_ADD ("/flow/lost-objects/dropped-when-lost", test_dropped_when_lost);
  OBJECT_WORK_ADD ("/flow/lost-objects/proxy-of-copy", test_proxy_of_copy);
}

int
main (int argc, char **argv)
{
  return object_work_main (argc, argv, add_tests);
}
