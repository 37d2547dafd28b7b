/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A real worker, and a host that speaks the wire by hand: what is cancelled, given back, reported, and
 * how much is open. */

#include "config.h"
#include "by-hand.h"
#include "worker-targets.h"

#include "mpel-names-private.h"
#include "mpel.h"

static void
test_cancel_running (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("The event that runs is cancelled while the main thread is busy with it.");

  by_hand_run (host, 1, "hold", "()", "PROGRESS 1 *");
  by_hand_cancel (host, 1);
  by_hand_wait (host, "DONE 1 ()");
  by_hand_free (host);
}

static void
test_cancel_queued (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("An event that waits is answered at once, and never reaches its target.");

  by_hand_add (host, 1, "hold", "()");
  by_hand_add (host, 2, "touch", "()");
  by_hand_add (host, 3, "touch", "()");
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 1 *");
  by_hand_cancel (host, 2);
  by_hand_cancel (host, 2);
  by_hand_wait (host, "FAILED 2 g-io-error-quark:19: *");
  g_assert_cmpuint (by_hand_count (host, "DONE *"), ==, 0);

  by_hand_cancel (host, 1);
  by_hand_wait (host, "DONE 1 ()");
  by_hand_wait (host, "DONE 3 1");
  by_hand_wait_taken (host, 3);
  by_hand_cancel (host, 2);
  by_hand_cancel (host, 3);
  by_hand_run (host, 4, "touch", "()", "DONE 4 2");
  g_assert_cmpuint (by_hand_count (host, "FAILED *"), ==, 1);
  by_hand_wait_taken (host, 4);
  g_assert_cmpuint (by_hand_get_n_taken (host), ==, 4);
  by_hand_free (host);
}

static void
test_cancel_open (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("An open event is cancelled, also when it asks for its cancellable later.");

  by_hand_run (host, 1, "keep", "()", "PROGRESS 1 *");
  by_hand_cancel (host, 1);
  by_hand_run (host, 2, "keep", "()", "PROGRESS 2 *");
  by_hand_run (host, 3, "answer-kept", "()", "DONE 1 true");
  by_hand_run (host, 4, "answer-kept", "()", "DONE 2 false");
  by_hand_run (host, 5, "wait-and-answer", "()", "PROGRESS 5 *");
  by_hand_run (host, 6, "hold", "()", "PROGRESS 6 *");
  by_hand_cancel (host, 5);
  by_hand_wait (host, "DONE 5 'cancelled'");
  by_hand_cancel (host, 6);
  by_hand_wait (host, "DONE 6 ()");
  by_hand_free (host);
}

static void
test_cancel_generator (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A generator that is cancelled is not asked any more, and dropped.");

  by_hand_add (host, 1, "count", ENDLESS);
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 1 *", MPEL_YIELD_WINDOW);
  by_hand_cancel (host, 1);
  by_hand_wait (host, "FAILED 1 g-io-error-quark:19: *");
  by_hand_run (host, 2, "get-destroyed", "()", "DONE 2 1");
  by_hand_free (host);
}

static void
test_recall (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("What has not begun is given back while the main thread computes.");

  by_hand_add (host, 1, "hold", "()");
  for (guint i = 2; i <= 6; i++)
    by_hand_add (host, i, "touch", "()");
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 1 *");
  by_hand_cancel (host, 3);
  by_hand_demand (host, MPEL_RECORD_RECALL, 5, NULL);
  by_hand_cancel (host, 4);
  by_hand_wait (host, "RECALLED 1 nothing");
  g_assert_cmpuint (by_hand_find (host, "FAILED 3 *"), <, by_hand_find (host, "RECALLED *"));

  by_hand_cancel (host, 1);
  by_hand_wait (host, "DONE 6 1");
  by_hand_wait_taken (host, 6);
  g_assert_cmpuint (by_hand_get_n_taken (host), ==, 6);
  g_assert_cmpuint (by_hand_count (host, "FAILED *"), ==, 1);
  g_assert_cmpuint (by_hand_count (host, "DONE *"), ==, 2);

  by_hand_demand (host, MPEL_RECORD_RECALL, 6, NULL);
  by_hand_wait (host, "RECALLED 6 nothing");
  by_hand_run (host, 7, "touch", "()", "DONE 7 2");
  by_hand_free (host);
}

