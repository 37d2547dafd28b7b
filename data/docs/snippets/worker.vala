/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

class Demo.Repeat : Mpel.Event {
  public uint times { get; set; default = 1; }

  public Repeat (string word, uint times) {
    Object (args: new Variant ("(s)", word), times: times);
  }

  /* In the worker. */
  protected override Variant? run (Mpel.Invocation invocation) throws Error {
    invocation.check_args ("(s)");

    var text = new StringBuilder ();
    for (var i = 0; i < times; i++)
      text.append (args.get_child_value (0).get_string ());
    return text.str;
  }
}

Variant? shout (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(s)");

  var text = args.get_child_value (0).get_string ();
  if (text == "")
    throw new IOError.INVALID_ARGUMENT ("nothing to shout");
  return text.up ();
}

async void answer_later (Mpel.Invocation invocation) {
  Timeout.add (10, answer_later.callback);
  yield;
  invocation.return_value ("later");
}

int run_worker (Mpel.Worker worker) {
  worker.add_function ("shout", shout);
  worker.add_handler ("answer_later", (invocation) => answer_later.begin (invocation));
  worker.add_event_class (typeof (Demo.Repeat));
  return worker.run ();
}

bool print_end (Mpel.Event event) {
  if (event.get_error () != null)
    print ("failed: %s\n", event.get_error ().message);
  else
    print ("%s\n", event.get_results ().get_string ());
  return false;
}

int run_host () {
  var loop = new Mpel.EventLoop ();
  loop.add_output_handler (print_end);
  try {
    loop.run ({
      new Mpel.Event ("answer_later", null, null),
      new Mpel.Event ("shout", new Variant ("(s)", "hello"), null),
      new Mpel.Event ("shout", new Variant ("(s)", ""), null),
      new Demo.Repeat ("ha", 3)
    });
    loop.close ();
    return 0;
  } catch (Error error) {
    printerr ("%s\n", error.message);
    return 1;
  }
}

int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();
  if (worker != null)
    return run_worker (worker);
  return run_host ();
}
