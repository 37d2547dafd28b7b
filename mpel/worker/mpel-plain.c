/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-worker-gen.h"

#include <string.h>

/* D-Bus knows neither maybe types nor empty tuples, wherever they hide; and its handles stand for
 * descriptors, not objects. */
static gboolean
fits_dbus (GVariant *value)
{
  const char  *type = g_variant_get_type_string (value);
  GVariantIter iter;
  GVariant    *child;

  if (strpbrk (type, "mh") != NULL || strstr (type, "()") != NULL)
    return FALSE;
  if (strchr (type, 'v') == NULL)
    return TRUE;

  g_variant_iter_init (&iter, value);
  while ((child = g_variant_iter_next_value (&iter)) != NULL)
    {
      gboolean fits = fits_dbus (child);

      g_variant_unref (child);
      if (!fits)
        return FALSE;
    }

  return TRUE;
}

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

  if (fits_dbus (results))
    g_dbus_method_invocation_return_value (call, g_variant_new ("(v)", results));
  else
    g_dbus_method_invocation_return_error (call,
                                           MPEL_LOOP_ERROR,
                                           MPEL_LOOP_ERROR_FAILED,
                                           "D-Bus cannot carry results of type “%s”",
                                           g_variant_get_type_string (results));
}

static void
answer_call_cb (MpelInvocation *invocation, GVariant *results, const MpelFailure *failure, gpointer user_data)
{
  GDBusMethodInvocation *call = user_data;

  /* Both take the reference that came with the call; ours is the invocation's. */
  if (failure != NULL)
    g_dbus_method_invocation_return_gerror (call, failure->error);
  else
    return_results (call, results);
}

static gboolean
handle_call_cb (MpelGenWorker1 *skeleton, GDBusMethodInvocation *call, const char *target, GVariant *args, GVariant *kwargs, gpointer user_data)
{
  g_autoptr (MpelCall) itself = mpel_call_new (NULL, 0, TRUE, FALSE);
  g_autoptr (MpelInvocation) invocation = NULL;

  invocation = mpel_invocation_new (itself, target, make_tuple (args), kwargs, answer_call_cb, g_object_ref (call), g_object_unref);
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
