/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A real worker, and a host that speaks the wire by hand: what goes on in a worker beside the one
 * event after the other. */

#include "config.h"
#include "by-hand.h"

#include "mpel-names-private.h"
#include "mpel.h"

#include <stdlib.h>

/* ---- the worker ---- */

static GQueue kept = G_QUEUE_INIT; /* of (owned) MpelInvocation */
static int    n_destroyed = 0;
static int    n_touched = 0;
static int    yield_code = 0; /* of the last error, or 0 */

static GVariant *
unit (void)
{
  return g_variant_new_tuple (NULL, 0);
}

static GVariant *
echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_ref (args);
}

static GVariant *
touch (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (++n_touched);
}

static void
wait_for_cancel (MpelInvocation *invocation)
{
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (mpel_invocation_get_cancellable (invocation), &fd));
  while (g_poll (&fd, 1, -1) < 0)
    ;
  g_cancellable_release_fd (mpel_invocation_get_cancellable (invocation));
}

/* Keeps the main thread until it is cancelled. */
static GVariant *
hold (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0, "holds");
  wait_for_cancel (invocation);
  return unit ();
}

/* What is reported last is told although nothing more is reported. */
static GVariant *
report_and_hold (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.25, "first");
  mpel_invocation_report_progress (invocation, 0.5, "second");
  mpel_invocation_report_progress (invocation, 0.75, "third");
  return hold (invocation, args, kwargs, user_data, error);
}

static GVariant *
report (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int n;

  g_variant_get (args, "(i)", &n);
  for (int i = 0; i < n; i++)
    mpel_invocation_report_progress (invocation, i / (double) (n - 1), "reports");
  return unit ();
}

static GVariant *
report_one (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  double fraction;

  g_variant_get (args, "(d)", &fraction);
  mpel_invocation_report_progress (invocation, fraction, NULL);
  return unit ();
}

static void
answer_and_go_on (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mpel_invocation_return_value (invocation, unit ());
  mpel_invocation_report_progress (invocation, 1, "too late");
  g_assert_false (mpel_invocation_yield_value (invocation, unit (), &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NOT_STREAMED);
}

static void
keep (MpelInvocation *invocation, gpointer user_data)
{
  g_queue_push_tail (&kept, g_object_ref (invocation));
  mpel_invocation_report_progress (invocation, 0, "kept");
}

/* Answers the oldest that is kept, with whether it was cancelled. */
static GVariant *
answer_kept (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (MpelInvocation) first = g_queue_pop_head (&kept);
  GCancellable *cancellable = mpel_invocation_get_cancellable (first);

  g_assert_true (cancellable == mpel_invocation_get_cancellable (first));
  mpel_invocation_return_value (first, g_variant_new_boolean (g_cancellable_is_cancelled (cancellable)));
  return unit ();
}

static void
answer_in_other_thread_cb (GCancellable *cancellable, MpelInvocation *invocation)
{
  mpel_invocation_return_value (invocation, g_variant_new_string ("cancelled"));
}

/* Answers in the thread that cancels. */
static void
wait_and_answer (MpelInvocation *invocation, gpointer user_data)
{
  GCancellable *cancellable = mpel_invocation_get_cancellable (invocation);

  mpel_invocation_report_progress (invocation, 0, "waits");
  g_cancellable_connect (cancellable, G_CALLBACK (answer_in_other_thread_cb), g_object_ref (invocation), g_object_unref);
}

typedef struct
{
  char *label;
  int   n_made;
  int   n_wanted;
  int   n_bytes;  /* of each value, or 0 */
  int   spin_us;  /* of each value */
  char *last_act; /* instead of the end: fail or answer */
} Counter;

static void
counter_free (gpointer user_data)
{
  Counter *counter = user_data;

  g_free (counter->label);
  g_free (counter->last_act);
  g_free (counter);
  n_destroyed++;
}

static GVariant *
end_counter (Counter *counter, MpelInvocation *invocation, GError **error)
{
  if (g_str_equal (counter->last_act, "fail"))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "no more");
  else if (g_str_equal (counter->last_act, "answer"))
    mpel_invocation_return_value (invocation, g_variant_new_int32 (counter->n_made));
  return NULL;
}

