/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-waiters-private.h"

#include "mpel-cancel-watch-private.h"

typedef struct
{
  MpelWaiters *set;          /* (unowned) */
  GTask       *task;         /* (owned) returns TRUE or an error */
  GSource     *cancel_watch; /* (owned) (nullable) */
  GList        link;         /* in the list */
} Waiter;

struct _MpelWaiters
{
  GMainContext *context; /* (owned) */
  GQueue        list;    /* of (owned) Waiter, by their links, in order */
};

/* It is in no list any more. Returns: (transfer full) */
static GTask *
waiter_free_to_task (Waiter *waiter)
{
  GTask *task = waiter->task;

  mpel_cancel_watch_clear (&waiter->cancel_watch);
  g_free (waiter);
  return task;
}

MpelWaiters *
mpel_waiters_new (GMainContext *context)
{
  MpelWaiters *self = g_new0 (MpelWaiters, 1);

  self->context = g_main_context_ref (context);
  g_queue_init (&self->list);
  return self;
}

/* A task keeps its loop, and so this: nobody waits any more. */
void
mpel_waiters_free (MpelWaiters *self)
{
  while (!mpel_waiters_is_empty (self))
    g_object_unref (mpel_waiters_steal_first (self));
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Waiter *waiter = user_data;
  g_autoptr (GTask) task = NULL;

  g_queue_unlink (&waiter->set->list, &waiter->link);
  task = waiter_free_to_task (waiter);
  /* Whether or not somebody has reset the cancellable since. */
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The waiting was cancelled");
  return G_SOURCE_REMOVE;
}

void
mpel_waiters_add (MpelWaiters *self, GTask *task)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->set = self;
  waiter->task = g_object_ref (task);
  waiter->link.data = waiter;
  g_queue_push_tail_link (&self->list, &waiter->link);
  waiter->cancel_watch = mpel_cancel_watch_new (g_task_get_cancellable (task),
                                                self->context,
                                                "[mpel] cancel waiting",
                                                cancelled_cb,
                                                waiter);
}

/* Returns: (transfer full): the one who waits longest, for the caller to answer */
GTask *
mpel_waiters_steal_first (MpelWaiters *self)
{
  return waiter_free_to_task (g_queue_pop_head_link (&self->list)->data);
}

static void
answer (GTask *task, const GError *error)
{
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

/* @error: (nullable). The tasks are taken away first, since a listener may come back and wait. */
void
mpel_waiters_release (MpelWaiters *self, const GError *error)
{
  g_autoptr (GPtrArray) tasks = NULL;

  if (mpel_waiters_is_empty (self))
    return;
  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  while (!mpel_waiters_is_empty (self))
    g_ptr_array_add (tasks, mpel_waiters_steal_first (self));

  for (guint i = 0; i < tasks->len; i++)
    answer (tasks->pdata[i], error);
}

void
mpel_waiters_release_task (MpelWaiters *self, GTask *task, const GError *error)
{
  for (GList *l = self->list.head; l != NULL; l = l->next)
    {
      Waiter *waiter = l->data;
      g_autoptr (GTask) owned = NULL;

      if (waiter->task != task)
        continue;
      g_queue_unlink (&self->list, &waiter->link);
      owned = waiter_free_to_task (waiter);
      answer (owned, error);
      return;
    }
}

gboolean
mpel_waiters_is_empty (MpelWaiters *self)
{
  return g_queue_is_empty (&self->list);
}
