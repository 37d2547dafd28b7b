/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-plain-values-private.h"
#include "mpel-worker-gen.h"

static GVariant *
make_tuple (GVariant *args)
{
  g_autoptr (GPtrArray) children = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  GVariantIter iter;
  GVariant    *child;

  g_variant_iter_init (&iter, args);
  while (g_variant_iter_next (&iter, "v", &child))
    g_ptr_array_add (children, child);
  return g_variant_new_tuple ((GVariant *const *) children->pdata, children->len);
}

static void
return_results (GDBusMethodInvocation *call, GVariant *results)
{
  if (g_variant_is_of_type (results, G_VARIANT_TYPE_UNIT))
    results = g_variant_new_array (G_VARIANT_TYPE_VARIANT, NULL, 0);

  if (mpel_plain_fits (results))
    g_dbus_method_invocation_return_value (call, g_variant_new ("(v)", results));
  else
    g_dbus_method_invocation_return_error (call,
                                           MPEL_LOOP_ERROR,
                                           MPEL_LOOP_ERROR_FAILED,
                                           "D-Bus cannot carry results of type “%s”",
                                           g_variant_get_type_string (results));
}

/* A call on its way. */
typedef struct
{
  GDBusMethodInvocation *call;    /* (owned) */
  MpelObjects           *objects; /* (owned) (nullable) exactly when it is a method of one */
  GMainContext          *context; /* (owned) the main thread's */
  MpelInvocation        *over;    /* (owned) (nullable) itself, on its way to the main thread */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_object (&self->call);
  g_clear_pointer (&self->objects, mpel_objects_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

/* On the main thread: the method may have changed what getters return; and the object is let go. */
static gboolean
method_over_cb (gpointer user_data)
{
  Call *self = user_data;

  mpel_objects_read_getters (self->objects, mpel_invocation_get_object (self->over));
  mpel_invocation_clear_mentions (self->over);
  return G_SOURCE_REMOVE;
}

/* May be the last to hold it. */
static void
drop_over (gpointer user_data)
{
  Call *self = user_data;
  g_autoptr (MpelInvocation) invocation = g_steal_pointer (&self->over);
}

static void
end_method (Call *self, MpelInvocation *invocation)
{
  g_autoptr (GSource) source = NULL;

  self->over = g_object_ref (invocation);
  if (g_main_context_is_owner (self->context))
    {
      method_over_cb (self);
      drop_over (self);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[mpel] end a method on the main thread");
  g_source_set_callback (source, method_over_cb, self, drop_over);
  g_source_attach (source, self->context);
}

/* From any thread. */
static void
answer_call_cb (MpelInvocation *invocation, GVariant *results, const MpelFailure *failure, gpointer user_data)
{
  Call *self = user_data;

  /* Both take the reference that came with the call; ours is the invocation's. */
  if (failure != NULL)
    g_dbus_method_invocation_return_gerror (self->call, failure->error);
  else
    return_results (self->call, results);

  if (self->objects != NULL)
    end_method (self, invocation);
}

MpelInvocation *
mpel_plain_new_invocation (GDBusMethodInvocation *call, const char *target, GVariant *args, GVariant *kwargs, MpelObjects *objects, GObject *object)
{
  g_autoptr (MpelCall) itself = mpel_call_new (NULL, 0, TRUE, FALSE);
  Call           *self = g_new0 (Call, 1);
  MpelInvocation *invocation;

  self->call = g_object_ref (call);
  self->objects = objects != NULL ? mpel_objects_ref (objects) : NULL;
  self->context = g_main_context_ref_thread_default ();
  invocation = mpel_invocation_new (itself, target, make_tuple (args), kwargs, answer_call_cb, self, call_free);
  if (object != NULL)
    mpel_invocation_get_mentions (invocation)->object = g_object_ref (object);
  return invocation;
}

static gboolean
handle_call_cb (MpelGenWorker1 *skeleton, GDBusMethodInvocation *call, const char *target, GVariant *args, GVariant *kwargs, gpointer user_data)
{
  g_autoptr (MpelInvocation) invocation = mpel_plain_new_invocation (call, target, args, kwargs, NULL, NULL);

  mpel_registry_run_target (user_data, invocation);
  return TRUE;
}

/* Returns (transfer full) what mpel_plain_unexport takes. @registry must outlive it. */
GDBusInterfaceSkeleton *
mpel_plain_export (GDBusConnection *connection, MpelRegistry *registry, GError **error)
{
  g_autoptr (MpelGenWorker1) skeleton = mpel_gen_worker1_skeleton_new ();

  g_signal_connect (skeleton, "handle-call", G_CALLBACK (handle_call_cb), registry);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (skeleton), connection, MPEL_WORKER_PATH, error))
    return NULL;
  return G_DBUS_INTERFACE_SKELETON (g_steal_pointer (&skeleton));
}

void
mpel_plain_unexport (GDBusInterfaceSkeleton *skeleton)
{
  g_dbus_interface_skeleton_unexport (skeleton);
  g_object_unref (skeleton);
}
