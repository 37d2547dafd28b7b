/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-event.h"
#include "mpel-launcher.h"

G_BEGIN_DECLS

#define MPEL_TYPE_EVENT_LOOP (mpel_event_loop_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (MpelEventLoop, mpel_event_loop, MPEL, EVENT_LOOP, GObject)

/**
 * MpelEventLoopClass:
 * @parent_class: the parent class
 * @event_done: the class closure of [signal@EventLoop::event-done]
 * @worker_started: the class closure of [signal@EventLoop::worker-started]
 * @worker_exited: the class closure of [signal@EventLoop::worker-exited]
 * @event_progress: the class closure of [signal@EventLoop::event-progress]
 * @event_yield: the class closure of [signal@EventLoop::event-yield]
 * @drained: the class closure of [signal@EventLoop::drained]
 *
 * The class of event loops.
 *
 * Since: 0.1
 */
struct _MpelEventLoopClass
{
  GObjectClass parent_class;

  /**
   * MpelEventLoopClass::event_done:
   * @self: an event loop
   * @event: the event that ended
   *
   * Handles an event that ended, after all signal handlers; runs the output handlers.
   *
   * Returns: whether a handler stopped the others
   *
   * Since: 0.1
   */
  gboolean (*event_done) (MpelEventLoop *self,
                          MpelEvent     *event);

  /**
   * MpelEventLoopClass::worker_started:
   * @self: an event loop
   * @pid: the process id of the worker
   *
   * The class closure of [signal@EventLoop::worker-started].
   *
   * Since: 0.1
   */
  void (*worker_started) (MpelEventLoop *self,
                          int            pid);

  /**
   * MpelEventLoopClass::worker_exited:
   * @self: an event loop
   * @pid: the process id it had
   * @reason: (nullable): how it was lost, if it was
   *
   * The class closure of [signal@EventLoop::worker-exited].
   *
   * Since: 0.1
   */
  void (*worker_exited) (MpelEventLoop *self,
                         int            pid,
                         const GError  *reason);

  /**
   * MpelEventLoopClass::event_progress:
   * @self: an event loop
   * @event: the event that told of its progress
   *
   * The class closure of [signal@EventLoop::event-progress].
   *
   * Since: 0.1
   */
  void (*event_progress) (MpelEventLoop *self,
                          MpelEvent     *event);

  /**
   * MpelEventLoopClass::event_yield:
   * @self: an event loop
   * @event: the event that yielded
   * @value: what it yielded
   *
   * The class closure of [signal@EventLoop::event-yield].
   *
   * Since: 0.1
   */
  void (*event_yield) (MpelEventLoop *self,
                       MpelEvent     *event,
                       GVariant      *value);

  /**
   * MpelEventLoopClass::drained:
   * @self: an event loop
   *
   * The class closure of [signal@EventLoop::drained].
   *
   * Since: 0.1
   */
  void (*drained) (MpelEventLoop *self);

  /*< private >*/
  gpointer padding[9];
};

/**
 * MpelOutputHandlerFunc:
 * @event: an event that ended
 * @user_data: what was given with the handler
 *
 * Handles an event that ended.
 *
 * Returns: `TRUE` to stop the handlers behind this one
 *
 * Since: 0.1
 */
typedef gboolean (*MpelOutputHandlerFunc) (MpelEvent *event,
                                           gpointer   user_data);

/**
 * MpelEndedFunc:
 * @self: an event loop
 * @user_data: what was given with the function
 *
 * Takes events that have ended, with [method@EventLoop.take_ended].
 *
 * Since: 0.1
 */
typedef void (*MpelEndedFunc) (MpelEventLoop *self,
                               gpointer       user_data);

MPEL_AVAILABLE_IN_0_1
MpelEventLoop *mpel_event_loop_new (void) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelEventLoop *mpel_event_loop_new_with_launcher (MpelLauncher *launcher) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelEventLoop *mpel_event_loop_get_default (void);

