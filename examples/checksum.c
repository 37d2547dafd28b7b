/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Checksums of many files: the worker reads them, while the host's main loop stays free to do
 * what a main loop is for. Here that is a timer, and how late it ever was is told at the end. */

#include "checksum-file.h"
#include "checksum-report.h"
#include "checksum-walk.h"

#include <locale.h>
#include <mpel/mpel.h>
#include <stdlib.h>
#include <unistd.h>

#define TARGET "checksum"

/* Enough to keep the worker busy; the rest of a large tree stays on the disk until then. */
#define MAX_WAITING 256

/* A frame at 60 Hz. */
#define TICK_MS 16

#define PROGRESS_INTERVAL_US 100000

#define N_SAMPLES 3
#define SAMPLE_SEED 1

#define EXIT_USAGE 2

typedef struct
{
  char   **paths;
  int      max_rows;
  gboolean all;
  gboolean sums;
  gboolean spoil;
} Options;

/* How well the main loop keeps time. */
typedef struct
{
  guint  source;
  guint  n_ticks;
  gint64 last;    /* all times in microseconds */
  gint64 longest; /* between two ticks */
  gint64 begun;
} Ticker;

typedef struct
{
  const Options  *options;
  GMainLoop      *main_loop; /* (owned) */
  MpelEventLoop  *loop;      /* (owned) */
  ChecksumWalk   *walk;      /* (owned) */
  ChecksumReport *report;    /* (owned) */
  guint           n_waiting; /* events that were added and did not end yet */
  char           *lost;      /* (owned) (nullable) why there is no worker any more */
  Ticker          ticker;
  gboolean        show_progress;
  gint64          last_progress;
} Host;

/* ---- In the worker ---- */

static GVariant *
run_checksum (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *path;
  gboolean    spoil = FALSE;
  g_autoptr (ChecksumFile) file = NULL;

  if (!mpel_invocation_check_args (invocation, "(ay)", error))
    return NULL;
  g_variant_get (args, "(^&ay)", &path);
  g_variant_lookup (kwargs, "spoil", "b", &spoil);

  file = checksum_file_read (path, error);
  if (file == NULL)
    return NULL;
  if (spoil)
    file->digest[0] = file->digest[0] == '0' ? '1' : '0';
  return checksum_file_to_variant (file);
}

/* ---- In the host ---- */

static void
clear_progress (Host *host)
{
  if (host->show_progress)
    fputs ("\r\033[K", stderr);
}

static void
show_progress (Host *host, gint64 now)
{
  g_autofree char *size = NULL;

  if (!host->show_progress || now - host->last_progress < PROGRESS_INTERVAL_US)
    return;
  host->last_progress = now;
  size = g_format_size (host->report->n_bytes);
  clear_progress (host);
  fprintf (stderr,
           "%u files, %s, %u could not be read, %u waiting",
           host->report->files->len,
           size,
           host->report->failures->len,
           host->n_waiting);
}

static gint64
note_time (Ticker *ticker)
{
  gint64 now = g_get_monotonic_time ();

  ticker->longest = MAX (ticker->longest, now - ticker->last);
  ticker->last = now;
  return now;
}

static gboolean
tick_cb (gpointer user_data)
{
  Host *host = user_data;

  host->ticker.n_ticks++;
  show_progress (host, note_time (&host->ticker));
  return G_SOURCE_CONTINUE;
}

static void
start_ticker (Host *host)
{
  host->ticker.begun = host->ticker.last = g_get_monotonic_time ();
  host->ticker.source = g_timeout_add (TICK_MS, tick_cb, host);
}

static void
stop_ticker (Host *host)
{
  note_time (&host->ticker);
  g_source_remove (host->ticker.source);
  clear_progress (host);
}

static void
lose_worker (Host *host, const char *reason)
{
  if (host->lost != NULL)
    return;
  host->lost = g_strdup (reason);
  mpel_event_loop_terminate (host->loop);
  g_main_loop_quit (host->main_loop);
}

