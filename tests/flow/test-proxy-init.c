/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What happens while a proxy is being made. */

#include "config.h"
#include "proxies.h"

/* Of a TestScale: “limit” is 5 unless somebody says otherwise. */
#define LIMITED_TYPE_PROXY (limited_proxy_get_type ())
G_DECLARE_FINAL_TYPE (LimitedProxy, limited_proxy, LIMITED, PROXY, MpelProxy)

struct _LimitedProxy
{
  MpelProxy parent_instance;

  int limit;
};

G_DEFINE_FINAL_TYPE (LimitedProxy, limited_proxy, MPEL_TYPE_PROXY)

static void
limited_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, LIMITED_PROXY (object)->limit);
}

static void
limited_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LIMITED_PROXY (object)->limit = g_value_get_int (value);
}

static void
limited_proxy_class_init (LimitedProxyClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = limited_proxy_get_property;
  object_class->set_property = limited_proxy_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_int ("limit", NULL, NULL, 0, 10, 5, flags | G_PARAM_CONSTRUCT));
}

static void
limited_proxy_init (LimitedProxy *self)
{
}

static void
assert_level (MpelProxy *scale, const char *expected)
{
  g_autoptr (GVariant) text = proxies_call (scale, "get_level_text", NULL);

  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, expected);
}

