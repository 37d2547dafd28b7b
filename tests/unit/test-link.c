/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Two links in one process: what is urgent is heard in another thread, all else is read in order. */

#include "config.h"
#include "mpel-test.h"

#include "mpel-link-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"

#include <sys/socket.h>
#include <unistd.h>

#define N_BATCHES 300
#define N_LINKS 20
#define N_URGENT 50

/* What one link hears, in the thread of GDBus. */
typedef struct
{
  GMutex  mutex;
  GCond   cond;
  GArray *urgent;    /* (owned) of guint64, the ids; under @mutex */
  guint   n_arrived; /* under @mutex */

  gint n_arrived_destroyed; /* atomic */
  gint n_urgent_destroyed;  /* atomic */

  GThread *owner; /* constant */
} Ear;

typedef struct
{
  MpelLink *host;   /* (owned) */
  MpelLink *worker; /* (owned) */
  Ear       host_ear;
  Ear       worker_ear;
} Pair;

static void
arrived_cb (gpointer user_data)
{
  Ear *ear = user_data;

  g_assert_true (g_thread_self () != ear->owner);
  g_assert_cmpint (g_atomic_int_get (&ear->n_arrived_destroyed), ==, 0);
  g_mutex_lock (&ear->mutex);
  ear->n_arrived++;
  g_cond_broadcast (&ear->cond);
  g_mutex_unlock (&ear->mutex);
}

static void
urgent_cb (const MpelRecord *record, gpointer user_data)
{
  Ear *ear = user_data;

  g_assert_true (g_thread_self () != ear->owner);
  g_assert_true (MPEL_RECORD_IS_URGENT (record->kind));
  g_assert_cmpint (g_atomic_int_get (&ear->n_urgent_destroyed), ==, 0);
  g_mutex_lock (&ear->mutex);
  g_array_append_val (ear->urgent, record->id);
  g_cond_broadcast (&ear->cond);
  g_mutex_unlock (&ear->mutex);
}

static void
arrived_destroy (gpointer user_data)
{
  g_atomic_int_inc (&((Ear *) user_data)->n_arrived_destroyed);
}

static void
urgent_destroy (gpointer user_data)
{
  g_atomic_int_inc (&((Ear *) user_data)->n_urgent_destroyed);
}

static void
ear_init (Ear *ear)
{
  g_mutex_init (&ear->mutex);
  g_cond_init (&ear->cond);
  ear->urgent = g_array_new (FALSE, FALSE, sizeof (guint64));
  ear->n_arrived = 0;
  ear->n_arrived_destroyed = 0;
  ear->n_urgent_destroyed = 0;
  ear->owner = g_thread_self ();
}

static void
ear_clear (Ear *ear)
{
  g_array_unref (ear->urgent);
  g_cond_clear (&ear->cond);
  g_mutex_clear (&ear->mutex);
}

/* These block without a turn of the main context. */
static void
wait_for_arrived (Ear *ear, guint n)
{
  g_mutex_lock (&ear->mutex);
  while (ear->n_arrived < n)
    g_cond_wait (&ear->cond, &ear->mutex);
  g_mutex_unlock (&ear->mutex);
}

static void
wait_for_urgent (Ear *ear, guint n)
{
  g_mutex_lock (&ear->mutex);
  while (ear->urgent->len < n)
    g_cond_wait (&ear->cond, &ear->mutex);
  g_mutex_unlock (&ear->mutex);
}

static void
assert_heard (Ear *ear, guint n_arrived, guint n_urgent)
{
  g_mutex_lock (&ear->mutex);
  g_assert_cmpuint (ear->n_arrived, ==, n_arrived);
  g_assert_cmpuint (ear->urgent->len, ==, n_urgent);
  g_mutex_unlock (&ear->mutex);
}

static MpelLink *
make_link (MpelLinkSide side, Ear *ear)
{
  ear_init (ear);
  return mpel_link_new (side, arrived_cb, ear, arrived_destroy);
}

static void
pair_open (Pair *pair)
{
  int fds[2];
  g_autoptr (GAsyncResult) host_result = NULL;
  g_autoptr (GAsyncResult) worker_result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  mpel_link_open_async (pair->host, fds[0], mpel_test_keep_result_cb, &host_result);
  mpel_link_open_async (pair->worker, fds[1], mpel_test_keep_result_cb, &worker_result);
  mpel_test_iterate_until_result (&host_result);
  mpel_test_iterate_until_result (&worker_result);

  mpel_link_open_finish (pair->host, host_result, &error);
  g_assert_no_error (error);
  mpel_link_open_finish (pair->worker, worker_result, &error);
  g_assert_no_error (error);
  mpel_link_start (pair->host);
  mpel_link_start (pair->worker);
}

