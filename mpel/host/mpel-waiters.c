/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-waiters-private.h"

typedef struct
{
  MpelWaiters *set;           /* (unowned) */
  GTask       *task;          /* (owned) returns TRUE or an error */
  GSource     *cancel_source; /* (owned) (nullable) */
} Waiter;

struct _MpelWaiters
{
  GMainContext *context; /* (owned) */
  GPtrArray    *list;    /* (owned) of Waiter */
};

static void
stop_watching (Waiter *waiter)
{
  if (waiter->cancel_source != NULL)
    g_source_destroy (waiter->cancel_source);
  g_clear_pointer (&waiter->cancel_source, g_source_unref);
}

static void
waiter_free (Waiter *waiter)
{
  stop_watching (waiter);
  g_clear_object (&waiter->task);
  g_free (waiter);
}

MpelWaiters *
mpel_waiters_new (GMainContext *context)
{
  MpelWaiters *self = g_new0 (MpelWaiters, 1);

  self->context = g_main_context_ref (context);
  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) waiter_free);
  return self;
}

/* A task keeps its loop, and so this: nobody waits any more. */
void
mpel_waiters_free (MpelWaiters *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Waiter *waiter = user_data;
  g_autoptr (GTask) task = g_object_ref (waiter->task);

  g_ptr_array_remove_fast (waiter->set->list, waiter);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

void
mpel_waiters_add (MpelWaiters *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter       *waiter = g_new0 (Waiter, 1);

  waiter->set = self;
  waiter->task = g_object_ref (task);
  g_ptr_array_add (self->list, waiter);
  if (cancellable == NULL)
    return;

  waiter->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_static_name (waiter->cancel_source, "[mpel] cancel waiting");
  g_source_set_callback (waiter->cancel_source, G_SOURCE_FUNC (cancelled_cb), waiter, NULL);
  g_source_attach (waiter->cancel_source, self->context);
}

static void
answer (GTask *task, const GError *error)
{
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

/* @error: (nullable). The list is taken away first, since a listener may come back and wait. */
void
mpel_waiters_release (MpelWaiters *self, const GError *error)
{
  g_autoptr (GPtrArray) list = NULL;

  if (self->list->len == 0)
    return;
  list = g_steal_pointer (&self->list);
  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) waiter_free);

  for (guint i = 0; i < list->len; i++)
    stop_watching (list->pdata[i]);
  for (guint i = 0; i < list->len; i++)
    {
      Waiter *waiter = list->pdata[i];

      answer (waiter->task, error);
    }
}

void
mpel_waiters_release_task (MpelWaiters *self, GTask *task, const GError *error)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      Waiter *waiter = self->list->pdata[i];
      g_autoptr (GTask) keep_alive = NULL;

      if (waiter->task != task)
        continue;
      keep_alive = g_object_ref (task);
      g_ptr_array_remove_index_fast (self->list, i);
      answer (task, error);
      return;
    }
}

gboolean
mpel_waiters_is_empty (MpelWaiters *self)
{
  return self->list->len == 0;
}
