/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* What the worker runs that is driven by hand; the names of the targets say what they do. */
int worker_targets_run (MpelWorker *worker);

/* Arguments of the target “count”: label, how many values, how large each is, how many
 * microseconds each takes, and what comes instead of the end. */
#define COUNT(label, n) "('" label "', " #n ", 0, 0, '')"
#define ENDLESS "('endless', 1000000000, 0, 0, '')"

G_END_DECLS
