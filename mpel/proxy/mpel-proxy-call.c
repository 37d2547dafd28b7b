/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"

/* Methods of the object. The event mentions the proxy, and so keeps it until it has ended. */

static MpelEvent *
make_event (MpelProxy *self, const char *method, GVariant *args, GVariant *kwargs)
{
  return mpel_event_new_method (G_OBJECT (self), method, args, kwargs);
}

/**
 * mpel_proxy_call:
 * @self: a proxy
 * @method: the name of a method of the object
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @error: return location for an error
 *
 * Makes an event that runs a method of the object, and adds it to the loop.
 *
 * It is an event like all others: the handlers of the loop hear of its end. To hand other objects to
 * a method, make the event with [ctor@Event.new_method] instead, and mention them with
 * [method@Event.add_object].
 *
 * Fails at once if the object is lost or gone, with
 * [MPEL_LOOP_ERROR_WORKER_LOST][error@LoopError] or
 * [MPEL_LOOP_ERROR_NO_SUCH_OBJECT][error@LoopError]; and as [method@EventLoop.add_event] does.
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_proxy_call (MpelProxy *self, const char *method, GVariant *args, GVariant *kwargs, GError **error)
{
  g_autoptr (MpelEvent) event = NULL;

  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);
  g_return_val_if_fail (method != NULL, NULL);

  event = make_event (self, method, args, kwargs);
  if (!mpel_proxy_check_open (self, error) || !mpel_event_loop_add_event (mpel_proxy_get_loop (self), event, error))
    return NULL;
  return g_steal_pointer (&event);
}

static GTask *
new_task (MpelProxy *self, gpointer tag, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  return mpel_event_loop_new_task_for (mpel_proxy_get_loop (self), self, tag, name, cancellable, callback, user_data);
}

/* Takes @task. */
static void
start_call (MpelProxy *self, GTask *task, const char *method, GVariant *args, GVariant *kwargs, MpelEndHookFunc func)
{
  g_autoptr (GTask) owned = task;
  g_autoptr (MpelEvent) event = make_event (self, method, args, kwargs);
  GError *error = NULL;

  if (mpel_proxy_check_open (self, &error))
    mpel_event_loop_start_call (mpel_proxy_get_loop (self), g_steal_pointer (&event), func, task);
  else
    g_task_return_error (task, error);
}

/**
 * mpel_proxy_call_async:
 * @self: a proxy
 * @method: the name of a method of the object
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @cancellable: (nullable): cancels the event, see [method@Event.cancel]
 * @callback: (scope async) (closure user_data): called when the method has ended
 * @user_data: handed to @callback
 *
 * Runs a method of the object and hands its results to the caller.
 *
 * See [method@Proxy.call]. The properties that the method changed have changed here when @callback is
 * called, and so have the [property@Proxy:getters].
 *
 * Since: 0.1
 */
void
mpel_proxy_call_async (MpelProxy *self, const char *method, GVariant *args, GVariant *kwargs, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (MPEL_IS_PROXY (self));
  g_return_if_fail (method != NULL);

  task = new_task (self, mpel_proxy_call_async, "[mpel] call method", cancellable, callback, user_data);
  start_call (self, task, method, args, kwargs, mpel_event_loop_call_ended_cb);
}

static gboolean
is_result (MpelProxy *self, GAsyncResult *result, gpointer tag)
{
  return g_task_is_valid (result, self) && g_async_result_is_tagged (result, tag);
}

/**
 * mpel_proxy_call_finish:
 * @self: a proxy
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Proxy.call_async].
 *
 * Returns: (transfer full): the results, `()` if the loop has none; or `NULL` with an error
 *
 * Since: 0.1
 */
GVariant *
mpel_proxy_call_finish (MpelProxy *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);
  g_return_val_if_fail (is_result (self, result, mpel_proxy_call_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Returns: the handle in `h` or `(h)`; or -1 */
static int
get_handle (GVariant *results)
{
  int handle = -1;

  if (results != NULL && g_variant_is_of_type (results, G_VARIANT_TYPE_HANDLE))
    handle = g_variant_get_handle (results);
  else if (results != NULL && g_variant_is_of_type (results, G_VARIANT_TYPE ("(h)")))
    g_variant_get (results, "(h)", &handle);
  return handle;
}

static void
call_object_ended_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  GTask *task = user_data;
  int    handle = get_handle (results);
  g_autoptr (MpelProxy) proxy = NULL;

  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      return;
    }

  proxy = handle >= 0 ? mpel_proxy_get_for_result (event, handle) : NULL;
  if (proxy != NULL)
    mpel_proxy_return_made (g_steal_pointer (&proxy), g_object_ref (task));
  else
    g_task_return_new_error (task,
                             MPEL_LOOP_ERROR,
                             MPEL_LOOP_ERROR_NO_SUCH_OBJECT,
                             "The method “%s” returned no object",
                             mpel_event_get_target (event));
}

/**
 * mpel_proxy_call_object_async:
 * @self: a proxy
 * @method: the name of a method of the object
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @cancellable: (nullable): cancels the event, see [method@Event.cancel]
 * @callback: (scope async) (closure user_data): called when the object that was returned is there
 * @user_data: handed to @callback
 *
 * Runs a method that returns an object, and hands a proxy of that to the caller.
 *
 * See [method@Proxy.call_async], and [func@Proxy.get_for_result] for the type of the proxy. It is ready
 * when @callback is called.
 *
 * Since: 0.1
 */
void
mpel_proxy_call_object_async (MpelProxy *self, const char *method, GVariant *args, GVariant *kwargs, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (MPEL_IS_PROXY (self));
  g_return_if_fail (method != NULL);

  task = new_task (self, mpel_proxy_call_object_async, "[mpel] call method for object", cancellable, callback, user_data);
  start_call (self, task, method, args, kwargs, call_object_ended_cb);
}

/**
 * mpel_proxy_call_object_finish:
 * @self: a proxy
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Proxy.call_object_async].
 *
 * Fails with [MPEL_LOOP_ERROR_NO_SUCH_OBJECT][error@LoopError] if the method returned something else.
 *
 * Returns: (transfer full): a proxy, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelProxy *
mpel_proxy_call_object_finish (MpelProxy *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);
  g_return_val_if_fail (is_result (self, result, mpel_proxy_call_object_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
