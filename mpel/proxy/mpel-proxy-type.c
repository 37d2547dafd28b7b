/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

/* Which type a proxy has: the one that was registered for the object's class, or one made of what
 * the worker says of it. */

static GMutex      lock;
static GHashTable *by_class; /* (owned) (nullable) class → type; with the lock */

static GQuark
class_quark (void)
{
  return g_quark_from_static_string ("mpel-proxy-class");
}

/**
 * mpel_proxy_register_type:
 * @remote_class: the name of a class in the worker
 * @type: a type derived from [class@Proxy]
 *
 * Says which proxies stand for objects of a class, when they are not made by name.
 *
 * It is also the class that proxies of this type make objects of, if they are not told another one.
 * A class has one such type; another call replaces it.
 *
 * Safe from any thread.
 *
 * Since: 0.1
 */
void
mpel_proxy_register_type (const char *remote_class, GType type)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (remote_class != NULL);
  g_return_if_fail (g_type_is_a (type, MPEL_TYPE_PROXY));

  locker = g_mutex_locker_new (&lock);
  if (by_class == NULL)
    by_class = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_replace (by_class, g_strdup (remote_class), GSIZE_TO_POINTER (type));
  g_type_set_qdata (type, class_quark (), (gpointer) g_intern_string (remote_class));
}

/* Of the type or the next above it; else the name of the type. */
const char *
mpel_proxy_get_registered_class (GType type)
{
  for (GType t = type; t != MPEL_TYPE_PROXY; t = g_type_parent (t))
    {
      const char *name = g_type_get_qdata (t, class_quark ());

      if (name != NULL)
        return name;
    }
  return g_type_name (type);
}

static GType
find_registered (const char *class_name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  return by_class != NULL ? GPOINTER_TO_SIZE (g_hash_table_lookup (by_class, class_name)) : G_TYPE_INVALID;
}

GType
mpel_proxy_type_choose (MpelEventLoop *loop, const char *class_name)
{
  GType     type = find_registered (class_name);
  GVariant *description;

  if (type != G_TYPE_INVALID)
    return type;
  description = mpel_event_loop_get_class (loop, class_name);
  return description != NULL ? mpel_proxy_runtime_get_type (class_name, description) : MPEL_TYPE_PROXY;
}
