/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A window that shows an object of the worker: widgets are bound to the properties of its proxy. However
 * fast the worker changes them, the wheel beside them turns evenly, and in the end all show the last
 * value; what is dragged and typed here meanwhile arrives there, and never jumps back. */

#include "config.h"
#include "frame-phase.h"
#include "instrument-view.h"
#include "instrument.h"
#include "mpel-test.h"

#include <math.h>

#define RATE 1000 /* changes a second, of each property */
#define N_SECONDS 3

/* Hands are slower than the worker; they have done when it still has to go on for a while. */
#define HAND_STEP_MS 5
#define N_HAND_STEPS 400

/* Where the scale is let go; of its digits it shows one. */
#define MAX_GAIN 80.0

static FrameWindow *window = NULL; /* (owned) one for all stories */

typedef struct
{
  MpelEventLoop *loop;       /* (owned) */
  MpelProxy     *instrument; /* (owned) */
  InstrumentView view;
  guint          n_heard; /* of the readings in a run */
  guint          n_steps; /* of the hand in a run */
  gdouble        gain;    /* dragged last */
  GString       *note;    /* (owned) as typed so far */
  guint          n_shown; /* changes of what the hand has to do with, in a run */
} Story;

static MpelProxy *
declared_new (MpelEventLoop *loop)
{
  MpelProxy *proxy = g_object_new (TYPE_INSTRUMENT_PROXY, "loop", loop, "remote-class", "Instrument", NULL);

  while (mpel_proxy_get_state (proxy) != MPEL_PROXY_STATE_READY)
    g_main_context_iteration (NULL, TRUE);
  return proxy;
}

static MpelProxy *
runtime_new (MpelEventLoop *loop)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MpelProxy *proxy;

  mpel_proxy_new_async (loop, "Instrument", NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  proxy = mpel_proxy_new_finish (result, &error);
  g_assert_no_error (error);
  g_assert_false (TEST_IS_INSTRUMENT_PROXY (proxy));
  return proxy;
}

static void
heard_cb (GObject *instrument, GParamSpec *pspec, gpointer user_data)
{
  ((Story *) user_data)->n_heard++;
  frame_window_count_result (window);
}

static void
begin (Story *story, MpelProxy *(*proxy_new) (MpelEventLoop *) )
{
  *story = (Story){ NULL };
  story->loop = mpel_test_loop_new ();
  story->instrument = proxy_new (story->loop);
  story->note = g_string_new (NULL);
  g_signal_connect (story->instrument, "notify::reading", G_CALLBACK (heard_cb), story);
  instrument_view_init (&story->view, G_OBJECT (story->instrument));
  frame_window_add (window, story->view.grid);
}

static void
end (Story *story)
{
  frame_window_remove (window, story->view.grid);
  /* What was drawn last holds widgets for a frame or two. */
  frame_phase_iterate_for (G_USEC_PER_SEC / 4);
  g_string_free (story->note, TRUE);
  g_assert_finalize_object (story->instrument);
  mpel_test_loop_close_and_assert_finalized (story->loop);
}

/* Returns: (transfer full): its results */
static GVariant *
call (Story *story, const char *method, GVariant *args)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *results;

  mpel_proxy_call_async (story->instrument, method, args, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  results = mpel_proxy_call_finish (story->instrument, result, &error);
  g_assert_no_error (error);
  return results;
}

static void
assert_findings (const InstrumentFindings *findings, guint n)
{
  g_autofree char *reading = instrument_make_reading (n);
  g_autofree char *sample = instrument_make_sample (n);

  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (findings->label)), ==, reading);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (findings->entry)), ==, sample);
  g_assert_cmpfloat (instrument_view_get_value (findings->scale), ==, instrument_make_level (n));
}

