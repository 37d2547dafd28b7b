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

/* After a loss all events end with it. After an orderly end, which was told to whoever waited for
 * a start when it began, there may be events and starts that came since: a new worker's. The
 * session goes first, since whoever is told of an end may do anything. */
static void
session_gone_cb (const GError *reason, gpointer loop)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (loop);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (MpelSession) session = g_steal_pointer (&priv->session);
  int     pid = mpel_session_get_pid (session);
  guint64 last = priv->last_serial;
  GError  left = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The worker was asked to leave" };

  if (reason == NULL)
    mpel_event_loop_end_sent (self, session, MPEL_EVENT_STATE_CANCELLED, &left);
  else
    {
      mpel_event_loop_end_sent (self, session, end_state_for (reason), reason);
      mpel_event_loop_end_queued (self, last, end_state_for (reason), reason);
      mpel_waiters_release (priv->starts, reason);
    }
  mpel_event_loop_emit_worker_exited (self, pid, reason);

  if (priv->will_restart && !priv->closed)
    {
      mpel_waiters_release (priv->stops, NULL);
      mpel_event_loop_ensure_worker (self, NULL);
    }
  else if (!mpel_waiters_is_empty (priv->stops))
    priv->stopping = TRUE;
  priv->will_restart = FALSE;
  if (!g_queue_is_empty (&priv->queue))
    mpel_event_loop_ensure_worker (self, NULL);
  mpel_event_loop_check_milestones (self);
}

static void
session_refused_cb (MpelEvent *event, gpointer loop)
{
  mpel_event_loop_end_here (loop, event);
}

static const MpelSessionCalls session_calls = { session_ready_cb, session_room_cb, session_gone_cb, session_refused_cb };

/* That a worker cannot be started is told to all who wait for it as well, but later: some of them
 * will want to try again. */
gboolean
mpel_event_loop_ensure_worker (MpelEventLoop *self, GError **error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (GMainContextPusher) pusher = NULL;
  g_autoptr (MpelSession) session = NULL;

  if (priv->session != NULL)
    return TRUE;

  if (priv->start_failure == NULL)
    {
      pusher = g_main_context_pusher_new (priv->context);
      session = mpel_session_new (mpel_delivery_get_wake (priv->delivery), &session_calls, self);
      if (mpel_session_start (session, priv->launcher, &priv->start_failure))
        {
          priv->session = g_steal_pointer (&session);
          mpel_event_loop_tell_changes (self);
          return TRUE;
        }
      mpel_delivery_wake (priv->delivery);
    }

  g_propagate_error (error, g_error_copy (priv->start_failure));
  return FALSE;
}

/* Tells of a start that failed. */
void
mpel_event_loop_tell_start_failure (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (GError) failure = g_steal_pointer (&priv->start_failure);

  if (failure == NULL)
    return;
  mpel_event_loop_end_queued (self, priv->last_serial, MPEL_EVENT_STATE_FAILED, failure);
  mpel_waiters_release (priv->starts, failure);
}

/* A worker that is on its way out is no answer to who wants one now. */
static gboolean
want_worker (MpelEventLoop *self, GError **error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (priv->session != NULL && mpel_session_is_leaving (priv->session))
    {
      priv->will_restart = TRUE;
      priv->stopping = FALSE;
    }
  return mpel_event_loop_ensure_worker (self, error);
}

static void
call_off_starts (MpelEventLoopPrivate *priv)
{
  GError stopped = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was stopped before its worker was ready" };

  mpel_waiters_release (priv->starts, &stopped);
}

static void
leave_when_done (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (!priv->stopping || priv->n_pending > 0)
    return;
  if (priv->session == NULL)
    {
      priv->stopping = FALSE;
      mpel_waiters_release (priv->stops, NULL);
    }
  else if (!mpel_session_is_leaving (priv->session))
    {
      mpel_session_leave (priv->session);
      call_off_starts (priv);
    }
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

gboolean
mpel_event_loop_check_open (MpelEventLoop *self, GError **error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (!priv->closed)
    return TRUE;
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_CLOSED, "The event loop%s%s is closed", priv->name != NULL ? " " : "", priv->name != NULL ? priv->name : "");
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
 * it. A worker that is about to leave is followed by another.
 *
 * Fails with [MPEL_LOOP_ERROR_CLOSED][error@LoopError] on a closed loop, and with
 * [MPEL_LOOP_ERROR_SPAWN_FAILED][error@LoopError] if there is no such program. What goes wrong
 * later is told to the events, and to [method@EventLoop.start_async].
 *
 * Returns: whether a worker was started
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_start (MpelEventLoop *self, GError **error)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  return mpel_event_loop_check_open (self, error) && want_worker (self, error);
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
  if (!mpel_event_loop_check_open (self, &error))
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
  want_worker (self, NULL);
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
 * ended or stayed silent; the message says how, and what it wrote last. Fails with
 * [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum] if the loop was stopped or terminated meanwhile.
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

  if (priv->will_restart)
    call_off_starts (priv);
  priv->will_restart = FALSE;
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
  g_autoptr (MpelEventLoop) keep_alive = NULL;
  guint64 last;
  GError  error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was terminated" };

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  /* The worker first, lest an event that a handler adds goes to it. */
  keep_alive = g_object_ref (self);
  priv = mpel_event_loop_get_private (self);
  last = priv->last_serial;
  priv->will_restart = FALSE;
  if (priv->session != NULL)
    {
      g_autoptr (MpelSession) session = g_object_ref (priv->session);

      mpel_session_terminate (session);
      mpel_event_loop_end_sent (self, session, MPEL_EVENT_STATE_CANCELLED, &error);
    }
  mpel_event_loop_end_queued (self, last, MPEL_EVENT_STATE_CANCELLED, &error);
  call_off_starts (priv);
  mpel_event_loop_tell_changes (self);
}
