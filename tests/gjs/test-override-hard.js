/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What breaks, or would like to: strange values and errors, streams that are left at any time, workers
 * that go. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

import * as tap from './tap.js';

const ME = import.meta.url;
const besides = name => GLib.uri_resolve_relative(ME, name, GLib.UriFlags.NONE);
const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/* What the worker is asked for. */

export const seen = [];
export const getSeen = () => seen;
export const echo = value => value;

export function* countForEver() {
  try {
    for (let i = 0;; i++)
      yield i;
  } finally {
    seen.push('left');
  }
}

/* Its first value never comes. Nothing but the invocation knows of the promise. */
export async function* waitForCancel() {
  this.report_progress(0.5, 'waiting');
  System.gc();
  await new Promise(resolve => this.connect('cancelled', resolve));
  yield 0;
}

export async function callAnother(a, b) {
  const loop = new Mpel.EventLoop();

  try {
    return await loop.call(ME, 'echo', [a, b]);
  } finally {
    await loop.close_async(null);
  }
}

const odd = Object.assign(new Error(), {name: 7, message: {}, stack: undefined});

export const STRANGE = [
  [() => Symbol('x'), 'Error', 'Symbol(x)'],
  [() => Object.create(null), 'Error', 'a object that has no text'],
  [() => undefined, 'Error', 'undefined'],
  [() => new Error('a\0b'), 'Error', 'a\ufffdb'],
  [() => odd, '7', '[object Object]'],
];

export function throwStrange(i) {
  throw STRANGE[i][0]();
}

export function rejectBesides() {
  Promise.reject(new Error('nobody hears of this'));
  return 'answered';
}

export const beThenable = () => ({then: resolve => resolve(5)});

/* The host. */

const pathBesides = name => GLib.filename_from_uri(besides(name))[0];

function readAll(pipe) {
  const output = Gio.MemoryOutputStream.new_resizable();
  const {CLOSE_SOURCE, CLOSE_TARGET} = Gio.OutputStreamSpliceFlags;

  return new Promise(resolve => {
    output.splice_async(pipe, CLOSE_SOURCE | CLOSE_TARGET, GLib.PRIORITY_DEFAULT, null, () =>
      resolve(new TextDecoder().decode(output.steal_as_bytes().toArray())));
  });
}

async function withLoop(run) {
  const loop = new Mpel.EventLoop();

  try {
    await run(loop);
    await loop.wait_async(null);
    tap.equal(loop.nPending, 0);
    await loop.close_async(null);
  } finally {
    loop.terminate();
  }
  await tap.until(() => tap.children() === '');
}

const story = (name, run) => [name, () => withLoop(run)];
const isMapped = path => new TextDecoder().decode(GLib.file_get_contents('/proc/self/maps')[1]).includes(path);

function collectGarbage() {
  for (let i = 0; i < 3; i++)
    System.gc();
}

/* A mapped file tells whether the variant of its bytes lives. */
function packMapped(path) {
  return (() => Mpel.pack(GLib.MappedFile.new(path, false).get_bytes()))();
}

async function testOwnership() {
  const [file, stream] = Gio.File.new_tmp('mpel-XXXXXX');
  const path = file.get_path();

  GLib.file_set_contents(path, 'mapped');
  stream.close(null);
  try {
    let variant = packMapped(path);
    collectGarbage();
    tap.equal([isMapped(path), variant.n_children()], [true, 6]);

    let args = Mpel.packArgs([variant, {a: [variant]}]);
    variant = null;
    collectGarbage();
    tap.equal(isMapped(path), true);
    tap.equal(args.get_child_value(0).n_children(), 6);

    args = null;
    collectGarbage();
    tap.equal(isMapped(path), !isTidy());
  } finally {
    file.delete(null);
  }
}

/* That nothing is lost is promised for the versions that were tried; others may lose, but never lend. */
const isTidy = () => System.version >= 17400 && System.version < 17500;

async function take(iterable, n) {
  const got = [];

  for await (const value of iterable) {
    got.push(value);
    if (got.length === n)
      break;
  }
  return got;
}

