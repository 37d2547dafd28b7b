/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include <glib.h>
#include "mpel-version.h"

G_BEGIN_DECLS

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_variant_new_from_fd (const GVariantType *type,
                                    int                 fd,
                                    gsize               length,
                                    GError            **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
