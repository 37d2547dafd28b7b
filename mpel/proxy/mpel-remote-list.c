/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-remote-list.h"

#include "mpel-enum-types.h"
#include "mpel-frame-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-proxy-private.h"
#include "mpel-remote-items-private.h"
#include "mpel-remote-private.h"

/**
 * MpelRemoteList:
 *
 * What a list in the worker has, as a list model of the host.
 *
 * The list in the worker is an object that implements [iface@Gio.ListModel], or a property whose
 * value is one: see [ctor@RemoteList.new]. Its items come at once and its changes as they happen, many
 * in one [signal@Gio.ListModel::items-changed] where they lie side by side. They come in order with all
 * else that the worker tells: when the end of an event is told, what it did to the list can be seen.
 *
 * With an [property@RemoteList:item-type] that is no [class@Proxy], items are made from what the
 * worker's properties were when the item was told; those that the type does not have are left out. They
 * are the host's own objects: what the worker changes inside them later is not seen, unless the list
 * tells that the item has changed, and what the host changes stays with the host.
 *
 * With a type of proxies, or none, items are proxies. They follow the worker's objects like any proxy
 * does. One is made when it is first asked for, and the same one is given as long as somebody holds it.
 * A proxy whose item has left the list stays valid if the worker still has the object.
 *
 * What looks at all items, as filters and sorters do, is better put on top of values: a proxy asks the
 * worker for its object, also if it is dropped a moment later.
 *
 * When the worker is gone, the items stay as they were, so that what shows them does not become empty;
 * [property@RemoteList:state] tells of it. Proxies of them are lost, and those that are made later are
 * lost from the beginning.
 *
 * Use it in the context of the proxy's loop only. The worker is told when the list is dropped.
 *
 * Since: 0.1
 */

/* CREATING → READY → LOST or GONE, and there from anywhere. @request is set exactly in CREATING. Without
 * @remote there are no items, and the list is GONE. */
struct _MpelRemoteList
{
  GObject parent_instance;

  /* All of it in the loop's context. */
  MpelProxy       *proxy;         /* (owned) constant */
  char            *property_name; /* (owned) (nullable) constant */
  GType            item_type;     /* constant */
  MpelRemoteItems *items;         /* (owned) constant */
  MpelRemote      *remote;        /* (owned) (nullable) constant; what tells of the items */
  MpelEvent       *request;       /* (owned) (nullable) */
  MpelProxyState   state;
  GError          *error; /* (owned) (nullable) */
};

typedef enum
{
  PROP_PROXY = 1,
  PROP_PROPERTY_NAME,
  PROP_ITEM_TYPE,
  PROP_N_ITEMS,
  PROP_STATE,
} MpelRemoteListProperty;

static GParamSpec *props[PROP_STATE + 1];

static void mpel_remote_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MpelRemoteList,
                               mpel_remote_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, mpel_remote_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return MPEL_REMOTE_LIST (model)->item_type;
}

static guint
get_n_items (GListModel *model)
{
  return mpel_remote_items_get_length (MPEL_REMOTE_LIST (model)->items);
}

static gpointer
get_item (GListModel *model, guint position)
{
  MpelRemoteList *self = MPEL_REMOTE_LIST (model);

  return position < get_n_items (model) ? mpel_remote_items_get (self->items, position, self->remote) : NULL;
}

static void
mpel_remote_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
forget_request (MpelRemoteList *self)
{
  if (self->request != NULL)
    g_signal_handlers_disconnect_by_data (self->request, self);
  g_clear_object (&self->request);
}

static void
set_state (MpelRemoteList *self, MpelProxyState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static gboolean
is_over (MpelRemoteList *self)
{
  return self->state == MPEL_PROXY_STATE_LOST || self->state == MPEL_PROXY_STATE_GONE;
}

static void
end (MpelRemoteList *self, MpelProxyState state, const GError *error)
{
  if (is_over (self))
    return;
  forget_request (self);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  set_state (self, state);
}

static void
request_state_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  g_autoptr (MpelRemoteList) self = g_object_ref (user_data);

  switch (mpel_event_get_state (event))
    {
    case MPEL_EVENT_STATE_DONE:
      forget_request (self);
      set_state (self, MPEL_PROXY_STATE_READY);
      break;
    case MPEL_EVENT_STATE_FAILED:
    case MPEL_EVENT_STATE_CANCELLED:
    case MPEL_EVENT_STATE_LOST:
      end (self, mpel_proxy_choose_end (event, mpel_event_get_error (event)), mpel_event_get_error (event));
      break;
    case MPEL_EVENT_STATE_NEW:
    case MPEL_EVENT_STATE_QUEUED:
    case MPEL_EVENT_STATE_SENT:
    default:
      break;
    }
}

