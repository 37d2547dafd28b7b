/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A real worker, and a host that speaks the wire by hand: named variables. */

#include "config.h"
#include "by-hand.h"
#include "dot-targets.h"

#include "mpel-names-private.h"
#include "mpel.h"

#define NO_SUCH_TARGET "mpel-loop-error-quark:1: "
#define INVALID_ARGUMENTS "mpel-loop-error-quark:2: "
#define NO_SUCH_OBJECT "mpel-loop-error-quark:13: "

static void
run_var (ByHand *host, guint64 id, const char *variable, const char *method, const char *args, const char *pattern)
{
  g_autofree char *envelope = g_strdup_printf ("(%s, @at [], '%s')", args, variable);

  by_hand_add_flagged (host, MPEL_RECORD_FLAG_MENTIONS, id, method, envelope);
  by_hand_send (host);
  by_hand_wait (host, pattern);
}

static void
save (ByHand *host, guint64 id, const char *target, const char *args, const char *pattern)
{
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_SAVE, id, target, args);
  by_hand_send (host);
  by_hand_wait (host, pattern);
}

static void
test_initial (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("What the initializer sets is there for the first event.");

  run_var (host, 1, "dot", "get-x", "()", "DONE 1 1");
  run_var (host, 2, "answer", "mpel:state", "()", "DONE 2 42");
  run_var (host, 3, "dot", "move", "(3, 4)", "DONE 3 ()");
  run_var (host, 4, "dot", "mpel:state", "()", "DONE 4 {*'x': <3>*}");
  run_var (host, 5, "dot", "fly", "()", "FAILED 5 " NO_SUCH_TARGET "The class “Dot” has no method “fly”");
  run_var (host, 6, "answer", "fly", "()", "FAILED 6 " NO_SUCH_TARGET "The variable “answer” is a value, which has no method “fly”");
  run_var (host, 7, "answer", "mpel:set", "('x', <1>)", "FAILED 7 " NO_SUCH_TARGET "*");
  run_var (host, 8, "nobody", "mpel:state", "()", "FAILED 8 " NO_SUCH_OBJECT "The worker has no variable “nobody”");
  by_hand_free (host);
}

static void
test_get (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("The worker itself gets and drops them.");

  by_hand_run (host, 1, "read-variable", "('dot',)", "DONE 1 1");
  by_hand_run (host, 2, "read-variable", "('answer',)", "DONE 2 42");
  by_hand_run (host, 3, "read-variable", "('nobody',)", "DONE 3 ()");
  by_hand_run (host, 4, "count-dots", "()", "DONE 4 1");
  by_hand_run (host, 5, "drop-variables", "()", "DONE 5 ()");
  by_hand_run (host, 6, "read-variable", "('dot',)", "DONE 6 ()");
  by_hand_run (host, 7, "read-variable", "('answer',)", "DONE 7 ()");
  by_hand_run (host, 8, "count-dots", "()", "DONE 8 0");
  by_hand_free (host);
}

static void
test_watch (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("A variable's object is known by an id once it is watched; the variable keeps it.");

  run_var (host, 1, "dot", "mpel:watch", "(['x'], @as [], @as [])", "DONE 1 (({'x': <1>}, {}), ?(1, 'Dot')?)");
  run_var (host, 2, "dot", "move", "(8, 8)", "DONE 2 ()");
  g_assert_cmpuint (by_hand_find (host, "CHANGED 1 x 8"), <, by_hand_find (host, "DONE 2 ()"));
  by_hand_run_method (host, 3, 1, "get-x", "()", "DONE 3 8");
  by_hand_release (host, 1, 1);
  by_hand_run_method (host, 4, 1, "get-x", "()", "FAILED 4 " NO_SUCH_OBJECT "*");
  run_var (host, 5, "dot", "move", "(9, 9)", "DONE 5 ()");
  g_assert_cmpuint (by_hand_count (host, "CHANGED *"), ==, 1);
  run_var (host, 6, "dot", "return-self", "()", "DONE 6 (0, ?(3, 'Dot')?)");
  by_hand_free (host);
}

