/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "gallery-decoder.h"

G_BEGIN_DECLS

/* One picture that fills the window. Its keys activate win.previous, win.next and win.back. */
#define GALLERY_TYPE_LARGE (gallery_large_get_type ())
G_DECLARE_FINAL_TYPE (GalleryLarge, gallery_large, GALLERY, LARGE, GtkWidget)

/* @decoder: lives longer */
GtkWidget *gallery_large_new (GalleryDecoder *decoder);

/* @picture: (nullable) */
void gallery_large_set_picture (GalleryLarge   *self,
                                GalleryPicture *picture);

G_END_DECLS
