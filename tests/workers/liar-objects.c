/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "liar.h"

#include "mpel-names-private.h"

/* What a worker may say of objects that there are not, and in which wrong ways. */

/* An id that no host has given. */
#define UNKNOWN_ID 123456
#define FOREIGN_ID 4711

#define N_MANY 5000

static void
append (Liar *self, MpelRecordKind kind, guint64 id, const char *name, GVariant *value)
{
  liar_append (self, kind, MPEL_RECORD_FLAG_NONE, id, name, value);
}

/* Results that mention one object, by a handle in them. */
static void
answer_with (Liar *self, MpelRecord *event, guint64 id, const char *class_name)
{
  GVariantBuilder mentions = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ts)"));

  g_variant_builder_add (&mentions, "(ts)", id, class_name);
  liar_append (self, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_MENTIONS, event->id, NULL, g_variant_new ("(@*a(ts))", g_variant_new ("(h)", 0), &mentions));
  append (self, MPEL_RECORD_LOAD, 0, NULL, g_variant_new ("(ut)", 1, (guint64) 1));
  liar_send (self);
}

static void
mention_nothing (Liar *self, MpelRecord *event)
{
  answer_with (self, event, 0, "TestPoint");
}

static void
mention_unknown (Liar *self, MpelRecord *event)
{
  answer_with (self, event, UNKNOWN_ID, "TestPoint");
}

static void
mention_foreign (Liar *self, MpelRecord *event)
{
  answer_with (self, event, FOREIGN_ID, "TestNobody");
}

static void
mention_nameless (Liar *self, MpelRecord *event)
{
  answer_with (self, event, G_MAXUINT64, "");
}

/* One and the same, over and over. */
static void
mention_often (Liar *self, MpelRecord *event)
{
  GVariantBuilder mentions = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ts)"));

  for (int i = 0; i < N_MANY; i++)
    g_variant_builder_add (&mentions, "(ts)", (guint64) FOREIGN_ID, "TestNobody");
  liar_append (self, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_MENTIONS, event->id, NULL, g_variant_new ("(@*a(ts))", g_variant_new ("(h)", 0), &mentions));
  append (self, MPEL_RECORD_LOAD, 0, NULL, g_variant_new ("(ut)", 1, (guint64) 1));
  liar_send (self);
}

static void
mention_without_envelope (Liar *self, MpelRecord *event)
{
  liar_append (self, MPEL_RECORD_DONE, MPEL_RECORD_FLAG_MENTIONS, event->id, NULL, g_variant_new ("(h)", 0));
  liar_send (self);
}

static void
change_unknown (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_CHANGED, UNKNOWN_ID, "x", g_variant_new_int32 (1));
  append (self, MPEL_RECORD_CHANGED, FOREIGN_ID, "x", g_variant_new_int32 (1));
  liar_append (self, MPEL_RECORD_CHANGED, MPEL_RECORD_FLAG_GETTER, 0, "get_z", g_variant_new_int32 (1));
  liar_answer (self, event);
}

/* More than may be on their way. */
static void
change_often (Liar *self, MpelRecord *event)
{
  for (int i = 0; i < 3 * MPEL_CHANGE_WINDOW; i++)
    append (self, MPEL_RECORD_CHANGED, FOREIGN_ID, "x", g_variant_new_int32 (i));
  liar_answer (self, event);
}

static void
change_nothing (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_CHANGED, FOREIGN_ID, "x", NULL);
  liar_send (self);
}

static void
change_nameless (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_CHANGED, FOREIGN_ID, NULL, g_variant_new_int32 (1));
  liar_send (self);
}

static void
signal_unknown (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_SIGNAL, FOREIGN_ID, "moved", g_variant_new ("(ii)", 1, 2));
  liar_answer (self, event);
}

static void
signal_without_tuple (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_SIGNAL, FOREIGN_ID, "moved", g_variant_new_int32 (1));
  liar_send (self);
}

static void
list_unknown (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_ITEMS, UNKNOWN_ID, NULL, g_variant_new ("(uua(tsa{sv}))", 7, 9, NULL));
  liar_answer (self, event);
}

static void
list_other_shape (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_ITEMS, UNKNOWN_ID, NULL, g_variant_new ("(ss)", "no", "items"));
  liar_send (self);
}

static GVariant *
class_new (void)
{
  return g_variant_new ("(a(sssumv)a(sas)as)", NULL, NULL, NULL);
}

static void
describe_some (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DESCRIBE, 0, "TestPoint", class_new ());
  append (self, MPEL_RECORD_DESCRIBE, 0, "TestPoint", class_new ());
  liar_answer (self, event);
}

static void
describe_many (Liar *self, MpelRecord *event)
{
  for (int i = 0; i < N_MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("TestClass%d", i);

      append (self, MPEL_RECORD_DESCRIBE, 0, name, class_new ());
    }
  liar_send (self);
}

static void
describe_other_shape (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DESCRIBE, 0, "TestPoint", g_variant_new ("(s)", "a point"));
  liar_send (self);
}

static void
create (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_CREATE, FOREIGN_ID, "TestPoint", NULL);
  liar_send (self);
}

static void
release (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_RELEASE, UNKNOWN_ID, NULL, g_variant_new_uint32 (1));
  liar_send (self);
}

/* An older library. */
static void
greet_without_abilities (Liar *self)
{
  liar_append (self, MPEL_RECORD_HELLO, MPEL_RECORD_FLAG_NONE, MPEL_WIRE_VERSION, NULL, NULL);
  liar_send (self);
}

static const Lie lies[] = {
  { "mentions-nothing", .take_event = mention_nothing },
  { "mentions-unknown", .take_event = mention_unknown },
  { "mentions-foreign", .take_event = mention_foreign },
  { "mentions-nameless", .take_event = mention_nameless },
  { "mentions-often", .take_event = mention_often },
  { "mentions-without-envelope", .take_event = mention_without_envelope },
  { "changes-unknown", .take_event = change_unknown },
  { "changes-often", .take_event = change_often },
  { "changes-nothing", .take_event = change_nothing },
  { "changes-nameless", .take_event = change_nameless },
  { "signals-unknown", .take_event = signal_unknown },
  { "signals-without-tuple", .take_event = signal_without_tuple },
  { "lists-unknown", .take_event = list_unknown },
  { "lists-other-shape", .take_event = list_other_shape },
  { "describes-some", .take_event = describe_some },
  { "describes-many", .take_event = describe_many },
  { "describes-other-shape", .take_event = describe_other_shape },
  { "creates", .take_event = create },
  { "releases", .take_event = release },
  { "knows-no-objects", .greet = greet_without_abilities },
};

const Lie *
liar_find_object_lie (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    if (g_str_equal (lies[i].name, name))
      return &lies[i];
  return NULL;
}
