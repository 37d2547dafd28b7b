/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-queue-private.h"

/* A program has a handful of priorities, each of which has many events: so each is a list of its
 * own, and an event costs the same however many wait. */
typedef struct
{
  int    priority;
  GQueue events; /* of (owned) MpelEvent, by their tickets */
} Level;

void
mpel_queue_init (MpelQueue *self)
{
  self->levels = g_array_new (FALSE, FALSE, sizeof (Level));
  self->n_events = 0;
}

/* It must be empty: each event ends before it goes. */
void
mpel_queue_clear (MpelQueue *self)
{
  g_assert (self->n_events == 0);
  g_clear_pointer (&self->levels, g_array_unref);
}

gboolean
mpel_queue_is_empty (const MpelQueue *self)
{
  return self->n_events == 0;
}

static Level *
get_level (MpelQueue *self, guint index)
{
  return &g_array_index (self->levels, Level, index);
}

static Level *
find_level (MpelQueue *self, int priority)
{
  Level level = { priority, G_QUEUE_INIT };
  guint low = 0, high = self->levels->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_level (self, middle)->priority < priority)
        low = middle + 1;
      else
        high = middle;
    }

  if (low == self->levels->len || get_level (self, low)->priority != priority)
    g_array_insert_val (self->levels, low, level);
  return get_level (self, low);
}

static Level *
ensure_level (MpelQueue *self, int priority)
{
  /* Most programs have one. */
  if (self->levels->len == 1 && get_level (self, 0)->priority == priority)
    return get_level (self, 0);
  return find_level (self, priority);
}

static MpelEventTicket *
get_ticket (gpointer event)
{
  return &mpel_event_get_private (event)->ticket;
}

static void
note_pushed (MpelQueue *self, MpelEventTicket *ticket)
{
  ticket->queue = self;
  self->n_events++;
}

/* Takes @event, which is younger than all others. */
void
mpel_queue_push (MpelQueue *self, MpelEvent *event)
{
  MpelEventTicket *ticket = get_ticket (event);

  g_queue_push_tail_link (&ensure_level (self, ticket->priority)->events, &ticket->link);
  note_pushed (self, ticket);
}

/* Takes @event, which is younger than most. */
void
mpel_queue_add_late (MpelQueue *self, MpelEvent *event)
{
  MpelEventTicket *ticket = get_ticket (event);
  Level           *level = ensure_level (self, ticket->priority);
  GList           *older = level->events.tail;

  while (older != NULL && get_ticket (older->data)->serial > ticket->serial)
    older = older->prev;
  if (older == NULL)
    g_queue_push_head_link (&level->events, &ticket->link);
  else
    g_queue_insert_after_link (&level->events, older, &ticket->link);
  note_pushed (self, ticket);
}

/* Takes @event, which has been here before and is older than most. */
void
mpel_queue_put_back (MpelQueue *self, MpelEvent *event)
{
  MpelEventTicket *ticket = get_ticket (event);
  Level           *level = ensure_level (self, ticket->priority);
  GList           *younger = level->events.head;

  while (younger != NULL && get_ticket (younger->data)->serial < ticket->serial)
    younger = younger->next;
  if (younger == NULL)
    g_queue_push_tail_link (&level->events, &ticket->link);
  else
    g_queue_insert_before_link (&level->events, younger, &ticket->link);
  note_pushed (self, ticket);
}

/* Would @event be taken before @other, were they in one queue? */
gboolean
mpel_queue_goes_before (MpelEvent *event, MpelEvent *other)
{
  MpelEventTicket *a = get_ticket (event), *b = get_ticket (other);

  return a->priority != b->priority ? a->priority > b->priority : a->serial < b->serial;
}

/* Returns: (transfer none) (nullable): the one that is taken next */
MpelEvent *
mpel_queue_peek (const MpelQueue *self)
{
  for (guint i = self->levels->len; i > 0; i--)
    {
      Level *level = &g_array_index (self->levels, Level, i - 1);

      if (!g_queue_is_empty (&level->events))
        return g_queue_peek_head (&level->events);
    }
  return NULL;
}

static MpelEvent *
pop_head (MpelQueue *self, Level *level)
{
  MpelEvent *event = g_queue_pop_head_link (&level->events)->data;

  get_ticket (event)->queue = NULL;
  self->n_events--;
  return event;
}

/* Returns: (transfer full) (nullable) */
MpelEvent *
mpel_queue_pop (MpelQueue *self)
{
  for (guint i = self->levels->len; i > 0; i--)
    if (!g_queue_is_empty (&get_level (self, i - 1)->events))
      return pop_head (self, get_level (self, i - 1));
  return NULL;
}

/* Returns: (transfer full) (nullable): one that was not added later than the event @last */
MpelEvent *
mpel_queue_pop_until (MpelQueue *self, guint64 last)
{
  for (guint i = self->levels->len; i > 0; i--)
    {
      Level     *level = get_level (self, i - 1);
      MpelEvent *head = g_queue_peek_head (&level->events);

      if (head != NULL && get_ticket (head)->serial <= last)
        return pop_head (self, level);
    }
  return NULL;
}

/* Adds a reference on each to @events, in order. */
void
mpel_queue_add_to (const MpelQueue *self, GPtrArray *events)
{
  for (guint i = self->levels->len; i > 0; i--)
    for (GList *l = g_array_index (self->levels, Level, i - 1).events.head; l != NULL; l = l->next)
      g_ptr_array_add (events, g_object_ref (l->data));
}

/* @event is in a queue; the reference on it is the caller's now. */
void
mpel_queue_unlink (MpelEvent *event)
{
  MpelEventTicket *ticket = get_ticket (event);
  MpelQueue       *self = g_steal_pointer (&ticket->queue);

  g_queue_unlink (&ensure_level (self, ticket->priority)->events, &ticket->link);
  self->n_events--;
}

/* To their places among those in @to: the youngest first, since each goes before most of these. */
void
mpel_queue_move_all (MpelQueue *self, MpelQueue *to)
{
  for (guint i = 0; i < self->levels->len; i++)
    {
      GQueue *events = &get_level (self, i)->events;

      while (!g_queue_is_empty (events))
        {
          self->n_events--;
          mpel_queue_put_back (to, g_queue_pop_tail_link (events)->data);
        }
    }
}
