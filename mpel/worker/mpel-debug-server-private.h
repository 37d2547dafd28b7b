/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-plain-objects-private.h"
#include "mpel-registry-private.h"

G_BEGIN_DECLS

/* Lets stock D-Bus tools of the same user look into the worker. Only where somebody asked for it. Main
 * thread only. */
typedef struct _MpelDebugServer MpelDebugServer;

/* Returns: (transfer full) (nullable): where to listen, if anywhere. It is taken out of the environment:
 * what this process starts does not listen there too. */
char *mpel_debug_server_take_address (void);

MpelDebugServer *mpel_debug_server_new (const char    *address,
                                        MpelRegistry  *registry,
                                        MpelObjects   *objects,
                                        MpelVariables *variables);
void             mpel_debug_server_free (MpelDebugServer *self);
/* Shows the objects there too, beside what is there already. A host does not listen to D-Bus signals, so
 * it is sent none. */
void mpel_debug_server_add_host (MpelDebugServer *self,
                                 GDBusConnection *connection);

G_END_DECLS
