/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-date-time-private.h"

#include <string.h>

/* As GLib writes them; before there were time zones, clocks showed the time of the sun. */
#define OFFSET_WITH_SECONDS "+hh:mm:ss"

#define MAX_ZONE_LENGTH 255

/* GLib takes a name for that of a file: none outside of its folder is opened because of what another process says. */
static gboolean
is_zone_name (const char *name)
{
  return (g_ascii_isalpha (name[0]) || name[0] == '<') && strstr (name, "..") == NULL && strlen (name) <= MAX_ZONE_LENGTH;
}

/* Others are nothing but their offset. */
static gboolean
has_name (const char *identifier)
{
  return is_zone_name (identifier) && !g_str_equal (identifier, "UTC") && !g_str_equal (identifier, "Z") &&
         strpbrk (identifier, "[]") == NULL && g_utf8_validate (identifier, -1, NULL);
}

/* Returns: (transfer full) */
char *
mpel_date_time_format (GDateTime *date_time)
{
  const char      *zone = g_time_zone_get_identifier (g_date_time_get_timezone (date_time));
  g_autofree char *text = g_date_time_format_iso8601 (date_time);

  return has_name (zone) ? g_strdup_printf ("%s[%s]", text, zone) : g_steal_pointer (&text);
}

/* Takes the zone from the end of @text. Returns: (transfer full) (nullable) */
static GTimeZone *
take_zone (char *text)
{
  gsize length = strlen (text);
  char *name = strchr (text, '[');

  if (name == NULL || text[length - 1] != ']')
    return NULL;
  text[length - 1] = '\0';
  *name++ = '\0';
  return is_zone_name (name) ? g_time_zone_new_identifier (name) : NULL;
}

/* Takes an offset that GLib writes, but does not read. Returns: (transfer full) (nullable) */
static GTimeZone *
take_offset_with_seconds (char *text)
{
  gsize      length = strlen (text);
  gsize      offset_length = strlen (OFFSET_WITH_SECONDS);
  char      *offset;
  GTimeZone *zone;

  if (length <= offset_length)
    return NULL;
  offset = text + length - offset_length;
  if ((offset[0] != '+' && offset[0] != '-') || offset[3] != ':' || offset[6] != ':')
    return NULL;
  zone = g_time_zone_new_identifier (offset);
  if (zone != NULL)
    *offset = '\0';
  return zone;
}

/* Returns: (transfer full) (nullable): NULL if @text is no date and time of day with an offset */
GDateTime *
mpel_date_time_parse (const char *text)
{
  g_autofree char *rest = g_strdup (text);
  g_autoptr (GTimeZone) zone = take_zone (rest);
  g_autoptr (GTimeZone) offset = take_offset_with_seconds (rest);
  g_autoptr (GDateTime) date_time = g_date_time_new_from_iso8601 (rest, offset);
  g_autoptr (GDateTime) in_zone = NULL;

  if (date_time != NULL && zone != NULL)
    in_zone = g_date_time_to_timezone (date_time, zone);
  return in_zone != NULL ? g_steal_pointer (&in_zone) : g_steal_pointer (&date_time);
}
