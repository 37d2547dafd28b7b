/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-session-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-wake-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

/* start: make_pair → spawn → open_link → opened_cb: say_hello → take_first: become_ready */

/* For the end of the line of a worker that has exited. */
#define LINE_PATIENCE_MS 500

/* For a worker that was asked to leave, to clean up behind itself. */
#define LEAVE_PATIENCE_MS 5000

G_DEFINE_FINAL_TYPE (MpelSession, mpel_session, G_TYPE_OBJECT)

static void
clear_timer (MpelSession *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

void
mpel_session_start_timer (MpelSession *self, guint timeout_ms, const char *static_name, GSourceFunc func)
{
  clear_timer (self);
  self->timer = g_timeout_source_new (timeout_ms);
  g_source_set_static_name (self->timer, static_name);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

static GError *
describe_loss (MpelSession *self)
{
  gboolean         early = self->state == MPEL_SESSION_STARTING;
  g_autofree char *how = NULL;

  if (self->fault != NULL)
    return g_error_copy (self->fault);
  if (self->state == MPEL_SESSION_LEAVING)
    return NULL;

  how = mpel_supervisor_describe_exit (self->supervisor);
  return g_error_new (MPEL_LOOP_ERROR,
                      early ? MPEL_LOOP_ERROR_SPAWN_FAILED : MPEL_LOOP_ERROR_WORKER_LOST,
                      early ? "The worker did not start: it %s" : "The worker was lost: it %s",
                      how);
}

void
mpel_session_check_gone (MpelSession *self)
{
  g_autoptr (GError) reason = NULL;

  if (self->state == MPEL_SESSION_GONE || !self->line_lost || !mpel_supervisor_is_told (self->supervisor))
    return;
  if (self->state != MPEL_SESSION_LEAVING && self->fault == NULL && !mpel_inbox_is_empty (mpel_link_get_inbox (self->link)))
    return;

  reason = describe_loss (self);
  self->state = MPEL_SESSION_GONE;
  clear_timer (self);
  if (self->calls != NULL)
    self->calls->gone (self, reason, self->loop);
}

/* The worker did something unforgivable. Takes @error. */
void
mpel_session_accuse (MpelSession *self, GError *error)
{
  if (self->fault != NULL || self->state == MPEL_SESSION_GONE)
    {
      g_error_free (error);
      return;
    }

  self->fault = error;
  mpel_link_close (self->link);
  mpel_supervisor_kill (self->supervisor);
}

static gboolean
line_patience_over_cb (gpointer user_data)
{
  MpelSession *self = user_data;

  if (!mpel_link_is_closing (self->link))
    mpel_link_close (self->link);
  else
    mpel_link_give_up (self->link);
  return G_SOURCE_CONTINUE;
}

/* Nobody waits for ever for the end of a line whose worker is gone, whatever GDBus makes of it.
 * What the worker said last may still be on its way, and the line ends behind it by itself: unless
 * a child of the worker holds it open. */
static void
exited_cb (gpointer user_data)
{
  g_autoptr (MpelSession) self = g_object_ref (user_data);

  clear_timer (self);
  if (!self->line_lost)
    mpel_session_start_timer (self, LINE_PATIENCE_MS, "[mpel] line patience", line_patience_over_cb);
  mpel_session_check_gone (self);
}

static void
line_lost_cb (MpelLink *link, const GError *reason, gpointer user_data)
{
  g_autoptr (MpelSession) self = g_object_ref (user_data);

  self->line_lost = TRUE;
  if (self->state != MPEL_SESSION_LEAVING)
    mpel_supervisor_expect_exit (self->supervisor, MPEL_LINE_LOST_PATIENCE_MS);
  mpel_session_check_gone (self);
}

static gboolean
start_timeout_cb (gpointer user_data)
{
  MpelSession *self = user_data;

  mpel_session_accuse (self,
                       g_error_new (MPEL_LOOP_ERROR,
                                    MPEL_LOOP_ERROR_SPAWN_FAILED,
                                    "The worker (process %d) did not say hello in time",
                                    mpel_supervisor_get_pid (self->supervisor)));
  return G_SOURCE_REMOVE;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MpelSession) self = user_data;

  /* The loss was told to line_lost_cb, and the exit says more than this error does. */
  if (!mpel_link_open_finish (MPEL_LINK (source), result, NULL))
    return;

  mpel_batch_append_hello (&self->batch);
  mpel_link_send_batch (self->link, &self->batch);
  mpel_link_start (self->link);
}

/* Of a host without standard streams, descriptors get their numbers, and the child would take ours
 * for its streams. Returns -1 with errno set. */
static int
lift_fd (int fd)
{
  int lifted;

  if (fd < 0 || fd > MPEL_WORKER_FD)
    return fd;
  lifted = fcntl (fd, F_DUPFD_CLOEXEC, MPEL_WORKER_FD + 1);
  close (fd);
  return lifted;
}

static gboolean
make_pair (int pair[2], GError **error)
{
  int saved_errno;

  pair[0] = pair[1] = -1;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0)
    {
      pair[0] = lift_fd (pair[0]);
      pair[1] = lift_fd (pair[1]);
      if (pair[0] >= 0 && pair[1] >= 0)
        return TRUE;
    }
  saved_errno = errno;
  for (int i = 0; i < 2; i++)
    if (pair[i] >= 0)
      close (pair[i]);
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "No socket for a worker: %s", g_strerror (saved_errno));
  return FALSE;
}

