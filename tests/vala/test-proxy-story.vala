/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The seed's objects in a worker, through the generated binding: this program is host and worker. */

namespace TestProxyStory {

/* What lives in the worker. */

private int n_instances = 0;

private class Point : Object {
  public int x { get; set; }
  public int y { get; set; }
  public int z;

  public signal void moved (int x, int y);

  construct {
    n_instances++;
  }

  ~Point () {
    n_instances--;
  }

  public void move (int x, int y, int z) {
    this.x = x;
    this.y = y;
    this.z = z;
    moved (x, y);
  }
}

private class Abc : Object {
  public int a { get; set; }
  public int b { get; set; }
  public int c { get; set; }

  construct {
    n_instances++;
  }

  ~Abc () {
    n_instances--;
  }

  public string to_string () {
    return @"ABC(a=$a, b=$b, c=$c)";
  }
}

private Variant? get_z (Object point, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  return ((Point) point).z;
}

private Variant? set_z (Object point, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(i)");
  args.get ("(i)", out ((Point) point).z);
  return new Variant ("()");
}

private Variant? move (Object point, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  int x, y, z;

  invocation.check_args ("(iii)");
  args.get ("(iii)", out x, out y, out z);
  ((Point) point).move (x, y, z);
  return new Variant ("()");
}

private Variant? neighbour (Object point, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  return new Variant.handle (invocation.add_object (new Point () { x = ((Point) point).x + 1 }));
}

private Variant? die (Object point, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  Posix.kill (Posix.getpid (), Posix.Signal.KILL);
  return null;
}

private Variant? calc_c (Object abc, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  ((Abc) abc).c = ((Abc) abc).a + ((Abc) abc).b;
  return new Variant ("()");
}

private Variant? print (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  string[] words = {};

  foreach (var value in args)
    if (value.is_of_type (VariantType.HANDLE))
      words += ((Abc) invocation.lookup_object (value.get_handle ())).to_string ();
    else
      words += value.get_string ();
  return string.joinv (" ", words);
}

/* What it is given becomes the variable “point”. */
private Variant? named (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  int handle;
  var dict = new VariantDict ();

  args.get ("(h)", out handle);
  handle = invocation.add_object (invocation.lookup_object (handle));
  dict.insert_value ("point", new Variant.handle (handle));
  return dict.end ();
}

private Variant? instances (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  return n_instances;
}

private int run_worker (Mpel.Worker worker) {
  worker.add_class (typeof (Point), "Point");
  worker.add_method (typeof (Point), "get_z", get_z);
  worker.add_method (typeof (Point), "set_z", set_z);
  worker.add_method (typeof (Point), "move", move);
  worker.add_method (typeof (Point), "neighbour", neighbour);
  worker.add_method (typeof (Point), "die", die);
  worker.add_class (typeof (Abc));
  worker.add_method (typeof (Abc), "calc_c", calc_c);
  worker.add_function ("print", print);
  worker.add_function ("named", named);
  worker.add_function ("instances", instances);
  return worker.run ();
}

/* The host. */

/* What the host has of a point. */
private class MpPoint : Mpel.RemoteProxy {
  public int x { get; set; }
  public int y { get; set; }

  public signal void moved (int x, int y);

  public MpPoint (Mpel.EventLoop loop) {
    Object (loop: loop, remote_class: "Point", getters: new string[] { "get_z" });
  }

  public void set_z (int z) throws Error {
    call ("set_z", new Variant ("(i)", z));
  }

  public int get_z () {
    unowned var z = get_getter_value ("get_z");

    return z != null ? z.get_int32 () : -1;
  }

