/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is appended to a batch comes out of it again, or is refused whole. */

#include "config.h"

#include "wire-record.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"

#include <string.h>

#define N_RUNS 2000

static GRand *
rand_new (void)
{
  return g_rand_new_with_seed ((guint32) g_test_rand_int ());
}

static GBytes *
steal (MpelBatch *batch)
{
  g_autoptr (GUnixFDList) fds = NULL;
  GBytes *bytes = mpel_batch_steal (batch, &fds);

  g_assert_null (fds);
  g_assert_true (mpel_batch_is_empty (batch));
  return bytes;
}

static void
append (MpelBatch *batch, MpelRecordKind kind, guint64 id, const char *name, GVariant *value, GVariant *extra)
{
  g_autoptr (GVariant) owned_value = value != NULL ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GVariant) owned_extra = extra != NULL ? g_variant_ref_sink (extra) : NULL;
  g_autoptr (GError) error = NULL;

  mpel_batch_append (batch, kind, MPEL_RECORD_FLAG_NONE, id, name, owned_value, owned_extra, &error);
  g_assert_no_error (error);
}

static void
append_for (MpelBatch *batch, MpelRecordKind kind, guint flags, guint64 id, guint64 object, const char *name, const char *value, const char *extra)
{
  g_autoptr (GVariant) owned_value = value != NULL ? g_variant_ref_sink (g_variant_new_parsed (value)) : NULL;
  g_autoptr (GVariant) owned_extra = extra != NULL ? g_variant_ref_sink (g_variant_new_parsed (extra)) : NULL;
  g_autoptr (GError) error = NULL;

  mpel_batch_append_for (batch, kind, (MpelRecordFlags) flags, id, object, name, owned_value, owned_extra, &error);
  g_assert_no_error (error);
}

static void
assert_reads_as (GBytes *bytes, const char *const *expected)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_assert_true (wire_read_all (bytes, NULL, lines, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < lines->len && expected[i] != NULL; i++)
    g_assert_cmpstr (lines->pdata[i], ==, expected[i]);
  g_assert_cmpuint (lines->len, ==, g_strv_length ((char **) expected));
}

static void
test_each_kind (void)
{
  static const char *const expected[] = {
    "event id=1 name=add value=(int64 1, int64 2) extra={'base': <uint32 10>}",
    "event id=2 name=Ω value=()",
    "done id=1 value='…'",
    "done id=2",
    "failed id=3 value=('d', 4, 'm', '', 't')",
    "load id=0 value=(uint32 2, uint64 3)",
    "cancel id=4",
    "ack id=5 value=uint32 256",
    "recall id=18446744073709551615",
    "progress id=6 value=(0.25, '…')",
    "yield id=7 value=@mi 5",
    "recalled id=0",
    NULL,
  };
  MpelBatch batch;
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("Records of each kind come out as they went in, in order.");

  mpel_batch_init (&batch);
  g_assert_true (mpel_batch_is_empty (&batch));
  append (&batch, MPEL_RECORD_EVENT, 1, "add", g_variant_new ("(xx)", G_GINT64_CONSTANT (1), G_GINT64_CONSTANT (2)), g_variant_new_parsed ("{'base': <uint32 10>}"));
  append (&batch, MPEL_RECORD_EVENT, 2, "Ω", g_variant_new ("()"), NULL);
  append (&batch, MPEL_RECORD_DONE, 1, NULL, g_variant_new_string ("…"), NULL);
  append (&batch, MPEL_RECORD_DONE, 2, NULL, NULL, NULL);
  append (&batch, MPEL_RECORD_FAILED, 3, NULL, g_variant_new ("(sisss)", "d", 4, "m", "", "t"), NULL);
  append (&batch, MPEL_RECORD_LOAD, 0, NULL, g_variant_new ("(ut)", 2, (guint64) 3), NULL);
  append (&batch, MPEL_RECORD_CANCEL, 4, NULL, NULL, NULL);
  append (&batch, MPEL_RECORD_ACK, 5, NULL, g_variant_new_uint32 (MPEL_YIELD_WINDOW), NULL);
  append (&batch, MPEL_RECORD_RECALL, G_MAXUINT64, NULL, NULL, NULL);
  append (&batch, MPEL_RECORD_PROGRESS, 6, NULL, g_variant_new ("(ds)", 0.25, "…"), NULL);
  append (&batch, MPEL_RECORD_YIELD, 7, NULL, g_variant_new ("mi", TRUE, 5), NULL);
  append (&batch, MPEL_RECORD_RECALLED, 0, NULL, NULL, NULL);
  g_assert_false (mpel_batch_is_full (&batch));
  bytes = steal (&batch);

  assert_reads_as (bytes, expected);
  mpel_batch_clear (&batch);
}

