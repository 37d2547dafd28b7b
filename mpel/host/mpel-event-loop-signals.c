/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-loop-private.h"

#include "mpel-marshal.h"

/* The signals of event loops. Those about events come to the handlers of the consumer. */

enum
{
  SIGNAL_EVENT_DONE,
  SIGNAL_EVENT_PROGRESS,
  SIGNAL_EVENT_YIELD,
  SIGNAL_DRAINED,
  SIGNAL_WORKER_STARTED,
  SIGNAL_WORKER_EXITED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Whose handlers hear of what becomes of the events of @self. */
static MpelEventLoop *
find_consumer (MpelEventLoop *self)
{
  MpelEventLoop *consumer;

  while ((consumer = mpel_event_loop_get_private (self)->consumer) != NULL)
    self = consumer;
  return self;
}

/* A key that nobody has connected to is no quark yet, and need not become one. */
static GQuark
get_detail (MpelEvent *event)
{
  const char *key = mpel_event_get_private (event)->event_key;

  return key != NULL ? g_quark_try_string (key) : 0;
}

void
mpel_event_loop_emit_event_done (MpelEventLoop *self, MpelEvent *event)
{
  gboolean handled = FALSE;

  g_signal_emit (find_consumer (self), signals[SIGNAL_EVENT_DONE], get_detail (event), event, &handled);
}

/* By others than the output handlers: those who connected, or a subclass. */
gboolean
mpel_event_loop_is_event_done_heard (MpelEventLoop *self, MpelEvent *event)
{
  return MPEL_EVENT_LOOP_GET_CLASS (self)->event_done != mpel_event_loop_real_event_done ||
         g_signal_has_handler_pending (self, signals[SIGNAL_EVENT_DONE], get_detail (event), FALSE);
}

void
mpel_event_loop_emit_event_progress (MpelEventLoop *self, MpelEvent *event)
{
  g_signal_emit (find_consumer (self), signals[SIGNAL_EVENT_PROGRESS], get_detail (event), event);
}

void
mpel_event_loop_emit_event_yield (MpelEventLoop *self, MpelEvent *event, GVariant *value)
{
  g_signal_emit (find_consumer (self), signals[SIGNAL_EVENT_YIELD], get_detail (event), event, value);
}

void
mpel_event_loop_emit_drained (MpelEventLoop *self)
{
  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
}

void
mpel_event_loop_emit_worker_started (MpelEventLoop *self, int pid)
{
  g_signal_emit (self, signals[SIGNAL_WORKER_STARTED], 0, pid);
}

void
mpel_event_loop_emit_worker_exited (MpelEventLoop *self, int pid, const GError *reason)
{
  g_signal_emit (self, signals[SIGNAL_WORKER_EXITED], 0, pid, reason);
}

static void
install_end_signal (MpelEventLoopClass *klass)
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
}

static void
install_long_work_signals (MpelEventLoopClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  /**
   * MpelEventLoop::event-progress:
   * @self: the loop
   * @event: the event
   *
   * Emitted when a running event has told of its progress, see [property@Event:progress] and
   * [property@Event:progress-message].
   *
   * However often the target tells, this comes some 60 times a second for each event. What it
   * told last is known before the event ends. The detail is the event's key.
   *
   * Since: 0.1
   */
  signals[SIGNAL_EVENT_PROGRESS] = g_signal_new ("event-progress",
                                                 type,
                                                 G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                                                 G_STRUCT_OFFSET (MpelEventLoopClass, event_progress),
                                                 NULL,
                                                 NULL,
                                                 NULL,
                                                 G_TYPE_NONE,
                                                 1,
                                                 MPEL_TYPE_EVENT);

  /**
   * MpelEventLoop::event-yield:
   * @self: the loop
   * @event: the event
   * @value: what it yielded
   *
   * Emitted for each value that a running event yields before its end, in order.
   *
   * The worker makes values ahead of who handles them, but no more than a few hundred, and no
   * more than 1 MiB of them. Not emitted for an event that keeps them, see
   * [property@Event:pull], nor once an event was asked to end. The detail is the event's key.
   *
   * Since: 0.1
   */
  signals[SIGNAL_EVENT_YIELD] = g_signal_new ("event-yield",
                                              type,
                                              G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                                              G_STRUCT_OFFSET (MpelEventLoopClass, event_yield),
                                              NULL,
                                              NULL,
                                              NULL,
                                              G_TYPE_NONE,
                                              2,
                                              MPEL_TYPE_EVENT,
                                              G_TYPE_VARIANT);

  /**
   * MpelEventLoop::drained:
   * @self: the loop
   *
   * Emitted when the loop was full, and half of its events are gone.
   *
   * See [property@EventLoop:max-pending]. Emitted once in a turn of the main context.
   *
   * Since: 0.1
   */
  signals[SIGNAL_DRAINED] = g_signal_new ("drained",
                                          type,
                                          G_SIGNAL_RUN_LAST,
                                          G_STRUCT_OFFSET (MpelEventLoopClass, drained),
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
install_worker_signals (MpelEventLoopClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  /**
   * MpelEventLoop::worker-started:
   * @self: the loop
   * @pid: the process id of the worker
   *
   * Emitted when a worker is ready.
   *
   * Since: 0.1
   */
  signals[SIGNAL_WORKER_STARTED] = g_signal_new ("worker-started",
                                                 type,
                                                 G_SIGNAL_RUN_LAST,
                                                 G_STRUCT_OFFSET (MpelEventLoopClass, worker_started),
                                                 NULL,
                                                 NULL,
                                                 NULL,
                                                 G_TYPE_NONE,
                                                 1,
                                                 G_TYPE_INT);

  /**
   * MpelEventLoop::worker-exited:
   * @self: the loop
   * @pid: the process id it had
   * @reason: (nullable): how it was lost, or `NULL` when it left because it was asked to
   *
   * Emitted when a worker is gone; also one that never became ready.
   *
   * Since: 0.1
   */
  signals[SIGNAL_WORKER_EXITED] = g_signal_new ("worker-exited",
                                                type,
                                                G_SIGNAL_RUN_LAST,
                                                G_STRUCT_OFFSET (MpelEventLoopClass, worker_exited),
                                                NULL,
                                                NULL,
                                                NULL,
                                                G_TYPE_NONE,
                                                2,
                                                G_TYPE_INT,
                                                G_TYPE_ERROR);
}

void
mpel_event_loop_install_signals (MpelEventLoopClass *klass)
{
  install_end_signal (klass);
  install_long_work_signals (klass);
  install_worker_signals (klass);
}
