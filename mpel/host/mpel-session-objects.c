/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-session-private.h"

#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-value-private.h"

/* The objects that live in the worker of a session: how it gets them, what it tells of them, and how
 * it is relieved of them. */

/* Taken and not acknowledged, before they are: few enough for a worker never to wait for it. */
#define PAY_CHANGES (MPEL_CHANGE_WINDOW / 4)
#define PAY_CHANGE_BYTES (MPEL_CHANGE_WINDOW_BYTES / 4)

/* Of one loop. A program has some hundreds of classes; a liar may invent any number, a few in each life. */
#define MAX_CLASSES 4096

/* Returns: (transfer none) (nullable) */
MpelRemote *
mpel_session_find_remote (MpelSession *self, guint64 id)
{
  return g_hash_table_lookup (self->remotes, &id);
}

/* Is it the home of any? */
gboolean
mpel_session_is_home (MpelSession *self)
{
  return g_hash_table_size (self->remotes) > 0 || self->others->len > 0;
}

/* The worker has it, or will when it reads what was sent. */
void
mpel_session_house (MpelSession *self, MpelRemote *remote)
{
  remote->home = self;
  if (remote->id == 0 || mpel_session_find_remote (self, remote->id) != NULL)
    g_ptr_array_add (self->others, remote);
  else
    g_hash_table_insert (self->remotes, &remote->id, remote);
}

static void
unhouse (MpelSession *self, MpelRemote *remote)
{
  if (mpel_session_find_remote (self, remote->id) == remote)
    g_hash_table_remove (self->remotes, &remote->id);
  else
    g_ptr_array_remove_fast (self->others, remote);
  remote->home = NULL;
}

static void
send_if_full (MpelSession *self)
{
  if (mpel_batch_is_full (&self->batch))
    mpel_link_send_batch (self->link, &self->batch);
}

static void
append_release (MpelSession *self, MpelRemote *remote)
{
  g_autoptr (GVariant) n_mentions = g_variant_ref_sink (g_variant_new_uint32 (remote->n_mentions));

  mpel_batch_append (&self->batch, MPEL_RECORD_RELEASE, MPEL_RECORD_FLAG_NONE, remote->id, NULL, n_mentions, NULL, NULL);
  remote->n_mentions = 0;
  send_if_full (self);
}

/* Nobody in the host has use for @remote, whose home this is. Sent with the next batch. Also when there
 * is nothing to send this may have been the last that kept the worker. */
void
mpel_session_release (MpelSession *self, MpelRemote *remote)
{
  unhouse (self, remote);
  if (self->state != MPEL_SESSION_READY)
    return;
  if (remote->n_mentions > 0 && !remote->is_anchor)
    append_release (self, remote);
  if (self->calls != NULL)
    self->calls->released (self, self->loop);
}

/* In place of one of its id it is no further mention. */
static gboolean
create (MpelSession *self, MpelRemote *remote, GVariant *state, GError **error)
{
  if (!mpel_batch_append (&self->batch, MPEL_RECORD_CREATE, MPEL_RECORD_FLAG_NONE, remote->id, remote->class_name, NULL, state, error))
    return FALSE;
  send_if_full (self);
  return TRUE;
}

static gboolean
refuse_lost (MpelRemote *remote, GError **error)
{
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_WORKER_LOST,
               "The object of class %s is gone with its worker",
               remote->class_name != NULL ? remote->class_name : "?");
  return FALSE;
}

/* What was made before is made of what its original is now: in another worker. */
static GVariant *
take_state (MpelRemote *remote, GError **error)
{
  if (remote->is_temporary)
    return g_variant_ref (remote->state);
  if (remote->state != NULL)
    return g_steal_pointer (&remote->state);
  if (remote->original != NULL)
    return mpel_value_collect_properties (remote->original, G_TYPE_OBJECT, error);
  refuse_lost (remote, error);
  return NULL;
}

/* Can what lives there still be reached? */
gboolean
mpel_session_is_standing (MpelSession *self)
{
  return self->state < MPEL_SESSION_LEAVING && self->fault == NULL;
}

/* An event for what lives here, that came first among those for others: it waits for this worker. */
void
mpel_session_queue_homed (MpelSession *self, MpelEvent *event)
{
  mpel_queue_add_late (&self->homed, event);
}

/* Returns: (transfer none) (nullable) */
MpelEvent *
mpel_session_peek_homed (MpelSession *self)
{
  return mpel_queue_peek (&self->homed);
}

/* Returns: (transfer full) (nullable) */
MpelEvent *
mpel_session_pop_homed (MpelSession *self)
{
  return mpel_queue_pop (&self->homed);
}

/* Adds a reference on each to @events. */
void
mpel_session_add_homed (MpelSession *self, GPtrArray *events)
{
  mpel_queue_add_to (&self->homed, events);
}

