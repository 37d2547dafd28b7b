/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* A worker that has dots; the names of the targets and methods say what they do. Hosts call the class
 * of dots “Dot”. Its initializer sets the variables “dot”, at (1, 2), and “answer”, 42. */
int dot_targets_run (MpelWorker *worker);

G_END_DECLS
