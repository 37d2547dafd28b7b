/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "event-view.h"

static GtkExpression *
event_property_new (const char *name)
{
  return gtk_property_expression_new (MPEL_TYPE_EVENT, gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item"), name);
}

static void
bind_to_event (GtkListItem *item, const char *name, gpointer widget, const char *property)
{
  gtk_expression_bind (event_property_new (name), widget, property, item);
}

static void
bind_to_state (GtkListItem *item, GType type, GCallback func, gpointer widget, const char *property)
{
  GtkExpression *state = event_property_new ("state");

  gtk_expression_bind (gtk_cclosure_expression_new (type, NULL, 1, &state, func, NULL, NULL), widget, property, item);
}

static char *
describe_state_cb (GtkListItem *item, MpelEventState state)
{
  switch (state)
    {
    case MPEL_EVENT_STATE_QUEUED:
      return g_strdup ("waits");
    case MPEL_EVENT_STATE_SENT:
      return g_strdup ("runs");
    case MPEL_EVENT_STATE_DONE:
      return g_strdup ("done");
    case MPEL_EVENT_STATE_CANCELLED:
      return g_strdup ("cancelled");
    case MPEL_EVENT_STATE_NEW:
    case MPEL_EVENT_STATE_FAILED:
    case MPEL_EVENT_STATE_LOST:
    default:
      return g_strdup ("failed");
    }
}

static gboolean
is_pending_cb (GtkListItem *item, MpelEventState state)
{
  return state == MPEL_EVENT_STATE_QUEUED || state == MPEL_EVENT_STATE_SENT;
}

static void
cancel_cb (GtkButton *button, GtkListItem *item)
{
  mpel_event_cancel (gtk_list_item_get_item (item));
}

static GtkWidget *
row_new (void)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *key = gtk_label_new (NULL);
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *state = gtk_label_new (NULL);

  gtk_widget_set_margin_start (row, 12);
  gtk_widget_set_margin_end (row, 12);
  gtk_widget_set_margin_top (row, 2);
  gtk_widget_set_margin_bottom (row, 2);
  gtk_label_set_xalign (GTK_LABEL (key), 0);
  gtk_label_set_width_chars (GTK_LABEL (key), 12);
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (state), 0);
  gtk_label_set_width_chars (GTK_LABEL (state), 9);
  gtk_widget_add_css_class (state, "dim-label");
  gtk_box_append (GTK_BOX (row), key);
  gtk_box_append (GTK_BOX (row), bar);
  gtk_box_append (GTK_BOX (row), state);
  gtk_box_append (GTK_BOX (row), gtk_button_new_with_label ("Cancel"));
  return row;
}

static void
get_parts (GtkWidget *widget, EventRow *row)
{
  row->key = GTK_LABEL (gtk_widget_get_first_child (widget));
  row->bar = GTK_PROGRESS_BAR (gtk_widget_get_next_sibling (GTK_WIDGET (row->key)));
  row->state = GTK_LABEL (gtk_widget_get_next_sibling (GTK_WIDGET (row->bar)));
  row->button = gtk_widget_get_next_sibling (GTK_WIDGET (row->state));
}

/* What is bound follows the event of the row, whichever that is. */
static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *widget = row_new ();
  EventRow   row;

  get_parts (widget, &row);
  bind_to_event (item, "event-key", row.key, "label");
  bind_to_event (item, "progress", row.bar, "fraction");
  bind_to_state (item, G_TYPE_STRING, G_CALLBACK (describe_state_cb), row.state, "label");
  bind_to_state (item, G_TYPE_BOOLEAN, G_CALLBACK (is_pending_cb), row.button, "sensitive");
  g_signal_connect (row.button, "clicked", G_CALLBACK (cancel_cb), item);
  gtk_list_item_set_child (item, widget);
}

GtkWidget *
event_view_new (GListModel *events)
{
  GtkNoSelection     *selection = gtk_no_selection_new (g_object_ref (events));
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  return gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
}

/* The view has a widget for each row, and in it is what we have set up. */
gboolean
event_view_find_row (GtkWidget *view, const char *key, EventRow *row)
{
  for (GtkWidget *child = gtk_widget_get_first_child (view); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *widget = gtk_widget_get_first_child (child);

      if (widget == NULL)
        continue;
      get_parts (widget, row);
      if (g_str_equal (gtk_label_get_text (row->key), key))
        return TRUE;
    }
  return FALSE;
}
