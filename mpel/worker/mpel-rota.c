/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-rota-private.h"

#include "mpel-call-private.h"
#include "mpel-invocation-private.h"
#include "mpel-wake-private.h"

typedef struct
{
  MpelInvocation   *invocation; /* (owned) */
  MpelGeneratorFunc next;
  gpointer          user_data;
  GDestroyNotify    destroy; /* (nullable) */
} Generator;

/* RESTING → in turn → RESTING. @next is set exactly in turn. Only a step takes a generator off the
 * rota, and no step begins inside another. */
struct _MpelRota
{
  gatomicrefcount ref_count;
  GSource        *wake; /* (owned) constant; runs the main thread's next turn */

  GQueue   generators; /* of (owned) Generator, in the order in which they became active */
  GList   *next;       /* (unowned) (nullable) the one whose turn comes next */
  gboolean closed;
};

static Generator *
generator_new (MpelInvocation *invocation, MpelGeneratorFunc next, gpointer user_data, GDestroyNotify destroy)
{
  Generator *generator = g_new0 (Generator, 1);

  generator->invocation = g_object_ref (invocation);
  generator->next = next;
  generator->user_data = user_data;
  generator->destroy = destroy;
  return generator;
}

static void
generator_free (Generator *generator)
{
  if (generator->destroy != NULL)
    generator->destroy (generator->user_data);
  g_object_unref (generator->invocation);
  g_free (generator);
}

MpelRota *
mpel_rota_new (GSource *wake)
{
  MpelRota *self = g_new0 (MpelRota, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->wake = g_source_ref (wake);
  g_queue_init (&self->generators);
  return self;
}

MpelRota *
mpel_rota_ref (MpelRota *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_rota_unref (MpelRota *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_assert (g_queue_is_empty (&self->generators));
  g_clear_pointer (&self->wake, g_source_unref);
  g_free (self);
}

/* The worker leaves: nothing goes on. */
void
mpel_rota_close (MpelRota *self)
{
  Generator *generator;

  self->closed = TRUE;
  self->next = NULL;
  while ((generator = g_queue_pop_head (&self->generators)) != NULL)
    generator_free (generator);
}

/* It goes last. Unless a turn is under way, a new one is begun. */
void
mpel_rota_add (MpelRota *self, MpelInvocation *invocation, MpelGeneratorFunc next, gpointer user_data, GDestroyNotify destroy)
{
  Generator *generator = generator_new (invocation, next, user_data, destroy);

  if (self->closed)
    {
      generator_free (generator);
      return;
    }
  g_queue_push_tail (&self->generators, generator);
  mpel_wake_up (self->wake);
}

void
mpel_rota_begin_turn (MpelRota *self)
{
  self->next = self->generators.head;
}

gboolean
mpel_rota_is_resting (MpelRota *self)
{
  return self->next == NULL;
}

/* Takes @error. Others may have answered meanwhile. */
static void
drop (MpelRota *self, GList *link, GError *error)
{
  Generator *generator = link->data;

  g_queue_delete_link (&self->generators, link);
  if (error != NULL)
    mpel_invocation_settle (generator->invocation, NULL, error);
  else
    {
      g_autoptr (GVariant) nothing = g_variant_ref_sink (g_variant_new_tuple (NULL, 0));

      mpel_invocation_settle (generator->invocation, nothing, NULL);
    }
  generator_free (generator);
}

/* Returns FALSE with the error, or without one at the end. */
static gboolean
make_value (Generator *generator, MpelCall *call, GError **error)
{
  GError   *local = NULL;
  GVariant *made = generator->next (generator->invocation, generator->user_data, &local);
  g_autoptr (GVariant) value = made != NULL ? g_variant_take_ref (made) : NULL;

  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  return value != NULL && mpel_call_yield_later (call, value, error);
}

/* Why it shall not go on. Returns: (transfer full) (nullable) */
static GError *
find_obstacle (MpelCall *call)
{
  if (mpel_call_is_cancelled (call))
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The event was cancelled");
  return mpel_call_steal_failure (call);
}

/* Returns whether anything was done. */
static gboolean
step (MpelRota *self, GList *link)
{
  Generator *generator = link->data;
  MpelCall  *call = mpel_invocation_get_call (generator->invocation);
  GError    *error = find_obstacle (call);

  if (error != NULL || mpel_invocation_is_answered (generator->invocation))
    drop (self, link, error);
  else if (!mpel_call_wants_value (call))
    return FALSE;
  else if (!make_value (generator, call, &error))
    drop (self, link, error);
  return TRUE;
}

/* Goes on with the turn, until it is over or the time is up. Returns whether anything was done. */
gboolean
mpel_rota_go_on (MpelRota *self, gint64 end_us)
{
  gboolean was_active = FALSE;

  while (self->next != NULL)
    {
      GList *link = self->next;

      self->next = link->next;
      if (!step (self, link))
        continue;
      was_active = TRUE;
      if (g_get_monotonic_time () >= end_us)
        break;
    }

  return was_active;
}
