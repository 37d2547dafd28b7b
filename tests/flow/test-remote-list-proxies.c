/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Items of a list that lives in the worker, as proxies. */

#include "config.h"
#include "shelf.h"

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
  ShelfStory story;
  g_autoptr (MpelProxy) book = NULL;
  g_autoptr (MpelProxy) again = NULL;

  g_test_summary ("A proxy shows at once what was told of the item, and follows it.");

  shelf_story_begin (&story, 3, G_TYPE_INVALID);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (story.list)) == MPEL_TYPE_PROXY);
  book = shelf_story_get_item (&story, 0);
  again = shelf_story_get_item (&story, 0);
  g_assert_true (book == again);
  g_assert_cmpstr (mpel_proxy_get_remote_class (book), ==, "Book");
  g_assert_cmpint (shelf_story_get_number (&story, 0), ==, 1);
  wait_until_ready (book);
  shelf_story_call (&story, "renumber", g_variant_new ("(i)", 77));
  g_assert_cmpint (shelf_story_get_number (&story, 0), ==, 77);

  /* It goes on when it has left the list. */
  shelf_story_call (&story, "splice", g_variant_new ("(uuu)", 0, 1, 0));
  g_assert_cmpuint (shelf_story_count_items (&story), ==, 2);
  g_assert_cmpint (mpel_proxy_get_state (book), ==, MPEL_PROXY_STATE_READY);
  g_assert_cmpuint (shelf_story_count_in_worker (&story), ==, 3);
  g_object_set (book, "number", 78, NULL);
  wait_for_number (G_OBJECT (book), 78);

  g_clear_object (&again);
  g_assert_finalize_object (g_steal_pointer (&book));
  while (shelf_story_count_in_worker (&story) != 2)
    ;
  shelf_story_end (&story);
}

static void
test_gone_item (void)
{
  ShelfStory story;
  g_autoptr (MpelProxy) book = NULL;

  g_test_summary ("A proxy of an item that has left before the worker heard of the proxy is gone, or it is not.");

  shelf_story_begin (&story, 3, G_TYPE_NONE);
  g_variant_unref (shelf_call (story.shelf, "burst", g_variant_new ("(uu)", 1, 0)));
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (MpelProxy) item = shelf_story_get_item (&story, 0);

      if (item != NULL && i % 3 == 0)
        g_set_object (&book, item);
      g_main_context_iteration (NULL, TRUE);
    }
  g_variant_unref (shelf_call (story.shelf, "burst", g_variant_new ("(uu)", 0, 0)));
  while (mpel_proxy_get_state (book) == MPEL_PROXY_STATE_CREATING)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&book);
  shelf_assert_same (story.shelf, story.list);
  shelf_story_end (&story);
}

static void
test_twice (void)
{
  ShelfStory story;
  g_autoptr (MpelProxy) first = NULL;
  g_autoptr (MpelProxy) last = NULL;

  g_test_summary ("An object that is in two places has one proxy, and stays when one of them goes.");

  shelf_story_begin (&story, 3, G_TYPE_NONE);
  shelf_story_call (&story, "twice", NULL);
  g_assert_cmpuint (shelf_story_count_items (&story), ==, 4);
  first = shelf_story_get_item (&story, 0);
  last = shelf_story_get_item (&story, 3);
  g_assert_true (first == last);
  shelf_story_call (&story, "splice", g_variant_new ("(uuu)", 0, 1, 0));
  wait_until_ready (first);
  shelf_assert_same (story.shelf, story.list);

  g_clear_object (&first);
  g_assert_finalize_object (g_steal_pointer (&last));
  shelf_story_end (&story);
}

static void
add_book (ShelfStory *story, MpelProxy *book)
{
  g_autoptr (MpelEvent) event = mpel_event_new_method (G_OBJECT (story->shelf), "add", NULL, NULL);

  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, G_OBJECT (book))));
  mpel_test_add_event (story->loop, event);
  mpel_test_iterate_until_state (event, MPEL_EVENT_STATE_DONE);
}

static void
test_known (void)
{
  ShelfStory story;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MpelProxy) book = NULL;
  g_autoptr (MpelProxy) item = NULL;
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed ("{'number': <int32 12>}"));
  g_autoptr (GError) error = NULL;

  g_test_summary ("An item that has a proxy already is that proxy.");

  shelf_story_begin (&story, 3, G_TYPE_NONE);
  mpel_proxy_new_async (story.loop, "Book", state, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  book = mpel_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  add_book (&story, book);
  g_assert_cmpuint (shelf_story_count_items (&story), ==, 4);
  item = shelf_story_get_item (&story, 3);
  g_assert_true (item == book);

  /* The list keeps it when nobody else does. */
  g_clear_object (&item);
  g_assert_finalize_object (g_steal_pointer (&book));
  g_assert_cmpuint (shelf_story_count_in_worker (&story), ==, 4);
  item = shelf_story_get_item (&story, 3);
  wait_until_ready (item);
  g_assert_cmpint (shelf_story_get_number (&story, 3), ==, 12);
  g_assert_finalize_object (g_steal_pointer (&item));
  shelf_story_end (&story);
}

/* Whoever makes the first one empties the shelf, and waits until that shows. */
#define BOOK_TYPE_PROXY (book_proxy_get_type ())
G_DECLARE_FINAL_TYPE (BookProxy, book_proxy, BOOK, PROXY, MpelProxy)

static ShelfStory *to_be_emptied;

struct _BookProxy
{
  MpelProxy parent_instance;
};

G_DEFINE_FINAL_TYPE (BookProxy, book_proxy, MPEL_TYPE_PROXY)

static void
book_proxy_constructed (GObject *object)
{
  ShelfStory *story = g_steal_pointer (&to_be_emptied);

  G_OBJECT_CLASS (book_proxy_parent_class)->constructed (object);
  if (story != NULL)
    shelf_story_call (story, "splice", g_variant_new ("(uuu)", 0, 3, 0));
}

static void
book_proxy_class_init (BookProxyClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = book_proxy_constructed;
}

static void
book_proxy_init (BookProxy *self)
{
}

static void
test_emptied (void)
{
  ShelfStory story;
  g_autoptr (MpelProxy) book = NULL;

  g_test_summary ("An item may leave while a proxy of it is made.");

  shelf_story_begin (&story, 3, BOOK_TYPE_PROXY);
  to_be_emptied = &story;
  book = shelf_story_get_item (&story, 0);
  g_assert_true (BOOK_IS_PROXY (book));
  g_assert_cmpuint (shelf_story_count_items (&story), ==, 0);
  wait_until_ready (book);

  g_assert_finalize_object (g_steal_pointer (&book));
  shelf_story_end (&story);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/remote-list-proxies/follow", test_proxies);
  g_test_add_func ("/flow/remote-list-proxies/gone-item", test_gone_item);
  g_test_add_func ("/flow/remote-list-proxies/twice", test_twice);
  g_test_add_func ("/flow/remote-list-proxies/known", test_known);
  g_test_add_func ("/flow/remote-list-proxies/emptied", test_emptied);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, shelf_register, add_tests);
}
