/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is told of one object: what was asked for, and nothing of it is lost. */

#include "config.h"
#include "mpel-test.h"

#include "mpel-names-private.h"
#include "mpel-watch-private.h"
#include "news-line.h"
#include "watched-thing.h"

#define N_CHANGES 20000
#define N_WATCHES 300

static const char *const none[] = { NULL };

typedef struct
{
  NewsLine      line;
  MpelClasses  *classes; /* (owned) */
  WatchedThing *thing;   /* (owned) */
  MpelWatch    *watch;   /* (owned) (nullable) */
} Fixture;

/* What the getters return: NULL fails. */
static GVariant *answer;

static GVariant *
get_answer (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  if (answer != NULL)
    return g_variant_ref (answer);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no answer");
  return NULL;
}

static void
set_answer (GVariant *value)
{
  g_clear_pointer (&answer, g_variant_unref);
  if (value != NULL)
    answer = g_variant_ref_sink (value);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  news_line_init (&fixture->line);
  fixture->classes = mpel_classes_new ();
  mpel_classes_add (fixture->classes, WATCHED_TYPE_THING, NULL);
  mpel_classes_add_method (fixture->classes, WATCHED_TYPE_THING, "get_answer", get_answer, NULL, NULL, NULL);
  fixture->thing = watched_thing_new ();
  fixture->watch = mpel_watch_new (G_OBJECT (fixture->thing), 2, fixture->classes, fixture->line.reporter);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_clear_pointer (&fixture->watch, mpel_watch_free);
  g_assert_finalize_object (g_steal_pointer (&fixture->thing));
  mpel_classes_free (fixture->classes);
  news_line_clear (&fixture->line);
  set_answer (NULL);
}

static void
assert_added (Fixture *fixture, const char *const *properties, const char *const *getters, const char *const *signal_names, const char *expected)
{
  g_autoptr (GVariant) values = mpel_watch_add (fixture->watch, properties, getters, signal_names);
  g_autofree char *printed = g_variant_print (values, FALSE);

  g_assert_true (g_variant_is_of_type (values, MPEL_WATCHED_VARIANT_TYPE));
  g_assert_cmpstr (printed, ==, expected);
}

static void
add_properties (Fixture *fixture, const char *first, const char *second)
{
  const char *names[] = { first, second, NULL };
  g_autoptr (GVariant) values = mpel_watch_add (fixture->watch, names, none, none);
}

static void
add_signal (Fixture *fixture, const char *name)
{
  const char *names[] = { name, NULL };
  g_autoptr (GVariant) values = mpel_watch_add (fixture->watch, none, none, names);
}

static void
test_watch_properties (Fixture *fixture, gconstpointer user_data)
{
  const char *names[] = { "x", "title", "friend", "secret", "not there", "", NULL };

  g_object_set (fixture->thing, "x", 5, NULL);
  assert_added (fixture, names, none, none, "({'x': <5>, 'title': <@ms nothing>}, {})");
  watched_thing_set_x (fixture->thing, 6);
  g_object_set (fixture->thing, "y", 7, "friend", NULL, "secret", 3, NULL);
  watched_thing_set_title (fixture->thing, "a");
  watched_thing_set_x (fixture->thing, 8);
  watched_thing_set_x (fixture->thing, 8);
  news_line_assert (&fixture->line, "CHANGED 2 x 6", "CHANGED 2 title 'a'", "CHANGED 2 x 8", "CHANGED 2 x 8", NULL);

  add_properties (fixture, "y", "y");
  g_object_set (fixture->thing, "y", 9, NULL);
  watched_thing_set_x (fixture->thing, 1);
  news_line_assert (&fixture->line, "CHANGED 2 y 9", "CHANGED 2 x 1", NULL);
}

static void
test_watch_all (Fixture *fixture, gconstpointer user_data)
{
  const char *names[] = { "*", NULL };
  g_autoptr (GVariant) values = mpel_watch_add (fixture->watch, names, none, none);
  g_autoptr (GVariant) properties = g_variant_get_child_value (values, 0);

  g_assert_cmpuint (g_variant_n_children (properties), ==, 3);
  watched_thing_set_x (fixture->thing, 6);
  g_object_set (fixture->thing, "y", 7, NULL);
  watched_thing_set_title (fixture->thing, NULL);
  news_line_assert (&fixture->line, "CHANGED 2 x 6", "CHANGED 2 y 7", "CHANGED 2 title nothing", NULL);
}

