/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

/* What an application says of a loop, and what it may ask. */

/**
 * mpel_event_loop_get_name: (get-property name)
 * @self: an event loop
 *
 * Gets the loop's name.
 *
 * Returns: (transfer none) (nullable): the name
 *
 * Since: 0.1
 */
const char *
mpel_event_loop_get_name (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  return mpel_event_loop_get_private (self)->name;
}

/**
 * mpel_event_loop_set_name: (set-property name)
 * @self: an event loop
 * @name: (nullable): the name
 *
 * Sets a name for messages.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_name (MpelEventLoop *self, const char *name)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (g_strcmp0 (priv->name, name) == 0)
    return;
  g_free (priv->name);
  priv->name = g_strdup (name);
  g_object_notify (G_OBJECT (self), "name");
}

/**
 * mpel_event_loop_get_launcher: (get-property launcher)
 * @self: an event loop
 *
 * Gets what is started as the worker, and how.
 *
 * Returns: (transfer none): the launcher
 *
 * Since: 0.1
 */
MpelLauncher *
mpel_event_loop_get_launcher (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  return mpel_event_loop_get_private (self)->launcher;
}

/**
 * mpel_event_loop_set_launcher: (set-property launcher)
 * @self: an event loop
 * @launcher: the launcher
 *
 * Sets what is started as the worker, and how, from the next worker on.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_launcher (MpelEventLoop *self, MpelLauncher *launcher)
{
  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));
  g_return_if_fail (MPEL_IS_LAUNCHER (launcher));

  if (g_set_object (&mpel_event_loop_get_private (self)->launcher, launcher))
    g_object_notify (G_OBJECT (self), "launcher");
}

/**
 * mpel_event_loop_get_has_results: (get-property has-results)
 * @self: an event loop
 *
 * Tells whether results are sent back and handled.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_get_has_results (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  return mpel_event_loop_get_private (self)->has_results;
}

/**
 * mpel_event_loop_set_has_results: (set-property has-results)
 * @self: an event loop
 * @has_results: whether results are sent back and handled
 *
 * Sets whether results are sent back and handled.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_has_results (MpelEventLoop *self, gboolean has_results)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->has_results == !!has_results)
    return;
  priv->has_results = !!has_results;
  g_object_notify (G_OBJECT (self), "has-results");
}

/**
 * mpel_event_loop_get_delivery_priority: (get-property delivery-priority)
 * @self: an event loop
 *
 * Gets the priority at which ends are delivered.
 *
 * Returns: the priority of a [struct@GLib.Source]
 *
 * Since: 0.1
 */
int
mpel_event_loop_get_delivery_priority (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_delivery_get_priority (mpel_event_loop_get_private (self)->delivery);
}

/**
 * mpel_event_loop_set_delivery_priority: (set-property delivery-priority)
 * @self: an event loop
 * @delivery_priority: the priority of a [struct@GLib.Source]
 *
 * Sets the priority at which ends are delivered.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_delivery_priority (MpelEventLoop *self, int delivery_priority)
{
  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  if (mpel_event_loop_get_delivery_priority (self) == delivery_priority)
    return;
  mpel_delivery_set_priority (mpel_event_loop_get_private (self)->delivery, delivery_priority);
  g_object_notify (G_OBJECT (self), "delivery-priority");
}

/**
 * mpel_event_loop_get_delivery_slice: (get-property delivery-slice)
 * @self: an event loop
 *
 * Tells for how long ends are delivered before anything else gets its turn.
 *
 * Returns: microseconds
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_delivery_slice (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_delivery_get_slice (mpel_event_loop_get_private (self)->delivery);
}

/**
 * mpel_event_loop_set_delivery_slice: (set-property delivery-slice)
 * @self: an event loop
 * @delivery_slice: microseconds
 *
 * Sets for how long ends are delivered before anything else gets its turn.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_delivery_slice (MpelEventLoop *self, guint delivery_slice)
{
  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  if (mpel_event_loop_get_delivery_slice (self) == delivery_slice)
    return;
  mpel_delivery_set_slice (mpel_event_loop_get_private (self)->delivery, delivery_slice);
  g_object_notify (G_OBJECT (self), "delivery-slice");
}

/**
 * mpel_event_loop_is_running: (get-property running)
 * @self: an event loop
 *
 * Tells whether there is a worker process: starting, ready, or on its way out.
 *
 * Returns: whether there is
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_is_running (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  return mpel_event_loop_get_private (self)->sessions->len > 0;
}

/* What the one that has come farthest is doing. */
static MpelEventLoopState
get_workers_state (MpelEventLoopPrivate *priv)
{
  MpelEventLoopState state = MPEL_EVENT_LOOP_STATE_STOPPING;

  for (guint i = 0; i < priv->sessions->len; i++)
    {
      if (mpel_session_is_ready (priv->sessions->pdata[i]))
        return MPEL_EVENT_LOOP_STATE_READY;
      if (mpel_session_is_starting (priv->sessions->pdata[i]))
        state = MPEL_EVENT_LOOP_STATE_STARTING;
    }
  return state;
}

/**
 * mpel_event_loop_get_state: (get-property state)
 * @self: an event loop
 *
 * Tells what the loop is doing.
 *
 * Returns: its state
 *
 * Since: 0.1
 */
MpelEventLoopState
mpel_event_loop_get_state (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), MPEL_EVENT_LOOP_STATE_CLOSED);

  priv = mpel_event_loop_get_private (self);
  if (priv->sessions->len == 0)
    return priv->closed ? MPEL_EVENT_LOOP_STATE_CLOSED : MPEL_EVENT_LOOP_STATE_IDLE;
  if (priv->stopping || priv->closed)
    return MPEL_EVENT_LOOP_STATE_STOPPING;
  return get_workers_state (priv);
}

/**
 * mpel_event_loop_get_n_pending: (get-property n-pending)
 * @self: an event loop
 *
 * Tells how many events were added and are not delivered yet.
 *
 * Returns: their number
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_n_pending (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_event_loop_get_private (self)->n_pending;
}

/**
 * mpel_event_loop_get_worker_pid: (get-property worker-pid)
 * @self: an event loop
 *
 * Gets the process id of the worker, or of one of a pool's.
 *
 * Returns: the id, or 0 when there is no worker
 *
 * Since: 0.1
 */
int
mpel_event_loop_get_worker_pid (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  priv = mpel_event_loop_get_private (self);
  for (guint i = 0; i < priv->sessions->len; i++)
    if (mpel_session_is_live (priv->sessions->pdata[i]))
      return mpel_session_get_pid (priv->sessions->pdata[i]);
  return priv->sessions->len > 0 ? mpel_session_get_pid (priv->sessions->pdata[0]) : 0;
}
