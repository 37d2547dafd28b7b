/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event-private.h"

G_BEGIN_DECLS

/* Events that wait in the host: the highest priority first, and those of one priority by their
 * serials. It owns a reference on each, which leaves with the event. */
struct _MpelQueue
{
  GArray *levels;   /* (owned) of Level, the lowest priority first; one that was used stays */
  guint   n_events; /* in all of them */
};

void       mpel_queue_init (MpelQueue *self);
void       mpel_queue_clear (MpelQueue *self);
gboolean   mpel_queue_is_empty (const MpelQueue *self);
void       mpel_queue_push (MpelQueue *self,
                            MpelEvent *event);
void       mpel_queue_add_late (MpelQueue *self,
                                MpelEvent *event);
void       mpel_queue_put_back (MpelQueue *self,
                                MpelEvent *event);
MpelEvent *mpel_queue_peek (const MpelQueue *self);
MpelEvent *mpel_queue_pop (MpelQueue *self);
MpelEvent *mpel_queue_pop_until (MpelQueue *self,
                                 guint64    last);
void       mpel_queue_add_to (const MpelQueue *self,
                              GPtrArray       *events);
void       mpel_queue_unlink (MpelEvent *event);
void       mpel_queue_move_all (MpelQueue *self,
                                MpelQueue *to);
gboolean   mpel_queue_goes_before (MpelEvent *event,
                                   MpelEvent *other);

G_END_DECLS
