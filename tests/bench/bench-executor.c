/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A pool of two against Python's ProcessPoolExecutor, both with the same functions in Python. A
 * program in Python measures; each of its lines is a figure: the name, then the jobs per second of
 * ours and of the baseline, round by round. */

#include "config.h"
#include "bench.h"

#include <stdlib.h>

#ifdef BENCH_PYTHON

static void
report_line (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  BenchSeries ours = BENCH_SERIES_INIT, baseline = BENCH_SERIES_INIT;

  if (words[0] == NULL || words[1] == NULL || g_strv_length (words) % 2 == 0)
    g_error ("This is no figure: %s", line);
  for (guint i = 1; words[i] != NULL; i += 2)
    {
      bench_series_add (&ours, g_ascii_strtod (words[i], NULL));
      bench_series_add (&baseline, g_ascii_strtod (words[i + 1], NULL));
    }
  bench_report_pair (words[0], "jobs/s", &ours, &baseline, 1, BENCH_AT_LEAST);
}

static GSubprocess *
start_python (GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *n_rounds = g_strdup_printf ("%d", bench_options.n_rounds);

  g_subprocess_launcher_setenv (launcher, "GI_TYPELIB_PATH", BENCH_LIBRARY_DIR, TRUE);
  g_subprocess_launcher_setenv (launcher, "LD_LIBRARY_PATH", BENCH_LIBRARY_DIR, TRUE);
  g_subprocess_launcher_setenv (launcher, "PYTHONDONTWRITEBYTECODE", "1", TRUE);
  return g_subprocess_launcher_spawn (launcher, error, BENCH_PYTHON, BENCH_POOL_PROGRAM, n_rounds, NULL);
}

void
bench_measure_executor (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) python = start_python (&error);
  g_autofree char *out = NULL;
  g_auto (GStrv) lines = NULL;

  if (python == NULL || !g_subprocess_communicate_utf8 (python, NULL, NULL, &out, NULL, &error) ||
      !g_subprocess_wait_check (python, NULL, &error))
    g_error ("%s: %s", BENCH_POOL_PROGRAM, error->message);

  lines = g_strsplit (g_strchomp (out), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    report_line (lines[i]);
}

#else

void
bench_measure_executor (void)
{
  g_printerr ("executor: not measured, since it needs -Dintrospection=true and python3-gi\n");
}

#endif
