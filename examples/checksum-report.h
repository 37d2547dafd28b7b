/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "checksum-file.h"

#include <stdio.h>

G_BEGIN_DECLS

/* What came of all files, and how it is told. */
typedef struct
{
  GPtrArray *files;    /* (owned) of ChecksumFile */
  GPtrArray *failures; /* (owned) of “path: reason”, to be printed as they are */
  guint64    n_bytes;
} ChecksumReport;

ChecksumReport *checksum_report_new (void);
void            checksum_report_free (ChecksumReport *self);

/* Takes @file. */
void checksum_report_add_file (ChecksumReport *self,
                               ChecksumFile   *file);
void checksum_report_add_failure (ChecksumReport *self,
                                  const char     *path,
                                  const GError   *error);

/* By path, so that what follows does not depend on the order in which the files were found. */
void checksum_report_sort_by_path (ChecksumReport *self);

/* The biggest files with their totals; at most @max_rows of them. Changes the order. */
void checksum_report_print_table (ChecksumReport *self,
                                  guint           max_rows);
/* What `sha256sum --check` reads. */
void checksum_report_print_sums (ChecksumReport *self);
void checksum_report_print_failures (ChecksumReport *self,
                                     FILE           *stream,
                                     guint           max_rows);

/* Returns (transfer full): what a terminal may show of any path: no control characters, and
 * bytes that are no UTF-8 as in C. */
char *checksum_report_escape (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChecksumReport, checksum_report_free)

G_END_DECLS
