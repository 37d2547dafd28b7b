/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-class-private.h"

#include "mpel-frame-private.h"
#include "mpel-plain-names-private.h"
#include "mpel-plain-values-private.h"

/* What D-Bus's descriptions are made of; each frees what is in it. */

static GDBusArgInfo *
arg_new (const char *name, const char *type)
{
  GDBusArgInfo *arg = g_new0 (GDBusArgInfo, 1);

  arg->ref_count = 1;
  arg->name = g_strdup (name);
  arg->signature = mpel_plain_get_type (type);
  return arg;
}

static GDBusArgInfo **
args_new (GDBusArgInfo *first, GDBusArgInfo *second)
{
  GDBusArgInfo **args = g_new0 (GDBusArgInfo *, 3);

  args[0] = first;
  args[1] = second;
  return args;
}

/* Every method takes and returns what events do; as does Call of org.mpel.Worker1. */
static GDBusMethodInfo *
method_new (char *member)
{
  GDBusMethodInfo *method = g_new0 (GDBusMethodInfo, 1);

  method->ref_count = 1;
  method->name = member;
  method->in_args = args_new (arg_new ("args", "av"), arg_new ("kwargs", "a{sv}"));
  method->out_args = args_new (arg_new ("results", "v"), NULL);
  return method;
}

static GDBusSignalInfo *
signal_new (char *member, GVariant *types)
{
  GDBusSignalInfo *signal = g_new0 (GDBusSignalInfo, 1);
  gsize            n = g_variant_n_children (types);

  signal->ref_count = 1;
  signal->name = member;
  signal->args = g_new0 (GDBusArgInfo *, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("arg%" G_GSIZE_FORMAT, i);
      const char      *type;

      g_variant_get_child (types, i, "&s", &type);
      signal->args[i] = arg_new (name, type);
    }

  return signal;
}

static GDBusPropertyInfo *
property_new (char *member, const char *type, guint flags)
{
  GDBusPropertyInfo *property = g_new0 (GDBusPropertyInfo, 1);

  property->ref_count = 1;
  property->name = member;
  property->signature = mpel_plain_get_type (type);
  if (flags & MPEL_PROPERTY_READABLE)
    property->flags |= G_DBUS_PROPERTY_INFO_FLAGS_READABLE;
  if (flags & MPEL_PROPERTY_WRITABLE)
    property->flags |= G_DBUS_PROPERTY_INFO_FLAGS_WRITABLE;
  return property;
}

/* Returns: (transfer full) (nullable): NULL when another has that already */
static char *
take_member (GHashTable *names, const char *name)
{
  g_autofree char *member = mpel_plain_name_to_member (name);

  if (g_hash_table_contains (names, member))
    return NULL;
  g_hash_table_insert (names, g_strdup (member), g_strdup (name));
  return g_steal_pointer (&member);
}

/* Lists have no value to show; nor has what can only be given when the object is made. */
static void
add_properties (MpelPlainClass *self, GVariant *properties)
{
  GPtrArray   *infos = g_ptr_array_new ();
  GVariantIter iter;
  const char  *name, *type;
  guint        flags;

  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_next (&iter, "(&s&s&su@mv)", &name, &type, NULL, &flags, NULL))
    {
      char *member = *type != '\0' && flags != 0 ? take_member (self->properties, name) : NULL;

      if (member != NULL)
        g_ptr_array_add (infos, property_new (member, type, flags));
    }

  g_ptr_array_add (infos, NULL);
  self->info->properties = (GDBusPropertyInfo **) g_ptr_array_free (infos, FALSE);
}

static void
add_signals (MpelPlainClass *self, GVariant *signals)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GPtrArray   *infos = g_ptr_array_new ();
  GVariantIter iter;
  const char  *name;
  GVariant    *types;

  g_variant_iter_init (&iter, signals);
  while (g_variant_iter_loop (&iter, "(&s@as)", &name, &types))
    {
      char *member = take_member (names, name);

      if (member != NULL)
        g_ptr_array_add (infos, signal_new (member, types));
    }

  g_ptr_array_add (infos, NULL);
  self->info->signals = (GDBusSignalInfo **) g_ptr_array_free (infos, FALSE);
}

static void
add_methods (MpelPlainClass *self, GVariant *methods)
{
  GPtrArray   *infos = g_ptr_array_new ();
  GVariantIter iter;
  const char  *name;

  g_variant_iter_init (&iter, methods);
  while (g_variant_iter_next (&iter, "&s", &name))
    {
      char *member = take_member (self->methods, name);

      if (member != NULL)
        g_ptr_array_add (infos, method_new (member));
    }

  g_ptr_array_add (infos, NULL);
  self->info->methods = (GDBusMethodInfo **) g_ptr_array_free (infos, FALSE);
}

MpelPlainClass *
mpel_plain_class_new (const char *interface, GVariant *description)
{
  MpelPlainClass *self = g_new0 (MpelPlainClass, 1);
  g_autoptr (GVariant) properties = g_variant_get_child_value (description, 0);
  g_autoptr (GVariant) signals = g_variant_get_child_value (description, 1);
  g_autoptr (GVariant) methods = g_variant_get_child_value (description, 2);

  self->description = g_variant_ref (description);
  self->properties = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->methods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->info = g_new0 (GDBusInterfaceInfo, 1);
  self->info->ref_count = 1;
  self->info->name = g_strdup (interface);
  add_properties (self, properties);
  add_signals (self, signals);
  add_methods (self, methods);
  return self;
}

void
mpel_plain_class_free (MpelPlainClass *self)
{
  g_clear_pointer (&self->description, g_variant_unref);
  g_clear_pointer (&self->info, g_dbus_interface_info_unref);
  g_clear_pointer (&self->properties, g_hash_table_unref);
  g_clear_pointer (&self->methods, g_hash_table_unref);
  g_free (self);
}

/* Returns: (transfer none) (nullable) */
const char *
mpel_plain_class_find_property (MpelPlainClass *self, const char *member)
{
  return g_hash_table_lookup (self->properties, member);
}

/* Returns: (transfer none) (nullable) */
const char *
mpel_plain_class_find_method (MpelPlainClass *self, const char *member)
{
  return g_hash_table_lookup (self->methods, member);
}
