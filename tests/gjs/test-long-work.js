/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Long work, through plain introspection: this script is host and worker. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

import * as tap from './tap.js';

const V = (type, value) => new GLib.Variant(type, value);
const {DONE, FAILED, CANCELLED, LOST, QUEUED, SENT} = Mpel.EventState;

Gio._promisify(Mpel.Event.prototype, 'next_async', 'next_finish');
Gio._promisify(Mpel.EventLoop.prototype, 'wait_async', 'wait_finish');
Gio._promisify(Mpel.EventLoop.prototype, 'close_async', 'close_finish');
Gio._promisify(Mpel.Pool.prototype, 'map_async', 'map_finish');
Gio._promisify(Mpel.Invocation.prototype, 'yield_value_async', 'yield_value_finish');
Gio._promisify(Gio.InputStream.prototype, 'read_bytes_async', 'read_bytes_finish');

/* What the worker can do. */

function ioError(code, message) {
  return new GLib.Error(Gio.IOErrorEnum, code, message);
}

function square(_invocation, args) {
  const [number] = args.deepUnpack();

  if (number < 0)
    throw ioError(Gio.IOErrorEnum.INVALID_ARGUMENT, `not ${number}`);
  return V('x', number * number);
}

function steps(invocation) {
  for (let i = 0; i < 5; i++)
    invocation.report_progress(i / 4, `step ${i}`);
  return V('()', []);
}

/* Computes until it is cancelled, and asks for that itself. */
function compute(invocation) {
  const cancellable = invocation.get_cancellable();
  let list = [];

  while (!cancellable.is_cancelled()) {
    invocation.report_progress(0.5, 'computing');
    list = list.length < 1000 ? list.concat({list}) : [];
  }
  throw ioError(Gio.IOErrorEnum.CANCELLED, 'I was told to end');
}

/* Does not cooperate. */
function spin(invocation) {
  invocation.report_progress(0.5, 'spinning');
  for (;;);
}

/* Returns when the host has opened the pipe for writing. */
function waitForPipe(_invocation, args) {
  const [path] = args.deepUnpack();

  Gio.File.new_for_path(path).read(null).close(null);
  return V('()', []);
}

function* countTo(end) {
  for (let i = 0; i !== end; i++)
    yield V('x', i);
}

/* A generator: up to a number, or without end. */
function count(invocation) {
  const [end] = invocation.get_args().deepUnpack();
  const numbers = countTo(end);

  invocation.set_generator(() => numbers.next().value ?? null);
}

/* Yields when there is room and answers last, while the events behind it run. */
async function countLater(invocation) {
  const [end] = invocation.get_args().deepUnpack();

  try {
    for (const number of countTo(end))
      await invocation.yield_value_async(number, null);
    invocation.return_value(V('s', 'counted'));
  } catch (error) {
    invocation.return_gerror(error);
  }
}

/* Waits for what never comes; Gio hears of the cancel for us. */
async function read(invocation) {
  const silent = Gio.Subprocess.new(['cat'], Gio.SubprocessFlags.STDIN_PIPE | Gio.SubprocessFlags.STDOUT_PIPE);

  try {
    await silent.get_stdout_pipe().read_bytes_async(1, GLib.PRIORITY_DEFAULT, invocation.get_cancellable());
    invocation.return_value(V('s', 'read'));
  } catch (error) {
    invocation.return_gerror(error);
  } finally {
    silent.get_stdin_pipe().close(null);
    silent.wait(null);
  }
}

const kept = new Set();

/* Hears of the cancel in the main context. Handlers of the cancellable itself would be called in
 * another thread, where no JavaScript can run. To be a handler keeps nothing alive. */
function hear(invocation) {
  kept.add(invocation);
  invocation.connect('cancelled', () => {
    kept.delete(invocation);
    const isCancelled = invocation.get_cancellable().is_cancelled();
    invocation.return_gerror(ioError(Gio.IOErrorEnum.CANCELLED, `I heard: ${isCancelled}`));
  });
}

