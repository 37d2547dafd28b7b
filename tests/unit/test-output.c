/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a worker writes: passed on as it is, remembered by its last lines. */

#include "config.h"
#include "mpel-output-private.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#define MAX_LAST_LINES 10
#define MAX_LINE_BYTES 1000

typedef struct
{
  MpelOutput *output; /* (owned) */
  int         in;     /* (owned) what the worker would write into, or -1 */
  int         out;    /* (owned) where it comes out, or -1 */
  guint       n_ended;
} Fixture;

static void
ended_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_ended++;
}

static void
fixture_init (Fixture *self)
{
  g_autoptr (GInputStream) stream = NULL;
  int in[2], out[2];

  g_assert_cmpint (pipe2 (in, O_CLOEXEC), ==, 0);
  g_assert_cmpint (pipe2 (out, O_CLOEXEC), ==, 0);
  stream = g_unix_input_stream_new (in[0], TRUE);
  self->in = in[1];
  self->out = out[0];
  self->n_ended = 0;
  self->output = mpel_output_new (stream, out[1], "1234", ended_cb, self);
  /* Only the test needs this end: the output writes to a number. */
  g_object_set_data (G_OBJECT (self->output), "out", GINT_TO_POINTER (out[1]));
}

static void
fixture_clear (Fixture *self)
{
  close (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (self->output), "out")));
  if (self->in >= 0)
    close (self->in);
  close (self->out);
  g_assert_finalize_object (self->output);
}

static void
write_all (Fixture *self, const char *data, gsize length)
{
  g_assert_cmpint (write (self->in, data, length), ==, (gssize) length);
}

static void
end (Fixture *self)
{
  close (self->in);
  self->in = -1;
  while (self->n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_ended, ==, 1);
  g_assert_true (mpel_output_is_ended (self->output));
}

static void
assert_last_lines (Fixture *self, const char *expected)
{
  g_autofree char *lines = mpel_output_dup_last_lines (self->output);

  g_assert_cmpstr (lines, ==, expected);
}

/* Writes @data in one go, ends, and compares what is remembered. */
static void
assert_remembers (const char *data, gssize length, const char *expected)
{
  Fixture fixture;

  fixture_init (&fixture);
  g_assert_false (mpel_output_is_ended (fixture.output));
  write_all (&fixture, data, length < 0 ? strlen (data) : (gsize) length);
  end (&fixture);
  assert_last_lines (&fixture, expected);
  fixture_clear (&fixture);
}

static void
test_lines (void)
{
  g_test_summary ("Lines are remembered in order; the last needs no end, empty ones are left out.");

  assert_remembers ("", 0, NULL);
  assert_remembers ("\n\n\n", -1, NULL);
  assert_remembers ("one\n", -1, "one");
  assert_remembers ("one", -1, "one");
  assert_remembers ("one\ntwo", -1, "one\ntwo");
  assert_remembers ("one\n\n\ntwo\n", -1, "one\ntwo");
  assert_remembers (" \n", -1, " ");
}

static void
test_last_lines (void)
{
  Fixture fixture;
  g_autoptr (GString) expected = g_string_new (NULL);

  g_test_summary ("Of many lines the last few are remembered.");

  fixture_init (&fixture);
  for (guint i = 0; i < 3 * MAX_LAST_LINES; i++)
    {
      g_autofree char *line = g_strdup_printf ("line %u\n", i);

      write_all (&fixture, line, strlen (line));
      if (i >= 2 * MAX_LAST_LINES)
        g_string_append (expected, line);
    }
  end (&fixture);
  g_string_truncate (expected, expected->len - 1);
  assert_last_lines (&fixture, expected->str);
  fixture_clear (&fixture);
}

static void
test_long_line (void)
{
  g_autofree char *line = g_strnfill (2 * MAX_LINE_BYTES + 500, 'x');
  g_autofree char *expected = g_strdup_printf ("%.*s\n%.*s\n%.*s", MAX_LINE_BYTES, line, MAX_LINE_BYTES, line, 500, line);

  g_test_summary ("A line without end is cut into pieces, and nothing of it is lost.");

  assert_remembers (line, -1, expected);
}

static void
test_flood (void)
{
  g_autofree char *block = g_strnfill (4096, 'y');
  g_autofree char *lines = NULL;
  Fixture          fixture;
  char             drain[4096];

  g_test_summary ("Whatever is written, what is remembered is bounded.");

  fixture_init (&fixture);
  for (guint i = 0; i < 100; i++)
    {
      gsize n_read = 0;

      write_all (&fixture, block, 4096);
      while (n_read < 4096)
        {
          gssize n;

          g_main_context_iteration (NULL, TRUE);
          fcntl (fixture.out, F_SETFL, O_NONBLOCK);
          while ((n = read (fixture.out, drain, sizeof drain)) > 0)
            n_read += (gsize) n;
        }
    }
  end (&fixture);
  lines = mpel_output_dup_last_lines (fixture.output);
  g_assert_cmpuint (strlen (lines), <=, MAX_LAST_LINES * (MAX_LINE_BYTES + 1));
  g_assert_cmpuint (strlen (lines), >=, (MAX_LAST_LINES - 1) * MAX_LINE_BYTES);
  fixture_clear (&fixture);
}

