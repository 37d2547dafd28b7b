/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "gallery-decoder.h"
#include "gallery-thumbnail.h"

/* A picture that kills its worker takes along those that the worker had been given with it. All of them
 * are tried once more, each alone, and only that one fails then. */
#define MAX_RETRIES 1

/* One that hangs must not keep its place for ever. */
#define TIMEOUT_MS 60000

struct _GalleryDecoder
{
  MpelEventLoop *pool;   /* (owned) */
  GHashTable    *events; /* (owned) picture → its event; what is not here any more is not waited for */
  MpelEvent     *large;  /* (owned) (nullable) that of the one picture that fills the window */
  int            size;
  guint          n_decoded;
  guint          n_broken;
  guint          n_cancelled;

  GalleryLargeFunc large_done; /* of @large */
  gpointer         large_data;

  GalleryClosedFunc closed; /* set when it closes */
  gpointer          closed_data;
};

/* ---- Results ---- */

/* Returns: (transfer full) (nullable) */
static GdkTexture *
get_texture (MpelEvent *event, GError **error)
{
  const GError *reason = mpel_event_get_error (event);

  if (reason == NULL)
    return gallery_thumbnail_to_texture (mpel_event_get_results (event), error);
  g_propagate_error (error, g_error_copy (reason));
  return NULL;
}

static void
show_large (GalleryDecoder *self)
{
  g_autoptr (MpelEvent) event = g_steal_pointer (&self->large);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = get_texture (event, &error);

  self->large_done (texture, error, self->large_data);
}

static void
show_results (GalleryDecoder *self, GalleryPicture *picture, MpelEvent *event)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = get_texture (event, &error);

  if (texture != NULL)
    gallery_picture_set_texture (picture, texture);
  else
    gallery_picture_set_error (picture, error->message);
  self->n_decoded += texture != NULL;
  self->n_broken += texture == NULL;
}

/* Of an event that was cancelled, or replaced by another, nobody wants to hear. */
static gboolean
event_done_cb (MpelEventLoop *pool, MpelEvent *event, gpointer user_data)
{
  GalleryDecoder *self = user_data;
  GalleryPicture *picture = g_object_get_data (G_OBJECT (event), "picture");

  if (event == self->large)
    show_large (self);
  else if (g_hash_table_lookup (self->events, picture) == event)
    {
      show_results (self, picture, event);
      g_hash_table_remove (self->events, picture);
    }
  return TRUE;
}

/* ---- Events ---- */

static MpelEvent *
event_new (GalleryPicture *picture, int size, GalleryNeed need)
{
  GVariant  *args = g_variant_new ("(^ayu)", gallery_picture_get_path (picture), size);
  MpelEvent *event = mpel_event_new (GALLERY_THUMBNAIL_TARGET, args, NULL);

  mpel_event_set_priority (event, need);
  mpel_event_set_max_retries (event, MAX_RETRIES);
  mpel_event_set_timeout (event, TIMEOUT_MS);
  g_object_set_data_full (G_OBJECT (event), "picture", g_object_ref (picture), g_object_unref);
  return event;
}

static void
begin (GalleryDecoder *self, GalleryPicture *picture, GalleryNeed need)
{
  g_autoptr (MpelEvent) event = event_new (picture, self->size, need);
  g_autoptr (GError) error = NULL;

  if (mpel_event_loop_add_event (self->pool, event, &error))
    g_hash_table_insert (self->events, g_object_ref (picture), g_steal_pointer (&event));
  else
    gallery_picture_set_error (picture, error->message);
}

static void
cancel (GalleryDecoder *self, GalleryPicture *picture, MpelEvent *event)
{
  g_autoptr (MpelEvent) kept = g_object_ref (event);

  g_hash_table_remove (self->events, picture);
  mpel_event_cancel (kept);
}

void
gallery_decoder_set_need (GalleryDecoder *self, GalleryPicture *picture, GalleryNeed need)
{
  MpelEvent *event = g_hash_table_lookup (self->events, picture);

  if (event != NULL && need == GALLERY_NEED_NONE)
    {
      self->n_cancelled++;
      cancel (self, picture, event);
    }
  else if (event != NULL && mpel_event_get_state (event) == MPEL_EVENT_STATE_QUEUED &&
           mpel_event_get_priority (event) != (int) need)
    {
      /* The priority counts when an event is added: so it waits anew, in another place. */
      cancel (self, picture, event);
      begin (self, picture, need);
    }
  else if (event == NULL && need != GALLERY_NEED_NONE && gallery_picture_is_blank (picture))
    begin (self, picture, need);
}

static void
forget_large (GalleryDecoder *self)
{
  g_autoptr (MpelEvent) event = g_steal_pointer (&self->large);

  if (event != NULL)
    mpel_event_cancel (event);
}

void
gallery_decoder_set_large (GalleryDecoder *self, GalleryPicture *picture, int size, GalleryLargeFunc done, gpointer user_data)
{
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  forget_large (self);
  if (picture == NULL)
    return;
  event = event_new (picture, size, GALLERY_NEED_LARGE);
  self->large_done = done;
  self->large_data = user_data;
  if (mpel_event_loop_add_event (self->pool, event, &error))
    self->large = g_steal_pointer (&event);
  else
    done (NULL, error, user_data);
}

gboolean
gallery_decoder_is_busy (GalleryDecoder *self)
{
  return g_hash_table_size (self->events) > 0 || self->large != NULL;
}

void
gallery_decoder_get_counts (GalleryDecoder *self, guint *n_decoded, guint *n_broken, guint *n_cancelled)
{
  *n_decoded = self->n_decoded;
  *n_broken = self->n_broken;
  *n_cancelled = self->n_cancelled;
}

/* ---- Begin and end ---- */

/* The workers are this same program, started once more for each. */
GalleryDecoder *
gallery_decoder_new (int size)
{
  GalleryDecoder *self = g_new0 (GalleryDecoder, 1);

  self->pool = MPEL_EVENT_LOOP (mpel_pool_new (0));
  self->events = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->size = size;
  g_signal_connect (self->pool, "event-done", G_CALLBACK (event_done_cb), self);
  return self;
}

void
gallery_decoder_free (GalleryDecoder *self)
{
  g_signal_handlers_disconnect_by_data (self->pool, self);
  g_object_unref (self->pool);
  g_hash_table_unref (self->events);
  g_clear_object (&self->large);
  g_free (self);
}

static void
pool_closed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  GalleryDecoder *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!mpel_event_loop_close_finish (MPEL_EVENT_LOOP (pool), result, &error))
    g_printerr ("gallery: %s\n", error->message);
  self->closed (self->closed_data);
}

void
gallery_decoder_close (GalleryDecoder *self, GalleryClosedFunc closed, gpointer user_data)
{
  self->closed = closed;
  self->closed_data = user_data;
  g_hash_table_remove_all (self->events);
  g_clear_object (&self->large);
  mpel_event_loop_cancel_all (self->pool);
  mpel_event_loop_close_async (self->pool, NULL, pool_closed_cb, self);
}