const stories = [
  ['Who holds a variant owns it, and nobody else does', testOwnership],

  story('Values that are near to what can travel', async loop => {
    // eslint-disable-next-line no-sparse-arrays
    tap.equal(await loop.call(ME, 'echo', [1, , 2]), [1, null, 2]);
    tap.equal(await loop.call(ME, 'echo', new Date(0)), '1970-01-01T00:00:00.000Z');
    tap.equal(await loop.call(ME, 'echo', '😀'), '😀');
    tap.equal((await tap.errorOf(loop.call(ME, 'echo', '\ud800'))).name, 'TypeError');
    for (const value of [new Float64Array(2), new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), /a/, new Set()])
      tap.equal((await tap.errorOf(loop.call(ME, 'echo', value))).name, 'TypeError');
    tap.equal(await loop.call(ME, 'echo', 2n ** 53n - 1n), 2 ** 53 - 1);
    tap.equal(await loop.call(ME, 'echo', 2n ** 53n) === 2n ** 53n, true);

    const bytes = Uint8Array.from({length: 20}, (_, i) => i);
    tap.equal(Array.from(await loop.call(ME, 'echo', bytes.subarray(3, 6))), [3, 4, 5]);
    const large = new Uint8Array(5_000_001).fill(7);
    const back = await loop.call(ME, 'echo', large);
    tap.equal([back.length, back.every(byte => byte === 7)], [large.length, true]);
  }),

  story('Whatever is thrown arrives, and the worker goes on', async loop => {
    for (const [i, [, name, message]] of STRANGE.entries()) {
      const error = await tap.errorOf(loop.call(ME, 'throwStrange', i));
      tap.equal([error.name, error.message], [name, message]);
    }
    tap.equal(await loop.call(ME, 'rejectBesides'), 'answered');
    tap.equal(await loop.call(ME, 'beThenable'), 5);
    tap.equal(loop.workerPid, await loop.call(() => new imports.gi.Gio.Credentials().get_unix_pid()));
  }),

  story('Modules that are not there, do not parse, fail or wait', async loop => {
    for (const [name, error] of [['none', null], ['broken', 'SyntaxError'], ['failing', 'RangeError']]) {
      const {name: got} = await tap.errorOf(loop.call(besides(`modules/${name}.js`), 'echo', 1));
      tap.equal(error === null || got === error, true);
    }
    tap.equal(await Promise.all([1, 2].map(n => loop.call(besides('modules/waiting.js'), 'add', n))), [11, 12]);
  }),

  story('Streams are left before the first value, and while waiting for one', async loop => {
    await loop.stream(ME, 'countForEver').return();
    await loop.wait_async(null);
    tap.equal(loop.nPending, 0);

    const onProgress = () => {
      System.gc();
      iterator.return();
    };
    const iterator = loop.stream(ME, 'waitForCancel', Mpel.options({onProgress}));
    const error = await tap.errorOf(iterator.next());
    tap.equal(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), true);

    const thrown = loop.stream(ME, 'countForEver');
    await thrown.next();
    tap.equal((await tap.errorOf(thrown.throw(new RangeError('enough')))).message, 'enough');
  }),

  story('The generator of a stream that is left returns', async loop => {
    tap.equal(await take(loop.stream(ME, 'countForEver'), 3), [0, 1, 2]);
    while ((await loop.call(ME, 'getSeen')).length === 0)
      await wait(5);
    tap.equal(await loop.call(ME, 'getSeen'), ['left']);
  }),

  story('A stream fails with its worker, and the next has a new one', async loop => {
    const error = await tap.errorOf(async () => {
      for await (const value of loop.stream(ME, 'countForEver')) {
        if (value === 20)
          GLib.spawn_command_line_sync(`kill -9 ${loop.workerPid}`);
      }
    });
    tap.equal(error.matches(Mpel.LoopError, Mpel.LoopError.WORKER_LOST), true);
    tap.equal(await take(loop.stream(ME, 'countForEver'), 2), [0, 1]);
  }),

  ['A loop that closes finishes the stream that it has, and takes no other', async () => {
    const loop = new Mpel.EventLoop();
    const iterator = loop.stream(ME, 'countForEver');

    await iterator.next();
    const closed = loop.close_async(null);
    tap.equal((await iterator.next()).value, 1);
    await iterator.return();
    await closed;
    tap.equal((await tap.errorOf(loop.call(ME, 'echo', 1))) instanceof GLib.Error, true);
    tap.equal(tap.children(), '');
  }],

  story('Workers call workers', async loop => {
    tap.equal(await loop.call(ME, 'callAnother', 1, 2), [1, 2]);
  }),

  ['A collection of garbage is noticed once', async () => {
    const {collection} = imports.overrides.mpel;
    let n = 0;
    const listener = () => n++;
    const look = async () => {
      collection.finishSoon();
      await wait(0);
      return n;
    };

    await look();
    collection.addListener(listener);
    n = 0;
    tap.equal(await look(), 0);
    System.gc();
    tap.equal([await look(), await look()], [1, 1]);
    collection.removeListener(listener);
  }],

  story('Memory is given back though nobody collects garbage', async loop => {
    const bytes = new Uint8Array(100_000);
    const memoryOf = pid =>
      Number(new TextDecoder().decode(GLib.file_get_contents(`/proc/${pid}/statm`)[1]).split(' ')[1]) * 4096 / 2 ** 20;
    const look = () => ['self', loop.workerPid].map(memoryOf);

    await loop.call(ME, 'echo', bytes);
    const before = look();
    for (let i = 0; i < 1200; i++)
      await loop.call(ME, 'echo', bytes);
    const after = look();
    print(`# before ${before}, after ${after}`);
    tap.equal(after.map((megabytes, i) => megabytes - before[i] < 150), [true, true]);
  }),

  ['Who has no main loop waits for the end of events', async () => {
    const program = Gio.Subprocess.new(['gjs', '-m', pathBesides('modules/blocking.js')], Gio.SubprocessFlags.STDOUT_PIPE);

    tap.equal(await readAll(program.get_stdout_pipe()), '2,4,6\nawaited\n');
  }],

  ['Each worker of a pool runs modules', async () => {
    const pool = new Mpel.Pool({nWorkers: 2});
    const numbers = Array.from({length: 40}, (_, i) => i);

    tap.equal(await Promise.all(numbers.map(i => pool.call(ME, 'echo', i))), numbers);
    tap.equal(await take(pool.stream(ME, 'countForEver'), 2), [0, 1]);
    await pool.close_async(null);
    tap.equal(tap.children(), '');
  }],
];
if (!Mpel.inWorker)
  tap.run(stories);
