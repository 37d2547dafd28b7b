/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* GVariants that D-Bus can carry: it knows neither maybe types nor empty tuples, and handles would be
 * file descriptors. Safe from any thread. */
gboolean mpel_plain_fits (GVariant *value);

/* Of the types that values of properties have. Nothing is "" or what else is empty; of an `mv` the
 * empty `av`. */
char     *mpel_plain_get_type (const char *type);
GVariant *mpel_plain_from_value (GVariant *value,
                                 GError  **error);
/* @pspec: whose value it will be */
GVariant *mpel_plain_to_value (GVariant   *plain,
                               GParamSpec *pspec);

G_END_DECLS
