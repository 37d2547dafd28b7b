/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of output handlers, which may change under the hands of those who run it. */

#include "config.h"
#include "mpel-handlers-private.h"

/* What a handler does, beside writing its letter down. */
typedef enum
{
  ACT_NOTHING,
  ACT_STOP,
  ACT_REMOVE_OTHER,
  ACT_ADD_OTHER,
  ACT_RUN_NESTED,
} Act;

typedef struct _Script Script;

typedef struct
{
  Script *script; /* (unowned) */
  char    letter;
  Act     act;
  guint   id;    /* of this one */
  guint   other; /* id of whom to remove */
  int     index; /* where to add */
} Part;

struct _Script
{
  MpelHandlers *handlers; /* (owned) */
  MpelEvent    *event;    /* (owned) */
  GString      *log;      /* (owned) letters; capitals for those who have gone */
  gboolean      nested;
};

static Part *script_insert (Script *script,
                            int     index,
                            char    letter,
                            Act     act);

static gboolean
part_cb (MpelEvent *event, gpointer user_data)
{
  Part   *part = user_data;
  Script *script = part->script;

  g_assert_true (event == script->event);
  g_string_append_c (script->log, part->letter);
  switch (part->act)
    {
    case ACT_STOP:
      return TRUE;
    case ACT_REMOVE_OTHER:
      mpel_handlers_remove (script->handlers, part->other);
      return FALSE;
    case ACT_ADD_OTHER:
      part->act = ACT_NOTHING;
      script_insert (script, part->index, 'x', ACT_NOTHING);
      return FALSE;
    case ACT_RUN_NESTED:
      if (script->nested)
        return FALSE;
      script->nested = TRUE;
      g_string_append_c (script->log, '(');
      mpel_handlers_run (script->handlers, script->event);
      g_string_append_c (script->log, ')');
      script->nested = FALSE;
      return FALSE;
    case ACT_NOTHING:
    default:
      return FALSE;
    }
}

static void
part_gone (gpointer user_data)
{
  Part *part = user_data;

  g_string_append_c (part->script->log, g_ascii_toupper (part->letter));
  g_free (part);
}

static Part *
script_insert (Script *script, int index, char letter, Act act)
{
  Part *part = g_new0 (Part, 1);

  part->script = script;
  part->letter = letter;
  part->act = act;
  part->id = mpel_handlers_insert (script->handlers, index, part_cb, part, part_gone);
  g_assert_cmpuint (part->id, >, 0);
  return part;
}

static Part *
script_add (Script *script, char letter, Act act)
{
  return script_insert (script, -1, letter, act);
}

static void
script_init (Script *script)
{
  script->handlers = mpel_handlers_new ();
  script->event = mpel_event_new ("target", NULL, NULL);
  script->log = g_string_new (NULL);
  script->nested = FALSE;
}

static void
assert_log (Script *script, const char *expected)
{
  g_assert_cmpstr (script->log->str, ==, expected);
  g_string_truncate (script->log, 0);
}

static void
assert_runs (Script *script, const char *expected)
{
  gboolean stopped = mpel_handlers_run (script->handlers, script->event);

  g_assert_false (stopped);
  assert_log (script, expected);
}

/* @gone: who is left to go, in order. */
static void
script_clear (Script *script, const char *gone)
{
  mpel_handlers_free (script->handlers);
  assert_log (script, gone);
  g_assert_finalize_object (script->event);
  g_string_free (script->log, TRUE);
}

static void
test_order (void)
{
  Script script;

  g_test_summary ("Handlers run in the order they were added, each time.");

  script_init (&script);
  assert_runs (&script, "");
  script_add (&script, 'a', ACT_NOTHING);
  script_add (&script, 'b', ACT_NOTHING);
  script_add (&script, 'c', ACT_NOTHING);
  assert_runs (&script, "abc");
  assert_runs (&script, "abc");
  script_clear (&script, "ABC");
}

