/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A loop's events as a list for a window: what it shows, and when it tells. */

#include "config.h"
#include "mpel-flow.h"

#define MAX_FINISHED 100

/* ---- worker ---- */

static GVariant *
report (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_report_progress (invocation, 0.5, "half");
  return mpel_gate_target (invocation, args, kwargs, user_data, error);
}

/* ---- host ---- */

typedef struct
{
  MpelTestTrace  before;
  MpelEventLoop *loop;
  MpelEnds      *ends;
  MpelGate      *gate;
  GListModel    *list;      /* (owned) (nullable) */
  GPtrArray     *mirror;    /* what somebody has who believes the list */
  guint          n_changes; /* told */
  guint          n_again;   /* events that a handler still adds again */
} Fixture;

static void
items_changed_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_changes++;
  g_assert_cmpuint (position + n_removed, <=, fixture->mirror->len);
  if (n_removed > 0)
    g_ptr_array_remove_range (fixture->mirror, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (fixture->mirror, (int) (position + i), g_list_model_get_item (model, position + i));
}

static void
assert_mirrored (Fixture *fixture)
{
  g_assert_cmpuint (g_list_model_get_n_items (fixture->list), ==, fixture->mirror->len);
  for (guint i = 0; i < fixture->mirror->len; i++)
    {
      g_autoptr (MpelEvent) event = g_list_model_get_item (fixture->list, i);

      g_assert_true (event == fixture->mirror->pdata[i]);
    }
}

static void
take_list (Fixture *fixture)
{
  fixture->list = mpel_event_loop_get_events (fixture->loop);
  g_ptr_array_set_size (fixture->mirror, 0);
  for (guint i = 0; i < g_list_model_get_n_items (fixture->list); i++)
    g_ptr_array_add (fixture->mirror, g_list_model_get_item (fixture->list, i));
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static void
drop_list (Fixture *fixture)
{
  if (fixture->list != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->list));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  fixture->ends = mpel_ends_new (fixture->loop);
  fixture->gate = mpel_gate_new ();
  fixture->mirror = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->mirror, g_ptr_array_unref);
  g_clear_pointer (&fixture->ends, mpel_ends_free);
  drop_list (fixture);
  if (fixture->loop != NULL)
    mpel_test_loop_close_and_assert_finalized (fixture->loop);
  mpel_gate_free (fixture->gate);
  mpel_test_assert_no_trace (fixture->before);
}

static MpelEvent *
close_gate (Fixture *fixture, const char *target)
{
  return mpel_test_add (fixture->loop, target, mpel_gate_args (fixture->gate));
}

static void
add_many (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    mpel_test_add (fixture->loop, "echo", NULL);
}

static void
test_same (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel) again = NULL;

  g_test_summary ("The list is the same one while somebody holds it, and a list of events.");

  take_list (fixture);
  again = mpel_event_loop_get_events (fixture->loop);
  g_assert_true (again == fixture->list);
  g_assert_true (g_type_is_a (g_list_model_get_item_type (again), MPEL_TYPE_EVENT));
  g_assert_cmpuint (g_list_model_get_n_items (again), ==, 0);
}

static void
test_pending (Fixture *fixture, gconstpointer data)
{
  MpelEvent *events[20];

  g_test_summary ("A list that is taken late has all that is pending, wherever it is, in order.");

  events[0] = close_gate (fixture, "gate");
  for (guint i = 1; i < G_N_ELEMENTS (events); i++)
    events[i] = mpel_test_add (fixture->loop, "echo", NULL);
  mpel_gate_wait (fixture->gate);
  mpel_event_cancel (events[19]);
  take_list (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, G_N_ELEMENTS (events));
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_assert_true (fixture->mirror->pdata[i] == events[i]);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  assert_mirrored (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, G_N_ELEMENTS (events));
  mpel_ends_assert_once (fixture->ends, G_N_ELEMENTS (events));
}

static void
test_once_in_a_turn (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Many that are added at once are told of once.");

  take_list (fixture);
  close_gate (fixture, "gate");
  add_many (fixture, 1000);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
  mpel_gate_wait (fixture->gate);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_assert_cmpuint (fixture->mirror->len, ==, 1001);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  assert_mirrored (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, MAX_FINISHED);
}

static void
test_last_hundred (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Of those that ended the last hundred stay, in order.");

  take_list (fixture);
  for (guint i = 0; i < 7; i++)
    {
      add_many (fixture, 50);
      mpel_test_wait (fixture->loop);
      assert_mirrored (fixture);
    }
  g_assert_cmpuint (fixture->mirror->len, ==, MAX_FINISHED);
  for (guint i = 0; i < MAX_FINISHED; i++)
    g_assert_true (fixture->mirror->pdata[i] == mpel_ends_get (fixture->ends, 250 + i));
}