static gboolean
spliced_cb (MpelRemote *remote, GVariant *value, gpointer observer, GError **error)
{
  g_autoptr (MpelRemoteList) self = g_object_ref (observer);
  MpelRemoteSplice splice;

  if (!mpel_remote_items_splice (self->items, value, &splice, error))
    return FALSE;

  g_list_model_items_changed (G_LIST_MODEL (self), splice.position, splice.n_removed, splice.n_added);
  if (splice.n_removed != splice.n_added)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ITEMS]);
  return TRUE;
}

static void
lost_cb (MpelRemote *remote, const GError *reason, gpointer observer)
{
  g_autoptr (MpelRemoteList) self = g_object_ref (observer);

  end (self, reason != NULL ? MPEL_PROXY_STATE_LOST : MPEL_PROXY_STATE_GONE, reason);
}

static const MpelRemoteCalls calls = {
  .spliced = spliced_cb,
  .lost = lost_cb,
};

/* Asks the worker to tell of the items from now on. */
static void
request_items (MpelRemoteList *self, MpelEventLoop *loop)
{
  const char *property = self->property_name != NULL ? self->property_name : "";
  GVariant   *args = g_variant_new ("(st)", property, mpel_remote_get_id (self->remote));
  g_autoptr (GError) error = NULL;

  self->request = mpel_event_new_hidden (mpel_remote_find (G_OBJECT (self->proxy)), MPEL_BUILTIN_LIST, args);
  mpel_event_set_beside (self->request, self->remote);
  mpel_event_set_timeout (self->request, 0);
  g_signal_connect (self->request, "notify::state", G_CALLBACK (request_state_cb), self);
  if (!mpel_event_loop_add_event (loop, self->request, &error))
    end (self, mpel_proxy_choose_end (NULL, error), error);
}

static void
mpel_remote_list_constructed (GObject *object)
{
  MpelRemoteList *self = MPEL_REMOTE_LIST (object);
  MpelEventLoop  *loop = self->proxy != NULL ? mpel_proxy_get_loop (self->proxy) : NULL;

  G_OBJECT_CLASS (mpel_remote_list_parent_class)->constructed (object);

  if (self->item_type == G_TYPE_INVALID || self->item_type == G_TYPE_NONE)
    self->item_type = MPEL_TYPE_PROXY;
  self->items = mpel_remote_items_new (self->item_type);
  if (loop == NULL || mpel_remote_find (G_OBJECT (self->proxy)) == NULL)
    {
      const GError *reason = self->proxy != NULL ? mpel_proxy_get_error (self->proxy) : NULL;

      self->state = MPEL_PROXY_STATE_GONE;
      self->error = reason != NULL ? g_error_copy (reason) : NULL;
      return;
    }
  self->remote = mpel_remote_new_for_list (loop);
  mpel_remote_add_observer (self->remote, &calls, self);
  request_items (self, loop);
}

static void
mpel_remote_list_dispose (GObject *object)
{
  MpelRemoteList *self = MPEL_REMOTE_LIST (object);

  forget_request (self);
  if (self->remote != NULL)
    mpel_remote_remove_observer (self->remote, self);

  G_OBJECT_CLASS (mpel_remote_list_parent_class)->dispose (object);
}

