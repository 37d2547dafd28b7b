/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-delivery-private.h"

#include "mpel-wake-private.h"

struct _MpelDelivery
{
  GSource        *wake; /* (owned) woken from any thread, by whoever brings news */
  MpelDeliverFunc deliver;
  GSourceFunc     slice_over;
  GObject        *owner; /* (unowned) */
  guint           slice_us;
  gint64          slice_end; /* of the slice under way, the innermost one; 0: there is none */
};

/* What came between the last look and falling asleep would be overheard, but for a last look. */
static void
fall_asleep (MpelDelivery *self, GObject *owner)
{
  g_source_set_ready_time (self->wake, -1);
  if (self->deliver (owner))
    mpel_wake_up (self->wake);
}

/* A handler may drop the last reference on the owner, and so on this. */
static gboolean
deliver_slice (gpointer user_data)
{
  MpelDelivery *self = user_data;
  g_autoptr (GObject) owner = g_object_ref (self->owner);
  gint64   outer_end = self->slice_end;
  gint64   end = g_get_monotonic_time () + self->slice_us;
  gboolean more;

  /* It stays awake meanwhile, for the main loop that a handler may run. */
  mpel_wake_up (self->wake);
  do
    {
      self->slice_end = end;
      more = self->deliver (owner);
    }
  while (more && g_get_monotonic_time () < end);
  self->slice_end = outer_end;

  if (!more)
    fall_asleep (self, owner);
  self->slice_over (owner);
  return G_SOURCE_CONTINUE;
}

MpelDelivery *
mpel_delivery_new (GMainContext *context, MpelDeliverFunc deliver, GSourceFunc slice_over, GObject *owner)
{
  MpelDelivery *self = g_new0 (MpelDelivery, 1);

  self->deliver = deliver;
  self->slice_over = slice_over;
  self->owner = owner;
  self->slice_us = MPEL_DELIVERY_DEFAULT_SLICE_US;

  self->wake = mpel_wake_new (context, "[mpel] deliver", MPEL_DELIVERY_DEFAULT_PRIORITY, deliver_slice, self);
  /* A handler may run a main loop of its own; other events still arrive there. */
  g_source_set_can_recurse (self->wake, TRUE);
  return self;
}

void
mpel_delivery_free (MpelDelivery *self)
{
  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  g_free (self);
}

/* For those who wake it from other threads; they keep a reference to it alone. */
GSource *
mpel_delivery_get_wake (MpelDelivery *self)
{
  return self->wake;
}

void
mpel_delivery_wake (MpelDelivery *self)
{
  mpel_wake_up (self->wake);
}

/* For those who take more than one thing when it is their turn. */
gboolean
mpel_delivery_has_time (MpelDelivery *self)
{
  return self->slice_end != 0 && g_get_monotonic_time () < self->slice_end;
}

int
mpel_delivery_get_priority (MpelDelivery *self)
{
  return g_source_get_priority (self->wake);
}

void
mpel_delivery_set_priority (MpelDelivery *self, int priority)
{
  g_source_set_priority (self->wake, priority);
}

guint
mpel_delivery_get_slice (MpelDelivery *self)
{
  return self->slice_us;
}

void
mpel_delivery_set_slice (MpelDelivery *self, guint slice_us)
{
  self->slice_us = slice_us;
}
