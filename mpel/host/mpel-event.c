/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-enum-types.h"
#include "mpel-loop-error.h"
#include "mpel-runnable-private.h"
#include "mpel-value-private.h"

/**
 * MpelEvent:
 *
 * Something for the worker to do, and what came of it.
 *
 * On the way out an event has a [property@Event:target], the name of a function or handler in
 * the worker, with [property@Event:args] and [property@Event:kwargs]. On the way back it has
 * [property@Event:results] or an error, see [method@Event.get_error]. Add it with
 * [method@EventLoop.add_event]; it ends exactly once, and may be added again afterwards.
 *
 * A subclass that overrides [vfunc@Event.run] needs no target: the worker, which must know the
 * class (see [method@Worker.add_event_class]), makes an event like it and runs that. The
 * writable properties that the subclass declares travel with it, if they are of a basic type, an
 * enumeration, flags, a string, a string list, or a GBytes, GVariant, GDateTime or GType.
 *
 * Use events from the thread of their loop only.
 *
 * Since: 0.1
 */

typedef struct
{
  MpelEndHookFunc func;
  gpointer        user_data;
  GDestroyNotify  destroy; /* (nullable) */
} EndHook;

typedef enum
{
  PROP_TARGET = 1,
  PROP_ARGS,
  PROP_KWARGS,
  PROP_EVENT_KEY,
  PROP_HAS_OUTPUT,
  PROP_STATE,
  PROP_RESULTS,
} MpelEventProperty;

static GParamSpec *props[PROP_RESULTS + 1];

static void mpel_event_runnable_init (MpelRunnableInterface *iface);

G_DEFINE_TYPE_WITH_CODE (MpelEvent,
                         mpel_event,
                         G_TYPE_OBJECT,
                         G_ADD_PRIVATE (MpelEvent)
                           G_IMPLEMENT_INTERFACE (MPEL_TYPE_RUNNABLE, mpel_event_runnable_init))

static inline MpelEventPrivate *
get_private (MpelEvent *self)
{
  return mpel_event_get_instance_private (self);
}

/* For those who see every event pass: they read it without the checks of the public getters. */
MpelEventPrivate *
mpel_event_get_private (MpelEvent *self)
{
  return get_private (self);
}

static void
end_hook_free (EndHook *hook)
{
  if (hook->destroy != NULL)
    hook->destroy (hook->user_data);
  g_free (hook);
}

static GVariant *
mpel_event_runnable_run (MpelRunnable *runnable, MpelInvocation *invocation, GError **error)
{
  MpelEventClass *klass = MPEL_EVENT_GET_CLASS (runnable);

  if (klass->run != NULL)
    return klass->run (MPEL_EVENT (runnable), invocation, error);

  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_NO_SUCH_TARGET,
               "The event class “%s” does not override run",
               G_OBJECT_TYPE_NAME (runnable));
  return NULL;
}

static void
mpel_event_runnable_init (MpelRunnableInterface *iface)
{
  iface->run = mpel_event_runnable_run;
}

static void
mpel_event_finalize (GObject *object)
{
  MpelEventPrivate *priv = get_private (MPEL_EVENT (object));

  g_clear_pointer (&priv->target, g_free);
  g_clear_pointer (&priv->args, g_variant_unref);
  g_clear_pointer (&priv->kwargs, g_variant_unref);
  g_clear_pointer (&priv->event_key, g_free);
  g_clear_pointer (&priv->results, g_variant_unref);
  g_clear_pointer (&priv->failure, mpel_failure_free);
  g_clear_pointer (&priv->ticket.properties, g_variant_unref);
  if (priv->end_hooks != NULL)
    g_slist_free_full (g_steal_pointer (&priv->end_hooks), (GDestroyNotify) end_hook_free);

  G_OBJECT_CLASS (mpel_event_parent_class)->finalize (object);
}

