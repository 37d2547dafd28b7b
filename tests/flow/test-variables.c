/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Named variables in the worker: set by an initializer, by events, and used by their names. */

#include "config.h"
#include "object-work.h"

#include "object-targets.h"

#include <signal.h>

/* The worker keeps “first” all the time. */
#define N_FIRST 1

static void
register_targets (MpelWorker *worker)
{
  object_targets_register (worker);
  object_targets_initialize (worker);
}

static void
tear_down (ObjectWork *work, gconstpointer data)
{
  mpel_test_loop_close_and_assert_finalized (g_steal_pointer (&work->loop));
  object_work_tear_down (work, data);
}

static MpelEvent *
var (const char *name, const char *method)
{
  return mpel_event_new_var (name, method, NULL, NULL);
}

static void
assert_no_variable (ObjectWork *work, const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("*%s*", name);

  object_work_assert_fails (work, var (name, NULL), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, pattern);
  object_work_assert_fails (work, var (name, "repr"), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, pattern);
}

static void
test_initializer (ObjectWork *work, gconstpointer data)
{
  g_test_summary ("What the initializer has set is there for the first event: values, and objects with their methods.");

  object_work_assert_runs (work, var ("first", "repr"), "'ABC(a=1, b=1, c=0)'");
  object_work_assert_runs (work, var ("answer", NULL), "42");
  object_work_assert_runs (work, var ("first", "calc_c"), "()");
  object_work_assert_runs (work, var ("first", "calc_later"), "'later'");
  object_work_assert_runs (work, var ("first", "repr"), "'ABC(a=1, b=1, c=2)'");
  object_work_assert_instances (work, N_FIRST);
}

static void
test_missing (ObjectWork *work, gconstpointer data)
{
  g_test_summary ("A missing variable is no such object; a missing method of one names the class.");

  assert_no_variable (work, "second");
  object_work_assert_fails (work, var ("first", "nothing"), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "*TestAbc*nothing*");
  object_work_assert_fails (work, var ("answer", "repr"), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "*answer*repr*");
}

static void
test_state (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelEvent) event = object_work_run (work, var ("first", NULL));
  int number;

  g_test_summary ("Of a variable that is an object the event brings the state.");

  g_assert_true (g_variant_is_of_type (mpel_event_get_results (event), G_VARIANT_TYPE_VARDICT));
  g_assert_true (g_variant_lookup (mpel_event_get_results (event), "b", "i", &number));
  g_assert_cmpint (number, ==, 1);
}

static void
test_save_results (ObjectWork *work, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) save = mpel_event_loop_save_variables (work->loop, "variables", NULL, NULL, &error);

  g_test_summary ("Results become variables: what handles stand for is kept in the worker.");

  g_assert_no_error (error);
  mpel_test_wait (work->loop);
  g_assert_no_error (mpel_event_get_error (save));
  object_work_assert_runs (work, var ("number", NULL), "5");
  object_work_assert_runs (work, var ("abc", "calc_c"), "()");
  object_work_assert_runs (work, var ("abc", "repr"), "'ABC(a=10, b=20, c=30)'");
  g_clear_object (&save);
  object_work_assert_runs (work, var ("abc", "repr"), "'ABC(a=10, b=20, c=30)'");
  object_work_assert_instances (work, N_FIRST + 1);

  save = mpel_event_loop_save_variables (work->loop, "variables", NULL, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&save);
  object_work_assert_runs (work, var ("abc", "repr"), "'ABC(a=10, b=20, c=0)'");
  object_work_assert_instances (work, N_FIRST + 1);
}

static GVariant *
dict_new (const char *name, GVariant *value)
{
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert_value (&dict, name, value);
  return g_variant_dict_end (&dict);
}

static void
test_save_objects (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) abc = test_abc_new (4, 5, 0);
  g_autoptr (MpelEvent) save = mpel_event_new (NULL, NULL, NULL);
  int handle = mpel_event_add_object (save, G_OBJECT (abc));

  g_test_summary ("A host saves an object of its own: the copy that the worker has lives on.");

  mpel_event_set_save_variables (save, TRUE);
  mpel_event_set_kwargs (save, dict_new ("mine", g_variant_new_handle (handle)));
  mpel_test_add_event (work->loop, save);
  mpel_test_wait (work->loop);
  g_assert_no_error (mpel_event_get_error (save));
  object_work_assert_runs (work, var ("mine", "calc_c"), "()");
  object_work_assert_runs (work, var ("mine", "repr"), "'ABC(a=4, b=5, c=9)'");
}

static void
test_save_kwargs (ObjectWork *work, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) save = NULL;

  g_test_summary ("Without a target the named arguments become variables; they replace what was called so.");

  save = mpel_event_loop_save_variables (work->loop, NULL, NULL, dict_new ("answer", g_variant_new_string ("43")), &error);
  g_assert_no_error (error);
  mpel_test_wait (work->loop);
  g_assert_no_error (mpel_event_get_error (save));
  object_work_assert_runs (work, var ("answer", NULL), "'43'");
  object_work_assert_runs (work, mpel_event_new ("get_variable", g_variant_new ("(s)", "answer"), NULL), "<'43'>");

  g_clear_object (&save);
  save = mpel_event_loop_save_variables (work->loop, NULL, NULL, dict_new ("first", g_variant_new_int32 (1)), &error);
  g_assert_no_error (error);
  object_work_assert_runs (work, var ("first", NULL), "1");
  object_work_assert_instances (work, 0);
}

