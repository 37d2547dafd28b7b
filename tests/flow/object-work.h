/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "kinds.h"
#include "mpel-flow.h"
#include "objects.h"

G_BEGIN_DECLS

/* What stories of objects in the worker share: a loop whose worker has the targets and classes of
 * tests/workers/object-targets.h. Each ends with no instance left, neither here nor there. */
typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop; /* a test may close it, and set it to NULL */
  GPtrArray     *log;  /* of printed results and errors, as they come */
} ObjectWork;

/* The target of mpel_test_main's worker. */
int object_work_main (int    argc,
                      char **argv,
                      void (*add_tests) (void));

void object_work_set_up (ObjectWork   *work,
                         gconstpointer data);
void object_work_tear_down (ObjectWork   *work,
                            gconstpointer data);

#define OBJECT_WORK_ADD(path, func) g_test_add (path, ObjectWork, NULL, object_work_set_up, func, object_work_tear_down)

TestAbc   *test_abc_new (int a,
                         int b,
                         int c);
TestPoint *test_point_new (int x, int y);

/* An event that prints “=====”, an object and “=====”. */
MpelEvent *object_work_print (gpointer object,
                              gboolean cache);
MpelEvent *object_work_method (gpointer    object,
                               const char *method,
                               GVariant   *args,
                               gboolean    cache);

/* These take the event. Those that run it wait for its end. */
void       object_work_add (ObjectWork *work,
                            MpelEvent  *event);
MpelEvent *object_work_run (ObjectWork *work,
                            MpelEvent  *event);
void       object_work_assert_runs (ObjectWork *work,
                                    MpelEvent  *event,
                                    const char *printed);
void       object_work_assert_fails (ObjectWork *work,
                                     MpelEvent  *event,
                                     GQuark      domain,
                                     int         code,
                                     const char *pattern);
/* The loop does not even take it. */
void object_work_assert_refused (ObjectWork *work,
                                 MpelEvent  *event,
                                 int         code,
                                 const char *pattern);
/* Runs it, of which the results are one number. */
int object_work_run_for_int (ObjectWork *work,
                             MpelEvent  *event);

/* In the worker. */
void object_work_assert_instances (ObjectWork *work,
                                   int         expected);
/* Ends it, and waits for that. */
void object_work_kill_worker (ObjectWork *work);

/* Compares what came since the last time. */
void object_work_assert_log (ObjectWork *work,
                             const char *expected);

G_END_DECLS