static void
test_construct_of_another (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  MpelProxy     *limited;

  g_test_summary ("What is set while a proxy is made because nothing else was said changes no object that is there.");

  g_object_set (scale, "limit", 7, NULL);
  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  limited = g_object_new (LIMITED_TYPE_PROXY, "loop", loop, "remote-id", mpel_proxy_get_remote_id (scale), NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (limited, "limit"), ==, 7);
  g_assert_cmpint (proxies_get_int (scale, "limit"), ==, 7);
  g_object_set (limited, "limit", 5, NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (scale, "limit"), ==, 5);
  g_assert_finalize_object (limited);

  limited = g_object_new (LIMITED_TYPE_PROXY, "loop", loop, "remote-id", mpel_proxy_get_remote_id (scale), "limit", 3, NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (limited, "limit"), ==, 3);
  g_assert_cmpint (proxies_get_int (scale, "limit"), ==, 3);

  g_assert_finalize_object (limited);
  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

/* The first one that is made while there is a loop here makes another one. */
#define OUTER_TYPE_PROXY (outer_proxy_get_type ())
G_DECLARE_FINAL_TYPE (OuterProxy, outer_proxy, OUTER, PROXY, MpelProxy)

static MpelEventLoop *inner_loop;

struct _OuterProxy
{
  MpelProxy parent_instance;

  MpelProxy *inner; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (OuterProxy, outer_proxy, MPEL_TYPE_PROXY)

static void
outer_proxy_finalize (GObject *object)
{
  g_clear_object (&OUTER_PROXY (object)->inner);

  G_OBJECT_CLASS (outer_proxy_parent_class)->finalize (object);
}

static void
outer_proxy_class_init (OuterProxyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = outer_proxy_finalize;
}

static void
outer_proxy_init (OuterProxy *self)
{
  MpelEventLoop *loop = g_steal_pointer (&inner_loop);

  if (loop != NULL)
    self->inner = g_object_new (OUTER_TYPE_PROXY, "loop", loop, "remote-class", "TestScale", NULL);
}

static void
test_made_within (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  OuterProxy    *twin;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A proxy that makes another one of its type stands for the object that it is made for.");

  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  mpel_proxy_register_type ("TestScale", OUTER_TYPE_PROXY);
  inner_loop = loop;
  mpel_proxy_call_object_async (scale, "get_twin", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  twin = OUTER_PROXY (mpel_proxy_call_object_finish (scale, result, &error));
  g_assert_no_error (error);
  assert_level (MPEL_PROXY (twin), "level 1");
  assert_level (twin->inner, "level 0");

  g_clear_object (&result);
  g_assert_finalize_object (twin);
  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_list_of_none (void)
{
  MpelTestTrace   before = mpel_test_trace ();
  MpelEventLoop  *loop = mpel_test_loop_new ();
  MpelProxy      *scale = g_object_new (SCALE_TYPE_PROXY, "loop", loop, "remote-class", "TestScale", "mode", "\xff", NULL);
  MpelRemoteList *list = mpel_remote_list_new (scale, NULL, G_TYPE_NONE);

  g_test_summary ("The list of an object that could not be made is gone, for the same reason.");

  g_assert_cmpint (mpel_proxy_get_state (scale), ==, MPEL_PROXY_STATE_GONE);
  g_assert_cmpint (mpel_remote_list_get_state (list), ==, MPEL_PROXY_STATE_GONE);
  g_assert_nonnull (mpel_remote_list_get_error (list));
  g_assert_cmpstr (mpel_remote_list_get_error (list)->message, ==, mpel_proxy_get_error (scale)->message);

  g_assert_finalize_object (list);
  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

/* It is impatient: what can only fail is kept. */
#define EAGER_TYPE_PROXY (eager_proxy_get_type ())
G_DECLARE_FINAL_TYPE (EagerProxy, eager_proxy, EAGER, PROXY, MpelProxy)

struct _EagerProxy
{
  MpelProxy parent_instance;

  GError       *error;   /* (owned) (nullable) */
  GAsyncResult *called;  /* (owned) (nullable) */
  GAsyncResult *settled; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (EagerProxy, eager_proxy, MPEL_TYPE_PROXY)

static void
eager_proxy_finalize (GObject *object)
{
  g_clear_error (&EAGER_PROXY (object)->error);

  G_OBJECT_CLASS (eager_proxy_parent_class)->finalize (object);
}

static void
eager_proxy_class_init (EagerProxyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eager_proxy_finalize;
}

static void
eager_proxy_init (EagerProxy *self)
{
  MpelProxy *proxy = MPEL_PROXY (self);

  g_assert_null (mpel_proxy_call (proxy, "get_z", NULL, NULL, &self->error));
  mpel_proxy_call_async (proxy, "get_z", NULL, NULL, NULL, mpel_test_keep_result_cb, &self->called);
  g_async_initable_init_async (G_ASYNC_INITABLE (self), G_PRIORITY_DEFAULT, NULL, mpel_test_keep_result_cb, &self->settled);
}

static void
test_used_in_init (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  EagerProxy    *eager = g_object_new (EAGER_TYPE_PROXY, "loop", loop, "remote-class", "TestPoint", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A proxy that is used before it is constructed, as languages may, says that it is too early.");

  g_assert_error (eager->error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  mpel_test_iterate_until_result (&eager->called);
  g_assert_null (mpel_proxy_call_finish (MPEL_PROXY (eager), eager->called, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  g_clear_error (&error);
  mpel_test_iterate_until_result (&eager->settled);
  g_assert_false (g_async_initable_init_finish (G_ASYNC_INITABLE (eager), eager->settled, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  proxies_wait_for_state (MPEL_PROXY (eager), MPEL_PROXY_STATE_READY);

  g_clear_object (&eager->called);
  g_clear_object (&eager->settled);
  g_assert_finalize_object (eager);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
init_derived (GTypeInstance *instance, gpointer klass)
{
  g_object_set (instance, "x", 5, NULL);
}

static void
test_derived_from_runtime (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point, *derived;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GTypeQuery parent;

  g_test_summary ("A type that was made at run time can be derived from; before it is constructed there is nothing to set.");

  mpel_proxy_new_async (loop, "TestPoint", NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  point = mpel_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  g_type_query (G_OBJECT_TYPE (point), &parent);
  derived = g_object_new (g_type_register_static_simple (parent.type, "DerivedProxy", parent.class_size, NULL, parent.instance_size, init_derived, 0),
                          "loop",
                          loop,
                          "remote-class",
                          "TestPoint",
                          "y",
                          6,
                          NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (derived, "x"), ==, 0);
  g_assert_cmpint (proxies_get_int (derived, "y"), ==, 6);

  g_clear_object (&result);
  g_assert_finalize_object (point);
  g_assert_finalize_object (derived);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-init/construct-of-another", test_construct_of_another);
  g_test_add_func ("/flow/proxy-init/made-within", test_made_within);
  g_test_add_func ("/flow/proxy-init/list-of-none", test_list_of_none);
  g_test_add_func ("/flow/proxy-init/used-in-init", test_used_in_init);
  g_test_add_func ("/flow/proxy-init/derived-from-runtime", test_derived_from_runtime);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, objects_register, add_tests);
}
