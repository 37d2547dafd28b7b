/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The objects that a host knows of: how long they live, and what it hears of them. */

#include "config.h"
#include "dots.h"
#include "mpel-loop-error.h"
#include "mpel-objects-private.h"
#include "news-line.h"

#define N_OBJECTS 10000

typedef struct
{
  NewsLine     line;
  MpelClasses *classes; /* (owned) */
  MpelObjects *objects; /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  news_line_init (&fixture->line);
  fixture->classes = mpel_classes_new ();
  mpel_classes_add (fixture->classes, DOTS_TYPE_DOT, "Dot");
  mpel_classes_add (fixture->classes, DOTS_TYPE_DISC, NULL);
  fixture->objects = mpel_objects_new (fixture->classes, fixture->line.reporter);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_clear_pointer (&fixture->objects, mpel_objects_free);
  g_assert_cmpint (dots_count (), ==, 0);
  mpel_classes_free (fixture->classes);
  news_line_clear (&fixture->line);
}

static void
create (Fixture *fixture, guint64 id, const char *class_name)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mpel_objects_create (fixture->objects, id, class_name, NULL, &error));
  g_assert_no_error (error);
}

static GObject *
lookup (Fixture *fixture, guint64 id)
{
  return mpel_objects_lookup (fixture->objects, id, NULL);
}

static void
test_mentions (Fixture *fixture, gconstpointer user_data)
{
  GObject *object;

  g_test_summary ("An object stays for as long as one of its mentions was not released.");

  create (fixture, 2, "Dot");
  object = lookup (fixture, 2);
  g_assert_cmpuint (mpel_objects_mention (fixture->objects, object), ==, 2);
  g_assert_cmpuint (mpel_objects_mention (fixture->objects, object), ==, 2);
  mpel_objects_unmention (fixture->objects, 2);
  mpel_objects_release (fixture->objects, 2, 1);
  g_assert_true (lookup (fixture, 2) == object);
  mpel_objects_release (fixture->objects, 2, 0);
  g_assert_true (lookup (fixture, 2) == object);
  mpel_objects_release (fixture->objects, 2, 1);
  g_assert_null (lookup (fixture, 2));
  g_assert_cmpint (dots_count (), ==, 0);
}

static void
test_holds (Fixture *fixture, gconstpointer user_data)
{
  GObject *dot = G_OBJECT (dots_dot_new (1, 1));
  guint64  id = mpel_objects_hold (fixture->objects, dot);

  g_test_summary ("Lists hold what the host has not been told of, or has released; no id comes twice.");

  g_object_unref (dot);
  g_assert_cmpuint (id, ==, 1);
  g_assert_cmpuint (mpel_objects_mention (fixture->objects, dot), ==, 1);
  g_assert_cmpuint (mpel_objects_hold (fixture->objects, dot), ==, 1);
  mpel_objects_release (fixture->objects, 1, 1);
  mpel_objects_unhold (fixture->objects, 1);
  g_assert_true (lookup (fixture, 1) == dot);
  mpel_objects_unhold (fixture->objects, 1);
  g_assert_null (lookup (fixture, 1));
  g_assert_cmpint (dots_count (), ==, 0);
  mpel_objects_unhold (fixture->objects, 1);

  dot = G_OBJECT (dots_dot_new (1, 1));
  g_assert_cmpuint (mpel_objects_mention (fixture->objects, dot), ==, 3);
  g_object_unref (dot);
}

static void
test_described_once (Fixture *fixture, gconstpointer user_data)
{
  GObject *disc;

  g_test_summary ("A class is described before the first of its objects is mentioned, and never again, unless that is asked for.");

  create (fixture, 2, "Dot");
  create (fixture, 4, "Dot");
  create (fixture, 6, "DotsDisc");
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 0);
  mpel_objects_mention (fixture->objects, lookup (fixture, 2));
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 1);
  mpel_objects_mention (fixture->objects, lookup (fixture, 2));
  mpel_objects_hold (fixture->objects, lookup (fixture, 4));
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 0);
  g_assert_true (mpel_objects_describe (fixture->objects, "DotsDisc", NULL));
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 1);
  disc = lookup (fixture, 6);
  mpel_objects_mention (fixture->objects, disc);
  g_assert_cmpstr (mpel_objects_get_class_name (fixture->objects, disc), ==, "DotsDisc");
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 0);
  g_assert_true (mpel_objects_describe (fixture->objects, "Dot", NULL));
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 1);
  g_assert_false (mpel_objects_describe (fixture->objects, "NoSuchClass", NULL));
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 0);
}

