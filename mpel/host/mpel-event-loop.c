/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-enum-types.h"
#include "mpel-marshal.h"
#include "mpel-wake-private.h"

/**
 * MpelEventLoop:
 *
 * The host's handle on a worker process, and the queue of events for it.
 *
 * Add events with [method@EventLoop.add_event] or [method@EventLoop.add_call]: that starts a
 * worker if there is none. Functions in the worker run one after the other, in the order their
 * events were added. When an event has ended, [signal@EventLoop::event-done] is emitted and the
 * output handlers run, on the [struct@GLib.MainContext] that was thread-default when the loop was
 * made: in a GTK program, on its thread. Nothing here blocks that thread but the verbs that say
 * so, and each of those has an asynchronous twin.
 *
 * Every event ends exactly once: done, failed, cancelled, or lost with its worker. A failed event
 * reaches the handlers like any other, with its error. When a worker dies, all pending events end
 * with [error@LoopError.WORKER_LOST]; the next event that is added starts a new worker.
 *
 * While events are pending the loop holds a reference on itself. To be rid of it sooner, call
 * [method@EventLoop.terminate]. When the last reference goes, so does the worker.
 *
 * Use a loop only from the thread that made it.
 *
 * Since: 0.1
 */

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

enum
{
  SIGNAL_EVENT_DONE,
  SIGNAL_WORKER_STARTED,
  SIGNAL_WORKER_EXITED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_PRIVATE (MpelEventLoop, mpel_event_loop, G_TYPE_OBJECT)

MpelEventLoopPrivate *
mpel_event_loop_get_private (MpelEventLoop *self)
{
  return mpel_event_loop_get_instance_private (self);
}

gboolean
mpel_event_loop_emit_event_done (MpelEventLoop *self, MpelEvent *event)
{
  const char *key = mpel_event_get_private (event)->event_key;
  gboolean    handled = FALSE;

  /* A key that nobody has connected to is no quark yet, and need not become one. */
  g_signal_emit (self, signals[SIGNAL_EVENT_DONE], key != NULL ? g_quark_try_string (key) : 0, event, &handled);
  return handled;
}

void
mpel_event_loop_emit_worker_started (MpelEventLoop *self)
{
  g_signal_emit (self, signals[SIGNAL_WORKER_STARTED], 0);
}

void
mpel_event_loop_emit_worker_exited (MpelEventLoop *self, const char *reason)
{
  g_signal_emit (self, signals[SIGNAL_WORKER_EXITED], 0, reason);
}

/* Properties that follow from others are told once per turn, not once per event. */
void
mpel_event_loop_tell_changes (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  MpelEventLoopState    state = mpel_event_loop_get_state (self);
  gboolean              was_running = priv->told_state >= MPEL_EVENT_LOOP_STATE_STARTING && priv->told_state <= MPEL_EVENT_LOOP_STATE_STOPPING;
  int                   pid = mpel_event_loop_get_worker_pid (self);

  g_object_freeze_notify (G_OBJECT (self));
  if (priv->told_n_pending != priv->n_pending)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_PENDING]);
  if (priv->told_state != state)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (was_running != mpel_event_loop_is_running (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  if (priv->told_pid != pid)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WORKER_PID]);
  priv->told_n_pending = priv->n_pending;
  priv->told_state = state;
  priv->told_pid = pid;
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
mpel_event_loop_real_event_done (MpelEventLoop *self, MpelEvent *event)
{
  return mpel_handlers_run (mpel_event_loop_get_private (self)->handlers, event);
}

static void
release_all (MpelEventLoopPrivate *priv, const GError *reason)
{
  mpel_waiters_release (priv->starts, reason);
  mpel_waiters_release (priv->waits, reason);
  mpel_waiters_release (priv->runs, reason);
  mpel_waiters_release (priv->stops, reason);
}

