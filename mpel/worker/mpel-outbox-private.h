/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-batch-private.h"
#include "mpel-call-private.h"
#include "mpel-failure-private.h"
#include "mpel-link-private.h"

G_BEGIN_DECLS

/* What the worker has to tell, collected into batches. Safe from any thread. */
typedef struct _MpelOutbox MpelOutbox;

MpelOutbox *mpel_outbox_new (MpelLink *link);
MpelOutbox *mpel_outbox_ref (MpelOutbox *self);
void        mpel_outbox_unref (MpelOutbox *self);
void        mpel_outbox_close (MpelOutbox *self);

void mpel_outbox_add_hello (MpelOutbox *self);
void mpel_outbox_allow_blobs (MpelOutbox *self);

/* The end of an event: nothing of it comes behind. FALSE: the results cannot be carried, and it has
 * failed instead. */
gboolean mpel_outbox_add_done (MpelOutbox     *self,
                               MpelCall       *call,
                               MpelRecordFlags flags,
                               GVariant       *results);
void     mpel_outbox_add_failed (MpelOutbox        *self,
                                 MpelCall          *call,
                                 const MpelFailure *failure);

/* What comes before the end. */
void     mpel_outbox_add_progress (MpelOutbox *self,
                                   MpelCall   *call,
                                   double      fraction,
                                   const char *message);
gboolean mpel_outbox_add_yield (MpelOutbox *self,
                                MpelCall   *call,
                                GVariant   *value,
                                GError    **error);

/* Of what has not begun. Both are sent at once. */
void mpel_outbox_refuse (MpelOutbox        *self,
                         guint64            id,
                         const MpelFailure *failure);
void mpel_outbox_add_recalled (MpelOutbox *self,
                               guint64     last_begun);

/* News of an object. FALSE with an error: it cannot be carried, and nothing was added. */
gboolean mpel_outbox_add_news (MpelOutbox     *self,
                               MpelRecordKind  kind,
                               MpelRecordFlags flags,
                               guint64         id,
                               const char     *name,
                               GVariant       *value,
                               GError        **error);
/* Called on the main thread before it adds anything of an event that has begun, without a lock. To
 * be set there. */
typedef void (*MpelPreludeFunc) (gpointer user_data);
void mpel_outbox_set_prelude (MpelOutbox     *self,
                              MpelPreludeFunc prelude,
                              gpointer        user_data);

/* Around the events that the main thread runs in one go. */
void   mpel_outbox_begin_run (MpelOutbox *self);
gint64 mpel_outbox_add_taken (MpelOutbox *self);
gint64 mpel_outbox_pass_time (MpelOutbox *self);
void   mpel_outbox_end_run (MpelOutbox *self,
                            gboolean    idle);
void   mpel_outbox_flush (MpelOutbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelOutbox, mpel_outbox_unref)

G_END_DECLS
