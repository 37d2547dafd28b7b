/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Gives the present value of a property that has changed, or NULL when there is none to tell. On the
 * main thread. Returns: (transfer full) */
typedef GVariant *(*MpelReadFunc) (GObject    *source,
                                   const char *name);

/* A change that waits to be told. */
typedef struct
{
  guint64      id;
  const char  *name; /* interned */
  MpelReadFunc read;
  GObject     *source; /* (owned) */
} MpelChange;

void mpel_change_free (MpelChange *self);

/* Changes in order, one for each property of an object. Not locked, but for how many there are: the
 * owner sees to that. What holds an object is freed where the owner says. */
typedef struct
{
  gint        n;     /* atomic: the length of @queue */
  GQueue      queue; /* of (owned) MpelChange, oldest first */
  GHashTable *keys;  /* (owned) of (unowned) MpelChange: those in @queue, by object and property */
} MpelChanges;

void        mpel_changes_init (MpelChanges *self);
void        mpel_changes_clear (MpelChanges *self);
guint       mpel_changes_count (MpelChanges *self);
void        mpel_changes_push (MpelChanges      *self,
                               const MpelChange *change);
MpelChange *mpel_changes_pop (MpelChanges *self);
void        mpel_changes_take_all (MpelChanges *self,
                                   GQueue      *taken);
void        mpel_changes_take_of (MpelChanges *self,
                                  guint64      id,
                                  GQueue      *taken);

G_END_DECLS
