/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-test.h"

G_BEGIN_DECLS

/* A place where an event waits in its worker until the host lets it go on. One event each. */
typedef struct _MpelGate MpelGate;

MpelGate *mpel_gate_new (void);
void      mpel_gate_free (MpelGate *self);
/* Returns (transfer floating): the arguments of its event. */
GVariant *mpel_gate_args (MpelGate *self);
/* Turns of the default context until its event is there. Returns its worker's process id. */
int  mpel_gate_wait (MpelGate *self);
void mpel_gate_open (MpelGate *self);
/* The target: waits at its gate, returns its process id. */
GVariant *mpel_gate_target (MpelInvocation *invocation,
                            GVariant       *args,
                            GVariant       *kwargs,
                            gpointer        user_data,
                            GError        **error);

/* The ends of a loop's events, in the order in which its handlers hear of them. */
typedef struct _MpelEnds MpelEnds;

MpelEnds  *mpel_ends_new (MpelEventLoop *loop);
void       mpel_ends_free (MpelEnds *self);
guint      mpel_ends_count (MpelEnds *self);
MpelEvent *mpel_ends_get (MpelEnds *self,
                          guint     index);
/* There were @n, each of another event. */
void mpel_ends_assert_once (MpelEnds *self,
                            guint     n);
/* Turns of the default context until there are @n. */
void mpel_ends_wait (MpelEnds *self,
                     guint     n);

/* Turns of the default context until @condition holds; it is asked every few milliseconds too. */
typedef gboolean (*MpelConditionFunc) (gpointer user_data);
void mpel_flow_iterate_until (MpelConditionFunc condition,
                              gpointer          user_data);
/* Turns until the process is not there any more. */
void mpel_flow_wait_for_death (int pid);
void mpel_flow_iterate_for_a_while (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelGate, mpel_gate_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelEnds, mpel_ends_free)

G_END_DECLS
