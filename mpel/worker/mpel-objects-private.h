/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-classes-private.h"
#include "mpel-reporter-private.h"

G_BEGIN_DECLS

/* The objects that the host knows of, by their ids. Main thread only, but for references. */
typedef struct _MpelObjects MpelObjects;

MpelObjects *mpel_objects_new (MpelClasses  *classes,
                               MpelReporter *reporter);
MpelObjects *mpel_objects_ref (MpelObjects *self);
void         mpel_objects_unref (MpelObjects *self);
void         mpel_objects_close (MpelObjects *self);
/* Both: closes it and drops the reference. */
void          mpel_objects_free (MpelObjects *self);
MpelReporter *mpel_objects_get_reporter (MpelObjects *self);
MpelClasses  *mpel_objects_get_classes (MpelObjects *self);

/* Hears of all objects that are known, also of those that are already. @object: NULL: it is not any
 * more. In place of another @func; NULL: nobody hears it. */
typedef void (*MpelObjectFunc) (guint64  id,
                                GObject *object,
                                gpointer user_data);
void mpel_objects_set_func (MpelObjects   *self,
                            MpelObjectFunc func,
                            gpointer       user_data);

/* What the host asks for. A creation that fails is remembered, and fails who uses the object. */
gboolean mpel_objects_create (MpelObjects *self,
                              guint64      id,
                              const char  *class_name,
                              GVariant    *state,
                              GError     **error);
void     mpel_objects_release (MpelObjects *self,
                               guint64      id,
                               guint        n_mentions);
GObject *mpel_objects_lookup (MpelObjects *self,
                              guint64      id,
                              GError     **error);

/* Makes @object known to the host under an id, once more; its class is described first. An object
 * stays as long as it has mentions that were not released, or is held. */
guint64 mpel_objects_mention (MpelObjects *self,
                              GObject     *object);
/* The mention did not reach the host. */
void mpel_objects_unmention (MpelObjects *self,
                             guint64      id);
/* Likewise known, for as long as a list has it; without being mentioned. */
guint64     mpel_objects_hold (MpelObjects *self,
                               GObject     *object);
void        mpel_objects_unhold (MpelObjects *self,
                                 guint64      id);
const char *mpel_objects_get_class_name (MpelObjects *self,
                                         GObject     *object);

/* Whether or not the host has heard of it: it is told now. */
gboolean mpel_objects_describe (MpelObjects *self,
                                const char  *class_name,
                                GError     **error);

/* All of what can be read, a{sv}. */
GVariant *mpel_objects_get_state (MpelObjects *self,
                                  GObject     *object);

/* What the host hears of an object that is held, or of a list, until it is released. */
GVariant *mpel_objects_watch (MpelObjects       *self,
                              guint64            id,
                              const char *const *properties,
                              const char *const *getters,
                              const char *const *signal_names);
void      mpel_objects_read_getters (MpelObjects *self,
                                     GObject     *object);
gboolean  mpel_objects_watch_list (MpelObjects *self,
                                   GListModel  *list,
                                   guint64      id,
                                   GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelObjects, mpel_objects_free)

G_END_DECLS
