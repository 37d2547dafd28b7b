/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-objects-private.h"

#include "mpel-names-private.h"
#include "mpel-plain-names-private.h"
#include "mpel-plain-views-private.h"

#include <string.h>

#define OBJECTS_PATH MPEL_WORKER_PATH "/objects"
#define VARIABLES_PATH MPEL_WORKER_PATH "/variables"

static const char manager_xml[] =
  "<node><interface name='org.freedesktop.DBus.ObjectManager'>"
  "<method name='GetManagedObjects'><arg type='a{oa{sa{sv}}}' name='objects' direction='out'/></method>"
  "<signal name='InterfacesAdded'><arg type='o' name='object'/><arg type='a{sa{sv}}' name='interfaces'/></signal>"
  "<signal name='InterfacesRemoved'><arg type='o' name='object'/><arg type='as' name='interfaces'/></signal>"
  "</interface></node>";

/* Where the objects are exported. */
typedef struct
{
  GDBusConnection *connection;   /* (owned) */
  guint            manager_id;   /* 0: not exported */
  guint            objects_id;   /* likewise */
  guint            variables_id; /* likewise */
} Line;

/* GDBus calls back some turns after it has asked what is there, with what it was given then: so it is
 * given nothing that could go meanwhile. Views are looked up each time. */
struct _MpelPlainObjects
{
  MpelObjects    *objects;   /* (owned) */
  MpelVariables  *variables; /* (unowned) */
  MpelPlainViews *views;     /* (owned) */
  MpelPlainLines *lines;     /* (owned) */
  GHashTable     *exports;   /* (owned) GDBusConnection → (owned) Line */
  GDBusNodeInfo  *manager;   /* (owned) */
};

static void
line_free (Line *line)
{
  if (line->manager_id != 0)
    g_dbus_connection_unregister_object (line->connection, line->manager_id);
  if (line->objects_id != 0)
    g_dbus_connection_unregister_subtree (line->connection, line->objects_id);
  if (line->variables_id != 0)
    g_dbus_connection_unregister_subtree (line->connection, line->variables_id);
  g_object_unref (line->connection);
  g_free (line);
}

static void
object_cb (guint64 id, GObject *object, gpointer user_data)
{
  MpelPlainObjects *self = user_data;
  g_autofree char  *path = g_strdup_printf (OBJECTS_PATH "/%" G_GUINT64_FORMAT, id);

  mpel_plain_views_set (self->views, path, object, NULL);
}

static void
variable_cb (const char *name, GObject *object, GVariant *value, gpointer user_data)
{
  MpelPlainObjects *self = user_data;
  g_autofree char  *element = mpel_plain_name_to_element (name);
  g_autofree char  *path = g_strconcat (VARIABLES_PATH "/", element, NULL);

  mpel_plain_views_set (self->views, path, object, value);
}

/* @variables must outlive it, and so must the classes. */
MpelPlainObjects *
mpel_plain_objects_new (MpelObjects *objects, MpelVariables *variables)
{
  MpelPlainObjects *self = g_new0 (MpelPlainObjects, 1);

  self->lines = mpel_plain_lines_new ();
  self->views = mpel_plain_views_new (objects, self->lines);
  self->exports = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) line_free);
  self->manager = g_dbus_node_info_new_for_xml (manager_xml, NULL);

  self->objects = mpel_objects_ref (objects);
  self->variables = variables;
  mpel_objects_set_func (objects, object_cb, self);
  mpel_variables_set_func (variables, variable_cb, self);
  return self;
}

void
mpel_plain_objects_free (MpelPlainObjects *self)
{
  mpel_objects_set_func (self->objects, NULL, NULL);
  mpel_variables_set_func (self->variables, NULL, NULL);
  g_clear_pointer (&self->exports, g_hash_table_unref);
  g_clear_pointer (&self->views, mpel_plain_views_free);
  g_clear_pointer (&self->lines, mpel_plain_lines_unref);
  g_clear_pointer (&self->manager, g_dbus_node_info_unref);
  g_clear_pointer (&self->objects, mpel_objects_unref);
  g_free (self);
}

/* Returns: (transfer floating): a{oa{sa{sv}}} */
static GVariant *
read_managed (MpelPlainObjects *self)
{
  g_auto (GStrv) paths = mpel_plain_views_list (self->views, MPEL_WORKER_PATH "/");
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  for (guint i = 0; paths[i] != NULL; i++)
    {
      MpelPlainView *view = mpel_plain_views_find (self->views, paths[i], NULL);

      if (view != NULL)
        g_variant_builder_add (&builder, "{o@a{sa{sv}}}", paths[i], mpel_plain_views_read_interfaces (self->views, view));
    }

  return g_variant_builder_end (&builder);
}

static void
manager_call_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *member, GVariant *parameters, GDBusMethodInvocation *call, gpointer user_data)
{
  g_dbus_method_invocation_return_value (call, g_variant_new ("(@a{oa{sa{sv}}})", read_managed (user_data)));
}

