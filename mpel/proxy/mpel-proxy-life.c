/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-proxy-private.h"

#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-value-private.h"

/* begin: find_remote or make_remote → watch → … → watched_cb → become_ready → … → end */

/* Unlike the events of users it may wait as long as it takes: the worker answers in their order. */
gboolean
mpel_proxy_add_hidden (MpelEventLoop *loop, MpelEvent *event, MpelEndHookFunc func, gpointer object, GError **error)
{
  mpel_event_set_timeout (event, 0);
  mpel_event_add_end_hook (event, func, object);
  if (mpel_event_loop_add_event (loop, event, error))
    return TRUE;
  mpel_event_remove_end_hook (event, object);
  return FALSE;
}

gboolean
mpel_proxy_is_open (MpelProxy *self)
{
  MpelProxyState state = mpel_proxy_get_private (self)->state;

  return state == MPEL_PROXY_STATE_CREATING || state == MPEL_PROXY_STATE_READY;
}

/* A language may give the user a word before that. */
static gboolean
check_constructed (MpelProxy *self, GError **error)
{
  if (mpel_proxy_get_private (self)->waiters != NULL)
    return TRUE;
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, "The proxy is still being constructed");
  return FALSE;
}

gboolean
mpel_proxy_check_open (MpelProxy *self, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  if (!check_constructed (self, error))
    return FALSE;
  if (mpel_proxy_is_open (self))
    return TRUE;
  if (priv->state == MPEL_PROXY_STATE_LOST)
    g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST, "The object was lost with its worker: %s", priv->error->message);
  else
    g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, "There is no such object: %s", priv->error->message);
  return FALSE;
}

/* Returns: (transfer full) */
static GError *
new_disposed_error (void)
{
  return g_error_new_literal (MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, "The proxy was disposed of");
}

/* Answers @task when the object is there, or never will be. */
void
mpel_proxy_wait (MpelProxy *self, GTask *task)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  GError           *error = NULL;

  if (!check_constructed (self, &error))
    g_task_return_error (task, error);
  else if (priv->state == MPEL_PROXY_STATE_READY)
    g_task_return_boolean (task, TRUE);
  else if (priv->state != MPEL_PROXY_STATE_CREATING)
    g_task_return_error (task, g_error_copy (priv->error));
  else if (priv->tie->proxy == NULL)
    g_task_return_error (task, new_disposed_error ());
  else
    mpel_waiters_add (priv->waiters, task);
}

/* The events of its own that are under way find it no more, nor does the worker's news. Who waits for
 * it holds it, so somebody has run the disposal on purpose. */
void
mpel_proxy_let_go (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  g_autoptr (GError) error = NULL;

  if (priv->tie != NULL)
    priv->tie->proxy = NULL;
  mpel_proxy_unobserve (self);
  if (priv->waiters == NULL || mpel_waiters_is_empty (priv->waiters))
    return;
  error = new_disposed_error ();
  mpel_waiters_release (priv->waiters, error);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_async_initable_init_finish (G_ASYNC_INITABLE (source), result, &error))
    g_task_return_pointer (task, g_object_ref (source), g_object_unref);
  else
    g_task_return_error (task, error);
}

/* Takes both. @task is given the proxy when the object is there. */
void
mpel_proxy_return_made (MpelProxy *self, GTask *task)
{
  g_async_initable_init_async (G_ASYNC_INITABLE (self), G_PRIORITY_DEFAULT, g_task_get_cancellable (task), made_cb, task);
  g_object_unref (self);
}

/* The end that comes first is the one that counts. Whoever is notified may drop the proxy. */
void
mpel_proxy_end (MpelProxy *self, MpelProxyState state, const GError *error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  if (!mpel_proxy_is_open (self))
    return;

  g_object_ref (self);
  mpel_proxy_unobserve (self);
  priv->state = state;
  priv->error = g_error_copy (error);
  mpel_proxy_tell_state (self);
  mpel_waiters_release (priv->waiters, priv->error);
  g_object_unref (self);
}

