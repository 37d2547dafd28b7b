/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much travels ahead of a worker: plain arithmetic, whatever the worker says. */

#include "config.h"
#include "mpel-window-private.h"

#define MIN_LIMIT 2
#define MAX_LIMIT 2048
#define MAX_BYTES (4 * 1024 * 1024)

/* Fills the window to its limit with events of @bytes; returns how many that were. */
static guint
fill (MpelWindow *window, gsize bytes)
{
  guint n = 0;

  for (; mpel_window_has_room (window); n++)
    mpel_window_add (window, bytes);
  return n;
}

/* The worker takes all it has, each event in @cost_us, again and again. */
static void
settle (MpelWindow *window, guint64 cost_us)
{
  for (guint i = 0; i < 50; i++)
    {
      fill (window, 0);
      g_assert_true (mpel_window_report (window, window->n_ahead, window->n_ahead * cost_us));
    }
}

static void
test_begins_small (void)
{
  MpelWindow window;

  g_test_summary ("Of a worker nobody knows, one event runs and one waits.");

  mpel_window_init (&window, MIN_LIMIT);
  g_assert_true (mpel_window_has_room (&window));
  g_assert_true (mpel_window_is_worth_filling (&window));
  g_assert_cmpuint (fill (&window, 100), ==, MIN_LIMIT);
  g_assert_cmpuint (window.n_ahead, ==, MIN_LIMIT);
  g_assert_cmpuint (window.n_bytes, ==, 200);
  g_assert_false (mpel_window_is_worth_filling (&window));
}

static void
test_grows (void)
{
  MpelWindow window;

  g_test_summary ("For a quick worker the window doubles with each report, up to about 2 ms of work.");

  mpel_window_init (&window, MIN_LIMIT);
  for (guint expected = 2 * MIN_LIMIT; expected <= 64; expected *= 2)
    {
      fill (&window, 10);
      g_assert_true (mpel_window_report (&window, window.n_ahead, 10 * window.n_ahead));
      g_assert_cmpuint (window.limit, ==, expected);
    }

  settle (&window, 10);
  g_assert_cmpuint (window.limit, ==, 200);
}

static void
test_upper_bound (void)
{
  MpelWindow window;

  g_test_summary ("A worker that claims to need no time at all gets no more than the maximum.");

  mpel_window_init (&window, MIN_LIMIT);
  settle (&window, 0);
  g_assert_cmpuint (window.limit, ==, MAX_LIMIT);
  g_assert_cmpuint (fill (&window, 0), ==, MAX_LIMIT);
}

static void
test_lower_bound (void)
{
  MpelWindow window;

  g_test_summary ("A slow worker still has the next event at hand.");

  mpel_window_init (&window, MIN_LIMIT);
  settle (&window, 10);
  settle (&window, G_USEC_PER_SEC);
  g_assert_cmpuint (window.limit, ==, MIN_LIMIT);
  g_assert_cmpuint (fill (&window, 0), ==, MIN_LIMIT);
}

static void
test_adapts (void)
{
  MpelWindow window;
  guint      before;

  g_test_summary ("One slow event among quick ones narrows the window, and it widens again.");

  mpel_window_init (&window, MIN_LIMIT);
  settle (&window, 10);
  before = window.limit;
  fill (&window, 0);
  g_assert_true (mpel_window_report (&window, 1, 100000));
  g_assert_cmpuint (window.limit, <, before);
  g_assert_true (mpel_window_report (&window, window.n_ahead, 0));
  settle (&window, 10);
  g_assert_cmpuint (window.limit, >=, before - 1);
}

static void
test_pool (void)
{
  MpelWindow window;

  g_test_summary ("In a pool an event goes ahead only once it is known that they are short, and no more so when they are long.");

  mpel_window_init (&window, 1);
  g_assert_cmpuint (fill (&window, 0), ==, 1);
  g_assert_true (mpel_window_report (&window, 1, 10000));
  g_assert_cmpuint (fill (&window, 0), ==, 2);
  settle (&window, 30000);
  g_assert_cmpuint (fill (&window, 0), ==, 1);
}

