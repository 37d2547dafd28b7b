/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "value-rows.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MEGABYTE (1024 * 1024)

static const char *const no_strings[] = { NULL };
static const char *const empty_strings[] = { "", "", NULL };
static const char *const some_strings[] = { "a\nb", "Ω", "𝄞", NULL };

static GType
get_basic_type (void)
{
  return G_TYPE_INT64;
}

static GType
get_no_type (void)
{
  return G_TYPE_INVALID;
}

/* In an order in which each row follows one that could be taken for it. */
static const ValueRow rows[] = {
  { "boolean-true", "boolean", .number = TRUE, .wire = "true" },
  { "boolean-false", "boolean", .number = FALSE, .wire = "false" },
  { "char-min", "char", .number = G_MININT8, .wire = "int16 -128" },
  { "char-max", "char", .number = G_MAXINT8, .wire = "int16 127" },
  { "uchar-zero", "uchar", .unsigned_number = 0, .wire = "byte 0x00" },
  { "uchar-max", "uchar", .unsigned_number = G_MAXUINT8, .wire = "byte 0xff" },
  { "int-zero", "int", .number = 0, .wire = "0" },
  { "int-min", "int", .number = G_MININT, .wire = "-2147483648" },
  { "int-max", "int", .number = G_MAXINT, .wire = "2147483647" },
  { "uint-max", "uint", .unsigned_number = G_MAXUINT, .wire = "uint32 4294967295" },
  { "long-negative", "long", .number = -5, .wire = "int64 -5" },
#if GLIB_SIZEOF_LONG == 8
  { "long-min", "long", .number = G_MINLONG, .wire = "int64 -9223372036854775808" },
  { "long-max", "long", .number = G_MAXLONG, .wire = "int64 9223372036854775807" },
  { "ulong-max", "ulong", .unsigned_number = G_MAXULONG, .wire = "uint64 18446744073709551615" },
#endif
  { "ulong-maximal-int", "ulong", .unsigned_number = G_MAXUINT, .wire = "uint64 4294967295" },
  { "int64-min", "int64", .number = G_MININT64, .wire = "int64 -9223372036854775808" },
  { "int64-max", "int64", .number = G_MAXINT64, .wire = "int64 9223372036854775807" },
  { "uint64-max", "uint64", .unsigned_number = G_MAXUINT64, .wire = "uint64 18446744073709551615" },
  { "float-half", "float", .real = 0.5, .wire = "0.5" },
  { "float-tenth", "float", .real = 0.1f, .wire = "0.10000000149011612" },
  { "float-max", "float", .real = G_MAXFLOAT, .wire = "3.4028234663852886e+38" },
  { "float-lowest", "float", .real = -G_MAXFLOAT, .wire = "-3.4028234663852886e+38" },
  { "float-min", "float", .real = G_MINFLOAT, .wire = "1.1754943508222875e-38" },
  { "float-denormal", "float", .real = FLT_TRUE_MIN },
  { "float-zero", "float", .real = 0, .wire = "0.0" },
  { "float-negative-zero", "float", .real = -0.0, .wire = "-0.0" },
  { "float-infinite", "float", .real = INFINITY, .wire = "inf" },
  { "float-negative-infinite", "float", .real = -INFINITY, .wire = "-inf" },
  { "float-nan", "float", .real = NAN, .wire = "nan" },
  { "double-zero", "double", .real = 0, .wire = "0.0" },
  { "double-negative-zero", "double", .real = -0.0, .wire = "-0.0" },
  { "double-tenth", "double", .real = 0.1, .wire = "0.1" },
  { "double-max", "double", .real = G_MAXDOUBLE, .wire = "1.7976931348623157e+308" },
  { "double-lowest", "double", .real = -G_MAXDOUBLE, .wire = "-1.7976931348623157e+308" },
  { "double-min", "double", .real = G_MINDOUBLE, .wire = "2.2250738585072014e-308" },
  { "double-denormal", "double", .real = DBL_TRUE_MIN },
  { "double-infinite", "double", .real = INFINITY, .wire = "inf" },
  { "double-negative-infinite", "double", .real = -INFINITY, .wire = "-inf" },
  { "double-nan", "double", .real = NAN, .wire = "nan" },
  { "enum-negative", "enum", .number = G_BUS_TYPE_STARTER, .wire = "-1" },
  { "enum", "enum", .number = G_BUS_TYPE_SESSION, .wire = "2" },
  { "flags-none", "flags", .unsigned_number = 0, .wire = "uint32 0" },
  { "flags", "flags", .unsigned_number = G_APPLICATION_IS_SERVICE | G_APPLICATION_HANDLES_OPEN, .wire = "uint32 5" },
  { "unichar-max", "unichar", .unsigned_number = 0x10ffff, .wire = "uint32 1114111" },
  { "string-null", "string", .string = NULL, .wire = "@ms nothing" },
  { "string-empty", "string", .string = "", .wire = "@ms ''" },
  { "string-newlines", "string", .string = "one\ntwo\r\n\tthree\n", .wire = "@ms 'one\\ntwo\\r\\n\\tthree\\n'" },
  { "string-controls", "string", .string = "\x01\x1b\x7f", .wire = "@ms '\\u0001\\u001b\\u007f'" },
  { "string-unicode", "string", .string = "größer: 𝄞 \xf4\x8f\xbf\xbf", .wire = "@ms 'größer: 𝄞 \\U0010ffff'" },
  { "string-megabyte", "string", .string = "Ωx\n", .times = MEGABYTE / 4 + 1 },
  { "strv-null", "strv", .strv = NULL, .wire = "@mas nothing" },
  { "strv-empty", "strv", .strv = no_strings, .wire = "@mas []" },
  { "strv-empty-strings", "strv", .strv = empty_strings, .wire = "@mas ['', '']" },
  { "strv", "strv", .strv = some_strings, .wire = "@mas ['a\\nb', 'Ω', '𝄞']" },
  { "bytes-null", "bytes", .data = NULL, .wire = "@may nothing" },
  { "bytes-empty", "bytes", .data = "", .length = 0, .wire = "@may []" },
  { "bytes-zero", "bytes", .data = "\0", .length = 1, .wire = "@may [0x00]" },
  { "bytes-zeros", "bytes", .data = "\0\xff\0\n", .length = 4, .wire = "@may [0x00, 0xff, 0x00, 0x0a]" },
  { "bytes-megabyte", "bytes", .data = "\0\xff\x80y", .length = 4, .times = MEGABYTE / 4 + 1 },
  { "variant-null", "variant", .string = NULL, .wire = "@mv nothing" },
  { "variant-number", "variant", .string = "5", .wire = "@mv <5>" },
  { "variant-dictionary", "variant", .string = "{'a': <1>, 'b': <@as []>}", .wire = "@mv <{'a': <1>, 'b': <@as []>}>" },
  { "variant-nothing", "variant", .string = "@mi nothing", .wire = "@mv <@mi nothing>" },
  { "variant-just-nothing", "variant", .string = "@mms just nothing", .wire = "@mv <@mms just nothing>" },
  { "variant-unit", "variant", .string = "()", .wire = "@mv <()>" },
  { "variant-units", "variant", .string = "[((), ()), ((), ())]", .wire = "@mv <[((), ()), ((), ())]>" },
  { "variant-empty-array", "variant", .string = "@a{sv} {}", .wire = "@mv <@a{sv} {}>" },
  { "variant-of-variant", "variant", .string = "<<'twice'>>", .wire = "@mv <<<'twice'>>>" },
  { "variant-handle", "variant", .string = "(handle 7, objectpath '/', signature '')", .wire = "@mv <(handle 7, objectpath '/', signature '')>" },
  { "variant-nested", "variant", .string = "(1, 'two')", .depth = 100 },
  { "date-time-null", "date-time", .string = NULL, .wire = "@ms nothing" },
  { "date-time", "date-time", .string = "2026-02-28T23:59:59", .zone = "UTC", .wire = "@ms '2026-02-28T23:59:59Z'" },
  { "date-time-microseconds", "date-time", .string = "2026-02-28T23:59:59.123456", .zone = "UTC", .wire = "@ms '2026-02-28T23:59:59.123456Z'" },
  { "date-time-one-microsecond", "date-time", .string = "1970-01-01T00:00:00.000001", .zone = "UTC", .wire = "@ms '1970-01-01T00:00:00.000001Z'" },
  { "date-time-first", "date-time", .string = "0001-01-01T00:00:00", .zone = "UTC", .wire = "@ms '0001-01-01T00:00:00Z'" },
  { "date-time-last", "date-time", .string = "9999-12-31T23:59:59.999999", .zone = "UTC", .wire = "@ms '9999-12-31T23:59:59.999999Z'" },
  { "date-time-leap-day", "date-time", .string = "2000-02-29T12:00:00", .zone = "UTC", .wire = "@ms '2000-02-29T12:00:00Z'" },
  { "date-time-offset", "date-time", .string = "2026-02-28T23:59:59", .zone = "+05:45", .wire = "@ms '2026-02-28T23:59:59+05:45'" },
  { "date-time-negative-offset", "date-time", .string = "2026-02-28T23:59:59", .zone = "-00:30", .wire = "@ms '2026-02-28T23:59:59-00:30'" },
  { "date-time-offset-of-seconds", "date-time", .string = "1880-02-28T23:59:59.5", .zone = "+01:23:45", .wire = "@ms '1880-02-28T23:59:59.500000+01:23:45'" },
  { "date-time-first-of-a-zone", "date-time", .string = "0001-01-01T00:00:00", .zone = "+14:00", .wire = "@ms '0001-01-01T00:00:00+14'" },
  { "date-time-last-of-a-zone", "date-time", .string = "9999-12-31T23:59:59", .zone = "-12:00:01", .wire = "@ms '9999-12-31T23:59:59-12:00:01'" },
  { "date-time-zone-by-rule", "date-time", .string = "2026-07-01T12:00:00", .zone = "CET-1CEST,M3.5.0,M10.5.0/3", .wire = "@ms '2026-07-01T12:00:00+02[CET-1CEST,M3.5.0,M10.5.0/3]'" },
  { "gtype", "gtype", .get_type = g_cancellable_get_type, .wire = "'GCancellable'" },
  { "gtype-basic", "gtype", .get_type = get_basic_type, .wire = "'gint64'" },
  { "gtype-enum", "gtype", .get_type = g_bus_type_get_type, .wire = "'GBusType'" },
  { "gtype-none", "gtype", .get_type = get_no_type, .wire = "''" },
};

