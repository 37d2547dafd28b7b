/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Those who are told what the plain D-Bus objects do: all tools that are connected.
 * Safe from any thread. */
typedef struct _MpelPlainLines MpelPlainLines;

MpelPlainLines *mpel_plain_lines_new (void);
MpelPlainLines *mpel_plain_lines_ref (MpelPlainLines *self);
void            mpel_plain_lines_unref (MpelPlainLines *self);
void            mpel_plain_lines_add (MpelPlainLines  *self,
                                      GDBusConnection *connection);
void            mpel_plain_lines_remove (MpelPlainLines  *self,
                                         GDBusConnection *connection);
gboolean        mpel_plain_lines_is_empty (MpelPlainLines *self);
void            mpel_plain_lines_emit (MpelPlainLines *self,
                                       const char     *path,
                                       const char     *interface,
                                       const char     *member,
                                       GVariant       *parameters);

G_END_DECLS
