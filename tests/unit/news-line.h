/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-reporter-private.h"

G_BEGIN_DECLS

/* A reporter and what comes out at the other end of its line, in one process. It keeps one line per
 * record, such as “CHANGED 2 x 1”. */
typedef struct
{
  MpelReporter *reporter; /* (owned) (nullable) NULL once closed */
  MpelOutbox   *outbox;   /* (owned) */
  GPtrArray    *lines;    /* (owned) of (owned) char * */
  MpelLink     *worker;   /* (owned) */
  MpelLink     *host;     /* (owned) */
  guint64       n_marks;

  GMutex mutex; /* for all below */
  GCond  cond;
  guint  n_arrived; /* batches */
} NewsLine;

void news_line_init (NewsLine *self);
/* Asserts that nothing else holds the reporter. */
void news_line_clear (NewsLine *self);

/* All that was told up to now has arrived, without a turn of the main context. */
void news_line_read (NewsLine *self);
/* Likewise; and is all that has come since the last time, one line each, ended by NULL. */
void news_line_assert (NewsLine *self,
                       ...) G_GNUC_NULL_TERMINATED;
/* Likewise; how many have come since the last time. */
guint news_line_take (NewsLine *self);
/* Turns of the default context until nothing is left to do there. */
void news_line_settle (void);

/* An event that has begun ends. */
void news_line_end_event (NewsLine *self,
                          guint64   id);

G_END_DECLS
