/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Batches pushed by one thread, records read by another. */

#include "config.h"
#include "mpel-batch-private.h"
#include "mpel-inbox-private.h"
#include "mpel-loop-error.h"

#include <string.h>

#define N_BATCHES 300
#define N_RECORDS 20

static GBytes *
batch_of (guint64 first, guint n)
{
  MpelBatch batch;
  GBytes   *bytes;
  g_autoptr (GUnixFDList) fds = NULL;

  mpel_batch_init (&batch);
  for (guint i = 0; i < n; i++)
    mpel_batch_append (&batch, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_NONE, first + i, NULL, NULL, NULL, NULL);
  bytes = mpel_batch_steal (&batch, &fds);
  mpel_batch_clear (&batch);
  return bytes;
}

static void
push (MpelInbox *inbox, guint64 first, guint n)
{
  g_autoptr (GBytes) bytes = batch_of (first, n);

  mpel_inbox_push (inbox, bytes, NULL);
}

static void
assert_next (MpelInbox *inbox, guint64 id)
{
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mpel_inbox_next (inbox, &record, &error), ==, MPEL_INBOX_RECORD);
  g_assert_no_error (error);
  g_assert_cmpuint (record.id, ==, id);
}

static void
assert_empty (MpelInbox *inbox)
{
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mpel_inbox_next (inbox, &record, &error), ==, MPEL_INBOX_EMPTY);
  g_assert_no_error (error);
  g_assert_true (mpel_inbox_is_empty (inbox));
}

static void
test_order (void)
{
  g_autoptr (MpelInbox) inbox = mpel_inbox_new ();

  g_test_summary ("Records come out in order, across batches.");

  assert_empty (inbox);
  push (inbox, 1, 2);
  g_assert_false (mpel_inbox_is_empty (inbox));
  push (inbox, 3, 1);
  push (inbox, 4, 0);
  push (inbox, 5, 1);
  assert_next (inbox, 1);
  assert_next (inbox, 2);
  assert_next (inbox, 3);
  assert_next (inbox, 5);
  assert_empty (inbox);
  push (inbox, 6, 1);
  assert_next (inbox, 6);
  assert_empty (inbox);
}

static void
test_broken (void)
{
  g_autoptr (MpelInbox) inbox = mpel_inbox_new ();
  g_autoptr (GBytes) good = batch_of (1, 1);
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (GBytes) bad = NULL;
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Behind a record that makes no sense nothing is read any more, nor is it called waiting.");

  g_byte_array_append (array, g_bytes_get_data (good, NULL), (guint) g_bytes_get_size (good));
  g_byte_array_append (array, (const guint8 *) "\0\0\0\0\0\0\0\0", 8);
  bad = g_bytes_new (array->data, array->len);

  mpel_inbox_push (inbox, bad, NULL);
  push (inbox, 2, 1);
  assert_next (inbox, 1);
  g_assert_cmpint (mpel_inbox_next (inbox, &record, &error), ==, MPEL_INBOX_BROKEN);
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
  assert_empty (inbox);
  push (inbox, 3, 1);
  assert_empty (inbox);
}

static void
test_unaligned (void)
{
  g_autoptr (MpelInbox) inbox = mpel_inbox_new ();
  g_autoptr (GBytes) good = batch_of (7, 2);
  gsize            size = g_bytes_get_size (good);
  g_autofree char *memory = g_malloc (size + 8);

  g_test_summary ("Batches are read wherever in memory they came to lie.");

  for (gsize shift = 0; shift < 8; shift++)
    {
      g_autoptr (GBytes) bytes = NULL;

      memcpy (memory + shift, g_bytes_get_data (good, NULL), size);
      bytes = g_bytes_new_static (memory + shift, size);
      mpel_inbox_push (inbox, bytes, NULL);
      assert_next (inbox, 7);
      assert_next (inbox, 8);
    }
  assert_empty (inbox);
}

static void
test_dropped_unread (void)
{
  MpelInbox   *inbox = mpel_inbox_new ();
  GUnixFDList *fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) bytes = batch_of (1, 2);

  g_test_summary ("What was not read goes with the inbox, descriptors included.");

  mpel_inbox_push (inbox, bytes, fds);
  mpel_inbox_push (inbox, bytes, fds);
  assert_next (inbox, 1);
  mpel_inbox_unref (mpel_inbox_ref (inbox));
  mpel_inbox_unref (inbox);
  g_assert_finalize_object (fds);
}