/* Of an object that was found under another name: from now on it is known by its id. */
static void
adopt (MpelProxy *self, MpelRemote *remote)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  g_autoptr (MpelRemote) old = priv->remote;

  mpel_proxy_unobserve (self);
  priv->remote = mpel_remote_ref (remote);
  mpel_remote_attach (remote, G_OBJECT (self));
  mpel_proxy_observe (self);
}

/* An event for an object whose worker was lost before is not sent. */
MpelProxyState
mpel_proxy_choose_end (MpelEvent *event, const GError *error)
{
  gboolean is_lost = (event != NULL && mpel_event_get_state (event) == MPEL_EVENT_STATE_LOST) ||
                     g_error_matches (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST);

  return is_lost ? MPEL_PROXY_STATE_LOST : MPEL_PROXY_STATE_GONE;
}

static void
take_getters (MpelProxy *self, GVariant *values)
{
  GVariantIter iter;
  const char  *name;
  GVariant    *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    mpel_proxy_take_getter (self, name, value);
}

/* Who hears that it is ready finds its properties there, and the other way round. */
static void
become_ready (MpelProxy *self, GVariant *values, GVariant *getter_values)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  g_object_freeze_notify (G_OBJECT (self));
  priv->state = MPEL_PROXY_STATE_READY;
  mpel_proxy_tell_state (self);
  /* One that it made itself it knew all along. */
  if (priv->variable != NULL || priv->remote_id != 0)
    mpel_proxy_tell_identity (self);
  mpel_proxy_take_values (self, values);
  g_object_thaw_notify (G_OBJECT (self));
  mpel_proxy_end_applying (self);
  take_getters (self, getter_values);
  /* Somebody may have ended it meanwhile, and told them. */
  mpel_waiters_release (priv->waiters, NULL);
}

static gboolean
check_class (MpelProxy *self, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  const char       *class_name = mpel_remote_get_class_name (priv->remote);
  GVariant         *description;

  if (class_name == NULL)
    return TRUE;
  description = mpel_event_loop_get_class (priv->loop, class_name);
  return description == NULL || mpel_proxy_outline_check (priv->outline, description, error);
}

static gboolean
take_watched (MpelProxy *self, MpelEvent *event, GVariant *results, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  MpelRemote       *remote = mpel_event_get_result_remote (event, 0);
  g_autoptr (GVariant) values = NULL;
  g_autoptr (GVariant) getter_values = NULL;

  if (results == NULL || !g_variant_is_of_type (results, MPEL_WATCHED_VARIANT_TYPE))
    {
      g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The worker did not tell what the object is");
      return FALSE;
    }

  if (remote != NULL && remote != priv->remote)
    adopt (self, remote);
  g_variant_get (results, "(@a{sv}@a{sv})", &values, &getter_values);
  if (!check_class (self, error) || !mpel_proxy_check_values (self, values, error))
    return FALSE;
  become_ready (self, values, getter_values);
  return TRUE;
}

static void
watched_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  MpelProxyTie *tie = user_data;
  g_autoptr (MpelProxy) self = tie->proxy != NULL ? g_object_ref (tie->proxy) : NULL;
  g_autoptr (GError) mismatch = NULL;

  if (self == NULL || !mpel_proxy_is_open (self))
    return;
  if (error != NULL)
    mpel_proxy_end (self, mpel_proxy_choose_end (event, error), error);
  else if (!take_watched (self, event, results, &mismatch))
    mpel_proxy_end (self, MPEL_PROXY_STATE_GONE, mismatch);
}

static gboolean
watch (MpelProxy *self, GError **error)
{
  static const char *const none[] = { NULL };

  MpelProxyPrivate       *priv = mpel_proxy_get_private (self);
  const char *const      *getters = priv->getters != NULL ? (const char *const *) priv->getters : none;
  const MpelProxyOutline *outline = priv->outline;
  g_autoptr (MpelEvent) event = NULL;

  event = mpel_event_new_hidden (priv->remote,
                                 MPEL_BUILTIN_WATCH,
                                 g_variant_new ("(^as^as^as)", outline->property_names->pdata, getters, outline->signal_names->pdata));
  return mpel_proxy_add_hidden (priv->loop, event, watched_cb, priv->tie, error);
}

