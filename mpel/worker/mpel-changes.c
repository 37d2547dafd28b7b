/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-changes-private.h"

void
mpel_change_free (MpelChange *self)
{
  g_object_unref (self->source);
  g_free (self);
}

static guint
hash (gconstpointer data)
{
  const MpelChange *change = data;

  return g_int64_hash (&change->id) ^ g_direct_hash (change->name);
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  const MpelChange *one = a;
  const MpelChange *other = b;

  return one->id == other->id && one->name == other->name;
}

void
mpel_changes_init (MpelChanges *self)
{
  self->n = 0;
  g_queue_init (&self->queue);
  self->keys = g_hash_table_new (hash, equal);
}

void
mpel_changes_clear (MpelChanges *self)
{
  g_assert (g_queue_is_empty (&self->queue));

  g_clear_pointer (&self->keys, g_hash_table_unref);
}

/* Any thread, without a lock. */
guint
mpel_changes_count (MpelChanges *self)
{
  return (guint) g_atomic_int_get (&self->n);
}

/* One that is there already keeps its place. Of the others a copy is made, which holds the object. */
void
mpel_changes_push (MpelChanges *self, const MpelChange *change)
{
  MpelChange *copy;

  if (g_hash_table_contains (self->keys, change))
    return;
  copy = g_memdup2 (change, sizeof *change);
  g_object_ref (copy->source);
  g_queue_push_tail (&self->queue, copy);
  g_hash_table_add (self->keys, copy);
  g_atomic_int_inc (&self->n);
}

/* Returns: (transfer full) (nullable) */
MpelChange *
mpel_changes_pop (MpelChanges *self)
{
  MpelChange *change = g_queue_pop_head (&self->queue);

  if (change == NULL)
    return NULL;
  g_hash_table_remove (self->keys, change);
  g_atomic_int_add (&self->n, -1);
  return change;
}

/* @taken is empty, as it is below. */
void
mpel_changes_take_all (MpelChanges *self, GQueue *taken)
{
  *taken = self->queue;
  g_queue_init (&self->queue);
  g_hash_table_remove_all (self->keys);
  g_atomic_int_set (&self->n, 0);
}

void
mpel_changes_take_of (MpelChanges *self, guint64 id, GQueue *taken)
{
  GList *next;

  for (GList *link = self->queue.head; link != NULL; link = next)
    {
      MpelChange *change = link->data;

      next = link->next;
      if (change->id != id)
        continue;
      g_hash_table_remove (self->keys, change);
      g_queue_unlink (&self->queue, link);
      g_queue_push_tail_link (taken, link);
      g_atomic_int_add (&self->n, -1);
    }
}
