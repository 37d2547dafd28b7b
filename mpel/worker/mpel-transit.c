/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-transit-private.h"

void
mpel_transit_clear (MpelTransit *self)
{
  g_queue_clear (&self->sizes);
  self->n_bytes = 0;
}

/* One always has room, however large it is. */
gboolean
mpel_transit_has_room (MpelTransit *self, gsize size, guint max, gsize max_bytes)
{
  return g_queue_is_empty (&self->sizes) || (self->sizes.length < max && self->n_bytes + size <= max_bytes);
}

void
mpel_transit_add (MpelTransit *self, gsize size)
{
  g_queue_push_tail (&self->sizes, GSIZE_TO_POINTER (size));
  self->n_bytes += size;
}

/* It was not sent after all, unless the host has said that it came. */
void
mpel_transit_remove (MpelTransit *self, gsize size)
{
  if (g_queue_remove (&self->sizes, GSIZE_TO_POINTER (size)))
    self->n_bytes -= size;
}

/* Of more than is under way nothing is believed. */
void
mpel_transit_acknowledge (MpelTransit *self, guint n)
{
  for (; n > 0 && !g_queue_is_empty (&self->sizes); n--)
    self->n_bytes -= GPOINTER_TO_SIZE (g_queue_pop_head (&self->sizes));
}
