/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-frame-private.h"

#include "mpel-blob-private.h"
#include "mpel-loop-error.h"
#include "mpel-memory-private.h"
#include "mpel-names-private.h"

#include <string.h>

/* Decoding is total: any bytes either give a record or an error. What is inside a value is left
 * to GVariant, which reads any bytes as a value of the given type. */

/* A small value that somebody keeps must not keep the whole batch; a large one is not copied. */
#define COPY_LIMIT (16 * 1024)

/* Of bytes that are not in normal form GLib may read the padding without looking where they end. */
#define SLACK MPEL_MEMORY_SLACK

/* How deep types may be nested, as GVariant counts. */
#define MAX_DEPTH 128

/* What every version says in the same place: size, kind, id. */
#define FROZEN_BYTES 16

/* Where the parts of one record lie; all of them inside the batch, or the blob. */
typedef struct
{
  const MpelFrame *frame;
  guint64          object;
  const char      *name;    /* (nullable) */
  const char      *type;    /* (nullable) */
  GBytes          *payload; /* (unowned) the batch, or a blob */
  gsize            value_offset;
} Parts;

gsize
mpel_frame_pad (gsize length)
{
  return (length + 7) & ~(gsize) 7;
}

gsize
mpel_frame_header_size (guint8 flags)
{
  return sizeof (MpelFrame) + ((flags & MPEL_RECORD_FLAG_OBJECT) != 0 ? sizeof (guint64) : 0);
}

/* GVariant takes types that are nested so deep, but when it looks into a value of one it gives up
 * the process. */
gboolean
mpel_frame_is_too_deep (const char *type)
{
  g_autofree char *array = NULL;

  if (strlen (type) <= MAX_DEPTH)
    return FALSE;
  array = g_strconcat ("a", type, NULL);
  return !g_variant_type_string_is_valid (array);
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The other process sent a record that makes no sense: %s", reason);
  return FALSE;
}

static gboolean
check_name (const char *name, gsize length, GError **error)
{
  if (length == 0)
    return TRUE;
  if (name[length - 1] != '\0' || !g_utf8_validate (name, length - 1, NULL))
    return refuse (error, "its name is no UTF-8 string");
  return TRUE;
}

static gboolean
check_type (const char *type, gsize length, GError **error)
{
  const char *end;

  if (length == 0)
    return TRUE;
  /* Most results are of a basic type. */
  if (length == 2 && type[1] == '\0' && type[0] != '\0' && strchr ("bynqiuxtdsv", type[0]) != NULL)
    return TRUE;
  if (type[length - 1] != '\0' ||
      !g_variant_type_string_scan (type, type + length - 1, &end) || end != type + length - 1 ||
      !g_variant_type_is_definite ((const GVariantType *) type))
    return refuse (error, "its type is no definite type string");
  if (mpel_frame_is_too_deep (type))
    return refuse (error, "its type is nested too deep");
  return TRUE;
}

/* Do the value and, behind its padding, the extra fit into @room bytes? Nothing overflows. */
static gboolean
payload_fits (const MpelFrame *frame, gsize room)
{
  if (frame->value_length > room)
    return FALSE;
  if (frame->extra_length == 0)
    return TRUE;
  return mpel_frame_pad (frame->value_length) <= room &&
         frame->extra_length <= room - mpel_frame_pad (frame->value_length);
}

/* What a record of each kind must have, and the flags that it may have. */
typedef struct
{
  gboolean    needs_name;
  const char *type; /* (nullable) of its value; NULL: none is needed, and any will do */
  guint8      flags;
  const char *what; /* (nullable) the value is, if it has a type of its own */
} Kind;

#define EVENT_FLAGS                                                                \
  (MPEL_RECORD_FLAG_NO_OUTPUT | MPEL_RECORD_FLAG_CLASS | MPEL_RECORD_FLAG_OBJECT | \
   MPEL_RECORD_FLAG_MENTIONS | MPEL_RECORD_FLAG_SAVE)

