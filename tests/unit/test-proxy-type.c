/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Types of proxies, made of what a worker says of a class. */

#include "config.h"
#include "mpel-test.h"

#include "mpel-frame-private.h"
#include "mpel-proxy-private.h"

#include <math.h>

#define DESCRIBE(properties, signals) "([" properties "], [" signals "], ['go'])"

static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *description = g_variant_parse (MPEL_CLASS_VARIANT_TYPE, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return description;
}

static GType
get_type (const char *class_name, const char *text)
{
  g_autoptr (GVariant) description = parse (text);

  return mpel_proxy_runtime_get_type (class_name, description);
}

static void
test_identity (void)
{
  const char *text = DESCRIBE ("('x', 'i', 'gint', 3, <0>)", "('moved', ['i'])");
  GType       type = get_type ("Unit", text);

  g_test_summary ("The same description of the same class is the same type, and no other is.");

  g_assert_true (g_type_is_a (type, MPEL_TYPE_PROXY));
  g_assert_true (g_str_has_prefix (g_type_name (type), "MpelProxy+Unit+"));
  g_assert_true (get_type ("Unit", text) == type);
  g_assert_true (get_type ("Other", text) != type);
  g_assert_true (get_type ("Unit", DESCRIBE ("('x', 'i', 'gint', 3, <1>)", "('moved', ['i'])")) != type);
  g_assert_true (g_str_has_prefix (g_type_name (get_type ("Fancy Näme!", text)), "MpelProxy+Fancy_N__me_+"));
  g_assert_true (g_str_has_prefix (g_type_name (get_type ("", text)), "MpelProxy++"));
}

static GParamSpec *
find (GTypeClass *klass, const char *name)
{
  return g_object_class_find_property (G_OBJECT_CLASS (klass), name);
}

static void
test_properties (void)
{
  GType type = get_type ("Props",
                         DESCRIBE ("('flag', 'b', 'gboolean', 3, <true>),"
                                   "('small', 'n', 'gchar', 3, <int16 -3>),"
                                   "('level', 'd', 'gdouble', 3, <0.5>),"
                                   "('nan', 'd', 'gdouble', 3, <nan>),"
                                   "('long', 'x', 'glong', 3, <int64 4>),"
                                   "('known', 'i', 'MpelProxyState', 3, <2>),"
                                   "('unknown', 'i', 'NobodyKnows', 1, <2>),"
                                   "('flags', 'u', 'MpelLauncherFlags', 3, <uint32 1>),"
                                   "('when', 'ms', 'GDateTime', 3, nothing),"
                                   "('list', 'mas', 'GStrv', 3, nothing),"
                                   "('kind', 's', 'GType', 3, nothing),"
                                   "('text', 'ms', 'gchararray', 3, <@ms 'so'>)",
                                   ""));
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);

  g_test_summary ("Properties have the type that travels, their default, and all of its range.");

  g_assert_true (G_PARAM_SPEC_BOOLEAN (find (klass, "flag"))->default_value);
  g_assert_cmpint (G_PARAM_SPEC_CHAR (find (klass, "small"))->default_value, ==, -3);
  g_assert_cmpfloat (G_PARAM_SPEC_DOUBLE (find (klass, "level"))->default_value, ==, 0.5);
  g_assert_true (isinf (G_PARAM_SPEC_DOUBLE (find (klass, "level"))->maximum));
  g_assert_cmpfloat (G_PARAM_SPEC_DOUBLE (find (klass, "nan"))->default_value, ==, 0);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "long")) == G_TYPE_LONG);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "known")) == MPEL_TYPE_PROXY_STATE);
  g_assert_cmpint (G_PARAM_SPEC_ENUM (find (klass, "known"))->default_value, ==, 2);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "unknown")) == G_TYPE_INT);
  g_assert_cmpint (G_PARAM_SPEC_INT (find (klass, "unknown"))->minimum, ==, G_MININT);
  g_assert_cmpuint (find (klass, "unknown")->flags & G_PARAM_READWRITE, ==, G_PARAM_READABLE);
  g_assert_cmpuint (find (klass, "known")->flags & G_PARAM_READWRITE, ==, G_PARAM_READWRITE);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "flags")) == MPEL_TYPE_LAUNCHER_FLAGS);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "when")) == G_TYPE_DATE_TIME);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "list")) == G_TYPE_STRV);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "kind")) == G_TYPE_GTYPE);
  g_assert_cmpstr (G_PARAM_SPEC_STRING (find (klass, "text"))->default_value, ==, "so");
}

