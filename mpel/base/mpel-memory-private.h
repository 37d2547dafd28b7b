/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-memory.h"

#include <fcntl.h>

G_BEGIN_DECLS

/* Memory that is given away: nobody can write to it any more, nor make it shorter or longer. */
#define MPEL_MEMORY_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* Behind the payload of a memory file there is some slack, or the receiver copies it, see
 * wire/mpel-frame.c. The payload itself is padded to this as well. */
#define MPEL_MEMORY_SLACK 8

int mpel_memory_dup_fd (GVariant *value);

G_END_DECLS
