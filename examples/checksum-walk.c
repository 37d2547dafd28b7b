/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "checksum-walk.h"

/* step: look_at_root → looked_cb, or enter_folder → entered_cb → read_on → read_cb …; each of
 * them ends in finish_step, which tells the user and steps on. One at a time is under way. */

#define ATTRIBUTES G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE

/* How many files are asked for at once, and below how many found ones it reads on. */
#define FILES_PER_STEP 100
#define ENOUGH_FILES 200

/* Freed when the user has let go and nothing is under way. */
struct _ChecksumWalk
{
  const ChecksumWalkCalls *calls; /* (unowned) */
  gpointer                 user_data;
  GCancellable            *cancellable; /* (owned) cancelled once the user has let go */

  GQueue           roots;   /* (owned) paths that were given and not looked at yet */
  GQueue           folders; /* (owned) paths to enter, the deepest first */
  GQueue           found;   /* (owned) paths to take */
  char            *folder;  /* (owned) (nullable) the one being read */
  GFileEnumerator *reader;  /* (owned) (nullable) */
  gboolean         busy;    /* a step is under way */
  guint            n_skipped;
};

static void step (ChecksumWalk *self);

static void
destroy (ChecksumWalk *self)
{
  g_queue_clear_full (&self->roots, g_free);
  g_queue_clear_full (&self->folders, g_free);
  g_queue_clear_full (&self->found, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_object (&self->reader);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/* What other tools put there is not what a person means by “my files”. */
static gboolean
is_unwanted_folder (const char *name)
{
  return g_str_equal (name, ".git") || g_str_has_prefix (name, "_build");
}

static void
begin_step (ChecksumWalk *self)
{
  g_assert (!self->busy);
  self->busy = TRUE;
}

static void
finish_step (ChecksumWalk *self)
{
  self->busy = FALSE;
  step (self);
  self->calls->changed (self->user_data);
}

/* Returns FALSE when nobody wants the outcome; then the walk is gone. */
static gboolean
is_wanted (ChecksumWalk *self)
{
  if (!g_cancellable_is_cancelled (self->cancellable))
    return TRUE;
  destroy (self);
  return FALSE;
}

static void
leave_folder (ChecksumWalk *self)
{
  g_clear_object (&self->reader);
  g_clear_pointer (&self->folder, g_free);
}

static char *
build_path (const char *folder, const char *name)
{
  return g_str_equal (folder, ".") ? g_strdup (name) : g_build_filename (folder, name, NULL);
}

static void
sort_in (ChecksumWalk *self, GFileInfo *info)
{
  GFileType   type = g_file_info_get_file_type (info);
  const char *name = g_file_info_get_name (info);

  if (type == G_FILE_TYPE_REGULAR)
    g_queue_push_tail (&self->found, build_path (self->folder, name));
  else if (type == G_FILE_TYPE_DIRECTORY && !is_unwanted_folder (name))
    g_queue_push_head (&self->folders, build_path (self->folder, name));
  else if (type != G_FILE_TYPE_DIRECTORY)
    self->n_skipped++;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChecksumWalk *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autolist (GFileInfo) infos = g_file_enumerator_next_files_finish (G_FILE_ENUMERATOR (source), result, &error);

  if (!is_wanted (self))
    return;

  for (GList *l = infos; l != NULL; l = l->next)
    sort_in (self, l->data);
  if (error != NULL)
    self->calls->failed (self->folder, error, self->user_data);
  if (infos == NULL)
    leave_folder (self);
  finish_step (self);
}

static void
read_on (ChecksumWalk *self)
{
  begin_step (self);
  g_file_enumerator_next_files_async (self->reader, FILES_PER_STEP, G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
}

static void
entered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChecksumWalk *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileEnumerator) reader = g_file_enumerate_children_finish (G_FILE (source), result, &error);

  if (!is_wanted (self))
    return;

  self->reader = g_steal_pointer (&reader);
  if (error != NULL)
    {
      self->calls->failed (self->folder, error, self->user_data);
      leave_folder (self);
    }
  finish_step (self);
}

static void
enter_folder (ChecksumWalk *self)
{
  g_autoptr (GFile) file = NULL;

  self->folder = g_queue_pop_head (&self->folders);
  file = g_file_new_for_path (self->folder);
  begin_step (self);
  g_file_enumerate_children_async (file, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT, self->cancellable, entered_cb, self);
}

/* Takes @path. A path that somebody named is reported when it is of no use here. */
static void
sort_in_root (ChecksumWalk *self, char *path, GFileType type)
{
  GError unusable = { G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, (char *) "Neither a file nor a folder" };

  if (type == G_FILE_TYPE_REGULAR)
    g_queue_push_tail (&self->found, path);
  else if (type == G_FILE_TYPE_DIRECTORY)
    g_queue_push_head (&self->folders, path);
  else
    {
      if (type == G_FILE_TYPE_SYMBOLIC_LINK)
        unusable.message = (char *) "A symbolic link, which is not followed";
      self->calls->failed (path, &unusable, self->user_data);
      g_free (path);
    }
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChecksumWalk *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  g_autofree char *path = NULL;

  if (!is_wanted (self))
    return;

  path = g_queue_pop_head (&self->roots);
  if (info != NULL)
    sort_in_root (self, g_steal_pointer (&path), g_file_info_get_file_type (info));
  else
    self->calls->failed (path, error, self->user_data);
  finish_step (self);
}

static void
look_at_root (ChecksumWalk *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_queue_peek_head (&self->roots));

  begin_step (self);
  g_file_query_info_async (file, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, G_PRIORITY_DEFAULT, self->cancellable, looked_cb, self);
}

static void
step (ChecksumWalk *self)
{
  if (self->busy || self->found.length >= ENOUGH_FILES)
    return;
  if (self->reader != NULL)
    read_on (self);
  else if (self->folders.length > 0)
    enter_folder (self);
  else if (self->roots.length > 0)
    look_at_root (self);
}

ChecksumWalk *
checksum_walk_new (const char *const *paths, const ChecksumWalkCalls *calls, gpointer user_data)
{
  ChecksumWalk *self = g_new0 (ChecksumWalk, 1);

  self->calls = calls;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; paths[i] != NULL; i++)
    g_queue_push_tail (&self->roots, g_strdup (paths[i]));
  step (self);
  return self;
}

void
checksum_walk_free (ChecksumWalk *self)
{
  g_cancellable_cancel (self->cancellable);
  if (!self->busy)
    destroy (self);
}

char *
checksum_walk_take (ChecksumWalk *self)
{
  char *path = g_queue_pop_head (&self->found);

  step (self);
  return path;
}

gboolean
checksum_walk_is_over (ChecksumWalk *self)
{
  return !self->busy && self->found.length == 0;
}

guint
checksum_walk_get_n_skipped (ChecksumWalk *self)
{
  return self->n_skipped;
}
