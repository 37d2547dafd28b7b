/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

using GLib;
using Mpel;

namespace Tour {

/* ---- What lives in the worker ---- */

Variant? add (Invocation invocation, Variant args, Variant kwargs) throws Error {
  int a, b;

  invocation.check_args ("(ii)");
  args.get ("(ii)", out a, out b);
  return a + b;
}

Variant? primes (Invocation invocation, Variant args, Variant kwargs) throws Error {
  int64[] found = {};

  for (int64 n = 2; ; n++) {
    var is_prime = true;
    foreach (var prime in found)
      is_prime = is_prime && n % prime != 0;
    if (!is_prime)
      continue;
    found += n;
    invocation.yield_value (n); /* throws when nobody wants more */
  }
}

async void read_later (Invocation invocation) {
  try {
    string text;
    invocation.check_args ("(s)");
    var file = File.new_for_path (invocation.get_args ().get_child_value (0).get_string ());
    var stream = yield file.read_async ();
    text = yield new DataInputStream (stream).read_line_async ();
    invocation.return_value (text);
  } catch (Error error) {
    invocation.return_gerror (error);
  }
}

class Account : Object {
  public int balance { get; set; }
  public string note { owned get { return @"$balance left"; } }

  construct {
    notify["balance"].connect (() => notify_property ("note"));
  }
}

Variant? spend (Object object, Invocation invocation, Variant args, Variant kwargs) throws Error {
  var account = (Account) object;
  var amount = args.get_child_value (0).get_int32 ();

  if (amount > account.balance)
    throw new IOError.NO_SPACE ("only %s", account.note);
  account.balance -= amount;
  return new Variant ("()");
}

int run_worker (Worker worker) {
  worker.add_function ("add", add);
  worker.add_function ("primes", primes);
  worker.add_handler ("read", (invocation) => read_later.begin (invocation));
  worker.add_class (typeof (Account), "Account");
  worker.add_method (typeof (Account), "spend", spend);
  return worker.run ();
}

/* ---- The host ---- */

async void show_calls (EventLoop loop) throws Error {
  var sum = yield loop.call ("add", new Variant ("(ii)", 3, 4));
  print ("%d\n", sum.get_int32 ());

  try {
    yield loop.call ("read", new Variant ("(s)", "/nowhere"));
  } catch (IOError.NOT_FOUND error) {
    print ("not found\n");
  }
}

async void show_next (EventLoop loop) throws Error {
  Variant? value;
  var event = loop.add_stream ("primes");

  while ((value = yield event.next ()) != null) {
    print ("%d\n", (int) value.get_int64 ());
    if (value.get_int64 () == 5)
      break;
  }
  event.cancel ();
}

void show_foreach (EventLoop loop) throws Error {
  foreach (var value in loop.add_stream ("primes")) {
    print ("%d\n", (int) value.get_int64 ());
    if (value.get_int64 () == 5)
      break;
  }
}

class AccountProxy : RemoteProxy {
  public int balance { get; set; }
  public string? note { owned get { return get_cached_property ("note")?.get_maybe ()?.dup_string (); } }

  public AccountProxy (EventLoop loop) {
    Object (loop: loop, remote_class: "Account");
  }

  public async void spend (int amount) throws Error {
    yield call_async ("spend", new Variant ("(i)", amount));
  }
}

async void show_proxy (EventLoop loop) throws Error {
  var account = new AccountProxy (loop) { balance = 10 };

  yield account.spend (3);
  print ("%d, %s\n", account.balance, account.note);
  try {
    yield account.spend (30);
  } catch (IOError.NO_SPACE error) {
    print ("%s\n", error.message);
  }
}

async void show_all (EventLoop loop) throws Error {
  yield show_calls (loop);
  yield show_next (loop);
  yield show_proxy (loop);
  yield loop.close_async ();
}

int run_host () {
  var main_loop = new MainLoop ();
  var status = 1;

  try {
    var loop = new EventLoop ();
    show_foreach (loop);
    show_all.begin (loop, (source, result) => {
      try {
        show_all.end (result);
        status = 0;
      } catch (Error error) {
        printerr ("%s\n", error.message);
      }
      main_loop.quit ();
    });
    main_loop.run ();
  } catch (Error error) {
    printerr ("%s\n", error.message);
  }
  return status;
}

public static int main (string[] args) {
  unowned var worker = Worker.get_default ();

  return worker != null ? run_worker (worker) : run_host ();
}

}
