/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was sent and the host has not acknowledged. Not locked: the owner sees to that. Zeroed memory
 * is an empty one. */
typedef struct
{
  GQueue sizes;   /* of gsize, oldest first */
  gsize  n_bytes; /* the sum of @sizes */
} MpelTransit;

void     mpel_transit_clear (MpelTransit *self);
gboolean mpel_transit_has_room (MpelTransit *self,
                                gsize        size,
                                guint        max,
                                gsize        max_bytes);
void     mpel_transit_add (MpelTransit *self,
                           gsize        size);
void     mpel_transit_remove (MpelTransit *self,
                              gsize        size);
void     mpel_transit_acknowledge (MpelTransit *self,
                                   guint        n);

G_END_DECLS