static void
test_left_out (void)
{
  static const char *const left_out[] = { "connect", "notify", "emit", "thaw-notify", "call", "get-state", "props", "value-of", "valueOf", "to-string", "secret", "bad", "model", "under", NULL };

  GType type = get_type ("Shadow",
                         DESCRIBE ("('connect', 'i', 'gint', 3, <0>),"
                                   "('notify', 'i', 'gint', 3, <0>),"
                                   "('emit', 'i', 'gint', 3, <0>),"
                                   "('thaw-notify', 'i', 'gint', 3, <0>),"
                                   "('call', 'i', 'gint', 3, <0>),"
                                   "('get-state', 'i', 'gint', 3, <0>),"
                                   "('props', 'i', 'gint', 3, <0>),"
                                   "('value-of', 'i', 'gint', 3, <0>),"
                                   "('valueOf', 'i', 'gint', 3, <0>),"
                                   "('to-string', 'i', 'gint', 3, <0>),"
                                   "('state', 'i', 'gint', 3, <0>),"
                                   "('loop', 'i', 'gint', 3, <0>),"
                                   "('secret', 'i', 'gint', 2, <0>),"
                                   "('bad', 'a{sv}', 'gint', 3, <0>),"
                                   "('model', '', 'GListModel', 1, nothing),"
                                   "('', 'i', 'gint', 3, <0>),"
                                   "('1st', 'i', 'gint', 3, <0>),"
                                   "('under_score', 'i', 'gint', 3, <0>),"
                                   "('twice', 'i', 'gint', 3, <0>),"
                                   "('twice', 'b', 'gboolean', 3, <true>),"
                                   "('good', 'i', 'gint', 3, <0>)",
                                   ""));
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  const MpelProxyOutline *outline = mpel_proxy_outline_get (type);

  g_test_summary ("What would hide something that objects can do is left out, and what is no property.");

  for (guint i = 0; left_out[i] != NULL; i++)
    g_assert_null (find (klass, left_out[i]));
  g_assert_true (find (klass, "state")->owner_type == MPEL_TYPE_PROXY);
  g_assert_true (find (klass, "loop")->owner_type == MPEL_TYPE_PROXY);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "twice")) == G_TYPE_INT);
  g_assert_nonnull (find (klass, "good"));
  g_assert_cmpuint (outline->properties->len, ==, 2);
}

static void
test_lies (void)
{
  GType type = get_type ("Lies",
                         DESCRIBE ("('a', 'i', 'GEnum', 3, <0>),"
                                   "('b', 'u', 'GFlags', 3, <uint32 0>),"
                                   "('c', 'i', 'MpelProxyState', 3, <99>),"
                                   "('d', 'i', 'gchararray', 3, <'x'>),"
                                   "('e', 'nonsense', 'gint', 3, <0>),"
                                   "('f', 'ms', 'GObject', 3, nothing),"
                                   "('g', 'i', 'MpelEvent', 4294967295, nothing),"
                                   "('h', 's', 'GType', 3, <'NobodyKnows'>),"
                                   "('i', 'd', 'gfloat', 3, <1e300>)",
                                   "('notify', ['i']), ('state', ['nonsense']), ('ok', []), ('ok', ['i']), ('b@d', []), ('remote-signal', [])"));
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  const MpelProxyOutline *outline = mpel_proxy_outline_get (type);

  g_test_summary ("A description that makes no sense makes a plain type, and nothing worse.");

  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "a")) == G_TYPE_INT);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "b")) == G_TYPE_UINT);
  g_assert_cmpint (G_PARAM_SPEC_ENUM (find (klass, "c"))->default_value, ==, 0);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "d")) == G_TYPE_INT);
  g_assert_null (find (klass, "e"));
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "f")) == G_TYPE_STRING);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "g")) == G_TYPE_INT);
  g_assert_true (G_PARAM_SPEC_VALUE_TYPE (find (klass, "h")) == G_TYPE_GTYPE);
  g_assert_nonnull (find (klass, "i"));
  g_assert_cmpuint (g_hash_table_size (outline->signals), ==, 1);
  g_assert_true (g_hash_table_contains (outline->signals, "ok"));
}

static void
test_check (void)
{
  GType type = get_type ("Check", DESCRIBE ("('x', 'i', 'gint', 3, <0>)", "('moved', ['i', 'ms'])"));
  g_autoptr (GTypeClass) klass = g_type_class_ref (type);
  const MpelProxyOutline *outline = mpel_proxy_outline_get (type);
  g_autoptr (GVariant) other = parse (DESCRIBE ("('y', 'b', 'gboolean', 3, <true>)", "('gone', ['b'])"));
  g_autoptr (GVariant) property = parse (DESCRIBE ("('x', 'd', 'gdouble', 3, <0.0>)", ""));
  g_autoptr (GVariant) signal = parse (DESCRIBE ("", "('moved', ['i'])"));
  g_autoptr (GVariant) nonsense = parse (DESCRIBE ("", "('moved', ['i', 'nonsense'])"));
  g_autoptr (GError) property_error = NULL;
  g_autoptr (GError) signal_error = NULL;

  g_test_summary ("What is declared must be as in the worker, if that has it.");

  g_assert_true (mpel_proxy_outline_check (outline, other, NULL));
  g_assert_false (mpel_proxy_outline_check (outline, property, &property_error));
  g_assert_error (property_error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (property_error->message, "“x”"));
  g_assert_false (mpel_proxy_outline_check (outline, signal, &signal_error));
  g_assert_error (signal_error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (signal_error->message, "“moved”"));
  g_assert_false (mpel_proxy_outline_check (outline, nonsense, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* A type has no name before somebody has asked for it. */
  g_type_ensure (MPEL_TYPE_PROXY_STATE);
  g_type_ensure (MPEL_TYPE_LAUNCHER_FLAGS);
  g_test_add_func ("/unit/proxy-type/identity", test_identity);
  g_test_add_func ("/unit/proxy-type/properties", test_properties);
  g_test_add_func ("/unit/proxy-type/left-out", test_left_out);
  g_test_add_func ("/unit/proxy-type/lies", test_lies);
  g_test_add_func ("/unit/proxy-type/check", test_check);
  return g_test_run ();
}
