/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-call-private.h"

#include "mpel-calls-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"

/* The values of one event, and the room for them. A value takes room, goes into the outbox, and
 * gives the room back when the host acknowledges it. When there is none its thread waits, or the
 * value does: those that wait are handed on in order by who made the room, which is most often
 * GDBus's thread.
 *
 * The lock of the call is never held together with that of the outbox. */

/* A value that waits for room. */
typedef struct
{
  GVariant *value;        /* (owned) */
  GTask    *task;         /* (owned) (nullable) NULL for a value of the generator */
  guint64   number;       /* among those of its event that ever waited */
  GSource  *cancel_watch; /* (owned) (nullable) of the cancellable of @task */
} Waiter;

/* What the watch of a waiter knows of it, which may be gone. */
typedef struct
{
  MpelCall *call; /* (owned) */
  guint64   number;
} Withdrawal;

static Waiter *
waiter_new (GVariant *value, GTask *task)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->value = g_variant_ref (value);
  g_set_object (&waiter->task, task);
  return waiter;
}

static void
waiter_free (Waiter *waiter)
{
  if (waiter->cancel_watch != NULL)
    g_source_destroy (waiter->cancel_watch);
  g_clear_pointer (&waiter->cancel_watch, g_source_unref);
  g_clear_pointer (&waiter->value, g_variant_unref);
  g_clear_object (&waiter->task);
  g_free (waiter);
}

