/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-value-private.h"

#include "mpel-date-time-private.h"
#include "mpel-loop-error.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* How deep GLib reads values in each other, and how many of ours may be around one. */
#define GLIB_DEPTH 128
#define DEPTH_AROUND 16

/* Strings and boxed types may be NULL, so they travel as maybe types. */

static const char *
boxed_type_string (GType type)
{
  if (type == G_TYPE_STRV)
    return "mas";
  if (type == G_TYPE_BYTES)
    return "may";
  if (type == G_TYPE_DATE_TIME)
    return "ms";
  return NULL;
}

static const char *
type_string (GType type)
{
  if (type == G_TYPE_GTYPE)
    return "s";

  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_BOOLEAN:
      return "b";
    case G_TYPE_CHAR:
      return "n";
    case G_TYPE_UCHAR:
      return "y";
    case G_TYPE_INT:
    case G_TYPE_ENUM:
      return "i";
    case G_TYPE_UINT:
    case G_TYPE_FLAGS:
      return "u";
    case G_TYPE_LONG:
    case G_TYPE_INT64:
      return "x";
    case G_TYPE_ULONG:
    case G_TYPE_UINT64:
      return "t";
    case G_TYPE_FLOAT:
    case G_TYPE_DOUBLE:
      return "d";
    case G_TYPE_STRING:
      return "ms";
    case G_TYPE_VARIANT:
      return "mv";
    case G_TYPE_BOXED:
      return boxed_type_string (type);
    default:
      return NULL;
    }
}

const GVariantType *
mpel_value_get_variant_type (GType type)
{
  const char *string = type_string (type);

  return string != NULL ? G_VARIANT_TYPE (string) : NULL;
}

static GVariant *
string_to_variant (const char *string, GError **error)
{
  if (string == NULL)
    return g_variant_new_maybe (G_VARIANT_TYPE_STRING, NULL);
  if (!g_utf8_validate (string, -1, NULL))
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "A string is not valid UTF-8");
      return NULL;
    }

  return g_variant_new_maybe (NULL, g_variant_new_string (string));
}

static GVariant *
strv_to_variant (const char *const *strv, GError **error)
{
  if (strv == NULL)
    return g_variant_new_maybe (G_VARIANT_TYPE_STRING_ARRAY, NULL);
  for (guint i = 0; strv[i] != NULL; i++)
    if (!g_utf8_validate (strv[i], -1, NULL))
      {
        g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "String %u of a list is not valid UTF-8", i);
        return NULL;
      }

  return g_variant_new_maybe (NULL, g_variant_new_strv (strv, -1));
}

static GVariant *
boxed_to_variant (const GValue *value, GError **error)
{
  gpointer boxed = g_value_get_boxed (value);

  if (G_VALUE_TYPE (value) == G_TYPE_STRV)
    return strv_to_variant (boxed, error);

  if (G_VALUE_TYPE (value) == G_TYPE_BYTES)
    return g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING,
                                boxed != NULL ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, boxed, TRUE) : NULL);

  g_assert (G_VALUE_TYPE (value) == G_TYPE_DATE_TIME);
  return g_variant_new_maybe (G_VARIANT_TYPE_STRING,
                              boxed != NULL ? g_variant_new_take_string (mpel_date_time_format (boxed)) : NULL);
}

static gboolean
refuse_number (const GValue *value, gint64 number, GError **error)
{
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
               "%" G_GINT64_FORMAT " is no value of type %s",
               number,
               G_VALUE_TYPE_NAME (value));
  return FALSE;
}

static gboolean
has_enum_value (GType type, int number)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);

  return g_enum_get_value ((GEnumClass *) klass, number) != NULL;
}

static gboolean
has_flags (GType type, guint number)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);

  return (number & ~((GFlagsClass *) klass)->mask) == 0;
}

static GVariant *
enum_to_variant (const GValue *value, GError **error)
{
  int number = g_value_get_enum (value);

  if (has_enum_value (G_VALUE_TYPE (value), number))
    return g_variant_new_int32 (number);
  refuse_number (value, number, error);
  return NULL;
}

static GVariant *
flags_to_variant (const GValue *value, GError **error)
{
  guint number = g_value_get_flags (value);

  if (has_flags (G_VALUE_TYPE (value), number))
    return g_variant_new_uint32 (number);
  refuse_number (value, number, error);
  return NULL;
}

static gboolean
is_type_too_deep (const char *type, guint room)
{
  g_autofree char *arrays = NULL;
  g_autofree char *nested = NULL;

  if (strlen (type) <= room)
    return FALSE;
  arrays = g_strnfill (GLIB_DEPTH - room, 'a');
  nested = g_strconcat (arrays, type, NULL);
  return !g_variant_type_string_is_valid (nested);
}

