/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Valid batches with a few bytes changed: whatever comes of them, reading ends, in bounds, with
 * records or one error. The seed of a run is printed; `--seed` repeats it. */

#include "config.h"

#include "wire-case.h"
#include "wire-record.h"

#include "mpel-loop-error.h"

#include <unistd.h>

#define N_BATCHES 200
#define N_MUTATIONS 100
#define N_BLOB_MUTATIONS 2000

typedef struct
{
  guint n_accepted;
  guint n_refused;
} Tally;

static void
read_one (Tally *tally, GBytes *bytes, GUnixFDList *fds)
{
  g_autoptr (GError) error = NULL;

  if (wire_read_all (bytes, fds, NULL, &error))
    {
      tally->n_accepted++;
      return;
    }
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
  tally->n_refused++;
}

static GBytes *
make_batch (GRand *rand)
{
  MpelBatch batch;
  g_autoptr (GUnixFDList) fds = NULL;
  GBytes *bytes;

  mpel_batch_init (&batch);
  wire_random_batch (rand, &batch, (guint) g_rand_int_range (rand, 1, 8));
  bytes = mpel_batch_steal (&batch, &fds);
  mpel_batch_clear (&batch);
  return bytes;
}

static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  Tally tally = { 0 };

  g_test_summary ("Batches with random changes are read or refused, never more.");

  for (guint i = 0; i < N_BATCHES; i++)
    {
      g_autoptr (GBytes) bytes = make_batch (rand);

      for (guint j = 0; j < N_MUTATIONS; j++)
        {
          g_autoptr (GBytes) mutated = wire_mutate (rand, bytes);

          read_one (&tally, mutated, NULL);
        }
    }

  g_test_message ("%u accepted, %u refused", tally.n_accepted, tally.n_refused);
  g_assert_cmpuint (tally.n_refused, >, 0);
  g_assert_cmpuint (tally.n_accepted, >, 0);
}

static void
test_cuts (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autoptr (GBytes) bytes = make_batch (rand);
  Tally tally = { 0 };

  g_test_summary ("A batch is refused wherever it is cut, but between its records.");

  for (gsize length = 0; length < g_bytes_get_size (bytes); length++)
    {
      g_autoptr (GBytes) cut = g_bytes_new (g_bytes_get_data (bytes, NULL), length);

      read_one (&tally, cut, NULL);
    }
  g_assert_cmpuint (tally.n_accepted, <=, 8);
}

/* A record whose payload is in the first blob. */
static GBytes *
make_blob_record (void)
{
  MpelFrame   frame = { .size = 48, .kind = MPEL_RECORD_DONE, .id = 1, .type_length = 3, .blob = 1 };
  GByteArray *bytes = g_byte_array_new ();

  frame.value_length = 20000;
  frame.extra_length = 20000;
  g_byte_array_append (bytes, (const guint8 *) &frame, sizeof frame);
  g_byte_array_append (bytes, (const guint8 *) "ay\0\0\0\0\0", 8);
  return g_byte_array_free_to_bytes (bytes);
}

static GUnixFDList *
make_blob (gsize length)
{
  GUnixFDList *fds = g_unix_fd_list_new ();
  int          fd = wire_memory_new (NULL, length, TRUE);

  g_unix_fd_list_append (fds, fd, NULL);
  close (fd);
  return fds;
}

static GBytes *
set_lengths (GBytes *bytes, guint64 value_length, guint64 extra_length)
{
  gsize   size;
  guint8 *data = g_bytes_unref_to_data (g_bytes_ref (bytes), &size);

  ((MpelFrame *) data)->value_length = value_length;
  ((MpelFrame *) data)->extra_length = extra_length;
  return g_bytes_new_take (data, size);
}

static void
test_blob_lengths (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autoptr (GBytes) record = make_blob_record ();
  Tally tally = { 0 };

  g_test_summary ("Lengths around the size of a blob, aligned or not, never reach beyond it.");

  for (guint i = 0; i < N_BLOB_MUTATIONS; i++)
    {
      guint64 value_length = (guint64) g_rand_int_range (rand, 0, 30000);
      guint64 extra_length = (guint64) g_rand_int_range (rand, 0, 30000);
      gint64  length = (gint64) (value_length + extra_length) + g_rand_int_range (rand, -16, 17);
      g_autoptr (GUnixFDList) fds = make_blob ((gsize) MAX (length, 0));
      g_autoptr (GBytes) bytes = set_lengths (record, value_length, extra_length);

      read_one (&tally, bytes, fds);
    }

  g_test_message ("%u accepted, %u refused", tally.n_accepted, tally.n_refused);
  g_assert_cmpuint (tally.n_refused, >, 0);
  g_assert_cmpuint (tally.n_accepted, >, 0);
}

static void
test_blob_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autoptr (GBytes) record = make_blob_record ();
  g_autoptr (GUnixFDList) fds = make_blob (40000);
  Tally tally = { 0 };

  g_test_summary ("Records with random changes that name a blob are read or refused.");

  for (guint i = 0; i < N_BLOB_MUTATIONS; i++)
    {
      g_autoptr (GBytes) mutated = wire_mutate (rand, record);

      read_one (&tally, mutated, fds);
    }
  g_assert_cmpuint (tally.n_refused, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/mutation/batches", test_mutations);
  g_test_add_func ("/wire/mutation/cuts", test_cuts);
  g_test_add_func ("/wire/mutation/blob-lengths", test_blob_lengths);
  g_test_add_func ("/wire/mutation/blob-records", test_blob_mutations);
  return g_test_run ();
}
