/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <mpel/mpel.h>

/* Its arguments are the command of the worker. */
int
main (int argc, char **argv)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new ((const char *const *) argv + 1);
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new_with_launcher (launcher);
  GVariant *text = g_variant_new ("(s)", "the cat and the dog");
  GVariant *options = g_variant_new_parsed ("{'min_length': <int64 2>}");
  GVariant *nothing = g_variant_new ("(sx)", "text", (gint64) 0);
  gint64    n_words = 0;

  g_autoptr (MpelEvent) words = mpel_event_loop_add_call (loop, "count_words", text, options, NULL);
  g_autoptr (MpelEvent) failed = mpel_event_loop_add_call (loop, "text_tools:shorten", nothing, NULL, NULL);
  mpel_event_loop_wait (loop, NULL, NULL);

  g_variant_lookup (mpel_event_get_results (words), "the", "x", &n_words);
  g_print ("%" G_GINT64_FORMAT "\n", n_words);
  g_print ("%s\n", mpel_event_get_error (failed)->message);
  mpel_event_loop_close (loop, NULL, NULL);
  return 0;
}
