/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "bench-work.h"

#include "bench.h"

#include <unistd.h>

/* ---- worker ---- */

/* A step is one of a generator of random numbers, which goes on where it was: so the compiler can
 * neither leave any out nor do them once for all. */
static guint64
compute (guint64 n_steps)
{
  static guint64 state = 88172645463325252u;
  guint64        x = state;

  for (guint64 i = 0; i < n_steps; i++)
    {
      x ^= x << 13;
      x ^= x >> 7;
      x ^= x << 17;
    }
  state = x;
  return x;
}

static GVariant *
work (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  gint64  begin = g_get_monotonic_time ();
  guint64 n_steps, answer;

  if (!mpel_invocation_check_args (invocation, "(t)", error))
    return NULL;
  g_variant_get (args, "(t)", &n_steps);
  answer = compute (n_steps);
  return g_variant_new ("(xxit)", begin, g_get_monotonic_time (), (int) getpid (), answer);
}

/* Keeps the worker as busy, but no processor. */
static GVariant *
nap (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  gint64  begin = g_get_monotonic_time ();
  guint64 us;

  if (!mpel_invocation_check_args (invocation, "(t)", error))
    return NULL;
  g_variant_get (args, "(t)", &us);
  g_usleep (us);
  return g_variant_new ("(xxit)", begin, g_get_monotonic_time (), (int) getpid (), us);
}

void
bench_work_add_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "work", work, NULL, NULL);
  mpel_worker_add_function (worker, "nap", nap, NULL, NULL);
}

/* ---- host ---- */

/* The best of some attempts: what disturbs only slows down. */
double
bench_work_calibrate (void)
{
  const guint64 n_steps = 5000000;
  gint64        best_us = G_MAXINT64;

  for (int i = 0; i < 10; i++)
    {
      gint64 begin = g_get_monotonic_time ();

      compute (n_steps);
      best_us = MIN (best_us, g_get_monotonic_time () - begin);
    }
  return n_steps * 1000.0 / (double) best_us;
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *is_ready = user_data;
  g_autoptr (GError) error = NULL;

  if (!mpel_event_loop_start_finish (MPEL_EVENT_LOOP (source), result, &error))
    g_error ("%s", error->message);
  *is_ready = TRUE;
}

MpelEventLoop *
bench_work_open (guint n_workers)
{
  MpelEventLoop *loop = n_workers == 1 ? mpel_event_loop_new () : MPEL_EVENT_LOOP (mpel_pool_new (n_workers));
  gboolean       is_ready = FALSE;

  mpel_event_loop_start_async (loop, NULL, started_cb, &is_ready);
  while (!is_ready)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 10 * n_workers; i++)
    g_object_unref (bench_work_add (loop, 1000000));
  mpel_event_loop_wait (loop, NULL, NULL);
  return loop;
}

static MpelEvent *
add (MpelEventLoop *loop, const char *target, guint64 amount)
{
  g_autoptr (GError) error = NULL;
  MpelEvent *event = mpel_event_loop_add_call (loop, target, g_variant_new ("(t)", amount), NULL, &error);

  if (event == NULL)
    g_error ("%s", error->message);
  return event;
}

MpelEvent *
bench_work_add (MpelEventLoop *loop, guint64 n_steps)
{
  return add (loop, "work", n_steps);
}

MpelEvent *
bench_work_add_nap (MpelEventLoop *loop, guint64 us)
{
  return add (loop, "nap", us);
}

BenchJob
bench_work_read (MpelEvent *event)
{
  BenchJob job;

  if (mpel_event_get_error (event) != NULL)
    g_error ("%s", mpel_event_get_error (event)->message);
  g_variant_get (mpel_event_get_results (event), "(xxit)", &job.begin, &job.end, &job.pid, NULL);
  return job;
}
