/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Its arguments are the command of a worker. */

class Demo.PointProxy : Mpel.RemoteProxy {
  public int x { get; set; }
  public int y { get; set; }

  /* What can only be read is kept by the proxy. */
  public string? text {
    owned get { return get_cached_property ("text")?.get_maybe ()?.dup_string (); }
  }

  public signal void moved (int x, int y);

  public PointProxy (Mpel.EventLoop loop) {
    Object (loop: loop, remote_class: "Point", getters: new string[] { "get_z" });
  }
}

/* Of whatever type. */
void print_point (Mpel.RemoteProxy point) {
  int x, y;
  string text;

  point.get ("x", out x, "y", out y, "text", out text);
  print ("%d, %d: %s\n", x, y, text);
}

/* It may be used at once, while its object is still being made. */
async void show_write (Demo.PointProxy point) throws Error {
  point.x = 5;
  yield point.loop.wait_async ();
  print_point (point);
}

async void show_method (Demo.PointProxy point) throws Error {
  point.moved.connect ((x, y) => print ("moved to %d, %d\n", x, y));
  yield point.call_async ("move", new Variant ("(iii)", 1, 2, 7));
  print_point (point);
  print ("z is %d\n", point.get_getter_value ("get_z").get_int32 ());
}

/* No type is declared for this one: it has what the class in the worker has. */
async void show_runtime (Mpel.EventLoop loop) throws Error {
  print_point (yield new Mpel.RemoteProxy (loop, "Point", new Variant.parsed ("{'x': <8>}")));
}

async void show_variable (Mpel.EventLoop loop) throws Error {
  print_point (yield new Mpel.RemoteProxy.for_variable (loop, "origin"));
}

/* The other point stays in the worker; only who it is travels back there. */
void print_distance (Mpel.RemoteProxy point, Mpel.RemoteProxy other) throws Error {
  var event = new Mpel.Event.method (point, "distance");
  event.args = new Variant ("(h)", event.add_object (other));
  point.loop.add_event (event);
  point.loop.wait ();
  print ("distance %d\n", event.results.get_int32 ());
}

async void show_returned (Demo.PointProxy point) throws Error {
  var other = yield point.call_object ("neighbour");
  print_point (other);
  print_distance (point, other);
}

async void show_list (Demo.PointProxy point) {
  var trail = new Mpel.RemoteList (point, "trail", typeof (Demo.PointProxy));
  trail.notify["state"].connect (() => show_list.callback ());
  yield;
  for (var i = 0; i < trail.get_n_items (); i++)
    print_point ((Mpel.RemoteProxy) trail.get_item (i));
}

void show_state (Mpel.RemoteProxy point) {
  print ("%s\n", point.state == Mpel.ProxyState.READY ? "ready" : "gone");
}

async void show_all (Mpel.EventLoop loop) throws Error {
  var point = new Demo.PointProxy (loop);

  yield show_write (point);
  yield show_method (point);
  yield show_runtime (loop);
  yield show_variable (loop);
  Mpel.RemoteProxy.register_type ("Point", typeof (Demo.PointProxy));
  yield show_returned (point);
  yield show_list (point);
  show_state (point);
  yield loop.close_async ();
  show_state (point);
}

int main (string[] args) {
  var main_loop = new MainLoop ();
  var status = 0;

  show_all.begin (new Mpel.EventLoop.with_launcher (new Mpel.Launcher (args[1:args.length])), (source, result) => {
    try {
      show_all.end (result);
    } catch (Error error) {
      printerr ("%s\n", error.message);
      status = 1;
    }
    main_loop.quit ();
  });
  main_loop.run ();
  return status;
}
