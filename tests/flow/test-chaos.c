/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A loop to which anything is done in any order, while its workers die: each event ends once, and
 * nothing is left. The actions come from the seed, which the test prints: --seed SEED draws the
 * same again, though the processes run as they like. With MPEL_CHAOS_ACTIONS there are more. */

#include "config.h"
#include "mpel-test.h"

#include <signal.h>
#include <unistd.h>

/* ---- worker ---- */

static GVariant *
spin_for (gint64 ms)
{
  const gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    ;
  return g_variant_new ("()");
}

/* Shorter than the grace: answers in time. */
static GVariant *
spin (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return spin_for (10);
}

/* Longer than the grace: who cancels it has the worker killed. */
static GVariant *
be_deaf (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return spin_for (100);
}

static GVariant *
die (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  kill (getpid (), SIGKILL);
  return NULL;
}

static GVariant *
be_polite (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GCancellable *cancellable = mpel_invocation_get_cancellable (invocation);

  for (int i = 0; i < 50; i++)
    {
      mpel_invocation_report_progress (invocation, i / 50.0, "polite");
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      g_variant_unref (g_variant_ref_sink (spin_for (1)));
    }
  return g_variant_new ("()");
}

/* More values than may be on their way: waits for who asks. */
static GVariant *
yield_values (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  for (int i = 0; i < 700; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_int32 (i), error))
      return NULL;
  return g_variant_new ("()");
}

static GVariant *
generate_next (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  int *n = user_data;

  return (*n)++ < 500 ? g_variant_new_int32 (*n) : NULL;
}

static void
generate (MpelInvocation *invocation, gpointer user_data)
{
  mpel_invocation_set_generator (invocation, generate_next, g_new0 (int, 1), g_free);
}

static gboolean
answer_cb (gpointer invocation)
{
  mpel_invocation_return_value (invocation, g_variant_new ("()"));
  return G_SOURCE_REMOVE;
}

static void
answer_later (MpelInvocation *invocation, gpointer user_data)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, 20, answer_cb, g_object_ref (invocation), g_object_unref);
}

/* ---- host ---- */

/* A worker that is waited for must not take long to be killed: most of the time goes there. */
#define GRACE_MS 30
#define PAUSE_MS 3
#define N_ACTIONS 150
#define MAX_DEPTH 3
#define ACTIONS_VARIABLE "MPEL_CHAOS_ACTIONS"

/* What is there more than once is drawn more often; nothing of the worker's is called “nowhere”. */
static const char *const targets[] = {
  "echo",
  "echo",
  "echo",
  "echo",
  "echo",
  "echo",
  "spin",
  "deaf",
  "die",
  "polite",
  "values",
  "generate",
  "later",
  "nowhere",
};

typedef struct
{
  MpelTestTrace  before;
  GRand         *rand;      /* (owned) */
  MpelEventLoop *loop;      /* (owned) */
  GPtrArray     *events;    /* (owned) of (owned) MpelEvent: all that there ever were */
  GHashTable    *open;      /* (owned) of MpelEvent: those that were added and have not ended since */
  guint          n_actions; /* that are left */
  guint          n_added;
  guint          n_ended;
  guint          depth; /* of main loops in handlers */
} Fixture;

static void act (Fixture *fixture);

static int
draw (Fixture *fixture, int begin, int end)
{
  return g_rand_int_range (fixture->rand, begin, end);
}

static gboolean
happens (Fixture *fixture, int one_in)
{
  return draw (fixture, 0, one_in) == 0;
}

static MpelEvent *
draw_event (Fixture *fixture)
{
  const int n = (int) fixture->events->len;

  return n > 0 ? fixture->events->pdata[draw (fixture, 0, n)] : NULL;
}

/* ---- what the host hears, and does of it ---- */

static void
next_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) value = mpel_event_next_finish (MPEL_EVENT (source), result, NULL);

  if (value != NULL)
    mpel_event_next_async (MPEL_EVENT (source), NULL, next_cb, NULL);
}

static gboolean
event_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (g_hash_table_remove (fixture->open, event));
  g_assert_true (mpel_event_is_ended (event));
  fixture->n_ended++;
  if (happens (fixture, 20))
    act (fixture);
  return FALSE;
}

static void
iterate_nested (Fixture *fixture)
{
  fixture->depth++;
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  fixture->depth--;
}

static void
notify_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (happens (fixture, 60))
    act (fixture);
  if (fixture->depth < MAX_DEPTH && happens (fixture, 100))
    iterate_nested (fixture);
}

/* ---- the actions ---- */

/* Marked before it is added: a main loop in a handler can tell of its end before that returns. */
static void
add (Fixture *fixture, MpelEvent *event)
{
  g_autoptr (GError) error = NULL;

  g_hash_table_add (fixture->open, event);
  if (!mpel_event_loop_add_event (fixture->loop, event, &error))
    {
      g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FULL);
      g_hash_table_remove (fixture->open, event);
      return;
    }
  fixture->n_added++;
  /* What nobody pulls would not end. */
  if (mpel_event_get_pull (event))
    mpel_event_next_async (event, NULL, next_cb, NULL);
}

static void
add_new (Fixture *fixture)
{
  MpelEvent *event = mpel_event_new (targets[draw (fixture, 0, G_N_ELEMENTS (targets))], NULL, NULL);

  g_ptr_array_add (fixture->events, event);
  mpel_event_set_pull (event, happens (fixture, 2));
  if (happens (fixture, 3))
    mpel_event_set_max_retries (event, draw (fixture, 0, 3));
  if (happens (fixture, 3))
    mpel_event_set_priority (event, draw (fixture, -2, 3));
  if (happens (fixture, 5))
    mpel_event_set_timeout (event, draw (fixture, 0, 100));
  g_signal_connect (event, "notify::state", G_CALLBACK (notify_cb), fixture);
  g_signal_connect (event, "notify::progress", G_CALLBACK (notify_cb), fixture);
  add (fixture, event);
}

