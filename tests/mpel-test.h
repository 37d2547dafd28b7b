/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* What every C test of the project shares. A flow test is host and worker in one program: its
 * main calls mpel_test_main, which runs @register_targets in the worker and the tests in the
 * host. */
int mpel_test_main (int    argc,
                    char **argv,
                    void (*register_targets) (MpelWorker *worker),
                    void (*add_tests) (void));

/* What this process has: taken before a story, compared behind it. */
typedef struct
{
  guint n_fds;
  guint n_children;
} MpelTestTrace;

MpelTestTrace mpel_test_trace (void);
void          mpel_test_assert_no_trace (MpelTestTrace before);

/* A loop whose worker is this program with the targets of mpel_test_main. */
MpelEventLoop *mpel_test_loop_new (void);
/* Closes it, iterates until nothing holds it, asserts that it is finalized. */
void mpel_test_loop_close_and_assert_finalized (MpelEventLoop *loop);

MpelEvent *mpel_test_add (MpelEventLoop *loop,
                          const char    *target,
                          GVariant      *args);
void       mpel_test_wait (MpelEventLoop *loop);
/* These have added an event that is the caller's; add_begun waits until it runs, and add_stream
 * is for those whose values are asked for. */
void       mpel_test_add_event (MpelEventLoop *loop,
                                MpelEvent     *event);
MpelEvent *mpel_test_add_begun (MpelEventLoop *loop,
                                const char    *target);
MpelEvent *mpel_test_add_stream (MpelEventLoop *loop,
                                 const char    *target,
                                 GVariant      *args);
/* Turns of the default context until *@condition; the test's own timeout is the limit. */
void mpel_test_iterate_until (const gboolean *condition);

/* A callback that keeps the result, and turns of the default context until there is one. */
void mpel_test_keep_result_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data);
void mpel_test_iterate_until_result (GAsyncResult **result);

/* A target that returns its arguments. */
GVariant *mpel_test_echo (MpelInvocation *invocation,
                          GVariant       *args,
                          GVariant       *kwargs,
                          gpointer        user_data,
                          GError        **error);

/* Collects what comes out of a loop, as printed text: results, or “domain:code: message”. */
GPtrArray *mpel_test_collect (MpelEventLoop *loop);
char      *mpel_test_describe_end (MpelEvent *event);

/* How often the end of each event was told: a table of MpelEvent that grows. */
GHashTable *mpel_test_count_ends (MpelEventLoop *loop);
guint       mpel_test_get_n_ends (GHashTable *ends,
                                  MpelEvent  *event);
void        mpel_test_assert_each_ended_once (GHashTable *ends,
                                              guint       n_events);
/* Turns of the default context until the event is in @state, or has told of any progress. */
void mpel_test_iterate_until_state (MpelEvent     *event,
                                    MpelEventState state);
void mpel_test_iterate_until_begun (MpelEvent *event);
void mpel_test_iterate_until_progress (MpelEvent *event, double fraction);

void mpel_test_assert_results (MpelEvent  *event,
                               const char *printed);
void mpel_test_assert_error (MpelEvent  *event,
                             GQuark      domain,
                             int         code,
                             const char *pattern);
/* The error, the state, and for a cancelled one that it has no results. */
void mpel_test_assert_cancelled (MpelEvent *event);
void mpel_test_assert_lost (MpelEvent  *event,
                            const char *pattern);

/* Asks for the next value of a stream, and waits for it. */
GVariant *mpel_test_get_next (MpelEvent *event,
                              GError   **error);
void      mpel_test_assert_next (MpelEvent *event,
                                 int        expected);
void      mpel_test_assert_no_next (MpelEvent *event);
void      mpel_test_assert_next_fails (MpelEvent *event,
                                       GQuark     domain,
                                       int        code);

/* Is the program watched by a sanitizer or by valgrind? Then it is slow, and memory that was freed
 * is kept. */
gboolean mpel_test_is_watched (void);

G_END_DECLS
