/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-pspec-private.h"

#include "mpel-value-private.h"

#include <math.h>

static GType
choose_plain_type (const char *type_string)
{
  const struct
  {
    const char *type_string;
    GType       type;
  } plain[] = {
    { "b", G_TYPE_BOOLEAN },
    { "n", G_TYPE_CHAR },
    { "y", G_TYPE_UCHAR },
    { "i", G_TYPE_INT },
    { "u", G_TYPE_UINT },
    { "x", G_TYPE_INT64 },
    { "t", G_TYPE_UINT64 },
    { "d", G_TYPE_DOUBLE },
    { "s", G_TYPE_GTYPE },
    { "ms", G_TYPE_STRING },
    { "mv", G_TYPE_VARIANT },
    { "mas", G_TYPE_STRV },
    { "may", G_TYPE_BYTES },
  };

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (g_str_equal (plain[i].type_string, type_string))
      return plain[i].type;
  return G_TYPE_INVALID;
}

/* Some types have no name before somebody asks for them. */
static GType
find_type (const char *type_name)
{
  g_type_ensure (G_TYPE_DATE_TIME);
  g_type_ensure (G_TYPE_BYTES);
  g_type_ensure (G_TYPE_STRV);
  g_type_ensure (G_TYPE_GTYPE);
  return g_type_from_name (type_name);
}

static gboolean
has_values (GType type)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);

  return ((GEnumClass *) klass)->n_values > 0;
}

static gboolean
can_be_made (GType type)
{
  if (type == G_TYPE_INVALID || G_TYPE_IS_ABSTRACT (type) || G_TYPE_IS_VALUE_ABSTRACT (type) || type == G_TYPE_ENUM || type == G_TYPE_FLAGS)
    return FALSE;
  return !G_TYPE_IS_ENUM (type) || has_values (type);
}

GType
mpel_pspec_choose_type (const char *type_string, const char *type_name)
{
  GType               type = type_name != NULL ? find_type (type_name) : G_TYPE_INVALID;
  const GVariantType *variant_type = can_be_made (type) ? mpel_value_get_variant_type (type) : NULL;

  if (variant_type != NULL && g_variant_type_string_is_valid (type_string) &&
      g_variant_type_equal (variant_type, G_VARIANT_TYPE (type_string)))
    return type;
  return choose_plain_type (type_string);
}

static GParamSpec *
enum_new (const char *name, GType type, const GValue *fallback, GParamFlags flags)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  GEnumClass *enum_class = (GEnumClass *) klass;
  int         number = g_value_get_enum (fallback);

  if (g_enum_get_value (enum_class, number) == NULL)
    number = enum_class->values[0].value;
  return g_param_spec_enum (name, NULL, NULL, type, number, flags);
}

static GParamSpec *
number_new (const char *name, GType type, const GValue *fallback, GParamFlags flags)
{
  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_CHAR:
      return g_param_spec_char (name, NULL, NULL, G_MININT8, G_MAXINT8, g_value_get_schar (fallback), flags);
    case G_TYPE_UCHAR:
      return g_param_spec_uchar (name, NULL, NULL, 0, G_MAXUINT8, g_value_get_uchar (fallback), flags);
    case G_TYPE_INT:
      return g_param_spec_int (name, NULL, NULL, G_MININT, G_MAXINT, g_value_get_int (fallback), flags);
    case G_TYPE_UINT:
      return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, g_value_get_uint (fallback), flags);
    case G_TYPE_LONG:
      return g_param_spec_long (name, NULL, NULL, G_MINLONG, G_MAXLONG, g_value_get_long (fallback), flags);
    case G_TYPE_ULONG:
      return g_param_spec_ulong (name, NULL, NULL, 0, G_MAXULONG, g_value_get_ulong (fallback), flags);
    case G_TYPE_INT64:
      return g_param_spec_int64 (name, NULL, NULL, G_MININT64, G_MAXINT64, g_value_get_int64 (fallback), flags);
    case G_TYPE_UINT64:
      return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, g_value_get_uint64 (fallback), flags);
    /* Infinities are values too; so is what is no number, which is in no range. */
    case G_TYPE_FLOAT:
      return g_param_spec_float (name, NULL, NULL, -INFINITY, INFINITY, g_value_get_float (fallback), flags | G_PARAM_LAX_VALIDATION);
    case G_TYPE_DOUBLE:
      return g_param_spec_double (name, NULL, NULL, -INFINITY, INFINITY, g_value_get_double (fallback), flags | G_PARAM_LAX_VALIDATION);
    default:
      return NULL;
    }
}

static GParamSpec *
new_with_default (const char *name, GType type, const GValue *fallback, GParamFlags flags)
{
  if (type == G_TYPE_GTYPE)
    return g_param_spec_gtype (name, NULL, NULL, G_TYPE_NONE, flags);

  switch (G_TYPE_FUNDAMENTAL (type))
    {
    case G_TYPE_BOOLEAN:
      return g_param_spec_boolean (name, NULL, NULL, g_value_get_boolean (fallback), flags);
    case G_TYPE_ENUM:
      return enum_new (name, type, fallback, flags);
    case G_TYPE_FLAGS:
      return g_param_spec_flags (name, NULL, NULL, type, g_value_get_flags (fallback), flags);
    case G_TYPE_STRING:
      return g_param_spec_string (name, NULL, NULL, g_value_get_string (fallback), flags);
    case G_TYPE_VARIANT:
      return g_param_spec_variant (name, NULL, NULL, G_VARIANT_TYPE_ANY, NULL, flags);
    case G_TYPE_BOXED:
      return g_param_spec_boxed (name, NULL, NULL, type, flags);
    default:
      return number_new (name, type, fallback, flags);
    }
}

/* NaN is no default: it is not in the range. */
static gboolean
is_nan (const GValue *value)
{
  if (G_VALUE_HOLDS_DOUBLE (value))
    return isnan (g_value_get_double (value));
  return G_VALUE_HOLDS_FLOAT (value) && isnan (g_value_get_float (value));
}

GParamSpec *
mpel_pspec_new (const char *name, GType type, gboolean is_writable, GVariant *fallback)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | (is_writable ? G_PARAM_WRITABLE : 0);
  g_auto (GValue) value = G_VALUE_INIT;

  if (type == G_TYPE_INVALID)
    return NULL;
  g_value_init (&value, type);
  if (fallback != NULL && !mpel_value_from_variant (&value, fallback, NULL))
    g_value_reset (&value);
  if (is_nan (&value))
    g_value_reset (&value);
  return new_with_default (name, type, &value, flags);
}
