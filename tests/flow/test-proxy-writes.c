/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes of proxies that cross what the worker tells. */

#include "config.h"
#include "proxies.h"

#include "mpel-event-loop-private.h"

#define N_WRITES 1000

static void
assert_rising (GArray *values)
{
  for (guint i = 1; i < values->len; i++)
    g_assert_cmpint (g_array_index (values, int, i), >, g_array_index (values, int, i - 1));
}

static void
test_quick (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point = proxies_new_point (loop);
  g_autoptr (GArray) seen = NULL;

  g_test_summary ("A thousand writes while the worker answers the first ones: no value comes back.");

  proxies_wait_for_state (point, MPEL_PROXY_STATE_READY);
  seen = proxies_record_ints (point, "x");
  for (int i = 1; i <= N_WRITES; i++)
    {
      g_object_set (point, "x", i, NULL);
      g_assert_cmpint (proxies_get_int (point, "x"), ==, i);
      g_main_context_iteration (NULL, FALSE);
    }
  mpel_test_wait (loop);
  g_assert_cmpuint (seen->len, ==, N_WRITES);
  assert_rising (seen);
  g_assert_cmpint (proxies_get_int (point, "x"), ==, N_WRITES);

  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_joined (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *point = proxies_new_point (loop);
  guint64        last;

  g_test_summary ("Writes that wait are one, unless something between them could tell.");

  proxies_wait_for_state (point, MPEL_PROXY_STATE_READY);
  g_object_set (point, "x", 1, "y", 1, NULL);
  last = mpel_event_loop_get_private (loop)->last_serial;
  for (int i = 2; i <= N_WRITES; i++)
    g_object_set (point, "y", i, NULL);
  g_assert_cmpuint (mpel_event_loop_get_private (loop)->last_serial, ==, last);
  g_object_set (point, "x", 2, NULL);
  g_object_set (point, "y", 0, NULL);
  g_assert_cmpuint (mpel_event_loop_get_private (loop)->last_serial, ==, last + 2);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (point, "y"), ==, 0);
  g_assert_cmpint (g_variant_get_int32 (mpel_proxy_get_cached_property (point, "y")), ==, 0);

  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_order (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelGate      *gate = mpel_gate_new ();
  MpelProxy     *point = proxies_new_point (loop);
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (GPtrArray) events = NULL;

  g_test_summary ("What is written in one go is sent in that order, and joined if it can be.");

  proxies_wait_for_state (point, MPEL_PROXY_STATE_READY);
  mpel_test_add (loop, "gate", mpel_gate_args (gate));
  mpel_gate_wait (gate);
  g_object_set (point, "y", 1, "x", 1, NULL);
  g_object_set (point, "x", 2, "y", 2, NULL);
  events = mpel_event_loop_get_all (mpel_event_loop_get_private (loop));
  for (guint i = 1; i < events->len; i++)
    {
      const char *name;

      g_variant_get_child (mpel_event_get_args (events->pdata[i]), 0, "&s", &name);
      g_string_append (order, name);
    }
  g_assert_cmpstr (order->str, ==, "yxy");
  mpel_gate_open (gate);
  mpel_test_wait (loop);

  g_ptr_array_set_size (events, 0);
  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_gate_free (gate);
  mpel_test_assert_no_trace (before);
}

static void
test_both_sides (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GVariant) text = NULL;
  g_autofree char *expected = NULL;

  g_test_summary ("Both sides write a thousand times; in the end both have the same.");

  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  for (int i = 0; i < N_WRITES; i++)
    {
      if (i % 100 == 0)
        {
          g_autoptr (MpelEvent) event = mpel_proxy_call (scale, "sweep", g_variant_new ("(ii)", 0, 99), NULL, NULL);

          g_assert_nonnull (event);
        }
      g_object_set (scale, "level", i % 97, NULL);
      g_assert_cmpint (proxies_get_int (scale, "level"), ==, i % 97);
      g_main_context_iteration (NULL, FALSE);
    }
  mpel_test_wait (loop);
  text = proxies_call (scale, "get_level_text", NULL);
  expected = g_strdup_printf ("level %d", proxies_get_int (scale, "level"));
  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, expected);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, (N_WRITES - 1) % 97);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_remote (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GArray) seen = NULL;
  guint64 last;

  g_test_summary ("What the worker changes is told in order, and is not written back.");

  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  seen = proxies_record_ints (scale, "level");
  g_variant_unref (proxies_call (scale, "sweep", g_variant_new ("(ii)", 1, 100)));
  last = mpel_event_loop_get_private (loop)->last_serial;
  g_assert_cmpuint (seen->len, ==, 100);
  assert_rising (seen);
  mpel_test_wait (loop);
  g_assert_cmpuint (mpel_event_loop_get_private (loop)->last_serial, ==, last);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_clamped (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GArray) seen = NULL;

  g_test_summary ("The object makes something else of what was written: that shows, once.");

  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  seen = proxies_record_ints (scale, "level");
  g_object_set (scale, "level", 500, NULL);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 500);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 100);
  g_assert_cmpuint (seen->len, ==, 2);
  /* The object has it already, and notifies nothing. */
  g_object_set (scale, "level", 700, NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 100);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
