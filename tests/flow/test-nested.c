/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who is told of something runs a main loop until more has come. */

#include "config.h"
#include "mpel-test.h"

/* Of these, three may be on their way. */
#define LARGE (300 * 1024)
#define N_LARGE 10

/* ---- worker ---- */

/* Tells its progress when no more may be on their way. */
static GVariant *
yield_large (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autofree char *text = g_strnfill (LARGE, 'x');

  for (int i = 0; i < N_LARGE; i++)
    {
      if (!mpel_invocation_yield_value (invocation, g_variant_new_string (text), error))
        return NULL;
      if (i == 2)
        mpel_invocation_report_progress (invocation, 0.5, NULL);
    }
  return g_variant_new ("()");
}

static GVariant *
come_on (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.5, "half-way");
  return g_variant_new ("()");
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  mpel_test_assert_no_trace (fixture->before);
}

static void
add (Fixture *fixture, MpelEvent *event)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
}

static void
wait_when_queued_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_QUEUED);
  g_signal_handlers_disconnect_by_data (event, user_data);
  mpel_test_wait (user_data);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_DONE);
}

static void
test_added (Fixture *fixture, gconstpointer notification)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("come-on", NULL, NULL);

  g_test_summary ("Who hears that an event is added again, and of its progress that is forgotten, waits for its end.");

  add (fixture, event);
  mpel_test_wait (fixture->loop);
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0.5);
  g_signal_connect (event, notification, G_CALLBACK (wait_when_queued_cb), fixture->loop);
  add (fixture, event);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_DONE);
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0.5);
}

static void
cancel_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  mpel_event_cancel (event);
}

static void
test_cancel_added (Fixture *fixture, gconstpointer notification)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("come-on", NULL, NULL);

  g_test_summary ("Who hears of the same cancels it.");

  add (fixture, event);
  mpel_test_wait (fixture->loop);
  g_signal_connect (event, notification, G_CALLBACK (cancel_cb), NULL);
  add (fixture, event);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_CANCELLED);
  mpel_test_wait (fixture->loop);
}

typedef struct
{
  MpelEvent *event; /* (owned) */
  guint      n_values;
  gboolean   is_over;
} Pull;

static void
next_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pull *pull = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = mpel_event_next_finish (pull->event, result, &error);

  g_assert_no_error (error);
  pull->is_over = value == NULL;
  pull->n_values += value != NULL;
  if (value != NULL)
    mpel_event_next_async (pull->event, NULL, next_cb, pull);
}

static void
pull_all_cb (MpelEventLoop *loop, GParamSpec *pspec, gpointer user_data)
{
  Pull *pull = user_data;

  g_signal_handlers_disconnect_by_data (loop, pull);
  mpel_test_iterate_until_begun (pull->event);
  mpel_event_next_async (pull->event, NULL, next_cb, pull);
  mpel_test_iterate_until (&pull->is_over);
}

static void
test_pull_within_turn (Fixture *fixture, gconstpointer data)
{
  Pull pull = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who hears of something in a turn of the loop pulls all values of a stream.");

  mpel_test_add (fixture->loop, "come-on", NULL);
  mpel_test_wait (fixture->loop);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (fixture->loop, "notify::n-pending", G_CALLBACK (pull_all_cb), &pull);
  pull.event = mpel_event_loop_add_stream (fixture->loop, "yield-large", NULL, NULL, &error);
  g_assert_no_error (error);
  mpel_test_iterate_until (&pull.is_over);
  g_assert_cmpuint (pull.n_values, ==, N_LARGE);
  g_clear_object (&pull.event);
}

/* How many values came, and how many handlers have heard of one and not returned. */
typedef struct
{
  guint n_values;
  guint depth;
} Heard;

static void
hear_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  Heard *heard = user_data;

  heard->n_values++;
  if (heard->depth++ < 3)
    while (heard->n_values < N_LARGE)
      g_main_context_iteration (NULL, TRUE);
  heard->depth--;
}

static void
test_yields (Fixture *fixture, gconstpointer data)
{
  Heard heard = { 0 };

  g_test_summary ("Who hears of the first values waits for the last, though only three may be on their way.");

  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (hear_cb), &heard);
  mpel_test_add (fixture->loop, "yield-large", NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (heard.n_values, ==, N_LARGE);
}

static void
wait_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  mpel_test_wait (user_data);
}

static void
assert_running_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_SENT);
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  MpelEvent *event = mpel_test_add (fixture->loop, "come-on", NULL);

  g_test_summary ("Who is notified of progress waits for the end, behind which no progress is told.");

  g_signal_connect (event, "notify::progress", G_CALLBACK (wait_cb), fixture->loop);
  g_signal_connect (fixture->loop, "event-progress", G_CALLBACK (assert_running_cb), NULL);
  mpel_test_wait (fixture->loop);
}

static void
add_test (const char *path, gconstpointer data, void (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, data, set_up, func, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "come-on", come_on, NULL, NULL);
  mpel_worker_add_function (worker, "yield-large", yield_large, NULL, NULL);
}

static void
add_tests (void)
{
  add_test ("/flow/nested/added/state", "notify::state", test_added);
  add_test ("/flow/nested/added/progress", "notify::progress", test_added);
  add_test ("/flow/nested/added/message", "notify::progress-message", test_added);
  add_test ("/flow/nested/cancel-added/progress", "notify::progress", test_cancel_added);
  add_test ("/flow/nested/cancel-added/message", "notify::progress-message", test_cancel_added);
  add_test ("/flow/nested/pull-within-turn", NULL, test_pull_within_turn);
  add_test ("/flow/nested/yields", NULL, test_yields);
  add_test ("/flow/nested/progress", NULL, test_progress);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
