/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lists that live in the worker, as the host sees them. */

#include "config.h"
#include "mpel-flow.h"
#include "mpel-remote-private.h"
#include "shelf.h"

#include <signal.h>

typedef struct
{
  MpelTestTrace   before;
  MpelEventLoop  *loop;  /* (owned) */
  MpelProxy      *shelf; /* (owned) */
  MpelRemoteList *list;  /* (owned) (nullable) */
} Story;

static void
begin (Story *story, guint n_books, GType item_type)
{
  story->before = mpel_test_trace ();
  story->loop = mpel_test_loop_new ();
  story->shelf = shelf_proxy_new (story->loop);
  g_variant_unref (shelf_call (story->shelf, "fill", g_variant_new ("(u)", n_books)));
  story->list = shelf_list_new (story->shelf, item_type);
}

static void
end (Story *story)
{
  if (story->list != NULL)
    g_assert_finalize_object (story->list);
  g_assert_finalize_object (story->shelf);
  mpel_test_loop_close_and_assert_finalized (story->loop);
  mpel_test_assert_no_trace (story->before);
}

static void
call (Story *story, const char *method, GVariant *args)
{
  g_autoptr (GVariant) results = shelf_call (story->shelf, method, args);
}

static guint
count_items (Story *story)
{
  return g_list_model_get_n_items (G_LIST_MODEL (story->list));
}

static gpointer
get_item (Story *story, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (story->list), position);
}

static int
get_number (Story *story, guint position)
{
  g_autoptr (GObject) item = get_item (story, position);
  int number;

  g_object_get (item, "number", &number, NULL);
  return number;
}

static guint
count_in_worker (Story *story)
{
  g_autoptr (GVariant) n = shelf_call (story->shelf, "count", NULL);

  return g_variant_get_uint32 (n);
}

static void
test_values (void)
{
  Story story;
  g_autoptr (Book) first = NULL;
  g_autoptr (Book) again = NULL;

  g_test_summary ("Ten thousand items are there when the list is ready, and are made when they are asked for.");

  begin (&story, 10000, TYPE_BOOK);
  g_assert_cmpuint (count_items (&story), ==, 10000);
  g_assert_cmpuint (book_count (), ==, 0);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (story.list)) == TYPE_BOOK);
  first = get_item (&story, 0);
  again = get_item (&story, 0);
  g_assert_true (first == again);
  g_assert_cmpstr (book_get_title (first), ==, "Volume 1");
  g_assert_cmpint (get_number (&story, 9999), ==, 10000);
  g_assert_null (get_item (&story, 10000));
  g_assert_cmpuint (book_count (), ==, 2);
  shelf_assert_same (story.shelf, story.list);

  g_clear_object (&first);
  g_clear_object (&again);
  end (&story);
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
  Story story;

  g_test_summary ("Items may be of a type that knows less than the worker's.");

  begin (&story, 100, line_get_type ());
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GObject) item = get_item (&story, i);
      g_autofree char *expected = g_strdup_printf ("Volume %u", i + 1);

      g_assert_cmpstr (((Line *) item)->title, ==, expected);
    }
  end (&story);
}

static void
test_empty (void)
{
  Story story;

  g_test_summary ("A list without items becomes ready as well.");

  begin (&story, 0, TYPE_BOOK);
  g_assert_cmpuint (count_items (&story), ==, 0);
  g_assert_null (get_item (&story, 0));
  end (&story);
}

static void
done_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  Story *story = user_data;

  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_DONE)
    g_assert_cmpuint (count_items (story), ==, 105);
}

