/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* All of the state of an object, and one that takes over the state of another. */

#include "config.h"
#include "state-object.h"

#include "mpel-loop-error.h"
#include "mpel-value-private.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* By their keys, since a dictionary is in any order. */
static void
assert_same_dictionary (GVariant *got, GVariant *wanted)
{
  g_autoptr (GVariantDict) dict = g_variant_dict_new (got);
  GVariantIter iter;
  const char  *key;
  GVariant    *child;

  g_assert_cmpuint (g_variant_n_children (got), ==, g_variant_n_children (wanted));
  g_variant_iter_init (&iter, wanted);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &child))
    {
      g_autoptr (GVariant) expected = child;
      g_autoptr (GVariant) value = g_variant_dict_lookup_value (dict, key, NULL);

      g_test_message ("%s", key);
      g_assert_nonnull (value);
      g_assert_cmpvariant (value, expected);
    }
}

static void
test_all_state (void)
{
  static const char expected[] = "{'base-number': <7>, 'bus': <0>, 'kind': <'GObject'>, 'length': <0>, 'number': <5>, "
                                 "'origin': <@ms nothing>, 'ratio': <0.0>, 'tags': <@mas nothing>, 'title': <@ms 'a'>}";
  g_autoptr (GObject) friend = g_object_new (G_TYPE_OBJECT, NULL);
  TestState *object = g_object_new (TEST_TYPE_STATE, "title", "a", "base-number", 7, "friend", friend, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) state = mpel_value_collect_state (G_OBJECT (object), &error);
  g_autoptr (GVariant) wanted = g_variant_ref_sink (g_variant_new_parsed (expected));

  g_test_summary ("All of the state is what can be read, defaults included, but for what cannot travel.");

  g_assert_no_error (error);
  assert_same_dictionary (state, wanted);
  g_assert_finalize_object (object);
}

