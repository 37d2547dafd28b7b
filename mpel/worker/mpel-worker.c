/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-worker-private.h"

#include "mpel-farewell-private.h"
#include "mpel-inbox-private.h"
#include "mpel-link-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-outbox-private.h"
#include "mpel-plain-private.h"
#include "mpel-registry-private.h"
#include "mpel-runnable-private.h"
#include "mpel-wake-private.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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
 * Events run one after the other, in the order they were added, on the thread that called
 * [method@Worker.run]. What the worker prints goes where the host prints; nothing that it
 * writes there can disturb the line to the host.
 *
 * A worker ends when its host does: also while it computes, after half a second.
 *
 * Use it from that one thread only.
 *
 * Since: 0.1
 */

/* run: open_link → opened_cb: initialize → say_hello → run_inbox … → lost_cb → return
 *
 * FRESH → RUNNING → OVER. @link is set from RUNNING on; @outbox and @plain once it is open. */
typedef enum
{
  STATE_FRESH,
  STATE_RUNNING,
  STATE_OVER,
} State;

/* Between two events timers and asynchronous handlers get their turn this often. */
#define RUN_SLICE_US 5000

struct _MpelWorker
{
  GObject parent_instance;

  State         state;
  int           fd;       /* (owned) until handed to the link, then -1 */
  MpelFarewell *farewell; /* (owned) */
  MpelRegistry *registry; /* (owned) */

  MpelInitializeFunc initializer; /* (nullable) */
  gpointer           initializer_data;
  GDestroyNotify     initializer_destroy;

  MpelLink               *link;        /* (owned) (nullable) */
  MpelOutbox             *outbox;      /* (owned) (nullable) */
  GDBusInterfaceSkeleton *plain;       /* (owned) (nullable) */
  GSource                *wake;        /* (owned) (nullable) wakes for the inbox; from any thread */
  GMainLoop              *main_loop;   /* (owned) (nullable) */
  gboolean                was_greeted; /* the host's hello came and suits us */
  int                     exit_status;
};

G_DEFINE_FINAL_TYPE (MpelWorker, mpel_worker, G_TYPE_OBJECT)

static void
leave (MpelWorker *self, int exit_status)
{
  self->exit_status = exit_status;
  g_main_loop_quit (self->main_loop);
}

static void
leave_in_anger (MpelWorker *self, const GError *error)
{
  g_printerr ("mpel worker %d leaves: %s\n", getpid (), error->message);
  leave (self, EXIT_FAILURE);
}

static void
answer_event_cb (MpelInvocation *invocation, GVariant *results, const MpelFailure *failure, gpointer user_data)
{
  MpelOutbox *outbox = user_data;
  guint64     id = mpel_invocation_get_id (invocation);

  if (failure != NULL)
    mpel_outbox_add_failed (outbox, id, failure);
  else
    mpel_outbox_add_done (outbox, id, mpel_invocation_get_has_output (invocation) ? results : NULL);
}

static void
run_event (MpelWorker *self, MpelRecord *record)
{
  g_autoptr (MpelInvocation) invocation = NULL;
  g_autoptr (GVariant) args = NULL;
  g_autoptr (GVariant) properties = NULL;
  gboolean is_class = (record->flags & MPEL_RECORD_FLAG_CLASS) != 0;

  if (is_class)
    {
      args = g_variant_get_child_value (record->value, 0);
      properties = g_variant_get_child_value (record->value, 1);
    }

  invocation = mpel_invocation_new (record->name,
                                    is_class ? args : record->value,
                                    record->extra,
                                    answer_event_cb,
                                    mpel_outbox_ref (self->outbox),
                                    (GDestroyNotify) mpel_outbox_unref);
  mpel_invocation_set_id (invocation, record->id, (record->flags & MPEL_RECORD_FLAG_NO_OUTPUT) == 0);

  if (is_class)
    mpel_registry_run_class (self->registry, invocation, properties);
  else
    mpel_registry_run_target (self->registry, invocation);
}

/* Returns FALSE with an error when the host makes no sense. @now is moved on. */
static gboolean
take_record (MpelWorker *self, MpelRecord *record, gint64 *now, GError **error)
{
  if (!self->was_greeted)
    {
      self->was_greeted = mpel_hello_check (record, error);
      return self->was_greeted;
    }
  if (record->kind != MPEL_RECORD_EVENT)
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The host sent a record of kind %d", record->kind);
      return FALSE;
    }

  run_event (self, record);
  *now = mpel_outbox_add_taken (self->outbox);
  return TRUE;
}

/* Runs what has come, for a slice of time. Returns whether there may be more. */
static gboolean
run_inbox (MpelWorker *self, GError **error)
{
  MpelInbox *inbox = mpel_link_get_inbox (self->link);
  gint64     now = g_get_monotonic_time ();
  gint64     end = now + RUN_SLICE_US;

  while (g_main_loop_is_running (self->main_loop))
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;

      if (mpel_inbox_next (inbox, &record, error) != MPEL_INBOX_RECORD)
        return FALSE;
      if (!take_record (self, &record, &now, error))
        return FALSE;
      if (now >= end)
        return TRUE;
    }

  return FALSE;
}

