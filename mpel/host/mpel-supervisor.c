/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-supervisor-private.h"

#include "mpel-launcher-private.h"
#include "mpel-output-private.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Between asking and forcing. */
#define TERM_PATIENCE_MS 1000

/* A child of the worker may hold its stderr open: its last words are not waited for longer. */
#define OUTPUT_PATIENCE_MS 200

/* RUNNING → EXITED (the process is reaped) → TOLD (its output has ended too). */
typedef enum
{
  STATE_RUNNING,
  STATE_EXITED,
  STATE_TOLD,
} State;

struct _MpelSupervisor
{
  GObject parent_instance;

  GMainContext  *context; /* (owned) constant; all below belongs to it */
  State          state;
  GSubprocess   *process; /* (owned) */
  int            pid;
  gboolean       was_asked; /* it got TERM; asking again postpones nothing */
  MpelOutput    *errors;    /* (owned) what it writes to stderr */
  MpelOutput    *output;    /* (owned) (nullable) what it writes to stdout, when that is logged */
  GSource       *timer;     /* (owned) (nullable) ends our patience */
  MpelExitedFunc exited;    /* (nullable) */
  gpointer       user_data;
};

G_DEFINE_FINAL_TYPE (MpelSupervisor, mpel_supervisor, G_TYPE_OBJECT)

/* The timer holds a reference on its supervisor, which may be the last. */
static void
clear_timer (MpelSupervisor *self)
{
  g_autoptr (GSource) timer = g_steal_pointer (&self->timer);

  if (timer != NULL)
    g_source_destroy (timer);
}

static void
start_timer (MpelSupervisor *self, guint interval_ms, GSourceFunc func)
{
  clear_timer (self);
  self->timer = g_timeout_source_new (interval_ms);
  g_source_set_static_name (self->timer, "[mpel] worker patience");
  g_source_set_callback (self->timer, func, g_object_ref (self), g_object_unref);
  g_source_attach (self->timer, self->context);
}

static void
become_told (MpelSupervisor *self)
{
  g_autoptr (MpelSupervisor) keep_alive = g_object_ref (self);

  if (self->state == STATE_TOLD)
    return;
  self->state = STATE_TOLD;
  clear_timer (self);
  if (self->exited != NULL)
    self->exited (self->user_data);
}

static gboolean
outputs_are_ended (MpelSupervisor *self)
{
  return mpel_output_is_ended (self->errors) && (self->output == NULL || mpel_output_is_ended (self->output));
}

static void
output_ended_cb (gpointer user_data)
{
  MpelSupervisor *self = user_data;

  if (self->state == STATE_EXITED && outputs_are_ended (self))
    become_told (self);
}

static gboolean
output_patience_over_cb (gpointer user_data)
{
  become_told (user_data);
  return G_SOURCE_REMOVE;
}

static void
process_exited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MpelSupervisor) self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  self->state = STATE_EXITED;
  if (outputs_are_ended (self))
    become_told (self);
  else
    start_timer (self, OUTPUT_PATIENCE_MS, output_patience_over_cb);
}

static void
mpel_supervisor_dispose (GObject *object)
{
  MpelSupervisor *self = MPEL_SUPERVISOR (object);

  clear_timer (self);
  if (self->errors != NULL)
    mpel_output_stop (self->errors);
  if (self->output != NULL)
    mpel_output_stop (self->output);
  g_clear_object (&self->errors);
  g_clear_object (&self->output);
  g_clear_object (&self->process);

  G_OBJECT_CLASS (mpel_supervisor_parent_class)->dispose (object);
}

static void
mpel_supervisor_finalize (GObject *object)
{
  MpelSupervisor *self = MPEL_SUPERVISOR (object);

  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (mpel_supervisor_parent_class)->finalize (object);
}

static void
mpel_supervisor_class_init (MpelSupervisorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_supervisor_dispose;
  object_class->finalize = mpel_supervisor_finalize;
}

static void
mpel_supervisor_init (MpelSupervisor *self)
{
  self->context = g_main_context_ref_thread_default ();
}

static void
watch_outputs (MpelSupervisor *self)
{
  const char   *identifier = g_subprocess_get_identifier (self->process);
  const char   *pid = identifier != NULL ? identifier : "0"; /* NULL: it has exited already */
  GInputStream *output = g_subprocess_get_stdout_pipe (self->process);
  gboolean      log = output != NULL;

  self->pid = atoi (pid);
  self->errors = mpel_output_new (g_subprocess_get_stderr_pipe (self->process), log ? -1 : STDERR_FILENO, pid, output_ended_cb, self);
  if (log)
    self->output = mpel_output_new (output, -1, pid, output_ended_cb, self);
}

/* Takes @worker_fd, also on failure. */
MpelSupervisor *
mpel_supervisor_spawn (MpelLauncher *launcher, int worker_fd, MpelExitedFunc exited, gpointer user_data, GError **error)
{
  g_autoptr (MpelSupervisor) self = g_object_new (MPEL_TYPE_SUPERVISOR, NULL);

  self->process = mpel_launcher_spawn (launcher, worker_fd, error);
  if (self->process == NULL)
    return NULL;

  self->exited = exited;
  self->user_data = user_data;
  watch_outputs (self);
  g_subprocess_wait_async (self->process, NULL, process_exited_cb, g_object_ref (self));
  return g_steal_pointer (&self);
}

/* Nobody is told any more; the process is still seen to its end. */
void
mpel_supervisor_disown (MpelSupervisor *self)
{
  self->exited = NULL;
}

int
mpel_supervisor_get_pid (MpelSupervisor *self)
{
  return self->pid;
}

/* Once it has been told. */
gboolean
mpel_supervisor_is_told (MpelSupervisor *self)
{
  return self->state == STATE_TOLD;
}

static gboolean
term_patience_over_cb (gpointer user_data)
{
  mpel_supervisor_kill (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
exit_patience_over_cb (gpointer user_data)
{
  mpel_supervisor_terminate (user_data);
  return G_SOURCE_REMOVE;
}

/* It should leave by itself now. */
void
mpel_supervisor_expect_exit (MpelSupervisor *self, guint patience_ms)
{
  if (self->state == STATE_RUNNING && !self->was_asked)
    start_timer (self, patience_ms, exit_patience_over_cb);
}

/* TERM, then KILL. */
void
mpel_supervisor_terminate (MpelSupervisor *self)
{
  if (self->state != STATE_RUNNING || self->was_asked)
    return;
  self->was_asked = TRUE;
  g_subprocess_send_signal (self->process, SIGTERM);
  start_timer (self, TERM_PATIENCE_MS, term_patience_over_cb);
}

void
mpel_supervisor_kill (MpelSupervisor *self)
{
  if (self->state == STATE_RUNNING)
    g_subprocess_force_exit (self->process);
}

/* Returns: (transfer full): how it ended, and what it wrote last, to follow “the worker ” */
char *
mpel_supervisor_describe_exit (MpelSupervisor *self)
{
  g_autofree char *last_lines = mpel_output_dup_last_lines (self->errors);
  g_autofree char *how = NULL;

  if (g_subprocess_get_if_signaled (self->process))
    {
      int signal = g_subprocess_get_term_sig (self->process);

      how = g_strdup_printf ("was ended by signal %d (%s)", signal, g_strsignal (signal));
    }
  else
    how = g_strdup_printf ("exited with status %d", g_subprocess_get_exit_status (self->process));

  if (last_lines == NULL)
    return g_steal_pointer (&how);
  return g_strdup_printf ("%s; its last words: %s", how, last_lines);
}