static void
test_each_kind_of_objects (void)
{
  static const char *const expected[] = {
    "create id=2 name=Shop extra={'size': <5>}",
    "create id=4 name=Shop",
    "event id=1 flags=4 object=2 name=sell value=()",
    "event id=2 flags=13 object=18446744073709551615 name=Ω value=((handle 0,), [uint64 3], '') extra={'k': <'v'>}",
    "event id=3 flags=24 name=sell value=((), @at [], 'shop')",
    "done id=1 flags=8 value=(handle 0, [(uint64 5, 'Bread')])",
    "describe id=0 name=Shop value=([('size', 'i', 'gint', uint32 3, @mv nothing)], @a(sas) [], @as [])",
    "changed id=2 name=size value=4",
    "changed id=2 flags=32 name=total value=@mi nothing",
    "signal id=2 name=sold value=('bread', 2)",
    "items id=6 value=(uint32 0, uint32 0, [(uint64 7, 'Bread', {'price': <2>})])",
    "release id=2 value=uint32 1",
    NULL,
  };
  MpelBatch batch;
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("So do those of objects, and the id of the object whose method an event is.");

  mpel_batch_init (&batch);
  append_for (&batch, MPEL_RECORD_CREATE, 0, 2, 0, "Shop", NULL, "{'size': <5>}");
  append_for (&batch, MPEL_RECORD_CREATE, 0, 4, 0, "Shop", NULL, NULL);
  append_for (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_OBJECT, 1, 2, "sell", "()", NULL);
  append_for (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_OBJECT | MPEL_RECORD_FLAG_MENTIONS | MPEL_RECORD_FLAG_NO_OUTPUT, 2, G_MAXUINT64, "Ω", "((handle 0,), [uint64 3], '')", "{'k': <'v'>}");
  append_for (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_MENTIONS | MPEL_RECORD_FLAG_SAVE, 3, 0, "sell", "((), @at [], 'shop')", NULL);
  append_for (&batch, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_MENTIONS, 1, 0, NULL, "(handle 0, [(uint64 5, 'Bread')])", NULL);
  append_for (&batch, MPEL_RECORD_DESCRIBE, 0, 0, 0, "Shop", "([('size', 'i', 'gint', uint32 3, @mv nothing)], @a(sas) [], @as [])", NULL);
  append_for (&batch, MPEL_RECORD_CHANGED, 0, 2, 0, "size", "4", NULL);
  append_for (&batch, MPEL_RECORD_CHANGED, MPEL_RECORD_FLAG_GETTER, 2, 0, "total", "@mi nothing", NULL);
  append_for (&batch, MPEL_RECORD_SIGNAL, 0, 2, 0, "sold", "('bread', 2)", NULL);
  append_for (&batch, MPEL_RECORD_ITEMS, 0, 6, 0, NULL, "(uint32 0, uint32 0, [(uint64 7, 'Bread', {'price': <2>})])", NULL);
  append_for (&batch, MPEL_RECORD_RELEASE, 0, 2, 0, NULL, "uint32 1", NULL);
  bytes = steal (&batch);

  assert_reads_as (bytes, expected);
  mpel_batch_clear (&batch);
}

static void
test_object_without_flag (void)
{
  static const char *const expected[] = { "event id=1 name=sell value=()", NULL };
  MpelBatch                batch;
  g_autoptr (GBytes) bytes = NULL;

  g_test_summary ("Without its flag the id of an object does not travel, nor take room.");

  mpel_batch_init (&batch);
  append_for (&batch, MPEL_RECORD_EVENT, 0, 1, 5, "sell", "()", NULL);
  bytes = steal (&batch);
  assert_reads_as (bytes, expected);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, sizeof (MpelFrame) + 8 + 8);
  mpel_batch_clear (&batch);
}

