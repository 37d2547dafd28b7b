/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values that events yield before their end, as signals. */

#include "config.h"
#include "long-work.h"

#include <stdlib.h>
#include <string.h>

/* ---- worker ---- */

static GVariant *
yield_args (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  for (gsize i = 0; i < g_variant_n_children (args); i++)
    {
      g_autoptr (GVariant) value = g_variant_get_child_value (args, i);

      if (!mpel_invocation_yield_value (invocation, value, error))
        return NULL;
    }
  return g_variant_new ("()");
}

typedef struct
{
  char *name;
  int   n;
  int   i;
} Counter;

static void
counter_free (Counter *counter)
{
  g_free (counter->name);
  g_free (counter);
}

static int n_made;

static GVariant *
count_on (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  Counter *counter = user_data;

  if (counter->i == counter->n)
    return NULL;
  n_made++;
  return g_variant_new_take_string (g_strdup_printf ("%s %d", counter->name, counter->i++));
}

/* A generator; of a negative number it is endless. */
static void
generate (MpelInvocation *invocation, gpointer user_data)
{
  Counter *counter = g_new0 (Counter, 1);

  g_variant_get (mpel_invocation_get_args (invocation), "(is)", &counter->n, &counter->name);
  mpel_invocation_set_generator (invocation, count_on, counter, (GDestroyNotify) counter_free);
}

static GVariant *
fail_at_two (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  static int i = 0;

  if (i == 2)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Not two");
  return i == 2 ? NULL : g_variant_new_int32 (i++);
}

static void
generate_and_fail (MpelInvocation *invocation, gpointer user_data)
{
  mpel_invocation_set_generator (invocation, fail_at_two, NULL, NULL);
}

static GVariant *
tell_made (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", n_made);
}

/* A handler that yields the next number when the one before is on its way. */
static void
yielded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MpelInvocation *invocation = MPEL_INVOCATION (source);
  int             i = GPOINTER_TO_INT (user_data);
  int             n;
  g_autoptr (GError) error = NULL;

  g_variant_get (mpel_invocation_get_args (invocation), "(i)", &n);
  if (result != NULL && !mpel_invocation_yield_value_finish (invocation, result, &error))
    mpel_invocation_return_gerror (invocation, error);
  else if (i == n)
    mpel_invocation_return_value (invocation, g_variant_new ("(s)", "all"));
  else
    mpel_invocation_yield_value_async (invocation, g_variant_new_int32 (i), NULL, yielded_cb, GINT_TO_POINTER (i + 1));
}

static void
yield_later (MpelInvocation *invocation, gpointer user_data)
{
  yielded_cb (G_OBJECT (invocation), NULL, NULL);
}

/* ---- host ---- */

static void
assert_numbers (LongWork *fixture, int n)
{
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->log->len, ==, n + 1);
  for (int i = 0; i < n; i++)
    g_assert_cmpint (atoi (fixture->log->pdata[i]), ==, i);
  g_assert_cmpstr (fixture->log->pdata[n], ==, "('all',)");
  g_ptr_array_set_size (fixture->log, 0);
}

static void
test_order (LongWork *fixture, gconstpointer data)
{
  const int n = 5000;

  g_test_summary ("Thousands of values come in order and before the end, from a function that blocks and a handler that does not.");

  mpel_test_add (fixture->loop, "yield-numbers", g_variant_new ("(i)", n));
  assert_numbers (fixture, n);
  mpel_test_add (fixture->loop, "yield-later", g_variant_new ("(i)", n));
  assert_numbers (fixture, n);
  mpel_test_add (fixture->loop, "yield-numbers", g_variant_new ("(i)", 0));
  assert_numbers (fixture, 0);
  mpel_test_assert_each_ended_once (fixture->ends, 3);
}

static void
test_types (LongWork *fixture, gconstpointer data)
{
  g_test_summary ("Values are of any type.");

  mpel_test_add (fixture->loop, "yield-args", g_variant_new_parsed ("((), @ms nothing, @mms just nothing, '', @a{sv} {}, <<1>>, [(), ()], byte 0x07)"));
  mpel_test_wait (fixture->loop);
  long_work_assert_log (fixture, "() | @ms nothing | @mms just nothing | '' | @a{sv} {} | <<1>> | [(), ()] | byte 0x07 | ()");
}

static void
test_failure (LongWork *fixture, gconstpointer data)
{
  g_test_summary ("An event that fails has told its values before.");

  mpel_test_add (fixture->loop, "yield-and-fail", NULL);
  mpel_test_wait (fixture->loop);
  long_work_assert_log (fixture, "0 | 1 | g-io-error-quark:0: No more");
  mpel_test_add (fixture->loop, "generate-and-fail", NULL);
  mpel_test_wait (fixture->loop);
  long_work_assert_log (fixture, "0 | 1 | g-io-error-quark:0: Not two");
}

