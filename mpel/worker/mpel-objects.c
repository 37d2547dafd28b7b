/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-objects-private.h"

#include "mpel-list-watch-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-value-private.h"
#include "mpel-watch-private.h"

/* An object is known while the host holds a mention of it, or a list of ours has it. A creation is a
 * mention. One that failed has no object but an error.
 *
 * Whatever lets go of an object does so last, when the tables are in order: who disposes of it may do
 * anything. */
typedef struct
{
  guint64    id;         /* constant; first, so that an entry is its own key */
  GObject   *object;     /* (owned) (nullable) exactly one of the two is set */
  GError    *error;      /* (owned) (nullable) */
  guint      n_mentions; /* that the host has not released */
  guint      n_holds;
  MpelWatch *watch; /* (owned) (nullable) */
} Entry;

struct _MpelObjects
{
  gatomicrefcount ref_count;
  MpelClasses    *classes;  /* (unowned) constant; not used once closed */
  MpelReporter   *reporter; /* (owned) constant */

  GHashTable *entries;   /* (owned) of (owned) Entry, by id */
  GHashTable *by_object; /* (owned) GObject → (unowned) Entry */
  GHashTable *lists;     /* (owned) (owned) guint64 → (owned) MpelListWatch */
  GHashTable *described; /* (owned) of GType: of which the host has heard */
  guint64     last_id;   /* that we made */
  guint       n_watches;
  gboolean    is_closed;

  MpelObjectFunc func; /* (nullable) who else wants to know what there is */
  gpointer       func_data;
};

MpelObjects *
mpel_objects_new (MpelClasses *classes, MpelReporter *reporter)
{
  MpelObjects *self = g_new0 (MpelObjects, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->classes = classes;
  self->reporter = mpel_reporter_ref (reporter);
  self->entries = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->by_object = g_hash_table_new (NULL, NULL);
  self->lists = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) mpel_list_watch_free);
  self->described = g_hash_table_new (NULL, NULL);
  return self;
}

MpelObjects *
mpel_objects_ref (MpelObjects *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_objects_unref (MpelObjects *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->is_closed);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->by_object, g_hash_table_unref);
  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_clear_pointer (&self->described, g_hash_table_unref);
  g_clear_pointer (&self->reporter, mpel_reporter_unref);
  g_free (self);
}

MpelReporter *
mpel_objects_get_reporter (MpelObjects *self)
{
  return self->reporter;
}

MpelClasses *
mpel_objects_get_classes (MpelObjects *self)
{
  return self->classes;
}

/* Who hears it looks at the object, and that may do anything; but the entry stays. */
static void
tell_known (MpelObjects *self, Entry *entry)
{
  if (self->func == NULL || entry->object == NULL)
    return;
  entry->n_holds++;
  self->func (entry->id, entry->object, self->func_data);
  entry->n_holds--;
}

/* What it was comes to an end. Returns: (transfer full) (nullable): the object, to be let go last */
static GObject *
empty (MpelObjects *self, Entry *entry)
{
  if (entry->watch != NULL)
    {
      g_clear_pointer (&entry->watch, mpel_watch_free);
      self->n_watches--;
    }
  /* What a class makes may be one and the same object each time. */
  if (entry->object != NULL && g_hash_table_lookup (self->by_object, entry->object) == entry)
    g_hash_table_remove (self->by_object, entry->object);
  if (entry->object != NULL && self->func != NULL)
    self->func (entry->id, NULL, self->func_data);
  g_clear_error (&entry->error);
  return g_steal_pointer (&entry->object);
}

/* The worker leaves. Invocations may still hold us. */
void
mpel_objects_close (MpelObjects *self)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       entry;

  self->is_closed = TRUE;
  g_hash_table_remove_all (self->lists);

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &entry, NULL))
    {
      GObject *object = empty (self, entry);

      if (object != NULL)
        g_ptr_array_add (left, object);
      g_hash_table_iter_remove (&iter);
      g_free (entry);
    }
}

void
mpel_objects_free (MpelObjects *self)
{
  mpel_objects_close (self);
  mpel_objects_unref (self);
}

