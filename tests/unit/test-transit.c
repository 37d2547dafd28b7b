/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was sent and is not acknowledged: plain arithmetic, whatever the host says. */

#include "config.h"
#include "mpel-transit-private.h"

#define LIMIT 3
#define LIMIT_BYTES 100

static gboolean
has_room (MpelTransit *transit, gsize size)
{
  return mpel_transit_has_room (transit, size, LIMIT, LIMIT_BYTES);
}

static void
test_one_of_any_size (void)
{
  MpelTransit transit = { 0 };

  g_test_summary ("One has room however large it is, and nothing beside it.");
  g_assert_true (has_room (&transit, G_MAXSIZE));
  mpel_transit_add (&transit, LIMIT_BYTES * 10);
  g_assert_false (has_room (&transit, 1));
  mpel_transit_acknowledge (&transit, 1);
  g_assert_true (has_room (&transit, G_MAXSIZE));
  mpel_transit_clear (&transit);
}

static void
test_fills (void)
{
  MpelTransit transit = { 0 };

  g_test_summary ("There is room up to the bytes, and up to the number.");
  mpel_transit_add (&transit, 40);
  g_assert_true (has_room (&transit, 60));
  g_assert_false (has_room (&transit, 61));
  mpel_transit_add (&transit, 0);
  mpel_transit_add (&transit, 0);
  g_assert_false (has_room (&transit, 0));
  mpel_transit_clear (&transit);
}

static void
test_oldest_first (void)
{
  MpelTransit transit = { 0 };

  g_test_summary ("What is acknowledged is what was sent first.");
  mpel_transit_add (&transit, 90);
  mpel_transit_add (&transit, 10);
  mpel_transit_acknowledge (&transit, 1);
  g_assert_true (has_room (&transit, 90));
  g_assert_false (has_room (&transit, 91));
  mpel_transit_clear (&transit);
}

static void
test_not_sent (void)
{
  MpelTransit transit = { 0 };

  g_test_summary ("What was not sent after all leaves its room, but only once.");
  mpel_transit_add (&transit, 30);
  mpel_transit_add (&transit, 50);
  mpel_transit_remove (&transit, 50);
  mpel_transit_remove (&transit, 50);
  g_assert_true (has_room (&transit, 70));
  g_assert_false (has_room (&transit, 71));
  mpel_transit_clear (&transit);
}

static void
test_too_many (void)
{
  MpelTransit transit = { 0 };

  g_test_summary ("Of more than was sent nothing is believed.");
  mpel_transit_add (&transit, 10);
  mpel_transit_acknowledge (&transit, G_MAXUINT);
  mpel_transit_add (&transit, 10);
  g_assert_true (has_room (&transit, 90));
  g_assert_false (has_room (&transit, 91));
  mpel_transit_clear (&transit);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/transit/one-of-any-size", test_one_of_any_size);
  g_test_add_func ("/unit/transit/fills", test_fills);
  g_test_add_func ("/unit/transit/oldest-first", test_oldest_first);
  g_test_add_func ("/unit/transit/not-sent", test_not_sent);
  g_test_add_func ("/unit/transit/too-many", test_too_many);
  return g_test_run ();
}