static void
test_invalid_utf8 (void)
{
  g_test_summary ("What is no UTF-8, and NULs, are shown as such in what is remembered.");

  assert_remembers ("caf\xe9\n", -1, "caf\xef\xbf\xbd");
  assert_remembers ("a\0b\n", 4, "a\xef\xbf\xbd"
                                 "b");
  assert_remembers ("größer 𝄞\n", -1, "größer 𝄞");
}

static void
test_cut_character (void)
{
  g_autofree char *almost = g_strnfill (MAX_LINE_BYTES - 1, 'z');
  g_autofree char *line = g_strconcat (almost, "ö!", NULL);
  Fixture          fixture;
  g_autofree char *lines = NULL;

  g_test_summary ("A character at the place where a long line is cut does not make the text invalid.");

  fixture_init (&fixture);
  write_all (&fixture, line, strlen (line));
  end (&fixture);
  lines = mpel_output_dup_last_lines (fixture.output);
  g_assert_true (g_utf8_validate (lines, -1, NULL));
  g_assert_true (g_str_has_prefix (lines, almost));
  g_assert_true (g_str_has_suffix (lines, "!"));
  fixture_clear (&fixture);
}

static void
test_partial_lines (void)
{
  Fixture fixture;

  g_test_summary ("A line may come in pieces.");

  fixture_init (&fixture);
  write_all (&fixture, "on", 2);
  g_main_context_iteration (NULL, TRUE);
  assert_last_lines (&fixture, NULL);
  write_all (&fixture, "e\ntw", 4);
  write_all (&fixture, "o\n", 2);
  end (&fixture);
  assert_last_lines (&fixture, "one\ntwo");
  fixture_clear (&fixture);
}

static void
test_pass_on (void)
{
  static const char data[] = "one\n\n\xff two\0three";
  Fixture           fixture;
  char              passed[100];

  g_test_summary ("What is passed on is what was written, byte by byte.");

  fixture_init (&fixture);
  write_all (&fixture, data, sizeof data - 1);
  end (&fixture);
  g_assert_cmpmem (passed, read (fixture.out, passed, sizeof passed), data, sizeof data - 1);
  fixture_clear (&fixture);
}

static const char *
find_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].value;
  return NULL;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *worker = find_field (fields, n_fields, "MPEL_WORKER");

  /* Others have their say as well. */
  if (worker != NULL)
    g_string_append_printf (user_data, "[%s] %s\n", worker, find_field (fields, n_fields, "MESSAGE"));
  return G_LOG_WRITER_HANDLED;
}

/* The last test: a log writer is for ever. */
static void
test_log (void)
{
  static GString *log = NULL;
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("one\ntwo", 7, NULL);
  Fixture fixture = { 0 };

  g_test_summary ("In place of passing it on, each line can become a message with the worker's id.");

  log = g_string_new (NULL);
  g_log_set_writer_func (write_log, log, NULL);
  fixture.output = mpel_output_new (stream, -1, "1234", ended_cb, &fixture);
  while (fixture.n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (log->str, ==, "[1234] worker 1234: one\n[1234] worker 1234: two\n");
  assert_last_lines (&fixture, "one\ntwo");
  g_assert_finalize_object (fixture.output);
}

static void
test_stop (void)
{
  Fixture fixture;

  g_test_summary ("Once stopped it tells nobody, and lets go of the stream that somebody keeps open.");

  fixture_init (&fixture);
  write_all (&fixture, "one\n", 4);
  mpel_output_stop (fixture.output);
  while (!mpel_output_is_ended (fixture.output))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture.n_ended, ==, 0);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/output/lines", test_lines);
  g_test_add_func ("/unit/output/last-lines", test_last_lines);
  g_test_add_func ("/unit/output/long-line", test_long_line);
  g_test_add_func ("/unit/output/flood", test_flood);
  g_test_add_func ("/unit/output/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/unit/output/cut-character", test_cut_character);
  g_test_add_func ("/unit/output/partial-lines", test_partial_lines);
  g_test_add_func ("/unit/output/pass-on", test_pass_on);
  g_test_add_func ("/unit/output/stop", test_stop);
  g_test_add_func ("/unit/output/log", test_log);
  return g_test_run ();
}
