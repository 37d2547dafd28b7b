/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"
#include "mpel-wake-private.h"

/* The way of an event:
 *
 *   add_event → queue → fill: a session sends it → … → the session reads its end → deliver
 *                 ↑└──────────────────┼─ cannot be sent, asked to end, or lost: ended ─┘
 *                 └── given back, or tried again
 */

/* Takes @event, which has ended; it is delivered from the context later. Whoever was the one to
 * end it calls this: who is notified of an end may end others meanwhile. */
void
mpel_event_loop_end_here (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  g_queue_push_tail_link (&priv->ended, &mpel_event_get_private (event)->ticket.link);
  mpel_delivery_wake (priv->delivery);
}

gboolean
mpel_event_loop_waits_here (MpelEventLoop *self, MpelEvent *event, guint64 last)
{
  MpelEventPrivate *event_priv = mpel_event_get_private (event);

  return event_priv->ticket.loop == self && event_priv->state == MPEL_EVENT_STATE_QUEUED && event_priv->ticket.serial <= last;
}

/* Was nothing added behind it? */
gboolean
mpel_event_loop_has_last (MpelEventLoop *self, MpelEvent *event)
{
  return mpel_event_get_private (event)->ticket.serial == mpel_event_loop_get_private (self)->last_serial;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  return mpel_queue_goes_before (*(MpelEvent *const *) a, *(MpelEvent *const *) b) ? -1 : 1;
}

/* Returns: (transfer full) (element-type MpelEvent): all that no worker has, in order; also those that
 * wait for a certain worker */
GPtrArray *
mpel_event_loop_get_waiting (MpelEventLoopPrivate *priv)
{
  GPtrArray *events = g_ptr_array_new_with_free_func (g_object_unref);
  guint      n_free;

  mpel_queue_add_to (&priv->queue, events);
  n_free = events->len;
  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_add_homed (priv->sessions->pdata[i], events);
  if (events->len > n_free)
    g_ptr_array_sort (events, compare_places);
  return events;
}

/* All that is in the queue up to the event @last; not what somebody adds who hears of it. Who does
 * may end others, so each is in the queue until it is its turn. When a worker is lost, those that
 * may be tried again stay. It had not begun them, so that their tries are not counted here. */
void
mpel_event_loop_end_queued (MpelEventLoop *self, guint64 last, MpelEventState state, const GError *error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (GPtrArray) events = mpel_event_loop_get_waiting (priv);

  for (guint i = 0; i < events->len; i++)
    {
      MpelEvent *event = events->pdata[i];

      if (!mpel_event_loop_waits_here (self, event, last) || (state == MPEL_EVENT_STATE_LOST && mpel_event_get_private (event)->max_retries > 0))
        continue;
      mpel_queue_unlink (event);
      mpel_event_end_error (event, state, error);
      mpel_event_loop_end_here (self, event);
    }
}

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

static int
compare_serials (gconstpointer a, gconstpointer b)
{
  guint64 serial_a = mpel_event_get_private (*(MpelEvent *const *) a)->ticket.serial;
  guint64 serial_b = mpel_event_get_private (*(MpelEvent *const *) b)->ticket.serial;

  return serial_a < serial_b ? -1 : serial_a > serial_b;
}

