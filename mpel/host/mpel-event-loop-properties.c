/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-enum-types.h"

/* The properties of event loops, with their accessors. */

typedef enum
{
  PROP_NAME = 1,
  PROP_LAUNCHER,
  PROP_HAS_RESULTS,
  PROP_DELIVERY_PRIORITY,
  PROP_DELIVERY_SLICE,
  PROP_RUNNING,
  PROP_STATE,
  PROP_N_PENDING,
  PROP_WORKER_PID,
} MpelEventLoopProperty;

static GParamSpec *props[PROP_WORKER_PID + 1];

/* Properties that follow from others are told once per turn, not once per event. */
void
mpel_event_loop_tell_changes (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEventLoopState    state = mpel_event_loop_get_state (self);
  int                   pid = mpel_event_loop_get_worker_pid (self);

  g_object_freeze_notify (G_OBJECT (self));
  if (priv->told_n_pending != priv->n_pending)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_PENDING]);
  if (priv->told_state != state)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (priv->told_running != mpel_event_loop_is_running (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  if (priv->told_pid != pid)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WORKER_PID]);
  priv->told_n_pending = priv->n_pending;
  priv->told_state = state;
  priv->told_running = mpel_event_loop_is_running (self);
  priv->told_pid = pid;
  g_object_thaw_notify (G_OBJECT (self));
}

static void
get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelEventLoop *self = MPEL_EVENT_LOOP (object);

  switch ((MpelEventLoopProperty) prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, mpel_event_loop_get_name (self));
      break;
    case PROP_LAUNCHER:
      g_value_set_object (value, mpel_event_loop_get_launcher (self));
      break;
    case PROP_HAS_RESULTS:
      g_value_set_boolean (value, mpel_event_loop_get_has_results (self));
      break;
    case PROP_DELIVERY_PRIORITY:
      g_value_set_int (value, mpel_event_loop_get_delivery_priority (self));
      break;
    case PROP_DELIVERY_SLICE:
      g_value_set_uint (value, mpel_event_loop_get_delivery_slice (self));
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, mpel_event_loop_is_running (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, mpel_event_loop_get_state (self));
      break;
    case PROP_N_PENDING:
      g_value_set_uint (value, mpel_event_loop_get_n_pending (self));
      break;
    case PROP_WORKER_PID:
      g_value_set_int (value, mpel_event_loop_get_worker_pid (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelEventLoop *self = MPEL_EVENT_LOOP (object);

  switch ((MpelEventLoopProperty) prop_id)
    {
    case PROP_NAME:
      mpel_event_loop_set_name (self, g_value_get_string (value));
      break;
    case PROP_LAUNCHER:
      mpel_event_loop_set_launcher (self, g_value_get_object (value));
      break;
    case PROP_HAS_RESULTS:
      mpel_event_loop_set_has_results (self, g_value_get_boolean (value));
      break;
    case PROP_DELIVERY_PRIORITY:
      mpel_event_loop_set_delivery_priority (self, g_value_get_int (value));
      break;
    case PROP_DELIVERY_SLICE:
      mpel_event_loop_set_delivery_slice (self, g_value_get_uint (value));
      break;
    case PROP_RUNNING:
    case PROP_STATE:
    case PROP_N_PENDING:
    case PROP_WORKER_PID:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
make_writable_properties (void)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEventLoop:name: (getter get_name) (setter set_name)
   *
   * A name for messages.
   *
   * Since: 0.1
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, writable);

  /**
   * MpelEventLoop:launcher: (getter get_launcher) (setter set_launcher)
   *
   * What is started as the worker, and how.
   *
   * Since: 0.1
   */
  props[PROP_LAUNCHER] = g_param_spec_object ("launcher", NULL, NULL, MPEL_TYPE_LAUNCHER, writable);

  /**
   * MpelEventLoop:has-results: (getter get_has_results) (setter set_has_results)
   *
   * Whether results are sent back and handled.
   *
   * Without, every event is treated as if it had no output, see [property@Event:has-output].
   *
   * Since: 0.1
   */
  props[PROP_HAS_RESULTS] = g_param_spec_boolean ("has-results", NULL, NULL, TRUE, writable);

  /**
   * MpelEventLoop:delivery-priority: (getter get_delivery_priority) (setter set_delivery_priority)
   *
   * The priority at which ends are delivered.
   *
   * The default is just below that of GTK's drawing (120), so that a flood of results costs no
   * frame.
   *
   * Since: 0.1
   */
  props[PROP_DELIVERY_PRIORITY] = g_param_spec_int ("delivery-priority", NULL, NULL, G_MININT, G_MAXINT, MPEL_DELIVERY_DEFAULT_PRIORITY, writable);

  /**
   * MpelEventLoop:delivery-slice: (getter get_delivery_slice) (setter set_delivery_slice)
   *
   * For how long ends are delivered before anything else gets its turn, in microseconds.
   *
   * Since: 0.1
   */
  props[PROP_DELIVERY_SLICE] = g_param_spec_uint ("delivery-slice", NULL, NULL, 0, G_MAXUINT, MPEL_DELIVERY_DEFAULT_SLICE_US, writable);
}

static void
make_readable_properties (void)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEventLoop:running: (getter is_running)
   *
   * Whether there is a worker process.
   *
   * Since: 0.1
   */
  props[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, readable);

  /**
   * MpelEventLoop:state: (getter get_state)
   *
   * What the loop is doing.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, MPEL_TYPE_EVENT_LOOP_STATE, MPEL_EVENT_LOOP_STATE_IDLE, readable);

  /**
   * MpelEventLoop:n-pending: (getter get_n_pending)
   *
   * How many events were added and are not delivered yet.
   *
   * Changes are notified once per turn of the main context, not once per event.
   *
   * Since: 0.1
   */
  props[PROP_N_PENDING] = g_param_spec_uint ("n-pending", NULL, NULL, 0, G_MAXUINT, 0, readable);

  /**
   * MpelEventLoop:worker-pid: (getter get_worker_pid)
   *
   * The process id of the worker, or 0.
   *
   * Since: 0.1
   */
  props[PROP_WORKER_PID] = g_param_spec_int ("worker-pid", NULL, NULL, 0, G_MAXINT, 0, readable);
}

