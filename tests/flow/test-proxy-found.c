/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Proxies of objects that others have made: variables, and what events return. */

#include "config.h"
#include "proxies.h"

static MpelProxy *
new_for_variable (MpelEventLoop *loop, const char *variable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  mpel_proxy_new_for_variable_async (loop, variable, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  return mpel_proxy_new_for_variable_finish (result, error);
}

static void
test_variable (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GError) error = NULL;
  MpelProxy *declared, *origin;

  g_test_summary ("Two proxies of one variable, with different types, see the same object.");

  declared = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);
  g_object_set (declared, "x", 6, NULL);
  g_assert_cmpuint (mpel_proxy_get_remote_id (declared), ==, 0);
  proxies_wait_for_state (declared, MPEL_PROXY_STATE_READY);
  g_assert_cmpuint (mpel_proxy_get_remote_id (declared), !=, 0);
  g_assert_cmpstr (mpel_proxy_get_remote_class (declared), ==, "TestPoint");
  origin = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);
  proxies_wait_for_state (origin, MPEL_PROXY_STATE_READY);
  g_assert_cmpint (proxies_get_int (origin, "x"), ==, 6);
  g_assert_cmpuint (mpel_proxy_get_remote_id (declared), ==, mpel_proxy_get_remote_id (origin));
  g_object_set (origin, "x", 7, NULL);
  proxies_wait_for_int (declared, "x", 7);
  g_variant_unref (proxies_call (declared, "move", g_variant_new ("(iii)", 1, 2, 3)));
  g_assert_cmpint (proxies_get_int (origin, "y"), ==, 2);
  g_variant_unref (proxies_call (origin, "move", g_variant_new ("(iii)", 4, 5, 6)));
  g_assert_cmpint (proxies_get_int (declared, "y"), ==, 5);

  /* The object stays, and so does what the other one shows. */
  g_assert_finalize_object (declared);
  g_variant_unref (proxies_call (origin, "move", g_variant_new ("(iii)", 7, 8, 9)));
  g_assert_cmpint (proxies_get_int (origin, "y"), ==, 8);
  g_assert_finalize_object (origin);

  origin = new_for_variable (loop, "origin", &error);
  g_assert_no_error (error);
  g_assert_cmpint (proxies_get_int (origin, "x"), ==, 7);
  g_assert_cmpstr (mpel_proxy_get_variable (origin), ==, "origin");
  g_assert_null (new_for_variable (loop, "nowhere", &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);

  g_assert_finalize_object (origin);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_unknown_id (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *even = g_object_new (POINT_TYPE_PROXY, "loop", loop, "remote-id", G_GUINT64_CONSTANT (4444), "remote-class", "TestPoint", NULL);
  MpelProxy     *odd = g_object_new (POINT_TYPE_PROXY, "loop", loop, "remote-id", G_MAXUINT64, NULL);

  g_test_summary ("An id that nobody has is no object, and makes none.");

  mpel_test_wait (loop);
  g_assert_cmpint (mpel_proxy_get_state (even), ==, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_proxy_get_error (even), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  g_assert_cmpint (mpel_proxy_get_state (odd), ==, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_proxy_get_error (odd), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);

  g_assert_finalize_object (even);
  g_assert_finalize_object (odd);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
count_cb (gpointer user_data)
{
  ++*(int *) user_data;
}

static void
test_identity (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *made = proxies_new_point (loop);
  MpelProxy     *found = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);
  int            n_made = 0, n_found = 0;

  g_test_summary ("Which object it is, is told by those who did not know it before.");

  g_signal_connect_swapped (made, "notify::remote-id", G_CALLBACK (count_cb), &n_made);
  g_signal_connect_swapped (found, "notify::remote-id", G_CALLBACK (count_cb), &n_found);
  g_signal_connect_swapped (found, "notify::remote-class", G_CALLBACK (count_cb), &n_found);
  mpel_test_wait (loop);
  g_assert_cmpint (n_made, ==, 0);
  g_assert_cmpint (n_found, ==, 2);

  g_assert_finalize_object (made);
  g_assert_finalize_object (found);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static MpelProxy *
call_object (MpelProxy *proxy, const char *method, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  mpel_proxy_call_object_async (proxy, method, NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  return mpel_proxy_call_object_finish (proxy, result, error);
}

static void
test_returned (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = NULL;
  MpelProxy *twin, *same, *other;

  g_test_summary ("An object that a method returned is a proxy, and always the same one.");

  g_object_set (scale, "level", 20, NULL);
  twin = call_object (scale, "get_twin", &error);
  g_assert_no_error (error);
  g_assert_cmpint (proxies_get_int (twin, "level"), ==, 21);
  g_assert_false (SCALE_IS_PROXY (twin));
  same = call_object (scale, "get_twin", &error);
  g_assert_true (same == twin);
  g_object_unref (same);
  g_assert_null (call_object (scale, "get_level_text", &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  g_clear_error (&error);

  /* Once more, with the type that the program has declared. */
  g_object_set (twin, "level", 30, NULL);
  g_assert_finalize_object (twin);
  mpel_proxy_register_type ("TestScale", SCALE_TYPE_PROXY);
  event = mpel_proxy_call (scale, "get_twin", NULL, NULL, &error);
  g_assert_no_error (error);
  mpel_test_wait (loop);
  twin = mpel_proxy_get_for_result (event, g_variant_get_handle (mpel_event_get_results (event)));
  g_assert_true (SCALE_IS_PROXY (twin));
  g_assert_null (mpel_proxy_get_for_result (event, 1));
  g_assert_null (mpel_proxy_get_for_result (event, -1));
  proxies_wait_for_state (twin, MPEL_PROXY_STATE_READY);
  g_assert_cmpint (proxies_get_int (twin, "level"), ==, 30);
  g_clear_object (&event);

  /* A type that was registered needs no other name. */
  other = g_object_new (SCALE_TYPE_PROXY, "loop", loop, NULL);
  proxies_wait_for_state (other, MPEL_PROXY_STATE_READY);

  g_assert_finalize_object (other);
  g_assert_finalize_object (twin);
  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_returned_and_lost (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  MpelProxy     *twin;
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (MpelEvent) crash = NULL;

  g_test_summary ("A proxy that is asked for too late is lost from the start.");

  event = mpel_proxy_call (scale, "get_twin", NULL, NULL, &error);
  g_assert_no_error (error);
  mpel_test_wait (loop);
  crash = mpel_proxy_call (scale, "crash", NULL, NULL, &error);
  g_assert_no_error (error);
  mpel_test_wait (loop);
  twin = mpel_proxy_get_for_result (event, 0);
  g_assert_cmpint (mpel_proxy_get_state (twin), ==, MPEL_PROXY_STATE_LOST);
  g_assert_error (mpel_proxy_get_error (twin), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);

  g_assert_finalize_object (twin);
  g_clear_object (&event);
  g_clear_object (&crash);
  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_mentioned (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (MpelProxy) same = NULL;

  g_test_summary ("A proxy that is an argument is the object there, and comes back as itself.");

  event = mpel_event_new ("give-back", NULL, NULL);
  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, G_OBJECT (scale))));
  mpel_test_add_event (loop, event);
  mpel_test_wait (loop);
  g_assert_no_error (mpel_event_get_error (event));
  same = mpel_proxy_get_for_result (event, g_variant_get_handle (mpel_event_get_results (event)));
  g_assert_true (same == scale);
  g_clear_object (&same);
  g_clear_object (&event);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_of_cached (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  GObject       *original = g_object_new (TEST_TYPE_SCALE, "level", 5, NULL);
  MpelProxy     *proxy;
  g_autoptr (MpelEvent) event = mpel_event_new ("give-back", NULL, NULL);
  g_autoptr (MpelEvent) crash = NULL;

  g_test_summary ("A proxy of a cached object is lost with its worker, also if the object is made anew in the next.");

  g_object_unref (mpel_event_loop_cache_object (loop, original, FALSE, NULL));
  mpel_event_set_cache (event, TRUE);
  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, original)));
  mpel_test_add_event (loop, event);
  mpel_test_wait (loop);
  g_assert_no_error (mpel_event_get_error (event));
  proxy = mpel_proxy_get_for_result (event, g_variant_get_handle (mpel_event_get_results (event)));
  proxies_wait_for_state (proxy, MPEL_PROXY_STATE_READY);
  g_assert_cmpint (proxies_get_int (proxy, "level"), ==, 5);
  crash = mpel_proxy_call (proxy, "crash", NULL, NULL, NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_LOST);

  g_clear_object (&crash);
  g_clear_object (&event);
  g_assert_finalize_object (proxy);
  g_assert_finalize_object (original);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_pool (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = MPEL_EVENT_LOOP (mpel_pool_new (2));
  MpelProxy     *scales[8], *twins[8];
  g_autoptr (GAsyncResult) started = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("In a pool each object has a home; what they return are other objects.");

  mpel_event_loop_start_async (loop, NULL, mpel_test_keep_result_cb, &started);
  mpel_test_iterate_until_result (&started);
  for (int i = 0; i < 8; i++)
    {
      scales[i] = proxies_new_scale (loop);
      g_object_set (scales[i], "level", i * 2, NULL);
    }
  for (int i = 0; i < 8; i++)
    {
      twins[i] = call_object (scales[i], "get_twin", &error);
      g_assert_no_error (error);
    }
  for (int i = 0; i < 8; i++)
    g_assert_cmpint (proxies_get_int (twins[i], "level"), ==, i * 2 + 1);
  for (int i = 0; i < 8; i++)
    {
      g_assert_finalize_object (twins[i]);
      g_assert_finalize_object (scales[i]);
    }

  g_clear_object (&started);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static GVariant *
give_back (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GObject *object;
  int      handle;

  g_variant_get (args, "(h)", &handle);
  object = mpel_invocation_lookup_object (invocation, handle, error);
  return object != NULL ? g_variant_new_handle (mpel_invocation_add_object (invocation, object)) : NULL;
}

static void
register_targets (MpelWorker *worker)
{
  objects_register (worker);
  mpel_worker_add_function (worker, "give-back", give_back, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-found/variable", test_variable);
  g_test_add_func ("/flow/proxy-found/unknown-id", test_unknown_id);
  g_test_add_func ("/flow/proxy-found/identity", test_identity);
  g_test_add_func ("/flow/proxy-found/pool", test_pool);
  g_test_add_func ("/flow/proxy-found/returned", test_returned);
  g_test_add_func ("/flow/proxy-found/returned-and-lost", test_returned_and_lost);
  g_test_add_func ("/flow/proxy-found/mentioned", test_mentioned);
  g_test_add_func ("/flow/proxy-found/of-cached", test_of_cached);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
