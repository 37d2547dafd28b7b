/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects of the host in the worker: copies that die with their event, and those that are kept. */

#include "config.h"
#include "object-work.h"

static void
cache (ObjectWork *work, gpointer object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_loop_cache_object (work->loop, object, FALSE, &error);

  g_assert_no_error (error);
}

static void
assert_abc (TestAbc *abc, const char *expected)
{
  g_autofree char *text = NULL;
  int              a, b, c;

  g_object_get (abc, "a", &a, "b", &b, "c", &c, NULL);
  text = g_strdup_printf ("ABC(a=%d, b=%d, c=%d)", a, b, c);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_seed_uncached (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("The seed's first example: each event gets a copy, and what it does to that is gone with it.");

  object_work_add (work, object_work_print (a, FALSE));
  object_work_add (work, object_work_method (a, "calc_c", NULL, FALSE));
  object_work_add (work, object_work_print (a, FALSE));
  mpel_test_wait (work->loop);
  object_work_assert_log (work, "'===== ABC(a=1, b=2, c=0) ====='\n()\n'===== ABC(a=1, b=2, c=0) ====='");
  assert_abc (a, "ABC(a=1, b=2, c=0)");
}

static void
test_seed_cached (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) calc = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("The seed's second example: with cache the worker keeps the object, and prints c as it has become.");

  object_work_add (work, object_work_print (a, FALSE));
  calc = mpel_event_loop_add_cache_event (work->loop, G_OBJECT (a), "calc_c", NULL, NULL, &error);
  g_assert_no_error (error);
  object_work_add (work, object_work_print (a, TRUE));
  mpel_test_wait (work->loop);
  object_work_assert_log (work, "'===== ABC(a=1, b=2, c=0) ====='\n()\n'===== ABC(a=1, b=2, c=3) ====='");
  assert_abc (a, "ABC(a=1, b=2, c=0)");
}

/* The seed's save_object. */
static gboolean
save_object_cb (MpelEvent *event, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (mpel_event_get_event_key (event), "a") != 0)
    return FALSE;
  g_assert_true (mpel_event_update_object (event, &error));
  g_assert_no_error (error);
  return TRUE;
}

static void
test_seed_saved (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  MpelEvent *event;

  g_test_summary ("The seed's third example: a handler takes the object's state back, by the event's key.");

  mpel_event_loop_insert_output_handler (work->loop, 0, save_object_cb, NULL, NULL);
  object_work_add (work, object_work_print (a, FALSE));
  object_work_add (work, object_work_method (a, "calc_c", NULL, TRUE));
  event = object_work_method (a, NULL, NULL, TRUE);
  mpel_event_set_event_key (event, "a");
  object_work_add (work, event);
  assert_abc (a, "ABC(a=1, b=2, c=0)");
  mpel_test_wait (work->loop);
  assert_abc (a, "ABC(a=1, b=2, c=3)");
  object_work_assert_log (work, "'===== ABC(a=1, b=2, c=0) ====='\n()");
}

static void
test_update (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) state = NULL;
  g_autoptr (MpelEvent) calc = object_work_method (a, "calc_c", NULL, TRUE);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Caching an object with output brings its state back, and only that updates it.");

  g_assert_false (mpel_event_update_object (calc, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  mpel_test_add_event (work->loop, calc);
  state = mpel_event_loop_cache_object (work->loop, G_OBJECT (a), TRUE, &error);
  g_assert_no_error (error);
  mpel_test_wait (work->loop);
  mpel_test_assert_results (calc, "()");
  g_assert_false (mpel_event_update_object (calc, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);

  assert_abc (a, "ABC(a=1, b=2, c=0)");
  g_assert_true (mpel_event_update_object (state, &error));
  g_assert_no_error (error);
  assert_abc (a, "ABC(a=1, b=2, c=3)");
}

static void
test_is_cached (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (TestAbc) b = test_abc_new (5, 5, 0);

  g_test_summary ("An object is cached from the first event with cache that is its method, until it is released.");

  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (a)));
  g_assert_false (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, FALSE), "()");
  object_work_assert_runs (work, object_work_print (b, TRUE), "'===== ABC(a=5, b=5, c=0) ====='");
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (a)));
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (b)));
  object_work_assert_instances (work, 0);

  cache (work, a);
  g_assert_true (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (a)));
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (b)));
  object_work_assert_instances (work, 1);

  g_assert_true (mpel_event_loop_release_object (work->loop, G_OBJECT (a)));
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (a)));
  object_work_assert_instances (work, 0);
}

