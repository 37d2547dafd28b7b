/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Its arguments are the command of a worker. */

#include "point-proxy.h"

static MpelProxy *
point_new (MpelEventLoop *loop)
{
  static const char *const getters[] = { "get_z", NULL };

  return g_object_new (DEMO_TYPE_POINT_PROXY, "loop", loop, "remote-class", "Point", "getters", getters, NULL);
}

/* Of whatever type. */
static void
print_point (MpelProxy *point)
{
  g_autofree char *text = NULL;
  int              x, y;

  g_object_get (point, "x", &x, "y", &y, "text", &text, NULL);
  g_print ("%d, %d: %s\n", x, y, text);
}

static GMainLoop *main_loop; /* (owned) each of the stories runs it until it is over */

/* It may be used at once, while its object is still being made. */
static void
show_write (MpelProxy *point)
{
  g_autoptr (GError) error = NULL;

  g_object_set (point, "x", 5, NULL);
  if (mpel_event_loop_wait (mpel_proxy_get_loop (point), NULL, &error))
    print_point (point);
}

static void
moved_to_cb (MpelProxy *point, int x, int y, gpointer user_data)
{
  g_print ("moved to %d, %d\n", x, y);
}

static void
moved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MpelProxy *point = MPEL_PROXY (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) nothing = mpel_proxy_call_finish (point, result, &error);

  if (nothing != NULL)
    {
      print_point (point);
      g_print ("z is %d\n", g_variant_get_int32 (mpel_proxy_get_getter_value (point, "get_z")));
    }
  else
    g_printerr ("not moved: %s\n", error->message);
  g_main_loop_quit (main_loop);
}

static void
show_method (MpelProxy *point)
{
  g_signal_connect (point, "moved", G_CALLBACK (moved_to_cb), NULL);
  mpel_proxy_call_async (point, "move", g_variant_new ("(iii)", 1, 2, 7), NULL, NULL, moved_cb, NULL);
  g_main_loop_run (main_loop);
}

/* No type is declared for this one: it has what the class in the worker has. */
static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelProxy) point = mpel_proxy_new_finish (result, &error);

  if (point != NULL)
    print_point (point);
  else
    g_printerr ("no point: %s\n", error->message);
  g_main_loop_quit (main_loop);
}

static void
show_runtime (MpelEventLoop *loop)
{
  mpel_proxy_new_async (loop, "Point", g_variant_new_parsed ("{'x': <8>}"), NULL, made_cb, NULL);
  g_main_loop_run (main_loop);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelProxy) origin = mpel_proxy_new_for_variable_finish (result, &error);

  if (origin != NULL)
    print_point (origin);
  else
    g_printerr ("no such variable: %s\n", error->message);
  g_main_loop_quit (main_loop);
}

static void
show_variable (MpelEventLoop *loop)
{
  mpel_proxy_new_for_variable_async (loop, "origin", NULL, found_cb, NULL);
  g_main_loop_run (main_loop);
}

/* The other point stays in the worker; only who it is travels back there. */
static void
print_distance (MpelProxy *point, MpelProxy *other)
{
  g_autoptr (MpelEvent) event = mpel_event_new_method (G_OBJECT (point), "distance", NULL, NULL);
  g_autoptr (GError) error = NULL;

  mpel_event_set_args (event, g_variant_new ("(h)", mpel_event_add_object (event, G_OBJECT (other))));
  mpel_event_loop_add_event (mpel_proxy_get_loop (point), event, NULL);
  if (mpel_event_loop_wait (mpel_proxy_get_loop (point), NULL, &error) && mpel_event_get_error (event) == NULL)
    g_print ("distance %d\n", g_variant_get_int32 (mpel_event_get_results (event)));
}

static void
returned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelProxy) other = mpel_proxy_call_object_finish (MPEL_PROXY (source), result, &error);

  if (other != NULL)
    {
      print_point (other);
      print_distance (MPEL_PROXY (source), other);
    }
  else
    g_printerr ("no neighbour: %s\n", error->message);
  g_main_loop_quit (main_loop);
}

static void
show_returned (MpelProxy *point)
{
  mpel_proxy_call_object_async (point, "neighbour", NULL, NULL, NULL, returned_cb, NULL);
  g_main_loop_run (main_loop);
}

static void
list_state_cb (MpelRemoteList *trail, GParamSpec *pspec, gpointer user_data)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (trail)); i++)
    {
      g_autoptr (MpelProxy) point = g_list_model_get_item (G_LIST_MODEL (trail), i);

      print_point (point);
    }
  g_main_loop_quit (main_loop);
}

static void
show_list (MpelProxy *point)
{
  g_autoptr (MpelRemoteList) trail = mpel_remote_list_new (point, "trail", DEMO_TYPE_POINT_PROXY);

  g_signal_connect (trail, "notify::state", G_CALLBACK (list_state_cb), NULL);
  g_main_loop_run (main_loop);
}

static void
show_state (MpelProxy *point)
{
  g_print ("%s\n", mpel_proxy_get_state (point) == MPEL_PROXY_STATE_READY ? "ready" : "gone");
}

int
main (int argc, char **argv)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new ((const char *const *) argv + 1);
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new_with_launcher (launcher);
  g_autoptr (MpelProxy) point = point_new (loop);
  g_autoptr (GError) error = NULL;

  main_loop = g_main_loop_new (NULL, FALSE);
  show_write (point);
  show_method (point);
  show_runtime (loop);
  show_variable (loop);
  mpel_proxy_register_type ("Point", DEMO_TYPE_POINT_PROXY);
  show_returned (point);
  show_list (point);
  show_state (point);
  if (!mpel_event_loop_close (loop, NULL, &error))
    g_printerr ("%s\n", error->message);
  show_state (point);
  g_clear_pointer (&main_loop, g_main_loop_unref);
  return error != NULL;
}
