/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is told of objects: in order, within the window, and the last value always. */

#include "config.h"
#include "mpel-test.h"

#include "mpel-names-private.h"
#include "news-line.h"

#define N_FLOOD 1000000
#define N_THREADS 4

/* The object whose properties change, “x” and “y”; what is read is the number beside. */
static int numbers[2];

static GVariant *
read_number (GObject *source, const char *name)
{
  return g_variant_ref_sink (g_variant_new_int32 (numbers[name[0] - 'x']));
}

static void
change (NewsLine *line, GObject *source, const char *name, int number)
{
  numbers[name[0] - 'x'] = number;
  mpel_reporter_note_changed (line->reporter, 2, g_intern_string (name), read_number, source);
}

static GObject *
source_new (void)
{
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static void
emit (NewsLine *line, int number)
{
  g_autoptr (GVariant) params = g_variant_ref_sink (g_variant_new ("(i)", number));
  g_autoptr (GError) error = NULL;

  mpel_reporter_add_signal (line->reporter, 2, "moved", params, &error);
  g_assert_no_error (error);
}

/* All of the window is on its way, and was read here. */
static void
fill_window (NewsLine *line, GObject *source)
{
  for (int i = 0; i < MPEL_CHANGE_WINDOW; i++)
    change (line, source, "x", i);
  g_assert_cmpuint (news_line_take (line), ==, MPEL_CHANGE_WINDOW);
}

static void
test_reporter_order (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_string ("z"));
  g_autoptr (GVariant) items = g_variant_ref_sink (g_variant_new_parsed ("(uint32 0, uint32 1, @a(tsa{sv}) [])"));
  g_autoptr (GVariant) class = g_variant_ref_sink (g_variant_new_parsed ("(@a(sssumv) [], @a(sas) [], ['move'])"));
  g_autoptr (GError) error = NULL;

  news_line_init (&line);
  change (&line, source, "x", 1);
  change (&line, source, "x", 2);
  emit (&line, 7);
  change (&line, source, "y", 3);
  mpel_reporter_add_changed (line.reporter, 2, "get_z", TRUE, value, &error);
  g_assert_no_error (error);
  mpel_reporter_add_items (line.reporter, 5, items);
  mpel_reporter_add_class (line.reporter, "Point", class);
  change (&line, source, "x", 4);
  news_line_end_event (&line, 1);
  news_line_assert (&line, "CHANGED 2 x 1", "CHANGED 2 x 2", "SIGNAL 2 moved (7,)", "CHANGED 2 y 3", "GETTER 2 get_z 'z'",
                    "ITEMS 5 (0, 1, [])", "DESCRIBE 0 Point ([], [], ['move'])", "CHANGED 2 x 4", "DONE 1 ()", NULL);
  news_line_clear (&line);
  g_assert_finalize_object (g_steal_pointer (&source));
}

static void
test_reporter_window (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  g_test_summary ("Over the window changes wait, one per property; the last value is told when there is room.");
  news_line_init (&line);
  fill_window (&line, source);
  change (&line, source, "y", 1);
  change (&line, source, "x", 2);
  change (&line, source, "y", 3);
  news_line_settle ();
  news_line_assert (&line, NULL);

  mpel_reporter_acknowledge (line.reporter, 1);
  news_line_settle ();
  news_line_assert (&line, "CHANGED 2 y 3", NULL);
  mpel_reporter_acknowledge (line.reporter, 2);
  news_line_settle ();
  news_line_assert (&line, "CHANGED 2 x 2", NULL);

  change (&line, source, "x", 5);
  news_line_assert (&line, "CHANGED 2 x 5", NULL);
  news_line_clear (&line);
  g_assert_finalize_object (g_steal_pointer (&source));
}

/* What is acknowledged without having been told opens no window. */
static void
test_reporter_liar (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  news_line_init (&line);
  mpel_reporter_acknowledge (line.reporter, G_MAXUINT);
  fill_window (&line, source);
  change (&line, source, "x", 1);
  news_line_settle ();
  news_line_assert (&line, NULL);
  news_line_clear (&line);
}

/* The main thread is busy; what waits is told with the next change. */
static void
test_reporter_without_turn (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  news_line_init (&line);
  fill_window (&line, source);
  change (&line, source, "y", 1);
  mpel_reporter_acknowledge (line.reporter, 10);
  change (&line, source, "x", 2);
  news_line_assert (&line, "CHANGED 2 y 1", "CHANGED 2 x 2", NULL);
  news_line_clear (&line);
}

