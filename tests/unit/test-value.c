/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GValue to GVariant and back: what can travel arrives as it was, the rest is refused. */

#include "config.h"
#include "value-test.h"

#include <float.h>
#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define LONG_STRING_BYTES (1024 * 1024)

/* A value of a basic type, in the field that fits it, and how it looks on the wire. */
typedef struct
{
  const char *name;
  GType (*get_type) (void); /* (nullable) for types that are no constants */
  GType       type;
  gint64      signed_number; /* also booleans, enumerations and flags */
  guint64     unsigned_number;
  double      real;
  const char *string;
  const char *wire; /* with its type */
} Row;

static const Row rows[] = {
  { "boolean-true", NULL, G_TYPE_BOOLEAN, .signed_number = TRUE, .wire = "true" },
  { "boolean-false", NULL, G_TYPE_BOOLEAN, .signed_number = FALSE, .wire = "false" },
  { "char-min", NULL, G_TYPE_CHAR, .signed_number = G_MININT8, .wire = "int16 -128" },
  { "char-max", NULL, G_TYPE_CHAR, .signed_number = G_MAXINT8, .wire = "int16 127" },
  { "uchar-zero", NULL, G_TYPE_UCHAR, .unsigned_number = 0, .wire = "byte 0x00" },
  { "uchar-max", NULL, G_TYPE_UCHAR, .unsigned_number = G_MAXUINT8, .wire = "byte 0xff" },
  { "int-min", NULL, G_TYPE_INT, .signed_number = G_MININT, .wire = "-2147483648" },
  { "int-max", NULL, G_TYPE_INT, .signed_number = G_MAXINT, .wire = "2147483647" },
  { "uint-max", NULL, G_TYPE_UINT, .unsigned_number = G_MAXUINT, .wire = "uint32 4294967295" },
  { "long-negative", NULL, G_TYPE_LONG, .signed_number = -5, .wire = "int64 -5" },
  { "ulong-maximal-int", NULL, G_TYPE_ULONG, .unsigned_number = G_MAXUINT, .wire = "uint64 4294967295" },
  { "int64-min", NULL, G_TYPE_INT64, .signed_number = G_MININT64, .wire = "int64 -9223372036854775808" },
  { "int64-max", NULL, G_TYPE_INT64, .signed_number = G_MAXINT64, .wire = "int64 9223372036854775807" },
  { "uint64-max", NULL, G_TYPE_UINT64, .unsigned_number = G_MAXUINT64, .wire = "uint64 18446744073709551615" },
  { "float-half", NULL, G_TYPE_FLOAT, .real = 0.5, .wire = "0.5" },
  { "float-max", NULL, G_TYPE_FLOAT, .real = G_MAXFLOAT, .wire = "3.4028234663852886e+38" },
  { "float-infinite", NULL, G_TYPE_FLOAT, .real = -INFINITY, .wire = "-inf" },
  { "float-nan", NULL, G_TYPE_FLOAT, .real = NAN, .wire = "nan" },
  { "double-zero", NULL, G_TYPE_DOUBLE, .real = 0, .wire = "0.0" },
  { "double-negative-zero", NULL, G_TYPE_DOUBLE, .real = -0.0, .wire = "-0.0" },
  { "double-max", NULL, G_TYPE_DOUBLE, .real = G_MAXDOUBLE, .wire = "1.7976931348623157e+308" },
  { "double-min", NULL, G_TYPE_DOUBLE, .real = G_MINDOUBLE, .wire = "2.2250738585072014e-308" },
  { "double-infinite", NULL, G_TYPE_DOUBLE, .real = INFINITY, .wire = "inf" },
  { "double-nan", NULL, G_TYPE_DOUBLE, .real = NAN, .wire = "nan" },
  { "enum-negative", g_bus_type_get_type, 0, .signed_number = G_BUS_TYPE_STARTER, .wire = "-1" },
  { "enum", g_bus_type_get_type, 0, .signed_number = G_BUS_TYPE_SESSION, .wire = "2" },
  { "flags-none", g_application_flags_get_type, 0, .signed_number = 0, .wire = "uint32 0" },
  { "flags", g_application_flags_get_type, 0, .signed_number = 5, .wire = "uint32 5" },
  { "string-null", NULL, G_TYPE_STRING, .string = NULL, .wire = "@ms nothing" },
  { "string-empty", NULL, G_TYPE_STRING, .string = "", .wire = "@ms ''" },
  { "string-newlines", NULL, G_TYPE_STRING, .string = "one\ntwo\r\n\tthree\n", .wire = "@ms 'one\\ntwo\\r\\n\\tthree\\n'" },
  { "string-unicode", NULL, G_TYPE_STRING, .string = "größer: 𝄞", .wire = "@ms 'größer: 𝄞'" },
};

static GType
get_row_type (const Row *row)
{
  return row->get_type != NULL ? row->get_type () : row->type;
}

