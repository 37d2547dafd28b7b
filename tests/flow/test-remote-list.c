/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lists that live in the worker, as the host sees them. */

#include "config.h"
#include "mpel-flow.h"
#include "shelf.h"

static void
test_values (void)
{
  ShelfStory story;
  g_autoptr (Book) first = NULL;
  g_autoptr (Book) again = NULL;

  g_test_summary ("Ten thousand items are there when the list is ready, and are made when they are asked for.");

  shelf_story_begin (&story, 10000, TYPE_BOOK);
  g_assert_cmpuint (shelf_story_count_items (&story), ==, 10000);
  g_assert_cmpuint (book_count (), ==, 0);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (story.list)) == TYPE_BOOK);
  first = shelf_story_get_item (&story, 0);
  again = shelf_story_get_item (&story, 0);
  g_assert_true (first == again);
  g_assert_cmpstr (book_get_title (first), ==, "Volume 1");
  g_assert_cmpint (shelf_story_get_number (&story, 9999), ==, 10000);
  g_assert_null (shelf_story_get_item (&story, 10000));
  g_assert_cmpuint (book_count (), ==, 2);
  shelf_assert_same (story.shelf, story.list);

  g_clear_object (&first);
  g_clear_object (&again);
  shelf_story_end (&story);
  g_assert_cmpuint (book_count (), ==, 0);
}

/* Of a book it has the title only. */
typedef struct
{
  GObject parent_instance;
  char   *title; /* (owned) (nullable) */
} Line;

typedef GObjectClass LineClass;

GType line_get_type (void);
G_DEFINE_TYPE (Line, line, G_TYPE_OBJECT)

static void
line_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ((Line *) object)->title = g_value_dup_string (value);
}

static void
line_finalize (GObject *object)
{
  g_free (((Line *) object)->title);
  G_OBJECT_CLASS (line_parent_class)->finalize (object);
}

static void
line_class_init (LineClass *klass)
{
  klass->set_property = line_set_property;
  klass->finalize = line_finalize;
  g_object_class_install_property (klass, 1, g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
}

static void
line_init (Line *self)
{
}

static void
test_lines (void)
{
  ShelfStory story;

  g_test_summary ("Items may be of a type that knows less than the worker's.");

  shelf_story_begin (&story, 100, line_get_type ());
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GObject) item = shelf_story_get_item (&story, i);
      g_autofree char *expected = g_strdup_printf ("Volume %u", i + 1);

      g_assert_cmpstr (((Line *) item)->title, ==, expected);
    }
  shelf_story_end (&story);
}

static void
test_empty (void)
{
  ShelfStory story;

  g_test_summary ("A list without items becomes ready as well.");

  shelf_story_begin (&story, 0, TYPE_BOOK);
  g_assert_cmpuint (shelf_story_count_items (&story), ==, 0);
  g_assert_null (shelf_story_get_item (&story, 0));
  shelf_story_end (&story);
}

static void
done_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  ShelfStory *story = user_data;

  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_DONE)
    g_assert_cmpuint (shelf_story_count_items (story), ==, 105);
}

static void
test_in_order (void)
{
  ShelfStory story;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the end of an event is told, what it did to the list can be seen.");

  shelf_story_begin (&story, 100, TYPE_BOOK);
  event = mpel_proxy_call (story.shelf, "splice", g_variant_new ("(uuu)", 50, 5, 10), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (event, "notify::state", G_CALLBACK (done_cb), &story);
  mpel_test_iterate_until_state (event, MPEL_EVENT_STATE_DONE);
  g_clear_object (&event);
  shelf_assert_same (story.shelf, story.list);
  shelf_story_end (&story);
}

static void
size_cb (GObject *shelf, GParamSpec *pspec, gpointer user_data)
{
  ShelfStory *story = user_data;
  guint       size;

  g_object_get (shelf, "size", &size, NULL);
  g_assert_cmpuint (size, ==, shelf_story_count_items (story));
  g_object_set_data (shelf, "heard", shelf);
}

static void
test_before_property (void)
{
  ShelfStory story;

  g_test_summary ("When a property that tells of the list changes, the list has changed.");

  shelf_story_begin (&story, 100, TYPE_BOOK);
  g_signal_connect (story.shelf, "notify::size", G_CALLBACK (size_cb), &story);
  for (guint i = 0; i < 20; i++)
    {
      g_object_set_data (G_OBJECT (story.shelf), "heard", NULL);
      shelf_story_call (&story, "splice", g_variant_new ("(uuu)", i, i, 2 * i + 1));
      g_assert_nonnull (g_object_get_data (G_OBJECT (story.shelf), "heard"));
    }
  shelf_assert_same (story.shelf, story.list);
  shelf_story_end (&story);
}

typedef struct
{
  guint n_signals;
  guint n_notified;
  guint n_items;
} Heard;

static void
items_changed_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  Heard *heard = user_data;

  heard->n_signals++;
  heard->n_items += n_added - n_removed;
  g_assert_cmpuint (heard->n_items, ==, g_list_model_get_n_items (model));
}

