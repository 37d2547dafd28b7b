/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "shelf.h"

#include "mpel-frame-private.h"
#include "mpel-worker-private.h"

struct _Book
{
  GObject parent_instance;
  int     number;
  char   *title; /* (owned) */
};

typedef enum
{
  PROP_NUMBER = 1,
  PROP_TITLE,
} BookProperty;

static GParamSpec *book_props[PROP_TITLE + 1];

static gint n_made = 0; /* atomic */

G_DEFINE_FINAL_TYPE (Book, book, G_TYPE_OBJECT)

static void
book_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  Book *self = TEST_BOOK (object);

  if (prop_id == PROP_NUMBER)
    self->number = g_value_get_int (value);
  else
    {
      g_free (self->title);
      self->title = g_value_dup_string (value);
    }
}

static void
book_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  Book *self = TEST_BOOK (object);

  if (prop_id == PROP_NUMBER)
    g_value_set_int (value, self->number);
  else
    g_value_set_string (value, self->title);
}

static void
book_finalize (GObject *object)
{
  g_atomic_int_add (&n_made, -1);
  g_free (TEST_BOOK (object)->title);
  G_OBJECT_CLASS (book_parent_class)->finalize (object);
}

static void
book_class_init (BookClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = book_set_property;
  object_class->get_property = book_get_property;
  object_class->finalize = book_finalize;

  book_props[PROP_NUMBER] = g_param_spec_int ("number", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  book_props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (book_props), book_props);
}

static void
book_init (Book *self)
{
  g_atomic_int_inc (&n_made);
}

Book *
book_new (int number)
{
  g_autofree char *title = g_strdup_printf ("Volume %d", number);

  return g_object_new (TYPE_BOOK, "number", number, "title", title, NULL);
}

int
book_get_number (Book *self)
{
  return self->number;
}

const char *
book_get_title (Book *self)
{
  return self->title;
}

guint
book_count (void)
{
  return (guint) g_atomic_int_get (&n_made);
}

typedef enum
{
  PROP_BOOKS = 1,
  PROP_SIZE,
} ShelfProperty;

struct _Shelf
{
  GObject     parent_instance;
  GListStore *books; /* (owned) */
  int         last_number;
  guint       burst_size;
};

G_DEFINE_FINAL_TYPE (Shelf, shelf, G_TYPE_OBJECT)

static guint
count_books (Shelf *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->books));
}

static void
shelf_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  Shelf *self = TEST_SHELF (object);

  if (prop_id == PROP_BOOKS)
    g_value_set_object (value, self->books);
  else
    g_value_set_uint (value, count_books (self));
}

static void
shelf_finalize (GObject *object)
{
  g_object_unref (TEST_SHELF (object)->books);
  G_OBJECT_CLASS (shelf_parent_class)->finalize (object);
}