static GVariant *
next_of_counter (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  Counter *counter = user_data;
  gint64   end = g_get_monotonic_time () + counter->spin_us;

  while (g_get_monotonic_time () < end)
    ;
  if (counter->n_made == counter->n_wanted)
    return end_counter (counter, invocation, error);
  if (counter->n_bytes > 0)
    {
      g_autofree char *text = g_strnfill ((gsize) counter->n_bytes, 'x');

      counter->n_made++;
      return g_variant_new_string (text);
    }
  return g_variant_new ("(si)", counter->label, counter->n_made++);
}

static GVariant *
count (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  Counter *counter = g_new0 (Counter, 1);

  g_variant_get (args, "(siiis)", &counter->label, &counter->n_wanted, &counter->n_bytes, &counter->spin_us, &counter->last_act);
  mpel_invocation_set_generator (invocation, next_of_counter, counter, counter_free);
  return NULL;
}

/* The second value has to wait for the first. */
static GVariant *
yield_then_large (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  Counter *counter = g_new0 (Counter, 1);

  counter->n_wanted = 1;
  counter->n_bytes = 70000000;
  counter->label = g_strdup ("");
  counter->last_act = g_strdup ("");
  if (!mpel_invocation_yield_value (invocation, unit (), error))
    return NULL;
  mpel_invocation_set_generator (invocation, next_of_counter, counter, counter_free);
  return NULL;
}

static void
count_in_handler (MpelInvocation *invocation, gpointer user_data)
{
  count (invocation, mpel_invocation_get_args (invocation), NULL, NULL, NULL);
}

static GVariant *
get_destroyed (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (n_destroyed);
}

static GVariant *
yield_all (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int n;

  g_variant_get (args, "(i)", &n);
  for (int i = 0; i < n; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error))
      return NULL;
  return g_variant_new_int32 (n);
}

static void
note_yield_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MpelInvocation *invocation = MPEL_INVOCATION (source);
  int            *n_left = user_data;
  g_autoptr (GError) error = NULL;

  if (!mpel_invocation_yield_value_finish (invocation, result, &error))
    yield_code = error->code;
  if (--*n_left > 0)
    return;
  g_free (n_left);
  if (error != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mpel_invocation_return_gerror (invocation, error);
  else if (error == NULL)
    mpel_invocation_return_value (invocation, unit ());
}

/* Waits in a main loop of its own until a yield has failed. */
static GVariant *
get_yield_code (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  while (yield_code == 0)
    g_main_context_iteration (NULL, TRUE);
  return g_variant_new_int32 (yield_code);
}

/* All at once: most of them wait. */
static void
yield_async (MpelInvocation *invocation, gpointer user_data)
{
  int *n_left = g_new0 (int, 1);
  int  n;

  g_variant_get (mpel_invocation_get_args (invocation), "(i)", &n);
  *n_left = n;
  for (int i = 0; i < n; i++)
    mpel_invocation_yield_value_async (invocation, g_variant_new_int32 (i), note_yield_cb, n_left);
}

static void
yield_async_and_keep (MpelInvocation *invocation, gpointer user_data)
{
  yield_async (invocation, user_data);
  keep (invocation, user_data);
}

static gpointer
yield_thread (gpointer user_data)
{
  g_autoptr (MpelInvocation) invocation = user_data;
  g_autoptr (GError) error = NULL;
  GVariant *results;

  results = yield_all (invocation, mpel_invocation_get_args (invocation), NULL, NULL, &error);
  if (error != NULL)
    mpel_invocation_return_gerror (invocation, error);
  else
    mpel_invocation_return_value (invocation, results);
  return NULL;
}

static void
yield_in_thread (MpelInvocation *invocation, gpointer user_data)
{
  g_thread_unref (g_thread_new ("yield", yield_thread, g_object_ref (invocation)));
}

