/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>
#include "mpel-types.h"

G_BEGIN_DECLS

/* What the worker knows of an event class of the host: that it has the properties `args` and
 * `kwargs`, and can run. The event implements it, so that neither side includes the other. */
#define MPEL_TYPE_RUNNABLE (mpel_runnable_get_type ())
G_DECLARE_INTERFACE (MpelRunnable, mpel_runnable, MPEL, RUNNABLE, GObject)

struct _MpelRunnableInterface
{
  GTypeInterface g_iface;

  GVariant *(*run) (MpelRunnable   *self,
                    MpelInvocation *invocation,
                    GError        **error);
};

GVariant *mpel_runnable_run (MpelRunnable   *self,
                             MpelInvocation *invocation,
                             GError        **error);

G_END_DECLS