/* Of what is nested deeper than GLib reads, something else would arrive. Only variants may have
 * more in them than their type says. */
static gboolean
is_too_deep (GVariant *variant, guint room)
{
  const char  *type = g_variant_get_type_string (variant);
  GVariantIter iter;
  GVariant    *next;

  if (room == 0 || is_type_too_deep (type, room))
    return TRUE;
  if (strchr (type, 'v') == NULL)
    return FALSE;

  g_variant_iter_init (&iter, variant);
  while ((next = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr (GVariant) child = next;

      if (is_too_deep (child, room - 1))
        return TRUE;
    }
  return FALSE;
}

static GVariant *
inner_to_variant (GVariant *inner, GError **error)
{
  if (inner == NULL)
    return g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL);
  if (is_too_deep (inner, GLIB_DEPTH - DEPTH_AROUND))
    {
      g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "A value is nested too deep");
      return NULL;
    }

  return g_variant_new_maybe (NULL, g_variant_new_variant (inner));
}

static GVariant *
basic_to_variant (const GValue *value, GError **error)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      return g_variant_new_boolean (g_value_get_boolean (value));
    case G_TYPE_CHAR:
      return g_variant_new_int16 (g_value_get_schar (value));
    case G_TYPE_UCHAR:
      return g_variant_new_byte (g_value_get_uchar (value));
    case G_TYPE_INT:
      return g_variant_new_int32 (g_value_get_int (value));
    case G_TYPE_ENUM:
      return enum_to_variant (value, error);
    case G_TYPE_UINT:
      return g_variant_new_uint32 (g_value_get_uint (value));
    case G_TYPE_FLAGS:
      return flags_to_variant (value, error);
    case G_TYPE_LONG:
      return g_variant_new_int64 (g_value_get_long (value));
    case G_TYPE_INT64:
      return g_variant_new_int64 (g_value_get_int64 (value));
    case G_TYPE_ULONG:
      return g_variant_new_uint64 (g_value_get_ulong (value));
    case G_TYPE_UINT64:
      return g_variant_new_uint64 (g_value_get_uint64 (value));
    case G_TYPE_FLOAT:
      return g_variant_new_double (g_value_get_float (value));
    case G_TYPE_DOUBLE:
      return g_variant_new_double (g_value_get_double (value));
    case G_TYPE_STRING:
      return string_to_variant (g_value_get_string (value), error);
    case G_TYPE_VARIANT:
      return inner_to_variant (g_value_get_variant (value), error);
    default:
      return boxed_to_variant (value, error);
    }
}

/* The type that is none has no name. */
static GVariant *
gtype_to_variant (const GValue *value)
{
  GType type = g_value_get_gtype (value);

  return g_variant_new_string (type != G_TYPE_INVALID ? g_type_name (type) : "");
}

/* Returns a new reference, or NULL with an error when the type or the value cannot travel. */
GVariant *
mpel_value_to_variant (const GValue *value, GError **error)
{
  GType     type = G_VALUE_TYPE (value);
  GVariant *variant;

  if (type_string (type) == NULL)
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "A value of type %s cannot travel", g_type_name (type));
      return NULL;
    }

  if (type == G_TYPE_GTYPE)
    variant = gtype_to_variant (value);
  else
    variant = basic_to_variant (value, error);

  return variant != NULL ? g_variant_ref_sink (variant) : NULL;
}

static gboolean
date_time_from_variant (GValue *value, GVariant *variant, GError **error)
{
  g_autoptr (GDateTime) date_time = mpel_date_time_parse (g_variant_get_string (variant, NULL));

  if (date_time == NULL)
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "“%s” is no date and time", g_variant_get_string (variant, NULL));
      return FALSE;
    }

  g_value_set_boxed (value, date_time);
  return TRUE;
}

static gboolean
boxed_from_variant (GValue *value, GVariant *variant, GError **error)
{
  if (G_VALUE_TYPE (value) == G_TYPE_STRV)
    g_value_take_boxed (value, g_variant_dup_strv (variant, NULL));
  else if (G_VALUE_TYPE (value) == G_TYPE_BYTES)
    g_value_take_boxed (value, g_variant_get_data_as_bytes (variant));
  else
    return date_time_from_variant (value, variant, error);
  return TRUE;
}

static gboolean
nullable_from_variant (GValue *value, GVariant *maybe, GError **error)
{
  g_autoptr (GVariant) variant = g_variant_get_maybe (maybe);

  if (variant == NULL)
    {
      g_value_reset (value);
      return TRUE;
    }

  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, g_variant_get_string (variant, NULL));
  else if (G_VALUE_HOLDS_VARIANT (value))
    g_value_take_variant (value, g_variant_get_variant (variant));
  else
    return boxed_from_variant (value, variant, error);
  return TRUE;
}

