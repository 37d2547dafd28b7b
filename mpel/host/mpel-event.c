/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-enum-types.h"
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
 * Use events from the thread of their loop only.
 *
 * Since: 0.1
 */

typedef enum
{
  PROP_TARGET = 1,
  PROP_ARGS,
  PROP_KWARGS,
  PROP_EVENT_KEY,
  PROP_HAS_OUTPUT,
  PROP_STATE,
  PROP_RESULTS,
} MpelEventProperty;

static GParamSpec *props[PROP_RESULTS + 1];

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
  g_clear_pointer (&priv->results, g_variant_unref);
  g_clear_pointer (&priv->failure, mpel_failure_free);
  g_clear_pointer (&priv->ticket.properties, g_variant_unref);
  mpel_event_clear_end_hooks (MPEL_EVENT (object));

  G_OBJECT_CLASS (mpel_event_parent_class)->finalize (object);
}

static void
mpel_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelEventPrivate *priv = get_private (MPEL_EVENT (object));

  switch ((MpelEventProperty) prop_id)
    {
    case PROP_TARGET:
      g_value_set_string (value, priv->target);
      break;
    case PROP_ARGS:
      g_value_set_variant (value, priv->args);
      break;
    case PROP_KWARGS:
      g_value_set_variant (value, priv->kwargs);
      break;
    case PROP_EVENT_KEY:
      g_value_set_string (value, priv->event_key);
      break;
    case PROP_HAS_OUTPUT:
      g_value_set_boolean (value, priv->has_output);
      break;
    case PROP_STATE:
      g_value_set_enum (value, priv->state);
      break;
    case PROP_RESULTS:
      g_value_set_variant (value, priv->results);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_event_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelEvent *self = MPEL_EVENT (object);

  switch ((MpelEventProperty) prop_id)
    {
    case PROP_TARGET:
      mpel_event_set_target (self, g_value_get_string (value));
      break;
    case PROP_ARGS:
      mpel_event_set_args (self, g_value_get_variant (value));
      break;
    case PROP_KWARGS:
      mpel_event_set_kwargs (self, g_value_get_variant (value));
      break;
    case PROP_EVENT_KEY:
      mpel_event_set_event_key (self, g_value_get_string (value));
      break;
    case PROP_HAS_OUTPUT:
      mpel_event_set_has_output (self, g_value_get_boolean (value));
      break;
    case PROP_STATE:
    case PROP_RESULTS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_event_class_init (MpelEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = mpel_event_finalize;
  object_class->get_property = mpel_event_get_property;
  object_class->set_property = mpel_event_set_property;

  /**
   * MpelEvent:target: (getter get_target) (setter set_target)
   *
   * The name of what to run in the worker: a function or a handler.
   *
   * Since: 0.1
   */
  props[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:args: (getter get_args) (setter set_args)
   *
   * The positional arguments: a tuple, or `NULL` for none.
   *
   * Since: 0.1
   */
  props[PROP_ARGS] = g_param_spec_variant ("args", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:kwargs: (getter get_kwargs) (setter set_kwargs)
   *
   * The named arguments: an `a{sv}`, or `NULL` for none.
   *
   * Since: 0.1
   */
  props[PROP_KWARGS] = g_param_spec_variant ("kwargs", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:event-key: (getter get_event_key) (setter set_event_key)
   *
   * A string that the application recognises the event by; also the detail of
   * [signal@EventLoop::event-done].
   *
   * Since: 0.1
   */
  props[PROP_EVENT_KEY] = g_param_spec_string ("event-key", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:has-output: (getter get_has_output) (setter set_has_output)
   *
   * Whether results are sent back and handled.
   *
   * An event without output runs, and its success is not told to any handler. Its failure is.
   *
   * Since: 0.1
   */
  props[PROP_HAS_OUTPUT] = g_param_spec_boolean ("has-output", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:state: (getter get_state)
   *
   * How far the event has come.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, MPEL_TYPE_EVENT_STATE, MPEL_EVENT_STATE_NEW, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:results: (getter get_results)
   *
   * What the target returned, or `NULL` before the end, after a failure and without output.
   *
   * Since: 0.1
   */
  props[PROP_RESULTS] = g_param_spec_variant ("results", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
mpel_event_init (MpelEvent *self)
{
  MpelEventPrivate *priv = get_private (self);

  priv->has_output = TRUE;
  priv->ticket.link.data = self;
}

void
mpel_event_tell_state (MpelEvent *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
mpel_event_tell_results (MpelEvent *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RESULTS]);
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

/**
 * mpel_event_get_target: (get-property target)
 * @self: an event
 *
 * Gets the name of what to run in the worker.
 *
 * Returns: (transfer none) (nullable): the name
 *
 * Since: 0.1
 */
const char *
mpel_event_get_target (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->target;
}

static gboolean
set_string (char **field, const char *string)
{
  if (g_strcmp0 (*field, string) == 0)
    return FALSE;
  g_free (*field);
  *field = g_strdup (string);
  return TRUE;
}

/**
 * mpel_event_set_target: (set-property target)
 * @self: an event that is not pending
 * @target: (nullable): the name
 *
 * Sets the name of what to run in the worker.
 *
 * Since: 0.1
 */
void
mpel_event_set_target (MpelEvent *self, const char *target)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!get_private (self)->ticket.is_added);

  if (set_string (&get_private (self)->target, target))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TARGET]);
}

/**
 * mpel_event_get_args: (get-property args)
 * @self: an event
 *
 * Gets the positional arguments.
 *
 * Returns: (transfer none) (nullable): a tuple, or `NULL` for none
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_args (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->args;
}

static gboolean
set_variant (GVariant **field, GVariant *variant)
{
  if (*field == variant)
    return FALSE;
  g_clear_pointer (field, g_variant_unref);
  *field = variant != NULL ? g_variant_ref_sink (variant) : NULL;
  return TRUE;
}

/**
 * mpel_event_set_args: (set-property args)
 * @self: an event that is not pending
 * @args: (nullable): a tuple; a floating reference is taken
 *
 * Sets the positional arguments.
 *
 * Since: 0.1
 */
void
mpel_event_set_args (MpelEvent *self, GVariant *args)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!get_private (self)->ticket.is_added);

  if (set_variant (&get_private (self)->args, args))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ARGS]);
}

/**
 * mpel_event_get_kwargs: (get-property kwargs)
 * @self: an event
 *
 * Gets the named arguments.
 *
 * Returns: (transfer none) (nullable): an `a{sv}`, or `NULL` for none
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_kwargs (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->kwargs;
}

/**
 * mpel_event_set_kwargs: (set-property kwargs)
 * @self: an event that is not pending
 * @kwargs: (nullable): an `a{sv}`; a floating reference is taken
 *
 * Sets the named arguments.
 *
 * Since: 0.1
 */
void
mpel_event_set_kwargs (MpelEvent *self, GVariant *kwargs)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!get_private (self)->ticket.is_added);

  if (set_variant (&get_private (self)->kwargs, kwargs))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KWARGS]);
}

