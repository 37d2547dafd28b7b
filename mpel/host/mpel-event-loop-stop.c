/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-cancel-watch-private.h"
#include "mpel-loop-error.h"

/* How an event is asked to end before it does so by itself:
 *
 *   cancelled or late ─┬─ it waits in the host: ended
 *                      └─ a worker has it: told ─┬─ answers: ended
 *                                                └─ does not, for the grace: its worker is killed
 */

static gint64
later (guint ms)
{
  return g_get_monotonic_time () + (gint64) ms * 1000;
}

static void
end_in_queue (MpelEventLoop *self, MpelEvent *event)
{
  mpel_event_end_stopped (event);
  mpel_event_loop_end_here (self, event);
}

/* One that is being ended with its worker is with no session any more. */
static void
tell_worker (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEventTicket      *ticket = &mpel_event_get_private (event)->ticket;

  if (ticket->session == NULL)
    return;
  mpel_session_cancel (ticket->session, event);
  if (priv->cancel_grace_ms > 0)
    mpel_alarms_set (priv->alarms, &ticket->alarm, event, later (priv->cancel_grace_ms));
}

/* Returns FALSE when there is no need any more. */
static gboolean
mark_stopped (MpelEventLoop *self, MpelEvent *event, const GError *error)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

  if (!mpel_event_is_open (event) || ticket->stop_error != NULL)
    return FALSE;
  ticket->stop_error = g_error_copy (error);
  mpel_event_stream_reset (event);
  mpel_alarms_unset (mpel_event_loop_get_private (self)->alarms, &ticket->alarm);
  return TRUE;
}

/* Copies @error, which it will end with unless it answers. */
void
mpel_event_loop_stop_event (MpelEventLoop *self, MpelEvent *event, const GError *error)
{
  MpelSession *session;

  if (!mark_stopped (self, event, error))
    return;

  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_QUEUED)
    {
      /* One that is just being sent ends there. */
      if (mpel_event_get_private (event)->ticket.queue == NULL)
        return;
      mpel_queue_unlink (event);
      end_in_queue (self, event);
      return;
    }
  tell_worker (self, event);
  session = mpel_event_get_private (event)->ticket.session;
  if (session != NULL)
    mpel_session_send_urgent (session);
}

static void
end_late (MpelEventLoop *self, MpelEvent *event)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR,
                                          G_IO_ERROR_TIMED_OUT,
                                          "The event “%s” did not end in time",
                                          mpel_event_describe (event));

  mpel_event_loop_stop_event (self, event, error);
}

/* Its worker goes with it; what that has not begun is saved. */
static void
force_end (MpelEvent *event)
{
  MpelSession *session = mpel_event_get_private (event)->ticket.session;

  if (session == NULL)
    return;
  mpel_session_condemn (session,
                        event,
                        g_error_new (MPEL_LOOP_ERROR,
                                     MPEL_LOOP_ERROR_WORKER_LOST,
                                     "The worker (process %d) was killed, since “%s” did not end when it was asked to",
                                     mpel_session_get_pid (session),
                                     mpel_event_describe (event)));
}

/* Its deadline, or after that the end of our patience. */
void
mpel_event_loop_alarm_cb (gpointer event, gpointer loop)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (loop);
  g_autoptr (MpelEvent) keep_alive = g_object_ref (event);

  if (mpel_event_get_private (event)->ticket.stop_error == NULL)
    end_late (self, event);
  else if (mpel_event_is_open (event))
    force_end (event);
}

static gboolean
event_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  mpel_event_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* From when it is added until it is delivered. */
void
mpel_event_loop_watch_event (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEventPrivate     *event_priv = mpel_event_get_private (event);
  guint                 timeout_ms = event_priv->timeout >= 0 ? (guint) event_priv->timeout : priv->event_timeout_ms;

  if (timeout_ms > 0)
    mpel_alarms_set (priv->alarms, &event_priv->ticket.alarm, event, later (timeout_ms));
  event_priv->ticket.cancel_watch = mpel_cancel_watch_new (event_priv->cancellable,
                                                           priv->context,
                                                           "[mpel] cancel event",
                                                           event_cancelled_cb,
                                                           event);
}

void
mpel_event_loop_unwatch_event (MpelEventLoop *self, MpelEvent *event)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

  mpel_alarms_unset (mpel_event_loop_get_private (self)->alarms, &ticket->alarm);
  mpel_cancel_watch_clear (&ticket->cancel_watch);
}

static void
send_all_urgent (MpelEventLoopPrivate *priv)
{
  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_send_urgent (priv->sessions->pdata[i]);
}

static int
compare_ids_backwards (gconstpointer a, gconstpointer b)
{
  guint64 id_a = mpel_event_get_private (*(MpelEvent *const *) a)->ticket.id;
  guint64 id_b = mpel_event_get_private (*(MpelEvent *const *) b)->ticket.id;

  return id_a > id_b ? -1 : id_a < id_b;
}

/* Returns: (transfer full) (element-type MpelEvent): what the workers have, of each the last first.
 * The one that runs is told last: those behind it would begin before they are told. */
static GPtrArray *
get_sent (MpelEventLoopPrivate *priv)
{
  GPtrArray *sent = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_add_sent (priv->sessions->pdata[i], sent);
  g_ptr_array_sort (sent, compare_ids_backwards);
  return sent;
}

/* Not those that somebody adds who hears of another's end. */
static void
cancel_waiting (MpelEventLoop *self, MpelEvent *event, guint64 last, const GError *error)
{
  if (!mpel_event_loop_waits_here (self, event, last) || mpel_event_get_private (event)->is_hidden)
    return;
  mpel_queue_unlink (event);
  mark_stopped (self, event, error);
  end_in_queue (self, event);
}

/**
 * mpel_event_loop_cancel_all:
 * @self: an event loop
 *
 * Cancels all events that are pending, see [method@Event.cancel].
 *
 * The workers stay, unless one of their events does not answer within
 * [property@EventLoop:cancel-grace]. To end them at once there is [method@EventLoop.terminate].
 *
 * Since: 0.1
 */
void
mpel_event_loop_cancel_all (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;
  g_autoptr (MpelEventLoop) keep_alive = NULL;
  g_autoptr (GPtrArray) sent = NULL;
  GError error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "All events of the loop were cancelled" };
  g_autoptr (GPtrArray) waiting = NULL;
  guint64 last;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  keep_alive = g_object_ref (self);
  priv = mpel_event_loop_get_private (self);
  last = priv->last_serial;
  sent = get_sent (priv);

  /* The workers first, lest they are sent what will not be wanted. */
  for (guint i = 0; i < sent->len; i++)
    if (!mpel_event_get_private (sent->pdata[i])->is_hidden && mark_stopped (self, sent->pdata[i], &error))
      tell_worker (self, sent->pdata[i]);
  send_all_urgent (priv);
  waiting = mpel_event_loop_get_waiting (priv);
  for (guint i = 0; i < waiting->len; i++)
    cancel_waiting (self, waiting->pdata[i], last, &error);
}
