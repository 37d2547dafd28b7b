/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Named variables: objects and values. */

#include "config.h"
#include "dots.h"
#include "mpel-loop-error.h"
#include "mpel-variables-private.h"

static char *
describe (MpelVariables *variables, const char *name)
{
  GObject  *object;
  GVariant *value;
  gboolean  found = mpel_variables_find (variables, name, &object, &value);

  g_assert_cmpint (found, ==, object != NULL || value != NULL);
  g_assert_true (object == NULL || value == NULL);
  if (object != NULL)
    return g_strdup (G_OBJECT_TYPE_NAME (object));
  return value != NULL ? g_variant_print (value, FALSE) : NULL;
}

static void
assert_variable (MpelVariables *variables, const char *name, const char *expected)
{
  g_autofree char *described = describe (variables, name);

  g_assert_cmpstr (described, ==, expected);
}

static void
test_set (void)
{
  g_autoptr (MpelVariables) variables = mpel_variables_new ();
  DotsDot *dot = dots_dot_new (0, 0);

  g_test_summary ("A variable is an object, or a value, or not there.");

  assert_variable (variables, "a", NULL);
  mpel_variables_set (variables, "a", G_OBJECT (dot), NULL);
  g_object_unref (dot);
  assert_variable (variables, "a", "DotsDot");
  g_assert_cmpint (dots_count (), ==, 1);
  mpel_variables_set (variables, "a", G_OBJECT (dot), NULL);
  assert_variable (variables, "a", "DotsDot");
  mpel_variables_set (variables, "a", NULL, g_variant_new_int32 (1));
  g_assert_cmpint (dots_count (), ==, 0);
  assert_variable (variables, "a", "1");
  mpel_variables_set (variables, "b", NULL, g_variant_new_int32 (2));
  mpel_variables_set (variables, "a", NULL, NULL);
  assert_variable (variables, "a", NULL);
  assert_variable (variables, "b", "2");
  mpel_variables_clear (variables);
  assert_variable (variables, "b", NULL);
}

static gboolean
save (MpelVariables *variables, const char *dict, GPtrArray *objects, GError **error)
{
  g_autoptr (GVariant) parsed = g_variant_ref_sink (g_variant_new_parsed (dict));

  return mpel_variables_save (variables, parsed, objects, error);
}

static void
test_save (void)
{
  g_autoptr (MpelVariables) variables = mpel_variables_new ();
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Handles stand for the objects that were mentioned.");

  g_ptr_array_add (objects, g_object_new (DOTS_TYPE_DISC, NULL));
  g_ptr_array_add (objects, dots_dot_new (0, 0));
  g_assert_true (save (variables, "{'a': <1>, 'b': <@h 1>, 'c': <@h 0>, 'd': <'h'>}", objects, &error));
  g_assert_no_error (error);
  g_assert_true (save (variables, "@a{sv} {}", NULL, &error));
  g_assert_no_error (error);
  assert_variable (variables, "a", "1");
  assert_variable (variables, "b", "DotsDot");
  assert_variable (variables, "c", "DotsDisc");
  assert_variable (variables, "d", "'h'");
}

static void
assert_not_saved (const char *dict, GPtrArray *objects, const char *pattern)
{
  g_autoptr (MpelVariables) variables = mpel_variables_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (save (variables, dict, objects, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
  assert_variable (variables, "a", NULL);
}

static void
test_not_saved (void)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Either all are kept or none.");

  g_ptr_array_add (objects, dots_dot_new (0, 0));
  assert_not_saved ("1", objects, "*not “i”");
  assert_not_saved ("{'a': 1}", objects, "*not “a{si}”");
  assert_not_saved ("{'a': <1>, 'b': <@h 1>}", objects, "The variable “b” *");
  assert_not_saved ("{'a': <1>, 'b': <@h -1>}", objects, "The variable “b” *");
  assert_not_saved ("{'a': <1>, 'b': <@h 0>}", NULL, "The variable “b” *");
  assert_not_saved ("{'a': <1>, 'b': <(1, @h 0)>}", objects, "The variable “b” *");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/variables/set", test_set);
  g_test_add_func ("/unit/variables/save", test_save);
  g_test_add_func ("/unit/variables/not-saved", test_not_saved);
  return g_test_run ();
}