/* Takes @path. */
static void
add_file (Host *host, char *path)
{
  GVariant        *kwargs = host->options->spoil ? g_variant_new_parsed ("{'spoil': <true>}") : NULL;
  g_autofree char *owned = path;
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_loop_add_call (host->loop, TARGET, g_variant_new ("(^ay)", owned), kwargs, &error);

  if (event != NULL)
    host->n_waiting++;
  else
    checksum_report_add_failure (host->report, owned, error);
}

static void
feed_worker (Host *host)
{
  char *path;

  while (host->lost == NULL && host->n_waiting < MAX_WAITING && (path = checksum_walk_take (host->walk)) != NULL)
    add_file (host, path);
  if (host->n_waiting == 0 && checksum_walk_is_over (host->walk))
    g_main_loop_quit (host->main_loop);
}

/* The worker is gone, or never came. All else is the matter of one file. */
static gboolean
is_loss (MpelEvent *event)
{
  return mpel_event_get_state (event) == MPEL_EVENT_STATE_LOST ||
         g_error_matches (mpel_event_get_error (event), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED);
}

static gboolean
event_done_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  Host         *host = user_data;
  const GError *error = mpel_event_get_error (event);
  const char   *path;

  host->n_waiting--;
  g_variant_get (mpel_event_get_args (event), "(^&ay)", &path);
  if (error == NULL)
    checksum_report_add_file (host->report, checksum_file_from_variant (path, mpel_event_get_results (event)));
  else if (is_loss (event))
    lose_worker (host, error->message); /* not the file's fault */
  else if (host->lost == NULL)
    checksum_report_add_failure (host->report, path, error);
  feed_worker (host);
  return TRUE;
}

static void
walk_changed_cb (gpointer user_data)
{
  feed_worker (user_data);
}

static void
walk_failed_cb (const char *path, const GError *error, gpointer user_data)
{
  Host *host = user_data;

  checksum_report_add_failure (host->report, path, error);
}

static const ChecksumWalkCalls walk_calls = { walk_changed_cb, walk_failed_cb };

/* Returns FALSE when the worker was lost. */
static gboolean
collect (Host *host)
{
  static const char *const here[] = { ".", NULL };
  const char *const       *paths = host->options->paths != NULL ? (const char *const *) host->options->paths : here;
  g_autoptr (GError) error = NULL;

  host->main_loop = g_main_loop_new (NULL, FALSE);
  host->loop = mpel_event_loop_new ();
  g_signal_connect (host->loop, "event-done", G_CALLBACK (event_done_cb), host);
  host->walk = checksum_walk_new (paths, &walk_calls, host);

  start_ticker (host);
  g_main_loop_run (host->main_loop);
  stop_ticker (host);

  if (!mpel_event_loop_close (host->loop, NULL, &error) && host->lost == NULL)
    host->lost = g_strdup (error->message);
  return host->lost == NULL;
}

/* Returns FALSE when the worker's digest is wrong. @n_compared grows unless the file has changed
 * in between, so that there is nothing to compare with. */
static gboolean
compare_sample (ChecksumFile *file, GString *names, guint *n_compared)
{
  g_autoptr (ChecksumFile) own = checksum_file_read (file->path, NULL);
  g_autofree char *name = checksum_report_escape (file->path);

  if (own == NULL || !checksum_file_is_same_state (file, own))
    return TRUE;

  g_string_append_printf (names, "\n  %s", name);
  *n_compared += 1;
  if (g_str_equal (file->digest, own->digest))
    return TRUE;

  fprintf (stderr, "%s: the worker says %s, the host says %s\n", name, file->digest, own->digest);
  return FALSE;
}

/* The same files each time, as long as the tree is the same. */
static gboolean
compare_samples (ChecksumReport *report, FILE *stream)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SAMPLE_SEED);
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  guint n_compared = 0, n_wrong = 0;

  checksum_report_sort_by_path (report);
  rest = g_ptr_array_copy (report->files, NULL, NULL);
  g_ptr_array_set_free_func (rest, NULL);
  while (rest->len > 0 && n_compared < N_SAMPLES)
    {
      ChecksumFile *file = g_ptr_array_steal_index (rest, g_rand_int_range (rand, 0, rest->len));

      n_wrong += !compare_sample (file, names, &n_compared);
    }

  if (n_wrong > 0)
    fprintf (stderr, "%u of %u samples differ from the host's own SHA-256\n", n_wrong, n_compared);
  else if (n_compared > 0)
    fprintf (stream, "Compared with the host's own SHA-256, and equal:%s\n", names->str);
  return n_wrong == 0;
}

