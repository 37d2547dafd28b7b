/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

/* How long events may take, how many there may be, and how long workers stay; and who else hears of
 * the events, or looks at them. */

/**
 * mpel_event_loop_get_cancel_grace: (get-property cancel-grace)
 * @self: an event loop
 *
 * Tells how long an event may go on after it was cancelled or has timed out.
 *
 * Returns: milliseconds; 0 for as long as it likes
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_cancel_grace (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_event_loop_get_private (self)->cancel_grace_ms;
}

/**
 * mpel_event_loop_set_cancel_grace: (set-property cancel-grace)
 * @self: an event loop
 * @cancel_grace: milliseconds; 0 for as long as it likes
 *
 * Sets how long an event may go on after it was cancelled or has timed out.
 *
 * It holds for events that are cancelled afterwards.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_cancel_grace (MpelEventLoop *self, guint cancel_grace)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->cancel_grace_ms == cancel_grace)
    return;
  priv->cancel_grace_ms = cancel_grace;
  g_object_notify (G_OBJECT (self), "cancel-grace");
}

/**
 * mpel_event_loop_get_event_timeout: (get-property event-timeout)
 * @self: an event loop
 *
 * Tells how long each event may take from when it is added.
 *
 * Returns: milliseconds; 0 for as long as it likes
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_event_timeout (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_event_loop_get_private (self)->event_timeout_ms;
}

/**
 * mpel_event_loop_set_event_timeout: (set-property event-timeout)
 * @self: an event loop
 * @event_timeout: milliseconds; 0 for as long as it likes
 *
 * Sets how long each event may take that is added afterwards.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_event_timeout (MpelEventLoop *self, guint event_timeout)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->event_timeout_ms == event_timeout)
    return;
  priv->event_timeout_ms = event_timeout;
  g_object_notify (G_OBJECT (self), "event-timeout");
}

/**
 * mpel_event_loop_get_max_pending: (get-property max-pending)
 * @self: an event loop
 *
 * Tells how many events may be pending.
 *
 * Returns: their number; 0 for any
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_max_pending (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_event_loop_get_private (self)->max_pending;
}

/**
 * mpel_event_loop_set_max_pending: (set-property max-pending)
 * @self: an event loop
 * @max_pending: their number; 0 for any
 *
 * Sets how many events may be pending. Those that are stay.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_max_pending (MpelEventLoop *self, guint max_pending)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->max_pending == max_pending)
    return;
  priv->max_pending = max_pending;
  g_object_notify (G_OBJECT (self), "max-pending");
  mpel_event_loop_ask_for_turn (self);
}

/**
 * mpel_event_loop_get_idle_timeout: (get-property idle-timeout)
 * @self: an event loop
 *
 * Tells after how long without work a worker leaves.
 *
 * Returns: milliseconds; 0 for never
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_idle_timeout (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_event_loop_get_private (self)->idle_timeout_ms;
}

/**
 * mpel_event_loop_set_idle_timeout: (set-property idle-timeout)
 * @self: an event loop
 * @idle_timeout: milliseconds; 0 for never
 *
 * Sets after how long without work a worker leaves.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_idle_timeout (MpelEventLoop *self, guint idle_timeout)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->idle_timeout_ms == idle_timeout)
    return;
  priv->idle_timeout_ms = idle_timeout;
  g_object_notify (G_OBJECT (self), "idle-timeout");
  mpel_event_loop_ask_for_turn (self);
}

/**
 * mpel_event_loop_get_max_events_per_worker: (get-property max-events-per-worker)
 * @self: an event loop
 *
 * Tells after how many events a worker is replaced.
 *
 * Returns: their number; 0 for never
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_max_events_per_worker (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_event_loop_get_private (self)->max_events_per_worker;
}

/**
 * mpel_event_loop_set_max_events_per_worker: (set-property max-events-per-worker)
 * @self: an event loop
 * @max_events_per_worker: their number; 0 for never
 *
 * Sets after how many events a worker is replaced.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_max_events_per_worker (MpelEventLoop *self, guint max_events_per_worker)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->max_events_per_worker == max_events_per_worker)
    return;
  priv->max_events_per_worker = max_events_per_worker;
  g_object_notify (G_OBJECT (self), "max-events-per-worker");
}

/**
 * mpel_event_loop_get_prestart: (get-property prestart)
 * @self: an event loop
 *
 * Tells whether workers are started before there is work for them.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_get_prestart (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  return mpel_event_loop_get_private (self)->prestart;
}

/**
 * mpel_event_loop_set_prestart: (set-property prestart)
 * @self: an event loop
 * @prestart: whether they are
 *
 * Sets whether workers are started before there is work for them.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_prestart (MpelEventLoop *self, gboolean prestart)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->prestart == !!prestart)
    return;
  priv->prestart = !!prestart;
  mpel_event_loop_want_more (priv);
  g_object_notify (G_OBJECT (self), "prestart");
  mpel_event_loop_ask_for_turn (self);
}

/**
 * mpel_event_loop_get_consumer: (get-property consumer)
 * @self: an event loop
 *
 * Gets the loop whose handlers hear of this loop's events.
 *
 * Returns: (transfer none) (nullable): the loop, or `NULL` if they are its own
 *
 * Since: 0.1
 */
