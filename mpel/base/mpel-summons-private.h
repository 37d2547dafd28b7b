/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Was this process started as a worker, without running as one yet? If it then starts itself
 * again, so will that one, and so on without end. */
gboolean mpel_summons_is_open (void);
void     mpel_summons_set_open (gboolean is_open);

G_END_DECLS
