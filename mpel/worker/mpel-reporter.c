/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-reporter-private.h"

#include "mpel-names-private.h"
#include "mpel-wake-private.h"

/* News take room, go into the outbox, and give the room back when the host acknowledges them. What
 * is on its way may exceed the window by as much as waits when an event ends, which is no more than
 * there are properties.
 *
 * A change of a property waits in @pending while there is no room, and when it is noticed on another
 * thread, since properties are read on the main thread only. It is taken from there before it is
 * read: a change in the meantime is another one. Lists keep what changed themselves, and are asked for
 * it where pending changes are told.
 *
 * The lock is never held together with that of the outbox, nor while anything of the user's runs. */

/* While signals wait for room, the last quarter of it is theirs alone. Changes can do with less:
 * whatever happens, the last value is told. */
#define QUARTERS 4
#define QUARTERS_FOR_CHANGES 3

/* What properties notify while they are read is read as well, but not forever. */
#define CATCH_UP_ROUNDS 4

struct _MpelReporter
{
  gatomicrefcount ref_count;
  MpelOutbox     *outbox; /* (owned) constant */
  GThread        *thread; /* (unowned) constant; the main one */
  GSource        *wake;   /* (owned) constant; tells what waits */
  gpointer        spared; /* (unowned) (nullable) atomic; the thread that brings acknowledgements */

  MpelTellers tellers; /* main thread only, but for how many there are */

  guint    n_holds;    /* main thread only */
  gboolean is_reading; /* main thread only */

  GMutex      mutex; /* for all below */
  GCond       cond;
  MpelTransit transit;
  MpelChanges pending;   /* how many there are is looked at without the lock */
  guint       n_blocked; /* threads that wait for @cond */
  gboolean    closed;
};

static gboolean
is_main_thread (MpelReporter *self)
{
  return g_thread_self () == self->thread;
}

/* Main thread: nothing that waits may be told just now. */
static gboolean
must_keep_quiet (MpelReporter *self)
{
  return self->n_holds > 0 || self->is_reading;
}

static gboolean
has_pending (MpelReporter *self)
{
  return mpel_changes_count (&self->pending) > 0;
}

/* Under the lock, as are the next two. For one of any size, as long as there is any room. */
static gboolean
has_room (MpelReporter *self, guint quarters)
{
  return mpel_transit_has_room (&self->transit,
                                1,
                                MPEL_CHANGE_WINDOW / QUARTERS * quarters,
                                MPEL_CHANGE_WINDOW_BYTES / QUARTERS * quarters);
}

static gboolean
has_room_for_change (MpelReporter *self)
{
  return has_room (self, self->n_blocked > 0 ? QUARTERS_FOR_CHANGES : QUARTERS);
}

static void
wake_if_pending (MpelReporter *self)
{
  gboolean waits = has_pending (self) || !mpel_tellers_is_empty (&self->tellers);

  if (!self->closed && waits && has_room_for_change (self))
    mpel_wake_up (self->wake);
}

static gboolean
take_room (MpelReporter *self, gsize size)
{
  gboolean is_open;

  g_mutex_lock (&self->mutex);
  is_open = !self->closed;
  if (is_open)
    mpel_transit_add (&self->transit, size);
  g_mutex_unlock (&self->mutex);
  return is_open;
}

/* To broadcast costs a system call, also when nobody is there. Under the lock. */
static void
wake_blocked (MpelReporter *self)
{
  if (self->n_blocked > 0)
    g_cond_broadcast (&self->cond);
}

static void
give_room_back (MpelReporter *self, gsize size)
{
  g_mutex_lock (&self->mutex);
  mpel_transit_remove (&self->transit, size);
  wake_blocked (self);
  wake_if_pending (self);
  g_mutex_unlock (&self->mutex);
}

/* For news that have their room. */
static gboolean
hand_on (MpelReporter *self, MpelRecordKind kind, MpelRecordFlags flags, guint64 id, const char *name, GVariant *value, GError **error)
{
  if (mpel_outbox_add_news (self->outbox, kind, flags, id, name, value, error))
    return TRUE;
  give_room_back (self, g_variant_get_size (value));
  return FALSE;
}

/* Main thread, without the lock. */
static void
tell_change (MpelReporter *self, const MpelChange *change)
{
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;

  self->is_reading = TRUE;
  value = change->read (change->source, change->name);
  self->is_reading = FALSE;
  if (value == NULL)
    return;

  if (!mpel_reporter_add_changed (self, change->id, change->name, FALSE, value, &error))
    g_warning ("Property “%s” of %s cannot be told: %s", change->name, G_OBJECT_TYPE_NAME (change->source), error->message);
}

