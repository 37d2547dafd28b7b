/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-loop-error.h"
#include "mpel-runnable-private.h"

/**
 * MpelEvent:
 *
 * Something for the worker to do, and what came of it.
 *
 * On the way out an event has a [property@Event:target], the name of a function or handler in
 * the worker, with [property@Event:args] and [property@Event:kwargs]. On the way back it has
 * [property@Event:results] or an error, see [method@Event.get_error]. Add it with
 * [method@EventLoop.add_event]; it ends exactly once, and may be added again afterwards.
 *
 * A subclass that overrides [vfunc@Event.run] needs no target: the worker, which must know the
 * class (see [method@Worker.add_event_class]), makes an event like it and runs that. The
 * writable properties that the subclass declares travel with it, if they are of a basic type, an
 * enumeration, flags, a string, a string list, or a GBytes, GVariant, GDateTime or GType.
 *
 * Long work tells of its [property@Event:progress], may yield values before its end, see
 * [signal@EventLoop::event-yield] and [method@Event.next_async], and can be ended early with
 * [method@Event.cancel] or a [property@Event:timeout].
 *
 * Use events from the thread of their loop only.
 *
 * Since: 0.1
 */

static void mpel_event_runnable_init (MpelRunnableInterface *iface);

G_DEFINE_TYPE_WITH_CODE (MpelEvent,
                         mpel_event,
                         G_TYPE_OBJECT,
                         G_ADD_PRIVATE (MpelEvent)
                           G_IMPLEMENT_INTERFACE (MPEL_TYPE_RUNNABLE, mpel_event_runnable_init))

static inline MpelEventPrivate *
get_private (MpelEvent *self)
{
  return mpel_event_get_instance_private (self);
}

/* For those who see every event pass: they read it without the checks of the public getters. */
MpelEventPrivate *
mpel_event_get_private (MpelEvent *self)
{
  return get_private (self);
}

static GVariant *
mpel_event_runnable_run (MpelRunnable *runnable, MpelInvocation *invocation, GError **error)
{
  MpelEventClass *klass = MPEL_EVENT_GET_CLASS (runnable);

  if (klass->run != NULL)
    return klass->run (MPEL_EVENT (runnable), invocation, error);

  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_NO_SUCH_TARGET,
               "The event class “%s” does not override run",
               G_OBJECT_TYPE_NAME (runnable));
  return NULL;
}

static void
mpel_event_runnable_init (MpelRunnableInterface *iface)
{
  iface->run = mpel_event_runnable_run;
}

static void
mpel_event_finalize (GObject *object)
{
  MpelEventPrivate *priv = get_private (MPEL_EVENT (object));

  g_clear_pointer (&priv->target, g_free);
  g_clear_pointer (&priv->args, g_variant_unref);
  g_clear_pointer (&priv->kwargs, g_variant_unref);
  g_clear_pointer (&priv->event_key, g_free);
  g_clear_pointer (&priv->progress_message, g_free);
  g_clear_object (&priv->cancellable);
  g_clear_pointer (&priv->results, g_variant_unref);
  g_clear_pointer (&priv->failure, mpel_failure_free);
  g_clear_pointer (&priv->ticket.properties, g_variant_unref);
  g_clear_error (&priv->ticket.stop_error);
  mpel_event_clear_objects (MPEL_EVENT (object));
  mpel_event_clear_end_hooks (MPEL_EVENT (object));
  mpel_event_stream_free (MPEL_EVENT (object));

  G_OBJECT_CLASS (mpel_event_parent_class)->finalize (object);
}

static void
mpel_event_class_init (MpelEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = mpel_event_finalize;

  mpel_event_install_properties (object_class);
}

static void
mpel_event_init (MpelEvent *self)
{
  MpelEventPrivate *priv = get_private (self);

  priv->has_output = TRUE;
  priv->timeout = -1;
  priv->ticket.link.data = self;
}

/**
 * mpel_event_new:
 * @target: (nullable): the name of a function or handler in the worker
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 *
 * Creates an event.
 *
 * Returns: (transfer full): the event
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_new (const char *target, GVariant *args, GVariant *kwargs)
{
  MpelEvent        *self = g_object_new (MPEL_TYPE_EVENT, NULL);
  MpelEventPrivate *priv = get_private (self);

  priv->target = g_strdup (target);
  priv->args = args != NULL ? g_variant_ref_sink (args) : NULL;
  priv->kwargs = kwargs != NULL ? g_variant_ref_sink (kwargs) : NULL;
  return self;
}
