/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-view.h"
#include "gallery-cell.h"

/* The grid has cells for many more pictures than are visible. So what is needed is not what has a
 * cell, but what a look at the cells' places tells: once for each frame that has changed them. */
struct _GalleryView
{
  GtkWidget parent_instance;

  GtkWidget      *scrolled;  /* (owned) the only child */
  GtkWidget      *grid;      /* (unowned) in @scrolled */
  GalleryDecoder *decoder;   /* (unowned) */
  GHashTable     *bound;     /* (owned) GtkListItem, each with a picture and a cell */
  GdkFrameClock  *clock;     /* (owned) (nullable) while realized */
  gboolean        changed;   /* since the last look */
  guint           n_visible; /* at the last look, as are the positions of the first and the last of them */
  guint           first;
  guint           last;
};

G_DEFINE_FINAL_TYPE (GalleryView, gallery_view, GTK_TYPE_WIDGET)

/* ---- What is needed ---- */

/* A cell that is far away need not have a place at all. */
static gboolean
is_visible (GalleryView *self, GtkListItem *item)
{
  GtkWidget      *cell = gtk_list_item_get_child (item);
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (cell) && gtk_widget_compute_bounds (cell, self->scrolled, &bounds) &&
         bounds.origin.y + bounds.size.height > 0 && bounds.origin.y < (float) gtk_widget_get_height (self->scrolled);
}

static void
find_visible (GalleryView *self)
{
  GHashTableIter iter;
  gpointer       item;

  self->first = G_MAXUINT;
  self->last = self->n_visible = 0;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (is_visible (self, item))
      {
        self->first = MIN (self->first, gtk_list_item_get_position (item));
        self->last = MAX (self->last, gtk_list_item_get_position (item));
        self->n_visible++;
      }
}

/* What is visible, and one page more in each direction. */
static GalleryNeed
get_need (GalleryView *self, guint position)
{
  if (self->n_visible == 0)
    return GALLERY_NEED_NONE;
  if (position >= self->first && position <= self->last)
    return GALLERY_NEED_VISIBLE;
  return position + self->n_visible >= self->first && position <= self->last + self->n_visible ? GALLERY_NEED_SOON
                                                                                               : GALLERY_NEED_NONE;
}

static void
scan (GalleryView *self)
{
  GHashTableIter iter;
  gpointer       item;

  self->changed = FALSE;
  find_visible (self);
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    gallery_decoder_set_need (self->decoder,
                              gtk_list_item_get_item (item),
                              get_need (self, gtk_list_item_get_position (item)));
}

/* By now all cells have their places. */
static void
after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  GalleryView *self = user_data;

  if (self->changed)
    scan (self);
}

/* What is seen of the cells has changed. */
static void
note_change (GalleryView *self)
{
  self->changed = TRUE;
}

/* ---- Cells ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, gallery_cell_new (item, GALLERY_THUMBNAIL_SIZE));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GalleryView *self = user_data;

  g_hash_table_add (self->bound, item);
  self->changed = TRUE;
}

/* A picture without a cell keeps no thumbnail: a folder may be larger than the memory. */
static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GalleryView    *self = user_data;
  GalleryPicture *picture = gtk_list_item_get_item (item);

  g_hash_table_remove (self->bound, item);
  gallery_decoder_set_need (self->decoder, picture, GALLERY_NEED_NONE);
  gallery_picture_set_texture (picture, NULL);
  self->changed = TRUE;
}

/* Whoever moves the focus alone may activate what is not selected. */
static void
activate_cb (GtkGridView *grid, guint position, gpointer user_data)
{
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_grid_view_get_model (grid)), position);
  gtk_widget_activate_action (GTK_WIDGET (grid), "win.show", NULL);
}

static GtkWidget *
grid_new (GalleryView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget          *grid = gtk_grid_view_new (NULL, factory);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  g_signal_connect (grid, "activate", G_CALLBACK (activate_cb), NULL);
  gtk_grid_view_set_max_columns (GTK_GRID_VIEW (grid), 12);
  gtk_grid_view_set_min_columns (GTK_GRID_VIEW (grid), 2);
  return grid;
}

/* ---- Life ---- */

