/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "frame-window.h"

#include <math.h>
#include <stdio.h>

/* The figures are read by people. */
#define LABEL_INTERVAL_US (G_USEC_PER_SEC / 5)

/* One turn of the wheel. */
#define TURN_US (2 * G_USEC_PER_SEC)

#define N_SPOKES 12

struct _FrameWindow
{
  GtkWindow *window; /* (owned) */
  GtkWidget *box;    /* (unowned) in @window, as are those below */
  GtkWidget *wheel;
  GtkWidget *title;
  GtkWidget *label;

  gboolean     measuring;
  gint64       begin_us;
  gint64       last_frame_us; /* 0: none in this phase */
  gint64       waited_us;     /* for a processor, until that frame */
  gint64       last_label_us;
  FrameFigures figures;
};

static void
draw_wheel_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  double radius = MIN (width, height) / 2.0 - 8;
  double angle = 2 * G_PI * (double) (g_get_monotonic_time () % TURN_US) / TURN_US;

  cairo_translate (cr, width / 2.0, height / 2.0);
  cairo_rotate (cr, angle);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, radius / 8);
  for (guint i = 0; i < N_SPOKES; i++)
    {
      cairo_set_source_rgba (cr, 0.1, 0.3, 0.6, (i + 1.0) / N_SPOKES);
      cairo_move_to (cr, radius / 2, 0);
      cairo_line_to (cr, radius, 0);
      cairo_stroke (cr);
      cairo_rotate (cr, 2 * G_PI / N_SPOKES);
    }
}

static void
show_figures (FrameWindow *self)
{
  const FrameFigures *figures = &self->figures;
  double              seconds = (double) figures->duration_us / G_USEC_PER_SEC;
  g_autofree char    *text = g_strdup_printf ("%u results, %.0f results/s\n%u frames, %.1f frames/s\nlongest gap %.1f ms",
                                              figures->n_results,
                                           seconds > 0 ? figures->n_results / seconds : 0,
                                              figures->n_frames,
                                           seconds > 0 ? figures->n_frames / seconds : 0,
                                              (double) figures->longest_gap_us / 1000);

  gtk_label_set_text (GTK_LABEL (self->label), text);
}

/* How long this thread has waited for a processor since it began, where the kernel tells. */
static gint64
get_waited_us (void)
{
  g_autofree char *text = NULL;
  guint64          waited_ns;

  if (!g_file_get_contents ("/proc/thread-self/schedstat", &text, NULL, NULL) || sscanf (text, "%*u %" G_GUINT64_FORMAT, &waited_ns) != 1)
    return 0;
  return (gint64) (waited_ns / 1000);
}

static void
measure_gap (FrameWindow *self, gint64 now, gint64 waited_us)
{
  FrameFigures *figures = &self->figures;
  gint64        gap_us = now - self->last_frame_us;

  figures->longest_gap_us = MAX (figures->longest_gap_us, gap_us);
  figures->longest_own_gap_us = MAX (figures->longest_own_gap_us, gap_us - (waited_us - self->waited_us));
}

static void
measure (FrameWindow *self, gint64 now)
{
  FrameFigures *figures = &self->figures;
  gint64        waited_us = get_waited_us ();

  if (self->last_frame_us != 0)
    {
      measure_gap (self, now, waited_us);
      figures->n_frames++;
    }
  self->last_frame_us = now;
  self->waited_us = waited_us;
  figures->duration_us = now - self->begin_us;

  if (now - self->last_label_us < LABEL_INTERVAL_US)
    return;
  self->last_label_us = now;
  show_figures (self);
}

/* The time of the clock, not the frame's own: that one is smoothed, which is what is not wanted. */
static gboolean
tick_cb (GtkWidget *wheel, GdkFrameClock *clock, gpointer user_data)
{
  FrameWindow *self = user_data;

  gtk_widget_queue_draw (wheel);
  if (self->measuring)
    measure (self, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static GtkWidget *
wheel_new (FrameWindow *self)
{
  GtkWidget *wheel = gtk_drawing_area_new ();

  gtk_widget_set_size_request (wheel, 160, 160);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (wheel), draw_wheel_cb, NULL, NULL);
  gtk_widget_add_tick_callback (wheel, tick_cb, self, NULL);
  return wheel;
}

static GtkWidget *
label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_widget_add_css_class (label, css_class);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  return label;
}

FrameWindow *
frame_window_new (void)
{
  FrameWindow *self = g_new0 (FrameWindow, 1);
  GtkWidget   *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->window = g_object_ref (GTK_WINDOW (gtk_window_new ()));
  self->wheel = wheel_new (self);
  self->title = label_new ("title-2");
  self->label = label_new ("body");
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_widget_set_size_request (column, 260, -1);
  gtk_widget_set_margin_start (self->box, 24);
  gtk_widget_set_margin_end (self->box, 24);
  gtk_widget_set_margin_top (self->box, 24);
  gtk_widget_set_margin_bottom (self->box, 24);
  gtk_box_append (GTK_BOX (column), self->title);
  gtk_box_append (GTK_BOX (column), self->wheel);
  gtk_box_append (GTK_BOX (column), self->label);
  gtk_box_append (GTK_BOX (self->box), column);

  gtk_window_set_title (self->window, "mpel: frames");
  gtk_window_set_default_size (self->window, 420, 380);
  gtk_window_set_child (self->window, self->box);
  gtk_window_present (self->window);
  return self;
}

void
frame_window_add (FrameWindow *self, GtkWidget *widget)
{
  gtk_box_append (GTK_BOX (self->box), widget);
}

void
frame_window_remove (FrameWindow *self, GtkWidget *widget)
{
  gtk_box_remove (GTK_BOX (self->box), widget);
}

void
frame_window_free (FrameWindow *self)
{
  gtk_window_destroy (self->window);
  g_assert_finalize_object (self->window);
  g_free (self);
}

/* Labels of another size make the next frames dearer than the rest: these are let pass. */
void
frame_window_begin (FrameWindow *self, const char *phase)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 4;

  self->figures = (FrameFigures){ 0 };
  gtk_label_set_text (GTK_LABEL (self->title), phase);
  show_figures (self);
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);

  self->begin_us = g_get_monotonic_time ();
  self->last_frame_us = 0;
  self->last_label_us = self->begin_us;
  self->measuring = TRUE;
}

void
frame_window_count_result (FrameWindow *self)
{
  self->figures.n_results++;
}

/* A gap that is still open counts as well. */
FrameFigures
frame_window_end (FrameWindow *self)
{
  gint64 now = g_get_monotonic_time ();

  self->measuring = FALSE;
  self->figures.duration_us = now - self->begin_us;
  if (self->last_frame_us != 0)
    measure_gap (self, now, get_waited_us ());
  show_figures (self);
  return self->figures;
}

static GdkTexture *
render (FrameWindow *self)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (self->window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (paintable,
                          snapshot,
                          gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (snapshot);
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (self->window)), node, NULL);
}

void
frame_window_save (FrameWindow *self, const char *path)
{
  g_autoptr (GdkTexture) texture = NULL;
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 4;

  /* The last figures are on their way to the screen. */
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);

  texture = render (self);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}
