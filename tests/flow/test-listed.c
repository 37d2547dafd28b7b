/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of a loop's events, in the hands of who changes it while it is told. */

#include "config.h"
#include "mpel-test.h"

/* More than stay when they have ended. */
#define N_EVENTS 150

typedef struct
{
  MpelEventLoop *loop;
  MpelEvent     *first; /* (owned) */
  guint          n_added_again;
} Story;

static guint
count_in_list (GListModel *list, MpelEvent *event)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MpelEvent) item = g_list_model_get_item (list, i);

      n += item == event;
    }
  return n;
}

/* The first has just gone. */
static void
add_again_cb (GListModel *list, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  Story *story = user_data;
  g_autoptr (GError) error = NULL;

  if (n_removed == 0 || story->n_added_again > 0 || count_in_list (list, story->first) > 0)
    return;
  story->n_added_again++;
  mpel_event_loop_add_event (story->loop, story->first, &error);
  g_assert_no_error (error);
}

static void
test_added_again (void)
{
  MpelTestTrace before = mpel_test_trace ();
  Story         story = { mpel_test_loop_new (), NULL, 0 };
  g_autoptr (GListModel) list = mpel_event_loop_get_events (story.loop);

  g_test_summary ("An event that is added again while the list tells that it has gone is listed once.");

  story.first = g_object_ref (mpel_test_add (story.loop, "echo", NULL));
  g_signal_connect (list, "items-changed", G_CALLBACK (add_again_cb), &story);
  mpel_test_wait (story.loop);
  for (guint i = 0; i < N_EVENTS; i++)
    mpel_test_add (story.loop, "echo", NULL);
  mpel_test_wait (story.loop);
  g_assert_cmpuint (story.n_added_again, ==, 1);
  mpel_test_wait (story.loop);

  g_assert_cmpuint (count_in_list (list, story.first), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 100);

  g_assert_finalize_object (g_steal_pointer (&list));
  g_assert_finalize_object (story.first);
  mpel_test_loop_close_and_assert_finalized (story.loop);
  mpel_test_assert_no_trace (before);
}

static void
test_two_loops (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *first_loop = mpel_test_loop_new (), *second_loop = mpel_test_loop_new ();
  g_autoptr (GListModel) first_list = mpel_event_loop_get_events (first_loop);
  g_autoptr (GListModel) second_list = mpel_event_loop_get_events (second_loop);
  g_autoptr (GError) error = NULL;
  MpelEvent *event;

  g_test_summary ("An event that ended in one loop and is added to another is in the lists of both.");

  event = g_object_ref (mpel_test_add (first_loop, "echo", NULL));
  mpel_test_wait (first_loop);
  mpel_event_loop_add_event (second_loop, event, &error);
  g_assert_no_error (error);
  mpel_test_wait (second_loop);
  g_assert_cmpuint (count_in_list (first_list, event), ==, 1);
  g_assert_cmpuint (count_in_list (second_list, event), ==, 1);

  g_assert_finalize_object (g_steal_pointer (&first_list));
  g_assert_finalize_object (g_steal_pointer (&second_list));
  g_assert_finalize_object (event);
  mpel_test_loop_close_and_assert_finalized (first_loop);
  mpel_test_loop_close_and_assert_finalized (second_loop);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/listed/added-again", test_added_again);
  g_test_add_func ("/flow/listed/two-loops", test_two_loops);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
