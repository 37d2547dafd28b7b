/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is known of one file once it was read. */
typedef struct
{
  char    *path;    /* as it was found; bytes, not always UTF-8 */
  char    *digest;  /* SHA-256, in hexadecimal */
  guint64  size;    /* the bytes that were read */
  guint64  n_lines; /* also counts a last line without an end */
  gboolean is_text;
  double   entropy; /* bits per byte, 0 to 8 */
  gint64   mtime;   /* when it was changed, in nanoseconds */
} ChecksumFile;

/* Reads a regular file from begin to end, in chunks. Blocks. */
ChecksumFile *checksum_file_read (const char *path,
                                  GError    **error);
void          checksum_file_free (ChecksumFile *self);

/* What travels between the processes; the path does not come back. */
GVariant     *checksum_file_to_variant (ChecksumFile *self);
ChecksumFile *checksum_file_from_variant (const char *path,
                                          GVariant   *variant);

/* “text”, “binary” or “empty” */
const char *checksum_file_get_kind (ChecksumFile *self);

/* Whether both are of one state of the file: it was not changed between two readings. */
gboolean checksum_file_is_same_state (ChecksumFile *self,
                                      ChecksumFile *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChecksumFile, checksum_file_free)

G_END_DECLS
