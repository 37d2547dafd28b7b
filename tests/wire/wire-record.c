/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "wire-record.h"

#include "mpel-failure-private.h"

#define MAX_CLOSE_LOOK_BYTES 2000

static const char *const kind_names[] = {
  "none", "hello", "event", "done", "failed", "load",
  "cancel", "ack", "recall", "progress", "yield", "recalled",
  "create", "release", "describe", "changed", "signal", "items"
};

G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == MPEL_RECORD_ITEMS + 1);

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

/* In the hello of another version the flags may mean anything. */
static gboolean
has_object (const MpelRecord *record)
{
  return record->kind != MPEL_RECORD_HELLO && (record->flags & MPEL_RECORD_FLAG_OBJECT) != 0;
}

char *
wire_describe_record (const MpelRecord *record)
{
  GString *text = g_string_new (NULL);

  describe_kind (text, record->kind);
  g_string_append_printf (text, " id=%" G_GUINT64_FORMAT, record->id);
  if (record->flags != 0)
    g_string_append_printf (text, " flags=%d", (int) record->flags);
  if (has_object (record))
    g_string_append_printf (text, " object=%" G_GUINT64_FORMAT, record->object);
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

/* What a reader relies on without looking. */
static void
look_at_envelope (const MpelRecord *record)
{
  g_autoptr (GVariant) inner = g_variant_get_child_value (record->value, 0);
  g_autoptr (GVariant) mentions = g_variant_get_child_value (record->value, 1);

  if (record->kind == MPEL_RECORD_EVENT)
    {
      const char *variable;

      g_assert_true (g_variant_is_of_type (inner, G_VARIANT_TYPE_TUPLE));
      g_variant_get_child (record->value, 2, "&s", &variable);
      g_assert_true (g_utf8_validate (variable, -1, NULL));
    }
  for (gsize i = 0; i < g_variant_n_children (mentions); i++)
    g_variant_unref (g_variant_get_child_value (mentions, i));
}

static void
look_at_class (GVariant *value)
{
  g_autoptr (GVariantIter) properties = NULL;
  g_autoptr (GVariantIter) signals = NULL;
  g_autofree const char **methods = NULL;
  const char             *name, *type, *gtype;
  guint                   flags;
  GVariant               *other;

  g_variant_get (value, "(a(sssumv)a(sas)^a&s)", &properties, &signals, &methods);
  while (g_variant_iter_next (properties, "(&s&s&su@mv)", &name, &type, &gtype, &flags, &other))
    g_variant_unref (other);
  while (g_variant_iter_next (signals, "(&s@as)", &name, &other))
    g_variant_unref (other);
}

static void
look_at_items (GVariant *value)
{
  g_autoptr (GVariantIter) items = NULL;
  guint       position, n_removed;
  guint64     id;
  const char *class_name;
  GVariant   *state;

  g_variant_get (value, "(uua(tsa{sv}))", &position, &n_removed, &items);
  while (g_variant_iter_next (items, "(t&s@a{sv})", &id, &class_name, &state))
    g_variant_unref (state);
}

static void
look_at_object_record (const MpelRecord *record)
{
  switch ((int) record->kind)
    {
    case MPEL_RECORD_CREATE:
      g_assert_cmpstr (record->name, !=, "");
      g_assert_true (record->extra == NULL || g_variant_is_of_type (record->extra, G_VARIANT_TYPE_VARDICT));
      break;
    case MPEL_RECORD_RELEASE:
      g_variant_get_uint32 (record->value);
      break;
    case MPEL_RECORD_DESCRIBE:
      look_at_class (record->value);
      break;
    case MPEL_RECORD_CHANGED:
      g_assert_nonnull (record->value);
      break;
    case MPEL_RECORD_SIGNAL:
      g_variant_n_children (record->value);
      break;
    case MPEL_RECORD_ITEMS:
      look_at_items (record->value);
      break;
    default:
      break;
    }
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
  if (record->kind != MPEL_RECORD_HELLO && (record->flags & MPEL_RECORD_FLAG_MENTIONS) != 0)
    look_at_envelope (record);
  if (!has_object (record))
    g_assert_cmpuint (record->object, ==, 0);
  look_at_object_record (record);
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
