/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"
#include "mpel-wake-private.h"

/* Starting and ending. */

/* What has changed is looked after, and told, once in a turn. */
void
mpel_event_loop_ask_for_turn (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (!priv->will_turn)
    mpel_wake_up (priv->turn_wake);
  priv->will_turn = TRUE;
}

/* Workers that are on their way out are no answer to who wants them now. */
static gboolean
want_workers (MpelEventLoop *self, GError **error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (!mpel_event_loop_has_live_worker (self))
    priv->stopping = FALSE;
  mpel_event_loop_want_more (priv);
  return mpel_event_loop_ensure_workers (self, priv->max_workers, error);
}

void
mpel_event_loop_call_off_starts (MpelEventLoop *self)
{
  GError stopped = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was stopped before its worker was ready" };

  mpel_waiters_release (mpel_event_loop_get_private (self)->starts, &stopped);
}

static void
let_all_leave (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_leave (priv->sessions->pdata[i]);
  mpel_event_loop_call_off_starts (self);
}

/* Those who stopped a worker hear when it is gone, also if somebody has started another since. */
static void
leave_when_done (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (priv->stopping && priv->n_pending == 0)
    {
      let_all_leave (self);
      priv->stopping = priv->sessions->len > 0;
    }
  if (!priv->stopping && !mpel_event_loop_has_leaving_worker (self))
    mpel_waiters_release (priv->stops, NULL);
}

static void
pay_all (MpelEventLoopPrivate *priv)
{
  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_pay (priv->sessions->pdata[i]);
}

/* After each slice of delivery, each change of a worker, and when asked for: who has waited for this?
 * Who is told that something has ended finds the properties to match, and may end the workers. */
gboolean
mpel_event_loop_check_milestones (gpointer user_data)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (user_data);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  priv->will_turn = FALSE;
  mpel_event_loop_use_room (self);
  mpel_event_loop_fill (self);
  mpel_event_loop_retire_workers (self);
  /* The last one that they waited for may not be wanted any more, or be lost. */
  mpel_event_loop_release_starts (self);
  pay_all (priv);
  if (priv->list != NULL)
    mpel_event_list_update (priv->list);
  mpel_event_loop_tell_changes (self);
  if (priv->n_pending == 0)
    mpel_waiters_release (priv->waits, NULL);
  leave_when_done (self);
  mpel_event_loop_arm_tick (self);
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
 * Starts a worker if there is none, or all workers of a pool, without waiting for them.
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

  return mpel_event_loop_check_open (self, error) && want_workers (self, error);
}

/**
 * mpel_event_loop_start_async:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting, not the worker
 * @callback: (scope async) (closure user_data): called when the worker is ready
 * @user_data: handed to @callback
 *
 * Starts a worker if there is none, or all workers of a pool, and tells when they are ready.
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

  mpel_waiters_add (priv->starts, task);
  want_workers (self, NULL);
  mpel_event_loop_release_starts (self);
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

  priv->is_wanted = FALSE;
  if (priv->sessions->len == 0 && priv->n_pending == 0)
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
  mpel_event_loop_refuse_room (self);
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

static gpointer
copy_session (gconstpointer session, gpointer user_data)
{
  return g_object_ref ((gpointer) session);
}

/**
 * mpel_event_loop_terminate:
 * @self: an event loop
 *
 * Ends the workers at once, whatever they do.
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
  g_autoptr (GPtrArray) sessions = NULL;
  guint64 last;
  GError  error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was terminated" };

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  /* The workers first, lest an event that a handler adds goes to one of them. */
  keep_alive = g_object_ref (self);
  priv = mpel_event_loop_get_private (self);
  sessions = g_ptr_array_copy (priv->sessions, copy_session, NULL);
  last = priv->last_serial;
  priv->is_wanted = FALSE;
  for (guint i = 0; i < sessions->len; i++)
    mpel_session_terminate (sessions->pdata[i]);
  for (guint i = 0; i < sessions->len; i++)
    mpel_event_loop_end_sent (self, sessions->pdata[i], &error);
  mpel_event_loop_end_queued (self, last, MPEL_EVENT_STATE_CANCELLED, &error);
  mpel_waiters_release (priv->rooms, &error);
  mpel_event_loop_call_off_starts (self);
  mpel_event_loop_tell_changes (self);
}
