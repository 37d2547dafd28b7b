/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Adds what @teller has to tell. It may become a teller again. */
typedef void (*MpelTellFunc) (gpointer teller);

/* Those who have something to tell and wait until they are asked, in the order in which they came.
 * Main thread only, but for the question whether there are any. */
typedef struct
{
  GQueue queue; /* of (owned) records */
  gint   n;     /* atomic: their number */
} MpelTellers;

void     mpel_tellers_init (MpelTellers *self);
void     mpel_tellers_clear (MpelTellers *self);
gboolean mpel_tellers_is_empty (MpelTellers *self);
void     mpel_tellers_add (MpelTellers *self,
                           MpelTellFunc tell,
                           gpointer     teller);
void     mpel_tellers_remove (MpelTellers *self,
                              gpointer     teller);
/* Each that is there now, once. */
void mpel_tellers_ask (MpelTellers *self);

G_END_DECLS
