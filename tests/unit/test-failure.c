/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is known of a failed event, there and back. */

#include "config.h"
#include "mpel-failure-private.h"
#include "mpel-loop-error.h"

#define MAX_FOREIGN_DOMAINS 256

static MpelFailure *
round_trip (const MpelFailure *failure)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (mpel_failure_to_variant (failure));

  g_assert_true (g_variant_is_of_type (variant, MPEL_FAILURE_VARIANT_TYPE));
  return mpel_failure_new_from_variant (variant);
}

static MpelFailure *
from_wire (const char *domain, int code, const char *message)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new ("(sisss)", domain, code, message, "", ""));

  return mpel_failure_new_from_variant (variant);
}

static void
test_error (void)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_take (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "größer\nthan one line"));
  g_autoptr (MpelFailure) copy = round_trip (failure);

  g_test_summary ("An error keeps its domain, its code and its message.");

  g_assert_error (copy->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (copy->error->message, ==, failure->error->message);
  g_assert_null (copy->remote_type);
  g_assert_null (copy->traceback);
}

static void
test_exception (void)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_exception ("ValueError", "no good", "line 1\nline 2");
  g_autoptr (MpelFailure) copy = round_trip (failure);
  g_autoptr (MpelFailure) bare = mpel_failure_new_exception ("ValueError", "no good", NULL);
  g_autoptr (MpelFailure) bare_copy = round_trip (bare);

  g_test_summary ("An exception keeps the name of its class and its traceback, if it has one.");

  g_assert_error (copy->error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_REMOTE_EXCEPTION);
  g_assert_cmpstr (copy->error->message, ==, "ValueError: no good");
  g_assert_cmpstr (copy->remote_type, ==, "ValueError");
  g_assert_cmpstr (copy->traceback, ==, "line 1\nline 2");
  g_assert_cmpstr (bare_copy->remote_type, ==, "ValueError");
  g_assert_null (bare_copy->traceback);
}

static void
test_codes (void)
{
  static const int codes[] = { 0, -1, G_MAXINT, G_MININT };

  g_test_summary ("Codes are whatever the domain makes of them.");

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (MpelFailure) failure = from_wire ("test-known-domain", codes[i], "m");

      g_assert_cmpstr (g_quark_to_string (failure->error->domain), ==, "test-known-domain");
      g_assert_cmpint (failure->error->code, ==, codes[i]);
    }
}

static void
test_invalid_utf8 (void)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_take (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "caf\xe9"));
  g_autoptr (MpelFailure) copy = NULL;

  g_test_summary ("Text that is no UTF-8 is mended on the way, rather than lost.");

  failure->traceback = g_strdup ("\xff line");
  failure->remote_type = g_strdup ("T\xfe");
  copy = round_trip (failure);
  g_assert_cmpstr (copy->error->message, ==, "caf\xef\xbf\xbd");
  g_assert_cmpstr (copy->traceback, ==, "\xef\xbf\xbd line");
  g_assert_cmpstr (copy->remote_type, ==, "T\xef\xbf\xbd");
}

static void
assert_nonsense (const char *domain)
{
  g_autoptr (MpelFailure) failure = from_wire (domain, 17, "the message");

  g_assert_error (failure->error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED);
  g_assert_cmpstr (failure->error->message, ==, "the message");
}

static void
test_nonsense_domains (void)
{
  g_autofree char *longest = g_strnfill (128, 'd');
  g_autofree char *longer = g_strnfill (129, 'd');
  g_autoptr (MpelFailure) failure = from_wire (longest, 17, "m");

  g_test_summary ("A domain without a name, or with far too long a one, is no domain.");

  g_assert_cmpstr (g_quark_to_string (failure->error->domain), ==, longest);
  assert_nonsense ("");
  assert_nonsense (longer);
  g_assert_cmpuint (g_quark_try_string (longer), ==, 0);
}

/* The last test: it uses up what there is for all of the process. */
static void
test_domains_are_bounded (void)
{
  const char *known = g_quark_to_string (G_IO_ERROR);
  guint       n_kept = 0;

  g_test_summary ("Of the domains that a worker makes up only so many are remembered.");

  for (guint i = 0; i < 2 * MAX_FOREIGN_DOMAINS; i++)
    {
      g_autofree char *domain = g_strdup_printf ("test-made-up-%u", i);
      g_autoptr (MpelFailure) failure = from_wire (domain, 17, "the message");

      if (g_quark_try_string (domain) != 0)
        {
          n_kept++;
          g_assert_cmpint (failure->error->code, ==, 17);
        }
      else
        g_assert_error (failure->error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_FAILED);
    }
  g_assert_cmpuint (n_kept, >, 0);
  g_assert_cmpuint (n_kept, <=, MAX_FOREIGN_DOMAINS);

  /* Those that this process knows by itself stay. */
  {
    g_autoptr (MpelFailure) failure = from_wire (known, G_IO_ERROR_BUSY, "m");

    g_assert_error (failure->error, G_IO_ERROR, G_IO_ERROR_BUSY);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/failure/error", test_error);
  g_test_add_func ("/unit/failure/exception", test_exception);
  g_test_add_func ("/unit/failure/codes", test_codes);
  g_test_add_func ("/unit/failure/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/unit/failure/nonsense-domains", test_nonsense_domains);
  g_test_add_func ("/unit/failure/domains-are-bounded", test_domains_are_bounded);
  return g_test_run ();
}
