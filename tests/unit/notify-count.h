/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

static inline void
notify_count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  ++*(guint *) user_data;
}

/* From now on @count grows with each notification of @property. */
static inline void
notify_count_begin (gpointer object, const char *property, guint *count)
{
  g_autofree char *detailed = g_strconcat ("notify::", property, NULL);

  *count = 0;
  g_signal_connect (object, detailed, G_CALLBACK (notify_count_cb), count);
}

static inline void
notify_count_end (gpointer object, guint *count)
{
  g_signal_handlers_disconnect_by_func (object, notify_count_cb, count);
}

G_END_DECLS
