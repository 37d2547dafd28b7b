/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-worker.h"

G_BEGIN_DECLS

/* Set once the worker runs. For tests and the benchmark: what travels beside the stream. */
GDBusConnection *mpel_worker_get_connection (MpelWorker *self);

G_END_DECLS
