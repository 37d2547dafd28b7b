/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-folder.h"
#include "gallery-picture.h"

/* Few enough that a batch costs no frame. */
#define FILES_PER_BATCH 64

#define ATTRIBUTES               \
  G_FILE_ATTRIBUTE_STANDARD_NAME \
  "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE "," G_FILE_ATTRIBUTE_STANDARD_TYPE

/* Whoever reads holds a reference: an answer may arrive when the window is through with the folder. */
struct _GalleryFolder
{
  GFile        *file;        /* (owned) */
  char         *name;        /* (owned) for people */
  GPtrArray    *found;       /* (owned) pictures */
  GListStore   *store;       /* (owned) the same, when all have been found */
  GCancellable *cancellable; /* (owned) */
  gboolean      is_read;
  char         *error; /* (owned) (nullable) */
};

static void
folder_clear (gpointer data)
{
  GalleryFolder *self = data;

  g_object_unref (self->file);
  g_free (self->name);
  g_ptr_array_unref (self->found);
  g_object_unref (self->store);
  g_object_unref (self->cancellable);
  g_free (self->error);
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  return gallery_picture_compare (*(GalleryPicture *const *) a, *(GalleryPicture *const *) b);
}

static void
finish (GalleryFolder *self, const GError *error)
{
  self->is_read = TRUE;
  g_ptr_array_sort (self->found, compare_cb);
  g_list_store_splice (self->store, 0, 0, self->found->pdata, self->found->len);
  if (error != NULL)
    self->error = g_strdup (error->message);
  g_rc_box_release_full (self, folder_clear);
}

static gboolean
is_picture (GFileInfo *info)
{
  const char *type = g_file_info_get_content_type (info);

  return g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR && type != NULL && g_content_type_is_a (type, "image/*");
}

static void
add_batch (GalleryFolder *self, GList *infos)
{
  for (GList *l = infos; l != NULL; l = l->next)
    {
      g_autoptr (GFile) child = g_file_get_child (self->file, g_file_info_get_name (l->data));
      g_autofree char *path = g_file_get_path (child);

      if (path != NULL && is_picture (l->data))
        g_ptr_array_add (self->found, gallery_picture_new (path, g_file_info_get_display_name (l->data)));
    }
}

static void
batch_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GFileEnumerator *enumerator = G_FILE_ENUMERATOR (source);
  GalleryFolder   *self = user_data;
  g_autoptr (GError) error = NULL;
  GList *infos = g_file_enumerator_next_files_finish (enumerator, result, &error);

  if (infos == NULL)
    {
      finish (self, error);
      return;
    }
  add_batch (self, infos);
  g_list_free_full (infos, g_object_unref);
  g_file_enumerator_next_files_async (enumerator, FILES_PER_BATCH, G_PRIORITY_DEFAULT_IDLE, self->cancellable, batch_cb, self);
}

static void
enumerate_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GalleryFolder *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileEnumerator) enumerator = g_file_enumerate_children_finish (G_FILE (source), result, &error);

  if (enumerator == NULL)
    finish (self, error);
  else
    g_file_enumerator_next_files_async (enumerator, FILES_PER_BATCH, G_PRIORITY_DEFAULT_IDLE, self->cancellable, batch_cb, self);
}

GalleryFolder *
gallery_folder_open (GFile *file)
{
  GalleryFolder   *self = g_rc_box_new0 (GalleryFolder);
  g_autofree char *name = g_file_get_basename (file);

  self->file = g_object_ref (file);
  self->name = g_filename_display_name (name);
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
  self->store = g_list_store_new (GALLERY_TYPE_PICTURE);
  self->cancellable = g_cancellable_new ();
  g_file_enumerate_children_async (file,
                                   ATTRIBUTES,
                                   G_FILE_QUERY_INFO_NONE,
                                   G_PRIORITY_DEFAULT_IDLE,
                                   self->cancellable,
                                   enumerate_cb,
                                   g_rc_box_acquire (self));
  return self;
}

void
gallery_folder_free (GalleryFolder *self)
{
  g_cancellable_cancel (self->cancellable);
  g_rc_box_release_full (self, folder_clear);
}

GFile *
gallery_folder_get_file (GalleryFolder *self)
{
  return self->file;
}

const char *
gallery_folder_get_name (GalleryFolder *self)
{
  return self->name;
}

GListModel *
gallery_folder_get_pictures (GalleryFolder *self)
{
  return G_LIST_MODEL (self->store);
}

gboolean
gallery_folder_is_read (GalleryFolder *self)
{
  return self->is_read;
}

const char *
gallery_folder_get_error (GalleryFolder *self)
{
  return self->error;
}