static Entry *
add_entry (MpelObjects *self, guint64 id)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->id = id;
  g_hash_table_add (self->entries, entry);
  return entry;
}

/* Takes @object. */
static void
set_object (MpelObjects *self, Entry *entry, GObject *object)
{
  entry->object = object;
  g_hash_table_insert (self->by_object, object, entry);
}

static void
drop_unless_used (MpelObjects *self, Entry *entry)
{
  g_autoptr (GObject) object = NULL;

  if (entry->n_mentions > 0 || entry->n_holds > 0)
    return;
  object = empty (self, entry);
  g_hash_table_remove (self->entries, &entry->id);
  g_free (entry);
}

static GVariant *
make_empty_state (void)
{
  return g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

static GObject *
make_object (MpelObjects *self, const char *class_name, GVariant *state, GError **error)
{
  g_autoptr (GVariant) owned = state != NULL ? g_variant_ref (state) : make_empty_state ();
  GType    type = mpel_classes_find (self->classes, class_name, error);
  GObject *object;

  if (type == G_TYPE_INVALID)
    return NULL;
  object = mpel_value_construct (type, owned, error);
  return object != NULL && g_object_is_floating (object) ? g_object_ref_sink (object) : object;
}

/* May the host call an object so, if not a list? */
static gboolean
is_hosts_id (MpelObjects *self, guint64 id)
{
  return id != 0 && !MPEL_ID_IS_FOREIGN (id) && !g_hash_table_contains (self->lists, &id);
}

/* @state: (nullable). In place of another one of the same id, mentions stay what they were. Returns
 * FALSE with an error only when the host had no right to this id. */
gboolean
mpel_objects_create (MpelObjects *self, guint64 id, const char *class_name, GVariant *state, GError **error)
{
  g_autoptr (GObject) before = NULL;
  GError  *failure = NULL;
  GObject *object;
  Entry   *entry;

  if (!is_hosts_id (self, id))
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The host made an object %" G_GUINT64_FORMAT ", which is no id for one", id);
      return FALSE;
    }

  object = make_object (self, class_name, state, &failure);
  entry = g_hash_table_lookup (self->entries, &id);
  if (entry == NULL)
    {
      entry = add_entry (self, id);
      entry->n_mentions = 1;
    }
  before = empty (self, entry);
  entry->error = failure;
  if (object != NULL)
    set_object (self, entry, object);
  tell_known (self, entry);
  return TRUE;
}

/* Of what is not known nothing needs to go. */
void
mpel_objects_release (MpelObjects *self, guint64 id, guint n_mentions)
{
  Entry *entry = g_hash_table_lookup (self->entries, &id);

  if (entry == NULL)
    {
      g_hash_table_remove (self->lists, &id);
      return;
    }

  entry->n_mentions -= MIN (n_mentions, entry->n_mentions);
  drop_unless_used (self, entry);
}

/* Returns: (transfer none) (nullable): NULL with an error */
GObject *
mpel_objects_lookup (MpelObjects *self, guint64 id, GError **error)
{
  Entry *entry = g_hash_table_lookup (self->entries, &id);

  if (entry != NULL && entry->object != NULL)
    return entry->object;
  if (entry != NULL)
    g_propagate_error (error, g_error_copy (entry->error));
  else
    g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, "The worker has no object %" G_GUINT64_FORMAT, id);
  return NULL;
}

static void
describe (MpelObjects *self, GType type, const char *name)
{
  g_autoptr (GVariant) description = mpel_classes_describe (self->classes, type);

  mpel_reporter_add_class (self->reporter, name, description);
}

/* Returns: (nullable): NULL when closed */
static Entry *
ensure_entry (MpelObjects *self, GObject *object)
{
  GType  type = G_OBJECT_TYPE (object);
  Entry *entry = g_hash_table_lookup (self->by_object, object);

  if (self->is_closed)
    return NULL;
  if (g_hash_table_add (self->described, GSIZE_TO_POINTER (type)))
    describe (self, type, mpel_classes_get_name (self->classes, type));
  if (entry != NULL)
    return entry;

  self->last_id = self->last_id == 0 ? 1 : self->last_id + 2;
  entry = add_entry (self, self->last_id);
  set_object (self, entry, g_object_ref (object));
  tell_known (self, entry);
  return entry;
}

