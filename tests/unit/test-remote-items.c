/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the host makes of what it is told of a list. Proxies are played by this file. */

#include "config.h"
#include "mpel-loop-error.h"
#include "mpel-proxy-private.h"
#include "mpel-remote-items-private.h"

/* An item made of its state. */
typedef struct
{
  GObject  parent_instance;
  char    *name; /* (owned) (nullable) */
  int      level;
  gboolean is_old;
} Thing;

typedef GObjectClass ThingClass;

typedef enum
{
  PROP_NAME = 1,
  PROP_LEVEL,
  PROP_IS_OLD,
  PROP_SECRET,
} ThingProperty;

GType thing_get_type (void);
G_DEFINE_TYPE (Thing, thing, G_TYPE_OBJECT)

static void
thing_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  Thing *self = (Thing *) object;

  if (prop_id == PROP_NAME)
    {
      g_free (self->name);
      self->name = g_value_dup_string (value);
    }
  else if (prop_id == PROP_LEVEL)
    self->level = g_value_get_int (value);
  else
    self->is_old = g_value_get_boolean (value);
}

static void
thing_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
}

static void
thing_finalize (GObject *object)
{
  g_free (((Thing *) object)->name);
  G_OBJECT_CLASS (thing_parent_class)->finalize (object);
}

