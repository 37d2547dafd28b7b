/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Hands out what has arrived, in the loop's context, in slices of time, below the priority of
 * GTK's drawing. */
typedef struct _MpelDelivery MpelDelivery;

/* Delivers one thing. FALSE: there was none. May be called again before it returns. */
typedef gboolean (*MpelDeliverFunc) (GObject *owner);

/* Below GTK's redraw (GDK_PRIORITY_REDRAW, 120): a flood of results costs no frame. */
#define MPEL_DELIVERY_DEFAULT_PRIORITY 130
/* A quarter of a frame: input that comes meanwhile does not wait noticeably. */
#define MPEL_DELIVERY_DEFAULT_SLICE_US 4000

MpelDelivery *mpel_delivery_new (GMainContext   *context,
                                 MpelDeliverFunc deliver,
                                 GSourceFunc     slice_over,
                                 GObject        *owner);
void          mpel_delivery_free (MpelDelivery *self);
GSource      *mpel_delivery_get_wake (MpelDelivery *self);
void          mpel_delivery_wake (MpelDelivery *self);
gboolean      mpel_delivery_has_time (MpelDelivery *self);
int           mpel_delivery_get_priority (MpelDelivery *self);
void          mpel_delivery_set_priority (MpelDelivery *self,
                                          int           priority);
guint         mpel_delivery_get_slice (MpelDelivery *self);
void          mpel_delivery_set_slice (MpelDelivery *self,
                                       guint         slice_us);

G_END_DECLS
