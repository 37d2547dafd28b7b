/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects that are cached, used, mentioned, returned, saved and dropped in any order, while their
 * workers die: each event ends once, and in the end no worker has any object. The actions come from
 * the seed, which the test prints: --seed SEED draws the same again, though the processes run as
 * they like. With MPEL_CHAOS_ACTIONS there are more. */

#include "config.h"
#include "object-work.h"

#include "object-targets.h"

#include <signal.h>
#include <unistd.h>

#define N_ACTIONS 1500
#define ACTIONS_VARIABLE "MPEL_CHAOS_ACTIONS"
#define GRACE_MS 30

/* So many of each kind there are at most; the oldest then goes. */
#define MAX_KEPT 24

typedef struct
{
  ObjectWork  work;
  GRand      *rand;      /* (owned) */
  GPtrArray  *objects;   /* (owned) of (owned) GObject: the host's, and proxies */
  GPtrArray  *events;    /* (owned) of (owned) MpelEvent: those that may be added again, or hold results */
  GHashTable *open;      /* (owned) of (unowned) MpelEvent: those that were added and have not ended since */
  guint       n_actions; /* that are left */
  guint       n_added;
  guint       n_ended;
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

/* Returns: (transfer none) (nullable) */
static gpointer
draw_from (Fixture *fixture, GPtrArray *array)
{
  return array->len > 0 ? array->pdata[draw (fixture, 0, (int) array->len)] : NULL;
}

/* Takes @item. */
static void
keep (GPtrArray *array, gpointer item)
{
  g_ptr_array_add (array, item);
  if (array->len > MAX_KEPT)
    g_ptr_array_remove_index (array, 0);
}

/* ---- what the host hears ---- */

/* Whatever was done, no worker has lied, and nothing else is to be heard than what can be. */
static void
assert_may_be (const GError *error)
{
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    return;
  if (error->domain == MPEL_LOOP_ERROR)
    switch (error->code)
      {
      case MPEL_LOOP_ERROR_WORKER_LOST:
      case MPEL_LOOP_ERROR_SPAWN_FAILED: /* killed while it started */
      case MPEL_LOOP_ERROR_NO_SUCH_TARGET:
      case MPEL_LOOP_ERROR_NO_SUCH_OBJECT:
      case MPEL_LOOP_ERROR_INVALID_ARGUMENTS:
        return;
      default:
        break;
      }
  g_error ("%s:%d: %s", g_quark_to_string (error->domain), error->code, error->message);
}

static gboolean
event_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (mpel_event_is_ended (event));
  assert_may_be (mpel_event_get_error (event));
  /* Of those without output only failures are told. */
  if (mpel_event_get_has_output (event))
    {
      g_assert_true (g_hash_table_remove (fixture->open, event));
      fixture->n_ended++;
    }
  if (happens (fixture, 20))
    act (fixture);
  return FALSE;
}

static void
worker_exited_cb (MpelEventLoop *loop, int pid, const GError *reason, gpointer user_data)
{
  assert_may_be (reason);
  if (happens (user_data, 3))
    act (user_data);
}

static void
notify_cb (GObject *proxy, GParamSpec *pspec, gpointer user_data)
{
  if (happens (user_data, 30))
    act (user_data);
}

/* ---- events ---- */

/* Takes @event. An event that uses what is lost is refused. */
static void
add (Fixture *fixture, MpelEvent *event)
{
  g_autoptr (MpelEvent) owned = event;
  g_autoptr (GError) error = NULL;

  if (mpel_event_get_state (event) == MPEL_EVENT_STATE_QUEUED || mpel_event_get_state (event) == MPEL_EVENT_STATE_SENT ||
      g_hash_table_contains (fixture->open, event))
    return;
  if (mpel_event_get_has_output (event))
    g_hash_table_add (fixture->open, event);
  if (!mpel_event_loop_add_event (fixture->work.loop, event, &error))
    {
      assert_may_be (error);
      g_hash_table_remove (fixture->open, event);
      return;
    }
  fixture->n_added += mpel_event_get_has_output (event);
  if (happens (fixture, 4))
    keep (fixture->events, g_object_ref (event));
}

