/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "wire-record.h"

#include "mpel-failure-private.h"

#include <math.h>
#include <string.h>

#define MAX_CLOSE_LOOK_BYTES 2000

static const char *const kind_names[] = {
  "none", "hello", "event", "done", "failed", "load",
  "cancel", "ack", "recall", "progress", "yield", "recalled"
};

G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == MPEL_RECORD_RECALLED + 1);

static void
describe_kind (GString *text, MpelRecordKind kind)
{
  if ((guint) kind < G_N_ELEMENTS (kind_names))
    g_string_append (text, kind_names[kind]);
  else
    g_string_append_printf (text, "kind=%d", (int) kind);
}

static void
describe_variant (GString *text, const char *key, GVariant *variant)
{
  if (variant == NULL)
    return;
  g_string_append_printf (text, " %s=", key);
  g_variant_print_string (variant, text, TRUE);
}

char *
wire_describe_record (const MpelRecord *record)
{
  GString *text = g_string_new (NULL);

  describe_kind (text, record->kind);
  g_string_append_printf (text, " id=%" G_GUINT64_FORMAT, record->id);
  if (record->flags != 0)
    g_string_append_printf (text, " flags=%d", (int) record->flags);
  if (record->name[0] != '\0')
    g_string_append_printf (text, " name=%s", record->name);
  describe_variant (text, "value", record->value);
  describe_variant (text, "extra", record->extra);
  return g_string_free (text, FALSE);
}

/* A wrong length shows, if anywhere, when the value is read. */
static void
look_at_value (GVariant *value)
{
  if (value == NULL)
    return;
  g_variant_is_normal_form (value);
  /* Element by element: too slow for what is large. */
  if (g_variant_get_size (value) < MAX_CLOSE_LOOK_BYTES)
    g_variant_unref (g_variant_get_normal_form (value));
}

static void
look_at_progress (GVariant *value)
{
  double      fraction;
  const char *message;

  g_variant_get (value, "(d&s)", &fraction, &message);
  g_assert_true (g_utf8_validate (message, -1, NULL));
}

static void
look_at (const MpelRecord *record)
{
  look_at_value (record->value);
  look_at_value (record->extra);
  g_assert_true (g_utf8_validate (record->name, -1, NULL));
  if (record->kind == MPEL_RECORD_FAILED)
    mpel_failure_free (mpel_failure_new_from_variant (record->value));
  if (record->kind == MPEL_RECORD_HELLO)
    mpel_hello_has_ability (record, "blobs");
  if (record->kind == MPEL_RECORD_PROGRESS)
    look_at_progress (record->value);
  if (record->kind == MPEL_RECORD_YIELD)
    g_assert_nonnull (record->value);
}

static gboolean
is_clear (const MpelRecord *record)
{
  return record->value == NULL && record->extra == NULL && record->bytes == NULL;
}

gboolean
wire_read_all (GBytes *bytes, GUnixFDList *fds, GPtrArray *lines, GError **error)
{
  gsize offset = 0;

  while (offset < g_bytes_get_size (bytes))
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      gsize begin = offset;

      if (!mpel_frame_decode (bytes, &offset, fds, &record, error))
        {
          g_assert_cmpuint (offset, ==, begin);
          g_assert_true (is_clear (&record));
          return FALSE;
        }

      g_assert_cmpuint (offset, >, begin);
      g_assert_cmpuint (offset, <=, g_bytes_get_size (bytes));
      look_at (&record);
      if (lines != NULL)
        g_ptr_array_add (lines, wire_describe_record (&record));
    }

  return TRUE;
}

static char *
random_string (GRand *rand)
{
  static const char *const pieces[] = { "a", "Ω", "…", "\n", "\"", "x y", "", "0123456789", "𝄞" };
  GString                 *text = g_string_new (NULL);
  guint                    n = (guint) g_rand_int_range (rand, 0, 12);

  for (guint i = 0; i < n; i++)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}

static GVariant *
random_basic (GRand *rand)
{
  guint64 number = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      return g_variant_new_boolean (number & 1);
    case 1:
      return g_variant_new_byte ((guint8) number);
    case 2:
      return g_variant_new_int16 ((gint16) number);
    case 3:
      return g_variant_new_uint32 ((guint32) number);
    case 4:
      return g_variant_new_int64 ((gint64) number);
    case 5:
      return g_variant_new_double (g_rand_double_range (rand, -1e100, 1e100));
    case 6:
      return g_variant_new_uint64 (number);
    default:
      return g_variant_new_take_string (random_string (rand));
    }
}

/* Elements of one type: the first one, again and again. */
static GVariant *
random_array (GRand *rand, guint depth)
{
  g_autoptr (GVariant) element = g_variant_ref_sink (wire_random_variant (rand, depth - 1));
  g_autoptr (GPtrArray) elements = g_ptr_array_new ();
  guint n = (guint) g_rand_int_range (rand, 0, 6);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (elements, element);
  return g_variant_new_array (g_variant_get_type (element), (GVariant *const *) elements->pdata, n);
}

static GVariant *
random_tuple (GRand *rand, guint depth)
{
  GVariant *children[4];
  guint     n = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (children) + 1);

  for (guint i = 0; i < n; i++)
    children[i] = wire_random_variant (rand, depth > 0 ? depth - 1 : 0);
  return g_variant_new_tuple (children, n);
}

