/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include <gio/gio.h>
#include "mpel-version.h"

G_BEGIN_DECLS

/* Event classes of the host name it in their `run`, which happens in the worker. */
typedef struct _MpelInvocation MpelInvocation;

G_END_DECLS
