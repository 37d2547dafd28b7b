/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The first pages of the library that this one re-imagines, told again in C: the same calls give
 * the same results in the same order. */

#include "config.h"
#include "mpel-test.h"

/* value + value2, which is 1 unless it comes as the second or as a named argument. */
static GVariant *
add_vals (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  gint64 value, value2 = 1;

  if (g_variant_is_of_type (args, G_VARIANT_TYPE ("(xx)")))
    g_variant_get (args, "(xx)", &value, &value2);
  else if (mpel_invocation_check_args (invocation, "(x)", error))
    g_variant_get (args, "(x)", &value);
  else
    return NULL;

  g_variant_lookup (kwargs, "value2", "x", &value2);
  return g_variant_new_int64 (value + value2);
}

/* An event class of one's own: its run happens in the worker. */
#define TEST_TYPE_MY_EVENT (test_my_event_get_type ())
G_DECLARE_FINAL_TYPE (TestMyEvent, test_my_event, TEST, MY_EVENT, MpelEvent)

struct _TestMyEvent
{
  MpelEvent parent_instance;
};

G_DEFINE_FINAL_TYPE (TestMyEvent, test_my_event, MPEL_TYPE_EVENT)

static GVariant *
test_my_event_run (MpelEvent *event, MpelInvocation *invocation, GError **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ax"));
  gint64 n;

  g_variant_get (mpel_event_get_args (event), "(x)", &n);
  for (gint64 i = 0; i < n; i++)
    g_variant_builder_add (&builder, "x", i);
  return g_variant_builder_end (&builder);
}

static void
test_my_event_class_init (TestMyEventClass *klass)
{
  MPEL_EVENT_CLASS (klass)->run = test_my_event_run;
}

static void
test_my_event_init (TestMyEvent *self)
{
}

static MpelEvent *
my_event_new (gint64 n)
{
  return g_object_new (TEST_TYPE_MY_EVENT, "args", g_variant_new ("(x)", n), NULL);
}

static gboolean
sum_results (MpelEvent *event, gpointer user_data)
{
  gint64 *sum = user_data;

  *sum += g_variant_get_int64 (mpel_event_get_results (event));
  return FALSE;
}

static void
assert_ends (GPtrArray *ends, const char *const *expected)
{
  for (guint i = 0; i < ends->len && expected[i] != NULL; i++)
    g_assert_cmpstr (ends->pdata[i], ==, expected[i]);
  g_assert_cmpuint (ends->len, ==, g_strv_length ((char **) expected));
}

static void
test_quick_start (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) results = mpel_test_collect (loop);
  gint64 sum = 0;
  g_autoptr (MpelEvent) with_kwargs = NULL;

  g_test_summary ("Four calls give 3, 7, 11 and 15, in this order; closing waits for them.");

  mpel_event_loop_add_output_handler (loop, sum_results, &sum, NULL);
  mpel_test_add (loop, "add_vals", g_variant_new ("(x)", G_GINT64_CONSTANT (2)));
  mpel_test_add (loop, "add_vals", g_variant_new ("(xx)", G_GINT64_CONSTANT (3), G_GINT64_CONSTANT (4)));
  with_kwargs = mpel_event_loop_add_call (loop, "add_vals", g_variant_new ("(x)", G_GINT64_CONSTANT (5)), g_variant_new_parsed ("{'value2': <int64 6>}"), NULL);
  g_assert_nonnull (with_kwargs);
  mpel_test_add (loop, "add_vals", g_variant_new ("(xx)", G_GINT64_CONSTANT (7), G_GINT64_CONSTANT (8)));

  g_assert_cmpuint (mpel_event_loop_get_n_pending (loop), ==, 4);
  mpel_test_loop_close_and_assert_finalized (loop);

  assert_ends (results, (const char *[]){ "3", "7", "11", "15", NULL });
  g_assert_cmpint (sum, ==, 36);
  mpel_test_assert_no_trace (before);
}

