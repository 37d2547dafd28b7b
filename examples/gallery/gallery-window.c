/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-window.h"
#include "gallery-decoder.h"
#include "gallery-folder.h"
#include "gallery-large.h"
#include "gallery-meter.h"
#include "gallery-shot.h"
#include "gallery-view.h"

/* Sizes may change once more when the last picture has come. */
#define FRAMES_TO_SETTLE 15

/* OPEN → CLOSING → destroyed. While it is closing the window is hidden, and waits for its workers. */
struct _GalleryWindow
{
  GtkApplicationWindow parent_instance;

  GtkWidget      *title; /* (unowned) in the window, as are the next six */
  GtkWidget      *subtitle;
  GtkWidget      *meter;
  GtkWidget      *back;
  GtkWidget      *stack;
  GtkWidget      *view;
  GtkWidget      *large;
  GalleryDecoder *decoder;    /* (owned) */
  GalleryFolder  *folder;     /* (owned) (nullable) */
  char           *shot;       /* (owned) (nullable) where to save a picture of the window */
  guint           n_complete; /* frames since all was there */
  guint           save_source;
  gboolean        reports;  /* when it closes */
  gboolean        is_large; /* one picture fills the window */
  gboolean        closing;
};

G_DEFINE_FINAL_TYPE (GalleryWindow, gallery_window, GTK_TYPE_APPLICATION_WINDOW)

/* ---- What is told ---- */

static char *
describe (GalleryWindow *self)
{
  guint            n_decoded, n_broken, n_cancelled;
  guint            n = g_list_model_get_n_items (gallery_folder_get_pictures (self->folder));
  g_autofree char *broken = NULL;
  g_autofree char *cancelled = NULL;

  gallery_decoder_get_counts (self->decoder, &n_decoded, &n_broken, &n_cancelled);
  broken = n_broken > 0 ? g_strdup_printf (", %u broken", n_broken) : g_strdup ("");
  cancelled = n_cancelled > 0 ? g_strdup_printf (", %u cancelled", n_cancelled) : g_strdup ("");
  return g_strdup_printf ("%u picture%s, %u decoded%s%s", n, n == 1 ? "" : "s", n_decoded, broken, cancelled);
}

static const char *
get_page (GalleryWindow *self)
{
  if (self->is_large)
    return "large";
  return g_list_model_get_n_items (gallery_folder_get_pictures (self->folder)) == 0 ? "empty" : "view";
}

/* Labels that do not change cost nothing. */
static void
update (GalleryWindow *self)
{
  const char      *error = gallery_folder_get_error (self->folder);
  g_autofree char *text = error != NULL ? g_strdup (error) : describe (self);
  const char      *page = get_page (self);

  gtk_label_set_text (GTK_LABEL (self->subtitle), text);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->stack)), page) == 0)
    return;
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page);
  if (g_str_equal (page, "view"))
    gallery_view_focus_selected (GALLERY_VIEW (self->view));
}

static void
set_title (GalleryWindow *self, const char *title)
{
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

/* Nothing is missing: the folder has been read, what is needed has been asked for, and has come. */
static gboolean
is_complete (GalleryWindow *self)
{
  return gallery_folder_is_read (self->folder) && gallery_view_has_asked (GALLERY_VIEW (self->view)) &&
         !gallery_decoder_is_busy (self->decoder);
}

static void
report (GalleryWindow *self)
{
  g_autofree char *text = self->folder != NULL ? describe (self) : g_strdup ("no folder");

  g_print ("%s; longest gap between two frames %.1f ms\n", text, gallery_meter_get_longest_ms (self->meter));
}

static gboolean
save_cb (gpointer user_data)
{
  GalleryWindow   *self = user_data;
  g_autofree char *path = g_steal_pointer (&self->shot);

  self->save_source = 0;
  if (!gallery_shot_save (GTK_WINDOW (self), path))
    g_printerr ("gallery: cannot write %s\n", path);
  gtk_window_close (GTK_WINDOW (self));
  return G_SOURCE_REMOVE;
}

/* Between two frames, when what came last has been drawn. */
static void
save_when_complete (GalleryWindow *self)
{
  self->n_complete = is_complete (self) ? self->n_complete + 1 : 0;
  if (self->n_complete >= FRAMES_TO_SETTLE && self->save_source == 0)
    self->save_source = g_idle_add (save_cb, self);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GalleryWindow *self = GALLERY_WINDOW (widget);

  if (self->folder == NULL || self->closing)
    return G_SOURCE_CONTINUE;
  update (self);
  if (self->shot != NULL)
    save_when_complete (self);
  return G_SOURCE_CONTINUE;
}

/* ---- Actions ---- */

static void
folder_chosen_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  GalleryWindow *self = user_data;
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT && !self->closing)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      gallery_window_open (self, file);
    }
  g_object_unref (dialog);
}

static void
open_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new ("Open Folder",
                                                              GTK_WINDOW (widget),
                                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                              "_Open",
                                                              "_Cancel");

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (folder_chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
leave_large (GalleryWindow *self)
{
  self->is_large = FALSE;
  gtk_widget_set_visible (self->back, FALSE);
  gallery_large_set_picture (GALLERY_LARGE (self->large), NULL);
  if (self->folder != NULL)
    set_title (self, gallery_folder_get_name (self->folder));
}

static void
enter_large (GalleryWindow *self)
{
  GalleryPicture *picture = gallery_view_get_selected (GALLERY_VIEW (self->view));

  if (picture == NULL || self->closing)
    return;
  self->is_large = TRUE;
  gtk_widget_set_visible (self->back, TRUE);
  gallery_large_set_picture (GALLERY_LARGE (self->large), picture);
  set_title (self, gallery_picture_get_name (picture));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "large");
  gtk_widget_grab_focus (self->large);
}

