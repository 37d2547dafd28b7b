/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tasks that wait for the same thing: each is told once, whoever tells first. */

#include "config.h"
#include "mpel-waiters-private.h"

/* One who waits. */
typedef struct
{
  MpelWaiters  *set;        /* (unowned) (nullable) where to wait again when told */
  GCancellable *to_cancel;  /* (unowned) (nullable) what to cancel when told */
  GTask        *to_release; /* (unowned) (nullable) whom to release when told */
  guint         n_told;
  gboolean      result;
  GError       *error; /* (owned) (nullable) */
} Listener;

static GTask *wait_for (MpelWaiters  *set,
                        GCancellable *cancellable,
                        Listener     *listener);

static void
told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Listener    *listener = user_data;
  MpelWaiters *set = g_steal_pointer (&listener->set);

  listener->n_told++;
  g_clear_error (&listener->error);
  listener->result = g_task_propagate_boolean (G_TASK (result), &listener->error);
  if (listener->to_cancel != NULL)
    g_cancellable_cancel (listener->to_cancel);
  if (listener->to_release != NULL)
    mpel_waiters_release_task (set, listener->to_release, NULL);
  else if (set != NULL)
    wait_for (set, NULL, listener);
}

/* Returns: (transfer none): the set keeps it */
static GTask *
wait_for (MpelWaiters *set, GCancellable *cancellable, Listener *listener)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, told_cb, listener);

  g_task_set_name (task, "[mpel] test waiting");
  mpel_waiters_add (set, task);
  return task;
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_told (Listener *listener, guint n_told)
{
  g_assert_cmpuint (listener->n_told, ==, n_told);
  if (n_told == 0)
    return;
  g_assert_no_error (listener->error);
  g_assert_true (listener->result);
}

