/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-outline-private.h"

#include "mpel-loop-error.h"
#include "mpel-proxy.h"
#include "mpel-value-private.h"

/* Of each class below MpelProxy: the properties and signals that can travel. Those that cannot stay
 * the subclass's own affair. */

static GMutex lock;

static GQuark
outline_quark (void)
{
  return g_quark_from_static_string ("mpel-proxy-outline");
}

static GQuark
runtime_quark (void)
{
  return g_quark_from_static_string ("mpel-proxy-runtime");
}

static gboolean
is_declared (GParamSpec *pspec)
{
  return pspec->owner_type != MPEL_TYPE_PROXY && g_type_is_a (pspec->owner_type, MPEL_TYPE_PROXY);
}

static void
add_property (MpelProxyOutline *self, GObjectClass *klass, const char *name)
{
  /* What is notified, also of a property that an interface has. */
  GParamSpec         *pspec = g_object_class_find_property (klass, name);
  const GVariantType *type = mpel_value_get_variant_type (pspec->value_type);
  GParamFlags         when = pspec->flags & (G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY);
  gboolean            is_runtime = g_type_get_qdata (pspec->owner_type, runtime_quark ()) != NULL;
  MpelOutlineProperty property = { pspec, type, when == G_PARAM_WRITABLE, is_runtime };

  if (type == NULL || !(pspec->flags & G_PARAM_READABLE))
    return;
  g_hash_table_insert (self->property_indices, (gpointer) pspec->name, GUINT_TO_POINTER (self->properties->len));
  g_array_append_val (self->properties, property);
  g_ptr_array_add (self->property_names, (gpointer) pspec->name);
}

static void
add_properties (MpelProxyOutline *self, GObjectClass *klass)
{
  guint                   n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (klass, &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++)
    if (is_declared (pspecs[i]))
      add_property (self, klass, pspecs[i]->name);
}

static void
outline_signal_free (MpelOutlineSignal *signal)
{
  g_free (signal->params);
  g_free ((gpointer) signal->types);
  g_free (signal);
}

/* Returns: (nullable): NULL if not all of its parameters can travel */
static MpelOutlineSignal *
outline_signal_new (guint id)
{
  MpelOutlineSignal   *signal;
  const GVariantType **types;
  GSignalQuery         query;

  g_signal_query (id, &query);
  types = g_new0 (const GVariantType *, query.n_params + 1);
  signal = g_new0 (MpelOutlineSignal, 1);
  signal->name = query.signal_name;
  signal->id = id;
  signal->n_params = query.n_params;
  signal->return_type = query.return_type & ~G_SIGNAL_TYPE_STATIC_SCOPE;
  signal->params = g_new0 (GType, query.n_params + 1);
  signal->types = types;
  for (guint i = 0; i < query.n_params; i++)
    {
      signal->params[i] = query.param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE;
      types[i] = mpel_value_get_variant_type (signal->params[i]);
      if (types[i] != NULL)
        continue;
      outline_signal_free (signal);
      return NULL;
    }
  return signal;
}

static void
add_signals (MpelProxyOutline *self, GType type)
{
  guint             n_ids;
  g_autofree guint *ids = g_signal_list_ids (type, &n_ids);

  for (guint i = 0; i < n_ids; i++)
    {
      MpelOutlineSignal *signal = outline_signal_new (ids[i]);

      if (signal == NULL || g_hash_table_contains (self->signals, signal->name))
        {
          g_clear_pointer (&signal, outline_signal_free);
          continue;
        }
      g_hash_table_insert (self->signals, (gpointer) signal->name, signal);
      g_ptr_array_add (self->signal_names, (gpointer) signal->name);
    }
}

