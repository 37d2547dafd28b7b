/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-session-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"

/* What a session sends to its worker, and what it makes of what comes back. Of the latter nothing
 * is believed: whatever makes no sense ends the worker. */

/* Returns: (transfer full): what the record carries as its value */
static GVariant *
make_value (MpelEventPrivate *event, gboolean is_class)
{
  g_autoptr (GVariant) args = event->args != NULL ? g_variant_ref (event->args) : g_variant_ref_sink (g_variant_new_tuple (NULL, 0));

  if (!is_class)
    return g_steal_pointer (&args);
  return g_variant_ref_sink (g_variant_new ("(@r@a{sv})", args, event->ticket.properties));
}

/* What an event mentions, or is the method of, but for an object with an id. */
static gboolean
needs_envelope (MpelEventTicket *ticket)
{
  return ticket->mentioned != NULL || (ticket->remote != NULL && ticket->remote->id == 0);
}

static MpelRecordFlags
make_flags (MpelEvent *event)
{
  MpelEventPrivate *priv = mpel_event_get_private (event);
  MpelRecordFlags   flags = MPEL_RECORD_FLAG_NONE;

  if (!priv->ticket.has_output)
    flags |= MPEL_RECORD_FLAG_NO_OUTPUT;
  if (mpel_event_is_class_event (event))
    flags |= MPEL_RECORD_FLAG_CLASS;
  if (priv->ticket.remote != NULL && priv->ticket.remote->id != 0)
    flags |= MPEL_RECORD_FLAG_OBJECT;
  if (needs_envelope (&priv->ticket))
    flags |= MPEL_RECORD_FLAG_MENTIONS;
  if (priv->save_variables)
    flags |= MPEL_RECORD_FLAG_SAVE;
  return flags;
}

/* Without a target: of an object or a variable, its state; else the named arguments are saved. */
static const char *
get_wire_name (MpelEvent *event, MpelRecordFlags flags)
{
  const char *target = mpel_event_get_private (event)->target;

  if ((flags & MPEL_RECORD_FLAG_CLASS) != 0)
    return G_OBJECT_TYPE_NAME (event);
  if (target != NULL)
    return target;
  return mpel_event_get_private (event)->ticket.remote != NULL ? MPEL_BUILTIN_STATE : MPEL_BUILTIN_SAVE;
}

static gboolean
encode (MpelSession *self, MpelEvent *event, GError **error)
{
  MpelEventPrivate *priv = mpel_event_get_private (event);
  MpelRecordFlags   flags = make_flags (event);
  g_autoptr (GVariant) inner = make_value (priv, (flags & MPEL_RECORD_FLAG_CLASS) != 0);
  g_autoptr (GVariant) value = NULL;

  if ((flags & MPEL_RECORD_FLAG_MENTIONS) != 0)
    value = mpel_session_wrap (&priv->ticket, inner);
  else
    value = g_steal_pointer (&inner);

  priv->ticket.id = ++self->last_id;
  priv->ticket.wire_size = g_variant_get_size (value) + (priv->kwargs != NULL ? g_variant_get_size (priv->kwargs) : 0);
  return mpel_batch_append_for (&self->batch,
                                MPEL_RECORD_EVENT,
                                flags,
                                priv->ticket.id,
                                (flags & MPEL_RECORD_FLAG_OBJECT) != 0 ? priv->ticket.remote->id : 0,
                                get_wire_name (event, flags),
                                value,
                                priv->kwargs,
                                error);
}

/* Whose properties are read for it may have asked the event to end. */
static gboolean
check_wanted (MpelEventTicket *ticket, GError **error)
{
  if (ticket->stop_error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (ticket->stop_error));
  return FALSE;
}

/* The event with all that must go before and behind it; others may go before that. */
static gboolean
encode_whole (MpelSession *self, MpelEvent *event, GError **error)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;
  gboolean         is_encoded;

  if (!mpel_event_ticket_has_objects (ticket))
    return encode (self, event, error);
  is_encoded = mpel_session_introduce (self, ticket, error) && check_wanted (ticket, error) && encode (self, event, error);
  mpel_session_part (self, ticket);
  return is_encoded;
}