static const Kind kinds[] = {
  [MPEL_RECORD_HELLO] = { FALSE, NULL, 0 },
  [MPEL_RECORD_EVENT] = { TRUE, "*", EVENT_FLAGS },
  [MPEL_RECORD_DONE] = { FALSE, NULL, MPEL_RECORD_FLAG_MENTIONS },
  [MPEL_RECORD_FAILED] = { FALSE, "(sisss)", 0, "a failure" },
  [MPEL_RECORD_LOAD] = { FALSE, "(ut)", 0, "a load" },
  [MPEL_RECORD_CANCEL] = { FALSE, NULL, 0 },
  [MPEL_RECORD_ACK] = { FALSE, "u", 0, "an acknowledgement" },
  [MPEL_RECORD_RECALL] = { FALSE, NULL, 0 },
  [MPEL_RECORD_PROGRESS] = { FALSE, "(ds)", 0, "a progress" },
  [MPEL_RECORD_YIELD] = { FALSE, "*", 0 },
  [MPEL_RECORD_RECALLED] = { FALSE, NULL, 0 },
  [MPEL_RECORD_CREATE] = { TRUE, NULL, 0 },
  [MPEL_RECORD_RELEASE] = { FALSE, "u", 0, "a release" },
  [MPEL_RECORD_DESCRIBE] = { TRUE, "(a(sssumv)a(sas)as)", 0, "a class" },
  [MPEL_RECORD_CHANGED] = { TRUE, "*", MPEL_RECORD_FLAG_GETTER },
  [MPEL_RECORD_SIGNAL] = { TRUE, "r", 0, "parameters of a signal" },
  [MPEL_RECORD_ITEMS] = { FALSE, "(uua(tsa{sv}))", 0, "items of a list" },
};

static gboolean
check_kind (const MpelFrame *frame, GError **error)
{
  const Kind *kind = &kinds[frame->kind < G_N_ELEMENTS (kinds) ? frame->kind : 0];

  if (frame->kind < MPEL_RECORD_HELLO || frame->kind >= G_N_ELEMENTS (kinds))
    return refuse (error, "its kind is unknown");
  /* New ones come with an ability that both sides have said. */
  if ((frame->flags & ~kind->flags) != 0)
    return refuse (error, "its flags are unknown");
  if (kind->needs_name && frame->name_length <= 1)
    return refuse (error, "it lacks its name");
  if (kind->type != NULL && frame->type_length == 0)
    return refuse (error, "it lacks its value");
  if (frame->type_length == 0 && frame->value_length != 0)
    return refuse (error, "it has a value without a type");
  return TRUE;
}

/* Of another version only the first bytes can be read; they are enough to say so. */
static gboolean
is_foreign_hello (const MpelFrame *frame)
{
  return frame->kind == MPEL_RECORD_HELLO && frame->id != MPEL_WIRE_VERSION;
}

static gboolean
check_size (const MpelFrame *frame, gsize room, GError **error)
{
  gsize header;

  if (room < FROZEN_BYTES)
    return refuse (error, "it is cut short");
  header = is_foreign_hello (frame) ? FROZEN_BYTES : mpel_frame_header_size (frame->flags);
  if (room < header)
    return refuse (error, "it is cut short");
  if (frame->size < header || frame->size > room || frame->size % 8 != 0)
    return refuse (error, "its size is wrong");
  return TRUE;
}

/* Finds the parts of the record at @data, of which @room bytes were received. */
static gboolean
split (const guint8 *data, gsize room, Parts *parts, GError **error)
{
  const MpelFrame *frame = (const MpelFrame *) data;
  gsize            header, head;

  if (!check_size (frame, room, error))
    return FALSE;
  parts->frame = frame;
  if (is_foreign_hello (frame))
    return TRUE;
  if (!check_kind (frame, error))
    return FALSE;

  header = mpel_frame_header_size (frame->flags);
  head = header + (gsize) frame->name_length + frame->type_length;
  if (head > frame->size || mpel_frame_pad (head) > frame->size)
    return refuse (error, "its name and type exceed it");

  if ((frame->flags & MPEL_RECORD_FLAG_OBJECT) != 0)
    parts->object = *(const guint64 *) (data + sizeof (MpelFrame));
  parts->name = frame->name_length > 0 ? (const char *) data + header : NULL;
  parts->type = frame->type_length > 0 ? (const char *) data + header + frame->name_length : NULL;
  if (!check_name (parts->name, frame->name_length, error) || !check_type (parts->type, frame->type_length, error))
    return FALSE;

  if (frame->blob == 0 && !payload_fits (frame, frame->size - mpel_frame_pad (head)))
    return refuse (error, "its payload exceeds it");

  return TRUE;
}

static GBytes *
copy_part (GBytes *payload, gsize offset, gsize length)
{
  const guint8 *data = g_bytes_get_data (payload, NULL);
  guint8       *copy = g_malloc (length + SLACK);

  if (length > 0)
    memcpy (copy, data + offset, length);
  memset (copy + length, 0, SLACK);
  return g_bytes_new_take (copy, length);
}

static GVariant *
make_variant (GBytes *payload, gsize offset, gsize length, const GVariantType *type)
{
  g_autoptr (GBytes) part = NULL;
  gsize behind = g_bytes_get_size (payload) - offset - length;

  if (length <= COPY_LIMIT || behind < SLACK)
    part = copy_part (payload, offset, length);
  else
    part = g_bytes_new_from_bytes (payload, offset, length);

  return g_variant_ref_sink (g_variant_new_from_bytes (type, part, FALSE));
}

