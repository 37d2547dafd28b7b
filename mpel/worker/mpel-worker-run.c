/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-worker-private.h"

#include "mpel-inbox-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-plain-private.h"
#include "mpel-summons-private.h"
#include "mpel-wake-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* run: open_link → opened_cb: initialize → say_hello → run_slice: run_turn … → lost_cb → return
 *
 * A turn takes at most one record, and then gives each generator one step. */

/* Between two events timers and asynchronous handlers get their turn this often. */
#define RUN_SLICE_US 5000

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

static gboolean
take_hello (MpelWorker *self, const MpelRecord *record, GError **error)
{
  self->was_greeted = mpel_hello_check (record, error);
  if (!self->was_greeted)
    return FALSE;
  if (mpel_hello_has_ability (record, MPEL_ABILITY_BLOBS))
    mpel_outbox_allow_blobs (self->outbox);
  if (mpel_hello_has_ability (record, MPEL_ABILITY_LONG_WORK))
    mpel_calls_allow_streams (self->calls);
  return TRUE;
}

/* Returns whether it has left the queue. */
static gboolean
take_event (MpelWorker *self, MpelRecord *record)
{
  g_autoptr (MpelCall) call = NULL;

  switch (mpel_calls_begin (self->calls, record->id, (record->flags & MPEL_RECORD_FLAG_NO_OUTPUT) == 0, &call))
    {
    case MPEL_BEGIN_NOW:
      mpel_worker_run_event (self, record, call);
      return TRUE;
    case MPEL_BEGIN_NEVER:
      return TRUE;
    case MPEL_BEGIN_LATER:
      self->held = *record;
      *record = (MpelRecord) MPEL_RECORD_INIT;
      return FALSE;
    default:
      g_assert_not_reached ();
    }
}

/* Returns FALSE with an error when this is no record for a worker. */
static gboolean
take_object (MpelWorker *self, const MpelRecord *record, GError **error)
{
  if (record->kind == MPEL_RECORD_CREATE)
    return mpel_objects_create (self->objects, record->id, record->name, record->extra, error);
  if (record->kind == MPEL_RECORD_RELEASE)
    {
      mpel_objects_release (self->objects, record->id, g_variant_get_uint32 (record->value));
      return TRUE;
    }

  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The host sent a record of kind %d", record->kind);
  return FALSE;
}

/* Returns FALSE with an error when the host makes no sense. @now is moved on; @taken tells whether
 * there was anything to take. */
static gboolean
take_record (MpelWorker *self, MpelRecord *record, gboolean *taken, gint64 *now, GError **error)
{
  *taken = TRUE;
  if (!self->was_greeted)
    return take_hello (self, record, error);
  if (record->kind != MPEL_RECORD_EVENT)
    {
      if (!take_object (self, record, error))
        return FALSE;
      *now = mpel_outbox_pass_time (self->outbox);
      return TRUE;
    }

  *taken = take_event (self, record);
  if (*taken)
    *now = mpel_outbox_add_taken (self->outbox);
  return TRUE;
}

/* The event that had to wait goes before those that came later. */
static gboolean
take_next (MpelWorker *self, gboolean *taken, gint64 *now, GError **error)
{
  g_auto (MpelRecord) record = self->held;

  self->held = (MpelRecord) MPEL_RECORD_INIT;
  *taken = FALSE;
  if (record.kind == 0)
    {
      MpelInboxStatus status = mpel_inbox_next (mpel_link_get_inbox (self->link), &record, error);

      if (status != MPEL_INBOX_RECORD)
        return status == MPEL_INBOX_EMPTY;
    }

  return take_record (self, &record, taken, now, error);
}

/* Runs a turn, or goes on with the one that was interrupted. Returns whether there may be more. */
static gboolean
run_turn (MpelWorker *self, gint64 end, gint64 *now, GError **error)
{
  gboolean is_new = mpel_rota_is_resting (self->rota);
  gboolean taken = FALSE;
  gboolean was_active;

  if (is_new)
    {
      if (!take_next (self, &taken, now, error))
        return FALSE;
      mpel_rota_begin_turn (self->rota);
      if (mpel_rota_is_resting (self->rota))
        return taken;
    }

  was_active = mpel_rota_go_on (self->rota, end);
  *now = mpel_outbox_pass_time (self->outbox);
  return taken || was_active || !is_new;
}

/* Runs turns for a slice of time. Returns whether there may be more. */
static gboolean
run_slice (MpelWorker *self, GError **error)
{
  gint64   now = g_get_monotonic_time ();
  gint64   end = now + RUN_SLICE_US;
  gboolean more = TRUE;

  while (more && now < end && g_main_loop_is_running (self->main_loop))
    more = run_turn (self, end, &now, error);
  return more;
}

