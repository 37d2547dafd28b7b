/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-frame-private.h"
#include "mpel-pspec-private.h"
#include "mpel-value-private.h"

/* Types that have all that a class in the worker has. They stay for good, so the same description
 * always makes the same type: its name ends with a digest. What the worker says is doubted; what cannot
 * be is left out. */

/* More than any signal has. */
#define MAX_PARAMS 32

#define DIGEST_LENGTH 16

static GMutex lock;

static void
get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelProxyMirror *mirror = mpel_proxy_get_mirror (MPEL_PROXY (object), pspec->name);

  if (mirror == NULL || mirror->local == NULL || !mpel_value_from_variant (value, mirror->local, NULL))
    g_param_value_set_default (pspec, value);
}

/* What was written is looked at when it is notified. A type that is derived from this one may set
 * something before there is a place for it: then the object's value is what counts. */
static void
set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelProxy       *self = MPEL_PROXY (object);
  MpelProxyMirror *mirror = mpel_proxy_get_mirror (self, pspec->name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) old = NULL;
  GVariant *variant;

  if (mirror == NULL)
    return;
  variant = mpel_value_to_variant (value, &error);
  if (variant == NULL)
    {
      mpel_proxy_emit_write_failed (self, pspec->name, error);
      return;
    }
  old = g_steal_pointer (&mirror->local);
  mirror->local = variant;
  if (old == NULL || !g_variant_equal (old, variant))
    g_object_notify_by_pspec (object, pspec);
}

/* What objects can do in some language: a property of that name would hide it. */
static const char *const reserved[] = {
  "bind_property",
  "bind_property_full",
  "chain",
  "compat_control",
  "connect",
  "connect_after",
  "connect_data",
  "connect_object",
  "connect_object_after",
  "constructor",
  "disconnect",
  "disconnect_by_func",
  "emit",
  "emit_stop_by_name",
  "force_floating",
  "freeze_notify",
  "get_data",
  "get_properties",
  "get_property",
  "get_qdata",
  "getv",
  "handler_block",
  "handler_block_by_func",
  "handler_disconnect",
  "handler_is_connected",
  "handler_unblock",
  "handler_unblock_by_func",
  "init",
  "interface_find_property",
  "interface_install_property",
  "interface_list_properties",
  "is_floating",
  "list_properties",
  "newv",
  "find_property",
  "notify",
  "notify_by_pspec",
  "override_property",
  "props",
  "ref",
  "ref_sink",
  "replace_data",
  "replace_qdata",
  "run_dispose",
  "set",
  "set_data",
  "set_properties",
  "set_property",
  "steal_data",
  "steal_qdata",
  "stop_emission",
  "stop_emission_by_name",
  "thaw_notify",
  "toString",
  "to_string",
  "tostring",
  "unref",
  "valueOf",
  "value_of",
  "watch_closure",
  "weak_ref",
  "weak_unref",
  "init_async",
  "init_finish",
  "new_async",
  "new_finish",
  "new_for_variable_async",
  "new_for_variable_finish",
  "get_for_result",
  "register_type",
  "get_loop",
  "get_remote_class",
  "get_variable",
  "get_remote_id",
  "get_getters",
  "get_remote_properties",
  "get_state",
  "get_error",
  "get_cached_property",
  "get_getter_value",
  "call",
  "call_async",
  "call_finish",
  "call_object_async",
  "call_object_finish",
  NULL,
};

static gboolean
is_reserved (const char *name)
{
  g_autofree char *as_method = g_strdelimit (g_strdup (name), "-", '_');

  return g_strv_contains (reserved, as_method);
}

static gboolean
can_install (GObjectClass *klass, const char *name, guint flags)
{
  return (flags & MPEL_PROPERTY_READABLE) != 0 && g_param_spec_is_valid_name (name) && strchr (name, '_') == NULL &&
         !is_reserved (name) && g_object_class_find_property (klass, name) == NULL;
}