static void
mpel_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelEventPrivate *priv = get_private (MPEL_EVENT (object));

  switch ((MpelEventProperty) prop_id)
    {
    case PROP_TARGET:
      g_value_set_string (value, priv->target);
      break;
    case PROP_ARGS:
      g_value_set_variant (value, priv->args);
      break;
    case PROP_KWARGS:
      g_value_set_variant (value, priv->kwargs);
      break;
    case PROP_EVENT_KEY:
      g_value_set_string (value, priv->event_key);
      break;
    case PROP_HAS_OUTPUT:
      g_value_set_boolean (value, priv->has_output);
      break;
    case PROP_STATE:
      g_value_set_enum (value, priv->state);
      break;
    case PROP_RESULTS:
      g_value_set_variant (value, priv->results);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_event_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelEvent *self = MPEL_EVENT (object);

  switch ((MpelEventProperty) prop_id)
    {
    case PROP_TARGET:
      mpel_event_set_target (self, g_value_get_string (value));
      break;
    case PROP_ARGS:
      mpel_event_set_args (self, g_value_get_variant (value));
      break;
    case PROP_KWARGS:
      mpel_event_set_kwargs (self, g_value_get_variant (value));
      break;
    case PROP_EVENT_KEY:
      mpel_event_set_event_key (self, g_value_get_string (value));
      break;
    case PROP_HAS_OUTPUT:
      mpel_event_set_has_output (self, g_value_get_boolean (value));
      break;
    case PROP_STATE:
    case PROP_RESULTS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_event_class_init (MpelEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = mpel_event_finalize;
  object_class->get_property = mpel_event_get_property;
  object_class->set_property = mpel_event_set_property;

  /**
   * MpelEvent:target: (getter get_target) (setter set_target)
   *
   * The name of what to run in the worker: a function or a handler.
   *
   * Since: 0.1
   */
  props[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:args: (getter get_args) (setter set_args)
   *
   * The positional arguments: a tuple, or `NULL` for none.
   *
   * Since: 0.1
   */
  props[PROP_ARGS] = g_param_spec_variant ("args", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:kwargs: (getter get_kwargs) (setter set_kwargs)
   *
   * The named arguments: an `a{sv}`, or `NULL` for none.
   *
   * Since: 0.1
   */
  props[PROP_KWARGS] = g_param_spec_variant ("kwargs", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:event-key: (getter get_event_key) (setter set_event_key)
   *
   * A string that the application recognises the event by; also the detail of
   * [signal@EventLoop::event-done].
   *
   * Since: 0.1
   */
  props[PROP_EVENT_KEY] = g_param_spec_string ("event-key", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:has-output: (getter get_has_output) (setter set_has_output)
   *
   * Whether results are sent back and handled.
   *
   * An event without output runs, and its success is not told to any handler. Its failure is.
   *
   * Since: 0.1
   */
  props[PROP_HAS_OUTPUT] = g_param_spec_boolean ("has-output", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:state: (getter get_state)
   *
   * How far the event has come.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, MPEL_TYPE_EVENT_STATE, MPEL_EVENT_STATE_NEW, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * MpelEvent:results: (getter get_results)
   *
   * What the target returned, or `NULL` before the end, after a failure and without output.
   *
   * Since: 0.1
   */
  props[PROP_RESULTS] = g_param_spec_variant ("results", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
mpel_event_init (MpelEvent *self)
{
  MpelEventPrivate *priv = get_private (self);

  priv->has_output = TRUE;
  priv->ticket.link.data = self;
}

gboolean
mpel_event_is_pending (MpelEvent *self)
{
  MpelEventState state = get_private (self)->state;

  return state == MPEL_EVENT_STATE_QUEUED || state == MPEL_EVENT_STATE_SENT;
}

gboolean
mpel_event_is_class_event (MpelEvent *self)
{
  return MPEL_EVENT_GET_CLASS (self)->run != NULL;
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, format, args));
  va_end (args);
  return FALSE;
}

/* Can it be added? Later is too late: nobody would know whose mistake it was. */
gboolean
mpel_event_check (MpelEvent *self, GError **error)
{
  MpelEventPrivate *priv = get_private (self);

  if (mpel_event_is_pending (self))
    return refuse (error, "The event “%s” was added already and has not ended yet", priv->target != NULL ? priv->target : G_OBJECT_TYPE_NAME (self));
  if ((priv->target == NULL || priv->target[0] == '\0') && !mpel_event_is_class_event (self))
    return refuse (error, "The event has no target, and its class “%s” does not override run", G_OBJECT_TYPE_NAME (self));
  if (priv->args != NULL && !g_variant_is_of_type (priv->args, G_VARIANT_TYPE_TUPLE))
    return refuse (error, "The arguments of an event are a tuple, not a “%s”", g_variant_get_type_string (priv->args));
  if (priv->kwargs != NULL && !g_variant_is_of_type (priv->kwargs, G_VARIANT_TYPE_VARDICT))
    return refuse (error, "The named arguments of an event are an a{sv}, not a “%s”", g_variant_get_type_string (priv->kwargs));
  return TRUE;
}

/* A class event travels as it was when it was added. */
gboolean
mpel_event_prepare (MpelEvent *self, GError **error)
{
  MpelEventTicket *ticket = &get_private (self)->ticket;

  g_clear_pointer (&ticket->properties, g_variant_unref);
  if (!mpel_event_is_class_event (self))
    return TRUE;
  ticket->properties = mpel_value_collect_properties (G_OBJECT (self), MPEL_TYPE_EVENT, error);
  return ticket->properties != NULL;
}

static void
set_state (MpelEvent *self, MpelEventState state)
{
  get_private (self)->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
forget_end (MpelEvent *self)
{
  MpelEventPrivate *priv = get_private (self);

  g_clear_pointer (&priv->failure, mpel_failure_free);
  if (priv->results == NULL)
    return;
  g_clear_pointer (&priv->results, g_variant_unref);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RESULTS]);
}

void
mpel_event_become_queued (MpelEvent *self)
{
  forget_end (self);
  set_state (self, MPEL_EVENT_STATE_QUEUED);
}

void
mpel_event_become_sent (MpelEvent *self)
{
  set_state (self, MPEL_EVENT_STATE_SENT);
}

/* @results: (nullable). Returns whether this was the end. */
gboolean
mpel_event_end_done (MpelEvent *self, GVariant *results)
{
  MpelEventPrivate *priv = get_private (self);

  if (!mpel_event_is_pending (self))
    return FALSE;
  if (results != NULL)
    {
      priv->results = g_variant_ref (results);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RESULTS]);
    }
  set_state (self, MPEL_EVENT_STATE_DONE);
  return TRUE;
}

/* Takes @failure. Returns whether this was the end. */
gboolean
mpel_event_end_failed (MpelEvent *self, MpelEventState state, MpelFailure *failure)
{
  if (!mpel_event_is_pending (self))
    {
      mpel_failure_free (failure);
      return FALSE;
    }

  get_private (self)->failure = failure;
  set_state (self, state);
  return TRUE;
}

/* Copies @error. */
gboolean
mpel_event_end_error (MpelEvent *self, MpelEventState state, const GError *error)
{
  return mpel_event_end_failed (self, state, mpel_failure_new_take (g_error_copy (error)));
}

void
mpel_event_add_end_hook (MpelEvent *self, MpelEndHookFunc func, gpointer user_data, GDestroyNotify destroy)
{
  MpelEventPrivate *priv = get_private (self);
  EndHook          *hook = g_new0 (EndHook, 1);

  hook->func = func;
  hook->user_data = user_data;
  hook->destroy = destroy;
  priv->end_hooks = g_slist_prepend (priv->end_hooks, hook);
}

/* The list is taken away first: a hook may add the event again. */
void
mpel_event_run_end_hooks (MpelEvent *self)
{
  MpelEventPrivate *priv = get_private (self);
  GSList           *hooks = g_slist_reverse (g_steal_pointer (&priv->end_hooks));

  for (GSList *l = hooks; l != NULL; l = l->next)
    {
      EndHook *hook = l->data;

      hook->func (self, hook->user_data);
    }
  g_slist_free_full (hooks, (GDestroyNotify) end_hook_free);
}

/**
 * mpel_event_new:
 * @target: (nullable): the name of a function or handler in the worker
 * @args: (nullable): the positional arguments, a tuple; a floating reference is taken
 * @kwargs: (nullable): the named arguments, an `a{sv}`; a floating reference is taken
 *
 * Creates an event.
 *
 * Returns: (transfer full): the event
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_new (const char *target, GVariant *args, GVariant *kwargs)
{
  MpelEvent        *self = g_object_new (MPEL_TYPE_EVENT, NULL);
  MpelEventPrivate *priv = get_private (self);

  priv->target = g_strdup (target);
  priv->args = args != NULL ? g_variant_ref_sink (args) : NULL;
  priv->kwargs = kwargs != NULL ? g_variant_ref_sink (kwargs) : NULL;
  return self;
}

/**
 * mpel_event_get_target: (get-property target)
 * @self: an event
 *
 * Gets the name of what to run in the worker.
 *
 * Returns: (transfer none) (nullable): the name
 *
 * Since: 0.1
 */
const char *
mpel_event_get_target (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->target;
}

static gboolean
set_string (char **field, const char *string)
{
  if (g_strcmp0 (*field, string) == 0)
    return FALSE;
  g_free (*field);
  *field = g_strdup (string);
  return TRUE;
}

/**
 * mpel_event_set_target: (set-property target)
 * @self: an event that is not pending
 * @target: (nullable): the name
 *
 * Sets the name of what to run in the worker.
 *
 * Since: 0.1
 */
void
mpel_event_set_target (MpelEvent *self, const char *target)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_pending (self));

  if (set_string (&get_private (self)->target, target))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TARGET]);
}