/* Of a load, which may be told ahead, and a result. @size: of the latter, in bytes */
static void
push_loaded (MpelInbox *inbox, guint64 id, gsize size, GUnixFDList *fds)
{
  MpelBatch batch;
  gpointer  content = g_malloc0 (size);
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, content, size, TRUE, g_free, content));
  g_autoptr (GVariant) load = g_variant_ref_sink (g_variant_new ("(ut)", (guint32) id, G_GUINT64_CONSTANT (1)));
  g_autoptr (GUnixFDList) none = NULL;
  g_autoptr (GBytes) bytes = NULL;

  mpel_batch_init (&batch);
  mpel_batch_append (&batch, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_NONE, id, NULL, value, NULL, NULL);
  mpel_batch_prepend_load (&batch, load);
  bytes = mpel_batch_steal (&batch, &none);
  mpel_batch_clear (&batch);
  mpel_inbox_push (inbox, bytes, fds);
}

static void
assert_ahead (MpelInbox *inbox, guint32 expected)
{
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  guint32 n_taken;
  guint64 busy_us;

  g_assert_true (mpel_inbox_next_ahead (inbox, MPEL_RECORD_LOAD, &record));
  g_assert_cmpint (record.kind, ==, MPEL_RECORD_LOAD);
  g_variant_get (record.value, "(ut)", &n_taken, &busy_us);
  g_assert_cmpuint (n_taken, ==, expected);
}

static void
assert_none_ahead (MpelInbox *inbox)
{
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;

  g_assert_false (mpel_inbox_next_ahead (inbox, MPEL_RECORD_LOAD, &record));
}

static void
assert_next_load (MpelInbox *inbox)
{
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;

  g_assert_cmpint (mpel_inbox_next (inbox, &record, NULL), ==, MPEL_INBOX_RECORD);
  g_assert_cmpint (record.kind, ==, MPEL_RECORD_LOAD);
}

static void
test_ahead (void)
{
  g_autoptr (MpelInbox) inbox = mpel_inbox_new ();

  g_test_summary ("What is read ahead is not read again when it is its turn; all else stays.");

  assert_none_ahead (inbox);
  push_loaded (inbox, 1, 8, NULL);
  push (inbox, 2, 1);
  push_loaded (inbox, 3, 8, NULL);
  assert_ahead (inbox, 1);
  assert_ahead (inbox, 3);
  assert_none_ahead (inbox);

  assert_next (inbox, 1);
  push_loaded (inbox, 4, 8, NULL);
  push_loaded (inbox, 5, 8, NULL);
  assert_next (inbox, 2);
  assert_next (inbox, 3);
  assert_next_load (inbox);
  assert_next (inbox, 4);
  assert_ahead (inbox, 5);
  assert_next (inbox, 5);
  assert_none_ahead (inbox);
  assert_empty (inbox);
}

static void
test_ahead_bounded (void)
{
  g_autoptr (MpelInbox) inbox = mpel_inbox_new ();
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  const gsize size = 3 * 1024 * 1024;

  g_test_summary ("While much waits, or what came in files, nothing is read ahead of it.");

  push_loaded (inbox, 1, size, NULL);
  assert_ahead (inbox, 1);
  push_loaded (inbox, 2, size, NULL);
  assert_none_ahead (inbox);
  assert_next (inbox, 1);
  assert_next_load (inbox);
  assert_next (inbox, 2);

  push_loaded (inbox, 3, 8, fds);
  push_loaded (inbox, 4, 8, NULL);
  assert_none_ahead (inbox);
  assert_next_load (inbox);
  assert_next (inbox, 3);
  assert_ahead (inbox, 4);
  assert_next (inbox, 4);
  assert_empty (inbox);
}

static gpointer
push_thread (gpointer user_data)
{
  for (guint i = 0; i < N_BATCHES; i++)
    push (user_data, (guint64) i * N_RECORDS, N_RECORDS);
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (MpelInbox) inbox = mpel_inbox_new ();
  GThread *thread = g_thread_new ("push", push_thread, inbox);
  guint64  expected = 0;

  g_test_summary ("One thread may push while another reads; nothing is lost or read twice.");

  while (expected < N_BATCHES * N_RECORDS)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      MpelInboxStatus status = mpel_inbox_next (inbox, &record, NULL);

      g_assert_cmpint (status, !=, MPEL_INBOX_BROKEN);
      if (status == MPEL_INBOX_EMPTY)
        g_thread_yield ();
      else
        g_assert_cmpuint (record.id, ==, expected++);
    }
  g_thread_join (thread);
  assert_empty (inbox);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/inbox/order", test_order);
  g_test_add_func ("/unit/inbox/broken", test_broken);
  g_test_add_func ("/unit/inbox/unaligned", test_unaligned);
  g_test_add_func ("/unit/inbox/dropped-unread", test_dropped_unread);
  g_test_add_func ("/unit/inbox/ahead", test_ahead);
  g_test_add_func ("/unit/inbox/ahead-bounded", test_ahead_bounded);
  g_test_add_func ("/unit/inbox/threads", test_threads);
  return g_test_run ();
}
