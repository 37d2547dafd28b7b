/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-plain-lines-private.h"

G_BEGIN_DECLS

/* Tells D-Bus what one object of the worker does: changes of its properties, and its signals. To be
 * used on the main thread; the object may notify and emit on any. */
typedef struct _MpelPlainEcho MpelPlainEcho;

/* @description: MPEL_CLASS_VARIANT_TYPE of its class */
MpelPlainEcho *mpel_plain_echo_new (GObject        *object,
                                    GVariant       *description,
                                    MpelPlainLines *lines,
                                    const char     *path,
                                    const char     *interface);
void           mpel_plain_echo_free (MpelPlainEcho *self);

G_END_DECLS
