/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-alarms-private.h"
#include "mpel-delivery-private.h"
#include "mpel-event-list-private.h"
#include "mpel-event-loop.h"
#include "mpel-event-private.h"
#include "mpel-handlers-private.h"
#include "mpel-queue-private.h"
#include "mpel-remote-private.h"
#include "mpel-session-private.h"
#include "mpel-waiters-private.h"

G_BEGIN_DECLS

/* Long enough for a function that looks now and then, short enough for a person who waits. */
#define MPEL_DEFAULT_CANCEL_GRACE_MS 5000

/* After so many workers that died in a row no other is started ahead of work. */
#define MPEL_MAX_LOSSES 3

/* An event loop in several files: the object and its signals (mpel-event-loop.c, …-signals.c), its properties
 * (…-properties.c, …-accessors.c, …-limits.c), the way of an event through it (…-queue.c, …-call.c,
 * …-room.c), the objects that it mentions (…-objects.c), asking it to end (…-stop.c), the workers
 * (…-workers.c, …-dispatch.c, …-balance.c), starting and ending (…-life.c), and the verbs that wait (…-wait.c).
 *
 * The state is not kept but follows from what is there:
 *   no @sessions: IDLE, or CLOSED with @closed;
 *   @sessions: STARTING or READY as one of them says, STOPPING once all leave or @stopping or @closed.
 * While events are pending the loop holds a reference on itself, so that each of them ends. */
/* A reference-counted box: the function may set another while it runs. */
typedef struct
{
  MpelEndedFunc  func;
  gpointer       user_data;
  GDestroyNotify destroy; /* (nullable) */
} MpelEndedHook;

typedef struct
{
  GMainContext *context; /* (owned) set in init, constant; all below belongs to it */
  GThread      *thread;  /* (unowned) the one that made it, constant */

  char          *name;     /* (owned) (nullable) */
  MpelLauncher  *launcher; /* (owned) */
  gboolean       has_results;
  guint          cancel_grace_ms;
  guint          event_timeout_ms;
  guint          idle_timeout_ms;
  guint          max_pending;
  guint          max_events_per_worker;
  gboolean       prestart;
  MpelEventLoop *consumer;   /* (owned) (nullable) */
  MpelDelivery  *delivery;   /* (owned) */
  GSource       *turn_wake;  /* (owned) brings mpel_event_loop_check_milestones */
  gboolean       will_turn;  /* it is awake */
  MpelAlarms    *alarms;     /* (owned) of the events */
  MpelHandlers  *handlers;   /* (owned) */
  MpelEndedHook *ended_hook; /* (owned) (nullable) */
  guint          n_taking;   /* calls of its function under way, one in another */
  MpelEventList *list;       /* (unowned) (nullable) while somebody looks at it */

  GPtrArray *sessions;    /* (owned) of (owned) MpelSession, oldest first */
  guint      max_workers; /* 1 but in a pool */
  gboolean   is_pool;     /* a worker's loss costs only the events that it had */
  guint      next_reader; /* whose news are read next */
  GSource   *tick;        /* (owned) for idle workers and events in a wrong place */
  gboolean   stopping;    /* the workers are to leave when all is delivered */
  gboolean   closed;
  GError    *start_failure;   /* (owned) (nullable) not told yet; until then nothing is started */
  gint64     no_growth_until; /* some start failed while others work */
  gint64     suspicion_until; /* suspects may wait for others after that */
  gboolean   is_wanted;       /* workers may be started before there is work for them */
  guint      n_losses;        /* workers lost in a row, without an event that ended */

  MpelRealm  *realm;     /* (owned) of the objects; constant */
  GHashTable *cached;    /* (owned) (unowned) GObject → (owned) MpelRemote; it dies with the object */
  GHashTable *classes;   /* (owned) name → (owned) description, as a worker gave it last */
  MpelRemote *variables; /* (owned) (nullable) an anchor: in whose home variables were saved */

  guint64            last_serial;    /* of the events, as they were added */
  MpelQueue          queue;          /* events that are not sent */
  GQueue             ended;          /* of (owned) MpelEvent, by their tickets: ended here, not delivered yet */
  guint              n_pending;      /* added and not delivered, wherever they are */
  gboolean           was_full;       /* until it has drained */
  guint              told_n_pending; /* what was notified last */
  MpelEventLoopState told_state;
  gboolean           told_running;
  gboolean           told_can_add;
  int                told_pid;

  MpelWaiters *starts; /* (owned) until the workers are ready */
  MpelWaiters *waits;  /* (owned) until nothing is pending */
  MpelWaiters *runs;   /* (owned) until certain events have ended */
  MpelWaiters *stops;  /* (owned) until the workers are gone */
  MpelWaiters *rooms;  /* (owned) until there is room for one more event */
} MpelEventLoopPrivate;

MpelEventLoopPrivate *mpel_event_loop_get_private (MpelEventLoop *self);

/* Properties. */
void mpel_event_loop_install_properties (GObjectClass *object_class);
void mpel_event_loop_tell_changes (MpelEventLoop *self);

/* Signals. */
void     mpel_event_loop_install_signals (MpelEventLoopClass *klass);
gboolean mpel_event_loop_real_event_done (MpelEventLoop *self,
                                          MpelEvent     *event);
gboolean mpel_event_loop_is_event_done_heard (MpelEventLoop *self,
                                              MpelEvent     *event);
