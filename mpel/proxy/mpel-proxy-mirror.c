/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-value-private.h"

/* A property on its way:
 *
 *   here: note_local → send_write → … → written_cb: take_answer → settle
 *   there: take_change → settle → show_change
 *
 * While writes are under way the worker tells of values that were overwritten here; they are only
 * noted, or the property would flicker back. */

static const MpelOutlineProperty *
get_property (MpelProxyPrivate *priv, guint index)
{
  return mpel_proxy_outline_get_property (priv->outline, index);
}

static void
set_variant (GVariant **place, GVariant *value)
{
  GVariant *old = *place;

  *place = value != NULL ? g_variant_ref (value) : NULL;
  g_clear_pointer (&old, g_variant_unref);
}

static gboolean
is_same (GVariant *a, GVariant *b)
{
  return a != NULL && b != NULL && g_variant_equal (a, b);
}

/* Returns: (nullable): NULL too as long as it is not constructed */
MpelProxyMirror *
mpel_proxy_get_mirror (MpelProxy *self, const char *name)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  guint             index;

  if (priv->mirrors == NULL || !mpel_proxy_outline_find (priv->outline, name, &index))
    return NULL;
  return &priv->mirrors[index];
}

void
mpel_proxy_clear_mirrors (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  for (guint i = 0; priv->mirrors != NULL && i < priv->outline->properties->len; i++)
    {
      set_variant (&priv->mirrors[i].value, NULL);
      set_variant (&priv->mirrors[i].told, NULL);
      set_variant (&priv->mirrors[i].local, NULL);
      set_variant (&priv->mirrors[i].instead, NULL);
    }
  g_clear_pointer (&priv->mirrors, g_free);
}

/* Returns: (transfer full): or NULL with an error */
static GVariant *
read_local (MpelProxy *self, guint index, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  GParamSpec       *pspec = get_property (priv, index)->pspec;
  g_auto (GValue) value = G_VALUE_INIT;

  if (priv->mirrors[index].local != NULL)
    return g_variant_ref (priv->mirrors[index].local);
  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (self), pspec->name, &value);
  return mpel_value_to_variant (&value, error);
}

/* The value has been validated: what is out of the declared range is not the worker's fault. */
static void
set_local (MpelProxy *self, GParamSpec *pspec, GVariant *variant)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_value_init (&value, pspec->value_type);
  if (!mpel_value_from_variant (&value, variant, &error))
    {
      g_debug ("Property “%s” of %s cannot be shown: %s", pspec->name, G_OBJECT_TYPE_NAME (self), error->message);
      return;
    }
  g_param_value_validate (pspec, &value);
  g_object_set_property (G_OBJECT (self), pspec->name, &value);
}

/* The first notification that follows is of this, and no write; another one may be, of somebody who
 * was notified and writes again. */
static void
show (MpelProxy *self, guint index)
{
  MpelProxyPrivate          *priv = mpel_proxy_get_private (self);
  MpelProxyMirror           *mirror = &priv->mirrors[index];
  const MpelOutlineProperty *property = get_property (priv, index);

  mirror->is_applying = TRUE;
  set_variant (&mirror->instead, NULL);
  if (property->is_runtime)
    {
      set_variant (&mirror->local, mirror->value);
      g_object_notify_by_pspec (G_OBJECT (self), property->pspec);
    }
  else if (property->is_writable)
    set_local (self, property->pspec, mirror->value);
  else
    g_object_notify_by_pspec (G_OBJECT (self), property->pspec);
}

/* If nothing was notified, it may be later: notifications are frozen. A setter that
 * has made something else of the value is no write either. */
static void
end_applying (MpelProxy *self, guint index)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  MpelProxyMirror  *mirror = &priv->mirrors[index];
  g_autoptr (GVariant) local = NULL;

  if (!mirror->is_applying)
    return;
  mirror->is_applying = FALSE;
  if (get_property (priv, index)->is_writable)
    local = read_local (self, index, NULL);
  if (local != NULL && !is_same (mirror->value, local))
    set_variant (&mirror->instead, local);
}

static void
show_one (MpelProxy *self, guint index)
{
  show (self, index);
  end_applying (self, index);
}

/* Nothing is under way: what was told last is what it is. Returns whether it is to be shown. */
static gboolean
settle (MpelProxyMirror *mirror)
{
  if (mirror->n_pending > 0 || mirror->told == NULL || is_same (mirror->value, mirror->told))
    return FALSE;
  set_variant (&mirror->value, mirror->told);
  return TRUE;
}

