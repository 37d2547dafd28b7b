/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-alarms-private.h"
#include "mpel-event.h"
#include "mpel-failure-private.h"

G_BEGIN_DECLS

/* Told once, behind the handlers, how the event has ended: a handler may have added it again. */
typedef void (*MpelEndHookFunc) (MpelEvent    *event,
                                 GVariant     *results,
                                 const GError *error,
                                 gpointer      user_data);

typedef struct _MpelEventLoop MpelEventLoop;
typedef struct _MpelQueue     MpelQueue;
typedef struct _MpelRemote    MpelRemote;
typedef struct _MpelSession   MpelSession;

/* What the loop keeps of an event while it is pending; nobody else touches it. */
typedef struct
{
  MpelEventLoop *loop;       /* (unowned) (nullable) exactly while a loop has it, until it is delivered */
  guint64        serial;     /* in the loop */
  int            priority;   /* as it was when it was added */
  guint          n_retries;  /* that are left */
  gboolean       is_suspect; /* a worker crashed that had it */
  GVariant      *properties; /* (owned) (nullable) of a class event: its state when it was added */
  MpelRemote    *remote;     /* (owned) (nullable) whose method it is */
  GVariant      *renewed;    /* (owned) (nullable) its state, to be sent again */
  GPtrArray     *mentioned;  /* (owned) (nullable) of (owned) MpelRemote: what its handles stand for */
  MpelRemote    *beside;     /* (owned) (nullable) what must live in the same worker */
  gboolean       has_output; /* as it was when it was added */
  gboolean       is_pulled;  /* likewise */
  GList          link;       /* in a queue, or in the loop's list of ended ones */
  MpelQueue     *queue;      /* (unowned) (nullable) that it is in */

  MpelSession *session;   /* (unowned) (nullable) exactly in SENT */
  guint64      id;        /* on the wire, of this worker */
  gsize        wire_size; /* bytes it took there */

  GError   *stop_error;   /* (owned) (nullable) set once it was asked to end: cancelled, or timed out */
  MpelAlarm alarm;        /* its deadline; once it was asked to end, the end of our patience */
  GSource  *cancel_watch; /* (owned) (nullable) of its cancellable */
  guint     n_open;       /* yields that came and were not acknowledged */
  guint     n_taken;      /* those of them that the consumer has taken */
  gboolean  is_overdue;   /* it has not ended within the grace: its worker is to be killed */
  gboolean  is_owed;      /* it is in the session's @owing: acknowledged when the slice is over */
} MpelEventTicket;

typedef struct _MpelEventStream MpelEventStream;

/* NEW → QUEUED → SENT → one of the ends → QUEUED …; QUEUED may also end directly. SENT goes back to
 * QUEUED when the worker surely has not begun, or is lost and the event may be tried again.
 * @results is set exactly in DONE with output; @failure exactly in FAILED, CANCELLED, LOST. */
typedef struct
{
  char         *target;    /* (owned) (nullable) */
  GVariant     *args;      /* (owned) (nullable) */
  GVariant     *kwargs;    /* (owned) (nullable) */
  char         *event_key; /* (owned) (nullable) */
  gboolean      has_output;
  int           priority;
  int           timeout; /* ms; 0: none, -1: the loop's */
  guint         max_retries;
  GCancellable *cancellable; /* (owned) (nullable) */
  gboolean      pull;
  GObject      *object;   /* (owned) (nullable) */
  char         *variable; /* (owned) (nullable) */
  gboolean      cache;
  gboolean      re_register;
  gboolean      save_variables;
  GPtrArray    *objects;    /* (owned) (nullable) of (owned) GObject, by their handles */
  MpelRemote   *remote;     /* (owned) (nullable) in place of an object */
  MpelRemote   *beside;     /* (owned) (nullable) */
  gboolean      is_builtin; /* it may name what is built in */
  gboolean      is_hidden;  /* no handler hears of it */

  MpelEventState   state;
  double           progress;
  char            *progress_message; /* (owned) (nullable) */
  GVariant        *results;          /* (owned) (nullable) */
  GPtrArray       *result_remotes;   /* (owned) (nullable) of (owned) MpelRemote: what handles in them stand for */
  MpelFailure     *failure;          /* (owned) (nullable) */
  GSList          *end_hooks;        /* (owned) of (owned) EndHook, newest first */
  MpelEventStream *stream;           /* (owned) (nullable) set by the first need */
  MpelEventTicket  ticket;
} MpelEventPrivate;

MpelEventPrivate *mpel_event_get_private (MpelEvent *self);
gboolean          mpel_event_is_added (MpelEvent *self);
gboolean          mpel_event_is_open (MpelEvent *self);
gboolean          mpel_event_is_class_event (MpelEvent *self);
const char       *mpel_event_describe (MpelEvent *self);
gboolean          mpel_event_check (MpelEvent *self,
                                    GError   **error);
gboolean          mpel_event_prepare (MpelEvent *self,
                                      GError   **error);

/* What it says of objects, and what a loop makes of that while it has it. */
gboolean mpel_event_check_objects (MpelEvent *self,
                                   GError   **error);
gboolean mpel_event_ticket_has_objects (const MpelEventTicket *ticket);
void     mpel_event_ticket_clear_objects (MpelEventTicket *ticket);
void     mpel_event_clear_objects (MpelEvent *self);

/* The only ways to move on. An end that comes second is ignored. */
void     mpel_event_become_sent (MpelEvent *self);
void     mpel_event_become_queued (MpelEvent *self);
void     mpel_event_set_progress (MpelEvent  *self,
                                  double      fraction,
                                  const char *message);
gboolean mpel_event_end_done (MpelEvent *self,
                              GVariant  *results);
gboolean mpel_event_end_failed (MpelEvent     *self,
                                MpelEventState state,
                                MpelFailure   *failure);
gboolean mpel_event_end_error (MpelEvent     *self,
                               MpelEventState state,
                               const GError  *error);
gboolean mpel_event_end_stopped (MpelEvent *self);

/* A hook holds a reference on its object, which it is removed by. */
void mpel_event_add_end_hook (MpelEvent      *self,
                              MpelEndHookFunc func,
                              gpointer        object);
void mpel_event_remove_end_hook (MpelEvent *self,
                                 gpointer   object);
void mpel_event_clear_end_hooks (MpelEvent *self);

/* An end as it was, for those who hook on it. NULL when there are none. */
typedef struct _MpelEventEnd MpelEventEnd;

MpelEventEnd *mpel_event_steal_end (MpelEvent *self);
void          mpel_event_end_tell (MpelEventEnd *end,
                                   MpelEvent    *event);

/* Values that came and wait to be asked for. */
void     mpel_event_stream_reset (MpelEvent *self);
void     mpel_event_stream_keep (MpelEvent *self,
                                 GVariant  *value);
GTask   *mpel_event_stream_end (MpelEvent *self);
gboolean mpel_event_stream_take (MpelEvent *self, GVariant **value, GError **error);
void     mpel_event_stream_ended_cb (MpelEvent    *self,
                                     GVariant     *results,
                                     const GError *error,
                                     gpointer      task);
void     mpel_event_stream_free (MpelEvent *self);

/* Properties, and notifications that only the object itself can give. */
void mpel_event_install_properties (GObjectClass *object_class);
void mpel_event_tell_state (MpelEvent *self);
void mpel_event_tell_results (MpelEvent *self);
void mpel_event_tell_progress (MpelEvent *self);
void mpel_event_tell_progress_message (MpelEvent *self);

G_END_DECLS
