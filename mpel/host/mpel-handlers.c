/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-handlers-private.h"

typedef struct
{
  grefcount             ref_count;
  guint                 id;
  gboolean              removed; /* not to be called any more, though a run may still hold it */
  MpelOutputHandlerFunc func;
  gpointer              user_data;
  GDestroyNotify        destroy; /* (nullable) */
} Handler;

struct _MpelHandlers
{
  GPtrArray *list;      /* (owned) of Handler; while @n_running it is replaced, never changed */
  guint      n_running; /* runs under way, one in another */
  guint      last_id;
};

static Handler *
handler_ref (Handler *handler)
{
  g_ref_count_inc (&handler->ref_count);
  return handler;
}

static void
handler_unref (Handler *handler)
{
  if (!g_ref_count_dec (&handler->ref_count))
    return;
  if (handler->destroy != NULL)
    handler->destroy (handler->user_data);
  g_free (handler);
}

MpelHandlers *
mpel_handlers_new (void)
{
  MpelHandlers *self = g_new0 (MpelHandlers, 1);

  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) handler_unref);
  return self;
}

void
mpel_handlers_free (MpelHandlers *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_free (self);
}

static gpointer
copy_handler (gconstpointer handler, gpointer user_data)
{
  return handler_ref ((Handler *) handler);
}

static void
make_list_ours (MpelHandlers *self)
{
  GPtrArray *copy;

  if (self->n_running == 0)
    return;
  copy = g_ptr_array_copy (self->list, copy_handler, NULL);
  g_ptr_array_unref (self->list);
  self->list = copy;
}

/* An index that is negative or beyond the end means the end. */
guint
mpel_handlers_insert (MpelHandlers *self, int index, MpelOutputHandlerFunc func, gpointer user_data, GDestroyNotify destroy)
{
  Handler *handler = g_new0 (Handler, 1);

  g_ref_count_init (&handler->ref_count);
  handler->id = ++self->last_id;
  handler->func = func;
  handler->user_data = user_data;
  handler->destroy = destroy;

  make_list_ours (self);
  g_ptr_array_insert (self->list, index >= 0 && index < (int) self->list->len ? index : -1, handler);
  return handler->id;
}

gboolean
mpel_handlers_remove (MpelHandlers *self, guint id)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      Handler *handler = self->list->pdata[i];

      if (handler->id != id)
        continue;
      handler->removed = TRUE;
      make_list_ours (self);
      /* Out of the list first: what it destroys may change the list. */
      handler_unref (g_ptr_array_steal_index (self->list, i));
      return TRUE;
    }

  return FALSE;
}

/* Returns TRUE when a handler stopped the others. */
gboolean
mpel_handlers_run (MpelHandlers *self, MpelEvent *event)
{
  g_autoptr (GPtrArray) list = g_ptr_array_ref (self->list);
  gboolean stopped = FALSE;

  self->n_running++;
  for (guint i = 0; i < list->len && !stopped; i++)
    {
      Handler *handler = list->pdata[i];

      stopped = !handler->removed && handler->func (event, handler->user_data);
    }
  self->n_running--;
  return stopped;
}
