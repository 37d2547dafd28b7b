/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-views-private.h"

#include "mpel-frame-private.h"
#include "mpel-names-private.h"
#include "mpel-plain-class-private.h"
#include "mpel-plain-echo-private.h"
#include "mpel-plain-names-private.h"
#include "mpel-plain-private.h"
#include "mpel-plain-values-private.h"
#include "mpel-value-private.h"

#include <string.h>

#define MANAGER_INTERFACE "org.freedesktop.DBus.ObjectManager"
#define VARIABLE_INTERFACE "org.mpel.Variable"

/* What is seen at a path. One object may be seen at several. Whoever runs code of the object holds a
 * reference meanwhile: it may do anything. */
struct _MpelPlainView
{
  char          *path;      /* (owned) */
  char          *interface; /* (owned) */
  GObject       *object;    /* (owned) (nullable) exactly one of the two is set */
  GVariant      *value;     /* (owned) (nullable) */
  MpelPlainEcho *echo;      /* (owned) (nullable) of an object */
};

struct _MpelPlainViews
{
  MpelClasses    *classes;  /* (unowned) constant */
  MpelObjects    *objects;  /* (owned) constant; whose getters may have to be read */
  MpelPlainLines *lines;    /* (owned) constant */
  GTree          *table;    /* (owned) path → (owned) MpelPlainView; a tree, so that tools list them in order */
  GHashTable     *known;    /* (owned) GType → (unowned) MpelPlainClass */
  GPtrArray      *kept;     /* (owned) of (owned) MpelPlainClass; also of classes that have got more methods since */
  MpelPlainClass *variable; /* (owned) what values are shown as */
};

static MpelPlainView *
view_new (const char *path, const char *interface, GObject *object, GVariant *value)
{
  MpelPlainView *view = g_rc_box_new0 (MpelPlainView);

  view->path = g_strdup (path);
  view->interface = g_strdup (interface);
  view->object = object != NULL ? g_object_ref (object) : NULL;
  view->value = value != NULL ? g_variant_ref (value) : NULL;
  return view;
}

static void
view_clear (gpointer data)
{
  MpelPlainView *view = data;

  g_clear_pointer (&view->echo, mpel_plain_echo_free);
  g_clear_pointer (&view->value, g_variant_unref);
  g_free (view->interface);
  g_free (view->path);
  g_clear_object (&view->object);
}

static void
view_unref (MpelPlainView *view)
{
  g_rc_box_release_full (view, view_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelPlainView, view_unref)

static int
compare_paths (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (a, b);
}

static MpelPlainClass *
make_variable_class (void)
{
  g_autoptr (GVariant) description = NULL;

  description = g_variant_ref_sink (g_variant_new_parsed ("(@a(sssumv) [('value', 'v', '', %u, nothing)], @a(sas) [], @as [])",
                                                          MPEL_PROPERTY_READABLE));
  return mpel_plain_class_new (VARIABLE_INTERFACE, description);
}

/* The classes must outlive it. */
MpelPlainViews *
mpel_plain_views_new (MpelObjects *objects, MpelPlainLines *lines)
{
  MpelPlainViews *self = g_new0 (MpelPlainViews, 1);

  self->classes = mpel_objects_get_classes (objects);
  self->objects = mpel_objects_ref (objects);
  self->lines = mpel_plain_lines_ref (lines);
  self->table = g_tree_new_full (compare_paths, NULL, NULL, NULL);
  self->known = g_hash_table_new (NULL, NULL);
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) mpel_plain_class_free);
  self->variable = make_variable_class ();
  return self;
}

void
mpel_plain_views_free (MpelPlainViews *self)
{
  GTreeNode *at;

  while ((at = g_tree_node_first (self->table)) != NULL)
    {
      MpelPlainView *view = g_tree_node_value (at);

      g_tree_remove (self->table, view->path);
      view_unref (view);
    }

  g_clear_pointer (&self->table, g_tree_unref);
  g_clear_pointer (&self->lines, mpel_plain_lines_unref);
  g_clear_pointer (&self->objects, mpel_objects_unref);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->variable, mpel_plain_class_free);
  g_free (self);
}

