/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <mpel/mpel.h>

/* Its arguments are the command of a worker. */

#define N_EVENTS 20
#define MAX_PENDING 8

static MpelEvent *
add (MpelEventLoop *loop, const char *target, guint32 argument)
{
  return mpel_event_loop_add_call (loop, target, g_variant_new ("(u)", argument), NULL, NULL);
}

static void
wait_for_all (MpelEventLoop *loop)
{
  mpel_event_loop_wait (loop, NULL, NULL);
}

static void
print_end (MpelEvent *event)
{
  const GError *error = mpel_event_get_error (event);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_print ("cancelled\n");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_print ("too late\n");
  else if (error != NULL)
    g_print ("failed: %s\n", error->message);
  else if (g_variant_is_of_type (mpel_event_get_results (event), G_VARIANT_TYPE_UINT32))
    g_print ("%u\n", g_variant_get_uint32 (mpel_event_get_results (event)));
  else
    g_print ("done\n");
}

static gboolean
print_key_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  g_print ("%s\n", mpel_event_get_event_key (event));
  return FALSE;
}

static void
add_echo (MpelEventLoop *loop, const char *key, int priority)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("echo", g_variant_new ("(s)", key), NULL);

  mpel_event_set_event_key (event, key);
  mpel_event_set_priority (event, priority);
  mpel_event_loop_add_event (loop, event, NULL);
}

/* There is no worker yet, so both wait in the host. */
static void
show_priorities (MpelEventLoop *loop)
{
  gulong handler = g_signal_connect (loop, "event-done", G_CALLBACK (print_key_cb), NULL);

  add_echo (loop, "usual", 0);
  add_echo (loop, "urgent", 10);
  wait_for_all (loop);
  g_signal_handler_disconnect (loop, handler);
}

static void
show_fraction_cb (MpelEvent *event, GParamSpec *pspec, gpointer user_data)
{
  double *fraction = user_data;

  *fraction = mpel_event_get_progress (event);
}

static void
show_progress (MpelEventLoop *loop)
{
  g_autoptr (MpelEvent) event = add (loop, "scan", 4);
  double fraction = 0;

  g_signal_connect (event, "notify::progress", G_CALLBACK (show_fraction_cb), &fraction);
  wait_for_all (loop);
  g_assert_cmpfloat (fraction, ==, 1);
  print_end (event);
}

static void
cancel_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  mpel_event_cancel (event);
}

/* It has begun, as its progress tells, and would take minutes. */
static void
show_cancel (MpelEventLoop *loop)
{
  gulong handler = g_signal_connect (loop, "event-progress", G_CALLBACK (cancel_cb), NULL);
  g_autoptr (MpelEvent) event = add (loop, "scan", G_MAXUINT32);

  wait_for_all (loop);
  print_end (event);
  g_signal_handler_disconnect (loop, handler);
}

static void
show_deadline (MpelEventLoop *loop)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("wait", NULL, NULL);

  mpel_event_set_timeout (event, 100);
  mpel_event_loop_add_event (loop, event, NULL);
  wait_for_all (loop);
  print_end (event);
}

static void
print_value_cb (MpelEventLoop *loop, MpelEvent *event, GVariant *value, gpointer user_data)
{
  g_print ("value %u\n", g_variant_get_uint32 (value));
}

static void
show_push (MpelEventLoop *loop)
{
  gulong handler = g_signal_connect (loop, "event-yield", G_CALLBACK (print_value_cb), NULL);
  g_autoptr (MpelEvent) event = add (loop, "squares", 3);

  wait_for_all (loop);
  print_end (event);
  g_signal_handler_disconnect (loop, handler);
}

static void
next_cb (GObject *source, GAsyncResult *result, gpointer main_loop)
{
  MpelEvent *event = MPEL_EVENT (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = mpel_event_next_finish (event, result, &error);

  if (value != NULL)
    {
      g_print ("asked for %u\n", g_variant_get_uint32 (value));
      mpel_event_next_async (event, NULL, next_cb, main_loop);
      return;
    }
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (main_loop);
}

static void
show_pull (MpelEventLoop *loop)
{
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (MpelEvent) event = mpel_event_loop_add_stream (loop, "count-down", g_variant_new ("(u)", 3), NULL, NULL);

  mpel_event_next_async (event, NULL, next_cb, main_loop);
  g_main_loop_run (main_loop);
}

/* Called first by hand, and then whenever half of the events are gone. */
static void
feed_cb (MpelEventLoop *loop, gpointer user_data)
{
  guint *n_added = user_data;

  while (*n_added < N_EVENTS && mpel_event_loop_get_can_add (loop))
    g_object_unref (add (loop, "echo", (*n_added)++));
}

static void
show_bound (MpelEventLoop *loop)
{
  guint  n_added = 0;
  gulong handler = g_signal_connect (loop, "drained", G_CALLBACK (feed_cb), &n_added);

  mpel_event_loop_set_max_pending (loop, MAX_PENDING);
  feed_cb (loop, &n_added);
  wait_for_all (loop);
  g_print ("%u events, %d at a time\n", n_added, MAX_PENDING);
  g_signal_handler_disconnect (loop, handler);
}

/* The place of an event that failed would be empty. */
static void
print_results (GVariant *results)
{
  for (gsize i = 0; i < g_variant_n_children (results); i++)
    {
      g_autoptr (GVariant) result = NULL;

      g_variant_get_child (results, i, "mv", &result);
      g_print ("result %u\n", g_variant_get_uint32 (result));
    }
}

static void
show_map (MpelLauncher *launcher)
{
  g_autoptr (MpelPool) pool = mpel_pool_new_with_launcher (launcher, 2);
  g_autoptr (GVariant) results = NULL;

  results = mpel_pool_map (pool, "echo", g_variant_new_parsed ("[@u 1, 2, 3]"), MPEL_MAP_POLICY_STOP, NULL, NULL);
  print_results (results);
  mpel_event_loop_close (MPEL_EVENT_LOOP (pool), NULL, NULL);
}

static void
show_list (MpelEventLoop *loop)
{
  g_autoptr (GListModel) list = mpel_event_loop_get_events (loop);

  g_object_unref (add (loop, "echo", 1));
  g_object_unref (add (loop, "scan", 1));
  wait_for_all (loop);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MpelEvent) event = g_list_model_get_item (list, i);

      g_print ("%s: %s\n", mpel_event_get_target (event), mpel_event_is_ended (event) ? "ended" : "pending");
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new ((const char *const *) argv + 1);
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new_with_launcher (launcher);

  show_priorities (loop);
  show_progress (loop);
  show_cancel (loop);
  show_deadline (loop);
  show_push (loop);
  show_pull (loop);
  show_bound (loop);
  show_list (loop);
  mpel_event_loop_close (loop, NULL, NULL);
  show_map (launcher);
  return 0;
}