static void
test_save (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("The results of an event are kept under their names, objects too; the host has them all the same.");

  save (host, 1, "make-variables", "()", "DONE 1 ({*'made': <handle 0>*}, ?(1, 'Dot')?)");
  run_var (host, 2, "made", "get-x", "()", "DONE 2 7");
  run_var (host, 3, "number", "mpel:state", "()", "DONE 3 8");
  by_hand_release (host, 1, 1);
  run_var (host, 4, "made", "get-x", "()", "DONE 4 7");
  by_hand_run (host, 5, "count-dots", "()", "DONE 5 2");
  by_hand_add_flagged (host, MPEL_RECORD_FLAG_SAVE | MPEL_RECORD_FLAG_NO_OUTPUT, 6, "make-variables", "()");
  by_hand_run (host, 7, "count-dots", "()", "DONE 7 2");
  g_assert_cmpuint (by_hand_count (host, "DONE 6 nothing"), ==, 1);
  by_hand_free (host);
}

static void
test_save_refused (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("What cannot be kept fails the event, and none of it is kept.");

  save (host, 1, "echo", "(1,)", "FAILED 1 " INVALID_ARGUMENTS "Variables are saved from an “a{sv}”, not “(i)”");
  save (host, 2, "make-bad-variables", "()", "FAILED 2 " INVALID_ARGUMENTS "The variable “nobody” is an object that was not mentioned");
  save (host, 3, "make-and-fail", "()", "FAILED 3 g-io-error-quark:0: Made in vain");
  run_var (host, 4, "number", "mpel:state", "()", "FAILED 4 " NO_SUCH_OBJECT "*");
  by_hand_run (host, 5, "count-dots", "()", "DONE 5 1");
  by_hand_free (host);
}

static void
test_save_given (void)
{
  ByHand *host = by_hand_new ();

  g_test_summary ("What the host gives is kept: values, and objects that the event mentions.");

  by_hand_create (host, 2, "Dot", "{'x': <5>}");
  by_hand_add_record (host, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_MENTIONS, 1, 0, "mpel:save", "((), @at [2], '')", "{'mine': <@h 0>, 'answer': <'new'>}");
  by_hand_add_record (host, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_SAVE, 2, 0, "mpel:save", "()", "{'number': <6>}");
  by_hand_add_record (host, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_NONE, 3, 0, "mpel:save", "()", "{'answer': <7>, 'nobody': <@h 0>}");
  by_hand_add_record (host, MPEL_RECORD_EVENT, MPEL_RECORD_FLAG_MENTIONS, 4, 0, "mpel:save", "((), @at [2], '')", "{'answer': <7>, 'many': <[@h 0]>}");
  by_hand_add (host, 5, "mpel:save", "()");
  by_hand_release (host, 2, 1);
  by_hand_send (host);
  by_hand_wait (host, "DONE 1 ()");
  by_hand_wait (host, "DONE 2 ()");
  by_hand_wait (host, "FAILED 3 " INVALID_ARGUMENTS "The variable “nobody” *");
  by_hand_wait (host, "FAILED 4 " INVALID_ARGUMENTS "The variable “many” *");
  by_hand_wait (host, "DONE 5 ()");
  run_var (host, 6, "mine", "get-x", "()", "DONE 6 5");
  run_var (host, 7, "answer", "mpel:state", "()", "DONE 7 'new'");
  run_var (host, 8, "number", "mpel:state", "()", "DONE 8 6");
  by_hand_free (host);
}

int
main (int argc, char **argv)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker != NULL)
    return dot_targets_run (worker);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mpel/worker/variables/initial", test_initial);
  g_test_add_func ("/mpel/worker/variables/get", test_get);
  g_test_add_func ("/mpel/worker/variables/watch", test_watch);
  g_test_add_func ("/mpel/worker/variables/save", test_save);
  g_test_add_func ("/mpel/worker/variables/save-refused", test_save_refused);
  g_test_add_func ("/mpel/worker/variables/save-given", test_save_given);
  return g_test_run ();
}