/**
 * mpel_event_get_event_key: (get-property event-key)
 * @self: an event
 *
 * Gets the string that the application recognises the event by.
 *
 * Returns: (transfer none) (nullable): the key
 *
 * Since: 0.1
 */
const char *
mpel_event_get_event_key (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->event_key;
}

/**
 * mpel_event_set_event_key: (set-property event-key)
 * @self: an event
 * @event_key: (nullable): the key
 *
 * Sets a string that the application recognises the event by.
 *
 * It stays in the host.
 *
 * Since: 0.1
 */
void
mpel_event_set_event_key (MpelEvent *self, const char *event_key)
{
  g_return_if_fail (MPEL_IS_EVENT (self));

  if (set_string (&get_private (self)->event_key, event_key))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EVENT_KEY]);
}

/**
 * mpel_event_get_has_output: (get-property has-output)
 * @self: an event
 *
 * Tells whether results are sent back and handled.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_event_get_has_output (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return get_private (self)->has_output;
}

/**
 * mpel_event_set_has_output: (set-property has-output)
 * @self: an event that is not pending
 * @has_output: whether results are sent back and handled
 *
 * Sets whether results are sent back and handled.
 *
 * Since: 0.1
 */
void
mpel_event_set_has_output (MpelEvent *self, gboolean has_output)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!get_private (self)->ticket.is_added);

  priv = get_private (self);
  if (priv->has_output == !!has_output)
    return;
  priv->has_output = !!has_output;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HAS_OUTPUT]);
}
