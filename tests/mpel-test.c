/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-test.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_start_finish (MPEL_EVENT_LOOP (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* GLib keeps a few descriptors from its first subprocess and its first D-Bus connection on. */
static void
warm_up (void)
{
  MpelEventLoop *loop = mpel_test_loop_new ();
  gboolean       started = FALSE;

  mpel_event_loop_start_async (loop, NULL, started_cb, &started);
  mpel_test_iterate_until (&started);
  mpel_test_loop_close_and_assert_finalized (loop);
}

int
mpel_test_main (int argc, char **argv, void (*register_targets) (MpelWorker *worker), void (*add_tests) (void))
{
  MpelWorker *worker = mpel_worker_get_default ();

  setlocale (LC_ALL, "C.UTF-8");
  if (worker != NULL)
    {
      register_targets (worker);
      return mpel_worker_run (worker);
    }

  g_test_init (&argc, &argv, NULL);
  warm_up ();
  add_tests ();
  return g_test_run ();
}

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Killing a process while LeakSanitizer traces it can leave a zombie that nobody is told of. */
static gboolean
counts (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *text = NULL;

  if (g_strcmp0 (g_getenv ("MPEL_TESTS_WATCHED"), "sanitizers") != 0)
    return TRUE;
  return g_file_get_contents (path, &text, NULL, NULL) && strstr (text, ") Z ") == NULL;
}

static guint
count_children (void)
{
  g_autofree char *text = NULL;
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", getpid ());
  g_auto (GStrv) pids = NULL;
  guint n = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  pids = g_strsplit (g_strstrip (text), " ", -1);
  for (guint i = 0; pids[i] != NULL; i++)
    n += pids[i][0] != '\0' && counts (pids[i]);
  return n;
}

MpelTestTrace
mpel_test_trace (void)
{
  return (MpelTestTrace){ count_fds (), count_children () };
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Descriptors and zombies go a few turns after the objects: waits until they have gone. */
void
mpel_test_assert_no_trace (MpelTestTrace before)
{
  GMainContext *context = g_main_context_get_thread_default ();
  g_autoptr (GSource) tick = g_timeout_source_new (10);
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_source_set_callback (tick, tick_cb, NULL, NULL);
  g_source_attach (tick, context);
  while ((count_fds () > before.n_fds || count_children () > before.n_children) && g_get_monotonic_time () < end)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (tick);

  /* Fewer when something of an earlier story went only now. */
  g_assert_cmpuint (count_fds (), <=, before.n_fds);
  g_assert_cmpuint (count_children (), <=, before.n_children);
}

MpelEventLoop *
mpel_test_loop_new (void)
{
  return mpel_event_loop_new ();
}

void
mpel_test_loop_close_and_assert_finalized (MpelEventLoop *loop)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_close (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_event_loop_get_state (loop), ==, MPEL_EVENT_LOOP_STATE_CLOSED);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (loop);
}

/* Returns (transfer none): the loop keeps it until it is delivered. */
MpelEvent *
mpel_test_add (MpelEventLoop *loop, const char *target, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  MpelEvent *event = mpel_event_loop_add_call (loop, target, args, NULL, &error);

  g_assert_no_error (error);
  g_object_unref (event);
  return event;
}

void
mpel_test_add_event (MpelEventLoop *loop, MpelEvent *event)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_add_event (loop, event, &error);
  g_assert_no_error (error);
}

/* Returns (transfer full) */
MpelEvent *
mpel_test_add_begun (MpelEventLoop *loop, const char *target)
{
  MpelEvent *event = g_object_ref (mpel_test_add (loop, target, NULL));

  mpel_test_iterate_until_begun (event);
  return event;
}

/* Returns (transfer full) */
MpelEvent *
mpel_test_add_stream (MpelEventLoop *loop, const char *target, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  MpelEvent *event = mpel_event_loop_add_stream (loop, target, args, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (mpel_event_get_pull (event));
  return event;
}

void
mpel_test_wait (MpelEventLoop *loop)
{
  g_autoptr (GError) error = NULL;

  mpel_event_loop_wait (loop, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mpel_event_loop_get_n_pending (loop), ==, 0);
}

void
mpel_test_iterate_until (const gboolean *condition)
{
  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
}

void
mpel_test_keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

void
mpel_test_iterate_until_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

GVariant *
mpel_test_echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_ref (args);
}

char *
mpel_test_describe_end (MpelEvent *event)
{
  const GError *error = mpel_event_get_error (event);

  if (error != NULL)
    return g_strdup_printf ("%s:%d: %s", g_quark_to_string (error->domain), error->code, error->message);
  if (mpel_event_get_results (event) == NULL)
    return g_strdup ("nothing");
  return g_variant_print (mpel_event_get_results (event), FALSE);
}

static gboolean
collect_cb (MpelEvent *event, gpointer user_data)
{
  g_ptr_array_add (user_data, mpel_test_describe_end (event));
  return FALSE;
}

/* Returns (transfer full): an array of strings that grows. */
GPtrArray *
mpel_test_collect (MpelEventLoop *loop)
{
  GPtrArray *ends = g_ptr_array_new_with_free_func (g_free);

  mpel_event_loop_add_output_handler (loop, collect_cb, g_ptr_array_ref (ends), (GDestroyNotify) g_ptr_array_unref);
  return ends;
}

static gboolean
count_end_cb (MpelEventLoop *loop, MpelEvent *event, gpointer user_data)
{
  guint n = mpel_test_get_n_ends (user_data, event);

  g_hash_table_insert (user_data, g_object_ref (event), GUINT_TO_POINTER (n + 1));
  return FALSE;
}

static void
unref_table (gpointer table, GClosure *closure)
{
  g_hash_table_unref (table);
}

/* Returns (transfer full) */
GHashTable *
mpel_test_count_ends (MpelEventLoop *loop)
{
  GHashTable *ends = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  g_signal_connect_data (loop, "event-done", G_CALLBACK (count_end_cb), g_hash_table_ref (ends), unref_table, 0);
  return ends;
}

guint
mpel_test_get_n_ends (GHashTable *ends, MpelEvent *event)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (ends, event));
}

