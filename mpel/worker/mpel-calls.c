/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-calls-private.h"

#include "mpel-invocation-private.h"
#include "mpel-loop-error.h"
#include "mpel-wake-private.h"

/* An event is in the inbox until the main thread takes it. Then it begins, or it never does because
 * it was cancelled or given back meanwhile. Which of them is settled under @mutex, so that no event
 * both begins and is given back.
 *
 * No other lock is taken under @mutex. */
struct _MpelCalls
{
  gatomicrefcount ref_count;
  MpelOutbox     *outbox;  /* (owned) constant */
  MpelRota       *rota;    /* (owned) constant; main thread only */
  GSource        *wake;    /* (owned) constant; runs the main thread's next turn */
  GMainContext   *context; /* (owned) constant; of the main thread */
  GThread        *thread;  /* (unowned) constant; that one */
  MpelObjects    *objects; /* (owned) (nullable) set before the first event, constant then */

  GMutex      mutex;       /* for all below */
  MpelCall   *latest;      /* (owned) (nullable) the event that began last, while it is not answered */
  GHashTable *open;        /* (owned) of (owned) MpelCall, by id: those before it that are not answered */
  GHashTable *cancelled;   /* (owned) of (owned) guint64: cancelled before they were taken */
  guint64     last_taken;  /* ids count up, and so are they taken */
  guint64     last_begun;  /* at most @last_taken */
  guint64     recalled;    /* up to this id what had not begun never will */
  guint       max_open;    /* 0 for no bound */
  gboolean    is_paused;   /* the main thread waits for an answer */
  gboolean    has_streams; /* the host takes progress and values */
};

/* To be called on the main thread. */
MpelCalls *
mpel_calls_new (MpelOutbox *outbox, MpelRota *rota, GSource *wake)
{
  MpelCalls *self = g_new0 (MpelCalls, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->outbox = mpel_outbox_ref (outbox);
  self->rota = mpel_rota_ref (rota);
  self->wake = g_source_ref (wake);
  self->context = g_main_context_ref (g_source_get_context (wake));
  self->thread = g_thread_self ();
  g_mutex_init (&self->mutex);
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, (GDestroyNotify) mpel_call_unref, NULL);
  self->cancelled = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

MpelCalls *
mpel_calls_ref (MpelCalls *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_calls_unref (MpelCalls *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->open, g_hash_table_unref);
  g_clear_pointer (&self->cancelled, g_hash_table_unref);
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->objects, mpel_objects_unref);
  g_clear_pointer (&self->wake, g_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->rota, mpel_rota_unref);
  g_clear_pointer (&self->outbox, mpel_outbox_unref);
  g_free (self);
}

/* Most events are answered before the next one begins, and never see the table. */
static void
move_latest_to_table (MpelCalls *self)
{
  if (self->latest != NULL)
    g_hash_table_add (self->open, g_steal_pointer (&self->latest));
}

/* Returns: (transfer none) (nullable) */
static MpelCall *
find_open (MpelCalls *self, guint64 id)
{
  if (self->latest != NULL && self->latest->id == id)
    return self->latest;
  return g_hash_table_lookup (self->open, &id);
}

static guint
count_open (MpelCalls *self)
{
  return g_hash_table_size (self->open) + (self->latest != NULL ? 1 : 0);
}

/* The worker leaves: nobody waits for the host any more. Invocations may still hold us. */
void
mpel_calls_close (MpelCalls *self)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) mpel_call_unref);
  GHashTableIter iter;
  MpelCall      *call;

  g_mutex_lock (&self->mutex);
  move_latest_to_table (self);
  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, (gpointer *) &call, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (left, call);
    }
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < left->len; i++)
    mpel_call_abandon (left->pdata[i]);
}

MpelOutbox *
mpel_calls_get_outbox (MpelCalls *self)
{
  return self->outbox;
}

MpelRota *
mpel_calls_get_rota (MpelCalls *self)
{
  return self->rota;
}

void
mpel_calls_set_objects (MpelCalls *self, MpelObjects *objects)
{
  g_assert (self->objects == NULL);

  self->objects = mpel_objects_ref (objects);
}

MpelObjects *
mpel_calls_get_objects (MpelCalls *self)
{
  return self->objects;
}

GMainContext *
mpel_calls_get_context (MpelCalls *self)
{
  return self->context;
}

gboolean
mpel_calls_is_main_thread (MpelCalls *self)
{
  return g_thread_self () == self->thread;
}

/* Any thread: there is something for the main thread's next turn. */
void
mpel_calls_wake (MpelCalls *self)
{
  mpel_wake_up (self->wake);
}

void
mpel_calls_set_max_open (MpelCalls *self, guint max_open)
{
  g_mutex_lock (&self->mutex);
  self->max_open = max_open;
  g_mutex_unlock (&self->mutex);
  mpel_wake_up (self->wake);
}

