/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-list-watch-private.h"

#include "mpel-frame-private.h"
#include "mpel-names-private.h"
#include "mpel-objects-private.h"
#include "mpel-wake-private.h"

/* items_changed_cb: merge → wake → tell: collect → take_over → add_records → let_go
 *
 * The list changes as it likes, @told only when something is told; @news is the one stretch in which
 * they differ. What comes of a second stretch tells the first one, as long as there is room. Without
 * room the stretch grows over both, so that what waits is never more than the list itself.
 *
 * With @is_unsure no stretch is known: a thread has changed the list while we could not look, or the
 * list's signals do not fit its items. Then all items are compared. */

/* Of a long list the host can show the first items before it has the last ones. */
#define RECORD_BYTES MPEL_BATCH_BYTES

/* In the list as the host knows it, but for @n_added: in the list as it is. */
typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
} Stretch;

/* A place of the list. An object that is in several is held once for each. */
typedef struct
{
  GObject *object; /* (unowned) held by @objects */
  guint64  id;
} Place;

struct _MpelListWatch
{
  gatomicrefcount ref_count; /* of the main thread, and of the signal's handler in any thread */

  GListModel   *list;     /* (owned) constant, as are the four below */
  guint64       id;       /* what the host calls it */
  MpelObjects  *objects;  /* (unowned) outlives us; main thread */
  MpelReporter *reporter; /* (owned) */
  GThread      *thread;   /* (unowned) the main thread */

  GSource *wake; /* (owned) constant; tells when the main loop comes around; woken from any thread */
  gulong   handler;

  GSequence *told; /* of (owned) Place; main thread, as are those below */
  Stretch    news;
  gboolean   has_news;
  gboolean   is_telling; /* what runs now may change the list again, or drop us */
  gboolean   is_over;
  guint      n_changes; /* that were heard of */

  gint is_unsure; /* atomic */
};

static MpelListWatch *
list_watch_ref (MpelListWatch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
list_watch_unref (MpelListWatch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_source_unref (self->wake);
  mpel_reporter_unref (self->reporter);
  g_object_unref (self->list);
  g_sequence_free (self->told);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelListWatch, list_watch_unref)

static gboolean
stretch_touches (const Stretch *self, guint position, guint n_removed)
{
  return position <= self->position + self->n_added && position + n_removed >= self->position;
}

/* One stretch over both, and over what lies between. */
static void
stretch_merge (Stretch *self, guint position, guint n_removed, guint n_added)
{
  guint start = MIN (self->position, position);
  guint end = MAX (self->position + self->n_added, position + n_removed);

  self->n_removed += end - start - self->n_added;
  self->n_added = end - start - n_removed + n_added;
  self->position = start;
}

/* How many items the list had before the news that come now. */
static guint
get_n_expected (MpelListWatch *self)
{
  guint n_told = (guint) g_sequence_get_length (self->told);

  return self->has_news ? n_told - self->news.n_removed + self->news.n_added : n_told;
}

/* Returns: (transfer full): so many of the list's items as there are. */
static GPtrArray *
collect (MpelListWatch *self, guint position, guint n)
{
  GPtrArray *items = g_ptr_array_new_full (n, g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      gpointer item = g_list_model_get_item (self->list, position + i);

      if (item == NULL)
        break;
      g_ptr_array_add (items, item);
    }
  return items;
}

/* Puts the items in place of those that the host has from @position on. Those that it loses are
 * still held: one may have moved. */
static GPtrArray *
take_over (MpelListWatch *self, guint position, guint n_removed, GPtrArray *items)
{
  GPtrArray     *lost = g_ptr_array_new_full (n_removed, g_free);
  GSequenceIter *iter = g_sequence_get_iter_at_pos (self->told, (int) position);

  for (guint i = 0; i < n_removed; i++)
    {
      GSequenceIter *next = g_sequence_iter_next (iter);
      Place         *place = g_sequence_get (iter);

      g_ptr_array_add (lost, g_memdup2 (place, sizeof (Place)));
      g_sequence_remove (iter);
      iter = next;
    }
  for (guint i = 0; i < items->len; i++)
    {
      Place *place = g_new0 (Place, 1);

      place->object = items->pdata[i];
      place->id = mpel_objects_hold (self->objects, place->object);
      g_sequence_insert_before (iter, place);
    }
  return lost;
}

static void
let_go (MpelListWatch *self, GPtrArray *lost)
{
  for (guint i = 0; i < lost->len; i++)
    mpel_objects_unhold (self->objects, ((Place *) lost->pdata[i])->id);
}

static void
add_record (MpelListWatch *self, guint position, guint n_removed, GVariantBuilder *items)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new ("(uua(tsa{sv}))", position, n_removed, items));

  mpel_reporter_add_items (self->reporter, self->id, value);
}

