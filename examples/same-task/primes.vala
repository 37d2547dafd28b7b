/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
using Mpel;

Variant? count_primes (Invocation invocation, Variant args, Variant kwargs) throws Error { /* in the worker */
  int64 end, k, n_primes = 0;

  invocation.check_args ("(x)");
  args.get ("(x)", out end);
  if (end < 2)
    throw new IOError.INVALID_ARGUMENT ("below 2 there are none");
  for (int64 n = 2; n < end; n++) {
    for (k = 2; k * k <= n && n % k != 0; )
      k++;
    n_primes += k * k > n ? 1 : 0;
    if (n % 1000 == 0)
      invocation.report_progress ((double) n / end);
  }
  return n_primes;
}

async void show_primes (EventLoop loop, int64 end) { /* in the host */
  loop.event_progress.connect ((event) => printerr ("%.0f %%\n", 100 * event.progress));
  try {
    var n_primes = yield loop.call ("count_primes", new Variant ("(x)", end));
    print ("%s primes\n", n_primes.get_int64 ().to_string ());
  } catch (Error error) {
    print ("no primes: %s\n", error.message);
  }
}

int main (string[] args) {
  unowned var worker = Worker.get_default ();
  if (worker != null) {
    worker.add_function ("count_primes", count_primes);
    return worker.run ();
  }
  var main_loop = new MainLoop ();
  show_primes.begin (new EventLoop (), args.length > 1 ? int64.parse (args[1]) : 1000000, () => main_loop.quit ());
  main_loop.run ();
  return 0;
}