static void
test_in_order (void)
{
  Story story;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the end of an event is told, what it did to the list can be seen.");

  begin (&story, 100, TYPE_BOOK);
  event = mpel_proxy_call (story.shelf, "splice", g_variant_new ("(uuu)", 50, 5, 10), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (event, "notify::state", G_CALLBACK (done_cb), &story);
  mpel_test_iterate_until_state (event, MPEL_EVENT_STATE_DONE);
  g_clear_object (&event);
  shelf_assert_same (story.shelf, story.list);
  end (&story);
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
  Story story;
  Heard heard = { 0, 0, 10 };
  guint n_items;

  g_test_summary ("Many items that come at once are told in few signals, and of their number too.");

  begin (&story, 10, TYPE_BOOK);
  g_signal_connect (story.list, "items-changed", G_CALLBACK (items_changed_cb), &heard);
  g_signal_connect (story.list, "notify::n-items", G_CALLBACK (notify_cb), &heard);
  call (&story, "fill", g_variant_new ("(u)", 1000));
  g_assert_cmpuint (heard.n_items, ==, 1010);
  g_assert_cmpuint (heard.n_signals, <, 10);
  g_assert_cmpuint (heard.n_notified, ==, heard.n_signals);
  g_object_get (story.list, "n-items", &n_items, NULL);
  g_assert_cmpuint (n_items, ==, 1010);
  end (&story);
}

static void
shuffle_and_compare (GType item_type, guint n_rounds)
{
  Story story;
  Heard heard = { 0, 0, 200 };

  begin (&story, 200, item_type);
  g_signal_connect (story.list, "items-changed", G_CALLBACK (items_changed_cb), &heard);
  for (guint i = 0; i < n_rounds; i++)
    {
      guint seed = (guint) g_test_rand_int ();

      g_test_message ("seed %u", seed);
      call (&story, "shuffle", g_variant_new ("(uu)", seed, 100));
      shelf_assert_same (story.shelf, story.list);
    }
  end (&story);
}

static void
test_random_values (void)
{
  g_test_summary ("After any changes both lists are the same, of values.");

  shuffle_and_compare (TYPE_BOOK, 50);
}

static void
test_random_proxies (void)
{
  g_test_summary ("After any changes both lists are the same, of proxies.");

  shuffle_and_compare (G_TYPE_NONE, 10);
}

static void
wait_for_number (GObject *item, int expected)
{
  int number;

  do
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (item, "number", &number, NULL);
    }
  while (number != expected);
}

static void
wait_until_ready (MpelProxy *proxy)
{
  while (mpel_proxy_get_state (proxy) == MPEL_PROXY_STATE_CREATING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (mpel_proxy_get_state (proxy), ==, MPEL_PROXY_STATE_READY);
}

static void
test_proxies (void)
{
  Story story;
  g_autoptr (MpelProxy) book = NULL;
  g_autoptr (MpelProxy) again = NULL;

  g_test_summary ("A proxy shows at once what was told of the item, and follows it.");

  begin (&story, 3, G_TYPE_INVALID);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (story.list)) == MPEL_TYPE_PROXY);
  book = get_item (&story, 0);
  again = get_item (&story, 0);
  g_assert_true (book == again);
  g_assert_cmpstr (mpel_proxy_get_remote_class (book), ==, "Book");
  g_assert_cmpint (get_number (&story, 0), ==, 1);
  wait_until_ready (book);
  call (&story, "renumber", g_variant_new ("(i)", 77));
  g_assert_cmpint (get_number (&story, 0), ==, 77);

  /* It goes on when it has left the list. */
  call (&story, "splice", g_variant_new ("(uuu)", 0, 1, 0));
  g_assert_cmpuint (count_items (&story), ==, 2);
  g_assert_cmpint (mpel_proxy_get_state (book), ==, MPEL_PROXY_STATE_READY);
  g_assert_cmpuint (count_in_worker (&story), ==, 3);
  g_object_set (book, "number", 78, NULL);
  wait_for_number (G_OBJECT (book), 78);

  g_clear_object (&again);
  g_assert_finalize_object (g_steal_pointer (&book));
  while (count_in_worker (&story) != 2)
    ;
  end (&story);
}

static void
test_gone_item (void)
{
  Story story;
  g_autoptr (MpelProxy) book = NULL;

  g_test_summary ("A proxy of an item that has left before the worker heard of the proxy is gone, or it is not.");

  begin (&story, 3, G_TYPE_NONE);
  g_variant_unref (shelf_call (story.shelf, "burst", g_variant_new ("(uu)", 1, 0)));
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (MpelProxy) item = get_item (&story, 0);

      if (item != NULL && i % 3 == 0)
        g_set_object (&book, item);
      g_main_context_iteration (NULL, TRUE);
    }
  g_variant_unref (shelf_call (story.shelf, "burst", g_variant_new ("(uu)", 0, 0)));
  while (mpel_proxy_get_state (book) == MPEL_PROXY_STATE_CREATING)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&book);
  shelf_assert_same (story.shelf, story.list);
  end (&story);
}

static void
test_burst (void)
{
  Story story;
  MpelRemoteList *other;

  g_test_summary ("What a worker changes by itself arrives too, in each list of the same.");

  begin (&story, 2000, TYPE_BOOK);
  other = shelf_list_new (story.shelf, G_TYPE_NONE);
  for (guint i = 0; i < 20; i++)
    {
      call (&story, "burst", g_variant_new ("(uu)", 20, 0));
      mpel_flow_iterate_for_a_while ();
      call (&story, "burst", g_variant_new ("(uu)", 0, 0));
      shelf_assert_same (story.shelf, story.list);
      shelf_assert_same (story.shelf, other);
    }
  g_assert_finalize_object (other);
  end (&story);
}

