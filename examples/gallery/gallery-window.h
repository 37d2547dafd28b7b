/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A folder, with workers of its own, which end when the window is closed. */
#define GALLERY_TYPE_WINDOW (gallery_window_get_type ())
G_DECLARE_FINAL_TYPE (GalleryWindow, gallery_window, GALLERY, WINDOW, GtkApplicationWindow)

GtkWidget *gallery_window_new (GtkApplication *application);

void gallery_window_open (GalleryWindow *self,
                          GFile         *folder);

/* Saves a picture of the window once all that is visible is there, closes it, and reports. */
void gallery_window_save (GalleryWindow *self,
                          const char    *path);

/* Tells on standard output what was done, when it closes. */
void gallery_window_report (GalleryWindow *self);

G_END_DECLS
