/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "instrument-view.h"

/* The cells of the grid: names, and the two columns of values. */
enum
{
  COLUMN_NAMES,
  COLUMN_BOUND,
  COLUMN_WATCHING,
};

enum
{
  ROW_HEADINGS,
  ROW_READING,
  ROW_SAMPLE,
  ROW_LEVEL,
  ROW_LINE,
  ROW_GAIN,
  ROW_NOTE,
};

#define VALUE_WIDTH 210

static void
attach_text (GtkGrid *grid, int column, int row, const char *css_class, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static GtkWidget *
grid_new (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_widget_set_valign (grid, GTK_ALIGN_CENTER);
  attach_text (GTK_GRID (grid), COLUMN_BOUND, ROW_HEADINGS, "heading", "With a binding");
  attach_text (GTK_GRID (grid), COLUMN_WATCHING, ROW_HEADINGS, "heading", "With an expression");
  attach_text (GTK_GRID (grid), COLUMN_NAMES, ROW_READING, "dim-label", "Reading");
  attach_text (GTK_GRID (grid), COLUMN_NAMES, ROW_SAMPLE, "dim-label", "Sample");
  attach_text (GTK_GRID (grid), COLUMN_NAMES, ROW_LEVEL, "dim-label", "Level");
  attach_text (GTK_GRID (grid), COLUMN_NAMES, ROW_GAIN, "dim-label", "Gain");
  attach_text (GTK_GRID (grid), COLUMN_NAMES, ROW_NOTE, "dim-label", "Note");
  gtk_grid_attach (GTK_GRID (grid), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL), COLUMN_NAMES, ROW_LINE, 3, 1);
  return grid;
}

static GtkWidget *
scale_new (int n_digits)
{
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 100, 1);

  gtk_scale_set_digits (GTK_SCALE (scale), n_digits);
  gtk_scale_set_draw_value (GTK_SCALE (scale), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_RIGHT);
  gtk_widget_set_size_request (scale, VALUE_WIDTH, -1);
  return scale;
}

/* They only show: nobody is led to them by the tabulator. */
static void
findings_init (InstrumentFindings *self, GtkGrid *grid, int column)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_grid_attach (grid, self->label, column, ROW_READING, 1, 1);

  self->entry = gtk_entry_new ();
  gtk_editable_set_editable (GTK_EDITABLE (self->entry), FALSE);
  gtk_widget_set_can_focus (self->entry, FALSE);
  gtk_grid_attach (grid, self->entry, column, ROW_SAMPLE, 1, 1);

  self->scale = scale_new (0);
  gtk_widget_set_can_focus (self->scale, FALSE);
  gtk_grid_attach (grid, self->scale, column, ROW_LEVEL, 1, 1);
}

static GtkAdjustment *
get_adjustment (GtkWidget *scale)
{
  return gtk_range_get_adjustment (GTK_RANGE (scale));
}

static void
bind_findings (InstrumentFindings *self, GObject *instrument)
{
  g_object_bind_property (instrument, "reading", self->label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (instrument, "sample", self->entry, "text", G_BINDING_SYNC_CREATE);
  g_object_bind_property (instrument, "level", get_adjustment (self->scale), "value", G_BINDING_SYNC_CREATE);
}

static void
watch_property (GObject *instrument, const char *name, gpointer target, const char *target_name)
{
  gtk_expression_bind (gtk_property_expression_new (G_OBJECT_TYPE (instrument), NULL, name), target, target_name, instrument);
}

static void
watch_findings (InstrumentFindings *self, GObject *instrument)
{
  watch_property (instrument, "reading", self->label, "label");
  watch_property (instrument, "sample", self->entry, "text");
  watch_property (instrument, "level", get_adjustment (self->scale), "value");
}

void
instrument_view_init (InstrumentView *self, GObject *instrument)
{
  const GBindingFlags both_ways = G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE;

  self->grid = grid_new ();
  findings_init (&self->bound, GTK_GRID (self->grid), COLUMN_BOUND);
  findings_init (&self->watching, GTK_GRID (self->grid), COLUMN_WATCHING);
  bind_findings (&self->bound, instrument);
  watch_findings (&self->watching, instrument);

  self->gain = scale_new (1);
  gtk_grid_attach (GTK_GRID (self->grid), self->gain, COLUMN_BOUND, ROW_GAIN, 2, 1);
  g_object_bind_property (instrument, "gain", get_adjustment (self->gain), "value", both_ways);
  self->note = gtk_entry_new ();
  gtk_grid_attach (GTK_GRID (self->grid), self->note, COLUMN_BOUND, ROW_NOTE, 2, 1);
  g_object_bind_property (instrument, "note", self->note, "text", both_ways);
}

double
instrument_view_get_value (GtkWidget *scale)
{
  return gtk_range_get_value (GTK_RANGE (scale));
}