static const GDBusInterfaceVTable manager_vtable = { manager_call_cb, NULL, NULL, { NULL } };

static void
call_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *member, GVariant *parameters, GDBusMethodInvocation *call, gpointer user_data)
{
  MpelPlainObjects *self = user_data;
  GError           *error = NULL;
  MpelPlainView    *view = mpel_plain_views_find (self->views, path, &error);

  if (view != NULL)
    mpel_plain_views_call (self->views, view, member, call);
  else
    g_dbus_method_invocation_take_error (call, error);
}

static GVariant *
get_property_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *member, GError **error, gpointer user_data)
{
  MpelPlainObjects *self = user_data;
  MpelPlainView    *view = mpel_plain_views_find (self->views, path, error);

  return view != NULL ? mpel_plain_views_read (self->views, view, member, error) : NULL;
}

static gboolean
set_property_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *member, GVariant *plain, GError **error, gpointer user_data)
{
  MpelPlainObjects *self = user_data;
  MpelPlainView    *view = mpel_plain_views_find (self->views, path, error);

  return view != NULL && mpel_plain_views_write (self->views, view, member, plain, error);
}

static const GDBusInterfaceVTable view_vtable = { call_cb, get_property_cb, set_property_cb, { NULL } };

/* @root: OBJECTS_PATH or VARIABLES_PATH; nodes stand right below it */
static char **
enumerate_cb (GDBusConnection *connection, const char *sender, const char *root, gpointer user_data)
{
  MpelPlainObjects *self = user_data;
  g_autofree char  *prefix = g_strconcat (root, "/", NULL);
  char            **nodes = mpel_plain_views_list (self->views, prefix);

  for (guint i = 0; nodes[i] != NULL; i++)
    memmove (nodes[i], nodes[i] + strlen (prefix), strlen (nodes[i] + strlen (prefix)) + 1);
  return nodes;
}

/* GDBus gives the whole path when it dispatches, and only that of the root when it introspects. */
static MpelPlainView *
find_node (MpelPlainObjects *self, const char *path, const char *node)
{
  g_autofree char *whole = NULL;

  if (!g_str_equal (path, OBJECTS_PATH) && !g_str_equal (path, VARIABLES_PATH))
    return mpel_plain_views_find (self->views, path, NULL);
  whole = g_strconcat (path, "/", node, NULL);
  return mpel_plain_views_find (self->views, whole, NULL);
}

/* @node: (nullable): NULL for the root. Returns: (transfer full) (nullable): NULL when nothing is there */
static GDBusInterfaceInfo **
introspect_cb (GDBusConnection *connection, const char *sender, const char *path, const char *node, gpointer user_data)
{
  MpelPlainObjects    *self = user_data;
  MpelPlainView       *view = find_node (self, path, node);
  GDBusInterfaceInfo **infos;

  if (view == NULL)
    return NULL;
  infos = g_new0 (GDBusInterfaceInfo *, 2);
  infos[0] = g_dbus_interface_info_ref (mpel_plain_views_get_info (self->views, view));
  return infos;
}

static const GDBusInterfaceVTable *
dispatch_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *node, gpointer *out_user_data, gpointer user_data)
{
  *out_user_data = user_data;
  return &view_vtable;
}

static const GDBusSubtreeVTable subtree_vtable = { enumerate_cb, introspect_cb, dispatch_cb, { NULL } };

static guint
register_subtree (MpelPlainObjects *self, GDBusConnection *connection, const char *root, GError **error)
{
  /* Without, all nodes would be listed for each call. */
  GDBusSubtreeFlags flags = G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES;

  return g_dbus_connection_register_subtree (connection, root, &subtree_vtable, flags, self, NULL, error);
}

static gboolean
register_all (MpelPlainObjects *self, Line *line, GError **error)
{
  line->manager_id = g_dbus_connection_register_object (line->connection, MPEL_WORKER_PATH, self->manager->interfaces[0], &manager_vtable, self, NULL, error);
  if (line->manager_id == 0)
    return FALSE;
  line->objects_id = register_subtree (self, line->connection, OBJECTS_PATH, error);
  if (line->objects_id == 0)
    return FALSE;
  line->variables_id = register_subtree (self, line->connection, VARIABLES_PATH, error);
  return line->variables_id != 0;
}

gboolean
mpel_plain_objects_export (MpelPlainObjects *self, GDBusConnection *connection, gboolean hears, GError **error)
{
  Line *line = g_new0 (Line, 1);

  line->connection = g_object_ref (connection);
  if (!register_all (self, line, error))
    {
      line_free (line);
      return FALSE;
    }

  g_hash_table_insert (self->exports, connection, line);
  if (hears)
    mpel_plain_lines_add (self->lines, connection);
  return TRUE;
}

void
mpel_plain_objects_unexport (MpelPlainObjects *self, GDBusConnection *connection)
{
  mpel_plain_lines_remove (self->lines, connection);
  g_hash_table_remove (self->exports, connection);
}
