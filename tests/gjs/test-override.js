/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The comfort of the override for gjs: functions are called as they are, in a worker that the override
 * starts. Given the command of a foreign worker it speaks with that one, too. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

import * as tap from './tap.js';

const ME = import.meta.url;
const besides = name => GLib.uri_resolve_relative(ME, name, GLib.UriFlags.NONE);

/* What the worker is asked for. It loads this file and is given what it exports. */

export const echo = value => value;
export const addVals = (a, b) => a + b;

export async function addLater(a, b) {
  await null;
  return a + b;
}

class LostKeyError extends Error {
  name = 'LostKeyError';
}

export function fail(name) {
  switch (name) {
    case 'range':
      throw new RangeError('out of range');
    case 'own':
      throw new LostKeyError('the key is lost');
    case 'gio':
      throw new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND, 'no such thing');
    default:
      throw name;
  }
}

export async function failLater(name) {
  await null;
  fail(name);
}

export function* count(end) {
  for (let i = 0; i !== end; i++)
    yield i;
  return 'counted';
}

export async function* countLater(end) {
  for (const i of count(end)) {
    await null;
    yield i;
  }
  throw new RangeError('no more');
}

/* Progress is told by `this`, and where there is none, by the invocation. */
export async function step(n) {
  for (let i = 1; i <= n; i++)
    this.report_progress(i / n, `step ${i}`);
  await null;
  return n;
}

export const isGivenInvocation = () => Mpel.getInvocation() instanceof Mpel.Invocation;

export function waitForCancel() {
  const {promise, resolve} = withResolvers();

  this.report_progress(0.5, 'waiting');
  this.connect('cancelled', resolve);
  return promise.then(() => {
    throw new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED, 'heard');
  });
}

function withResolvers() {
  const resolvers = {};

  resolvers.promise = new Promise((resolve, reject) => Object.assign(resolvers, {resolve, reject}));
  return resolvers;
}

const Counter = GObject.registerClass({
  GTypeName: 'TestOverrideCounter',
  Properties: {
    'total': GObject.ParamSpec.int('total', '', '', GObject.ParamFlags.READWRITE, 0, 1000, 0),
  },
}, class Counter extends GObject.Object {});

export function makeCounter(total) {
  Mpel.Worker.get_default().add_method(Counter, 'add', (counter, _invocation, args) => {
    counter.total += Mpel.unpack(args)[0];
    return Mpel.pack(counter.total);
  });
  return new Counter({total});
}

export const totalOf = counter => counter.total;

/* The host. */

/* A binding holds its ends weakly, and so tells whether the object behind a wrapper is gone. */
const anchor = new Mpel.EventLoop();

async function runStory(loop, run) {
  try {
    await run(loop);
    await loop.close_async(null);
  } catch (error) {
    loop.terminate();
    throw error;
  }
  return loop.bind_property('name', anchor, 'name', GObject.BindingFlags.DEFAULT);
}

/* A test that is given a loop. Nothing may be left of it. */
function story(name, run, makeLoop = () => new Mpel.EventLoop()) {
  return [name, async () => {
    const binding = await runStory(makeLoop(), run);

    await tap.until(() => {
      System.gc();
      return binding.dup_source() === null;
    });
    tap.equal(tap.children(), '');
  }];
}

function isSame(a, b) {
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null)
    return isSame(Object.entries(a), Object.entries(b));
  return Object.is(a, b);
}

function assertSame(got, expected) {
  if (!isSame(got, expected))
    throw new Error(`${got} is not ${expected}`);
}

const allBytes = Uint8Array.from({length: 256}, (_, i) => i);
const VALUES = [
  0, -0, 1.5, NaN, -Infinity, Number.MAX_SAFE_INTEGER, 2 ** 60, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n,
  '', 'ä\n"€', true, null, undefined, [], [1, 'a', [null, [2.5]]], {}, {a: {b: [{c: false}]}},
  JSON.parse('{"__proto__": 1}'), new Uint8Array(0), allBytes, {bytes: [allBytes]},
];

const isCancelled = error => error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);

async function collect(iterable) {
  const got = [];

  for await (const value of iterable)
    got.push(value);
  return got;
}

/* How many megabytes of memory a process has. */
function memoryOf(pid) {
  const [, bytes] = GLib.file_get_contents(`/proc/${pid}/statm`);

  return Number(new TextDecoder().decode(bytes).split(' ')[1]) * 4096 / 2 ** 20;
}

