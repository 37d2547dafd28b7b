/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What programs in Python measure, each taking turns with a baseline that only Python has. Each of
 * their lines is a figure: the name, the unit, what the ratio has to be at least, then those of ours
 * and of the baseline, round by round. */

#include "config.h"
#include "bench.h"

#include <stdlib.h>

#ifdef BENCH_PYTHON

#define N_WORDS_BEFORE 3

static void
report_line (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  guint       n_words = g_strv_length (words);
  BenchSeries ours = BENCH_SERIES_INIT, baseline = BENCH_SERIES_INIT;

  if (n_words < N_WORDS_BEFORE + 2 || (n_words - N_WORDS_BEFORE) % 2 != 0)
    g_error ("This is no figure: %s", line);
  for (guint i = N_WORDS_BEFORE; i < n_words; i += 2)
    {
      bench_series_add (&ours, g_ascii_strtod (words[i], NULL));
      bench_series_add (&baseline, g_ascii_strtod (words[i + 1], NULL));
    }
  bench_report_pair (words[0], words[1], &ours, &baseline, g_ascii_strtod (words[2], NULL), BENCH_AT_LEAST);
}

static GSubprocess *
start_python (const char *program, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *path = g_build_filename (BENCH_SOURCE_DIR, program, NULL);
  g_autofree char *n_rounds = g_strdup_printf ("%d", bench_options.n_rounds);

  g_subprocess_launcher_setenv (launcher, "GI_TYPELIB_PATH", BENCH_LIBRARY_DIR, TRUE);
  g_subprocess_launcher_setenv (launcher, "LD_LIBRARY_PATH", BENCH_LIBRARY_DIR, TRUE);
  g_subprocess_launcher_setenv (launcher, "PYTHONPATH", BENCH_OVERRIDES_DIR, TRUE);
  g_subprocess_launcher_setenv (launcher, "PYTHONDONTWRITEBYTECODE", "1", TRUE);
  return g_subprocess_launcher_spawn (launcher, error, BENCH_PYTHON, path, n_rounds, NULL);
}

static void
run_script (const char *program)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) python = start_python (program, &error);
  g_autofree char *out = NULL;
  g_auto (GStrv) lines = NULL;

  if (python == NULL || !g_subprocess_communicate_utf8 (python, NULL, NULL, &out, NULL, &error) ||
      !g_subprocess_wait_check (python, NULL, &error))
    g_error ("%s: %s", program, error->message);

  lines = g_strsplit (g_strchomp (out), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    report_line (lines[i]);
}

#else

static void
run_script (const char *program)
{
  g_printerr ("%s: not measured, since it needs -Dintrospection=true and python3-gi\n", program);
}

#endif

/* A pool of two against ProcessPoolExecutor (2). */
void
bench_measure_executor (void)
{
  run_script ("bench-pool.py");
}

/* Python end to end against multiprocessing's queues, and ProcessPoolExecutor (1). */
void
bench_measure_python (void)
{
  run_script ("bench-python.py");
}
