/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A target that runs once for each element of an array. */

#include "config.h"
#include "mpel-test.h"

/* ---- worker ---- */

static GVariant *
fail (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No");
  return NULL;
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelPool      *pool;
  MpelEventLoop *loop; /* the same */
  GPtrArray     *ends;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->pool = mpel_pool_new (1);
  fixture->loop = MPEL_EVENT_LOOP (fixture->pool);
  fixture->ends = mpel_test_collect (fixture->loop);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_clear_pointer (&fixture->ends, g_ptr_array_unref);
  mpel_test_assert_no_trace (fixture->before);
}

static void
assert_fails (Fixture *fixture, MpelMapPolicy policy)
{
  GVariant *args = g_variant_new_parsed ("[1, 2, 3]");
  g_autoptr (GVariant) results = NULL;
  g_autoptr (GError) error = NULL;

  results = mpel_pool_map (fixture->pool, "fail", args, policy, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_null (results);
}

static void
test_stop_in_room (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A mapping that has stopped runs no event for which there is room at the same time.");

  mpel_event_loop_set_max_pending (fixture->loop, 1);
  assert_fails (fixture, MPEL_MAP_POLICY_STOP);
  g_assert_cmpuint (fixture->ends->len, >=, 1);
  g_assert_true (g_str_has_suffix (fixture->ends->pdata[0], ": No"));
  for (guint i = 1; i < fixture->ends->len; i++)
    g_assert_false (g_str_has_suffix (fixture->ends->pdata[i], ": No"));
}

static gboolean
try_again_cb (MpelEvent *event, gpointer user_data)
{
  if (mpel_event_get_error (event) == NULL)
    return FALSE;
  mpel_event_set_target (event, "echo");
  return mpel_event_loop_add_event (user_data, event, NULL);
}

static void
test_again (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A handler adds each event that failed again; the mapping fails all the same.");

  mpel_event_loop_insert_output_handler (fixture->loop, 0, try_again_cb, fixture->loop, NULL);
  assert_fails (fixture, MPEL_MAP_POLICY_FINISH);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->ends->len, ==, 3);
}

static void
add_test (const char *path, void (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "fail", fail, NULL, NULL);
}

static void
add_tests (void)
{
  add_test ("/flow/map-room/stop-in-room", test_stop_in_room);
  add_test ("/flow/map-room/again", test_again);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
