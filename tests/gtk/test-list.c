/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A window with a list of the events of a pool: each row shows how far its event is, and can cancel
 * it. However often the events tell, the wheel beside the list turns evenly. */

#include "config.h"
#include "event-view.h"
#include "frame-phase.h"
#include "mpel-test.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define N_WORKERS 2
#define N_EVENTS 12

/* A million reports in two seconds: in steps, in which the other handlers of the worker and the
 * other processes have their turn. */
#define N_STEPS 400
#define STEP_MS 5
#define REPORTS_PER_STEP (1000000 / N_STEPS / N_EVENTS)

static FrameWindow *window = NULL; /* (owned) one for all stories */

typedef struct
{
  MpelPool  *pool;             /* (owned) */
  GtkWidget *view;             /* (unowned) */
  GtkWidget *scrolled;         /* (unowned) in the window, around @view */
  MpelEvent *events[N_EVENTS]; /* (owned) */
} Story;

static void
show_list (Story *story)
{
  g_autoptr (GListModel) events = mpel_event_loop_get_events (MPEL_EVENT_LOOP (story->pool));

  story->view = event_view_new (events);
  story->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (story->scrolled), story->view);
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (story->scrolled), TRUE);
  gtk_widget_set_size_request (story->scrolled, 520, 520);
  frame_window_add (window, story->scrolled);
}

static void
begin (Story *story)
{
  g_autoptr (GError) error = NULL;

  story->pool = mpel_pool_new (N_WORKERS);
  mpel_event_loop_start (MPEL_EVENT_LOOP (story->pool), &error);
  g_assert_no_error (error);
  show_list (story);
}

static void
end (Story *story)
{
  frame_window_remove (window, story->scrolled);
  for (guint i = 0; i < N_EVENTS; i++)
    g_assert_finalize_object (story->events[i]);
  mpel_test_loop_close_and_assert_finalized (MPEL_EVENT_LOOP (story->pool));
}

/* Takes @args. */
static MpelEvent *
add_event (Story *story, guint number, const char *target, GVariant *args)
{
  MpelEvent       *event = mpel_event_new (target, args, NULL);
  g_autofree char *key = g_strdup_printf ("Picture %u", number + 1);
  g_autoptr (GError) error = NULL;

  mpel_event_set_event_key (event, key);
  mpel_event_loop_add_event (MPEL_EVENT_LOOP (story->pool), event, &error);
  g_assert_no_error (error);
  return event;
}

static double
get_fraction (guint number)
{
  return (number + 1.0) / (N_EVENTS + 1);
}

static void
add_holding_events (Story *story, const char *path)
{
  for (guint i = 0; i < N_EVENTS; i++)
    story->events[i] = add_event (story, i, "hold", g_variant_new ("(ds)", get_fraction (i), path));
}

static gboolean
shows (Story *story, guint number, double fraction, const char *state, gboolean can_cancel)
{
  EventRow row;

  return event_view_find_row (story->view, mpel_event_get_event_key (story->events[number]), &row) &&
         gtk_progress_bar_get_fraction (row.bar) == fraction && g_str_equal (gtk_label_get_text (row.state), state) &&
         gtk_widget_get_sensitive (row.button) == can_cancel;
}

static void
iterate_until_shown (Story *story, guint number, double fraction, const char *state, gboolean can_cancel)
{
  while (!shows (story, number, fraction, state, can_cancel))
    g_main_context_iteration (NULL, TRUE);
}

static void
press_cancel (Story *story, guint number)
{
  EventRow row;

  g_assert_true (event_view_find_row (story->view, mpel_event_get_event_key (story->events[number]), &row));
  g_assert_true (gtk_widget_activate (row.button));
}

static gboolean
is_unwanted (guint number)
{
  return number == 3 || number == 8;
}

static void
cancel_unwanted (Story *story)
{
  for (guint i = 0; i < N_EVENTS; i++)
    if (is_unwanted (i))
      press_cancel (story, i);
  for (guint i = 0; i < N_EVENTS; i++)
    if (is_unwanted (i))
      iterate_until_shown (story, i, get_fraction (i), "cancelled", FALSE);
}

static void
assert_ends (Story *story)
{
  for (guint i = 0; i < N_EVENTS; i++)
    if (is_unwanted (i))
      {
        g_assert_cmpint (mpel_event_get_state (story->events[i]), ==, MPEL_EVENT_STATE_CANCELLED);
        g_assert_true (shows (story, i, get_fraction (i), "cancelled", FALSE));
      }
    else
      {
        iterate_until_shown (story, i, 1, "done", FALSE);
        mpel_test_assert_results (story->events[i], "()");
      }
}