async function callOften(loop, n, ...args) {
  for (let i = 0; i < n; i += 100)
    await Promise.all(Array.from({length: 100}, () => loop.call(ME, 'echo', ...args)));
  System.gc();
  await loop.call(() => imports.system.gc());
  return ['self', loop.workerPid].map(memoryOf);
}

const text = 'x'.repeat(10000);
const tenKilobytes = [[text], [new Uint8Array(10000)], [{text, more: [1, null]}]];

const stories = [
  story('Functions are named by module and export, or are their source', async loop => {
    tap.equal(await loop.call(ME, 'addVals', 3, 4), 7);
    tap.equal(await loop.call(ME, 'addLater', 3, 4), 7);
    tap.equal(await loop.call((a, b) => a * b, 6, 7), 42);
    tap.equal(await loop.call(async a => a, 'later'), 'later');
    tap.equal(await loop.call({twice(a) {
      return 2 * a;
    }}.twice, 4), 8);
    tap.equal(await loop.call(ME, 'isGivenInvocation'), true);
    tap.equal(loop.workerPid !== await loop.call(() => new imports.gi.Gio.Credentials().get_unix_pid()), false);
  }),

  story('Values come back as they were', async loop => {
    for (const value of VALUES)
      assertSame(await loop.call(ME, 'echo', value), value === undefined ? null : value);
    assertSame(await loop.call(() => undefined), undefined);
    assertSame(await loop.call(ME, 'echo', GLib.Variant.new_byte(7)), 7);
    for (const value of VALUES)
      assertSame(Mpel.unpack(Mpel.pack(value)), value);
  }),

  story('What cannot travel is refused at once', async loop => {
    const loopy = [];
    loopy.push(loopy);

    for (const value of [loopy, () => 1, Symbol('a'), new Map(), 'a\0b'])
      tap.equal((await tap.errorOf(loop.call(ME, 'echo', value))).constructor === TypeError, true);
    tap.equal((await tap.errorOf(loop.call(ME, 'echo', 2n ** 64n))).name, 'RangeError');
    tap.equal((await tap.errorOf(loop.call(Math.max, 1))).name, 'TypeError');
    tap.equal((await tap.errorOf(loop.call(ME, 7))).name, 'TypeError');
    tap.equal((await tap.errorOf(loop.call(() => new Map()))).message.includes('Map has no GVariant type'), true);
    tap.equal(loop.nPending, 0);
  }),

  story('Errors have name, message and the stack of the worker', async loop => {
    for (const name of ['fail', 'failLater']) {
      const error = await tap.errorOf(loop.call(ME, name, 'range'));
      tap.equal([error instanceof RangeError, error.name, error.message], [true, 'RangeError', 'out of range']);
      tap.equal([error.remoteStack, error.stack].map(stack => stack.includes(`fail@${ME}`)), [true, true]);
      tap.equal(error.cause instanceof GLib.Error, true);
    }

    const own = await tap.errorOf(loop.call(ME, 'fail', 'own'));
    tap.equal([own instanceof Mpel.RemoteError, own.name, own.message], [true, 'LostKeyError', 'the key is lost']);
    const gio = await tap.errorOf(loop.call(ME, 'fail', 'gio'));
    tap.equal(gio.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND), true);
    tap.equal((await tap.errorOf(loop.call(ME, 'fail', 'a word'))).message, 'a word');
    tap.equal((await tap.errorOf(loop.call(ME, 'nothing'))).message.includes('exports no function nothing'), true);
    tap.equal((await tap.errorOf(loop.call(() => anchor.name))).name, 'ReferenceError');
    tap.equal((await tap.errorOf(loop.call(besides('nothing.js'), 'a'))) instanceof Error, true);
    tap.equal(await loop.call(ME, 'addVals', 1, 1), 2);
  }),

  story('A module that calls while a worker loads it is told so', async loop => {
    const error = await tap.errorOf(loop.call(besides('unguarded.js'), 'nothing'));

    tap.equal(error.message.includes('Mpel.inWorker'), true);
  }),

  story('Streams are iterated, and cancelled by leaving them', async loop => {
    tap.equal(await collect(loop.stream(ME, 'count', 500)), Array.from({length: 500}, (_, i) => i));
    tap.equal(await loop.call(ME, 'count', 3), 'counted');

    const got = [];
    const error = await tap.errorOf(async () => {
      for await (const value of loop.stream(ME, 'countLater', 3))
        got.push(value);
    });
    tap.equal([got, error.name], [[0, 1, 2], 'RangeError']);

    for await (const value of loop.stream(ME, 'count', -1)) {
      if (value === 10)
        break;
    }
    await loop.wait_async(null);
    tap.equal(loop.nPending, 0);
  }),

  story('Progress calls back, or is iterated', async loop => {
    const seen = [];
    const onProgress = (...report) => seen.push(report);

    tap.equal(await loop.call(ME, 'step', 3, Mpel.options({onProgress, priority: 1})), 3);
    tap.equal(seen.at(-1), [1, 'step 3']);
    const reports = await collect(loop.follow(ME, 'step', 3));
    tap.equal(reports.slice(-2), [{fraction: 1, message: 'step 3'}, {fraction: 1, message: null, result: 3}]);
    tap.equal((await tap.errorOf(collect(loop.follow(ME, 'fail', 'range')))).name, 'RangeError');

    for await (const {message} of loop.follow(ME, 'waitForCancel')) {
      tap.equal(message, 'waiting');
      break;
    }
    await loop.wait_async(null);
    tap.equal(loop.nPending, 0);
  }),

  story('A Gio.Cancellable or a deadline ends a call', async loop => {
    const cancellable = new Gio.Cancellable();
    const onProgress = () => cancellable.cancel();

    tap.equal(isCancelled(await tap.errorOf(loop.call(ME, 'waitForCancel', Mpel.options({cancellable, onProgress})))),
      true);
    tap.equal(isCancelled(await tap.errorOf(loop.call(ME, 'echo', 1, cancellable))), true);
    const late = await tap.errorOf(loop.call(ME, 'waitForCancel', Mpel.options({timeout: 50})));
    tap.equal(late.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT), true);
  }),

  story('A worker that dies rejects what it had, and the next call has a new one', async loop => {
    const error = await tap.errorOf(loop.call(() => imports.system.exit(3)));

    tap.equal(error.matches(Mpel.LoopError, Mpel.LoopError.WORKER_LOST), true);
    tap.equal(await loop.call(ME, 'addVals', 3, 4), 7);
  }),

  story('Objects are proxies here, and themselves there', async loop => {
    const counter = await loop.call(ME, 'makeCounter', 5);

    tap.equal([counter instanceof Mpel.Proxy, counter.remoteClass], [true, 'TestOverrideCounter']);
    tap.equal(await counter.invoke('add', 3), 8);
    tap.equal(await loop.call(ME, 'totalOf', counter), 8);
    tap.equal(Mpel.unpack(await counter.call_async('add', Mpel.packArgs([2]), null, null)), 10);
    tap.equal((await tap.errorOf(counter.invoke('nothing'))) instanceof GLib.Error, true);
    tap.equal(counter.total, 10);
    const cancellable = new Gio.Cancellable();
    cancellable.cancel();
    tap.equal(isCancelled(await tap.errorOf(counter.invoke('add', 1, cancellable))), true);
    loop.terminate();
    await tap.until(() => counter.state !== Mpel.ProxyState.READY);
    tap.equal((await tap.errorOf(counter.invoke('add', 1))) instanceof GLib.Error, true);
  }),

  story('A pool calls functions, too', async pool => {
    const numbers = Array.from({length: 20}, (_, i) => i);

    tap.equal(await Promise.all(numbers.map(i => pool.call(ME, 'addVals', i, 1))), numbers.map(i => i + 1));
  }, () => new Mpel.Pool({nWorkers: 2})),

  story('20000 calls with 10 kB each way leave nothing behind', async loop => {
    for (const args of tenKilobytes)
      await callOften(loop, 3000, ...args);
    const before = await callOften(loop, 100, text);
    for (let i = 0; i < 5; i++) {
      for (const args of tenKilobytes)
        await callOften(loop, 1400, ...args);
    }
    const after = await callOften(loop, 100, text);

    /* One reference too many for each call would be 200 MB. */
    print(`# before ${before}, after ${after}`);
    tap.equal(after.map((megabytes, i) => megabytes - before[i] < 40), [true, true]);
  }),
];

const foreign = [
  story('A worker of another language is given plain values, and gives them', async loop => {
    tap.equal(await loop.call('add', 20, 22), 42);
    const error = await tap.errorOf(loop.call('divide', 1.5, 0));
    tap.equal([error.name, error.remoteStack.includes('in divide')], ['ZeroDivisionError', true]);
    const kwargs = {more: 10};
    tap.equal(await loop.call('add', 1, 2, Mpel.options({kwargs})), 13);
    tap.equal((await tap.errorOf(loop.call(ME, 'echo', 1, Mpel.options({kwargs})))).name, 'TypeError');
  }, () => Mpel.EventLoop.new_with_launcher(Mpel.Launcher.new(ARGV))),
];

if (!Mpel.inWorker)
  tap.run(ARGV.length > 0 ? foreign : stories);
