/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"

/* The workers of a loop: when one more is started, and what becomes of the events of one that is
 * gone. A loop has one, a pool several, and there may be more while some are on their way out. A
 * session that leaves, or will, is not live. */

/* The one that runs, and always the next. In a pool the next goes to whoever is free first. */
#define AHEAD_ALONE 2
#define AHEAD_IN_POOL 1

/* When a worker cannot be started although others run, they go on without it for a while. */
#define NO_GROWTH_US (5 * G_USEC_PER_SEC)

/* After a crash, those that it may be due to keep others out of their worker for so long even while these
 * could run beside them: most crashes come sooner, and nobody waits longer for what is not to blame. */
#define SUSPICION_US (2 * G_USEC_PER_SEC)

gboolean
mpel_event_loop_has_live_worker (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  for (guint i = 0; i < priv->sessions->len; i++)
    if (mpel_session_is_live (priv->sessions->pdata[i]))
      return TRUE;
  return FALSE;
}

gboolean
mpel_event_loop_has_leaving_worker (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  for (guint i = 0; i < priv->sessions->len; i++)
    if (mpel_session_is_leaving (priv->sessions->pdata[i]))
      return TRUE;
  return FALSE;
}

gboolean
mpel_event_loop_has_free_worker (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  for (guint i = 0; i < priv->sessions->len; i++)
    if (mpel_session_is_live (priv->sessions->pdata[i]) && mpel_session_is_free (priv->sessions->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
flush_all (MpelEventLoopPrivate *priv)
{
  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_flush (priv->sessions->pdata[i]);
}

static void
count_workers (MpelEventLoopPrivate *priv, guint *n_live, guint *n_starting)
{
  *n_live = *n_starting = 0;
  for (guint i = 0; i < priv->sessions->len; i++)
    {
      gboolean is_live = mpel_session_is_live (priv->sessions->pdata[i]);

      *n_live += is_live;
      *n_starting += is_live && mpel_session_is_starting (priv->sessions->pdata[i]);
    }
}

/* Are all workers to be there before there is work for them? */
static gboolean
wants_all (MpelEventLoopPrivate *priv)
{
  return priv->prestart && priv->is_wanted && !priv->stopping && !priv->closed;
}

/* One more worker for each event that nobody can take, up to the number there should be. */
static void
grow (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  guint                 n_live, n_starting, n_needed;

  if (mpel_queue_is_empty (&priv->queue) && !wants_all (priv))
    return;
  count_workers (priv, &n_live, &n_starting);
  if (n_live > 0 && priv->no_growth_until > 0 && g_get_monotonic_time () < priv->no_growth_until)
    return;
  n_needed = priv->queue.n_events > n_starting ? priv->queue.n_events - n_starting : 0;
  if (mpel_event_loop_has_free_worker (self))
    n_needed = 0;
  if (wants_all (priv))
    n_needed = priv->max_workers;
  mpel_event_loop_ensure_workers (self, MIN (n_live + n_needed, priv->max_workers), NULL);
}

/* Sends from the queue what the workers have room for. Who is notified of an event's state may do
 * anything, such as ending them. */
void
mpel_event_loop_fill (MpelEventLoop *self)
{
  while (mpel_event_loop_send_next (self))
    ;
  flush_all (mpel_event_loop_get_private (self));
  grow (self);
}

/* Somebody has use for workers, whatever became of those before. */
void
mpel_event_loop_want_more (MpelEventLoopPrivate *priv)
{
  if (priv->is_wanted)
    return;
  priv->is_wanted = TRUE;
  priv->n_losses = 0;
}

/* Those who wait for a start hear of it once no worker is still starting. */
void
mpel_event_loop_release_starts (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  guint                 n_live, n_starting;

  if (mpel_waiters_is_empty (priv->starts))
    return;
  count_workers (priv, &n_live, &n_starting);
  if (n_live > 0 && n_starting == 0)
    mpel_waiters_release (priv->starts, NULL);
}

static void
session_ready_cb (MpelSession *session, gpointer loop)
{
  MpelEventLoop *self = loop;

  mpel_event_loop_tell_changes (self);
  mpel_event_loop_emit_worker_started (self, mpel_session_get_pid (session));
  mpel_event_loop_release_starts (self);
  mpel_event_loop_fill (self);
}

static void
session_room_cb (MpelSession *session, gpointer loop)
{
  mpel_event_loop_fill (loop);
}

/* Who is notified of one event finds all of them where they belong, and may do anything. */
static void
freeze_all (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    g_object_freeze_notify (events->pdata[i]);
}

static void
thaw_all (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    g_object_thaw_notify (events->pdata[i]);
}

static void
put_back (MpelEventLoop *self, MpelEvent *event)
{
  mpel_queue_put_back (&mpel_event_loop_get_private (self)->queue, g_object_ref (event));
  mpel_event_become_queued (event);
}

static void
session_returned_cb (MpelSession *session, GPtrArray *events, gpointer loop)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (loop);

  freeze_all (events);
  /* The oldest last: each goes before all that wait. */
  for (guint i = events->len; i > 0; i--)
    {
      MpelEvent *event = events->pdata[i - 1];

      if (mpel_event_get_private (event)->ticket.stop_error == NULL)
        put_back (self, event);
      else if (mpel_event_end_stopped (event))
        mpel_event_loop_end_here (self, g_object_ref (event));
    }
  thaw_all (events);
  mpel_event_loop_fill (self);
}

static gboolean
is_loss (const GError *reason)
{
  return g_error_matches (reason, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST) ||
         g_error_matches (reason, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
}

static MpelEventState
end_state_for (const GError *reason)
{
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return MPEL_EVENT_STATE_CANCELLED;
  return is_loss (reason) ? MPEL_EVENT_STATE_LOST : MPEL_EVENT_STATE_FAILED;
}

static gboolean
may_try_again (MpelEvent *event, const GError *error)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

  return ticket->stop_error == NULL && ticket->n_retries > 0 && is_loss (error);
}

/* Any of @events may be to blame. */
static void
suspect_all (MpelEventLoop *self, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    mpel_event_get_private (events->pdata[i])->ticket.is_suspect = TRUE;
  mpel_event_loop_get_private (self)->suspicion_until = g_get_monotonic_time () + SUSPICION_US;
}

/* Returns: (transfer full) (element-type MpelEvent): those of @events that are in the queue again;
 * they are not told yet */
static GPtrArray *
try_again (MpelEventLoop *self, GPtrArray *events, const GError *error)
{
  GPtrArray *again = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < events->len;)
    if (may_try_again (events->pdata[i], error))
      g_ptr_array_add (again, g_ptr_array_steal_index (events, i));
    else
      i++;

  freeze_all (again);
  for (guint i = 0; i < again->len; i++)
    {
      mpel_event_get_private (again->pdata[i])->ticket.n_retries--;
      put_back (self, again->pdata[i]);
    }
  return again;
}

static void
end_lost (MpelEventLoop *self, MpelEvent *event, const GError *error)
{
  gboolean has_ended;

  if (mpel_event_get_private (event)->ticket.stop_error != NULL)
    has_ended = mpel_event_end_stopped (event);
  else
    has_ended = mpel_event_end_error (event, end_state_for (error), error);

  if (has_ended)
    mpel_event_loop_end_here (self, g_object_ref (event));
}

/* All that the worker of a session has, in order. */
void
mpel_event_loop_end_sent (MpelEventLoop *self, MpelSession *session, const GError *error)
{
  g_autoptr (GPtrArray) events = mpel_session_steal_sent (session, 0, G_MAXUINT64);
  g_autoptr (GPtrArray) again = NULL;

  if (is_loss (error) && !mpel_session_is_condemned (session))
    suspect_all (self, events);
  again = try_again (self, events, error);
  for (guint i = 0; i < events->len; i++)
    end_lost (self, events->pdata[i], error);
  thaw_all (again);
}

/* What waits in the host is lost with the only worker, unless that was killed for one event. In a
 * pool it waits for another, unless none can be started. */
static gboolean
loses_queue (MpelEventLoop *self, MpelSession *session, const GError *reason)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (mpel_session_is_condemned (session) || mpel_event_loop_has_live_worker (self))
    return FALSE;
  return !priv->is_pool || !is_loss (reason);
}