/* As soon as the end of the run is told, all widgets show what it ended with. */
static void
run_changes (gpointer user_data)
{
  Story *story = user_data;
  g_autoptr (GVariant) results = NULL;
  gint64 duration_us;
  guint  n;

  story->n_heard = 0;
  results = call (story, "run", g_variant_new ("(uu)", RATE, N_SECONDS));
  g_variant_get (results, "(ux)", &n, &duration_us);
  assert_findings (&story->view.bound, n);
  assert_findings (&story->view.watching, n);
  g_assert_cmpuint (n, ==, RATE * N_SECONDS);
  g_assert_cmpuint (story->n_heard, >, 0);
  g_test_message ("the worker made %u changes of each property in %.2f s (%.0f/s), of which %u were heard",
                  n,
                  (double) duration_us / G_USEC_PER_SEC,
                  (double) n * G_USEC_PER_SEC / (double) duration_us,
                  story->n_heard);
}

static void
run_smoothly (Story *story, const char *name, FramePhaseFunc run)
{
  if (frame_phase_try_baseline (window))
    {
      frame_phase_assert_smooth (window, name, run, story);
      return;
    }
  run (story);
  g_test_skip ("frames are late on this machine also without a worker");
}

static void
test_declared (void)
{
  Story story;

  g_test_summary ("Widgets that are bound to a declared proxy show a thousand changes a second, which cost no frame.");

  begin (&story, declared_new);
  run_smoothly (&story, "1000 changes a second", run_changes);
  frame_phase_save_picture (window, "proxy.png");
  end (&story);
}

static void
test_runtime (void)
{
  Story story;

  g_test_summary ("So do those that are bound to a proxy of which nothing was declared.");

  begin (&story, runtime_new);
  run_smoothly (&story, "A type made at run time", run_changes);
  frame_phase_save_picture (window, "proxy-runtime.png");
  end (&story);
}

static void
started_run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = mpel_proxy_call_finish (MPEL_PROXY (source), result, &error);

  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* The worker changes what it finds all the time, @hand does something every few milliseconds. */
static void
run_with_hand (Story *story, GSourceFunc hand)
{
  gboolean is_over = FALSE;
  guint    source;

  story->n_heard = story->n_steps = story->n_shown = 0;
  mpel_proxy_call_async (story->instrument, "run", g_variant_new ("(uu)", RATE, N_SECONDS), NULL, NULL, started_run_cb, &is_over);
  source = g_timeout_add (HAND_STEP_MS, hand, story);
  mpel_test_iterate_until (&is_over);
  g_test_message ("the hand did %u of %d steps, %u changes were heard meanwhile", story->n_steps, N_HAND_STEPS, story->n_heard);
  if (story->n_steps < N_HAND_STEPS)
    g_source_remove (source);
  assert_findings (&story->view.bound, RATE * N_SECONDS);
  assert_findings (&story->view.watching, RATE * N_SECONDS);
}

static void
assert_settings (Story *story)
{
  g_autoptr (GVariant) settings = call (story, "get_settings", NULL);
  const char *note;
  double      gain;

  g_variant_get (settings, "(d&s)", &gain, &note);
  g_assert_cmpfloat (gain, ==, story->gain);
  g_assert_cmpstr (note, ==, story->note->str);
  g_assert_cmpfloat (instrument_view_get_value (story->view.gain), ==, story->gain);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (story->view.note)), ==, story->note->str);
}

/* Whatever the scale and the property show, it is what was dragged last. */
static void
gain_shown_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  Story *story = user_data;
  double value;

  g_object_get (object, pspec->name, &value, NULL);
  g_assert_cmpfloat (value, ==, story->gain);
  story->n_shown++;
}