static void
test_watch_bad_string (Fixture *fixture, gconstpointer user_data)
{
  g_test_summary ("A value that cannot travel is dropped with a warning; the next one is told.");
  add_properties (fixture, "title", NULL);
  g_test_expect_message ("Mpel", G_LOG_LEVEL_WARNING, "Property “title” of WatchedThing cannot be told: *UTF-8");
  watched_thing_set_title (fixture->thing, "\xff");
  g_test_assert_expected_messages ();
  watched_thing_set_title (fixture->thing, "good");
  news_line_assert (&fixture->line, "CHANGED 2 title 'good'", NULL);

  g_test_expect_message ("Mpel", G_LOG_LEVEL_WARNING, "*UTF-8");
  watched_thing_set_title (fixture->thing, "\xff");
  g_test_expect_message ("Mpel", G_LOG_LEVEL_WARNING, "*UTF-8");
  assert_added (fixture, (const char *const[]){ "title", "x", NULL }, none, none, "({'x': <0>}, {})");
  g_test_assert_expected_messages ();
}

static void
test_watch_frozen (Fixture *fixture, gconstpointer user_data)
{
  add_properties (fixture, "x", NULL);
  g_object_freeze_notify (G_OBJECT (fixture->thing));
  watched_thing_set_x (fixture->thing, 1);
  watched_thing_set_x (fixture->thing, 2);
  g_object_thaw_notify (G_OBJECT (fixture->thing));
  news_line_assert (&fixture->line, "CHANGED 2 x 2", NULL);
}

static void
test_watch_none (Fixture *fixture, gconstpointer user_data)
{
  assert_added (fixture, none, none, none, "({}, {})");
  g_object_set (fixture->thing, "x", 6, NULL);
  g_signal_emit_by_name (fixture->thing, "plain");
  mpel_watch_read_getters (fixture->watch);
  news_line_assert (&fixture->line, NULL);
}

static void
test_watch_getters (Fixture *fixture, gconstpointer user_data)
{
  const char *names[] = { "get_answer", "get_nothing", NULL };

  set_answer (g_variant_new_int32 (1));
  assert_added (fixture, none, names, none, "({}, {'get_answer': <1>})");
  mpel_watch_read_getters (fixture->watch);
  news_line_assert (&fixture->line, NULL);

  set_answer (g_variant_new_string ("other"));
  mpel_watch_read_getters (fixture->watch);
  mpel_watch_read_getters (fixture->watch);
  news_line_assert (&fixture->line, "GETTER 2 get_answer 'other'", NULL);

  set_answer (g_variant_new_double (0.5));
  assert_added (fixture, none, names, none, "({}, {'get_answer': <0.5>})");
  news_line_assert (&fixture->line, "GETTER 2 get_answer 0.5", NULL);
}

static void
test_watch_failing_getter (Fixture *fixture, gconstpointer user_data)
{
  const char *names[] = { "get_answer", NULL };

  g_test_summary ("A getter that fails is complained of once, and told when it works again.");
  g_test_expect_message ("Mpel", G_LOG_LEVEL_WARNING, "*“get_answer”*no answer");
  assert_added (fixture, none, names, none, "({}, {})");
  mpel_watch_read_getters (fixture->watch);
  g_test_assert_expected_messages ();
  set_answer (g_variant_new_int32 (1));
  mpel_watch_read_getters (fixture->watch);
  set_answer (NULL);
  mpel_watch_read_getters (fixture->watch);
  set_answer (g_variant_new_int32 (1));
  mpel_watch_read_getters (fixture->watch);
  news_line_assert (&fixture->line, "GETTER 2 get_answer 1", NULL);
}

static void
emit_everything (WatchedThing *thing)
{
  const char *strv[] = { "a", "b\n", NULL };
  g_autoptr (GBytes) bytes = g_bytes_new ("xy", 2);
  g_autoptr (GDateTime) date_time = g_date_time_new_utc (2026, 2, 3, 4, 5, 6);
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new ("(i)", 3));

  g_signal_emit_by_name (thing, "everything", TRUE, G_MININT8, G_MAXUINT8, G_MININT, G_MAXUINT, -1L, 1UL, G_MININT64, G_MAXUINT64,
                         0.5f, 0.25, "text", strv, bytes, date_time, variant, G_BUS_TYPE_SESSION, G_APPLICATION_NON_UNIQUE);
  g_signal_emit_by_name (thing, "everything", FALSE, 1, 2, 3, 4, 5L, 6UL, (gint64) 7, (guint64) 8,
                         0.5f, 0.25, NULL, NULL, NULL, NULL, NULL, G_BUS_TYPE_NONE, 0);
}

