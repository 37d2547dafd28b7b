/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* GValue to GVariant and back: each row of the table arrives as it was, both ways. */

#include "config.h"
#include "value-rows.h"
#include "value-test.h"

/* Returns: (transfer full): what the other process has of @variant: bytes, of which it knows nothing */
static GVariant *
send (GVariant *variant)
{
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (variant);
  g_autoptr (GBytes) copy = g_bytes_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return g_variant_ref_sink (g_variant_new_from_bytes (g_variant_get_type (variant), copy, FALSE));
}

static void
assert_looks_as_written (const ValueRow *row, GVariant *variant)
{
  g_autoptr (GVariant) written = NULL;

  if (row->wire == NULL)
    return;
  written = value_test_parse (row->wire);
  g_assert_cmpvariant (variant, written);
}

/* It replaces whatever the value was before. */
static void
assert_comes_back (const ValueRow *row, GVariant *variant)
{
  guint           n_rows;
  const ValueRow *rows = value_rows (&n_rows);

  for (guint i = 0; i < n_rows; i++)
    if (g_str_equal (rows[i].property, row->property))
      {
        g_auto (GValue) value = G_VALUE_INIT;

        value_row_make (&rows[i], &value);
        value_test_from_variant (&value, variant);
        g_assert_true (value_row_is (row, &value));
      }
}

static void
test_row (gconstpointer user_data)
{
  const ValueRow *row = user_data;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) received = NULL;

  g_test_summary ("The value looks on the wire as it should, and comes back as it was, bit by bit.");

  value_row_make (row, &value);
  variant = value_test_to_variant (&value);
  assert_looks_as_written (row, variant);
  g_assert_true (value_row_is (row, &value));

  received = send (variant);
  g_assert_true (g_variant_is_normal_form (received));
  assert_comes_back (row, received);
}

static void
test_row_back (gconstpointer user_data)
{
  const ValueRow *row = user_data;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GVariant) written = value_test_parse (row->wire);
  g_autoptr (GVariant) variant = NULL;

  g_test_summary ("What is on the wire makes the value, and is what that looks like.");

  g_value_init (&value, value_row_get_type (row));
  value_test_from_variant (&value, written);
  g_assert_true (value_row_is (row, &value));
  variant = value_test_to_variant (&value);
  g_assert_cmpvariant (variant, written);
}

static void
test_row_in_object (gconstpointer user_data)
{
  const ValueRow *row = user_data;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GValue) returned = G_VALUE_INIT;
  g_autoptr (GObject) object = g_object_new (TEST_TYPE_VALUES, NULL);
  g_autoptr (GObject) copy = NULL;
  g_autoptr (GVariant) state = NULL;
  g_autoptr (GVariant) received = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object that has the value is made again with it.");

  value_row_make (row, &value);
  g_object_set_property (object, row->property, &value);
  state = mpel_value_collect_properties (object, G_TYPE_OBJECT, &error);
  g_assert_no_error (error);
  received = send (state);
  copy = mpel_value_construct (TEST_TYPE_VALUES, received, &error);
  g_assert_no_error (error);
  g_value_init (&returned, G_VALUE_TYPE (&value));
  g_object_get_property (copy, row->property, &returned);
  g_assert_true (value_row_is (row, &returned));
}

static void
add_row (const ValueRow *row)
{
  g_autofree char *path = g_strconcat ("/unit/value/", row->name, NULL);
  g_autofree char *back = g_strconcat ("/unit/value/back/", row->name, NULL);
  g_autofree char *in_object = g_strconcat ("/unit/value/in-object/", row->name, NULL);

  g_test_add_data_func (path, row, test_row);
  if (row->wire != NULL)
    g_test_add_data_func (back, row, test_row_back);
  g_test_add_data_func (in_object, row, test_row_in_object);
}

int
main (int argc, char **argv)
{
  guint           n_rows;
  const ValueRow *rows = value_rows (&n_rows);

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < n_rows; i++)
    add_row (&rows[i]);
  return g_test_run ();
}