static void
mpel_event_loop_dispose (GObject *object)
{
  MpelEventLoop        *self = MPEL_EVENT_LOOP (object);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  g_autoptr (MpelSession) session = NULL;
  GError error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was disposed" };

  priv->closed = TRUE;
  mpel_event_loop_forget_pending (self);
  session = g_steal_pointer (&priv->session);
  if (session != NULL)
    mpel_session_abandon (session);
  release_all (priv, &error);

  G_OBJECT_CLASS (mpel_event_loop_parent_class)->dispose (object);
}

static void
mpel_event_loop_finalize (GObject *object)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (MPEL_EVENT_LOOP (object));

  g_source_destroy (priv->fill_wake);
  g_clear_pointer (&priv->fill_wake, g_source_unref);
  g_clear_pointer (&priv->delivery, mpel_delivery_free);
  g_clear_pointer (&priv->handlers, mpel_handlers_free);
  g_clear_pointer (&priv->starts, mpel_waiters_free);
  g_clear_pointer (&priv->waits, mpel_waiters_free);
  g_clear_pointer (&priv->runs, mpel_waiters_free);
  g_clear_pointer (&priv->stops, mpel_waiters_free);
  g_clear_object (&priv->launcher);
  g_clear_pointer (&priv->name, g_free);
  g_clear_pointer (&priv->context, g_main_context_unref);

  G_OBJECT_CLASS (mpel_event_loop_parent_class)->finalize (object);
}

static void
mpel_event_loop_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
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
mpel_event_loop_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
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
install_properties (GObjectClass *object_class)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

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

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
install_signals (MpelEventLoopClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  /**
   * MpelEventLoop::event-done:
   * @self: the loop
   * @event: the event
   *
   * Emitted when an event has ended.
   *
   * The detail is the event's key: connect to `event-done::thumbnail` to hear of events with
   * that [property@Event:event-key] only. The output handlers run behind all signal handlers
   * that are not connected after. An event without output is told only when it fails.
   *
   * Returns: `TRUE` to stop the other handlers
   *
   * Since: 0.1
   */
  signals[SIGNAL_EVENT_DONE] = g_signal_new ("event-done",
                                             type,
                                             G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                                             G_STRUCT_OFFSET (MpelEventLoopClass, event_done),
                                             g_signal_accumulator_true_handled,
                                             NULL,
                                             _mpel_marshal_BOOLEAN__OBJECT,
                                             G_TYPE_BOOLEAN,
                                             1,
                                             MPEL_TYPE_EVENT);
  g_signal_set_va_marshaller (signals[SIGNAL_EVENT_DONE], type, _mpel_marshal_BOOLEAN__OBJECTv);

  /**
   * MpelEventLoop::worker-started:
   * @self: the loop
   *
   * Emitted when a worker is ready.
   *
   * Since: 0.1
   */
  signals[SIGNAL_WORKER_STARTED] = g_signal_new ("worker-started", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * MpelEventLoop::worker-exited:
   * @self: the loop
   * @reason: (nullable): how it was lost, or `NULL` when it left because it was asked to
   *
   * Emitted when a worker is gone.
   *
   * Since: 0.1
   */
  signals[SIGNAL_WORKER_EXITED] = g_signal_new ("worker-exited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mpel_event_loop_class_init (MpelEventLoopClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_event_loop_dispose;
  object_class->finalize = mpel_event_loop_finalize;
  object_class->get_property = mpel_event_loop_get_property;
  object_class->set_property = mpel_event_loop_set_property;
  klass->event_done = mpel_event_loop_real_event_done;

  install_properties (object_class);
  install_signals (klass);
}

static void
mpel_event_loop_init (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  priv->context = g_main_context_ref_thread_default ();
  priv->launcher = mpel_launcher_new (NULL);
  priv->has_results = TRUE;
  priv->handlers = mpel_handlers_new ();
  priv->delivery = mpel_delivery_new (priv->context, mpel_event_loop_deliver_one, mpel_event_loop_check_milestones, G_OBJECT (self));
  priv->fill_wake = mpel_wake_new (priv->context, "[mpel] send events", G_PRIORITY_DEFAULT, mpel_event_loop_check_milestones, self);
  g_queue_init (&priv->queue);
  g_queue_init (&priv->ended);
  priv->starts = mpel_waiters_new (priv->context);
  priv->waits = mpel_waiters_new (priv->context);
  priv->runs = mpel_waiters_new (priv->context);
  priv->stops = mpel_waiters_new (priv->context);
}

/* Returns: (nullable) */
GDBusConnection *
mpel_event_loop_get_connection (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  return priv->session != NULL ? mpel_session_get_connection (priv->session) : NULL;
}

/**
 * mpel_event_loop_new:
 *
 * Creates an event loop whose worker is the running program, started again.
 *
 * Returns: (transfer full): the loop
 *
 * Since: 0.1
 */
MpelEventLoop *
mpel_event_loop_new (void)
{
  return g_object_new (MPEL_TYPE_EVENT_LOOP, NULL);
}

/**
 * mpel_event_loop_new_with_launcher:
 * @launcher: what to start as the worker, and how
 *
 * Creates an event loop with a worker of one's choice.
 *
 * Returns: (transfer full): the loop
 *
 * Since: 0.1
 */
MpelEventLoop *
mpel_event_loop_new_with_launcher (MpelLauncher *launcher)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (launcher), NULL);

  return g_object_new (MPEL_TYPE_EVENT_LOOP, "launcher", launcher, NULL);
}