static void
test_created_once (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("What the host's object becomes is of no concern to the copy, nor the other way round.");

  cache (work, a);
  g_object_set (a, "a", 100, NULL);
  cache (work, a);
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=1, b=2, c=3) ====='");
  object_work_assert_runs (work, object_work_print (a, FALSE), "'===== ABC(a=100, b=2, c=0) ====='");
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, FALSE), "'ABC(a=100, b=2, c=0)'");
  object_work_assert_instances (work, 1);
}

static void
test_re_register (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Registered again, the worker's copy is made anew, of what the object is then.");

  cache (work, a);
  g_object_set (a, "a", 100, NULL);
  event = mpel_event_loop_re_register (work->loop, G_OBJECT (a), TRUE, &error);
  g_assert_no_error (error);
  g_object_set (a, "a", 1000, NULL);
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=100, b=2, c=102) ====='");
  object_work_assert_instances (work, 1);
  g_assert_true (mpel_event_update_object (event, &error));
  assert_abc (a, "ABC(a=100, b=2, c=0)");

  g_object_set (a, "a", 7, NULL);
  g_set_object (&event, NULL);
  event = mpel_event_new_method (G_OBJECT (a), "repr", NULL, NULL);
  mpel_event_set_re_register (event, TRUE);
  object_work_assert_runs (work, g_steal_pointer (&event), "'ABC(a=7, b=2, c=0)'");
  object_work_assert_instances (work, 1);
}

static void
test_re_register_first (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  MpelEvent *event = mpel_event_new_method (G_OBJECT (a), "calc_c", NULL, NULL);

  g_test_summary ("What is registered again without having been is cached.");

  mpel_event_set_re_register (event, TRUE);
  object_work_assert_runs (work, event, "()");
  g_assert_true (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (a)));
  object_work_assert_runs (work, object_work_print (a, TRUE), "'===== ABC(a=1, b=2, c=3) ====='");
}

/* Returns: (transfer full): are both the same in the worker? */
static MpelEvent *
same_event_new (gpointer one, gpointer other, gboolean is_cached)
{
  MpelEvent   *event = mpel_event_new ("same", NULL, NULL);
  GVariantDict kwargs = G_VARIANT_DICT_INIT (NULL);

  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, one)));
  g_variant_dict_insert (&kwargs, "other", "h", mpel_event_add_object (event, other));
  mpel_event_set_kwargs (event, g_variant_dict_end (&kwargs));
  mpel_event_set_cache (event, is_cached);
  return event;
}

static void
test_arguments (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (TestAbc) b = test_abc_new (1, 2, 0);

  g_test_summary ("Objects among named and other arguments are found, be they kept or not.");

  object_work_assert_runs (work, same_event_new (a, b, FALSE), "false");
  object_work_assert_runs (work, same_event_new (a, a, FALSE), "true");
  object_work_assert_instances (work, 0);

  cache (work, a);
  object_work_assert_runs (work, same_event_new (a, a, TRUE), "true");
  object_work_assert_runs (work, same_event_new (a, b, TRUE), "false");
  object_work_assert_instances (work, 1);
  cache (work, b);
  object_work_assert_runs (work, same_event_new (a, b, TRUE), "false");
  object_work_assert_runs (work, same_event_new (b, b, TRUE), "true");
  object_work_assert_instances (work, 2);
}

/* Returns: (transfer full): is the object among its own arguments? */
static MpelEvent *
is_me_event_new (gpointer object, gpointer other, gboolean is_cached)
{
  MpelEvent *event = object_work_method (object, "is_me", NULL, is_cached);

  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, other)));
  return event;
}

