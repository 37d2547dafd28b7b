/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

/* What an application says of an event, and may not change while a loop has it. */

/**
 * mpel_event_get_target: (get-property target)
 * @self: an event
 *
 * Gets the name of what to run in the worker.
 *
 * Returns: (transfer none) (nullable): the name
 *
 * Since: 0.1
 */
const char *
mpel_event_get_target (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->target;
}

static gboolean
set_string (char **field, const char *string)
{
  if (g_strcmp0 (*field, string) == 0)
    return FALSE;
  g_free (*field);
  *field = g_strdup (string);
  return TRUE;
}

/**
 * mpel_event_set_target: (set-property target)
 * @self: an event that is not pending
 * @target: (nullable): the name
 *
 * Sets the name of what to run in the worker.
 *
 * Since: 0.1
 */
void
mpel_event_set_target (MpelEvent *self, const char *target)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  if (set_string (&mpel_event_get_private (self)->target, target))
    g_object_notify (G_OBJECT (self), "target");
}

/**
 * mpel_event_get_args: (get-property args)
 * @self: an event
 *
 * Gets the positional arguments.
 *
 * Returns: (transfer none) (nullable): a tuple, or `NULL` for none
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_args (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->args;
}

static gboolean
set_variant (GVariant **field, GVariant *variant)
{
  if (*field == variant)
    return FALSE;
  g_clear_pointer (field, g_variant_unref);
  *field = variant != NULL ? g_variant_ref_sink (variant) : NULL;
  return TRUE;
}

/**
 * mpel_event_set_args: (set-property args)
 * @self: an event that is not pending
 * @args: (nullable): a tuple; a floating reference is taken
 *
 * Sets the positional arguments.
 *
 * Since: 0.1
 */
void
mpel_event_set_args (MpelEvent *self, GVariant *args)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  if (set_variant (&mpel_event_get_private (self)->args, args))
    g_object_notify (G_OBJECT (self), "args");
}

/**
 * mpel_event_get_kwargs: (get-property kwargs)
 * @self: an event
 *
 * Gets the named arguments.
 *
 * Returns: (transfer none) (nullable): an `a{sv}`, or `NULL` for none
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_kwargs (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->kwargs;
}

/**
 * mpel_event_set_kwargs: (set-property kwargs)
 * @self: an event that is not pending
 * @kwargs: (nullable): an `a{sv}`; a floating reference is taken
 *
 * Sets the named arguments.
 *
 * Since: 0.1
 */
void
mpel_event_set_kwargs (MpelEvent *self, GVariant *kwargs)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  if (set_variant (&mpel_event_get_private (self)->kwargs, kwargs))
    g_object_notify (G_OBJECT (self), "kwargs");
}

/**
 * mpel_event_get_event_key: (get-property event-key)
 * @self: an event
 *
 * Gets the string that the application recognises the event by.
 *
 * Returns: (transfer none) (nullable): the key
 *
 * Since: 0.1
 */
const char *
mpel_event_get_event_key (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->event_key;
}

/**
 * mpel_event_set_event_key: (set-property event-key)
 * @self: an event
 * @event_key: (nullable): the key
 *
 * Sets a string that the application recognises the event by.
 *
 * It stays in the host.
 *
 * Since: 0.1
 */
void
mpel_event_set_event_key (MpelEvent *self, const char *event_key)
{
  g_return_if_fail (MPEL_IS_EVENT (self));

  if (set_string (&mpel_event_get_private (self)->event_key, event_key))
    g_object_notify (G_OBJECT (self), "event-key");
}

/**
 * mpel_event_get_has_output: (get-property has-output)
 * @self: an event
 *
 * Tells whether results are sent back and handled.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_event_get_has_output (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return mpel_event_get_private (self)->has_output;
}

/**
 * mpel_event_set_has_output: (set-property has-output)
 * @self: an event that is not pending
 * @has_output: whether results are sent back and handled
 *
 * Sets whether results are sent back and handled.
 *
 * Since: 0.1
 */
void
mpel_event_set_has_output (MpelEvent *self, gboolean has_output)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  priv = mpel_event_get_private (self);
  if (priv->has_output == !!has_output)
    return;
  priv->has_output = !!has_output;
  g_object_notify (G_OBJECT (self), "has-output");
}