/* The worker's link hears what is urgent, unless @urgent is NULL. */
static void
pair_init (Pair *pair, MpelLinkUrgentFunc urgent)
{
  pair->host = make_link (MPEL_LINK_SIDE_HOST, &pair->host_ear);
  pair->worker = make_link (MPEL_LINK_SIDE_WORKER, &pair->worker_ear);
  if (urgent != NULL)
    mpel_link_set_urgent_func (pair->worker, urgent, &pair->worker_ear, urgent_destroy);
  pair_open (pair);
}

static void
iterate_until_set (gint *n)
{
  while (g_atomic_int_get (n) == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Lets go of an opened link, and waits until nothing of it can call @ear any more. */
static void
drop_link (MpelLink **link, Ear *ear, gboolean hears_urgent)
{
  g_autoptr (GDBusConnection) connection = g_object_ref (mpel_link_get_connection (*link));

  g_clear_object (link);
  while (!g_dbus_connection_is_closed (connection))
    g_main_context_iteration (NULL, TRUE);
  iterate_until_set (&ear->n_arrived_destroyed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (g_atomic_int_get (&ear->n_arrived_destroyed), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&ear->n_urgent_destroyed), ==, hears_urgent ? 1 : 0);
  ear_clear (ear);
}

static void
pair_clear (Pair *pair, gboolean hears_urgent)
{
  drop_link (&pair->worker, &pair->worker_ear, hears_urgent);
  drop_link (&pair->host, &pair->host_ear, FALSE);
}

static void
append (MpelBatch *batch, MpelRecordKind kind, guint64 id)
{
  const char *name = kind == MPEL_RECORD_EVENT ? "target" : NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;

  if (kind == MPEL_RECORD_EVENT)
    value = g_variant_ref_sink (g_variant_new ("()"));
  else if (kind == MPEL_RECORD_ACK)
    value = g_variant_ref_sink (g_variant_new_uint32 (1));
  mpel_batch_append (batch, kind, MPEL_RECORD_FLAG_NONE, id, name, value, NULL, &error);
  g_assert_no_error (error);
}

/* One batch of @kinds, ended by 0, with ids that count up from @first. */
static void
send_kinds (MpelLink *link, guint64 first, const MpelRecordKind *kinds)
{
  MpelBatch batch;

  mpel_batch_init (&batch);
  for (guint i = 0; kinds[i] != 0; i++)
    append (&batch, kinds[i], first + i);
  mpel_link_send_batch (link, &batch);
  mpel_batch_clear (&batch);
}

static void
send_one (MpelLink *link, MpelRecordKind kind, guint64 id)
{
  send_kinds (link, id, (const MpelRecordKind[]){ kind, 0 });
}

static void
assert_next (MpelLink *link, MpelRecordKind kind, guint64 id)
{
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mpel_inbox_next (mpel_link_get_inbox (link), &record, &error), ==, MPEL_INBOX_RECORD);
  g_assert_no_error (error);
  g_assert_cmpint (record.kind, ==, kind);
  g_assert_cmpuint (record.id, ==, id);
}

static void
assert_read (MpelLink *link)
{
  g_assert_true (mpel_inbox_is_empty (mpel_link_get_inbox (link)));
}

static void
assert_broken (MpelLink *link)
{
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mpel_inbox_next (mpel_link_get_inbox (link), &record, &error), ==, MPEL_INBOX_BROKEN);
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
}

