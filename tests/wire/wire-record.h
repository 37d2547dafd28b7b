/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-batch-private.h"

G_BEGIN_DECLS

/* What the tests of the wire do with records: say what is in them, and read bytes to the end. */

/* For example: event id=7 flags=5 object=2 name=echo value=(int64 1,) extra=@a{sv} {} */
char *wire_describe_record (const MpelRecord *record);

/* Decodes until the end or the first error, and looks at all that comes out. Appends a
 * description of each record to @lines, unless that is NULL. Returns whether there was no error. */
gboolean wire_read_all (GBytes      *bytes,
                        GUnixFDList *fds,
                        GPtrArray   *lines,
                        GError     **error);

/* Random things; one seed, one answer. */
GVariant *wire_random_variant (GRand *rand,
                               guint  depth);
void      wire_random_batch (GRand     *rand,
                             MpelBatch *batch,
                             guint      n_records);
GBytes   *wire_mutate (GRand  *rand,
                       GBytes *bytes);

G_END_DECLS
