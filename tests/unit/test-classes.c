/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Classes by their names, and their methods. */

#include "config.h"
#include "dots.h"
#include "mpel-classes-private.h"
#include "mpel-frame-private.h"
#include "mpel-loop-error.h"

/* Returns what it was given. */
static GVariant *
tell (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_string (user_data);
}

static void
add (MpelClasses *classes, GType type, const char *name, const char *result)
{
  mpel_classes_add_method (classes, type, name, tell, NULL, g_strdup (result), g_free);
}

static char *
call (MpelClasses *classes, gpointer object, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) result = mpel_classes_call_getter (classes, object, name, &error);

  g_assert_true ((result == NULL) == (error != NULL));
  return result != NULL ? g_variant_dup_string (result, NULL) : g_strdup_printf ("%d: %s", error->code, error->message);
}

static void
assert_call (MpelClasses *classes, gpointer object, const char *name, const char *expected)
{
  g_autofree char *result = call (classes, object, name);

  g_assert_cmpstr (result, ==, expected);
}

static void
assert_refused (MpelClasses *classes, const char *name, const char *pattern)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (mpel_classes_find (classes, name, &error), ==, G_TYPE_INVALID);
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
}

static void
test_names (void)
{
  g_autoptr (MpelClasses) classes = mpel_classes_new ();

  g_test_summary ("A class goes by the name it was given, or that of its type.");

  mpel_classes_add (classes, DOTS_TYPE_DOT, "Dot");
  mpel_classes_add (classes, DOTS_TYPE_DISC, NULL);
  g_assert_cmpuint (mpel_classes_find (classes, "Dot", NULL), ==, DOTS_TYPE_DOT);
  g_assert_cmpuint (mpel_classes_find (classes, "DotsDot", NULL), ==, DOTS_TYPE_DOT);
  g_assert_cmpuint (mpel_classes_find (classes, "DotsDisc", NULL), ==, DOTS_TYPE_DISC);
  g_assert_cmpstr (mpel_classes_get_name (classes, DOTS_TYPE_DOT), ==, "Dot");
  g_assert_cmpstr (mpel_classes_get_name (classes, DOTS_TYPE_DISC), ==, "DotsDisc");

  mpel_classes_add (classes, DOTS_TYPE_DISC, "Dot");
  g_assert_cmpuint (mpel_classes_find (classes, "Dot", NULL), ==, DOTS_TYPE_DISC);
  g_assert_cmpstr (mpel_classes_get_name (classes, DOTS_TYPE_DISC), ==, "Dot");
  g_assert_cmpstr (mpel_classes_get_name (classes, DOTS_TYPE_DOT), ==, "DotsDot");

  mpel_classes_add (classes, DOTS_TYPE_DISC, "Disc");
  g_assert_cmpuint (mpel_classes_find (classes, "Dot", NULL), ==, DOTS_TYPE_DISC);
  g_assert_cmpstr (mpel_classes_get_name (classes, DOTS_TYPE_DISC), ==, "Disc");
}

static void
test_refused (void)
{
  g_autoptr (MpelClasses) classes = mpel_classes_new ();

  g_test_summary ("Of what is unknown, abstract, or no class of objects, no objects are made.");

  g_type_ensure (DOTS_TYPE_MARKED);
  g_type_ensure (G_TYPE_STRV);
  mpel_classes_add (classes, DOTS_TYPE_ABSTRACT, "Abstract");
  assert_refused (classes, "NoSuchClass", "The worker has no class “NoSuchClass”");
  assert_refused (classes, "", "The worker has no class “”");
  assert_refused (classes, "Abstract", "“Abstract” is no class of which objects can be made");
  assert_refused (classes, "DotsAbstract", "“DotsAbstract” is *");
  assert_refused (classes, "DotsMarked", "“DotsMarked” is *");
  assert_refused (classes, "gint", "“gint” is *");
  assert_refused (classes, "GStrv", "“GStrv” is *");
}