  public void move (int x, int y, int z) throws Error {
    call ("move", new Variant ("(iii)", x, y, z));
  }
}

private delegate void Story (Mpel.EventLoop loop) throws Error;
private delegate void Start (AsyncReadyCallback callback);

private AsyncResult wait_for (Start start) {
  AsyncResult? got = null;

  start ((source, result) => got = result);
  while (got == null)
    MainContext.default ().iteration (true);
  return got;
}

private Variant results_of (Mpel.EventLoop loop, Mpel.Event event) throws Error {
  loop.add_event (event);
  loop.wait ();
  assert_no_error (event.get_error ());
  return event.results;
}

private void assert_instances (Mpel.EventLoop loop, int expected) throws Error {
  assert_cmpint (results_of (loop, new Mpel.Event ("instances")).get_int32 (), CompareOperator.EQ, expected);
}

private void assert_point (MpPoint p, int x, int y, int z) {
  assert_cmpint (p.x, CompareOperator.EQ, x);
  assert_cmpint (p.y, CompareOperator.EQ, y);
  assert_cmpint (p.get_z (), CompareOperator.EQ, z);
}

/* Gives a story a loop. Nothing may be left of it, nor in its worker. */
private void tell (Story story) throws Error {
  var loop = new Mpel.EventLoop ();
  var weak = WeakRef (loop);

  story (loop);
  assert_instances (loop, 0);
  assert_true (loop.close ());
  loop = null;
  while (MainContext.default ().iteration (false));
  assert_null (weak.get ());
}

/* The seed's proxy: nothing changes at once, all has changed when the method has ended. */
private void seed (Mpel.EventLoop loop) throws Error {
  var p = new MpPoint (loop);
  int[] seen = {};
  var handler = loop.event_done.connect ((event) => {
    seen += p.x;
    return false;
  });

  p.set_z (3);
  assert_true (p.get_z () != 3);
  loop.wait ();
  assert_point (p, 0, 0, 3);
  p.move (1, 2, 7);
  assert_point (p, 0, 0, 3);
  loop.wait ();
  assert_point (p, 1, 2, 7);
  loop.disconnect (handler);
  assert_true (seen.length == 2 && seen[0] == 0 && seen[1] == 1);
  assert_true (p.state == Mpel.ProxyState.READY);
  assert_instances (loop, 1);
}

private async void move_and_fail (MpPoint p) throws Error {
  var results = yield p.call_async ("move", new Variant ("(iii)", 3, 4, 5));

  assert_true (results.is_of_type (VariantType.UNIT));
  assert_point (p, 3, 4, 5);
  try {
    yield p.call_async ("nothing");
    assert_not_reached ();
  } catch (Mpel.LoopError.NO_SUCH_TARGET error) {
  }
}

/* Apart from those who connect to signals: what they capture would hold the proxy. */
private void move_and_fail_sync (MpPoint p) throws Error {
  move_and_fail.end (wait_for ((callback) => move_and_fail.begin (p, callback)));
}

/* What is written here arrives; a signal of the object is one of the proxy; a call can be awaited. */
private void both_ways (Mpel.EventLoop loop) throws Error {
  var p = new MpPoint (loop);
  int moved = 0;
  int[] notified = {};

  p.moved.connect ((sender, x, y) => moved = x * 100 + ((MpPoint) sender).y);
  p.notify["x"].connect ((sender, pspec) => notified += ((MpPoint) sender).x);
  p.x = 11;
  p.y = 12;
  var state = results_of (loop, new Mpel.Event.method (p));
  assert_cmpint (state.lookup_value ("y", VariantType.INT32).get_int32 (), CompareOperator.EQ, 12);
  move_and_fail_sync (p);
  assert_cmpint (moved, CompareOperator.EQ, 304);
  assert_true (notified.length == 2 && notified[0] == 11 && notified[1] == 3);
}

private async void look_at_runtime (Mpel.EventLoop loop) throws Error {
  var properties = new VariantDict ();
  int x, y;

  properties.insert ("x", "i", 21);
  var p = yield new Mpel.RemoteProxy (loop, "Point", properties.end ());
  p.get ("x", out x);
  assert_cmpint (x, CompareOperator.EQ, 21);
  p.set ("y", 22);
  p.get ("y", out y);
  assert_cmpint (y, CompareOperator.EQ, 22);
  yield p.call_async ("move", new Variant ("(iii)", 31, 32, 33));
  p.get ("x", out x, "y", out y);
  assert_true (x == 31 && y == 32);
}

/* Without a declaration the proxy has what the class has. */
private void runtime (Mpel.EventLoop loop) throws Error {
  look_at_runtime.end (wait_for ((callback) => look_at_runtime.begin (loop, callback)));
}

private async void look_at_neighbour (Mpel.EventLoop loop, MpPoint p) throws Error {
  var other = yield p.call_object ("neighbour");
  int x;

  assert_cmpstr (other.remote_class, CompareOperator.EQ, "Point");
  other.get ("x", out x);
  assert_cmpint (x, CompareOperator.EQ, 1);
  yield other.call_async ("move", new Variant ("(iii)", 50, 51, 52));
  other.get ("x", out x);
  assert_true (x == 50 && p.x == 0);
}

/* An object that a method returns is a proxy, and lives as long as that. */
private void returned (Mpel.EventLoop loop) throws Error {
  var p = new MpPoint (loop);

  look_at_neighbour.end (wait_for ((callback) => look_at_neighbour.begin (loop, p, callback)));
  assert_instances (loop, 1);
  var event = new Mpel.Event.method (p, "neighbour");
  var third = Mpel.RemoteProxy.get_for_result (event, results_of (loop, event).get_handle ());
  event = null;
  assert_instances (loop, 2);
  assert_true (third.state == Mpel.ProxyState.READY);
}

private async void look_at_variable (Mpel.EventLoop loop, MpPoint p) throws Error {
  var same = yield new Mpel.RemoteProxy.for_variable (loop, "point");
  int x;

  yield p.call_async ("move", new Variant ("(iii)", 61, 62, 63));
  same.get ("x", out x);
  assert_cmpint (x, CompareOperator.EQ, 61);
}

/* A proxy of a variable stands for the object that was saved. */
private void variable (Mpel.EventLoop loop) throws Error {
  var p = new MpPoint (loop);
  var save = new Mpel.Event ("named") { save_variables = true };
  var nothing = new VariantDict ();

  save.args = new Variant ("(h)", save.add_object (p));
  results_of (loop, save);
  look_at_variable.end (wait_for ((callback) => look_at_variable.begin (loop, p, callback)));
  assert_cmpint (results_of (loop, new Mpel.Event.var ("point", "get_z")).get_int32 (), CompareOperator.EQ, 63);
  nothing.insert ("point", "i", 0);
  loop.save_variables (null, null, nothing.end ());
  loop.wait ();
}

/* A proxy of a lost object keeps its last picture, and another one can be made. */
private void lost (Mpel.EventLoop loop) throws Error {
  var p = new MpPoint (loop);

  p.move (1, 2, 3);
  loop.wait ();
  p.call ("die");
  while (p.state != Mpel.ProxyState.LOST)
    MainContext.default ().iteration (true);
  assert_point (p, 1, 2, 3);
  try {
    p.move (4, 5, 6);
    assert_not_reached ();
  } catch (Mpel.LoopError.WORKER_LOST error) {
  }
  loop.wait ();
  var other = new MpPoint (loop);
  other.move (4, 5, 6);
  loop.wait ();
  assert_point (other, 4, 5, 6);
}

private void assert_prints (Mpel.EventLoop loop, Abc a, bool cache, string expected) throws Error {
  var event = new Mpel.Event ("print") { cache = cache };

  event.args = new Variant ("(shs)", "=====", event.add_object (a), "=====");
  assert_cmpstr (results_of (loop, event).get_string (), CompareOperator.EQ, expected);
}

/* The seed's ABC: copies die with their event, the cached object is what it has become. */
private void cached (Mpel.EventLoop loop) throws Error {
  var a = new Abc () { a = 1, b = 2 };

  assert_prints (loop, a, false, "===== ABC(a=1, b=2, c=0) =====");
  results_of (loop, new Mpel.Event.method (a, "calc_c"));
  assert_prints (loop, a, false, "===== ABC(a=1, b=2, c=0) =====");
  loop.add_cache_event (a, "calc_c");
  assert_prints (loop, a, true, "===== ABC(a=1, b=2, c=3) =====");
  assert_true (loop.is_object_cached (a) && a.c == 0);
  assert_instances (loop, 1);
  var state = loop.cache_object (a, true);
  loop.wait ();
  assert_true (state.update_object ());
  assert_cmpstr (a.to_string (), CompareOperator.EQ, "ABC(a=1, b=2, c=3)");
}

private void add_story (string name, owned Story story) {
  Test.add_data_func ("/vala/proxy-story/" + name, () => {
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
  add_story ("seed", seed);
  add_story ("both-ways", both_ways);
  add_story ("runtime", runtime);
  add_story ("returned", returned);
  add_story ("variable", variable);
  add_story ("lost", lost);
  add_story ("cached", cached);
  return Test.run ();
}

public static int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();

  if (worker != null)
    return run_worker (worker);
  return run_tests (args);
}

}