/* The host has said what it can take; main thread, before the first event. */
void
mpel_calls_allow_streams (MpelCalls *self)
{
  g_mutex_lock (&self->mutex);
  self->has_streams = TRUE;
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_over_before_it_began (MpelCalls *self, guint64 id)
{
  if (g_hash_table_size (self->cancelled) > 0 && g_hash_table_remove (self->cancelled, &id))
    return TRUE;
  return id <= self->recalled;
}

static MpelBegin
begin_locked (MpelCalls *self, guint64 id, gboolean has_output, MpelCall **call)
{
  if (is_over_before_it_began (self, id))
    {
      self->last_taken = id;
      return MPEL_BEGIN_NEVER;
    }

  self->is_paused = self->max_open > 0 && count_open (self) >= self->max_open;
  if (self->is_paused)
    return MPEL_BEGIN_LATER;

  self->last_taken = id;
  self->last_begun = id;
  *call = mpel_call_new (self, id, has_output, self->has_streams);
  move_latest_to_table (self);
  self->latest = mpel_call_ref (*call);
  return MPEL_BEGIN_NOW;
}

/* Main thread: the event of this id was taken from the inbox. @call: (out) (transfer full), set
 * when it begins. */
MpelBegin
mpel_calls_begin (MpelCalls *self, guint64 id, gboolean has_output, MpelCall **call)
{
  MpelBegin begin;

  g_mutex_lock (&self->mutex);
  begin = begin_locked (self, id, has_output, call);
  g_mutex_unlock (&self->mutex);
  return begin;
}

/* Any thread: the event was answered. */
void
mpel_calls_end (MpelCalls *self, MpelCall *call)
{
  g_autoptr (MpelCall) latest = NULL;
  gboolean was_paused;

  g_mutex_lock (&self->mutex);
  if (self->latest == call)
    latest = g_steal_pointer (&self->latest);
  else
    g_hash_table_remove (self->open, &call->id);
  was_paused = self->is_paused;
  self->is_paused = FALSE;
  g_mutex_unlock (&self->mutex);

  mpel_call_set_answered (call);
  if (was_paused || g_atomic_int_get (&call->has_generator))
    mpel_wake_up (self->wake);
}

static MpelCall *
ref_open (MpelCalls *self, guint64 id)
{
  MpelCall *call;

  g_mutex_lock (&self->mutex);
  call = find_open (self, id);
  if (call != NULL)
    mpel_call_ref (call);
  g_mutex_unlock (&self->mutex);
  return call;
}

/* Returns FALSE for an event that has begun, was given back, or was cancelled already. */
static gboolean
note_cancelled_locked (MpelCalls *self, guint64 id)
{
  if (id <= self->last_taken || id <= self->recalled)
    return FALSE;
  return g_hash_table_add (self->cancelled, g_memdup2 (&id, sizeof id));
}

static void
answer_cancelled (MpelCalls *self, guint64 id)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_take (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The event was cancelled"));

  mpel_outbox_refuse (self->outbox, id, failure);
}

static gboolean
tell_cancelled_cb (gpointer user_data)
{
  g_autoptr (MpelInvocation) invocation = mpel_call_ref_invocation (user_data);

  if (invocation != NULL)
    mpel_invocation_tell_cancelled (invocation);
  return G_SOURCE_REMOVE;
}

/* In GDBus's thread. At once for the cancellable; and for those whose language has one thread, in
 * the main context, also when that is run by a function. */
static void
cancel_open (MpelCalls *self, MpelCall *call)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  mpel_call_cancel (call);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[mpel] tell of a cancel");
  g_source_set_callback (source, tell_cancelled_cb, mpel_call_ref (call), (GDestroyNotify) mpel_call_unref);
  g_source_attach (source, self->context);
}

void
mpel_calls_cancel (MpelCalls *self, guint64 id)
{
  g_autoptr (MpelCall) call = NULL;
  gboolean never_begins = FALSE;

  g_mutex_lock (&self->mutex);
  call = find_open (self, id);
  if (call != NULL)
    mpel_call_ref (call);
  else
    never_begins = note_cancelled_locked (self, id);
  g_mutex_unlock (&self->mutex);

  if (call != NULL)
    cancel_open (self, call);
  else if (never_begins)
    answer_cancelled (self, id);
  mpel_wake_up (self->wake);
}

void
mpel_calls_acknowledge (MpelCalls *self, guint64 id, guint n)
{
  g_autoptr (MpelCall) call = ref_open (self, id);

  if (call != NULL)
    mpel_call_acknowledge (call, n);
}

/* What the main thread begins from here on lies behind @up_to. */
void
mpel_calls_recall (MpelCalls *self, guint64 up_to)
{
  guint64 last_begun;

  g_mutex_lock (&self->mutex);
  self->recalled = MAX (self->recalled, up_to);
  last_begun = self->last_begun;
  g_mutex_unlock (&self->mutex);

  mpel_outbox_add_recalled (self->outbox, last_begun);
  mpel_wake_up (self->wake);
}
