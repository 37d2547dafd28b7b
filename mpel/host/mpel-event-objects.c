/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-value-private.h"

/* What an event says of objects. Which of them the worker has already, and what it must be told, is
 * for the loop to find out: mpel-event-loop-objects.c. */

void
mpel_event_clear_objects (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  g_clear_object (&priv->object);
  g_clear_pointer (&priv->variable, g_free);
  g_clear_pointer (&priv->objects, g_ptr_array_unref);
  g_clear_pointer (&priv->remote, mpel_remote_unref);
  g_clear_pointer (&priv->beside, mpel_remote_unref);
  g_clear_pointer (&priv->result_remotes, g_ptr_array_unref);
  mpel_event_ticket_clear_objects (&priv->ticket);
}

gboolean
mpel_event_ticket_has_objects (const MpelEventTicket *ticket)
{
  return ticket->remote != NULL || ticket->mentioned != NULL || ticket->beside != NULL;
}

void
mpel_event_ticket_clear_objects (MpelEventTicket *ticket)
{
  g_clear_pointer (&ticket->remote, mpel_remote_unref);
  g_clear_pointer (&ticket->renewed, g_variant_unref);
  g_clear_pointer (&ticket->mentioned, g_ptr_array_unref);
  g_clear_pointer (&ticket->beside, mpel_remote_unref);
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, reason);
  return FALSE;
}

gboolean
mpel_event_check_objects (MpelEvent *self, GError **error)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  if (priv->object != NULL && priv->variable != NULL)
    return refuse (error, "An event is the method of an object or of a variable, not of both");
  if (priv->variable != NULL && (priv->variable[0] == '\0' || !g_utf8_validate (priv->variable, -1, NULL)))
    return refuse (error, "The name of a variable is not valid UTF-8, or empty");
  if ((priv->object != NULL || priv->variable != NULL) && mpel_event_is_class_event (self))
    return refuse (error, "An event of a class that overrides run is no method of anything else");
  if (priv->re_register && priv->object == NULL)
    return refuse (error, "An event without an object has nothing to register again");
  if (priv->target != NULL && !priv->is_builtin && g_str_has_prefix (priv->target, MPEL_BUILTIN_PREFIX))
    return refuse (error, "Targets that begin with “" MPEL_BUILTIN_PREFIX "” are the library's own");
  return TRUE;
}

/* @remote: (nullable) */
MpelEvent *
mpel_event_new_hidden (MpelRemote *remote, const char *target, GVariant *args)
{
  MpelEvent        *self = mpel_event_new (target, args, NULL);
  MpelEventPrivate *priv = mpel_event_get_private (self);

  priv->remote = remote != NULL ? mpel_remote_ref (remote) : NULL;
  priv->is_builtin = TRUE;
  priv->is_hidden = TRUE;
  return self;
}

void
mpel_event_set_beside (MpelEvent *self, MpelRemote *remote)
{
  mpel_event_get_private (self)->beside = mpel_remote_ref (remote);
}

/* Takes a floating reference. Returns FALSE when it is too late, or would be out of order. */
gboolean
mpel_event_replace_args (MpelEvent *self, GVariant *args)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);
  g_autoptr (GVariant) owned = g_variant_ref_sink (args);

  if (priv->ticket.queue == NULL || !mpel_event_loop_has_last (priv->ticket.loop, self))
    return FALSE;
  g_variant_unref (priv->args);
  priv->args = g_steal_pointer (&owned);
  return TRUE;
}

MpelRemote *
mpel_event_get_result_remote (MpelEvent *self, int handle)
{
  GPtrArray *remotes = mpel_event_get_private (self)->result_remotes;

  return remotes != NULL && handle >= 0 && (guint) handle < remotes->len ? remotes->pdata[handle] : NULL;
}

/**
 * mpel_event_new_method:
 * @object: the object, or a proxy of it
 * @method: (nullable): the name of the method, or `NULL` to bring its state back
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 *
 * Creates an event that calls a method of an object.
 *
 * See [property@Event:object].
 *
 * Returns: (transfer full): the event
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_new_method (GObject *object, const char *method, GVariant *args, GVariant *kwargs)
{
  MpelEvent *self;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  self = mpel_event_new (method, args, kwargs);
  mpel_event_get_private (self)->object = g_object_ref (object);
  return self;
}

/**
 * mpel_event_new_var:
 * @variable: the name of a variable in the worker
 * @method: (nullable): the name of the method, or `NULL` to get its value
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 *
 * Creates an event that calls a method of a named variable.
 *
 * See [property@Event:variable].
 *
 * Returns: (transfer full): the event
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_new_var (const char *variable, const char *method, GVariant *args, GVariant *kwargs)
{
  MpelEvent *self;

  g_return_val_if_fail (variable != NULL, NULL);

  self = mpel_event_new (method, args, kwargs);
  mpel_event_get_private (self)->variable = g_strdup (variable);
  return self;
}

/**
 * mpel_event_get_object: (get-property object)
 * @self: an event
 *
 * Gets the object whose method the event calls.
 *
 * Returns: (transfer none) (nullable): the object
 *
 * Since: 0.1
 */
GObject *
mpel_event_get_object (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->object;
}

/**
 * mpel_event_set_object: (set-property object)
 * @self: an event that is not pending
 * @object: (nullable): the object, or a proxy of it
 *
 * Sets the object whose method the event calls.
 *
 * Since: 0.1
 */
void
mpel_event_set_object (MpelEvent *self, GObject *object)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  if (g_set_object (&mpel_event_get_private (self)->object, object))
    g_object_notify (G_OBJECT (self), "object");
}

