/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Properties made of what another process says of them. */

/* The type of this name, if there is one here that travels as @type_string; else a plain one that
 * does. Returns: G_TYPE_INVALID if there is none */
GType mpel_pspec_choose_type (const char *type_string,
                              const char *type_name);

/* @fallback: (nullable). Returns: (transfer floating) (nullable): with the full range of its type */
GParamSpec *mpel_pspec_new (const char *name,
                            GType       type,
                            gboolean    is_writable,
                            GVariant   *fallback);

G_END_DECLS
