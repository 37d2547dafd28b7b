/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-session-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"

/* What a session tells its worker that does not wait in the worker's queue: it is honoured in
 * GDBus's thread there, also while the main thread computes. */

/* Acknowledged before the slice is over, lest the worker waits for it. */
#define PAY_AT_ONCE (MPEL_YIELD_WINDOW / 4)

/* For a worker to say what it has not begun: so often we look for that. Looks are counted and not
 * time, since a host that was busy has not looked. */
#define RECALL_LOOK_MS 200
#define RECALL_LOOKS 5

/* What it is about goes first. */
void
mpel_session_send_urgent (MpelSession *self)
{
  if (mpel_batch_is_empty (&self->urgent))
    return;
  mpel_session_flush (self);
  mpel_link_send_batch (self->link, &self->urgent);
}

static gboolean
can_tell (MpelSession *self)
{
  return self->state == MPEL_SESSION_READY && self->fault == NULL && self->does_long_work;
}

static void
append (MpelSession *self, MpelRecordKind kind, guint64 id, GVariant *value)
{
  mpel_batch_append (&self->urgent, kind, MPEL_RECORD_FLAG_NONE, id, NULL, value, NULL, NULL);
}

/* @event was sent here and has not ended. Its answer is still wanted. To be sent by the caller. */
void
mpel_session_cancel (MpelSession *self, MpelEvent *event)
{
  if (!can_tell (self))
    return;
  append (self, MPEL_RECORD_CANCEL, mpel_event_get_private (event)->ticket.id, NULL);
}

static void
acknowledge (MpelSession *self, MpelEventTicket *ticket)
{
  g_autoptr (GVariant) n_taken = g_variant_ref_sink (g_variant_new_uint32 (ticket->n_taken));

  append (self, MPEL_RECORD_ACK, ticket->id, n_taken);
  ticket->n_open -= ticket->n_taken;
  ticket->n_taken = 0;
}

/* The consumer of @event has taken one more of its yields: of this worker's, unless it has taken all
 * of these already. */
void
mpel_session_owe (MpelSession *self, MpelEvent *event)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

  if (ticket->n_taken == ticket->n_open)
    return;
  ticket->n_taken++;
  if (ticket->n_taken >= PAY_AT_ONCE && can_tell (self))
    {
      acknowledge (self, ticket);
      mpel_session_send_urgent (self);
    }
  else if (!ticket->is_owed)
    {
      ticket->is_owed = TRUE;
      g_ptr_array_add (self->owing, g_object_ref (event));
    }
}

/* A consumer who has more to take does not need the worker yet. */
static gboolean
is_due (MpelSession *self, MpelEventTicket *ticket)
{
  return ticket->session != self || ticket->n_taken == ticket->n_open || ticket->n_taken >= PAY_AT_ONCE;
}

/* Acknowledges what was taken. */
void
mpel_session_pay (MpelSession *self)
{
  for (guint i = self->owing->len; i > 0; i--)
    {
      MpelEventTicket *ticket = &mpel_event_get_private (self->owing->pdata[i - 1])->ticket;

      if (!is_due (self, ticket))
        continue;
      if (ticket->session == self)
        ticket->is_owed = FALSE;
      if (ticket->session == self && ticket->n_taken > 0 && can_tell (self))
        acknowledge (self, ticket);
      g_ptr_array_remove_index_fast (self->owing, i - 1);
    }
  mpel_session_send_urgent (self);
}

static void
ask_back (MpelSession *self)
{
  if (!can_tell (self) || self->recalled_id != 0)
    return;
  self->recalled_id = self->last_id;
  append (self, MPEL_RECORD_RECALL, self->recalled_id, NULL);
  mpel_session_send_urgent (self);
}

/* Asks for all events that have not begun. */
void
mpel_session_recall (MpelSession *self)
{
  if (self->last_id > self->returned_id)
    ask_back (self);
}

static void
execute (MpelSession *self)
{
  mpel_session_accuse (self, g_error_copy (self->doom));
}

static gboolean
look_for_recalled_cb (gpointer user_data)
{
  MpelSession *self = user_data;

  if (self->doom == NULL)
    return G_SOURCE_REMOVE;
  if (++self->n_looks < RECALL_LOOKS)
    return G_SOURCE_CONTINUE;
  execute (self);
  return G_SOURCE_REMOVE;
}

/* The worker is killed for @event, but not before it had a chance to give back what it has not
 * begun. Takes @reason. */
void
mpel_session_condemn (MpelSession *self, MpelEvent *event, GError *reason)
{
  mpel_event_get_private (event)->ticket.is_overdue = TRUE;
  if (self->doom != NULL || self->state != MPEL_SESSION_READY)
    {
      g_error_free (reason);
      return;
    }

  self->doom = reason;
  self->n_looks = 0;
  /* Also when all have begun: what it answers comes behind what it has answered before. */
  ask_back (self);
  if (self->recalled_id != 0)
    mpel_session_start_timer (self, RECALL_LOOK_MS, "[mpel] look for what is given back", look_for_recalled_cb);
  else
    execute (self);
}

/* Is there a reason left to kill the worker? Not one of the events that it gives back, which are
 * those behind @begun, up to @up_to. */
static gboolean
has_overdue (MpelSession *self, guint64 begun, guint64 up_to)
{
  GHashTableIter iter;
  gpointer       event;

  g_hash_table_iter_init (&iter, self->sent);
  while (g_hash_table_iter_next (&iter, NULL, &event))
    {
      MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

      if (ticket->is_overdue && (ticket->id <= begun || ticket->id > up_to))
        return TRUE;
    }
  return FALSE;
}

/* What was sent after the recall stays with the worker. */
static void
take_back (MpelSession *self, guint64 begun, guint64 up_to)
{
  g_autoptr (GPtrArray) events = mpel_session_steal_sent (self, begun, up_to);

  self->n_given -= events->len;
  for (guint i = 0; i < events->len; i++)
    mpel_window_remove_bytes (&self->window, mpel_event_get_private (events->pdata[i])->ticket.wire_size);
  if (events->len > 0 && self->calls != NULL)
    self->calls->returned (self, events, self->loop);
}

gboolean
mpel_session_take_recalled (MpelSession *self, MpelRecord *record, GError **error)
{
  guint64 up_to = self->recalled_id;

  if (up_to == 0 || record->id > up_to)
    return mpel_session_refuse (error, "gave back events that were not recalled");

  self->recalled_id = 0;
  self->returned_id = up_to;
  self->is_stuck = self->window.n_ahead > 0;
  /* An answer that came in time may be read only now. */
  if (!has_overdue (self, record->id, up_to))
    g_clear_error (&self->doom);
  take_back (self, record->id, up_to);
  if (self->doom == NULL && self->calls != NULL)
    self->calls->room (self, self->loop);
  if (self->doom == NULL || self->fault != NULL)
    return TRUE;
  /* Something may have been sent behind the recall. */
  if (self->last_id > up_to)
    mpel_session_recall (self);
  else
    execute (self);
  return TRUE;
}
