/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An event on its way, without a loop: its states, its ends, its properties. */

#include "config.h"
#include "mpel-event-private.h"
#include "mpel-loop-error.h"
#include "notify-count.h"

#define TEST_TYPE_CLASS_EVENT (test_class_event_get_type ())
G_DECLARE_FINAL_TYPE (TestClassEvent, test_class_event, TEST, CLASS_EVENT, MpelEvent)

struct _TestClassEvent
{
  MpelEvent parent_instance;

  GObject *friend; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (TestClassEvent, test_class_event, MPEL_TYPE_EVENT)

static void
test_class_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, TEST_CLASS_EVENT (object)->friend);
}

static void
test_class_event_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  g_set_object (&TEST_CLASS_EVENT (object)->friend, g_value_get_object (value));
}

static void
test_class_event_finalize (GObject *object)
{
  g_clear_object (&TEST_CLASS_EVENT (object)->friend);

  G_OBJECT_CLASS (test_class_event_parent_class)->finalize (object);
}

static GVariant *
test_class_event_run (MpelEvent *event, MpelInvocation *invocation, GError **error)
{
  return NULL;
}

static void
test_class_event_class_init (TestClassEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_class_event_get_property;
  object_class->set_property = test_class_event_set_property;
  object_class->finalize = test_class_event_finalize;
  MPEL_EVENT_CLASS (klass)->run = test_class_event_run;
  g_object_class_install_property (object_class, 1, g_param_spec_object ("friend", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE));
}

static void
test_class_event_init (TestClassEvent *self)
{
}

static MpelEvent *
event_new (void)
{
  return mpel_event_new ("target", NULL, NULL);
}

static MpelEvent *
queued_event_new (void)
{
  MpelEvent *event = event_new ();

  /* The event only asks whether there is one. */
  mpel_event_get_private (event)->ticket.loop = GSIZE_TO_POINTER (1);
  mpel_event_become_queued (event);
  return event;
}

static void
test_new (void)
{
  GVariant  *args = g_variant_new ("(i)", 1);
  GVariant  *kwargs = g_variant_new_parsed ("{'k': <1>}");
  MpelEvent *event = mpel_event_new ("target", args, kwargs);

  g_test_summary ("An event keeps what it is made of, and takes floating references.");

  g_assert_cmpstr (mpel_event_get_target (event), ==, "target");
  g_assert_true (mpel_event_get_args (event) == args);
  g_assert_true (mpel_event_get_kwargs (event) == kwargs);
  g_assert_false (g_variant_is_floating (args));
  g_assert_null (mpel_event_get_event_key (event));
  g_assert_true (mpel_event_get_has_output (event));
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_NEW);
  g_assert_false (mpel_event_is_ended (event));
  g_assert_null (mpel_event_get_results (event));
  g_assert_null (mpel_event_get_error (event));
  g_assert_null (mpel_event_get_remote_type (event));
  g_assert_null (mpel_event_get_traceback (event));
  g_assert_false (mpel_event_is_class_event (event));
  g_assert_finalize_object (event);
}

static void
test_done (void)
{
  MpelEvent *event = event_new ();
  g_autoptr (GVariant) results = g_variant_ref_sink (g_variant_new_string ("results"));
  guint n_states, n_results;

  g_test_summary ("NEW, QUEUED, SENT, DONE: each is told, and the last brings the results.");

  notify_count_begin (event, "state", &n_states);
  notify_count_begin (event, "results", &n_results);
  mpel_event_become_queued (event);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_QUEUED);
  g_assert_true (mpel_event_is_open (event));
  mpel_event_become_sent (event);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_SENT);
  g_assert_true (mpel_event_is_open (event));
  g_assert_false (mpel_event_is_ended (event));
  g_assert_true (mpel_event_end_done (event, results));
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_DONE);
  g_assert_false (mpel_event_is_open (event));
  g_assert_true (mpel_event_is_ended (event));
  g_assert_true (mpel_event_get_results (event) == results);
  g_assert_null (mpel_event_get_error (event));
  g_assert_cmpuint (n_states, ==, 3);
  g_assert_cmpuint (n_results, ==, 1);
  g_assert_finalize_object (event);
}

static void
test_done_without_output (void)
{
  MpelEvent *event = queued_event_new ();
  guint      n_results;

  g_test_summary ("An event may be done without results.");

  notify_count_begin (event, "results", &n_results);
  g_assert_true (mpel_event_end_done (event, NULL));
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_DONE);
  g_assert_null (mpel_event_get_results (event));
  g_assert_cmpuint (n_results, ==, 0);
  g_assert_finalize_object (event);
}

