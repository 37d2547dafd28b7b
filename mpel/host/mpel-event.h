/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-enums.h"
#include "mpel-types.h"

G_BEGIN_DECLS

#define MPEL_TYPE_EVENT (mpel_event_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (MpelEvent, mpel_event, MPEL, EVENT, GObject)

/**
 * MpelEventClass:
 * @parent_class: the parent class
 * @run: runs the event, in the worker
 *
 * The class of events.
 *
 * Since: 0.1
 */
struct _MpelEventClass
{
  GObjectClass parent_class;

  /**
   * MpelEventClass::run:
   * @self: an event like the host's, with its arguments and writable properties
   * @invocation: the invocation
   * @error: return location for an error
   *
   * Runs the event, in the worker.
   *
   * Returns: (transfer full) (nullable): the results; `NULL` without an error ends the event
   *   with [MPEL_LOOP_ERROR_NO_RESULT][error@LoopError]
   *
   * Since: 0.1
   */
  GVariant *(*run) (MpelEvent      *self,
                    MpelInvocation *invocation,
                    GError        **error);

  /*< private >*/
  gpointer padding[8];
};

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_new (const char *target,
                           GVariant   *args,
                           GVariant   *kwargs) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_new_method (GObject    *object,
                                  const char *method,
                                  GVariant   *args,
                                  GVariant   *kwargs) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_new_var (const char *variable,
                               const char *method,
                               GVariant   *args,
                               GVariant   *kwargs) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
const char *mpel_event_get_target (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_target (MpelEvent  *self,
                            const char *target);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_event_get_args (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_args (MpelEvent *self,
                          GVariant  *args);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_event_get_kwargs (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_kwargs (MpelEvent *self,
                            GVariant  *kwargs);

MPEL_AVAILABLE_IN_0_1
const char *mpel_event_get_event_key (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_event_key (MpelEvent  *self,
                               const char *event_key);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_get_has_output (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_has_output (MpelEvent *self,
                                gboolean   has_output);

MPEL_AVAILABLE_IN_0_1
GObject *mpel_event_get_object (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_object (MpelEvent *self,
                            GObject   *object);

MPEL_AVAILABLE_IN_0_1
const char *mpel_event_get_variable (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_variable (MpelEvent  *self,
                              const char *variable);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_get_cache (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_cache (MpelEvent *self,
                           gboolean   cache);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_get_re_register (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_re_register (MpelEvent *self,
                                 gboolean   re_register);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_get_save_variables (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_save_variables (MpelEvent *self,
                                    gboolean   save_variables);

MPEL_AVAILABLE_IN_0_1
int mpel_event_add_object (MpelEvent *self,
                           GObject   *object);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_update_object (MpelEvent *self,
                                   GError   **error);

MPEL_AVAILABLE_IN_0_1
int mpel_event_get_priority (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_priority (MpelEvent *self,
                              int        priority);

MPEL_AVAILABLE_IN_0_1
int mpel_event_get_timeout (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_timeout (MpelEvent *self,
                             int        timeout);

MPEL_AVAILABLE_IN_0_1
guint mpel_event_get_max_retries (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_max_retries (MpelEvent *self,
                                 guint      max_retries);

MPEL_AVAILABLE_IN_0_1
GCancellable *mpel_event_get_cancellable (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_cancellable (MpelEvent    *self,
                                 GCancellable *cancellable);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_get_pull (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_set_pull (MpelEvent *self,
                          gboolean   pull);

MPEL_AVAILABLE_IN_0_1
void mpel_event_next_async (MpelEvent          *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_event_next_finish (MpelEvent    *self,
                                  GAsyncResult *result,
                                  GError      **error);

MPEL_AVAILABLE_IN_0_1
double mpel_event_get_progress (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
const char *mpel_event_get_progress_message (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
void mpel_event_cancel (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
MpelEventState mpel_event_get_state (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
gboolean mpel_event_is_ended (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_event_get_results (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
const GError *mpel_event_get_error (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
const char *mpel_event_get_remote_type (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
const char *mpel_event_get_traceback (MpelEvent *self);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_event_new_payload (const char   *target,
                                   const guint8 *payload,
                                   gsize         length) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
const guint8 *mpel_event_get_payload (MpelEvent *self,
                                      gsize     *length);

G_END_DECLS
