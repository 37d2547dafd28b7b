/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* As much of a message bus as tools insist on that take every address for one: `gdbus` and `busctl`.
 * Nothing is routed: whatever name they send to, it is the worker who answers.
 *
 * Returns: to be given to g_dbus_connection_unregister_object, or 0 */
guint mpel_debug_bus_export (GDBusConnection *connection);

G_END_DECLS