void
mpel_event_loop_install_properties (GObjectClass *object_class)
{
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  make_writable_properties ();
  make_readable_properties ();
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

/**
 * mpel_event_loop_get_name: (get-property name)
 * @self: an event loop
 *
 * Gets the loop's name.
 *
 * Returns: (transfer none) (nullable): the name
 *
 * Since: 0.1
 */
const char *
mpel_event_loop_get_name (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  return mpel_event_loop_get_private (self)->name;
}

/**
 * mpel_event_loop_set_name: (set-property name)
 * @self: an event loop
 * @name: (nullable): the name
 *
 * Sets a name for messages.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_name (MpelEventLoop *self, const char *name)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (g_strcmp0 (priv->name, name) == 0)
    return;
  g_free (priv->name);
  priv->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

/**
 * mpel_event_loop_get_launcher: (get-property launcher)
 * @self: an event loop
 *
 * Gets what is started as the worker, and how.
 *
 * Returns: (transfer none): the launcher
 *
 * Since: 0.1
 */
MpelLauncher *
mpel_event_loop_get_launcher (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), NULL);

  return mpel_event_loop_get_private (self)->launcher;
}

/**
 * mpel_event_loop_set_launcher: (set-property launcher)
 * @self: an event loop
 * @launcher: the launcher
 *
 * Sets what is started as the worker, and how, from the next worker on.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_launcher (MpelEventLoop *self, MpelLauncher *launcher)
{
  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));
  g_return_if_fail (MPEL_IS_LAUNCHER (launcher));

  if (g_set_object (&mpel_event_loop_get_private (self)->launcher, launcher))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LAUNCHER]);
}

/**
 * mpel_event_loop_get_has_results: (get-property has-results)
 * @self: an event loop
 *
 * Tells whether results are sent back and handled.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_get_has_results (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  return mpel_event_loop_get_private (self)->has_results;
}

/**
 * mpel_event_loop_set_has_results: (set-property has-results)
 * @self: an event loop
 * @has_results: whether results are sent back and handled
 *
 * Sets whether results are sent back and handled.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_has_results (MpelEventLoop *self, gboolean has_results)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  priv = mpel_event_loop_get_private (self);
  if (priv->has_results == !!has_results)
    return;
  priv->has_results = !!has_results;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HAS_RESULTS]);
}

/**
 * mpel_event_loop_get_delivery_priority: (get-property delivery-priority)
 * @self: an event loop
 *
 * Gets the priority at which ends are delivered.
 *
 * Returns: the priority of a [struct@GLib.Source]
 *
 * Since: 0.1
 */
