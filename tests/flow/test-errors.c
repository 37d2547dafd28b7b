/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whatever goes wrong with an event reaches the handlers and the caller, with all its parts. */

#include "config.h"
#include "mpel-test.h"

/* ---- worker ---- */

static GVariant *
takes_number (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  if (!mpel_invocation_check_args (invocation, "(x)", error))
    return NULL;
  return g_variant_get_child_value (args, 0);
}

static GVariant *
returns_null (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return NULL;
}

static GVariant *
fails (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "The disk is full of “umlauts”: äöü");
  return NULL;
}

static GVariant *
fails_foreign (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_set_error_literal (error, g_quark_from_static_string ("only-the-worker-knows"), 42, "Not UTF-8: \xff");
  return NULL;
}

static void
raises (MpelInvocation *invocation, gpointer user_data)
{
  mpel_invocation_return_exception (invocation, "ValueError", "too many values", "line 1\nline 2");
}

static void
drops (MpelInvocation *invocation, gpointer user_data)
{
}

static gboolean
answer_later_cb (gpointer user_data)
{
  MpelInvocation *invocation = user_data;

  mpel_invocation_return_value (invocation, g_variant_new ("s", "later"));
  return G_SOURCE_REMOVE;
}

static void
answers_later (MpelInvocation *invocation, gpointer user_data)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, 20, answer_later_cb, g_object_ref (invocation), g_object_unref);
}

static gpointer
answer_in_thread (gpointer user_data)
{
  MpelInvocation *invocation = user_data;

  mpel_invocation_return_value (invocation, g_variant_new ("s", "thread"));
  g_object_unref (invocation);
  return NULL;
}

static void
answers_from_thread (MpelInvocation *invocation, gpointer user_data)
{
  g_thread_unref (g_thread_new ("answer", answer_in_thread, g_object_ref (invocation)));
}

static void
fallback (MpelInvocation *invocation, gpointer user_data)
{
  const char *target = mpel_invocation_get_target (invocation);

  if (g_str_has_prefix (target, "dynamic-"))
    mpel_invocation_return_value (invocation, g_variant_new_string (target));
  else
    mpel_invocation_return_gerror (invocation, &(GError){ MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, (char *) "Not even the fallback knows it" });
}

static GVariant *
add_fallback (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_worker_add_handler (mpel_worker_get_default (), "*", fallback, NULL, NULL);
  return g_variant_new ("()");
}

static GVariant *
removes_itself (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_worker_remove_target (mpel_worker_get_default (), "removes-itself");
  /* Still there: what runs is kept until it returns. */
  return g_variant_new_string (user_data);
}

/* An event class with state of several types, and one that does not override run. */
#define TEST_TYPE_STATEFUL (test_stateful_get_type ())
G_DECLARE_FINAL_TYPE (TestStateful, test_stateful, TEST, STATEFUL, MpelEvent)

struct _TestStateful
{
  MpelEvent parent_instance;
  int       number;
  char     *text;
  GObject  *object;
};

enum
{
  PROP_NUMBER = 1,
  PROP_TEXT,
  PROP_OBJECT,
};

G_DEFINE_FINAL_TYPE (TestStateful, test_stateful, MPEL_TYPE_EVENT)

static GVariant *
test_stateful_run (MpelEvent *event, MpelInvocation *invocation, GError **error)
{
  TestStateful *self = TEST_STATEFUL (event);

  if (self->number == 13)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Unlucky");
      return NULL;
    }
  return g_variant_new ("(isb)", self->number, self->text != NULL ? self->text : "(null)", g_variant_lookup (mpel_event_get_kwargs (event), "loud", "b", NULL));
}

static void
test_stateful_finalize (GObject *object)
{
  TestStateful *self = TEST_STATEFUL (object);

  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->object);
  G_OBJECT_CLASS (test_stateful_parent_class)->finalize (object);
}

static void
test_stateful_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TestStateful *self = TEST_STATEFUL (object);

  if (prop_id == PROP_NUMBER)
    g_value_set_int (value, self->number);
  else if (prop_id == PROP_TEXT)
    g_value_set_string (value, self->text);
  else
    g_value_set_object (value, self->object);
}

static void
test_stateful_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TestStateful *self = TEST_STATEFUL (object);

  if (prop_id == PROP_NUMBER)
    self->number = g_value_get_int (value);
  else if (prop_id == PROP_TEXT)
    {
      g_free (self->text);
      self->text = g_value_dup_string (value);
    }
  else
    g_set_object (&self->object, g_value_get_object (value));
}

