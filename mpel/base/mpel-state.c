/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-value-private.h"

#include "mpel-loop-error.h"

#include <string.h>

/* What the properties of an object hold, as a dictionary; and an object that holds the same. */

static gboolean
is_in_range (GParamSpec *pspec, const GValue *value)
{
  g_auto (GValue) copy = G_VALUE_INIT;

  g_value_init (&copy, G_VALUE_TYPE (value));
  g_value_copy (value, &copy);
  return !g_param_value_validate (pspec, &copy);
}

/* Where a type must be of some kind, nobody can set it to none: that is how objects are born. */
static gboolean
is_born_without_type (GParamSpec *pspec, const GValue *value)
{
  return G_VALUE_HOLDS_GTYPE (value) && g_value_get_gtype (value) == G_TYPE_INVALID && !is_in_range (pspec, value);
}

/* For pspecs, zeros of either sign are the same number, and what is none is the same as any. */
static gboolean
is_default (GParamSpec *pspec, const GValue *value)
{
  const GValue *other = g_param_spec_get_default_value (pspec);

  if (is_born_without_type (pspec, value))
    return TRUE;
  if (!g_param_value_defaults (pspec, value))
    return FALSE;
  if (G_VALUE_HOLDS_FLOAT (value))
    return memcmp (&value->data[0].v_float, &other->data[0].v_float, sizeof (float)) == 0;
  if (G_VALUE_HOLDS_DOUBLE (value))
    return memcmp (&value->data[0].v_double, &other->data[0].v_double, sizeof (double)) == 0;
  return TRUE;
}

static void
get_property (GObject *object, GParamSpec *pspec, GValue *value)
{
  g_value_init (value, pspec->value_type);
  g_object_get_property (object, pspec->name, value);
}

static gboolean
insert_property (GVariantDict *dict, GObject *object, GParamSpec *pspec, const GValue *value, GError **error)
{
  g_autoptr (GVariant) variant = mpel_value_to_variant (value, error);

  if (variant == NULL)
    {
      g_prefix_error (error, "Property “%s” of %s: ", pspec->name, G_OBJECT_TYPE_NAME (object));
      return FALSE;
    }

  g_variant_dict_insert_value (dict, pspec->name, variant);
  return TRUE;
}

static gboolean
is_state (GParamSpec *pspec, GType base)
{
  return (pspec->flags & G_PARAM_READWRITE) == G_PARAM_READWRITE &&
         pspec->owner_type != base &&
         g_type_is_a (pspec->owner_type, base);
}

/* An event must be whole; a copy of any other object has what can travel. */
static gboolean
is_left_out (GParamSpec *pspec, GType base)
{
  return base == G_TYPE_OBJECT && mpel_value_get_variant_type (pspec->value_type) == NULL;
}

GVariant *
mpel_value_collect_properties (GObject *object, GType base, GError **error)
{
  guint                   n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n_pspecs);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if (!is_state (pspecs[i], base) || is_left_out (pspecs[i], base))
        continue;
      get_property (object, pspecs[i], &value);
      if (!is_default (pspecs[i], &value) && !insert_property (&dict, object, pspecs[i], &value, error))
        return NULL;
    }

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* Properties of types that cannot travel are left out; a value that cannot is an error. */
GVariant *
mpel_value_collect_state (GObject *object, GError **error)
{
  guint                   n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n_pspecs);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if (!(pspecs[i]->flags & G_PARAM_READABLE) || mpel_value_get_variant_type (pspecs[i]->value_type) == NULL)
        continue;
      get_property (object, pspecs[i], &value);
      if (!insert_property (&dict, object, pspecs[i], &value, error))
        return NULL;
    }

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* What properties are to be set to: values that were checked, and in the same order their names. */
typedef struct
{
  GPtrArray *names;  /* (owned) of const char, the class's own */
  GArray    *values; /* (owned) of GValue */
} Settings;

static void
settings_init (Settings *self)
{
  self->names = g_ptr_array_new ();
  self->values = g_array_new (FALSE, TRUE, sizeof (GValue));
  g_array_set_clear_func (self->values, (GDestroyNotify) g_value_unset);
}

static void
settings_clear (Settings *self)
{
  g_ptr_array_unref (self->names);
  g_array_unref (self->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Settings, settings_clear)

static gboolean
check_unique (const Settings *self, GParamSpec *pspec, GError **error)
{
  if (!g_ptr_array_find_with_equal_func (self->names, pspec->name, g_str_equal, NULL))
    return TRUE;
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "Property “%s” is given twice", pspec->name);
  return FALSE;
}

/* Otherwise GObject would warn, and set something else or nothing. */
static gboolean
check_range (GParamSpec *pspec, const GValue *value, GError **error)
{
  if ((pspec->flags & G_PARAM_LAX_VALIDATION) || is_in_range (pspec, value))
    return TRUE;
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "The value is out of range");
  return FALSE;
}

