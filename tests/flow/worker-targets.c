/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "worker-targets.h"

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
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
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
    mpel_invocation_yield_value_async (invocation, g_variant_new_int32 (i), NULL, note_yield_cb, n_left);
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

int
worker_targets_run (MpelWorker *worker)
{
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    mpel_worker_add_function (worker, functions[i].name, functions[i].func, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    mpel_worker_add_handler (worker, handlers[i].name, handlers[i].func, NULL, NULL);
  mpel_worker_add_event_class (worker, TEST_TYPE_COUNTING);
  return mpel_worker_run (worker);
}
