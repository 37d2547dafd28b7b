/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Events that wait: the highest priority first, and those of one priority as they were added. */

#include "config.h"
#include "mpel-queue-private.h"

static guint64 last_serial;

/* Returns (transfer full): as a loop hands one to its queue */
static MpelEvent *
event_new (int priority)
{
  MpelEvent       *event = mpel_event_new ("any", NULL, NULL);
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

  ticket->serial = ++last_serial;
  ticket->priority = priority;
  ticket->link.data = event;
  return event;
}

static MpelEvent *
push_new (MpelQueue *queue, int priority)
{
  MpelEvent *event = event_new (priority);

  mpel_queue_push (queue, event);
  return event;
}

static guint64
get_serial (gpointer event)
{
  return mpel_event_get_private (event)->ticket.serial;
}

static void
assert_pops (MpelQueue *queue, MpelEvent *expected)
{
  g_autoptr (MpelEvent) event = mpel_queue_pop (queue);

  g_assert_true (event == expected);
}

static void
assert_empty_and_clear (MpelQueue *queue)
{
  g_assert_true (mpel_queue_is_empty (queue));
  g_assert_cmpuint (queue->n_events, ==, 0);
  g_assert_null (mpel_queue_pop (queue));
  g_assert_null (mpel_queue_pop_until (queue, G_MAXUINT64));
  mpel_queue_clear (queue);
}

static void
test_order (void)
{
  const int  priorities[] = { 0, 5, -5, 0, G_MAXINT, G_MININT, 5, 1, -1, G_MAXINT, G_MININT };
  const int  expected[] = { 4, 9, 1, 6, 7, 0, 3, 8, 2, 5, 10 };
  MpelEvent *events[G_N_ELEMENTS (priorities)];
  MpelQueue  queue;

  g_test_summary ("The highest goes first, up to the ends of the numbers; equals go in order.");

  mpel_queue_init (&queue);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    events[i] = push_new (&queue, priorities[i]);
  g_assert_cmpuint (queue.n_events, ==, G_N_ELEMENTS (priorities));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    assert_pops (&queue, events[expected[i]]);
  assert_empty_and_clear (&queue);
}

static void
test_put_back (void)
{
  MpelQueue  queue;
  MpelEvent *events[6];

  g_test_summary ("One that comes back takes its old place: before younger ones, behind older ones and higher ones.");

  mpel_queue_init (&queue);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    events[i] = push_new (&queue, i == 5 ? 1 : 0);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_assert_nonnull (mpel_queue_pop (&queue));

  mpel_queue_put_back (&queue, events[2]);
  mpel_queue_put_back (&queue, events[4]);
  mpel_queue_put_back (&queue, events[0]);
  mpel_queue_put_back (&queue, events[3]);
  mpel_queue_put_back (&queue, events[5]);
  mpel_queue_put_back (&queue, events[1]);
  assert_pops (&queue, events[5]);
  for (guint i = 0; i < 5; i++)
    assert_pops (&queue, events[i]);
  assert_empty_and_clear (&queue);
}

static void
test_pop_until (void)
{
  MpelQueue  queue;
  MpelEvent *low, *high, *young;

  g_test_summary ("What was added after a certain event can be let be, whatever its priority.");

  mpel_queue_init (&queue);
  low = push_new (&queue, -1);
  high = push_new (&queue, 1);
  young = push_new (&queue, 2);
  g_assert_null (mpel_queue_pop_until (&queue, get_serial (low) - 1));
  g_assert_true (mpel_queue_pop_until (&queue, get_serial (high)) == high);
  g_assert_true (mpel_queue_pop_until (&queue, get_serial (high)) == low);
  g_assert_null (mpel_queue_pop_until (&queue, get_serial (high)));
  assert_pops (&queue, young);
  g_object_unref (low);
  g_object_unref (high);
  assert_empty_and_clear (&queue);
}

