/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-classes-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"

/* A method may replace itself while it runs, so running one holds a reference. */
typedef struct
{
  grefcount       ref_count;
  char           *name;     /* (owned) */
  MpelMethodFunc  function; /* exactly one of the two is set */
  MpelHandlerFunc handler;
  gpointer        user_data;
  GDestroyNotify  destroy; /* (nullable) */
} Method;

struct _MpelClasses
{
  GHashTable *types;   /* (owned) (owned) name → GType: those that were named */
  GHashTable *names;   /* (owned) GType → (owned) name */
  GHashTable *methods; /* (owned) GType → (owned) table of (owned) Method by its name: where they were added */

  /* Methods that were found, whoever the type inherits them from; forgotten when one is added. */
  GHashTable *caches;     /* (owned) GType → (owned) table of (unowned) Method by its name */
  GType       last_type;  /* most often the next event is of the same one */
  GHashTable *last_cache; /* (unowned) (nullable) of @last_type */
};

static Method *
method_new (const char *name, gpointer user_data, GDestroyNotify destroy)
{
  Method *method = g_new0 (Method, 1);

  g_ref_count_init (&method->ref_count);
  method->name = g_strdup (name);
  method->user_data = user_data;
  method->destroy = destroy;
  return method;
}

static Method *
method_ref (Method *method)
{
  g_ref_count_inc (&method->ref_count);
  return method;
}

static void
method_unref (Method *method)
{
  if (!g_ref_count_dec (&method->ref_count))
    return;
  if (method->destroy != NULL)
    method->destroy (method->user_data);
  g_free (method->name);
  g_free (method);
}

static void
forget_found (MpelClasses *self)
{
  g_hash_table_remove_all (self->caches);
  self->last_type = G_TYPE_INVALID;
  self->last_cache = NULL;
}

MpelClasses *
mpel_classes_new (void)
{
  MpelClasses *self = g_new0 (MpelClasses, 1);

  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->methods = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  self->caches = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  return self;
}

void
mpel_classes_free (MpelClasses *self)
{
  g_clear_pointer (&self->caches, g_hash_table_unref);
  g_clear_pointer (&self->methods, g_hash_table_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->types, g_hash_table_unref);
  g_free (self);
}

/* The name was another type's before: that one goes by its own again. */
static void
take_name_away (MpelClasses *self, const char *name)
{
  gpointer type = g_hash_table_lookup (self->types, name);

  if (g_strcmp0 (g_hash_table_lookup (self->names, type), name) == 0)
    g_hash_table_remove (self->names, type);
}

void
mpel_classes_add (MpelClasses *self, GType type, const char *name)
{
  g_type_ensure (type);
  if (name == NULL)
    return;
  take_name_away (self, name);
  g_hash_table_replace (self->types, g_strdup (name), GSIZE_TO_POINTER (type));
  g_hash_table_replace (self->names, GSIZE_TO_POINTER (type), g_strdup (name));
}

/* Types that nobody named go by their own name. Returns G_TYPE_INVALID with an error when there is no
 * class of which objects can be made. */
GType
mpel_classes_find (MpelClasses *self, const char *name, GError **error)
{
  GType type = GPOINTER_TO_SIZE (g_hash_table_lookup (self->types, name));

  if (type == G_TYPE_INVALID)
    type = g_type_from_name (name);
  if (type != G_TYPE_INVALID && G_TYPE_IS_OBJECT (type) && !G_TYPE_IS_ABSTRACT (type))
    return type;

  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_NO_SUCH_OBJECT,
               type == G_TYPE_INVALID ? "The worker has no class “%s”" : "“%s” is no class of which objects can be made",
               name);
  return G_TYPE_INVALID;
}

const char *
mpel_classes_get_name (MpelClasses *self, GType type)
{
  const char *name = g_hash_table_lookup (self->names, GSIZE_TO_POINTER (type));

  return name != NULL ? name : g_type_name (type);
}

void
mpel_classes_add_method (MpelClasses *self, GType type, const char *name, MpelMethodFunc func, MpelHandlerFunc handler, gpointer user_data, GDestroyNotify destroy)
{
  GHashTable *own = g_hash_table_lookup (self->methods, GSIZE_TO_POINTER (type));
  Method     *method = method_new (name, user_data, destroy);

  g_assert ((func == NULL) != (handler == NULL));

  if (own == NULL)
    {
      own = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) method_unref);
      g_hash_table_insert (self->methods, GSIZE_TO_POINTER (type), own);
    }
  method->function = func;
  method->handler = handler;
  forget_found (self);
  g_hash_table_replace (own, method->name, method);
}

