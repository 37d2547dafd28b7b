/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-event.h"

G_BEGIN_DECLS

#define MPEL_TYPE_STREAM (mpel_stream_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (MpelStream, mpel_stream, MPEL, STREAM, GObject)

MPEL_AVAILABLE_IN_0_1
MpelStream *mpel_event_iterate (MpelEvent *self) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_stream_get_event (MpelStream *self);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_stream_next_value (MpelStream *self,
                                  GError    **error);

G_END_DECLS