/* Only these were surely set by now: a language may not have made its own side of the object yet. */
static gboolean
read_construct_property (MpelProxy *self, guint index, GValue *value)
{
  GParamSpec *pspec = mpel_proxy_outline_get_property (mpel_proxy_get_private (self)->outline, index)->pspec;

  if (!(pspec->flags & (G_PARAM_CONSTRUCT | G_PARAM_CONSTRUCT_ONLY)))
    return FALSE;
  g_value_init (value, pspec->value_type);
  g_object_get_property (G_OBJECT (self), pspec->name, value);
  return TRUE;
}

static gboolean
add_to_state (MpelProxy *self, guint index, GVariantDict *state, GError **error)
{
  MpelProxyMirror *mirror = &mpel_proxy_get_private (self)->mirrors[index];
  GParamSpec      *pspec = mpel_proxy_outline_get_property (mpel_proxy_get_private (self)->outline, index)->pspec;
  g_auto (GValue) value = G_VALUE_INIT;

  if (!read_construct_property (self, index, &value))
    return TRUE;
  mirror->value = mpel_value_to_variant (&value, error);
  if (mirror->value == NULL)
    {
      g_prefix_error (error, "Property “%s”: ", pspec->name);
      return FALSE;
    }
  if (!g_param_value_defaults (pspec, &value))
    g_variant_dict_insert_value (state, pspec->name, mirror->value);
  return TRUE;
}

/* The object is there already. What was set because nobody has said anything is no write, and will be
 * notified. */
static void
pass_over_defaults (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  for (guint i = 0; i < priv->outline->properties->len; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if (read_construct_property (self, i, &value) &&
          g_param_value_defaults (mpel_proxy_outline_get_property (priv->outline, i)->pspec, &value))
        priv->mirrors[i].instead = mpel_value_to_variant (&value, NULL);
    }
}

/* Returns: (transfer full): or NULL with an error */
static GVariant *
collect_state (MpelProxy *self, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  g_auto (GVariantDict) state = G_VARIANT_DICT_INIT (priv->remote_properties);

  for (guint i = 0; i < priv->outline->properties->len; i++)
    if (!add_to_state (self, i, &state, error))
      return NULL;
  return g_variant_ref_sink (g_variant_dict_end (&state));
}

static void
choose_class (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  if (priv->remote_class == NULL)
    priv->remote_class = g_strdup (mpel_proxy_get_registered_class (G_OBJECT_TYPE (self)));
}

/* Returns: (transfer full) (nullable) */
static MpelRemote *
find_remote (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);

  if (priv->variable != NULL)
    return mpel_remote_new_for_variable (priv->loop, priv->variable);
  if (priv->remote_id != 0)
    return mpel_remote_new_for_id (priv->loop, NULL, priv->remote_id, NULL);
  return NULL;
}

/* Returns: (transfer full): or NULL with an error */
static MpelRemote *
make_remote (MpelProxy *self, GError **error)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  g_autoptr (GVariant) state = NULL;

  choose_class (self);
  state = collect_state (self, error);
  return state != NULL ? mpel_remote_new (priv->loop, priv->remote_class, state) : NULL;
}

/* Whatever fails here, fails later too, and is told by the state. */
void
mpel_proxy_begin (MpelProxy *self)
{
  MpelProxyPrivate *priv = mpel_proxy_get_private (self);
  g_autoptr (GError) error = NULL;

  priv->waiters = mpel_waiters_new (mpel_event_loop_get_private (priv->loop)->context);
  if (priv->remote == NULL)
    priv->remote = find_remote (self);
  if (priv->remote != NULL)
    pass_over_defaults (self);
  else
    priv->remote = make_remote (self, &error);
  if (priv->remote != NULL)
    {
      mpel_remote_attach (priv->remote, G_OBJECT (self));
      mpel_proxy_observe (self);
    }
  if (priv->remote == NULL || !watch (self, &error))
    mpel_proxy_end (self, mpel_proxy_choose_end (NULL, error), error);
}