static void
test_urgent (void)
{
  static const MpelRecordKind kinds[] = { MPEL_RECORD_CANCEL, MPEL_RECORD_ACK, MPEL_RECORD_RECALL, 0 };
  Pair                        pair;

  g_test_summary ("Urgent batches are heard in another thread while this one blocks, and are not in the inbox.");

  pair_init (&pair, urgent_cb);
  send_kinds (pair.host, 1, kinds);
  wait_for_urgent (&pair.worker_ear, 3);
  send_one (pair.host, MPEL_RECORD_RECALL, 4);
  wait_for_urgent (&pair.worker_ear, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (g_array_index (pair.worker_ear.urgent, guint64, i), ==, i + 1);
  assert_heard (&pair.worker_ear, 0, 4);
  assert_read (pair.worker);

  send_one (pair.host, MPEL_RECORD_EVENT, 5);
  wait_for_arrived (&pair.worker_ear, 1);
  assert_next (pair.worker, MPEL_RECORD_EVENT, 5);
  assert_read (pair.worker);
  pair_clear (&pair, TRUE);
}

static void
test_mixed (void)
{
  static const MpelRecordKind kinds[] = { MPEL_RECORD_CANCEL, MPEL_RECORD_ACK, MPEL_RECORD_EVENT, MPEL_RECORD_RECALL, 0 };
  static const MpelRecordKind begins_otherwise[] = { MPEL_RECORD_EVENT, MPEL_RECORD_CANCEL, 0 };
  Pair                        pair;

  g_test_summary ("A batch with urgent records and others is in the inbox, whole, and heard nowhere else.");

  pair_init (&pair, urgent_cb);
  send_kinds (pair.host, 1, kinds);
  send_kinds (pair.host, 5, begins_otherwise);
  wait_for_arrived (&pair.worker_ear, 2);
  assert_heard (&pair.worker_ear, 2, 0);
  for (guint i = 0; kinds[i] != 0; i++)
    assert_next (pair.worker, kinds[i], 1 + i);
  for (guint i = 0; begins_otherwise[i] != 0; i++)
    assert_next (pair.worker, begins_otherwise[i], 5 + i);
  assert_read (pair.worker);
  pair_clear (&pair, TRUE);
}

static void
test_mixed_with_blob (void)
{
  g_autofree guint8 *zeros = g_malloc0 (2 * MPEL_BLOB_THRESHOLD);
  g_autoptr (GVariant) large = g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, zeros, 2 * MPEL_BLOB_THRESHOLD, 1));
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GVariant) args = g_variant_ref_sink (g_variant_new_tuple (&large, 1));
  g_autoptr (GError) error = NULL;
  MpelBatch batch;
  Pair      pair;

  g_test_summary ("A batch that was looked at for urgent records still has its descriptors in the inbox.");

  pair_init (&pair, urgent_cb);
  mpel_batch_init (&batch);
  batch.can_pass_fds = mpel_link_can_pass_fds (pair.host);
  append (&batch, MPEL_RECORD_CANCEL, 1);
  mpel_batch_append (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_NONE, 2, "target", args, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (batch.fds != NULL);
  mpel_link_send_batch (pair.host, &batch);
  mpel_batch_clear (&batch);

  wait_for_arrived (&pair.worker_ear, 1);
  assert_heard (&pair.worker_ear, 1, 0);
  assert_next (pair.worker, MPEL_RECORD_CANCEL, 1);
  g_assert_cmpint (mpel_inbox_next (mpel_link_get_inbox (pair.worker), &record, &error), ==, MPEL_INBOX_RECORD);
  g_assert_no_error (error);
  g_assert_cmpuint (g_variant_get_size (record.value), ==, g_variant_get_size (args));
  assert_read (pair.worker);
  pair_clear (&pair, TRUE);
}

/* @n records that are urgent, and one that makes no sense. */
static void
send_broken (MpelLink *link, guint n)
{
  MpelBatch       batch;
  const MpelFrame broken = { .size = sizeof (MpelFrame), .kind = MPEL_RECORD_ACK, .id = 1 };

  mpel_batch_init (&batch);
  for (guint i = 0; i < n; i++)
    append (&batch, MPEL_RECORD_CANCEL, 1 + i);
  g_byte_array_append (batch.bytes, (const guint8 *) &broken, sizeof broken);
  mpel_link_send_batch (link, &batch);
  mpel_batch_clear (&batch);
}

static void
test_broken (void)
{
  g_test_summary ("An urgent batch that makes no sense is left to the reader of the inbox, who gets the error.");

  for (guint n = 0; n < 3; n++)
    {
      Pair pair;

      pair_init (&pair, urgent_cb);
      send_broken (pair.host, n);
      wait_for_arrived (&pair.worker_ear, 1);
      assert_heard (&pair.worker_ear, 1, 0);
      for (guint i = 0; i < n; i++)
        assert_next (pair.worker, MPEL_RECORD_CANCEL, 1 + i);
      assert_broken (pair.worker);
      pair_clear (&pair, TRUE);
    }
}

static void
test_nobody_hears (void)
{
  static const MpelRecordKind kinds[] = { MPEL_RECORD_CANCEL, MPEL_RECORD_ACK, MPEL_RECORD_RECALL, 0 };
  Pair                        pair;

  g_test_summary ("Where nobody hears what is urgent, it is in the inbox, on either side.");

  pair_init (&pair, NULL);
  send_kinds (pair.host, 1, kinds);
  send_kinds (pair.worker, 1, kinds);
  wait_for_arrived (&pair.worker_ear, 1);
  wait_for_arrived (&pair.host_ear, 1);
  for (guint i = 0; kinds[i] != 0; i++)
    {
      assert_next (pair.worker, kinds[i], 1 + i);
      assert_next (pair.host, kinds[i], 1 + i);
    }
  assert_read (pair.worker);
  assert_read (pair.host);
  pair_clear (&pair, FALSE);
}