/**
 * mpel_event_get_priority: (get-property priority)
 * @self: an event
 *
 * Gets the event's priority among those that wait in the host.
 *
 * Returns: the priority; higher goes first
 *
 * Since: 0.1
 */
int
mpel_event_get_priority (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), 0);

  return mpel_event_get_private (self)->priority;
}

/**
 * mpel_event_set_priority: (set-property priority)
 * @self: an event that is not pending
 * @priority: the priority; higher goes first
 *
 * Sets the event's priority among those that wait in the host.
 *
 * Since: 0.1
 */
void
mpel_event_set_priority (MpelEvent *self, int priority)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  priv = mpel_event_get_private (self);
  if (priv->priority == priority)
    return;
  priv->priority = priority;
  g_object_notify (G_OBJECT (self), "priority");
}

/**
 * mpel_event_get_timeout: (get-property timeout)
 * @self: an event
 *
 * Tells how long the event may take.
 *
 * Returns: milliseconds from when it is added; 0 for as long as it likes, -1 for what the loop says
 *
 * Since: 0.1
 */
int
mpel_event_get_timeout (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), -1);

  return mpel_event_get_private (self)->timeout;
}

/**
 * mpel_event_set_timeout: (set-property timeout)
 * @self: an event that is not pending
 * @timeout: milliseconds from when it is added; 0 for as long as it likes, -1 for what the loop says
 *
 * Sets how long the event may take.
 *
 * Since: 0.1
 */
void
mpel_event_set_timeout (MpelEvent *self, int timeout)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (timeout >= -1);
  g_return_if_fail (!mpel_event_is_added (self));

  priv = mpel_event_get_private (self);
  if (priv->timeout == timeout)
    return;
  priv->timeout = timeout;
  g_object_notify (G_OBJECT (self), "timeout");
}

/**
 * mpel_event_get_max_retries: (get-property max-retries)
 * @self: an event
 *
 * Tells how many times the event may run again after its worker was lost.
 *
 * Returns: the number of times
 *
 * Since: 0.1
 */
guint
mpel_event_get_max_retries (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), 0);

  return mpel_event_get_private (self)->max_retries;
}

/**
 * mpel_event_set_max_retries: (set-property max-retries)
 * @self: an event that is not pending
 * @max_retries: the number of times
 *
 * Sets how many times the event may run again after its worker was lost.
 *
 * Since: 0.1
 */
void
mpel_event_set_max_retries (MpelEvent *self, guint max_retries)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  priv = mpel_event_get_private (self);
  if (priv->max_retries == max_retries)
    return;
  priv->max_retries = max_retries;
  g_object_notify (G_OBJECT (self), "max-retries");
}

/**
 * mpel_event_get_cancellable: (get-property cancellable)
 * @self: an event
 *
 * Gets what cancels the event.
 *
 * Returns: (transfer none) (nullable): the cancellable
 *
 * Since: 0.1
 */
GCancellable *
mpel_event_get_cancellable (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->cancellable;
}

/**
 * mpel_event_set_cancellable: (set-property cancellable)
 * @self: an event that is not pending
 * @cancellable: (nullable): the cancellable; one may serve many events
 *
 * Sets what cancels the event.
 *
 * It may be cancelled from any thread.
 *
 * Since: 0.1
 */
void
mpel_event_set_cancellable (MpelEvent *self, GCancellable *cancellable)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (!mpel_event_is_added (self));

  if (g_set_object (&mpel_event_get_private (self)->cancellable, cancellable))
    g_object_notify (G_OBJECT (self), "cancellable");
}

/**
 * mpel_event_get_pull: (get-property pull)
 * @self: an event
 *
 * Tells whether the values that the event yields are kept for [method@Event.next_async].
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_event_get_pull (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return mpel_event_get_private (self)->pull;
}

/**
 * mpel_event_set_pull: (set-property pull)
 * @self: an event that is not pending
 * @pull: whether they are kept
 *
 * Sets whether the values that the event yields are kept for [method@Event.next_async].
 *
 * Since: 0.1
 */
void
mpel_event_set_pull (MpelEvent *self, gboolean pull)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  priv = mpel_event_get_private (self);
  if (priv->pull == !!pull)
    return;
  priv->pull = !!pull;
  g_object_notify (G_OBJECT (self), "pull");
}
