/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-list-watch-private.h"

#include "mpel-frame-private.h"
#include "mpel-names-private.h"
#include "mpel-objects-private.h"
#include "mpel-wake-private.h"

/* items_changed_cb: collect → apply → … → tell_cb: hold → add_records → let_go
 *
 * @places is the list as its signals have told us; nothing else is ever told. What the list has now may
 * be something else already: whoever reports something while a signal is under way has us tell before we
 * have heard of it.
 *
 * @news is the one stretch in which the host does not know @places. What comes of a second stretch tells
 * the first one, as long as there is room. Without room the stretch grows over both, so that what waits
 * is never more than the list itself.
 *
 * With @is_unsure the signals do not tell all: a thread has changed the list while we could not look, or
 * they do not fit the items. Then all items are compared. */

/* Of a long list the host can show the first items before it has the last ones. */
#define RECORD_BYTES MPEL_BATCH_BYTES

/* Where @places differs from what the host has: of that so many are gone, of these so many have come. */
typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
} Stretch;

/* An object that is in several places is held once for each of them that the host knows. */
typedef struct
{
  GObject *object; /* (owned) */
  guint64  id;     /* 0: the host does not know it here */
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

  GSequence *places; /* (owned) of (owned) Place; main thread, as are those below */
  GArray    *lost;   /* (owned) of guint64: held for places that are no more, of which the host has to hear */
  Stretch    news;
  gboolean   has_news;
  gboolean   is_telling; /* what runs now may change the list again, or drop us */
  gboolean   is_over;
  guint      n_changes; /* that were heard of */

  gint is_unsure; /* atomic */
};

static Place *
place_new (GObject *object)
{
  Place *place = g_new0 (Place, 1);

  place->object = g_object_ref (object);
  return place;
}

static void
place_free (Place *place)
{
  g_object_unref (place->object);
  g_free (place);
}

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
  g_sequence_free (self->places);
  g_array_unref (self->lost);
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

static guint
count_places (MpelListWatch *self)
{
  return (guint) g_sequence_get_length (self->places);
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

/* Returns: (transfer full): so many of the list's items as there are */
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

/* Returns: (transfer full): those places, to be freed last: what is disposed of may do anything */
static GPtrArray *
remove_places (MpelListWatch *self, guint position, guint n)
{
  GPtrArray     *places = g_ptr_array_new_full (n, (GDestroyNotify) place_free);
  GSequenceIter *iter = g_sequence_get_iter_at_pos (self->places, (int) position);

  for (guint i = 0; i < n; i++)
    {
      GSequenceIter *next = g_sequence_iter_next (iter);
      Place         *place = g_sequence_get (iter);

      if (place->id != 0)
        g_array_append_val (self->lost, place->id);
      g_ptr_array_add (places, place);
      g_sequence_remove (iter);
      iter = next;
    }
  return places;
}

static void
note_news (MpelListWatch *self, guint position, guint n_removed, guint n_added)
{
  if (self->has_news)
    stretch_merge (&self->news, position, n_removed, n_added);
  else
    self->news = (Stretch){ position, n_removed, n_added };
  self->has_news = TRUE;
  announce (self);
}

static void
apply (MpelListWatch *self, guint position, guint n_removed, GPtrArray *items)
{
  g_autoptr (GPtrArray) removed = remove_places (self, position, n_removed);
  GSequenceIter *iter = g_sequence_get_iter_at_pos (self->places, (int) position);

  for (guint i = 0; i < items->len; i++)
    g_sequence_insert_before (iter, place_new (items->pdata[i]));
  note_news (self, position, n_removed, items->len);
}

static void
add_record (MpelListWatch *self, guint position, guint n_removed, GVariantBuilder *items)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new ("(uua(tsa{sv}))", position, n_removed, items));

  mpel_reporter_add_items (self->reporter, self->id, value);
}

/* Returns the size of it. */
static gsize
add_item (MpelListWatch *self, GVariantBuilder *items, const Place *place)
{
  g_autoptr (GVariant) state = mpel_objects_get_state (self->objects, place->object);
  const char *class_name = mpel_objects_get_class_name (self->objects, place->object);
  GVariant   *item = g_variant_new ("(ts@a{sv})", place->id, class_name, state);
  gsize       size = g_variant_get_size (item);

  g_variant_builder_add_value (items, item);
  return size;
}

/* In records that are not too large each. */
static void
add_records (MpelListWatch *self, guint position, guint n_removed, GPtrArray *places)
{
  guint first = 0;

  do
    {
      GVariantBuilder items;
      gsize           size = 0;
      guint           i;

      g_variant_builder_init (&items, G_VARIANT_TYPE ("a(tsa{sv})"));
      for (i = first; i < places->len && size < RECORD_BYTES; i++)
        size += add_item (self, &items, places->pdata[i]);
      add_record (self, position + first, first == 0 ? n_removed : 0, &items);
      first = i;
    }
  while (first < places->len);
}

/* Returns: (transfer full): copies of those places, which the host is about to know */
static GPtrArray *
hold (MpelListWatch *self, guint position, guint n)
{
  GPtrArray     *places = g_ptr_array_new_full (n, (GDestroyNotify) place_free);
  GSequenceIter *iter = g_sequence_get_iter_at_pos (self->places, (int) position);

  for (guint i = 0; i < n; i++, iter = g_sequence_iter_next (iter))
    {
      Place *place = g_sequence_get (iter);
      Place *copy = place_new (place->object);

      if (place->id == 0)
        place->id = mpel_objects_hold (self->objects, place->object);
      copy->id = place->id;
      g_ptr_array_add (places, copy);
    }
  return places;
}