static void
test_reporter_catch_up (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  g_autoptr (MpelCall) call = mpel_call_new (NULL, 7, TRUE, TRUE);
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_int32 (9));

  g_test_summary ("What waits goes before the end of an event, before its values and its progress, room or not.");
  news_line_init (&line);
  fill_window (&line, source);
  change (&line, source, "x", 1);
  mpel_outbox_add_yield (line.outbox, call, value, NULL);
  change (&line, source, "x", 2);
  mpel_outbox_add_progress (line.outbox, call, 0.5, "half");
  change (&line, source, "x", 3);
  change (&line, source, "y", 4);
  news_line_end_event (&line, 6);
  news_line_end_event (&line, 8);
  news_line_assert (&line, "CHANGED 2 x 1", "YIELD 7 9", "CHANGED 2 x 2", "PROGRESS 7 (0.5, 'half')",
                    "CHANGED 2 x 3", "CHANGED 2 y 4", "DONE 6 ()", "DONE 8 ()", NULL);
  mpel_outbox_add_done (line.outbox, call, MPEL_RECORD_FLAG_NONE, value);
  news_line_clear (&line);
}

static void
test_reporter_hold (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  g_test_summary ("An answer that says what a value is now is not preceded by what came after it was read.");
  news_line_init (&line);
  fill_window (&line, source);
  change (&line, source, "x", 1);
  mpel_reporter_hold (line.reporter);
  change (&line, source, "x", 2);
  news_line_end_event (&line, 1);
  mpel_reporter_let_go (line.reporter);
  news_line_end_event (&line, 3);
  news_line_assert (&line, "CHANGED 2 x 1", "DONE 1 ()", "CHANGED 2 x 2", "DONE 3 ()", NULL);
  news_line_clear (&line);
}

static void
test_reporter_hold_with_room (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  g_test_summary ("Nor is it when there is room to tell that at once.");
  news_line_init (&line);
  mpel_reporter_hold (line.reporter);
  change (&line, source, "x", 1);
  change (&line, source, "x", 2);
  news_line_end_event (&line, 1);
  mpel_reporter_let_go (line.reporter);
  news_line_settle ();
  news_line_assert (&line, "DONE 1 ()", "CHANGED 2 x 2", NULL);
  news_line_clear (&line);
}

/* What a thread does to a line. */
typedef struct
{
  NewsLine *line;
  GObject  *source;
  int       n;      /* how often */
  gint      n_done; /* atomic */
} Work;

static gpointer
change_thread (gpointer user_data)
{
  Work *work = user_data;

  for (int i = 0; i < work->n; i++)
    change (work->line, work->source, "y", i + 1);
  return NULL;
}

static gpointer
emit_thread (gpointer user_data)
{
  Work *work = user_data;

  for (int i = 0; i < work->n; i++)
    {
      emit (work->line, i);
      g_atomic_int_inc (&work->n_done);
    }
  return NULL;
}

/* Signals and acknowledges what comes, like a host. */
static void
read_signals (NewsLine *line, guint n)
{
  while (n > 0)
    {
      guint n_taken = news_line_take (line);

      g_assert_cmpuint (n_taken, <=, n);
      g_assert_cmpuint (n_taken, <=, MPEL_CHANGE_WINDOW);
      mpel_reporter_acknowledge (line->reporter, n_taken);
      n -= n_taken;
    }
}

static void
wait_until_done (Work *work, int n)
{
  while (g_atomic_int_get (&work->n_done) < n)
    g_thread_yield ();
}

static void
test_reporter_thread (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  Work     work = { &line, source, 100, 0 };
  GThread *thread;

  g_test_summary ("What changes on another thread is read on the main thread, once.");
  news_line_init (&line);
  thread = g_thread_new ("change", change_thread, &work);
  g_thread_join (thread);
  news_line_assert (&line, NULL);
  news_line_settle ();
  news_line_assert (&line, "CHANGED 2 y 100", NULL);

  thread = g_thread_new ("change", change_thread, &work);
  g_thread_join (thread);
  news_line_end_event (&line, 1);
  news_line_settle ();
  news_line_assert (&line, "CHANGED 2 y 100", "DONE 1 ()", NULL);
  news_line_clear (&line);
  g_assert_finalize_object (g_steal_pointer (&source));
}

static void
test_reporter_block (void)
{
  NewsLine line;
  Work     work = { &line, NULL, 3 * MPEL_CHANGE_WINDOW, 0 };
  GThread *thread;

  g_test_summary ("A thread that emits without end waits for the host.");
  news_line_init (&line);
  thread = g_thread_new ("emit", emit_thread, &work);
  wait_until_done (&work, MPEL_CHANGE_WINDOW);
  g_assert_cmpuint (news_line_take (&line), ==, MPEL_CHANGE_WINDOW);
  mpel_reporter_acknowledge (line.reporter, 1);
  wait_until_done (&work, MPEL_CHANGE_WINDOW + 1);
  news_line_assert (&line, "SIGNAL 2 moved (4096,)", NULL);
  mpel_reporter_acknowledge (line.reporter, MPEL_CHANGE_WINDOW);
  read_signals (&line, 2 * MPEL_CHANGE_WINDOW - 1);
  g_thread_join (thread);
  news_line_clear (&line);
}

