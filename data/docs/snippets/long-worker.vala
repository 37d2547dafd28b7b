/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

Variant? scan (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(u)");

  var steps = args.get_child_value (0).get_uint32 ();
  var cancellable = invocation.get_cancellable ();
  for (uint32 step = 0; step < steps; step++) {
    cancellable.set_error_if_cancelled ();
    /* Here is a piece of the work. */
    invocation.report_progress ((step + 1.0) / steps, "scanning");
  }
  return steps;
}

Variant? squares (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(u)");

  var n = args.get_child_value (0).get_uint32 ();
  for (uint32 i = 1; i <= n; i++)
    invocation.yield_value (i * i);
  return new Variant ("()");
}

Variant? count_down (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(u)");

  var n = args.get_child_value (0).get_uint32 ();
  invocation.set_generator ((invocation) => {
    if (n == 0)
      return null;
    return n--;
  });
  return null;
}

async void wait_for_cancel (Mpel.Invocation invocation) {
  var source = new CancellableSource (invocation.get_cancellable ());
  source.set_callback (() => {
    wait_for_cancel.callback ();
    return Source.REMOVE;
  });
  source.attach ();
  yield;
  invocation.return_gerror (new IOError.CANCELLED ("not wanted any more"));
}

Variant? echo (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  return args.get_child_value (0);
}

int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();
  if (worker == null)
    return 1;
  worker.add_function ("scan", scan);
  worker.add_function ("squares", squares);
  worker.add_function ("count-down", count_down);
  worker.add_handler ("wait", (invocation) => wait_for_cancel.begin (invocation));
  worker.add_function ("echo", echo);
  return worker.run ();
}
