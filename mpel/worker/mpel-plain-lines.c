/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-lines-private.h"

struct _MpelPlainLines
{
  gatomicrefcount ref_count;
  GMutex          lock;        /* also held while something is told, so that all hear it in one order */
  GPtrArray      *connections; /* (owned) of (owned) GDBusConnection; @lock */
  gint            n;           /* of them; atomic */
};

MpelPlainLines *
mpel_plain_lines_new (void)
{
  MpelPlainLines *self = g_new0 (MpelPlainLines, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

MpelPlainLines *
mpel_plain_lines_ref (MpelPlainLines *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_plain_lines_unref (MpelPlainLines *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mpel_plain_lines_add (MpelPlainLines *self, GDBusConnection *connection)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->connections, g_object_ref (connection));
  g_atomic_int_set (&self->n, (int) self->connections->len);
  g_mutex_unlock (&self->lock);
}

void
mpel_plain_lines_remove (MpelPlainLines *self, GDBusConnection *connection)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->connections, connection);
  g_atomic_int_set (&self->n, (int) self->connections->len);
  g_mutex_unlock (&self->lock);
}

/* There is nobody: whoever has something to tell need not even put it into words. */
gboolean
mpel_plain_lines_is_empty (MpelPlainLines *self)
{
  return g_atomic_int_get (&self->n) == 0;
}

/* @parameters: (transfer floating): a tuple. One that has gone does not hear it. */
void
mpel_plain_lines_emit (MpelPlainLines *self, const char *path, const char *interface, const char *member, GVariant *parameters)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->connections->len; i++)
    g_dbus_connection_emit_signal (self->connections->pdata[i], NULL, path, interface, member, owned, NULL);
  g_mutex_unlock (&self->lock);
}
