/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How proxies begin and end. */

#include "config.h"
#include "proxies.h"

#include "mpel-remote-private.h"

/* Waits until a proxy has ended. */
static void
wait_for_end (MpelProxy *proxy)
{
  while (mpel_proxy_get_error (proxy) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Making it fails, in both ways of waiting for it. */
static void
assert_not_made (MpelProxy *proxy, GQuark domain, int code)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_async_initable_init_async (G_ASYNC_INITABLE (proxy), G_PRIORITY_DEFAULT, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_false (g_async_initable_init_finish (G_ASYNC_INITABLE (proxy), result, &error));
  g_assert_error (error, domain, code);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_proxy_get_error (proxy), domain, code);
}

static void
assert_unusable (MpelProxy *proxy, int code)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) async_error = NULL;

  g_assert_null (mpel_proxy_call (proxy, "move", NULL, NULL, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, code);
  g_assert_nonnull (strstr (error->message, mpel_proxy_get_error (proxy)->message));
  mpel_proxy_call_async (proxy, "move", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_proxy_call_finish (proxy, result, &async_error));
  g_assert_error (async_error, MPEL_LOOP_ERROR, code);
}

static void
test_no_class (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = g_object_new (POINT_TYPE_PROXY, "loop", loop, NULL);

  g_test_summary ("A class that the worker does not have makes no object.");

  g_object_set (proxy, "x", 5, NULL);
  g_assert_cmpstr (mpel_proxy_get_remote_class (proxy), ==, "PointProxy");
  assert_not_made (proxy, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  assert_unusable (proxy, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (proxy, "x"), ==, 5);

  g_assert_finalize_object (proxy);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_wrong_type (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point = proxies_new_point (loop);
  MpelProxy     *wrong = g_object_new (WRONG_TYPE_PROXY, "loop", loop, "remote-class", "TestPoint", NULL);

  g_test_summary ("A property that is declared with another type than the object has is named.");

  assert_not_made (wrong, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (mpel_proxy_get_error (wrong)->message, "“x”"));
  assert_unusable (wrong, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  g_variant_unref (proxies_call (point, "move", g_variant_new ("(iii)", 1, 1, 1)));

  g_assert_finalize_object (wrong);
  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_closed_loop (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy;
  g_autoptr (GError) error = NULL;

  g_test_summary ("In a closed loop nothing can be made, and nothing waits for it.");

  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);
  proxy = proxies_new_point (loop);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_proxy_get_error (proxy), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  assert_not_made (proxy, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED);
  g_object_set (proxy, "x", 3, NULL);
  g_assert_cmpint (proxies_get_int (proxy, "x"), ==, 3);

  g_assert_finalize_object (proxy);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_no_worker (void)
{
  static const char *const argv[] = { "/no/such/program", NULL };

  MpelTestTrace before = mpel_test_trace ();
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (argv);
  MpelEventLoop *loop = mpel_event_loop_new_with_launcher (launcher);
  MpelProxy     *proxy = proxies_new_point (loop);

  g_test_summary ("A worker that cannot be started has no objects.");

  assert_not_made (proxy, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED);

  g_assert_finalize_object (proxy);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_lost (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  MpelProxy     *anew;
  g_autoptr (MpelEvent) crash = NULL;

  g_test_summary ("An object is lost with its worker. Its last picture stays, and a new one can be made.");

  g_object_set (scale, "level", 11, NULL);
  mpel_test_wait (loop);
  crash = mpel_proxy_call (scale, "crash", NULL, NULL, NULL);
  g_object_set (scale, "level", 12, NULL);
  wait_for_end (scale);
  g_assert_cmpint (mpel_proxy_get_state (scale), ==, MPEL_PROXY_STATE_LOST);
  assert_unusable (scale, MPEL_LOOP_ERROR_WORKER_LOST);
  mpel_test_wait (loop);
  g_assert_cmpint (mpel_event_get_state (crash), ==, MPEL_EVENT_STATE_LOST);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 12);
  g_object_set (scale, "level", 13, NULL);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 13);

  anew = proxies_new_scale (loop);
  proxies_wait_for_state (anew, MPEL_PROXY_STATE_READY);
  g_clear_object (&crash);
  g_assert_finalize_object (anew);
  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_lost_while_creating (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *first = proxies_new_scale (loop);
  MpelProxy     *second;
  g_autoptr (MpelEvent) crash = NULL;

  g_test_summary ("A proxy whose worker dies before its object was made has ended too.");

  proxies_wait_for_state (first, MPEL_PROXY_STATE_READY);
  crash = mpel_proxy_call (first, "crash", NULL, NULL, NULL);
  second = proxies_new_scale (loop);
  wait_for_end (second);
  g_assert_cmpint (mpel_proxy_get_state (second), ==, MPEL_PROXY_STATE_LOST);
  wait_for_end (first);
  g_assert_cmpint (mpel_proxy_get_state (first), ==, MPEL_PROXY_STATE_LOST);
  mpel_test_wait (loop);

  g_clear_object (&crash);
  g_assert_finalize_object (first);
  g_assert_finalize_object (second);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_gone (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *ready = proxies_new_point (loop);
  MpelProxy     *creating;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the loop is closed what was asked for is done, and then the objects are gone.");

  proxies_wait_for_state (ready, MPEL_PROXY_STATE_READY);
  creating = proxies_new_point (loop);
  g_object_set (creating, "x", 4, NULL);
  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_proxy_get_state (ready), ==, MPEL_PROXY_STATE_GONE);
  g_assert_cmpint (mpel_proxy_get_state (creating), ==, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_proxy_get_error (creating), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  assert_unusable (creating, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  g_assert_cmpint (proxies_get_int (creating, "x"), ==, 4);

  g_assert_finalize_object (ready);
  g_assert_finalize_object (creating);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_drop_while_creating (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_point (loop);

  g_test_summary ("A proxy that is dropped before its object is there goes at once.");

  g_object_set (proxy, "x", 1, NULL);
  g_assert_finalize_object (proxy);
  mpel_test_wait (loop);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_drop_with_writes (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_point (loop);

  g_test_summary ("A proxy goes with writes under way; those that were written are done.");

  proxies_wait_for_state (proxy, MPEL_PROXY_STATE_READY);
  for (int i = 1; i < 50; i++)
    g_object_set (proxy, "x", i, "y", i, NULL);
  g_assert_finalize_object (proxy);
  mpel_test_wait (loop);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_drop_with_call (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_point (loop);
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("A method that was called is run, whoever lets go of the proxy.");

  event = mpel_proxy_call (proxy, "get_z", NULL, NULL, NULL);
  g_object_add_weak_pointer (G_OBJECT (proxy), (gpointer *) &proxy);
  g_object_unref (proxy);
  mpel_test_wait (loop);
  g_assert_cmpuint (ends->len, ==, 1);
  g_assert_cmpstr (ends->pdata[0], ==, "0");
  g_clear_object (&event);
  g_assert_null (proxy);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
drop_cb (gpointer user_data)
{
  g_clear_object ((GObject **) user_data);
}

static void
drop_in (const char *signal)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_scale (loop);
  GObject       *watched = G_OBJECT (proxy);

  proxies_wait_for_state (proxy, MPEL_PROXY_STATE_READY);
  g_object_add_weak_pointer (watched, (gpointer *) &watched);
  g_signal_connect_swapped (proxy, signal, G_CALLBACK (drop_cb), &proxy);
  g_object_unref (mpel_proxy_call (proxy, "sweep", g_variant_new ("(ii)", 1, 100), NULL, NULL));
  mpel_test_wait (loop);
  g_assert_null (proxy);
  g_assert_null (watched);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_drop_in_notify (void)
{
  g_test_summary ("A proxy may be dropped by who hears of it.");

  drop_in ("notify::level");
  drop_in ("swept");
  drop_in ("remote-signal");
}

static void
test_drop_in_write (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_scale (loop);

  g_test_summary ("A proxy may be dropped by who hears that it did not take what was written.");

  g_signal_connect_swapped (proxy, "write-failed", G_CALLBACK (drop_cb), &proxy);
  g_object_set (proxy, "limit", 77, NULL);
  mpel_test_wait (loop);
  g_assert_null (proxy);

  proxy = proxies_new_scale (loop);
  g_signal_connect_swapped (proxy, "notify::state", G_CALLBACK (drop_cb), &proxy);
  mpel_test_wait (loop);
  g_assert_null (proxy);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static gboolean
drop_in_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  g_clear_object ((GObject **) user_data);
  return FALSE;
}

static void
test_drop_in_event_done (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_scale (loop);

  g_test_summary ("A proxy may be dropped when a method of it ends.");

  g_signal_connect (loop, "event-done", G_CALLBACK (drop_in_done_cb), &proxy);
  g_object_unref (mpel_proxy_call (proxy, "bump", g_variant_new ("(i)", 1), NULL, NULL));
  g_object_set (proxy, "level", 9, NULL);
  mpel_test_wait (loop);
  g_assert_null (proxy);

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

/* What a worker that lies says of a proxy's object. */
static gboolean
tell (MpelProxy *proxy, MpelRecordKind kind, const char *name, const char *value, GError **error)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_parsed (value));
  MpelRecord record = { .kind = kind, .name = name, .value = variant };

  return mpel_remote_tell (mpel_remote_find (G_OBJECT (proxy)), &record, error);
}

static void
assert_lie (MpelProxy *proxy, MpelRecordKind kind, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (tell (proxy, kind, name, value, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
}

static void
test_lies (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point = proxies_new_point (loop);

  g_test_summary ("News that make no sense are refused, and those that nobody asked for are not.");

  proxies_wait_for_state (point, MPEL_PROXY_STATE_READY);
  assert_lie (point, MPEL_RECORD_CHANGED, "x", "'five'");
  assert_lie (point, MPEL_RECORD_CHANGED, "x", "int64 5");
  assert_lie (point, MPEL_RECORD_SIGNAL, "moved", "(1,)");
  assert_lie (point, MPEL_RECORD_SIGNAL, "moved", "(1, 'two')");
  assert_lie (point, MPEL_RECORD_SIGNAL, "moved", "5");
  g_assert_true (tell (point, MPEL_RECORD_CHANGED, "loop", "5", NULL));
  g_assert_true (tell (point, MPEL_RECORD_CHANGED, "no such", "5", NULL));
  g_assert_true (tell (point, MPEL_RECORD_SIGNAL, "notify", "(5,)", NULL));
  g_assert_cmpint (proxies_get_int (point, "x"), ==, 0);
  g_assert_true (tell (point, MPEL_RECORD_CHANGED, "x", "5", NULL));
  g_assert_cmpint (proxies_get_int (point, "x"), ==, 5);

  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_cancelled (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_point (loop);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who waits for a proxy may stop; the proxy comes all the same.");

  g_async_initable_init_async (G_ASYNC_INITABLE (proxy), G_PRIORITY_DEFAULT, cancellable, mpel_test_keep_result_cb, &result);
  g_cancellable_cancel (cancellable);
  mpel_test_iterate_until_result (&result);
  g_assert_false (g_async_initable_init_finish (G_ASYNC_INITABLE (proxy), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  proxies_wait_for_state (proxy, MPEL_PROXY_STATE_READY);

  g_clear_object (&result);
  g_assert_finalize_object (proxy);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-life/no-class", test_no_class);
  g_test_add_func ("/flow/proxy-life/wrong-type", test_wrong_type);
  g_test_add_func ("/flow/proxy-life/closed-loop", test_closed_loop);
  g_test_add_func ("/flow/proxy-life/no-worker", test_no_worker);
  g_test_add_func ("/flow/proxy-life/lost", test_lost);
  g_test_add_func ("/flow/proxy-life/lost-while-creating", test_lost_while_creating);
  g_test_add_func ("/flow/proxy-life/gone", test_gone);
  g_test_add_func ("/flow/proxy-life/drop-while-creating", test_drop_while_creating);
  g_test_add_func ("/flow/proxy-life/drop-with-writes", test_drop_with_writes);
  g_test_add_func ("/flow/proxy-life/drop-with-call", test_drop_with_call);
  g_test_add_func ("/flow/proxy-life/drop-in-notify", test_drop_in_notify);
  g_test_add_func ("/flow/proxy-life/drop-in-write", test_drop_in_write);
  g_test_add_func ("/flow/proxy-life/drop-in-event-done", test_drop_in_event_done);
  g_test_add_func ("/flow/proxy-life/lies", test_lies);
  g_test_add_func ("/flow/proxy-life/cancelled", test_cancelled);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, objects_register, add_tests);
}
