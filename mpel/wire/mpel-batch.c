/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-batch-private.h"

#include "mpel-blob-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-version.h"

#include <string.h>
#include <unistd.h>

void
mpel_batch_init (MpelBatch *self)
{
  self->bytes = g_byte_array_new ();
  self->fds = NULL;
  self->can_pass_fds = FALSE;
}

void
mpel_batch_clear (MpelBatch *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_clear_object (&self->fds);
}

gboolean
mpel_batch_is_empty (const MpelBatch *self)
{
  return self->bytes->len == 0;
}

/* A blob ends its batch, since the kernel bounds the descriptors of one message. */
gboolean
mpel_batch_is_full (const MpelBatch *self)
{
  return self->bytes->len >= MPEL_BATCH_BYTES || self->fds != NULL;
}

static gboolean
append_blob (MpelBatch *self, MpelFrame *frame, GVariant *value, GVariant *extra, GError **error)
{
  int fd, index;

  if (!self->can_pass_fds)
    {
      g_set_error (error,
                   MPEL_LOOP_ERROR,
                   MPEL_LOOP_ERROR_TOO_LARGE,
                   "A payload of %" G_GUINT64_FORMAT " bytes exceeds the %d that this connection carries",
                   frame->value_length + frame->extra_length,
                   MPEL_INLINE_LIMIT);
      return FALSE;
    }

  fd = mpel_blob_new (value, extra, error);
  if (fd < 0)
    return FALSE;

  if (self->fds == NULL)
    self->fds = g_unix_fd_list_new ();
  index = g_unix_fd_list_append (self->fds, fd, error);
  close (fd);
  frame->blob = (guint32) (index + 1);
  return index >= 0;
}

static guint8 *
grow (GByteArray *bytes, gsize length)
{
  guint offset = bytes->len;

  g_byte_array_set_size (bytes, offset + (guint) length);
  return bytes->data + offset;
}

/* Returns where the next part goes. No byte of ours is left as it was found. */
static guint8 *
store_padded (guint8 *at, GVariant *variant, gsize length)
{
  gsize padded = mpel_frame_pad (length);

  if (variant == NULL)
    return at;
  g_variant_store (variant, at);
  memset (at + length, 0, padded - length);
  return at + padded;
}

static gboolean
needs_blob (const MpelBatch *self, gsize payload)
{
  return payload > (self->can_pass_fds ? MPEL_BLOB_THRESHOLD : MPEL_INLINE_LIMIT);
}

static gboolean
check_name (const char *name, GError **error)
{
  if (strlen (name) < G_MAXUINT16)
    return TRUE;
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE, "The name of a target is too long");
  return FALSE;
}

/* Both would be the end of the line, were they sent. */
static gboolean
check_type (const char *type, GError **error)
{
  if (strlen (type) < MPEL_BLOB_THRESHOLD / 2 && !mpel_frame_is_too_deep (type))
    return TRUE;
  g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE, "The type of a payload is too long, or nested too deep");
  return FALSE;
}

/* Appends a whole record or, with @error, nothing at all. */
gboolean
mpel_batch_append (MpelBatch *self, MpelRecordKind kind, MpelRecordFlags flags, guint64 id, const char *name, GVariant *value, GVariant *extra, GError **error)
{
  return mpel_batch_append_for (self, kind, flags, id, 0, name, value, extra, error);
}