static void
end_unsent (MpelEvent *event, const GError *error)
{
  gboolean is_lost = g_error_matches (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);

  if (mpel_event_get_private (event)->ticket.stop_error != NULL)
    mpel_event_end_stopped (event);
  else
    mpel_event_end_error (event, is_lost ? MPEL_EVENT_STATE_LOST : MPEL_EVENT_STATE_FAILED, error);
}

/* Returns FALSE when @event cannot be sent: it has ended, and is still the caller's. Else takes it.
 * Who is notified of its state may do anything, such as ending this session. */
gboolean
mpel_session_send (MpelSession *self, MpelEvent *event)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;
  g_autoptr (GError) error = NULL;

  if (!encode_whole (self, event, &error))
    {
      end_unsent (event, error);
      return FALSE;
    }

  g_hash_table_insert (self->sent, GSIZE_TO_POINTER (ticket->id), event);
  ticket->session = self;
  self->n_suspects += ticket->is_suspect;
  ticket->n_open = ticket->n_taken = 0;
  ticket->is_owed = FALSE;
  ticket->is_overdue = FALSE;
  self->n_given++;
  self->idle_since_us = 0;
  if (self->window.n_ahead == 0)
    self->reported_us = g_get_monotonic_time ();
  mpel_window_add (&self->window, ticket->wire_size);
  if (mpel_batch_is_full (&self->batch))
    mpel_link_send_batch (self->link, &self->batch);
  mpel_event_become_sent (event);
  return TRUE;
}

void
mpel_session_flush (MpelSession *self)
{
  mpel_link_send_batch (self->link, &self->batch);
}

gboolean
mpel_session_refuse (GError **error, const char *what)
{
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The worker %s", what);
  return FALSE;
}

static gboolean
take_load (MpelSession *self, MpelRecord *record, GError **error)
{
  guint32 n_taken;
  guint64 busy_us;

  g_variant_get (record->value, "(ut)", &n_taken, &busy_us);
  if (!mpel_window_report (&self->window, n_taken, busy_us))
    return mpel_session_refuse (error, "took no event, or more than it was given");
  self->busy_us += busy_us;
  self->reported_us = g_get_monotonic_time ();
  self->is_stuck = FALSE;
  self->calls->room (self, self->loop);
  return TRUE;
}

/* Returns: (transfer none) (nullable): the event that the record is about */
static MpelEvent *
find_sent (MpelSession *self, MpelRecord *record)
{
  return (gsize) record->id == record->id ? g_hash_table_lookup (self->sent, GSIZE_TO_POINTER (record->id)) : NULL;
}