static void
assert_cancelled (Listener *listener)
{
  g_assert_cmpuint (listener->n_told, ==, 1);
  g_assert_error (listener->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (listener->result);
  g_clear_error (&listener->error);
}

static MpelWaiters *
waiters_new (void)
{
  return mpel_waiters_new (g_main_context_default ());
}

static void
test_release (void)
{
  MpelWaiters *set = waiters_new ();
  Listener     a = { 0 };
  Listener     b = { 0 };

  g_test_summary ("All who wait are told, once; who was told waits no more.");

  g_assert_true (mpel_waiters_is_empty (set));
  mpel_waiters_release (set, NULL);
  wait_for (set, NULL, &a);
  wait_for (set, NULL, &b);
  g_assert_false (mpel_waiters_is_empty (set));
  iterate ();
  assert_told (&a, 0);

  mpel_waiters_release (set, NULL);
  g_assert_true (mpel_waiters_is_empty (set));
  mpel_waiters_release (set, NULL);
  iterate ();
  assert_told (&a, 1);
  assert_told (&b, 1);
  mpel_waiters_free (set);
}

static void
test_release_with_error (void)
{
  MpelWaiters *set = waiters_new ();
  Listener     a = { 0 };
  Listener     b = { 0 };
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "the reason");

  g_test_summary ("An error goes to each of them as its own.");

  wait_for (set, NULL, &a);
  wait_for (set, NULL, &b);
  mpel_waiters_release (set, error);
  iterate ();
  g_assert_error (a.error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_error (b.error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (b.error->message, ==, "the reason");
  g_assert_true (a.error != b.error);
  g_clear_error (&a.error);
  g_clear_error (&b.error);
  mpel_waiters_free (set);
}

static void
test_reset (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { 0 };

  g_test_summary ("Who is cancelled is told, also if the cancellable is reset meanwhile.");

  wait_for (set, cancellable, &a);
  g_cancellable_cancel (cancellable);
  g_cancellable_reset (cancellable);
  iterate ();
  assert_cancelled (&a);
  mpel_waiters_free (set);
  g_assert_finalize_object (cancellable);
}

static void
test_cancel (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { 0 };
  Listener      b = { 0 };

  g_test_summary ("Who is cancelled leaves at once; the others go on waiting.");

  wait_for (set, cancellable, &a);
  wait_for (set, NULL, &b);
  g_cancellable_cancel (cancellable);
  iterate ();
  assert_cancelled (&a);
  assert_told (&b, 0);

  mpel_waiters_release (set, NULL);
  iterate ();
  g_assert_cmpuint (a.n_told, ==, 1);
  assert_told (&b, 1);
  mpel_waiters_free (set);
  g_assert_finalize_object (cancellable);
}

static void
test_cancelled_before (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { 0 };

  g_test_summary ("Who comes cancelled is told so.");

  g_cancellable_cancel (cancellable);
  wait_for (set, cancellable, &a);
  iterate ();
  assert_cancelled (&a);
  g_assert_true (mpel_waiters_is_empty (set));
  mpel_waiters_free (set);
  g_assert_finalize_object (cancellable);
}

static void
test_cancel_and_release (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { 0 };

  g_test_summary ("Cancelled and released in one turn, it is told once.");

  wait_for (set, cancellable, &a);
  g_cancellable_cancel (cancellable);
  mpel_waiters_release (set, NULL);
  iterate ();
  assert_cancelled (&a);
  mpel_waiters_free (set);
  g_assert_finalize_object (cancellable);
}

static void
test_cancel_after_release (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { 0 };

  g_test_summary ("Cancelling one that was told changes nothing.");

  wait_for (set, cancellable, &a);
  mpel_waiters_release (set, NULL);
  iterate ();
  assert_told (&a, 1);
  g_cancellable_cancel (cancellable);
  iterate ();
  assert_told (&a, 1);
  mpel_waiters_free (set);
  g_assert_finalize_object (cancellable);
}

static void
test_shared_cancellable (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      listeners[5] = { 0 };

  g_test_summary ("One cancellable may end many.");

  for (guint i = 0; i < G_N_ELEMENTS (listeners); i++)
    wait_for (set, cancellable, &listeners[i]);
  g_cancellable_cancel (cancellable);
  iterate ();
  for (guint i = 0; i < G_N_ELEMENTS (listeners); i++)
    assert_cancelled (&listeners[i]);
  g_assert_true (mpel_waiters_is_empty (set));
  mpel_waiters_free (set);
  g_assert_finalize_object (cancellable);
}

/* From a source, where a task tells its listener at once and not a turn later. */
static gboolean
release_cb (gpointer user_data)
{
  mpel_waiters_release (user_data, NULL);
  return G_SOURCE_REMOVE;
}

static void
test_add_while_releasing (void)
{
  MpelWaiters *set = waiters_new ();
  Listener     a = { .set = set };
  Listener     b = { 0 };

  g_test_summary ("Who waits again while the others are told waits for the next time.");

  wait_for (set, NULL, &a);
  wait_for (set, NULL, &b);
  iterate ();
  g_idle_add (release_cb, set);
  iterate ();
  assert_told (&a, 1);
  assert_told (&b, 1);
  g_assert_false (mpel_waiters_is_empty (set));

  mpel_waiters_release (set, NULL);
  iterate ();
  assert_told (&a, 2);
  assert_told (&b, 1);
  mpel_waiters_free (set);
}

static void
test_cancel_while_releasing (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { .to_cancel = cancellable };
  Listener      b = { 0 };

  g_test_summary ("One listener may cancel another that is being told: that one hears one thing.");

  wait_for (set, NULL, &a);
  wait_for (set, cancellable, &b);
  iterate ();
  g_idle_add (release_cb, set);
  iterate ();
  assert_told (&a, 1);
  g_assert_cmpuint (b.n_told, ==, 1);
  g_clear_error (&b.error);
  mpel_waiters_free (set);
  g_assert_finalize_object (cancellable);
}

static void
test_release_task (void)
{
  MpelWaiters *set = waiters_new ();
  Listener     a = { 0 };
  Listener     b = { 0 };
  Listener     c = { 0 };
  GTask       *task;
  g_autoptr (GTask) stranger = g_task_new (NULL, NULL, NULL, NULL);

  g_test_summary ("One may be released alone; one that does not wait here is let be.");

  wait_for (set, NULL, &a);
  task = wait_for (set, NULL, &b);
  wait_for (set, NULL, &c);
  mpel_waiters_release_task (set, task, NULL);
  mpel_waiters_release_task (set, stranger, NULL);
  iterate ();
  assert_told (&a, 0);
  assert_told (&b, 1);
  assert_told (&c, 0);

  mpel_waiters_release (set, NULL);
  iterate ();
  assert_told (&a, 1);
  assert_told (&b, 1);
  assert_told (&c, 1);
  g_task_return_boolean (stranger, TRUE);
  iterate ();
  mpel_waiters_free (set);
}

static void
test_release_task_while_releasing (void)
{
  MpelWaiters *set = waiters_new ();
  Listener     a = { .set = set };
  Listener     b = { 0 };

  g_test_summary ("One that is being told with the others cannot be told alone as well.");

  wait_for (set, NULL, &a);
  a.to_release = wait_for (set, NULL, &b);
  iterate ();
  g_idle_add (release_cb, set);
  iterate ();
  assert_told (&a, 1);
  assert_told (&b, 1);
  mpel_waiters_free (set);
}

/* Notes its number among those that were told. */
static void
note_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GArray *told = user_data;
  guint   number = GPOINTER_TO_UINT (g_task_get_task_data (G_TASK (result)));

  g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
  g_array_append_val (told, number);
}

static void
wait_with_number (MpelWaiters *set, GArray *told, guint number)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, note_cb, told);

  g_task_set_task_data (task, GUINT_TO_POINTER (number), NULL);
  mpel_waiters_add (set, task);
}