/* Nothing lives here any more: they are the loop's again. */
void
mpel_session_move_homed (MpelSession *self, MpelQueue *to)
{
  mpel_queue_move_all (&self->homed, to);
}

/* Is it made by whoever mentions it first, rather than known to the worker already? */
static gboolean
needs_making (MpelRemote *remote)
{
  return remote->class_name != NULL && !MPEL_ID_IS_FOREIGN (remote->id);
}

/* Can it be at home in another worker than before? */
static gboolean
can_move (MpelRemote *remote)
{
  return remote->original != NULL || remote->is_temporary || remote->is_anchor;
}

static gboolean
check_home (MpelSession *self, MpelRemote *remote, GError **error)
{
  if (remote->is_lost)
    return refuse_lost (remote, error);
  if (remote->home == NULL || (can_move (remote) && !mpel_session_is_standing (remote->home)))
    return TRUE;
  if (!mpel_session_is_standing (remote->home))
    return refuse_lost (remote, error);
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "The objects of one event live in several workers");
  return FALSE;
}

static gboolean
move_in (MpelSession *self, MpelRemote *remote, GVariant *state, GError **error)
{
  if (!check_home (self, remote, error))
    return FALSE;
  if (remote->home != NULL)
    unhouse (remote->home, remote);
  remote->n_mentions = remote->is_list || state != NULL ? 1 : 0;
  if (state != NULL && !create (self, remote, state, error))
    return FALSE;
  mpel_session_house (self, remote);
  return TRUE;
}

/* Whose properties are read may do anything: make it known, or end this session. */
static gboolean
introduce (MpelSession *self, MpelRemote *remote, GError **error)
{
  g_autoptr (GVariant) state = NULL;

  if (remote->home == self)
    return TRUE;
  if (!check_home (self, remote, error))
    return FALSE;
  if (!needs_making (remote))
    return move_in (self, remote, NULL, error);

  state = take_state (remote, error);
  if (state == NULL)
    return FALSE;
  if (!mpel_session_is_standing (self))
    return refuse_lost (remote, error);
  return remote->home == self || move_in (self, remote, state, error);
}

/* Sees to it that the worker knows all that the event mentions. */
gboolean
mpel_session_introduce (MpelSession *self, MpelEventTicket *ticket, GError **error)
{
  if (!self->does_objects)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "The worker uses a library that knows no objects");
      return FALSE;
    }
  if (ticket->remote != NULL && !introduce (self, ticket->remote, error))
    return FALSE;
  if (ticket->renewed != NULL && !create (self, ticket->remote, ticket->renewed, error))
    return FALSE;
  for (guint i = 0; ticket->mentioned != NULL && i < ticket->mentioned->len; i++)
    if (!introduce (self, ticket->mentioned->pdata[i], error))
      return FALSE;
  return ticket->beside == NULL || introduce (self, ticket->beside, error);
}

static void
part_with (MpelSession *self, MpelRemote *remote)
{
  if (remote->is_temporary && remote->home == self)
    mpel_session_release (self, remote);
}

/* What lives for the event only is released behind it. */
void
mpel_session_part (MpelSession *self, MpelEventTicket *ticket)
{
  if (ticket->remote != NULL)
    part_with (self, ticket->remote);
  for (guint i = 0; ticket->mentioned != NULL && i < ticket->mentioned->len; i++)
    part_with (self, ticket->mentioned->pdata[i]);
}

/* Whose method the event is, if that is known by its variable only; else the empty string. */
static const char *
get_variable (MpelEventTicket *ticket)
{
  return ticket->remote != NULL && ticket->remote->id == 0 ? ticket->remote->variable : "";
}

/* Returns: (transfer full): the arguments of an event in their envelope */
GVariant *
mpel_session_wrap (MpelEventTicket *ticket, GVariant *value)
{
  const char     *variable = get_variable (ticket);
  GVariantBuilder ids = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("at"));

  for (guint i = 0; ticket->mentioned != NULL && i < ticket->mentioned->len; i++)
    g_variant_builder_add (&ids, "t", ((MpelRemote *) ticket->mentioned->pdata[i])->id);
  return g_variant_ref_sink (g_variant_new ("(@*ats)", value, &ids, variable));
}

static gboolean
is_possible_id (MpelSession *self, MpelRealm *realm, guint64 id)
{
  return id != 0 && (MPEL_ID_IS_FOREIGN (id) || id <= realm->last_id);
}

/* An object that was mentioned: one that is known, or was released a moment ago, or is new.
 * Returns: (transfer full) (nullable) */
static MpelRemote *
take_mention (MpelSession *self, MpelEvent *event, guint64 id, const char *class_name)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;
  MpelRemote      *known = mpel_session_find_remote (self, id);
  MpelRealm       *realm = mpel_event_loop_get_realm (ticket->loop);
  MpelRemote      *remote;

  if (!is_possible_id (self, realm, id))
    return NULL;
  if (known != NULL && known->class_name == NULL)
    known->class_name = g_strdup (class_name);
  if (known != NULL)
    {
      known->n_mentions++;
      return mpel_remote_ref (known);
    }

  remote = mpel_remote_new_mentioned (ticket->loop, id, class_name);
  remote->n_mentions = 1;
  mpel_session_house (self, remote);
  return remote;
}

