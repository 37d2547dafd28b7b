/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values that are no plain numbers or strings: lists, bytes, variants, dates and types. */

#include "config.h"
#include "value-test.h"

static void
assert_strv_round_trip (const char *const *strv, const char *wire)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;
  g_autofree char *printed = NULL;

  g_value_init (&value, G_TYPE_STRV);
  g_value_set_boxed (&value, strv);
  variant = value_test_to_variant (&value);
  printed = g_variant_print (variant, TRUE);
  g_assert_cmpstr (printed, ==, wire);

  g_value_init (&returned, G_TYPE_STRV);
  value_test_from_variant (&returned, variant);
  if (strv == NULL)
    g_assert_null (g_value_get_boxed (&returned));
  else
    g_assert_cmpstrv ((char **) g_value_get_boxed (&returned), (char **) strv);
}

static void
test_strv (void)
{
  static const char *const nothing[] = { NULL };
  static const char *const some[] = { "", "a\nb", "Ω", NULL };

  g_test_summary ("Lists of strings keep empty strings, and an empty list is not NULL.");

  assert_strv_round_trip (NULL, "@mas nothing");
  assert_strv_round_trip (nothing, "@mas []");
  assert_strv_round_trip (some, "@mas ['', 'a\\nb', 'Ω']");
}

static void
assert_bytes_round_trip (GBytes *bytes)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;

  g_value_init (&value, G_TYPE_BYTES);
  g_value_set_boxed (&value, bytes);
  variant = value_test_to_variant (&value);

  g_value_init (&returned, G_TYPE_BYTES);
  value_test_from_variant (&returned, variant);
  if (bytes == NULL)
    g_assert_null (g_value_get_boxed (&returned));
  else
    g_assert_true (g_bytes_equal (g_value_get_boxed (&returned), bytes));
}

static void
test_bytes (void)
{
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) zeros = g_bytes_new_static ("\0\xff\0", 3);

  g_test_summary ("Bytes travel as they are, and no bytes are not NULL.");

  assert_bytes_round_trip (NULL);
  assert_bytes_round_trip (empty);
  assert_bytes_round_trip (zeros);
}

static void
assert_variant_round_trip (const char *text)
{
  g_autoptr (GVariant) inner = text != NULL ? value_test_parse (text) : NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, inner);
  variant = value_test_to_variant (&value);

  g_value_init (&returned, G_TYPE_VARIANT);
  value_test_from_variant (&returned, variant);
  if (inner == NULL)
    g_assert_null (g_value_get_variant (&returned));
  else
    g_assert_cmpvariant (g_value_get_variant (&returned), inner);
}

static void
test_variant (void)
{
  g_test_summary ("A GVariant keeps its type, also when it is a variant, nothing or a unit itself.");

  assert_variant_round_trip (NULL);
  assert_variant_round_trip ("(1, 'two', <3.0>)");
  assert_variant_round_trip ("<<'twice'>>");
  assert_variant_round_trip ("@mi nothing");
  assert_variant_round_trip ("()");
  assert_variant_round_trip ("@a{sv} {}");
}

static void
test_date_time (void)
{
  static const char *const texts[] = { "2026-02-28T23:59:59.123456Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+01:30" };
  static const char *const wrong[] = { "", "yesterday", "2026-02-30T00:00:00Z", "2026-02-28T23:59:59" };

  g_test_summary ("A date and time keeps its microseconds and its offset; other text is refused.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GDateTime) date_time = g_date_time_new_from_iso8601 (texts[i], NULL);
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) returned = G_VALUE_INIT;
      g_autoptr (GVariant) variant = NULL;

      g_value_init (&value, G_TYPE_DATE_TIME);
      g_value_set_boxed (&value, date_time);
      variant = value_test_to_variant (&value);
      g_value_init (&returned, G_TYPE_DATE_TIME);
      value_test_from_variant (&returned, variant);
      g_assert_true (g_date_time_equal (g_value_get_boxed (&returned), date_time));
      g_assert_cmpint (g_date_time_get_utc_offset (g_value_get_boxed (&returned)), ==, g_date_time_get_utc_offset (date_time));
    }

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new ("ms", wrong[i]));

      value_test_assert_from_refused (G_TYPE_DATE_TIME, variant);
    }
}

static void
test_date_time_null (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;

  g_test_summary ("NULL in place of a date replaces the one that was there.");

  g_value_init (&value, G_TYPE_DATE_TIME);
  variant = value_test_to_variant (&value);
  g_assert_true (g_variant_is_of_type (variant, G_VARIANT_TYPE ("ms")));
  g_value_take_boxed (&value, g_date_time_new_now_utc ());
  value_test_from_variant (&value, variant);
  g_assert_null (g_value_get_boxed (&value));
}

static void
test_gtype (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) unknown = g_variant_ref_sink (g_variant_new_string ("TestNoSuchType"));

  g_test_summary ("A type travels by its name, which both processes must know.");

  g_value_init (&value, G_TYPE_GTYPE);
  g_value_set_gtype (&value, G_TYPE_CANCELLABLE);
  variant = value_test_to_variant (&value);
  g_assert_cmpstr (g_variant_get_string (variant, NULL), ==, "GCancellable");
  g_value_init (&returned, G_TYPE_GTYPE);
  value_test_from_variant (&returned, variant);
  g_assert_true (g_value_get_gtype (&returned) == G_TYPE_CANCELLABLE);

  value_test_assert_from_refused (G_TYPE_GTYPE, unknown);
}

static void
test_gtype_invalid (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;

  g_test_summary ("The type that is none travels without a name.");

  g_value_init (&value, G_TYPE_GTYPE);
  variant = value_test_to_variant (&value);
  g_assert_cmpstr (g_variant_get_string (variant, NULL), ==, "");
  g_value_init (&returned, G_TYPE_GTYPE);
  g_value_set_gtype (&returned, G_TYPE_CANCELLABLE);
  value_test_from_variant (&returned, variant);
  g_assert_true (g_value_get_gtype (&returned) == G_TYPE_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/value-boxed/strv", test_strv);
  g_test_add_func ("/unit/value-boxed/bytes", test_bytes);
  g_test_add_func ("/unit/value-boxed/variant", test_variant);
  g_test_add_func ("/unit/value-boxed/date-time", test_date_time);
  g_test_add_func ("/unit/value-boxed/date-time-null", test_date_time_null);
  g_test_add_func ("/unit/value-boxed/gtype", test_gtype);
  g_test_add_func ("/unit/value-boxed/gtype-invalid", test_gtype_invalid);
  return g_test_run ();
}
