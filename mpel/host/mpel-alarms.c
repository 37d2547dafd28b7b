/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-alarms-private.h"

#include "mpel-wake-private.h"

/* A source for each event would cost the main loop a look at each in every turn. */
struct _MpelAlarms
{
  GSequence    *list; /* (owned) of MpelAlarm, the next first */
  GSource      *wake; /* (owned) ready when the first is due */
  MpelAlarmFunc func;
  gpointer      user_data;
};

static int
compare_alarms (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 due_a = ((const MpelAlarm *) a)->due_us, due_b = ((const MpelAlarm *) b)->due_us;

  return due_a < due_b ? -1 : due_a > due_b;
}

static MpelAlarm *
peek_first (MpelAlarms *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->list);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static void
wait_for_first (MpelAlarms *self)
{
  MpelAlarm *first = peek_first (self);

  g_source_set_ready_time (self->wake, first != NULL ? first->due_us : -1);
}

static void
take_out (MpelAlarm *alarm)
{
  g_sequence_remove (alarm->place);
  alarm->place = NULL;
}

/* One in each turn: who is told may do anything, also free this. */
static gboolean
due_cb (gpointer user_data)
{
  MpelAlarms *self = user_data;
  MpelAlarm  *first = peek_first (self);

  if (first == NULL || first->due_us > g_get_monotonic_time ())
    {
      wait_for_first (self);
      return G_SOURCE_CONTINUE;
    }
  take_out (first);
  wait_for_first (self);
  self->func (first->item, self->user_data);
  return G_SOURCE_CONTINUE;
}

MpelAlarms *
mpel_alarms_new (GMainContext *context, const char *static_name, MpelAlarmFunc func, gpointer user_data)
{
  MpelAlarms *self = g_new0 (MpelAlarms, 1);

  self->list = g_sequence_new (NULL);
  self->wake = mpel_wake_new (context, static_name, G_PRIORITY_DEFAULT, due_cb, self);
  /* Who is told may run a main loop, in which the others are due as well. */
  g_source_set_can_recurse (self->wake, TRUE);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
mpel_alarms_free (MpelAlarms *self)
{
  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  g_clear_pointer (&self->list, g_sequence_free);
  g_free (self);
}

/* One that is set already is moved. */
void
mpel_alarms_set (MpelAlarms *self, MpelAlarm *alarm, gpointer item, gint64 due_us)
{
  if (alarm->place != NULL)
    take_out (alarm);
  alarm->item = item;
  alarm->due_us = due_us;
  alarm->place = g_sequence_insert_sorted (self->list, alarm, compare_alarms, NULL);
  wait_for_first (self);
}

void
mpel_alarms_unset (MpelAlarms *self, MpelAlarm *alarm)
{
  if (alarm->place == NULL)
    return;
  take_out (alarm);
  wait_for_first (self);
}
