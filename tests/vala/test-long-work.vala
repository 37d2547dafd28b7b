/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Long work, through the generated binding: this program is host and worker. */

namespace TestLongWork {

/* What the worker can do. */

private Variant? echo (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  return args;
}

private int64 get_number (Mpel.Invocation invocation) {
  int64 number;

  invocation.get_args ().get ("(x)", out number);
  return number;
}

private Variant? square (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  var number = get_number (invocation);

  if (number < 0)
    throw new IOError.INVALID_ARGUMENT (@"not $number");
  return number * number;
}

private Variant? steps (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  for (int i = 0; i < 5; i++)
    invocation.report_progress (i / 4.0, @"step $i");
  return new Variant ("()");
}

/* Computes until it is cancelled, and asks for that itself. */
private Variant? compute (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  var cancellable = invocation.get_cancellable ();

  while (true) {
    invocation.report_progress (0.5, "computing");
    cancellable.set_error_if_cancelled ();
  }
}

/* Computes in this thread, and hears in another that it is cancelled. */
private Variant? compute_and_hear (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  int heard = 0;

  invocation.get_cancellable ().connect (() => AtomicInt.inc (ref heard));
  invocation.report_progress (0.5);
  while (AtomicInt.get (ref heard) == 0);
  return heard;
}

/* Does not cooperate. */
private Variant? spin (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.report_progress (0.5, "spinning");
  while (true);
}

/* Returns when the host has opened the pipe for writing. */
private Variant? wait_for_pipe (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  unowned string path;

  args.get ("(&s)", out path);
  Posix.close (Posix.open (path, Posix.O_RDONLY));
  return new Variant ("()");
}

/* A generator: up to a number, or without end. */
private void count (Mpel.Invocation invocation) {
  var end = get_number (invocation);
  int64 number = 0;

  invocation.set_generator (() => {
    Variant? next = null;

    if (number != end)
      next = number++;
    return next;
  });
}

/* Yields when there is room and answers last, while the events behind it run. */
private async void count_later (Mpel.Invocation invocation) {
  var end = get_number (invocation);

  try {
    for (int64 number = 0; number != end; number++)
      yield invocation.yield_value_async (number);
    invocation.return_value ("counted");
  } catch (Error error) {
    invocation.return_gerror (error);
  }
}

/* Answers when it is told in the main context that it is cancelled. */
private void hear (Mpel.Invocation invocation) {
  unowned var main_thread = Thread.self<void*> ();

  invocation.ref ();
  invocation.cancelled.connect ((invocation) => {
    assert_true (Thread.self<void*> () == main_thread);
    try {
      invocation.get_cancellable ().set_error_if_cancelled ();
    } catch (Error error) {
      invocation.return_gerror (error);
    }
    invocation.unref ();
  });
}

private int run_worker (Mpel.Worker worker) {
  worker.add_function ("echo", echo);
  worker.add_function ("square", square);
  worker.add_function ("steps", steps);
  worker.add_function ("compute", compute);
  worker.add_function ("compute-and-hear", compute_and_hear);
  worker.add_function ("spin", spin);
  worker.add_function ("wait-for-pipe", wait_for_pipe);
  worker.add_handler ("count", count);
  worker.add_handler ("hear", hear);
  worker.add_handler ("count-later", (invocation) => count_later.begin (invocation));
  return worker.run ();
}

/* The host. */

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

/* What became of each event of a loop, by the event itself. */
private class Watch {
  public GenericArray<Mpel.Event> ends = new GenericArray<Mpel.Event> ();
  public GenericArray<Mpel.Event> progress = new GenericArray<Mpel.Event> ();
  private GenericArray<Mpel.Event> yielding = new GenericArray<Mpel.Event> ();
  private GenericArray<Variant> values = new GenericArray<Variant> ();

  public void look_at (Mpel.EventLoop loop) {
    loop.event_done.connect ((event) => {
      assert_true (event.is_ended ());
      ends.add (event);
      return false;
    });
    loop.event_progress.connect ((event) => progress.add (event));
    loop.event_yield.connect ((event, value) => {
      yielding.add (event);
      values.add (value);
    });
  }

  public void wait_for_progress (Mpel.Event event) {
    while (!progress.find (event))
      iterate ();
  }

  public int64[] values_of (Mpel.Event event) {
    int64[] found = {};

    for (int i = 0; i < values.length; i++)
      if (yielding[i] == event)
        found += values[i].get_int64 ();
    return found;
  }