static void
test_order (void)
{
  Pair pair;

  g_test_summary ("Ordinary batches keep their order, and so do urgent ones between them.");

  pair_init (&pair, urgent_cb);
  for (guint64 i = 0; i < N_BATCHES; i++)
    {
      send_one (pair.host, MPEL_RECORD_EVENT, 2 * i);
      send_one (pair.host, MPEL_RECORD_EVENT, 2 * i + 1);
      send_one (pair.host, MPEL_RECORD_ACK, i);
    }
  wait_for_arrived (&pair.worker_ear, 2 * N_BATCHES);
  wait_for_urgent (&pair.worker_ear, N_BATCHES);

  for (guint64 i = 0; i < N_BATCHES; i++)
    {
      assert_next (pair.worker, MPEL_RECORD_EVENT, 2 * i);
      assert_next (pair.worker, MPEL_RECORD_EVENT, 2 * i + 1);
      g_assert_cmpuint (g_array_index (pair.worker_ear.urgent, guint64, i), ==, i);
    }
  assert_read (pair.worker);
  pair_clear (&pair, TRUE);
}

static void
test_never_opened (void)
{
  Ear       ear;
  MpelLink *link = make_link (MPEL_LINK_SIDE_WORKER, &ear);

  g_test_summary ("What belongs to a link that was never opened goes with it, once.");

  mpel_link_set_urgent_func (link, urgent_cb, &ear, urgent_destroy);
  g_assert_finalize_object (link);
  g_assert_cmpint (ear.n_arrived_destroyed, ==, 1);
  g_assert_cmpint (ear.n_urgent_destroyed, ==, 1);
  ear_clear (&ear);
}

static void
test_not_opened (void)
{
  Ear       ear;
  MpelLink *link = make_link (MPEL_LINK_SIDE_WORKER, &ear);
  int       fds[2];
  g_autoptr (GAsyncResult) result = NULL;

  g_test_summary ("What belongs to a link whose peer left before it answered goes with it, once.");

  mpel_link_set_urgent_func (link, urgent_cb, &ear, urgent_destroy);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  close (fds[0]);
  mpel_link_open_async (link, fds[1], mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  g_assert_false (mpel_link_open_finish (link, result, NULL));
  g_assert_cmpint (ear.n_urgent_destroyed, ==, 0);

  g_clear_object (&result);
  g_object_unref (link);
  iterate_until_set (&ear.n_urgent_destroyed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (ear.n_arrived_destroyed, ==, 1);
  g_assert_cmpint (ear.n_urgent_destroyed, ==, 1);
  ear_clear (&ear);
}

static void
test_dropped_while_hearing (void)
{
  g_test_summary ("A link may be dropped while urgent batches come in; none is heard behind its end.");

  for (guint i = 0; i < N_LINKS; i++)
    {
      Pair pair;

      pair_init (&pair, urgent_cb);
      for (guint j = 0; j < N_URGENT; j++)
        send_one (pair.host, MPEL_RECORD_CANCEL, j);
      wait_for_urgent (&pair.worker_ear, 1 + i);
      pair_clear (&pair, TRUE);
    }
}

static void
set_lost_cb (MpelLink *link, const GError *reason, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* Greets, and is gone before the main thread has looked. */
static gpointer
greet_and_go (gpointer user_data)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (GPOINTER_TO_INT (user_data), NULL);
  g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_close_sync (connection, NULL, NULL);
  return NULL;
}

static void
test_peer_gone_at_once (void)
{
  g_test_summary ("The loss of a peer that leaves while its line is opened is told, whoever is faster.");

  for (guint i = 0; i < N_LINKS; i++)
    {
      Ear       ear;
      MpelLink *link = make_link (MPEL_LINK_SIDE_HOST, &ear);
      gboolean  lost = FALSE;
      g_autoptr (GAsyncResult) result = NULL;
      int fds[2];

      g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
      mpel_link_set_lost_func (link, set_lost_cb, &lost);
      mpel_link_open_async (link, fds[0], mpel_test_keep_result_cb, &result);
      g_thread_join (g_thread_new ("peer", greet_and_go, GINT_TO_POINTER (fds[1])));
      mpel_test_iterate_until_result (&result);
      mpel_test_iterate_until (&lost);
      g_clear_object (&result);
      g_assert_finalize_object (link);
      iterate_until_set (&ear.n_arrived_destroyed);
      ear_clear (&ear);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/link/peer-gone-at-once", test_peer_gone_at_once);
  g_test_add_func ("/unit/link/urgent", test_urgent);
  g_test_add_func ("/unit/link/mixed", test_mixed);
  g_test_add_func ("/unit/link/mixed-with-blob", test_mixed_with_blob);
  g_test_add_func ("/unit/link/broken", test_broken);
  g_test_add_func ("/unit/link/nobody-hears", test_nobody_hears);
  g_test_add_func ("/unit/link/order", test_order);
  g_test_add_func ("/unit/link/never-opened", test_never_opened);
  g_test_add_func ("/unit/link/not-opened", test_not_opened);
  g_test_add_func ("/unit/link/dropped-while-hearing", test_dropped_while_hearing);
  return g_test_run ();
}
