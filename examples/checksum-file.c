/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "checksum-file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Large enough that the system calls do not count, small enough for the processor's cache. */
#define CHUNK_BYTES (128 * 1024)

/* digest, size, lines, text?, entropy, time of change */
#define VARIANT_TYPE "(sttbdx)"

/* What one reading gathers: all numbers of the report follow from it. */
typedef struct
{
  GChecksum *sha256;
  guint64    size;
  guint64    counts[256]; /* how often each byte occurs */
  guint8     last_byte;
} Tally;

static void
set_error_from_errno (GError **error, int saved_errno)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), g_strerror (saved_errno));
}

static void
tally_add (Tally *tally, const guint8 *bytes, gsize length)
{
  g_checksum_update (tally->sha256, bytes, length);
  for (gsize i = 0; i < length; i++)
    tally->counts[bytes[i]]++;
  tally->size += length;
  tally->last_byte = bytes[length - 1];
}

static guint64
tally_count_lines (const Tally *tally)
{
  return tally->counts['\n'] + (tally->size > 0 && tally->last_byte != '\n');
}

/* Text in any encoding that keeps ASCII: it has no control characters but those for spacing. */
static gboolean
tally_is_text (const Tally *tally)
{
  static const char allowed[] = "\b\t\n\v\f\r\033";

  for (guint byte = 0; byte < ' '; byte++)
    if (tally->counts[byte] > 0 && (byte == 0 || strchr (allowed, byte) == NULL))
      return FALSE;
  return TRUE;
}

/* Shannon's: how many bits a byte of this file is worth. */
static double
tally_measure_entropy (const Tally *tally)
{
  double sum = 0;

  for (guint byte = 0; byte < G_N_ELEMENTS (tally->counts); byte++)
    if (tally->counts[byte] > 0)
      sum += tally->counts[byte] * log2 ((double) tally->size / tally->counts[byte]);
  return tally->size > 0 ? sum / tally->size : 0;
}

static gboolean
read_all (int fd, Tally *tally, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  gssize             length;

  while ((length = read (fd, chunk, CHUNK_BYTES)) != 0)
    {
      if (length > 0)
        tally_add (tally, chunk, length);
      else if (errno != EINTR)
        {
          set_error_from_errno (error, errno);
          return FALSE;
        }
    }
  return TRUE;
}

static int
open_regular (const char *path, GError **error)
{
  struct stat status;
  /* What was a file when it was found may be something else by now: a FIFO must not make the
   * worker wait, a link must not lead it elsewhere. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

  if (fd < 0 || fstat (fd, &status) < 0)
    set_error_from_errno (error, errno);
  else if (!S_ISREG (status.st_mode))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "Not a regular file");
  else
    return fd;

  if (fd >= 0)
    close (fd);
  return -1;
}

static ChecksumFile *
make_file (const char *path, const Tally *tally, const struct stat *status)
{
  ChecksumFile *self = g_new0 (ChecksumFile, 1);

  self->path = g_strdup (path);
  self->digest = g_strdup (g_checksum_get_string (tally->sha256));
  self->size = tally->size;
  self->n_lines = tally_count_lines (tally);
  self->is_text = tally_is_text (tally);
  self->entropy = tally_measure_entropy (tally);
  self->mtime = status->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status->st_mtim.tv_nsec;
  return self;
}

ChecksumFile *
checksum_file_read (const char *path, GError **error)
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  Tally         tally = { .sha256 = sha256 };
  ChecksumFile *self = NULL;
  struct stat   status;
  int           fd = open_regular (path, error);

  if (fd < 0)
    return NULL;

  /* Asked before the reading: whoever writes meanwhile makes the two differ. */
  if (fstat (fd, &status) < 0)
    set_error_from_errno (error, errno);
  else if (read_all (fd, &tally, error))
    self = make_file (path, &tally, &status);
  close (fd);
  return self;
}

void
checksum_file_free (ChecksumFile *self)
{
  g_free (self->path);
  g_free (self->digest);
  g_free (self);
}

GVariant *
checksum_file_to_variant (ChecksumFile *self)
{
  return g_variant_new (VARIANT_TYPE, self->digest, self->size, self->n_lines, self->is_text, self->entropy, self->mtime);
}

ChecksumFile *
checksum_file_from_variant (const char *path, GVariant *variant)
{
  ChecksumFile *self = g_new0 (ChecksumFile, 1);

  self->path = g_strdup (path);
  g_variant_get (variant, VARIANT_TYPE, &self->digest, &self->size, &self->n_lines, &self->is_text, &self->entropy, &self->mtime);
  return self;
}

const char *
checksum_file_get_kind (ChecksumFile *self)
{
  if (self->size == 0)
    return "empty";
  return self->is_text ? "text" : "binary";
}

gboolean
checksum_file_is_same_state (ChecksumFile *self, ChecksumFile *other)
{
  return self->size == other->size && self->mtime == other->mtime;
}
