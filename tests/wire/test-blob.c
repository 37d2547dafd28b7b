/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Large payloads travel beside the batch, as sealed memory. */

#include "config.h"

#include "wire-case.h"
#include "wire-record.h"

#include "mpel-blob-private.h"
#include "mpel-loop-error.h"
#include "mpel-memory-private.h"
#include "mpel-names-private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Returns: (transfer full): bytes that differ from each other */
static GVariant *
make_bytes (gsize length)
{
  guint8 *data = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 31 + i / 251);
  return g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, data, length, TRUE, g_free, data));
}

/* By their bytes: to compare large values element by element takes seconds. */
static void
assert_same (GVariant *got, GVariant *expected)
{
  g_assert_cmpstr (g_variant_get_type_string (got), ==, g_variant_get_type_string (expected));
  g_assert_cmpmem (g_variant_get_data (got), g_variant_get_size (got), g_variant_get_data (expected), g_variant_get_size (expected));
}

static void
decode (GBytes *bytes, GUnixFDList *fds, MpelRecord *record)
{
  g_autoptr (GError) error = NULL;
  gsize offset = 0;

  g_assert_true (mpel_frame_decode (bytes, &offset, fds, record, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (offset, ==, g_bytes_get_size (bytes));
}

/* Appends @value and @extra to a batch that may pass descriptors, and reads them again. */
static void
assert_round_trip (GVariant *value, GVariant *extra, gboolean as_blob)
{
  guint     n_fds = count_fds ();
  MpelBatch batch;
  g_autoptr (GError) error = NULL;

  mpel_batch_init (&batch);
  batch.can_pass_fds = TRUE;
  mpel_batch_append_for (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_OBJECT, 1, 6, "target", value, extra, &error);
  g_assert_no_error (error);
  g_assert_true (mpel_batch_is_full (&batch));

  {
    g_autoptr (GUnixFDList) fds = NULL;
    g_autoptr (GBytes) bytes = mpel_batch_steal (&batch, &fds);
    g_auto (MpelRecord) record = MPEL_RECORD_INIT;

    g_assert_true ((fds != NULL) == as_blob);
    if (as_blob)
      g_assert_cmpuint (g_bytes_get_size (bytes), <, 100);
    decode (bytes, fds, &record);
    assert_same (record.value, value);
    if (extra != NULL)
      assert_same (record.extra, extra);
    else
      g_assert_null (record.extra);
    g_assert_cmpstr (record.name, ==, "target");
    g_assert_cmpuint (record.object, ==, 6);
  }

  mpel_batch_clear (&batch);
  g_assert_cmpuint (count_fds (), ==, n_fds);
}

static GVariant *
make_tuple (gsize length)
{
  g_autoptr (GVariant) child = make_bytes (length);

  return g_variant_ref_sink (g_variant_new_tuple (&child, 1));
}

static void
test_round_trip (void)
{
  static const gsize sizes[] = { MPEL_BLOB_THRESHOLD, MPEL_BLOB_THRESHOLD + 1, MPEL_BLOB_THRESHOLD + 7, 3 * MPEL_BLOB_THRESHOLD };

  g_test_summary ("From the threshold on payloads are blobs, and arrive whole; no descriptor is left.");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GVariant) value = make_tuple (sizes[i]);
      g_autoptr (GVariant) extra = g_variant_ref_sink (g_variant_new_parsed ("{'key': <%s>}", "value"));

      assert_round_trip (value, NULL, sizes[i] > MPEL_BLOB_THRESHOLD);
      assert_round_trip (value, extra, TRUE);
    }
}

static int
make_memory (const char *text, gsize length)
{
  int fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (ftruncate (fd, (off_t) length), ==, 0);
  g_assert_cmpint (pwrite (fd, text, strlen (text), 0), ==, (gssize) strlen (text));
  return fd;
}

static void
assert_same_file (int a, int b)
{
  struct stat status_a, status_b;

  g_assert_cmpint (fstat (a, &status_a), ==, 0);
  g_assert_cmpint (fstat (b, &status_b), ==, 0);
  g_assert_cmpuint (status_a.st_ino, ==, status_b.st_ino);
}

