/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-call-private.h"

#include "mpel-calls-private.h"

/* @calls: (nullable) */
MpelCall *
mpel_call_new (MpelCalls *calls, guint64 id, gboolean has_output, gboolean is_streamed)
{
  MpelCall *self = g_new0 (MpelCall, 1);

  self->id = id;
  g_atomic_ref_count_init (&self->ref_count);
  self->calls = calls != NULL ? mpel_calls_ref (calls) : NULL;
  self->has_output = has_output;
  self->is_streamed = is_streamed;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

MpelCall *
mpel_call_ref (MpelCall *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_call_unref (MpelCall *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (g_queue_is_empty (&self->waiting));
  g_clear_error (&self->failure);
  mpel_transit_clear (&self->transit);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->message, g_free);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->calls, mpel_calls_unref);
  g_free (self);
}

/* Any thread. Returns: (transfer none): one that is cancelled with the event, or is already.
 *
 * Who makes it and who cancels both write first and read then, so that one of the two sees the
 * other. */
GCancellable *
mpel_call_get_cancellable (MpelCall *self)
{
  if (g_atomic_pointer_get (&self->cancellable) == NULL)
    {
      g_autoptr (GCancellable) made = g_cancellable_new ();

      if (g_atomic_pointer_compare_and_exchange (&self->cancellable, NULL, made))
        g_steal_pointer (&made);
      if (mpel_call_is_cancelled (self))
        g_cancellable_cancel (self->cancellable);
    }

  return g_atomic_pointer_get (&self->cancellable);
}

gboolean
mpel_call_is_cancelled (MpelCall *self)
{
  return g_atomic_int_get (&self->cancelled);
}

/* Any thread. @invocation: (nullable): NULL while it is disposed of */
void
mpel_call_set_invocation (MpelCall *self, gpointer invocation)
{
  g_mutex_lock (&self->mutex);
  self->invocation = invocation;
  g_mutex_unlock (&self->mutex);
}

/* Main thread. Returns: (transfer full) (nullable): unless it is gone */
gpointer
mpel_call_ref_invocation (MpelCall *self)
{
  gpointer invocation;

  g_mutex_lock (&self->mutex);
  invocation = self->invocation != NULL ? g_object_ref (self->invocation) : NULL;
  g_mutex_unlock (&self->mutex);
  return invocation;
}

/* In GDBus's thread, without a lock: handlers of the cancellable may do anything. */
void
mpel_call_cancel (MpelCall *self)
{
  GCancellable *cancellable;

  g_atomic_int_set (&self->cancelled, TRUE);
  cancellable = g_atomic_pointer_get (&self->cancellable);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  mpel_call_refuse_waiting (self);
}
