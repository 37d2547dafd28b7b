/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-wake-private.h"

/* The way of an event:
 *
 *   add_event → queue → fill: the session sends it → … → the session reads its end → deliver
 *                  └──── cannot be sent, cancelled, or lost: ended ───────────────────┘
 */

/* Calls are watched for their cancellable until they end. */
typedef struct
{
  MpelEvent *event;         /* (owned) */
  GSource   *cancel_source; /* (owned) (nullable) */
} Call;

static void
call_free (Call *call)
{
  if (call->cancel_source != NULL)
    g_source_destroy (call->cancel_source);
  g_clear_pointer (&call->cancel_source, g_source_unref);
  g_clear_object (&call->event);
  g_free (call);
}

void
mpel_event_loop_fill (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  priv->will_fill = FALSE;
  if (priv->session != NULL)
    mpel_session_fill (priv->session, &priv->queue);
}

/* Takes @event, which has ended; it is delivered from the context later. Whoever was the one to
 * end it calls this: who is notified of an end may end others meanwhile. */
void
mpel_event_loop_end_here (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  g_queue_push_tail_link (&priv->ended, &mpel_event_get_private (event)->ticket.link);
  mpel_delivery_wake (priv->delivery);
}

/* All that the worker of a session has, in order. */
void
mpel_event_loop_end_sent (MpelEventLoop *self, MpelSession *session, MpelEventState state, const GError *error)
{
  g_autoptr (GPtrArray) events = mpel_session_steal_sent (session);

  for (guint i = 0; i < events->len; i++)
    {
      if (mpel_event_end_error (events->pdata[i], state, error))
        mpel_event_loop_end_here (self, g_object_ref (events->pdata[i]));
    }
}

static gboolean
is_head_older (MpelEventLoopPrivate *priv, guint64 serial)
{
  GList *head = g_queue_peek_head_link (&priv->queue);

  return head != NULL && mpel_event_get_private (head->data)->ticket.serial <= serial;
}

/* All that is in the queue up to the event @last; not what somebody adds who hears of it. */
void
mpel_event_loop_end_queued (MpelEventLoop *self, guint64 last, MpelEventState state, const GError *error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  while (is_head_older (priv, last))
    {
      GList *link = g_queue_pop_head_link (&priv->queue);

      mpel_event_end_error (link->data, state, error);
      mpel_event_loop_end_here (self, link->data);
    }
}

/* Takes @event. The count falls first: a handler may wait for the others. A handler may also add
 * the event again; those who wait for this end hear of it all the same. */
static void
deliver (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (MpelEvent) owned = event;
  MpelEventPrivate *event_priv = mpel_event_get_private (event);
  MpelEventEnd     *end = mpel_event_steal_end (event);
  gboolean          is_last = --priv->n_pending == 0;

  event_priv->ticket.is_added = FALSE;
  if (event_priv->failure != NULL || event_priv->ticket.has_output)
    mpel_event_loop_emit_event_done (self, event);
  if (end != NULL)
    mpel_event_end_tell (end, event);

  if (is_last)
    g_object_unref (self);
}

static MpelEvent *
pop_ended (MpelEventLoopPrivate *priv)
{
  GList *link = g_queue_pop_head_link (&priv->ended);

  return link != NULL ? link->data : NULL;
}

static MpelEvent *
next_end (MpelEventLoop *loop)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (loop);
  MpelEvent            *event = pop_ended (priv);

  if (event == NULL && priv->session != NULL)
    event = mpel_session_next_end (priv->session);
  /* Reading may have shown that the worker is gone, with all it had. */
  if (event == NULL)
    mpel_event_loop_tell_start_failure (loop);
  return event != NULL ? event : pop_ended (priv);
}

gboolean
mpel_event_loop_deliver_one (GObject *object)
{
  MpelEventLoop *self = MPEL_EVENT_LOOP (object);
  MpelEvent     *event = next_end (self);

  if (event == NULL)
    return FALSE;
  deliver (self, event);
  return TRUE;
}

static void
cancel (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  GError                error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The event was cancelled" };

  if (!mpel_event_is_open (event))
    return;
  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_QUEUED)
    g_queue_unlink (&priv->queue, &mpel_event_get_private (event)->ticket.link);
  else
    {
      g_object_ref (event);
      if (priv->session != NULL)
        mpel_session_forget (priv->session, event);
    }
  mpel_event_end_error (event, MPEL_EVENT_STATE_CANCELLED, &error);
  mpel_event_loop_end_here (self, event);
}

/* Only when the object is disposed by force: ends all events, and tells those who called. */
void
mpel_event_loop_forget_pending (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  GError                error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was disposed" };
  MpelEvent            *event;

  if (priv->session != NULL)
    mpel_event_loop_end_sent (self, priv->session, MPEL_EVENT_STATE_CANCELLED, &error);
  mpel_event_loop_end_queued (self, G_MAXUINT64, MPEL_EVENT_STATE_CANCELLED, &error);
  while ((event = pop_ended (priv)) != NULL)
    deliver (self, event);
}

