/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A window with two views of a list that lives in the worker: one of proxies as they are, one of values
 * that are filtered and sorted here. However fast the worker inserts and removes, the wheel beside the
 * lists turns evenly, and in the end both show what there is. */

#include "config.h"
#include "frame-phase.h"
#include "shelf.h"

#define N_BOOKS 2000
#define BURST_US (3 * G_USEC_PER_SEC)

/* So many changes in each step of so many milliseconds: 4000 a second. */
#define CHANGES_PER_STEP 20
#define STEP_MS 5

static FrameWindow *window = NULL; /* (owned) one for all stories */

/* A proxy that declares what it shows. */
#define TYPE_BOOK_PROXY (book_proxy_get_type ())
G_DECLARE_FINAL_TYPE (BookProxy, book_proxy, TEST, BOOK_PROXY, MpelProxy)

struct _BookProxy
{
  MpelProxy parent_instance;
  int       number;
  char     *title; /* (owned) (nullable) */
};

typedef enum
{
  PROP_NUMBER = 1,
  PROP_TITLE,
} BookProxyProperty;

static GParamSpec *props[PROP_TITLE + 1];

G_DEFINE_FINAL_TYPE (BookProxy, book_proxy, MPEL_TYPE_PROXY)

static void
book_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  BookProxy *self = TEST_BOOK_PROXY (object);

  if (prop_id == PROP_NUMBER)
    self->number = g_value_get_int (value);
  else
    {
      g_free (self->title);
      self->title = g_value_dup_string (value);
    }
}

static void
book_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BookProxy *self = TEST_BOOK_PROXY (object);

  if (prop_id == PROP_NUMBER)
    g_value_set_int (value, self->number);
  else
    g_value_set_string (value, self->title);
}

static void
book_proxy_finalize (GObject *object)
{
  g_free (TEST_BOOK_PROXY (object)->title);
  G_OBJECT_CLASS (book_proxy_parent_class)->finalize (object);
}

static void
book_proxy_class_init (BookProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = book_proxy_set_property;
  object_class->get_property = book_proxy_get_property;
  object_class->finalize = book_proxy_finalize;

  props[PROP_NUMBER] = g_param_spec_int ("number", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
book_proxy_init (BookProxy *self)
{
}

typedef struct
{
  MpelEventLoop  *loop;      /* (owned) */
  MpelProxy      *shelf;     /* (owned) */
  MpelRemoteList *proxies;   /* (owned) */
  MpelRemoteList *values;    /* (owned) */
  GListModel     *sorted;    /* (owned) the last in @values with an even number, greatest first */
  GtkWidget      *left;      /* (unowned) in the window */
  GtkWidget      *right;     /* (unowned) in the window */
  GtkWidget      *view;      /* (unowned) in @left */
  guint           n_changes; /* that were heard of */
} Story;

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *row, gpointer user_data)
{
  GType          item_type = GPOINTER_TO_SIZE (user_data);
  GtkWidget     *label = gtk_label_new (NULL);
  GtkExpression *item = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");
  GtkExpression *title = gtk_property_expression_new (item_type, item, "title");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_expression_bind (title, label, "label", row);
  gtk_list_item_set_child (row, label);
}

/* Takes @model. */
static GtkWidget *
view_new (GListModel *model, GType item_type)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), GSIZE_TO_POINTER (item_type));
  return gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (model)), factory);
}

static void
show_view (GtkWidget *view)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_widget_set_size_request (scrolled, 180, 420);
  frame_window_add (window, scrolled);
}

static gboolean
is_even_cb (gpointer item, gpointer user_data)
{
  return book_get_number (item) % 2 == 0;
}

static GListModel *
sorted_new (GListModel *values)
{
  GtkExpression *number = gtk_property_expression_new (TYPE_BOOK, NULL, "number");
  GtkSorter     *sorter = GTK_SORTER (gtk_numeric_sorter_new (number));
  GtkFilter     *filter = GTK_FILTER (gtk_custom_filter_new (is_even_cb, NULL, NULL));

  gtk_numeric_sorter_set_sort_order (GTK_NUMERIC_SORTER (sorter), GTK_SORT_DESCENDING);
  return G_LIST_MODEL (gtk_sort_list_model_new (G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (values), filter)), sorter));
}

static void
items_changed_cb (GListModel *model, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  ((Story *) user_data)->n_changes += n_removed + n_added;
  frame_window_count_result (window);
}

