/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-event-loop-private.h"

/**
 * MpelProxy:
 *
 * The host's picture of an object that lives in the worker.
 *
 * A subclass declares properties and signals of the object; those of the same name are the same on
 * both sides. What is written here is sent, what changes in the worker is told by `notify` here; so
 * widgets can be bound to a proxy as to any object. Methods of the object are events, see
 * [method@Proxy.call] and [method@Proxy.call_async]. All of it stays in order: when a method has
 * ended, the properties that it changed have changed here too.
 *
 * ```c
 * struct _PointProxy
 * {
 *   MpelProxy parent_instance;
 *   int       x;
 * };
 *
 * // with an ordinary property “x” whose setter notifies
 * G_DEFINE_FINAL_TYPE (PointProxy, point_proxy, MPEL_TYPE_PROXY)
 *
 * // Its object in the worker is of the class Point, and is made at once.
 * MpelProxy *point = g_object_new (POINT_TYPE_PROXY, "loop", loop, "remote-class", "Point", NULL);
 *
 * g_object_bind_property (point, "x", spin_button, "value", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
 * mpel_proxy_call_async (point, "move", g_variant_new ("(iii)", 1, 2, 7), NULL, NULL, moved_cb, NULL);
 * ```
 *
 * Without a subclass, [func@Proxy.new_async] asks the worker what the class has, and makes a type with
 * all of it.
 *
 * ## Making one
 *
 * A proxy can be used as soon as it is made: what is written and called travels behind the creation of
 * its object. [property@Proxy:state] tells when the object is there;
 * [method@Gio.AsyncInitable.init_async] waits for that, and fails if it never will be. Instead of
 * making an object, a proxy can stand for a named [property@Proxy:variable] of the worker, or for an
 * object that some event has returned, see [func@Proxy.get_for_result]. When the proxy goes, so does its
 * object, unless something else in the worker or another proxy holds it.
 *
 * ## Properties
 *
 * Properties whose value cannot travel (objects, pointers) are not mirrored, nor are those that only
 * one side has. One that both have with different types is a mistake, and
 * the proxy is [gone][enum@ProxyState] with [MPEL_LOOP_ERROR_INVALID_ARGUMENTS][error@LoopError].
 * Those that are declared with `G_PARAM_CONSTRUCT` and differ from their defaults are part of the
 * creation, so the class in the worker must have them; all others are set right behind it.
 *
 * - A write shows here at once. The object may make something else of it: when it has answered, the
 *   property shows what it is there. If the worker refuses the write, [signal@Proxy::write-failed] says
 *   why. While writes of a property are under way, changes of it in the worker are not shown.
 * - A property that is declared read-only has no setter to be called. Its getter answers with
 *   [method@Proxy.get_cached_property].
 * - A value that the declaration does not allow, such as a number out of its range, is shown as the
 *   nearest one that it does; if there is none, it can only be seen with
 *   [method@Proxy.get_cached_property].
 *
 * Once the object is lost or gone, its last picture stays, and what is written stays here.
 *
 * Use proxies from the thread of their loop only.
 *
 * Since: 0.1
 */

static void mpel_proxy_initable_init (GAsyncInitableIface *iface);

G_DEFINE_TYPE_WITH_CODE (MpelProxy,
                         mpel_proxy,
                         G_TYPE_OBJECT,
                         G_ADD_PRIVATE (MpelProxy)
                           G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_INITABLE, mpel_proxy_initable_init))

G_DEFINE_FINAL_TYPE (MpelProxyTie, mpel_proxy_tie, G_TYPE_OBJECT)

static void
mpel_proxy_tie_class_init (MpelProxyTieClass *klass)
{
}

static void
mpel_proxy_tie_init (MpelProxyTie *self)
{
}

MpelProxyPrivate *
mpel_proxy_get_private (MpelProxy *self)
{
  return mpel_proxy_get_instance_private (self);
}

static void
mpel_proxy_init_async (GAsyncInitable *initable, int io_priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  MpelProxy        *self = MPEL_PROXY (initable);
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  g_autoptr (GTask) task = NULL;

  task = mpel_event_loop_new_task_for (priv->loop, self, mpel_proxy_init_async, "[mpel] wait for remote object", cancellable, callback, user_data);
  mpel_proxy_wait (self, task);
}

static gboolean
mpel_proxy_init_finish (GAsyncInitable *initable, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, initable), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, mpel_proxy_init_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
mpel_proxy_initable_init (GAsyncInitableIface *iface)
{
  iface->init_async = mpel_proxy_init_async;
  iface->init_finish = mpel_proxy_init_finish;
}

/* Languages own the setters of their subclasses: what was written is only seen here. It is sent
 * before others hear of it, who may call methods; and as it was written, while GObject begins with the
 * last. What shows something of the worker is over by then: all that others write is written. */
static void
mpel_proxy_dispatch_properties_changed (GObject *object, guint n_pspecs, GParamSpec **pspecs)
{
  MpelProxy *self = MPEL_PROXY (object);

  for (guint i = n_pspecs; i > 0; i--)
    mpel_proxy_note_local (self, pspecs[i - 1]);
  mpel_proxy_end_applying (self);

  G_OBJECT_CLASS (mpel_proxy_parent_class)->dispatch_properties_changed (object, n_pspecs, pspecs);
}

static void
mpel_proxy_constructed (GObject *object)
{
  MpelProxy        *self = MPEL_PROXY (object);
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  G_OBJECT_CLASS (mpel_proxy_parent_class)->constructed (object);

  if (priv->loop == NULL)
    priv->loop = g_object_ref (mpel_event_loop_get_default ());
  priv->outline = mpel_proxy_outline_get (G_OBJECT_TYPE (self));
  priv->mirrors = g_new0 (MpelProxyMirror, priv->outline->properties->len);
  priv->tie = g_object_new (MPEL_TYPE_PROXY_TIE, NULL);
  priv->tie->proxy = self;
  mpel_proxy_begin (self);
}

static void
mpel_proxy_dispose (GObject *object)
{
  mpel_proxy_let_go (MPEL_PROXY (object));

  G_OBJECT_CLASS (mpel_proxy_parent_class)->dispose (object);
}

static void
mpel_proxy_finalize (GObject *object)
{
  MpelProxy        *self = MPEL_PROXY (object);
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  mpel_proxy_clear_mirrors (self);
  g_clear_pointer (&priv->getter_values, g_hash_table_unref);
  g_clear_pointer (&priv->waiters, mpel_waiters_free);
  mpel_remote_detach (object);
  g_clear_pointer (&priv->remote, mpel_remote_unref);
  g_clear_object (&priv->tie);
  g_clear_object (&priv->loop);
  g_clear_pointer (&priv->remote_class, g_free);
  g_clear_pointer (&priv->variable, g_free);
  g_clear_pointer (&priv->getters, g_strfreev);
  g_clear_pointer (&priv->remote_properties, g_variant_unref);
  g_clear_error (&priv->error);

  G_OBJECT_CLASS (mpel_proxy_parent_class)->finalize (object);
}

static void
mpel_proxy_class_init (MpelProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = mpel_proxy_constructed;
  object_class->dispose = mpel_proxy_dispose;
  object_class->finalize = mpel_proxy_finalize;
  object_class->dispatch_properties_changed = mpel_proxy_dispatch_properties_changed;

  mpel_proxy_install_properties (object_class);
  mpel_proxy_install_signals (klass);
}

static void
mpel_proxy_init (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  priv->remote = mpel_proxy_take_handover ();
  priv->getter_values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_variant_unref);
}
