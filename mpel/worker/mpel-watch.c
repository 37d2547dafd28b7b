/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-watch-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-value-private.h"

/* What the handlers know, on whatever thread they run. One may have begun when the watch is freed:
 * it holds this, sees that it is over, and tells nothing. */
typedef struct
{
  gatomicrefcount ref_count;
  guint64         id;       /* constant */
  MpelReporter   *reporter; /* (owned) constant */
  GThread        *thread;   /* (unowned) constant; the main one */

  GMutex      mutex; /* for all below; before that of the reporter */
  GHashTable *names; /* (owned) of interned strings: the properties that are watched */
  gboolean    is_over;
} Ear;

/* A handler of one signal. */
typedef struct
{
  GClosure    closure;
  Ear        *ear;  /* (owned) */
  const char *name; /* interned */
} Forwarder;

typedef struct
{
  const char *name; /* interned */
  GVariant   *told; /* (owned) (nullable) what the host was told last */
  gboolean    was_complained_of;
} Getter;

struct _MpelWatch
{
  GObject     *object;  /* (owned) */
  MpelClasses *classes; /* (unowned) */
  Ear         *ear;     /* (owned) */
  gulong       notify_id;
  GHashTable  *signal_ids; /* (owned) of gulong, handlers by the id of their signal */
  GPtrArray   *getters;    /* (owned) of (owned) Getter; it only grows */
};

static Ear *
ear_new (guint64 id, MpelReporter *reporter)
{
  Ear *ear = g_new0 (Ear, 1);

  g_atomic_ref_count_init (&ear->ref_count);
  ear->id = id;
  ear->reporter = mpel_reporter_ref (reporter);
  ear->thread = g_thread_self ();
  g_mutex_init (&ear->mutex);
  ear->names = g_hash_table_new (NULL, NULL);
  return ear;
}

static Ear *
ear_ref (Ear *ear)
{
  g_atomic_ref_count_inc (&ear->ref_count);
  return ear;
}

static void
ear_unref (Ear *ear)
{
  if (!g_atomic_ref_count_dec (&ear->ref_count))
    return;
  g_clear_pointer (&ear->names, g_hash_table_unref);
  g_clear_pointer (&ear->reporter, mpel_reporter_unref);
  g_mutex_clear (&ear->mutex);
  g_free (ear);
}

/* Takes @told. */
static Getter *
getter_new (const char *name, GVariant *told)
{
  Getter *getter = g_new0 (Getter, 1);

  getter->name = g_intern_string (name);
  getter->told = told;
  return getter;
}

static void
getter_free (Getter *getter)
{
  g_clear_pointer (&getter->told, g_variant_unref);
  g_free (getter);
}

/* Main thread. Returns: (transfer full) (nullable): NULL when the value cannot travel, which is said */
static GVariant *
read_property (GObject *object, GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  GVariant *variant;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (object, pspec->name, &value);
  variant = mpel_value_to_variant (&value, &error);
  if (variant == NULL)
    g_warning ("Property “%s” of %s cannot be told: %s", pspec->name, G_OBJECT_TYPE_NAME (object), error->message);
  return variant;
}

static GVariant *
read_changed (GObject *object, const char *name)
{
  return read_property (object, g_object_class_find_property (G_OBJECT_GET_CLASS (object), name));
}

static void
note_changed (Ear *ear, GObject *object, const char *name)
{
  mpel_reporter_note_changed (ear->reporter, ear->id, name, read_changed, object);
}

/* Any thread. On the main one the property may be read, which is the user's code; on others it is
 * not, and once the watch is freed nothing is noted. */
static void
notify_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  Ear     *ear = user_data;
  gboolean is_main = g_thread_self () == ear->thread;
  gboolean is_watched;

  g_mutex_lock (&ear->mutex);
  is_watched = !ear->is_over && g_hash_table_contains (ear->names, pspec->name);
  if (is_watched && !is_main)
    note_changed (ear, object, pspec->name);
  g_mutex_unlock (&ear->mutex);

  if (is_watched && is_main)
    note_changed (ear, object, pspec->name);
}

static gboolean
is_over (Ear *ear)
{
  gboolean over;

  g_mutex_lock (&ear->mutex);
  over = ear->is_over;
  g_mutex_unlock (&ear->mutex);
  return over;
}

/* Returns: (transfer full) (nullable): NULL with an error when one of the values cannot travel */
static GVariant *
params_to_variant (const GValue *params, guint n_params, GError **error)
{
  g_autoptr (GPtrArray) children = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (guint i = 0; i < n_params; i++)
    {
      GVariant *child = mpel_value_to_variant (&params[i], error);

      if (child == NULL)
        return NULL;
      g_ptr_array_add (children, child);
    }
  return g_variant_ref_sink (g_variant_new_tuple ((GVariant *const *) children->pdata, children->len));
}

