/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "wire-case.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int
wire_memory_new (gconstpointer data, gsize length, gboolean sealed)
{
  int fd = memfd_create ("wire-test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, (off_t) length), ==, 0);
  if (data != NULL)
    g_assert_cmpint (pwrite (fd, data, length, 0), ==, (gssize) length);
  if (sealed)
    g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), ==, 0);
  return fd;
}

static guint64
parse_number (const char *text)
{
  char   *end;
  guint64 number = g_ascii_strtoull (text, &end, 0);

  if (*text == '\0' || *end != '\0')
    g_error ("“%s” is no number", text);
  return number;
}

/* The low bytes of a number are its first ones only on some machines. */
static void
append_number (GByteArray *bytes, const char *text, gsize size)
{
  guint64 number = parse_number (text);
  guint32 number_32 = (guint32) number;
  guint16 number_16 = (guint16) number;
  guint8  number_8 = (guint8) number;

  if (size == 8)
    g_byte_array_append (bytes, (const guint8 *) &number, 8);
  else if (size == 4)
    g_byte_array_append (bytes, (const guint8 *) &number_32, 4);
  else if (size == 2)
    g_byte_array_append (bytes, (const guint8 *) &number_16, 2);
  else
    g_byte_array_append (bytes, &number_8, 1);
}

static void
append_zeros (GByteArray *bytes, gsize length)
{
  guint8 zero = 0;

  for (gsize i = 0; i < length; i++)
    g_byte_array_append (bytes, &zero, 1);
}

static void
append_hex (GByteArray *bytes, const char *item)
{
  guint8 byte;

  if (!g_ascii_isxdigit (item[0]) || !g_ascii_isxdigit (item[1]) || item[2] != '\0')
    g_error ("“%s” is no item of a case", item);
  byte = (guint8) (g_ascii_xdigit_value (item[0]) * 16 + g_ascii_xdigit_value (item[1]));
  g_byte_array_append (bytes, &byte, 1);
}

static void
append_item (GByteArray *bytes, const char *item)
{
  gsize length = strlen (item);

  if (g_str_has_prefix (item, "u8="))
    append_number (bytes, item + 3, 1);
  else if (g_str_has_prefix (item, "u16="))
    append_number (bytes, item + 4, 2);
  else if (g_str_has_prefix (item, "u32="))
    append_number (bytes, item + 4, 4);
  else if (g_str_has_prefix (item, "u64="))
    append_number (bytes, item + 4, 8);
  else if (g_str_has_prefix (item, "zeros="))
    append_zeros (bytes, parse_number (item + 6));
  else if (g_str_equal (item, "pad"))
    append_zeros (bytes, (8 - bytes->len % 8) % 8);
  else if (length >= 2 && item[0] == '"' && item[length - 1] == '"')
    g_byte_array_append (bytes, (const guint8 *) item + 1, (guint) length - 2);
  else
    append_hex (bytes, item);
}

static int
open_descriptor (const char *words)
{
  int pair[2];

  if (g_str_has_prefix (words, "sealed "))
    return wire_memory_new (NULL, parse_number (words + 7), TRUE);
  if (g_str_has_prefix (words, "unsealed "))
    return wire_memory_new (NULL, parse_number (words + 9), FALSE);

  g_assert_cmpstr (words, ==, "pipe");
  g_assert_cmpint (pipe2 (pair, O_CLOEXEC), ==, 0);
  close (pair[1]);
  return pair[0];
}

static void
add_descriptor (WireCase *self, const char *words)
{
  int fd = open_descriptor (words);

  if (self->fds == NULL)
    self->fds = g_unix_fd_list_new ();
  g_assert_cmpint (g_unix_fd_list_append (self->fds, fd, NULL), >=, 0);
  close (fd);
}

static void
take_line (WireCase *self, GByteArray *bytes, char *line)
{
  g_auto (GStrv) items = NULL;

  /* In what must come out, a # may be part of it. */
  if (line[0] == '=')
    g_ptr_array_add (self->records, g_strdup (g_strstrip (line + 1)));
  else if (line[0] == '!')
    self->error = g_strdup (g_strstrip (line + 1));
  else if (line[0] == '@')
    add_descriptor (self, g_strstrip (line + 1));
  else
    {
      line[strcspn (line, "#")] = '\0';
      items = g_strsplit_set (line, " \t", -1);
      for (guint i = 0; items[i] != NULL; i++)
        if (items[i][0] != '\0')
          append_item (bytes, items[i]);
    }
}

WireCase *
wire_case_load (const char *path)
{
  WireCase        *self = g_new0 (WireCase, 1);
  GByteArray      *bytes = g_byte_array_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  self->records = g_ptr_array_new_with_free_func (g_free);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    take_line (self, bytes, lines[i]);
  self->bytes = g_byte_array_free_to_bytes (bytes);
  return self;
}

void
wire_case_free (WireCase *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->fds);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->error, g_free);
  g_free (self);
}