static void
test_turns (LongWork *fixture, gconstpointer data)
{
  MpelEvent *holding;
  MpelEvent *second;

  g_test_summary ("Generators have their turns in the order of the seed: one event begins in each.");

  holding = mpel_test_add (fixture->loop, "hold", NULL);
  mpel_test_add (fixture->loop, "generate", g_variant_new ("(is)", 5, "first"));
  second = mpel_test_add (fixture->loop, "generate", g_variant_new ("(is)", 5, "second"));
  mpel_test_iterate_until_state (second, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (holding);
  mpel_test_wait (fixture->loop);
  long_work_assert_log (fixture, "() | 'first 0' | 'first 1' | 'second 0' | 'first 2' | 'second 1' | 'first 3' | 'second 2' | "
                                 "'first 4' | 'second 3' | () | 'second 4' | ()");
}

static void
test_turns_with_plain (LongWork *fixture, gconstpointer data)
{
  MpelEvent *holding;
  MpelEvent *plain;

  g_test_summary ("A plain event has its turn between the steps of a generator.");

  holding = mpel_test_add (fixture->loop, "hold", NULL);
  mpel_test_add (fixture->loop, "generate", g_variant_new ("(is)", 3, "a"));
  plain = mpel_test_add (fixture->loop, "echo", g_variant_new ("(s)", "plain"));
  mpel_test_iterate_until_state (plain, MPEL_EVENT_STATE_SENT);
  mpel_event_cancel (holding);
  mpel_test_wait (fixture->loop);
  long_work_assert_log (fixture, "() | 'a 0' | ('plain',) | 'a 1' | 'a 2' | ()");
}

static void
test_no_output (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) function = mpel_event_new ("yield-numbers", g_variant_new ("(i)", 2000), NULL);
  g_autoptr (MpelEvent) handler = mpel_event_new ("yield-later", g_variant_new ("(i)", 2000), NULL);
  g_autoptr (MpelEvent) generator = mpel_event_new ("generate", g_variant_new ("(is)", 2000, "x"), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Values of an event without output are dropped, and nobody waits for them to be taken.");

  mpel_event_set_has_output (function, FALSE);
  mpel_event_set_has_output (handler, FALSE);
  mpel_event_set_has_output (generator, FALSE);
  mpel_event_loop_run (fixture->loop, (MpelEvent *[]){ function, handler, generator }, 3, &error);
  g_assert_no_error (error);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->log->len, ==, 0);
  g_assert_cmpint (mpel_event_get_state (function), ==, MPEL_EVENT_STATE_DONE);
  g_assert_cmpint (mpel_event_get_state (handler), ==, MPEL_EVENT_STATE_DONE);
  g_assert_cmpint (mpel_event_get_state (generator), ==, MPEL_EVENT_STATE_DONE);
}

static void
test_large (LongWork *fixture, gconstpointer data)
{
  const gsize      size = 600 * 1000;
  g_autofree char *text = g_strnfill (size, 'x');
  GVariant        *large = g_variant_new_string (text);

  g_test_summary ("Values of which two are more than may be on their way, and small ones between them, arrive.");

  mpel_test_add (fixture->loop, "yield-args", g_variant_new ("(ss@ss@ss@s)", text, "a", large, "b", large, "c", large));
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->log->len, ==, 8);
  for (guint i = 0; i < 7; i++)
    g_assert_cmpuint (strlen (fixture->log->pdata[i]), ==, (i % 2 == 0 ? size : 1) + 2);
}

static void
cancel_late_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  GPtrArray *log = user_data;

  if (log->len >= 600)
    mpel_event_cancel (event);
}

static void
test_endless (LongWork *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) generator = NULL;
  g_autoptr (MpelEvent) made = NULL;
  guint n_logged;

  g_test_summary ("An endless generator makes little more than was taken, and stops when it is cancelled.");

  g_signal_connect (fixture->loop, "event-yield", G_CALLBACK (cancel_late_cb), fixture->log);
  generator = g_object_ref (mpel_test_add (fixture->loop, "generate", g_variant_new ("(is)", -1, "x")));
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (mpel_event_get_state (generator), ==, MPEL_EVENT_STATE_CANCELLED);
  n_logged = fixture->log->len - 1;
  g_assert_cmpuint (n_logged, ==, 600);

  made = g_object_ref (mpel_test_add (fixture->loop, "tell-made", NULL));
  mpel_test_wait (fixture->loop);
  g_variant_get (mpel_event_get_results (made), "(i)", &n_made);
  g_assert_cmpint (n_made, <=, 600 + 2 * 256);
}

static void
register_targets (MpelWorker *worker)
{
  long_work_register (worker);
  mpel_worker_add_function (worker, "yield-args", yield_args, NULL, NULL);
  mpel_worker_add_function (worker, "tell-made", tell_made, NULL, NULL);
  mpel_worker_add_handler (worker, "generate", generate, NULL, NULL);
  mpel_worker_add_handler (worker, "generate-and-fail", generate_and_fail, NULL, NULL);
  mpel_worker_add_handler (worker, "yield-later", yield_later, NULL, NULL);
}

static void
add_test (const char *path, void (*func) (LongWork *fixture, gconstpointer data))
{
  g_test_add (path, LongWork, NULL, long_work_set_up_log, func, long_work_tear_down);
}

static void
add_tests (void)
{
  add_test ("/flow/stream/order", test_order);
  add_test ("/flow/stream/types", test_types);
  add_test ("/flow/stream/failure", test_failure);
  add_test ("/flow/stream/turns", test_turns);
  add_test ("/flow/stream/turns-with-plain", test_turns_with_plain);
  add_test ("/flow/stream/no-output", test_no_output);
  add_test ("/flow/stream/large", test_large);
  add_test ("/flow/stream/endless", test_endless);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