MPEL_AVAILABLE_IN_0_1
const char *mpel_event_loop_get_name (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_name (MpelEventLoop *self,
                               const char    *name);

MPEL_AVAILABLE_IN_0_1
MpelLauncher *mpel_event_loop_get_launcher (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_launcher (MpelEventLoop *self,
                                   MpelLauncher  *launcher);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_get_has_results (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_has_results (MpelEventLoop *self,
                                      gboolean       has_results);

MPEL_AVAILABLE_IN_0_1
int mpel_event_loop_get_delivery_priority (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_delivery_priority (MpelEventLoop *self,
                                            int            delivery_priority);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_get_delivery_slice (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_delivery_slice (MpelEventLoop *self,
                                         guint          delivery_slice);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_get_cancel_grace (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_cancel_grace (MpelEventLoop *self,
                                       guint          cancel_grace);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_get_event_timeout (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_event_timeout (MpelEventLoop *self,
                                        guint          event_timeout);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_get_max_pending (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_max_pending (MpelEventLoop *self,
                                      guint          max_pending);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_get_can_add (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_get_idle_timeout (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_idle_timeout (MpelEventLoop *self,
                                       guint          idle_timeout);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_get_max_events_per_worker (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_max_events_per_worker (MpelEventLoop *self,
                                                guint          max_events_per_worker);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_get_prestart (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_prestart (MpelEventLoop *self,
                                   gboolean       prestart);

MPEL_AVAILABLE_IN_0_1
MpelEventLoop *mpel_event_loop_get_consumer (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_consumer (MpelEventLoop *self,
                                   MpelEventLoop *consumer);

MPEL_AVAILABLE_IN_0_1
GListModel *mpel_event_loop_get_events (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_is_running (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
MpelEventLoopState mpel_event_loop_get_state (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_get_n_pending (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
int mpel_event_loop_get_worker_pid (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_add_output_handler (MpelEventLoop        *self,
                                          MpelOutputHandlerFunc func,
                                          gpointer              user_data,
                                          GDestroyNotify        destroy);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_loop_insert_output_handler (MpelEventLoop        *self,
                                             int                   index,
                                             MpelOutputHandlerFunc func,
                                             gpointer              user_data,
                                             GDestroyNotify        destroy);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_remove_output_handler (MpelEventLoop *self,
                                                guint          id);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_add_event (MpelEventLoop *self,
                                    MpelEvent     *event,
                                    GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_add_event_async (MpelEventLoop      *self,
                                      MpelEvent          *event,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_add_event_finish (MpelEventLoop *self,
                                           GAsyncResult  *result,
                                           GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_cancel_all (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_add_call (MpelEventLoop *self,
                                     const char    *target,
                                     GVariant      *args,
                                     GVariant      *kwargs,
                                     GError       **error);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_add_payload (MpelEventLoop *self,
                                        const char    *target,
                                        const guint8  *payload,
                                        gsize          length,
                                        GError       **error);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_add_stream (MpelEventLoop *self,
                                       const char    *target,
                                       GVariant      *args,
                                       GVariant      *kwargs,
                                       GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_call_async (MpelEventLoop      *self,
                                 const char         *target,
                                 GVariant           *args,
                                 GVariant           *kwargs,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_event_loop_call_finish (MpelEventLoop *self,
                                       GAsyncResult  *result,
                                       GError       **error);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_get_call_event (MpelEventLoop *self,
                                           GAsyncResult  *result);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_start (MpelEventLoop *self,
                                GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_start_async (MpelEventLoop      *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_start_finish (MpelEventLoop *self,
                                       GAsyncResult  *result,
                                       GError       **error);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_run (MpelEventLoop    *self,
                              MpelEvent *const *events,
                              gsize             n_events,
                              GError          **error);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_run_until_complete (MpelEventLoop    *self,
                                             MpelEvent *const *events,
                                             gsize             n_events,
                                             GCancellable     *cancellable,
                                             GError          **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_run_until_complete_async (MpelEventLoop      *self,
                                               MpelEvent *const   *events,
                                               gsize               n_events,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_run_until_complete_finish (MpelEventLoop *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_wait (MpelEventLoop *self,
                               GCancellable  *cancellable,
                               GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_wait_async (MpelEventLoop      *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_wait_finish (MpelEventLoop *self,
                                      GAsyncResult  *result,
                                      GError       **error);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_stop (MpelEventLoop *self,
                               GCancellable  *cancellable,
                               GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_stop_async (MpelEventLoop      *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_stop_finish (MpelEventLoop *self,
                                      GAsyncResult  *result,
                                      GError       **error);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_close (MpelEventLoop *self,
                                GCancellable  *cancellable,
                                GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_close_async (MpelEventLoop      *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_close_finish (MpelEventLoop *self,
                                       GAsyncResult  *result,
                                       GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_terminate (MpelEventLoop *self);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_cache_object (MpelEventLoop *self,
                                         GObject       *object,
                                         gboolean       has_output,
                                         GError       **error);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_re_register (MpelEventLoop *self,
                                        GObject       *object,
                                        gboolean       has_output,
                                        GError       **error);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_is_object_cached (MpelEventLoop *self,
                                           GObject       *object);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_loop_release_object (MpelEventLoop *self,
                                         GObject       *object);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_add_cache_event (MpelEventLoop *self,
                                            GObject       *object,
                                            const char    *target,
                                            GVariant      *args,
                                            GVariant      *kwargs,
                                            GError       **error);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_save_variables (MpelEventLoop *self,
                                           const char    *target,
                                           GVariant      *args,
                                           GVariant      *kwargs,
                                           GError       **error);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_add_var_event (MpelEventLoop *self,
                                          const char    *variable,
                                          const char    *method,
                                          GVariant      *args,
                                          GVariant      *kwargs,
                                          GError       **error);

MPEL_AVAILABLE_IN_0_1
void mpel_event_loop_set_ended_func (MpelEventLoop *self,
                                     MpelEndedFunc  func,
                                     gpointer       user_data,
                                     GDestroyNotify destroy);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_loop_take_ended (MpelEventLoop *self);

G_END_DECLS