static void
test_index (void)
{
  Script script;

  g_test_summary ("An index is a place from the front; a negative one, or one too large, is the end.");

  script_init (&script);
  script_insert (&script, 0, 'a', ACT_NOTHING);
  script_insert (&script, 0, 'b', ACT_NOTHING);
  script_insert (&script, 1, 'c', ACT_NOTHING);
  script_insert (&script, 3, 'd', ACT_NOTHING);
  script_insert (&script, 100, 'e', ACT_NOTHING);
  script_insert (&script, -1, 'f', ACT_NOTHING);
  assert_runs (&script, "bcadef");
  script_clear (&script, "BCADEF");
}

static void
test_index_very_negative (void)
{
  Script script;

  g_test_summary ("Any negative index is the end.");

  script_init (&script);
  script_add (&script, 'a', ACT_NOTHING);
  script_insert (&script, -2, 'b', ACT_NOTHING);
  script_insert (&script, G_MININT, 'c', ACT_NOTHING);
  assert_runs (&script, "abc");
  script_clear (&script, "ABC");
}

static void
test_stop (void)
{
  Script script;

  g_test_summary ("A handler that returns TRUE stops those behind it.");

  script_init (&script);
  script_add (&script, 'a', ACT_NOTHING);
  script_add (&script, 'b', ACT_STOP);
  script_add (&script, 'c', ACT_NOTHING);
  g_assert_true (mpel_handlers_run (script.handlers, script.event));
  assert_log (&script, "ab");
  script_clear (&script, "ABC");
}

static void
test_remove (void)
{
  Script script;
  Part  *b;
  guint  id;

  g_test_summary ("A removed handler is gone at once; its id is never used again.");

  script_init (&script);
  script_add (&script, 'a', ACT_NOTHING);
  b = script_add (&script, 'b', ACT_NOTHING);
  script_add (&script, 'c', ACT_NOTHING);
  id = b->id;
  g_assert_true (mpel_handlers_remove (script.handlers, id));
  assert_log (&script, "B");
  g_assert_false (mpel_handlers_remove (script.handlers, id));
  g_assert_false (mpel_handlers_remove (script.handlers, 0));
  g_assert_cmpuint (script_add (&script, 'd', ACT_NOTHING)->id, !=, id);
  assert_runs (&script, "acd");
  script_clear (&script, "ACD");
}

static void
test_remove_self (void)
{
  Script script;
  Part  *b;

  g_test_summary ("A handler may remove itself; what it uses lives until it has returned.");

  script_init (&script);
  script_add (&script, 'a', ACT_NOTHING);
  b = script_add (&script, 'b', ACT_REMOVE_OTHER);
  b->other = b->id;
  script_add (&script, 'c', ACT_NOTHING);
  assert_runs (&script, "abcB");
  assert_runs (&script, "ac");
  script_clear (&script, "AC");
}

static void
test_remove_later (void)
{
  Script script;
  Part  *a;

  g_test_summary ("A handler that was removed by one before it is not called any more.");

  script_init (&script);
  a = script_add (&script, 'a', ACT_REMOVE_OTHER);
  a->other = script_add (&script, 'b', ACT_NOTHING)->id;
  script_add (&script, 'c', ACT_NOTHING);
  assert_runs (&script, "acB");
  assert_runs (&script, "ac");
  script_clear (&script, "AC");
}

static void
test_remove_earlier (void)
{
  Script script;
  Part  *c;
  guint  a;

  g_test_summary ("Removing one that has run leaves nobody out.");

  script_init (&script);
  a = script_add (&script, 'a', ACT_NOTHING)->id;
  c = script_add (&script, 'b', ACT_REMOVE_OTHER);
  c->other = a;
  script_add (&script, 'c', ACT_NOTHING);
  assert_runs (&script, "abcA");
  assert_runs (&script, "bc");
  script_clear (&script, "BC");
}

static void
test_add_while_running (void)
{
  for (int index = -1; index <= 1; index++)
    {
      Script script;

      g_test_summary ("One that is added while the others run is called from the next event on.");

      script_init (&script);
      script_add (&script, 'a', ACT_ADD_OTHER)->index = index;
      script_add (&script, 'b', ACT_NOTHING);
      assert_runs (&script, "ab");
      assert_runs (&script, index < 0 ? "abx" : index == 0 ? "xab"
                                                           : "axb");
      script_clear (&script, index < 0 ? "ABX" : index == 0 ? "XAB"
                                                            : "AXB");
    }
}

