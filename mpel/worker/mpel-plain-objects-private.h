/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-objects-private.h"
#include "mpel-variables-private.h"

G_BEGIN_DECLS

/* The objects and variables of the worker as D-Bus objects below MPEL_WORKER_PATH, for stock tools:
 * see data/docs/debugging.md. There is one only when a debug address was asked for. Main thread only. */
typedef struct _MpelPlainObjects MpelPlainObjects;

MpelPlainObjects *mpel_plain_objects_new (MpelObjects   *objects,
                                          MpelVariables *variables);
void              mpel_plain_objects_free (MpelPlainObjects *self);

/* Shows all of them there; to be taken back, also when the connection has ended. @hears: is it told of
 * changes and signals? */
gboolean mpel_plain_objects_export (MpelPlainObjects *self,
                                    GDBusConnection  *connection,
                                    gboolean          hears,
                                    GError          **error);
void     mpel_plain_objects_unexport (MpelPlainObjects *self,
                                      GDBusConnection  *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelPlainObjects, mpel_plain_objects_free)

G_END_DECLS
