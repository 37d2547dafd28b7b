/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-enum-types.h"

/* The properties of event loops. Their accessors are in …-accessors.c and …-limits.c. */

typedef enum
{
  PROP_NAME = 1,
  PROP_LAUNCHER,
  PROP_HAS_RESULTS,
  PROP_DELIVERY_PRIORITY,
  PROP_DELIVERY_SLICE,
  PROP_CANCEL_GRACE,
  PROP_EVENT_TIMEOUT,
  PROP_MAX_PENDING,
  PROP_IDLE_TIMEOUT,
  PROP_MAX_EVENTS_PER_WORKER,
  PROP_PRESTART,
  PROP_CONSUMER,
  PROP_CAN_ADD,
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
  if (priv->told_can_add != mpel_event_loop_get_can_add (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_ADD]);
  priv->told_n_pending = priv->n_pending;
  priv->told_state = state;
  priv->told_running = mpel_event_loop_is_running (self);
  priv->told_pid = pid;
  priv->told_can_add = mpel_event_loop_get_can_add (self);
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
    case PROP_CANCEL_GRACE:
      g_value_set_uint (value, mpel_event_loop_get_cancel_grace (self));
      break;
    case PROP_EVENT_TIMEOUT:
      g_value_set_uint (value, mpel_event_loop_get_event_timeout (self));
      break;
    case PROP_MAX_PENDING:
      g_value_set_uint (value, mpel_event_loop_get_max_pending (self));
      break;
    case PROP_IDLE_TIMEOUT:
      g_value_set_uint (value, mpel_event_loop_get_idle_timeout (self));
      break;
    case PROP_MAX_EVENTS_PER_WORKER:
      g_value_set_uint (value, mpel_event_loop_get_max_events_per_worker (self));
      break;
    case PROP_PRESTART:
      g_value_set_boolean (value, mpel_event_loop_get_prestart (self));
      break;
    case PROP_CONSUMER:
      g_value_set_object (value, mpel_event_loop_get_consumer (self));
      break;
    case PROP_CAN_ADD:
      g_value_set_boolean (value, mpel_event_loop_get_can_add (self));
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
    case PROP_CANCEL_GRACE:
      mpel_event_loop_set_cancel_grace (self, g_value_get_uint (value));
      break;
    case PROP_EVENT_TIMEOUT:
      mpel_event_loop_set_event_timeout (self, g_value_get_uint (value));
      break;
    case PROP_MAX_PENDING:
      mpel_event_loop_set_max_pending (self, g_value_get_uint (value));
      break;
    case PROP_IDLE_TIMEOUT:
      mpel_event_loop_set_idle_timeout (self, g_value_get_uint (value));
      break;
    case PROP_MAX_EVENTS_PER_WORKER:
      mpel_event_loop_set_max_events_per_worker (self, g_value_get_uint (value));
      break;
    case PROP_PRESTART:
      mpel_event_loop_set_prestart (self, g_value_get_boolean (value));
      break;
    case PROP_CONSUMER:
      mpel_event_loop_set_consumer (self, g_value_get_object (value));
      break;
    case PROP_CAN_ADD:
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
make_event_properties (void)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEventLoop:cancel-grace: (getter get_cancel_grace) (setter set_cancel_grace)
   *
   * How long an event may go on after it was cancelled or has timed out, in milliseconds; 0 for as
   * long as it likes.
   *
   * Then its worker is killed. What the worker has not begun goes to another one; what it runs
   * beside that event is lost.
   *
   * Since: 0.1
   */
  props[PROP_CANCEL_GRACE] = g_param_spec_uint ("cancel-grace", NULL, NULL, 0, G_MAXUINT, MPEL_DEFAULT_CANCEL_GRACE_MS, writable);

  /**
   * MpelEventLoop:event-timeout: (getter get_event_timeout) (setter set_event_timeout)
   *
   * How long each event may take from when it is added, in milliseconds; 0 for as long as it
   * likes. An event may have a [property@Event:timeout] of its own.
   *
   * Since: 0.1
   */
  props[PROP_EVENT_TIMEOUT] = g_param_spec_uint ("event-timeout", NULL, NULL, 0, G_MAXUINT, 0, writable);

  /**
   * MpelEventLoop:max-pending: (getter get_max_pending) (setter set_max_pending)
   *
   * How many events may be pending; 0 for any number.
   *
   * More are refused with [MPEL_LOOP_ERROR_FULL][error@LoopError]. Wait for room with
   * [method@EventLoop.add_event_async], or for [signal@EventLoop::drained].
   *
   * Since: 0.1
   */
  props[PROP_MAX_PENDING] = g_param_spec_uint ("max-pending", NULL, NULL, 0, G_MAXUINT, 0, writable);

  /**
   * MpelEventLoop:consumer: (getter get_consumer) (setter set_consumer)
   *
   * Another loop, whose handlers hear of this loop's events instead of its own.
   *
   * Several loops may have the same consumer: [signal@EventLoop::event-done],
   * [signal@EventLoop::event-progress] and [signal@EventLoop::event-yield] are emitted there.
   *
   * Since: 0.1
   */
  props[PROP_CONSUMER] = g_param_spec_object ("consumer", NULL, NULL, MPEL_TYPE_EVENT_LOOP, writable);
}

static void
make_worker_properties (void)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEventLoop:idle-timeout: (getter get_idle_timeout) (setter set_idle_timeout)
   *
   * After how long without work a worker leaves, in milliseconds; 0 for never.
   *
   * The next event starts another one. With [property@EventLoop:prestart] they stay.
   *
   * Since: 0.1
   */
  props[PROP_IDLE_TIMEOUT] = g_param_spec_uint ("idle-timeout", NULL, NULL, 0, G_MAXUINT, 0, writable);

  /**
   * MpelEventLoop:max-events-per-worker: (getter get_max_events_per_worker) (setter set_max_events_per_worker)
   *
   * After how many events a worker is replaced; 0 for never.
   *
   * It leaves once it has answered the last of them.
   *
   * Since: 0.1
   */
  props[PROP_MAX_EVENTS_PER_WORKER] = g_param_spec_uint ("max-events-per-worker", NULL, NULL, 0, G_MAXUINT, 0, writable);

  /**
   * MpelEventLoop:prestart: (getter get_prestart) (setter set_prestart)
   *
   * Whether workers are started before there is work for them.
   *
   * When it is set, workers start at once, and each that leaves or is lost is followed by another
   * without delay. After a loop was stopped or terminated, or three workers died in a row, that
   * begins again with the next event, or with [method@EventLoop.start].
   *
   * Since: 0.1
   */
  props[PROP_PRESTART] = g_param_spec_boolean ("prestart", NULL, NULL, FALSE, writable);
}

static void
make_readable_properties (void)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEventLoop:can-add: (getter get_can_add)
   *
   * Whether there is room for one more event, see [property@EventLoop:max-pending].
   *
   * Changes are notified once per turn of the main context, not once per event.
   *
   * Since: 0.1
   */
  props[PROP_CAN_ADD] = g_param_spec_boolean ("can-add", NULL, NULL, TRUE, readable);

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
  make_event_properties ();
  make_worker_properties ();
  make_readable_properties ();
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}
