/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-frame-private.h"

G_BEGIN_DECLS

/* Batches that arrived and were not read yet, in order. Filled by GDBus's thread, read by one
 * other; reading may be interrupted after any record and resumed, also recursively. */
typedef struct _MpelInbox MpelInbox;

typedef enum
{
  MPEL_INBOX_EMPTY,
  MPEL_INBOX_RECORD,
  MPEL_INBOX_BROKEN, /* the error says why; nothing more can be read */
} MpelInboxStatus;

MpelInbox      *mpel_inbox_new (void);
MpelInbox      *mpel_inbox_ref (MpelInbox *self);
void            mpel_inbox_unref (MpelInbox *self);
void            mpel_inbox_push (MpelInbox   *self,
                                 GBytes      *bytes,
                                 GUnixFDList *fds);
MpelInboxStatus mpel_inbox_next (MpelInbox  *self,
                                 MpelRecord *record,
                                 GError    **error);
gboolean        mpel_inbox_next_ahead (MpelInbox     *self,
                                       MpelRecordKind kind,
                                       MpelRecord    *record);
gboolean        mpel_inbox_is_empty (MpelInbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelInbox, mpel_inbox_unref)

G_END_DECLS
