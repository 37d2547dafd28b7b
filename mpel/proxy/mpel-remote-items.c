/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-remote-items-private.h"

#include "mpel-frame-private.h"
#include "mpel-loop-error.h"
#include "mpel-proxy-private.h"
#include "mpel-value-private.h"

/* An item is known by what the worker sent until somebody wants to see it: of a million items a view
 * asks for a few hundred. What was sent is kept as it came, many items in one piece. */
typedef struct
{
  grefcount ref_count; /* it may leave while something is made of it */
  guint64   id;
  GVariant *piece; /* (owned) a(tsa{sv}) */
  guint     index; /* in @piece */
  GObject  *value; /* (owned) (nullable) what was made of it, unless that is a proxy */
} Item;

struct _MpelRemoteItems
{
  GType      item_type; /* constant */
  GSequence *sequence;  /* (owned) of (owned) Item */

  /* (owned) of (owned) Picture: proxies that somebody holds, by id. The same object in two places has
   * one proxy. */
  GHashTable *pictures;
};

typedef struct
{
  MpelRemoteItems *items; /* (unowned) */
  guint64          id;
  GObject         *proxy; /* (unowned) a weak reference */
} Picture;

static Item *
item_new (guint64 id, GVariant *piece, guint index)
{
  Item *item = g_new0 (Item, 1);

  g_ref_count_init (&item->ref_count);
  item->id = id;
  item->piece = g_variant_ref (piece);
  item->index = index;
  return item;
}

static Item *
item_ref (Item *item)
{
  g_ref_count_inc (&item->ref_count);
  return item;
}

static void
item_unref (Item *item)
{
  if (!g_ref_count_dec (&item->ref_count))
    return;
  g_variant_unref (item->piece);
  g_clear_object (&item->value);
  g_free (item);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Item, item_unref)

/* Returns: (transfer full) */
static GVariant *
item_get_state (const Item *item)
{
  GVariant *state;

  g_variant_get_child (item->piece, item->index, "(ts@a{sv})", NULL, NULL, &state);
  return state;
}

static void
forget_picture_cb (gpointer user_data, GObject *where_it_was)
{
  Picture *picture = user_data;

  picture->proxy = NULL;
  g_hash_table_remove (picture->items->pictures, &picture->id);
}

static void
picture_free (Picture *picture)
{
  if (picture->proxy != NULL)
    g_object_weak_unref (picture->proxy, forget_picture_cb, picture);
  g_free (picture);
}

static void
add_picture (MpelRemoteItems *self, guint64 id, GObject *proxy)
{
  Picture *picture = g_new0 (Picture, 1);

  picture->items = self;
  picture->id = id;
  picture->proxy = proxy;
  g_object_weak_ref (proxy, forget_picture_cb, picture);
  g_hash_table_replace (self->pictures, &picture->id, picture);
}

MpelRemoteItems *
mpel_remote_items_new (GType item_type)
{
  MpelRemoteItems *self = g_new0 (MpelRemoteItems, 1);

  self->item_type = item_type;
  self->sequence = g_sequence_new (NULL);
  self->pictures = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) picture_free);
  return self;
}

static void
unref_item_cb (gpointer data, gpointer user_data)
{
  item_unref (data);
}

void
mpel_remote_items_free (MpelRemoteItems *self)
{
  g_hash_table_unref (self->pictures);
  g_sequence_foreach (self->sequence, unref_item_cb, NULL);
  g_sequence_free (self->sequence);
  g_free (self);
}

guint
mpel_remote_items_get_length (MpelRemoteItems *self)
{
  return (guint) g_sequence_get_length (self->sequence);
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The worker told of items that make no sense: %s", reason);
  return FALSE;
}

static gboolean
check_ids (GVariant *piece, GError **error)
{
  gsize n = g_variant_n_children (piece);

  for (gsize i = 0; i < n; i++)
    {
      guint64 id;

      g_variant_get_child (piece, i, "(t&s@a{sv})", &id, NULL, NULL);
      if (id == 0)
        return refuse (error, "one has no id");
    }
  return TRUE;
}

static gboolean
check_splice (MpelRemoteItems *self, const MpelRemoteSplice *splice, GError **error)
{
  guint length = mpel_remote_items_get_length (self);

  if (splice->position > length)
    return refuse (error, "they are behind the end");
  if (splice->n_removed > length - splice->position)
    return refuse (error, "more are gone than there were");
  if (splice->n_added > G_MAXINT - length)
    return refuse (error, "they are too many");
  return TRUE;
}

/* Returns: (transfer full): those that go. What runs when they are freed may look at the rest. */
static GPtrArray *
remove_items (GSequenceIter *begin, guint n)
{
  GPtrArray     *gone = g_ptr_array_new_full (n, (GDestroyNotify) item_unref);
  GSequenceIter *iter = begin;

  for (guint i = 0; i < n; i++)
    {
      GSequenceIter *next = g_sequence_iter_next (iter);

      g_ptr_array_add (gone, g_sequence_get (iter));
      g_sequence_remove (iter);
      iter = next;
    }
  return gone;
}

/* Returns: (transfer full): of Item by id, those of which something was made */
static GHashTable *
index_values (GPtrArray *items)
{
  GHashTable *values = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < items->len; i++)
    {
      Item *item = items->pdata[i];

      if (item->value != NULL)
        g_hash_table_insert (values, &item->id, item);
    }
  return values;
}

