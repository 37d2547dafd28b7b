/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A real worker, and a host that speaks the wire by hand: values before the end. */

#include "config.h"
#include "by-hand.h"
#include "worker-targets.h"

#include "mpel-names-private.h"
#include "mpel.h"

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

  by_hand_acknowledge (host, 1, 10);
  by_hand_wait_count (host, "YIELD 1 *", 266);
  by_hand_run (host, 4, "echo", "()", "DONE 4 *");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 266);

  by_hand_acknowledge (host, 1, G_MAXUINT32);
  by_hand_wait_count (host, "YIELD 1 *", 266 + 256);
  by_hand_run (host, 5, "echo", "()", "DONE 5 *");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 266 + 256);
  g_assert_nonnull (by_hand_get_line (host, by_hand_find (host, "YIELD 1 ('endless', 520)")));
  by_hand_acknowledge (host, 77, 1);
  by_hand_cancel (host, 1);
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
  by_hand_acknowledge (host, 1, 1);
  by_hand_wait_count (host, "YIELD 1 *", 4);
  by_hand_acknowledge (host, 1, 3);
  by_hand_wait (host, "DONE 1 ()");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 6);

  by_hand_add (host, 4, "count", "('a', 2, 3000000, 0, '')");
  by_hand_send (host);
  for (guint n = 1; n <= 2; n++)
    {
      by_hand_wait_count (host, "YIELD 4 *", n);
      by_hand_acknowledge (host, 4, 1);
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
      by_hand_acknowledge (host, id, 86);
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
  by_hand_acknowledge (host, 2, 1);
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
  by_hand_cancel (host, 2);
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
  by_hand_acknowledge (host, 2, 256);
  by_hand_wait (host, "YIELD 2 511");
  by_hand_cancel (host, 3);
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
  g_assert_cmpint (G_IO_ERROR_CLOSED, ==, 18);
  by_hand_run (host, 3, "get-yield-code", "()", "DONE 3 18");
  g_assert_cmpuint (by_hand_count (host, "YIELD 1 *"), ==, 256);

  by_hand_add (host, 4, "yield-async", "(300,)");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 4 *", 256);
  by_hand_cancel (host, 4);
  by_hand_wait (host, "FAILED 4 g-io-error-quark:19: *");

  by_hand_add (host, 5, "yield-async", "(300,)");
  by_hand_send (host);
  by_hand_wait_count (host, "YIELD 5 *", 256);
  by_hand_free (host);
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker != NULL)
    return worker_targets_run (worker);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpel/worker-stream/generator/order", test_generator_order);
  g_test_add_func ("/mpel/worker-stream/generator/interrupted", test_generator_interrupted);
  g_test_add_func ("/mpel/worker-stream/generator/ends", test_generator_ends);
  g_test_add_func ("/mpel/worker-stream/generator/no-load", test_generator_is_no_load);
  g_test_add_func ("/mpel/worker-stream/window/generator", test_window_of_generator);
  g_test_add_func ("/mpel/worker-stream/window/bytes", test_window_of_bytes);
  g_test_add_func ("/mpel/worker-stream/window/too-large", test_too_large);
  g_test_add_func ("/mpel/worker-stream/yield/blocks", test_yield_blocks);
  g_test_add_func ("/mpel/worker-stream/yield/in-thread", test_yield_in_thread);
  g_test_add_func ("/mpel/worker-stream/yield/async", test_yield_async);
  g_test_add_func ("/mpel/worker-stream/yield/async-refused", test_yield_async_refused);
  return g_test_run ();
}
