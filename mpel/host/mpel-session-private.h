/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-batch-private.h"
#include "mpel-event-private.h"
#include "mpel-launcher.h"
#include "mpel-link-private.h"
#include "mpel-queue-private.h"
#include "mpel-remote-private.h"
#include "mpel-supervisor-private.h"
#include "mpel-window-private.h"

G_BEGIN_DECLS

/* As long as the events ahead should take: a worker that has taken none of them is slower. */
#define MPEL_SLOW_US 2000

/* The host's side of one worker, from its start to its end. A new worker means a new session. */
#define MPEL_TYPE_SESSION (mpel_session_get_type ())
G_DECLARE_FINAL_TYPE (MpelSession, mpel_session, MPEL, SESSION, GObject)

/* How a session speaks to its loop, always in the loop's context. */
typedef struct
{
  /* The worker said hello. */
  void (*ready) (MpelSession *session,
                 gpointer     loop);
  /* The worker can take more events. */
  void (*room) (MpelSession *session,
                gpointer     loop);
  /* The process is gone and all it said is read. @reason: NULL after an orderly end. */
  void (*gone) (MpelSession  *session,
                const GError *reason,
                gpointer      loop);
  /* Events that the worker surely has not begun are the loop's again, in order. */
  void (*returned) (MpelSession *session,
                    GPtrArray   *events,
                    gpointer     loop);
  /* The worker has described a class of objects, MPEL_CLASS_VARIANT_TYPE. */
  void (*described) (MpelSession *session,
                     const char  *class_name,
                     GVariant    *description,
                     gpointer     loop);
  /* It is home to one object less, and something may wait for the next batch. */
  void (*released) (MpelSession *session,
                    gpointer     loop);
} MpelSessionCalls;

/* NEW → STARTING → READY → LEAVING → GONE, where READY and LEAVING may be left out. GONE is told once,
 * when the line is lost, the process has exited and the inbox is read: the three come in any order.
 * @fault is set when the worker is being ended because of something it did; @doom before that,
 * while it may still give events back, or be pardoned. */
typedef enum
{
  MPEL_SESSION_NEW,
  MPEL_SESSION_STARTING,
  MPEL_SESSION_READY,
  MPEL_SESSION_LEAVING,
  MPEL_SESSION_GONE,
} MpelSessionState;

/* What was read from the worker. */
typedef enum
{
  MPEL_NEWS_END,
  MPEL_NEWS_YIELD,
  MPEL_NEWS_PROGRESS,
  MPEL_NEWS_REMOTE,
} MpelNewsKind;

typedef struct
{
  MpelNewsKind kind;
  MpelEvent   *event;  /* (owned) (nullable) but of an object's news */
  GVariant    *value;  /* (owned) (nullable) of a yield */
  MpelRemote  *remote; /* (owned) (nullable) of an object's news */
  MpelRecord   record; /* (owned) likewise */
} MpelNews;

#define MPEL_NEWS_INIT \
  {                    \
    0,                 \
  }

/* In five files: its life (mpel-session.c), the events that go out and come back
 * (mpel-session-events.c), what is urgent (mpel-session-urgent.c), how much there is to do
 * (mpel-session-load.c), and the objects in its worker (mpel-session-objects.c). Nobody else looks
 * inside. */
struct _MpelSession
{
  GObject parent_instance;

  GMainContext           *context; /* (owned) constant; all below belongs to it */
  const MpelSessionCalls *calls;   /* (nullable) NULL once abandoned */
  gpointer                loop;    /* (unowned) */

  MpelSessionState state;
  gboolean         line_lost;
  gboolean         said_hello;     /* the worker did */
  gboolean         does_long_work; /* it knows the records for that */
  gboolean         does_objects;   /* likewise */
  gboolean         is_spare;       /* it is to retire */
  GError          *doom;           /* (owned) (nullable) */
  GError          *fault;          /* (owned) (nullable) */
  MpelSupervisor  *supervisor;     /* (owned) (nullable) */
  MpelLink        *link;           /* (owned) */
  GSource         *timer;          /* (owned) (nullable) of the state it is in */

  MpelBatch   batch;  /* being filled */
  MpelBatch   urgent; /* likewise, for what overtakes */
  MpelWindow  window;
  gboolean    is_stuck;   /* it gave events back, and has taken none since */
  gboolean    is_filling; /* until the window is full, once that is worth it */
  guint64     last_id;
  guint64     recalled_id; /* up to which events were recalled, while there is no answer; or 0 */
  guint64     returned_id; /* up to which they were given back: all of these have begun */
  GHashTable *sent;        /* (owned) id → (owned) MpelEvent */
  GPtrArray  *owing;       /* (owned) of (owned) MpelEvent: with yields to acknowledge */

  MpelQueue   homed;        /* events for objects that live here and nowhere else */
  GHashTable *remotes;      /* (owned) id → (unowned) MpelRemote: those at home here */
  GPtrArray  *others;       /* (owned) of (unowned) MpelRemote: at home here, without an id of their own */
  guint       n_changes;    /* taken and not acknowledged */
  gsize       change_bytes; /* of these */

  gint64  idle_since_us; /* 0: it is not, or nobody has looked yet */
  gint64  reported_us;   /* when it last took an event from its queue, or was given its first */
  guint   n_given;       /* events that it was sent and kept */
  guint   n_ended;
  guint   n_suspects; /* among those in @sent */
  guint   n_looks;    /* for what it gives back, since it was condemned */
  guint64 busy_us;    /* its main thread was, as it says */
};

