/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-invocation-private.h"

#include "mpel-loop-error.h"

/* The objects that an event is about, and those that its results mention. */

/* To be asked by whoever has answered: from then on nothing is added. */
gboolean
mpel_invocation_has_mentions (MpelInvocation *self)
{
  MpelMentions *mentions = mpel_invocation_get_mentions (self);
  MpelCall     *call = mpel_invocation_get_call (self);
  gboolean      has_added;

  g_mutex_lock (&call->mutex);
  has_added = mentions->added != NULL;
  g_mutex_unlock (&call->mutex);
  return has_added || mentions->object != NULL || mentions->objects != NULL;
}

/* Each may be the last reference: whoever disposes of the object finds nothing half-done. */
void
mpel_invocation_clear_mentions (MpelInvocation *self)
{
  MpelMentions *mentions = mpel_invocation_get_mentions (self);

  g_clear_pointer (&mentions->added, g_ptr_array_unref);
  g_clear_pointer (&mentions->objects, g_ptr_array_unref);
  g_clear_object (&mentions->object);
}

/**
 * mpel_invocation_get_object:
 * @self: an invocation
 *
 * Gets the object whose method the event is.
 *
 * It is the invocation's until the event is answered, also if the host releases it meanwhile.
 *
 * Returns: (transfer none) (nullable): the object, or `NULL` when the event is no method, or was
 *   answered
 *
 * Since: 0.1
 */
GObject *
mpel_invocation_get_object (MpelInvocation *self)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), NULL);

  return mpel_invocation_get_mentions (self)->object;
}

/**
 * mpel_invocation_lookup_object:
 * @self: an invocation
 * @handle: a handle from the arguments, as [method@GLib.Variant.get_handle] gives it
 * @error: return location for an error
 *
 * Gets an object that the arguments mention.
 *
 * It is the invocation's until the event is answered, also if the host releases it meanwhile.
 *
 * The error is [MPEL_LOOP_ERROR_NO_SUCH_OBJECT][error@LoopError] when the event mentions no such
 * object, or was answered.
 *
 * Returns: (transfer none) (nullable): the object, or `NULL` with an error
 *
 * Since: 0.1
 */
GObject *
mpel_invocation_lookup_object (MpelInvocation *self, int handle, GError **error)
{
  GPtrArray *objects;

  g_return_val_if_fail (MPEL_IS_INVOCATION (self), NULL);

  objects = mpel_invocation_get_mentions (self)->objects;
  if (objects != NULL && handle >= 0 && (guint) handle < objects->len)
    return objects->pdata[handle];

  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_NO_SUCH_OBJECT,
               "The event “%s” mentions no object %d",
               mpel_invocation_get_target (self),
               handle);
  return NULL;
}

/* Under the lock. */
static int
add_locked (MpelMentions *mentions, GObject *object)
{
  guint index;

  if (mentions->added == NULL)
    mentions->added = g_ptr_array_new_with_free_func (g_object_unref);
  if (!g_ptr_array_find (mentions->added, object, &index))
    {
      index = mentions->added->len;
      g_ptr_array_add (mentions->added, g_object_ref_sink (object));
    }
  return (int) index;
}

/**
 * mpel_invocation_add_object:
 * @self: an invocation
 * @object: the object
 *
 * Adds an object that the results mention, to be kept by the host as a proxy.
 *
 * The results say by the handle where in them it stands:
 *
 * ```c
 * return g_variant_new ("(h)", mpel_invocation_add_object (invocation, G_OBJECT (document)));
 * ```
 *
 * The object stays in the worker, and lives for as long as the host keeps it. An object that is added
 * again has the same handle. When the event fails, or has no output, the host does not learn of it.
 *
 * Safe from any thread. To add an object to an event that was answered is a programming error.
 *
 * Returns: the handle, for [ctor@GLib.Variant.new_handle]
 *
 * Since: 0.1
 */
int
mpel_invocation_add_object (MpelInvocation *self, GObject *object)
{
  MpelCall *call;
  int       handle = -1;

  g_return_val_if_fail (MPEL_IS_INVOCATION (self), -1);
  g_return_val_if_fail (G_IS_OBJECT (object), -1);

  call = mpel_invocation_get_call (self);
  g_mutex_lock (&call->mutex);
  if (!mpel_invocation_is_answered (self))
    handle = add_locked (mpel_invocation_get_mentions (self), object);
  g_mutex_unlock (&call->mutex);
  if (handle < 0)
    g_critical ("“%s” was given an object after its answer", mpel_invocation_get_target (self));
  return handle;
}