const ValueRow *
value_rows (guint *n_rows)
{
  *n_rows = G_N_ELEMENTS (rows);
  return rows;
}

const ValueRow *
value_row_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].name, name))
      return &rows[i];
  g_error ("There is no row “%s”", name);
}

GType
value_row_get_type (const ValueRow *row)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (TEST_TYPE_VALUES);

  return g_object_class_find_property (G_OBJECT_CLASS (klass), row->property)->value_type;
}

/* Returns: (transfer full): so many times what is in @data */
static guint8 *
repeat (const char *data, gsize length, gsize times, gsize *total)
{
  guint8 *repeated;

  times = MAX (times, 1);
  *total = length * times;
  repeated = g_malloc0 (*total + 1);
  for (gsize i = 0; i < times && length > 0; i++)
    memcpy (repeated + i * length, data, length);
  return repeated;
}

/* Returns: (transfer full) (nullable) */
static char *
make_string (const ValueRow *row)
{
  gsize total;

  if (row->string == NULL)
    return NULL;
  return (char *) repeat (row->string, strlen (row->string), row->times, &total);
}

/* Returns: (transfer full) (nullable) */
static GBytes *
make_bytes (const ValueRow *row)
{
  gsize   total;
  guint8 *data;

  if (row->data == NULL)
    return NULL;
  data = repeat (row->data, row->length, row->times, &total);
  return g_bytes_new_take (data, total);
}

