/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What things of a worker are called where D-Bus tools see them. */

#include "config.h"
#include "mpel-plain-names-private.h"

#include <string.h>

static void
assert_element (const char *name, const char *expected)
{
  g_autofree char *element = mpel_plain_name_to_element (name);
  g_autofree char *path = g_strconcat ("/", element, NULL);

  g_assert_cmpstr (element, ==, expected);
  g_assert_true (g_variant_is_object_path (path));
}

static void
test_elements (void)
{
  g_test_summary ("Every name has a place in a path, and no two have the same.");

  assert_element ("plain_Name9", "plain_Name9");
  assert_element ("9", "9");
  assert_element ("", "_00");
  assert_element ("a b", "a_20b");
  assert_element ("a_20b", "a_5f20b");
  assert_element ("a_5f20b", "a_5f5f20b");
  assert_element ("_", "_");
  assert_element ("a__b_", "a__b_");
  assert_element ("a/b", "a_2fb");
  assert_element ("ä", "_c3_a4");
}

static void
assert_member (const char *name, const char *expected)
{
  g_autofree char *member = mpel_plain_name_to_member (name);

  g_assert_cmpstr (member, ==, expected);
  g_assert_true (g_dbus_is_member_name (member));
}

static void
test_members (void)
{
  g_test_summary ("Members of interfaces are as GObject has them, but for hyphens.");

  assert_member ("level", "level");
  assert_member ("max-level", "max_level");
  assert_member ("max-ad", "max_5fad");
  assert_member ("2nd", "_32nd");
  assert_member ("a.b", "a_2eb");
  assert_member ("", "_00");
}

static void
test_interfaces (void)
{
  g_autofree char *plain = mpel_plain_name_to_interface ("TestPoint");
  g_autofree char *module = mpel_plain_name_to_interface ("module.sub+Class");
  g_autofree char *name = g_strnfill (1000, 'x');
  g_autofree char *other_name = g_strconcat (name, "y", NULL);
  g_autofree char *cut = mpel_plain_name_to_interface (name);
  g_autofree char *other_cut = mpel_plain_name_to_interface (other_name);
  g_autofree char *member = mpel_plain_name_to_member (name);

  g_test_summary ("Each class has an interface, also one with a long name.");

  g_assert_cmpstr (plain, ==, "org.mpel.Object.TestPoint");
  g_assert_cmpstr (module, ==, "org.mpel.Object.module_2esub_2bClass");
  g_assert_true (g_dbus_is_interface_name (module));
  g_assert_true (g_dbus_is_interface_name (cut));
  g_assert_true (g_dbus_is_interface_name (other_cut));
  g_assert_cmpstr (cut, !=, other_cut);
  g_assert_true (g_dbus_is_member_name (member));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/plain-names/elements", test_elements);
  g_test_add_func ("/unit/plain-names/members", test_members);
  g_test_add_func ("/unit/plain-names/interfaces", test_interfaces);
  return g_test_run ();
}
