/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"

/* Verbs that wait for events. A blocking verb is its asynchronous twin plus turns of the loop's
 * context until the twin is through. */

/* @self: (nullable): NULL for who has no loop yet. @source: (nullable) */
GTask *
mpel_event_loop_new_task_for (MpelEventLoop *self, gpointer source, gpointer tag, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GMainContext *context = self != NULL ? mpel_event_loop_get_private (self)->context : g_main_context_get_thread_default ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_name (task, name);
  return task;
}

GTask *
mpel_event_loop_new_task (MpelEventLoop *self, gpointer tag, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  return mpel_event_loop_new_task_for (self, self, tag, name, cancellable, callback, user_data);
}

gboolean
mpel_event_loop_finish (MpelEventLoop *self, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
mpel_event_loop_keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

void
mpel_event_loop_iterate_until (MpelEventLoop *self, GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (mpel_event_loop_get_private (self)->context, TRUE);
}

/* Blocking in a thread that does not own the context would be for ever. */
gboolean
mpel_event_loop_check_thread (MpelEventLoop *self, GError **error)
{
  GMainContext *context = mpel_event_loop_get_private (self)->context;

  if (mpel_event_loop_get_private (self)->thread != g_thread_self () || !g_main_context_acquire (context))
    {
      g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED, "An event loop can block only the thread that it was made in");
      return FALSE;
    }

  g_main_context_release (context);
  return TRUE;
}

/**
 * mpel_event_loop_run:
 * @self: an event loop
 * @events: (array length=n_events) (nullable): the events
 * @n_events: how many there are
 * @error: return location for an error
 *
 * Adds events and starts the worker, without waiting for anything.
 *
 * Stops at the first event that cannot be added, see [method@EventLoop.add_event]; those before
 * it run.
 *
 * Returns: whether all were added
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_run (MpelEventLoop *self, MpelEvent *const *events, gsize n_events, GError **error)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);
  g_return_val_if_fail (events != NULL || n_events == 0, FALSE);

  for (gsize i = 0; i < n_events; i++)
    if (!mpel_event_loop_add_event (self, events[i], error))
      return FALSE;
  return n_events > 0 || mpel_event_loop_start (self, error);
}

/* The task's data is the number of events that have not ended. */
static void
run_event_ended_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  GTask         *task = user_data;
  MpelEventLoop *self = g_task_get_source_object (task);
  gsize          n_left = GPOINTER_TO_SIZE (g_task_get_task_data (task)) - 1;

  g_task_set_task_data (task, GSIZE_TO_POINTER (n_left), NULL);
  if (n_left == 0)
    mpel_waiters_release_task (mpel_event_loop_get_private (self)->runs, task, NULL);
}

static void
add_hooked (MpelEventLoop *self, MpelEvent *event, GTask *task, GError **error)
{
  mpel_event_add_end_hook (event, run_event_ended_cb, task);
  if (!mpel_event_loop_add_event (self, event, error))
    mpel_event_remove_end_hook (event, task);
}

/**
 * mpel_event_loop_run_until_complete_async:
 * @self: an event loop
 * @events: (array length=n_events) (nullable): the events
 * @n_events: how many there are
 * @cancellable: (nullable): ends the waiting, not the events
 * @callback: (scope async) (closure user_data): called when all of them have ended
 * @user_data: handed to @callback
 *
 * Adds events and tells when they have ended and are delivered.
 *
 * Since: 0.1
 */
void
mpel_event_loop_run_until_complete_async (MpelEventLoop *self, MpelEvent *const *events, gsize n_events, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));
  g_return_if_fail (events != NULL || n_events == 0);

  task = mpel_event_loop_new_task (self, mpel_event_loop_run_until_complete_async, "[mpel] run until complete", cancellable, callback, user_data);
  g_task_set_task_data (task, GSIZE_TO_POINTER (n_events), NULL);
  if (n_events == 0)
    {
      if (mpel_event_loop_start (self, &error))
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, error);
      return;
    }

  /* All before the events: a notification of theirs may run a main loop. */
  mpel_waiters_add (mpel_event_loop_get_private (self)->runs, task);
  for (gsize i = 0; i < n_events && error == NULL; i++)
    add_hooked (self, events[i], task, &error);
  if (error != NULL)
    mpel_waiters_release_task (mpel_event_loop_get_private (self)->runs, task, error);
  g_clear_error (&error);
}

/**
 * mpel_event_loop_run_until_complete_finish:
 * @self: an event loop
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@EventLoop.run_until_complete_async].
 *
 * Each event tells by itself what came of it; an error here means that one could not be added,
 * see [method@EventLoop.add_event], or that the waiting was cancelled.
 *
 * Returns: whether all have ended
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_run_until_complete_finish (MpelEventLoop *self, GAsyncResult *result, GError **error)
{
  return mpel_event_loop_finish (self, result, mpel_event_loop_run_until_complete_async, error);
}

/**
 * mpel_event_loop_run_until_complete:
 * @self: an event loop
 * @events: (array length=n_events) (nullable): the events
 * @n_events: how many there are
 * @cancellable: (nullable): ends the waiting, not the events
 * @error: return location for an error
 *
 * Adds events and blocks until they have ended and are delivered.
 *
 * Iterates the loop's [struct@GLib.MainContext] meanwhile.
 *
 * Returns: whether all have ended, see [method@EventLoop.run_until_complete_finish]
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_run_until_complete (MpelEventLoop *self, MpelEvent *const *events, gsize n_events, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);
  g_return_val_if_fail (events != NULL || n_events == 0, FALSE);

  if (!mpel_event_loop_check_thread (self, error))
    return FALSE;
  mpel_event_loop_run_until_complete_async (self, events, n_events, cancellable, mpel_event_loop_keep_result_cb, &result);
  mpel_event_loop_iterate_until (self, &result);
  return mpel_event_loop_run_until_complete_finish (self, result, error);
}

/**
 * mpel_event_loop_wait_async:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting
 * @callback: (scope async) (closure user_data): called when nothing is pending
 * @user_data: handed to @callback
 *
 * Tells when all events have ended and are delivered.
 *
 * Since: 0.1
 */
void
mpel_event_loop_wait_async (MpelEventLoop *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  MpelEventLoopPrivate *priv;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  task = mpel_event_loop_new_task (self, mpel_event_loop_wait_async, "[mpel] wait", cancellable, callback, user_data);
  if (priv->n_pending == 0)
    g_task_return_boolean (task, TRUE);
  else
    mpel_waiters_add (priv->waits, task);
}

/**
 * mpel_event_loop_wait_finish:
 * @self: an event loop
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@EventLoop.wait_async].
 *
 * Returns: whether nothing is pending; `FALSE` if the waiting was cancelled
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_wait_finish (MpelEventLoop *self, GAsyncResult *result, GError **error)
{
  return mpel_event_loop_finish (self, result, mpel_event_loop_wait_async, error);
}

/**
 * mpel_event_loop_wait:
 * @self: an event loop
 * @cancellable: (nullable): ends the waiting
 * @error: return location for an error
 *
 * Blocks until all events have ended and are delivered.
 *
 * Iterates the loop's [struct@GLib.MainContext] meanwhile. A worker that is lost ends
 * its events, and so the waiting; one that computes for ever does not.
 *
 * Returns: whether nothing is pending
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_wait (MpelEventLoop *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  if (!mpel_event_loop_check_thread (self, error))
    return FALSE;
  mpel_event_loop_wait_async (self, cancellable, mpel_event_loop_keep_result_cb, &result);
  mpel_event_loop_iterate_until (self, &result);
  return mpel_event_loop_wait_finish (self, result, error);
}
