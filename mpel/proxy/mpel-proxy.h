/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-event-loop.h"

G_BEGIN_DECLS

#define MPEL_TYPE_PROXY (mpel_proxy_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (MpelProxy, mpel_proxy, MPEL, PROXY, GObject)

/**
 * MpelProxyClass:
 * @parent_class: the parent class
 * @getter_changed: the class closure of [signal@Proxy::getter-changed]
 * @remote_signal: the class closure of [signal@Proxy::remote-signal]
 * @write_failed: the class closure of [signal@Proxy::write-failed]
 *
 * The class of proxies.
 *
 * Since: 0.1
 */
struct _MpelProxyClass
{
  GObjectClass parent_class;

  /**
   * MpelProxyClass::getter_changed:
   * @self: a proxy
   * @name: the name of the getter
   * @value: what it returns now
   *
   * The class closure of [signal@Proxy::getter-changed].
   *
   * Since: 0.1
   */
  void (*getter_changed) (MpelProxy  *self,
                          const char *name,
                          GVariant   *value);

  /**
   * MpelProxyClass::remote_signal:
   * @self: a proxy
   * @name: the name of the signal
   * @params: its parameters, a tuple
   *
   * The class closure of [signal@Proxy::remote-signal].
   *
   * Since: 0.1
   */
  void (*remote_signal) (MpelProxy  *self,
                         const char *name,
                         GVariant   *params);

  /**
   * MpelProxyClass::write_failed:
   * @self: a proxy
   * @name: the name of the property
   * @error: why
   *
   * The class closure of [signal@Proxy::write-failed].
   *
   * Since: 0.1
   */
  void (*write_failed) (MpelProxy    *self,
                        const char   *name,
                        const GError *error);

  /*< private >*/
  gpointer padding[8];
};

MPEL_AVAILABLE_IN_0_1
void mpel_proxy_new_async (MpelEventLoop      *loop,
                           const char         *remote_class,
                           GVariant           *properties,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
MpelProxy *mpel_proxy_new_finish (GAsyncResult *result,
                                  GError      **error) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
void mpel_proxy_new_for_variable_async (MpelEventLoop      *loop,
                                        const char         *variable,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
MpelProxy *mpel_proxy_new_for_variable_finish (GAsyncResult *result,
                                               GError      **error) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelProxy *mpel_proxy_get_for_result (MpelEvent *event,
                                      int        handle) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
void mpel_proxy_register_type (const char *remote_class,
                               GType       type);

MPEL_AVAILABLE_IN_0_1
MpelEventLoop *mpel_proxy_get_loop (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
const char *mpel_proxy_get_remote_class (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
const char *mpel_proxy_get_variable (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
guint64 mpel_proxy_get_remote_id (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
const char *const *mpel_proxy_get_getters (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_proxy_get_remote_properties (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
MpelProxyState mpel_proxy_get_state (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
const GError *mpel_proxy_get_error (MpelProxy *self);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_proxy_get_cached_property (MpelProxy  *self,
                                          const char *name);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_proxy_get_getter_value (MpelProxy  *self,
                                       const char *name);

MPEL_AVAILABLE_IN_0_1
MpelEvent *mpel_proxy_call (MpelProxy  *self,
                            const char *method,
                            GVariant   *args,
                            GVariant   *kwargs,
                            GError    **error);

MPEL_AVAILABLE_IN_0_1
void mpel_proxy_call_async (MpelProxy          *self,
                            const char         *method,
                            GVariant           *args,
                            GVariant           *kwargs,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
GVariant *mpel_proxy_call_finish (MpelProxy    *self,
                                  GAsyncResult *result,
                                  GError      **error);

MPEL_AVAILABLE_IN_0_1
void mpel_proxy_call_object_async (MpelProxy          *self,
                                   const char         *method,
                                   GVariant           *args,
                                   GVariant           *kwargs,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

MPEL_AVAILABLE_IN_0_1
MpelProxy *mpel_proxy_call_object_finish (MpelProxy    *self,
                                          GAsyncResult *result,
                                          GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