static void
test_bad_ends (void)
{
  const MpelEventState states[] = { MPEL_EVENT_STATE_FAILED, MPEL_EVENT_STATE_CANCELLED, MPEL_EVENT_STATE_LOST };
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "the reason");

  g_test_summary ("FAILED, CANCELLED and LOST bring an error and no results.");

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      MpelEvent *event = queued_event_new ();

      g_assert_true (mpel_event_end_error (event, states[i], error));
      g_assert_cmpint (mpel_event_get_state (event), ==, states[i]);
      g_assert_true (mpel_event_is_ended (event));
      g_assert_error (mpel_event_get_error (event), G_IO_ERROR, G_IO_ERROR_BUSY);
      g_assert_true (mpel_event_get_error (event) != error);
      g_assert_null (mpel_event_get_results (event));
      g_assert_finalize_object (event);
    }
}

static void
test_failure (void)
{
  MpelEvent *event = queued_event_new ();

  g_test_summary ("An exception brings the name of its class and its traceback.");

  g_assert_true (mpel_event_end_failed (event, MPEL_EVENT_STATE_FAILED, mpel_failure_new_exception ("ValueError", "no good", "line 1")));
  g_assert_error (mpel_event_get_error (event), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_REMOTE_EXCEPTION);
  g_assert_cmpstr (mpel_event_get_error (event)->message, ==, "ValueError: no good");
  g_assert_cmpstr (mpel_event_get_remote_type (event), ==, "ValueError");
  g_assert_cmpstr (mpel_event_get_traceback (event), ==, "line 1");
  g_assert_finalize_object (event);
}

static void
test_ends_once (void)
{
  MpelEvent *event = queued_event_new ();
  g_autoptr (GVariant) results = g_variant_ref_sink (g_variant_new_string ("late"));
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "first");
  guint n_states;

  g_test_summary ("The first end is the end.");

  g_assert_true (mpel_event_end_error (event, MPEL_EVENT_STATE_CANCELLED, error));
  notify_count_begin (event, "state", &n_states);
  g_assert_false (mpel_event_end_done (event, results));
  g_assert_false (mpel_event_end_error (event, MPEL_EVENT_STATE_LOST, error));
  g_assert_false (mpel_event_end_failed (event, MPEL_EVENT_STATE_FAILED, mpel_failure_new_exception ("T", "m", NULL)));
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_CANCELLED);
  g_assert_cmpstr (mpel_event_get_error (event)->message, ==, "first");
  g_assert_null (mpel_event_get_results (event));
  g_assert_cmpuint (n_states, ==, 0);
  g_assert_finalize_object (event);
}

static void
test_new_cannot_end (void)
{
  MpelEvent *event = event_new ();

  g_test_summary ("What was never added cannot end.");

  g_assert_false (mpel_event_end_done (event, NULL));
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_NEW);
  g_assert_finalize_object (event);
}

static void
test_again (void)
{
  MpelEvent *event = queued_event_new ();
  g_autoptr (GVariant) results = g_variant_ref_sink (g_variant_new_int32 (1));
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "failed");
  guint n_results;

  g_test_summary ("An event that is added again forgets how it ended.");

  mpel_event_end_done (event, results);
  notify_count_begin (event, "results", &n_results);
  mpel_event_become_queued (event);
  g_assert_null (mpel_event_get_results (event));
  g_assert_cmpuint (n_results, ==, 1);
  g_assert_false (mpel_event_is_ended (event));

  g_assert_true (mpel_event_end_error (event, MPEL_EVENT_STATE_FAILED, error));
  mpel_event_become_queued (event);
  g_assert_null (mpel_event_get_error (event));
  g_assert_true (mpel_event_end_done (event, results));
  g_assert_true (mpel_event_get_results (event) == results);
  g_assert_finalize_object (event);
}

static void
assert_queued_cb (MpelEvent *event, GParamSpec *pspec, guint *n_told)
{
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_QUEUED);
  g_assert_cmpfloat (mpel_event_get_progress (event), ==, 0);
  g_assert_null (mpel_event_get_progress_message (event));
  g_assert_null (mpel_event_get_results (event));
  (*n_told)++;
}

static void
test_again_is_told_whole (void)
{
  MpelEvent *event = queued_event_new ();
  g_autoptr (GVariant) results = g_variant_ref_sink (g_variant_new_int32 (1));
  guint n_told = 0;

  g_test_summary ("Who hears that an event is added again finds all of it begun anew, whatever is told first.");

  mpel_event_set_progress (event, 0.5, "half");
  mpel_event_end_done (event, results);
  g_signal_connect (event, "notify", G_CALLBACK (assert_queued_cb), &n_told);
  mpel_event_become_queued (event);
  g_assert_cmpuint (n_told, ==, 4);
  g_assert_finalize_object (event);
}

