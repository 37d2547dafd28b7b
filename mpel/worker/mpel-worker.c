/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-worker-private.h"

#include "mpel-names-private.h"
#include "mpel-runnable-private.h"
#include "mpel-summons-private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * MpelWorker:
 *
 * The worker process, seen from inside.
 *
 * A program that may be started as a worker asks for it first thing in its `main`. When there is
 * one, the program registers what it can run, and hands over:
 *
 * ```c
 * int
 * main (int argc, char **argv)
 * {
 *   MpelWorker *worker = mpel_worker_get_default ();
 *
 *   if (worker != NULL)
 *     {
 *       mpel_worker_add_function (worker, "add", add, NULL, NULL);
 *       return mpel_worker_run (worker);
 *     }
 *
 *   return run_application (argc, argv);
 * }
 * ```
 *
 * Events begin one after the other, in the order they were added, on the thread that called
 * [method@Worker.run]. Those that go on for longer, handlers that answer later and generators, share
 * that thread with the events behind them. What the worker prints goes where the host prints; nothing
 * that it writes there can disturb the line to the host.
 *
 * Objects may live here as well. Hosts make those of classes that this process knows, see
 * [method@Worker.add_class], or learn of them from results, and call their methods, see
 * [method@Worker.add_method]. Those that are kept under a name are variables, see
 * [method@Worker.set_variable].
 *
 * A worker ends when its host does: also while it computes, after half a second.
 *
 * Use it from that one thread only.
 *
 * Since: 0.1
 */

G_DEFINE_FINAL_TYPE (MpelWorker, mpel_worker, G_TYPE_OBJECT)

/* Open events cost little, but without a bound a program that opens a file for each would run out
 * of them. */
#define DEFAULT_MAX_CONCURRENT 1024

typedef enum
{
  PROP_MAX_CONCURRENT = 1,
} MpelWorkerProperty;

static GParamSpec *props[PROP_MAX_CONCURRENT + 1];

static void
mpel_worker_finalize (GObject *object)
{
  MpelWorker *self = MPEL_WORKER (object);

  if (self->initializer_destroy != NULL)
    self->initializer_destroy (self->initializer_data);
  g_clear_pointer (&self->variables, mpel_variables_free);
  g_clear_pointer (&self->classes, mpel_classes_free);
  g_clear_pointer (&self->registry, mpel_registry_free);
  g_clear_pointer (&self->farewell, mpel_farewell_free);
  g_clear_pointer (&self->debug_address, g_free);
  if (self->fd >= 0)
    close (self->fd);

  G_OBJECT_CLASS (mpel_worker_parent_class)->finalize (object);
}

