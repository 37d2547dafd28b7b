/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

function scan(invocation, args, _kwargs) {
  const [steps] = args.deepUnpack();
  const cancellable = invocation.get_cancellable();
  for (let step = 0; step < steps; step++) {
    cancellable.set_error_if_cancelled();
    /* Here is a piece of the work. */
    invocation.report_progress((step + 1) / steps, 'scanning');
  }
  return new GLib.Variant('u', steps);
}

function squares(invocation, args, _kwargs) {
  const [n] = args.deepUnpack();
  for (let i = 1; i <= n; i++)
    invocation.yield_value(new GLib.Variant('u', i * i));
  return new GLib.Variant('()', []);
}

function* makeCount(n) {
  for (; n > 0; n--)
    yield new GLib.Variant('u', n);
}

function countDown(invocation, args, _kwargs) {
  const values = makeCount(...args.deepUnpack());
  invocation.set_generator(() => values.next().value ?? null);
  return null;
}

const waiting = new Set(); // who has connected to an invocation does not keep it

function waitForCancel(invocation) {
  waiting.add(invocation);
  invocation.connect('cancelled', () => {
    waiting.delete(invocation);
    invocation.return_gerror(
      new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED, 'not wanted any more'));
  });
}

function echo(_invocation, args, _kwargs) {
  return args.get_child_value(0);
}

const worker = Mpel.Worker.get_default();
worker.add_function('scan', scan);
worker.add_function('squares', squares);
worker.add_function('count-down', countDown);
worker.add_handler('wait', waitForCancel);
worker.add_function('echo', echo);
System.exit(worker.run());
