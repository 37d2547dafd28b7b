/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-runnable-private.h"

G_DEFINE_INTERFACE (MpelRunnable, mpel_runnable, G_TYPE_OBJECT)

static void
mpel_runnable_default_init (MpelRunnableInterface *iface)
{
}

GVariant *
mpel_runnable_run (MpelRunnable *self, MpelInvocation *invocation, GError **error)
{
  return MPEL_RUNNABLE_GET_IFACE (self)->run (self, invocation, error);
}
