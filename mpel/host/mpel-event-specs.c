/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-enum-types.h"

/* The properties of an event, as GObject sees them. */

typedef enum
{
  PROP_TARGET = 1,
  PROP_ARGS,
  PROP_KWARGS,
  PROP_EVENT_KEY,
  PROP_HAS_OUTPUT,
  PROP_PRIORITY,
  PROP_TIMEOUT,
  PROP_MAX_RETRIES,
  PROP_CANCELLABLE,
  PROP_PULL,
  PROP_OBJECT,
  PROP_VARIABLE,
  PROP_CACHE,
  PROP_RE_REGISTER,
  PROP_SAVE_VARIABLES,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_PROGRESS_MESSAGE,
  PROP_RESULTS,
} MpelEventProperty;

static GParamSpec *props[PROP_RESULTS + 1];

static void
mpel_event_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelEventPrivate *priv = mpel_event_get_private (MPEL_EVENT (object));

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
    case PROP_PRIORITY:
      g_value_set_int (value, priv->priority);
      break;
    case PROP_TIMEOUT:
      g_value_set_int (value, priv->timeout);
      break;
    case PROP_MAX_RETRIES:
      g_value_set_uint (value, priv->max_retries);
      break;
    case PROP_CANCELLABLE:
      g_value_set_object (value, priv->cancellable);
      break;
    case PROP_PULL:
      g_value_set_boolean (value, priv->pull);
      break;
    case PROP_OBJECT:
      g_value_set_object (value, priv->object);
      break;
    case PROP_VARIABLE:
      g_value_set_string (value, priv->variable);
      break;
    case PROP_CACHE:
      g_value_set_boolean (value, priv->cache);
      break;
    case PROP_RE_REGISTER:
      g_value_set_boolean (value, priv->re_register);
      break;
    case PROP_SAVE_VARIABLES:
      g_value_set_boolean (value, priv->save_variables);
      break;
    case PROP_STATE:
      g_value_set_enum (value, priv->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, priv->progress);
      break;
    case PROP_PROGRESS_MESSAGE:
      g_value_set_string (value, priv->progress_message);
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
    case PROP_PRIORITY:
      mpel_event_set_priority (self, g_value_get_int (value));
      break;
    case PROP_TIMEOUT:
      mpel_event_set_timeout (self, g_value_get_int (value));
      break;
    case PROP_MAX_RETRIES:
      mpel_event_set_max_retries (self, g_value_get_uint (value));
      break;
    case PROP_CANCELLABLE:
      mpel_event_set_cancellable (self, g_value_get_object (value));
      break;
    case PROP_PULL:
      mpel_event_set_pull (self, g_value_get_boolean (value));
      break;
    case PROP_OBJECT:
      mpel_event_set_object (self, g_value_get_object (value));
      break;
    case PROP_VARIABLE:
      mpel_event_set_variable (self, g_value_get_string (value));
      break;
    case PROP_CACHE:
      mpel_event_set_cache (self, g_value_get_boolean (value));
      break;
    case PROP_RE_REGISTER:
      mpel_event_set_re_register (self, g_value_get_boolean (value));
      break;
    case PROP_SAVE_VARIABLES:
      mpel_event_set_save_variables (self, g_value_get_boolean (value));
      break;
    case PROP_STATE:
    case PROP_PROGRESS:
    case PROP_PROGRESS_MESSAGE:
    case PROP_RESULTS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
make_writable_properties (void)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEvent:target: (getter get_target) (setter set_target)
   *
   * The name of what to run in the worker: a function or a handler.
   *
   * Since: 0.1
   */
  props[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, writable);

  /**
   * MpelEvent:args: (getter get_args) (setter set_args)
   *
   * The positional arguments: a tuple, or `NULL` for none.
   *
   * Since: 0.1
   */
  props[PROP_ARGS] = g_param_spec_variant ("args", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, writable);

  /**
   * MpelEvent:kwargs: (getter get_kwargs) (setter set_kwargs)
   *
   * The named arguments: an `a{sv}`, or `NULL` for none.
   *
   * Since: 0.1
   */
  props[PROP_KWARGS] = g_param_spec_variant ("kwargs", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, writable);

  /**
   * MpelEvent:event-key: (getter get_event_key) (setter set_event_key)
   *
   * A string that the application recognises the event by; also the detail of
   * [signal@EventLoop::event-done].
   *
   * Since: 0.1
   */
  props[PROP_EVENT_KEY] = g_param_spec_string ("event-key", NULL, NULL, NULL, writable);

  /**
   * MpelEvent:has-output: (getter get_has_output) (setter set_has_output)
   *
   * Whether results are sent back and handled.
   *
   * An event without output runs, and its success is not told to any handler. Its failure is.
   *
   * Since: 0.1
   */
  props[PROP_HAS_OUTPUT] = g_param_spec_boolean ("has-output", NULL, NULL, TRUE, writable);
}

