/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of an object, collected here and built again there. */

#include "config.h"
#include "mpel-loop-error.h"
#include "mpel-value-private.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* What is declared here is not state: it is the base. */
#define TEST_TYPE_BASE (test_base_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestBase, test_base, TEST, BASE, GObject)

struct _TestBaseClass
{
  GObjectClass parent_class;
};

typedef struct
{
  int base_number;
} TestBasePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (TestBase, test_base, G_TYPE_OBJECT)

static void
test_base_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TestBasePrivate *priv = test_base_get_instance_private (TEST_BASE (object));

  g_value_set_int (value, priv->base_number);
}

static void
test_base_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TestBasePrivate *priv = test_base_get_instance_private (TEST_BASE (object));

  priv->base_number = g_value_get_int (value);
}

static void
test_base_class_init (TestBaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_base_get_property;
  object_class->set_property = test_base_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_int ("base-number", NULL, NULL, 0, 100, 0, G_PARAM_READWRITE));
}

static void
test_base_init (TestBase *self)
{
}

#define TEST_TYPE_STATE (test_state_get_type ())
G_DECLARE_FINAL_TYPE (TestState, test_state, TEST, STATE, TestBase)

typedef enum
{
  PROP_NUMBER = 1,
  PROP_TITLE,
  PROP_BUS,
  PROP_TAGS,
  PROP_ORIGIN,
  PROP_FRIEND,
  PROP_LENGTH,
  PROP_SECRET,
  PROP_RATIO,
  PROP_KIND,
} TestStateProperty;

static GParamSpec *props[PROP_KIND + 1];

struct _TestState
{
  TestBase parent_instance;

  GValue values[PROP_KIND + 1];
};

G_DEFINE_FINAL_TYPE (TestState, test_state, TEST_TYPE_BASE)

static void
test_state_finalize (GObject *object)
{
  TestState *self = TEST_STATE (object);

  for (guint i = 1; i < G_N_ELEMENTS (self->values); i++)
    g_value_unset (&self->values[i]);

  G_OBJECT_CLASS (test_state_parent_class)->finalize (object);
}

static void
test_state_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_copy (&TEST_STATE (object)->values[prop_id], value);
}

static void
test_state_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  g_value_copy (value, &TEST_STATE (object)->values[prop_id]);
}

static void
test_state_class_init (TestStateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = test_state_finalize;
  object_class->get_property = test_state_get_property;
  object_class->set_property = test_state_set_property;

  props[PROP_NUMBER] = g_param_spec_int ("number", NULL, NULL, 0, 100, 5, G_PARAM_READWRITE);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE);
  props[PROP_BUS] = g_param_spec_enum ("bus", NULL, NULL, G_TYPE_BUS_TYPE, G_BUS_TYPE_NONE, G_PARAM_READWRITE);
  props[PROP_TAGS] = g_param_spec_boxed ("tags", NULL, NULL, G_TYPE_STRV, G_PARAM_READWRITE);
  props[PROP_ORIGIN] = g_param_spec_string ("origin", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY);
  props[PROP_FRIEND] = g_param_spec_object ("friend", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE);
  props[PROP_LENGTH] = g_param_spec_int ("length", NULL, NULL, 0, 100, 0, G_PARAM_READABLE);
  props[PROP_SECRET] = g_param_spec_string ("secret", NULL, NULL, NULL, G_PARAM_WRITABLE);
  props[PROP_RATIO] = g_param_spec_double ("ratio", NULL, NULL, -INFINITY, INFINITY, 0, G_PARAM_READWRITE | G_PARAM_LAX_VALIDATION);
  props[PROP_KIND] = g_param_spec_gtype ("kind", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
test_state_init (TestState *self)
{
  for (guint i = 1; i < G_N_ELEMENTS (self->values); i++)
    {
      g_value_init (&self->values[i], props[i]->value_type);
      g_param_value_set_default (props[i], &self->values[i]);
    }
}

static char *
collect (gpointer object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) state = mpel_value_collect_properties (object, TEST_TYPE_BASE, &error);
  g_autoptr (GVariantDict) dict = NULL;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_true (g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));
  dict = g_variant_dict_new (state);
  for (guint i = 1; i < G_N_ELEMENTS (props); i++)
    {
      g_autoptr (GVariant) value = g_variant_dict_lookup_value (dict, props[i]->name, NULL);
      g_autofree char *printed = value != NULL ? g_variant_print (value, TRUE) : NULL;

      if (value == NULL)
        continue;
      g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", props[i]->name, printed);
      g_variant_dict_remove (dict, props[i]->name);
    }
  /* And nothing else. */
  {
    g_autoptr (GVariant) rest = g_variant_ref_sink (g_variant_dict_end (dict));

    g_assert_cmpuint (g_variant_n_children (rest), ==, 0);
  }
  return g_string_free (text, FALSE);
}

