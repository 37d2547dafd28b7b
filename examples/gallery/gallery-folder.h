/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The pictures of a folder, in a list that is filled when all of the folder is read: if it grew
 * meanwhile, what is visible would move about, and be decoded in vain. */
typedef struct _GalleryFolder GalleryFolder;

GalleryFolder *gallery_folder_open (GFile *file);
void           gallery_folder_free (GalleryFolder *self);

GFile *gallery_folder_get_file (GalleryFolder *self);

/* As people read it. */
const char *gallery_folder_get_name (GalleryFolder *self);

/* Of GalleryPicture, sorted by name. */
GListModel *gallery_folder_get_pictures (GalleryFolder *self);

/* Whether there is no more to come. */
gboolean gallery_folder_is_read (GalleryFolder *self);

/* Why the folder could not be read, or not to its end; NULL if all is well. */
const char *gallery_folder_get_error (GalleryFolder *self);

G_END_DECLS