/* Some objects among the arguments. */
static void
mention_some (Fixture *fixture, MpelEvent *event)
{
  GVariantBuilder args = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);

  for (int i = draw (fixture, 0, 4); i > 0; i--)
    {
      GObject *object = draw_from (fixture, fixture->objects);

      if (object != NULL)
        g_variant_builder_add (&args, "h", mpel_event_add_object (event, object));
    }
  mpel_event_set_args (event, g_variant_builder_end (&args));
}

static void
decorate (Fixture *fixture, MpelEvent *event)
{
  mpel_event_set_cache (event, happens (fixture, 2));
  mpel_event_set_re_register (event, mpel_event_get_object (event) != NULL && happens (fixture, 8));
  mpel_event_set_has_output (event, !happens (fixture, 5));
  if (happens (fixture, 3))
    mpel_event_set_max_retries (event, draw (fixture, 0, 3));
  if (happens (fixture, 5))
    mpel_event_set_priority (event, draw (fixture, -2, 3));
}

static void
add_mentioning (Fixture *fixture)
{
  static const char *const targets[] = { "print", "print", "print", "nowhere" };
  MpelEvent               *event = mpel_event_new (targets[draw (fixture, 0, G_N_ELEMENTS (targets))], NULL, NULL);

  mention_some (fixture, event);
  decorate (fixture, event);
  add (fixture, event);
}

/* Not all have all of them. */
static void
add_method (Fixture *fixture)
{
  static const char *const methods[] = { "calc_c", "repr", "calc_later", "get_z", "neighbour", "fail", "nothing", NULL, NULL };
  GObject                 *object = draw_from (fixture, fixture->objects);
  MpelEvent               *event;

  if (object == NULL)
    return;
  event = mpel_event_new_method (object, methods[draw (fixture, 0, G_N_ELEMENTS (methods))], NULL, NULL);
  decorate (fixture, event);
  add (fixture, event);
}

static void
add_making (Fixture *fixture)
{
  MpelEvent *event = mpel_event_new ("make_points", g_variant_new ("(i)", draw (fixture, 0, 5)), NULL);

  decorate (fixture, event);
  keep (fixture->events, g_object_ref (event));
  add (fixture, event);
}

static void
add_taking_back (Fixture *fixture)
{
  GObject   *object = draw_from (fixture, fixture->objects);
  MpelEvent *event = mpel_event_new ("take_back", NULL, NULL);

  if (object != NULL)
    mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, object)));
  decorate (fixture, event);
  keep (fixture->events, g_object_ref (event));
  add (fixture, event);
}

static void
add_saving (Fixture *fixture)
{
  GObject     *object = draw_from (fixture, fixture->objects);
  MpelEvent   *event = mpel_event_new (happens (fixture, 2) ? "named" : "variables", NULL, NULL);
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);

  if (object != NULL)
    g_variant_dict_insert (&dict, "abc", "h", mpel_event_add_object (event, object));
  mpel_event_set_kwargs (event, g_variant_dict_end (&dict));
  decorate (fixture, event);
  mpel_event_set_save_variables (event, TRUE);
  add (fixture, event);
}

static void
add_of_variable (Fixture *fixture)
{
  static const char *const methods[] = { "calc_c", "repr", "get_z", "neighbour", NULL };
  MpelEvent               *event = mpel_event_new_var (happens (fixture, 2) ? "abc" : "number", methods[draw (fixture, 0, G_N_ELEMENTS (methods))], NULL, NULL);

  decorate (fixture, event);
  add (fixture, event);
}

static void
add_again (Fixture *fixture)
{
  MpelEvent *event = draw_from (fixture, fixture->events);

  if (event != NULL)
    add (fixture, g_object_ref (event));
}

static void
add_dying (Fixture *fixture)
{
  add (fixture, mpel_event_new ("die", NULL, NULL));
}

/* ---- objects ---- */

static void
make_object (Fixture *fixture)
{
  const int x = draw (fixture, 0, 100);

  if (happens (fixture, 2))
    keep (fixture->objects, test_abc_new (x, x, 0));
  else
    keep (fixture->objects, test_point_new (x, x));
}

