/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a declared proxy shows of its object. */

#include "config.h"
#include "proxies.h"

static void
count_cb (gpointer user_data)
{
  ++*(int *) user_data;
}

static void
test_create (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *proxy = proxies_new_point (loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int n_told = 0;

  g_test_summary ("A proxy is ready when its object is there, and tells so once.");

  g_signal_connect_swapped (proxy, "notify::state", G_CALLBACK (count_cb), &n_told);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_CREATING);
  g_assert_true (mpel_proxy_get_loop (proxy) == loop);
  g_assert_cmpstr (mpel_proxy_get_remote_class (proxy), ==, "TestPoint");
  g_async_initable_init_async (G_ASYNC_INITABLE (proxy), G_PRIORITY_DEFAULT, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_async_initable_init_finish (G_ASYNC_INITABLE (proxy), result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_READY);
  g_assert_cmpint (n_told, ==, 1);
  g_assert_cmpuint (mpel_proxy_get_remote_id (proxy), !=, 0);
  g_assert_null (mpel_proxy_get_error (proxy));

  g_clear_object (&result);
  g_assert_finalize_object (proxy);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static gboolean
look_at_x_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  int *seen = user_data;

  *seen = proxies_get_int (mpel_event_get_object (event), "x");
  return FALSE;
}

static void
test_seed (void)
{
  static const char *const getters[] = { "get_z", NULL };

  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;
  int seen = -1;

  g_test_summary ("The seed's story: what a method changed has changed here when it ends, not before.");

  point = g_object_new (POINT_TYPE_PROXY, "loop", loop, "remote-class", "TestPoint", "getters", getters, NULL);
  g_signal_connect (loop, "event-done", G_CALLBACK (look_at_x_cb), &seen);
  event = mpel_proxy_call (point, "set_z", g_variant_new ("(i)", 3), NULL, &error);
  g_assert_no_error (error);
  g_assert_null (mpel_proxy_get_getter_value (point, "get_z"));
  mpel_test_wait (loop);
  g_assert_cmpint (seen, ==, 0);
  g_assert_cmpint (g_variant_get_int32 (mpel_proxy_get_getter_value (point, "get_z")), ==, 3);

  g_clear_object (&event);
  event = mpel_proxy_call (point, "move", g_variant_new ("(iii)", 1, 2, 7), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (proxies_get_int (point, "x"), ==, 0);
  g_assert_cmpint (g_variant_get_int32 (mpel_proxy_get_getter_value (point, "get_z")), ==, 3);
  mpel_test_wait (loop);
  g_assert_cmpint (seen, ==, 1);
  g_assert_cmpint (proxies_get_int (point, "y"), ==, 2);
  g_assert_cmpint (g_variant_get_int32 (mpel_proxy_get_getter_value (point, "get_z")), ==, 7);

  g_clear_object (&event);
  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_write (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GVariant) text = NULL;
  g_autoptr (GVariant) later = NULL;

  g_test_summary ("What is written here is so there, in order with methods; also before the object is there.");

  g_object_set (scale, "level", 42, NULL);
  text = proxies_call (scale, "get_level_text", NULL);
  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, "level 42");
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 42);
  g_object_set (scale, "level", 43, NULL);
  later = proxies_call (scale, "get_level_text", NULL);
  g_assert_cmpstr (g_variant_get_string (later, NULL), ==, "level 43");

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_construct (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale;
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GArray) limits = NULL;
  g_autoptr (GVariant) mode = NULL;

  g_test_summary ("Properties that are set when a proxy is made are those that its object is made with.");

  scale = g_object_new (SCALE_TYPE_PROXY, "loop", loop, "remote-class", "TestScale", "limit", 7, "mode", "fine", "level", 5, "note", "mine", "owner", owner, NULL);
  limits = proxies_record_ints (scale, "limit");
  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (scale, "limit"), ==, 7);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 5);
  g_assert_cmpuint (limits->len, ==, 0);
  mode = g_variant_get_maybe (mpel_proxy_get_cached_property (scale, "mode"));
  g_assert_cmpstr (g_variant_get_string (mode, NULL), ==, "fine");
  g_assert_null (mpel_proxy_get_cached_property (scale, "note"));
  g_assert_null (mpel_proxy_get_cached_property (scale, "owner"));

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_read_only (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GArray) counts = proxies_record_ints (scale, "count");
  g_autoptr (GVariant) results = NULL;

  g_test_summary ("A property that can only be read is told, and its getter finds it.");

  results = proxies_call (scale, "bump", g_variant_new ("(i)", 4));
  g_assert_cmpint (g_variant_get_int32 (results), ==, 4);
  g_assert_cmpint (proxies_get_int (scale, "count"), ==, 4);
  g_assert_cmpint (g_array_index (counts, int, counts->len - 1), ==, 4);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
note_moved_cb (MpelProxy *proxy, int x, int y, gpointer user_data)
{
  g_string_append_printf (user_data, "moved %d %d at %d; ", x, y, proxies_get_int (proxy, "x"));
}

static void
note_remote_cb (MpelProxy *proxy, const char *name, GVariant *params, gpointer user_data)
{
  g_autofree char *printed = g_variant_print (params, FALSE);

  g_string_append_printf (user_data, "%s %s; ", name, printed);
}

static void
note_swept_cb (MpelProxy *proxy, const char *mark, const char *const *marks, gpointer user_data)
{
  g_autofree char *joined = g_strjoinv ("+", (char **) marks);

  g_string_append_printf (user_data, "swept %s %s; ", mark, joined);
}

