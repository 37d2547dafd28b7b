/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A list of events, as a window would show it: what each is, how far it has come, and a button to
 * cancel it. */
GtkWidget *event_view_new (GListModel *events);

/* The parts of a row that is shown. */
typedef struct
{
  GtkLabel       *key;
  GtkProgressBar *bar;
  GtkLabel       *state;
  GtkWidget      *button;
} EventRow;

gboolean event_view_find_row (GtkWidget  *view,
                              const char *key,
                              EventRow   *row);

G_END_DECLS
