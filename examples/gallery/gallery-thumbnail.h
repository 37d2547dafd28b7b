/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>
#include <mpel/mpel.h>

G_BEGIN_DECLS

/* A small picture on its way from a worker, which decodes it, to the host, which shows it. */

#define GALLERY_THUMBNAIL_TARGET "thumbnail"

/* (path, longest side in pixels) */
#define GALLERY_THUMBNAIL_ARGS "(ayu)"

/* In the worker: what is called for GALLERY_THUMBNAIL_TARGET. */
GVariant *gallery_thumbnail_run (MpelInvocation *invocation,
                                 GVariant       *args,
                                 GVariant       *kwargs,
                                 gpointer        user_data,
                                 GError        **error);

/* In the host: the pixels are not copied. */
GdkTexture *gallery_thumbnail_to_texture (GVariant *results,
                                          GError  **error);

G_END_DECLS
