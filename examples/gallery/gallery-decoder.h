/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "gallery-picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* How much somebody wants to see a picture now. */
typedef enum
{
  GALLERY_NEED_NONE, /* it is far from what is visible */
  GALLERY_NEED_SOON, /* it is on the next page */
  GALLERY_NEED_VISIBLE,
  GALLERY_NEED_LARGE, /* it fills the window */
} GalleryNeed;

/* Has pictures decoded by a pool of workers: an event for each that is needed, and none else. */
typedef struct _GalleryDecoder GalleryDecoder;

/* @size: the longest side of a thumbnail, in pixels */
GalleryDecoder *gallery_decoder_new (int size);
void            gallery_decoder_free (GalleryDecoder *self);

/* May be called as often as one likes; a picture that is on its way already is not begun again. */
void gallery_decoder_set_need (GalleryDecoder *self,
                               GalleryPicture *picture,
                               GalleryNeed     need);

/* One of the two is set. */
typedef void (*GalleryLargeFunc) (GdkTexture   *texture,
                                  const GError *error,
                                  gpointer      user_data);

/* One picture at a time: of the one before nobody hears any more. @picture: (nullable) */
void gallery_decoder_set_large (GalleryDecoder  *self,
                                GalleryPicture  *picture,
                                int              size,
                                GalleryLargeFunc done,
                                gpointer         user_data);

gboolean gallery_decoder_is_busy (GalleryDecoder *self);
void     gallery_decoder_get_counts (GalleryDecoder *self,
                                     guint          *n_decoded,
                                     guint          *n_broken,
                                     guint          *n_cancelled);

typedef void (*GalleryClosedFunc) (gpointer user_data);

/* Cancels what is left and calls back when the workers are gone. */
void gallery_decoder_close (GalleryDecoder   *self,
                            GalleryClosedFunc closed,
                            gpointer          user_data);

G_END_DECLS
