/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Dates and times as text: with their zones, if these are known. */

#include "config.h"
#include "mpel-date-time-private.h"

#include <string.h>

static void
assert_same (GDateTime *got, GDateTime *expected)
{
  g_assert_nonnull (got);
  g_assert_true (g_date_time_equal (got, expected));
  g_assert_cmpint (g_date_time_get_microsecond (got), ==, g_date_time_get_microsecond (expected));
  g_assert_cmpint (g_date_time_get_utc_offset (got), ==, g_date_time_get_utc_offset (expected));
}

static void
assert_round_trip (GDateTime *date_time, const char *zone)
{
  g_autofree char *text = mpel_date_time_format (date_time);
  g_autoptr (GDateTime) parsed = mpel_date_time_parse (text);

  g_test_message ("%s", text);
  assert_same (parsed, date_time);
  g_assert_cmpstr (g_time_zone_get_identifier (g_date_time_get_timezone (parsed)), ==, zone);
}

static void
test_zones (void)
{
  static const char *const names[] = { "Europe/Berlin", "Africa/Monrovia", "America/New_York", "Asia/Kathmandu", "Europe/London" };
  static const int         years[] = { 1, 1850, 1950, 2026, 9999 };

  g_test_summary ("A date in a zone with a name comes back in that, also from the time before zones.");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint j = 0; j < G_N_ELEMENTS (years); j++)
      {
        g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (names[i]);
        g_autoptr (GDateTime) date_time = zone != NULL ? g_date_time_new (zone, years[j], 7, 1, 12, 34, 56.789012) : NULL;

        if (zone == NULL)
          g_test_skip ("There is no database of time zones");
        else
          assert_round_trip (date_time, names[i]);
      }
}

static void
test_repeated_hour (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("CET-1CEST,M3.5.0,M10.5.0/3");
  g_autoptr (GDateTime) first = g_date_time_new_from_unix_utc (1792884600);

  g_test_summary ("Of the hour that is there twice, each is told from the other.");

  for (int i = -2; i <= 2; i++)
    {
      g_autoptr (GDateTime) utc = g_date_time_add_hours (first, i);
      g_autoptr (GDateTime) date_time = g_date_time_to_timezone (utc, zone);

      assert_round_trip (date_time, "CET-1CEST,M3.5.0,M10.5.0/3");
    }
}

static void
test_offsets (void)
{
  g_test_summary ("Any offset comes back, in seconds and far from Greenwich.");

  for (int seconds = -18 * 3600; seconds <= 18 * 3600; seconds += 1801)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_offset (seconds);
      g_autoptr (GDateTime) date_time = g_date_time_new (zone, 1900, 2, 28, 23, 59, 59.5);
      g_autofree char *text = mpel_date_time_format (date_time);
      g_autoptr (GDateTime) parsed = mpel_date_time_parse (text);

      g_test_message ("%s", text);
      assert_same (parsed, date_time);
      g_assert_null (strchr (text, '['));
    }
}

static void
test_microseconds (void)
{
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (253402300799 - 5);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  g_test_summary ("No microsecond is lost to rounding, even late in time.");

  for (int i = 0; i < 1000000; i += 997)
    {
      g_autoptr (GDateTime) date_time = g_date_time_add (second, i);
      g_autofree char *text = mpel_date_time_format (date_time);
      g_autoptr (GDateTime) parsed = mpel_date_time_parse (text);

      assert_same (parsed, date_time);
    }
}

static void
test_unknown_zone (void)
{
  static const char *const names[] = { "Atlantis/Capital", "../../etc/localtime", "/etc/localtime", ":/etc/localtime", "Europe/../../localtime", "" };

  g_test_summary ("A zone that is not known here, or is none, leaves the date with its offset. No other file is opened.");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf ("2026-07-01T12:00:00+02:00[%s]", names[i]);
      g_autoptr (GDateTime) parsed = mpel_date_time_parse (text);

      g_assert_nonnull (parsed);
      g_assert_cmpint (g_date_time_to_unix (parsed), ==, 1782900000);
      g_assert_cmpint (g_date_time_get_utc_offset (parsed), ==, 2 * G_TIME_SPAN_HOUR);
    }
}

static void
test_other_rules (void)
{
  g_autoptr (GDateTime) parsed = mpel_date_time_parse ("2026-07-01T12:00:00+09:00[CET-1CEST,M3.5.0,M10.5.0/3]");

  g_test_summary ("If the zone has another offset here than there, the moment counts.");

  g_assert_cmpint (g_date_time_to_unix (parsed), ==, 1782900000 - 7 * 3600);
  g_assert_cmpint (g_date_time_get_hour (parsed), ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/date-time/zones", test_zones);
  g_test_add_func ("/unit/date-time/repeated-hour", test_repeated_hour);
  g_test_add_func ("/unit/date-time/offsets", test_offsets);
  g_test_add_func ("/unit/date-time/microseconds", test_microseconds);
  g_test_add_func ("/unit/date-time/unknown-zone", test_unknown_zone);
  g_test_add_func ("/unit/date-time/other-rules", test_other_rules);
  return g_test_run ();
}