static gboolean
gtype_from_variant (GValue *value, GVariant *variant, GError **error)
{
  const char *name = g_variant_get_string (variant, NULL);
  GType       type = g_type_from_name (name);

  if (type == G_TYPE_INVALID && name[0] != '\0')
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "There is no type “%s” in this process", name);
      return FALSE;
    }

  g_value_set_gtype (value, type);
  return TRUE;
}

static gboolean
char_from_variant (GValue *value, GVariant *variant, GError **error)
{
  gint16 number = g_variant_get_int16 (variant);

  if (number < G_MININT8 || number > G_MAXINT8)
    return refuse_number (value, number, error);
  g_value_set_schar (value, (gint8) number);
  return TRUE;
}

/* The other process may have longer ones. */
static gboolean
long_from_variant (GValue *value, GVariant *variant, GError **error)
{
  gint64 number = g_variant_get_int64 (variant);

  if ((long) number != number)
    return refuse_number (value, number, error);
  g_value_set_long (value, (long) number);
  return TRUE;
}

static gboolean
ulong_from_variant (GValue *value, GVariant *variant, GError **error)
{
  guint64 number = g_variant_get_uint64 (variant);

  if ((gulong) number != number)
    return refuse_number (value, (gint64) number, error);
  g_value_set_ulong (value, (gulong) number);
  return TRUE;
}

/* Rounding is what floats are for; but a number does not become infinite. */
static gboolean
float_from_variant (GValue *value, GVariant *variant, GError **error)
{
  double number = g_variant_get_double (variant);

  if (isfinite (number) && fabs (number) > FLT_MAX)
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "%g is no value of type %s", number, G_VALUE_TYPE_NAME (value));
      return FALSE;
    }

  g_value_set_float (value, (float) number);
  return TRUE;
}

static gboolean
enum_from_variant (GValue *value, GVariant *variant, GError **error)
{
  int number = g_variant_get_int32 (variant);

  if (!has_enum_value (G_VALUE_TYPE (value), number))
    return refuse_number (value, number, error);
  g_value_set_enum (value, number);
  return TRUE;
}

static gboolean
flags_from_variant (GValue *value, GVariant *variant, GError **error)
{
  guint number = g_variant_get_uint32 (variant);

  if (!has_flags (G_VALUE_TYPE (value), number))
    return refuse_number (value, number, error);
  g_value_set_flags (value, number);
  return TRUE;
}

/* @value says, by its type, what to make of @variant. */
gboolean
mpel_value_from_variant (GValue *value, GVariant *variant, GError **error)
{
  GType       type = G_VALUE_TYPE (value);
  const char *expected = type_string (type);

  if (expected == NULL || !g_variant_is_of_type (variant, G_VARIANT_TYPE (expected)))
    {
      g_set_error (error,
                   MPEL_LOOP_ERROR,
                   MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                   "A value of type %s cannot be made of “%s”",
                   g_type_name (type),
                   g_variant_get_type_string (variant));
      return FALSE;
    }
  if (type == G_TYPE_GTYPE)
    return gtype_from_variant (value, variant, error);

  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_BOOLEAN:
      g_value_set_boolean (value, g_variant_get_boolean (variant));
      return TRUE;
    case G_TYPE_CHAR:
      return char_from_variant (value, variant, error);
    case G_TYPE_UCHAR:
      g_value_set_uchar (value, g_variant_get_byte (variant));
      return TRUE;
    case G_TYPE_INT:
      g_value_set_int (value, g_variant_get_int32 (variant));
      return TRUE;
    case G_TYPE_ENUM:
      return enum_from_variant (value, variant, error);
    case G_TYPE_UINT:
      g_value_set_uint (value, g_variant_get_uint32 (variant));
      return TRUE;
    case G_TYPE_FLAGS:
      return flags_from_variant (value, variant, error);
    case G_TYPE_LONG:
      return long_from_variant (value, variant, error);
    case G_TYPE_INT64:
      g_value_set_int64 (value, g_variant_get_int64 (variant));
      return TRUE;
    case G_TYPE_ULONG:
      return ulong_from_variant (value, variant, error);
    case G_TYPE_UINT64:
      g_value_set_uint64 (value, g_variant_get_uint64 (variant));
      return TRUE;
    case G_TYPE_FLOAT:
      return float_from_variant (value, variant, error);
    case G_TYPE_DOUBLE:
      g_value_set_double (value, g_variant_get_double (variant));
      return TRUE;
    default:
      return nullable_from_variant (value, variant, error);
    }
}