static void
test_unlink (void)
{
  MpelQueue  queue;
  MpelEvent *events[5];

  g_test_summary ("One can be taken out wherever it is: first, last, between, alone.");

  mpel_queue_init (&queue);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    events[i] = push_new (&queue, i == 4 ? 7 : 0);
  mpel_queue_unlink (events[1]);
  mpel_queue_unlink (events[0]);
  mpel_queue_unlink (events[3]);
  mpel_queue_unlink (events[4]);
  g_assert_cmpuint (queue.n_events, ==, 1);
  mpel_queue_push (&queue, events[3]);
  assert_pops (&queue, events[2]);
  assert_pops (&queue, events[3]);
  g_assert_finalize_object (events[0]);
  g_assert_finalize_object (events[1]);
  g_assert_finalize_object (events[4]);
  assert_empty_and_clear (&queue);
}

static void
test_add_to (void)
{
  MpelQueue queue;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("All can be looked at, and stay.");

  mpel_queue_init (&queue);
  for (int i = 0; i < 9; i++)
    push_new (&queue, i % 3);
  mpel_queue_add_to (&queue, events);
  g_assert_cmpuint (events->len, ==, 9);
  g_assert_cmpuint (queue.n_events, ==, 9);
  for (guint i = 0; i < 9; i++)
    g_object_unref (mpel_queue_pop (&queue));
  for (guint i = 0; i < 9; i++)
    g_assert_cmpuint (G_OBJECT (events->pdata[i])->ref_count, ==, 1);
  assert_empty_and_clear (&queue);
}

/* The next among @model, looked for in the plainest way. */
static guint
find_first (GPtrArray *model, guint64 last)
{
  guint first = G_MAXUINT;

  for (guint i = 0; i < model->len; i++)
    {
      MpelEventTicket *ticket = &mpel_event_get_private (model->pdata[i])->ticket;
      MpelEventTicket *best = first != G_MAXUINT ? &mpel_event_get_private (model->pdata[first])->ticket : NULL;

      if (ticket->serial <= last &&
          (best == NULL || ticket->priority > best->priority || (ticket->priority == best->priority && ticket->serial < best->serial)))
        first = i;
    }
  return first;
}

/* pop_until looks at the head of each priority only. */
static void
take_and_compare (MpelQueue *queue, GPtrArray *model, GPtrArray *outside)
{
  guint      first = find_first (model, G_MAXUINT64);
  MpelEvent *event = g_test_rand_bit () ? mpel_queue_pop (queue) : mpel_queue_pop_until (queue, last_serial);

  g_assert_true (event == (first != G_MAXUINT ? model->pdata[first] : NULL));
  if (event == NULL)
    return;
  g_ptr_array_remove_index (model, first);
  g_ptr_array_add (outside, event);
}

static void
do_something (MpelQueue *queue, GPtrArray *model, GPtrArray *outside)
{
  guint index;

  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
    case 1:
      g_ptr_array_add (model, push_new (queue, g_test_rand_int_range (-3, 4)));
      break;
    case 2:
      take_and_compare (queue, model, outside);
      break;
    case 3:
      if (outside->len == 0)
        break;
      index = (guint) g_test_rand_int_range (0, (int) outside->len);
      mpel_queue_put_back (queue, outside->pdata[index]);
      g_ptr_array_add (model, g_ptr_array_steal_index_fast (outside, index));
      break;
    default:
      if (model->len == 0)
        break;
      index = (guint) g_test_rand_int_range (0, (int) model->len);
      mpel_queue_unlink (model->pdata[index]);
      g_ptr_array_add (outside, g_ptr_array_remove_index (model, index));
    }
}

static void
test_random (void)
{
  MpelQueue queue;
  g_autoptr (GPtrArray) model = g_ptr_array_new ();
  g_autoptr (GPtrArray) outside = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Whatever is done with it, it is like a list that is searched from end to end.");

  mpel_queue_init (&queue);
  for (guint i = 0; i < 20000; i++)
    {
      do_something (&queue, model, outside);
      g_assert_cmpuint (queue.n_events, ==, model->len);
    }
  while (model->len > 0)
    take_and_compare (&queue, model, outside);
  assert_empty_and_clear (&queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/queue/order", test_order);
  g_test_add_func ("/unit/queue/put-back", test_put_back);
  g_test_add_func ("/unit/queue/pop-until", test_pop_until);
  g_test_add_func ("/unit/queue/unlink", test_unlink);
  g_test_add_func ("/unit/queue/add-to", test_add_to);
  g_test_add_func ("/unit/queue/random", test_random);
  return g_test_run ();
}
