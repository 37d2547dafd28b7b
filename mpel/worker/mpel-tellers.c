/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-tellers-private.h"

typedef struct
{
  MpelTellFunc tell;
  gpointer     teller; /* (unowned) */
} Record;

void
mpel_tellers_init (MpelTellers *self)
{
  g_queue_init (&self->queue);
  self->n = 0;
}

void
mpel_tellers_clear (MpelTellers *self)
{
  g_queue_clear_full (&self->queue, g_free);
  g_atomic_int_set (&self->n, 0);
}

gboolean
mpel_tellers_is_empty (MpelTellers *self)
{
  return g_atomic_int_get (&self->n) == 0;
}

static GList *
find (MpelTellers *self, gpointer teller)
{
  for (GList *link = self->queue.head; link != NULL; link = link->next)
    if (((Record *) link->data)->teller == teller)
      return link;
  return NULL;
}

/* One that is there already keeps its place. */
void
mpel_tellers_add (MpelTellers *self, MpelTellFunc tell, gpointer teller)
{
  Record *record;

  if (find (self, teller) != NULL)
    return;
  record = g_new (Record, 1);
  record->tell = tell;
  record->teller = teller;
  g_queue_push_tail (&self->queue, record);
  g_atomic_int_inc (&self->n);
}

void
mpel_tellers_remove (MpelTellers *self, gpointer teller)
{
  GList *link = find (self, teller);

  if (link == NULL)
    return;
  g_free (link->data);
  g_queue_delete_link (&self->queue, link);
  g_atomic_int_add (&self->n, -1);
}

/* Each may add or remove itself or others. */
void
mpel_tellers_ask (MpelTellers *self)
{
  for (guint n = self->queue.length; n > 0 && self->queue.length > 0; n--)
    {
      g_autofree Record *record = g_queue_pop_head (&self->queue);

      g_atomic_int_add (&self->n, -1);
      record->tell (record->teller);
    }
}
