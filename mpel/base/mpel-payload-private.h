/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GVariant     *mpel_payload_new (const guint8 *data,
                                gsize         length);
const guint8 *mpel_payload_get (GVariant *payload,
                                gsize    *length);

G_END_DECLS