static void
test_inheritance (void)
{
  g_autoptr (MpelClasses) classes = mpel_classes_new ();
  DotsDot  *dot = dots_dot_new (0, 0);
  DotsDisc *disc = g_object_new (DOTS_TYPE_DISC, NULL);

  g_test_summary ("The nearest class has the method, and interfaces come last; what is added later counts.");

  add (classes, G_TYPE_OBJECT, "a", "object");
  assert_call (classes, disc, "a", "object");
  assert_call (classes, dot, "a", "object");
  add (classes, DOTS_TYPE_MARKED, "a", "marked");
  assert_call (classes, disc, "a", "object");
  add (classes, DOTS_TYPE_MARKED, "b", "marked");
  assert_call (classes, disc, "b", "marked");
  assert_call (classes, dot, "b", "1: Getter “b” of DotsDot: The class “DotsDot” has no method “b”");
  add (classes, DOTS_TYPE_DOT, "a", "dot");
  assert_call (classes, disc, "a", "dot");
  add (classes, DOTS_TYPE_DISC, "a", "disc");
  assert_call (classes, disc, "a", "disc");
  assert_call (classes, dot, "a", "dot");
  add (classes, DOTS_TYPE_DISC, "a", "new");
  assert_call (classes, disc, "a", "new");
  g_assert_finalize_object (disc);
  g_assert_finalize_object (dot);
}

typedef struct
{
  MpelClasses *classes; /* (unowned) */
  int          n_freed;
} Replacing;

static void
replaced_cb (gpointer user_data)
{
  ((Replacing *) user_data)->n_freed++;
}

static GVariant *
replace (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  Replacing *replacing = user_data;

  add (replacing->classes, DOTS_TYPE_DOT, "a", "second");
  g_assert_cmpint (replacing->n_freed, ==, 0);
  return g_variant_new_string ("first");
}

static void
test_replaced (void)
{
  g_autoptr (MpelClasses) classes = mpel_classes_new ();
  Replacing replacing = { classes, 0 };
  DotsDot  *dot = dots_dot_new (0, 0);

  g_test_summary ("A method may replace itself while it runs.");

  mpel_classes_add_method (classes, DOTS_TYPE_DOT, "a", replace, NULL, &replacing, replaced_cb);
  assert_call (classes, dot, "a", "first");
  g_assert_cmpint (replacing.n_freed, ==, 1);
  assert_call (classes, dot, "a", "second");
  g_assert_finalize_object (dot);
}

static GVariant *
return_nothing (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return NULL;
}

static void
answer_at_once (MpelInvocation *invocation, gpointer user_data)
{
  mpel_invocation_return_value (invocation, g_variant_new_string ("at once"));
}

static void
keep (MpelInvocation *invocation, gpointer user_data)
{
  g_set_object ((MpelInvocation **) user_data, invocation);
}

static void
test_getters (void)
{
  g_autoptr (MpelClasses) classes = mpel_classes_new ();
  g_autoptr (MpelInvocation) kept = NULL;
  DotsDot *dot = dots_dot_new (0, 0);

  g_test_summary ("A getter answers at once, whatever kind of method it is; who answers late answers nobody.");

  mpel_classes_add_method (classes, DOTS_TYPE_DOT, "handler", NULL, answer_at_once, NULL, NULL);
  mpel_classes_add_method (classes, DOTS_TYPE_DOT, "later", NULL, keep, &kept, NULL);
  mpel_classes_add_method (classes, DOTS_TYPE_DOT, "nothing", return_nothing, NULL, NULL, NULL);
  assert_call (classes, dot, "handler", "at once");
  assert_call (classes, dot, "later", "3: Getter “later” of DotsDot: It does not answer at once");
  assert_call (classes, dot, "nothing", "3: Getter “nothing” of DotsDot: “nothing” returned neither results nor an error");
  g_assert_nonnull (kept);
  mpel_invocation_return_value (kept, g_variant_new_string ("late"));
  g_assert_finalize_object (dot);
}