static void
notify_cb (GObject *list, GParamSpec *pspec, gpointer user_data)
{
  ((Heard *) user_data)->n_notified++;
}

static void
test_batches (void)
{
  ShelfStory story;
  Heard      heard = { 0, 0, 10 };
  guint      n_items;

  g_test_summary ("Many items that come at once are told in few signals, and of their number too.");

  shelf_story_begin (&story, 10, TYPE_BOOK);
  g_signal_connect (story.list, "items-changed", G_CALLBACK (items_changed_cb), &heard);
  g_signal_connect (story.list, "notify::n-items", G_CALLBACK (notify_cb), &heard);
  shelf_story_call (&story, "fill", g_variant_new ("(u)", 1000));
  g_assert_cmpuint (heard.n_items, ==, 1010);
  g_assert_cmpuint (heard.n_signals, <, 10);
  g_assert_cmpuint (heard.n_notified, ==, heard.n_signals);
  g_object_get (story.list, "n-items", &n_items, NULL);
  g_assert_cmpuint (n_items, ==, 1010);
  shelf_story_end (&story);
}

static void
shuffle_and_compare (GType item_type, guint n_rounds)
{
  ShelfStory story;
  Heard      heard = { 0, 0, 200 };

  shelf_story_begin (&story, 200, item_type);
  g_signal_connect (story.list, "items-changed", G_CALLBACK (items_changed_cb), &heard);
  for (guint i = 0; i < n_rounds; i++)
    {
      guint seed = (guint) g_test_rand_int ();

      g_test_message ("seed %u", seed);
      shelf_story_call (&story, "shuffle", g_variant_new ("(uu)", seed, 100));
      shelf_assert_same (story.shelf, story.list);
    }
  shelf_story_end (&story);
}

static void
test_random_values (void)
{
  g_test_summary ("After any changes both lists are the same, of values.");

  shuffle_and_compare (TYPE_BOOK, mpel_test_is_watched () ? 10 : 50);
}

static void
test_random_proxies (void)
{
  g_test_summary ("After any changes both lists are the same, of proxies.");

  shuffle_and_compare (G_TYPE_NONE, 10);
}

static void
test_burst (void)
{
  ShelfStory      story;
  MpelRemoteList *other;

  g_test_summary ("What a worker changes by itself arrives too, in each list of the same.");

  shelf_story_begin (&story, mpel_test_is_watched () ? 200 : 2000, TYPE_BOOK);
  other = shelf_list_new (story.shelf, G_TYPE_NONE);
  for (guint i = 0; i < (mpel_test_is_watched () ? 3 : 20); i++)
    {
      shelf_story_call (&story, "burst", g_variant_new ("(uu)", 20, 0));
      mpel_flow_iterate_for_a_while ();
      shelf_story_call (&story, "burst", g_variant_new ("(uu)", 0, 0));
      shelf_assert_same (story.shelf, story.list);
      shelf_assert_same (story.shelf, other);
    }
  g_assert_finalize_object (other);
  shelf_story_end (&story);
}

static void
test_the_object_itself (void)
{
  ShelfStory story;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MpelProxy) store = NULL;
  g_autoptr (GError) error = NULL;
  MpelRemoteList *list;

  g_test_summary ("An object that is a list shows its items.");

  shelf_story_begin (&story, 5, TYPE_BOOK);
  mpel_proxy_call_object_async (story.shelf, "store", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  store = mpel_proxy_call_object_finish (story.shelf, result, &error);
  g_assert_no_error (error);

  list = mpel_remote_list_new (store, NULL, TYPE_BOOK);
  shelf_wait_until (list, MPEL_PROXY_STATE_READY);
  g_assert_null (mpel_remote_list_get_property_name (list));
  g_assert_true (mpel_remote_list_get_proxy (list) == store);
  shelf_assert_same (story.shelf, list);
  shelf_story_call (&story, "splice", g_variant_new ("(uuu)", 2, 2, 5));
  shelf_assert_same (story.shelf, list);
  shelf_assert_same (story.shelf, story.list);

  g_assert_finalize_object (list);
  g_assert_finalize_object (g_steal_pointer (&store));
  g_clear_object (&result);
  shelf_story_end (&story);
}

