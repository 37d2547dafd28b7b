/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Progress of events that is held back, since nobody sees more than one per frame of a screen. */

#include "config.h"
#include "mpel-progress-private.h"

static MpelCall *
call_new (guint64 id)
{
  return mpel_call_new (NULL, id, TRUE, TRUE);
}

static void
assert_made (MpelCall *call, gint64 now, const char *expected)
{
  g_autoptr (GVariant) made = mpel_progress_make (call, now);
  g_autofree char *printed = g_variant_print (made, FALSE);

  g_assert_cmpstr (printed, ==, expected);
}

static void
test_first (void)
{
  MpelProgress progress = { 0 };
  g_autoptr (MpelCall) call = call_new (1);

  g_test_summary ("The first is told at once.");
  g_assert_true (mpel_progress_take (&progress, call, 0.5, "half"));
  g_assert_true (mpel_progress_is_empty (&progress));
  assert_made (call, 1, "(0.5, 'half')");
}

static void
test_latest (void)
{
  MpelProgress progress = { 0 };
  GQueue       due = G_QUEUE_INIT;
  gint64       now = g_get_monotonic_time ();
  g_autoptr (MpelCall) call = call_new (1);

  g_test_summary ("Of those that come too soon the latest is told, when it is time.");
  /* In a time to come, so that no clock makes the next one due. */
  call->told_us = now + G_USEC_PER_SEC * 1000;
  g_assert_false (mpel_progress_take (&progress, call, 0.25, "one"));
  g_assert_false (mpel_progress_take (&progress, call, 0.75, "two"));
  mpel_progress_take_due (&progress, call->told_us + 1, &due);
  g_assert_true (g_queue_is_empty (&due));
  mpel_progress_take_due (&progress, call->told_us + G_USEC_PER_SEC, &due);
  g_assert_true (g_queue_pop_head (&due) == call);
  g_assert_true (g_queue_is_empty (&due));
  g_assert_true (mpel_progress_is_empty (&progress));
  assert_made (call, now, "(0.75, 'two')");
  mpel_call_unref (call);
}

static void
test_due (void)
{
  MpelProgress progress = { 0 };
  GQueue       due = G_QUEUE_INIT;
  gint64       later = g_get_monotonic_time () + G_USEC_PER_SEC * 1000;
  g_autoptr (MpelCall) one = call_new (1);
  g_autoptr (MpelCall) other = call_new (2);

  g_test_summary ("Each is due at its own time.");
  one->told_us = later + G_USEC_PER_SEC;
  other->told_us = later;
  g_assert_false (mpel_progress_take (&progress, one, 0, NULL));
  g_assert_false (mpel_progress_take (&progress, other, 0, NULL));
  mpel_progress_take_due (&progress, later + G_USEC_PER_SEC, &due);
  g_assert_true (g_queue_pop_head (&due) == other);
  g_assert_true (g_queue_is_empty (&due));
  mpel_call_unref (other);
  mpel_progress_take_all (&progress, &due);
  g_assert_true (g_queue_pop_head (&due) == one);
  g_assert_true (mpel_progress_is_empty (&progress));
  mpel_call_unref (one);
}

static void
test_end (void)
{
  MpelProgress progress = { 0 };
  g_autoptr (MpelCall) call = call_new (1);

  g_test_summary ("An event that ends takes what was held back along, once.");
  call->told_us = g_get_monotonic_time () + G_USEC_PER_SEC * 1000;
  g_assert_false (mpel_progress_drop (&progress, call));
  g_assert_false (mpel_progress_take (&progress, call, 1, "all"));
  g_assert_true (mpel_progress_drop (&progress, call));
  g_assert_false (mpel_progress_drop (&progress, call));
  g_assert_true (mpel_progress_is_empty (&progress));
}

static void
test_message (void)
{
  g_autoptr (MpelCall) call = call_new (1);
  MpelProgress progress = { 0 };

  g_test_summary ("A message that is no text is made one.");
  g_assert_true (mpel_progress_take (&progress, call, 0.25, "\xff"
                                                            "x"));
  assert_made (call, 1, "(0.25, '\xef\xbf\xbdx')");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/progress/first", test_first);
  g_test_add_func ("/unit/progress/latest", test_latest);
  g_test_add_func ("/unit/progress/due", test_due);
  g_test_add_func ("/unit/progress/end", test_end);
  g_test_add_func ("/unit/progress/message", test_message);
  return g_test_run ();
}
