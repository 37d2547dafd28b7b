/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-cell.h"
#include "gallery-picture.h"

#define ICON_SIZE 48
#define SPACING 6

static void
bind (GtkListItem *item, const char *name, GtkWidget *widget, const char *property)
{
  GtkExpression *of_item = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");

  gtk_expression_bind (gtk_property_expression_new (GALLERY_TYPE_PICTURE, of_item, name), widget, property, item);
}

static GtkWidget *
icon_new (const char *name)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (name);

  gtk_image_set_pixel_size (GTK_IMAGE (icon), ICON_SIZE);
  gtk_widget_add_css_class (icon, "dim-label");
  return icon;
}

static GtkWidget *
picture_new (GtkListItem *item)
{
  GtkWidget *picture = gtk_picture_new ();

  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_SCALE_DOWN);
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  bind (item, "texture", picture, "paintable");
  return picture;
}

static GtkWidget *
stack_new (GtkListItem *item, int size)
{
  GtkWidget *stack = gtk_stack_new ();

  gtk_stack_add_named (GTK_STACK (stack), icon_new ("image-x-generic-symbolic"), "waiting");
  gtk_stack_add_named (GTK_STACK (stack), icon_new ("image-missing-symbolic"), "broken");
  gtk_stack_add_named (GTK_STACK (stack), picture_new (item), "picture");
  gtk_widget_set_size_request (stack, size, size);
  bind (item, "page", stack, "visible-child-name");
  return stack;
}

static GtkWidget *
name_new (GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "caption");
  bind (item, "name", label, "label");
  return label;
}

GtkWidget *
gallery_cell_new (GtkListItem *item, int size)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING);

  gtk_box_append (GTK_BOX (cell), stack_new (item, size));
  gtk_box_append (GTK_BOX (cell), name_new (item));
  gtk_widget_set_margin_start (cell, SPACING);
  gtk_widget_set_margin_end (cell, SPACING);
  gtk_widget_set_margin_top (cell, SPACING);
  gtk_widget_set_margin_bottom (cell, SPACING);
  bind (item, "tooltip", cell, "tooltip-text");
  return cell;
}
