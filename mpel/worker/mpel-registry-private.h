/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-invocation-private.h"
#include "mpel-worker.h"

G_BEGIN_DECLS

/* What a worker can run, by name. Main thread only. */
typedef struct _MpelRegistry MpelRegistry;

MpelRegistry *mpel_registry_new (void);
void          mpel_registry_free (MpelRegistry *self);
void          mpel_registry_add_function (MpelRegistry  *self,
                                          const char    *name,
                                          MpelTargetFunc func,
                                          gpointer       user_data,
                                          GDestroyNotify destroy);
void          mpel_registry_add_handler (MpelRegistry   *self,
                                         const char     *name,
                                         MpelHandlerFunc func,
                                         gpointer        user_data,
                                         GDestroyNotify  destroy);
gboolean      mpel_registry_remove (MpelRegistry *self,
                                    const char   *name);

/* Both see to it that the invocation is answered, now or later. */
void mpel_registry_run_target (MpelRegistry   *self,
                               MpelInvocation *invocation);
void mpel_registry_run_class (MpelRegistry   *self,
                              MpelInvocation *invocation,
                              GVariant       *properties);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelRegistry, mpel_registry_free)

G_END_DECLS
