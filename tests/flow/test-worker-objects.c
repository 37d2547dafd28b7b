/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A real worker, and a host that speaks the wire by hand: objects that the host makes, and those that
 * it learns of. */

#include "config.h"
#include "by-hand.h"
#include "dot-targets.h"

#include "mpel-names-private.h"
#include "mpel.h"

#define NO_SUCH_TARGET "mpel-loop-error-quark:1: "
#define INVALID_ARGUMENTS "mpel-loop-error-quark:2: "
#define NO_RESULT "mpel-loop-error-quark:3: "
#define NO_SUCH_OBJECT "mpel-loop-error-quark:13: "

/* The initializer's dot is always there. */
static void
assert_n_dots (ByHand *host, guint64 id, int n)
{
  g_autofree char *line = g_strdup_printf ("DONE %" G_GUINT64_FORMAT " %d", id, n + 1);

  by_hand_run (host, id, "count-dots", "()", line);
}

static void
test_methods (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("An object is made once; its methods change it and tell of it.");

  by_hand_create (host, 2, "Dot", "{'x': <1>, 'label': <@ms 'a'>}");
  by_hand_run_method (host, 1, 2, "get-x", "()", "DONE 1 1");
  by_hand_run_method (host, 2, 2, "move", "(3, 4)", "DONE 2 ()");
  by_hand_run_method (host, 3, 2, "get-x", "()", "DONE 3 3");
  by_hand_run_method (host, 4, 2, "mpel:state", "()", "DONE 4 {*'label': <@ms 'a'>*}");
  g_assert_cmpuint (by_hand_count (host, "DONE 4 {*'x': <3>*}"), ==, 1);
  g_assert_cmpuint (by_hand_count (host, "DONE 4 {*'sum': <7>*}"), ==, 1);
  by_hand_run_method (host, 5, 2, "move", "('a',)", "FAILED 5 " INVALID_ARGUMENTS "“move” takes *");
  by_hand_run_method (host, 6, 2, "answer-early", "()", "DONE 6 ()");
  by_hand_run_method (host, 7, 2, "get-x", "()", "DONE 7 9");
  g_assert_cmpuint (by_hand_count (host, "DESCRIBE *"), ==, 0);
  by_hand_free (host);
}

static void
test_inherited (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Methods are those of the nearest class, then of interfaces; one that is missing is named with its class.");

  by_hand_create (host, 2, "Dot", NULL);
  by_hand_create (host, 4, "DotsDisc", "{'radius': <2.5>}");
  by_hand_run_method (host, 1, 2, "get-name", "()", "DONE 1 'dot'");
  by_hand_run_method (host, 2, 4, "get-name", "()", "DONE 2 'disc'");
  by_hand_run_method (host, 3, 4, "get-x", "()", "DONE 3 0");
  by_hand_run_method (host, 4, 4, "get-mark", "()", "DONE 4 'mark'");
  by_hand_run_method (host, 5, 2, "get-mark", "()", "FAILED 5 " NO_SUCH_TARGET "The class “Dot” has no method “get-mark”");
  by_hand_run_method (host, 6, 4, "fly", "()", "FAILED 6 " NO_SUCH_TARGET "The class “DotsDisc” has no method “fly”");
  by_hand_run_method (host, 7, 4, "mpel:fly", "()", "FAILED 7 " NO_SUCH_TARGET "*“mpel:fly”*");
  by_hand_run_method (host, 8, 4, "mpel:save", "()", "FAILED 8 " NO_SUCH_TARGET "*");
  by_hand_run (host, 9, "mpel:state", "()", "FAILED 9 " NO_SUCH_TARGET "*");
  by_hand_free (host);
}

static void
test_by_value (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("An object that is released lives until the last event that mentions it is answered.");

  by_hand_create (host, 2, "Dot", "{'x': <6>}");
  by_hand_add_method (host, 1, 2, "keep", "()");
  by_hand_release (host, 2, 1);
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 1 *");
  assert_n_dots (host, 2, 1);
  by_hand_run_method (host, 3, 2, "get-x", "()", "FAILED 3 " NO_SUCH_OBJECT "The worker has no object 2");
  by_hand_run (host, 4, "answer-kept", "()", "DONE 1 6");
  assert_n_dots (host, 5, 0);

  by_hand_create (host, 4, "Dot", "{'x': <7>}");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 6, "keep", "((@h 0,), @at [4], '')");
  by_hand_release (host, 4, 1);
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 6 *");
  assert_n_dots (host, 7, 1);
  by_hand_run (host, 8, "answer-kept", "()", "DONE 6 7");
  assert_n_dots (host, 9, 0);

  by_hand_create (host, 6, "Dot", NULL);
  by_hand_add_method (host, 10, 6, "drop-in-thread", "()");
  by_hand_release (host, 6, 1);
  by_hand_send (host);
  by_hand_wait (host, "FAILED 10 " NO_RESULT "*");
  assert_n_dots (host, 11, 0);
  by_hand_free (host);
}

