/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "frame-phase.h"

/* Two frames at 60 Hz, and a little: at most one is late. */
#define MAX_GAP_US 34000

#define MAX_ATTEMPTS 5

#define BASELINE_US (2 * G_USEC_PER_SEC)

static gboolean
try_phase (FrameWindow *window, const char *name, guint attempt, FramePhaseFunc run, gpointer user_data)
{
  FrameFigures figures;
  double       seconds;

  frame_window_begin (window, name);
  run (user_data);
  figures = frame_window_end (window);

  seconds = (double) figures.duration_us / G_USEC_PER_SEC;
  g_test_message ("%s, attempt %u: %u results (%.0f/s), %u frames (%.1f/s), longest gap %.1f ms (%.1f ms without waiting for a processor)",
                  name,
                  attempt,
                  figures.n_results,
                  figures.n_results / seconds,
                  figures.n_frames,
                  figures.n_frames / seconds,
                  (double) figures.longest_gap_us / 1000,
                  (double) figures.longest_own_gap_us / 1000);
  g_assert_cmpuint (figures.n_frames, >, 0);
  return figures.longest_gap_us < MAX_GAP_US;
}

/* Returns whether one of the attempts was good enough. */
gboolean
frame_phase_is_smooth (FrameWindow *window, const char *name, FramePhaseFunc run, gpointer user_data)
{
  for (guint attempt = 1; attempt <= MAX_ATTEMPTS; attempt++)
    if (try_phase (window, name, attempt, run, user_data))
      return TRUE;
  return FALSE;
}

void
frame_phase_assert_smooth (FrameWindow *window, const char *name, FramePhaseFunc run, gpointer user_data)
{
  if (!frame_phase_is_smooth (window, name, run, user_data))
    g_test_fail_printf ("%s: a frame was late in each of %d attempts", name, MAX_ATTEMPTS);
}

static void
run_baseline (gpointer user_data)
{
  frame_phase_iterate_for (BASELINE_US);
}

gboolean
frame_phase_try_baseline (FrameWindow *window)
{
  return frame_phase_is_smooth (window, "No worker", run_baseline, NULL);
}

void
frame_phase_iterate_for (gint64 duration_us)
{
  gint64 end = g_get_monotonic_time () + duration_us;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
}

void
frame_phase_save_picture (FrameWindow *window, const char *name)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  frame_window_save (window, path);
  g_test_message ("the window is in %s", path);
}