/* Tells so many of those that wait; @needs_room: only while there is room. */
static void
tell_pending (MpelReporter *self, guint n, gboolean needs_room)
{
  while (n-- > 0)
    {
      MpelChange *change = NULL;

      g_mutex_lock (&self->mutex);
      if (!needs_room || has_room_for_change (self))
        change = mpel_changes_pop (&self->pending);
      g_mutex_unlock (&self->mutex);
      if (change == NULL)
        return;
      tell_change (self, change);
      mpel_change_free (change);
    }
}

gboolean
mpel_reporter_has_room (MpelReporter *self)
{
  gboolean has_room;

  g_mutex_lock (&self->mutex);
  has_room = has_room_for_change (self);
  g_mutex_unlock (&self->mutex);
  return has_room;
}

/* Main thread. What they tell may be behind a change that is told next, but not before it. */
static void
ask_tellers (MpelReporter *self, gboolean needs_room)
{
  if (!mpel_tellers_is_empty (&self->tellers) && (!needs_room || mpel_reporter_has_room (self)))
    mpel_tellers_ask (&self->tellers);
}

/* What comes while this runs has its turn later. */
static gboolean
tell_pending_cb (gpointer user_data)
{
  MpelReporter *self = user_data;

  /* In a main loop that somebody runs who is asked for an answer: who lets go wakes it again. */
  if (self->n_holds > 0)
    return G_SOURCE_CONTINUE;
  ask_tellers (self, TRUE);
  tell_pending (self, mpel_changes_count (&self->pending), TRUE);
  g_mutex_lock (&self->mutex);
  wake_if_pending (self);
  g_mutex_unlock (&self->mutex);
  return G_SOURCE_CONTINUE;
}

static void
catch_up_cb (gpointer user_data)
{
  mpel_reporter_catch_up (user_data);
}

MpelReporter *
mpel_reporter_new (MpelOutbox *outbox)
{
  MpelReporter *self = g_new0 (MpelReporter, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_atomic_ref_count_init (&self->ref_count);
  self->outbox = mpel_outbox_ref (outbox);
  self->thread = g_thread_self ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  mpel_tellers_init (&self->tellers);
  mpel_changes_init (&self->pending);
  self->wake = mpel_wake_new (context, "[mpel] tell changes", G_PRIORITY_DEFAULT, tell_pending_cb, self);
  mpel_outbox_set_prelude (outbox, catch_up_cb, self);
  return self;
}

MpelReporter *
mpel_reporter_ref (MpelReporter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/* Any thread. */
void
mpel_reporter_unref (MpelReporter *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->closed && mpel_tellers_is_empty (&self->tellers));
  mpel_changes_clear (&self->pending);
  g_clear_pointer (&self->wake, g_source_unref);
  mpel_transit_clear (&self->transit);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->outbox, mpel_outbox_unref);
  g_free (self);
}

/* Nothing is taken any more, and nobody waits. Watches may still hold us. */
void
mpel_reporter_close (MpelReporter *self)
{
  GQueue pending;

  g_assert (is_main_thread (self));

  mpel_outbox_set_prelude (self->outbox, NULL, NULL);
  g_mutex_lock (&self->mutex);
  self->closed = TRUE;
  mpel_changes_take_all (&self->pending, &pending);
  wake_blocked (self);
  g_mutex_unlock (&self->mutex);

  g_source_destroy (self->wake);
  mpel_tellers_clear (&self->tellers);
  g_queue_clear_full (&pending, (GDestroyNotify) mpel_change_free);
}

void
mpel_reporter_catch_up (MpelReporter *self)
{
  if (must_keep_quiet (self))
    return;

  ask_tellers (self, FALSE);
  for (guint i = 0; i < CATCH_UP_ROUNDS && has_pending (self); i++)
    tell_pending (self, mpel_changes_count (&self->pending), FALSE);
}

void
mpel_reporter_hold (MpelReporter *self)
{
  mpel_reporter_catch_up (self);
  self->n_holds++;
}

void
mpel_reporter_let_go (MpelReporter *self)
{
  g_assert (self->n_holds > 0);

  if (--self->n_holds > 0)
    return;
  g_mutex_lock (&self->mutex);
  wake_if_pending (self);
  g_mutex_unlock (&self->mutex);
}

/* What runs there, such as the handlers of a cancellable, may change properties and emit signals. */
void
mpel_reporter_spare_thread (MpelReporter *self)
{
  g_atomic_pointer_set (&self->spared, g_thread_self ());
}

void
mpel_reporter_acknowledge (MpelReporter *self, guint n)
{
  g_mutex_lock (&self->mutex);
  mpel_transit_acknowledge (&self->transit, n);
  wake_blocked (self);
  wake_if_pending (self);
  g_mutex_unlock (&self->mutex);
}