static void
assert_critical_method (MpelWorker *worker, GType type, const char *name)
{
  g_test_expect_message ("Mpel", G_LOG_LEVEL_CRITICAL, "*assertion*failed*");
  mpel_worker_add_method (worker, type, name, tell, NULL, NULL);
  g_test_assert_expected_messages ();
  g_test_expect_message ("Mpel", G_LOG_LEVEL_CRITICAL, "*assertion*failed*");
  mpel_worker_add_method_handler (worker, type, name, answer_at_once, NULL, NULL);
  g_test_assert_expected_messages ();
}

static void
test_method_names (void)
{
  MpelWorker *worker = g_object_new (MPEL_TYPE_WORKER, NULL);

  g_test_summary ("No method takes the name of what is built in, and only objects have any.");

  assert_critical_method (worker, DOTS_TYPE_DOT, "mpel:state");
  assert_critical_method (worker, DOTS_TYPE_DOT, "mpel:");
  assert_critical_method (worker, DOTS_TYPE_DOT, "");
  assert_critical_method (worker, G_TYPE_STRV, "a");
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "mpel", tell, NULL, NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_MARKED, "a", tell, NULL, NULL);
  g_assert_finalize_object (worker);
}

static void
test_describe (void)
{
  static const char expected[] = "([('x', 'i', 'gint', 3, <0>), ('y', 'i', 'gint', 3, <0>),"
                                 " ('label', 'ms', 'gchararray', 3, <@ms nothing>), ('bus', 'i', 'GBusType', 3, <0>),"
                                 " ('sum', 'i', 'gint', 1, <0>), ('origin', 'ms', 'gchararray', 1, <@ms nothing>),"
                                 " ('secret', 'ms', 'gchararray', 2, <@ms nothing>), ('dots', '', 'GListModel', 1, nothing),"
                                 " ('radius', 'd', 'gdouble', 3, <1.0>)],"
                                 " [('moved', ['i', 'i']), ('marked', ['ms'])],"
                                 " ['a', 'b', 'c'])";
  g_autoptr (MpelClasses) classes = mpel_classes_new ();
  g_autoptr (GVariant) description = NULL;
  g_autofree char *printed = NULL;

  g_test_summary ("What can travel, inherited or not: objects cannot, but lists are named; and all methods.");

  add (classes, DOTS_TYPE_MARKED, "c", "");
  add (classes, DOTS_TYPE_DOT, "b", "");
  add (classes, DOTS_TYPE_DISC, "a", "");
  add (classes, DOTS_TYPE_DISC, "b", "");
  add (classes, DOTS_TYPE_ABSTRACT, "d", "");
  description = mpel_classes_describe (classes, DOTS_TYPE_DISC);
  g_assert_true (g_variant_is_of_type (description, MPEL_CLASS_VARIANT_TYPE));
  printed = g_variant_print (description, FALSE);
  g_assert_cmpstr (printed, ==, expected);
}

static void
test_describe_nothing (void)
{
  g_autoptr (MpelClasses) classes = mpel_classes_new ();
  g_autoptr (GVariant) description = mpel_classes_describe (classes, G_TYPE_OBJECT);
  g_autofree char *printed = g_variant_print (description, FALSE);

  g_test_summary ("Of the root of all classes there is nothing to say.");

  g_assert_cmpstr (printed, ==, "([], [], [])");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/classes/names", test_names);
  g_test_add_func ("/unit/classes/refused", test_refused);
  g_test_add_func ("/unit/classes/inheritance", test_inheritance);
  g_test_add_func ("/unit/classes/replaced", test_replaced);
  g_test_add_func ("/unit/classes/getters", test_getters);
  g_test_add_func ("/unit/classes/method-names", test_method_names);
  g_test_add_func ("/unit/classes/describe", test_describe);
  g_test_add_func ("/unit/classes/describe-nothing", test_describe_nothing);
  return g_test_run ();
}