static void
test_alternative (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_event_loop_get_default ();
  MpelEvent     *events[3];
  gint64         sum = 0;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The global loop runs a list of events, takes one more, and is waited for: 14.");

  for (gint64 i = 0; i < 3; i++)
    events[i] = mpel_event_new ("add_vals", g_variant_new ("(x)", i + 1), NULL);
  mpel_event_loop_add_output_handler (loop, sum_results, &sum, NULL);
  mpel_event_loop_run (loop, events, G_N_ELEMENTS (events), &error);
  g_assert_no_error (error);
  mpel_test_add (mpel_event_loop_get_default (), "add_vals", g_variant_new ("(x)", G_GINT64_CONSTANT (4)));
  mpel_test_wait (loop);

  g_assert_cmpint (sum, ==, 14);
  g_assert_true (mpel_event_loop_is_running (loop));
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_assert_finalize_object (events[i]);

  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_event_loop_get_state (mpel_event_loop_get_default ()), ==, MPEL_EVENT_LOOP_STATE_IDLE);
  mpel_test_assert_no_trace (before);
}

static void
test_events (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) results = mpel_test_collect (loop);
  MpelEvent *event = my_event_new (10);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event class runs in the worker; starting and stopping by hand works too.");

  mpel_event_loop_start (loop, &error);
  g_assert_no_error (error);
  g_assert_true (mpel_event_loop_is_running (loop));
  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
  mpel_event_loop_stop (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (mpel_event_loop_is_running (loop));

  assert_ends (results, (const char *[]){ "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", NULL });
  g_assert_finalize_object (event);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static gboolean
print_my_event (MpelEvent *event, gpointer user_data)
{
  g_autofree char *end = mpel_test_describe_end (event);

  if (!TEST_IS_MY_EVENT (event))
    {
      g_ptr_array_add (user_data, g_strdup ("Not My Event"));
      return FALSE;
    }
  g_ptr_array_add (user_data, g_strdup_printf ("My Event %s", end));
  return TRUE;
}

static gboolean
print_event (MpelEvent *event, gpointer user_data)
{
  g_autofree char *end = mpel_test_describe_end (event);

  g_ptr_array_add (user_data, g_strdup_printf ("Normal Event %s", end));
  return FALSE;
}

static void
test_output_handlers (void)
{
  static const char *const expected[] = {
    "Not My Event",
    "Normal Event 2",
    "Not My Event",
    "Normal Event 3",
    "My Event [0, 1, 2]",
    "Not My Event",
    "Normal Event 5",
    "My Event [0, 1, 2, 3, 4]",
    NULL,
  };
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MpelEvent) three = my_event_new (3);
  g_autoptr (MpelEvent) five = my_event_new (5);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Handlers run in order for each event, until one of them says stop.");

  mpel_event_loop_add_output_handler (loop, print_my_event, lines, NULL);
  mpel_event_loop_add_output_handler (loop, print_event, lines, NULL);
  mpel_test_add (loop, "add_vals", g_variant_new ("(x)", G_GINT64_CONSTANT (1)));
  mpel_test_add (loop, "add_vals", g_variant_new ("(x)", G_GINT64_CONSTANT (2)));
  mpel_event_loop_add_event (loop, three, &error);
  g_assert_no_error (error);
  mpel_test_add (loop, "add_vals", g_variant_new ("(x)", G_GINT64_CONSTANT (4)));
  mpel_event_loop_add_event (loop, five, &error);
  g_assert_no_error (error);
  mpel_test_loop_close_and_assert_finalized (loop);

  assert_ends (lines, expected);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "add_vals", add_vals, NULL, NULL);
  mpel_worker_add_event_class (worker, TEST_TYPE_MY_EVENT);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/seed/quick-start", test_quick_start);
  g_test_add_func ("/flow/seed/alternative", test_alternative);
  g_test_add_func ("/flow/seed/events", test_events);
  g_test_add_func ("/flow/seed/output-handlers", test_output_handlers);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
