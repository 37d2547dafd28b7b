/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"
#include "mpel-wake-private.h"

/* Starting and ending. */

static void
session_ready_cb (gpointer loop)
{
  MpelEventLoop        *self = loop;
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  mpel_event_loop_tell_changes (self);
  mpel_event_loop_emit_worker_started (self);
  mpel_waiters_release (priv->starts, NULL);
  mpel_event_loop_fill (self);
}

static void
session_room_cb (gpointer loop)
{
  mpel_event_loop_fill (loop);
}

static MpelEventState
end_state_for (const GError *reason)
{
  gboolean lost = g_error_matches (reason, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST) ||
                  g_error_matches (reason, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);

  return lost ? MPEL_EVENT_STATE_LOST : MPEL_EVENT_STATE_FAILED;
}

static void
release_starts (MpelEventLoopPrivate *priv, const GError *reason)
{
  GError stopped = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was stopped before its worker was ready" };

  mpel_waiters_release (priv->starts, reason != NULL ? reason : &stopped);
}

/* An orderly end is what those who stopped the loop wait for; events that were added meanwhile
 * are a new worker's. After a loss, all events end with it, and stopping goes on from there. */
static void
session_gone_cb (const GError *reason, gpointer loop)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (loop);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (MpelSession) session = NULL;

  if (reason != NULL)
    {
      mpel_event_loop_end_sent (self, end_state_for (reason), reason);
      mpel_event_loop_end_queued (self, end_state_for (reason), reason);
    }
  session = g_steal_pointer (&priv->session);

  release_starts (priv, reason);
  if (!g_queue_is_empty (&priv->queue))
    mpel_event_loop_ensure_worker (self);
  mpel_event_loop_emit_worker_exited (self, reason != NULL ? reason->message : NULL);
  if (reason == NULL)
    {
      priv->stopping = FALSE;
      mpel_waiters_release (priv->stops, NULL);
    }
  mpel_event_loop_check_milestones (self);
}

static void
session_refused_cb (MpelEvent *event, gpointer loop)
{
  mpel_event_loop_end_here (loop, event);
}

static const MpelSessionCalls session_calls = { session_ready_cb, session_room_cb, session_gone_cb, session_refused_cb };