/* Any thread. What the signal returns is left as the other handlers want it. */
static void
forward_signal (GClosure *closure, GValue *return_value, guint n_params, const GValue *params, gpointer hint, gpointer marshal_data)
{
  Forwarder *forwarder = (Forwarder *) closure;
  Ear       *ear = forwarder->ear;
  g_autoptr (GVariant) tuple = NULL;
  g_autoptr (GError) error = NULL;

  if (is_over (ear))
    return;
  tuple = params_to_variant (params + 1, n_params - 1, &error);
  if (tuple == NULL || !mpel_reporter_add_signal (ear->reporter, ear->id, forwarder->name, tuple, &error))
    g_warning ("Signal “%s” of %s cannot be told: %s", forwarder->name, G_OBJECT_TYPE_NAME (g_value_get_object (&params[0])), error->message);
}

static void
forwarder_finalized_cb (gpointer data, GClosure *closure)
{
  ear_unref (((Forwarder *) closure)->ear);
}

static GClosure *
forwarder_new (Ear *ear, const char *name)
{
  GClosure  *closure = g_closure_new_simple (sizeof (Forwarder), NULL);
  Forwarder *forwarder = (Forwarder *) closure;

  forwarder->ear = ear_ref (ear);
  forwarder->name = name;
  g_closure_set_marshal (closure, forward_signal);
  g_closure_add_finalize_notifier (closure, NULL, forwarder_finalized_cb);
  return closure;
}

/* @classes outlives it. */
MpelWatch *
mpel_watch_new (GObject *object, guint64 id, MpelClasses *classes, MpelReporter *reporter)
{
  MpelWatch *self = g_new0 (MpelWatch, 1);

  self->object = g_object_ref (object);
  self->classes = classes;
  self->ear = ear_new (id, reporter);
  self->signal_ids = g_hash_table_new (NULL, NULL);
  self->getters = g_ptr_array_new_with_free_func ((GDestroyNotify) getter_free);
  return self;
}

static void
disconnect_all (MpelWatch *self)
{
  GHashTableIter iter;
  gpointer       handler_id;

  g_clear_signal_handler (&self->notify_id, self->object);
  g_hash_table_iter_init (&iter, self->signal_ids);
  while (g_hash_table_iter_next (&iter, NULL, &handler_id))
    g_signal_handler_disconnect (self->object, GPOINTER_TO_SIZE (handler_id));
}

void
mpel_watch_free (MpelWatch *self)
{
  g_mutex_lock (&self->ear->mutex);
  self->ear->is_over = TRUE;
  g_mutex_unlock (&self->ear->mutex);

  disconnect_all (self);
  mpel_reporter_forget (self->ear->reporter, self->ear->id);
  g_clear_pointer (&self->ear, ear_unref);
  g_clear_pointer (&self->signal_ids, g_hash_table_unref);
  g_clear_pointer (&self->getters, g_ptr_array_unref);
  g_clear_object (&self->object);
  g_free (self);
}

static gboolean
can_tell (GParamSpec *pspec)
{
  return (pspec->flags & G_PARAM_READABLE) != 0 && mpel_value_get_variant_type (pspec->value_type) != NULL;
}

/* Before anything is read: what changes in between is told. */
static void
watch_property (MpelWatch *self, GParamSpec *pspec)
{
  Ear *ear = self->ear;

  if (self->notify_id == 0)
    self->notify_id = g_signal_connect_data (self->object, "notify", G_CALLBACK (notify_cb), ear_ref (ear), (GClosureNotify) ear_unref, 0);
  g_mutex_lock (&ear->mutex);
  g_hash_table_add (ear->names, (gpointer) pspec->name);
  g_mutex_unlock (&ear->mutex);
}

/* Those of @names that can be told, or with “*” all. Returns: (transfer container) */
static GPtrArray *
find_properties (MpelWatch *self, const char *const *names)
{
  GObjectClass           *klass = G_OBJECT_GET_CLASS (self->object);
  GPtrArray              *found = g_ptr_array_new ();
  guint                   n_pspecs = 0;
  g_autofree GParamSpec **all = NULL;

  if (g_strv_contains (names, "*"))
    all = g_object_class_list_properties (klass, &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    if (can_tell (all[i]))
      g_ptr_array_add (found, all[i]);
  for (guint i = 0; all == NULL && names[i] != NULL; i++)
    {
      GParamSpec *pspec = g_object_class_find_property (klass, names[i]);

      if (pspec != NULL && can_tell (pspec) && !g_ptr_array_find (found, pspec, NULL))
        g_ptr_array_add (found, pspec);
    }
  return found;
}

static GVariant *
read_all (MpelWatch *self, GPtrArray *pspecs)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < pspecs->len; i++)
    {
      GParamSpec *pspec = pspecs->pdata[i];
      g_autoptr (GVariant) value = read_property (self->object, pspec);

      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", pspec->name, value);
    }
  return g_variant_builder_end (&builder);
}

