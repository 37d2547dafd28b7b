/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event.h"
#include "mpel-failure-private.h"

G_BEGIN_DECLS

/* Told once, behind the handlers, how the event has ended: a handler may have added it again. */
typedef void (*MpelEndHookFunc) (MpelEvent    *event,
                                 GVariant     *results,
                                 const GError *error,
                                 gpointer      user_data);

/* What the loop keeps of an event while it is pending; nobody else touches it. */
typedef struct
{
  guint64   id;         /* on the wire, of this worker */
  guint64   serial;     /* in the loop */
  gsize     wire_size;  /* bytes it took there */
  GVariant *properties; /* (owned) (nullable) of a class event: its state when it was added */
  gboolean  is_added;   /* a loop has it, until it is delivered */
  gboolean  has_output; /* as it was when it was added */
  GList     link;       /* in the loop's queue, or in the list of ended ones */
} MpelEventTicket;

/* NEW → QUEUED → SENT → one of the ends → QUEUED …; QUEUED may also end directly.
 * @results is set exactly in DONE with output; @failure exactly in FAILED, CANCELLED, LOST. */
typedef struct
{
  char     *target;    /* (owned) (nullable) */
  GVariant *args;      /* (owned) (nullable) */
  GVariant *kwargs;    /* (owned) (nullable) */
  char     *event_key; /* (owned) (nullable) */
  gboolean  has_output;

  MpelEventState  state;
  GVariant       *results;   /* (owned) (nullable) */
  MpelFailure    *failure;   /* (owned) (nullable) */
  GSList         *end_hooks; /* (owned) of (owned) EndHook, newest first */
  MpelEventTicket ticket;
} MpelEventPrivate;

MpelEventPrivate *mpel_event_get_private (MpelEvent *self);
gboolean          mpel_event_is_open (MpelEvent *self);
gboolean          mpel_event_is_class_event (MpelEvent *self);
gboolean          mpel_event_check (MpelEvent *self,
                                    GError   **error);
gboolean          mpel_event_prepare (MpelEvent *self,
                                      GError   **error);

/* The only ways to move on. An end that comes second is ignored. */
void     mpel_event_become_queued (MpelEvent *self);
void     mpel_event_become_sent (MpelEvent *self);
gboolean mpel_event_end_done (MpelEvent *self,
                              GVariant  *results);
gboolean mpel_event_end_failed (MpelEvent     *self,
                                MpelEventState state,
                                MpelFailure   *failure);
gboolean mpel_event_end_error (MpelEvent     *self,
                               MpelEventState state,
                               const GError  *error);

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

/* Notifications, which only the object itself can give. */
void mpel_event_tell_state (MpelEvent *self);
void mpel_event_tell_results (MpelEvent *self);

G_END_DECLS
