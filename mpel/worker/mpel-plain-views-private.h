/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-objects-private.h"
#include "mpel-plain-lines-private.h"

G_BEGIN_DECLS

/* What D-Bus sees of the worker's objects and variables, by path. Main thread only. */
typedef struct _MpelPlainViews MpelPlainViews;
typedef struct _MpelPlainView  MpelPlainView;

MpelPlainViews *mpel_plain_views_new (MpelObjects    *objects,
                                      MpelPlainLines *lines);
void            mpel_plain_views_free (MpelPlainViews *self);

/* In place of what was there, and told to all lines; at most one of @object and @value, without either
 * there is nothing any more. */
void mpel_plain_views_set (MpelPlainViews *self,
                           const char     *path,
                           GObject        *object,
                           GVariant       *value);

/* Returns: (transfer full): all paths that begin like this, in order */
char         **mpel_plain_views_list (MpelPlainViews *self,
                                      const char     *prefix);
MpelPlainView *mpel_plain_views_find (MpelPlainViews *self,
                                      const char     *path,
                                      GError        **error);

/* Of a view that was found just now: all but the first may run code of the object, which may end it. The
 * description stays to the end. */
GDBusInterfaceInfo *mpel_plain_views_get_info (MpelPlainViews *self,
                                               MpelPlainView  *view);
GVariant           *mpel_plain_views_read (MpelPlainViews *self,
                                           MpelPlainView  *view,
                                           const char     *member,
                                           GError        **error);
GVariant           *mpel_plain_views_read_interfaces (MpelPlainViews *self,
                                                      MpelPlainView  *view);
gboolean            mpel_plain_views_write (MpelPlainViews *self,
                                            MpelPlainView  *view,
                                            const char     *member,
                                            GVariant       *plain,
                                            GError        **error);
void                mpel_plain_views_call (MpelPlainViews        *self,
                                           MpelPlainView         *view,
                                           const char            *member,
                                           GDBusMethodInvocation *call);

G_END_DECLS