/* Likewise; @object goes with the flag for that. */
gboolean
mpel_batch_append_for (MpelBatch *self, MpelRecordKind kind, MpelRecordFlags flags, guint64 id, guint64 object, const char *name, GVariant *value, GVariant *extra, GError **error)
{
  const char *type = value != NULL ? g_variant_get_type_string (value) : NULL;
  MpelFrame   frame = { 0 };
  gsize       header = mpel_frame_header_size ((guint8) flags);
  gsize       head, payload;
  guint8     *at;

  if (name != NULL && !check_name (name, error))
    return FALSE;
  if (type != NULL && !check_type (type, error))
    return FALSE;

  frame.kind = (guint8) kind;
  frame.flags = (guint8) flags;
  frame.id = id;
  frame.name_length = name != NULL ? (guint16) (strlen (name) + 1) : 0;
  frame.type_length = type != NULL ? (guint32) (strlen (type) + 1) : 0;
  frame.value_length = value != NULL ? g_variant_get_size (value) : 0;
  frame.extra_length = extra != NULL ? g_variant_get_size (extra) : 0;

  head = mpel_frame_pad (header + frame.name_length + frame.type_length);
  payload = mpel_frame_pad (frame.value_length) + mpel_frame_pad (frame.extra_length);
  if (needs_blob (self, payload))
    {
      if (!append_blob (self, &frame, value, extra, error))
        return FALSE;
      payload = 0;
    }

  frame.size = (guint32) (head + payload);
  at = grow (self->bytes, frame.size);
  memset (at, 0, head);
  memcpy (at, &frame, sizeof frame);
  memcpy (at + sizeof frame, &object, header - sizeof frame);
  if (name != NULL)
    memcpy (at + header, name, frame.name_length);
  if (type != NULL)
    memcpy (at + header + frame.name_length, type, frame.type_length);
  if (payload == 0)
    return TRUE;

  at = store_padded (at + head, value, frame.value_length);
  store_padded (at, extra, frame.extra_length);
  return TRUE;
}

void
mpel_batch_append_hello (MpelBatch *self)
{
  const char  *abilities[] = { MPEL_ABILITY_BLOBS, MPEL_ABILITY_LONG_WORK, MPEL_ABILITY_OBJECTS, NULL };
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) extra = NULL;
  g_autofree char *library = g_strdup_printf ("%d.%d.%d", MPEL_MAJOR_VERSION, MPEL_MINOR_VERSION, MPEL_MICRO_VERSION);

  g_variant_dict_insert (&dict, MPEL_HELLO_PID, "u", (guint32) getpid ());
  g_variant_dict_insert (&dict, MPEL_HELLO_LIBRARY, "s", library);
  g_variant_dict_insert_value (&dict, MPEL_HELLO_ABILITIES, g_variant_new_strv (abilities, -1));
  extra = g_variant_ref_sink (g_variant_dict_end (&dict));

  mpel_batch_append (self, MPEL_RECORD_HELLO, MPEL_RECORD_FLAG_NONE, MPEL_WIRE_VERSION, NULL, NULL, extra, NULL);
}

/* The load goes first: while the host delivers the results behind it, the worker has work. */
void
mpel_batch_prepend_load (MpelBatch *self, GVariant *load)
{
  MpelBatch front;

  mpel_batch_init (&front);
  mpel_batch_append (&front, MPEL_RECORD_LOAD, MPEL_RECORD_FLAG_NONE, 0, NULL, load, NULL, NULL);
  g_byte_array_prepend (self->bytes, front.bytes->data, front.bytes->len);
  mpel_batch_clear (&front);
}

/* Returns (transfer full) the bytes; @fds is NULL when there are none. The batch starts anew. */
GBytes *
mpel_batch_steal (MpelBatch *self, GUnixFDList **fds)
{
  GByteArray *bytes = g_steal_pointer (&self->bytes);

  *fds = g_steal_pointer (&self->fds);
  self->bytes = g_byte_array_sized_new (bytes->len);
  return g_byte_array_free_to_bytes (bytes);
}

/* The first record of either side. */
gboolean
mpel_hello_check (const MpelRecord *record, GError **error)
{
  if (record->kind != MPEL_RECORD_HELLO)
    {
      g_set_error_literal (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The other process did not say hello first");
      return FALSE;
    }
  if (record->id != MPEL_WIRE_VERSION)
    {
      g_set_error (error,
                   MPEL_LOOP_ERROR,
                   MPEL_LOOP_ERROR_PROTOCOL,
                   "The other process speaks version %" G_GUINT64_FORMAT " of the wire, this one version %d",
                   record->id,
                   MPEL_WIRE_VERSION);
      return FALSE;
    }

  return TRUE;
}

gboolean
mpel_hello_has_ability (const MpelRecord *record, const char *ability)
{
  g_autoptr (GVariant) abilities = NULL;
  g_autofree const char **names = NULL;

  if (record->extra == NULL)
    return FALSE;
  abilities = g_variant_lookup_value (record->extra, MPEL_HELLO_ABILITIES, G_VARIANT_TYPE_STRING_ARRAY);
  if (abilities == NULL)
    return FALSE;

  names = g_variant_get_strv (abilities, NULL);
  return g_strv_contains (names, ability);
}