static void
test_progress_many (void)
{
  ByHand *host = by_hand_new ();
  gint64  begin = g_get_monotonic_time ();
  guint   n_reports;

  g_test_summary ("A million reports are a few records, and the last comes before the end.");

  by_hand_run (host, 1, "report", "(1000000,)", "DONE 1 ()");
  n_reports = by_hand_count (host, "PROGRESS 1 *");
  g_test_message ("%u records in %d ms", n_reports, (int) ((g_get_monotonic_time () - begin) / 1000));
  g_assert_cmpuint (n_reports, >=, 2);
  g_assert_cmpuint (n_reports, <=, 2 + (guint) ((g_get_monotonic_time () - begin) / 16000));
  g_assert_cmpstr (by_hand_get_line (host, 0), ==, "PROGRESS 1 (0.0, 'reports')");
  g_assert_cmpstr (by_hand_get_line (host, n_reports - 1), ==, "PROGRESS 1 (1.0, 'reports')");
  g_assert_cmpuint (by_hand_find (host, "DONE 1 ()"), ==, n_reports);
  by_hand_free (host);
}

static void
test_progress_in_time (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("The last report is told while its event computes on.");

  by_hand_run (host, 1, "report-and-hold", "()", "PROGRESS 1 (0.0, 'holds')");
  g_assert_cmpstr (by_hand_get_line (host, 0), ==, "PROGRESS 1 (0.25, 'first')");
  by_hand_cancel (host, 1);
  by_hand_wait (host, "DONE 1 ()");
  by_hand_free (host);
}

static void
test_progress_bounds (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Fractions are bounded, and nothing follows the answer.");

  by_hand_run (host, 1, "report-one", "(-0.5,)", "DONE 1 ()");
  by_hand_wait (host, "PROGRESS 1 (0.0, '')");
  by_hand_run (host, 2, "report-one", "(7.5,)", "DONE 2 ()");
  by_hand_wait (host, "PROGRESS 2 (1.0, '')");
  by_hand_run (host, 3, "report-one", "(nan,)", "DONE 3 ()");
  by_hand_wait (host, "PROGRESS 3 (0.0, '')");
  by_hand_run (host, 4, "answer-and-go-on", "()", "DONE 4 ()");
  by_hand_run (host, 5, "echo", "(1,)", "DONE 5 (1,)");
  g_assert_cmpuint (by_hand_count (host, "PROGRESS 4 *"), ==, 0);
  g_assert_cmpuint (by_hand_count (host, "YIELD 4 *"), ==, 0);
  by_hand_free (host);
}

static void
test_old_host (void)
{
  const char *const abilities[] = { MPEL_ABILITY_BLOBS, NULL };
  ByHand           *host = by_hand_new_with (abilities);

  g_test_summary ("A host that knows nothing of long work is told nothing of it.");

  by_hand_run (host, 1, "report", "(10,)", "DONE 1 ()");
  by_hand_run (host, 2, "yield-all", "(10,)", "FAILED 2 mpel-loop-error-quark:12: *");
  by_hand_run (host, 3, "count", COUNT ("a", 3), "FAILED 3 mpel-loop-error-quark:12: *");
  by_hand_run (host, 4, "count-in-handler", COUNT ("a", 3), "FAILED 4 mpel-loop-error-quark:12: *");
  by_hand_run (host, 5, "yield-async", "(1,)", "FAILED 5 *");
  by_hand_run (host, 6, "get-destroyed", "()", "DONE 6 2");
  g_assert_cmpuint (by_hand_count (host, "PROGRESS *"), ==, 0);
  g_assert_cmpuint (by_hand_count (host, "YIELD *"), ==, 0);
  by_hand_free (host);
}

