/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-variables-private.h"

#include "mpel-loop-error.h"

#include <string.h>

typedef struct
{
  GObject  *object; /* (owned) (nullable) exactly one of the two is set */
  GVariant *value;  /* (owned) (nullable) */
} Variable;

struct _MpelVariables
{
  GHashTable *table; /* (owned) (owned) name → (owned) Variable */

  MpelVariableFunc func; /* (nullable) who else wants to know what there is */
  gpointer         func_data;
};

static void
variable_free (Variable *variable)
{
  g_clear_object (&variable->object);
  g_clear_pointer (&variable->value, g_variant_unref);
  g_free (variable);
}

static GHashTable *
make_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) variable_free);
}

MpelVariables *
mpel_variables_new (void)
{
  MpelVariables *self = g_new0 (MpelVariables, 1);

  self->table = make_table ();
  return self;
}

void
mpel_variables_free (MpelVariables *self)
{
  g_clear_pointer (&self->table, g_hash_table_unref);
  g_free (self);
}

/* An object that goes may look at the others. */
void
mpel_variables_clear (MpelVariables *self)
{
  g_autoptr (GHashTable) table = g_steal_pointer (&self->table);

  self->table = make_table ();
}

/* Who hears it may look at the object, and that may do anything. */
static void
tell_present (MpelVariables *self, const char *name)
{
  Variable *variable = g_hash_table_lookup (self->table, name);
  g_autoptr (GObject) object = NULL;
  g_autoptr (GVariant) value = NULL;

  if (self->func == NULL || variable == NULL)
    return;
  g_set_object (&object, variable->object);
  value = variable->value != NULL ? g_variant_ref (variable->value) : NULL;
  self->func (name, object, value, self->func_data);
}

/* The new one is there before the old one goes. */
void
mpel_variables_set (MpelVariables *self, const char *name, GObject *object, GVariant *value)
{
  Variable *variable;

  if (object == NULL && value == NULL)
    {
      if (g_hash_table_remove (self->table, name) && self->func != NULL)
        self->func (name, NULL, NULL, self->func_data);
      return;
    }

  variable = g_new0 (Variable, 1);
  variable->object = object != NULL ? g_object_ref_sink (object) : NULL;
  variable->value = value != NULL ? g_variant_ref_sink (value) : NULL;
  g_hash_table_replace (self->table, g_strdup (name), variable);
  tell_present (self, name);
}

/* @object: (out) (transfer none) (nullable); @value likewise. Returns whether there is such a one. */
gboolean
mpel_variables_find (MpelVariables *self, const char *name, GObject **object, GVariant **value)
{
  Variable *variable = g_hash_table_lookup (self->table, name);

  *object = variable != NULL ? variable->object : NULL;
  *value = variable != NULL ? variable->value : NULL;
  return variable != NULL;
}

static gboolean
refuse (const char *name, const char *reason, GError **error)
{
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "The variable “%s” %s", name, reason);
  return FALSE;
}

/* @object: (out) (transfer none) (nullable): what @value stands for, unless that is itself */
static gboolean
read_value (const char *name, GVariant *value, GPtrArray *objects, GObject **object, GError **error)
{
  gint32 handle;

  *object = NULL;
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    {
      if (strchr (g_variant_get_type_string (value), 'h') != NULL)
        return refuse (name, "has objects inside, which cannot be kept", error);
      return TRUE;
    }

  handle = g_variant_get_handle (value);
  if (objects == NULL || handle < 0 || (guint) handle >= objects->len)
    return refuse (name, "is an object that was not mentioned", error);
  *object = objects->pdata[handle];
  return TRUE;
}

static gboolean
check_all (GVariant *dict, GPtrArray *objects, GError **error)
{
  GVariantIter iter;
  const char  *name;
  GVariant    *value;
  gboolean     is_right = TRUE;

  if (!g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT))
    {
      g_set_error (error,
                   MPEL_LOOP_ERROR,
                   MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                   "Variables are saved from an “a{sv}”, not “%s”",
                   g_variant_get_type_string (dict));
      return FALSE;
    }

  g_variant_iter_init (&iter, dict);
  while (is_right && g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      GObject *object;

      is_right = read_value (name, value, objects, &object, error);
      g_variant_unref (value);
    }

  return is_right;
}

/* All of @dict or, with @error, nothing. @objects: (nullable): what handles in it stand for */
gboolean
mpel_variables_save (MpelVariables *self, GVariant *dict, GPtrArray *objects, GError **error)
{
  GVariantIter iter;
  const char  *name;
  GVariant    *value;

  if (!check_all (dict, objects, error))
    return FALSE;

  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      GObject *object;

      read_value (name, value, objects, &object, NULL);
      mpel_variables_set (self, name, object, object == NULL ? value : NULL);
      g_variant_unref (value);
    }

  return TRUE;
}

void
mpel_variables_set_func (MpelVariables *self, MpelVariableFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer       name;

  self->func = func;
  self->func_data = user_data;

  g_hash_table_iter_init (&iter, self->table);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  for (guint i = 0; i < names->len; i++)
    tell_present (self, names->pdata[i]);
}