static void
test_order (void)
{
  MpelWaiters *set = waiters_new ();
  g_autoptr (GArray) told = g_array_new (FALSE, FALSE, sizeof (guint));

  g_test_summary ("They are told in the order in which they came.");

  for (guint i = 0; i < 10; i++)
    wait_with_number (set, told, i);
  mpel_waiters_release (set, NULL);
  iterate ();
  g_assert_cmpuint (told->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (g_array_index (told, guint, i), ==, i);
  mpel_waiters_free (set);
}

static void
test_steal_first (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { 0 };
  Listener      b = { 0 };
  Listener      c = { 0 };
  GTask        *task_a;
  g_autoptr (GTask) first = NULL;
  g_autoptr (GTask) second = NULL;

  g_test_summary ("The one who waits longest can be taken out, and its cancellable has no say any more.");

  task_a = wait_for (set, cancellable, &a);
  wait_for (set, cancellable, &b);
  wait_for (set, NULL, &c);
  first = mpel_waiters_steal_first (set);
  g_assert_true (first == task_a);
  g_cancellable_cancel (cancellable);
  iterate ();
  assert_told (&a, 0);
  assert_cancelled (&b);

  second = mpel_waiters_steal_first (set);
  g_assert_true (mpel_waiters_is_empty (set));
  mpel_waiters_release (set, NULL);
  g_task_return_boolean (second, TRUE);
  g_task_set_check_cancellable (first, FALSE);
  g_task_return_boolean (first, TRUE);
  iterate ();
  assert_told (&a, 1);
  assert_told (&c, 1);
  mpel_waiters_free (set);
  g_clear_object (&first);
  g_clear_object (&second);
  g_assert_finalize_object (cancellable);
}

static void
test_free_with_waiters (void)
{
  MpelWaiters  *set = waiters_new ();
  GCancellable *cancellable = g_cancellable_new ();
  Listener      a = { 0 };

  g_test_summary ("With the set go those who wait, untold, and nobody watches their cancellables.");

  wait_for (set, cancellable, &a);
  mpel_waiters_free (set);
  g_cancellable_cancel (cancellable);
  iterate ();
  assert_told (&a, 0);
  g_assert_finalize_object (cancellable);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/waiters/release", test_release);
  g_test_add_func ("/unit/waiters/release-with-error", test_release_with_error);
  g_test_add_func ("/unit/waiters/cancel", test_cancel);
  g_test_add_func ("/unit/waiters/reset", test_reset);
  g_test_add_func ("/unit/waiters/cancelled-before", test_cancelled_before);
  g_test_add_func ("/unit/waiters/cancel-and-release", test_cancel_and_release);
  g_test_add_func ("/unit/waiters/cancel-after-release", test_cancel_after_release);
  g_test_add_func ("/unit/waiters/shared-cancellable", test_shared_cancellable);
  g_test_add_func ("/unit/waiters/add-while-releasing", test_add_while_releasing);
  g_test_add_func ("/unit/waiters/cancel-while-releasing", test_cancel_while_releasing);
  g_test_add_func ("/unit/waiters/release-task", test_release_task);
  g_test_add_func ("/unit/waiters/release-task-while-releasing", test_release_task_while_releasing);
  g_test_add_func ("/unit/waiters/order", test_order);
  g_test_add_func ("/unit/waiters/steal-first", test_steal_first);
  g_test_add_func ("/unit/waiters/free-with-waiters", test_free_with_waiters);
  return g_test_run ();
}