static void
mpel_remote_list_finalize (GObject *object)
{
  MpelRemoteList *self = MPEL_REMOTE_LIST (object);

  g_clear_pointer (&self->items, mpel_remote_items_free);
  g_clear_pointer (&self->remote, mpel_remote_unref);
  g_clear_object (&self->proxy);
  g_clear_pointer (&self->property_name, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (mpel_remote_list_parent_class)->finalize (object);
}

static void
mpel_remote_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelRemoteList *self = MPEL_REMOTE_LIST (object);

  switch ((MpelRemoteListProperty) prop_id)
    {
    case PROP_PROXY:
      g_value_set_object (value, self->proxy);
      break;
    case PROP_PROPERTY_NAME:
      g_value_set_string (value, self->property_name);
      break;
    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, self->item_type);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, get_n_items (G_LIST_MODEL (self)));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_remote_list_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelRemoteList *self = MPEL_REMOTE_LIST (object);

  switch ((MpelRemoteListProperty) prop_id)
    {
    case PROP_PROXY:
      self->proxy = g_value_dup_object (value);
      break;
    case PROP_PROPERTY_NAME:
      self->property_name = g_value_dup_string (value);
      break;
    case PROP_ITEM_TYPE:
      self->item_type = g_value_get_gtype (value);
      break;
    case PROP_N_ITEMS:
    case PROP_STATE:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_remote_list_class_init (MpelRemoteListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = mpel_remote_list_constructed;
  object_class->dispose = mpel_remote_list_dispose;
  object_class->finalize = mpel_remote_list_finalize;
  object_class->get_property = mpel_remote_list_get_property;
  object_class->set_property = mpel_remote_list_set_property;

  /**
   * MpelRemoteList:proxy: (getter get_proxy)
   *
   * The proxy of the object that is the list, or has it.
   *
   * Since: 0.1
   */
  props[PROP_PROXY] = g_param_spec_object ("proxy", NULL, NULL, MPEL_TYPE_PROXY, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelRemoteList:property-name: (getter get_property_name)
   *
   * The property that has the list, or `NULL` if the object is the list.
   *
   * Since: 0.1
   */
  props[PROP_PROPERTY_NAME] = g_param_spec_string ("property-name", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelRemoteList:item-type:
   *
   * The type of the items: [class@Proxy] or one derived from it, or that of objects which are made of
   * what the worker's objects contain.
   *
   * Since: 0.1
   */
  props[PROP_ITEM_TYPE] = g_param_spec_gtype ("item-type", NULL, NULL, G_TYPE_NONE, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelRemoteList:n-items:
   *
   * The number of items, as in [method@Gio.ListModel.get_n_items].
   *
   * Since: 0.1
   */
  props[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * MpelRemoteList:state: (getter get_state)
   *
   * What the list stands for.
   *
   * It becomes ready when all items that the worker's list had at first are here. Lost or gone, it
   * keeps its items and changes no more.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, MPEL_TYPE_PROXY_STATE, MPEL_PROXY_STATE_CREATING, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
mpel_remote_list_init (MpelRemoteList *self)
{
}

/**
 * mpel_remote_list_new:
 * @proxy: the object that is the list, or has it
 * @property_name: (nullable): the property that has the list, or `NULL` if the object is the list
 * @item_type: `G_TYPE_NONE` or [class@Proxy] for proxies; a type derived from that for proxies of this
 *   type; any other type that can be instantiated for objects which are made of what the worker's
 *   objects contain
 *
 * Makes a list model of what a list in the worker has.
 *
 * It is empty at first, and becomes ready when the worker has told of all items. If the object is no
 * list and has none, [property@RemoteList:state] becomes gone, and [method@RemoteList.get_error] tells
 * why. What the property has is looked at once: a list that takes its place later is another one.
 *
 * Returns: (transfer full): a new list
 *
 * Since: 0.1
 */
MpelRemoteList *
mpel_remote_list_new (MpelProxy *proxy, const char *property_name, GType item_type)
{
  g_return_val_if_fail (MPEL_IS_PROXY (proxy), NULL);
  g_return_val_if_fail (item_type == G_TYPE_INVALID || item_type == G_TYPE_NONE || g_type_is_a (item_type, G_TYPE_OBJECT), NULL);
  g_return_val_if_fail (!G_TYPE_IS_ABSTRACT (item_type), NULL);

  return g_object_new (MPEL_TYPE_REMOTE_LIST,
                       "proxy",
                       proxy,
                       "property-name",
                       property_name,
                       "item-type",
                       item_type != G_TYPE_INVALID ? item_type : G_TYPE_NONE,
                       NULL);
}

/**
 * mpel_remote_list_get_proxy: (get-property proxy)
 * @self: a list
 *
 * Gets the proxy of the object that is the list, or has it.
 *
 * Returns: (transfer none): the proxy
 *
 * Since: 0.1
 */
MpelProxy *
mpel_remote_list_get_proxy (MpelRemoteList *self)
{
  g_return_val_if_fail (MPEL_IS_REMOTE_LIST (self), NULL);

  return self->proxy;
}

/**
 * mpel_remote_list_get_property_name: (get-property property-name)
 * @self: a list
 *
 * Gets the name of the property that has the list.
 *
 * Returns: (nullable): the name, or `NULL` if the object is the list
 *
 * Since: 0.1
 */
const char *
mpel_remote_list_get_property_name (MpelRemoteList *self)
{
  g_return_val_if_fail (MPEL_IS_REMOTE_LIST (self), NULL);

  return self->property_name;
}

/**
 * mpel_remote_list_get_state: (get-property state)
 * @self: a list
 *
 * Tells what the list stands for.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
MpelProxyState
mpel_remote_list_get_state (MpelRemoteList *self)
{
  g_return_val_if_fail (MPEL_IS_REMOTE_LIST (self), MPEL_PROXY_STATE_GONE);

  return self->state;
}

/**
 * mpel_remote_list_get_error:
 * @self: a list
 *
 * Tells why the list is lost or gone.
 *
 * Returns: (transfer none) (nullable): the error, or `NULL` if it is neither, or the worker has left in
 *   good order
 *
 * Since: 0.1
 */
const GError *
mpel_remote_list_get_error (MpelRemoteList *self)
{
  g_return_val_if_fail (MPEL_IS_REMOTE_LIST (self), NULL);

  return self->error;
}