/**
 * mpel_event_get_args: (get-property args)
 * @self: an event
 *
 * Gets the positional arguments.
 *
 * Returns: (transfer none) (nullable): a tuple, or `NULL` for none
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_args (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->args;
}

static gboolean
set_variant (GVariant **field, GVariant *variant)
{
  if (*field == variant)
    return FALSE;
  g_clear_pointer (field, g_variant_unref);
  *field = variant != NULL ? g_variant_ref_sink (variant) : NULL;
  return TRUE;
}

/**
 * mpel_event_set_args: (set-property args)
 * @self: an event that is not pending
 * @args: (nullable): a tuple; a floating reference is taken
 *
 * Sets the positional arguments.
 *
 * Since: 0.1
 */
void
mpel_event_set_args (MpelEvent *self, GVariant *args)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_pending (self));

  if (set_variant (&get_private (self)->args, args))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ARGS]);
}

/**
 * mpel_event_get_kwargs: (get-property kwargs)
 * @self: an event
 *
 * Gets the named arguments.
 *
 * Returns: (transfer none) (nullable): an `a{sv}`, or `NULL` for none
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_kwargs (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->kwargs;
}

/**
 * mpel_event_set_kwargs: (set-property kwargs)
 * @self: an event that is not pending
 * @kwargs: (nullable): an `a{sv}`; a floating reference is taken
 *
 * Sets the named arguments.
 *
 * Since: 0.1
 */
