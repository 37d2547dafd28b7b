/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A source that calls @func in @context once @cancellable is cancelled, in whatever thread. */
GSource *mpel_cancel_watch_new (GCancellable          *cancellable,
                                GMainContext          *context,
                                const char            *static_name,
                                GCancellableSourceFunc func,
                                gpointer               user_data);
void     mpel_cancel_watch_clear (GSource **watch);

G_END_DECLS
