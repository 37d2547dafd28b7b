/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The promise to the GTK thread: neither a flood of results nor a worker that computes costs a
 * frame. A wheel turns while the worker is used as hard as it can be, and the longest time
 * between two of its frames is measured.
 *
 * Other programs on the machine cost frames too. So a phase may be tried a few times, all of
 * them printed; and where the wheel does not turn evenly even without any worker, nothing can be
 * shown, and the stories are skipped. */

#include "config.h"
#include "frame-phase.h"
#include "mpel-test.h"

#define N_RESULTS 200000
/* As a program would that has much to do, and knows that memory is finite. */
#define MAX_PENDING 20000
#define FIRST_PENDING 200

#define COMPUTE_US (2 * G_USEC_PER_SEC)

static FrameWindow *window = NULL;        /* (owned) one for all stories */
static gboolean     is_too_noisy = FALSE; /* the machine, as the baseline found */

static gboolean
skip_when_noisy (void)
{
  if (is_too_noisy)
    g_test_skip ("frames are late on this machine also without a worker");
  return is_too_noisy;
}

static void
test_baseline (void)
{
  g_test_summary ("The wheel turns evenly by itself, or else this machine can show nothing.");

  is_too_noisy = !frame_phase_try_baseline (window);
  skip_when_noisy ();
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_start_finish (MPEL_EVENT_LOOP (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static MpelEventLoop *
started_loop_new (void)
{
  MpelEventLoop *loop = mpel_test_loop_new ();
  gboolean       started = FALSE;

  mpel_event_loop_start_async (loop, NULL, started_cb, &started);
  mpel_test_iterate_until (&started);
  return loop;
}

static void
run_start_and_end (gpointer user_data)
{
  mpel_test_loop_close_and_assert_finalized (started_loop_new ());
  frame_phase_iterate_for (G_USEC_PER_SEC / 4);
}

static void
test_start (void)
{
  g_test_summary ("To start a worker and to see it off costs no frame.");

  if (skip_when_noisy ())
    return;
  frame_phase_assert_smooth (window, "A worker comes and goes", run_start_and_end, NULL);
}

static void
run_idle (gpointer user_data)
{
  frame_phase_iterate_for (COMPUTE_US);
}

static void
test_idle (void)
{
  MpelEventLoop *loop;

  g_test_summary ("A worker with nothing to do costs no frame.");

  if (skip_when_noisy ())
    return;
  loop = started_loop_new ();
  frame_phase_assert_smooth (window, "An idle worker", run_idle, loop);
  mpel_test_loop_close_and_assert_finalized (loop);
}

typedef struct
{
  MpelEventLoop *loop;
  guint          n_added;
  guint          n_ended;
} Flood;

static void
add_next (Flood *flood)
{
  mpel_test_add (flood->loop, "double", g_variant_new ("(u)", flood->n_added));
  flood->n_added++;
}

/* Each result makes room for one event, and brings one more until there are enough. */
static gboolean
event_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  Flood *flood = user_data;

  g_assert_cmpuint (g_variant_get_uint32 (mpel_event_get_results (event)), ==, 2 * flood->n_ended);
  flood->n_ended++;
  frame_window_count_result (window);
  for (guint i = 0; i < 2; i++)
    if (flood->n_added < N_RESULTS && flood->n_added - flood->n_ended < MAX_PENDING)
      add_next (flood);
  return FALSE;
}

static void
run_flood (gpointer user_data)
{
  Flood  flood = { .loop = user_data };
  gulong handler = g_signal_connect (flood.loop, "event-done", G_CALLBACK (event_done_cb), &flood);

  for (guint i = 0; i < FIRST_PENDING; i++)
    add_next (&flood);
  mpel_test_wait (flood.loop);
  g_assert_cmpuint (flood.n_ended, ==, N_RESULTS);
  g_signal_handler_disconnect (flood.loop, handler);
}

static void
test_flood (void)
{
  MpelEventLoop *loop;

  g_test_summary ("200000 results as fast as they come cost no frame.");

  if (skip_when_noisy ())
    return;
  loop = started_loop_new ();
  frame_phase_assert_smooth (window, "A flood of results", run_flood, loop);
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
run_compute (gpointer user_data)
{
  MpelEventLoop *loop = user_data;
  MpelEvent     *event = mpel_test_add (loop, "compute", g_variant_new ("(x)", (gint64) COMPUTE_US));

  g_object_ref (event);
  mpel_test_wait (loop);
  frame_window_count_result (window);
  mpel_test_assert_results (event, "true");
  g_assert_finalize_object (event);
}

static void
test_compute (void)
{
  MpelEventLoop *loop;

  g_test_summary ("Two seconds of computing in the worker cost no frame.");

  if (skip_when_noisy ())
    return;
  loop = started_loop_new ();
  frame_phase_assert_smooth (window, "A worker that computes", run_compute, loop);
  mpel_test_loop_close_and_assert_finalized (loop);
}

static void
test_picture (void)
{
  g_test_summary ("What the window shows is saved, and the window goes without a trace.");

  frame_phase_save_picture (window, "frames.png");
  g_clear_pointer (&window, frame_window_free);
}

static GVariant *
double_it (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  guint32 number;

  g_variant_get (args, "(u)", &number);
  return g_variant_new_uint32 (2 * number);
}

static GVariant *
compute (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  volatile guint64 sum = 0;
  gint64           duration_us, end;

  g_variant_get (args, "(x)", &duration_us);
  for (end = g_get_monotonic_time () + duration_us; g_get_monotonic_time () < end;)
    for (guint i = 0; i < 10000; i++)
      sum += i;
  return g_variant_new_boolean (TRUE);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "double", double_it, NULL, NULL);
  mpel_worker_add_function (worker, "compute", compute, NULL, NULL);
}

static void
add_tests (void)
{
  gtk_init ();
  window = frame_window_new ();
  /* The first frames of a program load fonts and themes. */
  frame_phase_iterate_for (G_USEC_PER_SEC);

  g_test_add_func ("/gtk/frames/baseline", test_baseline);
  g_test_add_func ("/gtk/frames/idle", test_idle);
  g_test_add_func ("/gtk/frames/start", test_start);
  g_test_add_func ("/gtk/frames/compute", test_compute);
  g_test_add_func ("/gtk/frames/flood", test_flood);
  g_test_add_func ("/gtk/frames/picture", test_picture);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