static gboolean
turn_due_cb (gpointer user_data)
{
  MpelWorker *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean more;

  mpel_outbox_begin_run (self->outbox);
  more = run_slice (self, &error);
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

/* What urgent records are for. The link may hold it longer than the worker runs. */
typedef struct
{
  MpelCalls    *calls;    /* (owned) */
  MpelReporter *reporter; /* (owned) */
} Urgent;

static Urgent *
urgent_new (MpelWorker *self)
{
  Urgent *urgent = g_new (Urgent, 1);

  urgent->calls = mpel_calls_ref (self->calls);
  urgent->reporter = mpel_reporter_ref (self->reporter);
  return urgent;
}

static void
urgent_free (Urgent *urgent)
{
  mpel_reporter_unref (urgent->reporter);
  mpel_calls_unref (urgent->calls);
  g_free (urgent);
}

/* In GDBus's thread: what does not wait for the main thread. */
static void
urgent_cb (const MpelRecord *record, gpointer user_data)
{
  Urgent *urgent = user_data;

  mpel_reporter_spare_thread (urgent->reporter);
  if (record->kind == MPEL_RECORD_CANCEL)
    mpel_calls_cancel (urgent->calls, record->id);
  else if (record->kind == MPEL_RECORD_ACK && record->id == 0)
    mpel_reporter_acknowledge (urgent->reporter, g_variant_get_uint32 (record->value));
  else if (record->kind == MPEL_RECORD_ACK)
    mpel_calls_acknowledge (urgent->calls, record->id, g_variant_get_uint32 (record->value));
  else
    mpel_calls_recall (urgent->calls, record->id);
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

/* The host learns the reason from a failure in place of the hello, and ends the line. To leave
 * before that could end it too early: GDBus gives up reading when it cannot write. */
static void
tell_start_failure (MpelWorker *self, GError *error)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_take (error);

  mpel_outbox_refuse (self->outbox, 0, failure);
  mpel_link_start (self->link);
}

/* What the initializer made is there for tools to see before the host says a word. */
static void
show_to_tools (MpelWorker *self)
{
  GDBusConnection *connection = mpel_link_get_connection (self->link);

  self->plain = mpel_plain_export (connection, self->registry, NULL);
  if (self->debug_address == NULL)
    return;
  self->debug = mpel_debug_server_new (self->debug_address, self->registry, self->objects, self->variables);
  mpel_debug_server_add_host (self->debug, connection);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MpelWorker *self = user_data;
  GError     *error = NULL;

  if (!mpel_link_open_finish (self->link, result, &error))
    {
      /* A host that changed its mind is no reason for complaint. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
        leave (self, EXIT_SUCCESS);
      else
        leave_in_anger (self, error);
      g_clear_error (&error);
      return;
    }

  if (!initialize (self, &error))
    {
      tell_start_failure (self, error);
      return;
    }

  show_to_tools (self);
  mpel_outbox_add_hello (self->outbox);
  mpel_link_start (self->link);
}

static void
open_link (MpelWorker *self)
{
  /* Sources do not recurse: a function that runs a main loop of its own is not interrupted by
   * the next. */
  self->wake = mpel_wake_new (g_main_loop_get_context (self->main_loop), "[mpel] run events", G_PRIORITY_DEFAULT, turn_due_cb, self);

  self->link = mpel_link_new (MPEL_LINK_SIDE_WORKER, arrived_cb, g_source_ref (self->wake), (GDestroyNotify) g_source_unref);
  mpel_link_set_lost_func (self->link, lost_cb, self);
  self->outbox = mpel_outbox_new (self->link);
  self->reporter = mpel_reporter_new (self->outbox);
  self->rota = mpel_rota_new (self->wake);
  self->calls = mpel_calls_new (self->outbox, self->rota, self->wake);
  self->objects = mpel_objects_new (self->classes, self->reporter);
  mpel_calls_set_objects (self->calls, self->objects);
  mpel_calls_set_max_open (self->calls, self->max_concurrent);
  mpel_link_set_urgent_func (self->link, urgent_cb, urgent_new (self), (GDestroyNotify) urgent_free);
  mpel_link_open_async (self->link, g_steal_fd (&self->fd), opened_cb, self);
}

/* Says the last word and lets go of the line, in this order. */
static void
close_link (MpelWorker *self)
{
  g_source_destroy (self->wake);
  mpel_link_set_lost_func (self->link, NULL, NULL);
  g_clear_pointer (&self->debug, mpel_debug_server_free);
  g_clear_pointer (&self->plain, mpel_plain_unexport);
  mpel_reporter_close (self->reporter);
  mpel_outbox_close (self->outbox);
  mpel_link_flush (self->link);
  mpel_calls_close (self->calls);
  mpel_rota_close (self->rota);
  mpel_record_clear (&self->held);
  mpel_objects_close (self->objects);
  mpel_variables_clear (self->variables);
  g_clear_pointer (&self->objects, mpel_objects_unref);
  g_clear_pointer (&self->calls, mpel_calls_unref);
  g_clear_pointer (&self->rota, mpel_rota_unref);
  g_clear_pointer (&self->reporter, mpel_reporter_unref);
  g_clear_pointer (&self->outbox, mpel_outbox_unref);
  g_clear_object (&self->link);
  g_clear_pointer (&self->wake, g_source_unref);
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
  g_return_val_if_fail (self->state == MPEL_WORKER_FRESH, EXIT_FAILURE);

  mpel_summons_set_open (FALSE);
  self->state = MPEL_WORKER_RUNNING;
  self->main_loop = g_main_loop_new (context, FALSE);
  open_link (self);
  g_main_loop_run (self->main_loop);

  self->state = MPEL_WORKER_OVER;
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
