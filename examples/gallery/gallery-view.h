/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "gallery-decoder.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The longest side of a thumbnail, in the units of the window. */
#define GALLERY_THUMBNAIL_SIZE 144

/* A grid of pictures, which tells the decoder what is needed as it is scrolled. */
#define GALLERY_TYPE_VIEW (gallery_view_get_type ())
G_DECLARE_FINAL_TYPE (GalleryView, gallery_view, GALLERY, VIEW, GtkWidget)

/* @decoder has to outlive the view. */
GtkWidget *gallery_view_new (GalleryDecoder *decoder);

void gallery_view_set_pictures (GalleryView *self,
                                GListModel  *pictures);

/* Returns: (transfer none) (nullable) */
GalleryPicture *gallery_view_get_selected (GalleryView *self);

/* Selects another, so many places further, and scrolls there. FALSE says that there is none. */
gboolean gallery_view_select_next (GalleryView *self,
                                   int          step);

void gallery_view_focus_selected (GalleryView *self);

/* Whether what is visible, if anything is, has been asked for. */
gboolean gallery_view_has_asked (GalleryView *self);

G_END_DECLS