static void
test_lies (void)
{
  MpelWindow window;

  g_test_summary ("More events than were sent are not believed; absurd times do no harm.");

  mpel_window_init (&window, MIN_LIMIT);
  g_assert_false (mpel_window_report (&window, 1, 0));
  fill (&window, 0);
  g_assert_false (mpel_window_report (&window, window.n_ahead + 1, 0));
  g_assert_false (mpel_window_report (&window, G_MAXUINT, 0));
  g_assert_cmpuint (window.n_ahead, ==, MIN_LIMIT);

  g_assert_true (mpel_window_report (&window, 1, G_MAXUINT64));
  g_assert_cmpuint (window.limit, ==, MIN_LIMIT);
  g_assert_cmpuint (window.n_ahead, ==, MIN_LIMIT - 1);
  g_assert_false (mpel_window_report (&window, 0, G_MAXUINT64));
  g_assert_cmpuint (window.limit, ==, MIN_LIMIT);
}

static void
test_bytes (void)
{
  MpelWindow window;

  g_test_summary ("Large events fill the window before it has its number, but two always fit.");

  mpel_window_init (&window, MIN_LIMIT);
  settle (&window, 1);
  g_assert_cmpuint (fill (&window, MAX_BYTES / 8), ==, 8);
  mpel_window_remove_bytes (&window, MAX_BYTES / 8);
  g_assert_true (mpel_window_has_room (&window));

  mpel_window_init (&window, MIN_LIMIT);
  mpel_window_add (&window, G_MAXSIZE / 2);
  g_assert_true (mpel_window_has_room (&window));
  mpel_window_add (&window, 1);
  g_assert_false (mpel_window_has_room (&window));
}

static void
test_bytes_do_not_wrap (void)
{
  MpelWindow window;

  g_test_summary ("More bytes are never taken away than are there.");

  mpel_window_init (&window, MIN_LIMIT);
  mpel_window_add (&window, 10);
  mpel_window_remove_bytes (&window, 11);
  g_assert_cmpuint (window.n_bytes, ==, 0);
  mpel_window_remove_bytes (&window, G_MAXSIZE);
  g_assert_cmpuint (window.n_bytes, ==, 0);
}

static void
test_worth_filling (void)
{
  MpelWindow window;
  guint      n = 0;

  g_test_summary ("A full window is filled again when a quarter of it is free, not for each event.");

  mpel_window_init (&window, MIN_LIMIT);
  settle (&window, 10);
  fill (&window, 0);
  for (; !mpel_window_is_worth_filling (&window); n++)
    window.n_ahead--;
  g_assert_cmpuint (n, ==, window.limit / 4);
  window.n_ahead = 0;
  g_assert_true (mpel_window_is_worth_filling (&window));
}

static void
test_one_at_least (void)
{
  MpelWindow window;

  g_test_summary ("Of those who share the work a slow one gets one event at a time, and a quick one as many as any.");

  mpel_window_init (&window, 1);
  g_assert_cmpuint (fill (&window, 100), ==, 1);
  g_assert_false (mpel_window_is_worth_filling (&window));
  g_assert_true (mpel_window_report (&window, 1, G_USEC_PER_SEC));
  g_assert_cmpuint (window.limit, ==, 1);
  g_assert_true (mpel_window_is_worth_filling (&window));

  settle (&window, 10);
  g_assert_cmpuint (window.limit, >=, 150);
  settle (&window, 0);
  g_assert_cmpuint (window.limit, ==, MAX_LIMIT);
  settle (&window, G_USEC_PER_SEC);
  g_assert_cmpuint (window.limit, ==, 1);
  window.n_ahead = 0;
  mpel_window_add (&window, G_MAXSIZE / 2);
  g_assert_false (mpel_window_has_room (&window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/window/begins-small", test_begins_small);
  g_test_add_func ("/unit/window/grows", test_grows);
  g_test_add_func ("/unit/window/upper-bound", test_upper_bound);
  g_test_add_func ("/unit/window/lower-bound", test_lower_bound);
  g_test_add_func ("/unit/window/adapts", test_adapts);
  g_test_add_func ("/unit/window/pool", test_pool);
  g_test_add_func ("/unit/window/lies", test_lies);
  g_test_add_func ("/unit/window/bytes", test_bytes);
  g_test_add_func ("/unit/window/bytes-do-not-wrap", test_bytes_do_not_wrap);
  g_test_add_func ("/unit/window/worth-filling", test_worth_filling);
  g_test_add_func ("/unit/window/one-at-least", test_one_at_least);
  return g_test_run ();
}
