/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The widgets that show what an instrument has found. */
typedef struct
{
  GtkWidget *label; /* its reading */
  GtkWidget *entry; /* its sample */
  GtkWidget *scale; /* its level */
} InstrumentFindings;

/* What a window would show of an instrument: what it has found, twice; and what it can be told. The
 * widgets are unowned, all in @grid. */
typedef struct
{
  GtkWidget         *grid;
  InstrumentFindings bound;    /* by g_object_bind_property */
  InstrumentFindings watching; /* by a GtkExpression */
  GtkWidget         *gain;     /* a scale, bound both ways */
  GtkWidget         *note;     /* an entry, bound both ways */
} InstrumentView;

/* @instrument: any object with the properties of an instrument */
void instrument_view_init (InstrumentView *self,
                           GObject        *instrument);

double instrument_view_get_value (GtkWidget *scale);

G_END_DECLS
