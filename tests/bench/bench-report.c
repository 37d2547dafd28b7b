/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "bench-report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static GString *table;

static void
append_row (const char *name, const char *value, const char *baseline, const char *ratio, const char *verdict)
{
  if (table == NULL)
    {
      table = g_string_new (NULL);
      append_row ("figure", "mpel", "baseline", "ratio", "target");
    }
  g_string_append_printf (table, "%-24s %18s %18s %8s  %s\n", name, value, baseline, ratio, verdict);
}

static char *
format (double value, const char *unit)
{
  return g_strdup_printf (value >= 1000 ? "%.0f %s" : "%.1f %s", value, unit);
}

static gboolean
is_met (double value, double target, BenchSense sense)
{
  return sense == BENCH_AT_LEAST ? value >= target : value <= target;
}

static char *
format_verdict (double value, double target, BenchSense sense)
{
  return g_strdup_printf ("%s %g: %s", sense == BENCH_AT_LEAST ? "≥" : "≤", target, is_met (value, target, sense) ? "met" : "MISSED");
}

void
bench_series_add (BenchSeries *self, double value)
{
  g_assert (self->n < BENCH_MAX_ROUNDS);
  self->values[self->n++] = value;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
get_quantile (GArray *sorted, double part)
{
  g_assert (sorted->len > 0);
  return g_array_index (sorted, double, (guint) (part * (sorted->len - 1)));
}

void
bench_quantiles_add (BenchQuantiles *self, GArray *round)
{
  g_array_sort (round, compare_doubles);
  bench_series_add (&self->median, get_quantile (round, 0.5));
  bench_series_add (&self->p99, get_quantile (round, 0.99));
}

static double
get_median (const BenchSeries *self)
{
  BenchSeries sorted = *self;

  qsort (sorted.values, sorted.n, sizeof (double), compare_doubles);
  return sorted.n % 2 == 1 ? sorted.values[sorted.n / 2] : (sorted.values[sorted.n / 2 - 1] + sorted.values[sorted.n / 2]) / 2;
}

static void
print_values (const char *key, const BenchSeries *series)
{
  printf (", \"%s\": [", key);
  for (guint i = 0; i < series->n; i++)
    printf ("%s%.2f", i > 0 ? ", " : "", series->values[i]);
  printf ("]");
}

void
bench_report (const char *name, const char *unit, double value)
{
  g_autofree char *text = format (value, unit);

  printf ("{\"name\": \"%s\", \"unit\": \"%s\", \"value\": %.2f}\n", name, unit, value);
  append_row (name, text, "", "", "");
}

void
bench_report_bound (const char *name, const char *unit, double value, double target, BenchSense sense)
{
  g_autofree char *text = format (value, unit);
  g_autofree char *verdict = format_verdict (value, target, sense);

  printf ("{\"name\": \"%s\", \"unit\": \"%s\", \"value\": %.2f, \"target\": %g, \"met\": %s}\n", name, unit, value, target, is_met (value, target, sense) ? "true" : "false");
  append_row (name, text, "", "", verdict);
}

void
bench_report_pair (const char *name, const char *unit, const BenchSeries *ours, const BenchSeries *baseline, double target_ratio, BenchSense sense)
{
  BenchSeries      ratios = BENCH_SERIES_INIT;
  g_autofree char *our_text = format (get_median (ours), unit);
  g_autofree char *baseline_text = format (get_median (baseline), unit);
  g_autofree char *ratio_text = NULL;
  g_autofree char *verdict = NULL;
  double           ratio;

  for (guint i = 0; i < ours->n; i++)
    bench_series_add (&ratios, ours->values[i] / baseline->values[i]);
  ratio = get_median (&ratios);
  ratio_text = g_strdup_printf ("%.2f", ratio);
  verdict = target_ratio != 0 ? format_verdict (ratio, target_ratio, sense) : g_strdup ("");

  printf ("{\"name\": \"%s\", \"unit\": \"%s\", \"median\": %.2f, \"baseline\": %.2f, \"ratio\": %.3f", name, unit, get_median (ours), get_median (baseline), ratio);
  if (target_ratio != 0)
    printf (", \"target\": %g, \"met\": %s", target_ratio, is_met (ratio, target_ratio, sense) ? "true" : "false");
  print_values ("rounds", ours);
  print_values ("baseline_rounds", baseline);
  printf ("}\n");
  fflush (stdout);
  append_row (name, our_text, baseline_text, ratio_text, verdict);
}

void
bench_print_table (void)
{
  if (table == NULL)
    return;
  printf ("\n%s", table->str);
  g_string_free (g_steal_pointer (&table), TRUE);
}

/* A line of /proc/PID/status, in kB there. */
static double
get_status_mb (int pid, const char *key)
{
  g_autofree char *path = pid > 0 ? g_strdup_printf ("/proc/%d/status", pid) : g_strdup ("/proc/self/status");
  g_autofree char *text = NULL;
  const char      *line;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  line = strstr (text, key);
  return line != NULL ? atol (line + strlen (key)) / 1024.0 : 0;
}

double
bench_get_memory_mb (int pid)
{
  return get_status_mb (pid, "VmRSS:");
}

double
bench_get_peak_mb (int pid)
{
  return get_status_mb (pid, "VmHWM:");
}

void
bench_reset_peak (int pid)
{
  g_autofree char *path = pid > 0 ? g_strdup_printf ("/proc/%d/clear_refs", pid) : g_strdup ("/proc/self/clear_refs");
  FILE            *file = fopen (path, "w");

  if (file == NULL)
    return;
  fputs ("5", file);
  fclose (file);
}
