/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Proxies where handlers, bindings and other proxies get in their way. */

#include "config.h"
#include "proxies.h"

/* Of a TestScale: “level” may be no more than 50 here. */
#define HALF_TYPE_PROXY (half_proxy_get_type ())
G_DECLARE_FINAL_TYPE (HalfProxy, half_proxy, HALF, PROXY, MpelProxy)

struct _HalfProxy
{
  MpelProxy parent_instance;

  int level;
};

G_DEFINE_FINAL_TYPE (HalfProxy, half_proxy, MPEL_TYPE_PROXY)

static void
half_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, HALF_PROXY (object)->level);
}

static void
half_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  HALF_PROXY (object)->level = g_value_get_int (value);
}

static void
half_proxy_class_init (HalfProxyClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = half_proxy_get_property;
  object_class->set_property = half_proxy_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_int ("level", NULL, NULL, 0, 50, 0, flags));
}

static void
half_proxy_init (HalfProxy *self)
{
}

static void
assert_level (MpelProxy *scale, const char *expected)
{
  g_autoptr (GVariant) text = proxies_call (scale, "get_level_text", NULL);

  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, expected);
}

static void
set_level_cb (GObject *scale, GParamSpec *pspec, gpointer user_data)
{
  g_object_set (scale, "level", 7, NULL);
}

static void
test_write_when_ready (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);

  g_test_summary ("What is written by who hears that it is ready is written there.");

  g_signal_connect (scale, "notify::state", G_CALLBACK (set_level_cb), NULL);
  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  assert_level (scale, "level 7");
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 7);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_frozen_and_clamped (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *half = g_object_new (HALF_TYPE_PROXY, "loop", loop, "remote-class", "TestScale", NULL);

  g_test_summary ("What does not fit here is not written back, also if its notification was frozen.");

  proxies_wait_for_state (half, MPEL_PROXY_STATE_READY);
  g_object_freeze_notify (G_OBJECT (half));
  g_variant_unref (proxies_call (half, "sweep", g_variant_new ("(ii)", 70, 80)));
  g_object_thaw_notify (G_OBJECT (half));
  g_assert_cmpint (proxies_get_int (half, "level"), ==, 50);
  assert_level (half, "level 80");
  g_object_set (half, "level", 9, NULL);
  assert_level (half, "level 9");

  g_assert_finalize_object (half);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_disposed (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point = proxies_new_point (loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) later = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who waits for a proxy that is disposed of hears that it will not come.");

  g_async_initable_init_async (G_ASYNC_INITABLE (point), G_PRIORITY_DEFAULT, NULL, mpel_test_keep_result_cb, &result);
  g_object_run_dispose (G_OBJECT (point));
  mpel_test_iterate_until_result (&result);
  g_assert_false (g_async_initable_init_finish (G_ASYNC_INITABLE (point), result, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  g_clear_error (&error);
  g_async_initable_init_async (G_ASYNC_INITABLE (point), G_PRIORITY_DEFAULT, NULL, mpel_test_keep_result_cb, &later);
  mpel_test_iterate_until_result (&later);
  g_assert_false (g_async_initable_init_finish (G_ASYNC_INITABLE (point), later, &error));

  g_clear_object (&result);
  g_clear_object (&later);
  g_assert_finalize_object (point);
  mpel_test_wait (loop);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_two_bound (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *one = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);
  MpelProxy     *other = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);
  g_autoptr (GArray) seen = NULL;

  g_test_summary ("Two proxies of one object that are bound to each other write nothing that the worker tells.");

  proxies_wait_for_state (one, MPEL_PROXY_STATE_READY);
  proxies_wait_for_state (other, MPEL_PROXY_STATE_READY);
  g_object_bind_property (one, "x", other, "x", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  seen = proxies_record_ints (one, "x");
  for (int i = 1; i <= 100; i++)
    g_object_unref (mpel_proxy_call (one, "move", g_variant_new ("(iii)", i, i, i), NULL, NULL));
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (one, "x"), ==, 100);
  g_assert_cmpint (proxies_get_int (other, "x"), ==, 100);
  g_assert_cmpuint (seen->len, ==, 100);
  g_object_set (other, "x", 5, NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (one, "x"), ==, 5);
  g_assert_cmpuint (seen->len, ==, 101);

  g_assert_finalize_object (one);
  g_assert_finalize_object (other);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_two_write (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *one = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);
  MpelProxy     *other = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);

  g_test_summary ("Two proxies of one object write the same property: both show what it is in the end.");

  for (int i = 1; i <= 100; i++)
    {
      g_object_set (one, "x", i, NULL);
      g_object_set (other, "x", -i, NULL);
      g_main_context_iteration (NULL, FALSE);
    }
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (one, "x"), ==, -100);
  g_assert_cmpint (proxies_get_int (other, "x"), ==, -100);

  g_assert_finalize_object (one);
  g_assert_finalize_object (other);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
wait_for_two_cb (GObject *one, GParamSpec *pspec, gpointer user_data)
{
  proxies_wait_for_int (one, "x", 2);
}

static void
test_nested (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *one = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);
  MpelProxy     *other = g_object_new (POINT_TYPE_PROXY, "loop", loop, "variable", "origin", NULL);

  g_test_summary ("Who hears of a change and waits for the next one brings no old value to another proxy.");

  proxies_wait_for_state (one, MPEL_PROXY_STATE_READY);
  proxies_wait_for_state (other, MPEL_PROXY_STATE_READY);
  g_signal_connect (one, "notify::x", G_CALLBACK (wait_for_two_cb), NULL);
  for (int i = 1; i <= 2; i++)
    g_object_unref (mpel_proxy_call (one, "move", g_variant_new ("(iii)", i, i, i), NULL, NULL));
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (one, "x"), ==, 2);
  g_assert_cmpint (proxies_get_int (other, "x"), ==, 2);

  g_assert_finalize_object (one);
  g_assert_finalize_object (other);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_underscores (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *all;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Names of properties may be written as languages do, as everywhere.");

  mpel_proxy_new_async (loop, "TestAll", NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  all = mpel_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (mpel_proxy_get_cached_property (all, "date-time"));
  g_assert_true (mpel_proxy_get_cached_property (all, "date_time") == mpel_proxy_get_cached_property (all, "date-time"));
  g_assert_null (mpel_proxy_get_cached_property (all, "date"));
  g_assert_null (mpel_proxy_get_cached_property (all, "state"));

  g_clear_object (&result);
  g_assert_finalize_object (all);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-corners/write-when-ready", test_write_when_ready);
  g_test_add_func ("/flow/proxy-corners/frozen-and-clamped", test_frozen_and_clamped);
  g_test_add_func ("/flow/proxy-corners/disposed", test_disposed);
  g_test_add_func ("/flow/proxy-corners/two-bound", test_two_bound);
  g_test_add_func ("/flow/proxy-corners/two-write", test_two_write);
  g_test_add_func ("/flow/proxy-corners/nested", test_nested);
  g_test_add_func ("/flow/proxy-corners/underscores", test_underscores);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, objects_register, add_tests);
}