static void
assert_check_refused (MpelEvent *event, const char *pattern)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mpel_event_check (event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
  g_assert_finalize_object (event);
}

static void
test_check (void)
{
  MpelEvent *good = mpel_event_new ("target", g_variant_new ("()"), g_variant_new_parsed ("@a{sv} {}"));
  MpelEvent *class_event = g_object_new (TEST_TYPE_CLASS_EVENT, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot run is refused when it is added, with the reason.");

  g_assert_true (mpel_event_check (good, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (good);
  g_assert_true (mpel_event_check (class_event, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (class_event);

  assert_check_refused (mpel_event_new (NULL, NULL, NULL), "*no target*MpelEvent*");
  assert_check_refused (mpel_event_new ("", NULL, NULL), "*no target*");
  assert_check_refused (mpel_event_new ("target", g_variant_new_int32 (1), NULL), "*a tuple, not a “i”");
  assert_check_refused (mpel_event_new ("target", NULL, g_variant_new_parsed ("{'k': 'v'}")), "*an a{sv}, not a “a{ss}”");
  assert_check_refused (queued_event_new (), "*“target” was added already*");
}

static void
test_check_utf8 (void)
{
  g_test_summary ("A target that is no UTF-8 is refused here: the worker would give up on all the rest.");

  assert_check_refused (mpel_event_new ("caf\xe9", NULL, NULL), "*UTF-8*");
}

static void
test_prepare (void)
{
  MpelEvent *plain = event_new ();
  MpelEvent *class_event = g_object_new (TEST_TYPE_CLASS_EVENT, NULL);
  g_autoptr (GObject) friend = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A class event takes its state along, or says which property cannot go.");

  g_assert_true (mpel_event_prepare (plain, &error));
  g_assert_null (mpel_event_get_private (plain)->ticket.properties);
  g_assert_true (mpel_event_is_class_event (class_event));
  g_assert_true (mpel_event_prepare (class_event, &error));
  g_assert_nonnull (mpel_event_get_private (class_event)->ticket.properties);
  g_assert_no_error (error);

  g_object_set (class_event, "friend", friend, NULL);
  g_assert_false (mpel_event_prepare (class_event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (g_pattern_match_simple ("*“friend”*", error->message));
  g_assert_finalize_object (plain);
  g_assert_finalize_object (class_event);
}

static void
assert_notifies_once (MpelEvent *event, const char *property, const char *first, const char *second)
{
  guint n;

  notify_count_begin (event, property, &n);
  g_object_set (event, property, first, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_object_set (event, property, first, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_object_set (event, property, second, NULL);
  g_assert_cmpuint (n, ==, 2);
  g_object_set (event, property, NULL, NULL);
  g_object_set (event, property, NULL, NULL);
  g_assert_cmpuint (n, ==, 3);
  notify_count_end (event, &n);
}

static void
test_notify (void)
{
  MpelEvent *event = g_object_new (MPEL_TYPE_EVENT, NULL);
  guint      n;

  g_test_summary ("Setting a property to what it is tells nobody.");

  assert_notifies_once (event, "target", "one", "two");
  assert_notifies_once (event, "event-key", "one", "two");

  notify_count_begin (event, "has-output", &n);
  mpel_event_set_has_output (event, TRUE);
  mpel_event_set_has_output (event, 5);
  g_assert_cmpuint (n, ==, 0);
  mpel_event_set_has_output (event, FALSE);
  mpel_event_set_has_output (event, FALSE);
  g_assert_cmpuint (n, ==, 1);
  g_assert_finalize_object (event);
}

static void
test_notify_variants (void)
{
  MpelEvent *event = event_new ();
  g_autoptr (GVariant) args = g_variant_ref_sink (g_variant_new ("(i)", 1));
  g_autoptr (GVariant) kwargs = g_variant_ref_sink (g_variant_new_parsed ("{'k': <1>}"));
  guint n_args, n_kwargs;

  g_test_summary ("The same holds for arguments; a floating reference is taken.");

  notify_count_begin (event, "args", &n_args);
  notify_count_begin (event, "kwargs", &n_kwargs);
  mpel_event_set_args (event, args);
  mpel_event_set_args (event, args);
  mpel_event_set_kwargs (event, kwargs);
  mpel_event_set_kwargs (event, kwargs);
  g_assert_cmpuint (n_args, ==, 1);
  g_assert_cmpuint (n_kwargs, ==, 1);
  mpel_event_set_args (event, g_variant_new ("()"));
  g_assert_false (g_variant_is_floating (mpel_event_get_args (event)));
  mpel_event_set_args (event, NULL);
  mpel_event_set_kwargs (event, NULL);
  g_assert_null (mpel_event_get_args (event));
  g_assert_null (mpel_event_get_kwargs (event));
  g_assert_cmpuint (n_args, ==, 3);
  g_assert_cmpuint (n_kwargs, ==, 2);
  g_assert_finalize_object (event);
}

static void
test_properties (void)
{
  MpelEvent       *event = g_object_new (MPEL_TYPE_EVENT, "target", "t", "args", g_variant_new ("(i)", 1), "kwargs", g_variant_new_parsed ("@a{sv} {}"), "event-key", "k", "has-output", FALSE, NULL);
  g_autofree char *target = NULL;
  g_autofree char *key = NULL;
  g_autoptr (GVariant) args = NULL;
  g_autoptr (GVariant) kwargs = NULL;
  g_autoptr (GVariant) results = NULL;
  gboolean       has_output;
  MpelEventState state;

  g_test_summary ("Each property can be given at construction and read again.");

  g_object_get (event, "target", &target, "args", &args, "kwargs", &kwargs, "event-key", &key, "has-output", &has_output, "state", &state, "results", &results, NULL);
  g_assert_cmpstr (target, ==, "t");
  g_assert_cmpstr (key, ==, "k");
  g_assert_true (args == mpel_event_get_args (event));
  g_assert_true (kwargs == mpel_event_get_kwargs (event));
  g_assert_false (has_output);
  g_assert_cmpint (state, ==, MPEL_EVENT_STATE_NEW);
  g_assert_null (results);
  g_assert_finalize_object (event);
}

/* The log is an object's data, since a hook holds an object. */
static GString *
get_log (gpointer object)
{
  return g_object_get_data (object, "log");
}

static void
hook_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer object)
{
  g_string_append (get_log (object), error != NULL ? error->message : results != NULL ? "results"
                                                                                      : "nothing");
}

static void
hook_again_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer object)
{
  g_string_append_c (get_log (object), '+');
  mpel_event_become_queued (event);
  mpel_event_add_end_hook (event, hook_cb, object);
}

static void
tell_end (MpelEvent *event)
{
  MpelEventEnd *end = mpel_event_steal_end (event);

  if (end != NULL)
    mpel_event_end_tell (end, event);
}

static void
test_end_hooks (void)
{
  MpelEvent *event = queued_event_new ();
  GObject   *object = g_object_new (G_TYPE_OBJECT, NULL);
  GString   *log = g_string_new (NULL);
  g_autoptr (GVariant) results = g_variant_ref_sink (g_variant_new ("()"));
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "error");
  MpelEventEnd *end;

  g_test_summary ("Hooks are told once, in order, of the end as it was; one that is added by a hook belongs to the next time.");

  g_object_set_data (object, "log", log);
  mpel_event_add_end_hook (event, hook_again_cb, object);
  mpel_event_add_end_hook (event, hook_cb, object);
  mpel_event_end_done (event, results);
  tell_end (event);
  g_assert_cmpstr (log->str, ==, "+results");

  /* Added again before the hooks hear of it: they hear of the end before. */
  mpel_event_end_error (event, MPEL_EVENT_STATE_FAILED, error);
  end = mpel_event_steal_end (event);
  mpel_event_become_queued (event);
  mpel_event_end_tell (end, event);
  g_assert_cmpstr (log->str, ==, "+resultserror");
  g_assert_null (mpel_event_steal_end (event));

  mpel_event_add_end_hook (event, hook_cb, object);
  mpel_event_remove_end_hook (event, object);
  mpel_event_remove_end_hook (event, object);
  g_assert_null (mpel_event_steal_end (event));
  mpel_event_add_end_hook (event, hook_cb, object);
  g_assert_finalize_object (event);
  g_assert_finalize_object (object);
  g_string_free (log, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/event/new", test_new);
  g_test_add_func ("/unit/event/done", test_done);
  g_test_add_func ("/unit/event/done-without-output", test_done_without_output);
  g_test_add_func ("/unit/event/bad-ends", test_bad_ends);
  g_test_add_func ("/unit/event/failure", test_failure);
  g_test_add_func ("/unit/event/ends-once", test_ends_once);
  g_test_add_func ("/unit/event/new-cannot-end", test_new_cannot_end);
  g_test_add_func ("/unit/event/again", test_again);
  g_test_add_func ("/unit/event/again-is-told-whole", test_again_is_told_whole);
  g_test_add_func ("/unit/event/check", test_check);
  g_test_add_func ("/unit/event/check-utf8", test_check_utf8);
  g_test_add_func ("/unit/event/prepare", test_prepare);
  g_test_add_func ("/unit/event/notify", test_notify);
  g_test_add_func ("/unit/event/notify-variants", test_notify_variants);
  g_test_add_func ("/unit/event/properties", test_properties);
  g_test_add_func ("/unit/event/end-hooks", test_end_hooks);
  return g_test_run ();
}