MpelSession     *mpel_session_new (GSource                *wake,
                                   guint                   min_ahead,
                                   const MpelSessionCalls *calls,
                                   gpointer                loop);
gboolean         mpel_session_start (MpelSession  *self,
                                     MpelLauncher *launcher,
                                     GError      **error);
void             mpel_session_leave (MpelSession *self);
void             mpel_session_terminate (MpelSession *self);
void             mpel_session_abandon (MpelSession *self);
gboolean         mpel_session_is_starting (MpelSession *self);
gboolean         mpel_session_is_ready (MpelSession *self);
gboolean         mpel_session_is_leaving (MpelSession *self);
gboolean         mpel_session_is_live (MpelSession *self);
gboolean         mpel_session_is_condemned (MpelSession *self);
int              mpel_session_get_pid (MpelSession *self);
GDBusConnection *mpel_session_get_connection (MpelSession *self);

/* Load. */
gboolean  mpel_session_is_free (MpelSession *self);
gboolean  mpel_session_is_waiting (MpelSession *self);
gboolean  mpel_session_has_none (MpelSession *self);
gboolean  mpel_session_has_suspect (MpelSession *self);
gboolean  mpel_session_has_less (MpelSession *self,
                                 MpelSession *other);
gboolean  mpel_session_can_take (MpelSession *self);
gboolean  mpel_session_has_waiting (MpelSession *self);
gboolean  mpel_session_should_recall (MpelSession *self,
                                      gint64       now,
                                      gboolean     has_help);
void      mpel_session_retire (MpelSession *self);
gboolean  mpel_session_is_retiring (MpelSession *self);
gboolean  mpel_session_is_worn (MpelSession *self,
                                guint        limit);
gint64    mpel_session_note_idle (MpelSession *self,
                                  gint64       now);
gboolean  mpel_session_was_idle (MpelSession *self,
                                 gint64       now,
                                 gint64       for_us);
GVariant *mpel_session_describe (MpelSession *self);

/* Events. */
gboolean   mpel_session_send (MpelSession *self,
                              MpelEvent   *event);
void       mpel_session_flush (MpelSession *self);
void       mpel_session_hear_load (MpelSession *self);
gboolean   mpel_session_next (MpelSession *self,
                              MpelNews    *news);
GPtrArray *mpel_session_steal_sent (MpelSession *self,
                                    guint64      after,
                                    guint64      up_to);
void       mpel_session_add_sent (MpelSession *self,
                                  GPtrArray   *events);
void       mpel_news_clear (MpelNews *news);

/* Objects. */
MpelRemote *mpel_session_find_remote (MpelSession *self,
                                      guint64      id);
gboolean    mpel_session_is_home (MpelSession *self);
gboolean    mpel_session_is_standing (MpelSession *self);
void        mpel_session_queue_homed (MpelSession *self,
                                      MpelEvent   *event);
MpelEvent  *mpel_session_peek_homed (MpelSession *self);
MpelEvent  *mpel_session_pop_homed (MpelSession *self);
void        mpel_session_add_homed (MpelSession *self,
                                    GPtrArray   *events);
void        mpel_session_move_homed (MpelSession *self,
                                     MpelQueue   *to);
void        mpel_session_house (MpelSession *self,
                                MpelRemote  *remote);
void        mpel_session_release (MpelSession *self,
                                  MpelRemote  *remote);
gboolean    mpel_session_introduce (MpelSession     *self,
                                    MpelEventTicket *ticket,
                                    GError         **error);
void        mpel_session_part (MpelSession     *self,
                               MpelEventTicket *ticket);
GVariant   *mpel_session_wrap (MpelEventTicket *ticket,
                               GVariant        *value);
GVariant   *mpel_session_unwrap (MpelSession *self,
                                 MpelEvent   *event,
                                 GVariant    *value,
                                 GError     **error);
void        mpel_session_take_remote_news (MpelSession *self,
                                           MpelRecord  *record,
                                           MpelNews    *news);
gboolean    mpel_session_take_class (MpelSession *self,
                                     MpelRecord  *record,
                                     GError     **error);
void        mpel_session_lose_remotes (MpelSession  *self,
                                       const GError *reason);
void        mpel_news_tell_remote (MpelNews *news);

/* Urgent. */
void mpel_session_cancel (MpelSession *self,
                          MpelEvent   *event);
void mpel_session_send_urgent (MpelSession *self);
void mpel_session_owe (MpelSession *self,
                       MpelEvent   *event);
void mpel_session_pay (MpelSession *self);
void mpel_session_recall (MpelSession *self);
void mpel_session_condemn (MpelSession *self,
                           MpelEvent   *event,
                           GError      *reason);

/* Between the files. */
void     mpel_session_become_ready (MpelSession *self);
void     mpel_session_accuse (MpelSession *self,
                              GError      *error);
void     mpel_session_check_gone (MpelSession *self);
void     mpel_session_start_timer (MpelSession *self,
                                   guint        timeout_ms,
                                   const char  *static_name,
                                   GSourceFunc  func);
gboolean mpel_session_take_recalled (MpelSession *self,
                                     MpelRecord  *record,
                                     GError     **error);
gboolean mpel_session_refuse (GError    **error,
                              const char *what);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MpelNews, mpel_news_clear)

G_END_DECLS