static GVariant *
set_max (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  guint max;

  g_variant_get (args, "(u)", &max);
  g_object_set (mpel_worker_get_default (), "max-concurrent", max, NULL);
  g_assert_cmpuint (mpel_worker_get_max_concurrent (mpel_worker_get_default ()), ==, max);
  return unit ();
}

/* An event class whose run is a generator. */
#define TEST_TYPE_COUNTING (test_counting_get_type ())
G_DECLARE_FINAL_TYPE (TestCounting, test_counting, TEST, COUNTING, MpelEvent)

struct _TestCounting
{
  MpelEvent parent_instance;
};

G_DEFINE_FINAL_TYPE (TestCounting, test_counting, MPEL_TYPE_EVENT)

static GVariant *
test_counting_run (MpelEvent *event, MpelInvocation *invocation, GError **error)
{
  return count (invocation, mpel_invocation_get_args (invocation), NULL, NULL, error);
}

static void
test_counting_class_init (TestCountingClass *klass)
{
  MPEL_EVENT_CLASS (klass)->run = test_counting_run;
}

static void
test_counting_init (TestCounting *self)
{
}

static const struct
{
  const char    *name;
  MpelTargetFunc func;
} functions[] = {
  { "echo", echo },
  { "touch", touch },
  { "hold", hold },
  { "report", report },
  { "report-one", report_one },
  { "report-and-hold", report_and_hold },
  { "answer-kept", answer_kept },
  { "count", count },
  { "get-destroyed", get_destroyed },
  { "get-yield-code", get_yield_code },
  { "yield-all", yield_all },
  { "yield-then-large", yield_then_large },
  { "set-max", set_max },
};

static const struct
{
  const char     *name;
  MpelHandlerFunc func;
} handlers[] = {
  { "answer-and-go-on", answer_and_go_on },
  { "keep", keep },
  { "wait-and-answer", wait_and_answer },
  { "count-in-handler", count_in_handler },
  { "yield-async", yield_async },
  { "yield-async-and-keep", yield_async_and_keep },
  { "yield-in-thread", yield_in_thread },
};