static void
test_broken (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("What cannot be made fails those who use it, with the reason, and nobody else.");

  by_hand_create (host, 2, "NoSuchClass", NULL);
  by_hand_create (host, 4, "DotsAbstract", NULL);
  by_hand_create (host, 6, "GBusType", NULL);
  by_hand_create (host, 8, "DotsMarked", NULL);
  by_hand_create (host, 10, "Dot", "{'x': <101>}");
  by_hand_create (host, 12, "Dot", "{'height': <1>}");
  by_hand_run (host, 1, "echo", "(1,)", "DONE 1 (1,)");
  by_hand_run_method (host, 2, 2, "get-x", "()", "FAILED 2 " NO_SUCH_OBJECT "The worker has no class “NoSuchClass”");
  by_hand_run_method (host, 3, 4, "get-x", "()", "FAILED 3 " NO_SUCH_OBJECT "“DotsAbstract” is no class of which *");
  by_hand_run_method (host, 4, 6, "get-x", "()", "FAILED 4 " NO_SUCH_OBJECT "“GBusType” is no class of which *");
  by_hand_run_method (host, 5, 8, "get-x", "()", "FAILED 5 " NO_SUCH_OBJECT "“DotsMarked” is no class of which *");
  by_hand_run_method (host, 6, 10, "get-x", "()", "FAILED 6 " INVALID_ARGUMENTS "Property “x” of DotsDot: *");
  by_hand_run_method (host, 7, 12, "mpel:state", "()", "FAILED 7 " INVALID_ARGUMENTS "DotsDot has no writable property “height”");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 8, "list-x", "((@h 0,), @at [10], '')");
  by_hand_send (host);
  by_hand_wait (host, "FAILED 8 " INVALID_ARGUMENTS "Property “x” of DotsDot: *");

  by_hand_create (host, 10, "Dot", "{'x': <100>}");
  by_hand_run_method (host, 9, 10, "get-x", "()", "DONE 9 100");
  by_hand_release (host, 2, 1);
  by_hand_run_method (host, 10, 2, "get-x", "()", "FAILED 10 " NO_SUCH_OBJECT "The worker has no object 2");
  by_hand_free (host);
}

static void
test_in_place (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("One of the same id takes the other's place, and its mentions.");

  by_hand_create (host, 2, "Dot", "{'x': <1>}");
  by_hand_run_method (host, 1, 2, "return-self", "()", "DONE 1 (0, [(2, 'Dot')])");
  by_hand_create (host, 2, "DotsDisc", "{'x': <2>}");
  by_hand_run_method (host, 2, 2, "get-name", "()", "DONE 2 'disc'");
  assert_n_dots (host, 3, 1);
  by_hand_release (host, 2, 1);
  by_hand_run_method (host, 4, 2, "get-x", "()", "DONE 4 2");
  by_hand_release (host, 2, 1);
  assert_n_dots (host, 5, 0);
  by_hand_free (host);
}

static void
test_arguments (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Handles among the arguments stand for the objects that the event mentions.");

  by_hand_create (host, 2, "Dot", "{'x': <2>}");
  by_hand_create (host, 4, "Dot", "{'x': <4>}");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 1, "list-x", "((@h 1, @h 0, @h 1), @at [2, 4], '')");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 2, "list-x", "((@h 2,), @at [2, 4], '')");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 3, "list-x", "((@h -1,), @at [2, 4], '')");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 4, "list-x", "((@h 0,), @at [2, 3], '')");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 5, "list-x", "((@h 0,), @at [], '')");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 6, "echo", "((7,), @at [], '')");
  by_hand_add (host, 7, "list-x", "(@h 0,)");
  by_hand_send (host);
  by_hand_wait (host, "DONE 1 ?4, 2, 4?");
  by_hand_wait (host, "FAILED 2 " NO_SUCH_OBJECT "The event “list-x” mentions no object 2");
  by_hand_wait (host, "FAILED 3 " NO_SUCH_OBJECT "The event “list-x” mentions no object -1");
  by_hand_wait (host, "FAILED 4 " NO_SUCH_OBJECT "The worker has no object 3");
  by_hand_wait (host, "FAILED 5 " NO_SUCH_OBJECT "The event “list-x” mentions no object 0");
  by_hand_wait (host, "DONE 6 (7,)");
  by_hand_wait (host, "FAILED 7 " NO_SUCH_OBJECT "*");
  by_hand_free (host);
}