static void
shelf_class_init (ShelfClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = shelf_get_property;
  object_class->finalize = shelf_finalize;
  g_object_class_install_property (object_class, PROP_BOOKS, g_param_spec_object ("books", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_SIZE, g_param_spec_uint ("size", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
shelf_init (Shelf *self)
{
  self->books = g_list_store_new (TYPE_BOOK);
}

static void
splice (Shelf *self, guint position, guint n_removed, guint n_added)
{
  g_autoptr (GPtrArray) books = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_added; i++)
    g_ptr_array_add (books, book_new (++self->last_number));
  g_list_store_splice (self->books, position, n_removed, books->pdata, n_added);
  g_object_notify (G_OBJECT (self), "size");
}

static GVariant *
nothing (void)
{
  return g_variant_new_tuple (NULL, 0);
}

static GVariant *
fill (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  Shelf *self = TEST_SHELF (object);
  guint  n;

  g_variant_get (args, "(u)", &n);
  splice (self, count_books (self), 0, n);
  return nothing ();
}

static GVariant *
splice_method (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  guint position, n_removed, n_added;

  g_variant_get (args, "(uuu)", &position, &n_removed, &n_added);
  splice (TEST_SHELF (object), position, n_removed, n_added);
  return nothing ();
}

static void
change_at_random (Shelf *self, GRand *rand)
{
  guint n = count_books (self);
  guint position = (guint) g_rand_int_range (rand, 0, (gint32) n + 1);
  guint n_removed = (guint) g_rand_int_range (rand, 0, (gint32) MIN (n - position, 7) + 1);

  if (n > 0 && g_rand_int_range (rand, 0, 8) == 0)
    {
      g_autoptr (Book) book = g_list_model_get_item (G_LIST_MODEL (self->books), (guint) g_rand_int_range (rand, 0, (gint32) n));

      g_list_store_insert (self->books, position, book);
    }
  else
    splice (self, position, n_removed, (guint) g_rand_int_range (rand, 0, 8));
}

static GVariant *
shuffle (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GRand *rand;
  guint  seed, n;

  g_variant_get (args, "(uu)", &seed, &n);
  rand = g_rand_new_with_seed (seed);
  while (n-- > 0)
    change_at_random (TEST_SHELF (object), rand);
  g_rand_free (rand);
  return nothing ();
}

/* Its first book once more, at the end. */
static GVariant *
twice (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  Shelf *self = TEST_SHELF (object);
  g_autoptr (Book) book = g_list_model_get_item (G_LIST_MODEL (self->books), 0);

  g_list_store_append (self->books, book);
  return nothing ();
}

static GVariant *
add (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GObject *book;
  int      handle;

  g_variant_get (args, "(h)", &handle);
  book = mpel_invocation_lookup_object (invocation, handle, error);
  if (book == NULL)
    return NULL;
  g_list_store_append (TEST_SHELF (object)->books, book);
  return nothing ();
}

/* The first one gets another number. */
static GVariant *
renumber (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (Book) book = g_list_model_get_item (G_LIST_MODEL (TEST_SHELF (object)->books), 0);
  int number;

  g_variant_get (args, "(i)", &number);
  g_object_set (book, "number", number, NULL);
  return nothing ();
}

static GVariant *
numbers (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  Shelf          *self = TEST_SHELF (object);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));

  for (guint i = 0; i < count_books (self); i++)
    {
      g_autoptr (Book) book = g_list_model_get_item (G_LIST_MODEL (self->books), i);

      g_variant_builder_add (&builder, "i", book->number);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
count (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_uint32 (book_count ());
}

static GVariant *
store (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_handle (mpel_invocation_add_object (invocation, G_OBJECT (TEST_SHELF (object)->books)));
}

static GVariant *
lie (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (GVariant) value = NULL;
  guint64 id;

  g_variant_get (args, "(tv)", &id, &value);
  mpel_outbox_add_news (mpel_worker_get_default ()->outbox, MPEL_RECORD_ITEMS, MPEL_RECORD_FLAG_NONE, id, NULL, value, error);
  return nothing ();
}

static gboolean
burst_cb (gpointer user_data)
{
  Shelf *self = user_data;

  for (guint i = 0; i < self->burst_size; i++)
    if (i % 2 == 0)
      splice (self, (guint) g_random_int_range (0, (gint32) count_books (self) + 1), 0, 1);
    else
      g_list_store_remove (self->books, (guint) g_random_int_range (0, (gint32) count_books (self)));
  return G_SOURCE_CONTINUE;
}

/* From now on, until the size is 0. */
static GVariant *
burst (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  Shelf *self = TEST_SHELF (object);
  guint  interval_ms;

  g_variant_get (args, "(uu)", &self->burst_size, &interval_ms);
  if (self->burst_size > 0)
    g_timeout_add_full (G_PRIORITY_DEFAULT, interval_ms, burst_cb, g_object_ref (self), g_object_unref);
  else
    while (g_source_remove_by_user_data (self))
      ;
  return nothing ();
}

void
shelf_register (MpelWorker *worker)
{
  static const struct
  {
    const char    *name;
    MpelMethodFunc func;
  } methods[] = {
    { "fill", fill },
    { "splice", splice_method },
    { "shuffle", shuffle },
    { "twice", twice },
    { "add", add },
    { "renumber", renumber },
    { "numbers", numbers },
    { "count", count },
    { "store", store },
    { "lie", lie },
    { "burst", burst },
  };

  mpel_worker_add_class (worker, TYPE_BOOK, NULL);
  mpel_worker_add_class (worker, TYPE_SHELF, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    mpel_worker_add_method (worker, TYPE_SHELF, methods[i].name, methods[i].func, NULL, NULL);
}

MpelProxy *
shelf_proxy_new (MpelEventLoop *loop)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MpelProxy *proxy;

  mpel_proxy_new_async (loop, "Shelf", NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  proxy = mpel_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  return proxy;
}

void
shelf_wait_until (MpelRemoteList *list, MpelProxyState state)
{
  while (mpel_remote_list_get_state (list) != state)
    g_main_context_iteration (NULL, TRUE);
}

MpelRemoteList *
shelf_list_new (MpelProxy *shelf, GType item_type)
{
  MpelRemoteList *list = mpel_remote_list_new (shelf, "books", item_type);

  g_assert_cmpint (mpel_remote_list_get_state (list), ==, MPEL_PROXY_STATE_CREATING);
  shelf_wait_until (list, MPEL_PROXY_STATE_READY);
  return list;
}

GVariant *
shelf_call (MpelProxy *shelf, const char *method, GVariant *args)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *results;

  mpel_proxy_call_async (shelf, method, args, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  results = mpel_proxy_call_finish (shelf, result, &error);
  g_assert_no_error (error);
  return results;
}

void
shelf_assert_same (MpelProxy *shelf, MpelRemoteList *list)
{
  g_autoptr (GVariant) expected = shelf_call (shelf, "numbers", NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  g_assert_cmpuint (n, ==, g_variant_n_children (expected));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      int number, expected_number;

      g_object_get (item, "number", &number, NULL);
      g_variant_get_child (expected, i, "i", &expected_number);
      g_assert_cmpint (number, ==, expected_number);
    }
}

void
shelf_story_begin (ShelfStory *story, guint n, GType item_type)
{
  story->before = mpel_test_trace ();
  story->loop = mpel_test_loop_new ();
  story->shelf = shelf_proxy_new (story->loop);
  g_variant_unref (shelf_call (story->shelf, "fill", g_variant_new ("(u)", n)));
  story->list = shelf_list_new (story->shelf, item_type);
}

void
shelf_story_end (ShelfStory *story)
{
  if (story->list != NULL)
    g_assert_finalize_object (story->list);
  g_assert_finalize_object (story->shelf);
  mpel_test_loop_close_and_assert_finalized (story->loop);
  mpel_test_assert_no_trace (story->before);
}

void
shelf_story_call (ShelfStory *story, const char *method, GVariant *args)
{
  g_autoptr (GVariant) results = shelf_call (story->shelf, method, args);
}

guint
shelf_story_count_items (ShelfStory *story)
{
  return g_list_model_get_n_items (G_LIST_MODEL (story->list));
}

gpointer
shelf_story_get_item (ShelfStory *story, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (story->list), position);
}

int
shelf_story_get_number (ShelfStory *story, guint position)
{
  g_autoptr (GObject) item = shelf_story_get_item (story, position);
  int number;

  g_object_get (item, "number", &number, NULL);
  return number;
}

guint
shelf_story_count_in_worker (ShelfStory *story)
{
  g_autoptr (GVariant) n = shelf_call (story->shelf, "count", NULL);

  return g_variant_get_uint32 (n);
}