static int
run_worker (MpelWorker *worker)
{
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    mpel_worker_add_function (worker, functions[i].name, functions[i].func, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    mpel_worker_add_handler (worker, handlers[i].name, handlers[i].func, NULL, NULL);
  mpel_worker_add_event_class (worker, TEST_TYPE_COUNTING);
  return mpel_worker_run (worker);
}

/* ---- the host ---- */

#define COUNT(label, n) "('" label "', " #n ", 0, 0, '')"
#define ENDLESS "('endless', 1000000000, 0, 0, '')"

static void
cancel (ByHand *host, guint64 id)
{
  by_hand_demand (host, MPEL_RECORD_CANCEL, id, NULL);
}

static void
acknowledge (ByHand *host, guint64 id, guint n)
{
  by_hand_demand (host, MPEL_RECORD_ACK, id, g_variant_new_uint32 (n));
}

static void
test_cancel_running (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("The event that runs is cancelled while the main thread is busy with it.");

  by_hand_run (host, 1, "hold", "()", "PROGRESS 1 *");
  cancel (host, 1);
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
  cancel (host, 2);
  cancel (host, 2);
  by_hand_wait (host, "FAILED 2 g-io-error-quark:19: *");
  g_assert_cmpuint (by_hand_count (host, "DONE *"), ==, 0);

  cancel (host, 1);
  by_hand_wait (host, "DONE 1 ()");
  by_hand_wait (host, "DONE 3 1");
  by_hand_wait_taken (host, 3);
  cancel (host, 2);
  cancel (host, 3);
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
  cancel (host, 1);
  by_hand_run (host, 2, "keep", "()", "PROGRESS 2 *");
  by_hand_run (host, 3, "answer-kept", "()", "DONE 1 true");
  by_hand_run (host, 4, "answer-kept", "()", "DONE 2 false");
  by_hand_run (host, 5, "wait-and-answer", "()", "PROGRESS 5 *");
  by_hand_run (host, 6, "hold", "()", "PROGRESS 6 *");
  cancel (host, 5);
  by_hand_wait (host, "DONE 5 'cancelled'");
  cancel (host, 6);
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
  cancel (host, 1);
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
  cancel (host, 3);
  by_hand_demand (host, MPEL_RECORD_RECALL, 5, NULL);
  cancel (host, 4);
  by_hand_wait (host, "RECALLED 1 nothing");
  g_assert_cmpuint (by_hand_find (host, "FAILED 3 *"), <, by_hand_find (host, "RECALLED *"));

  cancel (host, 1);
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
  cancel (host, 1);
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
test_generator_order (void)
{
  ByHand          *host = by_hand_new ();
  g_autofree char *lines = NULL;

  g_test_summary ("Generators take turns with each other and with new events.");

  by_hand_add (host, 1, "count", COUNT ("a", 4));
  by_hand_add (host, 2, "count-in-handler", COUNT ("b", 2));
  by_hand_add (host, 3, "echo", "(1,)");
  by_hand_send (host);
  by_hand_wait (host, "DONE 1 *");
  lines = by_hand_print (host, "none");
  g_assert_cmpstr (lines,
                   ==,
                   "YIELD 1 ('a', 0)\n"
                   "YIELD 1 ('a', 1)\n"
                   "YIELD 2 ('b', 0)\n"
                   "DONE 3 (1,)\n"
                   "YIELD 1 ('a', 2)\n"
                   "YIELD 2 ('b', 1)\n"
                   "YIELD 1 ('a', 3)\n"
                   "DONE 2 ()\n"
                   "DONE 1 ()\n");
  by_hand_run (host, 4, "get-destroyed", "()", "DONE 4 2");
  by_hand_free (host);
}

static void
test_generator_interrupted (void)
{
  ByHand          *host = by_hand_new ();
  g_autofree char *lines = NULL;

  g_test_summary ("A turn that takes longer than its slice goes on where it was.");

  by_hand_add (host, 1, "count", "('a', 2, 0, 7000, '')");
  by_hand_add (host, 2, "count", "('b', 2, 0, 7000, '')");
  by_hand_add (host, 3, "echo", "(1,)");
  by_hand_send (host);
  by_hand_wait (host, "DONE 2 *");
  lines = by_hand_print (host, "none");
  g_assert_cmpstr (lines,
                   ==,
                   "YIELD 1 ('a', 0)\n"
                   "YIELD 1 ('a', 1)\n"
                   "YIELD 2 ('b', 0)\n"
                   "DONE 3 (1,)\n"
                   "DONE 1 ()\n"
                   "YIELD 2 ('b', 1)\n"
                   "DONE 2 ()\n");
  by_hand_free (host);
}

static void
test_generator_ends (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A generator ends by itself, with an error, or with an answer; also in a class.");

  by_hand_run (host, 1, "count", "('a', 1, 0, 0, 'fail')", "FAILED 1 g-io-error-quark:26: no more");
  by_hand_run (host, 2, "count", "('a', 1, 0, 0, 'answer')", "DONE 2 1");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_CLASS, 3, "TestCounting", "(('a', 2, 0, 0, ''), @a{sv} {})");
  by_hand_send (host);
  by_hand_wait (host, "DONE 3 ()");
  g_assert_cmpuint (by_hand_count (host, "YIELD 3 *"), ==, 2);
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_NO_OUTPUT, 4, "count", COUNT ("a", 1000));
  by_hand_send (host);
  by_hand_wait (host, "DONE 4 nothing");
  g_assert_cmpuint (by_hand_count (host, "YIELD 4 *"), ==, 0);
  by_hand_run (host, 5, "get-destroyed", "()", "DONE 5 4");
  by_hand_free (host);
}

static void
test_generator_is_no_load (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("The time that generators take is not that of the events between.");

  by_hand_add (host, 1, "count", "('a', 40, 0, 5000, '')");
  for (guint i = 2; i < 32; i++)
    by_hand_add (host, i, "echo", "()");
  by_hand_send (host);
  by_hand_wait (host, "DONE 1 *");
  by_hand_wait_taken (host, 31);
  g_assert_cmpuint (by_hand_get_busy_us (host), <, 100000);
  by_hand_free (host);
}

