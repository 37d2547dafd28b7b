/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-pool.h"

#include "mpel-event-loop-private.h"

/**
 * MpelPool:
 *
 * An event loop with several workers on one queue.
 *
 * An event goes to a worker that has nothing to do. While all are busy it waits in the host; so
 * short work does not wait behind long work while another worker is free. Workers are started as
 * work comes, up to [property@Pool:n-workers]; see [method@EventLoop.start] and
 * [property@EventLoop:prestart] to have them earlier.
 *
 * Events end in the order in which their workers are done with them. [method@Pool.map_async] hands
 * results out in the order of the arguments.
 *
 * When a worker dies, the events that it had been given are lost; the others wait for another
 * worker.
 *
 * Since: 0.1
 */

typedef enum
{
  PROP_N_WORKERS = 1,
} MpelPoolProperty;

static GParamSpec *props[PROP_N_WORKERS + 1];

G_DEFINE_TYPE (MpelPool, mpel_pool, MPEL_TYPE_EVENT_LOOP)

static void
mpel_pool_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MpelPoolProperty) prop_id)
    {
    case PROP_N_WORKERS:
      g_value_set_uint (value, mpel_pool_get_n_workers (MPEL_POOL (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_pool_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch ((MpelPoolProperty) prop_id)
    {
    case PROP_N_WORKERS:
      mpel_pool_set_n_workers (MPEL_POOL (object), g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_pool_class_init (MpelPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mpel_pool_get_property;
  object_class->set_property = mpel_pool_set_property;

  /**
   * MpelPool:n-workers: (getter get_n_workers) (setter set_n_workers)
   *
   * How many workers there may be. Set to 0, it is as many as there are processors.
   *
   * It may change while they work: more are started as work comes; those that are too many leave
   * when they have answered what they were given.
   *
   * Since: 0.1
   */
  props[PROP_N_WORKERS] = g_param_spec_uint ("n-workers", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
mpel_pool_init (MpelPool *self)
{
  MpelEventLoopPrivate *priv = mpel_event_loop_get_private (MPEL_EVENT_LOOP (self));

  priv->is_pool = TRUE;
  priv->max_workers = g_get_num_processors ();
}

/**
 * mpel_pool_new:
 * @n_workers: how many workers there may be; 0 for as many as there are processors
 *
 * Creates a pool whose workers are the running program, started again.
 *
 * Returns: (transfer full): the pool
 *
 * Since: 0.1
 */
MpelPool *
mpel_pool_new (guint n_workers)
{
  return g_object_new (MPEL_TYPE_POOL, "n-workers", n_workers, NULL);
}

/**
 * mpel_pool_new_with_launcher:
 * @launcher: what to start as the workers, and how
 * @n_workers: how many workers there may be; 0 for as many as there are processors
 *
 * Creates a pool with workers of one's choice.
 *
 * Returns: (transfer full): the pool
 *
 * Since: 0.1
 */
MpelPool *
mpel_pool_new_with_launcher (MpelLauncher *launcher, guint n_workers)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (launcher), NULL);

  return g_object_new (MPEL_TYPE_POOL, "launcher", launcher, "n-workers", n_workers, NULL);
}

/**
 * mpel_pool_get_n_workers: (get-property n-workers)
 * @self: a pool
 *
 * Tells how many workers there may be.
 *
 * Returns: their number, at least 1
 *
 * Since: 0.1
 */
guint
mpel_pool_get_n_workers (MpelPool *self)
{
  g_return_val_if_fail (MPEL_IS_POOL (self), 0);

  return mpel_event_loop_get_private (MPEL_EVENT_LOOP (self))->max_workers;
}

/**
 * mpel_pool_set_n_workers: (set-property n-workers)
 * @self: a pool
 * @n_workers: how many; 0 for as many as there are processors
 *
 * Sets how many workers there may be.
 *
 * Those that are too many leave when they have answered what they were given.
 *
 * Since: 0.1
 */
void
mpel_pool_set_n_workers (MpelPool *self, guint n_workers)
{
  MpelEventLoopPrivate *priv;

  g_return_if_fail (MPEL_IS_POOL (self));

  priv = mpel_event_loop_get_private (MPEL_EVENT_LOOP (self));
  if (n_workers == 0)
    n_workers = g_get_num_processors ();
  if (priv->max_workers == n_workers)
    return;
  priv->max_workers = n_workers;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WORKERS]);
  mpel_event_loop_ask_for_turn (MPEL_EVENT_LOOP (self));
}

/**
 * mpel_pool_get_statistics:
 * @self: a pool
 *
 * Tells what each worker has done, and what it has to do.
 *
 * There is a dictionary for each worker process:
 *
 * - `pid`, an `i`: its process id
 * - `ready`, a `b`: whether it takes events
 * - `leaving`, a `b`: whether it leaves, or will when it has answered
 * - `n-ended`, a `u`: how many events it has answered
 * - `n-pending`, a `u`: how many events it was given and has not answered
 * - `busy-us`, a `t`: for how many microseconds its main thread ran events, as far as it has told;
 *   what generators and handlers do after they have begun does not count
 *
 * Returns: (transfer full): an `aa{sv}`
 *
 * Since: 0.1
 */
GVariant *
mpel_pool_get_statistics (MpelPool *self)
{
  MpelEventLoopPrivate *priv;
  GVariantBuilder       builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  g_return_val_if_fail (MPEL_IS_POOL (self), NULL);

  priv = mpel_event_loop_get_private (MPEL_EVENT_LOOP (self));
  for (guint i = 0; i < priv->sessions->len; i++)
    g_variant_builder_add_value (&builder, mpel_session_describe (priv->sessions->pdata[i]));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
