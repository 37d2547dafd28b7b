/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-window.h"
#include "gallery-decoder.h"
#include "gallery-folder.h"
#include "gallery-meter.h"
#include "gallery-shot.h"
#include "gallery-view.h"

/* Sizes may change once more when the last picture has come. */
#define FRAMES_TO_SETTLE 15

/* OPEN → CLOSING → destroyed. While it is closing the window is hidden, and waits for its workers. */
struct _GalleryWindow
{
  GtkApplicationWindow parent_instance;

  GtkWidget      *title; /* (unowned) in the window, as are the next four */
  GtkWidget      *subtitle;
  GtkWidget      *meter;
  GtkWidget      *stack;
  GtkWidget      *view;
  GalleryDecoder *decoder;    /* (owned) */
  GalleryFolder  *folder;     /* (owned) (nullable) */
  char           *shot;       /* (owned) (nullable) where to save a picture of the window */
  guint           n_complete; /* frames since all was there */
  guint           save_source;
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

/* Labels that do not change cost nothing. */
static void
update (GalleryWindow *self)
{
  const char      *error = gallery_folder_get_error (self->folder);
  g_autofree char *text = error != NULL ? g_strdup (error) : describe (self);
  gboolean         is_empty = g_list_model_get_n_items (gallery_folder_get_pictures (self->folder)) == 0;

  gtk_label_set_text (GTK_LABEL (self->subtitle), text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), is_empty ? "empty" : "view");
}

/* Nothing is missing: the folder has been read, what is needed has been asked for, and has come. */
static gboolean
is_complete (GalleryWindow *self)
{
  return gallery_folder_is_read (self->folder) && gallery_view_has_asked (GALLERY_VIEW (self->view)) &&
         !gallery_decoder_is_busy (self->decoder);
}

static gboolean
save_cb (gpointer user_data)
{
  GalleryWindow   *self = user_data;
  g_autofree char *path = g_steal_pointer (&self->shot);
  g_autofree char *text = describe (self);

  self->save_source = 0;
  if (!gallery_shot_save (GTK_WINDOW (self), path))
    g_printerr ("gallery: cannot write %s\n", path);
  g_print ("%s; longest gap between two frames %.1f ms\n", text, gallery_meter_get_longest_ms (self->meter));
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
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
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
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "win.open", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_q, GDK_CONTROL_MASK, "window.close", NULL);
}

static GtkWidget *
header_new (GalleryWindow *self)
{
  GtkWidget *header = gtk_header_bar_new ();
  GtkWidget *open = gtk_button_new_from_icon_name ("folder-open-symbolic");
  GtkWidget *titles = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->title = gtk_label_new ("Gallery");
  self->subtitle = gtk_label_new (NULL);
  self->meter = gallery_meter_new ();
  gtk_widget_add_css_class (self->title, "title");
  gtk_widget_add_css_class (self->subtitle, "subtitle");
  gtk_widget_set_valign (titles, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (titles), self->title);
  gtk_box_append (GTK_BOX (titles), self->subtitle);

  gtk_widget_set_tooltip_text (open, "Open a folder (Ctrl+O)");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), "win.open");
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), open);
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
  self->stack = gtk_stack_new ();
  gtk_label_set_justify (GTK_LABEL (empty), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (empty, "dim-label");
  gtk_stack_add_named (GTK_STACK (self->stack), empty, "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), self->view, "view");

  gtk_window_set_titlebar (GTK_WINDOW (self), header_new (self));
  gtk_window_set_child (GTK_WINDOW (self), self->stack);
  gtk_window_set_default_size (GTK_WINDOW (self), 900, 640);
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
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *title = g_filename_display_name (name);

  g_clear_pointer (&self->folder, gallery_folder_free);
  self->folder = gallery_folder_open (file);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gallery_meter_reset (self->meter);
  gallery_view_set_pictures (GALLERY_VIEW (self->view), gallery_folder_get_pictures (self->folder));
}

void
gallery_window_save (GalleryWindow *self, const char *path)
{
  g_free (self->shot);
  self->shot = g_strdup (path);
}