static void
test_watch_signals (Fixture *fixture, gconstpointer user_data)
{
  const char *names[] = { "plain", "moved", "everything", "met", "named", "notify", "not there", "not-there", "", "moved", NULL };

  assert_added (fixture, none, none, names, "({}, {})");
  g_signal_emit_by_name (fixture->thing, "plain");
  g_signal_emit_by_name (fixture->thing, "moved", 1, -2);
  g_signal_emit_by_name (fixture->thing, "met", fixture->thing);
  watched_thing_set_x (fixture->thing, 8);
  news_line_assert (&fixture->line, "SIGNAL 2 plain ()", "SIGNAL 2 moved (1, -2)", NULL);

  emit_everything (fixture->thing);
  news_line_assert (&fixture->line,
                    "SIGNAL 2 everything (true, -128, 0xff, -2147483648, 4294967295, -1, 1, -9223372036854775808, 18446744073709551615, "
                    "0.5, 0.25, 'text', ['a', 'b\\n'], [0x78, 0x79], '2026-02-03T04:05:06Z', <(3,)>, 2, 32)",
                    "SIGNAL 2 everything (false, 1, 0x02, 3, 4, 5, 6, 7, 8, 0.5, 0.25, nothing, nothing, nothing, nothing, nothing, 0, 0)",
                    NULL);
}

static gboolean
handle_cb (WatchedThing *thing, int number, gpointer user_data)
{
  return number > 1;
}

static char *
name_cb (WatchedThing *thing, gpointer user_data)
{
  return g_strdup ("name");
}

static void
test_watch_returns (Fixture *fixture, gconstpointer user_data)
{
  gboolean         handled = FALSE;
  g_autofree char *name = NULL;

  g_test_summary ("Who watches a signal changes nothing of what its other handlers return.");
  add_signal (fixture, "asked");
  add_signal (fixture, "named");
  g_signal_connect (fixture->thing, "asked", G_CALLBACK (handle_cb), NULL);
  g_signal_connect (fixture->thing, "named", G_CALLBACK (name_cb), NULL);
  g_signal_emit_by_name (fixture->thing, "asked", 1, &handled);
  g_assert_false (handled);
  g_signal_emit_by_name (fixture->thing, "asked", 2, &handled);
  g_assert_true (handled);
  g_signal_emit_by_name (fixture->thing, "named", &name);
  g_assert_cmpstr (name, ==, "name");
  news_line_assert (&fixture->line, "SIGNAL 2 asked (1,)", "SIGNAL 2 asked (2,)", NULL);
}

static void
test_watch_bad_params (Fixture *fixture, gconstpointer user_data)
{
  add_signal (fixture, "everything");
  g_test_expect_message ("Mpel", G_LOG_LEVEL_WARNING, "Signal “everything” of WatchedThing cannot be told: *UTF-8");
  g_signal_emit_by_name (fixture->thing, "everything", FALSE, 1, 2, 3, 4, 5L, 6UL, (gint64) 7, (guint64) 8,
                         0.5f, 0.25, "\xff", NULL, NULL, NULL, NULL, G_BUS_TYPE_NONE, 0);
  g_test_assert_expected_messages ();
  news_line_assert (&fixture->line, NULL);
}

static void
test_watch_freed (Fixture *fixture, gconstpointer user_data)
{
  add_properties (fixture, "x", NULL);
  add_signal (fixture, "plain");
  g_clear_pointer (&fixture->watch, mpel_watch_free);
  watched_thing_set_x (fixture->thing, 1);
  g_signal_emit_by_name (fixture->thing, "plain");
  news_line_settle ();
  news_line_assert (&fixture->line, NULL);
}

static void
free_watch_cb (WatchedThing *thing, GParamSpec *pspec, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_pointer (&fixture->watch, mpel_watch_free);
}

/* A handler that runs before ours. */
static void
test_watch_freed_in_emission (Fixture *fixture, gconstpointer user_data)
{
  g_signal_connect (fixture->thing, "notify::x", G_CALLBACK (free_watch_cb), fixture);
  add_properties (fixture, "x", NULL);
  watched_thing_set_x (fixture->thing, 1);
  g_assert_null (fixture->watch);
  news_line_assert (&fixture->line, NULL);
}

/* A thread that changes the thing and emits until it is told to stop. */
typedef struct
{
  WatchedThing *thing;   /* (owned) */
  int           n;       /* changes, or 0: without end */
  gint          is_over; /* atomic */
  gboolean      emits;
} Unrest;