/* What the worker has not taken is taken back, unless it was written again. */
static void
refuse_write (MpelProxy *self, guint index, const GError *error)
{
  MpelProxyMirror *mirror = &mpel_proxy_get_private (self)->mirrors[index];

  if (mirror->n_pending == 0 && mirror->told != NULL)
    {
      set_variant (&mirror->value, mirror->told);
      show_one (self, index);
    }
  mpel_proxy_emit_write_failed (self, get_property (mpel_proxy_get_private (self), index)->pspec->name, error);
}

/* The results say what the property is now. */
static gboolean
take_answer (MpelProxy *self, guint index, GVariant *results, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  g_autoptr (GVariant) value = NULL;

  if (results != NULL && g_variant_is_of_type (results, G_VARIANT_TYPE_VARIANT))
    value = g_variant_get_variant (results);
  if (value == NULL || !g_variant_is_of_type (value, get_property (priv, index)->type))
    {
      g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The worker did not tell what the property is");
      return FALSE;
    }
  set_variant (&priv->mirrors[index].told, value);
  return TRUE;
}

/* Does the object have the property, as far as anybody knows? */
static gboolean
may_be_remote (MpelProxyPrivate *priv, guint index)
{
  return priv->mirrors[index].is_remote || priv->state == MPEL_PROXY_STATE_CREATING;
}

/* A write that is lost with its worker is told by the state; one of a property that the worker does
 * not have was none. */
static gboolean
is_failure (MpelProxyPrivate *priv, guint index, MpelEvent *event)
{
  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_LOST || mpel_remote_is_lost (priv->remote))
    return FALSE;
  return may_be_remote (priv, index);
}

static void
written (MpelProxy *self, guint index, MpelEvent *event, GVariant *results, const GError *error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  MpelProxyMirror  *mirror = &priv->mirrors[index];
  g_autoptr (GError) nonsense = NULL;

  mirror->n_pending--;
  if (mirror->last_write == event)
    mirror->last_write = NULL;
  if (error == NULL && !take_answer (self, index, results, &nonsense))
    error = nonsense;

  if (error == NULL)
    {
      if (settle (mirror))
        show_one (self, index);
    }
  else if (is_failure (priv, index, event))
    refuse_write (self, index, error);
}

static void
written_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  MpelProxyTie *tie = user_data;
  g_autoptr (MpelProxy) self = tie->proxy != NULL ? g_object_ref (tie->proxy) : NULL;
  const char *name;
  guint       index;

  if (self == NULL || !mpel_proxy_is_open (self))
    return;
  g_variant_get_child (mpel_event_get_args (event), 0, "&s", &name);
  if (mpel_proxy_outline_find (mpel_proxy_get_private (self)->outline, name, &index))
    written (self, index, event, results, error);
}

/* A write that has not left yet, with nothing behind it that could have seen it, is the same write. */
static gboolean
join_last_write (MpelProxyMirror *mirror, GVariant *args)
{
  return mirror->last_write != NULL && mpel_event_replace_args (mirror->last_write, args);
}

static void
send_write (MpelProxy *self, guint index)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  MpelProxyMirror  *mirror = &priv->mirrors[index];
  g_autoptr (GVariant) args = NULL;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  args = g_variant_ref_sink (g_variant_new ("(sv)", get_property (priv, index)->pspec->name, mirror->value));
  if (join_last_write (mirror, args))
    return;
  event = mpel_event_new_hidden (priv->remote, MPEL_BUILTIN_SET, args);
  if (!mpel_proxy_add_hidden (priv->loop, event, written_cb, priv->tie, &error))
    {
      refuse_write (self, index, error);
      return;
    }
  mirror->n_pending++;
  mirror->last_write = event;
}

static gboolean
is_ours (MpelProxyPrivate *priv, guint index)
{
  return get_property (priv, index)->is_writable && may_be_remote (priv, index);
}

/* @pspec: any that was notified; a subclass may have put another in place of one of ours */
static gboolean
find_mirrored (MpelProxyPrivate *priv, GParamSpec *pspec, guint *index)
{
  return priv->outline != NULL && mpel_proxy_outline_find (priv->outline, pspec->name, index) &&
         get_property (priv, *index)->pspec == pspec;
}

/* A property was notified. Was it written here? */
void
mpel_proxy_note_local (MpelProxy *self, GParamSpec *pspec)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  MpelProxyMirror  *mirror;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_shown;
  guint    index;

  if (!find_mirrored (priv, pspec, &index))
    return;
  mirror = &priv->mirrors[index];
  if (mirror->is_applying)
    {
      mirror->is_applying = FALSE;
      return;
    }
  if (!mpel_proxy_is_open (self) || !is_ours (priv, index))
    return;

  value = read_local (self, index, &error);
  if (value == NULL)
    {
      refuse_write (self, index, error);
      return;
    }
  is_shown = is_same (mirror->value, value) || is_same (mirror->instead, value);
  set_variant (&mirror->instead, NULL);
  if (is_shown)
    return;
  mirror->is_due = FALSE;
  set_variant (&mirror->value, value);
  send_write (self, index);
}

