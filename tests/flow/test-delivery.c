/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How ends are delivered: order, signals, handlers that do anything, slices, calls. */

#include "config.h"
#include "mpel-test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- worker ---- */

static int n_runs;

static GVariant *
echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  n_runs++;
  return g_variant_ref (args);
}

static GVariant *
count_runs (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (n_runs);
}

static GVariant *
fail (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No");
  return NULL;
}

/* Returns when the host has opened the pipe for writing. */
static GVariant *
wait_for_pipe (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *path;

  g_variant_get (args, "(^&ay)", &path);
  close (open (path, O_RDONLY | O_CLOEXEC));
  return g_variant_new ("()");
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  GPtrArray     *ends;
  char          *pipe; /* for wait_for_pipe */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;

  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->ends = mpel_test_collect (fixture->loop);
  folder = g_dir_make_tmp ("mpel-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->pipe = g_build_filename (folder, "pipe", NULL);
  g_assert_cmpint (mkfifo (fixture->pipe, 0600), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->pipe);

  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_clear_pointer (&fixture->ends, g_ptr_array_unref);
  g_unlink (fixture->pipe);
  g_rmdir (folder);
  g_free (fixture->pipe);
  mpel_test_assert_no_trace (fixture->before);
}

static MpelEvent *
add_waiting (Fixture *fixture)
{
  return mpel_test_add (fixture->loop, "wait-for-pipe", g_variant_new ("(^ay)", fixture->pipe));
}

/* Lets wait_for_pipe go on; blocks until it is there. */
static void
open_pipe (Fixture *fixture)
{
  close (open (fixture->pipe, O_WRONLY | O_CLOEXEC));
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  const int n = 20000;

  g_test_summary ("Twenty thousand events end in the order in which they were added.");

  for (int i = 0; i < n; i++)
    mpel_test_add (fixture->loop, i % 10 == 9 ? "fail" : "echo", g_variant_new ("(i)", i));
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, n);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, n);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *expected = g_strdup_printf ("(%d,)", i);

      if (i % 10 == 9)
        g_assert_nonnull (strstr (fixture->ends->pdata[i], ": No"));
      else
        g_assert_cmpstr (fixture->ends->pdata[i], ==, expected);
    }
}

static void
test_quick_before_slow (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Ten quick results do not wait for the slow event behind them.");

  for (int i = 0; i < 10; i++)
    mpel_test_add (fixture->loop, "echo", g_variant_new ("(i)", i));
  add_waiting (fixture);
  mpel_test_add (fixture->loop, "echo", NULL);
  while (fixture->ends->len < 10)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->ends->len, ==, 10);
  open_pipe (fixture);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 12);
}

static gboolean
append_text_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (mpel_event_get_event_key (event)));
  return FALSE;
}

static gboolean
swallow_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  ++*(int *) user_data;
  return TRUE;
}

static void
add_with_key (Fixture *fixture, const char *key)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (GError) error = NULL;

  mpel_event_set_event_key (event, key);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
}

static void
test_signal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  int n_swallowed = 0;

  g_test_summary ("The signal's detail is the event's key; TRUE stops all behind it, the output handlers too.");

  g_signal_connect (fixture->loop, "event-done::a", G_CALLBACK (append_text_cb), keys);
  g_signal_connect (fixture->loop, "event-done::b", G_CALLBACK (swallow_cb), &n_swallowed);
  add_with_key (fixture, "a");
  add_with_key (fixture, "b");
  add_with_key (fixture, "nobody listens to this");
  add_with_key (fixture, NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (keys->len, ==, 1);
  g_assert_cmpint (n_swallowed, ==, 1);
  g_assert_cmpuint (fixture->ends->len, ==, 3);
}

static void
test_no_output (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) quiet = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (MpelEvent) failing = mpel_event_new ("fail", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Without output an event runs and ends silently, unless it fails.");

  mpel_event_set_has_output (quiet, FALSE);
  mpel_event_set_has_output (failing, FALSE);
  mpel_event_loop_run (fixture->loop, (MpelEvent *[]){ quiet, failing }, 2, &error);
  g_assert_no_error (error);
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (mpel_event_get_state (quiet), ==, MPEL_EVENT_STATE_DONE);
  g_assert_null (mpel_event_get_results (quiet));
  g_assert_cmpuint (fixture->ends->len, ==, 1);
  g_assert_nonnull (strstr (fixture->ends->pdata[0], ": No"));

  mpel_event_loop_set_has_results (fixture->loop, FALSE);
  mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 1);
  mpel_event_loop_set_has_results (fixture->loop, TRUE);
  mpel_test_add (fixture->loop, "count-runs", NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpstr (fixture->ends->pdata[1], ==, "2");
}

/* ---- handlers that do anything ---- */

typedef struct
{
  Fixture *fixture;
  int      n_left;
  gboolean was_nested;
} Mischief;

