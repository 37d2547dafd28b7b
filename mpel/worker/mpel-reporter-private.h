/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-changes-private.h"
#include "mpel-outbox-private.h"
#include "mpel-tellers-private.h"
#include "mpel-transit-private.h"

G_BEGIN_DECLS

/* What objects of the worker have to tell, in the order of the stream. Only so much of it may be on
 * its way (MPEL_CHANGE_WINDOW). Beyond that, changes of a property wait, and of those of one property
 * only the last counts; who emits a signal waits. Safe from any thread. */
typedef struct _MpelReporter MpelReporter;

/* To be made and closed on the main thread, where it is called before anything of an event goes out. */
MpelReporter *mpel_reporter_new (MpelOutbox *outbox);
MpelReporter *mpel_reporter_ref (MpelReporter *self);
void          mpel_reporter_unref (MpelReporter *self);
void          mpel_reporter_close (MpelReporter *self);

/* What waits goes out before anything that the host must hear behind it. On the main thread. */
void mpel_reporter_catch_up (MpelReporter *self);
/* Around an answer that says what a value is now. Between them nothing that waits goes before it,
 * since it might be newer. On the main thread. */
void mpel_reporter_hold (MpelReporter *self);
void mpel_reporter_let_go (MpelReporter *self);

/* The calling thread is the one that brings acknowledgements: it never waits for one. */
void mpel_reporter_spare_thread (MpelReporter *self);
/* The host has taken some; in GDBus's thread. */
void mpel_reporter_acknowledge (MpelReporter *self,
                                guint         n);

/* A property has changed. It is read at once if this is the main thread and there is room, otherwise
 * when there is, once for all its changes till then. @name is interned. @source is held until it was
 * read or forgotten. */
void mpel_reporter_note_changed (MpelReporter *self,
                                 guint64       id,
                                 const char   *name,
                                 MpelReadFunc  read,
                                 GObject      *source);
void mpel_reporter_forget (MpelReporter *self,
                           guint64       id);

/* A value that is told at once, room or not. On the main thread. FALSE with an error: it cannot be
 * carried, and the host is told nothing. */
gboolean mpel_reporter_add_changed (MpelReporter *self,
                                    guint64       id,
                                    const char   *name,
                                    gboolean      is_getter,
                                    GVariant     *value,
                                    GError      **error);
/* These wait for room. */
gboolean mpel_reporter_add_signal (MpelReporter *self,
                                   guint64       id,
                                   const char   *name,
                                   GVariant     *params,
                                   GError      **error);
void     mpel_reporter_add_items (MpelReporter *self,
                                  guint64       id,
                                  GVariant     *items);
/* Room or not. */
void mpel_reporter_add_class (MpelReporter *self,
                              const char   *name,
                              GVariant     *description);

/* Somebody who has news of his own is asked for them once: before anything that the host must hear
 * behind them, or when there is room. All of it on the main thread. */
void     mpel_reporter_add_teller (MpelReporter *self,
                                   MpelTellFunc  tell,
                                   gpointer      teller);
void     mpel_reporter_remove_teller (MpelReporter *self,
                                      gpointer      teller);
gboolean mpel_reporter_has_room (MpelReporter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelReporter, mpel_reporter_unref)

G_END_DECLS
