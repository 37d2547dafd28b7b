/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-memory-private.h"

#include "mpel-loop-error.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Values that are in a memory file of their own already, so that the wire need not make one. */

typedef struct
{
  int   fd;  /* (owned) */
  void *map; /* (owned) */
  gsize size;
} Memory;

static GMutex      lock;
static GHashTable *memories; /* start of the mapping → Memory; under @lock */

/* When the last value in it is gone, on whatever thread. */
static void
memory_free (gpointer data)
{
  Memory *memory = data;

  g_mutex_lock (&lock);
  g_hash_table_remove (memories, memory->map);
  g_mutex_unlock (&lock);
  munmap (memory->map, memory->size);
  close (memory->fd);
  g_free (memory);
}

static GBytes *
memory_to_bytes (Memory *memory)
{
  g_mutex_lock (&lock);
  if (memories == NULL)
    memories = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (memories, memory->map, memory);
  g_mutex_unlock (&lock);
  return g_bytes_new_with_free_func (memory->map, memory->size, memory_free, memory);
}

static gboolean
fail (GError **error, const char *verb, int saved_errno)
{
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (saved_errno), "A memory file cannot be used, since %s it failed: %s", verb, g_strerror (saved_errno));
  return FALSE;
}

static gsize
file_size (gsize length)
{
  return (length + MPEL_MEMORY_SLACK - 1) / MPEL_MEMORY_SLACK * MPEL_MEMORY_SLACK + MPEL_MEMORY_SLACK;
}

/* As the other process will want it. */
static gboolean
seal (int fd, gsize length, GError **error)
{
  struct stat status;
  int         seals = fcntl (fd, F_GET_SEALS);

  if (seals < 0 || fstat (fd, &status) < 0)
    return fail (error, "looking at", errno);
  if (length > G_MAXSSIZE - 2 * MPEL_MEMORY_SLACK || (gsize) status.st_size < length)
    return fail (error, "finding the bytes in", ENODATA);
  if ((gsize) status.st_size < file_size (length) && ftruncate (fd, (off_t) file_size (length)) < 0)
    return fail (error, "growing", errno);
  if ((seals & MPEL_MEMORY_SEALS) != MPEL_MEMORY_SEALS && fcntl (fd, F_ADD_SEALS, MPEL_MEMORY_SEALS | F_SEAL_SEAL) < 0)
    return fail (error, "sealing", errno);
  /* Others who have the file may have made it shorter until just now. */
  if (fstat (fd, &status) < 0 || (gsize) status.st_size < file_size (length))
    return fail (error, "finding the bytes in", ENODATA);
  return TRUE;
}

static Memory *
map (int fd, gsize length, GError **error)
{
  Memory *memory = g_new0 (Memory, 1);

  memory->size = file_size (length);
  memory->fd = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  memory->map = mmap (NULL, memory->size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (memory->fd >= 0 && memory->map != MAP_FAILED)
    return memory;

  fail (error, "mapping", errno);
  if (memory->map != MAP_FAILED)
    munmap (memory->map, memory->size);
  if (memory->fd >= 0)
    close (memory->fd);
  g_free (memory);
  return NULL;
}

/**
 * mpel_variant_new_from_fd:
 * @type: the type of the value
 * @fd: a memory file, which has the value from its beginning, serialised
 * @length: the size of the value in bytes
 * @error: return location for an error
 *
 * Creates a large value of what is in a memory file.
 *
 * When it is the arguments or the results of an event and exceeds 1 MiB, the file itself travels,
 * and no byte of it is copied. Make the file with `memfd_create` and `MFD_ALLOW_SEALING`, write to
 * it, and unmap what you mapped of it: it is sealed here, so that nobody can change it any more. The
 * descriptor stays yours to close.
 *
 * Safe from any thread. Fails with an error of [error@Gio.IOErrorEnum] when @fd is no such file, or
 * is shorter.
 *
 * Returns: (transfer floating) (nullable): the value, or `NULL` with an error
 *
 * Since: 0.1
 */
GVariant *
mpel_variant_new_from_fd (const GVariantType *type, int fd, gsize length, GError **error)
{
  Memory *memory;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) whole = NULL;

  g_return_val_if_fail (type != NULL && g_variant_type_is_definite (type), NULL);
  g_return_val_if_fail (fd >= 0, NULL);

  if (!seal (fd, length, error) || (memory = map (fd, length, error)) == NULL)
    return NULL;
  whole = memory_to_bytes (memory);
  bytes = g_bytes_new_from_bytes (whole, 0, length);
  return g_variant_new_from_bytes (type, bytes, FALSE);
}

/* Where @value is, if it may be in a memory file at all: asking serialises it. */
static gconstpointer
peek_data (GVariant *value)
{
  gboolean is_possible;

  g_mutex_lock (&lock);
  is_possible = memories != NULL && g_hash_table_size (memories) > 0;
  g_mutex_unlock (&lock);
  return is_possible && value != NULL ? g_variant_get_data (value) : NULL;
}

/* @value: (nullable). Returns a descriptor of the file that has it, for the caller to close; -1 when
 * there is none. */
int
mpel_memory_dup_fd (GVariant *value)
{
  gconstpointer data = peek_data (value);
  Memory       *memory;
  int           fd = -1;

  if (data == NULL)
    return -1;
  g_mutex_lock (&lock);
  memory = g_hash_table_lookup (memories, data);
  if (memory != NULL && memory->size == file_size (g_variant_get_size (value)))
    fd = fcntl (memory->fd, F_DUPFD_CLOEXEC, 3);
  g_mutex_unlock (&lock);
  return fd;
}