/* A variable of this name that is the object. */
static MpelEvent *
save_object_new (const char *name, gpointer object, gboolean cache)
{
  MpelEvent *event = mpel_event_new ("named", NULL, NULL);

  mpel_event_set_kwargs (event, dict_new (name, g_variant_new_handle (mpel_event_add_object (event, object))));
  mpel_event_set_save_variables (event, TRUE);
  mpel_event_set_cache (event, cache);
  return event;
}

static void
test_save_object (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (7, 8, 0);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A copy that is saved outlives its event; a kept object that is saved is the same under both.");

  object_work_assert_runs (work, save_object_new ("copy", a, FALSE), "{'copy': <handle 0>}");
  object_work_assert_runs (work, var ("copy", "calc_c"), "()");
  object_work_assert_runs (work, var ("copy", "repr"), "'ABC(a=7, b=8, c=15)'");
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=7, b=8, c=0)'");
  object_work_assert_instances (work, N_FIRST + 2);

  object_work_assert_runs (work, save_object_new ("kept", a, TRUE), "{'kept': <handle 0>}");
  object_work_assert_runs (work, var ("kept", "calc_c"), "()");
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=7, b=8, c=15)'");
  object_work_assert_instances (work, N_FIRST + 2);
  g_clear_object (&a);
  object_work_assert_runs (work, var ("kept", "repr"), "'ABC(a=7, b=8, c=15)'");
  object_work_assert_instances (work, N_FIRST + 2);
}

static void
test_save_nonsense (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelEvent) results = mpel_event_new ("no_variables", NULL, NULL);
  g_autoptr (MpelEvent) handles = mpel_event_new ("named", NULL, dict_new ("bad", g_variant_new_handle (5)));

  g_test_summary ("Results that are no variables fail their event, and nothing is saved.");

  mpel_event_set_save_variables (results, TRUE);
  mpel_event_set_save_variables (handles, TRUE);
  object_work_assert_fails (work, g_steal_pointer (&results), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*");
  object_work_assert_fails (work, g_steal_pointer (&handles), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*");
  assert_no_variable (work, "bad");
  object_work_assert_instances (work, N_FIRST);
}

static void
test_worker_sets (ObjectWork *work, gconstpointer data)
{
  g_test_summary ("What the worker itself sets is the same as what events save.");

  object_work_assert_runs (work, mpel_event_new ("set_variable", g_variant_new ("(sv)", "mine", g_variant_new ("(is)", 1, "x")), NULL), "()");
  object_work_assert_runs (work, var ("mine", NULL), "(1, 'x')");
  object_work_assert_runs (work, mpel_event_new ("get_variable", g_variant_new ("(s)", "first"), NULL), "'an object'");
  object_work_assert_runs (work, mpel_event_new ("get_variable", g_variant_new ("(s)", "nobody's"), NULL), "()");
}

static void
test_add_var_event (ObjectWork *work, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) calc = mpel_event_loop_add_var_event (work->loop, "first", "calc_c", NULL, NULL, &error);
  g_autoptr (MpelEvent) repr = mpel_event_loop_add_var_event (work->loop, "first", "repr", NULL, NULL, &error);
  g_autoptr (MpelEvent) answer = mpel_event_loop_add_var_event (work->loop, "answer", NULL, NULL, NULL, &error);

  g_test_summary ("The loop makes such events too.");

  g_assert_no_error (error);
  mpel_test_wait (work->loop);
  mpel_test_assert_results (calc, "()");
  mpel_test_assert_results (repr, "'ABC(a=1, b=1, c=2)'");
  mpel_test_assert_results (answer, "42");
  g_assert_null (mpel_event_loop_add_var_event (work->loop, "", NULL, NULL, NULL, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
}

static void
test_lost (ObjectWork *work, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) save = mpel_event_loop_save_variables (work->loop, "variables", NULL, NULL, &error);

  g_test_summary ("Variables that were saved go with their worker; the next has what its initializer sets.");

  g_assert_no_error (error);
  object_work_assert_runs (work, var ("first", "calc_c"), "()");
  object_work_kill_worker (work);
  object_work_assert_runs (work, var ("first", "repr"), "'ABC(a=1, b=1, c=0)'");
  assert_no_variable (work, "abc");
  assert_no_variable (work, "number");
}

static void
test_retried (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelGate) gate = mpel_gate_new ();
  g_autoptr (MpelEvent) wait = mpel_event_new_var ("first", "wait", mpel_gate_args (gate), NULL);
  int pid;

  g_test_summary ("An event of a variable that is tried again finds what the next worker's initializer sets.");

  mpel_event_set_max_retries (wait, 1);
  mpel_test_add_event (work->loop, wait);
  pid = mpel_gate_wait (gate);
  kill (pid, SIGKILL);
  while (mpel_event_loop_get_worker_pid (work->loop) == pid || mpel_event_get_state (wait) == MPEL_EVENT_STATE_QUEUED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (mpel_event_get_state (wait), ==, MPEL_EVENT_STATE_SENT);
  mpel_gate_open (gate);
  mpel_test_wait (work->loop);
  g_assert_no_error (mpel_event_get_error (wait));
}

#define ADD(path, func) g_test_add ("/flow/variables/" path, ObjectWork, NULL, object_work_set_up, func, tear_down)

static void
add_tests (void)
{
  ADD ("initializer", test_initializer);
  ADD ("missing", test_missing);
  ADD ("state", test_state);
  ADD ("save-results", test_save_results);
  ADD ("save-kwargs", test_save_kwargs);
  ADD ("save-objects", test_save_objects);
  ADD ("save-object", test_save_object);
  ADD ("save-nonsense", test_save_nonsense);
  ADD ("worker-sets", test_worker_sets);
  ADD ("add-var-event", test_add_var_event);
  ADD ("lost", test_lost);
  ADD ("retried", test_retried);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