  public void assert_ended_once (Mpel.Event[] events) {
    foreach (var event in events) {
      int n = 0;

      foreach (var seen in ends)
        if (seen == event)
          n++;
      assert_cmpint (n, CompareOperator.EQ, 1);
    }
    assert_cmpint (ends.length, CompareOperator.EQ, events.length);
  }
}

private void assert_counted (int64[] values, int length) {
  assert_cmpint (values.length, CompareOperator.EQ, length);
  for (int i = 0; i < length; i++)
    assert_true (values[i] == i);
}

private void assert_cancelled (Mpel.Event[] events) {
  foreach (var event in events) {
    assert_true (event.state == Mpel.EventState.CANCELLED);
    assert_null (event.results);
    assert_error (event.get_error (), IOError.quark (), IOError.CANCELLED);
  }
}

private void assert_done (Mpel.Event[] events) {
  foreach (var event in events) {
    assert_no_error (event.get_error ());
    assert_true (event.state == Mpel.EventState.DONE);
  }
}

private delegate void Story (Mpel.EventLoop loop, Watch watch) throws Error;

/* Gives a story a loop and what is seen of it. Nothing may be left of either. */
private void tell (bool is_pool, Story story) throws Error {
  Mpel.EventLoop? loop = null;
  if (is_pool)
    loop = new Mpel.Pool (2);
  else
    loop = new Mpel.EventLoop ();
  var weak = WeakRef (loop);
  var watch = new Watch ();

  watch.look_at (loop);
  story (loop, watch);
  assert_true (loop.close ());

  loop = null;
  watch = null;
  while (MainContext.default ().iteration (false));
  assert_null (weak.get ());
  assert_cmpstr (children (), CompareOperator.EQ, "");
}

private async int64[] pull (Mpel.Event event, int length) throws Error {
  int64[] values = {};

  while (values.length < length) {
    var value = yield event.next ();

    if (value == null)
      break;
    values += value.get_int64 ();
  }
  return values;
}

private int64[] pull_sync (Mpel.Event event, int length) throws Error {
  AsyncResult? result = null;

  pull.begin (event, length, (source, its_result) => result = its_result);
  while (result == null)
    iterate ();
  return pull.end (result);
}

private void pull_two_and_cancel (Mpel.Event event) throws Error {
  assert_counted (pull_sync (event, 2), 2);
  event.cancel ();
  try {
    pull_sync (event, 1);
    assert_not_reached ();
  } catch (IOError.CANCELLED error) {
    assert_true (event.is_ended ());
  }
}

/* Ten events end each in its own way, and each once. */
private void ten_events (Mpel.EventLoop loop, Watch watch) throws Error {
  double[] fractions = {};

  loop.cancel_grace = 0;
  var plain = loop.add_call ("echo", new Variant ("(x)", (int64) 1));
  var stepping = loop.add_call ("steps");
  stepping.notify["progress"].connect ((event, pspec) => fractions += ((Mpel.Event) event).progress);
  var later = loop.add_call ("count-later", new Variant ("(x)", (int64) 3));
  var stream = loop.add_stream ("count", new Variant ("(x)", (int64) (-1)));
  var queued = loop.add_call ("echo");
  assert_true (queued.state == Mpel.EventState.QUEUED);
  queued.cancel ();
  assert_true (queued.state == Mpel.EventState.CANCELLED && watch.ends.length == 0);
  pull_two_and_cancel (stream);

  var running = loop.add_call ("compute");
  var late = new Mpel.Event ("compute") { timeout = 200 };
  loop.add_event (late);
  watch.wait_for_progress (running);
  running.cancel ();
  loop.wait ();
  var first_pid = loop.worker_pid;

  var stubborn = loop.add_call ("spin");
  var behind = loop.add_call ("echo", new Variant ("(x)", (int64) 2));
  var last = loop.add_call ("count-later", new Variant ("(x)", (int64) 1));
  watch.wait_for_progress (stubborn);
  loop.cancel_grace = 1;
  stubborn.cancel ();
  loop.wait ();
  assert_true (loop.worker_pid != 0 && loop.worker_pid != first_pid);

  watch.assert_ended_once ({ plain, stepping, later, stream, queued, running, late, stubborn, behind, last });
  assert_done ({ plain, stepping, later, behind, last });
  assert_cancelled ({ stream, queued, running, stubborn });
  assert_true (late.state == Mpel.EventState.FAILED);
  assert_error (late.get_error (), IOError.quark (), IOError.TIMED_OUT);

  assert_cmpstr (stepping.progress_message, CompareOperator.EQ, "step 4");
  assert_true (fractions.length > 0 && fractions[fractions.length - 1] == 1.0);
  for (int i = 1; i < fractions.length; i++)
    assert_true (fractions[i - 1] < fractions[i]);
  assert_counted (watch.values_of (later), 3);
  assert_cmpvariant (behind.results, new Variant ("(x)", (int64) 2));
  assert_counted (watch.values_of (last), 1);
}

private Variant numbers (int64[] values) {
  var builder = new VariantBuilder (new VariantType ("ax"));

  foreach (var value in values)
    builder.add ("x", value);
  return builder.end ();
}

private string print_places (Variant places) {
  string[] words = {};

  foreach (var place in places) {
    var value = place.get_maybe ();
    words += value != null ? value.get_variant ().print (false) : "-";
  }
  return string.joinv (" ", words);
}

private async void map_some (Mpel.Pool pool) throws Error {
  var results = yield pool.map_async ("square", numbers ({ 3, -1, 4 }), Mpel.MapPolicy.SKIP);

  assert_cmpstr (print_places (results), CompareOperator.EQ, "9 - 16");
  try {
    yield pool.map_async ("square", numbers ({ -1, -2 }), Mpel.MapPolicy.FINISH);
    assert_not_reached ();
  } catch (IOError.INVALID_ARGUMENT error) {
    assert_cmpstr (error.message, CompareOperator.EQ, "not -1");
  }
}

private void check_statistics (Mpel.Pool pool, uint n_ended_expected) {
  uint n_ended = 0;
  var statistics = pool.get_statistics ();

  assert_true (statistics.n_children () >= 1 && statistics.n_children () <= pool.n_workers);
  foreach (var worker in statistics) {
    n_ended += worker.lookup_value ("n-ended", VariantType.UINT32).get_uint32 ();
    assert_cmpuint (worker.lookup_value ("n-pending", VariantType.UINT32).get_uint32 (), CompareOperator.EQ, 0);
  }
  assert_cmpuint (n_ended, CompareOperator.EQ, n_ended_expected);
}

/* A pool maps in order, and tells what its workers did. */
private void mapping (Mpel.EventLoop loop, Watch watch) throws Error {
  var pool = (Mpel.Pool) loop;
  AsyncResult? result = null;

  assert_cmpstr (print_places (pool.map ("square", numbers ({ 1, 2, 3, 4, 5 }))), CompareOperator.EQ, "1 4 9 16 25");
  check_statistics (pool, 5);
  map_some.begin (pool, (source, its_result) => result = its_result);
  while (result == null)
    iterate ();
  map_some.end (result);
  assert_cmpint (watch.ends.length, CompareOperator.EQ, 10);
}

/* A worker of a pool that dies takes only its own event along. */
private void crash_in_pool (Mpel.EventLoop loop, Watch watch) throws Error {
  var pool = (Mpel.Pool) loop;
  Mpel.Event[] events = { pool.add_call ("spin"), pool.add_call ("compute") };

  foreach (var event in events)
    watch.wait_for_progress (event);
  var first = pool.get_statistics ().get_child_value (0);
  Posix.kill ((Posix.pid_t) first.lookup_value ("pid", VariantType.INT32).get_int32 (), Posix.Signal.KILL);
  while (watch.ends.length == 0)
    iterate ();
  assert_true (watch.ends[0].state == Mpel.EventState.LOST);
  pool.cancel_grace = 1;
  pool.cancel_all ();
  pool.wait ();
  assert_cancelled ({ watch.ends[1] });
  watch.assert_ended_once (events);
}

/* What an endless generator yields is handled as it comes, beside others, until it is cancelled. */
private void endless_generator (Mpel.EventLoop loop, Watch watch) throws Error {
  var endless = loop.add_call ("count", new Variant ("(x)", (int64) (-1)));
  var beside = loop.add_call ("count", new Variant ("(x)", (int64) 500));
  var plain = loop.add_call ("echo");

  while (watch.values_of (endless).length < 1000 || !beside.is_ended () || !plain.is_ended ())
    iterate ();
  endless.cancel ();
  var n_seen = watch.values_of (endless).length;
  loop.wait ();
  assert_counted (watch.values_of (endless), n_seen);
  assert_counted (watch.values_of (beside), 500);
  assert_done ({ beside, plain });
  assert_cancelled ({ endless });
  watch.assert_ended_once ({ endless, beside, plain });
}

/* An asynchronous method of the worker waits for room, and its stream can be stopped. */
private void asynchronous_stream (Mpel.EventLoop loop, Watch watch) throws Error {
  var stream = loop.add_stream ("count-later", new Variant ("(x)", (int64) (-1)));
  var unread = loop.add_stream ("count-later", new Variant ("(x)", (int64) (-1)));

  assert_counted (pull_sync (stream, 1000), 1000);
  assert_counted (pull_sync (loop.add_stream ("count-later", new Variant ("(x)", (int64) 3)), 10), 3);
  loop.cancel_all ();
  loop.wait ();
  assert_cancelled ({ stream, unread });
}

/* A computing worker hears of 200 cancels, by asking and by a handler in another thread. */
private void cancels_while_computing (Mpel.EventLoop loop, Watch watch) throws Error {
  Mpel.Event[] events = {};

  for (int i = 0; i < 200; i++)
    events += loop.add_call (i % 2 == 0 ? "compute" : "compute-and-hear");
  foreach (var event in events) {
    watch.wait_for_progress (event);
    event.cancel ();
  }
  loop.wait ();
  watch.assert_ended_once (events);
  for (int i = 0; i < 200; i += 2) {
    assert_cancelled ({ events[i] });
    assert_cmpvariant (events[i + 1].results, new Variant.int32 (1));
  }
}

/* A handler that waits is told of the cancel once the event that computes is through. */
private void cancels_beside_computing (Mpel.EventLoop loop, Watch watch) throws Error {
  var hearing = loop.add_call ("hear");
  var computing = loop.add_call ("compute");

  watch.wait_for_progress (computing);
  hearing.cancel ();
  assert_true (!hearing.is_ended () && !computing.is_ended ());
  computing.cancel ();
  loop.wait ();
  assert_cancelled ({ hearing, computing });
  watch.assert_ended_once ({ hearing, computing });
}

private Mpel.Event[] items_of (ListModel model) {
  Mpel.Event[] items = {};

  for (uint i = 0; i < model.get_n_items (); i++)
    items += (Mpel.Event) model.get_item (i);
  return items;
}

private void look_at_list (Mpel.EventLoop loop, string pipe) throws Error {
  var model = loop.get_events ();
  int n_changes = 0, n_added = 0;
  model.items_changed.connect ((position, removed, added) => {
    n_changes++;
    n_added += (int) added - (int) removed;
  });
  assert_true (model.get_item_type () == typeof (Mpel.Event) && model.get_n_items () == 0);
  var waiting = loop.add_call ("wait-for-pipe", new Variant ("(s)", pipe));
  loop.add_call ("steps");
  loop.add_event (new Mpel.Event ("echo") { event_key = "last" });
  while (n_changes == 0)
    iterate ();
  assert_true (n_changes == 1 && n_added == 3 && model.get_n_items () == 3 && model.get_item (3) == null);
  assert_true (model.get_item (0) == waiting);

  while (waiting.state != Mpel.EventState.SENT)
    iterate ();
  Posix.close (Posix.open (pipe, Posix.O_WRONLY));
  loop.wait ();
  assert_done (items_of (model));
  assert_true (items_of (model)[1].progress == 1.0);
  assert_cmpstr (items_of (model)[2].event_key, CompareOperator.EQ, "last");
  for (int i = 0; i < 100; i++)
    loop.add_call ("echo");
  loop.wait ();
  while (model.get_n_items () != 100)
    iterate ();
  assert_cmpint (n_added, CompareOperator.EQ, 100);
  foreach (var item in items_of (model))
    assert_cmpstr (item.target, CompareOperator.EQ, "echo");
}

/* The list of events shows those that are pending and the last hundred that ended. */
private void list_model (Mpel.EventLoop loop, Watch watch) throws Error {
  var folder = DirUtils.make_tmp ("mpel-XXXXXX");
  var pipe = Path.build_filename (folder, "pipe");

  assert_cmpint (Posix.mkfifo (pipe, 0600), CompareOperator.EQ, 0);
  look_at_list (loop, pipe);
  FileUtils.unlink (pipe);
  DirUtils.remove (folder);
}

private void add_story (string name, bool is_pool, owned Story story) {
  Test.add_data_func ("/vala/long-work/" + name, () => {
    try {
      tell (is_pool, story);
    } catch (Error error) {
      assert_no_error (error);
    }
  });
}

private int run_tests (string[] args) {
  unowned string[] rest = args;

  Test.init (ref rest);
  add_story ("ten-events", false, ten_events);
  add_story ("mapping", true, mapping);
  add_story ("crash-in-pool", true, crash_in_pool);
  add_story ("endless-generator", false, endless_generator);
  add_story ("asynchronous-stream", false, asynchronous_stream);
  add_story ("cancels-while-computing", false, cancels_while_computing);
  add_story ("cancels-beside-computing", false, cancels_beside_computing);
  add_story ("list-model", false, list_model);
  return Test.run ();
}

public static int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();

  if (worker != null)
    return run_worker (worker);
  return run_tests (args);
}

}