/* Others ask who listens for something, and nobody there can answer. Of a boolean FALSE is no answer. */
static gboolean
can_forward (const GSignalQuery *query)
{
  GType return_type = query->return_type & ~G_SIGNAL_TYPE_STATIC_SCOPE;

  if (return_type != G_TYPE_NONE && return_type != G_TYPE_BOOLEAN)
    return FALSE;
  for (guint i = 0; i < query->n_params; i++)
    if (mpel_value_get_variant_type (query->param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE) == NULL)
      return FALSE;
  return TRUE;
}

static void
watch_signal (MpelWatch *self, const char *name)
{
  guint        signal_id = g_signal_is_valid_name (name) ? g_signal_lookup (name, G_OBJECT_TYPE (self->object)) : 0;
  GSignalQuery query;
  gulong       handler_id;

  if (signal_id == 0 || g_hash_table_contains (self->signal_ids, GUINT_TO_POINTER (signal_id)))
    return;
  g_signal_query (signal_id, &query);
  if (!can_forward (&query))
    return;
  handler_id = g_signal_connect_closure_by_id (self->object, signal_id, 0, forwarder_new (self->ear, query.signal_name), FALSE);
  g_hash_table_insert (self->signal_ids, GUINT_TO_POINTER (signal_id), GSIZE_TO_POINTER (handler_id));
}

/* Returns: (transfer full) (nullable): NULL with an error that names the getter */
static GVariant *
call_getter (MpelWatch *self, const char *name, GError **error)
{
  GVariant *value = mpel_classes_call_getter (self->classes, self->object, name, error);

  return value != NULL ? g_variant_take_ref (value) : NULL;
}

static void
complain_once (Getter *getter, const GError *error)
{
  if (!getter->was_complained_of)
    g_warning ("%s", error->message);
  getter->was_complained_of = TRUE;
}

/* Tells what it returns, if that is something else than before. */
static gboolean
tell_getter (MpelWatch *self, Getter *getter, GVariant *value, GError **error)
{
  Ear *ear = self->ear;

  if (getter->told != NULL && g_variant_equal (value, getter->told))
    return TRUE;
  if (!mpel_reporter_add_changed (ear->reporter, ear->id, getter->name, TRUE, value, error))
    {
      g_prefix_error (error, "What getter “%s” of %s returns cannot be told: ", getter->name, G_OBJECT_TYPE_NAME (self->object));
      return FALSE;
    }
  g_clear_pointer (&getter->told, g_variant_unref);
  getter->told = g_variant_ref (value);
  return TRUE;
}

static void
read_getter (MpelWatch *self, Getter *getter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = call_getter (self, getter->name, &error);

  if (value == NULL || !tell_getter (self, getter, value, &error))
    complain_once (getter, error);
}

void
mpel_watch_read_getters (MpelWatch *self)
{
  for (guint i = 0; i < self->getters->len; i++)
    read_getter (self, self->getters->pdata[i]);
}

/* Returns: (transfer none) (nullable) */
static Getter *
find_getter (MpelWatch *self, const char *name)
{
  for (guint i = 0; i < self->getters->len; i++)
    {
      Getter *getter = self->getters->pdata[i];

      if (g_str_equal (getter->name, name))
        return getter;
    }
  return NULL;
}

/* Returns: (transfer none) (nullable): NULL when there is no such method */
static Getter *
add_getter (MpelWatch *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = call_getter (self, name, &error);
  Getter   *getter;

  if (g_error_matches (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET))
    return NULL;
  getter = getter_new (name, value);
  if (value == NULL)
    complain_once (getter, error);
  g_ptr_array_add (self->getters, getter);
  return getter;
}

static GVariant *
add_getters (MpelWatch *self, const char *const *names)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      Getter *getter = find_getter (self, names[i]);

      if (getter != NULL)
        read_getter (self, getter);
      else
        getter = add_getter (self, names[i]);
      if (getter != NULL && getter->told != NULL)
        g_variant_dict_insert_value (&dict, getter->name, getter->told);
    }
  return g_variant_dict_end (&dict);
}

/* The properties are read last: getters may change them. */
GVariant *
mpel_watch_add (MpelWatch *self, const char *const *properties, const char *const *getters, const char *const *signal_names)
{
  g_autoptr (GPtrArray) pspecs = find_properties (self, properties);
  GVariant *getter_values;

  for (guint i = 0; signal_names[i] != NULL; i++)
    watch_signal (self, signal_names[i]);
  for (guint i = 0; i < pspecs->len; i++)
    watch_property (self, pspecs->pdata[i]);
  getter_values = add_getters (self, getters);
  return g_variant_ref_sink (g_variant_new ("(@a{sv}@a{sv})", read_all (self, pspecs), getter_values));
}