/* Takes the objects that results mention out of their envelope. Returns: (transfer full) (nullable):
 * the results themselves */
GVariant *
mpel_session_unwrap (MpelSession *self, MpelEvent *event, GVariant *value, GError **error)
{
  MpelEventPrivate *priv = mpel_event_get_private (event);
  g_autoptr (GVariant) mentions = g_variant_get_child_value (value, 1);
  GVariantIter iter;
  const char  *class_name;
  guint64      id;

  priv->result_remotes = g_ptr_array_new_with_free_func ((GDestroyNotify) mpel_remote_unref);
  g_variant_iter_init (&iter, mentions);
  while (g_variant_iter_next (&iter, "(t&s)", &id, &class_name))
    {
      MpelRemote *remote = take_mention (self, event, id, class_name);

      if (remote == NULL)
        {
          mpel_session_refuse (error, "mentioned an object that it was not given");
          return NULL;
        }
      g_ptr_array_add (priv->result_remotes, remote);
    }
  return g_variant_get_child_value (value, 0);
}

/* Acknowledged seldom, and early enough. */
static void
pay_changes (MpelSession *self)
{
  g_autoptr (GVariant) n = NULL;

  if (self->state != MPEL_SESSION_READY)
    return;
  if (self->n_changes < PAY_CHANGES && self->change_bytes < PAY_CHANGE_BYTES)
    return;
  n = g_variant_ref_sink (g_variant_new_uint32 (self->n_changes));
  mpel_batch_append (&self->urgent, MPEL_RECORD_ACK, MPEL_RECORD_FLAG_NONE, 0, NULL, n, NULL, NULL);
  self->n_changes = 0;
  self->change_bytes = 0;
  mpel_session_send_urgent (self);
}

/* What the worker tells of an object that nobody holds any more was under way when it was released. */
void
mpel_session_take_remote_news (MpelSession *self, MpelRecord *record, MpelNews *news)
{
  MpelRemote *remote = mpel_session_find_remote (self, record->id);

  self->n_changes++;
  self->change_bytes += g_variant_get_size (record->value);
  pay_changes (self);
  if (remote == NULL || !mpel_remote_is_observed (remote))
    return;
  news->kind = MPEL_NEWS_REMOTE;
  news->remote = mpel_remote_ref (remote);
  news->record = *record;
  *record = (MpelRecord) MPEL_RECORD_INIT;
}

gboolean
mpel_session_take_class (MpelSession *self, MpelRecord *record, GError **error)
{
  if (mpel_event_loop_get_class (self->loop, record->name) == NULL && mpel_event_loop_count_classes (self->loop) >= MAX_CLASSES)
    return mpel_session_refuse (error, "described more classes than there can be");
  self->calls->described (self, record->name, record->value, self->loop);
  return TRUE;
}

void
mpel_news_tell_remote (MpelNews *news)
{
  g_autoptr (MpelSession) home = news->remote->home != NULL ? g_object_ref (news->remote->home) : NULL;
  GError *error = NULL;

  if (mpel_remote_tell (news->remote, &news->record, &error) || home == NULL)
    g_clear_error (&error);
  else
    mpel_session_accuse (home, error);
}

static GPtrArray *
steal_remotes (MpelSession *self)
{
  GPtrArray     *remotes = g_ptr_array_new_with_free_func ((GDestroyNotify) mpel_remote_unref);
  GHashTableIter iter;
  gpointer       remote;

  g_hash_table_iter_init (&iter, self->remotes);
  while (g_hash_table_iter_next (&iter, NULL, &remote))
    g_ptr_array_add (remotes, mpel_remote_ref (remote));
  for (guint i = 0; i < self->others->len; i++)
    g_ptr_array_add (remotes, mpel_remote_ref (self->others->pdata[i]));
  g_hash_table_remove_all (self->remotes);
  g_ptr_array_set_size (self->others, 0);
  return remotes;
}

/* The worker is gone, with all objects in it. Who is told finds all of them lost, or as they were before
 * they were made: nobody watches those that are made anew. @reason: (nullable). */
void
mpel_session_lose_remotes (MpelSession *self, const GError *reason)
{
  g_autoptr (GPtrArray) remotes = steal_remotes (self);

  for (guint i = 0; i < remotes->len; i++)
    {
      MpelRemote *remote = remotes->pdata[i];

      remote->home = NULL;
      remote->n_mentions = 0;
      remote->is_lost = !can_move (remote);
    }
  for (guint i = 0; i < remotes->len; i++)
    mpel_remote_tell_lost (remotes->pdata[i], reason);
}
