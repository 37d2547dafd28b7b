/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One file of the folder, as the view shows it. */
#define GALLERY_TYPE_PICTURE (gallery_picture_get_type ())
G_DECLARE_FINAL_TYPE (GalleryPicture, gallery_picture, GALLERY, PICTURE, GObject)

GalleryPicture *gallery_picture_new (const char *path,
                                     const char *name);

const char *gallery_picture_get_path (GalleryPicture *self);
const char *gallery_picture_get_name (GalleryPicture *self);

/* By name, numbers in it by their value. */
int gallery_picture_compare (GalleryPicture *self,
                             GalleryPicture *other);

/* The thumbnail, or what kept it from being made: each takes the place of the other. */
void gallery_picture_set_texture (GalleryPicture *self,
                                  GdkTexture     *texture);
void gallery_picture_set_error (GalleryPicture *self,
                                const char     *message);

/* Whether there is nothing to show yet. */
gboolean gallery_picture_is_blank (GalleryPicture *self);

G_END_DECLS
