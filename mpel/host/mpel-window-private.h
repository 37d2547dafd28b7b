/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much may travel ahead of the worker: about 2 ms of work, so that it never waits for the
 * host, and no more, so that all else stays under the host's control. Plain arithmetic. */
typedef struct
{
  guint  min_limit; /* events that always may be there, constant: the one that runs, and the next or not */
  guint  limit;     /* events that may be in the worker's queue */
  guint  n_ahead;   /* events that are there, as far as we know */
  gsize  n_bytes;   /* bytes of events that are not answered yet */
  double cost_us;   /* average time of an event, 0 while unknown */
} MpelWindow;

void     mpel_window_init (MpelWindow *self,
                           guint       min_limit);
gboolean mpel_window_has_room (const MpelWindow *self);
gboolean mpel_window_is_worth_filling (const MpelWindow *self);
void     mpel_window_add (MpelWindow *self,
                          gsize       bytes);
void     mpel_window_remove_bytes (MpelWindow *self,
                                   gsize       bytes);
gboolean mpel_window_report (MpelWindow *self,
                             guint       n_taken,
                             guint64     busy_us);

G_END_DECLS
