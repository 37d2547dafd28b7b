/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A host in GJS with a worker in Python, whose command is given as arguments. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';

import * as tap from './tap.js';

const V = (type, value) => new GLib.Variant(type, value);

Gio._promisify(Mpel.EventLoop.prototype, 'call_async', 'call_finish');
Gio._promisify(Mpel.EventLoop.prototype, 'wait_async', 'wait_finish');

/* The worker knows a class of this name, with these properties, and a run of its own. */
const Repeat = GObject.registerClass({
  GTypeName: 'TestPythonRepeat',
  Properties: {
    'word': GObject.ParamSpec.string('word', '', '', GObject.ParamFlags.READWRITE, ''),
    'times': GObject.ParamSpec.int('times', '', '', GObject.ParamFlags.READWRITE, -1, 100, 1),
  },
}, class Repeat extends Mpel.Event {
  vfunc_run() {
    throw new Error('this ran in the host');
  }
});

async function withLoop(work) {
  const loop = Mpel.EventLoop.new_with_launcher(Mpel.Launcher.new(ARGV));

  await work(loop);
  loop.close(null);
  tap.equal(tap.children(), '');
}

tap.run([
  ['Results and errors come from the other language as they were', () => withLoop(async loop => {
    tap.equal((await loop.call_async('add', V('(xx)', [20, 22]), null, null)).deepUnpack(), 42);

    const error = await tap.errorOf(loop.call_async('fail', null, null, null));
    tap.equal(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND), true);
  })],

  ['An exception of the other language has its own type and traceback', () => withLoop(async loop => {
    const event = loop.add_call('divide', V('(dd)', [1, 0]), null);

    await loop.wait_async(null);
    tap.equal(event.get_remote_type(), 'ZeroDivisionError');
    tap.equal(event.get_traceback().includes('in divide'), true);
  })],

  ['An event class runs in the worker as the other language defines it', () => withLoop(async loop => {
    const event = new Repeat({word: 'ho', times: 3, args: V('(s)', ['!'])});

    loop.add_event(event);
    await loop.wait_async(null);
    tap.equal(event.get_results().deepUnpack(), ['hohoho!', loop.worker_pid]);
  })],
]);
