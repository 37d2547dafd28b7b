/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A host in C with a worker in another language, whose command is given as arguments: one of the
 * scripts that are hosts too, so that the worker's side is the same. */

#include "config.h"
#include "mpel-test.h"

#include <locale.h>

static const char *const *worker_argv;

static MpelEventLoop *
loop_new (void)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (worker_argv);

  return mpel_event_loop_new_with_launcher (launcher);
}

static void
close_loop (MpelEventLoop *loop)
{
  mpel_test_loop_close_and_assert_finalized (loop);
  g_assert_cmpuint (mpel_test_trace ().n_children, ==, 0);
}

static void
test_results (void)
{
  MpelEventLoop *loop = loop_new ();
  g_autoptr (MpelEvent) added = NULL;
  g_autoptr (MpelEvent) failed = NULL;
  g_autoptr (MpelEvent) later = NULL;
  g_autoptr (MpelEvent) echo = NULL;

  g_test_summary ("Results and errors are the same as those of a worker in C.");

  added = g_object_ref (mpel_test_add (loop, "add", g_variant_new ("(xx)", G_GINT64_CONSTANT (20), G_GINT64_CONSTANT (22))));
  failed = g_object_ref (mpel_test_add (loop, "fail", NULL));
  later = g_object_ref (mpel_test_add (loop, "later", NULL));
  echo = g_object_ref (mpel_test_add (loop, "echo", NULL));
  mpel_test_wait (loop);

  mpel_test_assert_results (added, "42");
  mpel_test_assert_error (failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no such thing");
  mpel_test_assert_results (later, "'later'");
  mpel_test_assert_results (echo, "'echo'");

  close_loop (loop);
}

static void
test_terminate (void)
{
  MpelEventLoop *loop = loop_new ();
  g_autoptr (MpelEvent) kept = g_object_ref (mpel_test_add (loop, "keep", NULL));

  g_test_summary ("A worker that never answers is terminated, and the next one works.");

  while (mpel_event_get_state (kept) != MPEL_EVENT_STATE_SENT)
    g_main_context_iteration (NULL, TRUE);
  mpel_event_loop_terminate (loop);
  mpel_test_wait (loop);
  mpel_test_assert_error (kept, G_IO_ERROR, G_IO_ERROR_CANCELLED, "*");

  mpel_test_add (loop, "echo", NULL);
  mpel_test_wait (loop);
  close_loop (loop);
}

int
main (int argc, char **argv)
{
  char  *own[] = { argv[0], NULL };
  char **own_argv = own;
  int    n_own = 1;

  setlocale (LC_ALL, "C.UTF-8");
  g_assert_cmpint (argc, >, 1);
  worker_argv = (const char *const *) argv + 1;
  g_test_init (&n_own, &own_argv, NULL);

  g_test_add_func ("/foreign-worker/results", test_results);
  g_test_add_func ("/foreign-worker/terminate", test_terminate);
  return g_test_run ();
}