static void
test_max_concurrent (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("No more events begin than may be open; one that is answered makes room.");

  by_hand_run (host, 1, "set-max", "(uint32 2,)", "DONE 1 ()");
  by_hand_add (host, 2, "wait-and-answer", "()");
  by_hand_add (host, 3, "wait-and-answer", "()");
  by_hand_add (host, 4, "touch", "()");
  by_hand_add (host, 5, "touch", "()");
  by_hand_add (host, 6, "touch", "()");
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 3 *");
  by_hand_cancel (host, 4);
  by_hand_wait (host, "FAILED 4 *");
  by_hand_wait_taken (host, 4);
  by_hand_demand (host, MPEL_RECORD_RECALL, 5, NULL);
  by_hand_wait (host, "RECALLED 3 *");
  by_hand_wait_taken (host, 5);
  g_assert_cmpuint (by_hand_count (host, "DONE 6 *"), ==, 0);

  by_hand_cancel (host, 3);
  by_hand_wait (host, "DONE 6 1");
  g_assert_cmpuint (by_hand_find (host, "DONE 3 *"), <, by_hand_find (host, "DONE 6 *"));
  by_hand_cancel (host, 2);
  by_hand_wait (host, "DONE 2 *");
  by_hand_free (host);
}

static void
test_max_concurrent_generator (void)
{
  ByHand          *host = by_hand_new ();
  g_autofree char *lines = NULL;

  g_test_summary ("A generator goes on while no other event may begin.");

  by_hand_add (host, 1, "set-max", "(uint32 1,)");
  by_hand_add (host, 2, "count", COUNT ("a", 2));
  by_hand_add (host, 3, "set-max", "(uint32 0,)");
  by_hand_send (host);
  by_hand_wait (host, "DONE 3 *");
  lines = by_hand_print (host, "none");
  g_assert_cmpstr (lines, ==, "DONE 1 ()\nYIELD 2 ('a', 0)\nYIELD 2 ('a', 1)\nDONE 2 ()\nDONE 3 ()\n");
  by_hand_free (host);
}

static void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept_result = user_data;

  *kept_result = g_object_ref (result);
}

static void
test_plain (void)
{
  ByHand          *host = by_hand_new ();
  GDBusConnection *connection = by_hand_get_connection (host);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A plain D-Bus call takes no values.");

  /* GDBus knows the names of its errors once somebody asked for the domain. */
  g_assert_cmpuint (MPEL_LOOP_ERROR, !=, 0);

  g_dbus_connection_call (connection, NULL, MPEL_WORKER_PATH, "org.mpel.Worker1", "Call", g_variant_new_parsed ("('count', [<'a'>, <3>, <0>, <0>, <''>], @a{sv} {})"), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  reply = g_dbus_connection_call_finish (connection, result, &error);
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NOT_STREAMED);
  by_hand_run (host, 1, "get-destroyed", "()", "DONE 1 1");
  by_hand_free (host);
}

static void
test_leave_busy (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A worker leaves with generators, open events and such that wait.");

  by_hand_add (host, 1, "set-max", "(uint32 2,)");
  by_hand_add (host, 2, "count", ENDLESS);
  by_hand_add (host, 3, "keep", "()");
  by_hand_add (host, 4, "touch", "()");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 2 *", 256);
  by_hand_wait (host, "PROGRESS 3 *");
  by_hand_free (host);
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker != NULL)
    return worker_targets_run (worker);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpel/worker/cancel/running", test_cancel_running);
  g_test_add_func ("/mpel/worker/cancel/queued", test_cancel_queued);
  g_test_add_func ("/mpel/worker/cancel/open", test_cancel_open);
  g_test_add_func ("/mpel/worker/cancel/generator", test_cancel_generator);
  g_test_add_func ("/mpel/worker/recall", test_recall);
  g_test_add_func ("/mpel/worker/progress/many", test_progress_many);
  g_test_add_func ("/mpel/worker/progress/in-time", test_progress_in_time);
  g_test_add_func ("/mpel/worker/progress/bounds", test_progress_bounds);
  g_test_add_func ("/mpel/worker/old-host", test_old_host);
  g_test_add_func ("/mpel/worker/max-concurrent/handlers", test_max_concurrent);
  g_test_add_func ("/mpel/worker/max-concurrent/generator", test_max_concurrent_generator);
  g_test_add_func ("/mpel/worker/plain", test_plain);
  g_test_add_func ("/mpel/worker/leave-busy", test_leave_busy);
  return g_test_run ();
}
