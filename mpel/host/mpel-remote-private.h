/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event-loop.h"

G_BEGIN_DECLS

typedef struct _MpelRemote  MpelRemote;
typedef struct _MpelSession MpelSession;

/* What the worker says of an object, told in its order among the ends of events, always in the loop's
 * context. FALSE with an error: the worker sent what makes no sense, and will be ended for it. The
 * names live no longer than the call. */
typedef struct
{
  gboolean (*changed) (MpelRemote *remote,
                       const char *name,
                       gboolean    is_getter,
                       GVariant   *value,
                       gpointer    observer,
                       GError    **error);
  gboolean (*signalled) (MpelRemote *remote,
                         const char *name,
                         GVariant   *params,
                         gpointer    observer,
                         GError    **error);
  gboolean (*spliced) (MpelRemote *remote,
                       GVariant   *items,
                       gpointer    observer,
                       GError    **error);
  /* Its worker is gone, and the object with it. @reason: NULL after an orderly end. */
  void (*lost) (MpelRemote   *remote,
                const GError *reason,
                gpointer      observer);
} MpelRemoteObserver;

/* How the host holds an object that lives in a worker. Held by the loop's table while the host's
 * object of which it is a copy lives, by a proxy, by the events that mention it, and by those whose
 * results do. When the last of them lets go, the worker is told.
 *
 * @home is set while a worker has the object. One that is a copy of a host's object is made anew in
 * another worker when that is needed; any other is lost with its home, and stays lost. */
struct _MpelRemote
{
  grefcount      ref_count;
  MpelEventLoop *loop;       /* (unowned) (nullable) a weak pointer */
  guint64        id;         /* 0: known by its variable only */
  char          *variable;   /* (owned) (nullable) */
  char          *class_name; /* (owned) (nullable) in the worker */
  GObject       *original;   /* (unowned) (nullable) while the host's object lives */
  GVariant      *state;      /* (owned) (nullable) what it is made of, until it is made */
  MpelSession   *home;       /* (unowned) (nullable) */
  guint          n_mentions; /* that came from @home */
  gboolean       is_lost;

  const MpelRemoteObserver *observer; /* (nullable) */
  gpointer                  observer_data;
};

MpelRemote *mpel_remote_new (MpelEventLoop *loop,
                             const char    *class_name,
                             GVariant      *state);
MpelRemote *mpel_remote_new_for_original (MpelEventLoop *loop,
                                          GObject       *original);
MpelRemote *mpel_remote_new_for_variable (MpelEventLoop *loop,
                                          const char    *variable);
/* One that the worker has told of already, or has not told of yet: to be watched. */
MpelRemote *mpel_remote_new_for_id (MpelEventLoop *loop,
                                    MpelSession   *home,
                                    guint64        id,
                                    const char    *class_name);
MpelRemote *mpel_remote_ref (MpelRemote *self);
void        mpel_remote_unref (MpelRemote *self);
void        mpel_remote_set_observer (MpelRemote               *self,
                                      const MpelRemoteObserver *observer,
                                      gpointer                  observer_data);

/* A proxy is found by the events that mention it through this. It is no reference on either. */
void        mpel_remote_attach (MpelRemote *self,
                                GObject    *proxy);
MpelRemote *mpel_remote_find (GObject *proxy);

/* How the class of an object was described by the worker, MPEL_CLASS_VARIANT_TYPE, or NULL. */
GVariant *mpel_event_loop_get_class (MpelEventLoop *loop,
                                     const char    *class_name);

/* An event for the library's own use: no handler hears of it, and it may name what is built in. It
 * is added even if the loop is full. */
MpelEvent  *mpel_event_new_hidden (MpelRemote *remote,
                                   const char *target,
                                   GVariant   *args);
MpelRemote *mpel_event_get_result_remote (MpelEvent *self,
                                          int        handle);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelRemote, mpel_remote_unref)

G_END_DECLS