static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Ten thousand events pass, some of which are cancelled, and the list is right all the while.");

  take_list (fixture);
  for (guint i = 0; i < 10000; i++)
    {
      MpelEvent *event = mpel_test_add (fixture->loop, "echo", NULL);

      if (i % 7 == 0)
        mpel_event_cancel (event);
      if (i % 500 != 0)
        continue;
      g_main_context_iteration (NULL, FALSE);
      assert_mirrored (fixture);
    }
  mpel_test_wait (fixture->loop);
  assert_mirrored (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, MAX_FINISHED);
  mpel_ends_assert_once (fixture->ends, 10000);
}

static gboolean
add_again_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  if (fixture->n_again == 0)
    return FALSE;
  fixture->n_again--;
  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
  return FALSE;
}

static void
test_added_again (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("An event that is added again, also by a handler, is in the list once.");

  g_signal_connect (fixture->loop, "event-done", G_CALLBACK (add_again_cb), fixture);
  take_list (fixture);
  fixture->n_again = 500;
  add_many (fixture, 30);
  mpel_test_wait (fixture->loop);
  assert_mirrored (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, 30);
  g_assert_cmpuint (mpel_ends_count (fixture->ends), ==, 530);
}

static void
test_added_elsewhere (Fixture *fixture, gconstpointer data)
{
  MpelEventLoop *other = mpel_test_loop_new ();
  g_autoptr (GListModel) list = mpel_event_loop_get_events (other);
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that ended in one loop is listed by another one that it is added to.");

  take_list (fixture);
  mpel_event_loop_add_event (fixture->loop, event, &error);
  mpel_test_wait (fixture->loop);
  mpel_event_loop_add_event (other, event, &error);
  g_assert_no_error (error);
  mpel_test_wait (other);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  for (guint i = 0; i < 2 * MAX_FINISHED; i++)
    mpel_test_add (other, "echo", NULL);
  mpel_test_wait (other);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, MAX_FINISHED);
  assert_mirrored (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, 1);
  g_clear_object (&list);
  mpel_test_loop_close_and_assert_finalized (other);
}

static gboolean
has_progress (gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (MpelEvent) event = g_list_model_get_item (fixture->list, 0);

  return event != NULL && mpel_event_get_progress (event) == 0.5;
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("Its items show how far they have come.");

  take_list (fixture);
  close_gate (fixture, "report");
  mpel_flow_iterate_until (has_progress, fixture);
  event = g_list_model_get_item (fixture->list, 0);
  g_assert_cmpstr (mpel_event_get_progress_message (event), ==, "half");
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_SENT);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_DONE);
}

static void
test_take_again (Fixture *fixture, gconstpointer data)
{
  MpelEvent *event;

  g_test_summary ("A list that was dropped is made anew, with what is pending then.");

  take_list (fixture);
  add_many (fixture, 10);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->mirror->len, ==, 10);
  event = close_gate (fixture, "gate");
  drop_list (fixture);
  take_list (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, 1);
  g_assert_true (fixture->mirror->pdata[0] == event);
  drop_list (fixture);
  mpel_gate_open (fixture->gate);
  mpel_test_wait (fixture->loop);
  take_list (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, 0);
}

static void
test_outlives_loop (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A list may be held longer than its loop; it keeps what it showed last.");

  take_list (fixture);
  add_many (fixture, 10);
  mpel_test_wait (fixture->loop);
  g_clear_pointer (&fixture->ends, mpel_ends_free);
  mpel_test_loop_close_and_assert_finalized (g_steal_pointer (&fixture->loop));
  assert_mirrored (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, 10);
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", mpel_test_echo, NULL, NULL);
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
  mpel_worker_add_function (worker, "report", report, NULL, NULL);
}

static void
add_tests (void)
{
  add ("/flow/list/same", test_same);
  add ("/flow/list/pending", test_pending);
  add ("/flow/list/once-in-a-turn", test_once_in_a_turn);
  add ("/flow/list/last-hundred", test_last_hundred);
  add ("/flow/list/flood", test_flood);
  add ("/flow/list/added-again", test_added_again);
  add ("/flow/list/added-elsewhere", test_added_elsewhere);
  add ("/flow/list/progress", test_progress);
  add ("/flow/list/take-again", test_take_again);
  add ("/flow/list/outlives-loop", test_outlives_loop);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
