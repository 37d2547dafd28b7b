/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "by-hand.h"

#include "mpel-failure-private.h"
#include "mpel-link-private.h"
#include "mpel-names-private.h"
#include "mpel-wake-private.h"

#include <sys/socket.h>

struct _ByHand
{
  GSubprocess *process; /* (owned) */
  MpelLink    *link;    /* (owned) */
  MpelBatch    batch;
  GSource     *wake;  /* (owned) for the inbox */
  GPtrArray   *lines; /* (owned) of (owned) char * */
  guint        n_taken;
  guint64      busy_us;
  gboolean     is_open;
  gboolean     was_greeted;
};

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
    case MPEL_RECORD_RECALLED:
      return "RECALLED";
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
print_value (const MpelRecord *record)
{
  if (record->value == NULL)
    return g_strdup ("nothing");
  if (g_variant_get_size (record->value) > 1000)
    return g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", g_variant_get_size (record->value));
  if (record->kind == MPEL_RECORD_FAILED)
    {
      g_autoptr (MpelFailure) failure = mpel_failure_new_from_variant (record->value);

      return g_strdup_printf ("%s:%d: %s", g_quark_to_string (failure->error->domain), failure->error->code, failure->error->message);
    }
  return g_variant_print (record->value, FALSE);
}

static char *
print_record (const MpelRecord *record)
{
  g_autofree char *value = print_value (record);
  gboolean         is_getter = (record->flags & MPEL_RECORD_FLAG_GETTER) != 0;

  return g_strdup_printf ("%s %" G_GUINT64_FORMAT " %s%s%s",
                          is_getter ? "GETTER" : name_kind (record->kind),
                          record->id,
                          record->name,
                          *record->name != '\0' ? " " : "",
                          value);
}

static void
take_record (ByHand *self, const MpelRecord *record)
{
  guint   n_taken;
  guint64 busy_us;

  if (record->kind == MPEL_RECORD_HELLO)
    self->was_greeted = TRUE;
  else if (record->kind == MPEL_RECORD_LOAD)
    {
      g_variant_get (record->value, "(ut)", &n_taken, &busy_us);
      self->n_taken += n_taken;
      self->busy_us += busy_us;
    }
  else
    g_ptr_array_add (self->lines, print_record (record));
}

static gboolean
inbox_ready_cb (gpointer user_data)
{
  ByHand *self = user_data;

  while (TRUE)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      g_autoptr (GError) error = NULL;
      MpelInboxStatus status = mpel_inbox_next (mpel_link_get_inbox (self->link), &record, &error);

      g_assert_no_error (error);
      if (status != MPEL_INBOX_RECORD)
        return G_SOURCE_CONTINUE;
      take_record (self, &record);
    }
}

/* In GDBus's thread. */
static void
arrived_cb (gpointer user_data)
{
  mpel_wake_up (user_data);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ByHand *self = user_data;
  g_autoptr (GError) error = NULL;

  mpel_link_open_finish (self->link, result, &error);
  g_assert_no_error (error);
  self->is_open = TRUE;
  mpel_link_start (self->link);
}

static GSubprocess *
spawn (int fd)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_take_fd (launcher, fd, MPEL_WORKER_FD);
  g_subprocess_launcher_setenv (launcher, MPEL_WORKER_FD_VARIABLE, G_STRINGIFY (MPEL_WORKER_FD), TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  g_assert_no_error (error);
  return process;
}

static void
iterate_until (const gboolean *condition)
{
  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
}

static ByHand *
start (void)
{
  ByHand *self = g_new0 (ByHand, 1);
  int     pair[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  self->lines = g_ptr_array_new_with_free_func (g_free);
  mpel_batch_init (&self->batch);
  self->wake = mpel_wake_new (NULL, "by hand", G_PRIORITY_DEFAULT, inbox_ready_cb, self);
  self->link = mpel_link_new (MPEL_LINK_SIDE_HOST, arrived_cb, g_source_ref (self->wake), (GDestroyNotify) g_source_unref);
  self->process = spawn (pair[1]);
  mpel_link_open_async (self->link, pair[0], opened_cb, self);
  iterate_until (&self->is_open);
  self->batch.can_pass_fds = mpel_link_can_pass_fds (self->link);
  return self;
}

ByHand *
by_hand_new (void)
{
  ByHand *self = start ();

  mpel_batch_append_hello (&self->batch);
  by_hand_send (self);
  iterate_until (&self->was_greeted);
  return self;
}

ByHand *
by_hand_new_with (const char *const *abilities)
{
  ByHand      *self = start ();
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) extra = NULL;

  g_variant_dict_insert_value (&dict, MPEL_HELLO_ABILITIES, g_variant_new_strv (abilities, -1));
  extra = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_assert_true (mpel_batch_append (&self->batch, MPEL_RECORD_HELLO, MPEL_RECORD_FLAG_NONE, MPEL_WIRE_VERSION, NULL, NULL, extra, NULL));
  by_hand_send (self);
  iterate_until (&self->was_greeted);
  return self;
}