static gboolean
add_more_cb (MpelEvent *event, gpointer user_data)
{
  Mischief *mischief = user_data;

  if (mischief->n_left-- > 0)
    mpel_test_add (mischief->fixture->loop, "echo", NULL);
  return FALSE;
}

static gboolean
wait_nested_cb (MpelEvent *event, gpointer user_data)
{
  Mischief *mischief = user_data;

  if (mischief->was_nested)
    return FALSE;
  mischief->was_nested = TRUE;
  mpel_test_add (mischief->fixture->loop, "echo", NULL);
  mpel_test_wait (mischief->fixture->loop);
  return FALSE;
}

static gboolean
stop_cb (MpelEvent *event, gpointer user_data)
{
  Mischief *mischief = user_data;
  g_autoptr (GError) error = NULL;

  if (mischief->was_nested)
    return FALSE;
  mischief->was_nested = TRUE;
  mpel_event_loop_stop (mischief->fixture->loop, NULL, &error);
  g_assert_no_error (error);
  return FALSE;
}

static gboolean
terminate_cb (MpelEvent *event, gpointer user_data)
{
  Mischief *mischief = user_data;

  mpel_event_loop_terminate (mischief->fixture->loop);
  return FALSE;
}

static void
test_handler_adds (Fixture *fixture, gconstpointer data)
{
  Mischief mischief = { fixture, 100, FALSE };

  g_test_summary ("A handler adds events; waiting waits for those too.");

  mpel_event_loop_add_output_handler (fixture->loop, add_more_cb, &mischief, NULL);
  mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 101);
}

static void
test_handler_waits (Fixture *fixture, gconstpointer data)
{
  Mischief mischief = { fixture, 0, FALSE };

  g_test_summary ("A handler runs a main loop of its own; the other events arrive in it.");

  mpel_event_loop_add_output_handler (fixture->loop, wait_nested_cb, &mischief, NULL);
  for (int i = 0; i < 10; i++)
    mpel_test_add (fixture->loop, "echo", g_variant_new ("(i)", i));
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 11);
}

static void
test_handler_stops (Fixture *fixture, gconstpointer data)
{
  Mischief mischief = { fixture, 0, FALSE };

  g_test_summary ("A handler stops the loop, which finishes what is queued; and one terminates it.");

  mpel_event_loop_add_output_handler (fixture->loop, stop_cb, &mischief, NULL);
  for (int i = 0; i < 10; i++)
    mpel_test_add (fixture->loop, "echo", g_variant_new ("(i)", i));
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 10);
  g_assert_false (mpel_event_loop_is_running (fixture->loop));

  mpel_event_loop_add_output_handler (fixture->loop, terminate_cb, &mischief, NULL);
  for (int i = 0; i < 10; i++)
    mpel_test_add (fixture->loop, "echo", g_variant_new ("(i)", i));
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 20);
}

static gboolean
unref_cb (MpelEvent *event, gpointer user_data)
{
  MpelEventLoop **loop = user_data;

  g_clear_object (loop);
  return FALSE;
}

static gboolean
dispose_cb (MpelEvent *event, gpointer user_data)
{
  g_object_run_dispose (user_data);
  return FALSE;
}