/* What an event's value is, without its envelope. */
static gboolean
is_event_value (const MpelRecord *record, GVariant *value)
{
  return g_variant_is_of_type (value,
                               record->flags & MPEL_RECORD_FLAG_CLASS ? G_VARIANT_TYPE ("(ra{sv})") : G_VARIANT_TYPE_TUPLE);
}

static gboolean
check_event (const MpelRecord *record, GError **error)
{
  g_autoptr (GVariant) inner = NULL;

  if ((record->flags & MPEL_RECORD_FLAG_MENTIONS) == 0)
    return is_event_value (record, record->value) || refuse (error, "arguments that are no tuple");

  if (!g_variant_is_of_type (record->value, MPEL_MENTIONS_VARIANT_TYPE))
    return refuse (error, "an envelope of another shape");
  inner = g_variant_get_child_value (record->value, 0);
  return is_event_value (record, inner) || refuse (error, "arguments that are no tuple");
}

static gboolean
check_value (MpelRecord *record, GError **error)
{
  const char *type = kinds[record->kind].type;

  if (record->kind == MPEL_RECORD_EVENT)
    return check_event (record, error);
  if (type != NULL && !g_variant_is_of_type (record->value, G_VARIANT_TYPE (type)))
    {
      g_autofree char *reason = g_strdup_printf ("%s of another shape", kinds[record->kind].what != NULL ? kinds[record->kind].what : "a value");

      return refuse (error, reason);
    }
  if (record->kind == MPEL_RECORD_DONE && (record->flags & MPEL_RECORD_FLAG_MENTIONS) != 0 &&
      (record->value == NULL || !g_variant_is_of_type (record->value, MPEL_RESULTS_VARIANT_TYPE)))
    return refuse (error, "an envelope of another shape");
  return TRUE;
}

static gboolean
fill_record (const Parts *parts, MpelRecord *record, GError **error)
{
  const MpelFrame *frame = parts->frame;
  gsize            extra_offset;

  record->kind = frame->kind;
  record->flags = frame->flags;
  record->id = frame->id;
  record->object = parts->object;
  record->name = parts->name != NULL ? parts->name : "";
  if (is_foreign_hello (frame))
    return TRUE;

  extra_offset = parts->value_offset + mpel_frame_pad (frame->value_length);
  if (parts->type != NULL)
    record->value = make_variant (parts->payload, parts->value_offset, frame->value_length, (const GVariantType *) parts->type);
  if (frame->extra_length > 0)
    record->extra = make_variant (parts->payload, extra_offset, frame->extra_length, G_VARIANT_TYPE_VARDICT);

  return check_value (record, error);
}

static GBytes *
map_payload (const MpelFrame *frame, GUnixFDList *fds, GError **error)
{
  g_autoptr (GBytes) blob = NULL;

  if (fds == NULL || frame->blob > (guint) g_unix_fd_list_get_length (fds))
    {
      refuse (error, "it names a file descriptor that did not come");
      return NULL;
    }

  blob = mpel_blob_map (g_unix_fd_list_peek_fds (fds, NULL)[frame->blob - 1], error);
  if (blob != NULL && !payload_fits (frame, g_bytes_get_size (blob)))
    {
      refuse (error, "its payload exceeds its blob");
      return NULL;
    }

  return g_steal_pointer (&blob);
}

/* Takes the record at @offset and moves on behind it. @record must be clear. */
gboolean
mpel_frame_decode (GBytes *bytes, gsize *offset, GUnixFDList *fds, MpelRecord *record, GError **error)
{
  gsize         length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autoptr (GBytes) blob = NULL;
  Parts    parts = { 0 };
  gboolean is_readable;

  g_assert ((GPOINTER_TO_SIZE (data) + *offset) % 8 == 0);

  if (!split (data + *offset, length - *offset, &parts, error))
    return FALSE;

  is_readable = !is_foreign_hello (parts.frame);
  if (is_readable && parts.frame->blob != 0)
    {
      blob = map_payload (parts.frame, fds, error);
      if (blob == NULL)
        return FALSE;
      parts.payload = blob;
    }
  else if (is_readable)
    {
      parts.payload = bytes;
      parts.value_offset = *offset + mpel_frame_pad (mpel_frame_header_size (parts.frame->flags) + parts.frame->name_length + parts.frame->type_length);
    }
  if (parts.name != NULL)
    record->bytes = g_bytes_ref (bytes);
  if (!fill_record (&parts, record, error))
    {
      mpel_record_clear (record);
      return FALSE;
    }

  *offset += parts.frame->size;
  return TRUE;
}

void
mpel_record_clear (MpelRecord *record)
{
  g_clear_pointer (&record->value, g_variant_unref);
  g_clear_pointer (&record->extra, g_variant_unref);
  g_clear_pointer (&record->bytes, g_bytes_unref);
}
