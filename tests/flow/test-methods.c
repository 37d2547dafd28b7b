/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Methods of objects in the worker: whose they are, and how they answer. */

#include "config.h"
#include "object-work.h"

static TestSquare *
square_new (int sides, int width)
{
  return g_object_new (TEST_TYPE_SQUARE, "sides", sides, "width", width, NULL);
}

static void
test_inherited (ObjectWork *work, gconstpointer cache)
{
  const gboolean is_cached = cache != NULL;
  g_autoptr (TestSquare) square = square_new (4, 5);
  g_autoptr (TestShape) shape = g_object_new (TEST_TYPE_SHAPE, "sides", 3, NULL);

  g_test_summary ("A class has the methods of its parents and interfaces, and its own before these.");

  object_work_assert_runs (work, object_work_method (square, "get_name", NULL, is_cached), "'square'");
  object_work_assert_runs (work, object_work_method (shape, "get_name", NULL, is_cached), "'shape'");
  object_work_assert_runs (work, object_work_method (square, "get_sides", NULL, is_cached), "4");
  object_work_assert_runs (work, object_work_method (square, "get_area", NULL, is_cached), "25");
  object_work_assert_runs (work, object_work_method (square, "word", NULL, is_cached), "'ho'");
  object_work_assert_runs (work, object_work_method (shape, "word", NULL, is_cached), "'ho'");
  object_work_assert_runs (work, object_work_method (square, "get_name", NULL, is_cached), "'square'");
}

static void
assert_no_method (ObjectWork *work, gpointer object, const char *method, gboolean is_cached)
{
  g_autofree char *pattern = g_strdup_printf ("*%s*%s*", G_OBJECT_TYPE_NAME (object), method);

  object_work_assert_fails (work,
                            object_work_method (object, method, NULL, is_cached),
                            MPEL_LOOP_ERROR,
                            MPEL_LOOP_ERROR_NO_SUCH_TARGET,
                            pattern);
}

static void
test_missing (ObjectWork *work, gconstpointer cache)
{
  const gboolean is_cached = cache != NULL;
  g_autoptr (TestSquare) square = square_new (4, 5);
  g_autoptr (TestShape) shape = g_object_new (TEST_TYPE_SHAPE, "sides", 3, NULL);

  g_test_summary ("A missing method is named with the class, also if others have it, or a function is called so.");

  assert_no_method (work, square, "nothing", is_cached);
  assert_no_method (work, shape, "get_area", is_cached);
  assert_no_method (work, square, "calc_c", is_cached);
  assert_no_method (work, square, "instances", is_cached);
  object_work_assert_fails (work, mpel_event_new ("get_area", NULL, NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "*get_area*");
}

static void
test_arguments (ObjectWork *work, gconstpointer cache)
{
  const gboolean is_cached = cache != NULL;
  g_autoptr (TestPoint) point = test_point_new (1, 2);

  g_test_summary ("A method gets its arguments, and may refuse them.");

  object_work_assert_runs (work, object_work_method (point, "set_z", g_variant_new ("(i)", 3), is_cached), "()");
  object_work_assert_runs (work, object_work_method (point, "get_z", NULL, is_cached), is_cached ? "3" : "0");
  object_work_assert_fails (work,
                            object_work_method (point, "set_z", g_variant_new ("(s)", "three"), is_cached),
                            MPEL_LOOP_ERROR,
                            MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                            "*(i)*");
  object_work_assert_runs (work, object_work_method (point, "get_z", NULL, is_cached), is_cached ? "3" : "0");
}

static void
test_later (ObjectWork *work, gconstpointer cache)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("A handler answers later for its object, which others use meanwhile.");

  object_work_add (work, object_work_method (a, "calc_later", NULL, TRUE));
  object_work_add (work, object_work_method (a, "repr", NULL, TRUE));
  mpel_test_wait (work->loop);
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=2, c=3)'");
}

