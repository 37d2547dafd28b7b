/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"
#include "mpel-value-private.h"

/* What becomes of an event while a loop has it. Its states are drawn beside MpelEventPrivate. */

typedef struct
{
  MpelEndHookFunc func;
  GObject        *object; /* (owned) */
} EndHook;

struct _MpelEventEnd
{
  GSList   *hooks;   /* (owned) of (owned) EndHook, oldest first */
  GVariant *results; /* (owned) (nullable) */
  GError   *error;   /* (owned) (nullable) */
};

static void
end_hook_free (EndHook *hook)
{
  g_clear_object (&hook->object);
  g_free (hook);
}

void
mpel_event_clear_end_hooks (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  if (priv->end_hooks != NULL)
    g_slist_free_full (g_steal_pointer (&priv->end_hooks), (GDestroyNotify) end_hook_free);
}

/* Does a loop have it? */
gboolean
mpel_event_is_added (MpelEvent *self)
{
  return mpel_event_get_private (self)->ticket.loop != NULL;
}

/* Has it not ended yet? A loop may still have to deliver one that has. */
gboolean
mpel_event_is_open (MpelEvent *self)
{
  MpelEventState state = mpel_event_get_private (self)->state;

  return state == MPEL_EVENT_STATE_QUEUED || state == MPEL_EVENT_STATE_SENT;
}

gboolean
mpel_event_is_class_event (MpelEvent *self)
{
  return MPEL_EVENT_GET_CLASS (self)->run != NULL;
}

/* To be named in messages. */
const char *
mpel_event_describe (MpelEvent *self)
{
  const char *target = mpel_event_get_private (self)->target;

  return target != NULL ? target : G_OBJECT_TYPE_NAME (self);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, format, args));
  va_end (args);
  return FALSE;
}

/* Is there something to run without a target? */
static gboolean
has_run (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  return mpel_event_is_class_event (self) ||
         (priv->target == NULL && (priv->object != NULL || priv->variable != NULL || priv->save_variables));
}

/* Can it be added? Later is too late: nobody would know whose mistake it was. */
gboolean
mpel_event_check (MpelEvent *self, GError **error)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  if (mpel_event_is_added (self))
    return refuse (error, "The event “%s” was added already and is not delivered yet", mpel_event_describe (self));
  if (!mpel_event_check_objects (self, error))
    return FALSE;
  if ((priv->target == NULL || priv->target[0] == '\0') && !has_run (self))
    return refuse (error, "The event has no target, and its class “%s” does not override run", G_OBJECT_TYPE_NAME (self));
  if (priv->target != NULL && !g_utf8_validate (priv->target, -1, NULL))
    return refuse (error, "The target of an event is not valid UTF-8");
  if (priv->args != NULL && !g_variant_is_of_type (priv->args, G_VARIANT_TYPE_TUPLE))
    return refuse (error, "The arguments of an event are a tuple, not a “%s”", g_variant_get_type_string (priv->args));
  if (priv->kwargs != NULL && !g_variant_is_of_type (priv->kwargs, G_VARIANT_TYPE_VARDICT))
    return refuse (error, "The named arguments of an event are an a{sv}, not a “%s”", g_variant_get_type_string (priv->kwargs));
  return TRUE;
}

/* A class event travels as it was when it was added. */
gboolean
mpel_event_prepare (MpelEvent *self, GError **error)
{
  MpelEventTicket *ticket = &mpel_event_get_private (self)->ticket;

  g_clear_pointer (&ticket->properties, g_variant_unref);
  if (!mpel_event_is_class_event (self))
    return TRUE;
  ticket->properties = mpel_value_collect_properties (G_OBJECT (self), MPEL_TYPE_EVENT, error);
  return ticket->properties != NULL;
}

/* Who is notified finds all of the change done. */
static void
move_on (MpelEvent *self, MpelEventState state, GVariant *results, MpelFailure *failure)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);
  g_autoptr (GVariant) old_results = g_steal_pointer (&priv->results);

  g_clear_pointer (&priv->failure, mpel_failure_free);
  if (state != MPEL_EVENT_STATE_DONE && priv->result_remotes != NULL)
    g_clear_pointer (&priv->result_remotes, g_ptr_array_unref);
  priv->results = results != NULL ? g_variant_ref (results) : NULL;
  priv->failure = failure;
  priv->state = state;

  if (old_results != results)
    mpel_event_tell_results (self);
  mpel_event_tell_state (self);
}

