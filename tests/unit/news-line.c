/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "news-line.h"

#include "mpel-test.h"

#include <sys/socket.h>

/* In GDBus's thread. */
static void
arrived_cb (gpointer user_data)
{
  NewsLine *self = user_data;

  g_mutex_lock (&self->mutex);
  self->n_arrived++;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
ignore_cb (gpointer user_data)
{
}

static void
open_links (NewsLine *self)
{
  g_autoptr (GAsyncResult) host_result = NULL;
  g_autoptr (GAsyncResult) worker_result = NULL;
  int fds[2];

  self->host = mpel_link_new (MPEL_LINK_SIDE_HOST, arrived_cb, self, NULL);
  self->worker = mpel_link_new (MPEL_LINK_SIDE_WORKER, ignore_cb, NULL, NULL);
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  mpel_link_open_async (self->host, fds[0], mpel_test_keep_result_cb, &host_result);
  mpel_link_open_async (self->worker, fds[1], mpel_test_keep_result_cb, &worker_result);
  mpel_test_iterate_until_result (&host_result);
  mpel_test_iterate_until_result (&worker_result);
  g_assert_true (mpel_link_open_finish (self->host, host_result, NULL));
  g_assert_true (mpel_link_open_finish (self->worker, worker_result, NULL));
  mpel_link_start (self->host);
  mpel_link_start (self->worker);
}

void
news_line_init (NewsLine *self)
{
  memset (self, 0, sizeof *self);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  open_links (self);
  self->outbox = mpel_outbox_new (self->worker);
  self->reporter = mpel_reporter_new (self->outbox);
}

static void
drop_link (MpelLink **link)
{
  g_autoptr (GDBusConnection) connection = g_object_ref (mpel_link_get_connection (*link));

  g_clear_object (link);
  while (!g_dbus_connection_is_closed (connection))
    g_main_context_iteration (NULL, TRUE);
}

void
news_line_clear (NewsLine *self)
{
  if (self->reporter != NULL)
    mpel_reporter_close (self->reporter);
  g_clear_pointer (&self->reporter, mpel_reporter_unref);
  mpel_outbox_close (self->outbox);
  g_clear_pointer (&self->outbox, mpel_outbox_unref);
  drop_link (&self->worker);
  drop_link (&self->host);
  news_line_settle ();
  g_ptr_array_unref (self->lines);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
}

static const char *
name_kind (MpelRecordKind kind)
{
  switch ((int) kind)
    {
    case MPEL_RECORD_DONE:
      return "DONE";
    case MPEL_RECORD_FAILED:
      return "FAILED";
    case MPEL_RECORD_PROGRESS:
      return "PROGRESS";
    case MPEL_RECORD_YIELD:
      return "YIELD";
    case MPEL_RECORD_DESCRIBE:
      return "DESCRIBE";
    case MPEL_RECORD_CHANGED:
      return "CHANGED";
    case MPEL_RECORD_SIGNAL:
      return "SIGNAL";
    case MPEL_RECORD_ITEMS:
      return "ITEMS";
    default:
      return "OTHER";
    }
}

static char *
print_value (GVariant *value)
{
  if (value == NULL)
    return g_strdup ("nothing");
  if (g_variant_get_size (value) > 1000)
    return g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", g_variant_get_size (value));
  return g_variant_print (value, FALSE);
}

static char *
print_record (const MpelRecord *record)
{
  g_autofree char *value = print_value (record->value);

  return g_strdup_printf ("%s %" G_GUINT64_FORMAT " %s%s%s",
                          (record->flags & MPEL_RECORD_FLAG_GETTER) != 0 ? "GETTER" : name_kind (record->kind),
                          record->id,
                          record->name,
                          record->name[0] != '\0' ? " " : "",
                          value);
}

static void
wait_for_batch (NewsLine *self)
{
  g_mutex_lock (&self->mutex);
  while (self->n_arrived == 0)
    g_cond_wait (&self->cond, &self->mutex);
  self->n_arrived--;
  g_mutex_unlock (&self->mutex);
}

/* Returns whether it was the mark. */
static gboolean
take_record (NewsLine *self, const MpelRecord *record)
{
  if (record->kind != MPEL_RECORD_RECALLED)
    g_ptr_array_add (self->lines, print_record (record));
  else
    g_assert_cmpuint (record->id, ==, self->n_marks);
  return record->kind == MPEL_RECORD_RECALLED;
}

void
news_line_read (NewsLine *self)
{
  gboolean is_marked = FALSE;

  mpel_outbox_add_recalled (self->outbox, ++self->n_marks);
  while (!is_marked)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      MpelInboxStatus status = mpel_inbox_next (mpel_link_get_inbox (self->host), &record, NULL);

      g_assert_true (status != MPEL_INBOX_BROKEN);
      if (status == MPEL_INBOX_EMPTY)
        wait_for_batch (self);
      else
        is_marked = take_record (self, &record);
    }
}

void
news_line_assert (NewsLine *self, ...)
{
  g_autoptr (GPtrArray) expected = g_ptr_array_new ();
  const char *line;
  va_list     args;

  news_line_read (self);
  va_start (args, self);
  while ((line = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (expected, (gpointer) line);
  va_end (args);
  g_ptr_array_add (expected, NULL);
  g_ptr_array_add (self->lines, NULL);
  g_assert_cmpstrv ((char **) self->lines->pdata, (char **) expected->pdata);
  g_ptr_array_set_size (self->lines, 0);
}

guint
news_line_take (NewsLine *self)
{
  guint n;

  news_line_read (self);
  n = self->lines->len;
  g_ptr_array_set_size (self->lines, 0);
  return n;
}

void
news_line_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
news_line_end_event (NewsLine *self, guint64 id)
{
  g_autoptr (MpelCall) call = mpel_call_new (NULL, id, TRUE, TRUE);
  g_autoptr (GVariant) results = g_variant_ref_sink (g_variant_new ("()"));

  mpel_outbox_add_done (self->outbox, call, MPEL_RECORD_FLAG_NONE, results);
}
