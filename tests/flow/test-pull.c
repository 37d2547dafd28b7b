/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values that events yield before their end, asked for one by one. */

#include "config.h"
#include "long-work.h"

#include <stdlib.h>

/* ---- worker ---- */

/* Says before each value how many it has made. */
static gboolean
yield_next (MpelInvocation *invocation, int i, GError **error)
{
  g_autofree char *made = g_strdup_printf ("%d", i + 1);

  mpel_invocation_report_progress (invocation, 0.5, made);
  return mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error);
}

static GVariant *
yield_and_tell (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int n;

  g_variant_get (args, "(i)", &n);
  for (int i = 0; i != n; i++)
    if (!yield_next (invocation, i, error))
      return NULL;
  return g_variant_new ("(s)", "all");
}

static GVariant *
yield_large (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const gsize size = 600 * 1000;
  int         n;

  g_variant_get (args, "(i)", &n);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *made = g_strdup_printf ("%d", i + 1);
      char            *text = g_strnfill (size, (char) ('a' + i));

      mpel_invocation_report_progress (invocation, 0.5, made);
      if (!mpel_invocation_yield_value (invocation, g_variant_new_take_string (text), error))
        return NULL;
    }
  return g_variant_new ("()");
}

/* ---- host ---- */

static void
count_signal_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, LongWork *fixture)
{
  fixture->n_values++;
}

static void
set_up (LongWork *fixture, gconstpointer data)
{
  long_work_set_up (fixture, data);
  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (count_signal_cb), fixture);
}

static void
tear_down (LongWork *fixture, gconstpointer data)
{
  g_assert_cmpint (fixture->n_values, ==, 0);
  long_work_tear_down (fixture, data);
}

static void
test_order (LongWork *fixture, gconstpointer data)
{
  const int n = 3000;
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", n));

  g_test_summary ("Values come one by one, in order, and then none, however often one asks.");

  for (int i = 0; i < n; i++)
    mpel_test_assert_next (event, i);
  mpel_test_assert_no_next (event);
  mpel_test_assert_no_next (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "('all',)");
  mpel_test_assert_no_next (event);
  mpel_test_assert_each_ended_once (fixture->ends, 1);
}