static gpointer
acknowledge_thread (gpointer user_data)
{
  Work *work = user_data;

  for (int i = 0; i < work->n; i++)
    mpel_reporter_acknowledge (work->line->reporter, 1);
  return NULL;
}

static void
test_reporter_block_main (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  Work     work = { &line, NULL, 1000, 0 };
  GThread *thread;

  g_test_summary ("The main thread waits as well; acknowledgements come on another. What it changed goes before.");
  news_line_init (&line);
  fill_window (&line, source);
  change (&line, source, "x", 1);
  thread = g_thread_new ("acknowledge", acknowledge_thread, &work);
  for (int i = 0; i < work.n - 1; i++)
    emit (&line, i);
  g_thread_join (thread);
  news_line_read (&line);
  g_assert_cmpstr (line.lines->pdata[0], ==, "CHANGED 2 x 1");
  g_assert_cmpstr (line.lines->pdata[1], ==, "SIGNAL 2 moved (0,)");
  g_assert_cmpuint (line.lines->len, ==, work.n);
  news_line_clear (&line);
}

static void
test_reporter_close_wakes (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  Work     work = { &line, source, MPEL_CHANGE_WINDOW, 0 };
  GThread *threads[N_THREADS];

  g_test_summary ("Who waits goes on when the line ends, and nothing is held any more.");
  news_line_init (&line);
  fill_window (&line, source);
  change (&line, source, "x", 1);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("emit", emit_thread, &work);
  mpel_reporter_close (line.reporter);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  emit (&line, 1);
  change (&line, source, "x", 2);
  mpel_reporter_acknowledge (line.reporter, 10);
  news_line_settle ();
  news_line_assert (&line, NULL);
  g_assert_finalize_object (g_steal_pointer (&source));
  g_clear_pointer (&line.reporter, mpel_reporter_unref);
  news_line_clear (&line);
}

static gpointer
spared_thread (gpointer user_data)
{
  Work *work = user_data;

  mpel_reporter_spare_thread (work->line->reporter);
  return emit_thread (work);
}

static void
test_reporter_spared (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  Work work = { &line, NULL, 10, 0 };

  g_test_summary ("The thread that brings acknowledgements never waits for one.");
  news_line_init (&line);
  fill_window (&line, source);
  g_thread_join (g_thread_new ("spared", spared_thread, &work));
  g_assert_cmpuint (news_line_take (&line), ==, 10);
  news_line_clear (&line);
}

static void
test_reporter_signals_first (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  Work     work = { &line, NULL, 1, 0 };
  GThread *thread;

  g_test_summary ("A thread that waits is not left out because properties change all the time.");
  news_line_init (&line);
  fill_window (&line, source);
  thread = g_thread_new ("emit", emit_thread, &work);
  while (g_atomic_int_get (&work.n_done) == 0)
    {
      change (&line, source, "x", 1);
      mpel_reporter_acknowledge (line.reporter, 1);
    }
  g_thread_join (thread);
  news_line_clear (&line);
}

static GVariant *
read_large (GObject *source, const char *name)
{
  g_autofree char *text = g_strnfill (600 * 1000, 'a');

  return g_variant_ref_sink (g_variant_new_string (text));
}

static GVariant *
read_huge (GObject *source, const char *name)
{
  g_autofree char *text = g_strnfill (3 * MPEL_CHANGE_WINDOW_BYTES, 'a');

  return g_variant_ref_sink (g_variant_new_string (text));
}

static void
test_reporter_bytes (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  g_test_summary ("Large values fill the window sooner; one may always go.");
  news_line_init (&line);
  mpel_reporter_note_changed (line.reporter, 2, g_intern_string ("huge"), read_huge, source);
  mpel_reporter_note_changed (line.reporter, 2, g_intern_string ("large"), read_large, source);
  news_line_settle ();
  news_line_assert (&line, "CHANGED 2 huge 3145729 bytes", NULL);

  mpel_reporter_acknowledge (line.reporter, 1);
  news_line_settle ();
  news_line_assert (&line, "CHANGED 2 large 600001 bytes", NULL);
  for (guint i = 0; i < 4; i++)
    mpel_reporter_note_changed (line.reporter, 2, g_intern_string ("large"), read_large, source);
  news_line_assert (&line, "CHANGED 2 large 600001 bytes", NULL);
  news_line_end_event (&line, 1);
  news_line_assert (&line, "CHANGED 2 large 600001 bytes", "DONE 1 ()", NULL);
  news_line_clear (&line);
}