static void
test_signals (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point = proxies_new_point (loop);
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GString) heard = g_string_new (NULL);

  g_test_summary ("A signal of the object is emitted here, behind the changes that came before it.");

  g_signal_connect (point, "moved", G_CALLBACK (note_moved_cb), heard);
  g_signal_connect (point, "remote-signal::moved", G_CALLBACK (note_remote_cb), heard);
  g_signal_connect (point, "remote-signal::swept", G_CALLBACK (note_remote_cb), heard);
  g_signal_connect (scale, "swept", G_CALLBACK (note_swept_cb), heard);
  g_variant_unref (proxies_call (point, "move", g_variant_new ("(iii)", 4, 5, 6)));
  g_variant_unref (proxies_call (scale, "sweep", g_variant_new ("(ii)", 1, 2)));
  g_assert_cmpstr (heard->str, ==, "moved 4 5 at 4; moved (4, 5); swept (null) begin+end; ");

  g_assert_finalize_object (point);
  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_getters (void)
{
  static const char *const getters[] = { "get_level_text", "no_such_method", NULL };

  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale;
  g_autoptr (GString) heard = g_string_new (NULL);

  g_test_summary ("Getters are told when they return something else; what is no method is none.");

  scale = g_object_new (SCALE_TYPE_PROXY, "loop", loop, "remote-class", "TestScale", "getters", getters, NULL);
  g_signal_connect (scale, "getter-changed::get_level_text", G_CALLBACK (note_remote_cb), heard);
  g_object_set (scale, "level", 3, NULL);
  g_variant_unref (proxies_call (scale, "bump", g_variant_new ("(i)", 1)));
  g_variant_unref (proxies_call (scale, "bump", g_variant_new ("(i)", 1)));
  g_assert_cmpstr (heard->str, ==, "get_level_text 'level 0'; get_level_text 'level 3'; ");
  g_assert_null (mpel_proxy_get_getter_value (scale, "no_such_method"));
  g_assert_null (mpel_proxy_get_getter_value (scale, "bump"));

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_call_errors (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point = proxies_new_point (loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A method that there is not fails its call, and nothing else.");

  mpel_proxy_call_async (point, "fly", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_proxy_call_finish (point, result, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET);
  g_assert_cmpint (mpel_proxy_get_state (point), ==, MPEL_PROXY_STATE_READY);

  g_clear_object (&result);
  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_binding (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *a = proxies_new_point (loop);
  MpelProxy     *b = proxies_new_point (loop);
  g_autoptr (GVariant) z = NULL;

  g_test_summary ("Proxies can be bound to each other: their objects follow.");

  g_object_bind_property (a, "x", b, "x", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_variant_unref (proxies_call (a, "move", g_variant_new ("(iii)", 9, 0, 0)));
  g_assert_cmpint (proxies_get_int (b, "x"), ==, 9);
  mpel_test_wait (loop);
  g_assert_cmpint (g_variant_get_int32 (mpel_proxy_get_cached_property (b, "x")), ==, 9);
  g_variant_unref (proxies_call (b, "move", g_variant_new ("(iii)", 8, 0, 0)));
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (a, "x"), ==, 8);
  g_assert_cmpint (proxies_get_int (b, "x"), ==, 8);

  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_no_results (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GVariant) results = NULL;

  g_test_summary ("A loop that brings no results home mirrors its objects all the same.");

  mpel_event_loop_set_has_results (loop, FALSE);
  g_object_set (scale, "level", 500, NULL);
  results = proxies_call (scale, "bump", g_variant_new ("(i)", 2));
  g_assert_cmpstr (g_variant_get_type_string (results), ==, "()");
  g_assert_cmpint (proxies_get_int (scale, "count"), ==, 2);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 100);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_full (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale;
  g_autoptr (GError) error = NULL;

  g_test_summary ("In a loop that is full properties can be written, and methods not called.");

  mpel_event_loop_set_max_pending (loop, 1);
  scale = proxies_new_scale (loop);
  g_object_set (scale, "level", 5, "limit", 6, NULL);
  g_assert_null (mpel_proxy_call (scale, "bump", NULL, NULL, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FULL);
  mpel_test_wait (loop);
  g_assert_cmpint (mpel_proxy_get_state (scale), ==, MPEL_PROXY_STATE_READY);
  g_assert_cmpint (g_variant_get_int32 (mpel_proxy_get_cached_property (scale, "limit")), ==, 6);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_default_loop (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_event_loop_get_default ();
  MpelProxy     *point = g_object_new (POINT_TYPE_PROXY, "remote-class", "TestPoint", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without a loop it is the global one.");

  g_assert_true (mpel_proxy_get_loop (point) == loop);
  proxies_wait_for_state (point, MPEL_PROXY_STATE_READY);
  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_proxy_get_state (point), ==, MPEL_PROXY_STATE_GONE);

  g_assert_finalize_object (point);
  mpel_test_assert_no_trace (before);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy/create", test_create);
  g_test_add_func ("/flow/proxy/seed", test_seed);
  g_test_add_func ("/flow/proxy/write", test_write);
  g_test_add_func ("/flow/proxy/construct", test_construct);
  g_test_add_func ("/flow/proxy/read-only", test_read_only);
  g_test_add_func ("/flow/proxy/signals", test_signals);
  g_test_add_func ("/flow/proxy/getters", test_getters);
  g_test_add_func ("/flow/proxy/call-errors", test_call_errors);
  g_test_add_func ("/flow/proxy/binding", test_binding);
  g_test_add_func ("/flow/proxy/no-results", test_no_results);
  g_test_add_func ("/flow/proxy/full", test_full);
  g_test_add_func ("/flow/proxy/default-loop", test_default_loop);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, objects_register, add_tests);
}
