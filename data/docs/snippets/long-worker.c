/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <mpel/mpel.h>

static GVariant *
scan (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GCancellable *cancellable = mpel_invocation_get_cancellable (invocation);
  guint32       n_steps;

  if (!mpel_invocation_check_args (invocation, "(u)", error))
    return NULL;

  g_variant_get (args, "(u)", &n_steps);
  for (guint32 i = 0; i < n_steps; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      /* Here is a piece of the work. */
      mpel_invocation_report_progress (invocation, (i + 1.0) / n_steps, "scanning");
    }
  return g_variant_new_uint32 (n_steps);
}

static GVariant *
squares (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  guint32 n;

  if (!mpel_invocation_check_args (invocation, "(u)", error))
    return NULL;

  g_variant_get (args, "(u)", &n);
  for (guint32 i = 1; i <= n; i++)
    if (!mpel_invocation_yield_value (invocation, g_variant_new_uint32 (i * i), error))
      return NULL;
  return g_variant_new_tuple (NULL, 0);
}

static GVariant *
count_down_cb (MpelInvocation *invocation, gpointer user_data, GError **error)
{
  guint32 *n = user_data;

  return *n > 0 ? g_variant_new_uint32 ((*n)--) : NULL;
}

static GVariant *
count_down (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  guint32 *n;

  if (!mpel_invocation_check_args (invocation, "(u)", error))
    return NULL;

  n = g_new (guint32, 1);
  g_variant_get (args, "(u)", n);
  mpel_invocation_set_generator (invocation, count_down_cb, n, g_free);
  return NULL;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  mpel_invocation_return_gerror (user_data, error);
  return G_SOURCE_REMOVE;
}

static void
wait_for_cancel (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GSource) source = g_cancellable_source_new (mpel_invocation_get_cancellable (invocation));

  g_source_set_callback (source, G_SOURCE_FUNC (cancelled_cb), g_object_ref (invocation), g_object_unref);
  g_source_attach (source, NULL);
}

static GVariant *
echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_get_child_value (args, 0);
}

int
main (void)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker == NULL)
    return 1;
  mpel_worker_add_function (worker, "scan", scan, NULL, NULL);
  mpel_worker_add_function (worker, "squares", squares, NULL, NULL);
  mpel_worker_add_function (worker, "count-down", count_down, NULL, NULL);
  mpel_worker_add_handler (worker, "wait", wait_for_cancel, NULL, NULL);
  mpel_worker_add_function (worker, "echo", echo, NULL, NULL);
  return mpel_worker_run (worker);
}
