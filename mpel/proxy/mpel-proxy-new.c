/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"

/* Proxies whose type follows from the class of the object in the worker:
 *
 *   new: describe_class → … → described_cb → make_of_class → init_async → … → made_cb
 *   new_for_variable: look_at_variable → … → looked_at_cb → make_for_remote → init_async → … → made_cb
 *   get_for_result: make_for_remote
 */

/* What a proxy that is being made is to stand for; in the thread that makes it, until it takes it: first
 * of all, since its type may make others meanwhile. */
static GPrivate handover; /* of (unowned) MpelRemote */

/* Returns: (transfer full) (nullable) */
MpelRemote *
mpel_proxy_take_handover (void)
{
  MpelRemote *given = g_private_get (&handover);

  g_private_set (&handover, NULL);
  return given != NULL ? mpel_remote_ref (given) : NULL;
}

/* Returns: (transfer full) */
static MpelProxy *
make_of_type (MpelRemote *remote, GType type, const char *variable)
{
  /* What this makes is not the one. */
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  MpelProxy *proxy;

  g_private_set (&handover, remote);
  proxy = g_object_new (type, "loop", mpel_remote_get_loop (remote), "variable", variable, NULL);
  g_private_set (&handover, NULL);
  return proxy;
}

static GType
choose_type (MpelRemote *remote)
{
  const char *class_name = mpel_remote_get_class_name (remote);

  return class_name != NULL ? mpel_proxy_type_choose (mpel_remote_get_loop (remote), class_name) : MPEL_TYPE_PROXY;
}

/* Returns: (transfer full) (nullable) */
static MpelProxy *
make_for_remote (MpelRemote *remote, const char *variable)
{
  MpelProxy *proxy = mpel_proxy_find (remote);

  if (proxy != NULL)
    return g_object_ref (proxy);
  if (mpel_remote_get_loop (remote) == NULL)
    return NULL;
  return make_of_type (remote, choose_type (remote), variable);
}

/* A value of another type than was declared is for the worker's answer to complain about. */
static void
show_state (MpelProxy *self, GVariant *state)
{
  if (!mpel_proxy_check_values (self, state, NULL))
    return;
  g_object_freeze_notify (G_OBJECT (self));
  mpel_proxy_take_values (self, state);
  g_object_thaw_notify (G_OBJECT (self));
  mpel_proxy_end_applying (self);
}

/* One of an object of which the worker has told @state already: that shows at once. @type: what it must
 * be at least. The loop must be there. Returns: (transfer full) */
MpelProxy *
mpel_proxy_new_for_remote (MpelRemote *remote, GType type, GVariant *state)
{
  MpelProxy *proxy = mpel_proxy_find (remote);

  if (proxy != NULL && g_type_is_a (G_OBJECT_TYPE (proxy), type))
    return g_object_ref (proxy);
  proxy = make_of_type (remote, type == MPEL_TYPE_PROXY ? choose_type (remote) : type, NULL);
  show_state (proxy, state);
  return proxy;
}

/**
 * mpel_proxy_get_for_result:
 * @event: an event that has ended
 * @handle: a handle in its results
 *
 * Gets a proxy of an object that an event has returned.
 *
 * A `h` in the results of an event stands for an object in the worker; get it with
 * [method@GLib.Variant.get_handle]. If there is a proxy of that object already, it is that one.
 * Otherwise one is made, of the type that was registered for the object's class, see
 * [func@Proxy.register_type], or of one that has all that the class has; it is not ready yet.
 *
 * The object stays in the worker as long as the proxy or the event does.
 *
 * Returns: (transfer full) (nullable): a proxy, or `NULL` if the results mention no such object
 *
 * Since: 0.1
 */
MpelProxy *
mpel_proxy_get_for_result (MpelEvent *event, int handle)
{
  MpelRemote *remote;

  g_return_val_if_fail (MPEL_IS_EVENT (event), NULL);

  remote = mpel_event_get_result_remote (event, handle);
  return remote != NULL ? make_for_remote (remote, NULL) : NULL;
}

static MpelEventLoop *
choose_loop (MpelEventLoop *loop)
{
  return loop != NULL ? loop : mpel_event_loop_get_default ();
}

