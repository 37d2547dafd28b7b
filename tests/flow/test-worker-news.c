/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A real worker whose objects have more to tell than the host, which speaks the wire by hand, takes. */

#include "config.h"
#include "../unit/watched-thing.h"
#include "by-hand.h"

#include "mpel-names-private.h"
#include "mpel.h"

#define THING 2
#define N_FLOOD 20000
#define N_SIGNALS 6000

static MpelInvocation *kept = NULL; /* (owned) (nullable) */
static GPtrArray      *threads;     /* of (owned) GThread: joined when the worker has left */

static int
get_int (GVariant *args)
{
  int n;

  g_variant_get (args, "(i)", &n);
  return n;
}

static void
change_often (GObject *object, int n)
{
  for (int i = 1; i <= n; i++)
    watched_thing_set_x (WATCHED_THING (object), i);
}

static void
emit_often (GObject *object, int n)
{
  for (int i = 0; i < n; i++)
    g_signal_emit_by_name (object, "moved", i, -i);
}

static GVariant *
change (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  change_often (object, get_int (args));
  return g_variant_new ("()");
}

static void
change_and_keep (MpelInvocation *invocation, gpointer user_data)
{
  change_often (mpel_invocation_get_object (invocation), get_int (mpel_invocation_get_args (invocation)));
  kept = g_object_ref (invocation);
}

static GVariant *
answer_kept (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_return_value (kept, g_variant_new ("()"));
  g_clear_object (&kept);
  return g_variant_new ("()");
}

static GVariant *
emit (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  emit_often (object, get_int (args));
  return g_variant_new ("()");
}

static gpointer
emit_thread (gpointer user_data)
{
  g_autoptr (GObject) object = user_data;

  emit_often (object, N_SIGNALS);
  return NULL;
}

static GVariant *
emit_in_thread (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_ptr_array_add (threads, g_thread_new ("emit", emit_thread, g_object_ref (object)));
  return g_variant_new ("()");
}

/* The host has to die while the main thread waits for a thread that waits for the host. */
static GVariant *
emit_in_thread_and_wait (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_thread_join (g_thread_new ("emit", emit_thread, g_object_ref (object)));
  return g_variant_new ("()");
}

/* In GDBus's thread. */
static void
emit_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  emit_often (user_data, N_SIGNALS);
}

static void
emit_when_cancelled (MpelInvocation *invocation, gpointer user_data)
{
  GObject *object = mpel_invocation_get_object (invocation);

  g_cancellable_connect (mpel_invocation_get_cancellable (invocation), G_CALLBACK (emit_cancelled_cb), g_object_ref (object), g_object_unref);
  mpel_invocation_report_progress (invocation, 0, "ready");
  kept = g_object_ref (invocation);
}

static int
run_worker (MpelWorker *worker)
{
  int status;

  threads = g_ptr_array_new ();
  mpel_worker_add_class (worker, WATCHED_TYPE_THING, "Thing");
  mpel_worker_add_method (worker, WATCHED_TYPE_THING, "change", change, NULL, NULL);
  mpel_worker_add_method_handler (worker, WATCHED_TYPE_THING, "change-and-keep", change_and_keep, NULL, NULL);
  mpel_worker_add_function (worker, "answer-kept", answer_kept, NULL, NULL);
  mpel_worker_add_method (worker, WATCHED_TYPE_THING, "emit", emit, NULL, NULL);
  mpel_worker_add_method (worker, WATCHED_TYPE_THING, "emit-in-thread", emit_in_thread, NULL, NULL);
  mpel_worker_add_method (worker, WATCHED_TYPE_THING, "emit-in-thread-and-wait", emit_in_thread_and_wait, NULL, NULL);
  mpel_worker_add_method_handler (worker, WATCHED_TYPE_THING, "emit-when-cancelled", emit_when_cancelled, NULL, NULL);
  status = mpel_worker_run (worker);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
  g_ptr_array_unref (threads);
  return status;
}

/* A host that watches a thing; the first event is taken. */
static ByHand *
watch (void)
{
  ByHand *host = by_hand_new ();

  by_hand_create (host, THING, "Thing", NULL);
  by_hand_run_method (host, 1, THING, "mpel:watch", "(['x'], @as [], ['moved'])", "DONE 1 *");
  return host;
}

/* Acknowledges all of a kind as it comes, until there are so many. */
static void
take_all (ByHand *host, const char *pattern, guint n)
{
  guint n_taken = 0;

  while (n_taken < n)
    {
      by_hand_wait_count (host, pattern, n_taken + 1);
      by_hand_acknowledge (host, 0, by_hand_count (host, pattern) - n_taken);
      n_taken = by_hand_count (host, pattern);
    }
}

static void
test_flood (void)
{
  ByHand *host = watch ();

  g_test_summary ("A host that takes nothing is told no more than the window; and the last value, when it does.");
  by_hand_add_method (host, 2, THING, "change-and-keep", "(" G_STRINGIFY (N_FLOOD) ",)");
  by_hand_send (host);
  by_hand_wait_taken (host, 2);
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, MPEL_CHANGE_WINDOW);
  g_assert_cmpuint (by_hand_count (host, "CHANGED 2 x " G_STRINGIFY (MPEL_CHANGE_WINDOW)), ==, 1);

  by_hand_acknowledge (host, 0, 1);
  by_hand_wait (host, "CHANGED 2 x " G_STRINGIFY (N_FLOOD));
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, MPEL_CHANGE_WINDOW + 1);
  by_hand_run (host, 3, "answer-kept", "()", "DONE 3 ()");
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, MPEL_CHANGE_WINDOW + 1);
  by_hand_free (host);
}