/**
 * mpel_event_loop_get_default:
 *
 * Gets the global event loop.
 *
 * It is made by the first call, for the thread of that call, and made anew once it was closed.
 *
 * Returns: (transfer none): the loop
 *
 * Since: 0.1
 */
MpelEventLoop *
mpel_event_loop_get_default (void)
{
  static MpelEventLoop *default_loop = NULL;

  if (default_loop != NULL && mpel_event_loop_get_private (default_loop)->closed)
    g_clear_object (&default_loop);
  if (default_loop == NULL)
    default_loop = mpel_event_loop_new ();
  return default_loop;
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

/**
 * mpel_event_loop_add_output_handler:
 * @self: an event loop
 * @func: (scope notified) (closure user_data) (destroy destroy): the handler
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Adds a handler behind the others.
 *
 * Output handlers are called one after the other for each event that ended, until one returns
 * `TRUE`.
 *
 * Returns: an id to remove it by
 *
 * Since: 0.1
 */
guint
mpel_event_loop_add_output_handler (MpelEventLoop *self, MpelOutputHandlerFunc func, gpointer user_data, GDestroyNotify destroy)
{
  return mpel_event_loop_insert_output_handler (self, -1, func, user_data, destroy);
}

/**
 * mpel_event_loop_insert_output_handler:
 * @self: an event loop
 * @index: before which handler, or -1 for the end
 * @func: (scope notified) (closure user_data) (destroy destroy): the handler
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Adds a handler at a place among the others.
 *
 * Returns: an id to remove it by
 *
 * Since: 0.1
 */
guint
mpel_event_loop_insert_output_handler (MpelEventLoop *self, int index, MpelOutputHandlerFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), 0);
  g_return_val_if_fail (func != NULL, 0);

  return mpel_handlers_insert (mpel_event_loop_get_private (self)->handlers, index, func, user_data, destroy);
}

/**
 * mpel_event_loop_remove_output_handler:
 * @self: an event loop
 * @id: what adding the handler returned
 *
 * Removes a handler; also while the handlers run.
 *
 * Returns: whether there was one
 *
 * Since: 0.1
 */
gboolean
mpel_event_loop_remove_output_handler (MpelEventLoop *self, guint id)
{
  g_return_val_if_fail (MPEL_IS_EVENT_LOOP (self), FALSE);

  return mpel_handlers_remove (mpel_event_loop_get_private (self)->handlers, id);
}
