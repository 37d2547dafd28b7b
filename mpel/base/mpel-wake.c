/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-wake-private.h"

static gboolean
dispatch (GSource *wake, GSourceFunc func, gpointer user_data)
{
  /* First: who wakes it from now on is not overheard. */
  g_source_set_ready_time (wake, -1);
  return func (user_data);
}

static GSourceFuncs wake_funcs = { NULL, NULL, dispatch, NULL, NULL, NULL };

/* A source that calls @func once for any number of wake-ups, until it is destroyed. */
GSource *
mpel_wake_new (GMainContext *context, const char *static_name, int priority, GSourceFunc func, gpointer user_data)
{
  GSource *wake = g_source_new (&wake_funcs, sizeof (GSource));

  g_source_set_static_name (wake, static_name);
  g_source_set_priority (wake, priority);
  g_source_set_callback (wake, func, user_data, NULL);
  g_source_set_ready_time (wake, -1);
  g_source_attach (wake, context);
  return wake;
}

/* Any thread. */
void
mpel_wake_up (GSource *wake)
{
  g_source_set_ready_time (wake, 0);
}
