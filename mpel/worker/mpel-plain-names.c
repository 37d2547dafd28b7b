/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-names-private.h"

#include <string.h>

/* D-Bus allows only letters, digits and underscores in names. Everything else becomes an underscore
 * and two hexadecimal digits, and so does an underscore that could be taken for such a one. */

#define OBJECT_INTERFACE_PREFIX "org.mpel.Object."

/* The limit of D-Bus is 255, for interfaces as a whole. What is cut ends in a digest. */
#define NAME_LENGTH 200
#define NAME_CUT_LENGTH 180

static gboolean
looks_escaped (const char *at)
{
  return at[0] == '_' && g_ascii_isxdigit (at[1]) && g_ascii_isxdigit (at[2]);
}

static gboolean
is_allowed (const char *at)
{
  return g_ascii_isalnum (*at) || (*at == '_' && !looks_escaped (at));
}

static void
append_escaped (GString *string, char c)
{
  g_string_append_printf (string, "_%02x", (guchar) c);
}

static char *
escape (const char *name, gboolean may_begin_with_digit)
{
  GString *string = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at++)
    if (is_allowed (at) && (at != name || may_begin_with_digit || !g_ascii_isdigit (*at)))
      g_string_append_c (string, *at);
    else
      append_escaped (string, *at);

  /* An empty name: no other name is written like this. */
  if (string->len == 0)
    append_escaped (string, '\0');
  return g_string_free (string, FALSE);
}

static char *
shorten (char *escaped)
{
  g_autofree char *whole = escaped;

  if (strlen (whole) <= NAME_LENGTH)
    return g_steal_pointer (&whole);
  return g_strdup_printf ("%.*s_%08x", NAME_CUT_LENGTH, whole, g_str_hash (whole));
}

/* Of an object path: these have no limit. */
char *
mpel_plain_name_to_element (const char *name)
{
  return escape (name, TRUE);
}

/* GObject takes underscores for its hyphens too. */
char *
mpel_plain_name_to_member (const char *name)
{
  g_autofree char *canonical = g_strdelimit (g_strdup (name), "-", '_');

  return shorten (escape (canonical, FALSE));
}

char *
mpel_plain_name_to_interface (const char *class_name)
{
  g_autofree char *element = shorten (escape (class_name, FALSE));

  return g_strconcat (OBJECT_INTERFACE_PREFIX, element, NULL);
}
