/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-test.h"

G_BEGIN_DECLS

/* What tests of long work share: targets that go on until somebody asks them to end, or for ever. */

/* In the worker */

/* Registers these. Of no arguments unless it is said:
 *
 * - echo: returns its arguments.
 * - count-me, count-runs: “()”, and how often count-me has run, “(i)”.
 * - give-up, finish: keep the main thread until they are cancelled; then they say so, or return “finished”.
 * - spin: keeps the main thread for ever.
 * - linger: never answers, and leaves the main thread free.
 * - hold: until it is cancelled no other event begins, though the worker has nothing to do.
 * - yield-numbers: (i) yields so many numbers, and returns “all”.
 * - yield-endlessly: yields numbers until it is refused.
 * - yield-and-fail: yields 0 and 1, and fails with G_IO_ERROR_FAILED.
 * - generate-endlessly, count-freed: generates numbers, and how many such generators were freed, “(i)”.
 *
 * Those that keep the main thread or have no end report a progress of 0.5 when they begin. */
void long_work_register (MpelWorker *worker);

/* Keeps the main thread, and says so. */
void long_work_until_cancelled (MpelInvocation *invocation);

/* In the host */

/* A grace, or a deadline, that is over soon; and one that is not over while a test runs. */
#define LONG_WORK_SHORT_MS 20
#define LONG_WORK_LONG_MS 600000

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop; /* a test may close it, and set it to NULL */
  GHashTable    *ends;
  GPtrArray     *log;      /* of printed values, results and errors, as they come; NULL unless asked for */
  int            n_values; /* for the test's own handlers */
} LongWork;

/* With the grace that a loop has by default, one without end, and one that is over soon. */
void long_work_set_up (LongWork     *fixture,
                       gconstpointer data);
void long_work_set_up_patient (LongWork     *fixture,
                               gconstpointer data);
void long_work_set_up_hasty (LongWork     *fixture,
                             gconstpointer data);
void long_work_set_up_log (LongWork     *fixture,
                           gconstpointer data);
void long_work_tear_down (LongWork     *fixture,
                          gconstpointer data);

/* Asks the worker, behind all that it has. */
void long_work_assert_n_runs (LongWork   *fixture,
                              const char *printed);

/* Adds @n echoes of their number. */
GPtrArray *long_work_add_echoes (LongWork *fixture,
                                 int       n);
void       long_work_assert_echoes (GPtrArray *events);

/* Compares what came since the last time. */
void long_work_assert_log (LongWork   *fixture,
                           const char *expected);

G_END_DECLS