void     mpel_event_loop_emit_event_done (MpelEventLoop *self,
                                          MpelEvent     *event);
void     mpel_event_loop_emit_event_progress (MpelEventLoop *self,
                                              MpelEvent     *event);
void     mpel_event_loop_emit_event_yield (MpelEventLoop *self,
                                           MpelEvent     *event,
                                           GVariant      *value);
void     mpel_event_loop_emit_drained (MpelEventLoop *self);
void     mpel_event_loop_emit_worker_started (MpelEventLoop *self,
                                              int            pid);
void     mpel_event_loop_emit_worker_exited (MpelEventLoop *self,
                                             int            pid,
                                             const GError  *reason);

/* Calls. */
void mpel_event_loop_start_call (MpelEventLoop  *self,
                                 MpelEvent      *event,
                                 MpelEndHookFunc func,
                                 GTask          *task);
void mpel_event_loop_call_ended_cb (MpelEvent    *event,
                                    GVariant     *results,
                                    const GError *error,
                                    gpointer      task);

/* Queue. */
void       mpel_ended_hook_unref (MpelEndedHook *hook);
gboolean   mpel_event_loop_deliver_one (GObject *object);
void       mpel_event_loop_end_here (MpelEventLoop *self,
                                     MpelEvent     *event);
void       mpel_event_loop_end_queued (MpelEventLoop *self,
                                       guint64        last,
                                       MpelEventState state,
                                       const GError  *error);
GPtrArray *mpel_event_loop_get_all (MpelEventLoopPrivate *priv);
GPtrArray *mpel_event_loop_get_waiting (MpelEventLoopPrivate *priv);
gboolean   mpel_event_loop_has_last (MpelEventLoop *self,
                                     MpelEvent     *event);
gboolean   mpel_event_loop_waits_here (MpelEventLoop *self,
                                       MpelEvent     *event,
                                       guint64        last);
void       mpel_event_loop_forget_pending (MpelEventLoop *self);
void       mpel_event_loop_acknowledge (MpelEventLoop *self,
                                        MpelEvent     *event);

/* Objects. */
MpelRealm  *mpel_event_loop_get_realm (MpelEventLoop *self);
MpelRemote *mpel_event_loop_find_remote (MpelEventLoop *self,
                                         guint64        id);
gboolean    mpel_event_loop_resolve_objects (MpelEventLoop *self,
                                             MpelEvent     *event,
                                             GError       **error);
void        mpel_event_loop_keep_class (MpelEventLoop *self,
                                        const char    *class_name,
                                        GVariant      *description);
guint       mpel_event_loop_count_classes (MpelEventLoop *self);
void        mpel_event_loop_forget_objects (MpelEventLoop *self);
void        mpel_event_loop_forget_original (MpelEventLoop *self,
                                             gpointer       original,
                                             MpelRemote    *remote);

/* Room. */
gboolean mpel_event_loop_check_room (MpelEventLoop *self,
                                     GError       **error);
void     mpel_event_loop_use_room (MpelEventLoop *self);
void     mpel_event_loop_refuse_room (MpelEventLoop *self);

/* Stop: one event. */
void mpel_event_loop_stop_event (MpelEventLoop *self,
                                 MpelEvent     *event,
                                 const GError  *error);
void mpel_event_loop_watch_event (MpelEventLoop *self,
                                  MpelEvent     *event);
void mpel_event_loop_unwatch_event (MpelEventLoop *self,
                                    MpelEvent     *event);
void mpel_event_loop_alarm_cb (gpointer event,
                               gpointer loop);

/* Workers. */
void       mpel_event_loop_fill (MpelEventLoop *self);
gboolean   mpel_event_loop_let_begin (MpelEventLoop *self);
gboolean   mpel_event_loop_send_next (MpelEventLoop *self);
MpelQueue *mpel_event_loop_choose_queue (MpelEventLoopPrivate *priv, MpelEvent *event);
gboolean   mpel_event_loop_ensure_workers (MpelEventLoop *self,
                                           guint          n_wanted,
                                           GError       **error);
void       mpel_event_loop_end_sent (MpelEventLoop *self,
                                     MpelSession   *session,
                                     const GError  *error);
gboolean   mpel_event_loop_has_live_worker (MpelEventLoop *self);
gboolean   mpel_event_loop_has_leaving_worker (MpelEventLoop *self);
gboolean   mpel_event_loop_has_free_worker (MpelEventLoop *self);
void       mpel_event_loop_want_more (MpelEventLoopPrivate *priv);
void       mpel_event_loop_release_starts (MpelEventLoop *self);
void       mpel_event_loop_tell_start_failure (MpelEventLoop *self);

/* Balance. */
void     mpel_event_loop_retire_workers (MpelEventLoop *self);
void     mpel_event_loop_arm_tick (MpelEventLoop *self);
gboolean mpel_event_loop_tick_cb (gpointer loop);

/* Life. */
gboolean mpel_event_loop_check_open (MpelEventLoop *self,
                                     GError       **error);
gboolean mpel_event_loop_check_milestones (gpointer user_data);
void     mpel_event_loop_ask_for_turn (MpelEventLoop *self);
void     mpel_event_loop_call_off_starts (MpelEventLoop *self);

/* Wait: what the asynchronous verbs and their blocking twins share. */
GTask   *mpel_event_loop_new_task_for (MpelEventLoop      *self,
                                       gpointer            source,
                                       gpointer            tag,
                                       const char         *name,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
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
