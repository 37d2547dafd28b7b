/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event-loop.h"

G_BEGIN_DECLS

/* The output handlers of a loop, in order. Handlers may change the list while it runs. */
typedef struct _MpelHandlers MpelHandlers;

MpelHandlers *mpel_handlers_new (void);
void          mpel_handlers_free (MpelHandlers *self);
guint         mpel_handlers_insert (MpelHandlers         *self,
                                    int                   index,
                                    MpelOutputHandlerFunc func,
                                    gpointer              user_data,
                                    GDestroyNotify        destroy);
gboolean      mpel_handlers_remove (MpelHandlers *self,
                                    guint         id);
gboolean      mpel_handlers_run (MpelHandlers *self,
                                 MpelEvent    *event);

G_END_DECLS