/* Does the class have all of @properties? */
static gboolean
check_properties (GVariant *description, const char *class_name, GVariant *properties, GError **error)
{
  g_autoptr (GVariant) described = g_variant_get_child_value (description, 0);
  g_autoptr (GHashTable) types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GVariantIter iter;
  char        *name, *type;
  GVariant    *value;

  g_variant_iter_init (&iter, described);
  while (g_variant_iter_next (&iter, "(sssumv)", &name, &type, NULL, NULL, NULL))
    g_hash_table_insert (types, name, type);

  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_loop (&iter, "{sv}", &name, &value))
    {
      type = g_hash_table_lookup (types, name);
      if (g_strcmp0 (type, g_variant_get_type_string (value)) == 0)
        continue;
      if (type == NULL)
        g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "%s has no property “%s”", class_name, name);
      else
        g_set_error (error,
                     MPEL_LOOP_ERROR,
                     MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                     "The property “%s” of %s travels as “%s”, not as “%s”",
                     name,
                     class_name,
                     type,
                     g_variant_get_type_string (value));
      g_free (name);
      g_variant_unref (value);
      return FALSE;
    }
  return TRUE;
}

/* What new_async was asked for. */
typedef struct
{
  MpelEventLoop *loop;       /* (owned) */
  char          *class_name; /* (owned) */
  GVariant      *properties; /* (owned) (nullable) */
} Wish;

static void
wish_free (Wish *wish)
{
  g_clear_object (&wish->loop);
  g_clear_pointer (&wish->properties, g_variant_unref);
  g_free (wish->class_name);
  g_free (wish);
}

/* Takes @task. */
static void
make_of_class (GTask *task, GVariant *description)
{
  Wish   *wish = g_task_get_task_data (task);
  GError *error = NULL;

  if (wish->properties != NULL && !check_properties (description, wish->class_name, wish->properties, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  mpel_proxy_return_made (g_object_new (mpel_proxy_type_choose (wish->loop, wish->class_name),
                                        "loop",
                                        wish->loop,
                                        "remote-class",
                                        wish->class_name,
                                        "remote-properties",
                                        wish->properties,
                                        NULL),
                          task);
}

static void
described_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  GTask    *task = user_data;
  Wish     *wish = g_task_get_task_data (task);
  GVariant *description;

  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      return;
    }
  description = mpel_event_loop_get_class (wish->loop, wish->class_name);
  if (description != NULL)
    make_of_class (g_object_ref (task), description);
  else
    g_task_return_new_error (task, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The worker did not describe the class “%s”", wish->class_name);
}

/* Takes @event. */
static void
ask (MpelEventLoop *loop, MpelEvent *event, MpelEndHookFunc func, GTask *task)
{
  g_autoptr (MpelEvent) owned = event;
  GError *error = NULL;

  mpel_event_set_cancellable (event, g_task_get_cancellable (task));
  if (!mpel_proxy_add_hidden (loop, event, func, task, &error))
    g_task_return_error (task, error);
}

/**
 * mpel_proxy_new_async:
 * @loop: (nullable): the loop in whose worker the object is to live; `NULL` for the global one
 * @remote_class: the name of its class
 * @properties: (nullable): properties that it is made with, an `a{sv}`; a floating reference is taken
 * @cancellable: (nullable): ends the waiting
 * @callback: (scope async) (closure user_data): called when the object is there
 * @user_data: handed to @callback
 *
 * Makes an object in the worker and a proxy that has all that the class has.
 *
 * The type of the proxy is the one that was registered for the class, see
 * [func@Proxy.register_type]. Without that, the worker is asked, and a type is made; it has the
 * properties and signals of the class that can travel. Left out are those that a proxy has itself, and
 * names that would hide what objects can do in some language, such as `connect`. Enumerations that this
 * program does not know are integers.
 *
 * Fails with [MPEL_LOOP_ERROR_NO_SUCH_OBJECT][error@LoopError] if the worker has no such class, and with
 * [MPEL_LOOP_ERROR_INVALID_ARGUMENTS][error@LoopError] if that has no such property.
 *
 * Since: 0.1
 */
void
mpel_proxy_new_async (MpelEventLoop *loop, const char *remote_class, GVariant *properties, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GVariant *description;
  Wish     *wish;

  g_return_if_fail (loop == NULL || MPEL_IS_EVENT_LOOP (loop));
  g_return_if_fail (remote_class != NULL);
  g_return_if_fail (properties == NULL || g_variant_is_of_type (properties, G_VARIANT_TYPE_VARDICT));

  loop = choose_loop (loop);
  task = mpel_event_loop_new_task_for (loop, NULL, mpel_proxy_new_async, "[mpel] new proxy", cancellable, callback, user_data);
  wish = g_new0 (Wish, 1);
  wish->loop = g_object_ref (loop);
  wish->class_name = g_strdup (remote_class);
  wish->properties = properties != NULL ? g_variant_ref_sink (properties) : NULL;
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);
  if (g_task_return_error_if_cancelled (task))
    return;

  description = mpel_event_loop_get_class (loop, remote_class);
  if (description != NULL)
    make_of_class (g_steal_pointer (&task), description);
  else
    ask (loop, mpel_event_new_hidden (NULL, MPEL_BUILTIN_DESCRIBE, g_variant_new ("(s)", remote_class)), described_cb, task);
}

