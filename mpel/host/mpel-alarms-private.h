/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Many times at which something is due, and one source for all of them. */
typedef struct _MpelAlarms MpelAlarms;

/* One of them, inside of what it is for. */
typedef struct
{
  GSequenceIter *place; /* (nullable) among the others, while it is set */
  gint64         due_us;
  gpointer       item; /* (unowned) */
} MpelAlarm;

/* The alarm of @item is not set any more. */
typedef void (*MpelAlarmFunc) (gpointer item,
                               gpointer user_data);

MpelAlarms *mpel_alarms_new (GMainContext *context,
                             const char   *static_name,
                             MpelAlarmFunc func,
                             gpointer      user_data);
void        mpel_alarms_free (MpelAlarms *self);
void        mpel_alarms_set (MpelAlarms *self,
                             MpelAlarm  *alarm,
                             gpointer    item,
                             gint64      due_us);
void        mpel_alarms_unset (MpelAlarms *self,
                               MpelAlarm  *alarm);

G_END_DECLS
