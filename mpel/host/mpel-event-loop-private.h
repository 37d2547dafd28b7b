/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-delivery-private.h"
#include "mpel-event-loop.h"
#include "mpel-event-private.h"
#include "mpel-handlers-private.h"
#include "mpel-session-private.h"
#include "mpel-waiters-private.h"

G_BEGIN_DECLS

/* An event loop in five files: the object and its signals (mpel-event-loop.c), its properties
 * (…-properties.c), the way of an event through it (…-queue.c), starting and ending (…-life.c), and
 * the verbs that wait (…-wait.c).
 *
 * The state is not kept but follows from what is there:
 *   no @session: IDLE, or CLOSED with @closed;
 *   @session: STARTING or READY as it says, STOPPING once it leaves or @stopping or @closed.
 * While events are pending the loop holds a reference on itself, so that each of them ends. */
typedef struct
{
  GMainContext *context; /* (owned) set in init, constant; all below belongs to it */
  GThread      *thread;  /* (unowned) the one that made it, constant */

  char         *name;     /* (owned) (nullable) */
  MpelLauncher *launcher; /* (owned) */
  gboolean      has_results;
  MpelDelivery *delivery;  /* (owned) */
  GSource      *fill_wake; /* (owned) sends what was added in this turn */
  gboolean      will_fill; /* it is awake */
  MpelHandlers *handlers;  /* (owned) */

  MpelSession *session;      /* (owned) (nullable) the worker there is now */
  gboolean     stopping;     /* the worker is to leave when all is delivered */
  gboolean     will_restart; /* somebody wants a worker although this one leaves */
  gboolean     closed;
  GError      *start_failure; /* (owned) (nullable) not told yet; until then nothing is started */

  guint64            last_serial;    /* of the events, as they were added */
  GQueue             queue;          /* of (owned) MpelEvent, by their tickets: not sent yet */
  GQueue             ended;          /* of (owned) MpelEvent, by their tickets: ended here, not delivered yet */
  guint              n_pending;      /* added and not delivered, wherever they are */
  guint              told_n_pending; /* what was notified last */
  MpelEventLoopState told_state;
  gboolean           told_running;
  int                told_pid;

  MpelWaiters *starts; /* (owned) until the worker is ready */
  MpelWaiters *waits;  /* (owned) until nothing is pending */
  MpelWaiters *runs;   /* (owned) until certain events have ended */
  MpelWaiters *stops;  /* (owned) until the worker is gone */
} MpelEventLoopPrivate;

MpelEventLoopPrivate *mpel_event_loop_get_private (MpelEventLoop *self);

/* Properties. */
void mpel_event_loop_install_properties (GObjectClass *object_class);
void mpel_event_loop_tell_changes (MpelEventLoop *self);

/* Object. */
void mpel_event_loop_emit_event_done (MpelEventLoop *self,
                                      MpelEvent     *event);
void mpel_event_loop_emit_worker_started (MpelEventLoop *self);
void mpel_event_loop_emit_worker_exited (MpelEventLoop *self,
                                         int            pid,
                                         const GError  *reason);

/* Queue. */
gboolean mpel_event_loop_deliver_one (GObject *object);
void     mpel_event_loop_fill (MpelEventLoop *self);
void     mpel_event_loop_end_here (MpelEventLoop *self,
                                   MpelEvent     *event);
void     mpel_event_loop_end_sent (MpelEventLoop *self,
                                   MpelSession   *session,
                                   MpelEventState state,
                                   const GError  *error);
void     mpel_event_loop_end_queued (MpelEventLoop *self,
                                     guint64        last,
                                     MpelEventState state,
                                     const GError  *error);
void     mpel_event_loop_forget_pending (MpelEventLoop *self);

/* Life. */
gboolean mpel_event_loop_check_open (MpelEventLoop *self,
                                     GError       **error);
gboolean mpel_event_loop_ensure_worker (MpelEventLoop *self,
                                        GError       **error);
void     mpel_event_loop_tell_start_failure (MpelEventLoop *self);
gboolean mpel_event_loop_check_milestones (gpointer user_data);

/* Wait: what the asynchronous verbs and their blocking twins share. */
GTask   *mpel_event_loop_new_task (MpelEventLoop      *self,
                                   gpointer            tag,
                                   const char         *name,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean mpel_event_loop_finish (MpelEventLoop *self,
                                 GAsyncResult  *result,
                                 gpointer       tag,
                                 GError       **error);
gboolean mpel_event_loop_check_thread (MpelEventLoop *self,
                                       GError       **error);
void     mpel_event_loop_keep_result_cb (GObject      *source,
                                         GAsyncResult *result,
                                         gpointer      user_data);
void     mpel_event_loop_iterate_until (MpelEventLoop *self,
                                        GAsyncResult **result);

/* For tests and the benchmark: what travels beside the stream. */
GDBusConnection *mpel_event_loop_get_connection (MpelEventLoop *self);

G_END_DECLS