static void
make_long_work_properties (void)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEvent:priority: (getter get_priority) (setter set_priority)
   *
   * Which of the events that wait in the host goes to a worker first: the one of the highest
   * priority, and among equal ones the one that was added first.
   *
   * What a worker has already is not overtaken; that is about 2 ms of work. As long as there are
   * others of a higher priority, an event waits.
   *
   * Since: 0.1
   */
  props[PROP_PRIORITY] = g_param_spec_int ("priority", NULL, NULL, G_MININT, G_MAXINT, 0, writable);

  /**
   * MpelEvent:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long the event may take from when it is added, in milliseconds; 0 for as long as it
   * likes, -1 for what [property@EventLoop:event-timeout] says.
   *
   * Then it is asked to end as [method@Event.cancel] does, and ends with
   * [G_IO_ERROR_TIMED_OUT][error@Gio.IOErrorEnum] whatever it still answers. An answer has come when
   * it is read in the loop's main context: while the host is busy, an event may time out that has
   * answered in time.
   *
   * Since: 0.1
   */
  props[PROP_TIMEOUT] = g_param_spec_int ("timeout", NULL, NULL, -1, G_MAXINT, -1, writable);

  /**
   * MpelEvent:max-retries: (getter get_max_retries) (setter set_max_retries)
   *
   * How many times the event may run again after its worker was lost.
   *
   * The default is 0: what may have begun never runs twice. Set it for events that do no harm when
   * they are run again from the start. Values that were yielded are yielded again then; those that
   * nobody has asked for yet, see [method@Event.next_async], are forgotten.
   *
   * After a crash the event has a worker to itself, since nobody knows which of the events that were
   * with the last one was to blame. An innocent one is so saved by a single retry.
   *
   * Since: 0.1
   */
  props[PROP_MAX_RETRIES] = g_param_spec_uint ("max-retries", NULL, NULL, 0, G_MAXUINT, 0, writable);

  /**
   * MpelEvent:cancellable: (getter get_cancellable) (setter set_cancellable)
   *
   * Cancels the event, see [method@Event.cancel], when it is cancelled.
   *
   * Since: 0.1
   */
  props[PROP_CANCELLABLE] = g_param_spec_object ("cancellable", NULL, NULL, G_TYPE_CANCELLABLE, writable);

  /**
   * MpelEvent:pull: (getter get_pull) (setter set_pull)
   *
   * Whether the values that the event yields are kept for [method@Event.next_async], rather than
   * told by [signal@EventLoop::event-yield].
   *
   * Since: 0.1
   */
  props[PROP_PULL] = g_param_spec_boolean ("pull", NULL, NULL, FALSE, writable);
}

static void
make_object_properties (void)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEvent:object: (getter get_object) (setter set_object)
   *
   * The object whose method the target is.
   *
   * An [class@Proxy] stands for its object in the worker. Of any other object the worker makes a copy,
   * which lives for the event only, or, with [property@Event:cache], until the object is finalized.
   * Without a target the event brings the object's state back: an `a{sv}` of its properties.
   *
   * Since: 0.1
   */
  props[PROP_OBJECT] = g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, writable);

  /**
   * MpelEvent:variable: (getter get_variable) (setter set_variable)
   *
   * The name of a variable in the worker whose method the target is.
   *
   * Variables are set by the worker itself, see [method@Worker.set_variable], or by events with
   * [property@Event:save-variables]. Without a target the event brings back the variable's value; of
   * an object, its state.
   *
   * Since: 0.1
   */
  props[PROP_VARIABLE] = g_param_spec_string ("variable", NULL, NULL, NULL, writable);

  /**
   * MpelEvent:cache: (getter get_cache) (setter set_cache)
   *
   * Whether the event uses the copies of objects that the worker keeps.
   *
   * The event's own [property@Event:object] is kept from then on, if it was not. Objects among the
   * arguments, see [method@Event.add_object], stand for what is kept only if the loop has them cached.
   *
   * Since: 0.1
   */
  props[PROP_CACHE] = g_param_spec_boolean ("cache", NULL, NULL, FALSE, writable);

  /**
   * MpelEvent:re-register: (getter get_re_register) (setter set_re_register)
   *
   * Whether the worker's copy of [property@Event:object] is made anew before the event, of what the
   * object is when the event is added.
   *
   * Since: 0.1
   */
  props[PROP_RE_REGISTER] = g_param_spec_boolean ("re-register", NULL, NULL, FALSE, writable);

  /**
   * MpelEvent:save-variables: (getter get_save_variables) (setter set_save_variables)
   *
   * Whether the results, an `a{sv}`, become named variables in the worker. A handle among them saves
   * an object. Without a target the named arguments do; with [method@Event.add_object] these may be
   * objects of the host, of which the worker then has copies, and proxies.
   *
   * In a pool what is saved is in one worker; all later events of variables go there.
   *
   * Since: 0.1
   */
  props[PROP_SAVE_VARIABLES] = g_param_spec_boolean ("save-variables", NULL, NULL, FALSE, writable);
}

static void
make_readable_properties (void)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * MpelEvent:state: (getter get_state)
   *
   * How far the event has come.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, MPEL_TYPE_EVENT_STATE, MPEL_EVENT_STATE_NEW, readable);

  /**
   * MpelEvent:progress: (getter get_progress)
   *
   * Which part of its work the event has done, from 0 to 1, as far as its target tells.
   *
   * Since: 0.1
   */
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, readable);

  /**
   * MpelEvent:progress-message: (getter get_progress_message)
   *
   * What the target said of its progress last.
   *
   * Since: 0.1
   */
  props[PROP_PROGRESS_MESSAGE] = g_param_spec_string ("progress-message", NULL, NULL, NULL, readable);

  /**
   * MpelEvent:results: (getter get_results)
   *
   * What the target returned, or `NULL` before the end, after a failure and without output.
   *
   * Since: 0.1
   */
  props[PROP_RESULTS] = g_param_spec_variant ("results", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, readable);
}

void
mpel_event_install_properties (GObjectClass *object_class)
{
  object_class->get_property = mpel_event_get_property;
  object_class->set_property = mpel_event_set_property;

  make_writable_properties ();
  make_long_work_properties ();
  make_object_properties ();
  make_readable_properties ();
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

void
mpel_event_tell_state (MpelEvent *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
mpel_event_tell_results (MpelEvent *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RESULTS]);
}

void
mpel_event_tell_progress (MpelEvent *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
}

void
mpel_event_tell_progress_message (MpelEvent *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS_MESSAGE]);
}