/* Nobody hears of half of it. */
static void
start_anew (MpelEvent *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  mpel_event_set_progress (self, 0, "");
  move_on (self, MPEL_EVENT_STATE_QUEUED, NULL, NULL);
  g_object_thaw_notify (G_OBJECT (self));
}

/* Also again, for another worker, where it starts anew: values of before would be acknowledged to the
 * wrong one. Most have not come anywhere yet, and are cheaper. */
void
mpel_event_become_queued (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  mpel_event_stream_reset (self);
  if (priv->progress != 0 || priv->progress_message != NULL)
    start_anew (self);
  else
    move_on (self, MPEL_EVENT_STATE_QUEUED, NULL, NULL);
}

void
mpel_event_become_sent (MpelEvent *self)
{
  move_on (self, MPEL_EVENT_STATE_SENT, NULL, NULL);
}

/* An empty @message is none. */
void
mpel_event_set_progress (MpelEvent *self, double fraction, const char *message)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);
  const char       *old_message = priv->progress_message != NULL ? priv->progress_message : "";
  gboolean          is_other_message = !g_str_equal (old_message, message);
  gboolean          is_other_fraction = priv->progress != fraction;

  if (is_other_message)
    {
      g_free (priv->progress_message);
      priv->progress_message = message[0] != '\0' ? g_strdup (message) : NULL;
    }
  priv->progress = fraction;
  if (is_other_fraction)
    mpel_event_tell_progress (self);
  if (is_other_message)
    mpel_event_tell_progress_message (self);
}

/* @results: (nullable). Returns whether this was the end. */
gboolean
mpel_event_end_done (MpelEvent *self, GVariant *results)
{
  if (!mpel_event_is_open (self))
    return FALSE;
  move_on (self, MPEL_EVENT_STATE_DONE, results, NULL);
  return TRUE;
}

/* Takes @failure. Returns whether this was the end. */
gboolean
mpel_event_end_failed (MpelEvent *self, MpelEventState state, MpelFailure *failure)
{
  if (!mpel_event_is_open (self))
    {
      mpel_failure_free (failure);
      return FALSE;
    }

  move_on (self, state, NULL, failure);
  return TRUE;
}

/* Copies @error. */
gboolean
mpel_event_end_error (MpelEvent *self, MpelEventState state, const GError *error)
{
  return mpel_event_end_failed (self, state, mpel_failure_new_take (g_error_copy (error)));
}

/* As it was asked to. */
gboolean
mpel_event_end_stopped (MpelEvent *self)
{
  const GError *error = mpel_event_get_private (self)->ticket.stop_error;
  gboolean      was_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  return mpel_event_end_error (self, was_cancelled ? MPEL_EVENT_STATE_CANCELLED : MPEL_EVENT_STATE_FAILED, error);
}

void
mpel_event_add_end_hook (MpelEvent *self, MpelEndHookFunc func, gpointer object)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);
  EndHook          *hook = g_new0 (EndHook, 1);

  hook->func = func;
  hook->object = g_object_ref (object);
  priv->end_hooks = g_slist_prepend (priv->end_hooks, hook);
}

void
mpel_event_remove_end_hook (MpelEvent *self, gpointer object)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);

  for (GSList *l = priv->end_hooks; l != NULL; l = l->next)
    {
      EndHook *hook = l->data;

      if (hook->object != object)
        continue;
      priv->end_hooks = g_slist_delete_link (priv->end_hooks, l);
      end_hook_free (hook);
      return;
    }
}

MpelEventEnd *
mpel_event_steal_end (MpelEvent *self)
{
  MpelEventPrivate *priv = mpel_event_get_private (self);
  g_autoptr (GTask) next = mpel_event_stream_end (self);
  MpelEventEnd *end;

  if (next != NULL)
    mpel_event_add_end_hook (self, mpel_event_stream_ended_cb, next);
  if (priv->end_hooks == NULL)
    return NULL;
  end = g_new0 (MpelEventEnd, 1);
  end->hooks = g_slist_reverse (g_steal_pointer (&priv->end_hooks));
  end->results = priv->results != NULL ? g_variant_ref (priv->results) : NULL;
  end->error = priv->failure != NULL ? g_error_copy (priv->failure->error) : NULL;
  return end;
}

