/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-launcher.h"

G_BEGIN_DECLS

GSubprocess *mpel_launcher_spawn (MpelLauncher *self,
                                  int           worker_fd,
                                  GError      **error);

G_END_DECLS
