/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-call-private.h"
#include "mpel-failure-private.h"
#include "mpel-invocation.h"

G_BEGIN_DECLS

/* Where an answer goes: into the outbox, or back over the plain D-Bus interface. Called once,
 * from any thread; exactly one of @results and @failure is set. */
typedef void (*MpelAnswerFunc) (MpelInvocation    *invocation,
                                GVariant          *results,
                                const MpelFailure *failure,
                                gpointer           user_data);

/* The objects of an event that is not answered. Once it is, they are let go, on the main thread. */
typedef struct
{
  GObject   *object;  /* (owned) (nullable) whose method it is; set before the target runs */
  GPtrArray *objects; /* (owned) (nullable) of (owned) GObject: what handles stand for; likewise */
  GPtrArray *added;   /* (owned) (nullable) likewise in the results; under the lock of the call */
} MpelMentions;

MpelInvocation *mpel_invocation_new (MpelCall      *call,
                                     const char    *target,
                                     GVariant      *args,
                                     GVariant      *kwargs,
                                     MpelAnswerFunc answer,
                                     gpointer       user_data,
                                     GDestroyNotify destroy);
MpelCall       *mpel_invocation_get_call (MpelInvocation *self);
MpelMentions   *mpel_invocation_get_mentions (MpelInvocation *self);
gboolean        mpel_invocation_has_mentions (MpelInvocation *self);
void            mpel_invocation_clear_mentions (MpelInvocation *self);
gboolean        mpel_invocation_is_answered (MpelInvocation *self);
void            mpel_invocation_tell_cancelled (MpelInvocation *self);
gboolean        mpel_invocation_has_generator (MpelInvocation *self);
void            mpel_invocation_return_error_take (MpelInvocation *self,
                                                   GError         *error);
void            mpel_invocation_answer_with (MpelInvocation *self,
                                             GVariant       *returned,
                                             GError         *error);
void            mpel_invocation_settle (MpelInvocation *self,
                                        GVariant       *results,
                                        GError         *error);

G_END_DECLS