/* Returns whether the change may be read now. Else it waits. */
static gboolean
may_read_now (MpelReporter *self, const MpelChange *change)
{
  gboolean may_read;

  g_mutex_lock (&self->mutex);
  may_read = is_main_thread (self) && !must_keep_quiet (self) && !self->closed &&
             !has_pending (self) && has_room_for_change (self);
  if (!may_read && !self->closed)
    {
      mpel_changes_push (&self->pending, change);
      wake_if_pending (self);
    }
  g_mutex_unlock (&self->mutex);
  return may_read;
}

void
mpel_reporter_note_changed (MpelReporter *self, guint64 id, const char *name, MpelReadFunc read, GObject *source)
{
  MpelChange change = { id, name, read, source };

  if (is_main_thread (self) && !must_keep_quiet (self))
    {
      ask_tellers (self, TRUE);
      if (has_pending (self))
        tell_pending (self, mpel_changes_count (&self->pending), TRUE);
    }
  if (may_read_now (self, &change))
    tell_change (self, &change);
}

/* Main thread. The object is not the host's any more. */
void
mpel_reporter_forget (MpelReporter *self, guint64 id)
{
  GQueue forgotten = G_QUEUE_INIT;

  if (!has_pending (self))
    return;
  g_mutex_lock (&self->mutex);
  mpel_changes_take_of (&self->pending, id, &forgotten);
  g_mutex_unlock (&self->mutex);

  g_queue_clear_full (&forgotten, (GDestroyNotify) mpel_change_free);
}

gboolean
mpel_reporter_add_changed (MpelReporter *self, guint64 id, const char *name, gboolean is_getter, GVariant *value, GError **error)
{
  MpelRecordFlags flags = is_getter ? MPEL_RECORD_FLAG_GETTER : MPEL_RECORD_FLAG_NONE;

  return !take_room (self, g_variant_get_size (value)) ||
         hand_on (self, MPEL_RECORD_CHANGED, flags, id, name, value, error);
}

/* Under the lock. */
static gboolean
must_wait (MpelReporter *self)
{
  return !self->closed && !has_room (self, QUARTERS) &&
         g_atomic_pointer_get (&self->spared) != g_thread_self ();
}

/* Under the lock. */
static void
block (MpelReporter *self)
{
  self->n_blocked++;
  g_cond_wait (&self->cond, &self->mutex);
  if (--self->n_blocked == 0)
    wake_if_pending (self);
}

/* What was told has to leave, or it is never acknowledged. Returns FALSE when nothing is taken any
 * more. */
static gboolean
wait_for_room (MpelReporter *self, gsize size)
{
  gboolean was_flushed = FALSE;
  gboolean is_open;

  g_mutex_lock (&self->mutex);
  while (must_wait (self))
    if (was_flushed)
      block (self);
    else
      {
        g_mutex_unlock (&self->mutex);
        mpel_outbox_flush (self->outbox);
        g_mutex_lock (&self->mutex);
        was_flushed = TRUE;
      }
  is_open = !self->closed;
  if (is_open)
    mpel_transit_add (&self->transit, size);
  g_mutex_unlock (&self->mutex);
  return is_open;
}

/* Any thread; blocks until there is room. What the main thread has changed before goes before. */
static gboolean
add_blocking (MpelReporter *self, MpelRecordKind kind, guint64 id, const char *name, GVariant *value, GError **error)
{
  if (is_main_thread (self))
    mpel_reporter_catch_up (self);
  return !wait_for_room (self, g_variant_get_size (value)) ||
         hand_on (self, kind, MPEL_RECORD_FLAG_NONE, id, name, value, error);
}

gboolean
mpel_reporter_add_signal (MpelReporter *self, guint64 id, const char *name, GVariant *params, GError **error)
{
  return add_blocking (self, MPEL_RECORD_SIGNAL, id, name, params, error);
}

void
mpel_reporter_add_items (MpelReporter *self, guint64 id, GVariant *items)
{
  g_autoptr (GError) error = NULL;

  if (!add_blocking (self, MPEL_RECORD_ITEMS, id, NULL, items, &error))
    g_warning ("The items of list %" G_GUINT64_FORMAT " cannot be told: %s", id, error->message);
}

void
mpel_reporter_add_class (MpelReporter *self, const char *name, GVariant *description)
{
  g_autoptr (GError) error = NULL;

  if (!mpel_outbox_add_news (self->outbox, MPEL_RECORD_DESCRIBE, MPEL_RECORD_FLAG_NONE, 0, name, description, &error))
    g_warning ("The class %s cannot be described: %s", name, error->message);
}

void
mpel_reporter_add_teller (MpelReporter *self, MpelTellFunc tell, gpointer teller)
{
  g_assert (is_main_thread (self));

  if (!self->closed)
    mpel_tellers_add (&self->tellers, tell, teller);
}

void
mpel_reporter_remove_teller (MpelReporter *self, gpointer teller)
{
  mpel_tellers_remove (&self->tellers, teller);
}