static void
test_memory (void)
{
  const gsize length = 3 * MPEL_BLOB_THRESHOLD + 5;
  guint       n_fds = count_fds ();
  int         fd = make_memory ("words", length), blob;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) extra = g_variant_ref_sink (g_variant_new_parsed ("{'a': <1>}"));
  GVariant *value = g_variant_ref_sink (mpel_variant_new_from_fd (G_VARIANT_TYPE ("(ay)"), fd, length, &error));

  g_test_summary ("A value that is in a memory file travels as that file, more than once if need be.");

  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_get_size (value), ==, length);
  g_assert_cmpmem (g_variant_get_data (value), 5, "words", 5);
  blob = mpel_blob_new (value, NULL, &error);
  g_assert_no_error (error);
  assert_same_file (blob, fd);
  close (blob);
  /* Sealed: nobody changes it any more. */
  g_assert_cmpint (pwrite (fd, "x", 1, 0), <, 0);
  close (fd);
  assert_round_trip (value, NULL, TRUE);
  assert_round_trip (value, NULL, TRUE);
  /* Together with something else it is copied as ever. */
  assert_round_trip (value, extra, TRUE);

  g_variant_unref (value);
  g_assert_cmpuint (count_fds (), ==, n_fds);
}

static void
test_no_memory (void)
{
  int fd = make_memory ("words", 100), pair[2];
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is no memory file, or shorter than it should be, is refused.");

  g_assert_null (mpel_variant_new_from_fd (G_VARIANT_TYPE ("(ay)"), fd, 101, &error));
  g_assert_cmpint (error->domain, ==, (int) G_IO_ERROR);
  g_clear_error (&error);
  g_assert_null (mpel_variant_new_from_fd (G_VARIANT_TYPE ("(ay)"), fd, G_MAXSIZE, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  close (fd);

  g_assert_cmpint (pipe (pair), ==, 0);
  g_assert_null (mpel_variant_new_from_fd (G_VARIANT_TYPE ("(ay)"), pair[0], 1, &error));
  g_assert_nonnull (error);
  close (pair[0]);
  close (pair[1]);
}

static void
test_large_extra (void)
{
  g_autoptr (GVariant) bytes = make_bytes (2 * MPEL_BLOB_THRESHOLD);
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new ("(y)", 5));
  g_autoptr (GVariant) extra = g_variant_ref_sink (g_variant_new_parsed ("{'key': <%@ay>}", bytes));

  g_test_summary ("Large named arguments make a blob as well.");

  assert_round_trip (value, extra, TRUE);
}

static void
test_extra_alone (void)
{
  g_autoptr (GVariant) bytes = make_bytes (2 * MPEL_BLOB_THRESHOLD);
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed ("{'key': <%@ay>}", bytes));
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) received = NULL;
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;
  MpelBatch batch;

  g_test_summary ("So does the large state of an object, which stands alone.");

  mpel_batch_init (&batch);
  batch.can_pass_fds = TRUE;
  mpel_batch_append (&batch, MPEL_RECORD_CREATE, MPEL_RECORD_FLAG_NONE, 2, "Shop", NULL, state, &error);
  g_assert_no_error (error);
  received = mpel_batch_steal (&batch, &fds);
  decode (received, fds, &record);
  g_assert_null (record.value);
  assert_same (record.extra, state);
  mpel_batch_clear (&batch);
}

static void
test_blob_stands_alone (void)
{
  MpelBatch batch;
  g_autoptr (GVariant) sent = make_tuple (2 * MPEL_BLOB_THRESHOLD);
  g_autoptr (GVariant) kept = NULL;
  guint n_fds = count_fds ();

  g_test_summary ("A mapped value needs neither its descriptor nor its batch.");

  mpel_batch_init (&batch);
  batch.can_pass_fds = TRUE;
  mpel_batch_append (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_NONE, 1, "target", sent, NULL, NULL);
  {
    g_autoptr (GUnixFDList) fds = NULL;
    g_autoptr (GBytes) bytes = mpel_batch_steal (&batch, &fds);
    g_auto (MpelRecord) record = MPEL_RECORD_INIT;

    decode (bytes, fds, &record);
    kept = g_variant_ref (record.value);
  }
  mpel_batch_clear (&batch);

  g_assert_cmpuint (count_fds (), ==, n_fds);
  assert_same (kept, sent);
}

