/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-thumbnail.h"

/* Width, height, bytes from row to row, whether there is an alpha channel, pixels */
#define RESULTS "(uuubay)"

/* Some formats are decoded whole before they are scaled; a file of some bytes may claim to be of any size. */
#define MAX_PIXELS (G_GUINT64_CONSTANT (1) << 29)

/* ---- In the worker ---- */

static gboolean
check_size (int width, int height, GError **error)
{
  if ((guint64) width * (guint64) height <= MAX_PIXELS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "A picture of %d × %d is too large", width, height);
  return FALSE;
}

/* What is small already stays as it is. */
static GdkPixbuf *
decode (const char *path, int size, GCancellable *cancellable, GError **error)
{
  int width = 0, height = 0;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);

  if (stream == NULL)
    return NULL;
  if (gdk_pixbuf_get_file_info (path, &width, &height) != NULL && !check_size (width, height, error))
    return NULL;
  if (width > 0 && MAX (width, height) <= size)
    return gdk_pixbuf_new_from_stream (G_INPUT_STREAM (stream), cancellable, error);
  return gdk_pixbuf_new_from_stream_at_scale (G_INPUT_STREAM (stream), size, size, TRUE, cancellable, error);
}

static GVariant *
pixbuf_to_results (GdkPixbuf *pixbuf)
{
  g_autoptr (GBytes) pixels = gdk_pixbuf_read_pixel_bytes (pixbuf);

  return g_variant_new ("(uuub@ay)",
                        gdk_pixbuf_get_width (pixbuf),
                        gdk_pixbuf_get_height (pixbuf),
                        gdk_pixbuf_get_rowstride (pixbuf),
                        gdk_pixbuf_get_has_alpha (pixbuf),
                        g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, pixels, TRUE));
}

GVariant *
gallery_thumbnail_run (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *path;
  guint       size;
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GdkPixbuf) upright = NULL;

  if (!mpel_invocation_check_args (invocation, GALLERY_THUMBNAIL_ARGS, error))
    return NULL;
  g_variant_get (args, "(^&ayu)", &path, &size);

  pixbuf = decode (path, (int) size, mpel_invocation_get_cancellable (invocation), error);
  if (pixbuf == NULL)
    return NULL;
  upright = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  return pixbuf_to_results (upright);
}

/* ---- In the host ---- */

/* A decoder that was led astray by a picture may send anything. */
static gboolean
is_sound (guint width, guint height, guint stride, guint channels, gsize n_bytes)
{
  return width > 0 && width <= G_MAXINT16 && height > 0 && height <= G_MAXINT16 && stride >= width * channels &&
         (guint64) stride * (height - 1) + width * channels <= n_bytes;
}

GdkTexture *
gallery_thumbnail_to_texture (GVariant *results, GError **error)
{
  guint    width, height, stride;
  gboolean has_alpha;
  g_autoptr (GVariant) pixels = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (results == NULL || !g_variant_is_of_type (results, G_VARIANT_TYPE (RESULTS)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The worker sent no picture");
      return NULL;
    }

  g_variant_get (results, "(uuub@ay)", &width, &height, &stride, &has_alpha, &pixels);
  bytes = g_variant_get_data_as_bytes (pixels);
  if (!is_sound (width, height, stride, has_alpha ? 4 : 3, g_bytes_get_size (bytes)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The worker sent a picture that cannot be");
      return NULL;
    }
  return gdk_memory_texture_new ((int) width,
                                 (int) height,
                                 has_alpha ? GDK_MEMORY_R8G8B8A8 : GDK_MEMORY_R8G8B8,
                                 bytes,
                                 stride);
}