static gboolean
return_task_cb (gpointer user_data)
{
  GTask   *task = user_data;
  GError **result = g_task_get_task_data (task);
  GError  *error = g_steal_pointer (result);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
result_free (GError **result)
{
  g_clear_error (result);
  g_free (result);
}

/* Any thread. Takes @task and @error. The task ends in its own context, and so does our reference:
 * the last one would drop the invocation here. */
static void
end_task (GTask *task, GError *error)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  GError **result = g_new0 (GError *, 1);

  *result = error;
  g_task_set_task_data (task, result, (GDestroyNotify) result_free);
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_static_name (source, "[mpel] end a yield");
  g_source_set_callback (source, return_task_cb, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

/* Takes @error. */
static void
end_waiter (MpelCall *self, Waiter *waiter, GError *error)
{
  if (waiter->task != NULL)
    end_task (g_steal_pointer (&waiter->task), error);
  else if (error != NULL)
    {
      g_mutex_lock (&self->mutex);
      if (self->failure == NULL)
        self->failure = g_steal_pointer (&error);
      g_mutex_unlock (&self->mutex);
      g_clear_error (&error);
    }
  waiter_free (waiter);
}

static void
withdrawal_free (Withdrawal *withdrawal)
{
  g_clear_pointer (&withdrawal->call, mpel_call_unref);
  g_free (withdrawal);
}

/* To broadcast costs a system call, also when nobody is there. Under the lock. */
static void
wake_blocked (MpelCall *self)
{
  if (self->n_blocked > 0)
    g_cond_broadcast (&self->cond);
}

/* Under the lock. */
static void
block (MpelCall *self)
{
  self->n_blocked++;
  g_cond_wait (&self->cond, &self->mutex);
  self->n_blocked--;
}

static gboolean
check_streamed (MpelCall *self, GError **error)
{
  if (self->is_streamed)
    return TRUE;
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NOT_STREAMED, "The host of this event takes no values before its end");
  return FALSE;
}

/* Is anything taken still? Under the lock. */
static gboolean
check_open (MpelCall *self, GError **error)
{
  if (self->answered)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The event was answered already");
  else if (mpel_call_is_cancelled (self))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The event was cancelled");
  else if (self->abandoned)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The host is gone");
  else
    return TRUE;
  return FALSE;
}

/* Under the lock. */
static gboolean
has_room (MpelCall *self, gsize size)
{
  return mpel_transit_has_room (&self->transit, size, MPEL_YIELD_WINDOW, MPEL_YIELD_WINDOW_BYTES);
}

/* Nobody overtakes those who wait. Under the lock. */
static gboolean
must_wait (MpelCall *self, gsize size)
{
  return self->serving || !g_queue_is_empty (&self->waiting) || !has_room (self, size);
}

static void
give_room_back (MpelCall *self, gsize size)
{
  g_mutex_lock (&self->mutex);
  mpel_transit_remove (&self->transit, size);
  wake_blocked (self);
  g_mutex_unlock (&self->mutex);
}

/* For a value that has its room. */
static gboolean
hand_on (MpelCall *self, GVariant *value, GError **error)
{
  if (mpel_outbox_add_yield (mpel_calls_get_outbox (self->calls), self, value, error))
    return TRUE;
  give_room_back (self, g_variant_get_size (value));
  return FALSE;
}

/* Under the lock. Returns: (transfer full) (nullable): who has room now */
static Waiter *
pop_served (MpelCall *self)
{
  Waiter *waiter = g_queue_peek_head (&self->waiting);

  if (waiter == NULL || !has_room (self, g_variant_get_size (waiter->value)))
    return NULL;
  mpel_transit_add (&self->transit, g_variant_get_size (waiter->value));
  return g_queue_pop_head (&self->waiting);
}

static void
serve_waiting (MpelCall *self)
{
  Waiter *waiter;

  g_mutex_lock (&self->mutex);
  if (!self->serving)
    {
      self->serving = TRUE;
      while ((waiter = pop_served (self)) != NULL)
        {
          GError *error = NULL;

          g_mutex_unlock (&self->mutex);
          hand_on (self, waiter->value, &error);
          end_waiter (self, waiter, error);
          g_mutex_lock (&self->mutex);
        }
      self->serving = FALSE;
      wake_blocked (self);
    }
  g_mutex_unlock (&self->mutex);
}

static gboolean
take_wish (MpelCall *self)
{
  gboolean granted;

  g_mutex_lock (&self->mutex);
  granted = self->wanted && (self->failure != NULL || !must_wait (self, 0));
  if (granted)
    self->wanted = FALSE;
  g_mutex_unlock (&self->mutex);
  return granted;
}

/* Those who wait go first, then the generator. */
static void
offer_room (MpelCall *self)
{
  serve_waiting (self);
  if (take_wish (self))
    mpel_calls_wake (self->calls);
}

/* What was yielded has to leave, or it is never acknowledged. */
static gboolean
wait_for_room (MpelCall *self, gsize size, GError **error)
{
  gboolean was_flushed = FALSE;
  gboolean is_open;

  g_mutex_lock (&self->mutex);
  while ((is_open = check_open (self, error)) && self->has_output && must_wait (self, size))
    if (was_flushed)
      block (self);
    else
      {
        g_mutex_unlock (&self->mutex);
        mpel_outbox_flush (mpel_calls_get_outbox (self->calls));
        g_mutex_lock (&self->mutex);
        was_flushed = TRUE;
      }
  if (is_open && self->has_output)
    mpel_transit_add (&self->transit, size);
  g_mutex_unlock (&self->mutex);
  return is_open;
}

/* Any thread; blocks until there is room. */
gboolean
mpel_call_yield (MpelCall *self, GVariant *value, GError **error)
{
  if (!check_streamed (self, error) || !wait_for_room (self, g_variant_get_size (value), error))
    return FALSE;
  if (!self->has_output || hand_on (self, value, error))
    return TRUE;
  offer_room (self);
  return FALSE;
}

/* Returns: (transfer full) (nullable): NULL when it is being handed on */
static Waiter *
steal_waiter (MpelCall *self, guint64 number)
{
  GList  *link;
  Waiter *found = NULL;

  g_mutex_lock (&self->mutex);
  link = self->waiting.head;
  while (link != NULL && ((Waiter *) link->data)->number != number)
    link = link->next;
  if (link != NULL)
    {
      found = link->data;
      g_queue_delete_link (&self->waiting, link);
    }
  g_mutex_unlock (&self->mutex);
  return found;
}

/* In the context of the task. */
static gboolean
withdraw_cb (GCancellable *cancellable, gpointer user_data)
{
  Withdrawal *withdrawal = user_data;
  Waiter     *waiter = steal_waiter (withdrawal->call, withdrawal->number);

  if (waiter != NULL)
    end_waiter (withdrawal->call, waiter, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The yield was cancelled"));
  offer_room (withdrawal->call);
  return G_SOURCE_REMOVE;
}

/* Under the lock. */
static void
watch_waiter (MpelCall *self, Waiter *waiter)
{
  GCancellable *cancellable = waiter->task != NULL ? g_task_get_cancellable (waiter->task) : NULL;
  Withdrawal   *withdrawal;

  waiter->number = ++self->n_waited;
  if (cancellable == NULL)
    return;
  withdrawal = g_new0 (Withdrawal, 1);
  withdrawal->call = mpel_call_ref (self);
  withdrawal->number = waiter->number;
  waiter->cancel_watch = g_cancellable_source_new (cancellable);
  g_source_set_static_name (waiter->cancel_watch, "[mpel] cancel a yield");
  g_source_set_callback (waiter->cancel_watch, G_SOURCE_FUNC (withdraw_cb), withdrawal, (GDestroyNotify) withdrawal_free);
  g_source_attach (waiter->cancel_watch, g_task_get_context (waiter->task));
}

/* Returns FALSE with an error when nothing is taken any more. Unless the value is waiting it has its
 * room now, if anybody wants it. */
static gboolean
take_room_or_wait (MpelCall *self, GVariant *value, GTask *task, gboolean *is_waiting, GError **error)
{
  gboolean is_open;

  *is_waiting = FALSE;
  g_mutex_lock (&self->mutex);
  is_open = check_open (self, error);
  if (is_open && self->has_output)
    {
      *is_waiting = must_wait (self, g_variant_get_size (value));
      if (*is_waiting)
        {
          Waiter *waiter = waiter_new (value, task);

          g_queue_push_tail (&self->waiting, waiter);
          watch_waiter (self, waiter);
        }
      else
        mpel_transit_add (&self->transit, g_variant_get_size (value));
    }
  g_mutex_unlock (&self->mutex);
  return is_open;
}

/* Without room the value waits, with @task if there is one. */
static gboolean
yield_or_wait (MpelCall *self, GVariant *value, GTask *task, gboolean *is_waiting, GError **error)
{
  *is_waiting = FALSE;
  if (!check_streamed (self, error) || !take_room_or_wait (self, value, task, is_waiting, error))
    return FALSE;
  if (*is_waiting)
    {
      mpel_outbox_flush (mpel_calls_get_outbox (self->calls));
      return TRUE;
    }
  if (!self->has_output || hand_on (self, value, error))
    return TRUE;
  offer_room (self);
  return FALSE;
}

/* Any thread; @task ends when the value is on its way. */
void
mpel_call_yield_async (MpelCall *self, GVariant *value, GTask *task)
{
  GError  *error = NULL;
  gboolean is_waiting;

  if (!yield_or_wait (self, value, task, &is_waiting, &error))
    g_task_return_error (task, error);
  else if (!is_waiting)
    g_task_return_boolean (task, TRUE);
}

/* For the generator, who is not asked for another before this one is on its way. An error that
 * comes later is kept for mpel_call_steal_failure. */
gboolean
mpel_call_yield_later (MpelCall *self, GVariant *value, GError **error)
{
  gboolean is_waiting;

  return yield_or_wait (self, value, NULL, &is_waiting, error);
}

GError *
mpel_call_steal_failure (MpelCall *self)
{
  GError *failure;

  g_mutex_lock (&self->mutex);
  failure = g_steal_pointer (&self->failure);
  g_mutex_unlock (&self->mutex);
  return failure;
}

/* Is there room for what the generator makes next? When not, the main thread is woken once there
 * is. */
gboolean
mpel_call_wants_value (MpelCall *self)
{
  gboolean wants;

  g_mutex_lock (&self->mutex);
  wants = !must_wait (self, 0);
  self->wanted = !wants;
  g_mutex_unlock (&self->mutex);
  return wants;
}

/* In GDBus's thread: the host has taken @n values. */
void
mpel_call_acknowledge (MpelCall *self, guint n)
{
  g_mutex_lock (&self->mutex);
  mpel_transit_acknowledge (&self->transit, n);
  wake_blocked (self);
  g_mutex_unlock (&self->mutex);

  offer_room (self);
}

/* Takes all of @waiting. */
static void
refuse (MpelCall *self, GQueue *waiting, const GError *reason)
{
  Waiter *waiter;

  while ((waiter = g_queue_pop_head (waiting)) != NULL)
    end_waiter (self, waiter, g_error_copy (reason));
}

/* Nothing is taken any more, for a reason that check_open knows: those who wait hear it. Under the
 * lock, which is let go. */
static void
unlock_and_refuse (MpelCall *self)
{
  GQueue waiting = self->waiting;
  g_autoptr (GError) reason = NULL;

  if (!g_queue_is_empty (&waiting))
    check_open (self, &reason);
  g_queue_init (&self->waiting);
  wake_blocked (self);
  g_mutex_unlock (&self->mutex);

  refuse (self, &waiting, reason);
}

/* The event was cancelled. */
void
mpel_call_refuse_waiting (MpelCall *self)
{
  g_mutex_lock (&self->mutex);
  unlock_and_refuse (self);
}

void
mpel_call_set_answered (MpelCall *self)
{
  g_mutex_lock (&self->mutex);
  self->answered = TRUE;
  unlock_and_refuse (self);
}

/* Who is handing a value on has done so before the process ends. */
void
mpel_call_abandon (MpelCall *self)
{
  g_mutex_lock (&self->mutex);
  self->abandoned = TRUE;
  unlock_and_refuse (self);

  g_mutex_lock (&self->mutex);
  while (self->serving)
    block (self);
  g_mutex_unlock (&self->mutex);
}