static gboolean
settings_add (Settings *self, GObjectClass *klass, GParamSpec *pspec, GVariant *variant, GError **error)
{
  GValue *value;

  if (!check_unique (self, pspec, error))
    return FALSE;

  g_ptr_array_add (self->names, (gpointer) pspec->name);
  g_array_set_size (self->values, self->values->len + 1);
  value = &g_array_index (self->values, GValue, self->values->len - 1);
  g_value_init (value, pspec->value_type);
  if (mpel_value_from_variant (value, variant, error) && check_range (pspec, value, error))
    return TRUE;

  g_prefix_error (error, "Property “%s” of %s: ", pspec->name, G_OBJECT_CLASS_NAME (klass));
  return FALSE;
}

/* @but_not: what it must not be besides */
static GParamSpec *
find_writable (GObjectClass *klass, const char *name, GParamFlags but_not, GError **error)
{
  GParamSpec *pspec = g_object_class_find_property (klass, name);

  if (pspec != NULL && (pspec->flags & (G_PARAM_WRITABLE | but_not)) == G_PARAM_WRITABLE)
    return pspec;
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
               "%s has no writable property “%s”",
               G_OBJECT_CLASS_NAME (klass),
               name);
  return NULL;
}

/* @properties comes from the other process: every name and type in it is doubted. */
GObject *
mpel_value_construct (GType type, GVariant *properties, GError **error)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  g_auto (Settings) settings = { NULL, NULL };
  GVariantIter iter;
  const char  *name;
  GVariant    *child;

  settings_init (&settings);
  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &child))
    {
      g_autoptr (GVariant) variant = child;
      GParamSpec *pspec = find_writable (G_OBJECT_CLASS (klass), name, 0, error);

      if (pspec == NULL || !settings_add (&settings, G_OBJECT_CLASS (klass), pspec, variant, error))
        return NULL;
    }

  return g_object_new_with_properties (type,
                                       settings.values->len,
                                       (const char **) settings.names->pdata,
                                       (const GValue *) settings.values->data);
}

static gboolean
has_value (GObject *object, GParamSpec *pspec, GVariant *variant)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GVariant) present = NULL;

  if (!(pspec->flags & G_PARAM_READABLE))
    return FALSE;
  get_property (object, pspec, &value);
  present = mpel_value_to_variant (&value, NULL);
  return present != NULL && g_variant_equal (present, variant);
}

/* What the object has already is not set again: nobody is to hear of a change that is none. Its
 * state has more than can be set, and a class of the same name may have more there than here. */
gboolean
mpel_value_apply_state (GObject *object, GVariant *state, GError **error)
{
  GObjectClass *klass = G_OBJECT_GET_CLASS (object);
  g_auto (Settings) settings = { NULL, NULL };
  GVariantIter iter;
  const char  *name;
  GVariant    *child;

  settings_init (&settings);
  g_variant_iter_init (&iter, state);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &child))
    {
      g_autoptr (GVariant) variant = child;
      GParamSpec *pspec = g_object_class_find_property (klass, name);

      if (pspec == NULL || (pspec->flags & (G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY)) != G_PARAM_WRITABLE ||
          has_value (object, pspec, variant))
        continue;
      if (!settings_add (&settings, klass, pspec, variant, error))
        return FALSE;
    }

  g_object_setv (object, settings.values->len, (const char **) settings.names->pdata, (const GValue *) settings.values->data);
  return TRUE;
}

/* Likewise doubted; nothing is set unless all of it is right. */
gboolean
mpel_value_set_property (GObject *object, const char *name, GVariant *variant, GError **error)
{
  GObjectClass *klass = G_OBJECT_GET_CLASS (object);
  GParamSpec   *pspec = find_writable (klass, name, G_PARAM_CONSTRUCT_ONLY, error);
  g_auto (Settings) settings = { NULL, NULL };

  settings_init (&settings);
  if (pspec == NULL || !settings_add (&settings, klass, pspec, variant, error))
    return FALSE;
  g_object_set_property (object, pspec->name, &g_array_index (settings.values, GValue, 0));
  return TRUE;
}

/* Returns: (transfer full) (nullable): NULL with an error when it cannot be read, or cannot travel */
GVariant *
mpel_value_get_property (GObject *object, const char *name, GError **error)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), name);
  g_auto (GValue) value = G_VALUE_INIT;
  GVariant *variant;

  if (pspec == NULL || !(pspec->flags & G_PARAM_READABLE))
    {
      g_set_error (error,
                   MPEL_LOOP_ERROR,
                   MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                   "%s has no readable property “%s”",
                   G_OBJECT_TYPE_NAME (object),
                   name);
      return NULL;
    }

  get_property (object, pspec, &value);
  variant = mpel_value_to_variant (&value, error);
  if (variant == NULL)
    g_prefix_error (error, "Property “%s” of %s: ", pspec->name, G_OBJECT_TYPE_NAME (object));
  return variant;
}