static void
test_nested (void)
{
  Script script;

  g_test_summary ("A handler may run all of them for another event meanwhile.");

  script_init (&script);
  script_add (&script, 'a', ACT_NOTHING);
  script_add (&script, 'b', ACT_RUN_NESTED);
  script_add (&script, 'c', ACT_NOTHING);
  assert_runs (&script, "ab(abc)c");
  script_clear (&script, "ABC");
}

static void
test_nested_remove (void)
{
  Script script;
  Part  *b;

  g_test_summary ("One that is removed in a nested run is called in neither, and lives until both are over.");

  script_init (&script);
  script_add (&script, 'a', ACT_RUN_NESTED);
  b = script_add (&script, 'b', ACT_REMOVE_OTHER);
  b->other = script_add (&script, 'c', ACT_NOTHING)->id;
  assert_runs (&script, "a(ab)bC");
  script_clear (&script, "AB");
}

static void
test_nested_add (void)
{
  Script script;

  g_test_summary ("One that is added in a nested run is called from the next run on.");

  script_init (&script);
  script_add (&script, 'a', ACT_RUN_NESTED);
  script_add (&script, 'b', ACT_ADD_OTHER)->index = -1;
  assert_runs (&script, "a(ab)b");
  assert_runs (&script, "a(abx)bx");
  script_clear (&script, "ABX");
}

static void
test_without_destroy (void)
{
  Script           script;
  g_autofree Part *part = g_new0 (Part, 1);
  guint            id;

  g_test_summary ("Data that nobody frees is the caller's.");

  script_init (&script);
  part->script = &script;
  part->letter = 'a';
  id = mpel_handlers_insert (script.handlers, -1, part_cb, part, NULL);
  assert_runs (&script, "a");
  g_assert_true (mpel_handlers_remove (script.handlers, id));
  assert_runs (&script, "");
  script_clear (&script, "");
}

/* On its way out it puts another one in its place. */
static void
part_gone_and_replaced (gpointer user_data)
{
  Part   *part = user_data;
  Script *script = part->script;

  part_gone (part);
  script_insert (script, 0, 'x', ACT_NOTHING);
}

static void
test_insert_in_destroy (void)
{
  Script script;
  Part  *part = g_new0 (Part, 1);

  g_test_summary ("A handler that goes may bring another one; nobody else is lost.");

  script_init (&script);
  part->script = &script;
  part->letter = 'a';
  part->id = mpel_handlers_insert (script.handlers, 0, part_cb, part, part_gone_and_replaced);
  script_add (&script, 'b', ACT_NOTHING);
  g_assert_true (mpel_handlers_remove (script.handlers, part->id));
  assert_log (&script, "A");
  assert_runs (&script, "xb");
  script_clear (&script, "XB");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/handlers/order", test_order);
  g_test_add_func ("/unit/handlers/index", test_index);
  g_test_add_func ("/unit/handlers/index-very-negative", test_index_very_negative);
  g_test_add_func ("/unit/handlers/stop", test_stop);
  g_test_add_func ("/unit/handlers/remove", test_remove);
  g_test_add_func ("/unit/handlers/remove-self", test_remove_self);
  g_test_add_func ("/unit/handlers/remove-later", test_remove_later);
  g_test_add_func ("/unit/handlers/remove-earlier", test_remove_earlier);
  g_test_add_func ("/unit/handlers/add-while-running", test_add_while_running);
  g_test_add_func ("/unit/handlers/nested", test_nested);
  g_test_add_func ("/unit/handlers/nested-remove", test_nested_remove);
  g_test_add_func ("/unit/handlers/nested-add", test_nested_add);
  g_test_add_func ("/unit/handlers/without-destroy", test_without_destroy);
  g_test_add_func ("/unit/handlers/insert-in-destroy", test_insert_in_destroy);
  return g_test_run ();
}
