/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Large payloads travel as a sealed memory file: written once, mapped by the receiver. Those that
 * are in such a file already are not written at all, see mpel-memory.c. */

int     mpel_blob_new (GVariant *value,
                       GVariant *extra,
                       GError  **error);
GBytes *mpel_blob_map (int      fd,
                       GError **error);

G_END_DECLS