static void
test_watch (Fixture *fixture, gconstpointer user_data)
{
  static const char *const names[] = { "x", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (GVariant) values = NULL;
  g_autoptr (GObject) dot = NULL;

  g_test_summary ("A watched object tells of itself until it is released, or another takes its place.");

  create (fixture, 2, "Dot");
  dot = g_object_ref (lookup (fixture, 2));
  mpel_objects_hold (fixture->objects, dot);
  values = mpel_objects_watch (fixture->objects, 2, names, none, none);
  mpel_objects_unhold (fixture->objects, 2);
  news_line_take (&fixture->line);
  g_object_set (dot, "x", 1, NULL);
  news_line_assert (&fixture->line, "CHANGED 2 x 1", NULL);
  create (fixture, 2, "Dot");
  g_object_set (dot, "x", 2, NULL);
  news_line_assert (&fixture->line, NULL);
  g_assert_true (lookup (fixture, 2) != dot);

  g_set_object (&dot, lookup (fixture, 2));
  mpel_objects_hold (fixture->objects, dot);
  g_variant_unref (values);
  values = mpel_objects_watch (fixture->objects, 2, names, none, none);
  mpel_objects_unhold (fixture->objects, 2);
  g_object_set (dot, "x", 3, NULL);
  news_line_assert (&fixture->line, "CHANGED 2 x 3", NULL);
  mpel_objects_release (fixture->objects, 2, 1);
  g_object_set (dot, "x", 4, NULL);
  news_line_assert (&fixture->line, NULL);
}

static void
test_broken (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Why an object could not be made is told to all who ask, until it is released.");

  create (fixture, 2, "NoSuchClass");
  for (int i = 0; i < 2; i++)
    {
      g_assert_null (mpel_objects_lookup (fixture->objects, 2, &error));
      g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT);
      g_assert_cmpstr (error->message, ==, "The worker has no class “NoSuchClass”");
      g_clear_error (&error);
    }
  mpel_objects_release (fixture->objects, 2, 1);
  g_assert_null (mpel_objects_lookup (fixture->objects, 2, &error));
  g_assert_cmpstr (error->message, ==, "The worker has no object 2");
}

static void
test_many (Fixture *fixture, gconstpointer user_data)
{
  g_test_summary ("Any number of them comes and goes.");

  for (guint64 i = 1; i <= N_OBJECTS; i++)
    create (fixture, 2 * i, "Dot");
  g_assert_cmpint (dots_count (), ==, N_OBJECTS);
  for (guint64 i = N_OBJECTS; i > 1; i--)
    mpel_objects_release (fixture->objects, 2 * i, 1);
  g_assert_cmpint (dots_count (), ==, 1);
  g_assert_nonnull (lookup (fixture, 2));
}

/* Whoever goes looks at the others. */
static void
gone_cb (gpointer user_data, GObject *where_it_was)
{
  Fixture *fixture = user_data;

  g_assert_null (lookup (fixture, 2));
  mpel_objects_release (fixture->objects, 4, 1);
}

static void
test_disposal (Fixture *fixture, gconstpointer user_data)
{
  g_test_summary ("An object that goes finds the tables in order.");

  create (fixture, 2, "Dot");
  create (fixture, 4, "Dot");
  g_object_weak_ref (lookup (fixture, 2), gone_cb, fixture);
  mpel_objects_release (fixture->objects, 2, 1);
  g_assert_cmpint (dots_count (), ==, 0);

  create (fixture, 2, "Dot");
  create (fixture, 4, "Dot");
  g_object_weak_ref (lookup (fixture, 2), gone_cb, fixture);
  mpel_objects_close (fixture->objects);
  g_assert_cmpint (dots_count (), ==, 0);
}

static void
test_closed (Fixture *fixture, gconstpointer user_data)
{
  GObject *dot = G_OBJECT (dots_dot_new (1, 1));

  g_test_summary ("What comes when all is over changes nothing.");

  create (fixture, 2, "Dot");
  mpel_objects_close (fixture->objects);
  g_assert_cmpuint (mpel_objects_mention (fixture->objects, dot), ==, 0);
  g_assert_cmpuint (mpel_objects_hold (fixture->objects, dot), ==, 0);
  mpel_objects_unhold (fixture->objects, 0);
  mpel_objects_unmention (fixture->objects, 0);
  mpel_objects_read_getters (fixture->objects, dot);
  g_assert_cmpuint (news_line_take (&fixture->line), ==, 0);
  g_assert_finalize_object (dot);
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer user_data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/unit/objects/mentions", test_mentions);
  add ("/unit/objects/holds", test_holds);
  add ("/unit/objects/described-once", test_described_once);
  add ("/unit/objects/watch", test_watch);
  add ("/unit/objects/broken", test_broken);
  add ("/unit/objects/many", test_many);
  add ("/unit/objects/disposal", test_disposal);
  add ("/unit/objects/closed", test_closed);
  return g_test_run ();
}
