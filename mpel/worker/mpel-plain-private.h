/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-objects-private.h"
#include "mpel-registry-private.h"

G_BEGIN_DECLS

/* The documented D-Bus interface beside the batched stream: data/dbus/org.mpel.Worker1.xml. */
GDBusInterfaceSkeleton *mpel_plain_export (GDBusConnection *connection,
                                           MpelRegistry    *registry,
                                           GError         **error);
void                    mpel_plain_unexport (GDBusInterfaceSkeleton *skeleton);

/* A D-Bus call with args, an `av`, and kwargs, which is answered with the results. It is a method of
 * @object, or nobody's. */
MpelInvocation *mpel_plain_new_invocation (GDBusMethodInvocation *call,
                                           const char            *target,
                                           GVariant              *args,
                                           GVariant              *kwargs,
                                           MpelObjects           *objects,
                                           GObject               *object);

G_END_DECLS
