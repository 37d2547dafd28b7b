/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-outbox-private.h"

#include "mpel-loop-error.h"
#include "mpel-wake-private.h"

/* A batch leaves when it is full; when the main thread has nothing left to run; when it is older
 * than FLUSH_US, by the flusher thread if need be, so that ten quick results do not wait for the
 * slow event behind them. */
#define FLUSH_US 1000

/* The flusher looks each millisecond while results come, and sleeps after so many idle looks. */
#define FLUSHER_IDLE_LOOKS 20

struct _MpelOutbox
{
  gatomicrefcount ref_count;
  MpelLink       *link; /* (owned) constant */
  GSource        *wake; /* (owned) constant; flushes once the main thread comes around */

  GMutex    mutex; /* for all below */
  GCond     cond;
  MpelBatch batch;
  gint64    oldest_us;   /* when the oldest record of @batch came in */
  gboolean  running;     /* the main thread is between begin_run and end_run */
  gint64    run_mark_us; /* up to when its time is accounted for */
  guint32   n_taken;     /* events that left the queue since the last flush */
  guint64   busy_us;     /* time spent on them */
  GThread  *flusher;     /* (owned) (nullable) started by the first need */
  gboolean  armed;       /* the flusher looks */
  gboolean  closed;
};

static gboolean
has_news (MpelOutbox *self)
{
  return self->n_taken > 0 || !mpel_batch_is_empty (&self->batch);
}

static void
flush_locked (MpelOutbox *self)
{
  if (self->closed || !has_news (self))
    return;
  if (self->n_taken > 0)
    {
      g_autoptr (GVariant) load = g_variant_ref_sink (g_variant_new ("(ut)", self->n_taken, self->busy_us));

      mpel_batch_prepend_load (&self->batch, load);
      self->n_taken = 0;
      self->busy_us = 0;
    }

  mpel_link_send_batch (self->link, &self->batch);
}

static gpointer
flusher_thread (gpointer user_data)
{
  MpelOutbox *self = user_data;
  guint       idle_looks = 0;

  g_mutex_lock (&self->mutex);
  while (!self->closed)
    {
      gint64 now = g_get_monotonic_time ();

      if (!self->armed)
        {
          g_cond_wait (&self->cond, &self->mutex);
          idle_looks = 0;
          continue;
        }

      g_cond_wait_until (&self->cond, &self->mutex, now + FLUSH_US);
      if (!has_news (self))
        self->armed = ++idle_looks < FLUSHER_IDLE_LOOKS;
      else if (g_get_monotonic_time () - self->oldest_us >= FLUSH_US)
        {
          idle_looks = 0;
          flush_locked (self);
        }
    }
  g_mutex_unlock (&self->mutex);

  return NULL;
}

static void
arm_flusher (MpelOutbox *self)
{
  if (self->armed || self->closed)
    return;
  self->armed = TRUE;
  if (self->flusher == NULL)
    self->flusher = g_thread_new ("mpel-flusher", flusher_thread, self);
  else
    g_cond_signal (&self->cond);
}

static gboolean
flush_cb (gpointer user_data)
{
  MpelOutbox *self = user_data;

  mpel_outbox_flush (self);
  return G_SOURCE_CONTINUE;
}