static void
test_handler_drops_loop (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelEventLoop *watched = loop;
  g_autoptr (GPtrArray) ends = mpel_test_collect (loop);

  g_test_summary ("A handler drops the last reference: the rest is delivered, then all goes.");

  g_object_add_weak_pointer (G_OBJECT (loop), (gpointer *) &watched);
  for (int i = 0; i < 10; i++)
    mpel_test_add (loop, "echo", g_variant_new ("(i)", i));
  mpel_event_loop_add_output_handler (loop, unref_cb, &loop, NULL);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (ends->len, ==, 10);

  loop = watched = mpel_test_loop_new ();
  g_object_add_weak_pointer (G_OBJECT (loop), (gpointer *) &watched);
  g_ptr_array_set_size (ends, 0);
  for (int i = 0; i < 10; i++)
    mpel_test_add (loop, "echo", g_variant_new ("(i)", i));
  mpel_event_loop_add_output_handler (loop, dispose_cb, loop, NULL);
  g_object_unref (loop);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- slices ---- */

typedef struct
{
  Fixture *fixture;
  guint    n_turns;
} Turns;

static gboolean
count_turn_cb (gpointer user_data)
{
  Turns *turns = user_data;

  turns->n_turns++;
  return G_SOURCE_CONTINUE;
}

static void
test_slices (Fixture *fixture, gconstpointer data)
{
  const guint n = 200;
  Turns       turns = { fixture, 0 };
  guint       source;

  g_test_summary ("Between two slices whatever is more urgent has its turn; slice and priority are properties.");

  g_assert_cmpint (mpel_event_loop_get_delivery_priority (fixture->loop), >, 120);
  g_assert_cmpuint (mpel_event_loop_get_delivery_slice (fixture->loop), <, 16000);
  mpel_event_loop_set_delivery_slice (fixture->loop, 0);
  mpel_event_loop_set_delivery_priority (fixture->loop, G_PRIORITY_LOW);
  source = g_idle_add_full (G_PRIORITY_LOW, count_turn_cb, &turns, NULL);
  for (guint i = 0; i < n; i++)
    mpel_test_add (fixture->loop, "echo", NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, n);
  g_assert_cmpuint (turns.n_turns, >=, n);
  g_source_remove (source);
}

/* ---- calls ---- */

static void
test_call (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) results = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call hands its results to the caller, and the handlers see it first.");

  mpel_event_loop_call_async (fixture->loop, "echo", g_variant_new ("(s)", "x"), NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_cmpuint (fixture->ends->len, ==, 1);
  results = mpel_event_loop_call_finish (fixture->loop, result, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_is_of_type (results, G_VARIANT_TYPE ("(s)")));
  mpel_test_assert_results (mpel_event_loop_get_call_event (fixture->loop, result), "('x',)");
}

static void
assert_call_cancelled (Fixture *fixture, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_event_loop_call_finish (fixture->loop, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_call_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GAsyncResult) running = NULL;
  g_autoptr (GAsyncResult) queued = NULL;
  g_autoptr (GAsyncResult) early = NULL;
  GVariant *pipe = g_variant_new ("(^ay)", fixture->pipe);

  g_test_summary ("A cancelled call is not run if it has not begun, and else ended with its worker if it does not answer.");

  mpel_event_loop_set_cancel_grace (fixture->loop, 1);
  mpel_event_loop_call_async (fixture->loop, "wait-for-pipe", pipe, NULL, cancellable, mpel_test_keep_result_cb, &running);
  while (fixture->ends->len == 0 && mpel_event_loop_get_state (fixture->loop) != MPEL_EVENT_LOOP_STATE_READY)
    g_main_context_iteration (NULL, TRUE);
  mpel_test_add (fixture->loop, "count-runs", NULL);
  mpel_event_loop_call_async (fixture->loop, "echo", NULL, NULL, cancellable, mpel_test_keep_result_cb, &queued);
  g_cancellable_cancel (cancelled);
  mpel_event_loop_call_async (fixture->loop, "echo", NULL, NULL, cancelled, mpel_test_keep_result_cb, &early);
  mpel_test_iterate_until_result (&early);
  assert_call_cancelled (fixture, early);
  g_assert_cmpuint (fixture->ends->len, ==, 0);

  g_cancellable_cancel (cancellable);
  mpel_test_iterate_until_result (&running);
  mpel_test_iterate_until_result (&queued);
  assert_call_cancelled (fixture, running);
  assert_call_cancelled (fixture, queued);
  g_assert_cmpuint (fixture->ends->len, >=, 2);

  mpel_test_wait (fixture->loop);
  mpel_test_add (fixture->loop, "count-runs", NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpstr (fixture->ends->pdata[fixture->ends->len - 1], ==, "0");
}

static void
test_two_loops (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *other = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = mpel_test_collect (other);

  g_test_summary ("Two loops have two workers and do not see each other's events.");

  for (int i = 0; i < 100; i++)
    {
      mpel_test_add (fixture->loop, "echo", g_variant_new ("(s)", "one"));
      mpel_test_add (other, "echo", g_variant_new ("(s)", "two"));
    }
  g_assert_cmpint (mpel_event_loop_get_worker_pid (fixture->loop), !=, mpel_event_loop_get_worker_pid (other));
  mpel_test_wait (other);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 100);
  g_assert_cmpuint (ends->len, ==, 100);
  g_assert_cmpstr (fixture->ends->pdata[99], ==, "('one',)");
  g_assert_cmpstr (ends->pdata[99], ==, "('two',)");
  mpel_test_loop_close_and_assert_finalized (other);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", echo, NULL, NULL);
  mpel_worker_add_function (worker, "count-runs", count_runs, NULL, NULL);
  mpel_worker_add_function (worker, "fail", fail, NULL, NULL);
  mpel_worker_add_function (worker, "wait-for-pipe", wait_for_pipe, NULL, NULL);
}

static void
add (const char *path, void (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

static void
add_tests (void)
{
  add ("/flow/delivery/order", test_order);
  add ("/flow/delivery/quick-before-slow", test_quick_before_slow);
  add ("/flow/delivery/signal", test_signal);
  add ("/flow/delivery/no-output", test_no_output);
  add ("/flow/delivery/handler-adds", test_handler_adds);
  add ("/flow/delivery/handler-waits", test_handler_waits);
  add ("/flow/delivery/handler-stops", test_handler_stops);
  add ("/flow/delivery/handler-drops-loop", test_handler_drops_loop);
  add ("/flow/delivery/slices", test_slices);
  add ("/flow/delivery/call", test_call);
  add ("/flow/delivery/call-cancelled", test_call_cancelled);
  add ("/flow/delivery/two-loops", test_two_loops);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