int
mpel_event_loop_get_delivery_priority (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_delivery_get_priority (mpel_event_loop_get_private (self)->delivery);
}

/**
 * mpel_event_loop_set_delivery_priority: (set-property delivery-priority)
 * @self: an event loop
 * @delivery_priority: the priority of a [struct@GLib.Source]
 *
 * Sets the priority at which ends are delivered.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_delivery_priority (MpelEventLoop *self, int delivery_priority)
{
  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  if (mpel_event_loop_get_delivery_priority (self) == delivery_priority)
    return;
  mpel_delivery_set_priority (mpel_event_loop_get_private (self)->delivery, delivery_priority);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DELIVERY_PRIORITY]);
}

/**
 * mpel_event_loop_get_delivery_slice: (get-property delivery-slice)
 * @self: an event loop
 *
 * Tells for how long ends are delivered before anything else gets its turn.
 *
 * Returns: microseconds
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_delivery_slice (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_delivery_get_slice (mpel_event_loop_get_private (self)->delivery);
}

/**
 * mpel_event_loop_set_delivery_slice: (set-property delivery-slice)
 * @self: an event loop
 * @delivery_slice: microseconds
 *
 * Sets for how long ends are delivered before anything else gets its turn.
 *
 * Since: 0.1
 */
void
mpel_event_loop_set_delivery_slice (MpelEventLoop *self, guint delivery_slice)
{
  g_return_if_fail (MPEL_IS_EVENT_LOOP (self));

  if (mpel_event_loop_get_delivery_slice (self) == delivery_slice)
    return;
  mpel_delivery_set_slice (mpel_event_loop_get_private (self)->delivery, delivery_slice);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DELIVERY_SLICE]);
}

/**
 * mpel_event_loop_is_running: (get-property running)
 * @self: an event loop
 *
 * Tells whether there is a worker process: starting, ready, or on its way out.
 *
 * Returns: whether there is
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_is_running (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  return mpel_event_loop_get_private (self)->session != NULL;
}

/**
 * mpel_event_loop_get_state: (get-property state)
 * @self: an event loop
 *
 * Tells what the loop is doing.
 *
 * Returns: its state
 *
 * Since: 0.1
 */
MpelEventLoopState
mpel_event_loop_get_state (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), MPEL_EVENT_LOOP_STATE_CLOSED);

  priv = mpel_event_loop_get_private (self);
  if (priv->session == NULL)
    return priv->closed ? MPEL_EVENT_LOOP_STATE_CLOSED : MPEL_EVENT_LOOP_STATE_IDLE;
  if (priv->stopping || priv->closed || mpel_session_is_leaving (priv->session))
    return MPEL_EVENT_LOOP_STATE_STOPPING;
  return mpel_session_is_ready (priv->session) ? MPEL_EVENT_LOOP_STATE_READY : MPEL_EVENT_LOOP_STATE_STARTING;
}

/**
 * mpel_event_loop_get_n_pending: (get-property n-pending)
 * @self: an event loop
 *
 * Tells how many events were added and are not delivered yet.
 *
 * Returns: their number
 *
 * Since: 0.1
 */
guint
mpel_event_loop_get_n_pending (MpelEventLoop *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  return mpel_event_loop_get_private (self)->n_pending;
}

/**
 * mpel_event_loop_get_worker_pid: (get-property worker-pid)
 * @self: an event loop
 *
 * Gets the process id of the worker.
 *
 * Returns: the id, or 0 when there is no worker
 *
 * Since: 0.1
 */
int
mpel_event_loop_get_worker_pid (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);

  priv = mpel_event_loop_get_private (self);
  return priv->session != NULL ? mpel_session_get_pid (priv->session) : 0;
}