static gboolean
inbox_ready_cb (gpointer user_data)
{
  MpelWorker *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean more;

  mpel_outbox_begin_run (self->outbox);
  more = run_inbox (self, &error);
  mpel_outbox_end_run (self->outbox, !more);

  if (error != NULL)
    leave_in_anger (self, error);
  else if (more)
    mpel_wake_up (self->wake);
  else
    fflush (stdout);
  return G_SOURCE_CONTINUE;
}

/* In GDBus's thread. */
static void
arrived_cb (gpointer user_data)
{
  mpel_wake_up (user_data);
}

static void
lost_cb (MpelLink *link, const GError *reason, gpointer user_data)
{
  leave (user_data, EXIT_SUCCESS);
}

static gboolean
initialize (MpelWorker *self, GError **error)
{
  if (self->initializer == NULL || self->initializer (self, self->initializer_data, error))
    return TRUE;

  if (error != NULL && *error == NULL)
    g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED, "The initializer failed without a reason");
  return FALSE;
}

/* The host learns the reason from a failure in place of the hello. */
static void
tell_start_failure (MpelWorker *self, GError *error)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_take (error);

  mpel_outbox_add_failed (self->outbox, 0, failure);
  mpel_outbox_flush (self->outbox);
  leave (self, EXIT_FAILURE);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MpelWorker *self = user_data;
  GError     *error = NULL;

  if (!mpel_link_open_finish (self->link, result, &error))
    {
      /* A host that changed its mind is no reason for complaint. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
        leave (self, EXIT_SUCCESS);
      else
        leave_in_anger (self, error);
      g_clear_error (&error);
      return;
    }

  self->outbox = mpel_outbox_new (self->link);
  if (!initialize (self, &error))
    {
      tell_start_failure (self, error);
      return;
    }

  self->plain = mpel_plain_export (mpel_link_get_connection (self->link), self->registry, NULL);
  mpel_outbox_add_hello (self->outbox);
  mpel_link_start (self->link);
}

static void
open_link (MpelWorker *self)
{
  /* Sources do not recurse: a function that runs a main loop of its own is not interrupted by
   * the next. */
  self->wake = mpel_wake_new (g_main_loop_get_context (self->main_loop), "[mpel] run events", G_PRIORITY_DEFAULT, inbox_ready_cb, self);

  self->link = mpel_link_new (MPEL_LINK_SIDE_WORKER, arrived_cb, g_source_ref (self->wake), (GDestroyNotify) g_source_unref);
  mpel_link_set_lost_func (self->link, lost_cb, self);
  mpel_link_open_async (self->link, g_steal_fd (&self->fd), opened_cb, self);
}

/* Says the last word and lets go of the line, in this order. */
static void
close_link (MpelWorker *self)
{
  g_source_destroy (self->wake);
  mpel_link_set_lost_func (self->link, NULL, NULL);
  g_clear_pointer (&self->plain, mpel_plain_unexport);
  if (self->outbox != NULL)
    mpel_outbox_close (self->outbox);
  mpel_link_flush (self->link);
  g_clear_pointer (&self->outbox, mpel_outbox_unref);
  g_clear_object (&self->link);
  g_clear_pointer (&self->wake, g_source_unref);
}

static void
mpel_worker_finalize (GObject *object)
{
  MpelWorker *self = MPEL_WORKER (object);

  if (self->initializer_destroy != NULL)
    self->initializer_destroy (self->initializer_data);
  g_clear_pointer (&self->registry, mpel_registry_free);
  g_clear_pointer (&self->farewell, mpel_farewell_free);
  if (self->fd >= 0)
    close (self->fd);

  G_OBJECT_CLASS (mpel_worker_parent_class)->finalize (object);
}

static void
mpel_worker_class_init (MpelWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mpel_worker_finalize;
}

static void
mpel_worker_init (MpelWorker *self)
{
  self->fd = -1;
  self->registry = mpel_registry_new ();
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
 * [error@LoopError.SPAWN_FAILED] and its message.
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
 * mpel_worker_run:
 * @self: the worker
 *
 * Runs events until the host has no more use for this process.
 *
 * Iterates the thread's default [struct@GLib.MainContext] meanwhile, so that timers, promises
 * and asynchronous handlers work.
 *
 * Returns: an exit status for `main` to return
 *
 * Since: 0.1
 */
int
mpel_worker_run (MpelWorker *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_return_val_if_fail (MPEL_IS_WORKER (self), EXIT_FAILURE);
  g_return_val_if_fail (self->state == STATE_FRESH, EXIT_FAILURE);

  self->state = STATE_RUNNING;
  self->main_loop = g_main_loop_new (context, FALSE);
  open_link (self);
  g_main_loop_run (self->main_loop);

  self->state = STATE_OVER;
  close_link (self);
  g_clear_pointer (&self->main_loop, g_main_loop_unref);
  g_clear_pointer (&self->farewell, mpel_farewell_free);
  return self->exit_status;
}

GDBusConnection *
mpel_worker_get_connection (MpelWorker *self)
{
  return mpel_link_get_connection (self->link);
}
