/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs test functions and tells their fate as TAP. All they share is in here. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

/** @param {[string, function(): Promise<void>][]} tests names and asynchronous functions */
export function run(tests) {
  const mainLoop = new GLib.MainLoop(null, false);
  let failed = 0;

  runAll(tests).then(n => {
    failed = n;
    mainLoop.quit();
  });
  mainLoop.run();
  System.exit(failed > 0 ? 1 : 0);
}

async function runAll(tests) {
  let failed = 0;

  print(`1..${tests.length}`);
  for (const [i, [name, test]] of tests.entries()) {
    let word = 'ok';
    try {
      await test();
    } catch (error) {
      word = 'not ok';
      failed++;
      for (const line of `${error}\n${error.stack}`.split('\n'))
        print(`# ${line}`);
    }
    print(`${word} ${i + 1} - ${name}`);
  }
  return failed;
}

export function equal(got, expected) {
  const [left, right] = [got, expected].map(value => JSON.stringify(value));

  if (left !== right)
    throw new Error(`${left} is not ${right}`);
}

/** The error that a promise is rejected with, or that a function throws. */
export async function errorOf(work) {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error;
  }
  throw new Error('no error came');
}

/** Waits, on the main loop, until a condition holds; the timeout of the test is the limit. */
export function until(condition) {
  return new Promise(resolve => {
    GLib.timeout_add(GLib.PRIORITY_DEFAULT, 5, () => {
      if (!condition())
        return GLib.SOURCE_CONTINUE;
      resolve();
      return GLib.SOURCE_REMOVE;
    });
  });
}

/** The processes that this one started and that are not reaped, from whatever thread. */
export function children() {
  const tasks = Gio.File.new_for_path('/proc/self/task').enumerate_children('standard::name', 0, null);

  return Array.from(tasks, info => {
    const [, bytes] = tasks.get_child(info).get_child('children').load_contents(null);
    return new TextDecoder().decode(bytes);
  }).join('').trim();
}