static void
test_twice (void)
{
  Story story;
  g_autoptr (MpelProxy) first = NULL;
  g_autoptr (MpelProxy) last = NULL;

  g_test_summary ("An object that is in two places has one proxy, and stays when one of them goes.");

  begin (&story, 3, G_TYPE_NONE);
  call (&story, "twice", NULL);
  g_assert_cmpuint (count_items (&story), ==, 4);
  first = get_item (&story, 0);
  last = get_item (&story, 3);
  g_assert_true (first == last);
  call (&story, "splice", g_variant_new ("(uuu)", 0, 1, 0));
  wait_until_ready (first);
  shelf_assert_same (story.shelf, story.list);

  g_clear_object (&first);
  g_assert_finalize_object (g_steal_pointer (&last));
  end (&story);
}

static void
test_the_object_itself (void)
{
  Story story;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MpelProxy) store = NULL;
  g_autoptr (GError) error = NULL;
  MpelRemoteList *list;

  g_test_summary ("An object that is a list shows its items.");

  begin (&story, 5, TYPE_BOOK);
  mpel_proxy_call_object_async (story.shelf, "store", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  store = mpel_proxy_call_object_finish (story.shelf, result, &error);
  g_assert_no_error (error);

  list = mpel_remote_list_new (store, NULL, TYPE_BOOK);
  shelf_wait_until (list, MPEL_PROXY_STATE_READY);
  g_assert_null (mpel_remote_list_get_property_name (list));
  g_assert_true (mpel_remote_list_get_proxy (list) == store);
  shelf_assert_same (story.shelf, list);
  call (&story, "splice", g_variant_new ("(uuu)", 2, 2, 5));
  shelf_assert_same (story.shelf, list);
  shelf_assert_same (story.shelf, story.list);

  g_assert_finalize_object (list);
  g_assert_finalize_object (g_steal_pointer (&store));
  g_clear_object (&result);
  end (&story);
}

