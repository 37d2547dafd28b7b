/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event-loop.h"
#include "mpel-frame-private.h"

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
  /* All observers have taken a change of a property, and nobody has heard of it: who hears of it now may
   * change another picture of the same object. */
  void (*show) (MpelRemote *remote,
                const char *name,
                gpointer    observer);
} MpelRemoteCalls;

/* What the objects of one loop share, and what is left of the loop for those that outlive it. */
typedef struct
{
  grefcount      ref_count;
  MpelEventLoop *loop; /* (unowned) (nullable) while it lives */
  guint64        last_id;
} MpelRealm;

MpelRealm *mpel_realm_new (MpelEventLoop *loop);
void       mpel_realm_close (MpelRealm *self);

/* How the host holds an object that lives in a worker. Proxies do not look inside. Held by the loop's table while the host's
 * object of which it is a copy lives, by a proxy, by the events that mention it, and by those whose
 * results do. When the last of them lets go, the worker is told.
 *
 * NEW → MADE → LOST: it is @home exactly in MADE. A copy of a host's object goes back from MADE to NEW
 * when its worker is gone, since it can be made anew in another. */
struct _MpelRemote
{
  grefcount    ref_count;
  MpelRealm   *realm;        /* (owned) */
  guint64      id;           /* 0: known by its variable only */
  char        *variable;     /* (owned) (nullable) */
  char        *class_name;   /* (owned) (nullable) in the worker, as far as it is known */
  GObject     *original;     /* (unowned) (nullable) the host's object, while it lives */
  GVariant    *state;        /* (owned) (nullable) what it is made of, until it is made */
  MpelSession *home;         /* (unowned) (nullable) */
  guint        n_mentions;   /* that @home will count until it is released */
  gboolean     is_temporary; /* lives for one event, and is made for each worker that gets that */
  gboolean     is_anchor;    /* nothing is made: what is beside it goes to one worker */
  gboolean     is_list;      /* likewise; the worker tells of items under its id, until it is released */
  gboolean     is_lost;

  GArray *observers; /* (owned) (nullable) of Observer */
  guint   n_telling; /* so deep: observers are being told */
  GSList *proxies;   /* (owned) of (unowned) GObject: see mpel_remote_attach */
};

MpelRemote *mpel_remote_new (MpelEventLoop *loop,
                             const char    *class_name,
                             GVariant      *state);
MpelRemote *mpel_remote_new_for_original (MpelEventLoop *loop,
                                          GObject       *original,
                                          GVariant      *state);
MpelRemote *mpel_remote_new_temporary (MpelEventLoop *loop,
                                       const char    *class_name,
                                       GVariant      *state);
MpelRemote *mpel_remote_new_for_variable (MpelEventLoop *loop,
                                          const char    *variable);
MpelRemote *mpel_remote_new_anchor (MpelEventLoop *loop);
MpelRemote *mpel_remote_new_mentioned (MpelEventLoop *loop,
                                       guint64        id,
                                       const char    *class_name);
/* One that a worker told of in a list, or whose id somebody knows. @beside: (nullable): another of
 * the same worker. */
MpelRemote *mpel_remote_new_for_id (MpelEventLoop *loop,
                                    MpelRemote    *beside,
                                    guint64        id,
                                    const char    *class_name);
/* Under a new id a worker tells of the items of a list; put beside the event that asks for that. */
MpelRemote *mpel_remote_new_for_list (MpelEventLoop *loop);
MpelRemote *mpel_remote_ref (MpelRemote *self);
void        mpel_remote_unref (MpelRemote *self);
/* Any number may observe one; each is known by its @data. */
void mpel_remote_add_observer (MpelRemote            *self,
                               const MpelRemoteCalls *calls,
                               gpointer               data);
void mpel_remote_remove_observer (MpelRemote *self,
                                  gpointer    data);

/* The host's side of that. */
gboolean mpel_remote_is_observed (MpelRemote *self);
gboolean mpel_remote_tell (MpelRemote       *self,
                           const MpelRecord *record,
                           GError          **error);
void     mpel_remote_tell_lost (MpelRemote   *self,
                                const GError *reason);

/* What others may know of it. The loop is NULL once it is gone, and the name of the class until a worker
 * has told it. */
MpelEventLoop *mpel_remote_get_loop (MpelRemote *self);
guint64        mpel_remote_get_id (MpelRemote *self);
const char    *mpel_remote_get_class_name (MpelRemote *self);
gboolean       mpel_remote_is_lost (MpelRemote *self);

/* A proxy is found through this by the events that mention it, and by those who learn of the object
 * again. Several may stand for one object, each for one at a time. It is no reference on either; a proxy
 * detaches itself before it goes. */
void        mpel_remote_attach (MpelRemote *self,
                                GObject    *proxy);
void        mpel_remote_detach (GObject *proxy);
MpelRemote *mpel_remote_find (GObject *proxy);
/* Returns: (transfer none): of (unowned) GObject, those that are attached */
GSList *mpel_remote_get_proxies (MpelRemote *self);

/* How the class of an object was described by a worker, MPEL_CLASS_VARIANT_TYPE, or NULL. */
GVariant *mpel_event_loop_get_class (MpelEventLoop *loop,
                                     const char    *class_name);

/* An event for the library's own use: no handler hears of it, and it may name what is built in. It
 * is added even if the loop is full. @remote: (nullable): whose method it is. */
MpelEvent *mpel_event_new_hidden (MpelRemote *remote,
                                  const char *target,
                                  GVariant   *args);
/* @remote must be at home in the worker that gets the event, which does not mention it. */
void mpel_event_set_beside (MpelEvent  *self,
                            MpelRemote *remote);
/* Is it the last that was added to its loop, and has it not been sent? Then its arguments may be
 * replaced. */
gboolean mpel_event_replace_args (MpelEvent *self,
                                  GVariant  *args);

/* Returns: (transfer none) (nullable): the object that @handle in the results stands for */
MpelRemote *mpel_event_get_result_remote (MpelEvent *self,
                                          int        handle);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelRemote, mpel_remote_unref)

G_END_DECLS
