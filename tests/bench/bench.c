/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What work in another process costs, against the same without this library. Both take turns in
 * one run, so that a machine that changes its speed changes both; what counts is the ratio. Prints
 * JSON lines, then a table. */

#include "config.h"
#include "bench.h"

#include <stdlib.h>

BenchOptions bench_options = {
  .n_rounds = 7,
  .n_events = 200000,
  .n_calls = 15000,
  .n_lone = 3000,
  .n_many = 1000000,
  .n_cancels = 300,
  .n_yields = 100000,
  .n_changes = 200000,
  .n_jobs = 60,
  .long_ms = 2000,
  .endless_s = 10,
};

static char **only;

static const GOptionEntry entries[] = {
  { "only", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &only, "Measure this subject, and others so named", "SUBJECT" },
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &bench_options.n_rounds, "Rounds of each measurement", "N" },
  { "events", 'n', 0, G_OPTION_ARG_INT, &bench_options.n_events, "Events in a round", "N" },
  { "calls", 'c', 0, G_OPTION_ARG_INT, &bench_options.n_calls, "Baseline calls in a round", "N" },
  { "lone", 'l', 0, G_OPTION_ARG_INT, &bench_options.n_lone, "Lone round trips in a round", "N" },
  { "many", 'm', 0, G_OPTION_ARG_INT, &bench_options.n_many, "Events of the memory measurement", "N" },
  { "cancels", 'k', 0, G_OPTION_ARG_INT, &bench_options.n_cancels, "Cancelled events in a round", "N" },
  { "yields", 'y', 0, G_OPTION_ARG_INT, &bench_options.n_yields, "Yielded values in a round", "N" },
  { "changes", 'p', 0, G_OPTION_ARG_INT, &bench_options.n_changes, "Changes of a property in a round", "N" },
  { "jobs", 'j', 0, G_OPTION_ARG_INT, &bench_options.n_jobs, "Jobs of 10 ms in a round", "N" },
  { "long", 'L', 0, G_OPTION_ARG_INT, &bench_options.long_ms, "How long a long job takes", "MS" },
  { "endless", 'e', 0, G_OPTION_ARG_INT, &bench_options.endless_s, "How long the endless generator is watched", "SECONDS" },
  G_OPTION_ENTRY_NULL,
};

static const struct
{
  const char *name;
  void (*measure) (void);
} subjects[] = {
  { "throughput", bench_measure_throughput },
  { "lone", bench_measure_lone },
  { "memory", bench_measure_memory },
  { "cancel", bench_measure_cancel },
  { "stream", bench_measure_stream },
  { "endless", bench_measure_endless },
  { "pool", bench_measure_pool },
  { "mixed", bench_measure_mixed },
  { "executor", bench_measure_executor },
  { "python", bench_measure_python },
  { "changes", bench_measure_changes },
  { "methods", bench_measure_methods },
};

static int
run_worker (MpelWorker *worker)
{
  bench_baseline_add_targets (worker);
  bench_cancel_add_targets (worker);
  bench_stream_add_targets (worker);
  bench_endless_add_targets (worker);
  bench_objects_add_targets (worker);
  bench_work_add_targets (worker);
  return mpel_worker_run (worker);
}

static gboolean
is_subject (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    if (g_str_equal (subjects[i].name, name))
      return TRUE;
  return FALSE;
}

static gboolean
parse (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("— what work in another process costs");
  g_autoptr (GString) names = g_string_new ("Subjects:");

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    g_string_append_printf (names, " %s", subjects[i].name);
  g_option_context_set_summary (context, names->str);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  for (guint i = 0; only != NULL && only[i] != NULL; i++)
    if (!is_subject (only[i]))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "“%s” is none of the %s", only[i], names->str);
        return FALSE;
      }
  return TRUE;
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();
  g_autoptr (GError) error = NULL;

  if (worker != NULL)
    return run_worker (worker);

  if (!parse (&argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    if (only == NULL || g_strv_contains ((const char *const *) only, subjects[i].name))
      subjects[i].measure ();
  bench_print_table ();
  g_strfreev (only);
  return EXIT_SUCCESS;
}
