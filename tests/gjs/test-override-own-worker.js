/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A script that asks whether it is its own worker stays so with the override, and runs functions, too. */

import Mpel from 'gi://Mpel?version=1';

import * as tap from './tap.js';

const worker = Mpel.Worker.get_default();

const tests = [
  ['The script is its own worker, and runs functions', async () => {
    const loop = new Mpel.EventLoop();

    tap.equal(await loop.call('own', 1, 'a'), ['own', 1, 'a']);
    tap.equal(await loop.call(() => 6 * 7), 42);
    tap.equal(await loop.call(import.meta.url.replace('test-override-own-worker', 'test-override'), 'addVals', 3, 4), 7);
    await loop.close_async(null);
    tap.equal(tap.children(), '');
  }],

  ['A worker of one line is started by a launcher', async () => {
    const launcher = Mpel.newLauncher();
    const loop = Mpel.EventLoop.new_with_launcher(launcher);

    launcher.setenv('TEST_WORD', 'ho');
    tap.equal(await loop.call(() => imports.gi.GLib.getenv('TEST_WORD')), 'ho');
    await loop.close_async(null);
  }],

  ['Who is no worker cannot run as one', async () => {
    tap.equal(Mpel.inWorker, false);
    tap.equal((await tap.errorOf(() => Mpel.runWorker())).message, 'this process is no worker');
  }],
];

if (worker === null) {
  tap.run(tests);
} else {
  worker.add_function('own', (_invocation, args) => Mpel.pack(['own', ...Mpel.unpack(args)]));
  Mpel.runWorker();
}