static void
store_row (const Row *row, GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      g_value_set_boolean (value, row->signed_number != 0);
      break;
    case G_TYPE_CHAR:
      g_value_set_schar (value, (gint8) row->signed_number);
      break;
    case G_TYPE_UCHAR:
      g_value_set_uchar (value, (guint8) row->unsigned_number);
      break;
    case G_TYPE_INT:
      g_value_set_int (value, (int) row->signed_number);
      break;
    case G_TYPE_UINT:
      g_value_set_uint (value, (guint) row->unsigned_number);
      break;
    case G_TYPE_LONG:
      g_value_set_long (value, (long) row->signed_number);
      break;
    case G_TYPE_ULONG:
      g_value_set_ulong (value, (gulong) row->unsigned_number);
      break;
    case G_TYPE_INT64:
      g_value_set_int64 (value, row->signed_number);
      break;
    case G_TYPE_UINT64:
      g_value_set_uint64 (value, row->unsigned_number);
      break;
    case G_TYPE_FLOAT:
      g_value_set_float (value, (float) row->real);
      break;
    case G_TYPE_DOUBLE:
      g_value_set_double (value, row->real);
      break;
    case G_TYPE_ENUM:
      g_value_set_enum (value, (int) row->signed_number);
      break;
    case G_TYPE_FLAGS:
      g_value_set_flags (value, (guint) row->signed_number);
      break;
    case G_TYPE_STRING:
      g_value_set_string (value, row->string);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Bit by bit, so that NaN is itself. */
static void
assert_same_value (const GValue *a, const GValue *b)
{
  g_assert_cmpuint (G_VALUE_TYPE (a), ==, G_VALUE_TYPE (b));
  if (G_VALUE_HOLDS_STRING (a))
    g_assert_cmpstr (g_value_get_string (a), ==, g_value_get_string (b));
  else if (G_VALUE_HOLDS_FLOAT (a))
    g_assert_cmpmem (&a->data[0].v_float, sizeof (float), &b->data[0].v_float, sizeof (float));
  else if (G_VALUE_HOLDS_DOUBLE (a))
    g_assert_cmpmem (&a->data[0].v_double, sizeof (double), &b->data[0].v_double, sizeof (double));
  else if (G_VALUE_HOLDS_BOOLEAN (a) || G_VALUE_HOLDS_CHAR (a) || G_VALUE_HOLDS_INT (a) || G_VALUE_HOLDS_ENUM (a))
    g_assert_cmpint (a->data[0].v_int, ==, b->data[0].v_int);
  else if (G_VALUE_HOLDS_UCHAR (a) || G_VALUE_HOLDS_UINT (a) || G_VALUE_HOLDS_FLAGS (a))
    g_assert_cmpuint (a->data[0].v_uint, ==, b->data[0].v_uint);
  else
    g_assert_cmpint (a->data[0].v_int64, ==, b->data[0].v_int64);
}

static void
test_row (gconstpointer user_data)
{
  const Row *row = user_data;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;
  g_autofree char *printed = NULL;

  g_test_summary ("The value looks on the wire as it should, and comes back as it was.");

  g_value_init (&value, get_row_type (row));
  store_row (row, &value);
  variant = value_test_to_variant (&value);
  printed = g_variant_print (variant, TRUE);
  g_assert_cmpstr (printed, ==, row->wire);

  g_value_init (&returned, get_row_type (row));
  value_test_from_variant (&returned, variant);
  assert_same_value (&value, &returned);
}

static void
test_long_string (void)
{
  g_autofree char *text = g_strnfill (LONG_STRING_BYTES, 'x');
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;

  g_test_summary ("A megabyte of text travels whole.");

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  variant = value_test_to_variant (&value);
  g_value_init (&returned, G_TYPE_STRING);
  value_test_from_variant (&returned, variant);
  g_assert_cmpstr (g_value_get_string (&returned), ==, text);
}

static void
test_invalid_utf8 (void)
{
  static const char *const strv[] = { "fine", "\xff\xfe", NULL };
  g_auto (GValue) string = G_VALUE_INIT;
  g_auto (GValue) list = G_VALUE_INIT;

  g_test_summary ("Strings that are no UTF-8 are refused, alone and in a list.");

  g_value_init (&string, G_TYPE_STRING);
  g_value_set_static_string (&string, "caf\xe9");
  value_test_assert_to_refused (&string);

  g_value_init (&list, G_TYPE_STRV);
  g_value_set_static_boxed (&list, strv);
  value_test_assert_to_refused (&list);
}

static void
test_unknown_types (void)
{
  const GType types[] = { G_TYPE_OBJECT, G_TYPE_CANCELLABLE, G_TYPE_POINTER, G_TYPE_HASH_TABLE, G_TYPE_PARAM, G_TYPE_ERROR, G_TYPE_PTR_ARRAY };
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
test_char_out_of_range (void)
{
  static const gint16 numbers[] = { 128, -129, 300, G_MAXINT16, G_MININT16 };

  g_test_summary ("A number that is too large for a char is refused, not cut.");

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_int16 (numbers[i]));

      value_test_assert_from_refused (G_TYPE_CHAR, variant);
    }
}

static void
test_unknown_enum_values (void)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_int32 (999));
  g_autoptr (GVariant) flags = g_variant_ref_sink (g_variant_new_uint32 (1u << 30));

  g_test_summary ("A value that its enumeration or flags do not have is refused.");

  value_test_assert_from_refused (G_TYPE_BUS_TYPE, value);
  value_test_assert_from_refused (G_TYPE_APPLICATION_FLAGS, flags);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/unit/value/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/unit/value/long-string", test_long_string);
  g_test_add_func ("/unit/value/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/unit/value/unknown-types", test_unknown_types);
  g_test_add_func ("/unit/value/wrong-variant-types", test_wrong_variant_types);
  g_test_add_func ("/unit/value/char-out-of-range", test_char_out_of_range);
  g_test_add_func ("/unit/value/unknown-enum-values", test_unknown_enum_values);
  return g_test_run ();
}
