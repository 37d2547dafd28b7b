/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loops over the values of events, with names that need no namespace: this program is host and worker. */

using GLib;
using Mpel;

namespace TestStream {

/* What the worker can do. */

private Variant? count (Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(x)");

  var end = args.get_child_value (0).get_int64 ();
  for (int64 number = 0; number != end; number++)
    invocation.yield_value (number);
  return new Variant ("()");
}

private Variant? fail (Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.yield_value ((int64) 0);
  throw new IOError.NOT_FOUND ("no second one");
}

private int run_worker (Worker worker) {
  worker.add_function ("count", count);
  worker.add_function ("fail", fail);
  return worker.run ();
}

/* The host. */

private Event add_count (EventLoop loop, int64 end) throws Error {
  return loop.add_stream ("count", new Variant ("(x)", end));
}

/* All of them, in order; the next one may be looked at in the same way. */
private void all (EventLoop loop) throws Error {
  for (int64 n = 0; n < 3; n++) {
    int64 expected = 0;

    foreach (var value in add_count (loop, n * 300))
      assert_true (value.get_int64 () == expected++);
    assert_true (expected == n * 300);
  }
}

private void two_of (Event event) {
  try {
    foreach (var value in event)
      if (value.get_int64 () == 1)
        return;
    assert_not_reached ();
  } catch (Error error) {
    assert_no_error (error);
  }
}

/* Who leaves, in whatever way, does not want the rest. */
private void leave (EventLoop loop) throws Error {
  var event = add_count (loop, -1);
  var other = add_count (loop, -1);

  foreach (var value in event)
    break;
  two_of (other);
  loop.wait ();
  assert_true (event.state == EventState.CANCELLED);
  assert_true (other.state == EventState.CANCELLED);
}

/* The error of the worker is thrown by the loop. */
private void failing (EventLoop loop) throws Error {
  int n = 0;

  try {
    foreach (var value in loop.add_stream ("fail"))
      assert_true (value.get_int64 () == n++);
    assert_not_reached ();
  } catch (IOError.NOT_FOUND error) {
    assert_cmpstr (error.message, CompareOperator.EQ, "no second one");
  }
  assert_cmpint (n, CompareOperator.EQ, 1);
}

/* What runs meanwhile has no part in it. */
private void interleaved (EventLoop loop) throws Error {
  int64 expected = 0;
  var other = add_count (loop, 10);

  foreach (var value in add_count (loop, 20)) {
    assert_true (value.get_int64 () == expected++);
    if (expected == 5)
      foreach (var inner in other)
        assert_true (inner.get_int64 () < 10);
  }
  assert_true (expected == 20 && other.state == EventState.DONE);
}

private async void pull (EventLoop loop) throws Error {
  int64 expected = 0;
  Variant? value;
  var event = add_count (loop, 600);

  while ((value = yield event.next ()) != null)
    assert_true (value.get_int64 () == expected++);
  assert_true (expected == 600);
}

/* The same without blocking. */
private void asynchronous (EventLoop loop) throws Error {
  AsyncResult? result = null;

  pull.begin (loop, (source, its_result) => result = its_result);
  while (result == null)
    MainContext.default ().iteration (true);
  pull.end (result);
}

private delegate void Story (EventLoop loop) throws Error;

/* Gives a story a loop. Nothing may be left of it. */
private void tell (Story story) throws Error {
  EventLoop? loop = new EventLoop ();
  var weak = WeakRef (loop);

  story (loop);
  assert_true (loop.close ());
  loop = null;
  while (MainContext.default ().iteration (false));
  assert_null (weak.get ());
}

private void add_story (string name, owned Story story) {
  Test.add_data_func ("/vala/stream/" + name, () => {
    try {
      tell (story);
    } catch (Error error) {
      assert_no_error (error);
    }
  });
}

public static int main (string[] args) {
  unowned var worker = Worker.get_default ();
  unowned string[] rest = args;

  if (worker != null)
    return run_worker (worker);
  Test.init (ref rest);
  add_story ("all", all);
  add_story ("leave", leave);
  add_story ("failing", failing);
  add_story ("interleaved", interleaved);
  add_story ("asynchronous", asynchronous);
  return Test.run ();
}

}
