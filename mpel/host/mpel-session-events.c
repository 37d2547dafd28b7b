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

static gboolean
encode (MpelSession *self, MpelEvent *event, guint64 id, GError **error)
{
  MpelEventPrivate *priv = mpel_event_get_private (event);
  gboolean          is_class = mpel_event_is_class_event (event);
  g_autoptr (GVariant) value = make_value (priv, is_class);
  MpelRecordFlags flags = MPEL_RECORD_FLAG_NONE;

  if (!priv->ticket.has_output)
    flags |= MPEL_RECORD_FLAG_NO_OUTPUT;
  if (is_class)
    flags |= MPEL_RECORD_FLAG_CLASS;

  priv->ticket.wire_size = g_variant_get_size (value) + (priv->kwargs != NULL ? g_variant_get_size (priv->kwargs) : 0);
  return mpel_batch_append (&self->batch,
                            MPEL_RECORD_EVENT,
                            flags,
                            id,
                            is_class ? G_OBJECT_TYPE_NAME (event) : priv->target,
                            value,
                            priv->kwargs,
                            error);
}

/* Takes @event. */
static void
send_event (MpelSession *self, MpelEvent *event)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;
  g_autoptr (GError) error = NULL;

  ticket->id = ++self->last_id;
  if (!encode (self, event, ticket->id, &error))
    {
      mpel_event_end_error (event, MPEL_EVENT_STATE_FAILED, error);
      /* Who was notified may have disposed the loop. */
      if (self->calls != NULL)
        self->calls->refused (event, self->loop);
      else
        g_object_unref (event);
      return;
    }

  g_hash_table_insert (self->sent, GSIZE_TO_POINTER (ticket->id), event);
  mpel_window_add (&self->window, ticket->wire_size);
  mpel_event_become_sent (event);
}

static gboolean
can_send (MpelSession *self)
{
  if (self->state != MPEL_SESSION_READY || self->fault != NULL)
    return FALSE;
  /* A worker that has answered all has room, whatever it says. */
  return mpel_window_has_room (&self->window) || g_hash_table_size (self->sent) == 0;
}

/* Sends from the head of @queue, a list of tickets' links, what the worker has room for. Who is
 * notified of an event's state may do anything, such as ending this session. */
void
mpel_session_fill (MpelSession *self, GQueue *queue)
{
  g_autoptr (MpelSession) keep_alive = g_object_ref (self);

  if (!mpel_window_is_worth_filling (&self->window) && g_hash_table_size (self->sent) > 0)
    return;

  while (can_send (self) && !g_queue_is_empty (queue))
    {
      GList *link = g_queue_pop_head_link (queue);

      send_event (self, link->data);
      if (mpel_batch_is_full (&self->batch))
        mpel_link_send_batch (self->link, &self->batch);
    }
  mpel_link_send_batch (self->link, &self->batch);
}

static gboolean
refuse (GError **error, const char *what)
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
    return refuse (error, "took no event, or more than it was given");
  self->calls->room (self->loop);
  return TRUE;
}

static gboolean
take_end (MpelSession *self, MpelRecord *record, MpelEvent **ended, GError **error)
{
  g_autoptr (MpelEvent) event = NULL;
  gboolean has_output;

  if ((gsize) record->id != record->id ||
      !g_hash_table_steal_extended (self->sent, GSIZE_TO_POINTER (record->id), NULL, (gpointer *) &event))
    return refuse (error, "answered an event that it was not given, or answered twice");

  if (event == NULL)
    return TRUE;

  has_output = mpel_event_get_private (event)->ticket.has_output;
  if (record->kind == MPEL_RECORD_DONE && has_output && record->value == NULL)
    {
      g_hash_table_insert (self->sent, GSIZE_TO_POINTER (record->id), g_steal_pointer (&event));
      return refuse (error, "sent no results");
    }

  mpel_window_remove_bytes (&self->window, mpel_event_get_private (event)->ticket.wire_size);
  if (record->kind == MPEL_RECORD_FAILED)
    mpel_event_end_failed (event, MPEL_EVENT_STATE_FAILED, mpel_failure_new_from_variant (record->value));
  else
    mpel_event_end_done (event, has_output ? record->value : NULL);
  *ended = g_steal_pointer (&event);
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
  self->batch.can_pass_fds = mpel_link_can_pass_fds (self->link) && mpel_hello_has_ability (record, MPEL_ABILITY_BLOBS);
  mpel_session_become_ready (self);
  return TRUE;
}

static gboolean
take_record (MpelSession *self, MpelRecord *record, MpelEvent **ended, GError **error)
{
  if (!self->said_hello)
    return take_first (self, record, error);

  switch (record->kind)
    {
    case MPEL_RECORD_DONE:
    case MPEL_RECORD_FAILED:
      return take_end (self, record, ended, error);
    case MPEL_RECORD_LOAD:
      return take_load (self, record, error);
    case MPEL_RECORD_HELLO:
      return refuse (error, "said hello twice");
    case MPEL_RECORD_EVENT:
    default:
      return refuse (error, "sent what only a host sends");
    }
}

/* Reads on until an event has ended. Returns: (transfer full) (nullable): NULL when there is
 * nothing more to read now */
MpelEvent *
mpel_session_next_end (MpelSession *self)
{
  g_autoptr (MpelSession) keep_alive = g_object_ref (self);
  MpelInbox *inbox = mpel_link_get_inbox (self->link);
  MpelEvent *ended = NULL;

  while (ended == NULL)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      GError *error = NULL;

      if (self->state >= MPEL_SESSION_LEAVING || self->fault != NULL ||
          mpel_inbox_next (inbox, &record, &error) == MPEL_INBOX_EMPTY)
        {
          mpel_session_check_gone (self);
          return NULL;
        }
      if (error == NULL)
        take_record (self, &record, &ended, &error);
      if (error != NULL)
        mpel_session_accuse (self, error);
    }

  return ended;
}

/* The answer will be dropped; until it comes the worker counts as busy with it. An event that is
 * being ended with its worker is not with any session any more. */
void
mpel_session_forget (MpelSession *self, MpelEvent *event)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

  if (g_hash_table_lookup (self->sent, GSIZE_TO_POINTER (ticket->id)) != event)
    return;
  mpel_window_remove_bytes (&self->window, ticket->wire_size);
  g_hash_table_insert (self->sent, GSIZE_TO_POINTER (ticket->id), NULL);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  guint64 id_a = mpel_event_get_private (*(MpelEvent *const *) a)->ticket.id;
  guint64 id_b = mpel_event_get_private (*(MpelEvent *const *) b)->ticket.id;

  return id_a < id_b ? -1 : id_a > id_b;
}

/* Returns: (transfer full) (element-type MpelEvent): those that will not be answered, in order */
GPtrArray *
mpel_session_steal_sent (MpelSession *self)
{
  GPtrArray     *events = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       event;

  g_hash_table_iter_init (&iter, self->sent);
  while (g_hash_table_iter_next (&iter, NULL, &event))
    {
      g_hash_table_iter_steal (&iter);
      if (event != NULL)
        g_ptr_array_add (events, event);
    }
  g_ptr_array_sort (events, compare_ids);
  return events;
}