/* A class may get methods at any time: it is looked at anew whenever somebody asks. */
static MpelPlainClass *
ensure_class (MpelPlainViews *self, MpelPlainView *view)
{
  MpelPlainClass *klass;
  GType           type;
  g_autoptr (GVariant) description = NULL;

  if (view->object == NULL)
    return self->variable;

  type = G_OBJECT_TYPE (view->object);
  klass = g_hash_table_lookup (self->known, GSIZE_TO_POINTER (type));
  description = mpel_classes_describe (self->classes, type);
  if (klass != NULL && g_variant_equal (klass->description, description))
    return klass;

  klass = mpel_plain_class_new (view->interface, description);
  g_ptr_array_add (self->kept, klass);
  g_hash_table_insert (self->known, GSIZE_TO_POINTER (type), klass);
  return klass;
}

GDBusInterfaceInfo *
mpel_plain_views_get_info (MpelPlainViews *self, MpelPlainView *view)
{
  return ensure_class (self, view)->info;
}

/* Returns: (transfer none) (nullable): NULL with an error when there is none */
static GParamSpec *
find_property (MpelPlainViews *self, MpelPlainView *view, const char *member, GError **error)
{
  const char *name = mpel_plain_class_find_property (ensure_class (self, view), member);
  GParamSpec *pspec = NULL;

  if (name != NULL && view->object != NULL)
    pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (view->object), name);
  if (pspec == NULL)
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY, "“%s” has no property “%s”", view->path, member);
  return pspec;
}

/* Returns: (transfer full) (nullable): NULL with an error when it cannot be read, or D-Bus cannot carry it */
GVariant *
mpel_plain_views_read (MpelPlainViews *self, MpelPlainView *view, const char *member, GError **error)
{
  g_autoptr (MpelPlainView) kept = g_rc_box_acquire (view);
  g_autoptr (GVariant) value = NULL;
  GParamSpec *pspec;

  if (view->object == NULL)
    value = g_variant_ref_sink (g_variant_new_variant (view->value));
  else if ((pspec = find_property (self, view, member, error)) != NULL)
    value = mpel_value_get_property (view->object, pspec->name, error);
  return value != NULL ? mpel_plain_from_value (value, error) : NULL;
}

