/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A loop's events for somebody to look at: what is told of changes is all that changes. */

#include "config.h"
#include "mpel-event-list-private.h"

#define MAX_FINISHED 100

/* What somebody makes of the list who believes what it tells. */
typedef struct
{
  MpelEventList *list;      /* (owned) */
  GPtrArray     *mirror;    /* (owned) of (owned) MpelEvent */
  guint          n_changes; /* told */
  MpelEvent     *to_add;    /* (unowned) (nullable) what to add when told of the next */
} Fixture;

static void
items_changed_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_changes++;
  g_assert_cmpuint (n_removed + n_added, >, 0);
  g_assert_cmpuint (position + n_removed, <=, fixture->mirror->len);
  if (n_removed > 0)
    g_ptr_array_remove_range (fixture->mirror, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (fixture->mirror, (int) (position + i), g_list_model_get_item (model, position + i));
  if (fixture->to_add != NULL)
    mpel_event_list_add (fixture->list, g_steal_pointer (&fixture->to_add));
}

static void
assert_mirrored (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->list);

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, fixture->mirror->len);
  for (guint i = 0; i < fixture->mirror->len; i++)
    {
      g_autoptr (MpelEvent) event = g_list_model_get_item (model, i);

      g_assert_true (event == fixture->mirror->pdata[i]);
    }
  g_assert_null (g_list_model_get_item (model, fixture->mirror->len));
  g_assert_null (g_list_model_get_item (model, G_MAXUINT));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->list = mpel_event_list_new ();
  fixture->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->mirror, g_ptr_array_unref);
  g_assert_finalize_object (fixture->list);
}

static MpelEvent *
event_new (void)
{
  return mpel_event_new ("any", NULL, NULL);
}

static MpelEvent *
add_new (MpelEventList *list)
{
  g_autoptr (MpelEvent) event = event_new ();

  mpel_event_list_add (list, event);
  return event;
}

static void
update (Fixture *fixture, guint n_changes)
{
  fixture->n_changes = 0;
  mpel_event_list_update (fixture->list);
  g_assert_cmpuint (fixture->n_changes, ==, n_changes);
  assert_mirrored (fixture);
}

static void
test_add (Fixture *fixture, gconstpointer data)
{
  MpelEvent *first, *second, *third;

  g_test_summary ("What was added is seen after the next update, in order, and told in one go.");

  g_assert_cmpuint (g_list_model_get_item_type (G_LIST_MODEL (fixture->list)), ==, MPEL_TYPE_EVENT);
  update (fixture, 0);
  first = add_new (fixture->list);
  second = add_new (fixture->list);
  assert_mirrored (fixture);
  update (fixture, 1);
  third = add_new (fixture->list);
  update (fixture, 1);
  update (fixture, 0);
  g_assert_true (fixture->mirror->pdata[0] == first);
  g_assert_true (fixture->mirror->pdata[1] == second);
  g_assert_true (fixture->mirror->pdata[2] == third);
}

static void
test_finished_stay (Fixture *fixture, gconstpointer data)
{
  MpelEvent *events[MAX_FINISHED + 2];

  g_test_summary ("A hundred that ended stay, the last ones; those that are pending always do.");

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    events[i] = add_new (fixture->list);
  update (fixture, 1);
  mpel_event_list_finish (fixture->list, events[1]);
  for (guint i = 2; i < G_N_ELEMENTS (events); i++)
    mpel_event_list_finish (fixture->list, events[i]);
  update (fixture, 1);
  g_assert_cmpuint (fixture->mirror->len, ==, MAX_FINISHED + 1);
  g_assert_true (fixture->mirror->pdata[0] == events[0]);
  g_assert_true (fixture->mirror->pdata[1] == events[2]);
}

static void
test_unseen (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("What comes and goes between two updates is never seen.");

  for (guint i = 0; i < 10 * MAX_FINISHED; i++)
    mpel_event_list_finish (fixture->list, add_new (fixture->list));
  update (fixture, 1);
  g_assert_cmpuint (fixture->mirror->len, ==, MAX_FINISHED);
}

static void
test_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = event_new ();

  g_test_summary ("One that ended and is added again is there once, and is not the first to go.");

  mpel_event_list_add (fixture->list, event);
  update (fixture, 1);
  mpel_event_list_finish (fixture->list, event);
  mpel_event_list_add (fixture->list, event);
  for (guint i = 0; i < 2 * MAX_FINISHED; i++)
    mpel_event_list_finish (fixture->list, add_new (fixture->list));
  mpel_event_list_update (fixture->list);
  assert_mirrored (fixture);
  g_assert_cmpuint (fixture->mirror->len, ==, MAX_FINISHED + 1);
  g_assert_true (g_ptr_array_find (fixture->mirror, event, NULL));
}

static void
test_again_before_it_went (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = event_new ();

  g_test_summary ("One that was about to go and is added again stays.");

  mpel_event_list_add (fixture->list, event);
  update (fixture, 1);
  mpel_event_list_finish (fixture->list, event);
  for (guint i = 0; i < MAX_FINISHED; i++)
    mpel_event_list_finish (fixture->list, add_new (fixture->list));
  mpel_event_list_add (fixture->list, event);
  mpel_event_list_update (fixture->list);
  assert_mirrored (fixture);
  g_assert_true (g_ptr_array_find (fixture->mirror, event, NULL));
  g_assert_cmpuint (fixture->mirror->len, ==, MAX_FINISHED + 1);
}