static gboolean
check_type (MpelProxyPrivate *priv, guint index, GVariant *value, int code, GError **error)
{
  const MpelOutlineProperty *property = get_property (priv, index);

  if (g_variant_is_of_type (value, property->type))
    return TRUE;
  g_set_error (error,
               MPEL_LOOP_ERROR,
               code,
               "The property “%s”, which is declared as %s, is “%s” in the worker",
               property->pspec->name,
               g_type_name (property->pspec->value_type),
               g_variant_get_type_string (value));
  return FALSE;
}

/* Until it is ready it has not agreed with the worker on what a property is. Nobody hears of it yet. */
gboolean
mpel_proxy_take_change (MpelProxy *self, const char *name, GVariant *value, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  guint             index;

  if (!mpel_proxy_is_open (self) || !mpel_proxy_outline_find (priv->outline, name, &index))
    return TRUE;
  if (!check_type (priv, index, value, MPEL_LOOP_ERROR_PROTOCOL, error))
    {
      if (priv->state != MPEL_PROXY_STATE_CREATING)
        return FALSE;
      g_clear_error (error);
      return TRUE;
    }

  priv->mirrors[index].is_remote = TRUE;
  set_variant (&priv->mirrors[index].told, value);
  if (settle (&priv->mirrors[index]))
    priv->mirrors[index].is_due = TRUE;
  return TRUE;
}

/* Other proxies of the object know of it too: what bindings now give them is no write. */
void
mpel_proxy_show_change (MpelProxy *self, const char *name)
{
  MpelProxyMirror *mirror = mpel_proxy_get_mirror (self, name);

  if (mirror == NULL || !mirror->is_due)
    return;
  mirror->is_due = FALSE;
  show_one (self, (guint) (mirror - mpel_proxy_get_private (self)->mirrors));
}

/* Are the values of the types that were declared? */
gboolean
mpel_proxy_check_values (MpelProxy *self, GVariant *values, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  GVariantIter      iter;
  const char       *name;
  GVariant         *value;
  guint             index;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    if (mpel_proxy_outline_find (priv->outline, name, &index) && !check_type (priv, index, value, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, error))
      {
        g_variant_unref (value);
        return FALSE;
      }
  return TRUE;
}

/* Those whose setters did not notify anything must not be taken for the next write. */
void
mpel_proxy_end_applying (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  for (guint i = 0; priv->mirrors != NULL && i < priv->outline->properties->len; i++)
    end_applying (self, i);
}

/* Those that the object does not have are the proxy's own. */
static void
part_with_local (MpelProxyPrivate *priv)
{
  for (guint i = 0; i < priv->outline->properties->len; i++)
    if (!priv->mirrors[i].is_remote)
      set_variant (&priv->mirrors[i].value, NULL);
}

/* All that the object has; what was written here meanwhile wins. The notifications are frozen; once they
 * are not, end_applying. */
void
mpel_proxy_take_values (MpelProxy *self, GVariant *values)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  GVariantIter      iter;
  const char       *name;
  GVariant         *value;
  guint             index;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      if (!mpel_proxy_outline_find (priv->outline, name, &index))
        continue;
      priv->mirrors[index].is_remote = TRUE;
      set_variant (&priv->mirrors[index].told, value);
      if (settle (&priv->mirrors[index]))
        show (self, index);
    }
  part_with_local (priv);
}

/**
 * mpel_proxy_get_cached_property:
 * @self: a proxy
 * @name: the name of a property that the type of the proxy declares
 *
 * Gets what a property is in the worker, as far as it is known here.
 *
 * Getters of properties that are declared read-only answer with it. While a write is under way it is
 * what was written.
 *
 * Returns: (transfer none) (nullable): the value, or `NULL` if there is none yet
 *
 * Since: 0.1
 */
GVariant *
mpel_proxy_get_cached_property (MpelProxy *self, const char *name)
{
  GParamSpec      *pspec;
  MpelProxyMirror *mirror;

  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  /* By whatever spelling. */
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), name);
  mirror = pspec != NULL ? mpel_proxy_get_mirror (self, pspec->name) : NULL;
  return mirror != NULL ? mirror->value : NULL;
}

/**
 * mpel_proxy_get_getter_value:
 * @self: a proxy
 * @name: the name of one of the [property@Proxy:getters]
 *
 * Gets what a getter of the object returned last.
 *
 * Returns: (transfer none) (nullable): the value, or `NULL` if there is none yet
 *
 * Since: 0.1
 */
GVariant *
mpel_proxy_get_getter_value (MpelProxy *self, const char *name)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (mpel_proxy_get_private (self)->getter_values, name);
}
