/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads any bytes as a batch. The first byte says how many bytes at the end come as a blob
 * beside it, in units of 16.
 *
 * With libFuzzer it runs for as long as one likes. Without, main reads the files and folders it
 * is given, or else runs a fixed number of changed batches from a fixed seed. With --write-seeds
 * and a folder it writes batches there for libFuzzer to begin with. */

#include "config.h"

#include "wire-case.h"
#include "wire-record.h"

#include <stdlib.h>
#include <unistd.h>

#define BLOB_UNIT 16

int LLVMFuzzerTestOneInput (const guint8 *data,
                            size_t        size);

static GUnixFDList *
make_fds (const guint8 *data, gsize size)
{
  GUnixFDList *fds = g_unix_fd_list_new ();
  int          fd = wire_memory_new (data, size, TRUE);

  g_unix_fd_list_append (fds, fd, NULL);
  close (fd);
  return fds;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  gsize blob_size;

  if (size == 0)
    return 0;
  blob_size = MIN ((gsize) data[0] * BLOB_UNIT, size - 1);
  if (blob_size > 0)
    fds = make_fds (data + size - blob_size, blob_size);

  /* A copy is aligned, and ends where it ends. */
  bytes = g_bytes_new (data + 1, size - 1 - blob_size);
  g_assert_true (wire_read_all (bytes, fds, NULL, &error) == (error == NULL));
  return 0;
}

#ifndef HAVE_LIBFUZZER

#define N_BATCHES 400
#define N_MUTATIONS 50
#define N_SEEDS 100
#define SEED 20260101

static void
run_file (const char *path)
{
  g_autofree char *data = NULL;
  gsize            size;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);
  LLVMFuzzerTestOneInput ((const guint8 *) data, size);
}

static guint
run_path (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint       n = 0;

  if (dir == NULL)
    {
      run_file (path);
      return 1;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      n += run_path (child);
    }
  return n;
}

/* A batch behind a byte that announces, half of the time, a blob. */
static GBytes *
make_input (GRand *rand)
{
  MpelBatch   batch;
  GByteArray *input = g_byte_array_new ();
  guint8      n_units = (guint8) (g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 20) : 0);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) bytes = NULL;

  mpel_batch_init (&batch);
  wire_random_batch (rand, &batch, (guint) g_rand_int_range (rand, 1, 8));
  bytes = mpel_batch_steal (&batch, &fds);
  mpel_batch_clear (&batch);

  g_byte_array_append (input, &n_units, 1);
  g_byte_array_append (input, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  for (guint i = 0; i < (guint) n_units * BLOB_UNIT; i++)
    g_byte_array_append (input, &n_units, 1);
  return g_byte_array_free_to_bytes (input);
}

static void
run_input (GBytes *input)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (input, &size);

  LLVMFuzzerTestOneInput (data, size);
}

static guint
run_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < N_BATCHES; i++)
    {
      g_autoptr (GBytes) input = make_input (rand);

      run_input (input);
      for (guint j = 0; j < N_MUTATIONS; j++)
        {
          g_autoptr (GBytes) mutated = wire_mutate (rand, input);

          run_input (mutated);
        }
    }
  return N_BATCHES * (N_MUTATIONS + 1);
}

static guint
write_seeds (const char *folder)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < N_SEEDS; i++)
    {
      g_autoptr (GBytes) input = make_input (rand);
      g_autofree char *name = g_strdup_printf ("seed-%03u", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL;

      if (!g_file_set_contents (path, g_bytes_get_data (input, NULL), (gssize) g_bytes_get_size (input), &error))
        g_error ("%s", error->message);
    }
  return N_SEEDS;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  if (argc == 3 && g_str_equal (argv[1], "--write-seeds"))
    {
      g_print ("%u inputs written\n", write_seeds (argv[2]));
      return EXIT_SUCCESS;
    }

  for (int i = 1; i < argc; i++)
    n += run_path (argv[i]);
  if (argc == 1)
    n = run_mutations ();
  g_print ("%u inputs, none of them too much\n", n);
  return EXIT_SUCCESS;
}

#endif