static void
test_again_when_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = event_new ();

  g_test_summary ("One that is added again by who is told that it has gone comes back.");

  mpel_event_list_add (fixture->list, event);
  mpel_event_list_finish (fixture->list, event);
  update (fixture, 1);
  for (guint i = 0; i < MAX_FINISHED; i++)
    mpel_event_list_finish (fixture->list, add_new (fixture->list));
  fixture->to_add = event;
  mpel_event_list_update (fixture->list);
  mpel_event_list_update (fixture->list);
  assert_mirrored (fixture);
  g_assert_true (g_ptr_array_find (fixture->mirror, event, NULL));
}

static void
test_two_lists (Fixture *fixture, gconstpointer data)
{
  MpelEventList *other = mpel_event_list_new ();
  g_autoptr (MpelEvent) event = event_new ();

  g_test_summary ("An event may have ended in one list and be pending in another.");

  mpel_event_list_add (fixture->list, event);
  mpel_event_list_finish (fixture->list, event);
  update (fixture, 1);
  mpel_event_list_add (other, event);
  mpel_event_list_update (other);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (other)), ==, 1);
  mpel_event_list_finish (other, event);
  for (guint i = 0; i < MAX_FINISHED; i++)
    mpel_event_list_finish (other, add_new (other));
  mpel_event_list_update (other);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (other)), ==, MAX_FINISHED);
  update (fixture, 0);
  g_assert_finalize_object (other);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = event_new ();

  g_test_summary ("The end of an event that was never added changes nothing.");

  mpel_event_list_finish (fixture->list, event);
  update (fixture, 0);
  g_assert_cmpuint (fixture->mirror->len, ==, 0);
}

/* What should be there: all that are pending, the last that ended, and not those that went. */
typedef struct
{
  GPtrArray *pending; /* (owned) of (owned) MpelEvent, likewise the others */
  GPtrArray *ended;   /* the last ones, oldest first */
  GPtrArray *gone;
} Model;

static void
assert_has_all (Fixture *fixture, Model *model)
{
  g_assert_cmpuint (fixture->mirror->len, ==, model->pending->len + model->ended->len);
  for (guint i = 0; i < model->pending->len; i++)
    g_assert_true (g_ptr_array_find (fixture->mirror, model->pending->pdata[i], NULL));
  for (guint i = 0; i < model->ended->len; i++)
    g_assert_true (g_ptr_array_find (fixture->mirror, model->ended->pdata[i], NULL));
}

static MpelEvent *
steal_any (GPtrArray *events)
{
  if (events->len == 0)
    return event_new ();
  return g_ptr_array_steal_index (events, (guint) g_test_rand_int_range (0, (int) events->len));
}

static void
add_any (Fixture *fixture, Model *model, MpelEvent *event)
{
  mpel_event_list_add (fixture->list, event);
  g_ptr_array_add (model->pending, event);
}

static void
finish_any (Fixture *fixture, Model *model)
{
  MpelEvent *event;

  if (model->pending->len == 0)
    return;
  event = steal_any (model->pending);
  mpel_event_list_finish (fixture->list, event);
  g_ptr_array_add (model->ended, event);
  if (model->ended->len > MAX_FINISHED)
    g_ptr_array_add (model->gone, g_ptr_array_steal_index (model->ended, 0));
}

static void
do_something (Fixture *fixture, Model *model)
{
  switch (g_test_rand_int_range (0, 10))
    {
    case 0:
      add_any (fixture, model, steal_any (model->ended));
      break;
    case 1:
      add_any (fixture, model, steal_any (model->gone));
      break;
    case 2:
    case 3:
    case 4:
      add_any (fixture, model, event_new ());
      break;
    default:
      finish_any (fixture, model);
    }
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  Model model;

  g_test_summary ("Whatever happens, who believes what is told of changes has the same list.");

  model.pending = g_ptr_array_new_with_free_func (g_object_unref);
  model.ended = g_ptr_array_new_with_free_func (g_object_unref);
  model.gone = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < 5000; i++)
    {
      do_something (fixture, &model);
      if (g_test_rand_int_range (0, 50) > 0)
        continue;
      mpel_event_list_update (fixture->list);
      assert_mirrored (fixture);
      assert_has_all (fixture, &model);
      for (guint j = model.pending->len < 50 ? 100 : 0; j > 0; j--)
        add_any (fixture, &model, event_new ());
    }
  g_ptr_array_unref (model.pending);
  g_ptr_array_unref (model.ended);
  g_ptr_array_unref (model.gone);
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/unit/event-list/add", test_add);
  add ("/unit/event-list/finished-stay", test_finished_stay);
  add ("/unit/event-list/unseen", test_unseen);
  add ("/unit/event-list/again", test_again);
  add ("/unit/event-list/again-before-it-went", test_again_before_it_went);
  add ("/unit/event-list/again-when-told", test_again_when_told);
  add ("/unit/event-list/two-lists", test_two_lists);
  add ("/unit/event-list/unknown", test_unknown);
  add ("/unit/event-list/random", test_random);
  return g_test_run ();
}