guint64
mpel_objects_mention (MpelObjects *self, GObject *object)
{
  Entry *entry = ensure_entry (self, object);

  if (entry == NULL)
    return 0;
  entry->n_mentions++;
  return entry->id;
}

void
mpel_objects_unmention (MpelObjects *self, guint64 id)
{
  mpel_objects_release (self, id, 1);
}

guint64
mpel_objects_hold (MpelObjects *self, GObject *object)
{
  Entry *entry = ensure_entry (self, object);

  if (entry == NULL)
    return 0;
  entry->n_holds++;
  return entry->id;
}

void
mpel_objects_unhold (MpelObjects *self, guint64 id)
{
  Entry *entry = g_hash_table_lookup (self->entries, &id);

  if (entry == NULL)
    return;
  g_assert (entry->n_holds > 0);
  entry->n_holds--;
  drop_unless_used (self, entry);
}

const char *
mpel_objects_get_class_name (MpelObjects *self, GObject *object)
{
  return mpel_classes_get_name (self->classes, G_OBJECT_TYPE (object));
}

gboolean
mpel_objects_describe (MpelObjects *self, const char *class_name, GError **error)
{
  GType type = mpel_classes_find (self->classes, class_name, error);

  if (type == G_TYPE_INVALID)
    return FALSE;
  if (g_str_equal (class_name, mpel_classes_get_name (self->classes, type)))
    g_hash_table_add (self->described, GSIZE_TO_POINTER (type));
  describe (self, type, class_name);
  return TRUE;
}

/* For those who have nobody to tell an error: an object without a state is better than none. */
GVariant *
mpel_objects_get_state (MpelObjects *self, GObject *object)
{
  g_autoptr (GError) error = NULL;
  GVariant *state = mpel_value_collect_state (object, &error);

  if (state != NULL)
    return state;
  g_warning ("The state of an object cannot be told: %s", error->message);
  return make_empty_state ();
}

/* Returns: (transfer full): MPEL_WATCHED_VARIANT_TYPE */
GVariant *
mpel_objects_watch (MpelObjects *self, guint64 id, const char *const *properties, const char *const *getters, const char *const *signal_names)
{
  Entry *entry = g_hash_table_lookup (self->entries, &id);

  g_assert (entry != NULL && entry->n_holds > 0);
  if (entry->watch == NULL)
    {
      entry->watch = mpel_watch_new (entry->object, id, self->classes, self->reporter);
      self->n_watches++;
    }
  return mpel_watch_add (entry->watch, properties, getters, signal_names);
}

/* Something of @object's may have run. Getters may do anything, but the entry stays. */
void
mpel_objects_read_getters (MpelObjects *self, GObject *object)
{
  Entry *entry = self->n_watches > 0 ? g_hash_table_lookup (self->by_object, object) : NULL;

  if (entry == NULL || entry->watch == NULL)
    return;
  entry->n_holds++;
  mpel_watch_read_getters (entry->watch);
  mpel_objects_unhold (self, entry->id);
}

gboolean
mpel_objects_watch_list (MpelObjects *self, GListModel *list, guint64 id, GError **error)
{
  if (!is_hosts_id (self, id) || g_hash_table_contains (self->entries, &id))
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "%" G_GUINT64_FORMAT " is no new id for a list", id);
      return FALSE;
    }

  g_hash_table_insert (self->lists, g_memdup2 (&id, sizeof id), mpel_list_watch_new (list, id, self, self->reporter));
  return TRUE;
}

void
mpel_objects_set_func (MpelObjects *self, MpelObjectFunc func, gpointer user_data)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  GHashTableIter iter;
  gpointer       entry;

  self->func = func;
  self->func_data = user_data;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &entry, NULL))
    g_array_append_val (ids, ((Entry *) entry)->id);
  for (guint i = 0; i < ids->len; i++)
    {
      entry = g_hash_table_lookup (self->entries, &g_array_index (ids, guint64, i));
      if (entry != NULL)
        tell_known (self, entry);
    }
}