static void
test_flood_before_answer (void)
{
  ByHand *host = watch ();

  g_test_summary ("The last value comes before the answer, whether the host takes anything or not.");
  by_hand_run_method (host, 2, THING, "change", "(" G_STRINGIFY (N_FLOOD) ",)", "DONE 2 ()");
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, MPEL_CHANGE_WINDOW + 1);
  g_assert_cmpuint (by_hand_find (host, "CHANGED 2 x " G_STRINGIFY (N_FLOOD)), <, by_hand_find (host, "DONE 2 ()"));
  by_hand_free (host);
}

static void
test_flood_taken (void)
{
  ByHand *host = watch ();

  g_test_summary ("Who takes everything in time is told of every change.");
  by_hand_add_method (host, 2, THING, "change", "(" G_STRINGIFY (MPEL_CHANGE_WINDOW) ",)");
  by_hand_send (host);
  take_all (host, "CHANGED *", MPEL_CHANGE_WINDOW);
  by_hand_wait (host, "DONE 2 ()");
  by_hand_run_method (host, 3, THING, "change", "(" G_STRINGIFY (MPEL_CHANGE_WINDOW) ",)", "DONE 3 ()");
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, 2 * MPEL_CHANGE_WINDOW);
  by_hand_free (host);
}

static void
test_signals_wait (void)
{
  ByHand *host = watch ();

  g_test_summary ("Signals are never left out: the worker waits for the host.");
  by_hand_add_method (host, 2, THING, "emit", "(" G_STRINGIFY (N_SIGNALS) ",)");
  by_hand_send (host);
  by_hand_wait_count (host, "SIGNAL *", MPEL_CHANGE_WINDOW);
  by_hand_acknowledge (host, 0, 1);
  by_hand_wait_count (host, "SIGNAL *", MPEL_CHANGE_WINDOW + 1);
  g_assert_cmpuint (by_hand_count (host, "SIGNAL *"), ==, MPEL_CHANGE_WINDOW + 1);
  by_hand_acknowledge (host, 0, MPEL_CHANGE_WINDOW);
  take_all (host, "SIGNAL *", N_SIGNALS);
  by_hand_wait (host, "DONE 2 ()");
  g_assert_cmpuint (by_hand_count (host, "SIGNAL *"), ==, N_SIGNALS);
  by_hand_free (host);
}

static void
test_signals_of_thread (void)
{
  ByHand *host = watch ();

  g_test_summary ("While a thread waits, events go on, and properties change.");
  by_hand_run_method (host, 2, THING, "emit-in-thread", "()", "DONE 2 ()");
  by_hand_wait_count (host, "SIGNAL *", MPEL_CHANGE_WINDOW);
  by_hand_run_method (host, 3, THING, "change", "(10,)", "DONE 3 ()");
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, 1);
  g_assert_cmpuint (by_hand_count (host, "CHANGED 2 x 10"), ==, 1);
  by_hand_acknowledge (host, 0, MPEL_CHANGE_WINDOW + 1);
  take_all (host, "SIGNAL *", N_SIGNALS);
  by_hand_free (host);
}

static void
test_signals_of_line_thread (void)
{
  ByHand *host = watch ();

  g_test_summary ("Where acknowledgements come from nobody waits for them.");
  by_hand_run_method (host, 2, THING, "emit-when-cancelled", "()", "PROGRESS 2 *");
  by_hand_cancel (host, 2);
  by_hand_wait_count (host, "SIGNAL *", N_SIGNALS);
  by_hand_run (host, 3, "answer-kept", "()", "DONE 3 ()");
  by_hand_free (host);
}

/* The worker leaves in good order, which is asserted at the end. */
static void
leave_while_signals_wait (const char *method)
{
  ByHand *host = watch ();

  by_hand_add_method (host, 2, THING, method, "(" G_STRINGIFY (N_SIGNALS) ",)");
  by_hand_send (host);
  by_hand_wait_count (host, "SIGNAL *", MPEL_CHANGE_WINDOW);
  by_hand_free (host);
}

static void
test_host_leaves (void)
{
  leave_while_signals_wait ("emit");
  leave_while_signals_wait ("emit-in-thread");
  leave_while_signals_wait ("emit-in-thread-and-wait");
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker != NULL)
    return run_worker (worker);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpel/worker-news/flood/unread", test_flood);
  g_test_add_func ("/mpel/worker-news/flood/before-answer", test_flood_before_answer);
  g_test_add_func ("/mpel/worker-news/flood/taken", test_flood_taken);
  g_test_add_func ("/mpel/worker-news/signals/wait", test_signals_wait);
  g_test_add_func ("/mpel/worker-news/signals/of-thread", test_signals_of_thread);
  g_test_add_func ("/mpel/worker-news/signals/of-line-thread", test_signals_of_line_thread);
  g_test_add_func ("/mpel/worker-news/host-leaves", test_host_leaves);
  return g_test_run ();
}
