/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A real worker, and a host that speaks the wire by hand: what every object can. */

#include "config.h"
#include "by-hand.h"
#include "dot-targets.h"

#include "mpel-names-private.h"
#include "mpel.h"

#define NO_SUCH_TARGET "mpel-loop-error-quark:1: "
#define INVALID_ARGUMENTS "mpel-loop-error-quark:2: "
#define NO_SUCH_OBJECT "mpel-loop-error-quark:13: "

static ByHand *
host_new_with_dot (void)
{
  ByHand *host = by_hand_new ();

  by_hand_create (host, 2, "Dot", "{'origin': <@ms 'here'>}");
  return host;
}

static void
assert_not_set (ByHand *host, guint64 id, const char *args, const char *reason)
{
  g_autofree char *pattern = g_strdup_printf ("FAILED %" G_GUINT64_FORMAT " " INVALID_ARGUMENTS "%s", id, reason);

  by_hand_run_method (host, id, 2, "mpel:set", args, pattern);
}

static void
test_set (void)
{
  ByHand *host = host_new_with_dot ();

  g_test_summary ("A property is set, and its value told; what is wrong is said, and nothing is done.");

  by_hand_run_method (host, 1, 2, "mpel:set", "('x', <5>)", "DONE 1 <5>");
  by_hand_run_method (host, 2, 2, "mpel:set", "('label', <@ms 'a'>)", "DONE 2 <@ms 'a'>");
  by_hand_run_method (host, 3, 2, "mpel:set", "('secret', <@ms 'b'>)", "DONE 3 <@ms 'b'>");
  assert_not_set (host, 4, "('height', <5>)", "DotsDot has no writable property “height”");
  assert_not_set (host, 5, "('sum', <5>)", "DotsDot has no writable property “sum”");
  assert_not_set (host, 6, "('origin', <@ms 'there'>)", "DotsDot has no writable property “origin”");
  assert_not_set (host, 7, "('x', <'5'>)", "Property “x” of DotsDot: *");
  assert_not_set (host, 8, "('x', <101>)", "Property “x” of DotsDot: *");
  assert_not_set (host, 9, "('bus', <77>)", "Property “bus” of DotsDot: *");
  assert_not_set (host, 10, "('friend', <5>)", "Property “friend” of DotsDot: *");
  assert_not_set (host, 11, "('x',)", "“mpel:set” takes *");
  by_hand_run_method (host, 12, 2, "mpel:state", "()", "DONE 12 {*'x': <5>*}");
  g_assert_cmpuint (by_hand_count (host, "DONE 12 {*'origin': <@ms 'here'>*}"), ==, 1);
  by_hand_free (host);
}

static void
test_watch (void)
{
  ByHand *host = host_new_with_dot ();

  g_test_summary ("What is watched is told in its order among the ends of events.");

  by_hand_run_method (host, 1, 2, "mpel:watch", "(['x', 'height'], ['get-x', 'fly'], ['moved'])", "DONE 1 (({'x': <0>}, {'get-x': <0>}), [(2, 'Dot')])");
  g_assert_cmpuint (by_hand_find (host, "DESCRIBE 0 Dot *"), <, by_hand_find (host, "DONE 1 *"));
  by_hand_run_method (host, 2, 2, "move", "(3, 4)", "DONE 2 ()");
  g_assert_cmpuint (by_hand_find (host, "CHANGED 2 x 3"), <, by_hand_find (host, "SIGNAL 2 moved (3, 4)"));
  g_assert_cmpuint (by_hand_find (host, "SIGNAL 2 moved (3, 4)"), <, by_hand_find (host, "DONE 2 ()"));
  g_assert_cmpuint (by_hand_find (host, "GETTER 2 get-x 3"), <, by_hand_find (host, "DONE 2 ()"));
  by_hand_run_method (host, 3, 2, "mpel:set", "('x', <6>)", "DONE 3 <6>");
  g_assert_cmpuint (by_hand_find (host, "CHANGED 2 x 6"), <, by_hand_find (host, "DONE 3 *"));
  g_assert_cmpuint (by_hand_find (host, "GETTER 2 get-x 6"), <, by_hand_find (host, "DONE 3 *"));
  by_hand_run_method (host, 4, 2, "mpel:watch", "(['y'], @as [], @as [])", "DONE 4 *");
  by_hand_run_method (host, 5, 2, "move", "(6, 8)", "DONE 5 ()");
  g_assert_cmpuint (by_hand_count (host, "CHANGED 2 y 8"), ==, 1);
  g_assert_cmpuint (by_hand_count (host, "GETTER *"), ==, 2);
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, 3);

  by_hand_add_method (host, 6, 2, "keep", "()");
  by_hand_release (host, 2, 3);
  by_hand_add_method (host, 7, 2, "move", "(7, 7)");
  by_hand_run (host, 8, "answer-kept", "()", "DONE 6 6");
  g_assert_cmpuint (by_hand_count (host, "FAILED 7 " NO_SUCH_OBJECT "*"), ==, 1);
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, 3);
  by_hand_run (host, 9, "count-dots", "()", "DONE 9 1");
  by_hand_free (host);
}

static void
test_watch_in_vain (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Who does not wait for the answer does not learn of the object, and hears nothing.");

  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS | MPEL_RECORD_FLAG_NO_OUTPUT, 1, "mpel:watch", "((['x'], @as [], @as []), @at [], 'dot')");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, 2, "move", "((3, 4), @at [], 'dot')");
  by_hand_send (host);
  by_hand_wait (host, "DONE 2 ()");
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, 0);
  by_hand_free (host);
}

