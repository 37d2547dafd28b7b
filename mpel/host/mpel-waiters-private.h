/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tasks that wait for the same thing. Each leaves once: released by it, or by its cancellable. */
typedef struct _MpelWaiters MpelWaiters;

MpelWaiters *mpel_waiters_new (GMainContext *context);
void         mpel_waiters_free (MpelWaiters *self);
void         mpel_waiters_add (MpelWaiters *self,
                               GTask       *task);
void         mpel_waiters_release (MpelWaiters  *self,
                                   const GError *error);
void         mpel_waiters_release_task (MpelWaiters  *self,
                                        GTask        *task,
                                        const GError *error);
GTask       *mpel_waiters_steal_first (MpelWaiters *self);
gboolean     mpel_waiters_is_empty (MpelWaiters *self);

G_END_DECLS