/* That a worker cannot be started is told like its loss: later, to all who wait for it. */
void
mpel_event_loop_ensure_worker (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (GMainContextPusher) pusher = NULL;
  g_autoptr (MpelSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (priv->session != NULL)
    return;

  pusher = g_main_context_pusher_new (priv->context);
  session = mpel_session_new (mpel_delivery_get_wake (priv->delivery), &session_calls, self);
  if (mpel_session_start (session, priv->launcher, &error))
    {
      priv->session = g_steal_pointer (&session);
      mpel_event_loop_tell_changes (self);
      return;
    }

  mpel_event_loop_end_queued (self, MPEL_EVENT_STATE_FAILED, error);
  mpel_waiters_release (priv->starts, error);
}

static void
leave_when_done (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (!priv->stopping || priv->n_pending > 0)
    return;
  if (priv->session != NULL)
    {
      mpel_session_leave (priv->session);
      return;
    }
  priv->stopping = FALSE;
  mpel_waiters_release (priv->stops, NULL);
}

/* After each slice of delivery and each change of the worker: who has waited for this? */
gboolean
mpel_event_loop_check_milestones (gpointer user_data)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (user_data);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  mpel_event_loop_fill (self);
  mpel_event_loop_tell_changes (self);
  if (priv->n_pending == 0)
    mpel_waiters_release (priv->waits, NULL);
  leave_when_done (self);
  mpel_event_loop_tell_changes (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
check_open (MpelEventLoop *self, GError **error)
{
  if (!mpel_event_loop_get_private (self)->closed)
    return TRUE;
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED, "The event loop is closed");
  return FALSE;
}

/**
 * mpel_event_loop_start:
 * @self: an event loop
 * @error: return location for an error
 *
 * Starts a worker if there is none, without waiting for it.
 *
 * Events added meanwhile wait in the queue. There is no need to call this: adding an event does
 * it. A worker that cannot be started is told to those events, and to
 * [method@EventLoop.start_async].
 *
 * Fails with [MPEL_LOOP_ERROR_CLOSED][error@LoopError] on a closed loop.
 *
 * Returns: whether the loop is running
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_start (MpelEventLoop *self, GError **error)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  if (!check_open (self, error))
    return FALSE;
  mpel_event_loop_ensure_worker (self);
  return TRUE;
}

/**
 * mpel_event_loop_start_async:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting, not the worker
 * @callback: (scope async) (closure user_data): called when the worker is ready
 * @user_data: handed to @callback
 *
 * Starts a worker if there is none, and tells when it is ready.
 *
 * Since: 0.1
 */
void
mpel_event_loop_start_async (MpelEventLoop *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  MpelEventLoopPrivate *priv;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  task = mpel_event_loop_new_task (self, mpel_event_loop_start_async, "[mpel] start", cancellable, callback, user_data);
  if (!check_open (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (priv->session != NULL && mpel_session_is_ready (priv->session))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  mpel_waiters_add (priv->starts, task);
  mpel_event_loop_ensure_worker (self);
}

/**
 * mpel_event_loop_start_finish:
 * @self: an event loop
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@EventLoop.start_async].
 *
 * Fails with [MPEL_LOOP_ERROR_SPAWN_FAILED][error@LoopError] if there is no such program, or it
 * ended or stayed silent; the message says how, and what it wrote last.
 *
 * Returns: whether the worker is ready
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_start_finish (MpelEventLoop *self, GAsyncResult *result, GError **error)
{
  return mpel_event_loop_finish (self, result, mpel_event_loop_start_async, error);
}

static void
stop_with_task (MpelEventLoop *self, GTask *task)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (priv->session == NULL && priv->n_pending == 0)
    {
      mpel_event_loop_tell_changes (self);
      g_task_return_boolean (task, TRUE);
      return;
    }

  priv->stopping = TRUE;
  mpel_waiters_add (priv->stops, task);
  mpel_event_loop_check_milestones (self);
}

/**
 * mpel_event_loop_stop_async:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting; the loop stops all the same
 * @callback: (scope async) (closure user_data): called when the worker is gone
 * @user_data: handed to @callback
 *
 * Lets the worker finish what is queued and leave.
 *
 * An event that is added later starts a new worker.
 *
 * Since: 0.1
 */
void
mpel_event_loop_stop_async (MpelEventLoop *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  task = mpel_event_loop_new_task (self, mpel_event_loop_stop_async, "[mpel] stop", cancellable, callback, user_data);
  stop_with_task (self, task);
}

/**
 * mpel_event_loop_stop_finish:
 * @self: an event loop
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@EventLoop.stop_async].
 *
 * Returns: whether the worker is gone; `FALSE` if the waiting was cancelled
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_stop_finish (MpelEventLoop *self, GAsyncResult *result, GError **error)
{
  return mpel_event_loop_finish (self, result, mpel_event_loop_stop_async, error);
}

/**
 * mpel_event_loop_stop:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting; the loop stops all the same
 * @error: return location for an error
 *
 * Lets the worker finish what is queued, and blocks until it is gone.
 *
 * Iterates the loop's [struct@GLib.MainContext] meanwhile. An event that is added later starts a
 * new worker.
 *
 * Returns: whether the worker is gone
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_stop (MpelEventLoop *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  if (!mpel_event_loop_check_thread (self, error))
    return FALSE;
  mpel_event_loop_stop_async (self, cancellable, mpel_event_loop_keep_result_cb, &result);
  mpel_event_loop_iterate_until (self, &result);
  return mpel_event_loop_stop_finish (self, result, error);
}

/**
 * mpel_event_loop_close_async:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting; the loop closes all the same
 * @callback: (scope async) (closure user_data): called when the worker is gone
 * @user_data: handed to @callback
 *
 * Stops the loop for good: from now on no event can be added.
 *
 * What is queued is finished. Closing a closed loop is no error.
 *
 * Since: 0.1
 */
void
mpel_event_loop_close_async (MpelEventLoop *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  mpel_event_loop_get_private (self)->closed = TRUE;
  task = mpel_event_loop_new_task (self, mpel_event_loop_close_async, "[mpel] close", cancellable, callback, user_data);
  stop_with_task (self, task);
}

/**
 * mpel_event_loop_close_finish:
 * @self: an event loop
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@EventLoop.close_async].
 *
 * Returns: whether the worker is gone; `FALSE` if the waiting was cancelled
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_close_finish (MpelEventLoop *self, GAsyncResult *result, GError **error)
{
  return mpel_event_loop_finish (self, result, mpel_event_loop_close_async, error);
}

/**
 * mpel_event_loop_close:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting; the loop closes all the same
 * @error: return location for an error
 *
 * Stops the loop for good, and blocks until the worker is gone.
 *
 * What is queued is finished; no event can be added any more. Iterates the loop's
 * [struct@GLib.MainContext] meanwhile. Closing a closed loop is no error.
 *
 * Returns: whether the worker is gone
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_close (MpelEventLoop *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  if (!mpel_event_loop_check_thread (self, error))
    return FALSE;
  mpel_event_loop_close_async (self, cancellable, mpel_event_loop_keep_result_cb, &result);
  mpel_event_loop_iterate_until (self, &result);
  return mpel_event_loop_close_finish (self, result, error);
}

/**
 * mpel_event_loop_terminate:
 * @self: an event loop
 *
 * Ends the worker at once, whatever it does.
 *
 * All pending events end with [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum], in a later turn of the
 * loop's [struct@GLib.MainContext]. The process gets `SIGTERM`, and `SIGKILL` if it is still there
 * after a second; use [method@EventLoop.stop_async] to learn when it is gone. An event that is
 * added later starts a new worker, unless the loop is closed.
 *
 * Since: 0.1
 */
void
mpel_event_loop_terminate (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;
  GError                error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was terminated" };

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  mpel_event_loop_end_sent (self, MPEL_EVENT_STATE_CANCELLED, &error);
  mpel_event_loop_end_queued (self, MPEL_EVENT_STATE_CANCELLED, &error);
  if (priv->session != NULL)
    mpel_session_terminate (priv->session);
  mpel_event_loop_tell_changes (self);
}
