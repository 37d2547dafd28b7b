/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "long-work.h"

/* ---- worker ---- */

static int n_runs;
static int n_freed;

static GVariant *
count_me (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  n_runs++;
  return g_variant_new ("()");
}

static GVariant *
count_runs (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", n_runs);
}

void
long_work_until_cancelled (MpelInvocation *invocation)
{
  mpel_invocation_report_progress (invocation, 0.5, NULL);
  while (!g_cancellable_is_cancelled (mpel_invocation_get_cancellable (invocation)))
    g_usleep (1000);
}

static GVariant *
give_up (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  long_work_until_cancelled (invocation);
  g_cancellable_set_error_if_cancelled (mpel_invocation_get_cancellable (invocation), error);
  return NULL;
}

static GVariant *
finish (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  long_work_until_cancelled (invocation);
  return g_variant_new ("(s)", "finished");
}

static GVariant *
spin (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  volatile guint64 n = 0;

  mpel_invocation_report_progress (invocation, 0.5, NULL);
  for (;;)
    n++;
  return NULL;
}

static void
linger (MpelInvocation *invocation, gpointer user_data)
{
  g_ptr_array_add (user_data, g_object_ref (invocation));
  mpel_invocation_report_progress (invocation, 0.5, NULL);
}

static gboolean
let_go_cb (GCancellable *cancellable, gpointer user_data)
{
  mpel_worker_set_max_concurrent (mpel_worker_get_default (), 0);
  mpel_invocation_return_value (user_data, g_variant_new ("()"));
  return G_SOURCE_REMOVE;
}

static void
hold (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GSource) source = g_cancellable_source_new (mpel_invocation_get_cancellable (invocation));

  mpel_worker_set_max_concurrent (user_data, 1);
  mpel_invocation_report_progress (invocation, 0.5, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (let_go_cb), g_object_ref (invocation), g_object_unref);
  g_source_attach (source, NULL);
}

static GVariant *
yield_numbers (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int n;

  g_variant_get (args, "(i)", &n);
  for (int i = 0; i < n; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error))
      return NULL;
  return g_variant_new ("(s)", "all");
}

/* Blocks the main thread when nobody takes the values. */
static GVariant *
yield_endlessly (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.5, NULL);
  for (int i = 0; mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error); i++)
    ;
  return NULL;
}

static GVariant *
yield_and_fail (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_yield_value (invocation, g_variant_new_int32 (0), NULL);
  mpel_invocation_yield_value (invocation, g_variant_new_int32 (1), NULL);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No more");
  return NULL;
}

static GVariant *
count_on (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  int *i = user_data;

  return g_variant_new_int32 ((*i)++);
}

static void
free_counter (gpointer counter)
{
  g_free (counter);
  n_freed++;
}

static void
generate_endlessly (MpelInvocation *invocation, gpointer user_data)
{
  mpel_invocation_report_progress (invocation, 0.5, NULL);
  mpel_invocation_set_generator (invocation, count_on, g_new0 (int, 1), free_counter);
}

static GVariant *
count_freed (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", n_freed);
}

void
long_work_register (MpelWorker *worker)
{
  GPtrArray *lingering = g_ptr_array_new_with_free_func (g_object_unref);

  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "count-me", count_me, NULL, NULL);
  mpel_worker_add_function (worker, "count-runs", count_runs, NULL, NULL);
  mpel_worker_add_function (worker, "give-up", give_up, NULL, NULL);
  mpel_worker_add_function (worker, "finish", finish, NULL, NULL);
  mpel_worker_add_function (worker, "spin", spin, NULL, NULL);
  mpel_worker_add_handler (worker, "linger", linger, lingering, (GDestroyNotify) g_ptr_array_unref);
  mpel_worker_add_handler (worker, "hold", hold, worker, NULL);
  mpel_worker_add_function (worker, "yield-numbers", yield_numbers, NULL, NULL);
  mpel_worker_add_function (worker, "yield-endlessly", yield_endlessly, NULL, NULL);
  mpel_worker_add_function (worker, "yield-and-fail", yield_and_fail, NULL, NULL);
  mpel_worker_add_handler (worker, "generate-endlessly", generate_endlessly, NULL, NULL);
  mpel_worker_add_function (worker, "count-freed", count_freed, NULL, NULL);
}

/* ---- host ---- */

void
long_work_set_up (LongWork *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->ends = mpel_test_count_ends (fixture->loop);
}

/* So that nothing ends by force. */
void
long_work_set_up_patient (LongWork *fixture, gconstpointer data)
{
  long_work_set_up (fixture, data);
  mpel_event_loop_set_cancel_grace (fixture->loop, 0);
}

void
long_work_set_up_hasty (LongWork *fixture, gconstpointer data)
{
  long_work_set_up (fixture, data);
  mpel_event_loop_set_cancel_grace (fixture->loop, LONG_WORK_SHORT_MS);
}

static void
log_yield_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_SENT);
  g_ptr_array_add (user_data, g_variant_print (value, TRUE));
}

void
long_work_set_up_log (LongWork *fixture, gconstpointer data)
{
  long_work_set_up (fixture, data);
  fixture->log = mpel_test_collect (fixture->loop);
  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (log_yield_cb), fixture->log);
}

void
long_work_tear_down (LongWork *fixture, gconstpointer data)
{
  if (fixture->loop != NULL)
    mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_clear_pointer (&fixture->log, g_ptr_array_unref);
  g_clear_pointer (&fixture->ends, g_hash_table_unref);
  mpel_test_assert_no_trace (fixture->before);
}

void
long_work_assert_n_runs (LongWork *fixture, const char *printed)
{
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (fixture->loop, "count-runs", NULL));

  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, printed);
}

GPtrArray *
long_work_add_echoes (LongWork *fixture, int n)
{
  GPtrArray *events = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < n; i++)
    g_ptr_array_add (events, g_object_ref (mpel_test_add (fixture->loop, "echo", g_variant_new ("(i)", i))));
  return events;
}

void
long_work_assert_echoes (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      g_autofree char *expected = g_strdup_printf ("(%u,)", i);

      mpel_test_assert_results (events->pdata[i], expected);
    }
}

void
long_work_assert_log (LongWork *fixture, const char *expected)
{
  g_autofree char *text = NULL;

  g_ptr_array_add (fixture->log, NULL);
  text = g_strjoinv (" | ", (char **) fixture->log->pdata);
  g_assert_cmpstr (text, ==, expected);
  g_ptr_array_set_size (fixture->log, 0);
}
