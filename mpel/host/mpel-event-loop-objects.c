/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-loop-error.h"
#include "mpel-value-private.h"

/* Which objects the workers keep, and what an event says of them when it is added:
 *
 *   a proxy                → the object that it is a proxy of
 *   an object that is cached, of an event with cache → its copy in the worker
 *   the event's own object, with cache → likewise; it is cached now, if it was not
 *   any other object       → a copy that lives for the event
 */

MpelRealm *
mpel_event_loop_get_realm (MpelEventLoop *self)
{
  return mpel_event_loop_get_private (self)->realm;
}

MpelRemote *
mpel_event_loop_find_remote (MpelEventLoop *self, guint64 id)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelRemote           *found = NULL;

  for (guint i = 0; found == NULL && i < priv->sessions->len; i++)
    found = mpel_session_find_remote (priv->sessions->pdata[i], id);
  return found;
}

void
mpel_event_loop_keep_class (MpelEventLoop *self, const char *class_name, GVariant *description)
{
  g_hash_table_replace (mpel_event_loop_get_private (self)->classes, g_strdup (class_name), g_variant_ref (description));
}

guint
mpel_event_loop_count_classes (MpelEventLoop *self)
{
  return g_hash_table_size (mpel_event_loop_get_private (self)->classes);
}

/* Returns: (transfer none) (nullable) */
GVariant *
mpel_event_loop_get_class (MpelEventLoop *self, const char *class_name)
{
  return g_hash_table_lookup (mpel_event_loop_get_private (self)->classes, class_name);
}

/* @original is being disposed. */
void
mpel_event_loop_forget_original (MpelEventLoop *self, gpointer original, MpelRemote *remote)
{
  GHashTable *cached = mpel_event_loop_get_private (self)->cached;

  if (g_hash_table_lookup (cached, original) == remote)
    g_hash_table_remove (cached, original);
}

void
mpel_event_loop_forget_objects (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  g_hash_table_remove_all (priv->cached);
  g_clear_pointer (&priv->variables, mpel_remote_unref);
}

/* Returns: (transfer full) (nullable): a copy that is kept, or lives for the event */
static MpelRemote *
copy (MpelEventLoop *self, GObject *object, gboolean is_kept, GError **error)
{
  g_autoptr (GVariant) state = mpel_value_collect_properties (object, G_TYPE_OBJECT, error);

  if (state == NULL)
    return NULL;
  if (is_kept)
    return mpel_remote_new_for_original (self, object, state);
  return mpel_remote_new_temporary (self, G_OBJECT_TYPE_NAME (object), state);
}

/* Only now that the event can be added. */
static void
keep_own (MpelEventLoop *self, MpelEventPrivate *event)
{
  GHashTable *cached = mpel_event_loop_get_private (self)->cached;
  MpelRemote *own = event->ticket.remote;

  if (own == NULL || own->original == NULL || own->original != event->object)
    return;
  if (!g_hash_table_contains (cached, event->object))
    g_hash_table_insert (cached, event->object, mpel_remote_ref (own));
}

static MpelRemote *
check_remote (MpelEventLoop *self, MpelRemote *remote, GError **error)
{
  if (mpel_remote_get_loop (remote) == self && !remote->is_lost)
    return remote;
  if (remote->is_lost)
    g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST, "The object of a proxy is gone with its worker");
  else
    g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "The proxy belongs to another loop than the event");
  return NULL;
}

/* Returns: (transfer full) (nullable) */
static MpelRemote *
resolve_proxy (MpelEventLoop *self, MpelRemote *remote, GError **error)
{
  return check_remote (self, remote, error) != NULL ? mpel_remote_ref (remote) : NULL;
}

/* Returns: (transfer full) (nullable) */
static MpelRemote *
resolve (MpelEventLoop *self, GObject *object, gboolean use_cached, gboolean do_cache, GError **error)
{
  MpelRemote *proxied = mpel_remote_find (object);
  MpelRemote *remote = NULL;

  if (proxied != NULL)
    return resolve_proxy (self, proxied, error);
  if (use_cached)
    remote = g_hash_table_lookup (mpel_event_loop_get_private (self)->cached, object);
  return remote != NULL ? mpel_remote_ref (remote) : copy (self, object, do_cache, error);
}

