/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Its arguments are the command of a worker. */

#include <gtk/gtk.h>
#include <mpel/mpel.h>

#include "point-proxy.h"

/* Both ways: what the user drags is sent, what the worker changes moves the scale. */
static GtkWidget *
scale_new (MpelProxy *point)
{
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 100, 1);

  g_object_bind_property (point,
                          "x",
                          gtk_range_get_adjustment (GTK_RANGE (scale)),
                          "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  return scale;
}

static GtkWidget *
label_new (MpelProxy *point)
{
  GtkWidget     *label = gtk_label_new (NULL);
  GtkExpression *text = gtk_property_expression_new (DEMO_TYPE_POINT_PROXY, NULL, "text");

  gtk_expression_bind (text, label, "label", point);
  return label;
}

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  GtkWidget     *label = gtk_label_new (NULL);
  GtkExpression *point = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");
  GtkExpression *text = gtk_property_expression_new (DEMO_TYPE_POINT_PROXY, point, "text");

  gtk_expression_bind (text, label, "label", row);
  gtk_list_item_set_child (row, label);
}

/* Each row is a proxy, which follows its object as long as the row is in view. */
static GtkWidget *
trail_view_new (MpelProxy *point)
{
  MpelRemoteList     *trail = mpel_remote_list_new (point, "trail", DEMO_TYPE_POINT_PROXY);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  return gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (trail))), factory);
}

typedef struct
{
  MpelProxy *point; /* (owned) */
  GtkWidget *scale; /* (unowned) all in the window */
  GtkWidget *label; /* (unowned) */
  GtkWidget *view;  /* (unowned) */
  GMainLoop *main_loop;
} Story;

static void
moved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Story *story = user_data;
  g_autoptr (GVariant) nothing = mpel_proxy_call_finish (MPEL_PROXY (source), result, NULL);

  g_print ("scale %g, label %s, %u in the list\n",
           gtk_range_get_value (GTK_RANGE (story->scale)),
           gtk_label_get_text (GTK_LABEL (story->label)),
           g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (story->view)))));
  g_main_loop_quit (story->main_loop);
}

static GtkWidget *
window_new (Story *story)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *window = gtk_window_new ();

  story->scale = scale_new (story->point);
  story->label = label_new (story->point);
  story->view = trail_view_new (story->point);
  gtk_box_append (GTK_BOX (box), story->scale);
  gtk_box_append (GTK_BOX (box), story->label);
  gtk_box_append (GTK_BOX (box), story->view);
  gtk_window_set_child (GTK_WINDOW (window), box);
  return window;
}

int
main (int argc, char **argv)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new ((const char *const *) argv + 1);
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new_with_launcher (launcher);
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);
  Story      story = { g_object_new (DEMO_TYPE_POINT_PROXY, "loop", loop, "remote-class", "Point", NULL), .main_loop = main_loop };
  GtkWidget *window;

  gtk_init ();
  window = window_new (&story);
  gtk_window_present (GTK_WINDOW (window));

  /* As if it were dragged to 5, and the worker then moved the point to 42. */
  gtk_range_set_value (GTK_RANGE (story.scale), 5);
  mpel_proxy_call_async (story.point, "move", g_variant_new ("(iii)", 42, 2, 7), NULL, NULL, moved_cb, &story);
  g_main_loop_run (main_loop);

  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (story.point);
  return mpel_event_loop_close (loop, NULL, NULL) ? 0 : 1;
}