/* The session goes first, since whoever is told of an end may do anything. After an orderly end
 * there may be events and starts that came since: a new worker's. */
static void
session_gone_cb (MpelSession *session, const GError *reason, gpointer loop)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (loop);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (MpelSession) gone = g_object_ref (session);
  guint64 last = priv->last_serial;
  GError  left = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The worker was asked to leave" };

  g_ptr_array_remove (priv->sessions, session);
  mpel_session_move_homed (session, &priv->queue);
  mpel_event_loop_end_sent (self, session, reason != NULL ? reason : &left);
  if (reason != NULL)
    {
      if (!mpel_session_is_condemned (session) && ++priv->n_losses >= MPEL_MAX_LOSSES)
        priv->is_wanted = FALSE;
      if (!is_loss (reason))
        priv->no_growth_until = g_get_monotonic_time () + NO_GROWTH_US;
      if (loses_queue (self, session, reason))
        mpel_event_loop_end_queued (self, last, end_state_for (reason), reason);
      if (!is_loss (reason) || !mpel_event_loop_has_live_worker (self))
        mpel_waiters_release (priv->starts, reason);
    }
  mpel_session_lose_remotes (session, reason);
  mpel_event_loop_emit_worker_exited (self, mpel_session_get_pid (session), reason);
  mpel_event_loop_check_milestones (self);
}

