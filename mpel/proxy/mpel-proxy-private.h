/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-event-private.h"
#include "mpel-proxy-outline-private.h"
#include "mpel-proxy.h"
#include "mpel-remote-private.h"
#include "mpel-waiters-private.h"

G_BEGIN_DECLS

/* A property of one proxy, the pair of one of its outline. @value is what the property shows here as
 * far as it came from the worker, or was sent there. While writes are under way what the worker tells
 * is only noted in @told; once the last is answered, @told is shown. */
typedef struct
{
  GVariant  *value;       /* (owned) (nullable) */
  GVariant  *told;        /* (owned) (nullable) */
  GVariant  *local;       /* (owned) (nullable) of a run-time type: the property itself */
  GVariant  *instead;     /* (owned) (nullable) shows here for @value, and is no write when it is notified */
  MpelEvent *last_write;  /* (unowned) (nullable) while it is under way */
  guint      n_pending;   /* writes that are not answered */
  gboolean   is_remote;   /* the worker has told of it: it has such a property */
  gboolean   is_due;      /* @value came from the worker, and is to be shown */
  gboolean   is_applying; /* the next notification is not of a local write */
} MpelProxyMirror;

/* What the events that a proxy adds for itself know of it. They outlive it; then @proxy is NULL. */
#define MPEL_TYPE_PROXY_TIE (mpel_proxy_tie_get_type ())
G_DECLARE_FINAL_TYPE (MpelProxyTie, mpel_proxy_tie, MPEL, PROXY_TIE, GObject)

struct _MpelProxyTie
{
  GObject parent_instance;

  MpelProxy *proxy; /* (unowned) (nullable) */
};

/* CREATING → READY → LOST or GONE, where READY may be left out; both ends are final. @error is set
 * exactly in LOST and GONE; the remote is observed exactly in CREATING and READY. All in the loop's
 * context. In several files: the object (mpel-proxy.c, …-properties.c), what its class declares
 * (…-outline.c), the life of its picture (…-life.c), news from the worker (…-observer.c), writes
 * (…-mirror.c), methods (…-call.c), other ways to make one (…-new.c), and which type it has then
 * (…-type.c, …-runtime.c). */
typedef struct
{
  MpelEventLoop *loop;              /* (owned) constant */
  char          *remote_class;      /* (owned) (nullable) constant */
  char          *variable;          /* (owned) (nullable) constant */
  guint64        remote_id;         /* that it was made for; or 0 */
  char         **getters;           /* (owned) (nullable) constant */
  GVariant      *remote_properties; /* (owned) (nullable) constant */

  const MpelProxyOutline *outline;       /* set in constructed(), like all below */
  MpelProxyMirror        *mirrors;       /* (owned) as many as the outline has properties */
  GHashTable             *getter_values; /* (owned) name → (owned) GVariant */
  MpelRemote             *remote;        /* (owned) (nullable) until it is finalized; from the start if it was handed over */
  MpelProxyTie           *tie;           /* (owned) */
  MpelWaiters            *waiters;       /* (owned) until it is ready */
  MpelProxyState          state;
  GError                 *error; /* (owned) (nullable) */
} MpelProxyPrivate;

MpelProxyPrivate *mpel_proxy_get_private (MpelProxy *self);

/* Properties. */
void mpel_proxy_install_properties (GObjectClass *object_class);
void mpel_proxy_tell_state (MpelProxy *self);
void mpel_proxy_tell_identity (MpelProxy *self);

/* Signals. */
void mpel_proxy_install_signals (MpelProxyClass *klass);
void mpel_proxy_emit_getter_changed (MpelProxy  *self,
                                     const char *name,
                                     GVariant   *value);
void mpel_proxy_emit_remote_signal (MpelProxy  *self,
                                    const char *name,
                                    GVariant   *params);
void mpel_proxy_emit_write_failed (MpelProxy    *self,
                                   const char   *name,
                                   const GError *error);

/* Life. */
void     mpel_proxy_begin (MpelProxy *self);
void     mpel_proxy_end (MpelProxy     *self,
                         MpelProxyState state,
                         const GError  *error);
void     mpel_proxy_let_go (MpelProxy *self);
gboolean mpel_proxy_is_open (MpelProxy *self);
gboolean mpel_proxy_check_open (MpelProxy *self,
                                GError   **error);
void     mpel_proxy_wait (MpelProxy *self,
                          GTask     *task);
void     mpel_proxy_return_made (MpelProxy *self,
                                 GTask     *task);
/* What becomes of an object, if the event that asked for it fails; NULL: it could not be added. */
MpelProxyState mpel_proxy_choose_end (MpelEvent    *event,
                                      const GError *error);
/* Adds an event that no handler hears of; @object is what the hook is given. */
gboolean mpel_proxy_add_hidden (MpelEventLoop  *loop,
                                MpelEvent      *event,
                                MpelEndHookFunc func,
                                gpointer        object,
                                GError        **error);

/* Observer. */
void       mpel_proxy_observe (MpelProxy *self);
void       mpel_proxy_unobserve (MpelProxy *self);
MpelProxy *mpel_proxy_find (MpelRemote *remote);
void       mpel_proxy_take_getter (MpelProxy  *self,
                                   const char *name,
                                   GVariant   *value);

/* Mirror. */
MpelProxyMirror *mpel_proxy_get_mirror (MpelProxy  *self,
                                        const char *name);
void             mpel_proxy_note_local (MpelProxy  *self,
                                        GParamSpec *pspec);
gboolean         mpel_proxy_take_change (MpelProxy  *self,
                                         const char *name,
                                         GVariant   *value,
                                         GError    **error);
void             mpel_proxy_show_change (MpelProxy  *self,
                                         const char *name);
gboolean         mpel_proxy_check_values (MpelProxy *self,
                                          GVariant  *values,
                                          GError   **error);
void             mpel_proxy_take_values (MpelProxy *self,
                                         GVariant  *values);
void             mpel_proxy_end_applying (MpelProxy *self);
void             mpel_proxy_clear_mirrors (MpelProxy *self);

/* New: in order to make a proxy of what is known already. */
MpelRemote *mpel_proxy_take_handover (void);
MpelProxy  *mpel_proxy_new_for_remote (MpelRemote *remote,
                                       GType       type,
                                       GVariant   *state);
const char *mpel_proxy_get_registered_class (GType type);

/* Type. */
GType mpel_proxy_type_choose (MpelEventLoop *loop,
                              const char    *class_name);
GType mpel_proxy_runtime_get_type (const char *class_name,
                                   GVariant   *description);

G_END_DECLS
