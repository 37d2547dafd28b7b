/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is known of a failed event: an error, and where it came from. Immutable once made. */
typedef struct
{
  GError *error;       /* (owned) never NULL */
  char   *remote_type; /* (owned) (nullable) name of the exception's class in its own language */
  char   *traceback;   /* (owned) (nullable) */
} MpelFailure;

#define MPEL_FAILURE_VARIANT_TYPE G_VARIANT_TYPE ("(sisss)")

MpelFailure *mpel_failure_new_take (GError *error);
MpelFailure *mpel_failure_new_exception (const char *type,
                                         const char *message,
                                         const char *traceback);
MpelFailure *mpel_failure_new_from_variant (GVariant *variant);
MpelFailure *mpel_failure_copy (const MpelFailure *failure);
GVariant    *mpel_failure_to_variant (const MpelFailure *failure);
void         mpel_failure_free (MpelFailure *failure);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelFailure, mpel_failure_free)

G_END_DECLS
