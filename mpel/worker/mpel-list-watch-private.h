/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-reporter-private.h"

G_BEGIN_DECLS

typedef struct _MpelObjects MpelObjects;

/* A list model of the worker whose items the host is told of. Main thread only. */
typedef struct _MpelListWatch MpelListWatch;

/* Tells all items at once. @id: under which the host hears of them. */
MpelListWatch *mpel_list_watch_new (GListModel   *list,
                                    guint64       id,
                                    MpelObjects  *objects,
                                    MpelReporter *reporter);
void           mpel_list_watch_free (MpelListWatch *self);

G_END_DECLS
