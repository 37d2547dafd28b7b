/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

/* What the workers have said comes out here, in the loop's context: yields, progress and ends; the
 * last to handlers, or to who takes them. The way of an event before that is in mpel-event-loop-queue.c. */

/* Before anybody hears of it. The count falls first: a handler may wait for the others. */
static void
leave (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEventPrivate     *event_priv = mpel_event_get_private (event);

  priv->n_pending--;
  if (event_priv->ticket.alarm.place != NULL || event_priv->ticket.cancel_watch != NULL)
    mpel_event_loop_unwatch_event (self, event);
  event_priv->ticket.loop = NULL;
  mpel_event_ticket_clear_objects (&event_priv->ticket);
  if (priv->list != NULL && !event_priv->is_hidden)
    mpel_event_list_finish (priv->list, event);
}

static gboolean
is_told (MpelEventPrivate *event)
{
  return !event->is_hidden && (event->failure != NULL || event->ticket.has_output);
}

/* Takes @event. A handler may also add the event again; those who wait for this end hear of it all
 * the same. */
static void
deliver (MpelEventLoop *self, MpelEvent *event)
{
  g_autoptr (MpelEvent) owned = event;
  MpelEventEnd *end = mpel_event_steal_end (event);
  gboolean      is_last = mpel_event_loop_get_private (self)->n_pending == 1;

  leave (self, event);
  if (is_told (mpel_event_get_private (event)))
    mpel_event_loop_emit_event_done (self, event);
  if (end != NULL)
    mpel_event_end_tell (end, event);

  if (is_last)
    g_object_unref (self);
}

/* The consumer of the event has taken one more of its yields. */
void
mpel_event_loop_acknowledge (MpelEventLoop *self, MpelEvent *event)
{
  MpelSession *session = mpel_event_get_private (event)->ticket.session;

  if (session == NULL)
    return;
  mpel_session_owe (session, event);
  mpel_event_loop_ask_for_turn (self);
}

/* Acknowledged before it is told: a handler may run a main loop, and wait there for more values than
 * may be on their way; and in it the event may begin another run. */
static void
deliver_yield (MpelEventLoop *self, MpelEvent *event, GVariant *value)
{
  if (mpel_event_get_private (event)->ticket.is_pulled)
    {
      mpel_event_stream_keep (event, value);
      return;
    }
  mpel_event_loop_acknowledge (self, event);
  mpel_event_loop_emit_event_yield (self, event, value);
}

/* All but ends. */
static void
deliver_news (MpelEventLoop *self, MpelNews *news)
{
  switch (news->kind)
    {
    case MPEL_NEWS_YIELD:
      deliver_yield (self, news->event, news->value);
      break;
    case MPEL_NEWS_PROGRESS:
      /* Who was notified of it may have run a main loop until the end. */
      if (mpel_event_get_private (news->event)->state == MPEL_EVENT_STATE_SENT)
        mpel_event_loop_emit_event_progress (self, news->event);
      break;
    case MPEL_NEWS_REMOTE:
      mpel_news_tell_remote (news);
      break;
    case MPEL_NEWS_END:
    default:
      g_assert_not_reached ();
    }
}

static MpelEvent *
pop_ended (MpelEventLoopPrivate *priv)
{
  GList *link = g_queue_pop_head_link (&priv->ended);

  return link != NULL ? link->data : NULL;
}

/* Each worker in turn. Reading may show that one is gone, with all it had. */
static gboolean
read_news (MpelEventLoopPrivate *priv, MpelNews *news)
{
  guint n_left = priv->sessions->len;

  for (; n_left > 0 && priv->sessions->len > 0; n_left--)
    if (mpel_session_next (priv->sessions->pdata[priv->next_reader++ % priv->sessions->len], news))
      return TRUE;
  return FALSE;
}

/* Returns FALSE when there was nothing. An event that has ended is the caller's to deliver, in
 * @ended; anything else is delivered here. */
static gboolean
read_one (MpelEventLoop *self, MpelEvent **ended)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_auto (MpelNews) news = MPEL_NEWS_INIT;

  *ended = pop_ended (priv);
  if (*ended == NULL && read_news (priv, &news))
    {
      if (news.kind == MPEL_NEWS_END)
        *ended = g_steal_pointer (&news.event);
      else
        deliver_news (self, &news);
      priv->n_losses = *ended != NULL ? 0 : priv->n_losses;
      return TRUE;
    }
  if (*ended == NULL)
    {
      mpel_event_loop_tell_start_failure (self);
      *ended = pop_ended (priv);
    }
  return *ended != NULL;
}

