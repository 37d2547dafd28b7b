/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows the picture of a list item, whichever that is: its thumbnail, or that it waits, or that it
 * is broken, with the reason as the tooltip. */
GtkWidget *gallery_cell_new (GtkListItem *item,
                             int          size);

G_END_DECLS
