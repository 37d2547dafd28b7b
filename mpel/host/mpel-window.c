/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-window-private.h"

/* Enough to bridge the way there and back, which takes a few hundred microseconds. */
#define AHEAD_US 2000

/* Of events that take no longer than this the next is there already when one is done. Longer ones do
 * not notice the way there and back. */
#define NEXT_US 20000

/* Bounds what a crash may take along. */
#define MAX_LIMIT 2048

/* Of payloads that the worker may hold; larger events go one ahead of the other. */
#define MAX_BYTES (4 * 1024 * 1024)

/* The weight of the past in the average. */
#define INERTIA 3.0

void
mpel_window_init (MpelWindow *self, guint min_limit)
{
  *self = (MpelWindow){ .min_limit = min_limit, .limit = min_limit };
}

gboolean
mpel_window_has_room (const MpelWindow *self)
{
  if (self->n_ahead < self->min_limit)
    return TRUE;
  return self->n_ahead < self->limit && self->n_bytes < MAX_BYTES;
}

/* Small batches cost as much as large ones: room is collected before it is used. */
gboolean
mpel_window_is_worth_filling (const MpelWindow *self)
{
  return mpel_window_has_room (self) && self->n_ahead <= self->limit - self->limit / 4;
}

void
mpel_window_add (MpelWindow *self, gsize bytes)
{
  self->n_ahead++;
  self->n_bytes += bytes;
}

void
mpel_window_remove_bytes (MpelWindow *self, gsize bytes)
{
  self->n_bytes -= MIN (bytes, self->n_bytes);
}

static guint
wanted_limit (const MpelWindow *self)
{
  double n_events = AHEAD_US / MAX (self->cost_us, 0.1);
  guint  at_least = self->cost_us <= NEXT_US ? MAX (self->min_limit, 2) : self->min_limit;

  return (guint) CLAMP (n_events, at_least, MAX_LIMIT);
}

/* The worker says how many events left its queue, and how long it worked on them. It may lie: that
 * moves the limit between its bounds. FALSE says that it took none, or more than it got. */
gboolean
mpel_window_report (MpelWindow *self, guint n_taken, guint64 busy_us)
{
  double cost_us;

  if (n_taken == 0 || n_taken > self->n_ahead)
    return FALSE;
  self->n_ahead -= n_taken;

  cost_us = (double) busy_us / n_taken;
  self->cost_us = self->cost_us == 0 ? cost_us : (self->cost_us * INERTIA + cost_us) / (INERTIA + 1);
  /* Grown step by step: the first events of a worker tell little of the rest. */
  self->limit = MIN (wanted_limit (self), self->limit * 2);
  return TRUE;
}
