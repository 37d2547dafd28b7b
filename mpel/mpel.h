/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#define MPEL_INSIDE

#include "mpel-version.h"
#include "mpel-types.h"
#include "mpel-enums.h"
#include "mpel-enum-types.h"
#include "mpel-loop-error.h"
#include "mpel-memory.h"

#include "mpel-event.h"
#include "mpel-launcher.h"
#include "mpel-event-loop.h"
#include "mpel-pool.h"
#include "mpel-stream.h"

#include "mpel-proxy.h"
#include "mpel-remote-list.h"

#include "mpel-invocation.h"
#include "mpel-worker.h"

#undef MPEL_INSIDE