/* What has only moved is the same object as before: a view's selection depends on it. */
static void
keep_value (Item *item, GHashTable *values)
{
  Item *before = g_hash_table_lookup (values, &item->id);
  g_autoptr (GVariant) old_state = NULL;
  g_autoptr (GVariant) state = NULL;

  if (before == NULL)
    return;
  old_state = item_get_state (before);
  state = item_get_state (item);
  if (g_variant_equal (old_state, state))
    item->value = g_object_ref (before->value);
}

static void
add_items (GSequenceIter *iter, GVariant *piece, guint n, GHashTable *values)
{
  for (guint i = 0; i < n; i++)
    {
      guint64 id;
      Item   *item;

      g_variant_get_child (piece, i, "(t&s@a{sv})", &id, NULL, NULL);
      item = item_new (id, piece, i);
      keep_value (item, values);
      g_sequence_insert_before (iter, item);
    }
}

gboolean
mpel_remote_items_splice (MpelRemoteItems *self, GVariant *value, MpelRemoteSplice *splice, GError **error)
{
  g_autoptr (GVariant) piece = NULL;
  g_autoptr (GPtrArray) gone = NULL;
  g_autoptr (GHashTable) values = NULL;
  GSequenceIter *begin, *end;

  if (!g_variant_is_of_type (value, MPEL_ITEMS_VARIANT_TYPE))
    return refuse (error, "they are of another type");
  g_variant_get (value, "(uu@a(tsa{sv}))", &splice->position, &splice->n_removed, &piece);
  splice->n_added = (guint) MIN (g_variant_n_children (piece), G_MAXUINT);
  if (!check_splice (self, splice, error) || !check_ids (piece, error))
    return FALSE;

  begin = g_sequence_get_iter_at_pos (self->sequence, (int) splice->position);
  end = g_sequence_iter_move (begin, (int) splice->n_removed);
  gone = remove_items (begin, splice->n_removed);
  values = index_values (gone);
  add_items (end, piece, splice->n_added, values);
  return TRUE;
}

/* What the object does not have, or not so, is left out. */
static gboolean
read_value (GObjectClass *klass, const char *name, GVariant *variant, GPtrArray *names, GValue *value)
{
  GParamSpec *pspec = g_object_class_find_property (klass, name);

  if (pspec == NULL || !(pspec->flags & G_PARAM_WRITABLE) || g_ptr_array_find (names, pspec->name, NULL))
    return FALSE;
  g_value_init (value, pspec->value_type);
  if (!mpel_value_from_variant (value, variant, NULL))
    {
      g_value_unset (value);
      return FALSE;
    }
  g_param_value_validate (pspec, value);
  g_ptr_array_add (names, (gpointer) pspec->name);
  return TRUE;
}

static GObject *
make_value (GType type, GVariant *state)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GArray) values = g_array_new (FALSE, TRUE, sizeof (GValue));
  GVariantIter iter;
  const char  *name;
  GVariant    *variant;

  g_array_set_clear_func (values, (GDestroyNotify) g_value_unset);
  g_variant_iter_init (&iter, state);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &variant))
    {
      GValue value = G_VALUE_INIT;

      if (read_value (G_OBJECT_CLASS (klass), name, variant, names, &value))
        g_array_append_val (values, value);
    }
  return g_object_new_with_properties (type, values->len, (const char **) names->pdata, (const GValue *) values->data);
}

static GObject *
get_value (MpelRemoteItems *self, Item *item)
{
  g_autoptr (GVariant) state = NULL;
  GObject *value;

  if (item->value != NULL)
    return g_object_ref (item->value);
  state = item_get_state (item);
  value = make_value (self->item_type, state);
  if (g_object_is_floating (value))
    g_object_ref_sink (value);
  if (item->value == NULL)
    item->value = g_object_ref (value);
  return value;
}

static GObject *
make_proxy (MpelRemoteItems *self, const Item *item, MpelRemote *list)
{
  g_autoptr (GVariant) state = item_get_state (item);
  g_autoptr (MpelRemote) remote = NULL;
  const char *class_name;

  g_variant_get_child (item->piece, item->index, "(t&s@a{sv})", NULL, &class_name, NULL);
  remote = mpel_remote_new_for_id (mpel_remote_get_loop (list), list, item->id, class_name);
  return G_OBJECT (mpel_proxy_new_for_remote (remote, self->item_type, state));
}

static GObject *
get_proxy (MpelRemoteItems *self, const Item *item, MpelRemote *list)
{
  Picture *picture = g_hash_table_lookup (self->pictures, &item->id);
  GObject *proxy;

  if (picture != NULL)
    return g_object_ref (picture->proxy);
  proxy = make_proxy (self, item, list);
  add_picture (self, item->id, proxy);
  return proxy;
}

GObject *
mpel_remote_items_get (MpelRemoteItems *self, guint position, MpelRemote *list)
{
  g_autoptr (Item) item = item_ref (g_sequence_get (g_sequence_get_iter_at_pos (self->sequence, (int) position)));

  return g_type_is_a (self->item_type, MPEL_TYPE_PROXY) ? get_proxy (self, item, list) : get_value (self, item);
}
