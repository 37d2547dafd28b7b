/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-enum-types.h"

/* The properties that every proxy has for itself, and their accessors. */

typedef enum
{
  PROP_LOOP = 1,
  PROP_REMOTE_CLASS,
  PROP_VARIABLE,
  PROP_REMOTE_ID,
  PROP_GETTERS,
  PROP_REMOTE_PROPERTIES,
  PROP_STATE,
} MpelProxyProperty;

static GParamSpec *props[PROP_STATE + 1];

void
mpel_proxy_tell_state (MpelProxy *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* Whose picture it is, is known from now on. */
void
mpel_proxy_tell_identity (MpelProxy *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REMOTE_ID]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REMOTE_CLASS]);
}

static void
get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelProxy *self = MPEL_PROXY (object);

  switch ((MpelProxyProperty) prop_id)
    {
    case PROP_LOOP:
      g_value_set_object (value, mpel_proxy_get_loop (self));
      break;
    case PROP_REMOTE_CLASS:
      g_value_set_string (value, mpel_proxy_get_remote_class (self));
      break;
    case PROP_VARIABLE:
      g_value_set_string (value, mpel_proxy_get_variable (self));
      break;
    case PROP_REMOTE_ID:
      g_value_set_uint64 (value, mpel_proxy_get_remote_id (self));
      break;
    case PROP_GETTERS:
      g_value_set_boxed (value, mpel_proxy_get_getters (self));
      break;
    case PROP_REMOTE_PROPERTIES:
      g_value_set_variant (value, mpel_proxy_get_remote_properties (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, mpel_proxy_get_state (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* All of them are set while it is constructed, and once. */
static void
set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (MPEL_PROXY (object));

  switch ((MpelProxyProperty) prop_id)
    {
    case PROP_LOOP:
      priv->loop = g_value_dup_object (value);
      break;
    case PROP_REMOTE_CLASS:
      priv->remote_class = g_value_dup_string (value);
      break;
    case PROP_VARIABLE:
      priv->variable = g_value_dup_string (value);
      break;
    case PROP_REMOTE_ID:
      priv->remote_id = g_value_get_uint64 (value);
      break;
    case PROP_GETTERS:
      priv->getters = g_value_dup_boxed (value);
      break;
    case PROP_REMOTE_PROPERTIES:
      priv->remote_properties = g_value_dup_variant (value);
      break;
    case PROP_STATE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
make_identity_properties (void)
{
  const GParamFlags constant = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelProxy:loop: (getter get_loop)
   *
   * The loop in whose worker the object lives; `NULL` when the proxy is made means the global one,
   * see [func@EventLoop.get_default].
   *
   * Since: 0.1
   */
  props[PROP_LOOP] = g_param_spec_object ("loop", NULL, NULL, MPEL_TYPE_EVENT_LOOP, constant);

  /**
   * MpelProxy:remote-class: (getter get_remote_class)
   *
   * The name of the object's class in the worker.
   *
   * By default it is the one that the type of the proxy, or one that it is derived from, was registered
   * for, see [func@Proxy.register_type]; and without that, the name of the type.
   *
   * Since: 0.1
   */
  props[PROP_REMOTE_CLASS] = g_param_spec_string ("remote-class", NULL, NULL, NULL, constant);

  /**
   * MpelProxy:variable: (getter get_variable)
   *
   * The named variable of the worker whose object the proxy stands for, if it is not to make one.
   *
   * It stays with that object, also when the variable is given another one.
   *
   * Since: 0.1
   */
  props[PROP_VARIABLE] = g_param_spec_string ("variable", NULL, NULL, NULL, constant);

  /**
   * MpelProxy:remote-id: (getter get_remote_id)
   *
   * The number by which host and worker know the object; 0 as long as there is none.
   *
   * Give one when the proxy is made, and it stands for the object that another proxy has the id of. In
   * a [class@Pool] that is not enough to know an object by, since each worker counts its own; there, use
   * [func@Proxy.get_for_result].
   *
   * Since: 0.1
   */
  props[PROP_REMOTE_ID] = g_param_spec_uint64 ("remote-id", NULL, NULL, 0, G_MAXUINT64, 0, constant);
}

static void
make_other_properties (void)
{
  const GParamFlags constant = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelProxy:getters: (getter get_getters)
   *
   * Names of methods without arguments whose last results are mirrored, see
   * [method@Proxy.get_getter_value].
   *
   * They are called in the worker after each method of the object.
   *
   * Since: 0.1
   */
  props[PROP_GETTERS] = g_param_spec_boxed ("getters", NULL, NULL, G_TYPE_STRV, constant);

  /**
   * MpelProxy:remote-properties: (getter get_remote_properties)
   *
   * Properties that the object is made with, an `a{sv}`, beside those that the proxy declares.
   *
   * Since: 0.1
   */
  props[PROP_REMOTE_PROPERTIES] = g_param_spec_variant ("remote-properties", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, constant);

  /**
   * MpelProxy:state: (getter get_state)
   *
   * What the proxy stands for.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state",
                                         NULL,
                                         NULL,
                                         MPEL_TYPE_PROXY_STATE,
                                         MPEL_PROXY_STATE_CREATING,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

void
mpel_proxy_install_properties (GObjectClass *object_class)
{
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  make_identity_properties ();
  make_other_properties ();
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

/**
 * mpel_proxy_get_loop: (get-property loop)
 * @self: a proxy
 *
 * Gets the loop in whose worker the object lives.
 *
 * Returns: (transfer none): the loop
 *
 * Since: 0.1
 */
MpelEventLoop *
mpel_proxy_get_loop (MpelProxy *self)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);

  return mpel_proxy_get_private (self)->loop;
}

/**
 * mpel_proxy_get_remote_class: (get-property remote-class)
 * @self: a proxy
 *
 * Gets the name of the object's class in the worker.
 *
 * Returns: (nullable): the name, or `NULL` as long as it is not known
 *
 * Since: 0.1
 */
const char *
mpel_proxy_get_remote_class (MpelProxy *self)
{
  MpelProxyPrivate *priv;

  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);

  priv = mpel_proxy_get_private (self);
  if (priv->remote != NULL && mpel_remote_get_class_name (priv->remote) != NULL)
    return mpel_remote_get_class_name (priv->remote);
  return priv->remote_class;
}

/**
 * mpel_proxy_get_variable: (get-property variable)
 * @self: a proxy
 *
 * Gets the name of the variable that the proxy was made for.
 *
 * Returns: (nullable): the name, or `NULL` if it was not made for one
 *
 * Since: 0.1
 */
const char *
mpel_proxy_get_variable (MpelProxy *self)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);

  return mpel_proxy_get_private (self)->variable;
}

/**
 * mpel_proxy_get_remote_id: (get-property remote-id)
 * @self: a proxy
 *
 * Gets the number by which host and worker know the object.
 *
 * Returns: the id, or 0 as long as there is none
 *
 * Since: 0.1
 */
guint64
mpel_proxy_get_remote_id (MpelProxy *self)
{
  MpelProxyPrivate *priv;

  g_return_val_if_fail (MPEL_IS_PROXY (self), 0);

  priv = mpel_proxy_get_private (self);
  return priv->remote != NULL ? mpel_remote_get_id (priv->remote) : priv->remote_id;
}

/**
 * mpel_proxy_get_getters: (get-property getters)
 * @self: a proxy
 *
 * Gets the names of the methods whose results are mirrored.
 *
 * Returns: (transfer none) (nullable): the names
 *
 * Since: 0.1
 */
const char *const *
mpel_proxy_get_getters (MpelProxy *self)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);

  return (const char *const *) mpel_proxy_get_private (self)->getters;
}