static void
gallery_view_realize (GtkWidget *widget)
{
  GalleryView *self = GALLERY_VIEW (widget);

  GTK_WIDGET_CLASS (gallery_view_parent_class)->realize (widget);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  g_signal_connect (self->clock, "after-paint", G_CALLBACK (after_paint_cb), self);
}

static void
gallery_view_unrealize (GtkWidget *widget)
{
  GalleryView *self = GALLERY_VIEW (widget);

  g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  GTK_WIDGET_CLASS (gallery_view_parent_class)->unrealize (widget);
}

static void
gallery_view_dispose (GObject *object)
{
  GalleryView *self = GALLERY_VIEW (object);

  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (gallery_view_parent_class)->dispose (object);
}

static void
gallery_view_finalize (GObject *object)
{
  g_hash_table_unref (GALLERY_VIEW (object)->bound);
  G_OBJECT_CLASS (gallery_view_parent_class)->finalize (object);
}

static void
gallery_view_class_init (GalleryViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = gallery_view_dispose;
  object_class->finalize = gallery_view_finalize;
  widget_class->realize = gallery_view_realize;
  widget_class->unrealize = gallery_view_unrealize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
gallery_view_init (GalleryView *self)
{
  GtkAdjustment *adjustment;

  self->bound = g_hash_table_new (NULL, NULL);
  self->grid = grid_new (self);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->grid);
  gtk_widget_set_vexpand (self->scrolled, TRUE);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  g_signal_connect_swapped (adjustment, "changed", G_CALLBACK (note_change), self);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (note_change), self);
  g_signal_connect_swapped (self->grid, "map", G_CALLBACK (note_change), self);
}

GtkWidget *
gallery_view_new (GalleryDecoder *decoder)
{
  GalleryView *self = g_object_new (GALLERY_TYPE_VIEW, NULL);

  self->decoder = decoder;
  return GTK_WIDGET (self);
}

void
gallery_view_set_pictures (GalleryView *self, GListModel *pictures)
{
  g_autoptr (GtkSingleSelection) selection = NULL;

  if (pictures != NULL)
    selection = gtk_single_selection_new (g_object_ref (pictures));
  gtk_grid_view_set_model (GTK_GRID_VIEW (self->grid), GTK_SELECTION_MODEL (selection));
  gtk_widget_grab_focus (self->grid);
}

/* Returns: (nullable) */
static GtkSingleSelection *
get_selection (GalleryView *self)
{
  return GTK_SINGLE_SELECTION (gtk_grid_view_get_model (GTK_GRID_VIEW (self->grid)));
}

GalleryPicture *
gallery_view_get_selected (GalleryView *self)
{
  GtkSingleSelection *selection = get_selection (self);

  return selection != NULL ? gtk_single_selection_get_selected_item (selection) : NULL;
}

gboolean
gallery_view_select_next (GalleryView *self, int step)
{
  GtkSingleSelection *selection = get_selection (self);
  gint64              position;

  if (gallery_view_get_selected (self) == NULL)
    return FALSE;
  position = (gint64) gtk_single_selection_get_selected (selection) + step;
  if (position < 0 || position >= (gint64) g_list_model_get_n_items (G_LIST_MODEL (selection)))
    return FALSE;
  gtk_single_selection_set_selected (selection, (guint) position);
  gtk_widget_activate_action (self->grid, "list.scroll-to-item", "u", (guint) position);
  return TRUE;
}

/* The keyboard goes on from the cell that has the focus, which need not be the selected one. */
void
gallery_view_focus_selected (GalleryView *self)
{
  GtkSingleSelection *selection = get_selection (self);
  GHashTableIter      iter;
  gpointer            item;

  gtk_widget_grab_focus (self->grid);
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (selection != NULL && gtk_list_item_get_position (item) == gtk_single_selection_get_selected (selection))
      {
        gtk_widget_grab_focus (gtk_widget_get_parent (gtk_list_item_get_child (item)));
        return;
      }
}

gboolean
gallery_view_has_asked (GalleryView *self)
{
  GtkSelectionModel *model = gtk_grid_view_get_model (GTK_GRID_VIEW (self->grid));
  gboolean           is_empty = model == NULL || g_list_model_get_n_items (G_LIST_MODEL (model)) == 0;

  return !self->changed && (is_empty || self->n_visible > 0);
}