static void
show_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  enter_large (GALLERY_WINDOW (widget));
}

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  leave_large (GALLERY_WINDOW (widget));
}

static void
turn_page (GalleryWindow *self, int step)
{
  if (self->is_large && gallery_view_select_next (GALLERY_VIEW (self->view), step))
    enter_large (self);
}

static void
previous_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  turn_page (GALLERY_WINDOW (widget), -1);
}

static void
next_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  turn_page (GALLERY_WINDOW (widget), 1);
}

static void
reload_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GalleryWindow *self = GALLERY_WINDOW (widget);
  g_autoptr (GFile) file = NULL;

  if (self->folder == NULL || self->closing)
    return;
  file = g_object_ref (gallery_folder_get_file (self->folder));
  gallery_window_open (self, file);
}

/* ---- Life ---- */

static void
closed_cb (gpointer user_data)
{
  gtk_window_destroy (user_data);
}

/* The workers end first; what they work on is not wanted any more. */
static gboolean
gallery_window_close_request (GtkWindow *window)
{
  GalleryWindow *self = GALLERY_WINDOW (window);

  if (self->closing)
    return TRUE;
  self->closing = TRUE;
  g_clear_handle_id (&self->save_source, g_source_remove);
  if (self->reports)
    report (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  leave_large (self);
  gallery_view_set_pictures (GALLERY_VIEW (self->view), NULL);
  gallery_decoder_close (self->decoder, closed_cb, self);
  return TRUE;
}

static void
gallery_window_finalize (GObject *object)
{
  GalleryWindow *self = GALLERY_WINDOW (object);

  g_clear_pointer (&self->folder, gallery_folder_free);
  gallery_decoder_free (self->decoder);
  g_free (self->shot);
  G_OBJECT_CLASS (gallery_window_parent_class)->finalize (object);
}

static void
gallery_window_class_init (GalleryWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gallery_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = gallery_window_close_request;
  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_cb);
  gtk_widget_class_install_action (widget_class, "win.reload", NULL, reload_cb);
  gtk_widget_class_install_action (widget_class, "win.show", NULL, show_cb);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "win.previous", NULL, previous_cb);
  gtk_widget_class_install_action (widget_class, "win.next", NULL, next_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "win.open", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "win.reload", NULL);
}

static GtkWidget *
button_new (const char *icon, const char *tooltip, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_focus_on_click (button, FALSE);
  return button;
}

static GtkWidget *
header_new (GalleryWindow *self)
{
  GtkWidget *header = gtk_header_bar_new ();
  GtkWidget *titles = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->title = gtk_label_new ("Gallery");
  self->subtitle = gtk_label_new (NULL);
  self->meter = gallery_meter_new ();
  gtk_widget_add_css_class (self->title, "title");
  gtk_widget_add_css_class (self->subtitle, "subtitle");
  gtk_widget_set_valign (titles, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (titles), self->title);
  gtk_box_append (GTK_BOX (titles), self->subtitle);

  self->back = button_new ("go-previous-symbolic", "Back to the folder (Escape)", "win.back");
  gtk_widget_set_visible (self->back, FALSE);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), self->back);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), button_new ("folder-open-symbolic", "Open a folder (Ctrl+O)", "win.open"));
  gtk_header_bar_set_title_widget (GTK_HEADER_BAR (header), titles);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), self->meter);
  return header;
}

static void
gallery_window_init (GalleryWindow *self)
{
  GtkWidget *empty = gtk_label_new ("No pictures here\nCtrl+O opens a folder");

  self->decoder = gallery_decoder_new (GALLERY_THUMBNAIL_SIZE);
  self->view = gallery_view_new (self->decoder);
  self->large = gallery_large_new (self->decoder);
  self->stack = gtk_stack_new ();
  gtk_label_set_justify (GTK_LABEL (empty), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (empty, "dim-label");
  gtk_stack_add_named (GTK_STACK (self->stack), empty, "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), self->view, "view");
  gtk_stack_add_named (GTK_STACK (self->stack), self->large, "large");

  gtk_window_set_titlebar (GTK_WINDOW (self), header_new (self));
  gtk_window_set_child (GTK_WINDOW (self), self->stack);
  gtk_window_set_default_size (GTK_WINDOW (self), 960, 640);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

GtkWidget *
gallery_window_new (GtkApplication *application)
{
  return g_object_new (GALLERY_TYPE_WINDOW, "application", application, NULL);
}

void
gallery_window_open (GalleryWindow *self, GFile *file)
{
  g_clear_pointer (&self->folder, gallery_folder_free);
  self->folder = gallery_folder_open (file);
  leave_large (self);
  gallery_meter_reset (self->meter);
  gallery_view_set_pictures (GALLERY_VIEW (self->view), gallery_folder_get_pictures (self->folder));
}

void
gallery_window_save (GalleryWindow *self, const char *path)
{
  g_free (self->shot);
  self->shot = g_strdup (path);
  self->reports = TRUE;
}

void
gallery_window_report (GalleryWindow *self)
{
  self->reports = TRUE;
}