/* Whatever follows the id, it stays where it can be read, and all else is aligned. */
static void
test_object_alignment (void)
{
  g_test_summary ("Names of any length follow the id of an object.");

  for (guint i = 1; i < 20; i++)
    {
      g_autofree char *name = g_strnfill (i, 'n');
      g_autofree char *expected = g_strdup_printf ("event id=1 flags=4 object=81985529216486895 name=%s value=(uint64 %u,)", name, i);
      g_autofree char *value = g_strdup_printf ("(uint64 %u,)", i);
      g_autoptr (GBytes) bytes = NULL;
      MpelBatch batch;

      mpel_batch_init (&batch);
      append_for (&batch, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_OBJECT, 1, G_GUINT64_CONSTANT (0x0123456789abcdef), name, value, NULL);
      bytes = steal (&batch);
      assert_reads_as (bytes, (const char *[]){ expected, NULL });
      mpel_batch_clear (&batch);
    }
}

static void
test_hello (void)
{
  MpelBatch batch;
  g_autoptr (GBytes) bytes = NULL;
  g_auto (MpelRecord) record = MPEL_RECORD_INIT;
  g_autoptr (GError) error = NULL;
  gsize offset = 0;

  g_test_summary ("A hello is recognised, and says what its sender can do.");

  mpel_batch_init (&batch);
  mpel_batch_append_hello (&batch);
  bytes = steal (&batch);

  g_assert_true (mpel_frame_decode (bytes, &offset, NULL, &record, &error));
  g_assert_no_error (error);
  g_assert_true (mpel_hello_check (&record, &error));
  g_assert_no_error (error);
  g_assert_true (mpel_hello_has_ability (&record, MPEL_ABILITY_BLOBS));
  g_assert_true (mpel_hello_has_ability (&record, MPEL_ABILITY_LONG_WORK));
  g_assert_true (mpel_hello_has_ability (&record, MPEL_ABILITY_OBJECTS));
  g_assert_false (mpel_hello_has_ability (&record, "blob"));
  g_assert_false (mpel_hello_has_ability (&record, ""));

  record.id++;
  g_assert_false (mpel_hello_check (&record, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "version 2 "));
  g_assert_nonnull (strstr (error->message, "version 1"));
  mpel_batch_clear (&batch);
}

static void
test_abilities_of_another_type (void)
{
  static const char *const dictionaries[] = { "{'abilities': <'blobs'>}", "{'abilities': <@as []>}", "@a{sv} {}", "{'abilities': <[1]>}" };

  g_test_summary ("Abilities that are no list of names are none.");

  for (guint i = 0; i < G_N_ELEMENTS (dictionaries); i++)
    {
      MpelRecord record = { .kind = MPEL_RECORD_HELLO };
      g_autoptr (GVariant) extra = g_variant_ref_sink (g_variant_new_parsed (dictionaries[i]));

      record.extra = extra;
      g_assert_false (mpel_hello_has_ability (&record, MPEL_ABILITY_BLOBS));
    }
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = rand_new ();

  g_test_summary ("Random records of any type are read as they were written.");

  for (guint i = 0; i < N_RUNS; i++)
    {
      MpelBatch        batch;
      GVariant        *value = wire_random_variant (rand, 5);
      g_autofree char *printed = NULL;
      g_autofree char *expected = NULL;
      g_autoptr (GBytes) bytes = NULL;

      mpel_batch_init (&batch);
      append (&batch, MPEL_RECORD_DONE, i, NULL, g_variant_ref_sink (value), NULL);
      printed = g_variant_print (value, TRUE);
      expected = g_strdup_printf ("done id=%u value=%s", i, printed);
      bytes = steal (&batch);
      assert_reads_as (bytes, (const char *[]){ expected, NULL });
      g_variant_unref (value);
      mpel_batch_clear (&batch);
    }
}

static void
test_random_batches (void)
{
  g_autoptr (GRand) rand = rand_new ();

  g_test_summary ("Whole batches of random records are read to the end.");

  for (guint i = 0; i < N_RUNS / 10; i++)
    {
      MpelBatch batch;
      guint     n = (guint) g_rand_int_range (rand, 1, 30);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GError) error = NULL;

      mpel_batch_init (&batch);
      wire_random_batch (rand, &batch, n);
      bytes = steal (&batch);
      g_assert_cmpuint (g_bytes_get_size (bytes) % 8, ==, 0);
      g_assert_true (wire_read_all (bytes, NULL, lines, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (lines->len, ==, n);
      mpel_batch_clear (&batch);
    }
}

static void
test_values_stand_alone (void)
{
  MpelBatch  batch;
  MpelRecord record = MPEL_RECORD_INIT;
  g_autoptr (GVariant) value = NULL;
  GBytes *bytes;
  gsize   offset = 0;

  g_test_summary ("A value may be kept when its record and its batch have gone.");

  mpel_batch_init (&batch);
  append (&batch, MPEL_RECORD_DONE, 1, NULL, g_variant_new_string ("kept"), NULL);
  bytes = steal (&batch);
  g_assert_true (mpel_frame_decode (bytes, &offset, NULL, &record, NULL));
  value = g_variant_ref (record.value);
  mpel_record_clear (&record);
  g_assert_null (record.value);
  g_bytes_unref (bytes);

  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, "kept");
  mpel_batch_clear (&batch);
}

