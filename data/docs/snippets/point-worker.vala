/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

class Demo.Point : Object {
  public int x { get; set; }
  public int y { get; set; }
  public string text { owned get { return @"($x, $y)"; } }
  public ListModel trail { get; private set; } /* where it has been */
  public int z;

  public signal void moved (int x, int y);

  construct {
    trail = new ListStore (typeof (Point));
    notify["x"].connect (() => notify_property ("text"));
    notify["y"].connect (() => notify_property ("text"));
  }

  public Point (int x = 0, int y = 0) {
    Object (x: x, y: y);
  }
}

Variant? move (Object object, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  var point = (Demo.Point) object;
  int x, y;

  invocation.check_args ("(iii)");
  ((ListStore) point.trail).append (new Demo.Point (point.x, point.y));
  args.get ("(iii)", out x, out y, out point.z);
  point.set ("x", x, "y", y);
  point.moved (x, y);
  return new Variant ("()");
}

Variant? get_z (Object object, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  return ((Demo.Point) object).z;
}

/* An object that stays here: the host gets a proxy of it. */
Variant? neighbour (Object object, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  var point = (Demo.Point) object;

  return new Variant.handle (invocation.add_object (new Demo.Point (point.x + 1, point.y)));
}

/* An object among the arguments: the one that the host has a proxy of. */
Variant? distance (Object object, Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(h)");

  var point = (Demo.Point) object;
  var other = (Demo.Point) invocation.lookup_object (args.get_child_value (0).get_handle ());
  return (other.x - point.x).abs () + (other.y - point.y).abs ();
}

/* Before the first event. */
bool initialize (Mpel.Worker worker) throws Error {
  worker.set_variable ("origin", new Demo.Point ());
  return true;
}

int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();
  if (worker == null)
    return 1;
  worker.set_initializer (initialize);
  worker.add_class (typeof (Demo.Point), "Point");
  worker.add_method (typeof (Demo.Point), "move", move);
  worker.add_method (typeof (Demo.Point), "get_z", get_z);
  worker.add_method (typeof (Demo.Point), "neighbour", neighbour);
  worker.add_method (typeof (Demo.Point), "distance", distance);
  return worker.run ();
}
