/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* One file of tests/wire/cases, taken apart. Its first letter is the verdict: y_ is accepted, n_
 * is refused, i_ is our choice, written down. The text of a file:
 *
 *   # a comment, to the end of the line
 *   @ sealed 64        a descriptor comes with the batch: sealed memory of 64 bytes; or
 *   @ unsealed 64      memory that could still change; or
 *   @ pipe             what is no memory at all
 *   = done id=7        a record that must come out, as wire_describe_record says it
 *   ! *cut short*      then this error, a pattern; without it the bytes end behind a record
 *
 * All other lines are the bytes, in items between blanks: `00` (hexadecimal), `u8=1`, `u16=1`,
 * `u32=1`, `u64=0x10` (numbers in native byte order), `"text"` (neither blanks nor a final NUL),
 * `pad` (zeros up to a multiple of 8) and `zeros=24`. */
typedef struct
{
  GBytes      *bytes;   /* (owned) */
  GUnixFDList *fds;     /* (owned) (nullable) */
  GPtrArray   *records; /* (owned) of (owned) char */
  char        *error;   /* (owned) (nullable) */
} WireCase;

WireCase *wire_case_load (const char *path);
void      wire_case_free (WireCase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WireCase, wire_case_free)

/* A descriptor of memory of @length zeros, or of @data when that is set. For the caller. */
int wire_memory_new (gconstpointer data,
                     gsize         length,
                     gboolean      sealed);

G_END_DECLS
