/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-pool.h"

#include "mpel-cancel-watch-private.h"
#include "mpel-event-loop-private.h"
#include "mpel-loop-error.h"

/* map_async: feed … → event_ended_cb … → answer_when_done
 *
 * An event for each of the arguments. The task is hooked on all of them, and the mapping is its
 * data. When the loop is full, feeding goes on once there is room. */

/* What became of one of the arguments. A handler may add the event again, and then it tells no more. */
typedef struct
{
  MpelEvent *event;     /* (owned) the mapping's own */
  gboolean   has_ended; /* for the mapping */
  GVariant  *results;   /* (owned) (nullable) */
  GError    *error;     /* (owned) (nullable) */
} Place;

typedef struct
{
  GPtrArray    *places;       /* (owned) of (owned) Place, as the arguments are */
  GHashTable   *by_event;     /* (owned) (unowned) MpelEvent → (unowned) Place */
  MpelMapPolicy policy;       /* constant */
  guint         n_fed;        /* of them, in order: added, or being added */
  guint         n_left;       /* that have not ended */
  GError       *error;        /* (owned) (nullable) what the mapping fails with; nothing more is fed */
  GCancellable *feeding;      /* (owned) ends the waiting for room */
  GSource      *cancel_watch; /* (owned) (nullable) of the caller's cancellable */
  gboolean      is_answered;
} Mapping;

static void
place_free (Place *place)
{
  g_clear_object (&place->event);
  g_clear_pointer (&place->results, g_variant_unref);
  g_clear_error (&place->error);
  g_free (place);
}

static void
mapping_free (Mapping *mapping)
{
  mpel_cancel_watch_clear (&mapping->cancel_watch);
  g_clear_pointer (&mapping->by_event, g_hash_table_unref);
  g_clear_pointer (&mapping->places, g_ptr_array_unref);
  g_clear_error (&mapping->error);
  g_clear_object (&mapping->feeding);
  g_free (mapping);
}

/* Of an event that failed there is nothing. */
static GVariant *
box_results (const Place *place)
{
  if (place->error != NULL)
    return NULL;
  return g_variant_new_variant (place->results != NULL ? place->results : g_variant_new_tuple (NULL, 0));
}

static GVariant *
collect_results (Mapping *mapping)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("amv"));

  for (guint i = 0; i < mapping->places->len; i++)
    g_variant_builder_add_value (&builder, g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, box_results (mapping->places->pdata[i])));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* Returns: (transfer none) (nullable) */
static const GError *
find_error (Mapping *mapping)
{
  if (mapping->error != NULL || mapping->policy == MPEL_MAP_POLICY_SKIP)
    return mapping->error;
  for (guint i = 0; i < mapping->places->len; i++)
    {
      Place *place = mapping->places->pdata[i];

      if (place->error != NULL)
        return place->error;
    }
  return NULL;
}

static void
answer_when_done (GTask *task)
{
  Mapping      *mapping = g_task_get_task_data (task);
  const GError *error;

  if (mapping->n_left > 0 || mapping->is_answered)
    return;
  mapping->is_answered = TRUE;
  mpel_cancel_watch_clear (&mapping->cancel_watch);
  error = find_error (mapping);
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, collect_results (mapping), (GDestroyNotify) g_variant_unref);
}

/* What was not fed yet never will be, and counts as ended. */
static void
stop_mapping (Mapping *mapping, const GError *error)
{
  guint n_fed = mapping->n_fed;

  if (mapping->error != NULL)
    return;
  mapping->error = g_error_copy (error);
  mapping->n_left -= mapping->places->len - n_fed;
  g_cancellable_cancel (mapping->feeding);
  for (guint i = 0; i < n_fed; i++)
    {
      Place *place = mapping->places->pdata[i];

      if (!place->has_ended)
        mpel_event_cancel (place->event);
    }
}