/* Returns: (transfer full) (element-type MpelEvent): all that is pending, as it was added */
GPtrArray *
mpel_event_loop_get_all (MpelEventLoopPrivate *priv)
{
  GPtrArray *events = mpel_event_loop_get_waiting (priv);

  for (GList *l = priv->ended.head; l != NULL; l = l->next)
    g_ptr_array_add (events, g_object_ref (l->data));
  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_add_sent (priv->sessions->pdata[i], events);
  g_ptr_array_sort (events, compare_serials);
  return events;
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

static void
fill_in_ticket (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEventPrivate     *event_priv = mpel_event_get_private (event);
  MpelEventTicket      *ticket = &event_priv->ticket;

  ticket->loop = self;
  ticket->serial = ++priv->last_serial;
  ticket->priority = event_priv->priority;
  ticket->n_retries = event_priv->max_retries;
  ticket->is_suspect = FALSE;
  ticket->has_output = event_priv->is_hidden || (priv->has_results && event_priv->has_output);
  ticket->is_pulled = event_priv->pull;
  if (ticket->stop_error != NULL)
    g_clear_error (&ticket->stop_error);
}

/* Before the event is seen by anybody: a notification of that may run a main loop. */
static void
take_in (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEventPrivate     *event_priv = mpel_event_get_private (event);

  if (priv->n_pending++ == 0)
    g_object_ref (self);
  fill_in_ticket (self, event);
  mpel_queue_push (mpel_event_loop_choose_queue (priv, event), g_object_ref (event));
  if (event_priv->timeout > 0 || event_priv->cancellable != NULL || priv->event_timeout_ms > 0)
    mpel_event_loop_watch_event (self, event);
  if (priv->list != NULL && !event_priv->is_hidden)
    mpel_event_list_add (priv->list, event);
  mpel_event_loop_ask_for_turn (self);
  mpel_event_become_queued (event);
}

/* Other threads would damage the queue now and then, which nobody would find. */
static gboolean
check_here (MpelEventLoopPrivate *priv, GError **error)
{
  if (priv->thread == g_thread_self () || g_main_context_is_owner (priv->context))
    return TRUE;
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED, "An event loop takes events only in the thread that it was made in");
  return FALSE;
}

static gboolean
may_add (MpelEventLoop *self, MpelEvent *event, GError **error)
{
  return check_here (mpel_event_loop_get_private (self), error) && mpel_event_loop_check_open (self, error) &&
         (mpel_event_get_private (event)->is_hidden || mpel_event_loop_check_room (self, error));
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
 * Fails with [MPEL_LOOP_ERROR_CLOSED][error@LoopError] on a closed loop, with
 * [MPEL_LOOP_ERROR_FULL][error@LoopError] if [property@EventLoop:max-pending] events are pending, and
 * with [MPEL_LOOP_ERROR_INVALID_ARGUMENTS][error@LoopError] if the event is pending already, has no
 * target, or has arguments of a wrong type; with [MPEL_LOOP_ERROR_FAILED][error@LoopError] in a thread
 * that is not the loop's. It then has not been added.
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
  gboolean              is_first;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);
  g_return_val_if_fail (MPEL_IS_EVENT (event), FALSE);

  keep_alive = g_object_ref (self);
  priv = mpel_event_loop_get_private (self);
  if (!may_add (self, event, error) || (mpel_event_loop_let_begin (self) && !may_add (self, event, error)))
    return FALSE;
  if (!mpel_event_check (event, error) || !mpel_event_prepare (event, error) || !mpel_event_loop_resolve_objects (self, event, error))
    return FALSE;

  is_first = !priv->will_turn;
  take_in (self, event);
  if (g_cancellable_is_cancelled (mpel_event_get_private (event)->cancellable))
    {
      mpel_event_cancel (event);
      return TRUE;
    }

  mpel_event_loop_want_more (priv);
  /* For the first of a turn; the others travel together at its end. That there is no worker is told
   * by the event itself. */
  if (!is_first && priv->sessions->len > 0)
    return TRUE;
  if (!mpel_event_loop_has_live_worker (self))
    mpel_event_loop_ensure_workers (self, 1, NULL);
  /* Nobody but who is notified of this event may do something before it is known to its caller. */
  if (mpel_event_loop_has_free_worker (self) && priv->queue.n_events <= 1)
    mpel_event_loop_fill (self);
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

/**
 * mpel_event_loop_add_stream:
 * @self: an event loop
 * @target: the name of a function or handler in the worker
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @error: return location for an error
 *
 * Makes an event whose values are asked for one by one, and adds it.
 *
 * Ask for them with [method@Event.next_async], and cancel the event if you do not want them all.
 * See [property@Event:pull] and [method@EventLoop.add_event].
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_add_stream (MpelEventLoop *self, const char *target, GVariant *args, GVariant *kwargs, GError **error)
{
  g_autoptr (MpelEvent) event = NULL;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (target != NULL, NULL);

  event = mpel_event_new (target, args, kwargs);
  mpel_event_set_pull (event, TRUE);
  if (!mpel_event_loop_add_event (self, event, error))
    return NULL;
  return g_steal_pointer (&event);
}
