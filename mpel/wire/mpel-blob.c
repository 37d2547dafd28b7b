/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-blob-private.h"

#include "mpel-frame-private.h"
#include "mpel-loop-error.h"
#include "mpel-memory-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

static gboolean
fail (GError **error, const char *verb, int saved_errno)
{
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_TOO_LARGE,
               "A large payload cannot be carried, since %s its memory failed: %s",
               verb,
               g_strerror (saved_errno));
  return FALSE;
}

static gsize
padded_size (GVariant *variant)
{
  return variant != NULL ? mpel_frame_pad (g_variant_get_size (variant)) : 0;
}

static gboolean
store (int fd, GVariant *value, GVariant *extra, GError **error)
{
  gsize   value_size = padded_size (value);
  gsize   size = value_size + padded_size (extra) + MPEL_MEMORY_SLACK;
  guint8 *map;
  int     failure;

  /* Reserved first: writing into a mapping of a full file system would end this process. */
  do
    failure = posix_fallocate (fd, 0, (off_t) size);
  while (failure == EINTR);
  if (failure != 0)
    return fail (error, "reserving", failure);

  map = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED)
    return fail (error, "mapping", errno);
  if (value != NULL)
    g_variant_store (value, map);
  if (extra != NULL)
    g_variant_store (extra, map + value_size);
  munmap (map, size);

  /* Only after unmapping: a writable mapping would make the kernel refuse. */
  if (fcntl (fd, F_ADD_SEALS, MPEL_MEMORY_SEALS | F_SEAL_SEAL) < 0)
    return fail (error, "sealing", errno);
  return TRUE;
}

/* Either may be NULL. Returns a file descriptor for the caller to close, or -1. */
int
mpel_blob_new (GVariant *value, GVariant *extra, GError **error)
{
  int fd = extra == NULL ? mpel_memory_dup_fd (value) : -1;

  if (fd >= 0)
    return fd;
  fd = memfd_create ("mpel-blob", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    {
      fail (error, "creating", errno);
      return -1;
    }
  if (!store (fd, value, extra, error))
    {
      close (fd);
      return -1;
    }

  return fd;
}

/* Unsealed memory could change or shrink under our feet: it is refused. What is written to the map
 * stays in this process, for languages whose arrays are in there. */
GBytes *
mpel_blob_map (int fd, GError **error)
{
  int seals = fcntl (fd, F_GET_SEALS);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GMappedFile) file = NULL;

  if (seals < 0 || (seals & MPEL_MEMORY_SEALS) != MPEL_MEMORY_SEALS)
    {
      g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The other process sent a file descriptor that is no sealed memory");
      return NULL;
    }

  file = g_mapped_file_new_from_fd (fd, TRUE, &reason);
  if (file == NULL)
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The other process sent memory that cannot be mapped: %s", reason->message);
      return NULL;
    }
  return g_mapped_file_get_bytes (file);
}