static void
event_ended_cb (MpelEvent *event, GVariant *results, const GError *error, gpointer user_data)
{
  GTask   *task = user_data;
  Mapping *mapping = g_task_get_task_data (task);
  Place   *place = g_hash_table_lookup (mapping->by_event, event);

  place->has_ended = TRUE;
  place->results = results != NULL ? g_variant_ref (results) : NULL;
  place->error = error != NULL ? g_error_copy (error) : NULL;
  mapping->n_left--;
  if (error != NULL && mapping->policy == MPEL_MAP_POLICY_STOP)
    stop_mapping (mapping, error);
  answer_when_done (task);
}

static void
refuse_event (GTask *task, Place *place, const GError *error)
{
  Mapping *mapping = g_task_get_task_data (task);

  mpel_event_remove_end_hook (place->event, task);
  place->has_ended = TRUE;
  mapping->n_left--;
  stop_mapping (mapping, error);
}

static void feed (GTask *task);

/* There was room for one more, or there never will be. */
static void
fed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Mapping *mapping = g_task_get_task_data (task);
  Place   *place = mapping->places->pdata[mapping->n_fed - 1];
  g_autoptr (GError) error = NULL;

  if (!mpel_event_loop_add_event_finish (MPEL_EVENT_LOOP (source), result, &error))
    refuse_event (task, place, error);
  else if (mapping->error != NULL && !place->has_ended)
    mpel_event_cancel (place->event);
  feed (task);
  answer_when_done (task);
}

static void
feed (GTask *task)
{
  MpelEventLoop *self = g_task_get_source_object (task);
  Mapping       *mapping = g_task_get_task_data (task);

  while (mapping->n_fed < mapping->places->len && mapping->error == NULL)
    {
      Place *place = mapping->places->pdata[mapping->n_fed++];
      g_autoptr (GError) error = NULL;

      mpel_event_add_end_hook (place->event, event_ended_cb, task);
      if (mpel_event_loop_add_event (self, place->event, &error))
        continue;
      if (g_error_matches (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FULL))
        {
          mpel_event_loop_add_event_async (self, place->event, mapping->feeding, fed_cb, g_object_ref (task));
          return;
        }
      refuse_event (task, place, error);
    }
}

static gboolean
map_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
    return G_SOURCE_CONTINUE;
  stop_mapping (g_task_get_task_data (task), error);
  answer_when_done (task);
  return G_SOURCE_REMOVE;
}

/* A tuple is all arguments; anything else the only one. */
static GVariant *
make_args (GVariant *args_array, gsize index)
{
  g_autoptr (GVariant) child = g_variant_get_child_value (args_array, index);

  if (g_variant_is_of_type (child, G_VARIANT_TYPE_VARIANT))
    {
      g_autoptr (GVariant) boxed = g_steal_pointer (&child);

      child = g_variant_get_variant (boxed);
    }
  if (g_variant_is_of_type (child, G_VARIANT_TYPE_TUPLE))
    return g_steal_pointer (&child);
  return g_variant_ref_sink (g_variant_new_tuple (&child, 1));
}

static void
add_place (Mapping *mapping, const char *target, GVariant *args)
{
  Place *place = g_new0 (Place, 1);

  place->event = mpel_event_new (target, args, NULL);
  g_ptr_array_add (mapping->places, place);
  g_hash_table_insert (mapping->by_event, place->event, place);
}

static Mapping *
mapping_new (const char *target, GVariant *args_array, MpelMapPolicy policy)
{
  Mapping *mapping = g_new0 (Mapping, 1);

  mapping->places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  mapping->by_event = g_hash_table_new (NULL, NULL);
  mapping->policy = policy;
  mapping->feeding = g_cancellable_new ();
  for (gsize i = 0; i < g_variant_n_children (args_array); i++)
    {
      g_autoptr (GVariant) args = make_args (args_array, i);

      add_place (mapping, target, args);
    }
  mapping->n_left = mapping->places->len;
  return mapping;
}

