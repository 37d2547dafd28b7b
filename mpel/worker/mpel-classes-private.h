/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-invocation-private.h"
#include "mpel-worker.h"

G_BEGIN_DECLS

/* The classes of objects that hosts may name, and their methods. Main thread only. */
typedef struct _MpelClasses MpelClasses;

MpelClasses *mpel_classes_new (void);
void         mpel_classes_free (MpelClasses *self);

/* @name: (nullable): what hosts call it; NULL for the name of the type */
void        mpel_classes_add (MpelClasses *self,
                              GType        type,
                              const char  *name);
GType       mpel_classes_find (MpelClasses *self,
                               const char  *name,
                               GError     **error);
const char *mpel_classes_get_name (MpelClasses *self,
                                   GType        type);

/* Exactly one of @func and @handler. */
void mpel_classes_add_method (MpelClasses    *self,
                              GType           type,
                              const char     *name,
                              MpelMethodFunc  func,
                              MpelHandlerFunc handler,
                              gpointer        user_data,
                              GDestroyNotify  destroy);

/* Sees to it that the invocation is answered, now or later. Its target is the method, of @object's
 * class or one that it inherits from, or an interface. */
void mpel_classes_run_method (MpelClasses    *self,
                              GObject        *object,
                              MpelInvocation *invocation);

/* Calls a method without arguments that answers at once; of no event. */
GVariant *mpel_classes_call_getter (MpelClasses *self,
                                    GObject     *object,
                                    const char  *name,
                                    GError     **error);

GList *mpel_classes_list_methods (MpelClasses *self,
                                  GType        type);

/* Returns: (transfer full): MPEL_CLASS_VARIANT_TYPE */
GVariant *mpel_classes_describe (MpelClasses *self,
                                 GType        type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelClasses, mpel_classes_free)

G_END_DECLS