/* Each worker may have one of this name: the event is at home nowhere, but for what it is put beside. */
static MpelRemote *
resolve_variable (MpelEventLoop *self, const char *variable)
{
  MpelRemote *remote = mpel_remote_new_for_variable (self, variable);

  remote->is_temporary = TRUE;
  return remote;
}

/* The event's own object. */
static gboolean
resolve_own (MpelEventLoop *self, MpelEventPrivate *event, GError **error)
{
  MpelEventTicket *ticket = &event->ticket;
  gboolean         cached = event->cache || event->re_register;
  gboolean         was_cached;

  if (event->remote != NULL)
    ticket->remote = resolve_proxy (self, event->remote, error);
  else if (event->variable != NULL)
    ticket->remote = resolve_variable (self, event->variable);
  else if (event->object == NULL)
    return TRUE;
  else
    {
      was_cached = g_hash_table_contains (mpel_event_loop_get_private (self)->cached, event->object);
      ticket->remote = resolve (self, event->object, cached, cached, error);
      if (ticket->remote != NULL && event->re_register && was_cached)
        {
          ticket->renewed = mpel_value_collect_properties (event->object, G_TYPE_OBJECT, error);
          return ticket->renewed != NULL;
        }
    }
  return ticket->remote != NULL;
}

/* The event's own object is the same among its arguments. Returns: (transfer full) (nullable) */
static MpelRemote *
resolve_one (MpelEventLoop *self, MpelEventPrivate *event, GObject *object, GError **error)
{
  if (object == event->object)
    return mpel_remote_ref (event->ticket.remote);
  return resolve (self, object, event->cache, FALSE, error);
}

static gboolean
resolve_mentioned (MpelEventLoop *self, MpelEventPrivate *event, GError **error)
{
  if (event->objects == NULL)
    return TRUE;
  event->ticket.mentioned = g_ptr_array_new_with_free_func ((GDestroyNotify) mpel_remote_unref);
  for (guint i = 0; i < event->objects->len; i++)
    {
      MpelRemote *remote = resolve_one (self, event, event->objects->pdata[i], error);

      if (remote == NULL)
        return FALSE;
      g_ptr_array_add (event->ticket.mentioned, remote);
    }
  return TRUE;
}

/* What was saved is in one worker, and who uses variables after that goes there. What initializers
 * set is in all. */
static void
resolve_beside (MpelEventLoop *self, MpelEventPrivate *event)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  gboolean              uses_variables = event->save_variables || event->variable != NULL ||
                            (event->remote != NULL && event->remote->variable != NULL);

  if (event->save_variables && priv->variables == NULL)
    priv->variables = mpel_remote_new_anchor (self);
  if (event->beside != NULL)
    event->ticket.beside = mpel_remote_ref (event->beside);
  else if (uses_variables && priv->variables != NULL)
    event->ticket.beside = mpel_remote_ref (priv->variables);
}

/* Finds out what the event says to a worker. Objects travel as they are now. */
gboolean
mpel_event_loop_resolve_objects (MpelEventLoop *self, MpelEvent *event, GError **error)
{
  MpelEventPrivate *event_priv = mpel_event_get_private (event);

  mpel_event_ticket_clear_objects (&event_priv->ticket);
  if (resolve_own (self, event_priv, error) && resolve_mentioned (self, event_priv, error))
    {
      keep_own (self, event_priv);
      resolve_beside (self, event_priv);
      return TRUE;
    }
  mpel_event_ticket_clear_objects (&event_priv->ticket);
  return FALSE;
}

static MpelEvent *
add (MpelEventLoop *self, MpelEvent *event, GError **error)
{
  g_autoptr (MpelEvent) owned = event;

  return mpel_event_loop_add_event (self, owned, error) ? g_steal_pointer (&owned) : NULL;
}

