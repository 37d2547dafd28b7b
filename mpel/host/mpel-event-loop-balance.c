/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

/* What is looked after now and then: workers that are idle or not wanted any more, events that wait
 * behind a slow one while somebody else could run them, and those that wait while many are added. */

/* So many make a batch that is worth sending, and looking for room then costs each of them little. */
#define EAGER_EVENTS 64

static guint
count_live (MpelEventLoopPrivate *priv)
{
  guint n = 0;

  for (guint i = 0; i < priv->sessions->len; i++)
    n += mpel_session_is_live (priv->sessions->pdata[i]);
  return n;
}

/* Those at the end of the list are younger. @surplus: (nullable) */
static gboolean
is_more_surplus (MpelSession *session, MpelSession *surplus)
{
  if (!mpel_session_is_live (session) || mpel_session_is_home (session))
    return FALSE;
  return surplus == NULL || mpel_session_has_none (session) || !mpel_session_has_none (surplus);
}

/* Whom to do without when there are too many: one that has nothing to do, else the youngest; but
 * nobody's home. Returns: (nullable) */
static MpelSession *
pick_surplus (MpelEventLoopPrivate *priv)
{
  MpelSession *surplus = NULL;

  for (guint i = 0; i < priv->sessions->len; i++)
    if (is_more_surplus (priv->sessions->pdata[i], surplus))
      surplus = priv->sessions->pdata[i];
  return surplus;
}

static void
mark_surplus (MpelEventLoopPrivate *priv)
{
  MpelSession *surplus;

  for (guint n_live = count_live (priv); n_live > priv->max_workers && (surplus = pick_surplus (priv)) != NULL; n_live--)
    mpel_session_retire (surplus);
}

/* Those that get no more events leave once they have none. */
void
mpel_event_loop_retire_workers (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  mark_surplus (priv);
  for (guint i = 0; i < priv->sessions->len; i++)
    {
      MpelSession *session = priv->sessions->pdata[i];

      if (mpel_session_is_retiring (session) && mpel_session_has_none (session))
        mpel_session_leave (session);
    }
}

static gboolean
may_idle_away (MpelEventLoopPrivate *priv, MpelSession *session)
{
  return priv->idle_timeout_ms > 0 && !priv->prestart && mpel_session_is_live (session) &&
         mpel_session_is_ready (session) && mpel_session_has_none (session) && !mpel_session_is_home (session);
}

static gint64
find_idle_patience (MpelEventLoopPrivate *priv)
{
  return (gint64) priv->idle_timeout_ms * 1000;
}

/* Returns when, or G_MAXINT64. */
static gint64
find_next_idle_end (MpelEventLoopPrivate *priv, gint64 now)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < priv->sessions->len; i++)
    {
      MpelSession *session = priv->sessions->pdata[i];

      if (may_idle_away (priv, session))
        next = MIN (next, mpel_session_note_idle (session, now) + find_idle_patience (priv));
    }
  return next;
}

static gboolean
needs_balance (MpelEventLoopPrivate *priv)
{
  if (!priv->is_pool || priv->max_workers < 2)
    return FALSE;
  for (guint i = 0; i < priv->sessions->len; i++)
    if (mpel_session_has_waiting (priv->sessions->pdata[i]))
      return TRUE;
  return FALSE;
}

void
mpel_event_loop_arm_tick (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  gint64                armed = g_source_get_ready_time (priv->tick);
  gint64                now, next;

  if (priv->idle_timeout_ms == 0 && !priv->is_pool && priv->suspicion_until == 0)
    return;
  now = g_get_monotonic_time ();
  next = find_next_idle_end (priv, now);
  if (priv->no_growth_until > now && !mpel_queue_is_empty (&priv->queue))
    next = MIN (next, priv->no_growth_until);
  if (priv->suspicion_until > now)
    next = MIN (next, priv->suspicion_until);
  if (needs_balance (priv))
    next = MIN (next, now + MPEL_SLOW_US);
  /* One that comes too early looks again. */
  if (next != G_MAXINT64 && (armed < 0 || next < armed))
    g_source_set_ready_time (priv->tick, next);
}

static void
send_idle_home (MpelEventLoopPrivate *priv, gint64 now)
{
  for (guint i = 0; i < priv->sessions->len; i++)
    {
      MpelSession *session = priv->sessions->pdata[i];

      if (may_idle_away (priv, session) && mpel_session_was_idle (session, now, find_idle_patience (priv)))
        mpel_session_leave (session);
    }
}

/* Is there somebody else, or may there be? */
static gboolean
can_help (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  return count_live (priv) < priv->max_workers || mpel_event_loop_has_free_worker (self);
}

static void
recall_stuck (MpelEventLoop *self, gint64 now)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  gboolean              has_help = can_help (self);

  for (guint i = 0; i < priv->sessions->len; i++)
    {
      MpelSession *session = priv->sessions->pdata[i];

      if (mpel_session_should_recall (session, now, has_help))
        mpel_session_recall (session);
    }
}

gboolean
mpel_event_loop_tick_cb (gpointer loop)
{
  g_autoptr (MpelEventLoop) self = g_object_ref (loop);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  gint64                now = g_get_monotonic_time ();

  if (priv->is_pool)
    recall_stuck (self, now);
  send_idle_home (priv, now);
  mpel_event_loop_fill (self);
  mpel_event_loop_arm_tick (self);
  mpel_event_loop_tell_changes (self);
  return G_SOURCE_CONTINUE;
}

/* Who is notified of what is sent may end workers. */
static void
hear_loads (MpelEventLoopPrivate *priv)
{
  for (guint i = 0; i < priv->sessions->len; i++)
    mpel_session_hear_load (priv->sessions->pdata[i]);
}

/* One more is to be added. Many of one turn need not wait for its end: workers begin with the first while
 * others are added, although nothing is read meanwhile but what makes room. Returns whether some may
 * have been sent: who is notified of that may do anything. */
gboolean
mpel_event_loop_let_begin (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  if (priv->queue.n_events < EAGER_EVENTS || priv->last_serial % EAGER_EVENTS != 0)
    return FALSE;
  hear_loads (priv);
  mpel_event_loop_fill (self);
  return TRUE;
}
