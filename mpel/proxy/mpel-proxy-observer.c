/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-loop-error.h"
#include "mpel-value-private.h"

/* What the worker says of an object. What only another proxy of it, or one of before, has asked for may
 * come too, and is passed over. The proxy is held while it is told: who is notified may drop it. */

static gboolean
changed_cb (MpelRemote *remote, const char *name, gboolean is_getter, GVariant *value, gpointer proxy, GError **error)
{
  g_autoptr (MpelProxy) self = g_object_ref (proxy);

  if (!is_getter)
    return mpel_proxy_take_change (self, name, value, error);
  mpel_proxy_take_getter (self, name, value);
  return TRUE;
}

static void
show_cb (MpelRemote *remote, const char *name, gpointer proxy)
{
  g_autoptr (MpelProxy) self = g_object_ref (proxy);

  mpel_proxy_show_change (self, name);
}

static void
lost_cb (MpelRemote *remote, const GError *reason, gpointer proxy)
{
  const GError orderly = { MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, (char *) "The worker has left" };

  if (reason != NULL)
    mpel_proxy_end (proxy, MPEL_PROXY_STATE_LOST, reason);
  else
    mpel_proxy_end (proxy, MPEL_PROXY_STATE_GONE, &orderly);
}

/* Returns: (nullable): the name as it was declared, which stays */
static const char *
find_getter (MpelProxyPrivate *priv, const char *name)
{
  for (guint i = 0; priv->getters != NULL && priv->getters[i] != NULL; i++)
    if (g_str_equal (priv->getters[i], name))
      return priv->getters[i];
  return NULL;
}

void
mpel_proxy_take_getter (MpelProxy *self, const char *name, GVariant *value)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  const char       *declared = find_getter (priv, name);
  GVariant         *old = declared != NULL ? g_hash_table_lookup (priv->getter_values, declared) : NULL;

  if (declared == NULL || !mpel_proxy_is_open (self) || (old != NULL && g_variant_equal (old, value)))
    return;
  g_hash_table_insert (priv->getter_values, (gpointer) declared, g_variant_ref (value));
  mpel_proxy_emit_getter_changed (self, declared, value);
}

/* Returns: (transfer full): the instance and the parameters; or NULL with an error */
static GArray *
make_values (MpelProxy *self, const MpelOutlineSignal *signal, GVariant *params, GError **error)
{
  g_autoptr (GArray) values = g_array_sized_new (FALSE, TRUE, sizeof (GValue), signal->n_params + 1);

  g_array_set_clear_func (values, (GDestroyNotify) g_value_unset);
  g_array_set_size (values, signal->n_params + 1);
  g_value_init (&g_array_index (values, GValue, 0), G_OBJECT_TYPE (self));
  g_value_set_object (&g_array_index (values, GValue, 0), self);
  for (guint i = 0; i < signal->n_params; i++)
    g_value_init (&g_array_index (values, GValue, i + 1), signal->params[i]);

  for (guint i = 0; i < signal->n_params; i++)
    {
      g_autoptr (GVariant) param = g_variant_get_child_value (params, i);

      if (!mpel_value_from_variant (&g_array_index (values, GValue, i + 1), param, error))
        return NULL;
    }
  return g_steal_pointer (&values);
}

static gboolean
has_types (const MpelOutlineSignal *signal, GVariant *params)
{
  if (!g_variant_is_of_type (params, G_VARIANT_TYPE_TUPLE) || g_variant_n_children (params) != signal->n_params)
    return FALSE;
  for (guint i = 0; i < signal->n_params; i++)
    {
      g_autoptr (GVariant) param = g_variant_get_child_value (params, i);

      if (!g_variant_is_of_type (param, signal->types[i]))
        return FALSE;
    }
  return TRUE;
}

static void
emit (MpelProxy *self, const MpelOutlineSignal *signal, GVariant *params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) values = make_values (self, signal, params, &error);
  g_auto (GValue) answer = G_VALUE_INIT;

  if (values == NULL)
    {
      /* An enumeration that has other values here, say. */
      g_debug ("The signal “%s” of %s cannot be emitted here: %s", signal->name, G_OBJECT_TYPE_NAME (self), error->message);
      return;
    }
  if (signal->return_type != G_TYPE_NONE)
    g_value_init (&answer, signal->return_type);
  g_signal_emitv ((const GValue *) values->data, signal->id, 0, G_IS_VALUE (&answer) ? &answer : NULL);
}

/* Until it is ready it has not agreed with the worker on what a signal has. */
static gboolean
signalled_cb (MpelRemote *remote, const char *name, GVariant *params, gpointer proxy, GError **error)
{
  g_autoptr (MpelProxy) self = g_object_ref (proxy);
  MpelProxyPrivate        *priv = mpel_proxy_get_private (self);
  const MpelOutlineSignal *signal = g_hash_table_lookup (priv->outline->signals, name);

  if (signal == NULL || !mpel_proxy_is_open (self))
    return TRUE;
  if (has_types (signal, params))
    {
      emit (self, signal, params);
      mpel_proxy_emit_remote_signal (self, signal->name, params);
      return TRUE;
    }
  if (priv->state == MPEL_PROXY_STATE_CREATING)
    return TRUE;
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_PROTOCOL,
               "The signal “%s” came with parameters “%s”",
               name,
               g_variant_get_type_string (params));
  return FALSE;
}

static const MpelRemoteCalls calls = {
  .changed = changed_cb,
  .signalled = signalled_cb,
  .lost = lost_cb,
  .show = show_cb,
};

void
mpel_proxy_observe (MpelProxy *self)
{
  mpel_remote_add_observer (mpel_proxy_get_private (self)->remote, &calls, self);
}

void
mpel_proxy_unobserve (MpelProxy *self)
{
  MpelRemote *remote = mpel_proxy_get_private (self)->remote;

  if (remote != NULL)
    mpel_remote_remove_observer (remote, self);
}

/* Returns: (transfer none) (nullable): a proxy that stands for it and can be used */
MpelProxy *
mpel_proxy_find (MpelRemote *remote)
{
  for (GSList *l = mpel_remote_get_proxies (remote); l != NULL; l = l->next)
    {
      MpelProxy *proxy = l->data;

      if (mpel_proxy_get_private (proxy)->tie->proxy != NULL && mpel_proxy_is_open (proxy))
        return proxy;
    }
  return NULL;
}
