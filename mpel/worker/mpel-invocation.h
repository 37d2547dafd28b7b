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

G_END_DECLS