function runWorker(worker) {
  worker.add_function('echo', (_invocation, args) => args);
  for (const func of [square, steps, compute, spin, waitForPipe])
    worker.add_function(func.name, func);
  for (const handler of [count, countLater, read, hear])
    worker.add_handler(handler.name, handler);
  return worker.run();
}

/* The host. */

/* What became of each event of a loop, by the event itself. */
class Watch {
  ends = [];
  progress = [];
  values = new Map();

  constructor(loop) {
    loop.connect('event-done', (_loop, event) => {
      this.ends.push(event);
      return !event.is_ended();
    });
    loop.connect('event-progress', (_loop, event) => this.progress.push(event));
    loop.connect('event-yield', (_loop, event, value) => {
      this.values.set(event, this.valuesOf(event));
      this.valuesOf(event).push(value.deepUnpack());
    });
  }

  hasProgress(event) {
    return this.progress.includes(event);
  }

  valuesOf(event) {
    return this.values.get(event) ?? [];
  }

  assertEndedOnce(events) {
    tap.equal(events.map(event => this.ends.filter(seen => seen === event).length), events.map(() => 1));
    tap.equal(this.ends.length, events.length);
  }
}

const states = events => events.map(event => event.state);
const upTo = n => Array.from({length: n}, (_, i) => i);
const isCancelled = error => error?.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED) ?? false;

/* The values of an event that is pulled, for a loop. */
async function* valuesOf(event) {
  for (let value; (value = await event.next_async(null)) !== null;)
    yield value.deepUnpack();
}

/* A binding holds its ends weakly, and so tells whether the object behind a wrapper is gone. */
const anchor = new Mpel.EventLoop();

async function runStory(loop, story) {
  try {
    await story(loop, new Watch(loop));
    await loop.close_async(null);
  } catch (error) {
    loop.terminate();
    throw error;
  }
  return loop.bind_property('name', anchor, 'name', GObject.BindingFlags.DEFAULT);
}

/* A test that is given a loop and what is seen of it. Nothing may be left of either. */
function story(name, makeLoop, run) {
  return [name, async () => {
    const binding = await runStory(makeLoop(), run);

    await tap.until(() => {
      System.gc();
      return binding.dup_source() === null;
    });
    tap.equal(tap.children(), '');
  }];
}

const loopStory = (name, run) => story(name, () => new Mpel.EventLoop(), run);
const poolStory = (name, run) => story(name, () => new Mpel.Pool({nWorkers: 2}), run);

async function pullTwoAndCancel(event) {
  const got = [];

  for await (const value of valuesOf(event)) {
    if (got.push(value) === 2)
      break;
  }
  event.cancel();
  tap.equal(isCancelled(await tap.errorOf(event.next_async(null))), true);
  return got;
}

/* Opens the pipe for writing; blocks until somebody reads. */
function openPipe(path) {
  Gio.File.new_for_path(path).append_to(Gio.FileCreateFlags.NONE, null).close(null);
}

function makePipe() {
  const path = GLib.build_filenamev([GLib.Dir.make_tmp('mpel-XXXXXX'), 'pipe']);

  Gio.Subprocess.new(['mkfifo', path], Gio.SubprocessFlags.NONE).wait_check(null);
  return path;
}

function removePipe(path) {
  GLib.unlink(path);
  GLib.rmdir(GLib.path_get_dirname(path));
}