static void
test_results (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Objects that results mention get ids of the worker's; their class is described once, before.");

  by_hand_run (host, 1, "make-dots", "()", "DONE 1 ((0, 1, 0), [(1, 'Dot'), (3, 'Dot')])");
  g_assert_cmpuint (by_hand_find (host, "DESCRIBE 0 Dot *"), <, by_hand_find (host, "DONE 1 *"));
  by_hand_run (host, 2, "make-dots", "()", "DONE 2 ((0, 1, 0), [(5, 'Dot'), (7, 'Dot')])");
  by_hand_run_method (host, 3, 7, "get-x", "()", "DONE 3 2");
  g_assert_cmpuint (by_hand_count (host, "DESCRIBE *"), ==, 1);
  assert_n_dots (host, 4, 4);
  by_hand_release (host, 1, 1);
  by_hand_release (host, 3, 1);
  by_hand_release (host, 5, 1);
  assert_n_dots (host, 5, 1);
  by_hand_free (host);
}

static void
test_crossing (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A release that crosses a mention leaves the object to the latter.");

  by_hand_create (host, 2, "Dot", NULL);
  by_hand_add_method (host, 1, 2, "return-self", "()");
  by_hand_add_method (host, 2, 2, "return-self", "()");
  by_hand_release (host, 2, 1);
  by_hand_send (host);
  by_hand_wait (host, "DONE 2 (0, [(2, 'Dot')])");
  assert_n_dots (host, 3, 1);
  by_hand_release (host, 2, 1);
  assert_n_dots (host, 4, 1);
  by_hand_release (host, 2, 1);
  assert_n_dots (host, 5, 0);
  by_hand_release (host, 2, 1);
  by_hand_release (host, 99, 4000000000u);
  by_hand_create (host, 4, "Dot", NULL);
  by_hand_release (host, 4, 4000000000u);
  assert_n_dots (host, 6, 0);
  by_hand_free (host);
}

static void
test_not_mentioned (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("When nobody learns of them, objects that were added are gone.");

  by_hand_run (host, 1, "make-and-fail", "()", "FAILED 1 g-io-error-quark:0: Made in vain");
  assert_n_dots (host, 2, 0);
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_NO_OUTPUT, 3, "make-dots", "()");
  assert_n_dots (host, 4, 0);
  g_assert_cmpuint (by_hand_count (host, "DONE 3 nothing"), ==, 1);
  g_assert_cmpuint (by_hand_count (host, "DESCRIBE *"), ==, 0);
  by_hand_free (host);
}

static void
test_other_thread (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A thread may answer with an object.");

  by_hand_run (host, 1, "answer-in-thread", "()", "DONE 1 (0, [(1, 'Dot')])");
  by_hand_run_method (host, 2, 1, "get-x", "()", "DONE 2 3");
  by_hand_release (host, 1, 1);
  by_hand_run_method (host, 3, 1, "get-x", "()", "FAILED 3 " NO_SUCH_OBJECT "*");
  by_hand_free (host);
}

/* Neither creations nor releases belong to the event between them. */
static void
test_never_begun (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("What is made for an event is made and released also when that never begins.");

  by_hand_create (host, 2, "Dot", "{'x': <1>}");
  by_hand_add_method (host, 1, 2, "keep", "()");
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 1 *");
  by_hand_demand (host, MPEL_RECORD_RECALL, 5, NULL);
  by_hand_wait (host, "RECALLED 1 nothing");
  by_hand_create (host, 4, "Dot", NULL);
  by_hand_add_method (host, 4, 4, "get-x", "()");
  by_hand_release (host, 4, 1);
  by_hand_create (host, 6, "Dot", "{'x': <6>}");
  by_hand_add_method (host, 5, 6, "get-x", "()");
  by_hand_run_method (host, 6, 6, "get-x", "()", "DONE 6 6");
  assert_n_dots (host, 7, 2);
  by_hand_cancel (host, 9);
  by_hand_release (host, 2, 1);
  by_hand_add_method (host, 9, 2, "get-x", "()");
  by_hand_release (host, 6, 1);
  by_hand_send (host);
  by_hand_wait (host, "FAILED 9 g-io-error-quark:19: *");
  by_hand_run (host, 10, "answer-kept", "()", "DONE 1 1");
  assert_n_dots (host, 11, 0);
  g_assert_cmpuint (by_hand_count (host, "* 4 *"), ==, 0);
  by_hand_free (host);
}

