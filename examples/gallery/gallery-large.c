/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-large.h"

/* Large enough for most windows; the window is not asked again when it grows. */
#define SIZE 1600

struct _GalleryLarge
{
  GtkWidget parent_instance;

  GtkWidget      *stack;   /* (owned) the only child, with the next two */
  GtkWidget      *picture; /* (unowned) */
  GtkWidget      *message; /* (unowned) */
  GalleryDecoder *decoder; /* (unowned) */
};

G_DEFINE_FINAL_TYPE (GalleryLarge, gallery_large, GTK_TYPE_WIDGET)

static void
show_texture (GalleryLarge *self, GdkTexture *texture)
{
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->picture);
}

static void
decoded_cb (GdkTexture *texture, const GError *error, gpointer user_data)
{
  GalleryLarge *self = user_data;

  if (texture != NULL)
    {
      show_texture (self, texture);
      return;
    }
  gtk_label_set_text (GTK_LABEL (self->message), error->message);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->message);
}

static void
gallery_large_dispose (GObject *object)
{
  GalleryLarge *self = GALLERY_LARGE (object);

  g_clear_pointer (&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (gallery_large_parent_class)->dispose (object);
}

static void
gallery_large_class_init (GalleryLargeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gallery_large_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, 0, "win.previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, 0, "win.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
}

static void
gallery_large_init (GalleryLarge *self)
{
  self->stack = gtk_stack_new ();
  self->picture = gtk_picture_new ();
  self->message = gtk_label_new (NULL);
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture), GTK_CONTENT_FIT_SCALE_DOWN);
  gtk_label_set_wrap (GTK_LABEL (self->message), TRUE);
  gtk_widget_add_css_class (self->message, "dim-label");
  gtk_stack_add_child (GTK_STACK (self->stack), self->picture);
  gtk_stack_add_child (GTK_STACK (self->stack), self->message);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
gallery_large_new (GalleryDecoder *decoder)
{
  GalleryLarge *self = g_object_new (GALLERY_TYPE_LARGE, NULL);

  self->decoder = decoder;
  return GTK_WIDGET (self);
}

/* Nothing is shown until it is there: a thumbnail would be of another size. */
void
gallery_large_set_picture (GalleryLarge *self, GalleryPicture *picture)
{
  show_texture (self, NULL);
  gallery_decoder_set_large (self->decoder, picture, SIZE, decoded_cb, self);
}