static void
test_itself (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (TestAbc) b = test_abc_new (1, 2, 0);
  MpelEvent *again;

  g_test_summary ("An object among the arguments of its own method is the same, be it kept or not.");

  object_work_assert_runs (work, is_me_event_new (a, a, FALSE), "true");
  object_work_assert_runs (work, is_me_event_new (a, b, FALSE), "false");
  object_work_assert_instances (work, 0);
  again = is_me_event_new (b, b, FALSE);
  mpel_event_set_re_register (again, TRUE);
  object_work_assert_runs (work, again, "true");
  object_work_assert_runs (work, is_me_event_new (a, a, TRUE), "true");
  object_work_assert_runs (work, is_me_event_new (a, b, TRUE), "false");
  object_work_assert_instances (work, 2);
}

static void
test_among_arguments (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (TestAbc) b = test_abc_new (3, 4, 0);
  MpelEvent   *event = mpel_event_new ("print", NULL, NULL);
  GVariantDict kwargs = G_VARIANT_DICT_INIT (NULL);
  int          handle_a, handle_b;

  g_test_summary ("One event may mention some that are kept and some that are not.");

  cache (work, a);
  object_work_assert_runs (work, object_work_method (a, "calc_c", NULL, TRUE), "()");
  handle_a = mpel_event_add_object (event, G_OBJECT (a));
  handle_b = mpel_event_add_object (event, G_OBJECT (b));
  g_assert_cmpint (mpel_event_add_object (event, G_OBJECT (a)), ==, handle_a);
  g_assert_cmpint (handle_a, !=, handle_b);
  mpel_event_set_args (event, g_variant_new ("(hshh)", handle_b, "and", handle_a, handle_b));
  g_variant_dict_insert (&kwargs, "z", "h", handle_a);
  g_variant_dict_insert (&kwargs, "b", "h", handle_b);
  mpel_event_set_kwargs (event, g_variant_dict_end (&kwargs));
  mpel_event_set_cache (event, TRUE);
  object_work_assert_runs (work,
                           event,
                           "'ABC(a=3, b=4, c=0) and ABC(a=1, b=2, c=3) ABC(a=3, b=4, c=0) "
                           "b=ABC(a=3, b=4, c=0) z=ABC(a=1, b=2, c=3)'");
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (b)));
  object_work_assert_instances (work, 1);
}

static void
test_added_again (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) calc = object_work_method (a, "calc_c", NULL, TRUE);
  g_autoptr (MpelEvent) print = object_work_print (a, FALSE);

  g_test_summary ("An event that is added again takes the object as that is now.");

  calc = object_work_run (work, calc);
  print = object_work_run (work, print);
  mpel_test_assert_results (print, "'===== ABC(a=1, b=2, c=0) ====='");
  g_object_set (a, "a", 50, NULL);
  calc = object_work_run (work, calc);
  print = object_work_run (work, print);
  mpel_test_assert_results (print, "'===== ABC(a=50, b=2, c=0) ====='");
  mpel_event_set_cache (print, TRUE);
  print = object_work_run (work, print);
  mpel_test_assert_results (print, "'===== ABC(a=1, b=2, c=3) ====='");
  object_work_assert_instances (work, 1);
}

static void
add_tests (void)
{
  OBJECT_WORK_ADD ("/flow/cache/seed-uncached", test_seed_uncached);
  OBJECT_WORK_ADD ("/flow/cache/seed-cached", test_seed_cached);
  OBJECT_WORK_ADD ("/flow/cache/seed-saved", test_seed_saved);
  OBJECT_WORK_ADD ("/flow/cache/update", test_update);
  OBJECT_WORK_ADD ("/flow/cache/is-cached", test_is_cached);
  OBJECT_WORK_ADD ("/flow/cache/created-once", test_created_once);
  OBJECT_WORK_ADD ("/flow/cache/re-register", test_re_register);
  OBJECT_WORK_ADD ("/flow/cache/re-register-first", test_re_register_first);
  OBJECT_WORK_ADD ("/flow/cache/arguments", test_arguments);
  OBJECT_WORK_ADD ("/flow/cache/itself", test_itself);
  OBJECT_WORK_ADD ("/flow/cache/among-arguments", test_among_arguments);
  OBJECT_WORK_ADD ("/flow/cache/added-again", test_added_again);
}

int
main (int argc, char **argv)
{
  return object_work_main (argc, argv, add_tests);
}