static void
test_held (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("While an event may not begin, what came behind it is not made or released either.");

  by_hand_run (host, 1, "set-max-concurrent", "(uint32 1,)", "DONE 1 ()");
  by_hand_create (host, 2, "Dot", "{'x': <2>}");
  by_hand_add_method (host, 2, 2, "keep", "()");
  by_hand_add_method (host, 3, 2, "get-x", "()");
  by_hand_add_method (host, 4, 2, "get-x", "()");
  by_hand_release (host, 2, 1);
  by_hand_create (host, 2, "Dot", "{'x': <3>}");
  by_hand_add_method (host, 5, 2, "get-x", "()");
  by_hand_send (host);
  by_hand_wait (host, "PROGRESS 2 *");
  by_hand_cancel (host, 3);
  by_hand_wait (host, "FAILED 3 *");
  by_hand_cancel (host, 2);
  by_hand_wait (host, "FAILED 2 g-io-error-quark:19: *");
  by_hand_wait (host, "DONE 5 3");
  g_assert_cmpuint (by_hand_find (host, "DONE 4 2"), <, by_hand_find (host, "DONE 5 3"));
  assert_n_dots (host, 6, 1);
  by_hand_free (host);
}

static void
test_odd_requests (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A host that asks for nonsense is told so.");

  by_hand_create (host, 2, "Dot", NULL);
  by_hand_add_record (host, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_CLASS | MPEL_RECORD_FLAG_OBJECT, 1, 2, "DotsDot", "((), @a{sv} {})", NULL);
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_CLASS | MPEL_RECORD_FLAG_MENTIONS, 2, "DotsDot", "(((), @a{sv} {}), @at [], 'dot')");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_CLASS | MPEL_RECORD_FLAG_MENTIONS, 3, "DotsDot", "(((), @a{sv} {}), @at [99], '')");
  by_hand_add_method (host, 4, 0, "get-x", "()");
  by_hand_add_method (host, 5, G_MAXUINT64, "get-x", "()");
  by_hand_send (host);
  by_hand_wait (host, "FAILED 1 " INVALID_ARGUMENTS "*");
  by_hand_wait (host, "FAILED 2 " INVALID_ARGUMENTS "*");
  by_hand_wait (host, "FAILED 3 " NO_SUCH_OBJECT "*");
  by_hand_wait (host, "FAILED 4 " NO_SUCH_OBJECT "*");
  by_hand_wait (host, "FAILED 5 " NO_SUCH_OBJECT "*");
  by_hand_free (host);
}

static void
test_odd_id (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A host that gives a worker's id to its own object is not served.");

  by_hand_create (host, 3, "Dot", NULL);
  by_hand_send (host);
  by_hand_free_refused (host);
}

static void
test_no_id (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("No object has the id 0.");

  by_hand_create (host, 0, "Dot", NULL);
  by_hand_send (host);
  by_hand_free_refused (host);
}

static void
test_wrong_side (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("What only a worker may say is not taken from a host.");

  by_hand_add_record (host, MPEL_RECORD_CHANGED, MPEL_RECORD_FLAG_NONE, 2, 0, "x", "1", NULL);
  by_hand_send (host);
  by_hand_free_refused (host);
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker != NULL)
    return dot_targets_run (worker);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpel/worker/objects/methods", test_methods);
  g_test_add_func ("/mpel/worker/objects/inherited", test_inherited);
  g_test_add_func ("/mpel/worker/objects/by-value", test_by_value);
  g_test_add_func ("/mpel/worker/objects/broken", test_broken);
  g_test_add_func ("/mpel/worker/objects/in-place", test_in_place);
  g_test_add_func ("/mpel/worker/objects/arguments", test_arguments);
  g_test_add_func ("/mpel/worker/objects/results", test_results);
  g_test_add_func ("/mpel/worker/objects/crossing", test_crossing);
  g_test_add_func ("/mpel/worker/objects/not-mentioned", test_not_mentioned);
  g_test_add_func ("/mpel/worker/objects/other-thread", test_other_thread);
  g_test_add_func ("/mpel/worker/objects/never-begun", test_never_begun);
  g_test_add_func ("/mpel/worker/objects/held", test_held);
  g_test_add_func ("/mpel/worker/objects/odd-requests", test_odd_requests);
  g_test_add_func ("/mpel/worker/objects/odd-id", test_odd_id);
  g_test_add_func ("/mpel/worker/objects/no-id", test_no_id);
  g_test_add_func ("/mpel/worker/objects/wrong-side", test_wrong_side);
  return g_test_run ();
}