/* What comes after the deadline comes too late; but who was cancelled may have finished. */
static void
end_answered (MpelEvent *event, MpelRecord *record, GVariant *results)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;
  MpelFailure     *failure;
  gboolean         is_cancelled;

  if (g_error_matches (ticket->stop_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    mpel_event_end_stopped (event);
  else if (record->kind == MPEL_RECORD_DONE)
    mpel_event_end_done (event, ticket->has_output ? results : NULL);
  else
    {
      failure = mpel_failure_new_from_variant (record->value);
      is_cancelled = ticket->stop_error != NULL && g_error_matches (failure->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      mpel_event_end_failed (event, is_cancelled ? MPEL_EVENT_STATE_CANCELLED : MPEL_EVENT_STATE_FAILED, failure);
    }
}

/* Returns: (transfer full) (nullable): what the event has to say, without its envelope. NULL may
 * have no error. */
static GVariant *
take_results (MpelSession *self, MpelEvent *event, MpelRecord *record, GError **error)
{
  if (record->kind == MPEL_RECORD_DONE && mpel_event_get_private (event)->ticket.has_output && record->value == NULL)
    mpel_session_refuse (error, "sent no results");
  else if ((record->flags & MPEL_RECORD_FLAG_MENTIONS) != 0)
    return mpel_session_unwrap (self, event, record->value, error);
  return record->value != NULL ? g_variant_ref (record->value) : NULL;
}

static gboolean
take_end (MpelSession *self, MpelRecord *record, MpelNews *news, GError **error)
{
  g_autoptr (GVariant) results = NULL;
  g_autoptr (GError) refusal = NULL;
  MpelEvent       *event;
  MpelEventTicket *ticket;

  if ((gsize) record->id != record->id ||
      !g_hash_table_steal_extended (self->sent, GSIZE_TO_POINTER (record->id), NULL, (gpointer *) &event))
    return mpel_session_refuse (error, "answered an event that it was not given, or answered twice");
  ticket = &mpel_event_get_private (event)->ticket;
  results = take_results (self, event, record, &refusal);
  if (refusal != NULL)
    {
      g_hash_table_insert (self->sent, GSIZE_TO_POINTER (record->id), event);
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }

  ticket->session = NULL;
  self->n_suspects -= ticket->is_suspect;
  self->n_ended++;
  mpel_window_remove_bytes (&self->window, ticket->wire_size);
  news->kind = MPEL_NEWS_END;
  news->event = event;
  end_answered (event, record, results);
  return TRUE;
}

static gboolean
take_yield (MpelSession *self, MpelRecord *record, MpelNews *news, GError **error)
{
  MpelEvent       *event = find_sent (self, record);
  MpelEventTicket *ticket;

  if (event == NULL)
    return mpel_session_refuse (error, "yielded a value for an event that it was not given, or has answered");
  ticket = &mpel_event_get_private (event)->ticket;
  if (++ticket->n_open > MPEL_YIELD_WINDOW)
    return mpel_session_refuse (error, "yielded more values than anybody has taken");

  /* Nobody wants those that were under way when the event was cancelled. */
  if (ticket->stop_error != NULL || !ticket->has_output)
    {
      mpel_session_owe (self, event);
      return TRUE;
    }
  news->kind = MPEL_NEWS_YIELD;
  news->event = g_object_ref (event);
  news->value = g_variant_ref (record->value);
  return TRUE;
}

static gboolean
take_progress (MpelSession *self, MpelRecord *record, MpelNews *news, GError **error)
{
  MpelEvent  *event = find_sent (self, record);
  double      fraction;
  const char *message;

  g_variant_get (record->value, "(d&s)", &fraction, &message);
  if (event == NULL)
    return mpel_session_refuse (error, "told the progress of an event that it was not given, or has answered");
  if (!(fraction >= 0 && fraction <= 1))
    return mpel_session_refuse (error, "told a progress that is not between 0 and 1");

  news->kind = MPEL_NEWS_PROGRESS;
  news->event = g_object_ref (event);
  mpel_event_set_progress (event, fraction, message);
  return TRUE;
}

/* In place of a hello: the worker's initializer failed. */
static void
take_start_failure (MpelSession *self, MpelRecord *record)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_from_variant (record->value);

  mpel_session_accuse (self,
                       g_error_new (MPEL_LOOP_ERROR,
                                    MPEL_LOOP_ERROR_SPAWN_FAILED,
                                    "The worker did not start: %s",
                                    failure->error->message));
}

static gboolean
take_first (MpelSession *self, MpelRecord *record, GError **error)
{
  if (record->kind == MPEL_RECORD_FAILED && record->id == 0)
    {
      take_start_failure (self, record);
      return TRUE;
    }
  if (!mpel_hello_check (record, error))
    return FALSE;

  self->said_hello = TRUE;
  self->does_long_work = mpel_hello_has_ability (record, MPEL_ABILITY_LONG_WORK);
  self->does_objects = mpel_hello_has_ability (record, MPEL_ABILITY_OBJECTS);
  self->batch.can_pass_fds = mpel_link_can_pass_fds (self->link) && mpel_hello_has_ability (record, MPEL_ABILITY_BLOBS);
  mpel_session_become_ready (self);
  return TRUE;
}

static gboolean
take_record (MpelSession *self, MpelRecord *record, MpelNews *news, GError **error)
{
  if (!self->said_hello)
    return take_first (self, record, error);

  switch (record->kind)
    {
    case MPEL_RECORD_DONE:
    case MPEL_RECORD_FAILED:
      return take_end (self, record, news, error);
    case MPEL_RECORD_LOAD:
      return take_load (self, record, error);
    case MPEL_RECORD_YIELD:
      return take_yield (self, record, news, error);
    case MPEL_RECORD_PROGRESS:
      return take_progress (self, record, news, error);
    case MPEL_RECORD_RECALLED:
      return mpel_session_take_recalled (self, record, error);
    case MPEL_RECORD_DESCRIBE:
      return mpel_session_take_class (self, record, error);
    case MPEL_RECORD_CHANGED:
    case MPEL_RECORD_SIGNAL:
    case MPEL_RECORD_ITEMS:
      mpel_session_take_remote_news (self, record, news);
      return TRUE;
    case MPEL_RECORD_HELLO:
      return mpel_session_refuse (error, "said hello twice");
    case MPEL_RECORD_EVENT:
    case MPEL_RECORD_CANCEL:
    case MPEL_RECORD_ACK:
    case MPEL_RECORD_RECALL:
    case MPEL_RECORD_CREATE:
    case MPEL_RECORD_RELEASE:
    default:
      return mpel_session_refuse (error, "sent what only a host sends");
    }
}

/* Reads on until there is something to deliver. Returns FALSE when there is nothing more to read
 * now. */
gboolean
mpel_session_next (MpelSession *self, MpelNews *news)
{
  g_autoptr (MpelSession) keep_alive = g_object_ref (self);
  MpelInbox *inbox = mpel_link_get_inbox (self->link);

  while (news->event == NULL && news->remote == NULL)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      GError *error = NULL;

      if (self->state >= MPEL_SESSION_LEAVING || self->fault != NULL ||
          mpel_inbox_next (inbox, &record, &error) == MPEL_INBOX_EMPTY)
        {
          mpel_session_check_gone (self);
          return FALSE;
        }
      if (error == NULL)
        take_record (self, &record, news, &error);
      if (error != NULL)
        mpel_session_accuse (self, error);
    }

  return TRUE;
}