static void
install_property (GObjectClass *klass, guint id, GVariant *property)
{
  g_autoptr (GVariant) fallback = NULL;
  GParamSpec *pspec = NULL;
  const char *name, *type, *type_name;
  guint       flags;

  g_variant_get (property, "(&s&s&sumv)", &name, &type, &type_name, &flags, &fallback);
  if (can_install (klass, name, flags))
    pspec = mpel_pspec_new (name, mpel_pspec_choose_type (type, type_name), (flags & MPEL_PROPERTY_WRITABLE) != 0, fallback);
  if (pspec != NULL)
    g_object_class_install_property (klass, id, pspec);
  else
    g_debug ("%s is without the property “%s” of type “%s”", G_OBJECT_CLASS_NAME (klass), name, type);
}

/* Returns: whether there is a type for each of the parameters */
static gboolean
choose_params (GVariant *params, GType *types)
{
  for (gsize i = 0; i < g_variant_n_children (params); i++)
    {
      const char *type;

      g_variant_get_child (params, i, "&s", &type);
      types[i] = mpel_pspec_choose_type (type, NULL);
      if (types[i] == G_TYPE_INVALID)
        return FALSE;
    }
  return TRUE;
}

static void
install_signal (GType type, GVariant *signal)
{
  GType types[MAX_PARAMS];
  g_autoptr (GVariant) params = NULL;
  const char *name;
  gsize       n_params;

  g_variant_get (signal, "(&s@as)", &name, &params);
  n_params = g_variant_n_children (params);
  if (g_signal_is_valid_name (name) && g_signal_lookup (name, type) == 0 && n_params <= MAX_PARAMS && choose_params (params, types))
    g_signal_newv (name, type, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL, G_TYPE_NONE, (guint) n_params, types);
  else
    g_debug ("%s is without the signal “%s”", g_type_name (type), name);
}

static void
class_init (gpointer klass, gpointer class_data)
{
  GObjectClass *object_class = klass;
  g_autoptr (GVariant) properties = g_variant_get_child_value (class_data, 0);
  g_autoptr (GVariant) signals = g_variant_get_child_value (class_data, 1);

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  for (gsize i = 0; i < g_variant_n_children (properties); i++)
    {
      g_autoptr (GVariant) property = g_variant_get_child_value (properties, i);

      install_property (object_class, (guint) i + 1, property);
    }
  for (gsize i = 0; i < g_variant_n_children (signals); i++)
    {
      g_autoptr (GVariant) signal = g_variant_get_child_value (signals, i);

      install_signal (G_TYPE_FROM_CLASS (klass), signal);
    }
}

/* Such as MpelProxy+Point+0123456789abcdef. */
static char *
make_type_name (const char *class_name, GVariant *description)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *readable = g_strcanon (g_strdup (class_name), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_+", '_');

  g_checksum_update (checksum, (const guchar *) class_name, (gssize) strlen (class_name) + 1);
  g_checksum_update (checksum, g_variant_get_data (description), (gssize) g_variant_get_size (description));
  return g_strdup_printf ("MpelProxy+%s+%.*s", readable, DIGEST_LENGTH, g_checksum_get_string (checksum));
}

/* @description: MPEL_CLASS_VARIANT_TYPE */
GType
mpel_proxy_runtime_get_type (const char *class_name, GVariant *description)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GVariant) normal = g_variant_get_normal_form (description);
  g_autofree char *name = make_type_name (class_name, normal);
  GType            type = g_type_from_name (name);
  GTypeQuery       parent;
  GTypeInfo        info = { .class_init = class_init };

  if (type != G_TYPE_INVALID)
    return type;

  g_type_query (MPEL_TYPE_PROXY, &parent);
  info.class_size = (guint16) parent.class_size;
  info.instance_size = (guint16) parent.instance_size;
  info.class_data = g_steal_pointer (&normal);
  type = g_type_register_static (MPEL_TYPE_PROXY, name, &info, 0);
  mpel_proxy_outline_mark_runtime (type);
  return type;
}