/* Returns: (transfer floating) */
GVariant *
wire_random_variant (GRand *rand, guint depth)
{
  if (depth == 0)
    return random_basic (rand);

  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      return random_array (rand, depth);
    case 1:
      return random_tuple (rand, depth);
    case 2:
      return g_variant_new_variant (wire_random_variant (rand, depth - 1));
    case 3:
      return g_variant_new_maybe (NULL, wire_random_variant (rand, depth - 1));
    default:
      return random_basic (rand);
    }
}

static GVariant *
random_vardict (GRand *rand)
{
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);
  guint        n = (guint) g_rand_int_range (rand, 0, 4);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = random_string (rand);

      g_variant_dict_insert_value (&dict, key, wire_random_variant (rand, 2));
    }
  return g_variant_dict_end (&dict);
}

static GVariant *
random_progress (GRand *rand)
{
  static const double odd[] = { 0, 1, -1, 1e300, G_MINDOUBLE, NAN, INFINITY };
  double              fraction = g_rand_boolean (rand) ? g_rand_double (rand) : odd[g_rand_int_range (rand, 0, G_N_ELEMENTS (odd))];
  g_autofree char    *message = random_string (rand);

  return g_variant_new ("(ds)", fraction, message);
}

/* The value that goes with a kind; of a hello and some others, none. */
static GVariant *
random_value (GRand *rand, MpelRecordKind kind, MpelRecordFlags flags)
{
  switch ((int) kind)
    {
    case MPEL_RECORD_EVENT:
      if (flags & MPEL_RECORD_FLAG_CLASS)
        return g_variant_new ("(@r@a{sv})", random_tuple (rand, 2), random_vardict (rand));
      return random_tuple (rand, 3);
    case MPEL_RECORD_DONE:
      return g_rand_boolean (rand) ? wire_random_variant (rand, 4) : NULL;
    case MPEL_RECORD_FAILED:
      return g_variant_new ("(sisss)", "g-io-error-quark", g_rand_int_range (rand, -5, 50), "a message", "", "");
    case MPEL_RECORD_LOAD:
      return g_variant_new ("(ut)", g_rand_int (rand), (guint64) g_rand_int (rand));
    case MPEL_RECORD_ACK:
      return g_variant_new_uint32 (g_rand_int (rand));
    case MPEL_RECORD_PROGRESS:
      return random_progress (rand);
    case MPEL_RECORD_YIELD:
      return wire_random_variant (rand, 4);
    default:
      return NULL;
    }
}

static void
append_random_record (GRand *rand, MpelBatch *batch)
{
  MpelRecordKind   kind = (MpelRecordKind) g_rand_int_range (rand, MPEL_RECORD_HELLO, MPEL_RECORD_RECALLED + 1);
  MpelRecordFlags  flags = (MpelRecordFlags) g_rand_int_range (rand, 0, 4);
  guint64          id = kind == MPEL_RECORD_HELLO ? 1 : (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  g_autofree char *words = random_string (rand);
  g_autofree char *name = g_strconcat ("target", words, NULL);
  GVariant        *value = random_value (rand, kind, flags);
  g_autoptr (GVariant) owned = value != NULL ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GVariant) extra = g_rand_boolean (rand) ? g_variant_ref_sink (random_vardict (rand)) : NULL;
  g_autoptr (GError) error = NULL;

  mpel_batch_append (batch, kind, flags, id, kind == MPEL_RECORD_EVENT || g_rand_boolean (rand) ? name : NULL, owned, extra, &error);
  g_assert_no_error (error);
}

void
wire_random_batch (GRand *rand, MpelBatch *batch, guint n_records)
{
  for (guint i = 0; i < n_records; i++)
    append_random_record (rand, batch);
}

/* Numbers that have broken something before. */
static void
mutate_once (GRand *rand, guint8 *data, gsize length)
{
  static const guint64 numbers[] = { 0, 1, 7, 8, 39, 40, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff, G_MAXUINT64 - 7, G_MAXUINT64 };
  static const gsize   sizes[] = { 1, 2, 4, 8 };
  guint64              number = numbers[g_rand_int_range (rand, 0, G_N_ELEMENTS (numbers))];
  gsize                size = sizes[g_rand_int_range (rand, 0, G_N_ELEMENTS (sizes))];
  gsize                at = (gsize) g_rand_int_range (rand, 0, (gint32) length);

  switch (g_rand_int_range (rand, 0, 3))
    {
    case 0:
      data[at] = (guint8) g_rand_int (rand);
      break;
    case 1:
      data[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      break;
    default:
      at &= ~(size - 1);
      memcpy (data + at, &number, MIN (size, length - at));
    }
}

/* A few changes, and now and then a cut. Returns memory of its own, at its exact length. */
GBytes *
wire_mutate (GRand *rand, GBytes *bytes)
{
  gsize   length;
  guint8 *data = g_bytes_unref_to_data (g_bytes_ref (bytes), &length);
  guint   n = length > 0 ? (guint) g_rand_int_range (rand, 1, 6) : 0;
  GBytes *mutated;

  for (guint i = 0; i < n; i++)
    mutate_once (rand, data, length);
  if (length > 0 && g_rand_int_range (rand, 0, 4) == 0)
    length = (gsize) g_rand_int_range (rand, 0, (gint32) length);

  mutated = g_bytes_new (data, length);
  g_free (data);
  return mutated;
}
