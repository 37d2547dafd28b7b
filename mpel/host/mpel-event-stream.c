/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-cancel-watch-private.h"
#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"

/* The values of an event that is pulled: those that came wait here until they are asked for, or
 * who asked waits for the next. The worker sends no more than a window of them ahead. */
struct _MpelEventStream
{
  GQueue   values;       /* of (owned) GVariant */
  GTask   *waiting;      /* (owned) (nullable) set only while there are no values */
  GSource *cancel_watch; /* (owned) (nullable) of the cancellable of @waiting */
};

static MpelEventStream *
ensure_stream (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  if (priv->stream == NULL)
    priv->stream = g_new0 (MpelEventStream, 1);
  return priv->stream;
}

static GTask *
steal_waiting (MpelEventStream *stream)
{
  mpel_cancel_watch_clear (&stream->cancel_watch);
  return g_steal_pointer (&stream->waiting);
}

static void
clear_values (MpelEventStream *stream)
{
  g_queue_clear_full (&stream->values, (GDestroyNotify) g_variant_unref);
}

/* A new run begins, or nobody wants the rest of this one. Who waits goes on waiting. */
void
mpel_event_stream_reset (MpelEvent *self)
{
  MpelEventStream *stream = mpel_event_get_private (self)->stream;

  if (stream != NULL)
    clear_values (stream);
}

/* Nobody waits: the task would hold the event. */
void
mpel_event_stream_free (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  if (priv->stream == NULL)
    return;
  clear_values (priv->stream);
  g_clear_pointer (&priv->stream, g_free);
}

static void
acknowledge (MpelEvent *self)
{
  MpelEventTicket *ticket = &mpel_event_get_private (self)->ticket;

  if (ticket->loop != NULL)
    mpel_event_loop_acknowledge (ticket->loop, self);
}

void
mpel_event_stream_keep (MpelEvent *self, GVariant *value)
{
  MpelEventStream *stream = ensure_stream (self);
  g_autoptr (GTask) task = steal_waiting (stream);

  if (task == NULL)
    {
      g_queue_push_tail (&stream->values, g_variant_ref (value));
      return;
    }
  acknowledge (self);
  g_task_return_pointer (task, g_variant_ref (value), (GDestroyNotify) g_variant_unref);
}

/* The end hook of who waits. */
void
mpel_event_stream_ended_cb (MpelEvent *self, GVariant *results, const GError *error, gpointer user_data)
{
  GTask *task = user_data;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, NULL, NULL);
}

/* It has ended and is being delivered: there is no next one. What came before and was not asked
 * for stays.
 * Returns: (transfer full) (nullable): who waits, to be told of the end like all others */
GTask *
mpel_event_stream_end (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  if (priv->stream == NULL)
    return NULL;
  return steal_waiting (priv->stream);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  MpelEvent *self = user_data;
  g_autoptr (GTask) task = steal_waiting (mpel_event_get_private (self)->stream);

  /* Whether or not somebody has reset the cancellable since. */
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The waiting was cancelled");
  return G_SOURCE_REMOVE;
}

static void
wait_for_value (MpelEventStream *stream, MpelEvent *self, GTask *task)
{
  stream->waiting = g_object_ref (task);
  stream->cancel_watch = mpel_cancel_watch_new (g_task_get_cancellable (task),
                                                g_task_get_context (task),
                                                "[mpel] cancel next",
                                                cancelled_cb,
                                                self);
}

static gboolean
check_stream (MpelEvent *self, GError **error)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  if (!priv->pull)
    g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NOT_STREAMED, "The values of “%s” are not kept: set its property “pull” before it is added", mpel_event_describe (self));
  else if (priv->state == MPEL_EVENT_STATE_NEW)
    g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "“%s” was not added to an event loop", mpel_event_describe (self));
  else if (priv->stream != NULL && priv->stream->waiting != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PENDING, "Somebody waits for the next value of “%s” already", mpel_event_describe (self));
  else
    return TRUE;
  return FALSE;
}

/* Gives what is there without waiting: a value, the end, or an error.
 * Returns: FALSE if one has to wait */
gboolean
mpel_event_stream_take (MpelEvent *self, GVariant **value, GError **error)
{
  MpelEventStream *stream;
  const GError    *end;

  if (!check_stream (self, error))
    return TRUE;

  stream = ensure_stream (self);
  if (!g_queue_is_empty (&stream->values))
    {
      *value = g_queue_pop_head (&stream->values);
      acknowledge (self);
      return TRUE;
    }
  if (mpel_event_is_added (self))
    return FALSE;
  end = mpel_event_get_error (self);
  if (end != NULL)
    g_propagate_error (error, g_error_copy (end));
  return TRUE;
}

/**
 * mpel_event_next_async:
 * @self: an event that was added with [property@Event:pull] set
 * @cancellable: (nullable): ends the waiting, not the event
 * @callback: (scope async) (closure user_data): called when there is a value, or none any more
 * @user_data: handed to @callback
 *
 * Asks for the next value that the event yields.
 *
 * The worker makes values ahead of who asks, but no more than a few hundred, and no more than
 * 1 MiB of them; so a slow consumer slows it down. One who does not want the rest calls
 * [method@Event.cancel]: an event that nobody asks any more does not end. Of one that was asked to
 * end there are no more values, only its end.
 *
 * Only one may wait at a time.
 *
 * Since: 0.1
 */
void
mpel_event_next_async (MpelEvent *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GVariant *value = NULL;
  GError   *error = NULL;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, mpel_event_next_async);
  g_task_set_name (task, "[mpel] next value");
  /* A value that was handed to the task is not lost to a cancellable that comes late. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (!mpel_event_stream_take (self, &value, &error))
    wait_for_value (ensure_stream (self), self, task);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, (GDestroyNotify) g_variant_unref);
}

/**
 * mpel_event_next_finish:
 * @self: an event
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Event.next_async].
 *
 * Fails with the event's own error if that failed, see [method@Event.get_error]; with
 * [MPEL_LOOP_ERROR_NOT_STREAMED][error@LoopError] if its values are not kept; with
 * [MPEL_LOOP_ERROR_INVALID_ARGUMENTS][error@LoopError] if it was never added; with
 * [G_IO_ERROR_PENDING][error@Gio.IOErrorEnum] if somebody waits already.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` without an error when there is none
 *   any more
 *
 * Since: 0.1
 */
GVariant *
mpel_event_next_finish (MpelEvent *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, mpel_event_next_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
