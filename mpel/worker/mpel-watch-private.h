/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-classes-private.h"
#include "mpel-reporter-private.h"

G_BEGIN_DECLS

/* What of one object the host is told: the changes of its properties, what its getters return, its
 * signals. To be used on the main thread; the object may notify and emit on any. */
typedef struct _MpelWatch MpelWatch;

MpelWatch *mpel_watch_new (GObject      *object,
                           guint64       id,
                           MpelClasses  *classes,
                           MpelReporter *reporter);
void       mpel_watch_free (MpelWatch *self);

/* From now on these are told too; what the object does not have is left out. Returns: (transfer full):
 * the present values, MPEL_WATCHED_VARIANT_TYPE. */
GVariant *mpel_watch_add (MpelWatch         *self,
                          const char *const *properties,
                          const char *const *getters,
                          const char *const *signal_names);

/* Calls the getters, and tells of those that return something else than before. */
void mpel_watch_read_getters (MpelWatch *self);

G_END_DECLS
