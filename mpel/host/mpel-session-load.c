/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-session-private.h"

/* How much the worker of a session has to do: what its loop asks before it gives it more, leaves it
 * alone, or does without it. */

/* What waits behind a slow event may be overtaken by this much, while all workers are busy. */
#define STUCK_US 10000

/* Its main thread has nothing to do, as far as we know, whatever else is under way. */
gboolean
mpel_session_is_waiting (MpelSession *self)
{
  return self->state == MPEL_SESSION_READY && self->window.n_ahead == 0;
}

/* Has it been given an event that is suspected? */
gboolean
mpel_session_has_suspect (MpelSession *self)
{
  return self->n_suspects > 0;
}

/* The worker has nothing to do: an event for it is best sent at once. */
gboolean
mpel_session_is_free (MpelSession *self)
{
  return mpel_session_is_waiting (self) && !mpel_session_has_suspect (self);
}

static guint
count_open (MpelSession *self)
{
  return g_hash_table_size (self->sent);
}

/* It has answered all. */
gboolean
mpel_session_has_none (MpelSession *self)
{
  return count_open (self) == 0;
}

/* Has it less to do than the other? */
gboolean
mpel_session_has_less (MpelSession *self, MpelSession *other)
{
  if (self->window.n_ahead != other->window.n_ahead)
    return self->window.n_ahead < other->window.n_ahead;
  return count_open (self) < count_open (other);
}

/* Does the event that it runs take longer than those before? Then another one waits better in the
 * host, unless the next always goes ahead. */
static gboolean
is_slow (MpelSession *self)
{
  return self->window.min_limit < 2 && self->window.n_ahead > 0 &&
         g_get_monotonic_time () - self->reported_us > MPEL_SLOW_US + (gint64) (2 * self->window.cost_us);
}

/* While it says what it gives back, what is sent runs before that. But events of one object keep their
 * order, and if it is at home here they come back here. */
static gboolean
would_overtake (MpelSession *self)
{
  return self->recalled_id != 0 && mpel_session_is_home (self);
}

/* Has the worker room for one more event? Room is collected before it is used; but a worker that
 * has answered all has room, whatever it says. */
gboolean
mpel_session_can_take (MpelSession *self)
{
  if (self->state != MPEL_SESSION_READY || self->fault != NULL || self->doom != NULL || mpel_session_is_retiring (self))
    return FALSE;
  if (would_overtake (self))
    return FALSE;
  if (mpel_session_has_none (self))
    return TRUE;
  if (self->is_stuck || is_slow (self))
    return FALSE;
  if (!mpel_window_has_room (&self->window))
    self->is_filling = FALSE;
  else if (mpel_window_is_worth_filling (&self->window))
    self->is_filling = TRUE;
  return self->is_filling;
}

/* Has it events that it may not have begun, and was not asked for? One that is ahead may be the one
 * that runs; but when others have begun and go on, it may wait for them as well. */
gboolean
mpel_session_has_waiting (MpelSession *self)
{
  guint n_certain = count_open (self) >= 2 ? 1 : 2;

  if (!self->does_long_work || self->recalled_id != 0)
    return FALSE;
  return self->window.n_ahead >= n_certain && self->last_id > self->returned_id;
}

/* Have those waited for so long that they are better asked for? @has_help: another worker could take
 * them. */
gboolean
mpel_session_should_recall (MpelSession *self, gint64 now, gboolean has_help)
{
  gint64 patience = has_help ? MPEL_SLOW_US : MAX (STUCK_US, (gint64) (2 * self->window.cost_us));

  return mpel_session_has_waiting (self) && now - self->reported_us >= patience;
}

/* It is not needed any more. */
void
mpel_session_retire (MpelSession *self)
{
  self->is_spare = TRUE;
}

/* It gets no more events, and its loop sends it home once it has none. But what it does last may make it
 * somebody's home: then it stays as long as it is. */
gboolean
mpel_session_is_retiring (MpelSession *self)
{
  return self->is_spare && !mpel_session_is_home (self);
}

/* Has it been given as many events as it should be, or more? @limit: 0 for any number */
gboolean
mpel_session_is_worn (MpelSession *self, guint limit)
{
  return limit > 0 && self->n_given >= limit;
}

/* It has nothing to do, as of @now. Returns since when: that is, when this was looked at first. */
gint64
mpel_session_note_idle (MpelSession *self, gint64 now)
{
  if (self->idle_since_us == 0)
    self->idle_since_us = now;
  return self->idle_since_us;
}

/* Has it been idle for that long, as far as anybody has looked? */
gboolean
mpel_session_was_idle (MpelSession *self, gint64 now, gint64 for_us)
{
  return self->idle_since_us != 0 && now - self->idle_since_us >= for_us;
}

/* Returns: (transfer floating): see mpel_pool_get_statistics */
GVariant *
mpel_session_describe (MpelSession *self)
{
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "pid", "i", mpel_session_get_pid (self));
  g_variant_dict_insert (&dict, "ready", "b", mpel_session_is_ready (self));
  g_variant_dict_insert (&dict, "leaving", "b", !mpel_session_is_live (self));
  g_variant_dict_insert (&dict, "n-ended", "u", self->n_ended);
  g_variant_dict_insert (&dict, "n-pending", "u", count_open (self));
  g_variant_dict_insert (&dict, "busy-us", "t", self->busy_us);
  return g_variant_dict_end (&dict);
}