static gpointer
unrest_thread (gpointer user_data)
{
  Unrest *unrest = user_data;

  for (int i = 1; (unrest->n == 0 || i <= unrest->n) && !g_atomic_int_get (&unrest->is_over); i++)
    {
      watched_thing_set_x (unrest->thing, i);
      if (unrest->emits)
        g_signal_emit_by_name (unrest->thing, "moved", i, i);
    }
  return NULL;
}

static void
acknowledge_all (Fixture *fixture)
{
  mpel_reporter_acknowledge (fixture->line.reporter, G_MAXUINT);
}

static void
test_watch_threads (Fixture *fixture, gconstpointer user_data)
{
  Unrest   unrest = { g_object_ref (fixture->thing), N_CHANGES, 0, FALSE };
  GThread *one, *other;

  g_test_summary ("Whatever threads change, the last value is told.");
  add_properties (fixture, "x", NULL);
  one = g_thread_new ("one", unrest_thread, &unrest);
  other = g_thread_new ("other", unrest_thread, &unrest);
  for (int i = 0; i < N_CHANGES; i++)
    {
      g_object_set (fixture->thing, "y", i, NULL);
      g_main_context_iteration (NULL, FALSE);
      acknowledge_all (fixture);
    }
  g_thread_join (one);
  g_thread_join (other);
  news_line_settle ();
  news_line_read (&fixture->line);
  g_assert_cmpstr (fixture->line.lines->pdata[fixture->line.lines->len - 1], ==, "CHANGED 2 x " G_STRINGIFY (N_CHANGES));
  g_object_unref (unrest.thing);
}

static void
test_watch_freed_in_flight (Fixture *fixture, gconstpointer user_data)
{
  Unrest   unrest = { g_object_ref (fixture->thing), 0, 0, TRUE };
  GThread *threads[2];

  g_test_summary ("Watches come and go while other threads notify and emit.");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("unrest", unrest_thread, &unrest);
  for (guint i = 0; i < N_WATCHES; i++)
    {
      add_properties (fixture, "x", "title");
      add_signal (fixture, "moved");
      watched_thing_set_title (fixture->thing, "title");
      g_clear_pointer (&fixture->watch, mpel_watch_free);
      g_main_context_iteration (NULL, FALSE);
      acknowledge_all (fixture);
      fixture->watch = mpel_watch_new (G_OBJECT (fixture->thing), 2 + 2 * i, fixture->classes, fixture->line.reporter);
    }
  g_atomic_int_set (&unrest.is_over, TRUE);
  acknowledge_all (fixture);
  mpel_reporter_close (fixture->line.reporter);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_object_unref (unrest.thing);
  g_clear_pointer (&fixture->watch, mpel_watch_free);
  g_clear_pointer (&fixture->line.reporter, mpel_reporter_unref);
}

/* The object is held by the watch, and by what waits. */
static void
test_watch_holds (Fixture *fixture, gconstpointer user_data)
{
  WatchedThing *thing = watched_thing_new ();
  Unrest        unrest = { thing, 1, 0, FALSE };
  gpointer      weak = thing;

  g_clear_pointer (&fixture->watch, mpel_watch_free);
  fixture->watch = mpel_watch_new (G_OBJECT (thing), 4, fixture->classes, fixture->line.reporter);
  g_object_add_weak_pointer (G_OBJECT (thing), &weak);
  add_properties (fixture, "x", NULL);
  g_thread_join (g_thread_new ("unrest", unrest_thread, &unrest));
  g_object_unref (thing);
  g_assert_nonnull (weak);
  g_clear_pointer (&fixture->watch, mpel_watch_free);
  g_assert_null (weak);
  news_line_settle ();
  news_line_assert (&fixture->line, NULL);
}

#define ADD(name, func) g_test_add ("/unit/watch/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("properties", test_watch_properties);
  ADD ("all", test_watch_all);
  ADD ("bad-string", test_watch_bad_string);
  ADD ("frozen", test_watch_frozen);
  ADD ("none", test_watch_none);
  ADD ("getters", test_watch_getters);
  ADD ("failing-getter", test_watch_failing_getter);
  ADD ("signals", test_watch_signals);
  ADD ("returns", test_watch_returns);
  ADD ("bad-params", test_watch_bad_params);
  ADD ("freed", test_watch_freed);
  ADD ("freed-in-emission", test_watch_freed_in_emission);
  ADD ("threads", test_watch_threads);
  ADD ("freed-in-flight", test_watch_freed_in_flight);
  ADD ("holds", test_watch_holds);
  return g_test_run ();
}
