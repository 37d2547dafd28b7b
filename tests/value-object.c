/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "value-rows.h"

#include <math.h>

typedef enum
{
  PROP_BOOLEAN = 1,
  PROP_CHAR,
  PROP_UCHAR,
  PROP_INT,
  PROP_UINT,
  PROP_LONG,
  PROP_ULONG,
  PROP_INT64,
  PROP_UINT64,
  PROP_FLOAT,
  PROP_DOUBLE,
  PROP_ENUM,
  PROP_FLAGS,
  PROP_UNICHAR,
  PROP_STRING,
  PROP_STRV,
  PROP_BYTES,
  PROP_VARIANT,
  PROP_DATE_TIME,
  PROP_GTYPE,
} TestValuesProperty;

static GParamSpec *props[PROP_GTYPE + 1];

struct _TestValues
{
  GObject parent_instance;

  GValue values[PROP_GTYPE + 1];
};

G_DEFINE_FINAL_TYPE (TestValues, test_values, G_TYPE_OBJECT)

static void
test_values_finalize (GObject *object)
{
  for (guint i = 1; i < G_N_ELEMENTS (props); i++)
    g_value_unset (&TEST_VALUES (object)->values[i]);

  G_OBJECT_CLASS (test_values_parent_class)->finalize (object);
}

static void
test_values_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_copy (&TEST_VALUES (object)->values[prop_id], value);
}

static void
test_values_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  g_value_copy (value, &TEST_VALUES (object)->values[prop_id]);
}

static void
test_values_class_init (TestValuesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  /* Otherwise nobody could set a property to what is no number. */
  const GParamFlags any = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_LAX_VALIDATION;

  object_class->finalize = test_values_finalize;
  object_class->get_property = test_values_get_property;
  object_class->set_property = test_values_set_property;

  props[PROP_BOOLEAN] = g_param_spec_boolean ("boolean", NULL, NULL, FALSE, any);
  props[PROP_CHAR] = g_param_spec_char ("char", NULL, NULL, G_MININT8, G_MAXINT8, 0, any);
  props[PROP_UCHAR] = g_param_spec_uchar ("uchar", NULL, NULL, 0, G_MAXUINT8, 0, any);
  props[PROP_INT] = g_param_spec_int ("int", NULL, NULL, G_MININT, G_MAXINT, 0, any);
  props[PROP_UINT] = g_param_spec_uint ("uint", NULL, NULL, 0, G_MAXUINT, 0, any);
  props[PROP_LONG] = g_param_spec_long ("long", NULL, NULL, G_MINLONG, G_MAXLONG, 0, any);
  props[PROP_ULONG] = g_param_spec_ulong ("ulong", NULL, NULL, 0, G_MAXULONG, 0, any);
  props[PROP_INT64] = g_param_spec_int64 ("int64", NULL, NULL, G_MININT64, G_MAXINT64, 0, any);
  props[PROP_UINT64] = g_param_spec_uint64 ("uint64", NULL, NULL, 0, G_MAXUINT64, 0, any);
  props[PROP_FLOAT] = g_param_spec_float ("float", NULL, NULL, -INFINITY, INFINITY, 0, any);
  props[PROP_DOUBLE] = g_param_spec_double ("double", NULL, NULL, -INFINITY, INFINITY, 0, any);
  props[PROP_ENUM] = g_param_spec_enum ("enum", NULL, NULL, G_TYPE_BUS_TYPE, G_BUS_TYPE_NONE, any);
  props[PROP_FLAGS] = g_param_spec_flags ("flags", NULL, NULL, G_TYPE_APPLICATION_FLAGS, 0, any);
  props[PROP_UNICHAR] = g_param_spec_unichar ("unichar", NULL, NULL, 0, any);
  props[PROP_STRING] = g_param_spec_string ("string", NULL, NULL, NULL, any);
  props[PROP_STRV] = g_param_spec_boxed ("strv", NULL, NULL, G_TYPE_STRV, any);
  props[PROP_BYTES] = g_param_spec_boxed ("bytes", NULL, NULL, G_TYPE_BYTES, any);
  props[PROP_VARIANT] = g_param_spec_variant ("variant", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, any);
  props[PROP_DATE_TIME] = g_param_spec_boxed ("date-time", NULL, NULL, G_TYPE_DATE_TIME, any);
  props[PROP_GTYPE] = g_param_spec_gtype ("gtype", NULL, NULL, G_TYPE_NONE, any);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
test_values_init (TestValues *self)
{
  for (guint i = 1; i < G_N_ELEMENTS (props); i++)
    {
      g_value_init (&self->values[i], props[i]->value_type);
      g_param_value_set_default (props[i], &self->values[i]);
    }
}