/**
 * mpel_event_loop_cache_object:
 * @self: an event loop
 * @object: an object of a class that the worker knows
 * @has_output: whether the object's state is brought back
 * @error: return location for an error
 *
 * Lets the worker keep a copy of an object, which events refer to from then on.
 *
 * The copy is made of the writable properties of @object that can travel, see
 * [method@Worker.add_class]. If the worker has one already, that stays as it is; so with @has_output
 * this brings back what has become of it: see [method@Event.update_object].
 *
 * The worker's object lives until @object is finalized or [method@EventLoop.release_object] is called.
 * If the worker is lost, another one is made, of what @object is then, by the next event that needs
 * it. In a pool one worker keeps the object, and its events go there.
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_cache_object (MpelEventLoop *self, GObject *object, gboolean has_output, GError **error)
{
  MpelEvent *event;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  event = mpel_event_new_method (object, NULL, NULL, NULL);
  mpel_event_set_cache (event, TRUE);
  mpel_event_set_has_output (event, has_output);
  return add (self, event, error);
}

/**
 * mpel_event_loop_re_register:
 * @self: an event loop
 * @object: an object
 * @has_output: whether the object's state is brought back
 * @error: return location for an error
 *
 * Makes the worker's copy of an object anew, of what the object is now.
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_re_register (MpelEventLoop *self, GObject *object, gboolean has_output, GError **error)
{
  MpelEvent *event;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  event = mpel_event_new_method (object, NULL, NULL, NULL);
  mpel_event_set_re_register (event, TRUE);
  mpel_event_set_has_output (event, has_output);
  return add (self, event, error);
}

/**
 * mpel_event_loop_is_object_cached:
 * @self: an event loop
 * @object: an object
 *
 * Tells whether events with [property@Event:cache] refer to a copy of the object in the worker.
 *
 * A proxy of this loop is always cached.
 *
 * Returns: whether they do
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_is_object_cached (MpelEventLoop *self, GObject *object)
{
  MpelRemote *proxied;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  proxied = mpel_remote_find (object);
  if (proxied != NULL)
    return mpel_remote_get_loop (proxied) == self && !proxied->is_lost;
  return g_hash_table_contains (mpel_event_loop_get_private (self)->cached, object);
}

/**
 * mpel_event_loop_release_object:
 * @self: an event loop
 * @object: an object
 *
 * Lets the worker drop its copy of an object, once all events that mention it have ended.
 *
 * This happens by itself when @object is finalized.
 *
 * Returns: whether it was cached
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_release_object (MpelEventLoop *self, GObject *object)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return g_hash_table_remove (mpel_event_loop_get_private (self)->cached, object);
}

/**
 * mpel_event_loop_add_cache_event:
 * @self: an event loop
 * @object: (nullable): the object whose method is called, or `NULL` for a function
 * @target: the name of the method or function
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @error: return location for an error
 *
 * Makes an event that uses the objects that the worker keeps, and adds it.
 *
 * If the worker does not keep @object yet, it does from now on: see [property@Event:cache].
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_add_cache_event (MpelEventLoop *self, GObject *object, const char *target, GVariant *args, GVariant *kwargs, GError **error)
{
  MpelEvent *event;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (object == NULL || G_IS_OBJECT (object), NULL);
  g_return_val_if_fail (target != NULL, NULL);

  event = mpel_event_new (target, args, kwargs);
  mpel_event_set_object (event, object);
  mpel_event_set_cache (event, TRUE);
  return add (self, event, error);
}

/**
 * mpel_event_loop_save_variables:
 * @self: an event loop
 * @target: (nullable): a function or handler in the worker, or `NULL`
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @error: return location for an error
 *
 * Makes an event whose results become named variables in the worker, and adds it.
 *
 * The results of @target must be an `a{sv}`: of each variable its name and value. Without a target
 * @kwargs are saved as they are. See [property@Event:save-variables].
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_save_variables (MpelEventLoop *self, const char *target, GVariant *args, GVariant *kwargs, GError **error)
{
  MpelEvent *event;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  event = mpel_event_new (target, args, kwargs);
  mpel_event_set_save_variables (event, TRUE);
  return add (self, event, error);
}

/**
 * mpel_event_loop_add_var_event:
 * @self: an event loop
 * @variable: the name of a variable in the worker
 * @method: (nullable): the name of the method, or `NULL` to get the variable's value
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 * @error: return location for an error
 *
 * Makes an event that calls a method of a named variable, and adds it.
 *
 * See [property@Event:variable].
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_loop_add_var_event (MpelEventLoop *self, const char *variable, const char *method, GVariant *args, GVariant *kwargs, GError **error)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);
  g_return_val_if_fail (variable != NULL, NULL);

  return add (self, mpel_event_new_var (variable, method, args, kwargs), error);
}