static void
test_reporter_too_large (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  g_autofree char *name = g_strnfill (70000, 'x');
  g_autoptr (GVariant) params = g_variant_ref_sink (g_variant_new ("()"));
  g_autoptr (GError) error = NULL;

  g_test_summary ("What cannot be carried is dropped with a warning, and keeps no room.");
  news_line_init (&line);
  for (guint i = 0; i < 2; i++)
    {
      g_test_expect_message ("Mpel", G_LOG_LEVEL_WARNING, "Property “xxx*” of GObject cannot be told: *too long");
      mpel_reporter_note_changed (line.reporter, 2, g_intern_string (name), read_number, source);
    }
  g_test_assert_expected_messages ();
  g_assert_false (mpel_reporter_add_signal (line.reporter, 2, name, params, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_TOO_LARGE);
  fill_window (&line, source);
  news_line_clear (&line);
}

static void
test_reporter_forget (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();
  g_autoptr (GObject) other = source_new ();

  g_test_summary ("What waits of an object that the host dropped is forgotten, and lets go of it.");
  news_line_init (&line);
  fill_window (&line, other);
  change (&line, source, "x", 1);
  change (&line, source, "y", 1);
  mpel_reporter_note_changed (line.reporter, 4, g_intern_string ("x"), read_number, other);
  mpel_reporter_forget (line.reporter, 2);
  g_assert_finalize_object (g_steal_pointer (&source));
  news_line_end_event (&line, 1);
  news_line_assert (&line, "CHANGED 4 x 1", "DONE 1 ()", NULL);
  mpel_reporter_forget (line.reporter, 4);
  news_line_clear (&line);
}

static void
test_reporter_flood (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  g_test_summary ("Of a flood no more travels than the window, and then the last values.");
  news_line_init (&line);
  for (int i = 0; i < N_FLOOD; i++)
    change (&line, source, i % 2 == 0 ? "x" : "y", i);
  g_assert_cmpuint (news_line_take (&line), ==, MPEL_CHANGE_WINDOW);
  mpel_reporter_acknowledge (line.reporter, MPEL_CHANGE_WINDOW);
  news_line_settle ();
  news_line_assert (&line, "CHANGED 2 x 999998", "CHANGED 2 y 999999", NULL);
  news_line_clear (&line);
}

/* A property that notifies another, or itself, while it is read. */
static NewsLine *restless_line;
static guint     n_restless;

static GVariant *
read_restless (GObject *source, const char *name)
{
  int n = (int) n_restless++;

  mpel_reporter_note_changed (restless_line->reporter, 2, name, read_restless, source);
  return g_variant_ref_sink (g_variant_new_int32 (n));
}

static void
test_reporter_restless (void)
{
  NewsLine line;
  g_autoptr (GObject) source = source_new ();

  g_test_summary ("A property that notifies whenever it is read holds nobody up.");
  news_line_init (&line);
  restless_line = &line;
  mpel_reporter_note_changed (line.reporter, 2, g_intern_string ("x"), read_restless, source);
  news_line_end_event (&line, 1);
  g_main_context_iteration (NULL, FALSE);
  news_line_read (&line);
  g_assert_cmpstr (line.lines->pdata[0], ==, "CHANGED 2 x 0");
  g_assert_cmpstr (line.lines->pdata[1], ==, "CHANGED 2 x 1");
  mpel_reporter_close (line.reporter);
  g_clear_pointer (&line.reporter, mpel_reporter_unref);
  news_line_clear (&line);
  g_assert_finalize_object (g_steal_pointer (&source));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/reporter/order", test_reporter_order);
  g_test_add_func ("/unit/reporter/window", test_reporter_window);
  g_test_add_func ("/unit/reporter/liar", test_reporter_liar);
  g_test_add_func ("/unit/reporter/without-turn", test_reporter_without_turn);
  g_test_add_func ("/unit/reporter/catch-up", test_reporter_catch_up);
  g_test_add_func ("/unit/reporter/hold", test_reporter_hold);
  g_test_add_func ("/unit/reporter/hold-with-room", test_reporter_hold_with_room);
  g_test_add_func ("/unit/reporter/thread", test_reporter_thread);
  g_test_add_func ("/unit/reporter/block", test_reporter_block);
  g_test_add_func ("/unit/reporter/block-main", test_reporter_block_main);
  g_test_add_func ("/unit/reporter/close-wakes", test_reporter_close_wakes);
  g_test_add_func ("/unit/reporter/spared", test_reporter_spared);
  g_test_add_func ("/unit/reporter/signals-first", test_reporter_signals_first);
  g_test_add_func ("/unit/reporter/bytes", test_reporter_bytes);
  g_test_add_func ("/unit/reporter/too-large", test_reporter_too_large);
  g_test_add_func ("/unit/reporter/forget", test_reporter_forget);
  g_test_add_func ("/unit/reporter/flood", test_reporter_flood);
  g_test_add_func ("/unit/reporter/restless", test_reporter_restless);
  return g_test_run ();
}