/**
 * mpel_event_get_variable: (get-property variable)
 * @self: an event
 *
 * Gets the name of the variable whose method the event calls.
 *
 * Returns: (transfer none) (nullable): the name
 *
 * Since: 0.1
 */
const char *
mpel_event_get_variable (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->variable;
}

/**
 * mpel_event_set_variable: (set-property variable)
 * @self: an event that is not pending
 * @variable: (nullable): the name
 *
 * Sets the name of the variable whose method the event calls.
 *
 * Since: 0.1
 */
void
mpel_event_set_variable (MpelEvent *self, const char *variable)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  priv = mpel_event_get_private (self);
  if (g_strcmp0 (priv->variable, variable) == 0)
    return;
  g_free (priv->variable);
  priv->variable = g_strdup (variable);
  g_object_notify (G_OBJECT (self), "variable");
}

static void
set_flag (MpelEvent *self, gboolean *flag, gboolean value, const char *property)
{
  if (*flag == value)
    return;
  *flag = value;
  g_object_notify (G_OBJECT (self), property);
}

/**
 * mpel_event_get_cache: (get-property cache)
 * @self: an event
 *
 * Tells whether the event uses objects that the worker keeps.
 *
 * Returns: whether it does
 *
 * Since: 0.1
 */
gboolean
mpel_event_get_cache (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return mpel_event_get_private (self)->cache;
}

/**
 * mpel_event_set_cache: (set-property cache)
 * @self: an event that is not pending
 * @cache: whether it does
 *
 * Sets whether the event uses objects that the worker keeps.
 *
 * Since: 0.1
 */
void
mpel_event_set_cache (MpelEvent *self, gboolean cache)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  set_flag (self, &mpel_event_get_private (self)->cache, !!cache, "cache");
}

/**
 * mpel_event_get_re_register: (get-property re-register)
 * @self: an event
 *
 * Tells whether the worker's object is made anew first.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
mpel_event_get_re_register (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return mpel_event_get_private (self)->re_register;
}

/**
 * mpel_event_set_re_register: (set-property re-register)
 * @self: an event that is not pending
 * @re_register: whether it is
 *
 * Sets whether the worker's object is made anew first.
 *
 * Since: 0.1
 */
void
mpel_event_set_re_register (MpelEvent *self, gboolean re_register)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  set_flag (self, &mpel_event_get_private (self)->re_register, !!re_register, "re-register");
}

/**
 * mpel_event_get_save_variables: (get-property save-variables)
 * @self: an event
 *
 * Tells whether the results become named variables in the worker.
 *
 * Returns: whether they do
 *
 * Since: 0.1
 */
gboolean
mpel_event_get_save_variables (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return mpel_event_get_private (self)->save_variables;
}

/**
 * mpel_event_set_save_variables: (set-property save-variables)
 * @self: an event that is not pending
 * @save_variables: whether they do
 *
 * Sets whether the results become named variables in the worker.
 *
 * Since: 0.1
 */
void
mpel_event_set_save_variables (MpelEvent *self, gboolean save_variables)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_added (self));

  set_flag (self, &mpel_event_get_private (self)->save_variables, !!save_variables, "save-variables");
}

/**
 * mpel_event_add_object:
 * @self: an event that is not pending
 * @object: an object, or a proxy of one in the worker
 *
 * Lets the event mention an object among its arguments.
 *
 * Put the handle into the arguments with [ctor@GLib.Variant.new_handle], at any depth; the worker
 * finds the object with [method@Invocation.lookup_object]. A proxy stands for its object. Any other
 * object travels by value, as a copy that lives for the event; unless [property@Event:cache] is set
 * and the loop has the object cached, when it stands for what the worker keeps. The event's own
 * [property@Event:object] is one and the same among its arguments.
 *
 * Returns: the handle
 *
 * Since: 0.1
 */
int
mpel_event_add_object (MpelEvent *self, GObject *object)
{
  MpelEventPrivate *priv;
  guint             index;

  g_return_val_if_fail (MPEL_IS_EVENT (self), -1);
  g_return_val_if_fail (G_IS_OBJECT (object), -1);
  g_return_val_if_fail (!mpel_event_is_added (self), -1);

  priv = mpel_event_get_private (self);
  if (priv->objects == NULL)
    priv->objects = g_ptr_array_new_with_free_func (g_object_unref);
  if (g_ptr_array_find (priv->objects, object, &index))
    return (int) index;
  g_ptr_array_add (priv->objects, g_object_ref (object));
  return (int) priv->objects->len - 1;
}

/**
 * mpel_event_update_object:
 * @self: an event that has ended
 * @error: return location for an error
 *
 * Gives the event's object the state that the event has brought back.
 *
 * This is for an event with an [property@Event:object] and without a target, such as that of
 * [method@EventLoop.cache_object]. Of the worker's properties those are set here that the object has
 * and that can be set; nothing is set if one of them has a wrong type or is out of range.
 *
 * Fails with [MPEL_LOOP_ERROR_INVALID_ARGUMENTS][error@LoopError] if the event brought no such state.
 *
 * Returns: whether the object was updated
 *
 * Since: 0.1
 */
gboolean
mpel_event_update_object (MpelEvent *self, GError **error)
{
  MpelEventPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  priv = mpel_event_get_private (self);
  if (priv->object == NULL || priv->results == NULL || !g_variant_is_of_type (priv->results, G_VARIANT_TYPE_VARDICT))
    return refuse (error, "The event has not brought back the state of an object");
  return mpel_value_apply_state (priv->object, priv->results, error);
}
