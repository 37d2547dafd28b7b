/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-registry-private.h"

G_BEGIN_DECLS

/* The documented D-Bus interface beside the batched stream: data/dbus/org.mpel.Worker1.xml. */
GDBusInterfaceSkeleton *mpel_plain_export (GDBusConnection *connection,
                                           MpelRegistry    *registry,
                                           GError         **error);
void                    mpel_plain_unexport (GDBusInterfaceSkeleton *skeleton);

G_END_DECLS