note_failure_cb (MpelProxy *proxy, const char *name, GError *error, gpointer user_data)
{
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_string_append_printf (user_data, "%s at %d; ", name, proxies_get_int (proxy, name));
}

static void
test_refused (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GString) heard = g_string_new (NULL);

  g_test_summary ("The worker refuses a write: it is told, and the property is what it was.");

  g_signal_connect (scale, "write-failed::limit", G_CALLBACK (note_failure_cb), heard);
  g_object_set (scale, "limit", 4, NULL);
  mpel_test_wait (loop);
  g_object_set (scale, "limit", 11, NULL);
  mpel_test_wait (loop);
  g_assert_cmpstr (heard->str, ==, "limit at 4; ");
  /* The second write is good, and what shows is that. */
  g_object_set (scale, "limit", 12, NULL);
  g_object_set (scale, "level", 1, "limit", 5, NULL);
  mpel_test_wait (loop);
  g_assert_cmpstr (heard->str, ==, "limit at 4; limit at 5; ");
  g_assert_cmpint (proxies_get_int (scale, "limit"), ==, 5);
  g_assert_cmpint (mpel_proxy_get_state (scale), ==, MPEL_PROXY_STATE_READY);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
write_again_cb (GObject *scale, GParamSpec *pspec, gpointer user_data)
{
  int level = proxies_get_int (scale, "level");

  if (level % 2 != 0)
    g_object_set (scale, "level", level + 1, NULL);
}

static void
test_answered_in_notify (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  g_autoptr (GVariant) text = NULL;

  g_test_summary ("Who writes a property when it hears that it changed has written it.");

  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  g_signal_connect (scale, "notify::level", G_CALLBACK (write_again_cb), NULL);
  g_variant_unref (proxies_call (scale, "sweep", g_variant_new ("(ii)", 33, 33)));
  mpel_test_wait (loop);
  text = proxies_call (scale, "get_level_text", NULL);
  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, "level 34");
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 34);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_frozen (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);
  guint64        last;

  g_test_summary ("Notifications that are frozen while the worker changes something write nothing later.");

  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  g_object_freeze_notify (G_OBJECT (scale));
  g_variant_unref (proxies_call (scale, "sweep", g_variant_new ("(ii)", 1, 5)));
  last = mpel_event_loop_get_private (loop)->last_serial;
  g_object_thaw_notify (G_OBJECT (scale));
  g_assert_cmpuint (mpel_event_loop_get_private (loop)->last_serial, ==, last);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 5);
  g_object_set (scale, "level", 6, NULL);
  g_assert_cmpuint (mpel_event_loop_get_private (loop)->last_serial, ==, last + 1);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_busy (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelGate      *gate = mpel_gate_new ();
  MpelProxy     *point = proxies_new_point (loop);

  g_test_summary ("A proxy does not wait for a worker that computes; and the worker hears the last word.");

  proxies_wait_for_state (point, MPEL_PROXY_STATE_READY);
  mpel_test_add (loop, "gate", mpel_gate_args (gate));
  mpel_gate_wait (gate);
  for (int i = 0; i <= N_WRITES; i++)
    g_object_set (point, "x", i, "y", -i, NULL);
  g_assert_cmpint (proxies_get_int (point, "x"), ==, N_WRITES);
  mpel_gate_open (gate);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (point, "x"), ==, N_WRITES);
  g_assert_cmpint (proxies_get_int (point, "y"), ==, -N_WRITES);

  g_assert_finalize_object (point);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_gate_free (gate);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  objects_register (worker);
  mpel_worker_add_function (worker, "gate", mpel_gate_target, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-writes/quick", test_quick);
  g_test_add_func ("/flow/proxy-writes/joined", test_joined);
  g_test_add_func ("/flow/proxy-writes/order", test_order);
  g_test_add_func ("/flow/proxy-writes/both-sides", test_both_sides);
  g_test_add_func ("/flow/proxy-writes/remote", test_remote);
  g_test_add_func ("/flow/proxy-writes/clamped", test_clamped);
  g_test_add_func ("/flow/proxy-writes/refused", test_refused);
  g_test_add_func ("/flow/proxy-writes/answered-in-notify", test_answered_in_notify);
  g_test_add_func ("/flow/proxy-writes/frozen", test_frozen);
  g_test_add_func ("/flow/proxy-writes/busy", test_busy);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
