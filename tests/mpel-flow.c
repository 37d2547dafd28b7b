/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-flow.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "%s.here"

struct _MpelGate
{
  char *folder; /* (owned) */
  char *pipe;   /* (owned) opened for reading by the event */
  char *mark;   /* (owned) a file that says which process waits */
};

MpelGate *
mpel_gate_new (void)
{
  MpelGate *self = g_new0 (MpelGate, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("mpel-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->pipe = g_build_filename (self->folder, "pipe", NULL);
  self->mark = g_strdup_printf (MARK, self->pipe);
  g_assert_cmpint (mkfifo (self->pipe, 0600), ==, 0);
  return self;
}

void
mpel_gate_free (MpelGate *self)
{
  g_unlink (self->mark);
  g_unlink (self->pipe);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->mark);
  g_free (self->pipe);
  g_free (self->folder);
  g_free (self);
}

GVariant *
mpel_gate_args (MpelGate *self)
{
  return g_variant_new ("(^ay)", self->pipe);
}

static gboolean
is_marked (gpointer gate)
{
  return g_file_test (((MpelGate *) gate)->mark, G_FILE_TEST_EXISTS);
}

int
mpel_gate_wait (MpelGate *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  mpel_flow_iterate_until (is_marked, self);
  g_file_get_contents (self->mark, &text, NULL, &error);
  g_assert_no_error (error);
  return atoi (text);
}

static gboolean
try_open (gpointer gate)
{
  int fd = open (((MpelGate *) gate)->pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

void
mpel_gate_open (MpelGate *self)
{
  mpel_flow_iterate_until (try_open, self);
}

GVariant *
mpel_gate_target (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autofree char *mark = NULL;
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  const char      *path;

  g_variant_get (args, "(^&ay)", &path);
  mark = g_strdup_printf (MARK, path);
  if (!g_file_set_contents (mark, pid, -1, error))
    return NULL;
  close (open (path, O_RDONLY | O_CLOEXEC));
  return g_variant_new ("(i)", getpid ());
}

struct _MpelEnds
{
  MpelEventLoop *loop;    /* (owned) */
  GPtrArray     *events;  /* (owned) of (owned) MpelEvent */
  gulong         handler; /* id */
};

static gboolean
event_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  MpelEnds *self = user_data;

  g_assert_true (mpel_event_is_ended (event));
  g_ptr_array_add (self->events, g_object_ref (event));
  return FALSE;
}

MpelEnds *
mpel_ends_new (MpelEventLoop *loop)
{
  MpelEnds *self = g_new0 (MpelEnds, 1);

  self->loop = g_object_ref (loop);
  self->events = g_ptr_array_new_with_free_func (g_object_unref);
  self->handler = g_signal_connect (loop, "event-done", G_CALLBACK (event_done_cb), self);
  return self;
}

void
mpel_ends_free (MpelEnds *self)
{
  /* A loop that was disposed has none. */
  if (g_signal_handler_is_connected (self->loop, self->handler))
    g_signal_handler_disconnect (self->loop, self->handler);
  g_clear_object (&self->loop);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_free (self);
}

guint
mpel_ends_count (MpelEnds *self)
{
  return self->events->len;
}

MpelEvent *
mpel_ends_get (MpelEnds *self, guint index)
{
  g_assert_cmpuint (index, <, self->events->len);
  return self->events->pdata[index];
}

void
mpel_ends_assert_once (MpelEnds *self, guint n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  g_assert_cmpuint (self->events->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_true (g_hash_table_add (seen, self->events->pdata[i]));
}

void
mpel_ends_wait (MpelEnds *self, guint n)
{
  while (self->events->len < n)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
mpel_flow_iterate_until (MpelConditionFunc condition, gpointer user_data)
{
  guint tick = g_timeout_add (5, tick_cb, NULL);

  while (!condition (user_data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

static gboolean
is_dead (gpointer pid)
{
  return kill (GPOINTER_TO_INT (pid), 0) != 0;
}

void
mpel_flow_wait_for_death (int pid)
{
  mpel_flow_iterate_until (is_dead, GINT_TO_POINTER (pid));
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* For what should not happen: no test waits for it to be long enough. */
void
mpel_flow_iterate_for_a_while (void)
{
  gboolean is_over = FALSE;

  g_timeout_add (150, over_cb, &is_over);
  mpel_test_iterate_until (&is_over);
}
