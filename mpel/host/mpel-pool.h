/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-event-loop.h"

G_BEGIN_DECLS

#define MPEL_TYPE_POOL (mpel_pool_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (MpelPool, mpel_pool, MPEL, POOL, MpelEventLoop)

/**
 * MpelPoolClass:
 * @parent_class: the parent class
 *
 * The class of pools.
 *
 * Since: 0.1
 */
struct _MpelPoolClass
{
  MpelEventLoopClass parent_class;

  /*< private >*/
  gpointer padding[4];
};

MPEL_AVAILABLE_IN_0_1
MpelPool *mpel_pool_new (guint n_workers) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelPool *mpel_pool_new_with_launcher (MpelLauncher *launcher,
                                       guint         n_workers) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
guint mpel_pool_get_n_workers (MpelPool *self);

MPEL_AVAILABLE_IN_0_1
void mpel_pool_set_n_workers (MpelPool *self,
                              guint     n_workers);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_pool_get_statistics (MpelPool *self);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_pool_map (MpelPool     *self,
                         const char   *target,
                         GVariant     *args_array,
                         MpelMapPolicy policy,
                         GCancellable *cancellable,
                         GError      **error);

MPEL_AVAILABLE_IN_0_1
void mpel_pool_map_async (MpelPool           *self,
                          const char         *target,
                          GVariant           *args_array,
                          MpelMapPolicy       policy,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_pool_map_finish (MpelPool     *self,
                                GAsyncResult *result,
                                GError      **error);

G_END_DECLS