static void
dispose (ByHand *self)
{
  mpel_link_close (self->link);
  /* The link is told of its end in the main context. */
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_source_destroy (self->wake);
  g_source_unref (self->wake);
  g_clear_object (&self->link);
  g_clear_object (&self->process);
  mpel_batch_clear (&self->batch);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

void
by_hand_free (ByHand *self)
{
  g_autoptr (GError) error = NULL;

  mpel_link_close (self->link);
  g_subprocess_wait_check (self->process, NULL, &error);
  g_assert_no_error (error);
  dispose (self);
}

void
by_hand_free_refused (ByHand *self)
{
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (self->process));
  g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, EXIT_FAILURE);
  dispose (self);
}

/* @text: (nullable) */
static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = text != NULL ? g_variant_parse (NULL, text, NULL, NULL, &error) : NULL;

  g_assert_no_error (error);
  return value;
}

void
by_hand_add_record (ByHand *self, MpelRecordKind kind, MpelRecordFlags flags, guint64 id, guint64 object, const char *name, const char *value, const char *extra)
{
  g_autoptr (GVariant) parsed_value = parse (value);
  g_autoptr (GVariant) parsed_extra = parse (extra);
  g_autoptr (GError) error = NULL;

  mpel_batch_append_for (&self->batch, kind, flags, id, object, name, parsed_value, parsed_extra, &error);
  g_assert_no_error (error);
}

void
by_hand_add_flagged (ByHand *self, MpelRecordFlags flags, guint64 id, const char *target, const char *args)
{
  by_hand_add_record (self, MPEL_RECORD_EVENT, flags, id, 0, target, args, NULL);
}

void
by_hand_add (ByHand *self, guint64 id, const char *target, const char *args)
{
  by_hand_add_flagged (self, MPEL_RECORD_FLAG_NONE, id, target, args);
}

void
by_hand_create (ByHand *self, guint64 object, const char *class_name, const char *state)
{
  by_hand_add_record (self, MPEL_RECORD_CREATE, MPEL_RECORD_FLAG_NONE, object, 0, class_name, NULL, state);
}

void
by_hand_release (ByHand *self, guint64 object, guint n_mentions)
{
  g_autofree char *value = g_strdup_printf ("uint32 %u", n_mentions);

  by_hand_add_record (self, MPEL_RECORD_RELEASE, MPEL_RECORD_FLAG_NONE, object, 0, NULL, value, NULL);
}

void
by_hand_add_method (ByHand *self, guint64 id, guint64 object, const char *method, const char *args)
{
  by_hand_add_record (self, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_OBJECT, id, object, method, args, NULL);
}

void
by_hand_run_method (ByHand *self, guint64 id, guint64 object, const char *method, const char *args, const char *pattern)
{
  by_hand_add_method (self, id, object, method, args);
  by_hand_send (self);
  by_hand_wait (self, pattern);
}

void
by_hand_send (ByHand *self)
{
  mpel_link_send_batch (self->link, &self->batch);
}

void
by_hand_demand (ByHand *self, MpelRecordKind kind, guint64 id, GVariant *value)
{
  g_autoptr (GVariant) owned = value != NULL ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GError) error = NULL;

  by_hand_send (self);
  mpel_batch_append (&self->batch, kind, MPEL_RECORD_FLAG_NONE, id, NULL, owned, NULL, &error);
  g_assert_no_error (error);
  by_hand_send (self);
}

void
by_hand_cancel (ByHand *self, guint64 id)
{
  by_hand_demand (self, MPEL_RECORD_CANCEL, id, NULL);
}

void
by_hand_acknowledge (ByHand *self, guint64 id, guint n)
{
  by_hand_demand (self, MPEL_RECORD_ACK, id, g_variant_new_uint32 (n));
}

void
by_hand_run (ByHand *self, guint64 id, const char *target, const char *args, const char *pattern)
{
  by_hand_add (self, id, target, args);
  by_hand_send (self);
  by_hand_wait (self, pattern);
}

void
by_hand_wait (ByHand *self, const char *pattern)
{
  by_hand_wait_count (self, pattern, 1);
}

void
by_hand_wait_count (ByHand *self, const char *pattern, guint n)
{
  while (by_hand_count (self, pattern) < n)
    g_main_context_iteration (NULL, TRUE);
}

void
by_hand_wait_taken (ByHand *self, guint n)
{
  while (self->n_taken < n)
    g_main_context_iteration (NULL, TRUE);
}

guint
by_hand_count (ByHand *self, const char *pattern)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++)
    n += g_pattern_match_simple (pattern, self->lines->pdata[i]);
  return n;
}

/* The place of the first that matches. */
guint
by_hand_find (ByHand *self, const char *pattern)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (g_pattern_match_simple (pattern, self->lines->pdata[i]))
      return i;
  g_error ("“%s” did not come", pattern);
}

const char *
by_hand_get_line (ByHand *self, guint index)
{
  g_assert_cmpuint (index, <, self->lines->len);
  return self->lines->pdata[index];
}

guint
by_hand_get_n_taken (ByHand *self)
{
  return self->n_taken;
}

guint64
by_hand_get_busy_us (ByHand *self)
{
  return self->busy_us;
}

GDBusConnection *
by_hand_get_connection (ByHand *self)
{
  return mpel_link_get_connection (self->link);
}

char *
by_hand_print (ByHand *self, const char *without)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    if (!g_pattern_match_simple (without, self->lines->pdata[i]))
      g_string_append_printf (text, "%s\n", (const char *) self->lines->pdata[i]);
  return g_string_free (text, FALSE);
}