static char *
make_name (gsize length)
{
  char *name = g_malloc0 (length + 1);

  memset (name, 'n', length);
  return name;
}

static void
test_names (void)
{
  g_autofree char *longest = make_name (G_MAXUINT16 - 1);
  g_autofree char *longer = make_name (G_MAXUINT16);
  g_autofree char *expected = g_strdup_printf ("done id=1 name=%s", longest);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  MpelBatch batch;

  g_test_summary ("The longest name is carried; a longer one leaves the batch as it was.");

  mpel_batch_init (&batch);
  g_assert_false (mpel_batch_append (&batch, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_NONE, 1, longer, NULL, NULL, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE);
  g_assert_true (mpel_batch_is_empty (&batch));

  append (&batch, MPEL_RECORD_DONE, 1, longest, NULL, NULL);
  bytes = steal (&batch);
  assert_reads_as (bytes, (const char *[]){ expected, NULL });
  mpel_batch_clear (&batch);
}

static GVariant *
make_nested (guint depth)
{
  GVariant *value = g_variant_new_byte (5);

  for (guint i = 0; i < depth; i++)
    value = g_variant_new_tuple (&value, 1);
  return g_variant_ref_sink (value);
}

static void
test_nested (void)
{
  g_autoptr (GVariant) deepest = make_nested (127);
  g_autoptr (GVariant) deeper = make_nested (128);
  g_autoptr (GError) error = NULL;
  MpelBatch batch;

  g_test_summary ("A value of a type that nobody could look into leaves the batch as it was.");

  mpel_batch_init (&batch);
  g_assert_false (mpel_batch_append (&batch, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_NONE, 1, NULL, deeper, NULL, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE);
  g_assert_true (mpel_batch_is_empty (&batch));

  append (&batch, MPEL_RECORD_DONE, 1, NULL, deepest, NULL);
  g_assert_false (mpel_batch_is_empty (&batch));
  mpel_batch_clear (&batch);
}

static void
test_full (void)
{
  MpelBatch batch;
  guint     n = 0;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_test_summary ("A batch is full at its size, and empty and of use again once it was taken.");

  mpel_batch_init (&batch);
  for (; !mpel_batch_is_full (&batch); n++)
    append (&batch, MPEL_RECORD_DONE, n, NULL, g_variant_new_uint32 (n), NULL);
  bytes = steal (&batch);
  g_assert_cmpuint (g_bytes_get_size (bytes), >=, MPEL_BATCH_BYTES);
  g_assert_cmpuint (g_bytes_get_size (bytes), <, MPEL_BATCH_BYTES + 64);
  g_assert_true (wire_read_all (bytes, NULL, lines, NULL));
  g_assert_cmpuint (lines->len, ==, n);

  g_assert_false (mpel_batch_is_full (&batch));
  append (&batch, MPEL_RECORD_DONE, 1, NULL, NULL, NULL);
  g_assert_false (mpel_batch_is_empty (&batch));
  mpel_batch_clear (&batch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/batch/each-kind", test_each_kind);
  g_test_add_func ("/wire/batch/each-kind-of-objects", test_each_kind_of_objects);
  g_test_add_func ("/wire/batch/object-without-flag", test_object_without_flag);
  g_test_add_func ("/wire/batch/object-alignment", test_object_alignment);
  g_test_add_func ("/wire/batch/hello", test_hello);
  g_test_add_func ("/wire/batch/abilities-of-another-type", test_abilities_of_another_type);
  g_test_add_func ("/wire/batch/random", test_random);
  g_test_add_func ("/wire/batch/random-batches", test_random_batches);
  g_test_add_func ("/wire/batch/values-stand-alone", test_values_stand_alone);
  g_test_add_func ("/wire/batch/names", test_names);
  g_test_add_func ("/wire/batch/nested", test_nested);
  g_test_add_func ("/wire/batch/full", test_full);
  return g_test_run ();
}
