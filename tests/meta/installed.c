/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program as a stranger would write it, built against what is installed: host and worker. */

#include <mpel/mpel.h>

static GVariant *
twice (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  gint64 n;

  if (!mpel_invocation_check_args (invocation, "(x)", error))
    return NULL;
  g_variant_get (args, "(x)", &n);
  return g_variant_new_int64 (2 * n);
}

static gboolean
print_results (MpelEvent *event, gpointer user_data)
{
  g_autofree char *text = g_variant_print (mpel_event_get_results (event), FALSE);

  g_print ("%s\n", text);
  return FALSE;
}

int
main (void)
{
  MpelWorker *worker = mpel_worker_get_default ();
  g_autoptr (MpelEventLoop) loop = NULL;
  g_autoptr (MpelEvent) event = NULL;

  if (worker != NULL)
    {
      mpel_worker_add_function (worker, "twice", twice, NULL, NULL);
      return mpel_worker_run (worker);
    }

  loop = mpel_event_loop_new ();
  mpel_event_loop_add_output_handler (loop, print_results, NULL, NULL);
  event = mpel_event_loop_add_call (loop, "twice", g_variant_new ("(x)", G_GINT64_CONSTANT (21)), NULL, NULL);
  return mpel_event_loop_close (loop, NULL, NULL) ? 0 : 1;
}
