/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Decoding is total: the files in tests/wire/cases say, for each check, what is let through and
 * what is refused. See wire-case.h for how they are written. */

#include "config.h"

#include "wire-case.h"
#include "wire-record.h"

#include "mpel-loop-error.h"

static void
assert_records (GPtrArray *got, GPtrArray *expected)
{
  for (guint i = 0; i < got->len && i < expected->len; i++)
    g_assert_cmpstr (got->pdata[i], ==, expected->pdata[i]);
  g_assert_cmpuint (got->len, ==, expected->len);
}

static void
assert_refused (const GError *error, const char *pattern)
{
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

/* The verdict is in the name, so that a listing of the folder can be read. */
static void
assert_name_fits (const char *path, const WireCase *wire_case)
{
  g_autofree char *name = g_path_get_basename (path);

  if (g_str_has_prefix (name, "y_"))
    g_assert_null (wire_case->error);
  else if (g_str_has_prefix (name, "n_"))
    g_assert_nonnull (wire_case->error);
  else
    g_assert_true (g_str_has_prefix (name, "i_"));
}

static void
test_case (gconstpointer user_data)
{
  const char *path = user_data;
  g_autoptr (WireCase) wire_case = wire_case_load (path);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gboolean accepted;

  g_test_summary ("The bytes of this case are read as it says, or refused with its reason.");

  assert_name_fits (path, wire_case);
  accepted = wire_read_all (wire_case->bytes, wire_case->fds, records, &error);
  if (wire_case->error != NULL)
    assert_refused (error, wire_case->error);
  else
    g_assert_no_error (error);
  g_assert_true (accepted == (wire_case->error == NULL));
  assert_records (records, wire_case->records);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer full): the names in @folder, in order */
static GPtrArray *
list_cases (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".case"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
add_cases (const char *folder)
{
  g_autoptr (GPtrArray) names = list_cases (folder);

  g_assert_cmpuint (names->len, >, 0);
  for (guint i = 0; i < names->len; i++)
    {
      const char      *name = names->pdata[i];
      g_autofree char *path = g_strdup_printf ("/wire/frame/%.*s", (int) (strlen (name) - strlen (".case")), name);

      g_test_add_data_func_full (path, g_build_filename (folder, name, NULL), test_case, g_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases (WIRE_CASES);
  return g_test_run ();
}