/* The class is kept too: its pspecs are used. */
static MpelProxyOutline *
outline_new (GType type)
{
  MpelProxyOutline *self = g_new0 (MpelProxyOutline, 1);

  self->properties = g_array_new (FALSE, FALSE, sizeof (MpelOutlineProperty));
  self->property_indices = g_hash_table_new (g_str_hash, g_str_equal);
  self->property_names = g_ptr_array_new ();
  self->signals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) outline_signal_free);
  self->signal_names = g_ptr_array_new ();
  add_properties (self, g_type_class_ref (type));
  for (GType t = type; t != MPEL_TYPE_PROXY; t = g_type_parent (t))
    add_signals (self, t);
  g_ptr_array_add (self->property_names, NULL);
  g_ptr_array_add (self->signal_names, NULL);
  return self;
}

const MpelProxyOutline *
mpel_proxy_outline_get (GType type)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  MpelProxyOutline *self = g_type_get_qdata (type, outline_quark ());

  if (self == NULL)
    {
      self = outline_new (type);
      g_type_set_qdata (type, outline_quark (), self);
    }
  return self;
}

void
mpel_proxy_outline_mark_runtime (GType type)
{
  g_type_set_qdata (type, runtime_quark (), GINT_TO_POINTER (TRUE));
}

gboolean
mpel_proxy_outline_find (const MpelProxyOutline *self, const char *name, guint *index)
{
  gpointer value;

  if (!g_hash_table_lookup_extended (self->property_indices, name, NULL, &value))
    return FALSE;
  *index = GPOINTER_TO_UINT (value);
  return TRUE;
}

static gboolean
check_property (const MpelProxyOutline *self, const char *name, const char *type, GError **error)
{
  const MpelOutlineProperty *property;
  g_autofree char           *declared = NULL;
  guint                      index;

  if (!mpel_proxy_outline_find (self, name, &index))
    return TRUE;
  property = mpel_proxy_outline_get_property (self, index);
  declared = g_variant_type_dup_string (property->type);
  if (g_str_equal (declared, type))
    return TRUE;
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
               "The property “%s” is declared as %s, which travels as “%s”; in the worker it is “%s”",
               name,
               g_type_name (property->pspec->value_type),
               declared,
               type);
  return FALSE;
}

static gboolean
has_params (const MpelOutlineSignal *signal, GVariant *params)
{
  if (g_variant_n_children (params) != signal->n_params)
    return FALSE;
  for (guint i = 0; i < signal->n_params; i++)
    {
      const char *type;

      g_variant_get_child (params, i, "&s", &type);
      if (!g_variant_type_string_is_valid (type) || !g_variant_type_equal (signal->types[i], G_VARIANT_TYPE (type)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_signal (const MpelProxyOutline *self, const char *name, GVariant *params, GError **error)
{
  const MpelOutlineSignal *signal = g_hash_table_lookup (self->signals, name);
  g_autofree char         *printed = NULL;

  if (signal == NULL || has_params (signal, params))
    return TRUE;
  printed = g_variant_print (params, FALSE);
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
               "The signal “%s” is declared with other parameters than it has in the worker: %s",
               name,
               printed);
  return FALSE;
}

/* Is what is declared as it is in the worker? What the worker does not have does not matter. */
gboolean
mpel_proxy_outline_check (const MpelProxyOutline *self, GVariant *description, GError **error)
{
  g_autoptr (GVariant) properties = g_variant_get_child_value (description, 0);
  g_autoptr (GVariant) signals = g_variant_get_child_value (description, 1);

  for (gsize i = 0; i < g_variant_n_children (properties); i++)
    {
      g_autoptr (GVariant) property = g_variant_get_child_value (properties, i);
      const char *name, *type;

      g_variant_get_child (property, 0, "&s", &name);
      g_variant_get_child (property, 1, "&s", &type);
      if (!check_property (self, name, type, error))
        return FALSE;
    }
  for (gsize i = 0; i < g_variant_n_children (signals); i++)
    {
      g_autoptr (GVariant) params = NULL;
      g_autoptr (GVariant) signal = g_variant_get_child_value (signals, i);
      const char *name;

      g_variant_get (signal, "(&s@as)", &name, &params);
      if (!check_signal (self, name, params, error))
        return FALSE;
    }
  return TRUE;
}
