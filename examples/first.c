/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <mpel/mpel.h>

static GVariant * /* in the worker, where it may take its time */
add_fractions (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer data, GError **error)
{
  gint64 n;
  double sum = 0;

  if (!mpel_invocation_check_args (invocation, "(x)", error))
    return NULL; /* the host gets the error */
  for (g_variant_get (args, "(x)", &n); n > 0; n--)
    sum += 1.0 / n;
  return g_variant_new_double (sum);
}

static void /* in the host, when the worker has answered */
answered_cb (GObject *loop, GAsyncResult *result, gpointer main_loop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) sum = mpel_event_loop_call_finish (MPEL_EVENT_LOOP (loop), result, &error);

  if (sum != NULL)
    g_print ("%.9f\n", g_variant_get_double (sum));
  else
    g_printerr ("no sum: %s\n", error->message);
  g_main_loop_quit (main_loop);
}

int
main (int argc, char **argv)
{
  gint64      n = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 100000000;
  MpelWorker *worker = mpel_worker_get_default ();
  if (worker != NULL)
    {
      mpel_worker_add_function (worker, "add_fractions", add_fractions, NULL, NULL);
      return mpel_worker_run (worker);
    }
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  mpel_event_loop_call_async (loop, "add_fractions", g_variant_new ("(x)", n), NULL, NULL, answered_cb, main_loop);
  g_main_loop_run (main_loop);
}
