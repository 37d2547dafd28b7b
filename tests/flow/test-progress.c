/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How far an event is: told while it runs, seldom, and to the last. */

#include "config.h"
#include "mpel-test.h"

#include <math.h>

/* ---- worker ---- */

/* Reports what it is given. */
static GVariant *
report (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (GVariantIter) reports = NULL;
  const char *message;
  double      fraction;

  g_variant_get (args, "(a(dms))", &reports);
  while (g_variant_iter_next (reports, "(dm&s)", &fraction, &message))
    mpel_invocation_report_progress (invocation, fraction, message);
  return g_variant_new ("()");
}

static GVariant *
report_broken_text (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.5, "fine \xff fine");
  return g_variant_new ("()");
}

static GVariant *
report_often (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int n;

  g_variant_get (args, "(i)", &n);
  for (int i = 1; i <= n; i++)
    mpel_invocation_report_progress (invocation, (double) i / n, i == n ? "last" : NULL);
  return g_variant_new ("()");
}

static GVariant *
report_and_yield (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.25, NULL);
  for (int i = 0; i < 3; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error))
      return NULL;
  mpel_invocation_report_progress (invocation, 1, NULL);
  return g_variant_new ("()");
}

static GVariant *
report_and_fail (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.25, "first");
  mpel_invocation_report_progress (invocation, 0.75, "then");
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No");
  return NULL;
}

static gpointer
report_in_thread (gpointer user_data)
{
  g_autoptr (MpelInvocation) invocation = user_data;

  for (int i = 1; i <= 10000; i++)
    mpel_invocation_report_progress (invocation, i / 10000.0, "thread");
  mpel_invocation_return_value (invocation, g_variant_new ("()"));
  /* Nobody hears this any more. */
  mpel_invocation_report_progress (invocation, 0.1, "late");
  return NULL;
}

static void
start_thread (MpelInvocation *invocation, gpointer user_data)
{
  g_thread_unref (g_thread_new ("report", report_in_thread, g_object_ref (invocation)));
}

static GVariant *
wait_for_cancel (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.25, "waits");
  mpel_invocation_report_progress (invocation, 0.5, "still waits");
  while (!g_cancellable_set_error_if_cancelled (mpel_invocation_get_cancellable (invocation), error))
    g_usleep (1000);
  return NULL;
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  GString       *log; /* what was told, in order */
  guint          n_signals;
} Fixture;

static void
log_progress_cb (MpelEventLoop *loop, MpelEvent *event, Fixture *fixture)
{
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_SENT);
  fixture->n_signals++;
  g_string_append_printf (fixture->log, "%g ", mpel_event_get_progress (event));
}

static void
log_yield_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "y%d ", g_variant_get_int32 (value));
}

static gboolean
log_end_cb (MpelEventLoop *loop, MpelEvent *event, Fixture *fixture)
{
  g_string_append (fixture->log, "end ");
  return FALSE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->log = g_string_new (NULL);
  g_signal_connect (fixture->loop, "event-progress", G_CALLBACK (log_progress_cb), fixture);
  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (log_yield_cb), fixture);
  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (log_end_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_string_free (fixture->log, TRUE);
  mpel_test_assert_no_trace (fixture->before);
}

static MpelEvent *
run (Fixture *fixture, const char *target, const char *args)
{
  MpelEvent *event = mpel_test_add (fixture->loop, target, args != NULL ? g_variant_new_parsed (args) : NULL);

  g_object_ref (event);
  mpel_test_wait (fixture->loop);
  return event;
}

static void
count_cb (GObject *object, gpointer what, gpointer user_data)
{
  ++*(int *) user_data;
}

static void
test_notify (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("report", g_variant_new_parsed ("([(0.5, @ms 'half')],)"), NULL);
  g_autoptr (GError) error = NULL;
  int n_progress = 0, n_message = 0;

  g_test_summary ("Progress and its message are properties that notify; both start anew with the event.");

  g_signal_connect (event, "notify::progress", G_CALLBACK (count_cb), &n_progress);
  g_signal_connect (event, "notify::progress-message", G_CALLBACK (count_cb), &n_message);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_progress + n_message, ==, 0);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "()");
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0.5);
  g_assert_cmpstr (mpel_event_get_progress_message (event), ==, "half");
  g_assert_cmpint (n_progress, ==, 1);
  g_assert_cmpint (n_message, ==, 1);
  g_assert_cmpuint (fixture->n_signals, ==, 1);

  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0);
  g_assert_null (mpel_event_get_progress_message (event));
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (n_progress, ==, 3);
  g_assert_cmpint (n_message, ==, 3);
}

static void
test_message (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) none = run (fixture, "report", "([(0.25, @ms 'some'), (0.5, nothing)],)");
  g_autoptr (MpelEvent) broken = run (fixture, "report-broken-text", NULL);

  g_test_summary ("A report without a message takes the message back; one that is no UTF-8 is mended.");

  g_assert_cmpfloat (mpel_event_get_progress (none), ==, 0.5);
  g_assert_null (mpel_event_get_progress_message (none));
  g_assert_true (g_utf8_validate (mpel_event_get_progress_message (broken), -1, NULL));
  g_assert_true (g_str_has_prefix (mpel_event_get_progress_message (broken), "fine "));
}

