/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-loop-error.h"

#include <gio/gio.h>

#define DBUS_ERROR_PREFIX "org.mpel.Error."

static const GDBusErrorEntry entries[] = {
  { MPEL_LOOP_ERROR_FAILED, DBUS_ERROR_PREFIX "Failed" },
  { MPEL_LOOP_ERROR_NO_SUCH_TARGET, DBUS_ERROR_PREFIX "NoSuchTarget" },
  { MPEL_LOOP_ERROR_INVALID_ARGUMENTS, DBUS_ERROR_PREFIX "InvalidArguments" },
  { MPEL_LOOP_ERROR_NO_RESULT, DBUS_ERROR_PREFIX "NoResult" },
  { MPEL_LOOP_ERROR_REMOTE_EXCEPTION, DBUS_ERROR_PREFIX "RemoteException" },
  { MPEL_LOOP_ERROR_WORKER_LOST, DBUS_ERROR_PREFIX "WorkerLost" },
  { MPEL_LOOP_ERROR_SPAWN_FAILED, DBUS_ERROR_PREFIX "SpawnFailed" },
  { MPEL_LOOP_ERROR_RESTART_LIMIT, DBUS_ERROR_PREFIX "RestartLimit" },
  { MPEL_LOOP_ERROR_PROTOCOL, DBUS_ERROR_PREFIX "Protocol" },
  { MPEL_LOOP_ERROR_TOO_LARGE, DBUS_ERROR_PREFIX "TooLarge" },
  { MPEL_LOOP_ERROR_CLOSED, DBUS_ERROR_PREFIX "Closed" },
  { MPEL_LOOP_ERROR_FULL, DBUS_ERROR_PREFIX "Full" },
  { MPEL_LOOP_ERROR_NOT_STREAMED, DBUS_ERROR_PREFIX "NotStreamed" },
};

/**
 * mpel_loop_error_quark:
 *
 * Gets the error domain of event loops and workers.
 *
 * Returns: the domain of [error@LoopError]
 *
 * Since: 0.1
 */
GQuark
mpel_loop_error_quark (void)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (entries) == MPEL_LOOP_ERROR_NOT_STREAMED + 1);
  static gsize quark = 0;

  g_dbus_error_register_error_domain ("mpel-loop-error-quark", &quark, entries, G_N_ELEMENTS (entries));
  return (GQuark) quark;
}