static void
add_some (Fixture *fixture)
{
  for (int i = draw (fixture, 0, 12); i > 0; i--)
    add_new (fixture);
}

static void
add_again (Fixture *fixture)
{
  MpelEvent *event = draw_event (fixture);

  if (event != NULL && !g_hash_table_contains (fixture->open, event))
    add (fixture, event);
}

static void
cancel (Fixture *fixture)
{
  MpelEvent *event = draw_event (fixture);

  if (event != NULL)
    mpel_event_cancel (event);
}

static void
cancel_all (Fixture *fixture)
{
  mpel_event_loop_cancel_all (fixture->loop);
}

static void
terminate (Fixture *fixture)
{
  mpel_event_loop_terminate (fixture->loop);
}

static void
kill_worker (Fixture *fixture)
{
  const int pid = mpel_event_loop_get_worker_pid (fixture->loop);

  if (pid > 0)
    kill (pid, SIGKILL);
}

static void
resize (Fixture *fixture)
{
  if (MPEL_IS_POOL (fixture->loop))
    mpel_pool_set_n_workers (MPEL_POOL (fixture->loop), draw (fixture, 1, 4));
}

static void
set_max_events_per_worker (Fixture *fixture)
{
  mpel_event_loop_set_max_events_per_worker (fixture->loop, draw (fixture, 0, 40));
}

static void
set_max_pending (Fixture *fixture)
{
  mpel_event_loop_set_max_pending (fixture->loop, draw (fixture, 0, 100));
}

static void
set_idle_timeout (Fixture *fixture)
{
  mpel_event_loop_set_idle_timeout (fixture->loop, draw (fixture, 0, 20));
}

static void
set_prestart (Fixture *fixture)
{
  mpel_event_loop_set_prestart (fixture->loop, happens (fixture, 2));
}

/* The shares say how often something is drawn. What ends all events does so seldom: others want
 * to be under way. */
static const struct
{
  void (*act) (Fixture *fixture);
  int share;
} actions[] = {
  { add_some, 40 },
  { add_again, 8 },
  { cancel, 16 },
  { cancel_all, 2 },
  { terminate, 1 },
  { kill_worker, 8 },
  { resize, 8 },
  { set_max_events_per_worker, 8 },
  { set_max_pending, 8 },
  { set_idle_timeout, 8 },
  { set_prestart, 8 },
};

static int
sum_shares (void)
{
  int sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    sum += actions[i].share;
  return sum;
}

static void
act (Fixture *fixture)
{
  int   drawn;
  guint i = 0;

  if (fixture->n_actions == 0)
    return;
  fixture->n_actions--;
  for (drawn = draw (fixture, 0, sum_shares ()); drawn >= actions[i].share; i++)
    drawn -= actions[i].share;
  actions[i].act (fixture);
}

static gboolean
act_cb (gpointer fixture)
{
  act (fixture);
  return G_SOURCE_CONTINUE;
}

/* ---- the stories ---- */

static guint
read_n_actions (void)
{
  const char *text = g_getenv (ACTIONS_VARIABLE);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : N_ACTIONS;
}

static void
set_up (Fixture *fixture, gconstpointer is_pool)
{
  fixture->before = mpel_test_trace ();
  fixture->rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  fixture->events = g_ptr_array_new ();
  fixture->open = g_hash_table_new (NULL, NULL);
  fixture->n_actions = read_n_actions ();
  fixture->loop = is_pool != NULL ? MPEL_EVENT_LOOP (mpel_pool_new (3)) : mpel_test_loop_new ();
  mpel_event_loop_set_cancel_grace (fixture->loop, GRACE_MS);
  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (event_done_cb), fixture);
}

static void
assert_events_finalized (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    g_assert_finalize_object (G_OBJECT (events->pdata[i]));
}

static void
tear_down (Fixture *fixture, gconstpointer is_pool)
{
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  assert_events_finalized (fixture->events);
  g_ptr_array_unref (fixture->events);
  g_hash_table_unref (fixture->open);
  g_rand_free (fixture->rand);
  mpel_test_assert_no_trace (fixture->before);
}

static void
test_chaos (Fixture *fixture, gconstpointer is_pool)
{
  /* The model is watched to be busy too. */
  g_autoptr (GListModel) list = mpel_event_loop_get_events (fixture->loop);
  guint source;

  g_test_summary ("Random actions, from handlers too, while workers die: each event ends once, and nothing is left.");

  source = g_timeout_add (PAUSE_MS, act_cb, fixture);
  while (fixture->n_actions > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  while (g_hash_table_size (fixture->open) > 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_test_message ("%u events were added", fixture->n_added);
  g_assert_cmpuint (fixture->n_ended, ==, fixture->n_added);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 0);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "spin", spin, NULL, NULL);
  mpel_worker_add_function (worker, "deaf", be_deaf, NULL, NULL);
  mpel_worker_add_function (worker, "die", die, NULL, NULL);
  mpel_worker_add_function (worker, "polite", be_polite, NULL, NULL);
  mpel_worker_add_function (worker, "values", yield_values, NULL, NULL);
  mpel_worker_add_handler (worker, "generate", generate, NULL, NULL);
  mpel_worker_add_handler (worker, "later", answer_later, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add ("/flow/chaos/loop", Fixture, GINT_TO_POINTER (FALSE), set_up, test_chaos, tear_down);
  g_test_add ("/flow/chaos/pool", Fixture, GINT_TO_POINTER (TRUE), set_up, test_chaos, tear_down);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