static void
let_go (MpelListWatch *self, GArray *lost)
{
  for (guint i = 0; i < lost->len; i++)
    mpel_objects_unhold (self->objects, g_array_index (lost, guint64, i));
}

/* Those that are lost are held until the others are: one may only have moved. */
static void
tell_news (MpelListWatch *self)
{
  Stretch news = self->news;
  g_autoptr (GPtrArray) places = hold (self, news.position, news.n_added);
  g_autoptr (GArray) lost = g_steal_pointer (&self->lost);

  self->lost = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->has_news = FALSE;
  if (news.n_removed > 0 || news.n_added > 0)
    add_records (self, news.position, news.n_removed, places);
  let_go (self, lost);
}

static gboolean
is_same (GSequenceIter *iter, GObject *object)
{
  return ((Place *) g_sequence_get (iter))->object == object;
}

static guint
count_same_at_begin (MpelListWatch *self, GPtrArray *items, guint most)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (self->places);
  guint          n = 0;

  for (; n < most && is_same (iter, items->pdata[n]); n++)
    iter = g_sequence_iter_next (iter);
  return n;
}

static guint
count_same_at_end (MpelListWatch *self, GPtrArray *items, guint most)
{
  GSequenceIter *iter = g_sequence_get_end_iter (self->places);
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
apply_differences (MpelListWatch *self, GPtrArray *items)
{
  guint n_places = count_places (self);
  guint most = MIN (n_places, items->len);
  guint begin = count_same_at_begin (self, items, most);
  guint end = count_same_at_end (self, items, most - begin);

  g_ptr_array_remove_range (items, items->len - end, end);
  g_ptr_array_remove_range (items, 0, begin);
  if (n_places > begin + end || items->len > 0)
    apply (self, begin, n_places - begin - end, items);
}

static void
compare_all (MpelListWatch *self)
{
  guint n_changes = self->n_changes;
  g_autoptr (GPtrArray) items = collect (self, 0, g_list_model_get_n_items (self->list));

  if (n_changes == self->n_changes)
    apply_differences (self, items);
  else
    become_unsure (self);
}

static void
tell (MpelListWatch *self)
{
  self->is_telling = TRUE;
  tell_news (self);
  self->is_telling = FALSE;
  if (self->has_news)
    announce (self);
}

/* Also called by the reporter, before something that the host must hear behind it. */
static void
tell_cb (gpointer user_data)
{
  g_autoptr (MpelListWatch) self = list_watch_ref (user_data);

  /* What is being read changes the list, or reports something: the rest comes later. */
  if (self->is_telling)
    return;
  mpel_reporter_remove_teller (self->reporter, self);
  if (g_atomic_int_compare_and_exchange (&self->is_unsure, TRUE, FALSE))
    compare_all (self);
  if (self->has_news)
    tell (self);
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

/* Could the list have so many items less and more? */
static gboolean
is_possible (MpelListWatch *self, guint position, guint n_removed, guint n_added)
{
  guint n_places = count_places (self);

  return position <= n_places && n_removed <= n_places - position && n_added <= G_MAXINT - n_places &&
         n_places - n_removed + n_added == g_list_model_get_n_items (self->list);
}

static gboolean
must_tell_before (MpelListWatch *self, guint position, guint n_removed)
{
  return self->has_news && !self->is_telling && !stretch_touches (&self->news, position, n_removed) &&
         mpel_reporter_has_room (self->reporter);
}

static void
take_change (MpelListWatch *self, guint position, guint n_removed, guint n_added)
{
  guint n_changes = ++self->n_changes;
  g_autoptr (GPtrArray) items = NULL;

  if (g_atomic_int_get (&self->is_unsure))
    return;
  if (!is_possible (self, position, n_removed, n_added))
    {
      become_unsure (self);
      return;
    }

  items = collect (self, position, n_added);
  if (must_tell_before (self, position, n_removed))
    tell (self);
  if (items->len == n_added && n_changes == self->n_changes)
    apply (self, position, n_removed, items);
  else
    become_unsure (self);
}

/* Of a change in another thread we would look at the items of a later one. */
static void
items_changed_cb (GListModel *list, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  g_autoptr (MpelListWatch) self = list_watch_ref (user_data);

  if (g_thread_self () == self->thread)
    {
      take_change (self, position, n_removed, n_added);
      return;
    }
  g_atomic_int_set (&self->is_unsure, TRUE);
  mpel_wake_up (self->wake);
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

  g_atomic_ref_count_init (&self->ref_count);
  self->list = g_object_ref (list);
  self->id = id;
  self->objects = objects;
  self->reporter = mpel_reporter_ref (reporter);
  self->thread = g_thread_self ();
  self->places = g_sequence_new (NULL);
  self->lost = g_array_new (FALSE, FALSE, sizeof (guint64));
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
  g_autoptr (GPtrArray) places = NULL;

  g_signal_handler_disconnect (self->list, self->handler);
  g_source_destroy (self->wake);
  mpel_reporter_remove_teller (self->reporter, self);
  self->is_over = TRUE;
  self->has_news = FALSE;
  self->n_changes++;
  places = remove_places (self, 0, count_places (self));
  let_go (self, self->lost);
  list_watch_unref (self);
}
