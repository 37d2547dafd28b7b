/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-batch-private.h"
#include "mpel-link-private.h"

G_BEGIN_DECLS

typedef struct _Liar Liar;

typedef struct
{
  const char *name;
  /* Before anything is sent. (nullable) */
  void (*prepare) (Liar *self);
  /* In place of a hello. (nullable): an honest hello */
  void (*greet) (Liar *self);
  /* In place of an answer. (nullable): an honest answer */
  void (*take_event) (Liar *self, MpelRecord *event);
  /* Keeps living when the line has ended. */
  gboolean stays;
} Lie;

struct _Liar
{
  const Lie *lie;
  MpelLink  *link;     /* (owned) */
  MpelBatch  batch;    /* sent as a whole by send_batch */
  GSource   *wake;     /* (owned) for the inbox */
  guint      n_events; /* that arrived */
};

/* Appends to the batch. @value: (nullable) */
void liar_append (Liar           *self,
                  MpelRecordKind  kind,
                  MpelRecordFlags flags,
                  guint64         id,
                  const char     *name,
                  GVariant       *value);
void liar_send (Liar *self);
/* The honest answer, sent: the arguments. */
void liar_answer (Liar       *self,
                  MpelRecord *event);

/* Returns: (nullable): one about objects */
const Lie *liar_find_object_lie (const char *name);

G_END_DECLS
