/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-batch-private.h"

G_BEGIN_DECLS

/* A host that speaks the wire by hand. Its worker is this program, started again. Of what the
 * worker says it keeps one line per record, such as “DONE 1 ()”; loads it adds up. */
typedef struct _ByHand ByHand;

ByHand *by_hand_new (void);
/* One of a version that has only those abilities. */
ByHand *by_hand_new_with (const char *const *abilities);
/* Closes the line, and asserts that the worker leaves in good order. */
void by_hand_free (ByHand *self);
/* Asserts that the worker leaves by itself, since the host makes no sense. */
void by_hand_free_refused (ByHand *self);

/* Events are collected until they are sent in one batch. */
void by_hand_add (ByHand     *self,
                  guint64     id,
                  const char *target,
                  const char *args);
void by_hand_add_flagged (ByHand         *self,
                          MpelRecordFlags flags,
                          guint64         id,
                          const char     *target,
                          const char     *args);
/* Any record; @name, @value and @extra may be NULL. */
void by_hand_add_record (ByHand         *self,
                         MpelRecordKind  kind,
                         MpelRecordFlags flags,
                         guint64         id,
                         guint64         object,
                         const char     *name,
                         const char     *value,
                         const char     *extra);
void by_hand_create (ByHand     *self,
                     guint64     object,
                     const char *class_name,
                     const char *state);
void by_hand_release (ByHand *self,
                      guint64 object,
                      guint   n_mentions);
void by_hand_add_method (ByHand     *self,
                         guint64     id,
                         guint64     object,
                         const char *method,
                         const char *args);
void by_hand_send (ByHand *self);
/* Urgent, alone. @value: (nullable) */
void by_hand_demand (ByHand        *self,
                     MpelRecordKind kind,
                     guint64        id,
                     GVariant      *value);
void by_hand_cancel (ByHand *self,
                     guint64 id);
void by_hand_acknowledge (ByHand *self,
                          guint64 id,
                          guint   n);

/* All of these iterate until it is so; the test's own timeout is the limit. */
void by_hand_run (ByHand     *self,
                  guint64     id,
                  const char *target,
                  const char *args,
                  const char *pattern);
void by_hand_run_method (ByHand     *self,
                         guint64     id,
                         guint64     object,
                         const char *method,
                         const char *args,
                         const char *pattern);
void by_hand_wait (ByHand     *self,
                   const char *pattern);
void by_hand_wait_count (ByHand     *self,
                         const char *pattern,
                         guint       n);
void by_hand_wait_taken (ByHand *self,
                         guint   n);

guint            by_hand_count (ByHand     *self,
                                const char *pattern);
guint            by_hand_find (ByHand     *self,
                               const char *pattern);
const char      *by_hand_get_line (ByHand *self,
                                   guint   index);
guint            by_hand_get_n_taken (ByHand *self);
guint64          by_hand_get_busy_us (ByHand *self);
GDBusConnection *by_hand_get_connection (ByHand *self);

/* All lines, one below the other, but for those that match @without. */
char *by_hand_print (ByHand     *self,
                     const char *without);

G_END_DECLS