void
mpel_event_set_kwargs (MpelEvent *self, GVariant *kwargs)
{
  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_pending (self));

  if (set_variant (&get_private (self)->kwargs, kwargs))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KWARGS]);
}

/**
 * mpel_event_get_event_key: (get-property event-key)
 * @self: an event
 *
 * Gets the string that the application recognises the event by.
 *
 * Returns: (transfer none) (nullable): the key
 *
 * Since: 0.1
 */
const char *
mpel_event_get_event_key (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->event_key;
}

/**
 * mpel_event_set_event_key: (set-property event-key)
 * @self: an event
 * @event_key: (nullable): the key
 *
 * Sets a string that the application recognises the event by.
 *
 * It stays in the host.
 *
 * Since: 0.1
 */
void
mpel_event_set_event_key (MpelEvent *self, const char *event_key)
{
  g_return_if_fail (MPEL_IS_EVENT (self));

  if (set_string (&get_private (self)->event_key, event_key))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EVENT_KEY]);
}

/**
 * mpel_event_get_has_output: (get-property has-output)
 * @self: an event
 *
 * Tells whether results are sent back and handled.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_event_get_has_output (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return get_private (self)->has_output;
}

/**
 * mpel_event_set_has_output: (set-property has-output)
 * @self: an event that is not pending
 * @has_output: whether results are sent back and handled
 *
 * Sets whether results are sent back and handled.
 *
 * Since: 0.1
 */