static void
test_list (void)
{
  ByHand *host = host_new_with_dot ();

  g_test_summary ("The items of a list are told until the list is released.");

  by_hand_run_method (host, 1, 2, "mpel:list", "('dots', @t 10)", "DONE 1 ()");
  by_hand_run_method (host, 2, 2, "add-dot", "()", "DONE 2 ()");
  g_assert_cmpuint (by_hand_find (host, "ITEMS 10 (0, 0, ?(1, 'Dot', {*})?)"), <, by_hand_find (host, "DONE 2 ()"));
  by_hand_run_method (host, 3, 1, "get-x", "()", "DONE 3 5");
  by_hand_release (host, 10, 1);
  by_hand_run_method (host, 4, 1, "get-x", "()", "FAILED 4 " NO_SUCH_OBJECT "*");
  by_hand_run_method (host, 5, 2, "add-dot", "()", "DONE 5 ()");
  g_assert_cmpuint (by_hand_count (host, "ITEMS *"), ==, 1);

  by_hand_create (host, 4, "GListStore", "{'item-type': <'DotsDot'>}");
  by_hand_run_method (host, 6, 4, "mpel:list", "('', @t 12)", "DONE 6 ()");
  by_hand_free (host);
}

static void
test_list_refused (void)
{
  ByHand *host = host_new_with_dot ();

  g_test_summary ("What is no list cannot be listed, nor under an id that is another's.");

  by_hand_run_method (host, 1, 2, "mpel:list", "('dots', @t 10)", "DONE 1 ()");
  by_hand_run_method (host, 2, 2, "mpel:list", "('dots', @t 10)", "FAILED 2 " INVALID_ARGUMENTS "10 is no new id *");
  by_hand_run_method (host, 3, 2, "mpel:list", "('dots', @t 2)", "FAILED 3 " INVALID_ARGUMENTS "2 is no new id *");
  by_hand_run_method (host, 4, 2, "mpel:list", "('dots', @t 11)", "FAILED 4 " INVALID_ARGUMENTS "11 is no new id *");
  by_hand_run_method (host, 5, 2, "mpel:list", "('dots', @t 0)", "FAILED 5 " INVALID_ARGUMENTS "0 is no new id *");
  by_hand_run_method (host, 6, 2, "mpel:list", "('x', @t 12)", "FAILED 6 " INVALID_ARGUMENTS "Property “x” of DotsDot holds no list");
  by_hand_run_method (host, 7, 2, "mpel:list", "('height', @t 12)", "FAILED 7 " INVALID_ARGUMENTS "Property “height” of DotsDot holds no list");
  by_hand_run_method (host, 8, 2, "mpel:list", "('', @t 12)", "FAILED 8 " INVALID_ARGUMENTS "DotsDot is no list");
  by_hand_free (host);
}

static void
test_list_id (void)
{
  ByHand *host = host_new_with_dot ();

  g_test_summary ("An object cannot have the id of a list.");

  by_hand_run_method (host, 1, 2, "mpel:list", "('dots', @t 10)", "DONE 1 ()");
  by_hand_create (host, 10, "Dot", NULL);
  by_hand_send (host);
  by_hand_free_refused (host);
}

static void
test_watch_unsteady (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("Of a getter that never says the same the answer to who watches is the last word, until the next method.");

  by_hand_create (host, 2, "Dot", NULL);
  by_hand_run_method (host, 1, 2, "mpel:watch", "(@as [], ['count-calls'], @as [])", "DONE 1 (({}, {'count-calls': <1>}), [(2, 'Dot')])");
  g_assert_cmpuint (by_hand_count (host, "GETTER *"), ==, 0);
  by_hand_run_method (host, 2, 2, "get-x", "()", "DONE 2 0");
  g_assert_cmpuint (by_hand_count (host, "GETTER *"), ==, 1);
  by_hand_free (host);
}

static void
test_describe (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A class is described to who asks: what can travel, also what is inherited.");

  by_hand_run (host, 1, "mpel:describe", "('DotsDisc',)", "DONE 1 ()");
  g_assert_cmpuint (by_hand_find (host, "DESCRIBE 0 DotsDisc *"), <, by_hand_find (host, "DONE 1 *"));
  by_hand_run (host, 2, "mpel:describe", "('DotsDisc',)", "DONE 2 ()");
  g_assert_cmpuint (by_hand_count (host, "DESCRIBE 0 DotsDisc *"), ==, 2);
  by_hand_run (host, 3, "mpel:describe", "('NoSuchClass',)", "FAILED 3 " NO_SUCH_OBJECT "The worker has no class “NoSuchClass”");
  by_hand_run (host, 4, "mpel:describe", "()", "FAILED 4 " INVALID_ARGUMENTS "*");
  by_hand_create (host, 2, "DotsDisc", NULL);
  by_hand_run_method (host, 5, 2, "return-self", "()", "DONE 5 (0, [(2, 'DotsDisc')])");
  g_assert_cmpuint (by_hand_count (host, "DESCRIBE *"), ==, 2);
  by_hand_free (host);
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker != NULL)
    return dot_targets_run (worker);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpel/worker/builtins/set", test_set);
  g_test_add_func ("/mpel/worker/builtins/watch", test_watch);
  g_test_add_func ("/mpel/worker/builtins/watch-in-vain", test_watch_in_vain);
  g_test_add_func ("/mpel/worker/builtins/list", test_list);
  g_test_add_func ("/mpel/worker/builtins/list-refused", test_list_refused);
  g_test_add_func ("/mpel/worker/builtins/list-id", test_list_id);
  g_test_add_func ("/mpel/worker/builtins/watch-unsteady", test_watch_unsteady);
  g_test_add_func ("/mpel/worker/builtins/describe", test_describe);
  return g_test_run ();
}
