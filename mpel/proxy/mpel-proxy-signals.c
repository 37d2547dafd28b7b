/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-marshal.h"

enum
{
  SIGNAL_GETTER_CHANGED,
  SIGNAL_REMOTE_SIGNAL,
  SIGNAL_WRITE_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A name that nobody has connected to is no quark yet, and need not become one. */
void
mpel_proxy_emit_getter_changed (MpelProxy *self, const char *name, GVariant *value)
{
  g_signal_emit (self, signals[SIGNAL_GETTER_CHANGED], g_quark_try_string (name), name, value);
}

void
mpel_proxy_emit_remote_signal (MpelProxy *self, const char *name, GVariant *params)
{
  g_signal_emit (self, signals[SIGNAL_REMOTE_SIGNAL], g_quark_try_string (name), name, params);
}

void
mpel_proxy_emit_write_failed (MpelProxy *self, const char *name, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_WRITE_FAILED], g_quark_try_string (name), name, error);
}

static guint
install (MpelProxyClass *klass, const char *name, guint offset, GType second)
{
  GType    type = G_TYPE_FROM_CLASS (klass);
  gboolean is_variant = second == G_TYPE_VARIANT;
  guint    id;

  id = g_signal_new (name,
                     type,
                     G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                     offset,
                     NULL,
                     NULL,
                     is_variant ? _mpel_marshal_VOID__STRING_VARIANT : _mpel_marshal_VOID__STRING_BOXED,
                     G_TYPE_NONE,
                     2,
                     G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                     second);
  g_signal_set_va_marshaller (id, type, is_variant ? _mpel_marshal_VOID__STRING_VARIANTv : _mpel_marshal_VOID__STRING_BOXEDv);
  return id;
}

void
mpel_proxy_install_signals (MpelProxyClass *klass)
{
  /**
   * MpelProxy::getter-changed:
   * @self: the proxy
   * @name: the name of the getter
   * @value: what it returns now
   *
   * Emitted when one of the [property@Proxy:getters] returns something else than before.
   *
   * The detail is the name: connect to `getter-changed::get_z` to hear of that one only.
   *
   * Since: 0.1
   */
  signals[SIGNAL_GETTER_CHANGED] = install (klass, "getter-changed", G_STRUCT_OFFSET (MpelProxyClass, getter_changed), G_TYPE_VARIANT);

  /**
   * MpelProxy::remote-signal:
   * @self: the proxy
   * @name: the name of the signal
   * @params: its parameters, a tuple
   *
   * Emitted when the object in the worker has emitted a signal that the type of the proxy declares too.
   *
   * It comes behind the signal itself, which is emitted here with the same parameters. The detail is the
   * name of the signal.
   *
   * Since: 0.1
   */
  signals[SIGNAL_REMOTE_SIGNAL] = install (klass, "remote-signal", G_STRUCT_OFFSET (MpelProxyClass, remote_signal), G_TYPE_VARIANT);

  /**
   * MpelProxy::write-failed:
   * @self: the proxy
   * @name: the name of the property
   * @error: why
   *
   * Emitted when a property was written here and the worker did not take the value.
   *
   * Unless it was written again meanwhile, the property shows what it is in the worker by then. The
   * detail is the name of the property. Writes that are lost with the worker are not told.
   *
   * Since: 0.1
   */
  signals[SIGNAL_WRITE_FAILED] = install (klass, "write-failed", G_STRUCT_OFFSET (MpelProxyClass, write_failed), G_TYPE_ERROR);
}
