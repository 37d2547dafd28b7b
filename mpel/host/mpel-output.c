/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-output-private.h"

#include "mpel-delivery-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#define CHUNK_BYTES PIPE_BUF

/* Enough for a traceback's end, few enough for an error message. */
#define MAX_LAST_LINES 10
/* A worker may write without ever ending the line. */
#define MAX_LINE_BYTES 1000

/* In the context that was thread-default when it was made. READING → ENDED. */
struct _MpelOutput
{
  GObject parent_instance;

  GMainContext       *context;    /* (owned) */
  GInputStream       *stream;     /* (owned) */
  GCancellable       *stopped;    /* (owned) */
  int                 fd;         /* where it is passed on to, or -1: into the log */
  char               *pid;        /* (owned) */
  MpelOutputEndedFunc ended_func; /* (nullable) */
  gpointer            user_data;

  gboolean is_ended;
  GString *line;       /* (owned) what came of a line that did not end yet */
  GQueue   last_lines; /* of (owned) char */
  guint8   chunk[CHUNK_BYTES];
  gsize    n_read;   /* of @chunk */
  gsize    n_passed; /* of these */
};

G_DEFINE_FINAL_TYPE (MpelOutput, mpel_output, G_TYPE_OBJECT)

static void
log_line (MpelOutput *self, const char *line)
{
  g_log_structured (G_LOG_DOMAIN,
                    G_LOG_LEVEL_MESSAGE,
                    "MPEL_WORKER",
                    self->pid,
                    "MESSAGE",
                    "worker %s: %s",
                    self->pid,
                    line);
}

static void
end_line (MpelOutput *self)
{
  char *line;

  if (self->line->len == 0)
    return;
  line = g_utf8_make_valid (self->line->str, (gssize) self->line->len);
  g_string_truncate (self->line, 0);

  if (self->fd < 0)
    log_line (self, line);
  g_queue_push_tail (&self->last_lines, line);
  if (g_queue_get_length (&self->last_lines) > MAX_LAST_LINES)
    g_free (g_queue_pop_head (&self->last_lines));
}

static void
split_lines (MpelOutput *self, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (self->chunk[i] == '\n' || self->line->len >= MAX_LINE_BYTES)
        end_line (self);
      if (self->chunk[i] != '\n')
        g_string_append_c (self->line, (char) self->chunk[i]);
    }
}

static void read_chunk (MpelOutput *self);

static void
become_ended (MpelOutput *self)
{
  end_line (self);
  self->is_ended = TRUE;
  if (self->ended_func != NULL)
    self->ended_func (self->user_data);
}

static gboolean
can_write (int fd)
{
  struct pollfd pollfd = { .fd = fd, .events = POLLOUT };

  return poll (&pollfd, 1, 0) != 0;
}

static gboolean pass_on (MpelOutput *self);

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  if (pass_on (user_data))
    read_chunk (user_data);
  return G_SOURCE_REMOVE;
}

/* Whoever reads the host's stderr may pause. Then the worker pauses too, and the host does not. */
static void
wait_until_writable (MpelOutput *self)
{
  g_autoptr (GSource) source = g_unix_fd_source_new (self->fd, G_IO_OUT);
  g_autoptr (GSource) stop_source = g_cancellable_source_new (self->stopped);

  g_source_set_static_name (source, "[mpel] pass output on");
  g_source_set_priority (source, MPEL_DELIVERY_DEFAULT_PRIORITY);
  g_source_set_callback (source, G_SOURCE_FUNC (writable_cb), g_object_ref (self), g_object_unref);
  /* Stopping makes it ready as well; what is left then is not passed on. */
  g_source_set_dummy_callback (stop_source);
  g_source_add_child_source (source, stop_source);
  g_source_attach (source, self->context);
}

/* A chunk is no longer than what a pipe takes at once when it takes anything. The process ignores
 * SIGPIPE, as every one that uses GSocket does. Returns FALSE if it will go on later. */
static gboolean
pass_on (MpelOutput *self)
{
  while (self->n_passed < self->n_read && !g_cancellable_is_cancelled (self->stopped))
    {
      gssize written;

      if (!can_write (self->fd))
        {
          wait_until_writable (self);
          return FALSE;
        }
      written = write (self->fd, self->chunk + self->n_passed, self->n_read - self->n_passed);
      if (written < 0 && errno != EINTR && errno != EAGAIN)
        break;
      self->n_passed += (gsize) MAX (written, 0);
    }

  return TRUE;
}

static void
chunk_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MpelOutput) self = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (length <= 0)
    {
      become_ended (self);
      return;
    }

  self->n_read = (gsize) length;
  self->n_passed = 0;
  split_lines (self, self->n_read);
  if (self->fd < 0 || pass_on (self))
    read_chunk (self);
}

/* A worker that floods its stderr is as patient as one that floods results. */
static void
read_chunk (MpelOutput *self)
{
  g_input_stream_read_async (self->stream,
                             self->chunk,
                             sizeof self->chunk,
                             MPEL_DELIVERY_DEFAULT_PRIORITY,
                             self->stopped,
                             chunk_read_cb,
                             g_object_ref (self));
}

static void
mpel_output_finalize (GObject *object)
{
  MpelOutput *self = MPEL_OUTPUT (object);

  g_clear_object (&self->stream);
  g_clear_object (&self->stopped);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->pid, g_free);
  g_string_free (self->line, TRUE);
  g_queue_clear_full (&self->last_lines, g_free);

  G_OBJECT_CLASS (mpel_output_parent_class)->finalize (object);
}

static void
mpel_output_class_init (MpelOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mpel_output_finalize;
}

static void
mpel_output_init (MpelOutput *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->stopped = g_cancellable_new ();
  self->line = g_string_new (NULL);
  g_queue_init (&self->last_lines);
}

/* @fd: where to pass it on to, or -1 for the log. Reads until the end, or until stopped. */
MpelOutput *
mpel_output_new (GInputStream *stream, int fd, const char *pid, MpelOutputEndedFunc ended, gpointer user_data)
{
  MpelOutput *self = g_object_new (MPEL_TYPE_OUTPUT, NULL);

  self->stream = g_object_ref (stream);
  self->fd = fd;
  self->pid = g_strdup (pid);
  self->ended_func = ended;
  self->user_data = user_data;
  read_chunk (self);
  return self;
}

/* Somebody who inherited the pipe may keep it open for ever. Nothing is told after this. */
void
mpel_output_stop (MpelOutput *self)
{
  self->ended_func = NULL;
  g_cancellable_cancel (self->stopped);
}

gboolean
mpel_output_is_ended (MpelOutput *self)
{
  return self->is_ended;
}

/* Returns: (transfer full) (nullable): NULL when nothing was written */
char *
mpel_output_dup_last_lines (MpelOutput *self)
{
  GString *text;

  if (g_queue_is_empty (&self->last_lines))
    return NULL;
  text = g_string_new (NULL);
  for (GList *l = self->last_lines.head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", (const char *) l->data);
  return g_string_free (text, FALSE);
}
