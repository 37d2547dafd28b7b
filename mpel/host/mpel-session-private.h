/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event-private.h"
#include "mpel-launcher.h"

G_BEGIN_DECLS

/* The host's side of one worker, from its start to its end. A new worker means a new session. */
#define MPEL_TYPE_SESSION (mpel_session_get_type ())
G_DECLARE_FINAL_TYPE (MpelSession, mpel_session, MPEL, SESSION, GObject)

/* How a session speaks to its loop, always in the loop's context. */
typedef struct
{
  /* The worker said hello. */
  void (*ready) (gpointer loop);
  /* The worker can take more events. */
  void (*room) (gpointer loop);
  /* The process is gone and all it said is read. @reason: NULL after an orderly end. */
  void (*gone) (const GError *reason,
                gpointer      loop);
  /* Ended an event without the worker, since it cannot be sent. (transfer full) */
  void (*refused) (MpelEvent *event,
                   gpointer   loop);
} MpelSessionCalls;

MpelSession     *mpel_session_new (GSource                *wake,
                                   const MpelSessionCalls *calls,
                                   gpointer                loop);
gboolean         mpel_session_start (MpelSession  *self,
                                     MpelLauncher *launcher,
                                     GError      **error);
void             mpel_session_leave (MpelSession *self);
void             mpel_session_terminate (MpelSession *self);
void             mpel_session_abandon (MpelSession *self);
gboolean         mpel_session_is_ready (MpelSession *self);
gboolean         mpel_session_is_hungry (MpelSession *self);
gboolean         mpel_session_is_leaving (MpelSession *self);
int              mpel_session_get_pid (MpelSession *self);
GDBusConnection *mpel_session_get_connection (MpelSession *self);
void             mpel_session_fill (MpelSession *self,
                                    GQueue      *queue,
                                    gboolean     has_results);
MpelEvent       *mpel_session_next_end (MpelSession *self);
void             mpel_session_forget (MpelSession *self,
                                      MpelEvent   *event);
GPtrArray       *mpel_session_steal_sent (MpelSession *self);

G_END_DECLS
