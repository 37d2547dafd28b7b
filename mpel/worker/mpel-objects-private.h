/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-classes-private.h"
#include "mpel-reporter-private.h"

G_BEGIN_DECLS

/* The objects that the host knows of, by their ids, and the named variables. Main thread only. */
typedef struct _MpelObjects MpelObjects;

MpelObjects *mpel_objects_new (MpelClasses  *classes,
                               MpelReporter *reporter);
void         mpel_objects_free (MpelObjects *self);

/* What the host asks for. A creation that fails is remembered, and fails who uses the object. */
void     mpel_objects_create (MpelObjects *self,
                              guint64      id,
                              const char  *class_name,
                              GVariant    *state);
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

/* All of what can be read, a{sv}. */
GVariant *mpel_objects_get_state (MpelObjects *self,
                                  GObject     *object);

/* Named variables: an object or a value. */
void      mpel_objects_set_variable (MpelObjects *self,
                                     const char  *name,
                                     GObject     *object,
                                     GVariant    *value);
GObject  *mpel_objects_get_variable (MpelObjects *self,
                                     const char  *name);
GVariant *mpel_objects_get_variable_value (MpelObjects *self,
                                           const char  *name);

G_END_DECLS
