/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of an object, collected here and built again there. */

#include "config.h"
#include "state-object.h"

#include "mpel-loop-error.h"
#include "mpel-value-private.h"

#include <gio/gio.h>
#include <math.h>

static void
assert_refused (const char *text, const char *pattern)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_value_construct (TEST_TYPE_STATE, state, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
}

static void
test_defaults (void)
{
  TestState       *object = g_object_new (TEST_TYPE_STATE, NULL);
  g_autofree char *text = test_state_collect (object);

  g_test_summary ("An object as it was made has no state to speak of.");

  g_assert_cmpstr (text, ==, "");
  g_assert_finalize_object (object);
}

static void
test_round_trip (void)
{
  static const char *const tags[] = { "a", "", NULL };
  static const char        expected[] = "number=42 title=@ms 'a\\nb' bus=2 tags=@mas ['a', ''] origin=@ms 'here'";
  TestState               *object = g_object_new (TEST_TYPE_STATE, "number", 42, "title", "a\nb", "bus", G_BUS_TYPE_SESSION, "tags", tags, "origin", "here", "secret", "unreadable", "base-number", 7, NULL);
  g_autofree char         *text = test_state_collect (object);
  g_autofree char         *again = NULL;
  g_autoptr (GVariant) state = mpel_value_collect_properties (G_OBJECT (object), TEST_TYPE_BASE, NULL);
  GObject *copy = mpel_value_construct (TEST_TYPE_STATE, state, NULL);

  g_test_summary ("What differs from its default, and can be read and written, makes an equal object.");

  g_assert_cmpstr (text, ==, expected);
  again = test_state_collect (copy);
  g_assert_cmpstr (again, ==, expected);
  g_assert_finalize_object (copy);
  g_assert_finalize_object (object);
}

static void
test_object_property (void)
{
  g_autoptr (GObject) friend = g_object_new (G_TYPE_OBJECT, NULL);
  TestState *object = g_object_new (TEST_TYPE_STATE, "friend", friend, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object cannot travel in a property, and the error says which.");

  g_assert_null (mpel_value_collect_properties (G_OBJECT (object), TEST_TYPE_BASE, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple ("Property “friend” of TestState: *GObject*", error->message));
  g_assert_finalize_object (object);
}

static void
test_construct_any (void)
{
  GObject         *object = test_state_construct ("{'secret': <@ms 'kept'>, 'base-number': <9>}");
  g_autofree char *text = test_state_collect (object);
  int              number;

  g_test_summary ("What is only written, or belongs to the base, may be given too.");

  g_assert_cmpstr (text, ==, "");
  g_assert_cmpstr (g_value_get_string (test_state_peek (object, "secret")), ==, "kept");
  g_object_get (object, "base-number", &number, NULL);
  g_assert_cmpint (number, ==, 9);
  g_assert_finalize_object (object);
}

static void
test_construct_refused (void)
{
  g_test_summary ("Unknown properties, those that cannot be written, and wrong types are refused by name.");

  assert_refused ("{'no-such': <1>}", "TestState has no writable property “no-such”");
  assert_refused ("{'length': <1>}", "TestState has no writable property “length”");
  assert_refused ("{'': <1>}", "*no writable property*");
  assert_refused ("{'number': <'1'>}", "Property “number” of TestState: *gint*");
  assert_refused ("{'number': <int64 1>}", "Property “number” *");
  assert_refused ("{'friend': <1>}", "Property “friend” *");
  assert_refused ("{'number': <1>, 'title': <1>}", "Property “title” *");
}

static void
test_construct_out_of_range (void)
{
  g_test_summary ("A number beyond the range of its property is refused: nobody here made it up.");

  assert_refused ("{'number': <101>}", "Property “number” *");
  assert_refused ("{'number': <-1>}", "Property “number” *");
  assert_refused ("{'bus': <999>}", "Property “bus” *");
}

static void
test_construct_twice (void)
{
  g_test_summary ("Two values for one property are one too many.");

  assert_refused ("{'origin': <@ms 'a'>, 'origin': <@ms 'b'>}", "*“origin”*");
}

static void
test_odd_numbers (void)
{
  static const struct
  {
    double      ratio;
    const char *state;
  } rows[] = { { -0.0, "ratio=-0.0" }, { NAN, "ratio=nan" }, { INFINITY, "ratio=inf" }, { 0, "" } };

  g_test_summary ("A zero of the other sign, and what is no number, differ from the default.");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TestState       *object = g_object_new (TEST_TYPE_STATE, "ratio", rows[i].ratio, NULL);
      g_autofree char *text = test_state_collect (object);
      g_autoptr (GVariant) state = mpel_value_collect_properties (G_OBJECT (object), TEST_TYPE_BASE, NULL);
      GObject         *copy = mpel_value_construct (TEST_TYPE_STATE, state, NULL);
      g_autofree char *again = test_state_collect (copy);

      g_assert_cmpstr (text, ==, rows[i].state);
      g_assert_cmpstr (again, ==, rows[i].state);
      g_assert_finalize_object (copy);
      g_assert_finalize_object (object);
    }
}

static void
test_types (void)
{
  TestState       *object = g_object_new (TEST_TYPE_STATE, "kind", G_TYPE_CANCELLABLE, NULL);
  g_autofree char *text = test_state_collect (object);
  g_autofree char *unset = NULL;

  g_test_summary ("A type that is none is how objects are born; types outside of the range are refused.");

  g_assert_cmpstr (text, ==, "kind='GCancellable'");
  g_value_set_gtype (test_state_peek (object, "kind"), G_TYPE_INVALID);
  unset = test_state_collect (object);
  g_assert_cmpstr (unset, ==, "");
  assert_refused ("{'kind': <'gint'>}", "Property “kind” of TestState: *range*");
  assert_refused ("{'kind': <''>}", "Property “kind” of TestState: *range*");
  g_assert_finalize_object (object);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/properties/defaults", test_defaults);
  g_test_add_func ("/unit/properties/round-trip", test_round_trip);
  g_test_add_func ("/unit/properties/object-property", test_object_property);
  g_test_add_func ("/unit/properties/construct-any", test_construct_any);
  g_test_add_func ("/unit/properties/construct-refused", test_construct_refused);
  g_test_add_func ("/unit/properties/construct-out-of-range", test_construct_out_of_range);
  g_test_add_func ("/unit/properties/construct-twice", test_construct_twice);
  g_test_add_func ("/unit/properties/odd-numbers", test_odd_numbers);
  g_test_add_func ("/unit/properties/types", test_types);
  return g_test_run ();
}