static void
test_stateful_class_init (TestStatefulClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = test_stateful_finalize;
  object_class->get_property = test_stateful_get_property;
  object_class->set_property = test_stateful_set_property;
  MPEL_EVENT_CLASS (klass)->run = test_stateful_run;
  g_object_class_install_property (object_class, PROP_NUMBER, g_param_spec_int ("number", NULL, NULL, 0, 100, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_TEXT, g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_OBJECT, g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
test_stateful_init (TestStateful *self)
{
}

/* The same again, but the worker is not told of it. */
typedef MpelEvent      TestUnknown;
typedef MpelEventClass TestUnknownClass;
GType                  test_unknown_get_type (void);
G_DEFINE_TYPE (TestUnknown, test_unknown, MPEL_TYPE_EVENT)

static void
test_unknown_class_init (TestUnknownClass *klass)
{
  klass->run = test_stateful_run;
}

static void
test_unknown_init (TestUnknown *self)
{
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  GPtrArray     *ends; /* (owned) of (owned) MpelEvent, in the order of their ends */
} Fixture;

static gboolean
keep_event_cb (MpelEvent *event, gpointer user_data)
{
  g_ptr_array_add (user_data, g_object_ref (event));
  return FALSE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->ends = g_ptr_array_new_with_free_func (g_object_unref);
  mpel_event_loop_add_output_handler (fixture->loop, keep_event_cb, fixture->ends, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->ends, g_ptr_array_unref);
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  mpel_test_assert_no_trace (fixture->before);
}

/* Runs one event; its error must have come to the handlers as well. */
static MpelEvent *
run_one (Fixture *fixture, const char *target, GVariant *args)
{
  MpelEvent *event = mpel_test_add (fixture->loop, target, args);
  guint      n = fixture->ends->len;

  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, n + 1);
  g_assert_true (fixture->ends->pdata[n] == event);
  return event;
}

static void
test_no_such_target (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A name that nobody registered is an error that says the name.");

  mpel_test_assert_error (run_one (fixture, "nowhere", NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "*nowhere*");
  run_one (fixture, "add-fallback", NULL);
  mpel_test_assert_results (run_one (fixture, "dynamic-name", NULL), "'dynamic-name'");
  mpel_test_assert_error (run_one (fixture, "nowhere", NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "Not even*");
  mpel_test_assert_results (run_one (fixture, "removes-itself", NULL), "'data'");
  mpel_test_assert_error (run_one (fixture, "removes-itself", NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "*");
}

static void
test_arguments (Fixture *fixture, gconstpointer data)
{
  MpelEvent *event = mpel_event_new ("echo", g_variant_new_string ("no tuple"), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Wrong arguments are refused by the loop when they can never be right, else by the target.");

  mpel_test_assert_error (run_one (fixture, "takes-number", g_variant_new ("(s)", "one")), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*takes-number*(x)*(s)*");
  mpel_test_assert_results (run_one (fixture, "takes-number", g_variant_new ("(x)", G_MININT64)), "-9223372036854775808");

  g_assert_false (mpel_event_loop_add_event (fixture->loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  mpel_event_set_args (event, NULL);
  mpel_event_set_kwargs (event, g_variant_new_int32 (1));
  g_assert_false (mpel_event_loop_add_event (fixture->loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  mpel_event_set_kwargs (event, NULL);
  mpel_event_set_target (event, NULL);
  g_assert_false (mpel_event_loop_add_event (fixture->loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);

  mpel_event_set_target (event, "echo");
  g_assert_true (mpel_event_loop_add_event (fixture->loop, event, &error));
  g_assert_false (mpel_event_loop_add_event (fixture->loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "()");
  g_object_unref (event);
}

static void
test_no_result (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("NULL without an error, and an invocation that is dropped, end their events.");

  mpel_test_assert_error (run_one (fixture, "returns-null", NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_RESULT, "*returns-null*");
  mpel_test_assert_error (run_one (fixture, "drops", NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_RESULT, "*drops*");
  mpel_test_assert_results (run_one (fixture, "answers-later", NULL), "'later'");
  mpel_test_assert_results (run_one (fixture, "answers-from-thread", NULL), "'thread'");
}

static void
test_foreign_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MpelEvent *event;

  g_test_summary ("Errors keep domain, code and message; exceptions their type and traceback.");

  mpel_test_assert_error (run_one (fixture, "fails", NULL), G_FILE_ERROR, G_FILE_ERROR_NOSPC, "*“umlauts”: äöü");
  mpel_test_assert_error (run_one (fixture, "fails-foreign", NULL), g_quark_from_string ("only-the-worker-knows"), 42, "Not UTF-8: *");
  event = run_one (fixture, "raises", NULL);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_REMOTE_EXCEPTION, "ValueError: too many values");
  g_assert_cmpstr (mpel_event_get_remote_type (event), ==, "ValueError");
  g_assert_cmpstr (mpel_event_get_traceback (event), ==, "line 1\nline 2");

  mpel_event_loop_call_async (fixture->loop, "raises", NULL, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_null (mpel_event_loop_call_finish (fixture->loop, result, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_REMOTE_EXCEPTION);
  event = mpel_event_loop_get_call_event (fixture->loop, result);
  g_assert_cmpstr (mpel_event_get_remote_type (event), ==, "ValueError");
  g_assert_cmpstr (mpel_event_get_traceback (event), ==, "line 1\nline 2");
  g_assert_cmpuint (fixture->ends->len, ==, 4);
}

static void
test_event_class (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = g_object_new (TEST_TYPE_STATEFUL, "number", 7, "text", "seven", NULL);
  g_autoptr (MpelEvent) unknown = g_object_new (test_unknown_get_type (), NULL);
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Writable properties travel with an event class; what cannot travel is refused at once.");

  mpel_event_set_kwargs (event, g_variant_new_parsed ("{'loud': <true>}"));
  mpel_test_add_event (fixture->loop, event);
  /* It travels as it was when it was added. */
  g_object_set (event, "number", 8, NULL);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_results (event, "(7, 'seven', true)");

  g_object_set (event, "number", 13, NULL);
  mpel_test_add_event (fixture->loop, event);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_error (event, G_IO_ERROR, G_IO_ERROR_BUSY, "Unlucky");
  g_assert_null (mpel_event_get_results (event));

  g_object_set (event, "object", object, NULL);
  g_assert_false (mpel_event_loop_add_event (fixture->loop, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "object"));

  mpel_test_add_event (fixture->loop, unknown);
  mpel_test_wait (fixture->loop);
  mpel_test_assert_error (unknown, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "*TestUnknown*");
}

static void
test_start_failures (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "/nonexistent/worker", NULL };
  g_autoptr (MpelLauncher) missing = mpel_launcher_new (argv);
  g_autoptr (MpelLauncher) own = g_object_ref (mpel_event_loop_get_launcher (fixture->loop));
  g_autoptr (MpelLauncher) failing = mpel_launcher_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A missing program and a failing initializer are told to the events and to who started.");

  mpel_event_loop_set_launcher (fixture->loop, missing);
  mpel_test_assert_error (run_one (fixture, "echo", NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "*nonexistent*");
  mpel_event_loop_start_async (fixture->loop, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_false (mpel_event_loop_start_finish (fixture->loop, result, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED);

  mpel_launcher_setenv (failing, "TEST_INITIALIZER", "fail");
  mpel_event_loop_set_launcher (fixture->loop, failing);
  mpel_test_assert_error (run_one (fixture, "echo", NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "*no licence*");

  mpel_event_loop_set_launcher (fixture->loop, own);
  mpel_test_assert_results (run_one (fixture, "echo", NULL), "()");
}

static gboolean
initialize (MpelWorker *worker, gpointer user_data, GError **error)
{
  if (g_strcmp0 (g_getenv ("TEST_INITIALIZER"), "fail") != 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "There is no licence");
  return FALSE;
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_set_initializer (worker, initialize, NULL, NULL);
  mpel_worker_add_event_class (worker, TEST_TYPE_STATEFUL);
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "takes-number", takes_number, NULL, NULL);
  mpel_worker_add_function (worker, "returns-null", returns_null, NULL, NULL);
  mpel_worker_add_function (worker, "fails", fails, NULL, NULL);
  mpel_worker_add_function (worker, "fails-foreign", fails_foreign, NULL, NULL);
  mpel_worker_add_function (worker, "add-fallback", add_fallback, NULL, NULL);
  mpel_worker_add_function (worker, "removes-itself", removes_itself, g_strdup ("data"), g_free);
  mpel_worker_add_handler (worker, "raises", raises, NULL, NULL);
  mpel_worker_add_handler (worker, "drops", drops, NULL, NULL);
  mpel_worker_add_handler (worker, "answers-later", answers_later, NULL, NULL);
  mpel_worker_add_handler (worker, "answers-from-thread", answers_from_thread, NULL, NULL);
}

static void
add (const char *path, void (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

static void
add_tests (void)
{
  add ("/flow/errors/no-such-target", test_no_such_target);
  add ("/flow/errors/arguments", test_arguments);
  add ("/flow/errors/no-result", test_no_result);
  add ("/flow/errors/foreign-errors", test_foreign_errors);
  add ("/flow/errors/event-class", test_event_class);
  add ("/flow/errors/start-failures", test_start_failures);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