static void
test_no_list (void)
{
  Story           story;
  MpelRemoteList *list;

  g_test_summary ("What is no list is gone, and says why.");

  begin (&story, 1, TYPE_BOOK);
  list = mpel_remote_list_new (story.shelf, "nothing", TYPE_BOOK);
  shelf_wait_until (list, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_remote_list_get_error (list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_finalize_object (list);

  list = mpel_remote_list_new (story.shelf, NULL, TYPE_BOOK);
  shelf_wait_until (list, MPEL_PROXY_STATE_GONE);
  g_assert_error (mpel_remote_list_get_error (list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_finalize_object (list);
  end (&story);
}

static void
test_dropped (void)
{
  Story story;

  g_test_summary ("A list that is dropped holds nothing in the worker any more.");

  begin (&story, 100000, TYPE_BOOK);
  g_assert_cmpuint (count_items (&story), ==, 100000);
  g_assert_cmpuint (count_in_worker (&story), ==, 100000);
  g_assert_finalize_object (g_steal_pointer (&story.list));
  call (&story, "splice", g_variant_new ("(uuu)", 0, 100000, 0));
  g_assert_cmpuint (count_in_worker (&story), ==, 0);
  end (&story);
}

static void
test_dropped_early (void)
{
  Story story;

  g_test_summary ("A list may be dropped before it is ready, and while it hears of its items.");

  begin (&story, 20000, TYPE_BOOK);
  for (guint i = 0; i < 5; i++)
    {
      MpelRemoteList *list = mpel_remote_list_new (story.shelf, "books", TYPE_BOOK);

      for (guint turns = 0; turns < i * 3; turns++)
        g_main_context_iteration (NULL, FALSE);
      g_assert_finalize_object (list);
    }
  shelf_assert_same (story.shelf, story.list);
  g_assert_finalize_object (g_steal_pointer (&story.list));
  call (&story, "splice", g_variant_new ("(uuu)", 0, 20000, 0));
  g_assert_cmpuint (count_in_worker (&story), ==, 0);
  end (&story);
}

static void
drop_list_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  g_clear_object ((MpelRemoteList **) user_data);
}

static void
test_dropped_inside (void)
{
  Story story;

  g_test_summary ("Who hears of items may drop the list.");

  begin (&story, 10, TYPE_BOOK);
  g_signal_connect (story.list, "items-changed", G_CALLBACK (drop_list_cb), &story.list);
  call (&story, "fill", g_variant_new ("(u)", 5000));
  g_assert_null (story.list);
  end (&story);
}

static void
test_closed_early (void)
{
  Story           story;
  MpelRemoteList *list;

  g_test_summary ("A loop can be closed while a long list is told.");

  begin (&story, 100000, TYPE_BOOK);
  list = mpel_remote_list_new (story.shelf, "books", TYPE_BOOK);
  g_main_context_iteration (NULL, FALSE);
  g_object_unref (list);
  end (&story);
}

static void
test_lost (void)
{
  Story story;
  g_autoptr (MpelProxy) late = NULL;
  guint n;

  g_test_summary ("When the worker is lost the items stay as they were, and the list says so.");

  begin (&story, 50, G_TYPE_NONE);
  kill (mpel_event_loop_get_worker_pid (story.loop), SIGKILL);
  shelf_wait_until (story.list, MPEL_PROXY_STATE_LOST);
  g_assert_error (mpel_remote_list_get_error (story.list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  n = count_items (&story);
  g_assert_cmpuint (n, ==, 50);
  late = get_item (&story, 49);
  g_assert_cmpint (get_number (&story, 49), ==, 50);
  while (mpel_proxy_get_state (late) == MPEL_PROXY_STATE_CREATING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (mpel_proxy_get_state (late), ==, MPEL_PROXY_STATE_LOST);
  g_assert_finalize_object (g_steal_pointer (&late));

  /* Another list of the same proxy is lost from the beginning. */
  g_assert_finalize_object (story.list);
  story.list = mpel_remote_list_new (story.shelf, "books", TYPE_BOOK);
  shelf_wait_until (story.list, MPEL_PROXY_STATE_LOST);
  end (&story);
}

static void
test_stopped (void)
{
  Story story;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the worker has left in good order the list is gone, and has no error.");

  begin (&story, 50, TYPE_BOOK);
  mpel_event_loop_stop (story.loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_remote_list_get_state (story.list), ==, MPEL_PROXY_STATE_GONE);
  g_assert_no_error (mpel_remote_list_get_error (story.list));
  g_assert_cmpint (get_number (&story, 49), ==, 50);
  end (&story);
}

static void
test_lie (gconstpointer user_data)
{
  const char *lie = user_data;
  Story       story;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GVariant) value = g_variant_parse (NULL, lie, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A worker whose items make no sense is ended for it; what was there stays.");

  begin (&story, 3, TYPE_BOOK);
  /* The shelf was the first that this loop gave an id to, the list the second. */
  event = mpel_proxy_call (story.shelf, "lie", g_variant_new ("(tv)", (guint64) 4, value), NULL, &error);
  g_assert_no_error (error);
  shelf_wait_until (story.list, MPEL_PROXY_STATE_LOST);
  g_assert_error (mpel_remote_list_get_error (story.list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
  g_assert_cmpuint (count_items (&story), ==, 3);
  mpel_test_wait (story.loop);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "*items*");
  g_clear_object (&event);
  end (&story);
}

static void
add_lies (void)
{
  static const struct
  {
    const char *name;
    const char *value;
  } lies[] = {
    { "behind-the-end", "(uint32 4, uint32 0, @a(tsa{sv}) [])" },
    { "too-many-gone", "(uint32 1, uint32 3, @a(tsa{sv}) [])" },
    { "overflow", "(uint32 2, uint32 4294967295, @a(tsa{sv}) [])" },
    { "no-id", "(uint32 0, uint32 0, [(uint64 0, 'Book', @a{sv} {})])" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/remote-list/lies/%s", lies[i].name);

      g_test_add_data_func (path, lies[i].value, test_lie);
    }
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/remote-list/values", test_values);
  g_test_add_func ("/flow/remote-list/lines", test_lines);
  g_test_add_func ("/flow/remote-list/empty", test_empty);
  g_test_add_func ("/flow/remote-list/in-order", test_in_order);
  g_test_add_func ("/flow/remote-list/batches", test_batches);
  g_test_add_func ("/flow/remote-list/random-values", test_random_values);
  g_test_add_func ("/flow/remote-list/random-proxies", test_random_proxies);
  g_test_add_func ("/flow/remote-list/proxies", test_proxies);
  g_test_add_func ("/flow/remote-list/gone-item", test_gone_item);
  g_test_add_func ("/flow/remote-list/burst", test_burst);
  g_test_add_func ("/flow/remote-list/twice", test_twice);
  g_test_add_func ("/flow/remote-list/the-object-itself", test_the_object_itself);
  g_test_add_func ("/flow/remote-list/no-list", test_no_list);
  g_test_add_func ("/flow/remote-list/dropped", test_dropped);
  g_test_add_func ("/flow/remote-list/dropped-early", test_dropped_early);
  g_test_add_func ("/flow/remote-list/dropped-inside", test_dropped_inside);
  g_test_add_func ("/flow/remote-list/closed-early", test_closed_early);
  g_test_add_func ("/flow/remote-list/lost", test_lost);
  g_test_add_func ("/flow/remote-list/stopped", test_stopped);
  add_lies ();
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, shelf_register, add_tests);
}
