/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-debug-server-private.h"

#include "mpel-debug-bus-private.h"
#include "mpel-names-private.h"
#include "mpel-plain-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define TRANSPORT "unix:"
#define PATH_KEY "path="
#define PID_FORM "%p"

/* A tool that is connected, or the host. */
typedef struct
{
  GDBusConnection        *connection; /* (owned) */
  gulong                  closed_id;
  GDBusInterfaceSkeleton *plain;  /* (owned) (nullable) NULL for the host, which has one already */
  guint                   bus_id; /* 0 for the host, which takes us for no bus */
} Guest;

struct _MpelDebugServer
{
  GDBusServer      *server;   /* (owned) (nullable) NULL when it cannot listen */
  MpelRegistry     *registry; /* (unowned) */
  MpelPlainObjects *objects;  /* (owned) */
  GPtrArray        *guests;   /* (owned) of (unowned) Guest */
};

char *
mpel_debug_server_take_address (void)
{
  g_autofree char *address = g_strdup (g_getenv (MPEL_DEBUG_ADDRESS_VARIABLE));

  g_unsetenv (MPEL_DEBUG_ADDRESS_VARIABLE);
  return address != NULL && *address != '\0' ? g_steal_pointer (&address) : NULL;
}

/* No D-Bus address has an escape like this one. */
static char *
fill_in_pid (const char *address)
{
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  g_auto (GStrv) parts = g_strsplit (address, PID_FORM, -1);

  return g_strjoinv (pid, parts);
}

/* An address may be several. Other transports do not tell who is at the other end. */
static gboolean
check_address (const char *address, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (address, ";", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (!g_str_has_prefix (parts[i], TRANSPORT))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "“%s” is no address of a Unix socket", parts[i]);
        return FALSE;
      }

  return TRUE;
}

/* Returns: (transfer full) (nullable): the file that the address names, if it is that simple */
static char *
get_path (const char *address)
{
  g_autofree char *escaped = NULL;

  if (!g_str_has_prefix (address, TRANSPORT PATH_KEY) || strchr (address, ';') != NULL)
    return NULL;
  escaped = g_strndup (address + strlen (TRANSPORT PATH_KEY), strcspn (address + strlen (TRANSPORT PATH_KEY), ","));
  return g_uri_unescape_string (escaped, NULL);
}

/* Is it a socket at which nobody listens? */
static gboolean
is_left_over (const char *path)
{
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  struct stat        status;
  int                fd;
  gboolean           is_refused;

  if (strlen (path) >= sizeof name.sun_path)
    return FALSE;
  if (lstat (path, &status) < 0 || !S_ISSOCK (status.st_mode) || status.st_uid != geteuid ())
    return FALSE;

  strcpy (name.sun_path, path);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  is_refused = connect (fd, (struct sockaddr *) &name, sizeof name) < 0 && errno == ECONNREFUSED;
  close (fd);
  return is_refused;
}

/* A worker that crashed has left it there: its successor takes its place. */
static void
clean_up (const char *address)
{
  g_autofree char *path = get_path (address);

  if (path != NULL && is_left_over (path))
    g_unlink (path);
}

/* In a thread of GDBus: the kernel vouches for the peer's user. */
static gboolean
allow_mechanism_cb (GDBusAuthObserver *observer, const char *mechanism, gpointer user_data)
{
  return g_str_equal (mechanism, "EXTERNAL");
}

/* In a thread of GDBus, which asks for the same by our flags. */
static gboolean
authorize_cb (GDBusAuthObserver *observer, GIOStream *stream, GCredentials *peer, gpointer user_data)
{
  g_autoptr (GCredentials) own = g_credentials_new ();

  return peer != NULL && g_credentials_is_same_user (peer, own, NULL);
}

static GDBusAuthObserver *
make_observer (void)
{
  GDBusAuthObserver *observer = g_dbus_auth_observer_new ();

  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (allow_mechanism_cb), NULL);
  g_signal_connect (observer, "authorize-authenticated-peer", G_CALLBACK (authorize_cb), NULL);
  return observer;
}

