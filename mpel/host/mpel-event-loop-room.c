/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"

/* A loop may take only so many events. Who has more to add waits for room, or is refused. */

static gboolean
has_room (MpelEventLoopPrivate *priv)
{
  return priv->max_pending == 0 || priv->n_pending < priv->max_pending;
}

gboolean
mpel_event_loop_check_room (MpelEventLoop *self, GError **error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (has_room (priv))
    return TRUE;
  priv->was_full = TRUE;
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_FULL,
               "%u events are pending, and the loop takes no more than %u",
               priv->n_pending,
               priv->max_pending);
  return FALSE;
}

/* The task's data is the event. */
static void
add_and_answer (GTask *task)
{
  GError *error = NULL;

  if (mpel_event_loop_add_event (g_task_get_source_object (task), g_task_get_task_data (task), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Those who wait have their turn, in order; then others are told. */
void
mpel_event_loop_use_room (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  while (has_room (priv) && !mpel_waiters_is_empty (priv->rooms))
    {
      g_autoptr (GTask) task = mpel_waiters_steal_first (priv->rooms);

      /* Who was cancelled may not have been told yet. */
      if (!g_task_return_error_if_cancelled (task))
        add_and_answer (task);
    }

  if (priv->max_pending > 0 && priv->n_pending >= priv->max_pending)
    priv->was_full = TRUE;
  else if (priv->was_full && (priv->max_pending == 0 || priv->n_pending <= priv->max_pending / 2))
    {
      priv->was_full = FALSE;
      mpel_event_loop_emit_drained (self);
    }
}

/* Nothing more will be added. */
void
mpel_event_loop_refuse_room (MpelEventLoop *self)
{
  g_autoptr (GError) error = NULL;

  if (!mpel_event_loop_check_open (self, &error))
    mpel_waiters_release (mpel_event_loop_get_private (self)->rooms, error);
}

/**
 * mpel_event_loop_get_can_add: (get-property can-add)
 * @self: an event loop
 *
 * Tells whether there is room for one more event, see [property@EventLoop:max-pending].
 *
 * Returns: whether there is; `FALSE` on a closed loop
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_get_can_add (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  priv = mpel_event_loop_get_private (self);
  return !priv->closed && has_room (priv);
}

/**
 * mpel_event_loop_add_event_async:
 * @self: an event loop
 * @event: an event that is not pending
 * @cancellable: (nullable): ends the waiting; an event that was added is not cancelled by it
 * @callback: (scope async) (closure user_data): called when the event has been added
 * @user_data: handed to @callback
 *
 * Adds an event as soon as there is room for it.
 *
 * Those who wait are served in order, once in a turn of the main context; one who calls
 * [method@EventLoop.add_event] meanwhile may be faster. See [property@EventLoop:max-pending]; without
 * it there always is room.
 *
 * Since: 0.1
 */
void
mpel_event_loop_add_event_async (MpelEventLoop *self, MpelEvent *event, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  MpelEventLoopPrivate *priv;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));
  g_return_if_fail (MPEL_IS_EVENT (event));

  priv = mpel_event_loop_get_private (self);
  task = mpel_event_loop_new_task (self, mpel_event_loop_add_event_async, "[mpel] add event", cancellable, callback, user_data);
  g_task_set_task_data (task, g_object_ref (event), g_object_unref);
  /* Who was told that it was added can rely on that. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (!mpel_event_loop_check_open (self, &error))
    g_task_return_error (task, error);
  else if (has_room (priv) && mpel_waiters_is_empty (priv->rooms))
    add_and_answer (task);
  else
    {
      mpel_waiters_add (priv->rooms, task);
      mpel_event_loop_ask_for_turn (self);
    }
}

/**
 * mpel_event_loop_add_event_finish:
 * @self: an event loop
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@EventLoop.add_event_async].
 *
 * Fails as [method@EventLoop.add_event] does, but never for want of room; with
 * [MPEL_LOOP_ERROR_CLOSED][error@LoopError] also if the loop was closed meanwhile, and with
 * [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum] if the waiting was cancelled or the loop terminated.
 *
 * Returns: whether the event was added
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_add_event_finish (MpelEventLoop *self, GAsyncResult *result, GError **error)
{
  return mpel_event_loop_finish (self, result, mpel_event_loop_add_event_async, error);
}
