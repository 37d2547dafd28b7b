/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "checksum-report.h"

#include <string.h>

/* All columns together are 100 characters wide. */
#define PATH_COLUMNS 41
#define DIGEST_COLUMNS 16

ChecksumReport *
checksum_report_new (void)
{
  ChecksumReport *self = g_new0 (ChecksumReport, 1);

  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) checksum_file_free);
  self->failures = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
checksum_report_free (ChecksumReport *self)
{
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->failures);
  g_free (self);
}

void
checksum_report_add_file (ChecksumReport *self, ChecksumFile *file)
{
  self->n_bytes += file->size;
  g_ptr_array_add (self->files, file);
}

void
checksum_report_add_failure (ChecksumReport *self, const char *path, const GError *error)
{
  g_autofree char *escaped = checksum_report_escape (path);

  g_ptr_array_add (self->failures, g_strdup_printf ("%s: %s", escaped, error->message));
}

char *
checksum_report_escape (const char *path)
{
  GString *escaped = g_string_new (NULL);

  for (const char *at = path, *next; *at != '\0'; at = next)
    {
      gunichar c = g_utf8_get_char_validated (at, -1);

      next = c < (gunichar) -2 ? g_utf8_next_char (at) : at + 1;
      if (c < (gunichar) -2 && g_unichar_isprint (c))
        g_string_append_len (escaped, at, next - at);
      else
        for (; at < next; at++)
          g_string_append_printf (escaped, "\\%03o", (guchar) *at);
    }
  return g_string_free (escaped, FALSE);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  const ChecksumFile *file_a = *(ChecksumFile *const *) a;
  const ChecksumFile *file_b = *(ChecksumFile *const *) b;

  return strcmp (file_a->path, file_b->path);
}

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  const ChecksumFile *file_a = *(ChecksumFile *const *) a;
  const ChecksumFile *file_b = *(ChecksumFile *const *) b;

  if (file_a->size != file_b->size)
    return file_a->size < file_b->size ? 1 : -1;
  return compare_paths (a, b);
}

void
checksum_report_sort_by_path (ChecksumReport *self)
{
  g_ptr_array_sort (self->files, compare_paths);
}

/* The end of a long path says more than its begin. */
static char *
fit_path (const char *path)
{
  g_autofree char *escaped = checksum_report_escape (path);
  glong            length = g_utf8_strlen (escaped, -1);

  if (length <= PATH_COLUMNS)
    return g_strdup_printf ("%s%*s", escaped, (int) (PATH_COLUMNS - length), "");
  return g_strdup_printf ("…%s", g_utf8_offset_to_pointer (escaped, length - (PATH_COLUMNS - 1)));
}

static void
print_row (ChecksumFile *file)
{
  g_autofree char *path = fit_path (file->path);
  g_autofree char *lines = file->is_text ? g_strdup_printf ("%" G_GUINT64_FORMAT, file->n_lines) : g_strdup ("-");

  printf ("%s %12" G_GUINT64_FORMAT " %9s  %-6s %9.3f  %.*s\n",
          path,
          file->size,
          lines,
          checksum_file_get_kind (file),
          file->entropy,
          DIGEST_COLUMNS,
          file->digest);
}

static void
print_rest (ChecksumReport *self, guint first)
{
  guint64          n_bytes = 0;
  g_autofree char *label = NULL;

  for (guint i = first; i < self->files->len; i++)
    n_bytes += ((ChecksumFile *) self->files->pdata[i])->size;
  label = g_strdup_printf ("and %u smaller files", self->files->len - first);
  printf ("%-*s %12" G_GUINT64_FORMAT "\n", PATH_COLUMNS, label, n_bytes);
}

static void
print_totals (ChecksumReport *self)
{
  guint            n_text = 0, n_empty = 0;
  guint64          n_lines = 0;
  g_autofree char *label = g_strdup_printf ("%u files", self->files->len);

  for (guint i = 0; i < self->files->len; i++)
    {
      ChecksumFile *file = self->files->pdata[i];

      n_empty += file->size == 0;
      n_text += file->size > 0 && file->is_text;
      n_lines += file->is_text ? file->n_lines : 0;
    }
  printf ("%-*s %12" G_GUINT64_FORMAT " %9" G_GUINT64_FORMAT "  %u text, %u binary, %u empty\n",
          PATH_COLUMNS,
          label,
          self->n_bytes,
          n_lines,
          n_text,
          self->files->len - n_text - n_empty,
          n_empty);
}

void
checksum_report_print_table (ChecksumReport *self, guint max_rows)
{
  guint n_rows = MIN (max_rows, self->files->len);

  g_ptr_array_sort (self->files, compare_sizes);
  printf ("%-*s %12s %9s  %-6s %9s  %s\n", PATH_COLUMNS, "PATH", "BYTES", "LINES", "KIND", "BITS/BYTE", "SHA-256");
  for (guint i = 0; i < n_rows; i++)
    print_row (self->files->pdata[i]);
  if (n_rows < self->files->len)
    print_rest (self, n_rows);
  print_totals (self);
}

void
checksum_report_print_sums (ChecksumReport *self)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      ChecksumFile *file = self->files->pdata[i];
      g_autoptr (GString) path = g_string_new (file->path);
      guint n_escaped = g_string_replace (path, "\\", "\\\\", 0) + g_string_replace (path, "\n", "\\n", 0);

      printf ("%s%s  %s\n", n_escaped > 0 ? "\\" : "", file->digest, path->str);
    }
}

void
checksum_report_print_failures (ChecksumReport *self, FILE *stream, guint max_rows)
{
  guint n_rows = MIN (max_rows, self->failures->len);

  if (self->failures->len == 0)
    return;
  fprintf (stream, "\n%u could not be read:\n", self->failures->len);
  for (guint i = 0; i < n_rows; i++)
    fprintf (stream, "  %s\n", (const char *) self->failures->pdata[i]);
  if (n_rows < self->failures->len)
    fprintf (stream, "  and %u more\n", self->failures->len - n_rows);
}