static void
make_proxy (Fixture *fixture)
{
  static const char *const getters[] = { "get_z", NULL };
  const char              *what = happens (fixture, 3) ? "variable" : "remote-class";
  const char              *name = g_str_equal (what, "variable") ? "abc" : "TestPoint";
  MpelProxy               *proxy = g_object_new (MPEL_TYPE_PROXY, "loop", fixture->work.loop, what, name, "getters", getters, NULL);

  g_signal_connect (proxy, "notify::state", G_CALLBACK (notify_cb), fixture);
  keep (fixture->objects, proxy);
}

static void
take_result (Fixture *fixture)
{
  MpelEvent *event = draw_from (fixture, fixture->events);
  MpelProxy *proxy = event != NULL ? mpel_proxy_get_for_result (event, draw (fixture, 0, 4)) : NULL;

  if (proxy != NULL)
    keep (fixture->objects, proxy);
}

static void
drop_object (Fixture *fixture)
{
  if (fixture->objects->len > 0)
    g_ptr_array_remove_index_fast (fixture->objects, (guint) draw (fixture, 0, (int) fixture->objects->len));
}

static void
drop_event (Fixture *fixture)
{
  if (fixture->events->len > 0)
    g_ptr_array_remove_index_fast (fixture->events, (guint) draw (fixture, 0, (int) fixture->events->len));
}

static void
release (Fixture *fixture)
{
  GObject *object = draw_from (fixture, fixture->objects);

  if (object != NULL)
    mpel_event_loop_release_object (fixture->work.loop, object);
}

static void
write_property (Fixture *fixture)
{
  GObject *object = draw_from (fixture, fixture->objects);

  if (object != NULL && g_object_class_find_property (G_OBJECT_GET_CLASS (object), "x") != NULL)
    g_object_set (object, "x", draw (fixture, 0, 100), NULL);
}

/* ---- workers ---- */

static void
cancel (Fixture *fixture)
{
  MpelEvent *event = draw_from (fixture, fixture->events);

  if (event != NULL)
    mpel_event_cancel (event);
}

static void
kill_worker (Fixture *fixture)
{
  const int pid = mpel_event_loop_get_worker_pid (fixture->work.loop);

  if (pid > 0)
    kill (pid, SIGKILL);
}

static void
terminate (Fixture *fixture)
{
  mpel_event_loop_terminate (fixture->work.loop);
}

static void
stop (Fixture *fixture)
{
  mpel_event_loop_stop_async (fixture->work.loop, NULL, NULL, NULL);
}

static void
resize (Fixture *fixture)
{
  if (MPEL_IS_POOL (fixture->work.loop))
    mpel_pool_set_n_workers (MPEL_POOL (fixture->work.loop), draw (fixture, 1, 4));
}

static void
set_limits (Fixture *fixture)
{
  mpel_event_loop_set_max_events_per_worker (fixture->work.loop, draw (fixture, 0, 40));
  mpel_event_loop_set_idle_timeout (fixture->work.loop, draw (fixture, 0, 20));
}

static void
iterate (Fixture *fixture)
{
  for (int i = draw (fixture, 0, 30); i > 0; i--)
    g_main_context_iteration (NULL, FALSE);
}

/* The shares say how often something is drawn. */
static const struct
{
  void (*act) (Fixture *fixture);
  int share;
} actions[] = {
  { make_object, 40 },
  { make_proxy, 10 },
  { take_result, 20 },
  { drop_object, 30 },
  { drop_event, 10 },
  { release, 10 },
  { write_property, 20 },
  { add_method, 80 },
  { add_mentioning, 40 },
  { add_making, 15 },
  { add_taking_back, 15 },
  { add_saving, 8 },
  { add_of_variable, 15 },
  { add_again, 15 },
  { add_dying, 2 },
  { cancel, 15 },
  { kill_worker, 2 },
  { terminate, 1 },
  { stop, 1 },
  { resize, 3 },
  { set_limits, 3 },
  { iterate, 40 },
};

static void
act (Fixture *fixture)
{
  int   sum = 0, drawn;
  guint chosen = 0;

  if (fixture->n_actions == 0)
    return;
  fixture->n_actions--;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    sum += actions[i].share;
  for (drawn = draw (fixture, 0, sum); drawn >= actions[chosen].share; chosen++)
    drawn -= actions[chosen].share;
  actions[chosen].act (fixture);
}

