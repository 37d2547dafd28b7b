/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-classes-private.h"

#include "mpel-loop-error.h"

/* A getter is a method like any other, called by nobody's event: its answer is caught here. Who
 * answers later, from any thread, does so into what nobody reads any more. */

typedef struct
{
  gatomicrefcount ref_count;
  GMutex          mutex;   /* for all below */
  GVariant       *results; /* (owned) (nullable) */
  GError         *error;   /* (owned) (nullable) */
} Catch;

static Catch *
catch_new (void)
{
  Catch *self = g_new0 (Catch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  return self;
}

static void
catch_unref (Catch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->results, g_variant_unref);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
catch_cb (MpelInvocation *invocation, GVariant *results, const MpelFailure *failure, gpointer user_data)
{
  Catch *self = user_data;

  g_mutex_lock (&self->mutex);
  if (failure != NULL)
    self->error = g_error_copy (failure->error);
  else
    self->results = g_variant_ref (results);
  g_mutex_unlock (&self->mutex);
}

static GVariant *
catch_steal (Catch *self, GError **error)
{
  GVariant *results;

  g_mutex_lock (&self->mutex);
  results = g_steal_pointer (&self->results);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (results == NULL)
    g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_RESULT, "It does not answer at once");
  g_mutex_unlock (&self->mutex);
  return results;
}

static MpelInvocation *
make_invocation (const char *name, Catch *caught)
{
  g_autoptr (MpelCall) call = mpel_call_new (NULL, 0, TRUE, FALSE);

  g_atomic_ref_count_inc (&caught->ref_count);
  return mpel_invocation_new (call, name, g_variant_new_tuple (NULL, 0), NULL, catch_cb, caught, (GDestroyNotify) catch_unref);
}

/* Returns: (transfer full) (nullable) */
GVariant *
mpel_classes_call_getter (MpelClasses *self, GObject *object, const char *name, GError **error)
{
  Catch *caught = catch_new ();
  g_autoptr (MpelInvocation) invocation = make_invocation (name, caught);
  GVariant *results;

  mpel_classes_run_method (self, object, invocation);
  results = catch_steal (caught, error);
  if (results == NULL)
    g_prefix_error (error, "Getter “%s” of %s: ", name, G_OBJECT_TYPE_NAME (object));
  catch_unref (caught);
  return results;
}
