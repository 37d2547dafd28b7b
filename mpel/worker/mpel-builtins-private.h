/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-objects-private.h"
#include "mpel-variables-private.h"

G_BEGIN_DECLS

/* What hosts may ask for without anybody having registered it: names that begin with
 * MPEL_BUILTIN_PREFIX. Main thread only. */
gboolean mpel_builtins_have (const char *name);

/* Both see to it that the invocation is answered. @object: (nullable): whose method it is */
void mpel_builtins_run (MpelObjects    *objects,
                        MpelVariables  *variables,
                        GObject        *object,
                        MpelInvocation *invocation);
/* Likewise of a variable that is a value. */
void mpel_builtins_run_value (const char     *variable,
                              GVariant       *value,
                              MpelInvocation *invocation);

G_END_DECLS
