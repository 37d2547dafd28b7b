/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-picture.h"

struct _GalleryPicture
{
  GObject parent_instance;

  char       *path;    /* (owned) bytes, not always UTF-8 */
  char       *name;    /* (owned) */
  char       *key;     /* (owned) by which it is sorted: made once, since it takes some time */
  GdkTexture *texture; /* (owned) (nullable) */
  char       *error;   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (GalleryPicture, gallery_picture, G_TYPE_OBJECT)

typedef enum
{
  PROP_NAME = 1,
  PROP_PAGE,
  PROP_TEXTURE,
  PROP_TOOLTIP,
} GalleryPictureProperty;

static GParamSpec *props[PROP_TOOLTIP + 1];

/* The page of the cell's stack. */
static const char *
get_page (GalleryPicture *self)
{
  if (self->texture != NULL)
    return "picture";
  return self->error != NULL ? "broken" : "waiting";
}

static void
gallery_picture_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GalleryPicture *self = GALLERY_PICTURE (object);

  switch ((GalleryPictureProperty) prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_PAGE:
      g_value_set_static_string (value, get_page (self));
      break;
    case PROP_TEXTURE:
      g_value_set_object (value, self->texture);
      break;
    case PROP_TOOLTIP:
      g_value_set_string (value, self->error != NULL ? self->error : self->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
gallery_picture_finalize (GObject *object)
{
  GalleryPicture *self = GALLERY_PICTURE (object);

  g_free (self->path);
  g_free (self->name);
  g_free (self->key);
  g_clear_object (&self->texture);
  g_free (self->error);
  G_OBJECT_CLASS (gallery_picture_parent_class)->finalize (object);
}

static void
gallery_picture_class_init (GalleryPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = gallery_picture_get_property;
  object_class->finalize = gallery_picture_finalize;

  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, NULL, flags);
  props[PROP_TEXTURE] = g_param_spec_object ("texture", NULL, NULL, GDK_TYPE_TEXTURE, flags);
  props[PROP_TOOLTIP] = g_param_spec_string ("tooltip", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
gallery_picture_init (GalleryPicture *self)
{
}

GalleryPicture *
gallery_picture_new (const char *path, const char *name)
{
  GalleryPicture *self = g_object_new (GALLERY_TYPE_PICTURE, NULL);

  self->path = g_strdup (path);
  self->name = g_strdup (name);
  self->key = g_utf8_collate_key_for_filename (name, -1);
  return self;
}

const char *
gallery_picture_get_path (GalleryPicture *self)
{
  return self->path;
}

const char *
gallery_picture_get_name (GalleryPicture *self)
{
  return self->name;
}

int
gallery_picture_compare (GalleryPicture *self, GalleryPicture *other)
{
  return strcmp (self->key, other->key);
}

static void
tell_changes (GalleryPicture *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TEXTURE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TOOLTIP]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAGE]);
}

void
gallery_picture_set_texture (GalleryPicture *self, GdkTexture *texture)
{
  if (!g_set_object (&self->texture, texture))
    return;
  g_clear_pointer (&self->error, g_free);
  tell_changes (self);
}

void
gallery_picture_set_error (GalleryPicture *self, const char *message)
{
  g_free (self->error);
  self->error = g_strdup (message);
  g_clear_object (&self->texture);
  tell_changes (self);
}

gboolean
gallery_picture_is_blank (GalleryPicture *self)
{
  return self->texture == NULL && self->error == NULL;
}