/* For a host that does not come to reading, since it is busy adding events: what the worker has done
 * makes room, ahead of the results that wait. Not while some are asked back, whose order counts. Who is
 * notified of what is sent may do anything. */
void
mpel_session_hear_load (MpelSession *self)
{
  g_autoptr (MpelSession) keep_alive = g_object_ref (self);
  MpelInbox *inbox = mpel_link_get_inbox (self->link);

  while (self->state == MPEL_SESSION_READY && self->fault == NULL && self->calls != NULL && self->recalled_id == 0)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      GError *error = NULL;

      if (!mpel_inbox_next_ahead (inbox, MPEL_RECORD_LOAD, &record))
        return;
      if (!take_load (self, &record, &error))
        mpel_session_accuse (self, error);
    }
}

void
mpel_news_clear (MpelNews *news)
{
  g_clear_object (&news->event);
  g_clear_pointer (&news->value, g_variant_unref);
  g_clear_pointer (&news->remote, mpel_remote_unref);
  mpel_record_clear (&news->record);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  guint64 id_a = mpel_event_get_private (*(MpelEvent *const *) a)->ticket.id;
  guint64 id_b = mpel_event_get_private (*(MpelEvent *const *) b)->ticket.id;

  return id_a < id_b ? -1 : id_a > id_b;
}

/* Adds a reference on each that is not answered to @events. */
void
mpel_session_add_sent (MpelSession *self, GPtrArray *events)
{
  GHashTableIter iter;
  gpointer       event;

  g_hash_table_iter_init (&iter, self->sent);
  while (g_hash_table_iter_next (&iter, NULL, &event))
    g_ptr_array_add (events, g_object_ref (event));
}

/* Returns: (transfer full) (element-type MpelEvent): those behind the id @after, up to @up_to, that
 * are not answered, in order; they are not with this session any more */
GPtrArray *
mpel_session_steal_sent (MpelSession *self, guint64 after, guint64 up_to)
{
  GPtrArray     *events = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       event;

  g_hash_table_iter_init (&iter, self->sent);
  while (g_hash_table_iter_next (&iter, NULL, &event))
    {
      MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

      if (ticket->id <= after || ticket->id > up_to)
        continue;
      g_hash_table_iter_steal (&iter);
      ticket->session = NULL;
      self->n_suspects -= ticket->is_suspect;
      g_ptr_array_add (events, event);
    }
  g_ptr_array_sort (events, compare_ids);
  return events;
}
