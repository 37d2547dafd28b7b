/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-frame-private.h"

G_BEGIN_DECLS

/* Records on their way out. Not locked: the owner sees to that. */
typedef struct
{
  GByteArray  *bytes; /* (owned) */
  GUnixFDList *fds;   /* (owned) (nullable) */
  gboolean     can_pass_fds;
} MpelBatch;

void     mpel_batch_init (MpelBatch *self);
void     mpel_batch_clear (MpelBatch *self);
gboolean mpel_batch_append (MpelBatch      *self,
                            MpelRecordKind  kind,
                            MpelRecordFlags flags,
                            guint64         id,
                            const char     *name,
                            GVariant       *value,
                            GVariant       *extra,
                            GError        **error);
gboolean mpel_batch_append_for (MpelBatch      *self,
                                MpelRecordKind  kind,
                                MpelRecordFlags flags,
                                guint64         id,
                                guint64         object,
                                const char     *name,
                                GVariant       *value,
                                GVariant       *extra,
                                GError        **error);
void     mpel_batch_append_hello (MpelBatch *self);
void     mpel_batch_prepend_load (MpelBatch *self,
                                  GVariant  *load);
gboolean mpel_batch_is_empty (const MpelBatch *self);
gboolean mpel_batch_is_full (const MpelBatch *self);
GBytes  *mpel_batch_steal (MpelBatch    *self,
                           GUnixFDList **fds);

gboolean mpel_hello_check (const MpelRecord *record,
                           GError          **error);
gboolean mpel_hello_has_ability (const MpelRecord *record,
                                 const char       *ability);

G_END_DECLS