static void
test_after_end (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", 100));
  g_autoptr (MpelEvent) failing = mpel_test_add_stream (fixture->loop, "yield-and-fail", NULL);
  g_autoptr (MpelEvent) unread = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", 100));

  g_test_summary ("Values that came before the end are there after it; nobody has to want them.");

  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "('all',)");
  mpel_test_assert_results (unread, "('all',)");
  for (int i = 0; i < 100; i++)
    mpel_test_assert_next (event, i);
  mpel_test_assert_no_next (event);
  mpel_test_assert_next (failing, 0);
  mpel_test_assert_next (failing, 1);
  mpel_test_assert_next_fails (failing, G_IO_ERROR, G_IO_ERROR_FAILED);
  mpel_test_assert_next_fails (failing, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_refused (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("yield-and-tell", g_variant_new ("(i)", 2), NULL);
  g_autoptr (MpelEvent) quiet = mpel_event_new ("yield-and-tell", g_variant_new ("(i)", 2000), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that is not pulled, or was not added, has no next value; one without output has none either.");

  mpel_test_assert_next_fails (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NOT_STREAMED);
  mpel_event_set_pull (event, TRUE);
  mpel_test_assert_next_fails (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  mpel_test_assert_next (event, 0);
  mpel_test_assert_next (event, 1);
  mpel_test_assert_no_next (event);

  mpel_event_set_pull (quiet, TRUE);
  mpel_event_set_has_output (quiet, FALSE);
  mpel_event_loop_add_event (fixture->loop, quiet, &error);
  g_assert_no_error (error);
  mpel_test_assert_no_next (quiet);
}

static void
test_pending (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", 2));
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Only one waits at a time; the second is refused and takes nothing away.");

  mpel_event_next_async (event, NULL, mpel_test_keep_result_cb, &first);
  mpel_test_assert_next_fails (event, G_IO_ERROR, G_IO_ERROR_PENDING);
  mpel_test_iterate_until_result (&first);
  value = mpel_event_next_finish (event, first, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_variant_get_int32 (value), ==, 0);
  mpel_test_assert_next (event, 1);
  mpel_test_assert_no_next (event);
}

static void
test_cancelled_next (LongWork *fixture, gconstpointer data)
{
  const int n = 1000;
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", n));
  int expected = 0;

  g_test_summary ("Whose asking is cancelled gets an error or a value; none is lost.");

  for (guint round = 0; expected < n; round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GVariant) value = NULL;
      g_autoptr (GError) error = NULL;

      if (round % 3 == 0)
        g_cancellable_cancel (cancellable);
      mpel_event_next_async (event, cancellable, mpel_test_keep_result_cb, &result);
      if (round % 3 == 1)
        g_cancellable_cancel (cancellable);
      /* Who was cancelled stays so. */
      if (round % 2 == 1)
        g_cancellable_reset (cancellable);
      mpel_test_iterate_until_result (&result);
      value = mpel_event_next_finish (event, result, &error);
      if (value != NULL)
        g_assert_cmpint (g_variant_get_int32 (value), ==, expected++);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  mpel_test_assert_no_next (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "('all',)");
}

static void
assert_made (MpelEvent *event, const char *message, int limit)
{
  if (message != NULL)
    g_assert_cmpint (atoi (message), <=, limit);
}

static void
test_slow_consumer (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", -1));
  g_autoptr (MpelEvent) behind = g_object_ref (mpel_test_add (fixture->loop, "count-freed", NULL));
  int n = 0;

  g_test_summary ("Of an endless stream no more is made than 256 values ahead, and nothing once it is cancelled.");

  for (int round = 0; round < 20; round++)
    {
      /* The worker is stuck, and so says how many it made. */
      while (n == 0 && g_strcmp0 (mpel_event_get_progress_message (event), "257") != 0)
        g_main_context_iteration (NULL, TRUE);
      for (int i = 0; i < 50; i++)
        {
          mpel_test_assert_next (event, n++);
          assert_made (event, mpel_event_get_progress_message (event), n + 256 + 1);
        }
    }
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_CANCELLED);
  assert_made (event, mpel_event_get_progress_message (event), n + 256 + 1);
  mpel_test_assert_next_fails (event, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (mpel_event_get_state (behind), ==, MPEL_EVENT_STATE_DONE);
}

static void
test_large (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-large", g_variant_new ("(i)", 8));

  g_test_summary ("Of values that are large only one is ahead of who asks.");

  for (int i = 0; i < 8; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) value = mpel_test_get_next (event, &error);
      const char *text;
      gsize       size;

      g_assert_no_error (error);
      text = g_variant_get_string (value, &size);
      g_assert_cmpuint (size, ==, 600 * 1000);
      g_assert_cmpint (text[size - 1], ==, 'a' + i);
      assert_made (event, mpel_event_get_progress_message (event), i + 1 + 1 + 1);
    }
  mpel_test_assert_no_next (event);
}

static void
test_generator (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "generate-endlessly", NULL);
  g_autoptr (MpelEvent) freed = NULL;

  g_test_summary ("An endless generator is asked for as much as is wanted, other events run meanwhile, and cancelling frees it.");

  for (int i = 0; i < 2000; i++)
    {
      mpel_test_assert_next (event, i);
      if (i % 500 == 0)
        {
          g_autoptr (GAsyncResult) result = NULL;

          mpel_event_loop_call_async (fixture->loop, "echo", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
          mpel_test_iterate_until_result (&result);
        }
    }
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_next_fails (event, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  freed = g_object_ref (mpel_test_add (fixture->loop, "count-freed", NULL));
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (freed, "(1,)");
}

static void
test_waiting_at_end (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", 2));

  g_test_summary ("Who waits when the loop is terminated, or the event cancelled, hears of that.");

  mpel_event_next_async (event, NULL, mpel_test_keep_result_cb, &result);
  mpel_event_loop_terminate (fixture->loop);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_event_next_finish (event, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_error (&error);
  g_clear_object (&result);
  g_object_unref (event);
  event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", 2));
  mpel_event_next_async (event, NULL, mpel_test_keep_result_cb, &result);
  mpel_event_cancel (event);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_event_next_finish (event, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_again (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", 100));
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that is added again forgets the values that nobody asked for.");

  mpel_test_assert_next (event, 0);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_next (event, 1);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 100; i++)
    mpel_test_assert_next (event, i);
  mpel_test_assert_no_next (event);
}

static void
assert_next_value (MpelStream *stream, int expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = mpel_stream_next_value (stream, &error);

  g_assert_no_error (error);
  g_assert_nonnull (value);
  g_assert_cmpint (g_variant_get_int32 (value), ==, expected);
}

static void
assert_no_next_value (MpelStream *stream)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_stream_next_value (stream, &error));
  g_assert_no_error (error);
}

static void
test_iterate (LongWork *fixture, gconstpointer data)
{
  const int n = 200; /* fewer than what is sent ahead */
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", n));
  g_autoptr (MpelStream) stream = mpel_event_iterate (event);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A stream gives the values in order and then none; one that is over leaves the next run alone.");

  g_assert_true (mpel_stream_get_event (stream) == event);
  for (int i = 0; i < n; i++)
    assert_next_value (stream, i);
  assert_no_next_value (stream);
  assert_no_next_value (stream);
  mpel_test_assert_results (event, "('all',)");

  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  g_clear_object (&stream);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "('all',)");
}

static void
test_iterate_failing (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-fail", NULL);
  g_autoptr (MpelEvent) unkept = g_object_ref (mpel_test_add (fixture->loop, "yield-and-fail", NULL));
  g_autoptr (MpelStream) stream = mpel_event_iterate (event);
  g_autoptr (MpelStream) unkept_stream = mpel_event_iterate (unkept);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A stream fails with the event, or if values are not kept.");

  g_assert_null (mpel_stream_next_value (unkept_stream, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NOT_STREAMED);
  g_clear_error (&error);
  assert_next_value (stream, 0);
  assert_next_value (stream, 1);
  g_assert_null (mpel_stream_next_value (stream, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  mpel_test_wait (fixture->loop);
  fixture->n_values = 0; /* those that were not kept */
}

static void
test_iterate_dropped (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", -1));
  g_autoptr (MpelStream) stream = mpel_event_iterate (event);

  g_test_summary ("Who drops a stream does not want the rest: the event is cancelled.");

  assert_next_value (stream, 0);
  assert_next_value (stream, 1);
  g_clear_object (&stream);
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_CANCELLED);
}

static gpointer
ask_elsewhere (gpointer stream)
{
  GError *error = NULL;

  g_assert_null (mpel_stream_next_value (stream, &error));
  return error;
}

static void
test_iterate_elsewhere (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-and-tell", g_variant_new ("(i)", 3));
  g_autoptr (MpelStream) stream = mpel_event_iterate (event);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = g_thread_join (g_thread_new (NULL, ask_elsewhere, stream));

  g_test_summary ("A stream blocks only the loop's thread, there whatever context it has.");

  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED);
  g_main_context_push_thread_default (context);
  for (int i = 0; i < 3; i++)
    assert_next_value (stream, i);
  assert_no_next_value (stream);
  g_main_context_pop_thread_default (context);
}

static void
register_targets (MpelWorker *worker)
{
  long_work_register (worker);
  mpel_worker_add_function (worker, "yield-and-tell", yield_and_tell, NULL, NULL);
  mpel_worker_add_function (worker, "yield-large", yield_large, NULL, NULL);
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, set_up, func, tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/pull/order", test_order);
  add_test ("/flow/pull/after-end", test_after_end);
  add_test ("/flow/pull/refused", test_refused);
  add_test ("/flow/pull/pending", test_pending);
  add_test ("/flow/pull/cancelled-next", test_cancelled_next);
  add_test ("/flow/pull/slow-consumer", test_slow_consumer);
  add_test ("/flow/pull/large", test_large);
  add_test ("/flow/pull/generator", test_generator);
  add_test ("/flow/pull/waiting-at-end", test_waiting_at_end);
  add_test ("/flow/pull/again", test_again);
  add_test ("/flow/pull/iterate", test_iterate);
  add_test ("/flow/pull/iterate-failing", test_iterate_failing);
  add_test ("/flow/pull/iterate-dropped", test_iterate_dropped);
  add_test ("/flow/pull/iterate-elsewhere", test_iterate_elsewhere);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
