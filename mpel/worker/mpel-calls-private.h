/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-call-private.h"
#include "mpel-objects-private.h"
#include "mpel-outbox-private.h"
#include "mpel-rota-private.h"

G_BEGIN_DECLS

/* Which events have begun and are unanswered, and which shall not begin. Safe from any thread. */

typedef enum
{
  MPEL_BEGIN_NOW,
  MPEL_BEGIN_NEVER, /* cancelled or given back */
  MPEL_BEGIN_LATER, /* as many are open as may be; the main thread is woken when one is answered */
} MpelBegin;

MpelCalls    *mpel_calls_new (MpelOutbox *outbox,
                              MpelRota   *rota,
                              GSource    *wake);
MpelCalls    *mpel_calls_ref (MpelCalls *self);
void          mpel_calls_unref (MpelCalls *self);
void          mpel_calls_close (MpelCalls *self);
MpelOutbox   *mpel_calls_get_outbox (MpelCalls *self);
MpelRota     *mpel_calls_get_rota (MpelCalls *self);
void          mpel_calls_set_objects (MpelCalls   *self,
                                      MpelObjects *objects);
MpelObjects  *mpel_calls_get_objects (MpelCalls *self);
GMainContext *mpel_calls_get_context (MpelCalls *self);
gboolean      mpel_calls_is_main_thread (MpelCalls *self);
void          mpel_calls_wake (MpelCalls *self);
void          mpel_calls_set_max_open (MpelCalls *self,
                                       guint      max_open);
void          mpel_calls_allow_streams (MpelCalls *self);

MpelBegin mpel_calls_begin (MpelCalls *self,
                            guint64    id,
                            gboolean   has_output,
                            MpelCall **call);
void      mpel_calls_end (MpelCalls *self,
                          MpelCall  *call);

/* What the host asks for; in GDBus's thread. */
void mpel_calls_cancel (MpelCalls *self,
                        guint64    id);
void mpel_calls_acknowledge (MpelCalls *self,
                             guint64    id,
                             guint      n);
void mpel_calls_recall (MpelCalls *self,
                        guint64    up_to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelCalls, mpel_calls_unref)

G_END_DECLS
