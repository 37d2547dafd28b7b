/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-invocation-private.h"

#include "mpel-calls-private.h"
#include "mpel-loop-error.h"

/* What an invocation can do before it is answered. The work is done by its call, the outbox and
 * the rota. */

/**
 * mpel_invocation_get_cancellable:
 * @self: an invocation
 *
 * Gets what is cancelled when the host wants the event no more.
 *
 * Hand it to what the target waits for, or ask it from time to time. The host is not kept waiting:
 * a target that is cancelled may answer as it likes, or go on.
 *
 * It is cancelled in another thread, also while this one computes, and so its handlers run there.
 * [signal@Invocation::cancelled] comes in this one. In JavaScript, which has one thread, handlers of
 * the cancellable must not be connected: at best they are not called. To ask it, and to hand it to
 * functions of GIO, is safe there too.
 *
 * Safe from any thread.
 *
 * Returns: (transfer none): the cancellable, the same each time
 *
 * Since: 0.1
 */
GCancellable *
mpel_invocation_get_cancellable (MpelInvocation *self)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), NULL);

  return mpel_call_get_cancellable (mpel_invocation_get_call (self));
}

/**
 * mpel_invocation_report_progress:
 * @self: an invocation
 * @fraction: how much is done, from 0 to 1
 * @message: (nullable): what is being done, for a person to read
 *
 * Tells the host how far the event is.
 *
 * Report as often as you like: the host hears the first at once, then the latest every 16
 * milliseconds, and the last one before the event ends.
 *
 * Safe from any thread. Nothing happens once the event is answered, or when nobody listens.
 *
 * Since: 0.1
 */
void
mpel_invocation_report_progress (MpelInvocation *self, double fraction, const char *message)
{
  MpelCall *call;

  g_return_if_fail (MPEL_IS_INVOCATION (self));

  call = mpel_invocation_get_call (self);
  if (!call->is_streamed)
    return;
  /* What is no number is no progress. */
  fraction = fraction >= 0 ? MIN (fraction, 1.0) : 0.0;
  mpel_outbox_add_progress (mpel_calls_get_outbox (call->calls), call, fraction, message != NULL ? message : "");
}

/**
 * mpel_invocation_yield_value:
 * @self: an invocation
 * @value: the value, of any type; a floating reference is taken
 * @error: return location for an error
 *
 * Hands a value to the host before the event ends.
 *
 * Values arrive in order, and before the results. When the host has not taken enough of those
 * before, this blocks until it has, so that memory stays bounded; see
 * [method@Invocation.yield_value_async] for code that must not block.
 *
 * A value that is yielded by an event without output is dropped.
 *
 * The error is [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum] once the event is cancelled,
 * [G_IO_ERROR_CLOSED][error@Gio.IOErrorEnum] when it is answered or the worker is about to leave,
 * [MPEL_LOOP_ERROR_NOT_STREAMED][error@LoopError] when its host takes no values, and [MPEL_LOOP_ERROR_TOO_LARGE][error@LoopError] when the value cannot be carried.
 *
 * Safe from any thread.
 *
 * Returns: whether the value is on its way
 *
 * Since: 0.1
 */
gboolean
mpel_invocation_yield_value (MpelInvocation *self, GVariant *value, GError **error)
{
  g_autoptr (GVariant) owned = NULL;

  g_return_val_if_fail (MPEL_IS_INVOCATION (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  owned = g_variant_ref_sink (value);
  return mpel_call_yield (mpel_invocation_get_call (self), owned, error);
}

/**
 * mpel_invocation_yield_value_async:
 * @self: an invocation
 * @value: the value, of any type; a floating reference is taken
 * @cancellable: (nullable): takes the value back while it waits
 * @callback: (scope async) (closure user_data) (nullable): called when the value is on its way
 * @user_data: handed to @callback
 *
 * Hands a value to the host before the event ends, without blocking.
 *
 * When the host has not taken enough of the values before, the value waits. Yield the next one when
 * the callback comes. Those that wait are sent in order, also while this thread computes.
 *
 * Safe from any thread; the callback comes in the caller's thread-default main context.
 *
 * Since: 0.1
 */
void
mpel_invocation_yield_value_async (MpelInvocation *self, GVariant *value, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MPEL_IS_INVOCATION (self));
  g_return_if_fail (value != NULL);

  owned = g_variant_ref_sink (value);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, mpel_invocation_yield_value_async);
  g_task_set_name (task, "[mpel] yield value");
  /* Of a value that is on its way nobody says that it is not. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;
  mpel_call_yield_async (mpel_invocation_get_call (self), owned, task);
}

/**
 * mpel_invocation_yield_value_finish:
 * @self: an invocation
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Invocation.yield_value_async], with the errors of
 * [method@Invocation.yield_value].
 *
 * Returns: whether the value is on its way
 *
 * Since: 0.1
 */
gboolean
mpel_invocation_yield_value_finish (MpelInvocation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, mpel_invocation_yield_value_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
claim_generator (MpelInvocation *self)
{
  if (mpel_invocation_is_answered (self))
    {
      g_critical ("“%s” was answered before its generator was set", mpel_invocation_get_target (self));
      return FALSE;
    }
  if (!g_atomic_int_compare_and_exchange (&mpel_invocation_get_call (self)->has_generator, FALSE, TRUE))
    {
      g_critical ("“%s” has a generator already", mpel_invocation_get_target (self));
      return FALSE;
    }

  return TRUE;
}

static void
refuse_generator (MpelInvocation *self)
{
  mpel_invocation_settle (self,
                          NULL,
                          g_error_new (MPEL_LOOP_ERROR,
                                       MPEL_LOOP_ERROR_NOT_STREAMED,
                                       "“%s” yields values, which the host of this event does not take",
                                       mpel_invocation_get_target (self)));
}

/**
 * mpel_invocation_set_generator:
 * @self: an invocation
 * @next: (scope notified) (closure user_data) (destroy destroy): makes the next value
 * @user_data: handed to @next
 * @destroy: (nullable): frees @user_data
 *
 * Lets a function yield the values of the event, one each time it is called.
 *
 * It is called in turn with the other generators and with the events that are waiting, whenever the
 * host has taken enough of the values before, until it returns `NULL`. Then the event ends with the
 * empty tuple `()`, or with the error, unless the function has answered. It is not called any more
 * once the event is answered by others, or cancelled, which ends it with
 * [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum].
 *
 * A target sets it while it runs, or later; a function that does returns `NULL`. The generator keeps
 * the invocation alive. When the host takes no values the event ends with
 * [MPEL_LOOP_ERROR_NOT_STREAMED][error@LoopError].
 *
 * To be called on the thread of the worker only, where @next and @destroy are called too. Setting a
 * second one, or setting one after the answer, is a programming error.
 *
 * Since: 0.1
 */
void
mpel_invocation_set_generator (MpelInvocation *self, MpelGeneratorFunc next, gpointer user_data, GDestroyNotify destroy)
{
  MpelCall *call;

  g_return_if_fail (MPEL_IS_INVOCATION (self));
  g_return_if_fail (next != NULL);

  call = mpel_invocation_get_call (self);
  if (claim_generator (self))
    {
      if (call->is_streamed)
        {
          mpel_rota_add (mpel_calls_get_rota (call->calls), self, next, user_data, destroy);
          return;
        }
      refuse_generator (self);
    }

  if (destroy != NULL)
    destroy (user_data);
}