static void
print_summary (Host *host, FILE *stream)
{
  Ticker          *ticker = &host->ticker;
  double           seconds = (ticker->last - ticker->begun) / 1e6;
  g_autofree char *size = g_format_size (host->report->n_bytes);
  g_autofree char *rate = g_format_size (host->report->n_bytes / MAX (seconds, 1e-6));

  fprintf (stream, "\n%u files with %s in %.2f s, %s each second", host->report->files->len, size, seconds, rate);
  fprintf (stream, "; %u links and special files left out.\n", checksum_walk_get_n_skipped (host->walk));
  if (ticker->n_ticks == 0)
    fprintf (stream, "It was over before the host's %d ms timer ticked once.\n", TICK_MS);
  else
    fprintf (stream,
             "Meanwhile the host's %d ms timer ticked %u time%s; the longest gap between two ticks was %.1f ms.\n",
             TICK_MS,
             ticker->n_ticks,
             ticker->n_ticks == 1 ? "" : "s",
             ticker->longest / 1e3);
}

static int
report_all (Host *host)
{
  /* Sums are for a program to read, so the rest must not be among them. */
  FILE *stream = host->options->sums ? stderr : stdout;
  guint max_rows = host->options->all ? G_MAXUINT : (guint) MAX (host->options->max_rows, 0);

  checksum_report_sort_by_path (host->report);
  if (host->options->sums)
    checksum_report_print_sums (host->report);
  else
    checksum_report_print_table (host->report, max_rows);
  checksum_report_print_failures (host->report, stream, max_rows);
  print_summary (host, stream);
  return compare_samples (host->report, stream) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
clear_host (Host *host)
{
  g_clear_pointer (&host->walk, checksum_walk_free);
  g_clear_pointer (&host->report, checksum_report_free);
  g_clear_pointer (&host->main_loop, g_main_loop_unref);
  g_clear_object (&host->loop);
  g_clear_pointer (&host->lost, g_free);
}

static int
run_host (const Options *options)
{
  Host host = { .options = options, .show_progress = isatty (STDERR_FILENO) };
  int  status = EXIT_FAILURE;

  host.report = checksum_report_new ();
  if (collect (&host))
    status = report_all (&host);
  else
    fprintf (stderr, "The worker died after %u files, and with it the work: %s\n", host.report->files->len, host.lost);
  clear_host (&host);
  return status;
}

static gboolean
parse_options (Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "all", 'a', 0, G_OPTION_ARG_NONE, &options->all, "Print a row for every file", NULL },
    { "rows", 'n', 0, G_OPTION_ARG_INT, &options->max_rows, "Print at most N rows, of the biggest files (20)", "N" },
    { "sums", 's', 0, G_OPTION_ARG_NONE, &options->sums, "Print full digests, as sha256sum does, and no table", NULL },
    /* For the test that wants to see the comparison fail. */
    { "spoil", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &options->spoil, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->paths, NULL, "[PATH...]" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context,
                                "Reads every file below each PATH, or below the current folder, in a worker process:\n"
                                "size, lines, kind, entropy and SHA-256. Follows no links; leaves out folders named\n"
                                ".git or _build*. What cannot be read is listed with the reason.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;

  fprintf (stderr, "%s\n", error->message);
  return FALSE;
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();
  Options     options = { .max_rows = 20 };
  int         status = EXIT_USAGE;

  if (worker != NULL)
    {
      mpel_worker_add_function (worker, TARGET, run_checksum, NULL, NULL);
      return mpel_worker_run (worker);
    }

  setlocale (LC_CTYPE, "");
  if (parse_options (&options, &argc, &argv))
    status = run_host (&options);
  g_strfreev (options.paths);
  return status;
}
