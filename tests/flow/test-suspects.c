/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A worker crashes, and nobody knows which of its events was to blame: those that may run again are
 * alone with their workers then, so that only the one that it was pays for it. */

#include "config.h"
#include "mpel-flow.h"
#include "mpel-loop-error.h"

#include <signal.h>
#include <unistd.h>

#define N_INNOCENT 20

/* ---- worker ---- */

static GVariant *
pid (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", getpid ());
}

static GVariant *
die (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  kill (getpid (), SIGKILL);
  return NULL;
}

/* In @user_data: of (owned) MpelInvocation. */
static void
wait_for_release (MpelInvocation *invocation, gpointer user_data)
{
  g_ptr_array_add (user_data, g_object_ref (invocation));
  mpel_invocation_report_progress (invocation, 1, NULL);
}

static GVariant *
release (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GPtrArray *waiting = user_data;

  for (guint i = 0; i < waiting->len; i++)
    mpel_invocation_return_value (waiting->pdata[i], g_variant_new_int32 (getpid ()));
  g_ptr_array_set_size (waiting, 0);
  return g_variant_new_int32 (getpid ());
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  MpelEnds      *ends;
  guint          n_lost; /* workers */
} Fixture;

static void
exited_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  ((Fixture *) user_data)->n_lost += reason != NULL;
}

/* @n_workers: 0 for a loop that is not a pool */
static void
set_up (Fixture *fixture, gconstpointer n_workers)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = n_workers != NULL ? MPEL_EVENT_LOOP (mpel_pool_new (GPOINTER_TO_UINT (n_workers))) : mpel_test_loop_new ();
  g_signal_connect (fixture->loop, "worker-exited", G_CALLBACK (exited_cb), fixture);
  /* Quick events, so that many may go ahead. */
  for (int i = 0; i < 500; i++)
    mpel_test_add (fixture->loop, "pid", NULL);
  mpel_test_wait (fixture->loop);
  fixture->ends = mpel_ends_new (fixture->loop);
}

static void
tear_down (Fixture *fixture, gconstpointer n_workers)
{
  g_clear_pointer (&fixture->ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  mpel_test_assert_no_trace (fixture->before);
}

/* Returns: (transfer none): the loop keeps it until it has ended, and the ends do then */
static MpelEvent *
add (Fixture *fixture, const char *target, int priority, guint max_retries)
{
  g_autoptr (MpelEvent) event = mpel_event_new (target, NULL, NULL);

  mpel_event_set_priority (event, priority);
  mpel_event_set_max_retries (event, max_retries);
  mpel_test_add_event (fixture->loop, event);
  return event;
}

static void
assert_only_lost (Fixture *fixture, MpelEvent *guilty, guint n_events)
{
  mpel_ends_assert_once (fixture->ends, n_events);
  for (guint i = 0; i < n_events; i++)
    {
      MpelEvent *event = mpel_ends_get (fixture->ends, i);

      g_assert_cmpint (mpel_event_get_state (event), ==, event == guilty ? MPEL_EVENT_STATE_LOST : MPEL_EVENT_STATE_DONE);
    }
}

static void
test_guilty (Fixture *fixture, gconstpointer n_workers)
{
  MpelEvent *guilty;

  g_test_summary ("Of many events that were with a worker, only the one that crashes it is lost, after its last try.");

  for (int i = 0; i < N_INNOCENT; i++)
    add (fixture, "pid", 0, 1);
  guilty = add (fixture, "die", 0, 1);
  for (int i = 0; i < N_INNOCENT; i++)
    add (fixture, "pid", 0, 1);
  mpel_test_wait (fixture->loop);

  assert_only_lost (fixture, guilty, 2 * N_INNOCENT + 1);
  g_assert_cmpuint (fixture->n_lost, ==, 2);
}

static void
test_many_tries (Fixture *fixture, gconstpointer n_workers)
{
  MpelEvent *guilty = add (fixture, "die", 0, 5);

  g_test_summary ("However often an event crashes its workers, it does so alone but for the first time.");

  for (int i = 0; i < N_INNOCENT; i++)
    add (fixture, "pid", 0, 1);
  mpel_test_wait (fixture->loop);

  assert_only_lost (fixture, guilty, N_INNOCENT + 1);
  g_assert_cmpuint (fixture->n_lost, ==, 6);
}

static void
test_unguarded (Fixture *fixture, gconstpointer n_workers)
{
  MpelEvent *guilty = add (fixture, "die", 1, 1);

  g_test_summary ("What has no tries of its own is not sent beside a suspect.");

  while (fixture->n_lost == 0)
    g_main_context_iteration (NULL, TRUE);
  for (int i = 0; i < N_INNOCENT; i++)
    add (fixture, "pid", i % 3, 0);
  mpel_test_wait (fixture->loop);

  assert_only_lost (fixture, guilty, N_INNOCENT + 1);
}

static void
kill_worker (Fixture *fixture)
{
  guint n_lost = fixture->n_lost;

  g_assert_cmpint (kill (mpel_event_loop_get_worker_pid (fixture->loop), SIGKILL), ==, 0);
  while (fixture->n_lost == n_lost)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_side_by_side (Fixture *fixture, gconstpointer n_workers)
{
  MpelEvent *events[] = { add (fixture, "wait", 0, 1), add (fixture, "wait", 0, 1) };

  g_test_summary ("Suspects that leave the main thread free are side by side again after a while: one may need the other.");

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    mpel_test_iterate_until_begun (events[i]);
  kill_worker (fixture);
  mpel_test_iterate_until_begun (events[0]);
  g_assert_cmpint (mpel_event_get_state (events[1]), ==, MPEL_EVENT_STATE_QUEUED);
  add (fixture, "release", 0, 0);
  mpel_test_wait (fixture->loop);

  assert_only_lost (fixture, NULL, G_N_ELEMENTS (events) + 1);
  g_assert_cmpuint (fixture->n_lost, ==, 1);
}

static void
register_targets (MpelWorker *worker)
{
  GPtrArray *waiting = g_ptr_array_new_with_free_func (g_object_unref);

  mpel_worker_add_function (worker, "pid", pid, NULL, NULL);
  mpel_worker_add_function (worker, "die", die, NULL, NULL);
  mpel_worker_add_handler (worker, "wait", wait_for_release, waiting, (GDestroyNotify) g_ptr_array_unref);
  mpel_worker_add_function (worker, "release", release, waiting, NULL);
}

static void
add_story (const char *name, guint n_workers, void (*func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/flow/suspects/%s/%u", name, n_workers);

  g_test_add (path, Fixture, GUINT_TO_POINTER (n_workers), set_up, func, tear_down);
}

static void
add_tests (void)
{
  for (guint n_workers = 0; n_workers < 3; n_workers++)
    {
      add_story ("guilty", n_workers, test_guilty);
      add_story ("many-tries", n_workers, test_many_tries);
    }
  /* In a loop of one worker, what has no tries is lost with it, also while it waits. */
  add_story ("unguarded", 1, test_unguarded);
  add_story ("unguarded", 2, test_unguarded);
  add_story ("side-by-side", 0, test_side_by_side);
  add_story ("side-by-side", 1, test_side_by_side);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