static GDBusServer *
listen_at (const char *address, GError **error)
{
  GDBusServerFlags flags = G_DBUS_SERVER_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER;
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GDBusAuthObserver) observer = make_observer ();
  GDBusServer *server;

  if (!check_address (address, error))
    return NULL;
  clean_up (address);
  server = g_dbus_server_new_sync (address, flags, guid, observer, NULL, error);
  if (server != NULL)
    g_dbus_server_start (server);
  return server;
}

static void
guest_free (MpelDebugServer *self, Guest *guest)
{
  g_signal_handler_disconnect (guest->connection, guest->closed_id);
  mpel_plain_objects_unexport (self->objects, guest->connection);
  g_clear_pointer (&guest->plain, mpel_plain_unexport);
  if (guest->bus_id != 0)
    g_dbus_connection_unregister_object (guest->connection, guest->bus_id);
  g_clear_object (&guest->connection);
  g_free (guest);
}

static void
closed_cb (GDBusConnection *connection, gboolean remote_peer_vanished, GError *error, gpointer user_data)
{
  MpelDebugServer *self = user_data;

  for (guint i = 0; i < self->guests->len; i++)
    {
      Guest *guest = self->guests->pdata[i];

      if (guest->connection != connection)
        continue;
      g_ptr_array_remove_index_fast (self->guests, i);
      guest_free (self, guest);
      return;
    }
}

static Guest *
add_guest (MpelDebugServer *self, GDBusConnection *connection, gboolean hears)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->connection = g_object_ref (connection);
  guest->closed_id = g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), self);
  g_ptr_array_add (self->guests, guest);
  mpel_plain_objects_export (self->objects, connection, hears, NULL);
  return guest;
}

/* Nothing of what it sends is looked at before we return. */
static gboolean
new_connection_cb (GDBusServer *server, GDBusConnection *connection, gpointer user_data)
{
  MpelDebugServer *self = user_data;
  Guest           *guest = add_guest (self, connection, TRUE);

  g_dbus_connection_set_exit_on_close (connection, FALSE);
  guest->plain = mpel_plain_export (connection, self->registry, NULL);
  guest->bus_id = mpel_debug_bus_export (connection);
  return TRUE;
}

static void
start (MpelDebugServer *self, const char *address)
{
  g_autoptr (GError) error = NULL;

  self->server = listen_at (address, &error);
  if (self->server == NULL)
    {
      g_printerr ("mpel worker %d: cannot be debugged at %s: %s\n", getpid (), address, error->message);
      return;
    }

  g_signal_connect (self->server, "new-connection", G_CALLBACK (new_connection_cb), self);
  g_printerr ("mpel worker %d: debug address %s\n", getpid (), g_dbus_server_get_client_address (self->server));
}

/* @registry and @variables must outlive it, and so must the classes. */
MpelDebugServer *
mpel_debug_server_new (const char *address, MpelRegistry *registry, MpelObjects *objects, MpelVariables *variables)
{
  MpelDebugServer *self = g_new0 (MpelDebugServer, 1);
  g_autofree char *whole = fill_in_pid (address);

  self->registry = registry;
  self->objects = mpel_plain_objects_new (objects, variables);
  self->guests = g_ptr_array_new ();
  start (self, whole);
  return self;
}

static void
stop (MpelDebugServer *self)
{
  if (self->server == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->server, self);
  g_dbus_server_stop (self->server);
  g_clear_object (&self->server);
}

void
mpel_debug_server_free (MpelDebugServer *self)
{
  stop (self);
  for (guint i = 0; i < self->guests->len; i++)
    guest_free (self, self->guests->pdata[i]);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
  g_clear_pointer (&self->objects, mpel_plain_objects_free);
  g_free (self);
}

void
mpel_debug_server_add_host (MpelDebugServer *self, GDBusConnection *connection)
{
  add_guest (self, connection, FALSE);
}