void
mpel_test_assert_each_ended_once (GHashTable *ends, guint n_events)
{
  GHashTableIter iter;
  gpointer       event, n;

  g_assert_cmpuint (g_hash_table_size (ends), ==, n_events);
  g_hash_table_iter_init (&iter, ends);
  while (g_hash_table_iter_next (&iter, &event, &n))
    {
      g_assert_cmpuint (GPOINTER_TO_UINT (n), ==, 1);
      g_assert_true (mpel_event_is_ended (event));
    }
}

/* Who waits for something that cannot come any more learns why. */
static void
iterate_unless_ended (MpelEvent *event)
{
  if (mpel_event_is_ended (event))
    {
      g_autofree char *end = mpel_test_describe_end (event);

      g_error ("The event has ended: %s", end);
    }
  g_main_context_iteration (NULL, TRUE);
}

void
mpel_test_iterate_until_state (MpelEvent *event, MpelEventState state)
{
  while (mpel_event_get_state (event) != state)
    iterate_unless_ended (event);
}

void
mpel_test_iterate_until_progress (MpelEvent *event, double fraction)
{
  while (mpel_event_get_progress (event) < fraction)
    iterate_unless_ended (event);
}

void
mpel_test_iterate_until_begun (MpelEvent *event)
{
  while (mpel_event_get_progress (event) == 0)
    iterate_unless_ended (event);
}

void
mpel_test_assert_results (MpelEvent *event, const char *printed)
{
  g_autofree char *end = mpel_test_describe_end (event);

  g_assert_cmpstr (end, ==, printed);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_DONE);
}

void
mpel_test_assert_error (MpelEvent *event, GQuark domain, int code, const char *pattern)
{
  const GError *error = mpel_event_get_error (event);

  g_assert_error (error, domain, code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

void
mpel_test_assert_cancelled (MpelEvent *event)
{
  mpel_test_assert_error (event, G_IO_ERROR, G_IO_ERROR_CANCELLED, "*");
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_CANCELLED);
  g_assert_null (mpel_event_get_results (event));
}

void
mpel_test_assert_lost (MpelEvent *event, const char *pattern)
{
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_WORKER_LOST, pattern);
  g_assert_cmpint (mpel_event_get_state (event), ==, MPEL_EVENT_STATE_LOST);
}

/* Returns (transfer full) (nullable) */
GVariant *
mpel_test_get_next (MpelEvent *event, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  mpel_event_next_async (event, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  return mpel_event_next_finish (event, result, error);
}

void
mpel_test_assert_next (MpelEvent *event, int expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = mpel_test_get_next (event, &error);

  g_assert_no_error (error);
  g_assert_nonnull (value);
  g_assert_cmpint (g_variant_get_int32 (value), ==, expected);
}

void
mpel_test_assert_no_next (MpelEvent *event)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_test_get_next (event, &error));
  g_assert_no_error (error);
}

void
mpel_test_assert_next_fails (MpelEvent *event, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_test_get_next (event, &error));
  g_assert_error (error, domain, code);
}

gboolean
mpel_test_is_watched (void)
{
#if defined(__SANITIZE_ADDRESS__)
  return TRUE;
#else
  return g_getenv ("MPEL_TESTS_WATCHED") != NULL;
#endif
}
