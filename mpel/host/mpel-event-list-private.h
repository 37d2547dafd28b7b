/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event-private.h"

G_BEGIN_DECLS

/* A loop's events for somebody to look at: those that are pending, and the last ones that ended. */
#define MPEL_TYPE_EVENT_LIST (mpel_event_list_get_type ())
G_DECLARE_FINAL_TYPE (MpelEventList, mpel_event_list, MPEL, EVENT_LIST, GObject)

MpelEventList *mpel_event_list_new (void);
void           mpel_event_list_add (MpelEventList *self,
                                    MpelEvent     *event);
void           mpel_event_list_finish (MpelEventList *self,
                                       MpelEvent     *event);
void           mpel_event_list_update (MpelEventList *self);

G_END_DECLS
