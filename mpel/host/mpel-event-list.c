/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-list-private.h"

/* How many that ended stay, for a person to see what became of them. */
#define MAX_FINISHED 100

/* What is added and what goes is collected, and told once in a turn: @shown is what others see. An
 * event is in @shown or @coming exactly while it is in @listed; the events of @finished are in one of
 * them too, oldest end first. An event that has ended here may be in another loop's list as well. */
struct _MpelEventList
{
  GObject parent_instance;

  GPtrArray  *shown;    /* (owned) of (owned) MpelEvent */
  GPtrArray  *coming;   /* (owned) of (owned) MpelEvent */
  GHashTable *listed;   /* (owned) of (unowned) MpelEvent */
  GQueue      finished; /* of (unowned) MpelEvent */
  GHashTable *going;    /* (owned) of (unowned) MpelEvent in @shown: to be taken out */
};

static void mpel_event_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MpelEventList, mpel_event_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, mpel_event_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return MPEL_TYPE_EVENT;
}

static guint
get_n_items (GListModel *model)
{
  return MPEL_EVENT_LIST (model)->shown->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  MpelEventList *self = MPEL_EVENT_LIST (model);

  return position < self->shown->len ? g_object_ref (self->shown->pdata[position]) : NULL;
}

static void
mpel_event_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
mpel_event_list_finalize (GObject *object)
{
  MpelEventList *self = MPEL_EVENT_LIST (object);

  g_queue_clear (&self->finished);
  g_clear_pointer (&self->going, g_hash_table_unref);
  g_clear_pointer (&self->listed, g_hash_table_unref);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_pointer (&self->coming, g_ptr_array_unref);

  G_OBJECT_CLASS (mpel_event_list_parent_class)->finalize (object);
}

static void
mpel_event_list_class_init (MpelEventListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mpel_event_list_finalize;
}

static void
mpel_event_list_init (MpelEventList *self)
{
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  self->coming = g_ptr_array_new_with_free_func (g_object_unref);
  self->listed = g_hash_table_new (NULL, NULL);
  self->going = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->finished);
}

MpelEventList *
mpel_event_list_new (void)
{
  return g_object_new (MPEL_TYPE_EVENT_LIST, NULL);
}

/* One that is here already was finished, and is pending again. */
void
mpel_event_list_add (MpelEventList *self, MpelEvent *event)
{
  if (!g_hash_table_add (self->listed, event))
    {
      if (!g_hash_table_remove (self->going, event))
        g_queue_remove (&self->finished, event);
      return;
    }
  g_ptr_array_add (self->coming, g_object_ref (event));
}

static void
let_oldest_go (MpelEventList *self)
{
  g_hash_table_add (self->going, g_queue_pop_head (&self->finished));
}

void
mpel_event_list_finish (MpelEventList *self, MpelEvent *event)
{
  if (!g_hash_table_contains (self->listed, event) || g_hash_table_contains (self->going, event))
    return;
  g_queue_push_tail (&self->finished, event);
  if (self->finished.length > MAX_FINISHED)
    let_oldest_go (self);
}

/* Takes @event out for good if it goes. */
static gboolean
unlist_if_going (MpelEventList *self, gpointer event)
{
  return g_hash_table_remove (self->going, event) && g_hash_table_remove (self->listed, event);
}

static gboolean
is_going (MpelEventList *self, gpointer event)
{
  return g_hash_table_size (self->going) > 0 && g_hash_table_contains (self->going, event);
}

/* What is behind was moved or freed. */
static void
cut_off (GPtrArray *events, guint length)
{
  g_ptr_array_set_free_func (events, NULL);
  g_ptr_array_set_size (events, (int) length);
  g_ptr_array_set_free_func (events, g_object_unref);
}

/* Those that came and went since the last time were never seen. */
static void
drop_unseen (MpelEventList *self)
{
  guint n_kept = 0;

  for (guint i = 0; i < self->coming->len; i++)
    {
      MpelEvent *event = self->coming->pdata[i];

      if (!unlist_if_going (self, event))
        self->coming->pdata[n_kept++] = event;
      else
        g_object_unref (event);
    }
  cut_off (self->coming, n_kept);
}

/* Takes out all that goes, in one change. Who is told may add one of them again. */
static void
remove_going (MpelEventList *self)
{
  g_autoptr (GPtrArray) removed = NULL;
  guint first = 0, last, n_kept = 0;

  if (g_hash_table_size (self->going) == 0)
    return;
  removed = g_ptr_array_new_with_free_func (g_object_unref);
  while (!is_going (self, self->shown->pdata[first]))
    first++;
  for (last = first; g_hash_table_size (self->going) > 0; last++)
    {
      MpelEvent *event = self->shown->pdata[last];

      if (unlist_if_going (self, event))
        g_ptr_array_add (removed, event);
      else
        self->shown->pdata[first + n_kept++] = event;
    }

  g_ptr_array_set_free_func (self->shown, NULL);
  g_ptr_array_remove_range (self->shown, first + n_kept, last - first - n_kept);
  g_ptr_array_set_free_func (self->shown, g_object_unref);
  g_list_model_items_changed (G_LIST_MODEL (self), first, last - first, n_kept);
}

static void
show_coming (MpelEventList *self)
{
  guint n_shown = self->shown->len, n_coming = self->coming->len;

  if (n_coming == 0)
    return;
  for (guint i = 0; i < n_coming; i++)
    g_ptr_array_add (self->shown, self->coming->pdata[i]);
  cut_off (self->coming, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), n_shown, 0, n_coming);
}

/* Tells of all changes since the last time. */
void
mpel_event_list_update (MpelEventList *self)
{
  g_autoptr (MpelEventList) keep_alive = g_object_ref (self);

  drop_unseen (self);
  remove_going (self);
  show_coming (self);
}