/* Returns the size of it. */
static gsize
add_item (MpelListWatch *self, GVariantBuilder *items, GObject *object, guint64 id)
{
  g_autoptr (GVariant) state = g_variant_take_ref (mpel_objects_get_state (self->objects, object));
  const char *class_name = mpel_objects_get_class_name (self->objects, object);
  GVariant   *item = g_variant_new ("(ts@a{sv})", id, class_name, state);
  gsize       size = g_variant_get_size (item);

  g_variant_builder_add_value (items, item);
  return size;
}

/* In records that are not too large each. The objects are ours while their states are read. */
static void
add_records (MpelListWatch *self, guint position, guint n_removed, GPtrArray *objects, const guint64 *ids)
{
  guint first = 0;

  do
    {
      GVariantBuilder items;
      gsize           size = 0;
      guint           i;

      g_variant_builder_init (&items, G_VARIANT_TYPE ("a(tsa{sv})"));
      for (i = first; i < objects->len && size < RECORD_BYTES; i++)
        size += add_item (self, &items, objects->pdata[i], ids[i]);
      add_record (self, position + first, first == 0 ? n_removed : 0, &items);
      first = i;
    }
  while (first < objects->len);
}

static guint64 *
get_ids (MpelListWatch *self, guint position, guint n)
{
  guint64       *ids = g_new (guint64, n);
  GSequenceIter *iter = g_sequence_get_iter_at_pos (self->told, (int) position);

  for (guint i = 0; i < n; i++, iter = g_sequence_iter_next (iter))
    ids[i] = ((Place *) g_sequence_get (iter))->id;
  return ids;
}

static void
tell_items (MpelListWatch *self, guint position, guint n_removed, GPtrArray *items)
{
  g_autoptr (GPtrArray) lost = NULL;
  g_autofree guint64 *ids = NULL;

  if (n_removed == 0 && items->len == 0)
    return;
  lost = take_over (self, position, n_removed, items);
  ids = get_ids (self, position, items->len);
  add_records (self, position, n_removed, items, ids);
  let_go (self, lost);
}

static void tell_cb (gpointer user_data);

/* Asks to be asked, on the main thread. */
static void
announce (MpelListWatch *self)
{
  if (self->is_over)
    return;
  mpel_reporter_add_teller (self->reporter, tell_cb, self);
  mpel_wake_up (self->wake);
}

static void
become_unsure (MpelListWatch *self)
{
  g_atomic_int_set (&self->is_unsure, TRUE);
  announce (self);
}

/* @offset: how much later in the list that which is at the position for the host. */
static void
tell_news (MpelListWatch *self, guint offset)
{
  Stretch news = self->news;
  guint   n_changes = self->n_changes;
  g_autoptr (GPtrArray) items = NULL;

  self->has_news = FALSE;
  items = collect (self, news.position + offset, news.n_added);
  if (items->len < news.n_added || n_changes != self->n_changes)
    become_unsure (self);
  else
    tell_items (self, news.position, news.n_removed, items);
}

static gboolean
is_same (GSequenceIter *iter, GObject *object)
{
  return ((Place *) g_sequence_get (iter))->object == object;
}

static guint
count_same_at_begin (MpelListWatch *self, GPtrArray *items, guint most)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->told);
  guint          n = 0;

  for (; n < most && is_same (iter, items->pdata[n]); n++)
    iter = g_sequence_iter_next (iter);
  return n;
}

static guint
count_same_at_end (MpelListWatch *self, GPtrArray *items, guint most)
{
  GSequenceIter *iter = g_sequence_get_end_iter (self->told);
  guint          n = 0;

  for (; n < most; n++)
    {
      iter = g_sequence_iter_prev (iter);
      if (!is_same (iter, items->pdata[items->len - 1 - n]))
        break;
    }
  return n;
}

/* Between what is the same at the beginning and at the end. */
static void
tell_differences (MpelListWatch *self, GPtrArray *items)
{
  guint n_told = (guint) g_sequence_get_length (self->told);
  guint most = MIN (n_told, items->len);
  guint begin = count_same_at_begin (self, items, most);
  guint end = count_same_at_end (self, items, most - begin);

  g_ptr_array_remove_range (items, items->len - end, end);
  g_ptr_array_remove_range (items, 0, begin);
  tell_items (self, begin, n_told - begin - end, items);
}

static void
compare_all (MpelListWatch *self)
{
  guint n_changes = self->n_changes;
  g_autoptr (GPtrArray) items = NULL;

  self->has_news = FALSE;
  items = collect (self, 0, g_list_model_get_n_items (self->list));
  if (n_changes == self->n_changes)
    tell_differences (self, items);
  else
    become_unsure (self);
}