static void
mpel_worker_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelWorker *self = MPEL_WORKER (object);

  switch ((MpelWorkerProperty) prop_id)
    {
    case PROP_MAX_CONCURRENT:
      g_value_set_uint (value, self->max_concurrent);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_worker_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelWorker *self = MPEL_WORKER (object);

  switch ((MpelWorkerProperty) prop_id)
    {
    case PROP_MAX_CONCURRENT:
      mpel_worker_set_max_concurrent (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_worker_class_init (MpelWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mpel_worker_get_property;
  object_class->set_property = mpel_worker_set_property;
  object_class->finalize = mpel_worker_finalize;

  /**
   * MpelWorker:max-concurrent: (getter get_max_concurrent) (setter set_max_concurrent)
   *
   * How many events may have begun without being answered, or 0 for any number.
   *
   * Handlers that answer later and generators count. While there are as many, no further event
   * begins; those that have begun go on.
   *
   * Since: 0.1
   */
  props[PROP_MAX_CONCURRENT] = g_param_spec_uint ("max-concurrent", NULL, NULL, 0, G_MAXUINT, DEFAULT_MAX_CONCURRENT, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
mpel_worker_init (MpelWorker *self)
{
  self->fd = -1;
  self->max_concurrent = DEFAULT_MAX_CONCURRENT;
  self->registry = mpel_registry_new ();
  self->classes = mpel_classes_new ();
  self->variables = mpel_variables_new ();
}

/* Returns the descriptor, made private to this process, or -1 when this is no worker. */
static int
take_worker_fd (void)
{
  const char *text = g_getenv (MPEL_WORKER_FD_VARIABLE);
  guint64     fd;
  struct stat status;

  if (text == NULL)
    return -1;
  mpel_summons_set_open (TRUE);
  if (!g_ascii_string_to_unsigned (text, 10, 3, G_MAXINT, &fd, NULL) ||
      fstat ((int) fd, &status) < 0 || !S_ISSOCK (status.st_mode))
    {
      g_warning ("%s is set to “%s”, which is no socket", MPEL_WORKER_FD_VARIABLE, text);
      return -1;
    }

  /* What this process starts is not a worker. */
  fcntl ((int) fd, F_SETFD, FD_CLOEXEC);
  g_unsetenv (MPEL_WORKER_FD_VARIABLE);
  return (int) fd;
}

/**
 * mpel_worker_get_default:
 *
 * Gets the worker that this process was started as.
 *
 * Ask first thing in `main`, before other threads run: the answer is taken from the environment,
 * which is changed so that the worker's own children are not workers.
 *
 * Returns: (transfer none) (nullable): the worker, or `NULL` in an ordinary process
 *
 * Since: 0.1
 */
MpelWorker *
mpel_worker_get_default (void)
{
  static gsize       asked = 0;
  static MpelWorker *worker = NULL;

  if (g_once_init_enter (&asked))
    {
      int fd = take_worker_fd ();

      if (fd >= 0)
        {
          worker = g_object_new (MPEL_TYPE_WORKER, NULL);
          worker->fd = fd;
          worker->farewell = mpel_farewell_new (fd);
          worker->debug_address = mpel_debug_server_take_address ();
        }
      g_once_init_leave (&asked, TRUE);
    }

  return worker;
}

/**
 * mpel_worker_add_function:
 * @self: the worker
 * @name: the name that events use
 * @func: (scope notified) (closure user_data) (destroy destroy): the function
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Registers a function, which answers by returning.
 *
 * Functions run in the order in which their events were added, one after the other. A second
 * target of the same name replaces the first. The name `*` is the fallback for all names that
 * nobody registered.
 *
 * Since: 0.1
 */
void
mpel_worker_add_function (MpelWorker *self, const char *name, MpelTargetFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (func != NULL);

  mpel_registry_add_function (self->registry, name, func, user_data, destroy);
}

/**
 * mpel_worker_add_handler:
 * @self: the worker
 * @name: the name that events use, or `*` for all that nobody registered
 * @func: (scope notified) (closure user_data) (destroy destroy): the handler
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Registers a handler, which answers through its invocation, now or later.
 *
 * While a handler waits for something, the events behind its own run.
 *
 * Since: 0.1
 */
void
mpel_worker_add_handler (MpelWorker *self, const char *name, MpelHandlerFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (func != NULL);

  mpel_registry_add_handler (self->registry, name, func, user_data, destroy);
}

/**
 * mpel_worker_remove_target:
 * @self: the worker
 * @name: the name of a function or handler
 *
 * Removes a function or handler. What it has begun is not hurt.
 *
 * Returns: whether there was one
 *
 * Since: 0.1
 */
gboolean
mpel_worker_remove_target (MpelWorker *self, const char *name)
{
  g_return_val_if_fail (MPEL_IS_WORKER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return mpel_registry_remove (self->registry, name);
}

/**
 * mpel_worker_add_event_class:
 * @self: the worker
 * @type: a subclass of [class@Event] that overrides [vfunc@Event.run]
 *
 * Makes an event class known, so that its events can run here.
 *
 * An event of the class is made by its type name, with the arguments and the writable properties
 * of the host's event, and then runs.
 *
 * Since: 0.1
 */
void
mpel_worker_add_event_class (MpelWorker *self, GType type)
{
  g_return_if_fail (MPEL_IS_WORKER (self));
  g_return_if_fail (g_type_is_a (type, MPEL_TYPE_RUNNABLE));

  /* Types are found by name; this sees to it that the type is registered and stays. */
  g_type_ensure (type);
}

/**
 * mpel_worker_set_initializer:
 * @self: the worker
 * @func: (scope notified) (closure user_data) (destroy destroy) (nullable): the function
 * @user_data: handed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Sets a function that prepares the worker before its first event.
 *
 * When it fails, the worker ends and the host's events end with
 * [MPEL_LOOP_ERROR_SPAWN_FAILED][error@LoopError] and its message.
 *
 * Since: 0.1
 */
void
mpel_worker_set_initializer (MpelWorker *self, MpelInitializeFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (MPEL_IS_WORKER (self));

  if (self->initializer_destroy != NULL)
    self->initializer_destroy (self->initializer_data);
  self->initializer = func;
  self->initializer_data = user_data;
  self->initializer_destroy = destroy;
}

/**
 * mpel_worker_get_max_concurrent: (get-property max-concurrent)
 * @self: the worker
 *
 * Gets how many events may have begun without being answered.
 *
 * Returns: the number, or 0 for any number
 *
 * Since: 0.1
 */
guint
mpel_worker_get_max_concurrent (MpelWorker *self)
{
  g_return_val_if_fail (MPEL_IS_WORKER (self), 0);

  return self->max_concurrent;
}

/**
 * mpel_worker_set_max_concurrent: (set-property max-concurrent)
 * @self: the worker
 * @max_concurrent: the number, or 0 for any number
 *
 * Sets how many events may have begun without being answered.
 *
 * Handlers that answer later and generators count. While there are as many, no further event
 * begins; those that have begun go on.
 *
 * It may be changed at any time. Events that have begun are not hurt by a lower number.
 *
 * Since: 0.1
 */
void
mpel_worker_set_max_concurrent (MpelWorker *self, guint max_concurrent)
{
  g_return_if_fail (MPEL_IS_WORKER (self));

  if (self->max_concurrent == max_concurrent)
    return;
  self->max_concurrent = max_concurrent;
  if (self->calls != NULL)
    mpel_calls_set_max_open (self->calls, max_concurrent);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_CONCURRENT]);
}