static void
begin (Story *story)
{
  *story = (Story){ NULL };
  story->loop = mpel_test_loop_new ();
  story->shelf = shelf_proxy_new (story->loop);
  g_variant_unref (shelf_call (story->shelf, "fill", g_variant_new ("(u)", N_BOOKS)));
  story->proxies = shelf_list_new (story->shelf, TYPE_BOOK_PROXY);
  story->values = shelf_list_new (story->shelf, TYPE_BOOK);
  story->sorted = sorted_new (G_LIST_MODEL (story->values));
  g_signal_connect (story->proxies, "items-changed", G_CALLBACK (items_changed_cb), story);

  story->left = view_new (g_object_ref (G_LIST_MODEL (story->proxies)), TYPE_BOOK_PROXY);
  story->right = view_new (g_object_ref (story->sorted), TYPE_BOOK);
  show_view (story->left);
  show_view (story->right);
}

static void
end (Story *story)
{
  frame_window_remove (window, gtk_widget_get_parent (story->left));
  frame_window_remove (window, gtk_widget_get_parent (story->right));
  /* What was drawn last holds rows for a frame or two. */
  frame_phase_iterate_for (G_USEC_PER_SEC / 4);
  g_assert_finalize_object (story->sorted);
  g_assert_finalize_object (story->values);
  g_assert_finalize_object (story->proxies);
  g_assert_finalize_object (story->shelf);
  mpel_test_loop_close_and_assert_finalized (story->loop);
}

/* The texts of what a view shows now. */
static void
collect_texts (GtkWidget *widget, GPtrArray *texts)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget))
    g_ptr_array_add (texts, g_strdup (gtk_label_get_text (GTK_LABEL (widget))));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_texts (child, texts);
}

/* Scrolls to the first item of the model, and turns until it is shown. */
static void
iterate_until_shown (GtkWidget *view, GListModel *model)
{
  gtk_widget_activate_action (view, "list.scroll-to-item", "u", 0);
  while (TRUE)
    {
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GObject) first = g_list_model_get_item (model, 0);
      g_autofree char *title = NULL;

      g_object_get (first, "title", &title, NULL);
      collect_texts (view, texts);
      if (texts->len > 5 && g_ptr_array_find_with_equal_func (texts, title, g_str_equal, NULL))
        return;
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
assert_sorted (Story *story)
{
  guint n = g_list_model_get_n_items (story->sorted);
  guint n_even = 0;
  int   before = G_MAXINT;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (story->values)); i++)
    {
      g_autoptr (Book) book = g_list_model_get_item (G_LIST_MODEL (story->values), i);

      n_even += book_get_number (book) % 2 == 0;
    }
  g_assert_cmpuint (n, ==, n_even);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (Book) book = g_list_model_get_item (story->sorted, i);

      g_assert_cmpint (book_get_number (book), <, before);
      before = book_get_number (book);
    }
}

static void
run_burst (gpointer user_data)
{
  Story *story = user_data;

  g_variant_unref (shelf_call (story->shelf, "burst", g_variant_new ("(uu)", CHANGES_PER_STEP, STEP_MS)));
  frame_phase_iterate_for (BURST_US);
  g_variant_unref (shelf_call (story->shelf, "burst", g_variant_new ("(uu)", 0, 0)));
}

static void
test_burst (void)
{
  Story story;

  g_test_summary ("Four thousand changes a second in a list, shown as they come, cost no frame.");

  begin (&story);
  iterate_until_shown (story.left, G_LIST_MODEL (story.proxies));
  if (frame_phase_try_baseline (window))
    frame_phase_assert_smooth (window, "4000 changes a second", run_burst, &story);
  else
    {
      run_burst (&story);
      g_test_skip ("frames are late on this machine also without a worker");
    }
  g_test_message ("%u items came or went", story.n_changes);
  g_assert_cmpuint (story.n_changes, >, 1000);

  iterate_until_shown (story.left, G_LIST_MODEL (story.proxies));
  iterate_until_shown (story.right, story.sorted);
  shelf_assert_same (story.shelf, story.values);
  assert_sorted (&story);
  frame_phase_save_picture (window, "remote-list.png");
  shelf_assert_same (story.shelf, story.proxies);
  end (&story);
}

static void
test_end (void)
{
  g_test_summary ("The window goes without a trace.");

  g_clear_pointer (&window, frame_window_free);
}

static void
add_tests (void)
{
  gtk_init ();
  window = frame_window_new ();
  /* The first frames of a program load fonts and themes. */
  frame_phase_iterate_for (G_USEC_PER_SEC);

  g_test_add_func ("/gtk/remote-list/burst", test_burst);
  g_test_add_func ("/gtk/remote-list/end", test_end);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, shelf_register, add_tests);
}
