/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-call-private.h"

G_BEGIN_DECLS

/* Progress that is held back: an event tells it once per frame of a screen at most. Under the lock of
 * the outbox, as are the fields of calls that are for it. Zeroed memory is an empty one. */
typedef struct
{
  GQueue waiting; /* of (owned) MpelCall, oldest first */
} MpelProgress;

gboolean  mpel_progress_is_empty (MpelProgress *self);
gboolean  mpel_progress_take (MpelProgress *self,
                              MpelCall     *call,
                              double        fraction,
                              const char   *message);
void      mpel_progress_take_due (MpelProgress *self,
                                  gint64        now,
                                  GQueue       *due);
void      mpel_progress_take_all (MpelProgress *self,
                                  GQueue       *taken);
gboolean  mpel_progress_drop (MpelProgress *self,
                              MpelCall     *call);
GVariant *mpel_progress_make (MpelCall *call,
                              gint64    now);

G_END_DECLS
