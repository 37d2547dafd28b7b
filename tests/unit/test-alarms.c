/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Many times at which something is due. */

#include "config.h"
#include "mpel-alarms-private.h"

typedef struct
{
  GMainContext *context;
  MpelAlarms   *alarms; /* (nullable) once freed */
  GString      *told;   /* letters, in the order in which they were told */
  MpelAlarm     set[26];
  char          frees;     /* who frees all when told */
  char          iterates;  /* who runs a main loop when told */
  char          sets_anew; /* who is set again when told */
} Fixture;

static void
set (Fixture *fixture, char letter, gint64 due_us)
{
  mpel_alarms_set (fixture->alarms, &fixture->set[letter - 'a'], GINT_TO_POINTER (letter), due_us);
}

static void
unset (Fixture *fixture, char letter)
{
  mpel_alarms_unset (fixture->alarms, &fixture->set[letter - 'a']);
}

static void
iterate (Fixture *fixture)
{
  while (g_main_context_iteration (fixture->context, FALSE))
    ;
}

static void
iterate_until (Fixture *fixture, gsize n)
{
  while (fixture->told->len < n)
    g_main_context_iteration (fixture->context, TRUE);
}

static void
told_cb (gpointer item, gpointer user_data)
{
  Fixture *fixture = user_data;
  char     letter = (char) GPOINTER_TO_INT (item);

  g_assert_null (fixture->set[letter - 'a'].place);
  g_string_append_c (fixture->told, letter);
  if (fixture->iterates == letter)
    iterate (fixture);
  if (fixture->sets_anew == letter)
    {
      fixture->sets_anew = 0;
      set (fixture, letter, 0);
    }
  if (fixture->frees == letter)
    g_clear_pointer (&fixture->alarms, mpel_alarms_free);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->context = g_main_context_new ();
  fixture->alarms = mpel_alarms_new (fixture->context, "[mpel] test", told_cb, fixture);
  fixture->told = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->alarms, mpel_alarms_free);
  g_main_context_unref (fixture->context);
  g_string_free (fixture->told, TRUE);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();

  g_test_summary ("They are told by their times, and those of one time in the order in which they were set.");

  set (fixture, 'c', now - 10);
  set (fixture, 'a', now - 30);
  set (fixture, 'd', now - 10);
  set (fixture, 'b', now - 20);
  set (fixture, 'e', now - 10);
  set (fixture, 'z', G_MAXINT64);
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "abcde");
}

static void
test_not_early (Fixture *fixture, gconstpointer data)
{
  gint64 due = g_get_monotonic_time () + 30000;

  g_test_summary ("None is told before its time.");

  set (fixture, 'b', due + 1000);
  set (fixture, 'a', due);
  iterate_until (fixture, 1);
  g_assert_cmpint (g_get_monotonic_time (), >=, due);
  iterate_until (fixture, 2);
  g_assert_cmpint (g_get_monotonic_time (), >=, due + 1000);
  g_assert_cmpstr (fixture->told->str, ==, "ab");
}

static void
test_unset (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("One that is not set any more is not told, and unsetting it again does nothing.");

  set (fixture, 'a', 0);
  set (fixture, 'b', 0);
  unset (fixture, 'a');
  unset (fixture, 'a');
  unset (fixture, 'c');
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "b");
  unset (fixture, 'b');
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "b");
}

static void
test_move (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();

  g_test_summary ("One that is set again is moved, both ways, and told once.");

  set (fixture, 'a', now - 2);
  set (fixture, 'b', G_MAXINT64);
  set (fixture, 'a', G_MAXINT64);
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "");
  set (fixture, 'b', now);
  iterate (fixture);
  set (fixture, 'a', now);
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "ba");
}

static void
test_set_when_told (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("One may be set again when it is told.");

  fixture->sets_anew = 'a';
  set (fixture, 'a', 0);
  set (fixture, 'b', 1);
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "aab");
}

static void
test_free_when_told (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("All may be freed when one is told, and the rest is forgotten.");

  fixture->frees = 'b';
  for (char letter = 'a'; letter <= 'd'; letter++)
    set (fixture, letter, letter);
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "ab");
  g_assert_null (fixture->alarms);
}

static void
test_main_loop_when_told (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A main loop that is run when one is told has the others.");

  fixture->iterates = 'a';
  for (char letter = 'a'; letter <= 'd'; letter++)
    set (fixture, letter, letter);
  iterate (fixture);
  g_assert_cmpstr (fixture->told->str, ==, "abcd");
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  gint64 due[26];

  g_test_summary ("However often they are set, moved and unset, each that is left is told once, by its time.");

  for (guint round = 0; round < 200; round++)
    {
      gint64 last = 0;
      gsize  n_set = 0;

      g_string_truncate (fixture->told, 0);
      for (guint i = 0; i < 26; i++)
        due[i] = 0;
      for (guint i = 0; i < 100; i++)
        {
          guint n = (guint) g_test_rand_int_range (0, 26);

          due[n] = g_test_rand_bit () ? g_test_rand_int_range (1, 50) : 0;
          if (due[n] != 0)
            set (fixture, (char) ('a' + n), due[n]);
          else
            unset (fixture, (char) ('a' + n));
        }
      for (guint i = 0; i < 26; i++)
        n_set += due[i] != 0;
      iterate (fixture);
      g_assert_cmpuint (fixture->told->len, ==, n_set);
      for (gsize i = 0; i < n_set; i++)
        {
          g_assert_cmpint (due[fixture->told->str[i] - 'a'], >=, last);
          last = due[fixture->told->str[i] - 'a'];
          g_assert_cmpint (last, >, 0);
        }
    }
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/unit/alarms/order", test_order);
  add ("/unit/alarms/not-early", test_not_early);
  add ("/unit/alarms/unset", test_unset);
  add ("/unit/alarms/move", test_move);
  add ("/unit/alarms/set-when-told", test_set_when_told);
  add ("/unit/alarms/free-when-told", test_free_when_told);
  add ("/unit/alarms/main-loop-when-told", test_main_loop_when_told);
  add ("/unit/alarms/random", test_random);
  return g_test_run ();
}
