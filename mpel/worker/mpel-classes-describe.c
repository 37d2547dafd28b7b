/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-classes-private.h"

#include "mpel-frame-private.h"
#include "mpel-value-private.h"

/* What a host must know to picture an object of a class: only what can travel. */

static guint32
get_flags (GParamSpec *pspec)
{
  guint32 flags = 0;

  if (pspec->flags & G_PARAM_READABLE)
    flags |= MPEL_PROPERTY_READABLE;
  if ((pspec->flags & G_PARAM_WRITABLE) && !(pspec->flags & G_PARAM_CONSTRUCT_ONLY))
    flags |= MPEL_PROPERTY_WRITABLE;
  return flags;
}

/* Returns: (transfer floating) */
static GVariant *
make_default (GParamSpec *pspec, gboolean can_travel)
{
  g_autoptr (GVariant) value = can_travel ? mpel_value_to_variant (g_param_spec_get_default_value (pspec), NULL) : NULL;

  return g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, value != NULL ? g_variant_new_variant (value) : NULL);
}

static void
describe_property (GParamSpec *pspec, GVariantBuilder *builder)
{
  const GVariantType *type = mpel_value_get_variant_type (pspec->value_type);
  g_autofree char    *string = NULL;

  if (type == NULL && !g_type_is_a (pspec->value_type, G_TYPE_LIST_MODEL))
    return;
  string = type != NULL ? g_variant_type_dup_string (type) : g_strdup ("");
  g_variant_builder_add (builder,
                         "(sssu@mv)",
                         pspec->name,
                         string,
                         g_type_name (pspec->value_type),
                         get_flags (pspec),
                         make_default (pspec, type != NULL));
}

static GVariant *
describe_properties (GType type)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  guint                   n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_CLASS (klass), &n_pspecs);
  GVariantBuilder         builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sssumv)"));
  for (guint i = 0; i < n_pspecs; i++)
    describe_property (pspecs[i], &builder);
  return g_variant_builder_end (&builder);
}

/* Returns: (transfer floating) (nullable): NULL when one of them cannot travel */
static GVariant *
describe_params (const GSignalQuery *query)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < query->n_params; i++)
    {
      const GVariantType *type = mpel_value_get_variant_type (query->param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE);

      if (type == NULL)
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add_value (&builder, g_variant_new_take_string (g_variant_type_dup_string (type)));
    }

  return g_variant_builder_end (&builder);
}

static void
describe_own_signals (GType type, GVariantBuilder *builder)
{
  guint             n_ids;
  g_autofree guint *ids = g_signal_list_ids (type, &n_ids);

  for (guint i = 0; i < n_ids; i++)
    {
      GSignalQuery query;
      GVariant    *params;

      g_signal_query (ids[i], &query);
      params = describe_params (&query);
      if (params != NULL)
        g_variant_builder_add (builder, "(s@as)", query.signal_name, params);
    }
}

/* GObject's own say nothing that the host does not hear otherwise. */
static GVariant *
describe_signals (GType type)
{
  g_autofree GType *interfaces = g_type_interfaces (type, NULL);
  GVariantBuilder   builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sas)"));
  for (GType at = type; at != G_TYPE_OBJECT; at = g_type_parent (at))
    describe_own_signals (at, &builder);
  for (guint i = 0; interfaces[i] != G_TYPE_INVALID; i++)
    describe_own_signals (interfaces[i], &builder);
  return g_variant_builder_end (&builder);
}

static GVariant *
describe_methods (MpelClasses *self, GType type)
{
  g_autoptr (GList) names = mpel_classes_list_methods (self, type);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (GList *at = names; at != NULL; at = at->next)
    g_variant_builder_add (&builder, "s", at->data);
  return g_variant_builder_end (&builder);
}

GVariant *
mpel_classes_describe (MpelClasses *self, GType type)
{
  /* Signals are there once the class is. */
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);

  return g_variant_ref_sink (g_variant_new ("(@a(sssumv)@a(sas)@as)",
                                            describe_properties (type),
                                            describe_signals (type),
                                            describe_methods (self, type)));
}