/**
 * mpel_pool_map_async:
 * @self: a pool
 * @target: the name of a function or handler in the workers
 * @args_array: an array with the arguments of each event: tuples, or any other values for events
 *   with one argument; boxed as `v` if they are of different types; a floating reference is taken
 * @policy: what becomes of the mapping when one of its events fails
 * @cancellable: (nullable): cancels all events that have not ended
 * @callback: (scope async) (closure user_data): called when all events have ended
 * @user_data: handed to @callback
 *
 * Runs a target once for each element of an array.
 *
 * There is an event for each of them, which handlers see like any other. When
 * [property@EventLoop:max-pending] are pending, the rest waits for room.
 *
 * Since: 0.1
 */
void
mpel_pool_map_async (MpelPool *self, const char *target, GVariant *args_array, MpelMapPolicy policy, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  MpelEventLoop *loop = MPEL_EVENT_LOOP (self);
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GTask) task = NULL;
  Mapping *mapping;

  g_return_if_fail (MPEL_IS_POOL (self));
  g_return_if_fail (target != NULL);
  g_return_if_fail (args_array != NULL);

  owned = g_variant_ref_sink (args_array);
  task = mpel_event_loop_new_task (loop, mpel_pool_map_async, "[mpel] map", cancellable, callback, user_data);
  g_task_set_check_cancellable (task, FALSE);
  if (!g_variant_is_of_type (args_array, G_VARIANT_TYPE_ARRAY))
    {
      g_task_return_new_error (task,
                               MPEL_LOOP_ERROR,
                               MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                               "The arguments of a mapping are an array, not a “%s”",
                               g_variant_get_type_string (args_array));
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;

  mapping = mapping_new (target, args_array, policy);
  g_task_set_task_data (task, mapping, (GDestroyNotify) mapping_free);
  mapping->cancel_watch = mpel_cancel_watch_new (cancellable,
                                                 mpel_event_loop_get_private (loop)->context,
                                                 "[mpel] cancel map",
                                                 map_cancelled_cb,
                                                 task);
  feed (task);
  answer_when_done (task);
}

/**
 * mpel_pool_map_finish:
 * @self: a pool
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Pool.map_async].
 *
 * The results are in the order of the arguments, in whatever order they came. The place of an event
 * that failed is empty, which happens with [enum@Mpel.MapPolicy] `SKIP` only; otherwise the mapping
 * fails with the event's error.
 *
 * Returns: (transfer full): the results, an `amv`
 *
 * Since: 0.1
 */
GVariant *
mpel_pool_map_finish (MpelPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (MPEL_IS_POOL (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, mpel_pool_map_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * mpel_pool_map:
 * @self: a pool
 * @target: the name of a function or handler in the workers
 * @args_array: an array with the arguments of each event, see [method@Pool.map_async]; a floating
 *   reference is taken
 * @policy: what becomes of the mapping when one of its events fails
 * @cancellable: (nullable): cancels all events that have not ended
 * @error: return location for an error
 *
 * Runs a target once for each element of an array, and blocks until all have ended.
 *
 * Iterates the pool's [struct@GLib.MainContext] meanwhile. See [method@Pool.map_finish] for what it
 * returns.
 *
 * Returns: (transfer full): the results, an `amv`
 *
 * Since: 0.1
 */
GVariant *
mpel_pool_map (MpelPool *self, const char *target, GVariant *args_array, MpelMapPolicy policy, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) owned = NULL;

  g_return_val_if_fail (MPEL_IS_POOL (self), NULL);
  g_return_val_if_fail (target != NULL, NULL);
  g_return_val_if_fail (args_array != NULL, NULL);

  owned = g_variant_ref_sink (args_array);
  if (!mpel_event_loop_check_thread (MPEL_EVENT_LOOP (self), error))
    return NULL;
  mpel_pool_map_async (self, target, args_array, policy, cancellable, mpel_event_loop_keep_result_cb, &result);
  mpel_event_loop_iterate_until (MPEL_EVENT_LOOP (self), &result);
  return mpel_pool_map_finish (self, result, error);
}