static gboolean
act_cb (gpointer fixture)
{
  for (int i = 0; i < 5; i++)
    act (fixture);
  return G_SOURCE_CONTINUE;
}

/* ---- the stories ---- */

static guint
read_n_actions (void)
{
  const char *text = g_getenv (ACTIONS_VARIABLE);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : (mpel_test_is_watched () ? N_ACTIONS / 4 : N_ACTIONS);
}

static void
set_up (Fixture *fixture, gconstpointer is_pool)
{
  fixture->work.before = mpel_test_trace ();
  fixture->rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  fixture->objects = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->events = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->open = g_hash_table_new (NULL, NULL);
  fixture->n_actions = read_n_actions ();
  fixture->work.loop = is_pool != NULL ? MPEL_EVENT_LOOP (mpel_pool_new (3)) : mpel_test_loop_new ();
  mpel_event_loop_set_cancel_grace (fixture->work.loop, GRACE_MS);
  g_signal_connect (fixture->work.loop, "event-done", G_CALLBACK (event_done_cb), fixture);
  g_signal_connect (fixture->work.loop, "worker-exited", G_CALLBACK (worker_exited_cb), fixture);
}

/* How many objects a worker has, and which one it is. */
static GVariant *
census (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(ii)", (int) getpid (), objects_count ());
}

/* The last worker may have been killed, and not be gone yet. */
static MpelEvent *
run_surely (Fixture *fixture, MpelEvent *event)
{
  mpel_event_set_max_retries (event, 5);
  g_hash_table_add (fixture->open, event);
  object_work_run (&fixture->work, event);
  g_assert_no_error (mpel_event_get_error (event));
  return event;
}

/* What was saved is what may be left. */
static void
forget_variables (Fixture *fixture)
{
  MpelEvent *event = mpel_event_new ("named", NULL, g_variant_new_parsed ("{'abc': <0>, 'number': <0>}"));

  mpel_event_set_save_variables (event, TRUE);
  g_object_unref (run_surely (fixture, event));
}

/* Whichever of the workers answer. */
static void
assert_no_instances (Fixture *fixture)
{
  for (int i = 0; i < 20; i++)
    {
      g_autoptr (MpelEvent) event = run_surely (fixture, mpel_event_new ("census", NULL, NULL));
      int pid, n;

      g_variant_get (mpel_event_get_results (event), "(ii)", &pid, &n);
      g_test_message ("worker %d has %d", pid, n);
      g_assert_cmpint (n, ==, 0);
    }
}

static void
tear_down (Fixture *fixture, gconstpointer is_pool)
{
  mpel_test_loop_close_and_assert_finalized (fixture->work.loop);
  g_ptr_array_unref (fixture->objects);
  g_ptr_array_unref (fixture->events);
  g_hash_table_unref (fixture->open);
  g_rand_free (fixture->rand);
  g_assert_cmpint (objects_count (), ==, 0);
  mpel_test_assert_no_trace (fixture->work.before);
}

static void
test_chaos (Fixture *fixture, gconstpointer is_pool)
{
  guint source;

  g_test_summary ("Random actions on objects, from handlers too, while workers die: each event ends once, and nothing is left.");

  source = g_timeout_add (1, act_cb, fixture);
  while (fixture->n_actions > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  while (g_hash_table_size (fixture->open) > 0)
    g_main_context_iteration (NULL, TRUE);
  mpel_test_wait (fixture->work.loop);
  g_test_message ("%u events were added", fixture->n_added);
  g_assert_cmpuint (fixture->n_ended, ==, fixture->n_added);

  g_ptr_array_set_size (fixture->objects, 0);
  g_ptr_array_set_size (fixture->events, 0);
  g_assert_cmpint (objects_count (), ==, 0);
  forget_variables (fixture);
  assert_no_instances (fixture);
}

static void
register_targets (MpelWorker *worker)
{
  object_targets_register (worker);
  mpel_worker_add_function (worker, "census", census, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add ("/flow/object-chaos/loop", Fixture, GINT_TO_POINTER (FALSE), set_up, test_chaos, tear_down);
  g_test_add ("/flow/object-chaos/pool", Fixture, GINT_TO_POINTER (TRUE), set_up, test_chaos, tear_down);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
