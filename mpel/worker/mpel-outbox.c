/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-outbox-private.h"

#include "mpel-loop-error.h"
#include "mpel-progress-private.h"
#include "mpel-wake-private.h"

/* A batch leaves when it is full; when the main thread has nothing left to run; behind an event that
 * took long, compared to what a batch costs; when it is older than FLUSH_US, by the flusher thread
 * if need be, so that ten quick results do not wait for the slow event behind them. */
#define FLUSH_US 1000
#define LONG_US 500

/* The flusher looks each millisecond while results come, and sleeps after so many idle looks. */
#define FLUSHER_IDLE_LOOKS 20

struct _MpelOutbox
{
  gatomicrefcount ref_count;
  GSource        *wake;    /* (owned) constant; flushes once the main thread comes around */
  GThread        *thread;  /* (unowned) constant; the main one */
  MpelPreludeFunc prelude; /* (nullable) main thread only */
  gpointer        prelude_data;

  GMutex       mutex; /* for all below */
  GCond        cond;
  MpelLink    *link; /* (owned) (nullable) NULL once closed: it holds us through those it wakes */
  MpelBatch    batch;
  gint64       oldest_us;   /* when the oldest record of @batch came in */
  gboolean     running;     /* the main thread is between begin_run and end_run */
  gint64       run_mark_us; /* up to when its time is accounted for */
  guint32      n_taken;     /* events that left the queue since the last flush */
  guint64      busy_us;     /* time spent on them */
  MpelProgress progress;
  GThread     *flusher; /* (owned) (nullable) started by the first need */
  gboolean     armed;   /* the flusher looks */
  gboolean     closed;
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

/* Started by the first need. */
static gpointer flusher_thread (gpointer user_data);

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
add_named_locked (MpelOutbox *self, MpelRecordKind kind, MpelRecordFlags flags, guint64 id, const char *name, GVariant *value, GError **error)
{
  gboolean was_empty = mpel_batch_is_empty (&self->batch);

  if (self->closed)
    return TRUE;
  if (!mpel_batch_append (&self->batch, kind, flags, id, name, value, NULL, error))
    return FALSE;
  note_news (self, was_empty);
  return TRUE;
}

static gboolean
add_locked (MpelOutbox *self, MpelRecordKind kind, guint64 id, GVariant *value, GError **error)
{
  return add_named_locked (self, kind, MPEL_RECORD_FLAG_NONE, id, NULL, value, error);
}

static void
tell_progress_locked (MpelOutbox *self, MpelCall *call, gint64 now)
{
  g_autoptr (GVariant) value = mpel_progress_make (call, now);

  add_locked (self, MPEL_RECORD_PROGRESS, call->id, value, NULL);
}

static void
tell_due_reports (MpelOutbox *self, gint64 now)
{
  GQueue    due = G_QUEUE_INIT;
  MpelCall *call;

  mpel_progress_take_due (&self->progress, now, &due);
  while ((call = g_queue_pop_head (&due)) != NULL)
    {
      tell_progress_locked (self, call, now);
      mpel_call_unref (call);
    }
}

/* Returns whether there was anything to look after. */
static gboolean
look_locked (MpelOutbox *self)
{
  gint64   now = g_get_monotonic_time ();
  gboolean is_needed = has_news (self) || !mpel_progress_is_empty (&self->progress);

  tell_due_reports (self, now);
  if (has_news (self) && now - self->oldest_us >= FLUSH_US)
    flush_locked (self);
  return is_needed;
}

static gpointer
flusher_thread (gpointer user_data)
{
  MpelOutbox *self = user_data;
  guint       idle_looks = 0;

  g_mutex_lock (&self->mutex);
  while (!self->closed)
    {
      if (!self->armed)
        {
          g_cond_wait (&self->cond, &self->mutex);
          idle_looks = 0;
          continue;
        }

      g_cond_wait_until (&self->cond, &self->mutex, g_get_monotonic_time () + FLUSH_US);
      if (look_locked (self))
        idle_looks = 0;
      else
        self->armed = ++idle_looks < FLUSHER_IDLE_LOOKS;
    }
  g_mutex_unlock (&self->mutex);

  return NULL;
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
  self->thread = g_thread_self ();
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

  g_assert (self->flusher == NULL && self->link == NULL);
  g_source_destroy (self->wake);
  g_clear_pointer (&self->wake, g_source_unref);
  g_assert (mpel_progress_is_empty (&self->progress));
  mpel_batch_clear (&self->batch);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Any thread may drop the outbox, but the link is the main thread's. */
static void
drop_link (MpelOutbox *self)
{
  g_autoptr (MpelLink) link = NULL;

  g_mutex_lock (&self->mutex);
  link = g_steal_pointer (&self->link);
  g_mutex_unlock (&self->mutex);
}

/* The last word: sends what is left, and takes nothing more. Invocations may still hold us. */
void
mpel_outbox_close (MpelOutbox *self)
{
  GThread *flusher;
  GQueue   reports;

  g_mutex_lock (&self->mutex);
  flush_locked (self);
  self->closed = TRUE;
  flusher = g_steal_pointer (&self->flusher);
  mpel_progress_take_all (&self->progress, &reports);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_source_destroy (self->wake);
  if (flusher != NULL)
    g_thread_join (flusher);
  g_queue_clear_full (&reports, (GDestroyNotify) mpel_call_unref);
  drop_link (self);
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

void
mpel_outbox_set_prelude (MpelOutbox *self, MpelPreludeFunc prelude, gpointer user_data)
{
  g_assert (g_thread_self () == self->thread);

  self->prelude = prelude;
  self->prelude_data = user_data;
}

/* Any thread, without the lock. */
static void
play_prelude (MpelOutbox *self)
{
  if (g_thread_self () == self->thread && self->prelude != NULL)
    self->prelude (self->prelude_data);
}

/* What was held back of its progress goes before the end, and nothing behind. */
static void
end_locked (MpelOutbox *self, MpelCall *call)
{
  call->ended = TRUE;
  if (mpel_progress_drop (&self->progress, call))
    tell_progress_locked (self, call, call->told_us);
}

/* @results: (nullable): NULL when nobody wants them. */
gboolean
mpel_outbox_add_done (MpelOutbox *self, MpelCall *call, MpelRecordFlags flags, GVariant *results)
{
  g_autoptr (GError) error = NULL;
  gboolean added;

  play_prelude (self);
  g_mutex_lock (&self->mutex);
  end_locked (self, call);
  added = add_named_locked (self, MPEL_RECORD_DONE, flags, call->id, NULL, results, &error);
  if (!added)
    {
      g_autoptr (MpelFailure) failure = mpel_failure_new_take (g_steal_pointer (&error));

      add_failed_locked (self, call->id, failure);
    }
  g_mutex_unlock (&self->mutex);
  return added;
}

void
mpel_outbox_add_failed (MpelOutbox *self, MpelCall *call, const MpelFailure *failure)
{
  play_prelude (self);
  g_mutex_lock (&self->mutex);
  end_locked (self, call);
  add_failed_locked (self, call->id, failure);
  g_mutex_unlock (&self->mutex);
}

/* The first is told at once, and then the latest whenever it is time. */
void
mpel_outbox_add_progress (MpelOutbox *self, MpelCall *call, double fraction, const char *message)
{
  gboolean is_due = FALSE;

  g_mutex_lock (&self->mutex);
  if (!call->ended && !self->closed)
    {
      is_due = mpel_progress_take (&self->progress, call, fraction, message);
      if (!is_due)
        arm_flusher (self);
    }
  g_mutex_unlock (&self->mutex);
  if (!is_due)
    return;

  play_prelude (self);
  g_mutex_lock (&self->mutex);
  if (!call->ended && !call->is_waiting)
    tell_progress_locked (self, call, g_get_monotonic_time ());
  g_mutex_unlock (&self->mutex);
}

/* Somebody may have answered since the caller looked. */
gboolean
mpel_outbox_add_yield (MpelOutbox *self, MpelCall *call, GVariant *value, GError **error)
{
  gboolean added = FALSE;

  play_prelude (self);
  g_mutex_lock (&self->mutex);
  if (call->ended)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The event was answered already");
  else
    added = add_locked (self, MPEL_RECORD_YIELD, call->id, value, error);
  g_mutex_unlock (&self->mutex);
  return added;
}

void
mpel_outbox_refuse (MpelOutbox *self, guint64 id, const MpelFailure *failure)
{
  g_mutex_lock (&self->mutex);
  add_failed_locked (self, id, failure);
  flush_locked (self);
  g_mutex_unlock (&self->mutex);
}

void
mpel_outbox_add_recalled (MpelOutbox *self, guint64 last_begun)
{
  g_mutex_lock (&self->mutex);
  add_locked (self, MPEL_RECORD_RECALLED, last_begun, NULL, NULL);
  flush_locked (self);
  g_mutex_unlock (&self->mutex);
}

/* Any thread. */
gboolean
mpel_outbox_add_news (MpelOutbox *self, MpelRecordKind kind, MpelRecordFlags flags, guint64 id, const char *name, GVariant *value, GError **error)
{
  gboolean added;

  g_mutex_lock (&self->mutex);
  added = add_named_locked (self, kind, flags, id, name, value, error);
  g_mutex_unlock (&self->mutex);
  return added;
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
  gboolean was_quiet, was_long;

  g_mutex_lock (&self->mutex);
  was_quiet = !has_news (self);
  was_long = now - self->run_mark_us >= LONG_US;
  self->n_taken++;
  self->busy_us += (guint64) (now - self->run_mark_us);
  self->run_mark_us = now;
  if (was_long)
    flush_locked (self);
  else if (was_quiet)
    {
      self->oldest_us = now;
      arm_flusher (self);
    }
  else if (now - self->oldest_us >= FLUSH_US)
    flush_locked (self);
  g_mutex_unlock (&self->mutex);
  return now;
}

/* What the main thread did since the last event was no event's work. Returns the time. */
gint64
mpel_outbox_pass_time (MpelOutbox *self)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  self->run_mark_us = now;
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
