/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The stories of an event loop, through plain introspection: this script is host and worker. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

import * as tap from './tap.js';

const V = (type, value) => new GLib.Variant(type, value);

Gio._promisify(Mpel.EventLoop.prototype, 'call_async', 'call_finish');
Gio._promisify(Mpel.EventLoop.prototype, 'wait_async', 'wait_finish');
Gio._promisify(Mpel.EventLoop.prototype, 'close_async', 'close_finish');

/* Its run happens in the worker, with the properties that the host set. */
const Repeat = GObject.registerClass({
  GTypeName: 'TestGjsRepeat',
  Properties: {
    'word': GObject.ParamSpec.string('word', '', '', GObject.ParamFlags.READWRITE, ''),
    'times': GObject.ParamSpec.int('times', '', '', GObject.ParamFlags.READWRITE, -1, 100, 1),
  },
}, class Repeat extends Mpel.Event {
  vfunc_run(_invocation) {
    if (this.times < 0)
      throw new GLib.Error(Mpel.LoopError, Mpel.LoopError.INVALID_ARGUMENTS, 'less than nothing');

    const [end] = this.get_args().deepUnpack();
    return V('(si)', [this.word.repeat(this.times) + end, new Gio.Credentials().get_unix_pid()]);
  }
});

/* What the worker can do. */

function add(_invocation, args, kwargs) {
  const {more = V('x', 0)} = kwargs.deepUnpack();
  return V('x', args.deepUnpack().reduce((a, b) => a + b, more.deepUnpack()));
}

function fail() {
  throw new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND, 'no such thing');
}

function later(invocation) {
  GLib.timeout_add(GLib.PRIORITY_DEFAULT, 5, () => {
    invocation.return_value(V('s', 'later'));
    return GLib.SOURCE_REMOVE;
  });
}

function parse(invocation) {
  try {
    const [text] = invocation.get_args().deepUnpack();
    invocation.return_value(V('d', JSON.parse(text)));
  } catch (error) {
    invocation.return_exception(error.name, error.message, error.stack);
  }
}

async function promise(invocation) {
  const [, bytes] = await new Promise((resolve, reject) => {
    Gio.File.new_for_path('/proc/self/comm').load_contents_async(null, (file, result) => {
      try {
        resolve(file.load_contents_finish(result));
      } catch (error) {
        reject(error);
      }
    });
  });
  invocation.return_value(V('s', new TextDecoder().decode(bytes).trim()));
}

const kept = [];

function runWorker(worker) {
  worker.add_function('add', add);
  worker.add_function('fail', fail);
  worker.add_function('say_nothing', () => null);
  worker.add_function('stumble', () => {
    throw new TypeError('nobody caught this');
  });
  worker.add_handler('later', later);
  worker.add_handler('parse', parse);
  worker.add_handler('promise', promise);
  worker.add_handler('keep', invocation => kept.push(invocation));
  worker.add_handler('*', invocation => invocation.return_value(V('s', invocation.get_target())));
  worker.add_event_class(Repeat.$gtype);
  return worker.run();
}

/* The host. */

function describe(event) {
  const error = event.get_error();

  if (error !== null)
    return `${GLib.quark_to_string(error.domain)}:${error.code}: ${error.message}`;
  return event.get_results().deepUnpack();
}

function assertNoResult(text) {
  if (!text.startsWith(`mpel-loop-error-quark:${Mpel.LoopError.NO_RESULT}: `))
    throw new Error(text);
}

/* A binding holds its ends weakly, and so tells whether the object behind a wrapper is gone. */
const anchor = new Mpel.EventLoop();

function watch(loop) {
  return loop.bind_property('name', anchor, 'name', GObject.BindingFlags.DEFAULT);
}

