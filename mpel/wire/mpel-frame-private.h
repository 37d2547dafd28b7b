/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* One record, in native byte order, always at an offset that is a multiple of 8:
 *
 *   0  u32  size of the whole record, a multiple of 8
 *   4  u8   kind
 *   5  u8   flags
 *   6  u16  length of the name with its NUL, or 0
 *   8  u64  id
 *  16  u32  length of the value's type string, or 0 when there is no value
 *  20  u32  1 + index of the fd that holds the payload, or 0 when it follows here
 *  24  u64  length of the value
 *  32  u64  length of the extra dictionary, or 0 when there is none
 *  40  u64  the object whose method an event is, only with the flag OBJECT
 *      name, type string, padding to 8; then the payload: value, padding to 8, extra, padding
 *
 * Of a hello the first 16 bytes never change: its id is the sender's version.
 */
typedef struct
{
  guint32 size;
  guint8  kind;
  guint8  flags;
  guint16 name_length;
  guint64 id;
  guint32 type_length;
  guint32 blob;
  guint64 value_length;
  guint64 extra_length;
} MpelFrame;

G_STATIC_ASSERT (sizeof (MpelFrame) == 40);

typedef enum
{
  MPEL_RECORD_HELLO = 1, /* id: version; extra: pid, library, abilities */
  MPEL_RECORD_EVENT,     /* → worker: name: target; value: args; extra: kwargs */
  MPEL_RECORD_DONE,      /* → host: value: results, or none when the event has no output */
  MPEL_RECORD_FAILED,    /* → host: value: MPEL_FAILURE_VARIANT_TYPE; id 0: the worker cannot start */
  MPEL_RECORD_LOAD,      /* → host: value: MPEL_LOAD_VARIANT_TYPE */
  MPEL_RECORD_CANCEL,    /* → worker, urgent: the event of this id is not wanted any more */
  MPEL_RECORD_ACK,       /* → worker, urgent: value: MPEL_ACK_VARIANT_TYPE */
  MPEL_RECORD_RECALL,    /* → worker, urgent: give back all events up to this id that have not begun */
  MPEL_RECORD_PROGRESS,  /* → host: value: MPEL_PROGRESS_VARIANT_TYPE */
  MPEL_RECORD_YIELD,     /* → host: value: one of the values before the end */
  MPEL_RECORD_RECALLED,  /* → host: id: the last event that has begun, or 0 */
  MPEL_RECORD_CREATE,    /* → worker: id: object; name: its class; extra: its state. In place of one of this id */
  MPEL_RECORD_RELEASE,   /* → worker: id: object; value: MPEL_RELEASE_VARIANT_TYPE */
  MPEL_RECORD_DESCRIBE,  /* → host: name: a class; value: MPEL_CLASS_VARIANT_TYPE */
  MPEL_RECORD_CHANGED,   /* → host: id: object; name: a property, or with GETTER a getter; value: its value */
  MPEL_RECORD_SIGNAL,    /* → host: id: object; name: a signal; value: a tuple of its parameters */
  MPEL_RECORD_ITEMS,     /* → host: id: list; value: MPEL_ITEMS_VARIANT_TYPE */
} MpelRecordKind;

/* Urgent records travel in batches of their own, and are honoured in GDBus's thread, also while
 * the main thread of the worker computes. Nothing may depend on their order among the others. */
#define MPEL_RECORD_IS_URGENT(kind) ((kind) >= MPEL_RECORD_CANCEL && (kind) <= MPEL_RECORD_RECALL)

typedef enum
{
  MPEL_RECORD_FLAG_NONE = 0,
  MPEL_RECORD_FLAG_NO_OUTPUT = 1 << 0, /* an event whose results nobody wants */
  MPEL_RECORD_FLAG_CLASS = 1 << 1,     /* name: an event class; value: (args, properties) */
  MPEL_RECORD_FLAG_OBJECT = 1 << 2,    /* an event that is a method of an object: its id is behind the header */
  MPEL_RECORD_FLAG_MENTIONS = 1 << 3,  /* of an event or its results: the value stands in an envelope */
  MPEL_RECORD_FLAG_SAVE = 1 << 4,      /* an event whose results are named variables, to be saved */
  MPEL_RECORD_FLAG_GETTER = 1 << 5,    /* of a change: not of a property */
} MpelRecordFlags;

/* Of an event: its value as it would be without; the ids of the objects that handles in it stand
 * for, in order; and the name of the variable whose method it is, or the empty string. Of results:
 * the same, and of each object also the class. */
#define MPEL_MENTIONS_VARIANT_TYPE G_VARIANT_TYPE ("(*ats)")
#define MPEL_RESULTS_VARIANT_TYPE G_VARIANT_TYPE ("(*a(ts))")

/* How often the object was mentioned to the host: whoever mentions it again meanwhile keeps it. */
#define MPEL_RELEASE_VARIANT_TYPE G_VARIANT_TYPE_UINT32

/* Its properties: name, type string ("" for a list), name of the value's GType, MpelPropertyFlags,
 * and the default; its signals: name and type strings of the parameters; its methods. */
#define MPEL_CLASS_VARIANT_TYPE G_VARIANT_TYPE ("(a(sssumv)a(sas)as)")

typedef enum
{
  MPEL_PROPERTY_READABLE = 1 << 0,
  MPEL_PROPERTY_WRITABLE = 1 << 1,
} MpelPropertyFlags;

/* From a position on so many items are gone, and these have come: id, class, state. */
#define MPEL_ITEMS_VARIANT_TYPE G_VARIANT_TYPE ("(uua(tsa{sv}))")

/* How many events left the worker's queue since the last such record, and the microseconds its
 * main thread spent on them. */
#define MPEL_LOAD_VARIANT_TYPE G_VARIANT_TYPE ("(ut)")

/* How many more yields of an event the host has taken. */
#define MPEL_ACK_VARIANT_TYPE G_VARIANT_TYPE_UINT32

/* The fraction that is done, from 0 to 1, and a message that may be empty. */
#define MPEL_PROGRESS_VARIANT_TYPE G_VARIANT_TYPE ("(ds)")

/* A record taken apart. The name points into @bytes; value and extra stand alone. */
typedef struct
{
  MpelRecordKind  kind;
  MpelRecordFlags flags;
  guint64         id;
  guint64         object; /* with the flag for that, else 0 */
  const char     *name;   /* never NULL */
  GVariant       *value;  /* (owned) (nullable) */
  GVariant       *extra;  /* (owned) (nullable) */
  GBytes         *bytes;  /* (owned) (nullable) what a name points into */
} MpelRecord;

#define MPEL_RECORD_INIT \
  {                      \
    0,                   \
  }

gsize    mpel_frame_pad (gsize length);
gsize    mpel_frame_header_size (guint8 flags);
gboolean mpel_frame_is_too_deep (const char *type);
gboolean mpel_frame_decode (GBytes      *bytes,
                            gsize       *offset,
                            GUnixFDList *fds,
                            MpelRecord  *record,
                            GError     **error);
void     mpel_record_clear (MpelRecord *record);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MpelRecord, mpel_record_clear)

G_END_DECLS