static void
session_described_cb (MpelSession *session, const char *class_name, GVariant *description, gpointer loop)
{
  mpel_event_loop_keep_class (loop, class_name, description);
}

static void
session_released_cb (MpelSession *session, gpointer loop)
{
  mpel_event_loop_ask_for_turn (loop);
}

static const MpelSessionCalls session_calls = {
  session_ready_cb,
  session_room_cb,
  session_gone_cb,
  session_returned_cb,
  session_described_cb,
  session_released_cb,
};

static gboolean
start_worker (MpelEventLoop *self, GError **error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (priv->context);
  g_autoptr (MpelSession) session = NULL;

  session = mpel_session_new (mpel_delivery_get_wake (priv->delivery),
                              priv->is_pool ? AHEAD_IN_POOL : AHEAD_ALONE,
                              &session_calls,
                              self);
  if (!mpel_session_start (session, priv->launcher, error))
    return FALSE;
  g_ptr_array_add (priv->sessions, g_steal_pointer (&session));
  return TRUE;
}

/* That no worker can be started is told to all who wait for it as well, but later: some of them
 * will want to try again. */
gboolean
mpel_event_loop_ensure_workers (MpelEventLoop *self, guint n_wanted, GError **error)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (GError) reason = NULL;
  guint    n_live, n_starting;
  gboolean has_started = FALSE;

  count_workers (priv, &n_live, &n_starting);
  for (; n_live < n_wanted && priv->start_failure == NULL && reason == NULL; n_live++)
    has_started |= start_worker (self, &reason);
  if (has_started)
    mpel_event_loop_tell_changes (self);

  if (reason != NULL && mpel_event_loop_has_live_worker (self))
    priv->no_growth_until = g_get_monotonic_time () + NO_GROWTH_US;
  else if (reason != NULL)
    {
      priv->start_failure = g_steal_pointer (&reason);
      mpel_delivery_wake (priv->delivery);
    }

  if (mpel_event_loop_has_live_worker (self) || n_wanted == 0)
    return TRUE;
  g_propagate_error (error, g_error_copy (priv->start_failure));
  return FALSE;
}

/* Tells of a start that failed. */
void
mpel_event_loop_tell_start_failure (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (GError) failure = g_steal_pointer (&priv->start_failure);

  if (failure == NULL)
    return;
  priv->is_wanted = FALSE;
  mpel_event_loop_end_queued (self, priv->last_serial, MPEL_EVENT_STATE_FAILED, failure);
  mpel_waiters_release (priv->starts, failure);
}
