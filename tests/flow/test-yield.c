/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Targets that yield in all ways there are, and what they hear when nobody wants it. */

#include "config.h"
#include "long-work.h"

/* ---- worker ---- */

#define N_BURST 2000

/* As many as wait for their consumer, and some more. */
#define N_WINDOW 256
#define N_WITHDRAWN 300

static int n_yielded;
static int n_cancelled;
static int late_code = -1;

static GVariant *
tell_counts (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(iii)", n_yielded, n_cancelled, late_code);
}

/* Blocks in a thread of its own, and leaves the main thread free. */
static gpointer
yield_in_thread (gpointer user_data)
{
  g_autoptr (MpelInvocation) invocation = user_data;
  g_autoptr (GError) error = NULL;
  int n;

  g_variant_get (mpel_invocation_get_args (invocation), "(i)", &n);
  for (int i = 0; i != n; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), &error))
      {
        mpel_invocation_return_gerror (invocation, error);
        return NULL;
      }
  mpel_invocation_return_value (invocation, g_variant_new ("(s)", "all"));
  return NULL;
}

static void
start_thread (MpelInvocation *invocation, gpointer user_data)
{
  g_thread_unref (g_thread_new ("yield", yield_in_thread, g_object_ref (invocation)));
}

static void
burst_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (mpel_invocation_yield_value_finish (MPEL_INVOCATION (source), result, &error))
    n_yielded++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    n_cancelled++;
  if (n_yielded + n_cancelled < N_BURST)
    return;
  if (error != NULL)
    mpel_invocation_return_gerror (MPEL_INVOCATION (source), error);
  else
    mpel_invocation_return_value (MPEL_INVOCATION (source), g_variant_new ("(s)", "all"));
}

/* Does not wait for one value before it yields the next. */
static void
burst (MpelInvocation *invocation, gpointer user_data)
{
  n_yielded = n_cancelled = 0;
  for (int i = 0; i < N_BURST; i++)
    mpel_invocation_yield_value_async (invocation, g_variant_new_int32 (i), NULL, burst_cb, NULL);
}

static void
last_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (mpel_invocation_yield_value_finish (MPEL_INVOCATION (source), result, NULL));
  mpel_invocation_return_value (MPEL_INVOCATION (source), g_variant_new ("(ii)", n_yielded, n_cancelled));
}

static void
withdrawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (mpel_invocation_yield_value_finish (MPEL_INVOCATION (source), result, &error))
    n_yielded++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    n_cancelled++;
  if (n_yielded + n_cancelled < N_WITHDRAWN)
    return;
  mpel_invocation_yield_value_async (MPEL_INVOCATION (source), g_variant_new_int32 (N_WINDOW), NULL, last_cb, NULL);
  mpel_invocation_report_progress (MPEL_INVOCATION (source), 1, NULL);
}

/* Takes back what has no room, and yields one more. */
static void
withdraw (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  n_yielded = n_cancelled = 0;
  for (int i = 0; i < N_WITHDRAWN; i++)
    mpel_invocation_yield_value_async (invocation, g_variant_new_int32 (i), cancellable, withdrawn_cb, NULL);
  g_cancellable_cancel (cancellable);
}

static void
yield_too_late (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mpel_invocation_return_value (invocation, g_variant_new ("()"));
  g_assert_false (mpel_invocation_yield_value (invocation, g_variant_new_int32 (1), &error));
  late_code = error->domain == G_IO_ERROR ? error->code : -1;
}

static GVariant *
answer_at_three (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  int *i = user_data;

  if (*i == 3)
    {
      mpel_invocation_return_value (invocation, g_variant_new ("(s)", "all"));
      return NULL;
    }
  return g_variant_new_int32 ((*i)++);
}

static gboolean
set_generator_cb (gpointer user_data)
{
  mpel_invocation_set_generator (user_data, answer_at_three, g_new0 (int, 1), g_free);
  return G_SOURCE_REMOVE;
}

static void
generate_later (MpelInvocation *invocation, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_LOW, set_generator_cb, g_object_ref (invocation), g_object_unref);
}

static GVariant *
generate_in_function (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  set_generator_cb (invocation);
  return NULL;
}

/* ---- host ---- */

static void
count_value_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, LongWork *fixture)
{
  g_assert_cmpint (g_variant_get_int32 (value), ==, fixture->n_values++);
}

static void
set_up (LongWork *fixture, gconstpointer data)
{
  long_work_set_up (fixture, data);
  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (count_value_cb), fixture);
}

static void
run_and_assert (LongWork *fixture, const char *target, GVariant *args, int n_values, const char *results)
{
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (fixture->loop, target, args));

  fixture->n_values = 0;
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, results);
  g_assert_cmpint (fixture->n_values, ==, n_values);
}

static void
take (MpelEvent *event, int n)
{
  for (int i = 0; i < n; i++)
    {
      g_autoptr (GVariant) value = mpel_test_get_next (event, NULL);

      g_assert_nonnull (value);
    }
}

static void
test_ways (LongWork *fixture, gconstpointer data)
{
  g_autofree char *late = g_strdup_printf ("(%d, 0, %d)", N_BURST, G_IO_ERROR_CLOSED);

  g_test_summary ("Values come in order from a thread, in a burst, and from generators that are set late and answer themselves.");

  run_and_assert (fixture, "start-thread", g_variant_new ("(i)", 3000), 3000, "('all',)");
  run_and_assert (fixture, "burst", NULL, N_BURST, "('all',)");
  run_and_assert (fixture, "generate-later", NULL, 3, "('all',)");
  run_and_assert (fixture, "generate-in-function", NULL, 3, "('all',)");
  run_and_assert (fixture, "yield-too-late", NULL, 0, "()");
  run_and_assert (fixture, "tell-counts", NULL, 0, late);
}

