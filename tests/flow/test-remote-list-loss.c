/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lists whose worker is lost, leaves, or lies. */

#include "config.h"
#include "shelf.h"

#include <signal.h>

static void
test_lost (void)
{
  ShelfStory story;
  g_autoptr (MpelProxy) late = NULL;
  guint n;

  g_test_summary ("When the worker is lost the items stay as they were, and the list says so.");

  shelf_story_begin (&story, 50, G_TYPE_NONE);
  kill (mpel_event_loop_get_worker_pid (story.loop), SIGKILL);
  shelf_wait_until (story.list, MPEL_PROXY_STATE_LOST);
  g_assert_error (mpel_remote_list_get_error (story.list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);
  n = shelf_story_count_items (&story);
  g_assert_cmpuint (n, ==, 50);
  late = shelf_story_get_item (&story, 49);
  g_assert_cmpint (shelf_story_get_number (&story, 49), ==, 50);
  while (mpel_proxy_get_state (late) == MPEL_PROXY_STATE_CREATING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (mpel_proxy_get_state (late), ==, MPEL_PROXY_STATE_LOST);
  g_assert_finalize_object (g_steal_pointer (&late));

  /* Another list of the same proxy is lost from the beginning. */
  g_assert_finalize_object (story.list);
  story.list = mpel_remote_list_new (story.shelf, "books", TYPE_BOOK);
  shelf_wait_until (story.list, MPEL_PROXY_STATE_LOST);
  shelf_story_end (&story);
}

static void
test_stopped (void)
{
  ShelfStory story;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the worker has left in good order the list is gone, and has no error.");

  shelf_story_begin (&story, 50, TYPE_BOOK);
  mpel_event_loop_stop (story.loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_remote_list_get_state (story.list), ==, MPEL_PROXY_STATE_GONE);
  g_assert_no_error (mpel_remote_list_get_error (story.list));
  g_assert_cmpint (shelf_story_get_number (&story, 49), ==, 50);
  shelf_story_end (&story);
}

static void
test_lie (gconstpointer user_data)
{
  const char *lie = user_data;
  ShelfStory  story;
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GVariant) value = g_variant_parse (NULL, lie, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A worker whose items make no sense is ended for it; what was there stays.");

  shelf_story_begin (&story, 3, TYPE_BOOK);
  /* The shelf was the first that this loop gave an id to, the list the second. */
  event = mpel_proxy_call (story.shelf, "lie", g_variant_new ("(tv)", (guint64) 4, value), NULL, &error);
  g_assert_no_error (error);
  shelf_wait_until (story.list, MPEL_PROXY_STATE_LOST);
  g_assert_error (mpel_remote_list_get_error (story.list), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
  g_assert_cmpuint (shelf_story_count_items (&story), ==, 3);
  mpel_test_wait (story.loop);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "*items*");
  g_clear_object (&event);
  shelf_story_end (&story);
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
      g_autofree char *path = g_strdup_printf ("/flow/remote-list-loss/lies/%s", lies[i].name);

      g_test_add_data_func (path, lies[i].value, test_lie);
    }
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/remote-list-loss/lost", test_lost);
  g_test_add_func ("/flow/remote-list-loss/stopped", test_stopped);
  add_lies ();
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, shelf_register, add_tests);
}