/**
 * mpel_event_loop_add_event:
 * @self: an event loop
 * @event: an event that is not pending
 * @error: return location for an error
 *
 * Adds an event to the queue, and starts a worker if there is none.
 *
 * The event ends exactly once, in a later turn of the loop's [struct@GLib.MainContext]. While any
 * event is pending the loop keeps itself alive.
 *
 * Fails with [MPEL_LOOP_ERROR_CLOSED][error@LoopError] on a closed loop, and with
 * [MPEL_LOOP_ERROR_INVALID_ARGUMENTS][error@LoopError] if the event is pending already, has no
 * target, or has arguments of a wrong type. It then has not been added.
 *
 * Returns: whether the event was added
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_add_event (MpelEventLoop *self, MpelEvent *event, GError **error)
{
  g_autoptr (MpelEventLoop) keep_alive = NULL;
  MpelEventLoopPrivate *priv;
  MpelEventTicket      *ticket;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);
  g_return_val_if_fail (MPEL_IS_EVENT (event), FALSE);

  keep_alive = g_object_ref (self);
  priv = mpel_event_loop_get_private (self);
  if (!mpel_event_loop_check_open (self, error) || !mpel_event_check (event, error) || !mpel_event_prepare (event, error))
    return FALSE;

  if (priv->n_pending++ == 0)
    g_object_ref (self);
  ticket = &mpel_event_get_private (g_object_ref (event))->ticket;
  ticket->is_added = TRUE;
  ticket->serial = ++priv->last_serial;
  ticket->has_output = priv->has_results && mpel_event_get_has_output (event);
  g_queue_push_tail_link (&priv->queue, &ticket->link);
  mpel_event_become_queued (event);

  /* That there is no worker is told by the event itself. */
  mpel_event_loop_ensure_worker (self, NULL);
  if (priv->session != NULL && mpel_session_is_hungry (priv->session))
    mpel_event_loop_fill (self);
  if (!priv->will_fill)
    mpel_wake_up (priv->fill_wake);
  priv->will_fill = TRUE;
  return TRUE;
}

/**
 * mpel_event_loop_add_call:
 * @self: an event loop
 * @target: the name of a function or handler in the worker
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @error: return location for an error
 *
 * Makes an event and adds it, see [method@EventLoop.add_event].
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_add_call (MpelEventLoop *self, const char *target, GVariant *args, GVariant *kwargs, GError **error)
{
  g_autoptr (MpelEvent) event = NULL;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (target != NULL, NULL);

  event = mpel_event_new (target, args, kwargs);
  if (!mpel_event_loop_add_event (self, event, error))
    return NULL;
  return g_steal_pointer (&event);
}

static gboolean
call_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;
  Call  *call = g_task_get_task_data (task);

  cancel (g_task_get_source_object (task), call->event);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (MpelEventLoop *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Call         *call = g_task_get_task_data (task);

  if (cancellable == NULL)
    return;
  call->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_static_name (call->cancel_source, "[mpel] cancel call");
  g_source_set_callback (call->cancel_source, G_SOURCE_FUNC (call_cancelled_cb), task, NULL);
  g_source_attach (call->cancel_source, mpel_event_loop_get_private (self)->context);
}

static void
call_ended_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  GTask *task = user_data;
  Call  *call = g_task_get_task_data (task);

  if (call->cancel_source != NULL)
    g_source_destroy (call->cancel_source);

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task,
                           results != NULL ? g_variant_ref (results) : g_variant_ref_sink (g_variant_new_tuple (NULL, 0)),
                           (GDestroyNotify) g_variant_unref);
}

/**
 * mpel_event_loop_call_async:
 * @self: an event loop
 * @target: the name of a function or handler in the worker
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @cancellable: (nullable): ends the event with [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum]
 * @callback: (scope async) (closure user_data): called when the event has ended
 * @user_data: handed to @callback
 *
 * Runs a target in the worker and hands its results to the caller.
 *
 * The event is an event like all others: the handlers of the loop see it too, before @callback.
 *
 * An event that is cancelled before it was sent never runs. One that the worker has already is
 * not interrupted; its answer is dropped.
 *
 * Since: 0.1
 */
void
mpel_event_loop_call_async (MpelEventLoop *self, const char *target, GVariant *args, GVariant *kwargs, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Call   *call;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));
  g_return_if_fail (target != NULL);

  task = mpel_event_loop_new_task (self, mpel_event_loop_call_async, "[mpel] call", cancellable, callback, user_data);
  g_task_set_check_cancellable (task, FALSE);
  call = g_new0 (Call, 1);
  call->event = mpel_event_new (target, args, kwargs);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);

  if (g_task_return_error_if_cancelled (task))
    return;
  /* Before it is added: a notification of that may run a main loop. */
  watch_cancellable (self, task);
  mpel_event_add_end_hook (call->event, call_ended_cb, task);
  if (!mpel_event_loop_add_event (self, call->event, &error))
    {
      mpel_event_remove_end_hook (call->event, task);
      g_task_return_error (task, error);
    }
}

static gboolean
is_call (MpelEventLoop *self, GAsyncResult *result)
{
  return g_task_is_valid (result, self) && g_async_result_is_tagged (result, mpel_event_loop_call_async);
}

/**
 * mpel_event_loop_call_finish:
 * @self: an event loop
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@EventLoop.call_async].
 *
 * The error is that of the event, see [method@Event.get_error];
 * [method@EventLoop.get_call_event] tells more of it.
 *
 * Returns: (transfer full): the results, `()` if the loop has none; or `NULL` with an error
 *
 * Since: 0.1
 */
GVariant *
mpel_event_loop_call_finish (MpelEventLoop *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (is_call (self, result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * mpel_event_loop_get_call_event:
 * @self: an event loop
 * @result: what the callback of [method@EventLoop.call_async] was given
 *
 * Gets the event that a call was, with the remote type and traceback of its error.
 *
 * Returns: (transfer none): the event
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_get_call_event (MpelEventLoop *self, GAsyncResult *result)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (is_call (self, result), NULL);

  return ((Call *) g_task_get_task_data (G_TASK (result)))->event;
}