static void
test_withdrawn (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "withdraw", NULL);

  g_test_summary ("Values that wait for room can be taken back; those behind them are not hurt.");

  mpel_test_iterate_until_progress (event, 1);
  take (event, N_WINDOW + 1);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "(256, 44)");
}

static void
test_cancelled_thread (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "start-thread", g_variant_new ("(i)", -1));
  g_autoptr (MpelEvent) other = NULL;

  g_test_summary ("A thread that waits for room hinders nobody, and hears that it is cancelled.");

  take (event, 300);
  other = g_object_ref (mpel_test_add (fixture->loop, "tell-counts", NULL));
  mpel_test_iterate_until_state (other, MPEL_EVENT_STATE_DONE);
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);
  mpel_test_assert_each_ended_once (fixture->ends, 2);
}

static void
test_cancelled_burst (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "burst", NULL);
  g_autoptr (MpelEvent) counts = NULL;
  int n_sent, n_refused, code;

  g_test_summary ("Values that wait for room are all refused when their event is cancelled.");

  take (event, 10);
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_cancelled (event);
  counts = g_object_ref (mpel_test_add (fixture->loop, "tell-counts", NULL));
  mpel_test_wait (fixture->loop);
  g_variant_get (mpel_event_get_results (counts), "(iii)", &n_sent, &n_refused, &code);
  g_assert_cmpint (n_sent + n_refused, ==, N_BURST);
  g_assert_cmpint (n_sent, >=, 10);
  g_assert_cmpint (n_refused, >, 0);
}

static void
test_terminate (LongWork *fixture, gconstpointer data)
{
  /* Of a burst some thread has a value in its hands when it is killed, which valgrind takes for lost. */
  const gboolean with_burst = g_strcmp0 (g_getenv ("MPEL_TESTS_WATCHED"), "valgrind") != 0;
  const char    *targets[] = { "yield-endlessly", "generate-endlessly", "start-thread", "burst" };

  g_test_summary ("A loop is terminated while values are on their way, wait in the host, and wait for room.");

  for (guint i = 0; i < (with_burst ? 4 : 3); i++)
    {
      g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, targets[i], g_variant_new ("(i)", -1));

      take (event, 10);
      mpel_event_loop_terminate (fixture->loop);
      mpel_test_wait (fixture->loop);
      mpel_test_assert_cancelled (event);
    }
}

static void
test_dispose (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_test_add_stream (fixture->loop, "yield-endlessly", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A loop is disposed while values come; who asks afterwards gets what had come, and then the reason.");

  take (event, 1000);
  g_object_run_dispose (G_OBJECT (fixture->loop));
  mpel_test_assert_cancelled (event);
  do
    {
      g_clear_object (&result);
      g_clear_pointer (&value, g_variant_unref);
      mpel_event_next_async (event, NULL, mpel_test_keep_result_cb, &result);
      mpel_test_iterate_until_result (&result);
      value = mpel_event_next_finish (event, result, &error);
    }
  while (value != NULL);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->loop));
}

static void
test_many (LongWork *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Many endless streams run beside each other in one worker, and are cancelled in any order.");

  for (guint i = 0; i < 40; i++)
    g_ptr_array_add (events, mpel_test_add_stream (fixture->loop, i % 2 == 0 ? "generate-endlessly" : "start-thread", g_variant_new ("(i)", -1)));
  for (int round = 0; round < 10; round++)
    for (guint i = 0; i < events->len; i++)
      take (events->pdata[i], 30);
  for (guint i = 0; i < events->len; i++)
    mpel_event_cancel (events->pdata[(i * 7) % events->len]);
  mpel_test_wait (fixture->loop);
  for (guint i = 0; i < events->len; i++)
    mpel_test_assert_cancelled (events->pdata[i]);
  mpel_test_assert_each_ended_once (fixture->ends, 40);
}

static void
register_targets (MpelWorker *worker)
{
  long_work_register (worker);
  mpel_worker_add_function (worker, "tell-counts", tell_counts, NULL, NULL);
  mpel_worker_add_function (worker, "generate-in-function", generate_in_function, NULL, NULL);
  mpel_worker_add_handler (worker, "start-thread", start_thread, NULL, NULL);
  mpel_worker_add_handler (worker, "burst", burst, NULL, NULL);
  mpel_worker_add_handler (worker, "withdraw", withdraw, NULL, NULL);
  mpel_worker_add_handler (worker, "yield-too-late", yield_too_late, NULL, NULL);
  mpel_worker_add_handler (worker, "generate-later", generate_later, NULL, NULL);
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, set_up, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/yield/ways", test_ways);
  add_test ("/flow/yield/withdrawn", test_withdrawn);
  add_test ("/flow/yield/cancelled-thread", test_cancelled_thread);
  add_test ("/flow/yield/cancelled-burst", test_cancelled_burst);
  add_test ("/flow/yield/terminate", test_terminate);
  add_test ("/flow/yield/dispose", test_dispose);
  add_test ("/flow/yield/many", test_many);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