/* FALSE: nothing was started, and nobody will be told but by @error. */
gboolean
mpel_session_start (MpelSession *self, MpelLauncher *launcher, GError **error)
{
  g_autoptr (GError) reason = NULL;
  int pair[2];

  g_assert (self->state == MPEL_SESSION_NEW);

  if (!make_pair (pair, error))
    return FALSE;

  self->supervisor = mpel_supervisor_spawn (launcher, pair[1], exited_cb, self, &reason);
  if (self->supervisor == NULL)
    {
      close (pair[0]);
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "The worker could not be started: %s", reason->message);
      return FALSE;
    }

  self->state = MPEL_SESSION_STARTING;
  mpel_link_set_lost_func (self->link, line_lost_cb, self);
  mpel_link_open_async (self->link, pair[0], opened_cb, g_object_ref (self));
  if (mpel_launcher_get_start_timeout (launcher) > 0)
    mpel_session_start_timer (self, mpel_launcher_get_start_timeout (launcher), "[mpel] start timeout", start_timeout_cb);
  return TRUE;
}

void
mpel_session_become_ready (MpelSession *self)
{
  if (self->state != MPEL_SESSION_STARTING)
    return;
  self->state = MPEL_SESSION_READY;
  /* Of one that has exited since, the end of the line is waited for. */
  if (!mpel_supervisor_is_told (self->supervisor))
    clear_timer (self);
  self->calls->ready (self, self->loop);
}

static void
become_leaving (MpelSession *self)
{
  self->state = MPEL_SESSION_LEAVING;
  clear_timer (self);
  mpel_link_close (self->link);
}

/* Nothing is left to do: the worker may go. */
void
mpel_session_leave (MpelSession *self)
{
  if (self->state != MPEL_SESSION_STARTING && self->state != MPEL_SESSION_READY)
    return;
  become_leaving (self);
  mpel_supervisor_expect_exit (self->supervisor, LEAVE_PATIENCE_MS);
}

/* At once, whatever it does. */
void
mpel_session_terminate (MpelSession *self)
{
  if (self->state == MPEL_SESSION_GONE || self->state == MPEL_SESSION_NEW)
    return;
  become_leaving (self);
  mpel_supervisor_terminate (self->supervisor);
}

/* The loop is going away: the worker is sent home, and nobody is told. */
void
mpel_session_abandon (MpelSession *self)
{
  self->calls = NULL;
  mpel_session_leave (self);
  mpel_link_set_lost_func (self->link, NULL, NULL);
  if (self->supervisor != NULL)
    mpel_supervisor_disown (self->supervisor);
}

static void
mpel_session_dispose (GObject *object)
{
  MpelSession *self = MPEL_SESSION (object);

  mpel_session_abandon (self);
  clear_timer (self);
  mpel_session_lose_remotes (self, NULL);
  g_clear_object (&self->supervisor);
  g_clear_pointer (&self->sent, g_hash_table_unref);
  g_clear_pointer (&self->owing, g_ptr_array_unref);

  G_OBJECT_CLASS (mpel_session_parent_class)->dispose (object);
}

static void
mpel_session_finalize (GObject *object)
{
  MpelSession *self = MPEL_SESSION (object);

  g_clear_object (&self->link);
  mpel_queue_clear (&self->homed);
  g_clear_pointer (&self->remotes, g_hash_table_unref);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  mpel_batch_clear (&self->batch);
  mpel_batch_clear (&self->urgent);
  g_clear_error (&self->doom);
  g_clear_error (&self->fault);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (mpel_session_parent_class)->finalize (object);
}

static void
mpel_session_class_init (MpelSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_session_dispose;
  object_class->finalize = mpel_session_finalize;
}

static void
mpel_session_init (MpelSession *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->sent = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->remotes = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->others = g_ptr_array_new ();
  mpel_queue_init (&self->homed);
  self->owing = g_ptr_array_new_with_free_func (g_object_unref);
  mpel_batch_init (&self->batch);
  mpel_batch_init (&self->urgent);
}

/* In GDBus's thread. */
static void
arrived_cb (gpointer user_data)
{
  mpel_wake_up (user_data);
}

/* @wake: made ready, from any thread, when mpel_session_next has something to say. @min_ahead: the
 * events that are always sent ahead. */
MpelSession *
mpel_session_new (GSource *wake, guint min_ahead, const MpelSessionCalls *calls, gpointer loop)
{
  MpelSession *self = g_object_new (MPEL_TYPE_SESSION, NULL);

  mpel_window_init (&self->window, min_ahead);

  self->calls = calls;
  self->loop = loop;
  self->link = mpel_link_new (MPEL_LINK_SIDE_HOST, arrived_cb, g_source_ref (wake), (GDestroyNotify) g_source_unref);
  return self;
}

gboolean
mpel_session_is_ready (MpelSession *self)
{
  return self->state == MPEL_SESSION_READY;
}

gboolean
mpel_session_is_starting (MpelSession *self)
{
  return self->state == MPEL_SESSION_STARTING;
}

gboolean
mpel_session_is_leaving (MpelSession *self)
{
  return self->state >= MPEL_SESSION_LEAVING;
}

/* Is it to take events, now or once it has started? Nobody takes the place of a worker that is being
 * lost before it is clear what becomes of its events. */
gboolean
mpel_session_is_live (MpelSession *self)
{
  return self->state < MPEL_SESSION_LEAVING && !mpel_session_is_retiring (self) && self->doom == NULL;
}

/* It is killed for an event that does not end, as soon as it has given back the others. */
gboolean
mpel_session_is_condemned (MpelSession *self)
{
  return self->doom != NULL;
}

int
mpel_session_get_pid (MpelSession *self)
{
  return self->supervisor != NULL ? mpel_supervisor_get_pid (self->supervisor) : 0;
}

/* Returns: (nullable) */
GDBusConnection *
mpel_session_get_connection (MpelSession *self)
{
  return mpel_link_get_connection (self->link);
}