/**
 * mpel_proxy_get_remote_properties: (get-property remote-properties)
 * @self: a proxy
 *
 * Gets the properties that the object was to be made with, beside those that the proxy declares.
 *
 * Returns: (transfer none) (nullable): an `a{sv}`
 *
 * Since: 0.1
 */
GVariant *
mpel_proxy_get_remote_properties (MpelProxy *self)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);

  return mpel_proxy_get_private (self)->remote_properties;
}

/**
 * mpel_proxy_get_state: (get-property state)
 * @self: a proxy
 *
 * Tells what the proxy stands for.
 *
 * Returns: its state
 *
 * Since: 0.1
 */
MpelProxyState
mpel_proxy_get_state (MpelProxy *self)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), MPEL_PROXY_STATE_GONE);

  return mpel_proxy_get_private (self)->state;
}

/**
 * mpel_proxy_get_error:
 * @self: a proxy
 *
 * Tells why the object is lost or gone.
 *
 * Returns: (transfer none) (nullable): the reason, or `NULL` in the other states
 *
 * Since: 0.1
 */
const GError *
mpel_proxy_get_error (MpelProxy *self)
{
  g_return_val_if_fail (MPEL_IS_PROXY (self), NULL);

  return mpel_proxy_get_private (self)->error;
}
