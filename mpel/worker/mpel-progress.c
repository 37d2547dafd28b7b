/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-progress-private.h"

/* More often than once per frame of a screen nobody sees. */
#define PROGRESS_US 16000

gboolean
mpel_progress_is_empty (MpelProgress *self)
{
  return g_queue_is_empty (&self->waiting);
}

static void
keep (MpelCall *call, double fraction, const char *message)
{
  call->fraction = fraction;
  if (g_strcmp0 (call->message, message) == 0)
    return;
  g_free (call->message);
  call->message = g_strdup (message);
}

/* Those between two that are told cost little: no more than taking note. Returns whether it is to be
 * told now; else it is held back. */
gboolean
mpel_progress_take (MpelProgress *self, MpelCall *call, double fraction, const char *message)
{
  keep (call, fraction, message);
  if (call->is_waiting)
    return FALSE;
  if (g_get_monotonic_time () - call->told_us >= PROGRESS_US)
    return TRUE;
  call->is_waiting = TRUE;
  g_queue_push_tail (&self->waiting, mpel_call_ref (call));
  return FALSE;
}

/* @due: empty; of (owned) MpelCall, as it is below */
void
mpel_progress_take_due (MpelProgress *self, gint64 now, GQueue *due)
{
  GList *next;

  for (GList *link = self->waiting.head; link != NULL; link = next)
    {
      MpelCall *call = link->data;

      next = link->next;
      if (now - call->told_us < PROGRESS_US)
        continue;
      call->is_waiting = FALSE;
      g_queue_unlink (&self->waiting, link);
      g_queue_push_tail_link (due, link);
    }
}

/* They will not be told. */
void
mpel_progress_take_all (MpelProgress *self, GQueue *taken)
{
  *taken = self->waiting;
  g_queue_init (&self->waiting);
}

/* The event ends. Returns whether something was held back, which is told before the end. */
gboolean
mpel_progress_drop (MpelProgress *self, MpelCall *call)
{
  gboolean was_waiting = call->is_waiting && g_queue_remove (&self->waiting, call);

  call->is_waiting = FALSE;
  if (was_waiting)
    mpel_call_unref (call);
  return was_waiting;
}

/* Returns: (transfer full): what is told of it, as of @now */
GVariant *
mpel_progress_make (MpelCall *call, gint64 now)
{
  char *message = g_utf8_make_valid (call->message, -1);

  call->told_us = now;
  return g_variant_ref_sink (g_variant_new ("(d@s)", call->fraction, g_variant_new_take_string (message)));
}
