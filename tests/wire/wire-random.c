/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "wire-record.h"

#include <math.h>
#include <string.h>

/* Records of each kind as they may be, with anything in them; and what becomes of bytes on a bad line. */

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

static GVariant *
random_event_value (GRand *rand, MpelRecordFlags flags)
{
  if (flags & MPEL_RECORD_FLAG_CLASS)
    return g_variant_new ("(@r@a{sv})", random_tuple (rand, 2), random_vardict (rand));
  return random_tuple (rand, 3);
}

static GVariant *
random_ids (GRand *rand)
{
  guint64 ids[4];
  guint   n = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (ids) + 1);

  for (guint i = 0; i < n; i++)
    ids[i] = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  return g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, ids, n, sizeof (guint64));
}

static GVariant *
random_mentions (GRand *rand, GVariant *inner)
{
  g_autofree char *variable = random_string (rand);

  return g_variant_new ("(@*@ats)", inner, random_ids (rand), variable);
}

static GVariant *
random_results (GRand *rand, GVariant *inner)
{
  GVariantBuilder builder;
  guint           n = (guint) g_rand_int_range (rand, 0, 4);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ts)"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *class_name = random_string (rand);

      g_variant_builder_add (&builder, "(ts)", (guint64) g_rand_int (rand), class_name);
    }
  return g_variant_new ("(@*a(ts))", inner, &builder);
}

static GVariant *
random_class (GRand *rand)
{
  GVariantBuilder          builder;
  guint                    n = (guint) g_rand_int_range (rand, 0, 4);
  static const char *const params[] = { "s", "mv", "a{sv}", NULL };
  static const char *const methods[] = { "sell", "Ω", "", NULL };

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sssumv)"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = random_string (rand);

      g_variant_builder_add (&builder, "(sssu@mv)", name, "i", "gint", g_rand_int (rand),
                             g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, g_rand_boolean (rand) ? g_variant_new_variant (random_basic (rand)) : NULL));
    }
  return g_variant_new ("(a(sssumv)@a(sas)^as)", &builder, g_variant_new_parsed ("[('sold', %^as)]", params), methods);
}

static GVariant *
random_items (GRand *rand)
{
  GVariantBuilder builder;
  guint           n = (guint) g_rand_int_range (rand, 0, 4);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(tsa{sv})"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *class_name = random_string (rand);

      g_variant_builder_add (&builder, "(ts@a{sv})", (guint64) g_rand_int (rand), class_name, random_vardict (rand));
    }
  return g_variant_new ("(uua(tsa{sv}))", g_rand_int (rand), g_rand_int (rand), &builder);
}

static GVariant *
random_done_value (GRand *rand, MpelRecordFlags flags)
{
  if (flags & MPEL_RECORD_FLAG_MENTIONS)
    return random_results (rand, wire_random_variant (rand, 3));
  return g_rand_boolean (rand) ? wire_random_variant (rand, 4) : NULL;
}

/* The value that goes with a kind; of a hello and some others, none. */
static GVariant *
random_value (GRand *rand, MpelRecordKind kind, MpelRecordFlags flags)
{
  GVariant *value;

  switch ((int) kind)
    {
    case MPEL_RECORD_EVENT:
      value = random_event_value (rand, flags);
      return flags & MPEL_RECORD_FLAG_MENTIONS ? random_mentions (rand, value) : value;
    case MPEL_RECORD_DONE:
      return random_done_value (rand, flags);
    case MPEL_RECORD_FAILED:
      return g_variant_new ("(sisss)", "g-io-error-quark", g_rand_int_range (rand, -5, 50), "a message", "", "");
    case MPEL_RECORD_LOAD:
      return g_variant_new ("(ut)", g_rand_int (rand), (guint64) g_rand_int (rand));
    case MPEL_RECORD_ACK:
    case MPEL_RECORD_RELEASE:
      return g_variant_new_uint32 (g_rand_int (rand));
    case MPEL_RECORD_PROGRESS:
      return random_progress (rand);
    case MPEL_RECORD_YIELD:
    case MPEL_RECORD_CHANGED:
      return wire_random_variant (rand, 4);
    case MPEL_RECORD_DESCRIBE:
      return random_class (rand);
    case MPEL_RECORD_SIGNAL:
      return random_tuple (rand, 3);
    case MPEL_RECORD_ITEMS:
      return random_items (rand);
    default:
      return NULL;
    }
}

static MpelRecordFlags
random_flags (GRand *rand, MpelRecordKind kind)
{
  guint bits = g_rand_int (rand);

  switch ((int) kind)
    {
    case MPEL_RECORD_EVENT:
      return (MpelRecordFlags) (bits & (MPEL_RECORD_FLAG_GETTER - 1));
    case MPEL_RECORD_DONE:
      return (MpelRecordFlags) (bits & MPEL_RECORD_FLAG_MENTIONS);
    case MPEL_RECORD_CHANGED:
      return (MpelRecordFlags) (bits & MPEL_RECORD_FLAG_GETTER);
    default:
      return MPEL_RECORD_FLAG_NONE;
    }
}

static gboolean
needs_name (MpelRecordKind kind)
{
  return kind == MPEL_RECORD_EVENT || kind == MPEL_RECORD_CREATE || kind == MPEL_RECORD_DESCRIBE ||
         kind == MPEL_RECORD_CHANGED || kind == MPEL_RECORD_SIGNAL;
}

static void
append_random_record (GRand *rand, MpelBatch *batch)
{
  MpelRecordKind   kind = (MpelRecordKind) g_rand_int_range (rand, MPEL_RECORD_HELLO, MPEL_RECORD_ITEMS + 1);
  MpelRecordFlags  flags = random_flags (rand, kind);
  guint64          id = kind == MPEL_RECORD_HELLO ? 1 : (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  guint64          object = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  g_autofree char *words = random_string (rand);
  g_autofree char *name = g_strconcat ("target", words, NULL);
  GVariant        *value = random_value (rand, kind, flags);
  g_autoptr (GVariant) owned = value != NULL ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GVariant) extra = g_rand_boolean (rand) ? g_variant_ref_sink (random_vardict (rand)) : NULL;
  g_autoptr (GError) error = NULL;

  mpel_batch_append_for (batch, kind, flags, id, object, needs_name (kind) || g_rand_boolean (rand) ? name : NULL, owned, extra, &error);
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
  static const guint64 numbers[] = { 0, 1, 7, 8, 39, 40, 47, 48, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff, G_MAXUINT64 - 7, G_MAXUINT64 };
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