/* Returns: (transfer floating): a{sa{sv}}, without what cannot be told */
GVariant *
mpel_plain_views_read_interfaces (MpelPlainViews *self, MpelPlainView *view)
{
  GDBusPropertyInfo **infos = ensure_class (self, view)->info->properties;
  g_autoptr (MpelPlainView) kept = g_rc_box_acquire (view);
  GVariantBuilder properties, interfaces;

  g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; infos[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = NULL;

      if (infos[i]->flags & G_DBUS_PROPERTY_INFO_FLAGS_READABLE)
        value = mpel_plain_views_read (self, view, infos[i]->name, NULL);
      if (value != NULL)
        g_variant_builder_add (&properties, "{sv}", infos[i]->name, value);
    }

  g_variant_builder_init (&interfaces, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_add (&interfaces, "{sa{sv}}", view->interface, &properties);
  return g_variant_builder_end (&interfaces);
}

gboolean
mpel_plain_views_write (MpelPlainViews *self, MpelPlainView *view, const char *member, GVariant *plain, GError **error)
{
  GParamSpec *pspec = find_property (self, view, member, error);
  g_autoptr (MpelPlainView) kept = g_rc_box_acquire (view);
  g_autoptr (GVariant) value = NULL;

  if (pspec == NULL)
    return FALSE;
  value = mpel_plain_to_value (plain, pspec);
  return mpel_value_set_property (view->object, pspec->name, value, error);
}

/* Takes the reference that came with @call. */
void
mpel_plain_views_call (MpelPlainViews *self, MpelPlainView *view, const char *member, GDBusMethodInvocation *call)
{
  const char *name = mpel_plain_class_find_method (ensure_class (self, view), member);
  g_autoptr (MpelInvocation) invocation = NULL;
  g_autoptr (GVariant) args = NULL;
  g_autoptr (GVariant) kwargs = NULL;
  g_autoptr (MpelPlainView) kept = g_rc_box_acquire (view);

  if (name == NULL)
    {
      g_dbus_method_invocation_return_error (call, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD, "“%s” has no method “%s”", view->path, member);
      return;
    }

  g_variant_get (g_dbus_method_invocation_get_parameters (call), "(@av@a{sv})", &args, &kwargs);
  invocation = mpel_plain_new_invocation (call, name, args, kwargs, self->objects, view->object);
  mpel_classes_run_method (self->classes, view->object, invocation);
}

static void
tell_removed (MpelPlainViews *self, MpelPlainView *view)
{
  const char *const interfaces[] = { view->interface, NULL };

  mpel_plain_lines_emit (self->lines, MPEL_WORKER_PATH, MANAGER_INTERFACE, "InterfacesRemoved", g_variant_new ("(o^as)", view->path, interfaces));
}

static void
tell_added (MpelPlainViews *self, MpelPlainView *view)
{
  g_autoptr (MpelPlainView) kept = g_rc_box_acquire (view);
  g_autoptr (GVariant) interfaces = NULL;

  if (mpel_plain_lines_is_empty (self->lines))
    return;
  interfaces = g_variant_ref_sink (mpel_plain_views_read_interfaces (self, view));
  mpel_plain_lines_emit (self->lines, MPEL_WORKER_PATH, MANAGER_INTERFACE, "InterfacesAdded", g_variant_new ("(o@a{sa{sv}})", view->path, interfaces));
}

static void
remove_view (MpelPlainViews *self, const char *path)
{
  MpelPlainView *view = g_tree_lookup (self->table, path);

  if (view == NULL)
    return;
  g_tree_remove (self->table, path);
  tell_removed (self, view);
  view_unref (view);
}

static void
add_view (MpelPlainViews *self, const char *path, GObject *object, GVariant *value)
{
  g_autofree char *interface = NULL;
  MpelPlainView   *view;

  if (object != NULL)
    interface = mpel_plain_name_to_interface (mpel_classes_get_name (self->classes, G_OBJECT_TYPE (object)));
  view = view_new (path, object != NULL ? interface : VARIABLE_INTERFACE, object, value);
  if (object != NULL)
    view->echo = mpel_plain_echo_new (object, ensure_class (self, view)->description, self->lines, path, interface);
  g_tree_insert (self->table, view->path, view);
  tell_added (self, view);
}

void
mpel_plain_views_set (MpelPlainViews *self, const char *path, GObject *object, GVariant *value)
{
  remove_view (self, path);
  if (object != NULL || value != NULL)
    add_view (self, path, object, value);
}

/* Whoever reads properties may do anything, so views are looked up again one by one. */
char **
mpel_plain_views_list (MpelPlainViews *self, const char *prefix)
{
  GPtrArray *paths = g_ptr_array_new ();
  GTreeNode *at = g_tree_lower_bound (self->table, prefix);

  for (; at != NULL && g_str_has_prefix (g_tree_node_key (at), prefix); at = g_tree_node_next (at))
    g_ptr_array_add (paths, g_strdup (g_tree_node_key (at)));
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (paths, FALSE);
}

MpelPlainView *
mpel_plain_views_find (MpelPlainViews *self, const char *path, GError **error)
{
  MpelPlainView *view = g_tree_lookup (self->table, path);

  if (view == NULL)
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT, "There is no “%s”", path);
  return view;
}