static void
test_window_of_generator (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A generator stops when nobody takes its values, and goes on when somebody does.");

  by_hand_add (host, 1, "count", ENDLESS);
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 1 *", 256);
  by_hand_run (host, 2, "echo", "()", "DONE 2 *");
  by_hand_run (host, 3, "echo", "()", "DONE 3 *");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 256);

  acknowledge (host, 1, 10);
  by_hand_wait_count (host, "YIELD 1 *", 266);
  by_hand_run (host, 4, "echo", "()", "DONE 4 *");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 266);

  acknowledge (host, 1, G_MAXUINT32);
  by_hand_wait_count (host, "YIELD 1 *", 266 + 256);
  by_hand_run (host, 5, "echo", "()", "DONE 5 *");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 266 + 256);
  g_assert_nonnull (by_hand_get_line (host, by_hand_find (host, "YIELD 1 ('endless', 520)")));
  acknowledge (host, 77, 1);
  cancel (host, 1);
  by_hand_wait (host, "FAILED 1 *");
  by_hand_free (host);
}

static void
test_window_of_bytes (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Large values stop it sooner, but one may always be under way.");

  by_hand_add (host, 1, "count", "('a', 6, 300000, 0, '')");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 1 *", 3);
  by_hand_run (host, 2, "echo", "()", "DONE 2 *");
  by_hand_run (host, 3, "echo", "()", "DONE 3 *");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 3);
  acknowledge (host, 1, 1);
  by_hand_wait_count (host, "YIELD 1 *", 4);
  acknowledge (host, 1, 3);
  by_hand_wait (host, "DONE 1 ()");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 6);

  by_hand_add (host, 4, "count", "('a', 2, 3000000, 0, '')");
  by_hand_send (host);
  for (guint n = 1; n <= 2; n++)
    {
      by_hand_wait_count (host, "YIELD 4 *", n);
      acknowledge (host, 4, 1);
    }
  by_hand_wait (host, "DONE 4 ()");
  g_assert_cmpuint (by_hand_count (host, "YIELD 4 *"), ==, 2);
  by_hand_free (host);
}

/* @target yields 600 values. */
static void
check_all_arrive (ByHand *host, guint64 id, const char *target, const char *end)
{
  g_autofree char *yields = g_strdup_printf ("YIELD %" G_GUINT64_FORMAT " *", id);

  by_hand_add (host, id, target, "(600,)");
  by_hand_send (host);
  by_hand_wait_count (host, yields, 256);
  for (guint n = 256; n < 600; n += 86)
    {
      g_assert_cmpuint (by_hand_count (host, yields), ==, n);
      acknowledge (host, id, 86);
      by_hand_wait_count (host, yields, n + 86);
    }
  by_hand_wait (host, end);
  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *line = g_strdup_printf ("YIELD %" G_GUINT64_FORMAT " %u", id, i);

      g_assert_cmpstr (by_hand_get_line (host, by_hand_find (host, yields) + i), ==, line);
    }
}

static void
test_too_large (void)
{
  const char *const abilities[] = { MPEL_ABILITY_LONG_WORK, NULL };
  ByHand           *host = by_hand_new_with (abilities);

  g_test_summary ("A value that cannot be carried ends its event, at once or when its turn comes.");

  by_hand_run (host, 1, "count", "('a', 2, 70000000, 0, '')", "FAILED 1 mpel-loop-error-quark:9: *");
  by_hand_run (host, 2, "yield-then-large", "()", "YIELD 2 *");
  by_hand_run (host, 3, "echo", "()", "DONE 3 *");
  acknowledge (host, 2, 1);
  by_hand_wait (host, "FAILED 2 mpel-loop-error-quark:9: *");
  by_hand_free (host);
}