static void
test_rows (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  Story story = { NULL };
  int   fd;

  g_test_summary ("A list of events shows how far each has come, and cancels those whose button is pressed.");

  fd = g_file_open_tmp ("mpel-list-XXXXXX", &path, &error);
  g_assert_no_error (error);
  close (fd);
  frame_window_begin (window, "Events of a pool");
  begin (&story);
  add_holding_events (&story, path);
  for (guint i = 0; i < N_EVENTS; i++)
    iterate_until_shown (&story, i, get_fraction (i), "runs", TRUE);

  cancel_unwanted (&story);
  for (guint i = 0; i < N_EVENTS; i++)
    if (!is_unwanted (i))
      g_assert_true (shows (&story, i, get_fraction (i), "runs", TRUE));
  frame_phase_save_picture (window, "list.png");

  /* What they wait for. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  mpel_test_wait (MPEL_EVENT_LOOP (story.pool));
  assert_ends (&story);
  end (&story);
}

static void
progress_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  guint *n_heard = user_data;

  (*n_heard)++;
  frame_window_count_result (window);
}

static void
run_reports (gpointer user_data)
{
  Story *story = user_data;
  guint  n_heard = 0;
  gulong handler = g_signal_connect (story->pool, "event-progress", G_CALLBACK (progress_cb), &n_heard);

  for (guint i = 0; i < N_EVENTS; i++)
    {
      g_clear_object (&story->events[i]);
      story->events[i] = add_event (story, i, "report", NULL);
    }
  mpel_test_wait (MPEL_EVENT_LOOP (story->pool));

  for (guint i = 0; i < N_EVENTS; i++)
    {
      g_assert_cmpfloat (mpel_event_get_progress (story->events[i]), ==, 1);
      mpel_test_assert_results (story->events[i], "()");
    }
  g_assert_cmpuint (n_heard, >=, N_EVENTS);
  g_signal_handler_disconnect (story->pool, handler);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_start_finish (MPEL_EVENT_LOOP (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
test_reports (void)
{
  Story    story = { NULL };
  gboolean started = FALSE;

  g_test_summary ("A million reports of progress in two seconds, shown as they come, cost no frame.");

  begin (&story);
  mpel_event_loop_start_async (MPEL_EVENT_LOOP (story.pool), NULL, started_cb, &started);
  mpel_test_iterate_until (&started);
  if (frame_phase_try_baseline (window))
    frame_phase_assert_smooth (window, "A million reports", run_reports, &story);
  else
    {
      run_reports (&story);
      g_test_skip ("frames are late on this machine also without a worker");
    }
  end (&story);
}

static void
test_end (void)
{
  g_test_summary ("The window goes without a trace.");

  g_clear_pointer (&window, frame_window_free);
}

/* Returns whether the event was answered. */
static gboolean
answer_when_cancelled (MpelInvocation *invocation)
{
  g_autoptr (GError) error = NULL;

  if (!g_cancellable_set_error_if_cancelled (mpel_invocation_get_cancellable (invocation), &error))
    return FALSE;
  mpel_invocation_return_gerror (invocation, error);
  return TRUE;
}

static void
answer (MpelInvocation *invocation)
{
  mpel_invocation_report_progress (invocation, 1, NULL);
  mpel_invocation_return_value (invocation, g_variant_new_tuple (NULL, 0));
}

static gboolean
hold_cb (gpointer user_data)
{
  MpelInvocation *invocation = user_data;
  const char     *path;

  if (answer_when_cancelled (invocation))
    return G_SOURCE_REMOVE;
  g_variant_get_child (mpel_invocation_get_args (invocation), 1, "&s", &path);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return G_SOURCE_CONTINUE;
  answer (invocation);
  return G_SOURCE_REMOVE;
}

/* Comes to the fraction that it is told, and waits until it is cancelled or the file is gone. */
static void
hold (MpelInvocation *invocation, gpointer user_data)
{
  double fraction;

  g_variant_get_child (mpel_invocation_get_args (invocation), 0, "d", &fraction);
  mpel_invocation_report_progress (invocation, fraction, NULL);
  g_timeout_add_full (G_PRIORITY_DEFAULT, STEP_MS, hold_cb, g_object_ref (invocation), g_object_unref);
}

typedef struct
{
  MpelInvocation *invocation; /* (owned) */
  guint           n_steps;
} Report;

static void
report_free (Report *report)
{
  g_clear_object (&report->invocation);
  g_free (report);
}

static gboolean
report_cb (gpointer user_data)
{
  Report *report = user_data;

  if (answer_when_cancelled (report->invocation))
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < REPORTS_PER_STEP; i++)
    mpel_invocation_report_progress (report->invocation, (report->n_steps + (double) i / REPORTS_PER_STEP) / N_STEPS, NULL);
  if (++report->n_steps < N_STEPS)
    return G_SOURCE_CONTINUE;
  answer (report->invocation);
  return G_SOURCE_REMOVE;
}

static void
report (MpelInvocation *invocation, gpointer user_data)
{
  Report *report = g_new0 (Report, 1);

  report->invocation = g_object_ref (invocation);
  g_timeout_add_full (G_PRIORITY_DEFAULT, STEP_MS, report_cb, report, (GDestroyNotify) report_free);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_handler (worker, "hold", hold, NULL, NULL);
  mpel_worker_add_handler (worker, "report", report, NULL, NULL);
}

static void
add_tests (void)
{
  gtk_init ();
  window = frame_window_new ();
  /* The first frames of a program load fonts and themes. */
  frame_phase_iterate_for (G_USEC_PER_SEC);

  g_test_add_func ("/gtk/list/rows", test_rows);
  g_test_add_func ("/gtk/list/reports", test_reports);
  g_test_add_func ("/gtk/list/end", test_end);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