static void
test_all_state_refused (void)
{
  TestState *object = g_object_new (TEST_TYPE_STATE, "title", "caf\xe9", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A value that cannot travel is told by the name of its property.");

  g_assert_null (mpel_value_collect_state (G_OBJECT (object), &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple ("Property “title” of TestState: *UTF-8", error->message));
  g_assert_finalize_object (object);
}

static void
note_name_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  g_ptr_array_add (user_data, (gpointer) pspec->name);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full): the properties that were said to have changed, by their names */
static char *
apply (gpointer object, const char *text)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gulong id = g_signal_connect (object, "notify", G_CALLBACK (note_name_cb), names);

  g_assert_true (mpel_value_apply_state (object, state, &error));
  g_assert_no_error (error);
  g_signal_handler_disconnect (object, id);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

static void
test_apply (void)
{
  TestState       *object = g_object_new (TEST_TYPE_STATE, "number", 42, "origin", "here", NULL);
  g_autofree char *changed = apply (object, "{'number': <42>, 'title': <@ms 'new'>, 'bus': <2>, 'tags': <@mas nothing>}");
  g_autofree char *text = test_state_collect (object);

  g_test_summary ("An object takes over a state, and tells of what changes only.");

  g_assert_cmpstr (changed, ==, "bus title");
  g_assert_cmpstr (text, ==, "number=42 title=@ms 'new' bus=2 origin=@ms 'here'");
  g_assert_finalize_object (object);
}

static void
test_apply_own_state (void)
{
  TestState *object = g_object_new (TEST_TYPE_STATE, "number", 42, "origin", "here", "ratio", NAN, "title", "", NULL);
  TestState *other = g_object_new (TEST_TYPE_STATE, "origin", "there", NULL);
  g_autoptr (GVariant) state = mpel_value_collect_state (G_OBJECT (object), NULL);
  g_autofree char *printed = g_variant_print (state, TRUE);
  g_autofree char *none = apply (object, printed);
  g_autofree char *some = apply (other, printed);
  g_autofree char *text = test_state_collect (other);

  g_test_summary ("An object's own state changes nothing of it, and all that can be set of another.");

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (text, ==, "number=42 title=@ms '' origin=@ms 'there' ratio=nan");
  g_assert_nonnull (strstr (some, "number"));
  g_assert_null (strstr (some, "tags"));
  g_assert_finalize_object (object);
  g_assert_finalize_object (other);
}

static void
test_apply_passes_over (void)
{
  TestState       *object = g_object_new (TEST_TYPE_STATE, "origin", "here", NULL);
  g_autofree char *changed = apply (object, "{'origin': <@ms 'there'>, 'length': <5>, 'of-a-newer-class': <1>, 'number': <6>}");
  g_autofree char *text = test_state_collect (object);

  g_test_summary ("What cannot be set any more, or is unknown here, is passed over.");

  g_assert_cmpstr (changed, ==, "number");
  g_assert_cmpstr (text, ==, "number=6 origin=@ms 'here'");
  g_assert_finalize_object (object);
}

static void
assert_apply_refused (const char *text, const char *pattern)
{
  TestState *object = g_object_new (TEST_TYPE_STATE, NULL);
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;
  g_autofree char *left = NULL;

  g_assert_false (mpel_value_apply_state (G_OBJECT (object), state, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
  left = test_state_collect (object);
  g_assert_cmpstr (left, ==, "");
  g_assert_finalize_object (object);
}

static void
test_apply_refused (void)
{
  g_test_summary ("One value that is wrong, and nothing is set.");

  assert_apply_refused ("{'title': <@ms 'new'>, 'number': <101>}", "Property “number” of TestState: *range*");
  assert_apply_refused ("{'title': <@ms 'new'>, 'number': <'6'>}", "Property “number” *");
  assert_apply_refused ("{'title': <@ms 'new'>, 'bus': <999>}", "Property “bus” *");
  assert_apply_refused ("{'title': <@ms 'new'>, 'kind': <'NoSuchType'>}", "Property “kind” *");
  assert_apply_refused ("{'number': <6>, 'number': <7>}", "*“number” is given twice");
  assert_apply_refused ("{'title': <@ms 'new'>, 'friend': <1>}", "Property “friend” *");
}

static void
assert_not_set (GObject *object, const char *name, const char *value, const char *pattern)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_parsed (value));
  g_autoptr (GError) error = NULL;

  g_assert_false (mpel_value_set_property (object, name, variant, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
}

static void
test_set (void)
{
  GObject         *object = test_state_construct ("{'number': <7>}");
  g_autofree char *text = NULL;
  g_autoptr (GVariant) number = g_variant_ref_sink (g_variant_new_int32 (8));
  g_autoptr (GError) error = NULL;

  g_test_summary ("A property is set when all is right, and left alone when anything is not.");

  g_assert_true (mpel_value_set_property (object, "number", number, &error));
  g_assert_no_error (error);
  assert_not_set (object, "number", "101", "Property “number” of TestState: *");
  assert_not_set (object, "number", "'9'", "Property “number” of TestState: *");
  assert_not_set (object, "no-such", "9", "TestState has no writable property “no-such”");
  assert_not_set (object, "length", "9", "TestState has no writable property “length”");
  assert_not_set (object, "origin", "@ms 'late'", "TestState has no writable property “origin”");
  text = test_state_collect (object);
  g_assert_cmpstr (text, ==, "number=8");
  g_assert_finalize_object (object);
}

static void
test_get (void)
{
  GObject *object = test_state_construct ("{'secret': <@ms 'kept'>}");
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot be read, or cannot travel, is refused by name.");

  g_assert_null (mpel_value_get_property (object, "secret", &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_cmpstr (error->message, ==, "TestState has no readable property “secret”");
  g_clear_error (&error);
  g_assert_null (mpel_value_get_property (object, "friend", &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple ("Property “friend” of TestState: *", error->message));
  g_assert_finalize_object (object);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/state/all-state", test_all_state);
  g_test_add_func ("/unit/state/all-state-refused", test_all_state_refused);
  g_test_add_func ("/unit/state/apply", test_apply);
  g_test_add_func ("/unit/state/apply-own-state", test_apply_own_state);
  g_test_add_func ("/unit/state/apply-passes-over", test_apply_passes_over);
  g_test_add_func ("/unit/state/apply-refused", test_apply_refused);
  g_test_add_func ("/unit/state/set", test_set);
  g_test_add_func ("/unit/state/get", test_get);
  return g_test_run ();
}
