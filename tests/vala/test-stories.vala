/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The stories of an event loop, through the generated binding: this program is host and worker. */

namespace TestVala {

/* Its run happens in the worker, with the properties that the host set. */
public class Repeat : Mpel.Event {
  public string word { get; set; default = ""; }
  public int times { get; set; default = 1; }

  public Repeat (string word, int times, string end) {
    Object (word: word, times: times, args: new Variant ("(s)", end));
  }

  protected override Variant? run (Mpel.Invocation invocation) throws Error {
    if (times < 0)
      throw new Mpel.LoopError.INVALID_ARGUMENTS ("less than nothing");

    unowned string end;
    args.get ("(&s)", out end);
    return new Variant ("(si)", string.nfill (times, 'x').replace ("x", word) + end, (int) Posix.getpid ());
  }
}

/* What the worker can do. */

private Variant? add (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(xx)");

  int64 a, b, more = 0;
  args.get ("(xx)", out a, out b);
  kwargs.lookup ("more", "x", out more);
  return a + b + more;
}

private Variant? fail (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  throw new IOError.NOT_FOUND ("no such thing");
}

private Variant? say_nothing (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  return null;
}

private void later (Mpel.Invocation invocation) {
  Timeout.add (5, () => {
    invocation.return_value ("later");
    return Source.REMOVE;
  });
}

private async void load (Mpel.Invocation invocation) {
  try {
    uint8[] contents;
    yield File.new_for_path ("/proc/self/comm").load_contents_async (null, out contents, null);
    invocation.return_value ((string) contents);
  } catch (Error error) {
    invocation.return_gerror (error);
  }
}

private void divide (Mpel.Invocation invocation) {
  int a, b;
  invocation.get_args ().get ("(ii)", out a, out b);
  if (b == 0)
    invocation.return_exception ("Arithmetic", "division by zero", "in divide");
  else
    invocation.return_value (a / b);
}

private class Shelf {
  public GenericArray<Mpel.Invocation> kept = new GenericArray<Mpel.Invocation> ();
}

private int run_worker (Mpel.Worker worker) {
  var shelf = new Shelf ();

  worker.add_function ("add", add);
  worker.add_function ("fail", fail);
  worker.add_function ("say_nothing", say_nothing);
  worker.add_handler ("later", later);
  worker.add_handler ("load", (invocation) => load.begin (invocation));
  worker.add_handler ("divide", divide);
  worker.add_handler ("keep", (invocation) => shelf.kept.add (invocation));
  worker.add_handler ("*", (invocation) => invocation.return_value (invocation.get_target ()));
  worker.add_event_class (typeof (Repeat));
  return worker.run ();
}

/* The host. */

/* C takes from its variable arguments what the format says, whatever they are. */
private Variant numbers (int64 a, int64 b) {
  return new Variant ("(xx)", a, b);
}

private string describe (Mpel.Event event) {
  unowned var error = event.get_error ();
  if (error != null)
    return @"$(error.domain):$(error.code): $(error.message)";

  unowned var results = event.get_results ();
  return results != null ? results.print (false) : "nothing";
}

private void assert_ends (GenericArray<string> ends, string[] expected) {
  for (int i = 0; i < ends.length && i < expected.length; i++)
    assert_cmpstr (ends[i], CompareOperator.EQ, expected[i]);
  assert_cmpint (ends.length, CompareOperator.EQ, expected.length);
}

private void assert_loop_error (string text, int code) {
  assert_true (text.has_prefix (@"mpel-loop-error-quark:$code: "));
}

private void iterate () {
  MainContext.default ().iteration (true);
}

/* The processes that this one started and that are not reaped, from whatever thread. */
private string children () throws Error {
  var text = new StringBuilder ();
  var tasks = Dir.open ("/proc/self/task");

  for (var name = tasks.read_name (); name != null; name = tasks.read_name ()) {
    string pids;
    FileUtils.get_contents (@"/proc/self/task/$name/children", out pids);
    text.append (pids);
  }
  return text.str.strip ();
}

private delegate void Story (Mpel.EventLoop loop, GenericArray<string> ends) throws Error;

/* Gives a story a loop and a list of what ends on it. Nothing may be left of either. */
private void tell (Story story) throws Error {
  Mpel.EventLoop? loop = new Mpel.EventLoop ();
  var weak = WeakRef (loop);
  var ends = new GenericArray<string> ();

  loop.add_output_handler ((event) => {
    ends.add (describe (event));
    return false;
  });
  story (loop, ends);
  assert_true (loop.close ());
  assert_true (loop.get_state () == Mpel.EventLoopState.CLOSED);

  loop = null;
  while (MainContext.default ().iteration (false));
  assert_null (weak.get ());
  assert_cmpstr (children (), CompareOperator.EQ, "");
}

/* Events come back in order, the failed one with its error. */
private void handlers (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  var signalled = new GenericArray<string> ();

  loop.event_done.connect ((event) => {
    signalled.add (describe (event));
    return false;
  });
  loop.add_call ("add", numbers (1, 2), null);
  loop.add_call ("fail", null, null);
  loop.add_call ("add", numbers (3, 4), new Variant.parsed ("{'more': <int64 10>}"));
  var nothing = loop.add_call ("say_nothing", null, null);
  loop.wait ();

  assert_loop_error (ends[3], Mpel.LoopError.NO_RESULT);
  assert_true (nothing.get_state () == Mpel.EventState.FAILED && nothing.is_ended ());
  assert_ends (ends, { "3", "g-io-error-quark:1: no such thing", "17", ends[3] });
  assert_ends (signalled, ends.data);
}

/* A handler can be put first, stop the others, and be removed. */
private void order_of_handlers (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  var seen = new GenericArray<string> ();

  var id = loop.insert_output_handler (0, (event) => {
    seen.add (describe (event));
    return true;
  });
  loop.add_call ("one", null, null);
  loop.wait ();
  assert_ends (ends, {});
  assert_true (loop.remove_output_handler (id));
  loop.add_call ("two", null, null);
  loop.wait ();
  assert_ends (seen, { "'one'" });
  assert_ends (ends, { "'two'" });
}

private async void make_calls (Mpel.EventLoop loop) throws Error {
  var results = yield loop.call ("add", numbers (20, 22));
  assert_cmpvariant (results, new Variant.int64 (42));

  try {
    yield loop.call ("fail");
    assert_not_reached ();
  } catch (IOError.NOT_FOUND error) {
    assert_cmpstr (error.message, CompareOperator.EQ, "no such thing");
  }

  var cancellable = new Cancellable ();
  cancellable.cancel ();
  try {
    yield loop.call ("keep", null, null, cancellable);
    assert_not_reached ();
  } catch (IOError.CANCELLED error) {
    assert_cmpuint (loop.get_n_pending (), CompareOperator.EQ, 0);
  }
}

/* An asynchronous call gives its caller results, or the worker's error. */
private void calls (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  AsyncResult? result = null;

  make_calls.begin (loop, (source, its_result) => result = its_result);
  while (result == null)
    iterate ();
  make_calls.end (result);
  assert_ends (ends, { "42", "g-io-error-quark:1: no such thing" });
}

/* An event class runs in the worker, with the properties that were set in the host. */
private void event_class (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  var event = new Repeat ("ho", 3, "!");

  loop.add_event (event);
  loop.add_event (new Repeat ("", -1, ""));
  loop.wait ();
  assert_ends (ends, { @"('hohoho!', $(loop.worker_pid))", ends[1] });
  assert_true (event.get_results ().is_of_type (new VariantType ("(si)")));
  assert_cmpstr (ends[1], CompareOperator.EQ, @"mpel-loop-error-quark:$((int) Mpel.LoopError.INVALID_ARGUMENTS): less than nothing");
  assert_cmpuint (event.ref_count, CompareOperator.EQ, 1);
}

/* A handler may answer later, while the events behind it run. */
private void answering_later (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  loop.add_call ("later", null, null);
  loop.add_call ("echo", null, null);
  loop.wait ();
  loop.add_call ("load", null, null);
  loop.wait ();
  assert_ends (ends, { "'echo'", "'later'", ends[2] });
  assert_true (ends[2].has_prefix ("'test-stories"));
}

/* An exception arrives with its type, message and traceback. */
private void exceptions (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  var good = loop.add_call ("divide", new Variant ("(ii)", 6, 3), null);
  var bad = loop.add_call ("divide", new Variant ("(ii)", 6, 0), null);

  loop.wait ();
  assert_cmpstr (ends[0], CompareOperator.EQ, "2");
  assert_null (good.get_remote_type ());
  assert_null (good.get_traceback ());
  assert_error (bad.get_error (), Mpel.LoopError.quark (), Mpel.LoopError.REMOTE_EXCEPTION);
  assert_cmpstr (bad.get_remote_type (), CompareOperator.EQ, "Arithmetic");
  assert_cmpstr (bad.get_traceback (), CompareOperator.EQ, "in divide");
}

/* Lists of events are added at once; an event without output says nothing. */
private void many (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  Mpel.Event[] events = {};

  for (var i = 0; i < 500; i++)
    events += new Mpel.Event ("add", numbers (i, 1), null);
  loop.run (events);
  var silent = new Mpel.Event ("echo", null, null);
  silent.has_output = false;
  loop.add_event (silent);
  loop.wait ();
  assert_cmpint (ends.length, CompareOperator.EQ, 500);
  for (var i = 0; i < 500; i++)
    assert_cmpstr (ends[i], CompareOperator.EQ, (i + 1).to_string ());
  loop.run_until_complete (events[0:2]);
  assert_cmpint (ends.length, CompareOperator.EQ, 502);
}

/* A handler of event-done::key hears of events with that key only. */
private void keys (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  var heard = new GenericArray<string> ();

  loop.event_done["blue"].connect ((event) => {
    heard.add (event.get_event_key () ?? "none");
    return true;
  });
  foreach (unowned string? key in new string?[] { "red", "blue", null }) {
    var event = new Mpel.Event ("echo", null, null);

    event.set_event_key (key);
    loop.add_event (event);
  }
  loop.wait ();
  assert_ends (heard, { "blue" });
  assert_ends (ends, { "'echo'", "'echo'" });
}

/* A killed worker ends its event, and the next event gets a new worker. */
private void lost_worker (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  string? reason = null;

  loop.worker_exited.connect ((pid, its_reason) => { if (its_reason != null) reason = its_reason.message; });
  var event = loop.add_call ("keep", null, null);
  while (event.state != Mpel.EventState.SENT)
    iterate ();
  var first_pid = loop.worker_pid;
  Posix.kill ((Posix.pid_t) first_pid, Posix.Signal.KILL);
  loop.wait ();
  assert_true (event.state == Mpel.EventState.LOST);
  assert_error (event.get_error (), Mpel.LoopError.quark (), Mpel.LoopError.WORKER_LOST);
  while (reason == null)
    iterate ();
  assert_true (reason.contains ("signal 9"));

  loop.add_call ("echo", null, null);
  loop.wait ();
  assert_cmpstr (ends[1], CompareOperator.EQ, "'echo'");
  assert_cmpint (loop.worker_pid, CompareOperator.NE, first_pid);
}

/* A closed loop refuses events, and closing it again is no error. */
private void closing (Mpel.EventLoop loop, GenericArray<string> ends) throws Error {
  loop.add_call ("echo", null, null);
  loop.close ();
  assert_ends (ends, { "'echo'" });
  try {
    loop.add_call ("echo", null, null);
    assert_not_reached ();
  } catch (Mpel.LoopError.CLOSED error) {
    assert_cmpuint (loop.n_pending, CompareOperator.EQ, 0);
  }
}

private void add_story (string name, owned Story story) {
  Test.add_data_func ("/vala/stories/" + name, () => {
    try {
      tell (story);
    } catch (Error error) {
      assert_no_error (error);
    }
  });
}

private int run_tests (string[] args) {
  unowned string[] rest = args;

  Test.init (ref rest);
  add_story ("handlers", handlers);
  add_story ("order-of-handlers", order_of_handlers);
  add_story ("calls", calls);
  add_story ("event-class", event_class);
  add_story ("answering-later", answering_later);
  add_story ("exceptions", exceptions);
  add_story ("many", many);
  add_story ("keys", keys);
  add_story ("lost-worker", lost_worker);
  add_story ("closing", closing);
  return Test.run ();
}

public static int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();

  if (worker != null)
    return run_worker (worker);
  return run_tests (args);
}

}