static void
test_yield_blocks (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A function that yields too much waits, until there is room or it is cancelled.");

  check_all_arrive (host, 1, "yield-all", "DONE 1 600");
  by_hand_add (host, 2, "yield-all", "(600,)");
  by_hand_add (host, 3, "echo", "()");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 2 *", 256);
  cancel (host, 2);
  by_hand_wait (host, "FAILED 2 g-io-error-quark:19: *");
  by_hand_wait (host, "DONE 3 ()");
  g_assert_cmpuint (by_hand_count (host, "YIELD 2 *"), ==, 256);
  by_hand_free (host);
}

static void
test_yield_in_thread (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Values may come from other threads, which are released when the worker leaves.");

  check_all_arrive (host, 1, "yield-in-thread", "DONE 1 600");
  by_hand_add (host, 2, "yield-in-thread", "(600,)");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 2 *", 256);
  by_hand_free (host);
}

static void
test_yield_async (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Values wait in order, and leave while the main thread computes.");

  check_all_arrive (host, 1, "yield-async", "DONE 1 ()");

  by_hand_add (host, 2, "yield-async", "(512,)");
  by_hand_add (host, 3, "hold", "()");
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 3 *");
  acknowledge (host, 2, 256);
  by_hand_wait (host, "YIELD 2 511");
  cancel (host, 3);
  by_hand_wait (host, "DONE 2 ()");
  by_hand_free (host);
}

static void
test_yield_async_refused (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Those that wait hear of an answer, of a cancel, and of the end.");

  by_hand_add (host, 1, "yield-async-and-keep", "(300,)");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 1 *", 256);
  by_hand_run (host, 2, "answer-kept", "()", "DONE 1 false");
  by_hand_run (host, 3, "get-yield-code", "()", "DONE 3 12");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 256);

  by_hand_add (host, 4, "yield-async", "(300,)");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 4 *", 256);
  cancel (host, 4);
  by_hand_wait (host, "FAILED 4 g-io-error-quark:19: *");

  by_hand_add (host, 5, "yield-async", "(300,)");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 5 *", 256);
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
  cancel (host, 4);
  by_hand_wait (host, "FAILED 4 *");
  by_hand_wait_taken (host, 4);
  by_hand_demand (host, MPEL_RECORD_RECALL, 5, NULL);
  by_hand_wait (host, "RECALLED 3 *");
  by_hand_wait_taken (host, 5);
  g_assert_cmpuint (by_hand_count (host, "DONE 6 *"), ==, 0);

  cancel (host, 3);
  by_hand_wait (host, "DONE 6 1");
  g_assert_cmpuint (by_hand_find (host, "DONE 3 *"), <, by_hand_find (host, "DONE 6 *"));
  cancel (host, 2);
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
    return run_worker (worker);

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
  g_test_add_func ("/mpel/worker/generator/order", test_generator_order);
  g_test_add_func ("/mpel/worker/generator/interrupted", test_generator_interrupted);
  g_test_add_func ("/mpel/worker/generator/ends", test_generator_ends);
  g_test_add_func ("/mpel/worker/generator/no-load", test_generator_is_no_load);
  g_test_add_func ("/mpel/worker/window/generator", test_window_of_generator);
  g_test_add_func ("/mpel/worker/window/bytes", test_window_of_bytes);
  g_test_add_func ("/mpel/worker/window/too-large", test_too_large);
  g_test_add_func ("/mpel/worker/yield/blocks", test_yield_blocks);
  g_test_add_func ("/mpel/worker/yield/in-thread", test_yield_in_thread);
  g_test_add_func ("/mpel/worker/yield/async", test_yield_async);
  g_test_add_func ("/mpel/worker/yield/async-refused", test_yield_async_refused);
  g_test_add_func ("/mpel/worker/max-concurrent/handlers", test_max_concurrent);
  g_test_add_func ("/mpel/worker/max-concurrent/generator", test_max_concurrent_generator);
  g_test_add_func ("/mpel/worker/plain", test_plain);
  g_test_add_func ("/mpel/worker/leave-busy", test_leave_busy);
  return g_test_run ();
}