/* Returns: (transfer full) (nullable) */
static GVariant *
make_variant (const ValueRow *row)
{
  GVariant *variant;

  if (row->string == NULL)
    return NULL;
  variant = g_variant_new_parsed (row->string);
  for (guint i = 0; i < row->depth; i++)
    variant = g_variant_new_variant (variant);
  return g_variant_ref_sink (variant);
}

/* Returns: (transfer full) (nullable) */
static GDateTime *
make_date_time (const ValueRow *row)
{
  g_autoptr (GTimeZone) zone = row->zone != NULL ? g_time_zone_new_identifier (row->zone) : NULL;
  GDateTime *date_time;

  if (row->string == NULL)
    return NULL;
  g_assert_nonnull (zone);
  date_time = g_date_time_new_from_iso8601 (row->string, zone);
  g_assert_nonnull (date_time);
  return date_time;
}

static void
make_boxed (const ValueRow *row, GValue *value)
{
  if (G_VALUE_TYPE (value) == G_TYPE_STRV)
    g_value_set_boxed (value, row->strv);
  else if (G_VALUE_TYPE (value) == G_TYPE_BYTES)
    g_value_take_boxed (value, make_bytes (row));
  else
    g_value_take_boxed (value, make_date_time (row));
}

void
value_row_make (const ValueRow *row, GValue *value)
{
  g_value_init (value, value_row_get_type (row));
  if (G_VALUE_HOLDS_GTYPE (value))
    {
      g_value_set_gtype (value, row->get_type ());
      return;
    }

  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      g_value_set_boolean (value, row->number != 0);
      break;
    case G_TYPE_CHAR:
      g_value_set_schar (value, (gint8) row->number);
      break;
    case G_TYPE_UCHAR:
      g_value_set_uchar (value, (guint8) row->unsigned_number);
      break;
    case G_TYPE_INT:
      g_value_set_int (value, (int) row->number);
      break;
    case G_TYPE_UINT:
      g_value_set_uint (value, (guint) row->unsigned_number);
      break;
    case G_TYPE_LONG:
      g_value_set_long (value, (long) row->number);
      break;
    case G_TYPE_ULONG:
      g_value_set_ulong (value, (gulong) row->unsigned_number);
      break;
    case G_TYPE_INT64:
      g_value_set_int64 (value, row->number);
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
      g_value_set_enum (value, (int) row->number);
      break;
    case G_TYPE_FLAGS:
      g_value_set_flags (value, (guint) row->unsigned_number);
      break;
    case G_TYPE_STRING:
      g_value_take_string (value, make_string (row));
      break;
    case G_TYPE_VARIANT:
      g_value_take_variant (value, make_variant (row));
      break;
    default:
      make_boxed (row, value);
    }
}