static void
test_clamped (Fixture *fixture, gconstpointer data)
{
  const double given[] = { -1, 2, NAN, INFINITY, -INFINITY, 0, 1, -0.0 };
  const double wanted[] = { 0, 1, 0, 1, 0, 0, 1, 0 };

  g_test_summary ("What is no fraction becomes the nearest one, and what is no number none.");

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (MpelEvent) event = NULL;
      GVariantBuilder builder;

      g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(dms)"));
      g_variant_builder_add (&builder, "(dms)", given[i], "");
      event = g_object_ref (mpel_test_add (fixture->loop, "report", g_variant_new ("(a(dms))", &builder)));
      mpel_test_wait (fixture->loop);
      mpel_test_assert_results (event, "()");
      g_assert_cmpfloat (mpel_event_get_progress (event), ==, wanted[i]);
    }
}

static void
test_often (Fixture *fixture, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (MpelEvent) event = run (fixture, "report-often", "(1000000,)");
  guint n_frames = (guint) ((g_get_monotonic_time () - begin) / 16000);

  g_test_summary ("A million reports become one per frame, and the last of them arrives.");

  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 1);
  g_assert_cmpstr (mpel_event_get_progress_message (event), ==, "last");
  g_assert_true (g_str_has_suffix (fixture->log->str, "1 end "));
  /* The first, one each frame, and the last. */
  g_assert_cmpuint (fixture->n_signals, >=, 2);
  g_assert_cmpuint (fixture->n_signals, <=, n_frames + 2);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) yielding = run (fixture, "report-and-yield", NULL);
  g_autoptr (MpelEvent) failing = NULL;

  g_test_summary ("The first report comes before the values behind it, and the last before the end.");

  mpel_test_assert_results (yielding, "()");
  g_assert_cmpstr (fixture->log->str, ==, "0.25 y0 y1 y2 1 end ");

  g_string_truncate (fixture->log, 0);
  failing = run (fixture, "report-and-fail", NULL);
  g_assert_cmpstr (fixture->log->str, ==, "0.25 0.75 end ");
  g_assert_cmpstr (mpel_event_get_progress_message (failing), ==, "then");
}

static void
test_held_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = g_object_ref (mpel_test_add (fixture->loop, "wait-for-cancel", NULL));

  g_test_summary ("A report that was held back comes by itself, though the target computes and reports no more.");

  mpel_test_iterate_until_progress (event, 0.5);
  g_assert_cmpstr (mpel_event_get_progress_message (event), ==, "still waits");
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (event);
  mpel_test_wait (fixture->loop);
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0.5);
}

static void
test_thread (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Threads report, answer, and report once more in vain.");

  for (int i = 0; i < 50; i++)
    {
      g_autoptr (MpelEvent) event = run (fixture, "start-thread", NULL);

      mpel_test_assert_results (event, "()");
      g_assert_cmpfloat (mpel_event_get_progress (event), ==, 1);
      g_assert_cmpstr (mpel_event_get_progress_message (event), ==, "thread");
    }
}

static void
test_detail (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("report", g_variant_new_parsed ("([(0.5, @ms nothing)],)"), NULL);
  g_autoptr (MpelEvent) other = mpel_event_new ("report", g_variant_new_parsed ("([(0.5, @ms nothing)],)"), NULL);
  g_autoptr (GError) error = NULL;
  int n = 0;

  g_test_summary ("The signal's detail is the event's key, and an event without output tells its progress too.");

  mpel_event_set_event_key (event, "mine");
  mpel_event_set_has_output (event, FALSE);
  g_signal_connect (fixture->loop, "event-progress::mine", G_CALLBACK (count_cb), &n);
  mpel_event_loop_run (fixture->loop, (MpelEvent *[]){ event, other }, 2, &error);
  g_assert_no_error (error);
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (n, ==, 1);
  g_assert_cmpuint (fixture->n_signals, ==, 2);
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0.5);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "report", report, NULL, NULL);
  mpel_worker_add_function (worker, "report-broken-text", report_broken_text, NULL, NULL);
  mpel_worker_add_function (worker, "report-often", report_often, NULL, NULL);
  mpel_worker_add_function (worker, "report-and-yield", report_and_yield, NULL, NULL);
  mpel_worker_add_function (worker, "report-and-fail", report_and_fail, NULL, NULL);
  mpel_worker_add_function (worker, "wait-for-cancel", wait_for_cancel, NULL, NULL);
  mpel_worker_add_handler (worker, "start-thread", start_thread, NULL, NULL);
}

static void
add_test (const char *path, void (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/progress/notify", test_notify);
  add_test ("/flow/progress/message", test_message);
  add_test ("/flow/progress/clamped", test_clamped);
  add_test ("/flow/progress/often", test_often);
  add_test ("/flow/progress/order", test_order);
  add_test ("/flow/progress/held-back", test_held_back);
  add_test ("/flow/progress/thread", test_thread);
  add_test ("/flow/progress/detail", test_detail);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
