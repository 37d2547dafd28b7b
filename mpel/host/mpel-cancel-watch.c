/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-cancel-watch-private.h"

/* @cancellable: (nullable). Returns: (transfer full) (nullable): NULL without one */
GSource *
mpel_cancel_watch_new (GCancellable *cancellable, GMainContext *context, const char *static_name, GCancellableSourceFunc func, gpointer user_data)
{
  GSource *watch;

  if (cancellable == NULL)
    return NULL;
  watch = g_cancellable_source_new (cancellable);
  g_source_set_static_name (watch, static_name);
  g_source_set_callback (watch, G_SOURCE_FUNC (func), user_data, NULL);
  g_source_attach (watch, context);
  return watch;
}

/* Also when there is none. */
void
mpel_cancel_watch_clear (GSource **watch)
{
  if (*watch != NULL)
    g_source_destroy (*watch);
  g_clear_pointer (watch, g_source_unref);
}
