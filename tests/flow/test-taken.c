/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* For bindings: events that are taken instead of being handed out, and arguments that are bytes. */

#include "config.h"
#include "mpel-test.h"

#include <string.h>

/* ---- worker ---- */

static void
reverse (MpelInvocation *invocation, gpointer user_data)
{
  gsize              length;
  const guint8      *payload = mpel_invocation_get_payload (invocation, &length);
  g_autofree guint8 *answer = NULL;

  if (payload == NULL)
    {
      mpel_invocation_return_value (invocation, g_variant_new ("(s)", "no payload"));
      return;
    }
  answer = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    answer[i] = payload[length - 1 - i];
  mpel_invocation_return_payload (invocation, answer, length);
}

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
  MpelEventLoop *loop;
  GPtrArray     *ends;  /* what the output handlers heard */
  GPtrArray     *taken; /* of MpelEvent */
  guint          n_calls;
  guint          n_to_wait_for; /* what the first one that is taken waits for */
} Fixture;

static void
take_cb (MpelEventLoop *loop, gpointer user_data)
{
  Fixture   *fixture = user_data;
  MpelEvent *event;

  fixture->n_calls++;
  while ((event = mpel_event_loop_take_ended (loop)) != NULL)
    {
      g_ptr_array_add (fixture->taken, event);
      g_assert_true (mpel_event_is_ended (event));
      while (fixture->taken->len < fixture->n_to_wait_for)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
forget_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_calls = 0;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->before = mpel_test_trace ();
  fixture->loop = mpel_test_loop_new ();
  mpel_event_loop_set_delivery_slice (fixture->loop, G_TIME_SPAN_MINUTE); /* or some are not taken */
  fixture->ends = mpel_test_collect (fixture->loop);
  fixture->taken = g_ptr_array_new_with_free_func (g_object_unref);
  mpel_event_loop_set_ended_func (fixture->loop, take_cb, fixture, forget_cb);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mpel_test_loop_close_and_assert_finalized (fixture->loop);
  g_assert_cmpuint (fixture->n_calls, ==, 0);
  g_clear_pointer (&fixture->taken, g_ptr_array_unref);
  g_clear_pointer (&fixture->ends, g_ptr_array_unref);
  mpel_test_assert_no_trace (fixture->before);
}

static void
add_payload (Fixture *fixture, const char *text)
{
  g_autoptr (MpelEvent) event = mpel_event_new_payload ("reverse", (const guint8 *) text, strlen (text));
  g_autoptr (GError) error = NULL;

  mpel_event_loop_add_event (fixture->loop, event, &error);
  g_assert_no_error (error);
}

static void
assert_payload (MpelEvent *event, const char *text)
{
  gsize         length;
  const guint8 *payload = mpel_event_get_payload (event, &length);

  g_assert_cmpmem (payload, length, text, strlen (text));
}

static void
test_payload (Fixture *fixture, gconstpointer data)
{
  gsize length = 1;
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("Bytes travel as they are; what is none gives none.");

  mpel_event_loop_set_ended_func (fixture->loop, NULL, NULL, NULL);
  event = mpel_event_new_payload ("reverse", (const guint8 *) "\0abc", 4);
  mpel_event_loop_add_event (fixture->loop, event, NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpmem (mpel_event_get_payload (event, &length), length, "cba\0", 4);
  g_clear_object (&event);

  event = mpel_event_new ("reverse", g_variant_new ("(i)", 1), NULL);
  g_assert_null (mpel_event_get_payload (event, &length));
  mpel_event_loop_add_event (fixture->loop, event, NULL);
  mpel_test_wait (fixture->loop);
  g_assert_null (mpel_event_get_payload (event, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpstr (fixture->ends->pdata[1], ==, "('no payload',)");
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  const int n = mpel_test_is_watched () ? 500 : 5000;
  guint     n_taken = 0;

  g_test_summary ("Each event is taken or handed out, once and in order; most are taken.");

  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d", i);

      add_payload (fixture, text);
    }
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->taken->len + fixture->ends->len, ==, n);
  g_assert_cmpuint (fixture->taken->len, >, n / 2);
  /* Where all is slow, each may come when the one before was taken long ago. */
  if (!mpel_test_is_watched ())
    g_assert_cmpuint (fixture->n_calls, <, n / 2);
  for (int i = 0; i < n && n_taken < fixture->taken->len; i++)
    {
      g_autofree char *text = g_strreverse (g_strdup_printf ("%d", i));
      gsize            length;
      const guint8    *payload = mpel_event_get_payload (fixture->taken->pdata[n_taken], &length);

      n_taken += length == strlen (text) && memcmp (payload, text, length) == 0;
    }
  g_assert_cmpuint (n_taken, ==, fixture->taken->len);
  mpel_event_loop_set_ended_func (fixture->loop, NULL, NULL, NULL);
}

static void
test_nested (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Who has taken one may wait for all the others in a main loop of its own.");

  fixture->n_to_wait_for = 3;
  add_payload (fixture, "a");
  add_payload (fixture, "b");
  mpel_test_add (fixture->loop, "fail", NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->taken->len, ==, 3);
  assert_payload (fixture->taken->pdata[0], "a");
  assert_payload (fixture->taken->pdata[1], "b");
  g_assert_error (mpel_event_get_error (fixture->taken->pdata[2]), G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (fixture->loop), ==, 0);
  mpel_event_loop_set_ended_func (fixture->loop, NULL, NULL, NULL);
}

static gboolean
count_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  (*(guint *) user_data)++;
  return FALSE;
}

static void
test_heard (Fixture *fixture, gconstpointer data)
{
  guint n_heard = 0;
  g_autoptr (MpelEvent) keyed = mpel_event_new_payload ("reverse", (const guint8 *) "key", 3);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An event that somebody listens to, or waits for, is not taken away.");

  g_signal_connect (fixture->loop, "event-done::blue", G_CALLBACK (count_cb), &n_heard);
  mpel_event_set_event_key (keyed, "blue");
  mpel_event_loop_add_event (fixture->loop, keyed, NULL);
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (n_heard, ==, 1);
  g_assert_cmpuint (fixture->ends->len, ==, 1);

  mpel_event_set_event_key (keyed, NULL);
  mpel_event_loop_run_until_complete (fixture->loop, &keyed, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->taken->len, ==, 0);
  g_assert_cmpuint (fixture->ends->len, ==, 2);
  g_assert_null (mpel_event_loop_take_ended (fixture->loop));
  mpel_event_loop_set_ended_func (fixture->loop, NULL, NULL, NULL);
}

/* Sets none while it runs; what it was given has to be there until it returns. */
static void
take_last_cb (MpelEventLoop *loop, gpointer user_data)
{
  Fixture   *fixture = user_data;
  MpelEvent *event = mpel_event_loop_take_ended (loop);

  if (event == NULL)
    return;
  g_ptr_array_add (fixture->taken, event);
  fixture->n_calls++;
  mpel_event_loop_set_ended_func (loop, NULL, NULL, NULL);
  g_assert_cmpuint (fixture->n_calls, ==, 1);
}

static void
test_unset (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A function that is unset while it runs keeps what it was given until it returns.");

  mpel_event_loop_set_ended_func (fixture->loop, take_last_cb, fixture, forget_cb);
  add_payload (fixture, "a");
  add_payload (fixture, "b");
  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->n_calls, ==, 0);
  g_assert_cmpuint (fixture->taken->len, ==, 1);
  g_assert_cmpuint (fixture->ends->len, ==, 1);
}

static void
test_added (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Bytes are added in one go, unless the loop takes no event.");

  event = mpel_event_loop_add_payload (fixture->loop, "reverse", (const guint8 *) "abc", 3, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mpel_event_get_target (event), ==, "reverse");
  mpel_event_loop_set_max_pending (fixture->loop, 1);
  g_assert_null (mpel_event_loop_add_payload (fixture->loop, "reverse", NULL, 0, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FULL);

  mpel_test_wait (fixture->loop);
  g_assert_cmpuint (fixture->taken->len, ==, 1);
  g_assert_true (fixture->taken->pdata[0] == event);
  assert_payload (event, "cba");
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_handler (worker, "reverse", reverse, NULL, NULL);
  mpel_worker_add_function (worker, "fail", fail, NULL, NULL);
}

static void
add (const char *path, void (*func) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

static void
add_tests (void)
{
  add ("/flow/taken/payload", test_payload);
  add ("/flow/taken/added", test_added);
  add ("/flow/taken/all", test_all);
  add ("/flow/taken/nested", test_nested);
  add ("/flow/taken/heard", test_heard);
  add ("/flow/taken/unset", test_unset);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
