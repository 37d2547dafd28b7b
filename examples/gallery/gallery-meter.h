/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A label that tells the longest time from one frame to the next, so whether the window ever stood still. */
GtkWidget *gallery_meter_new (void);

/* Forgets what it has measured. */
void gallery_meter_reset (GtkWidget *meter);

double gallery_meter_get_longest_ms (GtkWidget *meter);

G_END_DECLS