static GObject *
construct (const char *text)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;
  GObject *object = mpel_value_construct (TEST_TYPE_STATE, state, &error);

  g_assert_no_error (error);
  g_assert_true (TEST_IS_STATE (object));
  return object;
}

static void
assert_refused (const char *text, const char *pattern)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_value_construct (TEST_TYPE_STATE, state, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
}

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
test_defaults (void)
{
  TestState       *object = g_object_new (TEST_TYPE_STATE, NULL);
  g_autofree char *text = collect (object);

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
  g_autofree char         *text = collect (object);
  g_autofree char         *again = NULL;
  g_autoptr (GVariant) state = mpel_value_collect_properties (G_OBJECT (object), TEST_TYPE_BASE, NULL);
  GObject *copy = mpel_value_construct (TEST_TYPE_STATE, state, NULL);

  g_test_summary ("What differs from its default, and can be read and written, makes an equal object.");

  g_assert_cmpstr (text, ==, expected);
  again = collect (copy);
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
  GObject         *object = construct ("{'secret': <@ms 'kept'>, 'base-number': <9>}");
  g_autofree char *text = collect (object);
  int              number;

  g_test_summary ("What is only written, or belongs to the base, may be given too.");

  g_assert_cmpstr (text, ==, "");
  g_assert_cmpstr (g_value_get_string (&TEST_STATE (object)->values[PROP_SECRET]), ==, "kept");
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
      g_autofree char *text = collect (object);
      g_autoptr (GVariant) state = mpel_value_collect_properties (G_OBJECT (object), TEST_TYPE_BASE, NULL);
      GObject         *copy = mpel_value_construct (TEST_TYPE_STATE, state, NULL);
      g_autofree char *again = collect (copy);

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
  g_autofree char *text = collect (object);
  g_autofree char *unset = NULL;

  g_test_summary ("A type that is none is how objects are born; types outside of the range are refused.");

  g_assert_cmpstr (text, ==, "kind='GCancellable'");
  g_value_set_gtype (&object->values[PROP_KIND], G_TYPE_INVALID);
  unset = collect (object);
  g_assert_cmpstr (unset, ==, "");
  assert_refused ("{'kind': <'gint'>}", "Property “kind” of TestState: *range*");
  assert_refused ("{'kind': <''>}", "Property “kind” of TestState: *range*");
  g_assert_finalize_object (object);
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
  g_autofree char *text = collect (object);

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
  g_autofree char *text = collect (other);

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
  g_autofree char *text = collect (object);

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
  left = collect (object);
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
  GObject         *object = construct ("{'number': <7>}");
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
  text = collect (object);
  g_assert_cmpstr (text, ==, "number=8");
  g_assert_finalize_object (object);
}

static void
test_get (void)
{
  GObject *object = construct ("{'secret': <@ms 'kept'>}");
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
  g_test_add_func ("/unit/properties/defaults", test_defaults);
  g_test_add_func ("/unit/properties/round-trip", test_round_trip);
  g_test_add_func ("/unit/properties/object-property", test_object_property);
  g_test_add_func ("/unit/properties/construct-any", test_construct_any);
  g_test_add_func ("/unit/properties/construct-refused", test_construct_refused);
  g_test_add_func ("/unit/properties/construct-out-of-range", test_construct_out_of_range);
  g_test_add_func ("/unit/properties/construct-twice", test_construct_twice);
  g_test_add_func ("/unit/properties/odd-numbers", test_odd_numbers);
  g_test_add_func ("/unit/properties/types", test_types);
  g_test_add_func ("/unit/properties/all-state", test_all_state);
  g_test_add_func ("/unit/properties/all-state-refused", test_all_state_refused);
  g_test_add_func ("/unit/properties/apply", test_apply);
  g_test_add_func ("/unit/properties/apply-own-state", test_apply_own_state);
  g_test_add_func ("/unit/properties/apply-passes-over", test_apply_passes_over);
  g_test_add_func ("/unit/properties/apply-refused", test_apply_refused);
  g_test_add_func ("/unit/properties/set", test_set);
  g_test_add_func ("/unit/properties/get", test_get);
  return g_test_run ();
}
