/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"

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