/* To be called on the main thread of the worker. */
MpelOutbox *
mpel_outbox_new (MpelLink *link)
{
  MpelOutbox *self = g_new0 (MpelOutbox, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_atomic_ref_count_init (&self->ref_count);
  self->link = g_object_ref (link);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  mpel_batch_init (&self->batch);

  self->wake = mpel_wake_new (context, "[mpel] flush results", G_PRIORITY_DEFAULT, flush_cb, self);
  return self;
}

MpelOutbox *
mpel_outbox_ref (MpelOutbox *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_outbox_unref (MpelOutbox *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->flusher == NULL);
  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  mpel_batch_clear (&self->batch);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_clear_object (&self->link);
  g_free (self);
}

/* The last word: sends what is left, and takes nothing more. Invocations may still hold us. */
void
mpel_outbox_close (MpelOutbox *self)
{
  GThread *flusher;

  g_mutex_lock (&self->mutex);
  flush_locked (self);
  self->closed = TRUE;
  flusher = g_steal_pointer (&self->flusher);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_source_destroy (self->wake);
  if (flusher != NULL)
    g_thread_join (flusher);
}

/* A record was added. Outside a run nobody else will flush it. */
static void
note_news (MpelOutbox *self, gboolean was_empty)
{
  if (mpel_batch_is_full (&self->batch))
    {
      flush_locked (self);
      return;
    }
  if (!was_empty)
    return;

  self->oldest_us = g_get_monotonic_time ();
  if (!self->running)
    mpel_wake_up (self->wake);
  arm_flusher (self);
}

static gboolean
add_locked (MpelOutbox *self, MpelRecordKind kind, guint64 id, GVariant *value, GError **error)
{
  gboolean was_empty = mpel_batch_is_empty (&self->batch);

  if (self->closed)
    return TRUE;
  if (!mpel_batch_append (&self->batch, kind, MPEL_RECORD_FLAG_NONE, id, NULL, value, NULL, error))
    return FALSE;
  note_news (self, was_empty);
  return TRUE;
}

static void
add_failed_locked (MpelOutbox *self, guint64 id, const MpelFailure *failure)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (mpel_failure_to_variant (failure));
  g_autoptr (GError) error = NULL;

  if (!add_locked (self, MPEL_RECORD_FAILED, id, value, &error))
    {
      g_autoptr (MpelFailure) shorter = mpel_failure_new_take (g_steal_pointer (&error));

      add_failed_locked (self, id, shorter);
    }
}

void
mpel_outbox_add_hello (MpelOutbox *self)
{
  g_mutex_lock (&self->mutex);
  mpel_batch_append_hello (&self->batch);
  flush_locked (self);
  g_mutex_unlock (&self->mutex);
}

/* The host has said what it can take. Until then nothing large goes out. */
void
mpel_outbox_allow_blobs (MpelOutbox *self)
{
  g_mutex_lock (&self->mutex);
  self->batch.can_pass_fds = mpel_link_can_pass_fds (self->link);
  g_mutex_unlock (&self->mutex);
}

/* @results: (nullable): NULL when nobody wants them. */
void
mpel_outbox_add_done (MpelOutbox *self, guint64 id, GVariant *results)
{
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->mutex);
  if (!add_locked (self, MPEL_RECORD_DONE, id, results, &error))
    {
      g_autoptr (MpelFailure) failure = mpel_failure_new_take (g_steal_pointer (&error));

      add_failed_locked (self, id, failure);
    }
  g_mutex_unlock (&self->mutex);
}

void
mpel_outbox_add_failed (MpelOutbox *self, guint64 id, const MpelFailure *failure)
{
  g_mutex_lock (&self->mutex);
  add_failed_locked (self, id, failure);
  g_mutex_unlock (&self->mutex);
}

void
mpel_outbox_begin_run (MpelOutbox *self)
{
  g_mutex_lock (&self->mutex);
  self->running = TRUE;
  self->run_mark_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
}

/* One event has left the queue, answered or not. Returns the time, which the caller needs too. */
gint64
mpel_outbox_add_taken (MpelOutbox *self)
{
  gint64   now = g_get_monotonic_time ();
  gboolean was_quiet;

  g_mutex_lock (&self->mutex);
  was_quiet = !has_news (self);
  self->n_taken++;
  self->busy_us += (guint64) (now - self->run_mark_us);
  self->run_mark_us = now;
  if (was_quiet)
    {
      self->oldest_us = now;
      arm_flusher (self);
    }
  else if (now - self->oldest_us >= FLUSH_US)
    flush_locked (self);
  g_mutex_unlock (&self->mutex);
  return now;
}

/* @idle: nothing is left to run, so nothing is gained by waiting. */
void
mpel_outbox_end_run (MpelOutbox *self, gboolean idle)
{
  g_mutex_lock (&self->mutex);
  self->running = FALSE;
  if (idle)
    flush_locked (self);
  g_mutex_unlock (&self->mutex);
}

void
mpel_outbox_flush (MpelOutbox *self)
{
  g_mutex_lock (&self->mutex);
  flush_locked (self);
  g_mutex_unlock (&self->mutex);
}