static void
thing_class_init (ThingClass *klass)
{
  klass->set_property = thing_set_property;
  klass->get_property = thing_get_property;
  klass->finalize = thing_finalize;
  g_object_class_install_property (klass, PROP_NAME, g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_LEVEL, g_param_spec_int ("level", NULL, NULL, 0, 10, 5, G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_IS_OLD, g_param_spec_boolean ("is-old", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_SECRET, g_param_spec_boolean ("secret", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
thing_init (Thing *self)
{
}

/* What stands in for proxies, and for what they stand for. */
typedef GObject      Picture;
typedef GObjectClass PictureClass;

static guint      n_pictures = 0;
static MpelRemote played = { 0 };

GType picture_get_type (void);
G_DEFINE_TYPE (Picture, picture, G_TYPE_OBJECT)

static void
picture_class_init (PictureClass *klass)
{
}

static void
picture_init (Picture *self)
{
}

GType
mpel_proxy_get_type (void)
{
  return picture_get_type ();
}

MpelProxy *
mpel_proxy_new_for_remote (MpelRemote *remote, GType type, GVariant *state)
{
  g_assert_true (type == picture_get_type ());
  g_assert_true (g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));
  n_pictures++;
  return g_object_new (picture_get_type (), NULL);
}

MpelEventLoop *
mpel_remote_get_loop (MpelRemote *self)
{
  g_assert_true (self == &played);
  return NULL;
}

MpelRemote *
mpel_remote_new_for_id (MpelEventLoop *loop, MpelRemote *beside, guint64 id, const char *class_name)
{
  g_assert_true (beside == &played);
  g_assert_cmpstr (class_name, ==, "Thing");
  return &played;
}

void
mpel_remote_unref (MpelRemote *self)
{
}

static gboolean
splice (MpelRemoteItems *items, const char *text, GError **error)
{
  g_autoptr (GVariant) value = g_variant_parse (NULL, text, NULL, NULL, NULL);
  MpelRemoteSplice told;

  g_assert_nonnull (value);
  return mpel_remote_items_splice (items, value, &told, error);
}

/* One item without a state for each id. */
static void
splice_ids (MpelRemoteItems *items, guint position, guint n_removed, const char *ids)
{
  g_auto (GStrv) each = g_strsplit (ids, " ", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *whole = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; each[i] != NULL; i++)
    g_string_append_printf (text, "%s(%s, 'Thing', {'level': <int32 %s>})", i > 0 ? ", " : "", each[i], each[i]);
  whole = g_strdup_printf ("(uint32 %u, uint32 %u, @a(tsa{sv}) [%s])", position, n_removed, text->str);
  splice (items, whole, &error);
  g_assert_no_error (error);
}

static Thing *
get (MpelRemoteItems *items, guint position)
{
  return (Thing *) mpel_remote_items_get (items, position, &played);
}

static void
assert_levels (MpelRemoteItems *items, const char *expected)
{
  g_autoptr (GString) levels = g_string_new (NULL);

  for (guint i = 0; i < mpel_remote_items_get_length (items); i++)
    {
      g_autoptr (GObject) thing = G_OBJECT (get (items, i));

      g_string_append_printf (levels, "%s%d", i > 0 ? " " : "", ((Thing *) thing)->level);
    }
  g_assert_cmpstr (levels->str, ==, expected);
}

static void
test_splices (void)
{
  g_autoptr (MpelRemoteItems) items = mpel_remote_items_new (thing_get_type ());

  g_test_summary ("Items come and go as they are told.");

  splice_ids (items, 0, 0, "1 3 5 7 9");
  assert_levels (items, "1 3 5 7 9");
  splice_ids (items, 1, 2, "2");
  assert_levels (items, "1 2 7 9");
  splice_ids (items, 4, 0, "4 6");
  assert_levels (items, "1 2 7 9 4 6");
  splice_ids (items, 0, 6, "8");
  assert_levels (items, "8");
}

static void
test_values (void)
{
  g_autoptr (MpelRemoteItems) items = mpel_remote_items_new (thing_get_type ());
  g_autoptr (GObject) first = NULL;
  g_autoptr (GObject) again = NULL;
  g_autoptr (GObject) second = NULL;
  g_autoptr (GError) error = NULL;
  Thing *thing;

  g_test_summary ("An object has what the state says, as far as it can.");

  splice (items,
          "(uint32 0, uint32 0, [(uint64 1, 'Thing', {'name': <@ms 'a'>, 'is-old': <true>, 'other': <1>}), "
          "(3, 'Thing', {'level': <int32 700>, 'name': <int32 5>, 'secret': <true>, 'is-old': <true>, 'is-old': <false>})])",
          &error);
  g_assert_no_error (error);
  first = G_OBJECT (get (items, 0));
  thing = (Thing *) first;
  g_assert_cmpstr (thing->name, ==, "a");
  g_assert_cmpint (thing->level, ==, 5);
  g_assert_true (thing->is_old);
  again = G_OBJECT (get (items, 0));
  g_assert_true (again == first);

  second = G_OBJECT (get (items, 1));
  thing = (Thing *) second;
  g_assert_null (thing->name);
  g_assert_cmpint (thing->level, ==, 10);
  g_assert_true (thing->is_old);
}

static void
test_moved_values (void)
{
  g_autoptr (MpelRemoteItems) items = mpel_remote_items_new (thing_get_type ());
  g_autoptr (GObject) moved = NULL;
  g_autoptr (GObject) moved_to = NULL;
  g_autoptr (GObject) changed = NULL;
  g_autoptr (GObject) changed_to = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What moves within a change is the same object, what has changed is another.");

  splice_ids (items, 0, 0, "1 3 5 7");
  moved = G_OBJECT (get (items, 0));
  changed = G_OBJECT (get (items, 1));
  splice_ids (items, 0, 4, "7 5 1");
  moved_to = G_OBJECT (get (items, 2));
  g_assert_true (moved == moved_to);

  splice (items, "(uint32 0, uint32 1, [(uint64 7, 'Thing', {'level': <int32 2>})])", &error);
  g_assert_no_error (error);
  changed_to = G_OBJECT (get (items, 0));
  g_assert_true (changed != changed_to);
  assert_levels (items, "2 5 1");
}

static void
test_proxies (void)
{
  g_autoptr (MpelRemoteItems) items = mpel_remote_items_new (picture_get_type ());
  GObject *first, *second, *other;

  g_test_summary ("An object in two places has one proxy, as long as somebody holds it.");

  n_pictures = 0;
  splice_ids (items, 0, 0, "1 3 1");
  first = G_OBJECT (get (items, 0));
  second = G_OBJECT (get (items, 2));
  other = G_OBJECT (get (items, 1));
  g_assert_true (first == second && first != other);
  g_assert_cmpuint (n_pictures, ==, 2);

  /* It is known also while it is in no place. */
  splice_ids (items, 0, 3, "3");
  splice_ids (items, 1, 0, "1");
  g_object_unref (second);
  second = G_OBJECT (get (items, 1));
  g_assert_true (first == second);
  g_object_unref (second);

  g_assert_finalize_object (first);
  g_assert_finalize_object (other);
  first = G_OBJECT (get (items, 0));
  g_assert_cmpuint (n_pictures, ==, 3);
  g_clear_pointer (&items, mpel_remote_items_free);
  g_assert_finalize_object (first);
}

static void
test_lies (void)
{
  static const char *const lies[] = {
    "(uint32 4, uint32 0, @a(tsa{sv}) [])",
    "(uint32 0, uint32 4, @a(tsa{sv}) [])",
    "(uint32 3, uint32 1, @a(tsa{sv}) [])",
    "(uint32 4294967295, uint32 4294967295, @a(tsa{sv}) [])",
    "(uint32 1, uint32 4294967295, @a(tsa{sv}) [])",
    "(uint32 0, uint32 3, [(uint64 0, 'Thing', @a{sv} {})])",
    "(uint32 0, uint32 3, ['a'])",
    "uint32 5",
  };
  g_autoptr (MpelRemoteItems) items = mpel_remote_items_new (thing_get_type ());

  g_test_summary ("What makes no sense changes nothing.");

  splice_ids (items, 0, 0, "1 3 5");
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (splice (items, lies[i], &error));
      g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL);
      assert_levels (items, "1 3 5");
    }
}

static void
test_bytes (void)
{
  g_autoptr (MpelRemoteItems) items = mpel_remote_items_new (thing_get_type ());

  g_test_summary ("Whatever bytes there are, they are refused or can be shown.");

  for (guint round = 0; round < 2000; round++)
    {
      guint8 *bytes = g_malloc (64);
      g_autoptr (GVariant) value = NULL;
      MpelRemoteSplice told;

      for (guint i = 0; i < 64; i++)
        bytes[i] = g_test_rand_bit () ? 0 : (guint8) g_test_rand_int_range (0, 64);
      value = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE ("(uua(tsa{sv}))"), bytes, 64, FALSE, g_free, bytes));
      if (mpel_remote_items_splice (items, value, &told, NULL))
        for (guint i = told.position; i < told.position + told.n_added; i++)
          g_object_unref (get (items, i));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remote-items/splices", test_splices);
  g_test_add_func ("/remote-items/values", test_values);
  g_test_add_func ("/remote-items/moved-values", test_moved_values);
  g_test_add_func ("/remote-items/proxies", test_proxies);
  g_test_add_func ("/remote-items/lies", test_lies);
  g_test_add_func ("/remote-items/bytes", test_bytes);
  return g_test_run ();
}
