/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A thread that sees to it that a worker does not outlive its host, also while it computes. */
typedef struct _MpelFarewell MpelFarewell;

MpelFarewell *mpel_farewell_new (int fd);
void          mpel_farewell_free (MpelFarewell *self);

G_END_DECLS