/* Also called by the reporter, before something that the host must hear behind it. */
static void
tell_cb (gpointer user_data)
{
  g_autoptr (MpelListWatch) self = list_watch_ref (user_data);

  /* What is being read changes the list, or reports something: the rest comes later. */
  if (self->is_telling)
    return;
  self->is_telling = TRUE;
  mpel_reporter_remove_teller (self->reporter, self);
  if (g_atomic_int_compare_and_exchange (&self->is_unsure, TRUE, FALSE))
    compare_all (self);
  else if (self->has_news)
    tell_news (self, 0);
  self->is_telling = FALSE;
}

static gboolean
wake_cb (gpointer user_data)
{
  MpelListWatch *self = user_data;

  /* Without room the reporter asks for it when there is some. */
  if (mpel_reporter_has_room (self->reporter))
    tell_cb (self);
  else
    mpel_reporter_add_teller (self->reporter, tell_cb, self);
  return G_SOURCE_CONTINUE;
}

static void
begin_news (MpelListWatch *self, guint position, guint n_removed, guint n_added)
{
  self->news = (Stretch){ position, n_removed, n_added };
  self->has_news = TRUE;
  announce (self);
}

/* The list has changed a second time already: behind that place its items have moved. */
static void
tell_before (MpelListWatch *self, guint position, guint n_removed, guint n_added)
{
  self->is_telling = TRUE;
  tell_news (self, position < self->news.position ? n_added - n_removed : 0);
  self->is_telling = FALSE;
}

static void
take_news (MpelListWatch *self, guint position, guint n_removed, guint n_added)
{
  if (!self->has_news)
    begin_news (self, position, n_removed, n_added);
  else if (self->is_telling || stretch_touches (&self->news, position, n_removed) || !mpel_reporter_has_room (self->reporter))
    stretch_merge (&self->news, position, n_removed, n_added);
  else
    {
      guint n_changes = self->n_changes;

      tell_before (self, position, n_removed, n_added);
      if (n_changes != self->n_changes)
        become_unsure (self);
      else if (!g_atomic_int_get (&self->is_unsure))
        begin_news (self, position, n_removed, n_added);
    }
}

/* Of a change in another thread we would look at the items of a later one. */
static void
items_changed_cb (GListModel *list, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  g_autoptr (MpelListWatch) self = list_watch_ref (user_data);
  guint n_expected;

  if (g_thread_self () != self->thread)
    {
      g_atomic_int_set (&self->is_unsure, TRUE);
      mpel_wake_up (self->wake);
      return;
    }

  self->n_changes++;
  if (g_atomic_int_get (&self->is_unsure))
    return;
  n_expected = get_n_expected (self);
  if (position > n_expected || n_removed > n_expected - position || n_added > G_MAXINT - n_expected)
    become_unsure (self);
  else
    take_news (self, position, n_removed, n_added);
}

static void
list_watch_unref_cb (gpointer user_data, GClosure *closure)
{
  list_watch_unref (user_data);
}

MpelListWatch *
mpel_list_watch_new (GListModel *list, guint64 id, MpelObjects *objects, MpelReporter *reporter)
{
  MpelListWatch *self = g_new0 (MpelListWatch, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GPtrArray) items = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->list = g_object_ref (list);
  self->id = id;
  self->objects = objects;
  self->reporter = mpel_reporter_ref (reporter);
  self->thread = g_thread_self ();
  self->told = g_sequence_new (g_free);
  self->wake = mpel_wake_new (context, "[mpel] tell items", G_PRIORITY_DEFAULT, wake_cb, self);
  self->handler = g_signal_connect_data (list,
                                         "items-changed",
                                         G_CALLBACK (items_changed_cb),
                                         list_watch_ref (self),
                                         list_watch_unref_cb,
                                         0);

  g_atomic_int_set (&self->is_unsure, TRUE);
  tell_cb (self);
  return self;
}

/* What runs now may still hold us, and tells no more. */
void
mpel_list_watch_free (MpelListWatch *self)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->told);

  g_signal_handler_disconnect (self->list, self->handler);
  g_source_destroy (self->wake);
  mpel_reporter_remove_teller (self->reporter, self);
  self->is_over = TRUE;
  self->n_changes++;
  for (; !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    mpel_objects_unhold (self->objects, ((Place *) g_sequence_get (iter))->id);
  g_sequence_remove_range (g_sequence_get_begin_iter (self->told), g_sequence_get_end_iter (self->told));
  list_watch_unref (self);
}
