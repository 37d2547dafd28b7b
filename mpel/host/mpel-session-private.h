/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-batch-private.h"
#include "mpel-event-private.h"
#include "mpel-launcher.h"
#include "mpel-link-private.h"
#include "mpel-supervisor-private.h"
#include "mpel-window-private.h"

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

/* NEW → STARTING → READY → LEAVING → GONE, where STARTING and READY may be left out. GONE is told once, when
 * the line is lost, the process has exited and the inbox is read: the three come in any order.
 * @fault is set when the worker is being ended because of something it did. */
typedef enum
{
  MPEL_SESSION_NEW,
  MPEL_SESSION_STARTING,
  MPEL_SESSION_READY,
  MPEL_SESSION_LEAVING,
  MPEL_SESSION_GONE,
} MpelSessionState;

/* In two files: its life (mpel-session.c), and the events that go out and come back
 * (mpel-session-events.c). */
struct _MpelSession
{
  GObject parent_instance;

  GMainContext           *context; /* (owned) constant; all below belongs to it */
  const MpelSessionCalls *calls;   /* (nullable) NULL once abandoned */
  gpointer                loop;    /* (unowned) */

  MpelSessionState state;
  gboolean         line_lost;
  gboolean         said_hello; /* the worker did */
  GError          *fault;      /* (owned) (nullable) */
  MpelSupervisor  *supervisor; /* (owned) (nullable) */
  MpelLink        *link;       /* (owned) */
  GSource         *timer;      /* (owned) (nullable) the start timeout */

  MpelBatch   batch; /* being filled */
  MpelWindow  window;
  guint64     last_id;
  GHashTable *sent; /* (owned) id → (owned) MpelEvent; NULL: cancelled, the answer is not wanted */
};

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
                                    GQueue      *queue);
MpelEvent       *mpel_session_next_end (MpelSession *self);
void             mpel_session_forget (MpelSession *self,
                                      MpelEvent   *event);
GPtrArray       *mpel_session_steal_sent (MpelSession *self);

/* Between the two files. */
void mpel_session_become_ready (MpelSession *self);
void mpel_session_accuse (MpelSession *self,
                          GError      *error);
void mpel_session_check_gone (MpelSession *self);

G_END_DECLS
