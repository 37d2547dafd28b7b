/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-worker-private.h"

#include "mpel-names-private.h"

/* What a program says of the objects that live in its worker. */

/**
 * mpel_worker_add_class:
 * @self: the worker
 * @type: a class that can be instantiated
 * @name: (nullable): what hosts call it, or `NULL` for the name of the type
 *
 * Makes a class known, so that hosts can make objects of it here.
 *
 * Any class whose type is registered in this process can be made by its type name: this sees to it
 * that the type is registered, and gives it another name. A type that is added again under another
 * name has both, and tells the latter to hosts.
 *
 * Properties that a [struct@GLib.Variant] can carry travel; those of other types stay as they are.
 *
 * Since: 0.1
 */
void
mpel_worker_add_class (MpelWorker *self, GType type, const char *name)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (G_TYPE_IS_OBJECT (type));
  g_return_if_fail (name == NULL || *name != '\0');

  mpel_classes_add (self->classes, type, name);
}

static gboolean
is_method_name (const char *name)
{
  return *name != '\0' && !g_str_has_prefix (name, MPEL_BUILTIN_PREFIX);
}

static gboolean
can_have_methods (GType type)
{
  return G_TYPE_IS_OBJECT (type) || G_TYPE_IS_INTERFACE (type);
}

/**
 * mpel_worker_add_method:
 * @self: the worker
 * @type: a class, or an interface
 * @name: the name that events use; none that begins with `mpel:`
 * @func: (scope notified) (closure user_data) (destroy destroy): the method
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Adds a method to a class, which answers by returning.
 *
 * Subclasses inherit it, and those who implement an interface its methods; the method of the nearest
 * class is called. A second method of the same class and name replaces the first.
 *
 * A method without arguments may be a getter of a proxy: it is called again after each method of the
 * object, so that the host has its value.
 *
 * An event that asks for a method that its object does not have ends with
 * [MPEL_LOOP_ERROR_NO_SUCH_TARGET][error@LoopError].
 *
 * Since: 0.1
 */
void
mpel_worker_add_method (MpelWorker *self, GType type, const char *name, MpelMethodFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (can_have_methods (type));
  g_return_if_fail (name != NULL && is_method_name (name));
  g_return_if_fail (func != NULL);

  mpel_classes_add_method (self->classes, type, name, func, NULL, user_data, destroy);
}

/**
 * mpel_worker_add_method_handler:
 * @self: the worker
 * @type: a class, or an interface
 * @name: the name that events use; none that begins with `mpel:`
 * @func: (scope notified) (closure user_data) (destroy destroy): the handler
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Adds a method to a class, which answers through its invocation, now or later.
 *
 * [method@Invocation.get_object] gives the object. In all else it is as with
 * [method@Worker.add_method]; a handler that answers later is no getter.
 *
 * Since: 0.1
 */
void
mpel_worker_add_method_handler (MpelWorker *self, GType type, const char *name, MpelHandlerFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (can_have_methods (type));
  g_return_if_fail (name != NULL && is_method_name (name));
  g_return_if_fail (func != NULL);

  mpel_classes_add_method (self->classes, type, name, NULL, func, user_data, destroy);
}

/**
 * mpel_worker_set_variable:
 * @self: the worker
 * @name: the name of the variable
 * @object: (nullable): the object, or `NULL` to have no such variable any more
 *
 * Keeps an object under a name, by which hosts can call its methods.
 *
 * What the initializer sets is there before the first event. All variables end with the worker.
 *
 * Since: 0.1
 */
void
mpel_worker_set_variable (MpelWorker *self, const char *name, GObject *object)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (name != NULL && *name != '\0');
  g_return_if_fail (object == NULL || G_IS_OBJECT (object));

  mpel_variables_set (self->variables, name, object, NULL);
}

/**
 * mpel_worker_set_variable_value:
 * @self: the worker
 * @name: the name of the variable
 * @value: (nullable): the value, of any type, or `NULL` to have no such variable any more; a floating
 *   reference is taken
 *
 * Keeps a value under a name, by which hosts can ask for it.
 *
 * Since: 0.1
 */
void
mpel_worker_set_variable_value (MpelWorker *self, const char *name, GVariant *value)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (name != NULL && *name != '\0');

  mpel_variables_set (self->variables, name, NULL, value);
}

/**
 * mpel_worker_get_variable:
 * @self: the worker
 * @name: the name of the variable
 *
 * Gets the object that is kept under a name.
 *
 * Returns: (transfer none) (nullable): the object, or `NULL` when there is no such variable, or it is
 *   a value
 *
 * Since: 0.1
 */
GObject *
mpel_worker_get_variable (MpelWorker *self, const char *name)
{
  GObject  *object;
  GVariant *value;

  g_return_val_if_fail (MPEL_IS_WORKER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  mpel_variables_find (self->variables, name, &object, &value);
  return object;
}

/**
 * mpel_worker_get_variable_value:
 * @self: the worker
 * @name: the name of the variable
 *
 * Gets the value that is kept under a name.
 *
 * Returns: (transfer none) (nullable): the value, or `NULL` when there is no such variable, or it is
 *   an object
 *
 * Since: 0.1
 */
GVariant *
mpel_worker_get_variable_value (MpelWorker *self, const char *name)
{
  GObject  *object;
  GVariant *value;

  g_return_val_if_fail (MPEL_IS_WORKER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  mpel_variables_find (self->variables, name, &object, &value);
  return value;
}