async function runStory(story) {
  const loop = new Mpel.EventLoop();
  const ends = [];

  loop.add_output_handler(event => {
    ends.push(describe(event));
    return false;
  });
  try {
    await story(loop, ends);
    await loop.close_async(null);
    tap.equal(loop.get_state(), Mpel.EventLoopState.CLOSED);
  } catch (error) {
    loop.terminate();
    throw error;
  }
  return watch(loop);
}

/* A test that is given a loop and a list of what ends on it. Nothing may be left of either. */
function story(name, run) {
  return [name, async () => {
    const binding = await runStory(run);

    await tap.until(() => {
      System.gc();
      return binding.dup_source() === null;
    });
    tap.equal(tap.children(), '');
  }];
}

const stories = [
  story('Events come back in order, the failed one with its error', async (loop, ends) => {
    const signalled = [];

    loop.connect('event-done', (_loop, event) => {
      signalled.push(describe(event));
      return false;
    });
    const events = [
      loop.add_call('add', V('(xx)', [1, 2]), null),
      loop.add_call('fail', null, null),
      loop.add_call('add', V('(xx)', [3, 4]), V('a{sv}', {'more': V('x', 10)})),
      loop.add_call('say_nothing', null, null),
    ];
    await loop.wait_async(null);
    tap.equal(ends.slice(0, 3), [3, 'g-io-error-quark:1: no such thing', 17]);
    assertNoResult(ends[3]);
    tap.equal(signalled, ends);
    tap.equal(events.map(event => event.results === null), [false, true, false, true]);
  }),

  story('A handler can be put first, stop the others, and be removed', async (loop, ends) => {
    const seen = [];
    const id = loop.insert_output_handler(0, event => seen.push(describe(event)) > 0);

    loop.add_call('add', V('(x)', [1]), null);
    await loop.wait_async(null);
    tap.equal([seen, ends], [[1], []]);
    tap.equal(loop.remove_output_handler(id), true);
    loop.add_call('add', V('(x)', [2]), null);
    await loop.wait_async(null);
    tap.equal([seen, ends], [[1], [2]]);
  }),

  story('A promise of a call is kept with results, or broken with the worker\'s error', async (loop, ends) => {
    const results = await loop.call_async('add', V('(xx)', [20, 22]), null, null);
    tap.equal(results.deepUnpack(), 42);

    const error = await tap.errorOf(loop.call_async('fail', null, null, null));
    tap.equal(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND), true);
    tap.equal(error.message, 'no such thing');

    const all = await Promise.all([1, 2, 3].map(i => loop.call_async('add', V('(xx)', [i, i]), null, null)));
    tap.equal(all.map(v => v.deepUnpack()), [2, 4, 6]);
    tap.equal(ends, [42, 'g-io-error-quark:1: no such thing', 2, 4, 6]);
  }),

  story('A cancelled call ends at once, and the loop works on', async loop => {
    const cancellable = new Gio.Cancellable();
    const call = loop.call_async('echo', null, null, cancellable);

    cancellable.cancel();
    const error = await tap.errorOf(call);
    tap.equal(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), true);
    tap.equal((await loop.call_async('echo', null, null, null)).deepUnpack(), 'echo');
  }),

  story('An event class runs in the worker, with the properties that were set in the host', async (loop, ends) => {
    loop.add_event(new Repeat({word: 'ho', times: 3, args: V('(s)', ['!'])}));
    loop.add_event(new Repeat({times: -1}));
    await loop.wait_async(null);
    tap.equal(ends[0], ['hohoho!', loop.get_worker_pid()]);
    tap.equal(ends[1], `mpel-loop-error-quark:${Mpel.LoopError.INVALID_ARGUMENTS}: less than nothing`);
  }),

  story('A handler may answer later, while the events behind it run', async (loop, ends) => {
    loop.add_call('later', null, null);
    loop.add_call('echo', null, null);
    await loop.wait_async(null);
    tap.equal(ends, ['echo', 'later']);
    tap.equal((await loop.call_async('promise', null, null, null)).deepUnpack().startsWith('gjs'), true);
  }),

  story('An exception arrives with its type, message and traceback', async loop => {
    const good = loop.add_call('parse', V('(s)', ['0.25']), null);
    const bad = loop.add_call('parse', V('(s)', ['{']), null);

    await loop.wait_async(null);
    tap.equal(good.get_results().deepUnpack(), 0.25);
    tap.equal([good.get_error(), good.get_remote_type(), good.get_traceback()], [null, null, null]);
    tap.equal(bad.get_error().matches(Mpel.LoopError, Mpel.LoopError.REMOTE_EXCEPTION), true);
    tap.equal(bad.get_error().message.startsWith('SyntaxError: JSON.parse: '), true);
    tap.equal(bad.get_remote_type(), 'SyntaxError');
    tap.equal(bad.get_traceback().includes('parse@'), true);
  }),

  story('An exception that nobody catches in a function arrives as what it was', async loop => {
    const error = await tap.errorOf(loop.call_async('stumble', null, null, null));

    tap.equal(error instanceof TypeError, true);
    tap.equal(error.message, 'nobody caught this');
    tap.equal((await loop.call_async('echo', null, null, null)).deepUnpack(), 'echo');
  }),

  story('Lists of events are added at once; an event without output says nothing', async (loop, ends) => {
    const events = Array.from({length: 500}, (_, i) => new Mpel.Event({target: 'add', args: V('(xx)', [i, 1])}));

    loop.run(events);
    loop.add_event(new Mpel.Event({target: 'echo', has_output: false}));
    await loop.wait_async(null);
    tap.equal(ends, events.map((_, i) => i + 1));
    loop.run_until_complete(events.slice(0, 2), null);
    tap.equal(ends.slice(500), [1, 2]);
  }),

  story('A handler of event-done::key hears of events with that key only', async (loop, ends) => {
    const heard = [];

    loop.connect('event-done::blue', (_loop, event) => heard.push([event.event_key, describe(event)]) > 0);
    for (const eventKey of ['red', 'blue', null])
      loop.add_event(new Mpel.Event({target: 'echo', eventKey}));
    await loop.wait_async(null);
    tap.equal(heard, [['blue', 'echo']]);
    tap.equal(ends, ['echo', 'echo']);
  }),

  story('A killed worker ends its event, and the next event gets a new worker', async loop => {
    const started = [], exited = [];

    loop.connect('worker-started', (_loop, pid) => started.push(pid));
    loop.connect('worker-exited', (_loop, pid, reason) => exited.push([pid, reason]));
    const event = loop.add_call('keep', null, null);
    await tap.until(() => event.get_state() === Mpel.EventState.SENT);
    Gio.Subprocess.new(['sh', '-c', `kill -KILL ${loop.get_worker_pid()}`], Gio.SubprocessFlags.NONE).wait(null);
    await loop.wait_async(null);
    tap.equal(event.get_state(), Mpel.EventState.LOST);
    tap.equal(event.get_error().matches(Mpel.LoopError, Mpel.LoopError.WORKER_LOST), true);
    await tap.until(() => exited.length > 0);
    tap.equal(exited[0][0] === started[0] && exited[0][1].message.includes('signal 9'), true);
    tap.equal((await loop.call_async('add', V('(x)', [5]), null, null)).deepUnpack(), 5);
    tap.equal(new Set(started).size, 2);
  }),

  story('A closed loop refuses events, and closing it again is no error', async (loop, ends) => {
    loop.add_call('echo', null, null);
    loop.close(null);
    tap.equal(ends, ['echo']);
    const error = await tap.errorOf(() => loop.add_event(Mpel.Event.new('echo', null, null)));
    tap.equal(error.matches(Mpel.LoopError, Mpel.LoopError.CLOSED), true);
  }),
];

const worker = Mpel.Worker.get_default();
if (worker !== null)
  System.exit(runWorker(worker));
tap.run(stories);