static MpelProxy *
finish (GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * mpel_proxy_new_finish: (constructor)
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [func@Proxy.new_async].
 *
 * Returns: (transfer full): a proxy, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelProxy *
mpel_proxy_new_finish (GAsyncResult *result, GError **error)
{
  return finish (result, mpel_proxy_new_async, error);
}

static void
looked_at_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  GTask      *task = user_data;
  const char *variable = g_task_get_task_data (task);
  MpelRemote *remote = error == NULL ? mpel_event_get_result_remote (event, 0) : NULL;
  MpelProxy  *proxy = remote != NULL ? make_for_remote (remote, variable) : NULL;

  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else if (proxy != NULL)
    mpel_proxy_return_made (proxy, g_object_ref (task));
  else
    g_task_return_new_error (task, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, "The variable “%s” is no object", variable);
}

/**
 * mpel_proxy_new_for_variable_async:
 * @loop: (nullable): the loop in whose worker the variable is; `NULL` for the global one
 * @variable: the name of the variable
 * @cancellable: (nullable): ends the waiting
 * @callback: (scope async) (closure user_data): called when the proxy is ready
 * @user_data: handed to @callback
 *
 * Makes a proxy of the object that a named variable of the worker is.
 *
 * If there is a proxy of that object already, it is that one. Its type is chosen as
 * [func@Proxy.new_async] does. Fails with
 * [MPEL_LOOP_ERROR_NO_SUCH_OBJECT][error@LoopError] if there is no such variable, or if it is a value.
 *
 * Since: 0.1
 */
void
mpel_proxy_new_for_variable_async (MpelEventLoop *loop, const char *variable, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const none[] = { NULL };

  g_autoptr (GTask) task = NULL;
  g_autoptr (MpelRemote) remote = NULL;

  g_return_if_fail (loop == NULL || MPEL_IS_EVENT_LOOP (loop));
  g_return_if_fail (variable != NULL);

  loop = choose_loop (loop);
  task = mpel_event_loop_new_task_for (loop, NULL, mpel_proxy_new_for_variable_async, "[mpel] new proxy for variable", cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (variable), g_free);
  if (g_task_return_error_if_cancelled (task))
    return;

  remote = mpel_remote_new_for_variable (loop, variable);
  /* Nothing is watched for this; but the answer mentions the object. */
  ask (loop, mpel_event_new_hidden (remote, MPEL_BUILTIN_WATCH, g_variant_new ("(^as^as^as)", none, none, none)), looked_at_cb, task);
}

/**
 * mpel_proxy_new_for_variable_finish: (constructor)
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [func@Proxy.new_for_variable_async].
 *
 * Returns: (transfer full): a proxy, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelProxy *
mpel_proxy_new_for_variable_finish (GAsyncResult *result, GError **error)
{
  return finish (result, mpel_proxy_new_for_variable_async, error);
}
