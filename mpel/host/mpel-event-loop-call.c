/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

/* A call is an event and a task that waits for its end. The event is the task's data. */

/* What most calls end with: the results go to the task. */
void
mpel_event_loop_call_ended_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  GTask *task = user_data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task,
                           results != NULL ? g_variant_ref (results) : g_variant_ref_sink (g_variant_new_tuple (NULL, 0)),
                           (GDestroyNotify) g_variant_unref);
}

/* Adds @event, of which the task is told by @func. Takes @event. The caller holds @task. */
void
mpel_event_loop_start_call (MpelEventLoop *self, MpelEvent *event, MpelEndHookFunc func, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError       *error = NULL;

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, event, g_object_unref);
  if (g_task_return_error_if_cancelled (task))
    return;

  mpel_event_set_cancellable (event, cancellable);
  /* Before it is added: a notification of that may run a main loop. */
  mpel_event_add_end_hook (event, func, task);
  if (!mpel_event_loop_add_event (self, event, &error))
    {
      mpel_event_remove_end_hook (event, task);
      g_task_return_error (task, error);
    }
}

/**
 * mpel_event_loop_call_async:
 * @self: an event loop
 * @target: the name of a function or handler in the worker
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @cancellable: (nullable): cancels the event, see [method@Event.cancel]
 * @callback: (scope async) (closure user_data): called when the event has ended
 * @user_data: handed to @callback
 *
 * Runs a target in the worker and hands its results to the caller.
 *
 * The event is an event like all others: the handlers of the loop see it too, before @callback.
 *
 * Since: 0.1
 */
void
mpel_event_loop_call_async (MpelEventLoop *self, const char *target, GVariant *args, GVariant *kwargs, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));
  g_return_if_fail (target != NULL);

  task = mpel_event_loop_new_task (self, mpel_event_loop_call_async, "[mpel] call", cancellable, callback, user_data);
  mpel_event_loop_start_call (self, mpel_event_new (target, args, kwargs), mpel_event_loop_call_ended_cb, task);
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

  return g_task_get_task_data (G_TASK (result));
}

/**
 * mpel_event_loop_add_payload:
 * @self: an event loop
 * @target: what to call
 * @payload: (array length=length) (element-type guint8): bytes that the target understands
 * @length: the number of bytes
 * @error: return location for an error
 *
 * Makes an event whose arguments are bytes and adds it, see [ctor@Event.new_payload] and
 * [method@EventLoop.add_event].
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_add_payload (MpelEventLoop *self, const char *target, const guint8 *payload, gsize length, GError **error)
{
  g_autoptr (MpelEvent) event = NULL;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (target != NULL, NULL);
  g_return_val_if_fail (payload != NULL || length == 0, NULL);

  event = mpel_event_new_payload (target, payload, length);
  if (!mpel_event_loop_add_event (self, event, error))
    return NULL;
  return g_steal_pointer (&event);
}