static void
test_later_released (ObjectWork *work, gconstpointer cache)
{
  TestAbc *a = test_abc_new (1, 2, 0);

  g_test_summary ("A handler's object stays until it has answered, whatever the host does.");

  object_work_add (work, object_work_method (a, "calc_later", NULL, TRUE));
  g_assert_true (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  g_object_unref (a);
  mpel_test_wait (work->loop);
  object_work_assert_log (work, "'later'");
}

static void
test_order (ObjectWork *work, gconstpointer cache)
{
  g_autoptr (TestPoint) point = test_point_new (0, 0);

  g_test_summary ("Methods run in the order in which they were called.");

  for (int i = 1; i <= 500; i++)
    {
      object_work_add (work, object_work_method (point, "set_z", g_variant_new ("(i)", i), TRUE));
      if (i % 100 == 0)
        object_work_add (work, object_work_method (point, "get_z", NULL, TRUE));
    }
  mpel_test_wait (work->loop);
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%u", i * 100);

      g_assert_cmpstr (work->log->pdata[i * 101 - 1], ==, expected);
    }
}

static void
test_cancelled (ObjectWork *work, gconstpointer cache)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) event = object_work_method (a, "wait", NULL, TRUE);
  g_autoptr (MpelGate) gate = mpel_gate_new ();

  g_test_summary ("A method that waits can be cancelled; its object is as it was.");

  mpel_event_loop_set_cancel_grace (work->loop, 1);
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  mpel_event_set_args (event, mpel_gate_args (gate));
  mpel_test_add_event (work->loop, event);
  mpel_gate_wait (gate);
  mpel_event_cancel (event);
  mpel_test_wait (work->loop);
  mpel_test_assert_cancelled (event);
  /* By force: the worker went, and what it kept. */
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=2, c=0)'");
}

static void
test_state (ObjectWork *work, gconstpointer cache)
{
  const gboolean is_cached = cache != NULL;
  g_autoptr (TestPoint) point = test_point_new (1, 2);
  g_autoptr (TestVault) vault = g_object_new (TEST_TYPE_VAULT, "secret", "x", NULL);
  g_autoptr (MpelEvent) event = NULL;
  GVariant *state;
  int       number;

  g_test_summary ("Without a target the event brings back all that can be read of the object, and travel.");

  object_work_assert_runs (work, object_work_method (point, "move", g_variant_new ("(iii)", 3, 4, 5), is_cached), "()");
  event = object_work_run (work, object_work_method (point, NULL, NULL, is_cached));
  state = mpel_event_get_results (event);
  g_assert_true (g_variant_lookup (state, "x", "i", &number) && number == (is_cached ? 3 : 1));
  g_assert_true (g_variant_lookup (state, "y", "i", &number) && number == (is_cached ? 4 : 2));
  g_assert_cmpuint (g_variant_n_children (state), ==, 2);
  object_work_assert_runs (work, object_work_method (vault, NULL, NULL, is_cached), "{'n-told': <0>}");
}

static void
add_both (const char *path, void (*test) (ObjectWork *work, gconstpointer data))
{
  g_autofree char *copy = g_strdup_printf ("/flow/methods/%s/copy", path);
  g_autofree char *cached = g_strdup_printf ("/flow/methods/%s/cached", path);

  g_test_add (copy, ObjectWork, NULL, object_work_set_up, test, object_work_tear_down);
  g_test_add (cached, ObjectWork, "cached", object_work_set_up, test, object_work_tear_down);
}

static void
add_tests (void)
{
  add_both ("inherited", test_inherited);
  add_both ("missing", test_missing);
  add_both ("arguments", test_arguments);
  add_both ("state", test_state);
  OBJECT_WORK_ADD ("/flow/methods/later", test_later);
  OBJECT_WORK_ADD ("/flow/methods/later-released", test_later_released);
  OBJECT_WORK_ADD ("/flow/methods/order", test_order);
  OBJECT_WORK_ADD ("/flow/methods/cancelled", test_cancelled);
}

int
main (int argc, char **argv)
{
  return object_work_main (argc, argv, add_tests);
}
