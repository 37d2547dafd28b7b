/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-debug-bus-private.h"

#define BUS_PATH "/org/freedesktop/DBus"
#define TOOL_NAME ":mpel.1"
#define WORKER_NAME ":mpel.0"

static const char bus_xml[] =
  "<node><interface name='org.freedesktop.DBus'>"
  "<method name='Hello'><arg type='s' name='name' direction='out'/></method>"
  "<method name='AddMatch'><arg type='s' name='rule' direction='in'/></method>"
  "<method name='RemoveMatch'><arg type='s' name='rule' direction='in'/></method>"
  "<method name='GetNameOwner'><arg type='s' name='name' direction='in'/><arg type='s' name='owner' direction='out'/></method>"
  "</interface></node>";

/* A match is for a bus that has signals of others too; here all are told anyway. */
static void
call_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *member, GVariant *parameters, GDBusMethodInvocation *call, gpointer user_data)
{
  GVariant *reply = NULL;

  if (g_str_equal (member, "Hello"))
    reply = g_variant_new ("(s)", TOOL_NAME);
  else if (g_str_equal (member, "GetNameOwner"))
    reply = g_variant_new ("(s)", WORKER_NAME);
  g_dbus_method_invocation_return_value (call, reply);
}

static const GDBusInterfaceVTable vtable = { call_cb, NULL, NULL, { NULL } };

guint
mpel_debug_bus_export (GDBusConnection *connection)
{
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (bus_xml, NULL);

  return g_dbus_connection_register_object (connection, BUS_PATH, info->interfaces[0], &vtable, NULL, NULL, NULL);
}