MpelEventLoop *
mpel_event_loop_get_consumer (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  return mpel_event_loop_get_private (self)->consumer;
}

/* Does what @self delivers come to @other in the end? */
static gboolean
leads_to (MpelEventLoop *self, MpelEventLoop *other)
{
  for (; self != NULL; self = mpel_event_loop_get_private (self)->consumer)
    if (self == other)
      return TRUE;
  return FALSE;
}

/**
 * mpel_event_loop_set_consumer: (set-property consumer)
 * @self: an event loop
 * @consumer: (nullable): a loop of the same main context, which does not lead back here; or `NULL`
 *
 * Sets the loop whose handlers hear of this loop's events.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_consumer (MpelEventLoop *self, MpelEventLoop *consumer)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));
  g_return_if_fail (consumer == NULL || MPEL_IS_EVENT_LOOP (consumer));
  g_return_if_fail (!leads_to (consumer, self));

  priv = mpel_event_loop_get_private (self);
  g_return_if_fail (consumer == NULL || mpel_event_loop_get_private (consumer)->context == priv->context);

  if (g_set_object (&priv->consumer, consumer))
    g_object_notify (G_OBJECT (self), "consumer");
}

static void
list_all (MpelEventLoopPrivate *priv, MpelEventList *list)
{
  g_autoptr (GPtrArray) events = mpel_event_loop_get_all (priv);

  for (guint i = 0; i < events->len; i++)
    mpel_event_list_add (list, events->pdata[i]);
  mpel_event_list_update (list);
}

/**
 * mpel_event_loop_get_events:
 * @self: an event loop
 *
 * Lists the events that are pending and the last hundred that ended, for a window to show.
 *
 * They are in the order in which they were added; one that is added again keeps its place while it is
 * still listed. The list changes once in a turn of the main context; what comes and goes within one
 * turn is never seen. What there is to show of an item are properties of [class@Event], such as its
 * state and its progress.
 *
 * The list lives as long as somebody holds it: one that is asked for again later begins with the
 * events that are pending then.
 *
 * Returns: (transfer full): a list of [class@Event]
 *
 * Since: 0.1
 */
GListModel *
mpel_event_loop_get_events (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  priv = mpel_event_loop_get_private (self);
  if (priv->list != NULL)
    return G_LIST_MODEL (g_object_ref (priv->list));

  priv->list = mpel_event_list_new ();
  g_object_add_weak_pointer (G_OBJECT (priv->list), (gpointer *) &priv->list);
  list_all (priv, priv->list);
  return G_LIST_MODEL (priv->list);
}
