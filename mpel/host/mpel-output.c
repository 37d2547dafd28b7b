/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-output-private.h"

#include "mpel-delivery-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES 4096

/* Enough for a traceback's end, few enough for an error message. */
#define MAX_LAST_LINES 10
/* A worker may write without ever ending the line. */
#define MAX_LINE_BYTES 1000

/* In the context that was thread-default when it was made. READING → ENDED. */
struct _MpelOutput
{
  GObject parent_instance;

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

static void
pass_on (MpelOutput *self, gsize length)
{
  const guint8 *at = self->chunk;

  while (length > 0)
    {
      gssize written = write (self->fd, at, length);

      if (written < 0 && errno != EINTR)
        return;
      at += MAX (written, 0);
      length -= (gsize) MAX (written, 0);
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

  if (self->fd >= 0)
    pass_on (self, (gsize) length);
  split_lines (self, (gsize) length);
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
