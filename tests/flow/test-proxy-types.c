/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Proxies whose type nobody declared. */

#include "config.h"
#include "proxies.h"

#include "mpel-value-private.h"

static MpelProxy *
new_of_class (MpelEventLoop *loop, const char *class_name, GVariant *properties, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  mpel_proxy_new_async (loop, class_name, properties, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  return mpel_proxy_new_finish (result, error);
}

static GVariant *
make_properties (const char *text)
{
  return g_variant_new_parsed (text);
}

static void
note_moved_cb (GObject *proxy, int x, int y, gpointer user_data)
{
  g_string_append_printf (user_data, "%d %d; ", x, y);
}

static void
test_undeclared (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GArray) seen = NULL;
  MpelProxy *point, *other;

  g_test_summary ("A proxy of a class that nobody declared has its properties and signals.");

  point = new_of_class (loop, "TestPoint", make_properties ("{'x': <3>}"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (mpel_proxy_get_state (point), ==, MPEL_PROXY_STATE_READY);
  g_assert_cmpint (proxies_get_int (point, "x"), ==, 3);
  g_signal_connect (point, "moved", G_CALLBACK (note_moved_cb), heard);
  seen = proxies_record_ints (point, "x");
  g_object_set (point, "y", 9, NULL);
  g_variant_unref (proxies_call (point, "move", g_variant_new ("(iii)", 4, 5, 6)));
  g_assert_cmpstr (heard->str, ==, "4 5; ");
  g_assert_cmpint (proxies_get_int (point, "x"), ==, 4);
  g_assert_cmpint (proxies_get_int (point, "y"), ==, 5);
  g_assert_cmpuint (seen->len, ==, 1);

  other = new_of_class (loop, "TestPoint", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (G_OBJECT_TYPE (other) == G_OBJECT_TYPE (point));
  g_assert_cmpint (proxies_get_int (other, "x"), ==, 0);

  g_assert_finalize_object (point);
  g_assert_finalize_object (other);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
assert_refused (MpelEventLoop *loop, const char *class_name, GVariant *properties, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (new_of_class (loop, class_name, properties, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, code);
}

static void
test_refused (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GError) error = NULL;
  MpelProxy *scale;

  g_test_summary ("What the class does not have, or what the worker does not have, makes no proxy.");

  assert_refused (loop, "NoClass", NULL, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
  assert_refused (loop, "TestPoint", make_properties ("{'w': <3>}"), MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  assert_refused (loop, "TestPoint", make_properties ("{'x': <'3'>}"), MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  assert_refused (loop, "TestScale", make_properties ("{'limit': <11>}"), MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  assert_refused (loop, "TestScale", make_properties ("{'count': <1>}"), MPEL_LOOP_ERROR_INVALID_ARGUMENTS);

  scale = new_of_class (loop, "TestScale", make_properties ("{'mode': <@ms 'fine'>, 'limit': <3>}"), &error);
  g_assert_no_error (error);
  g_assert_cmpint (proxies_get_int (scale, "limit"), ==, 3);
  g_object_set (scale, "limit", 12, NULL);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (scale, "limit"), ==, 3);
  g_object_set (scale, "level", 500, NULL);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 500);
  mpel_test_wait (loop);
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 100);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

/* What was written to one property of every type comes back, and is what another proxy of the same
 * object finds. */
static const struct
{
  const char *name;
  const char *value;
} all_values[] = {
  { "boolean", "true" },
  { "char", "int16 -128" },
  { "uchar", "byte 0xff" },
  { "int", "-2147483648" },
  { "uint", "uint32 4294967295" },
  { "long", "int64 -9223372036854775808" },
  { "ulong", "uint64 18446744073709551615" },
  { "int64", "int64 9223372036854775807" },
  { "uint64", "uint64 1" },
  { "float", "0.5" },
  { "double", "1e300" },
  { "string", "@ms 'one\\ntwo'" },
  { "enum", "5" },
  { "flags", "uint32 3" },
  { "strv", "@mas []" },
  { "bytes", "@may [0x00, 0x01]" },
  { "variant", "@mv <('a', 1)>" },
  { "gtype", "'gint'" },
  { "date-time", "@ms '2026-02-03T04:05:06Z'" },
};

static void
write_all (MpelProxy *proxy)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_values); i++)
    {
      g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_parsed (all_values[i].value));
      g_autoptr (GError) error = NULL;

      mpel_value_set_property (G_OBJECT (proxy), all_values[i].name, variant, &error);
      g_assert_no_error (error);
    }
}

static void
assert_all (MpelProxy *proxy)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_values); i++)
    {
      g_autoptr (GVariant) expected = g_variant_ref_sink (g_variant_new_parsed (all_values[i].value));
      g_autoptr (GVariant) value = mpel_value_get_property (G_OBJECT (proxy), all_values[i].name, NULL);

      g_assert_nonnull (value);
      g_assert_cmpvariant (value, expected);
      g_assert_cmpvariant (mpel_proxy_get_cached_property (proxy, all_values[i].name), expected);
    }
}

static void
test_all (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GError) error = NULL;
  MpelProxy *all, *again;

  g_test_summary ("A property of every type that can travel: written, and seen by another proxy.");

  all = new_of_class (loop, "TestAll", NULL, &error);
  g_assert_no_error (error);
  write_all (all);
  mpel_test_wait (loop);
  assert_all (all);
  again = g_object_new (G_OBJECT_TYPE (all), "loop", loop, "remote-id", mpel_proxy_get_remote_id (all), NULL);
  proxies_wait_for_state (again, MPEL_PROXY_STATE_READY);
  assert_all (again);
  g_assert_cmpstr (mpel_proxy_get_remote_class (again), ==, "TestAll");

  g_assert_finalize_object (all);
  g_assert_finalize_object (again);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
note_failure_cb (MpelProxy *proxy, const char *name, GError *error, gpointer user_data)
{
  g_string_append_printf (user_data, "%s; ", name);
}

static void
test_not_utf8 (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autofree char *value = NULL;
  MpelProxy       *all;

  g_test_summary ("A value that cannot travel is refused at once.");

  all = new_of_class (loop, "TestAll", NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (all, "write-failed", G_CALLBACK (note_failure_cb), heard);
  g_object_set (all, "string", "good", NULL);
  g_object_set (all, "string", "\xff", NULL);
  g_object_get (all, "string", &value, NULL);
  g_assert_cmpstr (value, ==, "good");
  g_assert_cmpstr (heard->str, ==, "string; ");
  mpel_test_wait (loop);

  g_assert_finalize_object (all);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-types/undeclared", test_undeclared);
  g_test_add_func ("/flow/proxy-types/refused", test_refused);
  g_test_add_func ("/flow/proxy-types/all", test_all);
  g_test_add_func ("/flow/proxy-types/not-utf8", test_not_utf8);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, objects_register, add_tests);
}
