/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-wake-private.h"

/**
 * MpelEventLoop:
 *
 * The host's handle on a worker process, and the queue of events for it.
 *
 * Add events with [method@EventLoop.add_event] or [method@EventLoop.add_call]: that starts a
 * worker if there is none. Functions in the worker run one after the other, in the order their
 * events were added, or by their [property@Event:priority]. When an event has ended,
 * [signal@EventLoop::event-done] is emitted and the output handlers run, on the
 * [struct@GLib.MainContext] that was thread-default when the loop was made: in a GTK program, on its
 * thread. Nothing here blocks that thread but the verbs that say so, and each of those has an
 * asynchronous twin.
 *
 * Every event ends exactly once: done, failed, cancelled, or lost with its worker. A failed event
 * reaches the handlers like any other, with its error. When a worker dies, all pending events end
 * with [MPEL_LOOP_ERROR_WORKER_LOST][error@LoopError], unless they have
 * [property@Event:max-retries]; the next event that is added starts a new worker. One that is killed
 * because an event does not end when it was asked to takes along only what it had begun.
 *
 * Long work can be watched and ended: [signal@EventLoop::event-progress],
 * [signal@EventLoop::event-yield], [method@Event.cancel], [property@EventLoop:event-timeout].
 * [method@EventLoop.get_events] lists the events for a window to show. For work that can be done
 * side by side there is [class@Pool].
 *
 * While events are pending the loop holds a reference on itself. To be rid of it sooner, call
 * [method@EventLoop.terminate]. When the last reference goes, so does the worker.
 *
 * Use a loop only from the thread that made it.
 *
 * Since: 0.1
 */

G_DEFINE_TYPE_WITH_PRIVATE (MpelEventLoop, mpel_event_loop, G_TYPE_OBJECT)

MpelEventLoopPrivate *
mpel_event_loop_get_private (MpelEventLoop *self)
{
  return mpel_event_loop_get_instance_private (self);
}

gboolean
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
  mpel_waiters_release (priv->rooms, reason);
}

/* The workers are sent home, and nobody is told. */
static void
abandon_sessions (MpelEventLoopPrivate *priv)
{
  g_autoptr (GPtrArray) sessions = g_steal_pointer (&priv->sessions);

  priv->sessions = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < sessions->len; i++)
    mpel_session_abandon (sessions->pdata[i]);
}

static void
mpel_event_loop_dispose (GObject *object)
{
  MpelEventLoop        *self = MPEL_EVENT_LOOP (object);
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);
  GError                error = { G_IO_ERROR, G_IO_ERROR_CANCELLED, (char *) "The loop was disposed" };

  priv->closed = TRUE;
  mpel_event_loop_forget_pending (self);
  mpel_event_loop_forget_objects (self);
  abandon_sessions (priv);
  release_all (priv, &error);
  g_clear_object (&priv->consumer);

  G_OBJECT_CLASS (mpel_event_loop_parent_class)->dispose (object);
}

static void
mpel_event_loop_finalize (GObject *object)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (MPEL_EVENT_LOOP (object));

  g_source_destroy (priv->turn_wake);
  g_clear_pointer (&priv->turn_wake, g_source_unref);
  g_source_destroy (priv->tick);
  g_clear_pointer (&priv->tick, g_source_unref);
  if (priv->list != NULL)
    g_object_remove_weak_pointer (G_OBJECT (priv->list), (gpointer *) &priv->list);
  g_clear_pointer (&priv->cached, g_hash_table_unref);
  g_clear_pointer (&priv->sessions, g_ptr_array_unref);
  g_clear_pointer (&priv->classes, g_hash_table_unref);
  g_clear_pointer (&priv->realm, mpel_realm_close);
  g_clear_pointer (&priv->alarms, mpel_alarms_free);
  mpel_queue_clear (&priv->queue);
  g_clear_pointer (&priv->delivery, mpel_delivery_free);
  g_clear_pointer (&priv->handlers, mpel_handlers_free);
  g_clear_pointer (&priv->ended_hook, mpel_ended_hook_unref);
  g_clear_pointer (&priv->starts, mpel_waiters_free);
  g_clear_pointer (&priv->waits, mpel_waiters_free);
  g_clear_pointer (&priv->runs, mpel_waiters_free);
  g_clear_pointer (&priv->stops, mpel_waiters_free);
  g_clear_pointer (&priv->rooms, mpel_waiters_free);
  g_clear_object (&priv->launcher);
  g_clear_error (&priv->start_failure);
  g_clear_pointer (&priv->name, g_free);
  g_clear_pointer (&priv->context, g_main_context_unref);

  G_OBJECT_CLASS (mpel_event_loop_parent_class)->finalize (object);
}

static void
mpel_event_loop_class_init (MpelEventLoopClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_event_loop_dispose;
  object_class->finalize = mpel_event_loop_finalize;
  klass->event_done = mpel_event_loop_real_event_done;

  mpel_event_loop_install_properties (object_class);
  mpel_event_loop_install_signals (klass);
}

static void
mpel_event_loop_init (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  priv->context = g_main_context_ref_thread_default ();
  priv->thread = g_thread_self ();
  priv->launcher = mpel_launcher_new (NULL);
  priv->has_results = TRUE;
  priv->handlers = mpel_handlers_new ();
  priv->delivery = mpel_delivery_new (priv->context, mpel_event_loop_deliver_one, mpel_event_loop_check_milestones, G_OBJECT (self));
  priv->turn_wake = mpel_wake_new (priv->context, "[mpel] look after loop", G_PRIORITY_DEFAULT, mpel_event_loop_check_milestones, self);
  priv->alarms = mpel_alarms_new (priv->context, "[mpel] event is late", mpel_event_loop_alarm_cb, self);
  priv->tick = mpel_wake_new (priv->context, "[mpel] look after workers", G_PRIORITY_DEFAULT, mpel_event_loop_tick_cb, self);
  /* Who is told of something may run a main loop, in which there are turns as well. */
  g_source_set_can_recurse (priv->turn_wake, TRUE);
  g_source_set_can_recurse (priv->tick, TRUE);
  priv->sessions = g_ptr_array_new_with_free_func (g_object_unref);
  priv->max_workers = 1;
  priv->realm = mpel_realm_new (self);
  priv->cached = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) mpel_remote_unref);
  priv->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  priv->cancel_grace_ms = MPEL_DEFAULT_CANCEL_GRACE_MS;
  priv->told_can_add = TRUE;
  mpel_queue_init (&priv->queue);
  g_queue_init (&priv->ended);
  priv->starts = mpel_waiters_new (priv->context);
  priv->waits = mpel_waiters_new (priv->context);
  priv->runs = mpel_waiters_new (priv->context);
  priv->stops = mpel_waiters_new (priv->context);
  priv->rooms = mpel_waiters_new (priv->context);
}

/* Returns: (nullable) */
GDBusConnection *
mpel_event_loop_get_connection (MpelEventLoop *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (self);

  return priv->sessions->len > 0 ? mpel_session_get_connection (priv->sessions->pdata[0]) : NULL;
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
