/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Finds the regular files below some paths, a few at a time and without blocking: it reads on
 * only as its user takes what was found. */
typedef struct _ChecksumWalk ChecksumWalk;

typedef struct
{
  /* There is something to take, or the walk is over. */
  void (*changed) (gpointer user_data);
  /* A path that cannot be entered, or looked at. */
  void (*failed) (const char   *path,
                  const GError *error,
                  gpointer      user_data);
} ChecksumWalkCalls;

ChecksumWalk *checksum_walk_new (const char *const       *paths,
                                 const ChecksumWalkCalls *calls,
                                 gpointer                 user_data);
void          checksum_walk_free (ChecksumWalk *self);

/* Returns (transfer full) (nullable): a path, or NULL when there is none at the moment. */
char    *checksum_walk_take (ChecksumWalk *self);
gboolean checksum_walk_is_over (ChecksumWalk *self);
guint    checksum_walk_get_n_skipped (ChecksumWalk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChecksumWalk, checksum_walk_free)

G_END_DECLS
