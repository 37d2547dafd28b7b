/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The seed's proxy, as a program uses one. The same story is told in every language: see
 * tests/vala, tests/python and tests/gjs. */

#include "config.h"
#include "object-work.h"

#define MP_TYPE_POINT (mp_point_get_type ())
G_DECLARE_FINAL_TYPE (MpPoint, mp_point, MP, POINT, MpelProxy)

struct _MpPoint
{
  MpelProxy parent_instance;

  int x;
  int y;
};

G_DEFINE_FINAL_TYPE (MpPoint, mp_point, MPEL_TYPE_PROXY)

static void
mp_point_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpPoint *self = MP_POINT (object);

  g_value_set_int (value, prop_id == 1 ? self->x : self->y);
}

static void
mp_point_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpPoint *self = MP_POINT (object);

  *(prop_id == 1 ? &self->x : &self->y) = g_value_get_int (value);
}

static void
mp_point_class_init (MpPointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mp_point_get_property;
  object_class->set_property = mp_point_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_int ("x", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, 2, g_param_spec_int ("y", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
  g_signal_new ("moved", MP_TYPE_POINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
mp_point_init (MpPoint *self)
{
}

static MpPoint *
mp_point_new (MpelEventLoop *loop)
{
  static const char *const getters[] = { "get_z", NULL };

  return g_object_new (MP_TYPE_POINT, "loop", loop, "remote-class", "TestPoint", "getters", getters, NULL);
}

static int
get_z (gpointer point)
{
  GVariant *z = mpel_proxy_get_getter_value (point, "get_z");

  return z != NULL ? g_variant_get_int32 (z) : 0;
}

static void
assert_point (gpointer point, int x, int y, int z)
{
  int seen_x, seen_y;

  g_object_get (point, "x", &seen_x, "y", &seen_y, NULL);
  g_assert_cmpint (seen_x, ==, x);
  g_assert_cmpint (seen_y, ==, y);
  g_assert_cmpint (get_z (point), ==, z);
}

static void
call (gpointer point, const char *method, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_proxy_call (point, method, args, NULL, &error);

  g_assert_no_error (error);
}

static gboolean
move_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  if (g_strcmp0 (mpel_event_get_target (event), "move") != 0)
    return FALSE;
  assert_point (mpel_event_get_object (event), 1, 2, 7);
  *(guint *) user_data += 1;
  return FALSE;
}

static void
test_seed (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpPoint) p = mp_point_new (work->loop);
  guint n_moved = 0;

  g_test_summary ("The seed's proxy: nothing changes at once, all has changed when the method has ended.");

  g_signal_connect (work->loop, "event-done", G_CALLBACK (move_done_cb), &n_moved);
  call (p, "set_z", g_variant_new ("(i)", 3));
  g_assert_cmpint (get_z (p), !=, 3);
  mpel_test_wait (work->loop);
  g_assert_cmpint (get_z (p), ==, 3);

  call (p, "move", g_variant_new ("(iii)", 1, 2, 7));
  assert_point (p, 0, 0, 3);
  mpel_test_wait (work->loop);
  assert_point (p, 1, 2, 7);
  g_assert_cmpuint (n_moved, ==, 1);
  object_work_assert_instances (work, 1);
}

static void
moved_cb (MpPoint *point, int x, int y, gpointer user_data)
{
  assert_point (point, x, y, 0);
  *(int *) user_data = x * 100 + y;
}

static void
test_both_ways (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpPoint) p = mp_point_new (work->loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) results = NULL;
  g_autoptr (MpelEvent) state = NULL;
  g_autoptr (GError) error = NULL;
  int moved = 0, x;

  g_test_summary ("What is written here arrives; a signal of the object is one of the proxy; a call can be awaited.");

  g_signal_connect (p, "moved", G_CALLBACK (moved_cb), &moved);
  g_object_set (p, "x", 11, "y", 12, NULL);
  assert_point (p, 11, 12, 0);
  state = object_work_run (work, mpel_event_new_method (G_OBJECT (p), NULL, NULL, NULL));
  g_assert_true (g_variant_lookup (mpel_event_get_results (state), "x", "i", &x));
  g_assert_cmpint (x, ==, 11);
  g_assert_cmpint (moved, ==, 0);
  mpel_proxy_call_async (MPEL_PROXY (p), "move", g_variant_new ("(iii)", 3, 4, 5), NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  results = mpel_proxy_call_finish (MPEL_PROXY (p), result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (moved, ==, 304);
  assert_point (p, 3, 4, 5);
}

static void
test_runtime (ObjectWork *work, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MpelProxy) p = NULL;
  g_autoptr (GError) error = NULL;
  int x = 0;

  g_test_summary ("Without a declaration the proxy has what the class has.");

  mpel_proxy_new_async (work->loop, "TestPoint", g_variant_new_parsed ("{'x': <21>}"), NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  p = mpel_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  g_object_get (p, "x", &x, NULL);
  g_assert_cmpint (x, ==, 21);
  g_object_set (p, "y", 22, NULL);
  call (p, "move_often", g_variant_new ("(i)", 1000));
  mpel_test_wait (work->loop);
  g_object_get (p, "x", &x, NULL);
  g_assert_cmpint (x, ==, 1000);
}

static void
test_returned (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpPoint) p = mp_point_new (work->loop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MpelProxy) neighbour = NULL;
  g_autoptr (GError) error = NULL;
  int x;

  g_test_summary ("An object that a method returns is a proxy, and lives as long as that.");

  mpel_proxy_call_object_async (MPEL_PROXY (p), "neighbour", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  neighbour = mpel_proxy_call_object_finish (MPEL_PROXY (p), result, &error);
  g_clear_object (&result);
  g_assert_no_error (error);
  g_assert_cmpstr (mpel_proxy_get_remote_class (neighbour), ==, "TestPoint");
  call (neighbour, "move", g_variant_new ("(iii)", 50, 51, 52));
  mpel_test_wait (work->loop);
  g_object_get (neighbour, "x", &x, NULL);
  g_assert_cmpint (x, ==, 50);
  assert_point (p, 0, 0, 0);
  object_work_assert_instances (work, 2);
  g_assert_finalize_object (g_steal_pointer (&neighbour));
  object_work_assert_instances (work, 1);
}

static void
test_variable (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpPoint) p = mp_point_new (work->loop);
  MpelEvent *save = mpel_event_new ("named", NULL, NULL);
  const int  handle = mpel_event_add_object (save, G_OBJECT (p));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MpelProxy) same = NULL;
  g_autoptr (GError) error = NULL;
  int x;

  g_test_summary ("A proxy of a variable stands for the object that was saved.");

  mpel_event_set_kwargs (save, g_variant_new_parsed ("{'point': <%h>}", handle));
  mpel_event_set_save_variables (save, TRUE);
  object_work_assert_runs (work, save, "{'point': <handle 0>}");
  mpel_proxy_new_for_variable_async (work->loop, "point", NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  same = mpel_proxy_new_for_variable_finish (result, &error);
  g_assert_no_error (error);
  call (p, "move", g_variant_new ("(iii)", 61, 62, 63));
  mpel_test_wait (work->loop);
  g_object_get (same, "x", &x, NULL);
  g_assert_cmpint (x, ==, 61);
  object_work_assert_runs (work, mpel_event_new_var ("point", "get_z", NULL, NULL), "63");
  save = mpel_event_new ("named", NULL, g_variant_new_parsed ("{'point': <0>}"));
  mpel_event_set_save_variables (save, TRUE);
  object_work_assert_runs (work, save, "{'point': <0>}");
}

static void
test_lost (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpPoint) p = mp_point_new (work->loop);
  g_autoptr (MpPoint) other = NULL;

  g_test_summary ("A proxy of a lost object keeps its last picture, and another one can be made.");

  call (p, "move", g_variant_new ("(iii)", 1, 2, 3));
  mpel_test_wait (work->loop);
  call (p, "die", NULL);
  mpel_test_wait (work->loop);
  while (mpel_proxy_get_state (MPEL_PROXY (p)) != MPEL_PROXY_STATE_LOST)
    g_main_context_iteration (NULL, TRUE);
  assert_point (p, 1, 2, 3);
  other = mp_point_new (work->loop);
  call (other, "move", g_variant_new ("(iii)", 4, 5, 6));
  mpel_test_wait (work->loop);
  assert_point (other, 4, 5, 6);
}

static void
test_beside_cached (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpPoint) p = mp_point_new (work->loop);
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  MpelEvent *event = mpel_event_new ("print", NULL, NULL);
  const int  handle_a = mpel_event_add_object (event, G_OBJECT (a));
  const int  handle_p = mpel_event_add_object (event, G_OBJECT (p));

  g_test_summary ("One event mentions objects that are cached and others that are proxies.");

  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  mpel_event_set_args (event, g_variant_new ("(hh)", handle_a, handle_p));
  mpel_event_set_cache (event, TRUE);
  object_work_assert_runs (work, event, "'ABC(a=1, b=2, c=3) <TestPoint>'");
  object_work_assert_instances (work, 2);
}

static void
add_tests (void)
{
  OBJECT_WORK_ADD ("/flow/proxy-story/seed", test_seed);
  OBJECT_WORK_ADD ("/flow/proxy-story/both-ways", test_both_ways);
  OBJECT_WORK_ADD ("/flow/proxy-story/runtime", test_runtime);
  OBJECT_WORK_ADD ("/flow/proxy-story/returned", test_returned);
  OBJECT_WORK_ADD ("/flow/proxy-story/variable", test_variable);
  OBJECT_WORK_ADD ("/flow/proxy-story/lost", test_lost);
  OBJECT_WORK_ADD ("/flow/proxy-story/beside-cached", test_beside_cached);
}

int
main (int argc, char **argv)
{
  return object_work_main (argc, argv, add_tests);
}
