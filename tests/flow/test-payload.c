/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Payloads of all sizes and types, both ways; and what cannot be carried. */

#include "config.h"
#include "mpel-names-private.h"
#include "mpel-test.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* Not more than this may be written to a file, which a memory file is as well. */
static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* ---- worker ---- */

static GVariant *
echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(@r@a{sv})", args, kwargs);
}

static GVariant *
make_bytes (gsize n)
{
  guint8 *data = g_malloc (n);

  if (n > 0)
    memset (data, 0x5a, n);
  return g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, data, n, TRUE, g_free, data);
}

static GVariant *
produce (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  guint64 n;

  g_variant_get (args, "(t)", &n);
  return make_bytes (n);
}

static GVariant *
limit_worker_files (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  limit_files (MPEL_BLOB_THRESHOLD);
  return g_variant_new ("()");
}

/* ---- host ---- */

static void
assert_echo (MpelEventLoop *loop, GVariant *args, GVariant *kwargs)
{
  g_autoptr (GVariant) sent = g_variant_ref_sink (g_variant_new ("(@r@a{sv})", args, kwargs));
  g_autoptr (GVariant) sent_args = g_variant_get_child_value (sent, 0);
  g_autoptr (GVariant) results = NULL;
  g_autoptr (GVariant) sent_kwargs = g_variant_get_child_value (sent, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (MpelEvent) event = mpel_event_loop_add_call (loop, "echo", sent_args, sent_kwargs, &error);

  g_assert_no_error (error);
  mpel_test_wait (loop);
  g_assert_no_error (mpel_event_get_error (event));
  /* In normal form two values are compared by their bytes, else by their text. */
  results = g_variant_get_normal_form (mpel_event_get_results (event));
  g_assert_true (g_variant_equal (results, sent));
}

static GVariant *
empty_kwargs (void)
{
  return g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

static void
test_types (void)
{
  static const char *const texts[] = {
    "()",
    "(true, byte 0x01, int16 -1, uint16 1, int32 -1, uint32 1, int64 -1, uint64 1, 1.5)",
    "('', 'a\\nb', 'äöü', objectpath '/a', signature 'a{sv}')",
    "(@ms nothing, @ms 'just', @mmi just nothing, [@mx 1, nothing])",
    "(<<<'deep'>>>, {'k': <[1, 2]>}, @a{iv} {}, [()], ((),))",
    "(b'bytes', @ay [], @as [], @aas [[], ['x']])",
  };
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();

  g_test_summary ("Every type goes there and back, also those that D-Bus itself would refuse.");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      GVariant *args = g_variant_parse (NULL, texts[i], NULL, NULL, &error);

      g_assert_no_error (error);
      assert_echo (loop, args, g_variant_new_parsed ("{'key': <int64 5>, 'ü': <@mv nothing>}"));
      g_variant_unref (args);
    }

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_depth (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  GVariant      *value = g_variant_new_int32 (1);

  g_test_summary ("Values may be nested deeper than D-Bus would carry.");

  for (int i = 0; i < 100; i++)
    value = g_variant_new_variant (value);
  assert_echo (loop, g_variant_new_tuple (&value, 1), empty_kwargs ());
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_sizes (void)
{
  static const gsize sizes[] = {
    0,
    1,
    16 * 1024 + 1,
    MPEL_BATCH_BYTES,
    MPEL_BLOB_THRESHOLD - 100,
    MPEL_BLOB_THRESHOLD,
    MPEL_BLOB_THRESHOLD + 1,
    9 * 1024 * 1024 + 3,
  };
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();

  g_test_summary ("Small payloads, large ones, and those around the thresholds, as arguments and as named ones.");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GVariant *bytes = make_bytes (sizes[i]);

      assert_echo (loop, g_variant_new_tuple (&bytes, 1), empty_kwargs ());
      bytes = make_bytes (sizes[i]);
      assert_echo (loop, g_variant_new ("(i)", 1), g_variant_new_parsed ("{'data': <%@ay>}", bytes));
    }

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_many_large (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GPtrArray) ends = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Fifty large payloads at once: order holds, and no descriptor is left.");

  for (guint64 i = 0; i < 50; i++)
    g_ptr_array_add (ends, g_object_ref (mpel_test_add (loop, "produce", g_variant_new ("(t)", 2 * MPEL_BLOB_THRESHOLD + i))));
  mpel_test_wait (loop);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpuint (g_variant_get_size (mpel_event_get_results (ends->pdata[i])), ==, 2 * MPEL_BLOB_THRESHOLD + i);

  g_clear_pointer (&ends, g_ptr_array_unref);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
test_too_large (void)
{
  MpelTestTrace    before = mpel_test_trace ();
  MpelEventLoop   *loop = mpel_test_loop_new ();
  GVariant        *bytes = make_bytes (4 * MPEL_BLOB_THRESHOLD);
  g_autofree char *long_name = g_strnfill (G_MAXUINT16, 'x');
  g_autoptr (MpelEvent) event = NULL;

  g_test_summary ("What cannot be carried fails by itself, in either direction; its neighbours are not hurt.");

  limit_files (MPEL_BLOB_THRESHOLD);
  event = g_object_ref (mpel_test_add (loop, "echo", g_variant_new_tuple (&bytes, 1)));
  mpel_test_wait (loop);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE, "*");
  limit_files (RLIM_INFINITY);

  g_set_object (&event, mpel_test_add (loop, long_name, NULL));
  mpel_test_wait (loop);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE, "*");

  mpel_test_add (loop, "limit-files", NULL);
  g_set_object (&event, mpel_test_add (loop, "produce", g_variant_new ("(t)", G_GUINT64_CONSTANT (4) * MPEL_BLOB_THRESHOLD)));
  mpel_test_wait (loop);
  mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE, "*");
  g_set_object (&event, mpel_test_add (loop, "produce", g_variant_new ("(t)", G_GUINT64_CONSTANT (3))));
  mpel_test_wait (loop);
  mpel_test_assert_results (event, "[0x5a, 0x5a, 0x5a]");

  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
register_targets (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "echo", echo, NULL, NULL);
  mpel_worker_add_function (worker, "produce", produce, NULL, NULL);
  mpel_worker_add_function (worker, "limit-files", limit_worker_files, NULL, NULL);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/payload/types", test_types);
  g_test_add_func ("/flow/payload/depth", test_depth);
  g_test_add_func ("/flow/payload/sizes", test_sizes);
  g_test_add_func ("/flow/payload/many-large", test_many_large);
  g_test_add_func ("/flow/payload/too-large", test_too_large);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