static void
test_without_fds (void)
{
  MpelBatch batch;
  g_autoptr (GVariant) fits = make_tuple (2 * MPEL_BLOB_THRESHOLD);
  g_autoptr (GBytes) zeros = g_bytes_new_take (g_malloc0 (MPEL_INLINE_LIMIT + 1), MPEL_INLINE_LIMIT + 1);
  g_autoptr (GVariant) exceeds = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, zeros, TRUE));
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Where no descriptors are passed, payloads travel inline up to a limit, and are refused beyond.");

  mpel_batch_init (&batch);
  g_assert_false (mpel_batch_append (&batch, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_NONE, 1, NULL, exceeds, NULL, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE);
  g_assert_true (mpel_batch_is_empty (&batch));

  g_assert_true (mpel_batch_append (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_NONE, 1, "target", fits, NULL, NULL));
  bytes = mpel_batch_steal (&batch, &fds);
  g_assert_null (fds);
  decode (bytes, NULL, &record);
  assert_same (record.value, fits);
  mpel_batch_clear (&batch);
}

static void
test_seals (void)
{
  g_autoptr (GVariant) value = make_bytes (5000);
  g_autoptr (GError) error = NULL;
  int fd = mpel_blob_new (value, NULL, &error);

  g_test_summary ("What we send cannot be changed, shrunk, grown or unsealed by anybody.");

  g_assert_no_error (error);
  g_assert_cmpint (fcntl (fd, F_GET_SEALS), ==, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  g_assert_cmpint (pwrite (fd, "x", 1, 0), ==, -1);
  g_assert_cmpint (ftruncate (fd, 10), ==, -1);
  close (fd);
}

static void
assert_map_refused (int fd)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_blob_map (fd, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
  close (fd);
}

static int
make_partly_sealed (int seals)
{
  int fd = wire_memory_new ("some data", 9, FALSE);

  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, seals), ==, 0);
  return fd;
}

static void
test_map_refuses (void)
{
  g_test_summary ("Memory that lacks a seal, and what is no memory, is not mapped.");

  assert_map_refused (wire_memory_new ("some data", 9, FALSE));
  assert_map_refused (make_partly_sealed (F_SEAL_SHRINK | F_SEAL_GROW));
  assert_map_refused (make_partly_sealed (F_SEAL_WRITE | F_SEAL_GROW));
  assert_map_refused (make_partly_sealed (F_SEAL_WRITE | F_SEAL_SHRINK));
  assert_map_refused (open ("/dev/zero", O_RDONLY | O_CLOEXEC));
  assert_map_refused (open ("/proc/self/exe", O_RDONLY | O_CLOEXEC));
}

static void
test_map (void)
{
  int fd = wire_memory_new ("some data", 9, TRUE);
  int empty = wire_memory_new (NULL, 0, TRUE);
  g_autoptr (GBytes) bytes = mpel_blob_map (fd, NULL);
  g_autoptr (GBytes) nothing = mpel_blob_map (empty, NULL);

  g_test_summary ("Sealed memory is mapped, also when there is none of it.");

  close (fd);
  close (empty);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "some data", 9);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/blob/round-trip", test_round_trip);
  g_test_add_func ("/wire/blob/memory", test_memory);
  g_test_add_func ("/wire/blob/no-memory", test_no_memory);
  g_test_add_func ("/wire/blob/large-extra", test_large_extra);
  g_test_add_func ("/wire/blob/extra-alone", test_extra_alone);
  g_test_add_func ("/wire/blob/stands-alone", test_blob_stands_alone);
  g_test_add_func ("/wire/blob/without-fds", test_without_fds);
  g_test_add_func ("/wire/blob/seals", test_seals);
  g_test_add_func ("/wire/blob/map-refuses", test_map_refuses);
  g_test_add_func ("/wire/blob/map", test_map);
  return g_test_run ();
}
