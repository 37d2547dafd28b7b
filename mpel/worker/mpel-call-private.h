/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-transit-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _MpelCalls MpelCalls;

/* An event that has begun, as other threads may see it. GDBus's thread cancels it and makes room
 * for its values through this, and never touches the invocation: a binding may keep that one under
 * a lock of its language, which the main thread holds while it computes. */
typedef struct
{
  guint64         id; /* constant; first, so that a call is its own key in a table of ids */
  gatomicrefcount ref_count;
  MpelCalls      *calls;       /* (owned) (nullable) constant; NULL when it came as a plain D-Bus call */
  gboolean        has_output;  /* constant */
  gboolean        is_streamed; /* constant; the host takes progress and values */

  gint          cancelled;     /* atomic; becomes TRUE once */
  GCancellable *cancellable;   /* (owned) (nullable) atomic; made by the first who asks */
  gint          has_generator; /* atomic; becomes TRUE once */
  gpointer      invocation;    /* (unowned) (nullable) under @mutex; for the main thread only */

  /* For the outbox, under its lock. What is told last is told before the end; @is_waiting while
   * the outbox holds a report back, and this call with it. */
  gboolean ended;
  gboolean is_waiting;
  gint64   told_us; /* when progress was told last */
  double   fraction;
  char    *message; /* (owned) (nullable) */

  /* The values, see mpel-call-yield.c. */
  GMutex      mutex; /* for all below */
  GCond       cond;
  gboolean    answered;
  gboolean    abandoned; /* the worker leaves */
  MpelTransit transit;
  GQueue      waiting;   /* of Waiter: values without room, oldest first */
  guint64     n_waited;  /* values that ever waited */
  gboolean    serving;   /* somebody hands on what waits; who comes now waits behind it */
  guint       n_blocked; /* threads that wait for @cond */
  gboolean    wanted;    /* the main thread wants to know when there is room */
  GError     *failure;   /* (owned) (nullable) of a value of the generator that could not be carried */
} MpelCall;

MpelCall     *mpel_call_new (MpelCalls *calls,
                             guint64    id,
                             gboolean   has_output,
                             gboolean   is_streamed);
MpelCall     *mpel_call_ref (MpelCall *self);
void          mpel_call_unref (MpelCall *self);
GCancellable *mpel_call_get_cancellable (MpelCall *self);
gboolean      mpel_call_is_cancelled (MpelCall *self);
void          mpel_call_cancel (MpelCall *self);
void          mpel_call_set_invocation (MpelCall *self,
                                        gpointer  invocation);
gpointer      mpel_call_ref_invocation (MpelCall *self);

/* What becomes of the values. */
gboolean mpel_call_yield (MpelCall *self,
                          GVariant *value,
                          GError  **error);
void     mpel_call_yield_async (MpelCall *self,
                                GVariant *value,
                                GTask    *task);
gboolean mpel_call_yield_later (MpelCall *self,
                                GVariant *value,
                                GError  **error);
GError  *mpel_call_steal_failure (MpelCall *self);
gboolean mpel_call_wants_value (MpelCall *self);
void     mpel_call_acknowledge (MpelCall *self,
                                guint     n);
void     mpel_call_set_answered (MpelCall *self);
void     mpel_call_abandon (MpelCall *self);
void     mpel_call_refuse_waiting (MpelCall *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelCall, mpel_call_unref)

G_END_DECLS
