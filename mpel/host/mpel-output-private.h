/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Carries what a worker writes to where its host wants it, and remembers the last lines. */
#define MPEL_TYPE_OUTPUT (mpel_output_get_type ())
G_DECLARE_FINAL_TYPE (MpelOutput, mpel_output, MPEL, OUTPUT, GObject)

typedef void (*MpelOutputEndedFunc) (gpointer user_data);

MpelOutput *mpel_output_new (GInputStream       *stream,
                             int                 fd,
                             const char         *pid,
                             MpelOutputEndedFunc ended,
                             gpointer            user_data);
void        mpel_output_stop (MpelOutput *self);
gboolean    mpel_output_is_ended (MpelOutput *self);
char       *mpel_output_dup_last_lines (MpelOutput *self);

G_END_DECLS