static gboolean
is_same_date_time (GDateTime *a, GDateTime *b)
{
  return g_date_time_equal (a, b) && g_date_time_get_microsecond (a) == g_date_time_get_microsecond (b) &&
         g_date_time_get_utc_offset (a) == g_date_time_get_utc_offset (b);
}

/* An offset may be written in several ways. */
static gboolean
is_same_zone (GDateTime *a, GDateTime *b)
{
  const char *zone = g_time_zone_get_identifier (g_date_time_get_timezone (a));

  return !g_ascii_isalpha (zone[0]) || g_str_equal (zone, g_time_zone_get_identifier (g_date_time_get_timezone (b)));
}

static gboolean
is_same_boxed (GType type, gpointer a, gpointer b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (type == G_TYPE_STRV)
    return g_strv_equal (a, b);
  if (type == G_TYPE_BYTES)
    return g_bytes_equal (a, b);
  return is_same_date_time (a, b) && is_same_zone (a, b);
}

static gboolean
is_same_variant (GVariant *a, GVariant *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return !g_variant_is_floating (b) && g_variant_is_of_type (b, g_variant_get_type (a)) && g_variant_equal (a, b);
}

static gboolean
is_same (const GValue *a, const GValue *b)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (a)))
    {
    case G_TYPE_STRING:
      return g_strcmp0 (g_value_get_string (a), g_value_get_string (b)) == 0;
    case G_TYPE_VARIANT:
      return is_same_variant (g_value_get_variant (a), g_value_get_variant (b));
    case G_TYPE_BOXED:
      return is_same_boxed (G_VALUE_TYPE (a), g_value_get_boxed (a), g_value_get_boxed (b));
    case G_TYPE_FLOAT:
      return memcmp (&a->data[0].v_float, &b->data[0].v_float, sizeof (float)) == 0;
    case G_TYPE_DOUBLE:
      return memcmp (&a->data[0].v_double, &b->data[0].v_double, sizeof (double)) == 0;
    case G_TYPE_INT64:
    case G_TYPE_UINT64:
      return a->data[0].v_int64 == b->data[0].v_int64;
    case G_TYPE_LONG:
    case G_TYPE_ULONG:
    case G_TYPE_ENUM:
    case G_TYPE_FLAGS:
      return a->data[0].v_long == b->data[0].v_long;
    case G_TYPE_POINTER:
      return a->data[0].v_pointer == b->data[0].v_pointer;
    default:
      return a->data[0].v_int == b->data[0].v_int;
    }
}

gboolean
value_row_is (const ValueRow *row, const GValue *value)
{
  g_auto (GValue) own = G_VALUE_INIT;

  value_row_make (row, &own);
  return G_VALUE_TYPE (value) == G_VALUE_TYPE (&own) && is_same (&own, value);
}