/* Takes @end. */
void
mpel_event_end_tell (MpelEventEnd *end, MpelEvent *event)
{
  for (GSList *l = end->hooks; l != NULL; l = l->next)
    {
      EndHook *hook = l->data;

      hook->func (event, end->results, end->error, hook->object);
    }

  g_slist_free_full (end->hooks, (GDestroyNotify) end_hook_free);
  g_clear_pointer (&end->results, g_variant_unref);
  g_clear_error (&end->error);
  g_free (end);
}

/**
 * mpel_event_get_state: (get-property state)
 * @self: an event
 *
 * Tells how far the event has come.
 *
 * Returns: its state
 *
 * Since: 0.1
 */
MpelEventState
mpel_event_get_state (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), MPEL_EVENT_STATE_NEW);

  return mpel_event_get_private (self)->state;
}

/**
 * mpel_event_is_ended:
 * @self: an event
 *
 * Tells whether the event has ended, in whatever way.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
mpel_event_is_ended (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return mpel_event_get_private (self)->state != MPEL_EVENT_STATE_NEW && !mpel_event_is_open (self);
}

/**
 * mpel_event_get_results: (get-property results)
 * @self: an event
 *
 * Gets what the target returned.
 *
 * Returns: (transfer none) (nullable): the results; `NULL` before the end, after a failure and
 *   without output
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_results (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->results;
}

/**
 * mpel_event_get_error:
 * @self: an event
 *
 * Tells why the event failed.
 *
 * The error is the target's own, with its domain, code and message; one in the [error@LoopError]
 * domain; [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum]; or
 * [G_IO_ERROR_TIMED_OUT][error@Gio.IOErrorEnum].
 *
 * Returns: (transfer none) (nullable): the error, or `NULL` if the event did not fail
 *
 * Since: 0.1
 */
const GError *
mpel_event_get_error (MpelEvent *self)
{
  MpelEventPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  priv = mpel_event_get_private (self);
  return priv->failure != NULL ? priv->failure->error : NULL;
}

/**
 * mpel_event_get_remote_type:
 * @self: an event
 *
 * Gets the class of the exception that made the event fail, in the worker's own language.
 *
 * Returns: (transfer none) (nullable): its name, if there was an exception
 *
 * Since: 0.1
 */
const char *
mpel_event_get_remote_type (MpelEvent *self)
{
  MpelEventPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  priv = mpel_event_get_private (self);
  return priv->failure != NULL ? priv->failure->remote_type : NULL;
}

/**
 * mpel_event_get_traceback:
 * @self: an event
 *
 * Gets where in the worker the exception came from.
 *
 * Returns: (transfer none) (nullable): text for a person to read, if there is any
 *
 * Since: 0.1
 */
const char *
mpel_event_get_traceback (MpelEvent *self)
{
  MpelEventPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  priv = mpel_event_get_private (self);
  return priv->failure != NULL ? priv->failure->traceback : NULL;
}

/**
 * mpel_event_get_progress: (get-property progress)
 * @self: an event
 *
 * Tells which part of its work the event has done, as far as its target tells.
 *
 * Returns: the part, from 0 to 1
 *
 * Since: 0.1
 */
double
mpel_event_get_progress (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), 0);

  return mpel_event_get_private (self)->progress;
}

/**
 * mpel_event_get_progress_message: (get-property progress-message)
 * @self: an event
 *
 * Gets what the target said of its progress last.
 *
 * Returns: (transfer none) (nullable): text for a person to read
 *
 * Since: 0.1
 */
const char *
mpel_event_get_progress_message (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return mpel_event_get_private (self)->progress_message;
}

/**
 * mpel_event_cancel:
 * @self: an event
 *
 * Asks the event to end.
 *
 * One that waits in the host ends with [G_IO_ERROR_CANCELLED][error@Gio.IOErrorEnum] at once and
 * never runs. One that has begun is told by its [method@Invocation.get_cancellable], also while
 * the worker computes, and may answer: with that error, in which case it ends as cancelled, or
 * with anything else. If it has not answered after [property@EventLoop:cancel-grace], its worker
 * is killed, and the event ends as cancelled.
 *
 * The end is told as always, in a later turn of the main context. Does nothing if the event is not
 * pending.
 *
 * Since: 0.1
 */
void
mpel_event_cancel (MpelEvent *self)
{
  MpelEventLoop *loop;
  GError         error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The event was cancelled" };

  g_return_if_fail (MPEL_IS_EVENT (self));

  loop = mpel_event_get_private (self)->ticket.loop;
  if (loop != NULL)
    mpel_event_loop_stop_event (loop, self, &error);
}