static void
test_no_list (void)
{
  ShelfStory      story;
  MpelRemoteList *list;

  g_test_summary ("What is no list is gone, and says why.");

  shelf_story_begin (&story, 1, TYPE_BOOK);
  list = mpel_remote_list_new (story.shelf, "nothing", TYPE_BOOK);
  shelf_wait_until (list, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_remote_list_get_error (list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_finalize_object (list);

  list = mpel_remote_list_new (story.shelf, NULL, TYPE_BOOK);
  shelf_wait_until (list, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_remote_list_get_error (list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_finalize_object (list);
  shelf_story_end (&story);
}

/* More than are told at once. */
static guint
count_many (void)
{
  return mpel_test_is_watched () ? 5000 : 100000;
}

static void
test_dropped (void)
{
  ShelfStory  story;
  const guint n_books = count_many ();

  g_test_summary ("A list that is dropped holds nothing in the worker any more.");

  shelf_story_begin (&story, n_books, TYPE_BOOK);
  g_assert_cmpuint (shelf_story_count_items (&story), ==, n_books);
  g_assert_cmpuint (shelf_story_count_in_worker (&story), ==, n_books);
  g_assert_finalize_object (g_steal_pointer (&story.list));
  shelf_story_call (&story, "splice", g_variant_new ("(uuu)", 0, n_books, 0));
  g_assert_cmpuint (shelf_story_count_in_worker (&story), ==, 0);
  shelf_story_end (&story);
}

static void
test_dropped_early (void)
{
  const guint n_books = mpel_test_is_watched () ? 2000 : 20000;
  ShelfStory  story;

  g_test_summary ("A list may be dropped before it is ready, and while it hears of its items.");

  shelf_story_begin (&story, n_books, TYPE_BOOK);
  for (guint i = 0; i < 5; i++)
    {
      MpelRemoteList *list = mpel_remote_list_new (story.shelf, "books", TYPE_BOOK);

      for (guint turns = 0; turns < i * 3; turns++)
        g_main_context_iteration (NULL, FALSE);
      g_assert_finalize_object (list);
    }
  shelf_assert_same (story.shelf, story.list);
  g_assert_finalize_object (g_steal_pointer (&story.list));
  shelf_story_call (&story, "splice", g_variant_new ("(uuu)", 0, n_books, 0));
  g_assert_cmpuint (shelf_story_count_in_worker (&story), ==, 0);
  shelf_story_end (&story);
}

static void
drop_list_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  g_clear_object ((MpelRemoteList **) user_data);
}

static void
test_dropped_inside (void)
{
  ShelfStory story;

  g_test_summary ("Who hears of items may drop the list.");

  shelf_story_begin (&story, 10, TYPE_BOOK);
  g_signal_connect (story.list, "items-changed", G_CALLBACK (drop_list_cb), &story.list);
  shelf_story_call (&story, "fill", g_variant_new ("(u)", 5000));
  g_assert_null (story.list);
  shelf_story_end (&story);
}

static void
test_closed_early (void)
{
  ShelfStory      story;
  MpelRemoteList *list;

  g_test_summary ("A loop can be closed while a long list is told.");

  shelf_story_begin (&story, count_many (), TYPE_BOOK);
  list = mpel_remote_list_new (story.shelf, "books", TYPE_BOOK);
  g_main_context_iteration (NULL, FALSE);
  g_object_unref (list);
  shelf_story_end (&story);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/remote-list/values", test_values);
  g_test_add_func ("/flow/remote-list/lines", test_lines);
  g_test_add_func ("/flow/remote-list/empty", test_empty);
  g_test_add_func ("/flow/remote-list/in-order", test_in_order);
  g_test_add_func ("/flow/remote-list/before-property", test_before_property);
  g_test_add_func ("/flow/remote-list/batches", test_batches);
  g_test_add_func ("/flow/remote-list/random-values", test_random_values);
  g_test_add_func ("/flow/remote-list/random-proxies", test_random_proxies);
  g_test_add_func ("/flow/remote-list/burst", test_burst);
  g_test_add_func ("/flow/remote-list/the-object-itself", test_the_object_itself);
  g_test_add_func ("/flow/remote-list/no-list", test_no_list);
  g_test_add_func ("/flow/remote-list/dropped", test_dropped);
  g_test_add_func ("/flow/remote-list/dropped-early", test_dropped_early);
  g_test_add_func ("/flow/remote-list/dropped-inside", test_dropped_inside);
  g_test_add_func ("/flow/remote-list/closed-early", test_closed_early);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, shelf_register, add_tests);
}
