/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

/* Which worker gets the next event, and which event that is.
 *
 * An event is suspected when a worker crashed that had it, and it may run again: nobody knows which of
 * those that were there was to blame. A suspect has a worker to itself until it has ended, so that another
 * crash costs nobody else anything. */

/* Workers with events, also those that get no more. */
static guint
count_busy (MpelEventLoopPrivate *priv)
{
  guint n = 0;

  for (guint i = 0; i < priv->sessions->len; i++)
    n += !mpel_session_has_none (priv->sessions->pdata[i]);
  return n;
}

/* Who runs on beside others, such as a handler that answers much later, may wait for these. So a suspect
 * that leaves the main thread free is alone for some time only. */
static gboolean
is_beyond_suspicion (MpelEventLoopPrivate *priv, MpelSession *session)
{
  return mpel_session_is_waiting (session) && g_get_monotonic_time () >= priv->suspicion_until;
}

/* May @event be sent to @session now, as far as suspects are concerned? */
static gboolean
may_be_beside (MpelEventLoopPrivate *priv, MpelSession *session, MpelEvent *event)
{
  if (!mpel_session_has_suspect (session) && !mpel_event_get_private (event)->ticket.is_suspect)
    return TRUE;
  return mpel_session_has_none (session) || is_beyond_suspicion (priv, session);
}

/* @homed: (nullable). Returns: (nullable): the one of the two that goes first */
static MpelEvent *
get_first (MpelEventLoopPrivate *priv, MpelEvent *homed)
{
  MpelEvent *event = mpel_queue_peek (&priv->queue);

  return event == NULL || (homed != NULL && mpel_queue_goes_before (homed, event)) ? homed : event;
}

/* May @session get one more event now, if there is one that it may run? One that does nothing gets
 * what only it can do, even while @may_use_idle is not so. */
static gboolean
may_get (MpelEventLoopPrivate *priv, MpelSession *session, gboolean may_use_idle)
{
  MpelEvent *homed = mpel_session_peek_homed (session);
  MpelEvent *first = get_first (priv, homed);

  if (first == NULL || !mpel_session_can_take (session) || !may_be_beside (priv, session, first))
    return FALSE;
  return may_use_idle || homed != NULL || !mpel_session_has_none (session);
}

/* The worker that has least to do, among those with room. A new one gets nothing before the one that it
 * replaces has answered all, so that no more of them work than there should be.
 * Returns: (nullable) */
static MpelSession *
pick_worker (MpelEventLoopPrivate *priv)
{
  gboolean     may_use_idle = priv->sessions->len == 1 || count_busy (priv) < priv->max_workers;
  MpelSession *best = NULL;

  for (guint i = 0; i < priv->sessions->len; i++)
    {
      MpelSession *session = priv->sessions->pdata[i];

      if (may_get (priv, session, may_use_idle) && (best == NULL || mpel_session_has_less (session, best)))
        best = session;
    }
  return best;
}

/* The caller holds @session: sending may be the end of it. */
static void
send_event (MpelEventLoop *self, MpelSession *session, MpelEvent *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (!mpel_session_send (session, event))
    mpel_event_loop_end_here (self, event);
  else if (mpel_session_is_worn (session, priv->max_events_per_worker))
    mpel_session_retire (session);
}

/* @remote: (nullable). Returns: (nullable) */
static MpelSession *
get_home (MpelRemote *remote)
{
  MpelSession *home = remote != NULL ? remote->home : NULL;

  return home != NULL && mpel_session_is_standing (home) ? home : NULL;
}

/* Where the objects of @event live. Returns: (nullable): NULL when it may go anywhere */
static MpelSession *
find_home (MpelEvent *event)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;
  MpelSession     *home;

  if (!mpel_event_ticket_has_objects (ticket))
    return NULL;
  if ((home = get_home (ticket->remote)) != NULL || (home = get_home (ticket->beside)) != NULL)
    return home;
  for (guint i = 0; ticket->mentioned != NULL && i < ticket->mentioned->len; i++)
    if ((home = get_home (ticket->mentioned->pdata[i])) != NULL)
      return home;
  return NULL;
}

/* Where a new event waits. What has a home need not be passed over by others first: there may be
 * nobody to do that, while all that may work are busy. */
MpelQueue *
mpel_event_loop_choose_queue (MpelEventLoopPrivate *priv, MpelEvent *event)
{
  MpelSession *home = find_home (event);

  return home != NULL ? &home->homed : &priv->queue;
}

/* The next event for @session; what it passes over waits for its home. NULL when that was all, or when
 * what comes behind it has to wait.
 * Returns: (transfer full) (nullable) */
static MpelEvent *
take_next (MpelEventLoopPrivate *priv, MpelSession *session)
{
  MpelEvent *homed = mpel_session_peek_homed (session);
  MpelEvent *event;

  while ((event = get_first (priv, homed)) != NULL && event != homed)
    {
      MpelSession *home = find_home (event);

      if ((home == NULL || home == session) && !may_be_beside (priv, session, event))
        return NULL;
      mpel_queue_unlink (event);
      if (home == NULL || home == session)
        return event;
      mpel_session_queue_homed (home, event);
    }
  return homed != NULL && may_be_beside (priv, session, homed) ? mpel_session_pop_homed (session) : NULL;
}

/* Sends one event, or sees that one waits for its home. Who is notified of its state may do anything.
 * Returns FALSE when there is nothing that anybody can take now. */
gboolean
mpel_event_loop_send_next (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (MpelSession) worker = NULL;
  MpelEvent *event;

  g_set_object (&worker, pick_worker (priv));
  if (worker == NULL)
    return FALSE;
  event = take_next (priv, worker);
  if (event != NULL)
    send_event (self, worker, event);
  return TRUE;
}
