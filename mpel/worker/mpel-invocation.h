/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-types.h"

G_BEGIN_DECLS

#define MPEL_TYPE_INVOCATION (mpel_invocation_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (MpelInvocation, mpel_invocation, MPEL, INVOCATION, GObject)

/**
 * MpelGeneratorFunc:
 * @invocation: the invocation
 * @user_data: what was given with the function
 * @error: return location for an error
 *
 * Makes the next value of a generator, in the worker.
 *
 * Returns: (transfer full) (nullable): the value, a floating reference will do; `NULL` without an
 *   error at the end
 *
 * Since: 0.1
 */
typedef GVariant *(*MpelGeneratorFunc) (MpelInvocation *invocation,
                                        gpointer        user_data,
                                        GError        **error);

MPEL_AVAILABLE_IN_0_1
const char *mpel_invocation_get_target (MpelInvocation *self);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_invocation_get_args (MpelInvocation *self);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_invocation_get_kwargs (MpelInvocation *self);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_invocation_check_args (MpelInvocation *self,
                                     const char     *type_string,
                                     GError        **error);

MPEL_AVAILABLE_IN_0_1
GObject *mpel_invocation_get_object (MpelInvocation *self);

MPEL_AVAILABLE_IN_0_1
GObject *mpel_invocation_lookup_object (MpelInvocation *self,
                                        int             handle,
                                        GError        **error);

MPEL_AVAILABLE_IN_0_1
int mpel_invocation_add_object (MpelInvocation *self,
                                GObject        *object);

MPEL_AVAILABLE_IN_0_1
GCancellable *mpel_invocation_get_cancellable (MpelInvocation *self);

MPEL_AVAILABLE_IN_0_1
void mpel_invocation_report_progress (MpelInvocation *self,
                                      double          fraction,
                                      const char     *message);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_invocation_yield_value (MpelInvocation *self,
                                      GVariant       *value,
                                      GError        **error);

MPEL_AVAILABLE_IN_0_1
void mpel_invocation_yield_value_async (MpelInvocation     *self,
                                        GVariant           *value,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_invocation_yield_value_finish (MpelInvocation *self,
                                             GAsyncResult   *result,
                                             GError        **error);

MPEL_AVAILABLE_IN_0_1
void mpel_invocation_set_generator (MpelInvocation   *self,
                                    MpelGeneratorFunc next,
                                    gpointer          user_data,
                                    GDestroyNotify    destroy);

MPEL_AVAILABLE_IN_0_1
void mpel_invocation_return_value (MpelInvocation *self,
                                   GVariant       *results);

MPEL_AVAILABLE_IN_0_1
void mpel_invocation_return_gerror (MpelInvocation *self,
                                    const GError   *error);

MPEL_AVAILABLE_IN_0_1
void mpel_invocation_return_exception (MpelInvocation *self,
                                       const char     *type_name,
                                       const char     *message,
                                       const char     *traceback);

MPEL_AVAILABLE_IN_0_1
const guint8 *mpel_invocation_get_payload (MpelInvocation *self,
                                           gsize          *length);

MPEL_AVAILABLE_IN_0_1
void mpel_invocation_return_payload (MpelInvocation *self,
                                     const guint8   *payload,
                                     gsize           length);

G_END_DECLS
