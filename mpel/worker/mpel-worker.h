/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-invocation.h"

G_BEGIN_DECLS

#define MPEL_TYPE_WORKER (mpel_worker_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (MpelWorker, mpel_worker, MPEL, WORKER, GObject)

/**
 * MpelTargetFunc:
 * @invocation: the invocation
 * @args: the positional arguments, a tuple
 * @kwargs: the named arguments, an `a{sv}`
 * @user_data: what was given with the function
 * @error: return location for an error
 *
 * A function that runs events in the worker, and answers by returning.
 *
 * `NULL` without an error ends the event with [MPEL_LOOP_ERROR_NO_RESULT][error@LoopError]; a
 * function that has nothing to say returns the empty tuple `()`.
 *
 * Returns: (transfer full) (nullable): the results; a floating reference will do
 *
 * Since: 0.1
 */
typedef GVariant *(*MpelTargetFunc) (MpelInvocation *invocation,
                                     GVariant       *args,
                                     GVariant       *kwargs,
                                     gpointer        user_data,
                                     GError        **error);

/**
 * MpelHandlerFunc:
 * @invocation: the invocation, to be answered now or later
 * @user_data: what was given with the handler
 *
 * Takes events in the worker, and answers each through its invocation.
 *
 * Since: 0.1
 */
typedef void (*MpelHandlerFunc) (MpelInvocation *invocation,
                                 gpointer        user_data);

/**
 * MpelMethodFunc:
 * @object: the object whose method it is
 * @invocation: the invocation
 * @args: the positional arguments, a tuple
 * @kwargs: the named arguments, an `a{sv}`
 * @user_data: what was given with the function
 * @error: return location for an error
 *
 * A method of an object in the worker, which answers by returning.
 *
 * `NULL` without an error ends the event with [MPEL_LOOP_ERROR_NO_RESULT][error@LoopError]; a
 * method that has nothing to say returns the empty tuple `()`.
 *
 * Returns: (transfer full) (nullable): the results; a floating reference will do
 *
 * Since: 0.1
 */
typedef GVariant *(*MpelMethodFunc) (GObject        *object,
                                     MpelInvocation *invocation,
                                     GVariant       *args,
                                     GVariant       *kwargs,
                                     gpointer        user_data,
                                     GError        **error);

/**
 * MpelInitializeFunc:
 * @worker: the worker
 * @user_data: what was given with the function
 * @error: return location for an error
 *
 * Prepares a worker before its first event.
 *
 * Returns: `FALSE` with @error set when the worker cannot work
 *
 * Since: 0.1
 */
typedef gboolean (*MpelInitializeFunc) (MpelWorker *worker,
                                        gpointer    user_data,
                                        GError    **error);

MPEL_AVAILABLE_IN_0_1
MpelWorker *mpel_worker_get_default (void);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_add_function (MpelWorker    *self,
                               const char    *name,
                               MpelTargetFunc func,
                               gpointer       user_data,
                               GDestroyNotify destroy);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_add_handler (MpelWorker     *self,
                              const char     *name,
                              MpelHandlerFunc func,
                              gpointer        user_data,
                              GDestroyNotify  destroy);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_worker_remove_target (MpelWorker *self,
                                    const char *name);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_add_event_class (MpelWorker *self,
                                  GType       type);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_add_class (MpelWorker *self,
                            GType       type,
                            const char *name);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_add_method (MpelWorker    *self,
                             GType          type,
                             const char    *name,
                             MpelMethodFunc func,
                             gpointer       user_data,
                             GDestroyNotify destroy);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_add_method_handler (MpelWorker     *self,
                                     GType           type,
                                     const char     *name,
                                     MpelHandlerFunc func,
                                     gpointer        user_data,
                                     GDestroyNotify  destroy);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_set_variable (MpelWorker *self,
                               const char *name,
                               GObject    *object);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_set_variable_value (MpelWorker *self,
                                     const char *name,
                                     GVariant   *value);

MPEL_AVAILABLE_IN_0_1
GObject *mpel_worker_get_variable (MpelWorker *self,
                                   const char *name);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_worker_get_variable_value (MpelWorker *self,
                                          const char *name);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_set_initializer (MpelWorker        *self,
                                  MpelInitializeFunc func,
                                  gpointer           user_data,
                                  GDestroyNotify     destroy);

MPEL_AVAILABLE_IN_0_1
guint mpel_worker_get_max_concurrent (MpelWorker *self);

MPEL_AVAILABLE_IN_0_1
void mpel_worker_set_max_concurrent (MpelWorker *self,
                                     guint       max_concurrent);

MPEL_AVAILABLE_IN_0_1
int mpel_worker_run (MpelWorker *self);

G_END_DECLS