static void
clear_ended_hook (gpointer data)
{
  MpelEndedHook *hook = data;

  if (hook->destroy != NULL)
    hook->destroy (hook->user_data);
}

void
mpel_ended_hook_unref (MpelEndedHook *hook)
{
  g_rc_box_release_full (hook, clear_ended_hook);
}

static void
let_take (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEndedHook        *hook = g_rc_box_acquire (priv->ended_hook);

  priv->n_taking++;
  hook->func (self, hook->user_data);
  priv->n_taking--;
  mpel_ended_hook_unref (hook);
}

gboolean
mpel_event_loop_deliver_one (GObject *object)
{
  MpelEventLoop *self = MPEL_EVENT_LOOP (object);
  MpelEvent     *ended;

  if (mpel_event_loop_get_private (self)->ended_hook != NULL)
    let_take (self);
  if (!read_one (self, &ended))
    return FALSE;
  if (ended != NULL)
    deliver (self, ended);
  return TRUE;
}

/* What nobody but the output handlers would hear of. */
static gboolean
can_be_taken (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventPrivate *event_priv = mpel_event_get_private (event);

  return mpel_event_loop_get_private (self)->consumer == NULL && is_told (event_priv) && event_priv->end_hooks == NULL &&
         !event_priv->ticket.is_pulled && !mpel_event_loop_is_event_done_heard (self, event);
}

/**
 * mpel_event_loop_take_ended:
 * @self: an event loop
 *
 * Takes the next event that has ended, in a function that was set with
 * [method@EventLoop.set_ended_func].
 *
 * Whatever else comes is delivered meanwhile: yields, progress, and the ends of events that
 * somebody listens to with [signal@EventLoop::event-done], or waits for. No signal is emitted for
 * the event that is taken, and no output handler is called.
 *
 * Returns: (transfer full) (nullable): the event; `NULL` when there is none, when the time for
 *   handling events is over for now, and outside of such a function
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_take_ended (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;
  MpelEvent            *ended;
  gboolean              is_last;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  priv = mpel_event_loop_get_private (self);
  while (priv->n_taking > 0 && mpel_delivery_has_time (priv->delivery) && read_one (self, &ended))
    {
      if (ended == NULL)
        continue;
      if (!can_be_taken (self, ended))
        {
          deliver (self, ended);
          continue;
        }
      /* Whoever sees it leave may add others. */
      is_last = priv->n_pending == 1;
      leave (self, ended);
      if (is_last)
        g_object_unref (self);
      return ended;
    }
  return NULL;
}

/**
 * mpel_event_loop_set_ended_func:
 * @self: an event loop
 * @func: (scope notified) (closure user_data) (destroy destroy) (nullable): takes the events that have ended
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Sets a function that takes events in place of the output handlers.
 *
 * It is called when events have ended, and takes them with [method@EventLoop.take_ended], until that
 * gives it none. Those that it does not get are handed to the output handlers as ever. This is for
 * languages where being called once for each event costs more than asking for it. It may set another
 * function, or none, while it runs.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_ended_func (MpelEventLoop *self, MpelEndedFunc func, gpointer user_data, GDestroyNotify destroy)
{
  MpelEventLoopPrivate *priv;
  MpelEndedHook        *old;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  old = g_steal_pointer (&priv->ended_hook);
  if (func != NULL)
    {
      priv->ended_hook = g_rc_box_new0 (MpelEndedHook);
      *priv->ended_hook = (MpelEndedHook){ func, user_data, destroy };
    }
  if (old != NULL)
    mpel_ended_hook_unref (old);
}

/* Only when the object is disposed by force: ends all events, and tells those who called. */
void
mpel_event_loop_forget_pending (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  GError                error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was disposed" };
  MpelEvent            *event;

  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_event_loop_end_sent (self, priv->sessions->pdata[i], &error);
  mpel_event_loop_end_queued (self, G_MAXUINT64, MPEL_EVENT_STATE_CANCELLED, &error);
  while ((event = pop_ended (priv)) != NULL)
    deliver (self, event);
}