void
mpel_event_set_has_output (MpelEvent *self, gboolean has_output)
{
  MpelEventPrivate *priv;

  g_return_if_fail (MPEL_IS_EVENT (self));
  g_return_if_fail (!mpel_event_is_pending (self));

  priv = get_private (self);
  if (priv->has_output == !!has_output)
    return;
  priv->has_output = !!has_output;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HAS_OUTPUT]);
}

/**
 * mpel_event_get_state: (get-property state)
 * @self: an event
 *
 * Tells how far the event has come.
 *
 * Returns: its state
 *
 * Since: 0.1
 */
MpelEventState
mpel_event_get_state (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), MPEL_EVENT_STATE_NEW);

  return get_private (self)->state;
}

/**
 * mpel_event_is_ended:
 * @self: an event
 *
 * Tells whether the event has ended, in whatever way.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
mpel_event_is_ended (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), FALSE);

  return get_private (self)->state >= MPEL_EVENT_STATE_DONE;
}

/**
 * mpel_event_get_results: (get-property results)
 * @self: an event
 *
 * Gets what the target returned.
 *
 * Returns: (transfer none) (nullable): the results; `NULL` before the end, after a failure and
 *   without output
 *
 * Since: 0.1
 */
GVariant *
mpel_event_get_results (MpelEvent *self)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  return get_private (self)->results;
}

/**
 * mpel_event_get_error:
 * @self: an event
 *
 * Tells why the event failed.
 *
 * The error is the target's own, with its domain, code and message; one in the [error@LoopError]
 * domain; or [error@Gio.IOErrorEnum.CANCELLED].
 *
 * Returns: (transfer none) (nullable): the error, or `NULL` if the event did not fail
 *
 * Since: 0.1
 */
const GError *
mpel_event_get_error (MpelEvent *self)
{
  MpelEventPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  priv = get_private (self);
  return priv->failure != NULL ? priv->failure->error : NULL;
}

/**
 * mpel_event_get_remote_type:
 * @self: an event
 *
 * Gets the class of the exception that made the event fail, in the worker's own language.
 *
 * Returns: (transfer none) (nullable): its name, if there was an exception
 *
 * Since: 0.1
 */
const char *
mpel_event_get_remote_type (MpelEvent *self)
{
  MpelEventPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  priv = get_private (self);
  return priv->failure != NULL ? priv->failure->remote_type : NULL;
}

/**
 * mpel_event_get_traceback:
 * @self: an event
 *
 * Gets where in the worker the exception came from.
 *
 * Returns: (transfer none) (nullable): text for a person to read, if there is any
 *
 * Since: 0.1
 */
const char *
mpel_event_get_traceback (MpelEvent *self)
{
  MpelEventPrivate *priv;

  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);

  priv = get_private (self);
  return priv->failure != NULL ? priv->failure->traceback : NULL;
}
