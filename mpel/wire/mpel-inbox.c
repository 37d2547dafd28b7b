/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-inbox-private.h"

typedef struct
{
  GBytes      *bytes; /* (owned) */
  GUnixFDList *fds;   /* (owned) (nullable) */
  gsize        start; /* what lies before it was read ahead */
} Batch;

/* What waits is read when it is its turn, so that it is bounded by what the other side may have open.
 * No more is given to it, which reading ahead would do, while so many bytes wait. */
#define MAX_AHEAD_BYTES (4 * 1024 * 1024)

struct _MpelInbox
{
  gatomicrefcount ref_count;

  GMutex mutex;
  GQueue waiting; /* of Batch; under @mutex */
  gsize  n_bytes; /* of these; under @mutex */
  GList *unseen;  /* (unowned) (nullable) in @waiting: where reading ahead goes on; under @mutex */

  /* The reader's own. */
  Batch   *current; /* (owned) (nullable) */
  gsize    offset;  /* of the next record in @current */
  gboolean broken;
};

static Batch *
batch_new (GBytes *bytes, GUnixFDList *fds)
{
  Batch        *batch = g_new0 (Batch, 1);
  gsize         length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  /* GDBus hands out memory of its own; records need it aligned. */
  if (GPOINTER_TO_SIZE (data) % 8 == 0)
    batch->bytes = g_bytes_ref (bytes);
  else
    batch->bytes = g_bytes_new (data, length);
  g_set_object (&batch->fds, fds);
  return batch;
}

static void
batch_free (Batch *batch)
{
  g_clear_pointer (&batch->bytes, g_bytes_unref);
  g_clear_object (&batch->fds);
  g_free (batch);
}

MpelInbox *
mpel_inbox_new (void)
{
  MpelInbox *self = g_new0 (MpelInbox, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->waiting);
  return self;
}

MpelInbox *
mpel_inbox_ref (MpelInbox *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_inbox_unref (MpelInbox *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->current, batch_free);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) batch_free);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Any thread. An empty batch is no batch. */
void
mpel_inbox_push (MpelInbox *self, GBytes *bytes, GUnixFDList *fds)
{
  Batch *batch;

  if (g_bytes_get_size (bytes) == 0)
    return;
  batch = batch_new (bytes, fds);
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->waiting, batch);
  self->n_bytes += g_bytes_get_size (batch->bytes);
  if (self->unseen == NULL)
    self->unseen = self->waiting.tail;
  g_mutex_unlock (&self->mutex);
}

static gboolean
turn_to_next_batch (MpelInbox *self)
{
  g_clear_pointer (&self->current, batch_free);
  g_mutex_lock (&self->mutex);
  if (self->unseen == self->waiting.head && self->unseen != NULL)
    self->unseen = self->unseen->next;
  self->current = g_queue_pop_head (&self->waiting);
  if (self->current != NULL)
    self->n_bytes -= g_bytes_get_size (self->current->bytes);
  g_mutex_unlock (&self->mutex);
  self->offset = self->current != NULL ? self->current->start : 0;
  return self->current != NULL;
}

static gboolean
begins_with (Batch *batch, MpelRecordKind kind)
{
  gsize         length;
  const guint8 *data = g_bytes_get_data (batch->bytes, &length);

  return length > G_STRUCT_OFFSET (MpelFrame, kind) && data[G_STRUCT_OFFSET (MpelFrame, kind)] == kind;
}

/* Nonsense is left to who reads it when it is its turn. */
static gboolean
read_first (Batch *batch, MpelRecordKind kind, MpelRecord *record)
{
  return begins_with (batch, kind) && mpel_frame_decode (batch->bytes, &batch->start, NULL, record, NULL);
}

/* Reads ahead of all that waits: what the next batch begins with, if that is of @kind. @record must be
 * clear. Returns FALSE when there is nothing, or too much that waits. */
gboolean
mpel_inbox_next_ahead (MpelInbox *self, MpelRecordKind kind, MpelRecord *record)
{
  gboolean found = FALSE;

  g_mutex_lock (&self->mutex);
  while (!found && !self->broken && self->unseen != NULL && self->n_bytes <= MAX_AHEAD_BYTES)
    {
      Batch *batch = self->unseen->data;

      /* What comes in files does not count among the bytes. */
      if (batch->fds != NULL)
        break;
      found = read_first (batch, kind, record);
      self->unseen = self->unseen->next;
    }
  g_mutex_unlock (&self->mutex);
  return found;
}

static gboolean
is_current_read (MpelInbox *self)
{
  return self->current == NULL || self->offset >= g_bytes_get_size (self->current->bytes);
}

/* @record must be clear; it stands alone, so the caller may come back here before it is done. */
MpelInboxStatus
mpel_inbox_next (MpelInbox *self, MpelRecord *record, GError **error)
{
  if (self->broken)
    return MPEL_INBOX_EMPTY;

  while (is_current_read (self))
    if (!turn_to_next_batch (self))
      return MPEL_INBOX_EMPTY;

  if (mpel_frame_decode (self->current->bytes, &self->offset, self->current->fds, record, error))
    return MPEL_INBOX_RECORD;

  self->broken = TRUE;
  return MPEL_INBOX_BROKEN;
}

gboolean
mpel_inbox_is_empty (MpelInbox *self)
{
  gboolean empty;

  if (self->broken)
    return TRUE;
  g_mutex_lock (&self->mutex);
  empty = g_queue_is_empty (&self->waiting);
  g_mutex_unlock (&self->mutex);
  return empty && is_current_read (self);
}