const stories = [
  loopStory('Ten events end each in its own way, and each once', async (loop, watch) => {
    const fractions = [];

    loop.cancelGrace = 0;
    const plain = loop.add_call('echo', V('(x)', [1]), null);
    const stepping = loop.add_call('steps', null, null);
    stepping.connect('notify::progress', event => fractions.push(event.progress));
    const later = loop.add_call('countLater', V('(x)', [3]), null);
    const stream = loop.add_stream('count', V('(x)', [-1]), null);
    const queued = loop.add_call('echo', null, null);
    tap.equal(queued.state, QUEUED);
    queued.cancel();
    tap.equal([queued.state, watch.ends], [CANCELLED, []]);
    tap.equal(await pullTwoAndCancel(stream), [0, 1]);

    const running = loop.add_call('compute', null, null);
    const late = new Mpel.Event({target: 'compute', timeout: 200});
    loop.add_event(late);
    await tap.until(() => watch.hasProgress(running));
    running.cancel();
    await loop.wait_async(null);
    const firstPid = loop.workerPid;

    const stubborn = loop.add_call('spin', null, null);
    const behind = [loop.add_call('echo', V('(x)', [2]), null), loop.add_call('countLater', V('(x)', [1]), null)];
    await tap.until(() => watch.hasProgress(stubborn));
    loop.cancelGrace = 1;
    stubborn.cancel();
    await loop.wait_async(null);
    tap.equal([0, firstPid].includes(loop.workerPid), false);

    const done = [plain, stepping, later, ...behind];
    const cancelled = [stream, queued, running, stubborn];
    watch.assertEndedOnce([...done, ...cancelled, late]);
    tap.equal(states(done), done.map(() => DONE));
    tap.equal(states(cancelled), cancelled.map(() => CANCELLED));
    tap.equal(cancelled.map(event => isCancelled(event.get_error())), cancelled.map(() => true));
    tap.equal(late.state, FAILED);
    tap.equal(late.get_error().matches(Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT), true);

    tap.equal([stepping.progress, stepping.progressMessage], [1, 'step 4']);
    tap.equal([fractions, fractions.at(-1)], [[...fractions].sort(), 1]);
    tap.equal(watch.valuesOf(later), [0, 1, 2]);
    tap.equal(behind[0].results.deepUnpack(), [2]);
    tap.equal(watch.valuesOf(behind[1]), [0]);
  }),

  poolStory('A pool maps in order, and tells what its workers did', async (pool, watch) => {
    const {STOP, FINISH, SKIP} = Mpel.MapPolicy;
    const results = pool.map('square', V('ax', upTo(40)), STOP, null);
    tap.equal(results.recursiveUnpack(), upTo(40).map(i => i * i));

    const statistics = pool.get_statistics().recursiveUnpack();
    tap.equal(statistics.reduce((sum, worker) => sum + worker['n-ended'], 0), 40);
    tap.equal(statistics.every(worker => worker['n-pending'] === 0), true);
    tap.equal([1, 2].includes(statistics.length), true);

    const skipped = await pool.map_async('square', V('ax', [3, -1, 4]), SKIP, null);
    tap.equal(skipped.recursiveUnpack(), [9, null, 16]);
    const error = await tap.errorOf(pool.map_async('square', V('ax', [-1, -2]), FINISH, null));
    tap.equal(error.message, 'not -1');
    tap.equal([watch.ends.length, new Set(watch.ends).size], [45, 45]);
  }),

  poolStory('A worker of a pool that dies takes only its own event along', async (pool, watch) => {
    const events = ['spin', 'compute'].map(name => pool.add_call(name, null, null));

    await tap.until(() => events.every(event => watch.hasProgress(event)));
    const pids = pool.get_statistics().recursiveUnpack().map(worker => worker.pid);
    tap.equal(new Set(pids).size, 2);
    Gio.Subprocess.new(['sh', '-c', `kill -KILL ${pids[0]}`], Gio.SubprocessFlags.NONE).wait(null);
    await tap.until(() => watch.ends.length > 0);
    tap.equal(watch.ends[0].state, LOST);
    pool.cancelGrace = 1;
    pool.cancel_all();
    await pool.wait_async(null);
    tap.equal(watch.ends[1].state, CANCELLED);
    watch.assertEndedOnce(events);
  }),

  loopStory('What an endless generator yields is handled as it comes, until it is cancelled', async (loop, watch) => {
    const endless = loop.add_call('count', V('(x)', [-1]), null);
    const beside = [loop.add_call('count', V('(x)', [500]), null), loop.add_call('echo', null, null)];

    await tap.until(() => watch.valuesOf(endless).length >= 1000 && beside.every(event => event.is_ended()));
    endless.cancel();
    const seen = [...watch.valuesOf(endless)];
    await loop.wait_async(null);
    tap.equal(seen, upTo(seen.length));
    tap.equal(watch.valuesOf(endless), seen);
    tap.equal(watch.valuesOf(beside[0]), upTo(500));
    tap.equal(states([endless, ...beside]), [CANCELLED, DONE, DONE]);
    watch.assertEndedOnce([endless, ...beside]);
  }),

  loopStory('A promise in the worker waits for room, and its stream can be stopped', async (loop, watch) => {
    const stream = loop.add_stream('countLater', V('(x)', [-1]), null);
    const unread = loop.add_stream('countLater', V('(x)', [-1]), null);
    const got = [];

    for await (const value of valuesOf(stream)) {
      if (got.push(value) === 1000)
        break;
    }
    tap.equal(got, upTo(1000));
    for (const event of [stream, unread])
      event.cancel();
    await loop.wait_async(null);
    tap.equal(states([stream, unread]), [CANCELLED, CANCELLED]);
    watch.assertEndedOnce([stream, unread]);
  }),

  loopStory('A computing worker hears of 200 cancels', async (loop, watch) => {
    const events = Array.from({length: 200}, () => loop.add_call('compute', null, null));

    loop.connect('event-progress', (_loop, event) => event.cancel());
    await loop.wait_async(null);
    watch.assertEndedOnce(events);
    tap.equal(states(events), events.map(() => CANCELLED));
    tap.equal(new Set(events.map(event => event.get_error().message)).size, 1);
  }),

  loopStory('What waits in the worker is cancelled, by Gio and in the main context', async (loop, watch) => {
    const events = Array.from({length: 40}, (_, i) => loop.add_call(['read', 'hear'][i % 2], null, null));
    const computing = loop.add_call('compute', null, null);

    await tap.until(() => watch.hasProgress(computing));
    for (const event of events)
      event.cancel();
    tap.equal([watch.ends.length, computing.state], [0, SENT]);
    computing.cancel();
    await loop.wait_async(null);
    watch.assertEndedOnce([...events, computing]);
    tap.equal(states(events), events.map(() => CANCELLED));
    tap.equal(events.every(event => isCancelled(event.get_error())), true);
    tap.equal(events[1].get_error().message, 'I heard: true');
  }),

  loopStory('The list of events shows those that are pending and the last hundred that ended', async loop => {
    const pipe = makePipe(), changes = [];
    const model = loop.get_events();
    const items = () => upTo(model.get_n_items()).map(i => model.get_item(i));

    model.connect('items-changed', (_model, ...change) => changes.push(change));
    tap.equal([GObject.type_name(model.get_item_type()), model.get_n_items()], ['MpelEvent', 0]);
    const events = [
      loop.add_call('waitForPipe', V('(s)', [pipe]), null),
      loop.add_call('steps', null, null),
      new Mpel.Event({target: 'echo', eventKey: 'last'}),
    ];
    loop.add_event(events[2]);
    await tap.until(() => changes.length > 0);
    tap.equal([changes, model.get_n_items(), model.get_item(3)], [[[0, 0, 3]], 3, null]);
    tap.equal(items().map((item, i) => item === events[i]), [true, true, true]);
    tap.equal(items().map(item => item.target), ['waitForPipe', 'steps', 'echo']);

    await tap.until(() => events[0].state === SENT);
    openPipe(pipe);
    removePipe(pipe);
    await loop.wait_async(null);
    tap.equal(states(items()), [DONE, DONE, DONE]);
    tap.equal(items().map(item => item.progress), [0, 1, 0]);
    tap.equal(items().map(item => item.eventKey), [null, null, 'last']);
    for (let i = 0; i < 100; i++)
      loop.add_call('echo', null, null);
    await loop.wait_async(null);
    await tap.until(() => model.get_n_items() === 100);
    tap.equal(items().every(item => item.target === 'echo'), true);
    tap.equal(changes.reduce((sum, [, removed, added]) => sum + added - removed, 0), 100);
  }),
];

const worker = Mpel.Worker.get_default();

if (worker !== null)
  System.exit(runWorker(worker));
else
  tap.run(stories);
