/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-stream.h"

#include "mpel-event-loop-private.h"
#include "mpel-event-private.h"

/**
 * MpelStream:
 *
 * Goes through the values that an event yields, one after the other.
 *
 * It is made by [method@Event.iterate], and blocks who asks it, in turns of the main context. It is
 * for programs that have nothing else to do meanwhile, and for languages that loop over such an
 * object. Who does not want to block calls [method@Event.next_async].
 *
 * Who drops it before the last value does not want the rest: the event is cancelled.
 *
 * It belongs to the thread of the event's loop.
 *
 * Since: 0.1
 */
struct _MpelStream
{
  GObject parent_instance;

  MpelEvent *event;   /* (owned) constant */
  gboolean   is_over; /* the end was seen; should it be added again, that is another run */
};

G_DEFINE_FINAL_TYPE (MpelStream, mpel_stream, G_TYPE_OBJECT)

static void
mpel_stream_dispose (GObject *object)
{
  MpelStream *self = MPEL_STREAM (object);

  if (!self->is_over)
    mpel_event_cancel (self->event);
  self->is_over = TRUE;

  G_OBJECT_CLASS (mpel_stream_parent_class)->dispose (object);
}

static void
mpel_stream_finalize (GObject *object)
{
  MpelStream *self = MPEL_STREAM (object);

  g_object_unref (self->event);

  G_OBJECT_CLASS (mpel_stream_parent_class)->finalize (object);
}

static void
mpel_stream_class_init (MpelStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_stream_dispose;
  object_class->finalize = mpel_stream_finalize;
}

static void
mpel_stream_init (MpelStream *self)
{
}

/* The callback is to come in a turn of the loop's context, whatever context this thread has just now. */
static void
ask_in (GMainContext *context, MpelEvent *event, GAsyncResult **result)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);

  mpel_event_next_async (event, NULL, mpel_event_loop_keep_result_cb, result);
}

static GVariant *
wait_for_value (MpelEventLoop *loop, MpelEvent *event, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ask_in (mpel_event_loop_get_private (loop)->context, event, &result);
  mpel_event_loop_iterate_until (loop, &result);
  return mpel_event_next_finish (event, result, error);
}

/**
 * mpel_event_iterate:
 * @self: an event that was added with [property@Event:pull] set
 *
 * Goes through the values that the event yields.
 *
 * This is what `foreach` of Vala calls.
 *
 * Returns: (transfer full): the values, to be asked for with [method@Stream.next_value]
 *
 * Since: 0.1
 */
MpelStream *
mpel_event_iterate (MpelEvent *self)
{
  MpelStream *stream;

  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  stream = g_object_new (MPEL_TYPE_STREAM, NULL);
  stream->event = g_object_ref (self);
  return stream;
}

/**
 * mpel_stream_get_event:
 * @self: a stream
 *
 * Gets the event whose values these are.
 *
 * Returns: (transfer none): the event
 *
 * Since: 0.1
 */
MpelEvent *
mpel_stream_get_event (MpelStream *self)
{
  g_return_val_if_fail (MPEL_IS_STREAM (self), NULL);

  return self->event;
}

/**
 * mpel_stream_next_value:
 * @self: a stream
 * @error: return location for an error
 *
 * Blocks until there is a value, or none any more.
 *
 * Iterates the [struct@GLib.MainContext] of the event's loop meanwhile. Fails as
 * [method@Event.next_finish] does, and with [MPEL_LOOP_ERROR_FAILED][error@LoopError] in another
 * thread than that of the loop.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` without an error when there is none
 *   any more
 *
 * Since: 0.1
 */
GVariant *
mpel_stream_next_value (MpelStream *self, GError **error)
{
  g_autoptr (MpelEventLoop) loop = NULL;
  GVariant *value = NULL;

  g_return_val_if_fail (MPEL_IS_STREAM (self), NULL);

  g_set_object (&loop, mpel_event_get_private (self->event)->ticket.loop);
  if (loop != NULL && !mpel_event_loop_check_thread (loop, error))
    return NULL;
  if (!mpel_event_stream_take (self->event, &value, error))
    value = wait_for_value (loop, self->event, error);
  if (value == NULL && !mpel_event_is_added (self->event))
    self->is_over = TRUE;
  return value;
}
