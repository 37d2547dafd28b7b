/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-meter.h"

/* The figure is read by people. */
#define LABEL_INTERVAL_US (G_USEC_PER_SEC / 5)

typedef struct
{
  gint64 last_us; /* 0: no frame yet */
  gint64 longest_us;
  gint64 shown_us; /* when the label was last set */
} Meter;

static Meter *
get_meter (GtkWidget *label)
{
  return g_object_get_data (G_OBJECT (label), "meter");
}

/* The time of the clock, not the frame's own: that one is smoothed, which is what is not wanted. */
static gboolean
tick_cb (GtkWidget *label, GdkFrameClock *clock, gpointer user_data)
{
  Meter           *meter = user_data;
  gint64           now = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  if (meter->last_us != 0)
    meter->longest_us = MAX (meter->longest_us, now - meter->last_us);
  meter->last_us = now;
  if (now - meter->shown_us < LABEL_INTERVAL_US)
    return G_SOURCE_CONTINUE;

  meter->shown_us = now;
  text = g_strdup_printf ("%.0f ms", gallery_meter_get_longest_ms (label));
  gtk_label_set_text (GTK_LABEL (label), text);
  return G_SOURCE_CONTINUE;
}

GtkWidget *
gallery_meter_new (void)
{
  GtkWidget *label = gtk_label_new (NULL);
  Meter     *meter = g_new0 (Meter, 1);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_label_set_width_chars (GTK_LABEL (label), 7);
  gtk_widget_set_tooltip_text (label, "The longest time between two frames since the folder was opened");
  g_object_set_data_full (G_OBJECT (label), "meter", meter, g_free);
  gtk_widget_add_tick_callback (label, tick_cb, meter, NULL);
  return label;
}

void
gallery_meter_reset (GtkWidget *label)
{
  *get_meter (label) = (Meter){ 0 };
}

double
gallery_meter_get_longest_ms (GtkWidget *label)
{
  return (double) get_meter (label)->longest_us / 1000;
}