/* What the scale does when its slider is dragged. */
static gboolean
drag_cb (gpointer user_data)
{
  Story   *story = user_data;
  gboolean is_handled;

  story->n_steps++;
  story->gain = floor (MAX_GAIN * story->n_steps / N_HAND_STEPS * 10 + 0.5) / 10;
  g_signal_emit_by_name (story->view.gain, "change-value", GTK_SCROLL_JUMP, story->gain, &is_handled);
  g_assert_cmpfloat (instrument_view_get_value (story->view.gain), ==, story->gain);
  return story->n_steps < N_HAND_STEPS ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
run_drag (gpointer user_data)
{
  Story *story = user_data;

  run_with_hand (story, drag_cb);
  assert_settings (story);
  g_test_message ("the scale and its property changed %u times, and never back", story->n_shown);
}

static void
test_drag (void)
{
  Story story;

  g_test_summary ("A scale bound both ways is dragged while the worker changes other properties: it never jumps back.");

  begin (&story, declared_new);
  g_signal_connect (story.instrument, "notify::gain", G_CALLBACK (gain_shown_cb), &story);
  g_signal_connect (gtk_range_get_adjustment (GTK_RANGE (story.view.gain)), "notify::value", G_CALLBACK (gain_shown_cb), &story);
  run_smoothly (&story, "A scale is dragged", run_drag);
  frame_phase_save_picture (window, "proxy-drag.png");
  end (&story);
}

static void
note_shown_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  Story           *story = user_data;
  g_autofree char *text = NULL;

  g_object_get (object, pspec->name, &text, NULL);
  g_assert_cmpstr (text, ==, story->note->str);
  story->n_shown++;
}

/* The next letter at the cursor, as a key does it. */
static void
press_key (Story *story, char letter)
{
  GtkEditable *note = GTK_EDITABLE (story->view.note);
  const char   text[] = { letter, '\0' };
  int          position = gtk_editable_get_position (note);

  g_string_append_c (story->note, letter);
  gtk_editable_insert_text (note, text, -1, &position);
  gtk_editable_set_position (note, position);
}

/* All of it, as a completion does it. */
static void
replace_text (Story *story, char letter)
{
  GtkEditable *note = GTK_EDITABLE (story->view.note);

  g_string_append_c (story->note, letter);
  gtk_editable_set_text (note, story->note->str);
  gtk_editable_set_position (note, -1);
}

/* The same line again and again. */
static gboolean
type_cb (gpointer user_data)
{
  static const char line[] = "What is typed here is what arrives in the worker.";
  const guint       length = sizeof line; /* with a space at its end */
  Story            *story = user_data;
  guint             place = story->n_steps++ % length;
  char              letter = place < length - 1 ? line[place] : ' ';

  if (place == 0)
    g_string_truncate (story->note, 0);
  if (place % 10 == 0)
    replace_text (story, letter);
  else
    press_key (story, letter);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (story->view.note)), ==, story->note->str);
  g_assert_cmpint (gtk_editable_get_position (GTK_EDITABLE (story->view.note)), ==, (int) story->note->len);
  return story->n_steps < N_HAND_STEPS ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
run_type (gpointer user_data)
{
  Story *story = user_data;

  g_string_truncate (story->note, 0);
  gtk_editable_set_text (GTK_EDITABLE (story->view.note), "");
  run_with_hand (story, type_cb);
  assert_settings (story);
  g_test_message ("the entry and its property changed %u times, and never back", story->n_shown);
}

static void
test_type (void)
{
  Story story;

  g_test_summary ("Text is typed into an entry bound both ways while the worker changes other properties: no letter is lost.");

  begin (&story, declared_new);
  g_signal_connect (story.instrument, "notify::note", G_CALLBACK (note_shown_cb), &story);
  g_signal_connect (story.view.note, "notify::text", G_CALLBACK (note_shown_cb), &story);
  run_smoothly (&story, "An entry is typed into", run_type);
  frame_phase_save_picture (window, "proxy-type.png");
  end (&story);
}

static void
test_end (void)
{
  g_test_summary ("The window goes without a trace.");

  g_clear_pointer (&window, frame_window_free);
}

static void
add_tests (void)
{
  gtk_init ();
  window = frame_window_new ();
  /* The first frames of a program load fonts and themes. */
  frame_phase_iterate_for (G_USEC_PER_SEC);

  g_test_add_func ("/gtk/proxy/declared", test_declared);
  g_test_add_func ("/gtk/proxy/runtime", test_runtime);
  g_test_add_func ("/gtk/proxy/drag", test_drag);
  g_test_add_func ("/gtk/proxy/type", test_type);
  g_test_add_func ("/gtk/proxy/end", test_end);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, instrument_register, add_tests);
}
