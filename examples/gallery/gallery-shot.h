/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Saves a window, as it looks now, to a PNG file. */
gboolean gallery_shot_save (GtkWindow  *window,
                            const char *path);

G_END_DECLS
