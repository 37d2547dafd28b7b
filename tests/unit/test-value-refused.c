/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What cannot travel, or makes no value, is refused with an error, and never changed instead. */

#include "config.h"
#include "value-test.h"

#include <gio/gio.h>

/* What makes no value of the type. The table below has what is of another type. */
typedef struct
{
  const char *name;
  GType (*get_type) (void); /* (nullable) for types that are no constants */
  GType       type;
  const char *wire;
} Row;

static const Row rows[] = {
  { "char-128", NULL, G_TYPE_CHAR, "int16 128" },
  { "char-129-below", NULL, G_TYPE_CHAR, "int16 -129" },
  { "char-maximal-int16", NULL, G_TYPE_CHAR, "int16 32767" },
  { "float-beyond", NULL, G_TYPE_FLOAT, "3.5e+38" },
  { "float-below", NULL, G_TYPE_FLOAT, "-1.7976931348623157e+308" },
  { "enum-unknown", g_bus_type_get_type, 0, "999" },
  { "enum-unknown-negative", g_bus_type_get_type, 0, "-2" },
  { "flags-unknown", g_application_flags_get_type, 0, "uint32 0x40000000" },
  { "flags-unknown-beside-known", g_application_flags_get_type, 0, "uint32 0x40000001" },
  { "gtype-unknown", NULL, 0, "'TestNoSuchType'" },
  { "gtype-no-name", NULL, 0, "' '" },
  { "date-time-empty", g_date_time_get_type, 0, "@ms ''" },
  { "date-time-word", g_date_time_get_type, 0, "@ms 'yesterday'" },
  { "date-time-no-such-day", g_date_time_get_type, 0, "@ms '2026-02-30T00:00:00Z'" },
  { "date-time-no-such-year", g_date_time_get_type, 0, "@ms '0000-01-01T00:00:00Z'" },
  { "date-time-no-offset", g_date_time_get_type, 0, "@ms '2026-02-28T23:59:59'" },
  { "date-time-no-offset-but-zone", g_date_time_get_type, 0, "@ms '2026-02-28T23:59:59[UTC]'" },
  { "date-time-bad-offset", g_date_time_get_type, 0, "@ms '2026-02-28T23:59:59+99:99:99'" },
  { "date-time-offset-alone", g_date_time_get_type, 0, "@ms '+01:23:45'" },
  { "date-time-zone-alone", g_date_time_get_type, 0, "@ms '[UTC]'" },
  { "date-time-open-zone", g_date_time_get_type, 0, "@ms '2026-02-28T23:59:59Z[UTC'" },
  { "date-time-closed-zone", g_date_time_get_type, 0, "@ms '2026-02-28T23:59:59ZUTC]'" },
};

static void
test_row (gconstpointer user_data)
{
  const Row *row = user_data;
  GType      type = row->get_type != NULL ? row->get_type () : row->type;
  g_autoptr (GVariant) variant = value_test_parse (row->wire);

  g_test_summary ("What makes no value of the type is refused, not cut or changed.");

  value_test_assert_from_refused (type != 0 ? type : G_TYPE_GTYPE, variant);
}

static void
test_invalid_utf8 (void)
{
  static const char *const strings[] = { "caf\xe9", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "cut \xe2\x82" };

  g_test_summary ("Strings that are no UTF-8 are refused, alone and in a list.");

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      const char *const strv[] = { "fine", strings[i], NULL };
      g_auto (GValue) string = G_VALUE_INIT;
      g_auto (GValue) list = G_VALUE_INIT;

      g_value_init (&string, G_TYPE_STRING);
      g_value_set_static_string (&string, strings[i]);
      value_test_assert_to_refused (&string);

      g_value_init (&list, G_TYPE_STRV);
      g_value_set_static_boxed (&list, strv);
      value_test_assert_to_refused (&list);
    }
}

static void
test_unknown_types (void)
{
  const GType types[] = { G_TYPE_OBJECT, G_TYPE_CANCELLABLE, G_TYPE_POINTER, G_TYPE_HASH_TABLE, G_TYPE_PARAM, G_TYPE_ERROR, G_TYPE_PTR_ARRAY, G_TYPE_LIST_MODEL };
  g_autoptr (GVariant) number = g_variant_ref_sink (g_variant_new_int32 (1));

  g_test_summary ("Objects, pointers and foreign boxed types cannot travel.");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, types[i]);
      g_assert_null (mpel_value_get_variant_type (types[i]));
      value_test_assert_to_refused (&value);
      value_test_assert_from_refused (types[i], number);
    }
}

static void
test_wrong_variant_types (void)
{
  const GType              types[] = { G_TYPE_BOOLEAN, G_TYPE_CHAR, G_TYPE_UCHAR, G_TYPE_INT, G_TYPE_UINT, G_TYPE_LONG, G_TYPE_ULONG, G_TYPE_INT64, G_TYPE_UINT64, G_TYPE_FLOAT, G_TYPE_DOUBLE, G_TYPE_BUS_TYPE, G_TYPE_APPLICATION_FLAGS, G_TYPE_STRING, G_TYPE_STRV, G_TYPE_BYTES, G_TYPE_VARIANT, G_TYPE_DATE_TIME, G_TYPE_GTYPE };
  static const char *const texts[] = { "true", "byte 1", "int16 1", "1", "uint32 1", "int64 1", "uint64 1", "1.0", "'text'", "@ms 'text'", "['text']", "@mas ['text']", "b'bytes'", "@may nothing", "<1>", "@mv nothing", "()", "@o '/'", "handle 0" };

  g_test_summary ("A value is made of exactly its own type on the wire, and of no other.");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (GVariant) variant = value_test_parse (texts[j]);

        if (!g_variant_is_of_type (variant, mpel_value_get_variant_type (types[i])))
          value_test_assert_from_refused (types[i], variant);
      }
}

static void
test_unknown_numbers (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) flags = G_VALUE_INIT;

  g_test_summary ("A number that its enumeration or flags do not have is not even sent.");

  g_value_init (&value, G_TYPE_BUS_TYPE);
  g_value_set_enum (&value, 999);
  value_test_assert_to_refused (&value);
  g_value_init (&flags, G_TYPE_APPLICATION_FLAGS);
  g_value_set_flags (&flags, 1u << 30);
  value_test_assert_to_refused (&flags);
}

static void
assert_too_deep (GVariant *inner, guint depth, gboolean as_variants)
{
  g_auto (GValue) value = G_VALUE_INIT;

  for (guint i = 0; i < depth; i++)
    inner = as_variants ? g_variant_new_variant (inner) : g_variant_new_tuple (&inner, 1);
  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, inner);
  value_test_assert_to_refused (&value);
}

static void
test_too_deep (void)
{
  g_test_summary ("What is nested deeper than could be read is refused, whatever it is nested in.");

  assert_too_deep (g_variant_new_int32 (1), 120, TRUE);
  assert_too_deep (g_variant_new_int32 (1), 1000, TRUE);
  assert_too_deep (g_variant_new_int32 (1), 120, FALSE);
  assert_too_deep (g_variant_new_parsed ("[<@aaaai []>, <1>]"), 109, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/unit/value-refused/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/unit/value-refused/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/unit/value-refused/unknown-types", test_unknown_types);
  g_test_add_func ("/unit/value-refused/wrong-variant-types", test_wrong_variant_types);
  g_test_add_func ("/unit/value-refused/unknown-numbers", test_unknown_numbers);
  g_test_add_func ("/unit/value-refused/too-deep", test_too_deep);
  return g_test_run ();
}