static Method *
find_own (MpelClasses *self, GType type, const char *name)
{
  GHashTable *own = g_hash_table_lookup (self->methods, GSIZE_TO_POINTER (type));

  return own != NULL ? g_hash_table_lookup (own, name) : NULL;
}

/* The nearest class has it; interfaces come behind all of them. */
static Method *
find_inherited (MpelClasses *self, GType type, const char *name)
{
  g_autofree GType *interfaces = NULL;
  Method           *method = NULL;

  for (GType at = type; at != G_TYPE_INVALID && method == NULL; at = g_type_parent (at))
    method = find_own (self, at, name);
  if (method != NULL)
    return method;

  interfaces = g_type_interfaces (type, NULL);
  for (guint i = 0; interfaces[i] != G_TYPE_INVALID && method == NULL; i++)
    method = find_own (self, interfaces[i], name);
  return method;
}

static GHashTable *
ensure_cache (MpelClasses *self, GType type)
{
  GHashTable *cache;

  if (self->last_type == type)
    return self->last_cache;

  cache = g_hash_table_lookup (self->caches, GSIZE_TO_POINTER (type));
  if (cache == NULL)
    {
      cache = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_insert (self->caches, GSIZE_TO_POINTER (type), cache);
    }
  self->last_type = type;
  self->last_cache = cache;
  return cache;
}

/* What is not found is not kept: the host may ask for any names. */
static Method *
find_method (MpelClasses *self, GType type, const char *name)
{
  GHashTable *cache = ensure_cache (self, type);
  Method     *method = g_hash_table_lookup (cache, name);

  if (method != NULL)
    return method;
  method = find_inherited (self, type, name);
  if (method != NULL)
    g_hash_table_insert (cache, method->name, method);
  return method;
}

static void
run_function (Method *method, GObject *object, MpelInvocation *invocation)
{
  GError   *error = NULL;
  GVariant *returned;

  /* A method that answers before it returns may be the last to hold its object. */
  g_object_ref (object);
  returned = method->function (object,
                               invocation,
                               mpel_invocation_get_args (invocation),
                               mpel_invocation_get_kwargs (invocation),
                               method->user_data,
                               &error);
  mpel_invocation_answer_with (invocation, returned, error);
  g_object_unref (object);
}

void
mpel_classes_run_method (MpelClasses *self, GObject *object, MpelInvocation *invocation)
{
  const char *name = mpel_invocation_get_target (invocation);
  Method     *method = find_method (self, G_OBJECT_TYPE (object), name);

  if (method == NULL)
    {
      mpel_invocation_return_error_take (invocation,
                                         g_error_new (MPEL_LOOP_ERROR,
                                                      MPEL_LOOP_ERROR_NO_SUCH_TARGET,
                                                      "The class “%s” has no method “%s”",
                                                      mpel_classes_get_name (self, G_OBJECT_TYPE (object)),
                                                      name));
      return;
    }

  method_ref (method);
  if (method->function != NULL)
    run_function (method, object, invocation);
  else
    method->handler (invocation, method->user_data);
  method_unref (method);
}

static void
collect_own (MpelClasses *self, GType type, GHashTable *names)
{
  GHashTable    *own = g_hash_table_lookup (self->methods, GSIZE_TO_POINTER (type));
  GHashTableIter iter;
  gpointer       name;

  if (own == NULL)
    return;
  g_hash_table_iter_init (&iter, own);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_hash_table_add (names, name);
}

/* Returns: (transfer container) (element-type utf8): of all methods, also inherited ones */
GList *
mpel_classes_list_methods (MpelClasses *self, GType type)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree GType *interfaces = g_type_interfaces (type, NULL);

  for (GType at = type; at != G_TYPE_INVALID; at = g_type_parent (at))
    collect_own (self, at, names);
  for (guint i = 0; interfaces[i] != G_TYPE_INVALID; i++)
    collect_own (self, interfaces[i], names);
  return g_list_sort (g_hash_table_get_keys (names), (GCompareFunc) g_strcmp0);
}
