/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Proxies where handlers, bindings and other proxies get in their way. */

#include "config.h"
#include "proxies.h"

static void
assert_level (MpelProxy *scale, const char *expected)
{
  g_autoptr (GVariant) text = proxies_call (scale, "get_level_text", NULL);

  g_assert_cmpstr (g_variant_get_string (text, NULL), ==, expected);
}

static void
set_level_cb (GObject *scale, GParamSpec *pspec, gpointer user_data)
{
  g_object_set (scale, "level", 7, NULL);
}

static void
test_write_when_ready (void)
{
  MpelTestTrace  before = mpel_test_trace ();
  MpelEventLoop *loop = mpel_test_loop_new ();
  MpelProxy     *scale = proxies_new_scale (loop);

  g_test_summary ("What is written by who hears that it is ready is written there.");

  g_signal_connect (scale, "notify::state", G_CALLBACK (set_level_cb), NULL);
  proxies_wait_for_state (scale, MPEL_PROXY_STATE_READY);
  assert_level (scale, "level 7");
  g_assert_cmpint (proxies_get_int (scale, "level"), ==, 7);

  g_assert_finalize_object (scale);
  mpel_test_loop_close_and_assert_finalized (loop);
  mpel_test_assert_no_trace (before);
}

static void
add_tests (void)
{
  g_test_add_func ("/flow/proxy-corners/write-when-ready", test_write_when_ready);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, objects_register, add_tests);
}
