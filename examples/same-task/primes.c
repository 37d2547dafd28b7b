/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <mpel/mpel.h>

static GVariant * /* in the worker */
count_primes (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer data, GError **error)
{
  gint64 end, k, n_primes = 0;

  if (!mpel_invocation_check_args (invocation, "(x)", error))
    return NULL;
  g_variant_get (args, "(x)", &end);
  if (end < 2)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "below 2 there are none");
      return NULL;
    }
  for (gint64 n = 2; n < end; n++)
    {
      for (k = 2; k * k <= n && n % k != 0;)
        k++;
      n_primes += k * k > n;
      if (n % 1000 == 0)
        mpel_invocation_report_progress (invocation, (double) n / (double) end, NULL);
    }
  return g_variant_new_int64 (n_primes);
}

static void /* in the host */
progress_cb (MpelEventLoop *loop, MpelEvent *event, gpointer data)
{
  g_printerr ("%.0f %%\n", 100 * mpel_event_get_progress (event));
}

static void
counted_cb (GObject *loop, GAsyncResult *result, gpointer main_loop)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) n_primes = mpel_event_loop_call_finish (MPEL_EVENT_LOOP (loop), result, &error);

  if (n_primes != NULL)
    g_print ("%" G_GINT64_FORMAT " primes\n", g_variant_get_int64 (n_primes));
  else
    g_print ("no primes: %s\n", error->message);
  g_main_loop_quit (main_loop);
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();
  if (worker != NULL)
    {
      mpel_worker_add_function (worker, "count_primes", count_primes, NULL, NULL);
      return mpel_worker_run (worker);
    }
  gint64 end = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 1000000;
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_signal_connect (loop, "event-progress", G_CALLBACK (progress_cb), NULL);
  mpel_event_loop_call_async (loop, "count_primes", g_variant_new ("(x)", end), NULL, NULL, counted_cb, main_loop);
  g_main_loop_run (main_loop);
}
