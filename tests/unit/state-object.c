/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "state-object.h"

#include "mpel-value-private.h"

#include <gio/gio.h>
#include <math.h>

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

GValue *
test_state_peek (gpointer object, const char *name)
{
  return &TEST_STATE (object)->values[g_object_class_find_property (G_OBJECT_GET_CLASS (object), name)->param_id];
}

char *
test_state_collect (gpointer object)
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

GObject *
test_state_construct (const char *text)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GError) error = NULL;
  GObject *object = mpel_value_construct (TEST_TYPE_STATE, state, &error);

  g_assert_no_error (error);
  g_assert_true (TEST_IS_STATE (object));
  return object;
}
