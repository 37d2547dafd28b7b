/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GSource *mpel_wake_new (GMainContext *context,
                        const char   *static_name,
                        int           priority,
                        GSourceFunc   func,
                        gpointer      user_data);
void     mpel_wake_up (GSource *wake);

G_END_DECLS
