/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The seed's objects in a worker, through plain introspection: this script is host and worker. Given
 * a command it is the host of that worker. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

import * as tap from './tap.js';

const V = (type, value) => new GLib.Variant(type, value);
const {READY, LOST} = Mpel.ProxyState;

Gio._promisify(Mpel.EventLoop.prototype, 'wait_async', 'wait_finish');
Gio._promisify(Mpel.EventLoop.prototype, 'close_async', 'close_finish');
Gio._promisify(Mpel.Proxy.prototype, 'call_async', 'call_finish');
Gio._promisify(Mpel.Proxy.prototype, 'call_object_async', 'call_object_finish');
Gio._promisify(Mpel.Proxy, 'new_async', 'new_finish');
Gio._promisify(Mpel.Proxy, 'new_for_variable_async', 'new_for_variable_finish');

function intSpecs(...names) {
  const entries = names.map(name => [
    name,
    GObject.ParamSpec.int(name, '', '', GObject.ParamFlags.READWRITE, GLib.MININT32, GLib.MAXINT32, 0),
  ]);

  return Object.fromEntries(entries);
}

const MOVED = {'moved': {param_types: [GObject.TYPE_INT, GObject.TYPE_INT]}};

/* What lives in the worker. */

const Point = GObject.registerClass({
  GTypeName: 'TestGjsPoint',
  Properties: intSpecs('x', 'y'),
  Signals: MOVED,
}, class Point extends GObject.Object {
  z = 0;

  get_z() {
    return V('i', this.z);
  }

  set_z(z) {
    this.z = z;
  }

  move(x, y, z) {
    [this.x, this.y, this.z] = [x, y, z];
    this.emit('moved', x, y);
  }

  die() {
    Gio.Subprocess.new(['kill', '-KILL', `${new Gio.Credentials().get_unix_pid()}`], 0).wait(null);
  }
});

const Abc = GObject.registerClass({
  GTypeName: 'TestAbc',
  Properties: intSpecs('a', 'b', 'c'),
}, class Abc extends GObject.Object {
  calc_c() {
    this.c = this.a + this.b;
  }

  toString() {
    return `ABC(a=${this.a}, b=${this.b}, c=${this.c})`;
  }
});

/* A method as the worker calls it. */
function addMethods(worker, type, ...methods) {
  for (const method of methods) {
    worker.add_method(type, method.name, (object, _invocation, args) =>
      method.apply(object, args.deepUnpack()) ?? V('()', []));
  }
}

const isHandle = value => value.get_type_string() === 'h';

function printAll(invocation, args) {
  const words = Array.from({length: args.n_children()}, (_, i) => args.get_child_value(i));

  return V('s', words.map(word =>
    isHandle(word) ? `${invocation.lookup_object(word.get_handle())}` : word.deepUnpack()).join(' '));
}

/* Objects in it stay what they are. */
function named(invocation, _args, kwargs) {
  const results = {};

  for (const [name, value] of Object.entries(kwargs.deepUnpack())) {
    results[name] = value;
    if (isHandle(value))
      results[name] = GLib.Variant.new_handle(invocation.add_object(invocation.lookup_object(value.get_handle())));
  }
  return V('a{sv}', results);
}

function neighbour(point, invocation) {
  return GLib.Variant.new_handle(invocation.add_object(new Point({x: point.x + 1, y: point.y})));
}

function runWorker(worker) {
  const {get_z, set_z, move, die} = Point.prototype;

  worker.add_class(Point, 'Point');
  addMethods(worker, Point, get_z, set_z, move, die);
  worker.add_method(Point, 'neighbour', neighbour);
  worker.add_class(Abc, null);
  addMethods(worker, Abc, Abc.prototype.calc_c);
  worker.add_function('print', printAll);
  worker.add_function('named', named);
  return worker.run();
}

/* The host. */

/* What the host has of a point. */
const MpPoint = GObject.registerClass({
  GTypeName: 'TestGjsMpPoint',
  Properties: intSpecs('x', 'y'),
  Signals: MOVED,
}, class MpPoint extends Mpel.Proxy {
  constructor(loop) {
    super({loop, remoteClass: 'Point', getters: ['get_z']});
  }

  set_z(z) {
    return this.call('set_z', V('(i)', [z]), null);
  }

  get_z() {
    return this.get_getter_value('get_z')?.deepUnpack() ?? null;
  }

  move(x, y, z) {
    return this.call('move', V('(iii)', [x, y, z]), null);
  }
});

function loopNew() {
  if (ARGV.length > 0)
    return Mpel.EventLoop.new_with_launcher(Mpel.Launcher.new(ARGV));
  return Mpel.EventLoop.new();
}

async function resultsOf(loop, event) {
  loop.add_event(event);
  await loop.wait_async(null);
  tap.equal(event.get_error(), null);
  return event.get_results().recursiveUnpack();
}

/* A binding holds its ends weakly, and so tells whether the object behind a wrapper is gone. */
const anchor = new Mpel.EventLoop();

/* The worker in C counts. */
async function releaseAll(loop) {
  for (let n = ARGV.length; n > 0;) {
    System.gc();
    [n] = await resultsOf(loop, new Mpel.Event({target: 'instances'}));
  }
}

async function runStory(loop, work) {
  try {
    await work(loop);
    await releaseAll(loop);
    await loop.close_async(null);
  } catch (error) {
    loop.terminate();
    throw error;
  }
  return loop.bind_property('name', anchor, 'name', GObject.BindingFlags.DEFAULT);
}

/* A test that is given a loop. Nothing may be left of it; proxies would hold it. */
function story(name, work) {
  return [name, async () => {
    const binding = await runStory(loopNew(), work);

    await tap.until(() => {
      System.gc();
      return binding.dup_source() === null;
    });
    tap.equal(tap.children(), '');
  }];
}

function printEvent(abc, cache) {
  const event = new Mpel.Event({target: 'print', cache});

  event.set_args(V('(shs)', ['=====', event.add_object(abc), '=====']));
  return event;
}

const stories = [
  story('The seed\'s proxy: nothing changes at once, all has changed when the method has ended', async loop => {
    const p = new MpPoint(loop), seen = [];
    const handler = loop.connect('event-done', (_loop, event) => {
      seen.push([event.target, p.x]);
      return false;
    });

    p.set_z(3);
    tap.equal(p.get_z() !== 3, true);
    await loop.wait_async(null);
    tap.equal(p.get_z(), 3);
    p.move(1, 2, 7);
    tap.equal([p.x, p.y, p.get_z()], [0, 0, 3]);
    await loop.wait_async(null);
    tap.equal([p.x, p.y, p.get_z(), p.state], [1, 2, 7, READY]);
    loop.disconnect(handler);
    tap.equal(seen, [['set_z', 0], ['move', 1]]);
  }),

  story('What is written here arrives; a signal of the object is one of the proxy; a call can be awaited', async loop => {
    const p = new MpPoint(loop), moved = [], notified = [];

    p.connect('moved', (_p, x, y) => moved.push([x, y, p.x, p.y]));
    p.connect('notify::x', () => notified.push(p.x));
    p.x = 11;
    p.y = 12;
    tap.equal((await resultsOf(loop, Mpel.Event.new_method(p, null, null, null))).y, 12);
    tap.equal((await p.call_async('move', V('(iii)', [3, 4, 5]), null, null)).deepUnpack(), []);
    tap.equal([p.x, p.y, p.get_z()], [3, 4, 5]);
    tap.equal([moved, notified], [[[3, 4, 3, 4]], [11, 3]]);
    const error = await tap.errorOf(p.call_async('nothing', null, null, null));
    tap.equal(error.matches(Mpel.LoopError, Mpel.LoopError.NO_SUCH_TARGET), true);
  }),

  story('Without a declaration the proxy has what the class has', async loop => {
    const p = await Mpel.Proxy.new_async(loop, 'Point', V('a{sv}', {x: V('i', 21)}), null);
    const moved = [];

    tap.equal([p.x, p.y, p.get_remote_class()], [21, 0, 'Point']);
    p.connect('moved', (_p, ...where) => moved.push(where));
    p.y = 22;
    p.call('move', V('(iii)', [31, 32, 33]), null);
    await loop.wait_async(null);
    tap.equal([p.x, p.y, moved], [31, 32, [[31, 32]]]);
  }),

  story('An object that a method returns is a proxy', async loop => {
    const p = new MpPoint(loop);
    const other = await p.call_object_async('neighbour', null, null, null);

    tap.equal([other.get_remote_class(), other.x, p.x], ['Point', 1, 0]);
    await other.call_async('move', V('(iii)', [50, 51, 52]), null, null);
    tap.equal([other.x, p.x], [50, 0]);

    const event = Mpel.Event.new_method(p, 'neighbour', null, null);
    const third = Mpel.Proxy.get_for_result(event, await resultsOf(loop, event));
    await loop.wait_async(null);
    tap.equal([third.x, third.state], [1, READY]);
  }),

  story('A proxy of a variable stands for the object that was saved', async loop => {
    const p = new MpPoint(loop);
    const save = new Mpel.Event({target: 'named', saveVariables: true});

    save.set_kwargs(V('a{sv}', {point: GLib.Variant.new_handle(save.add_object(p))}));
    await resultsOf(loop, save);
    const same = await Mpel.Proxy.new_for_variable_async(loop, 'point', null);
    p.move(61, 62, 63);
    await loop.wait_async(null);
    tap.equal([same.x, await resultsOf(loop, Mpel.Event.new_var('point', 'get_z', null, null))], [61, 63]);
    loop.save_variables(null, null, V('a{sv}', {point: V('i', 0)}));
    await loop.wait_async(null);
  }),

  story('A proxy of a lost object keeps its last picture, and another one can be made', async loop => {
    const p = new MpPoint(loop), states = [];

    p.connect('notify::state', () => states.push(p.state));
    p.move(1, 2, 3);
    await loop.wait_async(null);
    p.call('die', null, null);
    await tap.until(() => p.state === LOST);
    tap.equal([states, p.x, p.y], [[READY, LOST], 1, 2]);
    tap.equal(p.get_error().matches(Mpel.LoopError, Mpel.LoopError.WORKER_LOST), true);
    const error = await tap.errorOf(() => p.move(4, 5, 6));
    tap.equal(error.matches(Mpel.LoopError, Mpel.LoopError.WORKER_LOST), true);
    await loop.wait_async(null);
    const other = new MpPoint(loop);
    other.move(4, 5, 6);
    await loop.wait_async(null);
    tap.equal([other.x, other.y, other.get_z()], [4, 5, 6]);
  }),

  story('The seed\'s ABC: copies die with their event, the cached object is what it has become', async loop => {
    const a = new Abc({a: 1, b: 2, c: 0});

    tap.equal(await resultsOf(loop, printEvent(a, false)), '===== ABC(a=1, b=2, c=0) =====');
    await resultsOf(loop, Mpel.Event.new_method(a, 'calc_c', null, null));
    tap.equal(await resultsOf(loop, printEvent(a, false)), '===== ABC(a=1, b=2, c=0) =====');
    loop.add_cache_event(a, 'calc_c', null, null);
    tap.equal(await resultsOf(loop, printEvent(a, true)), '===== ABC(a=1, b=2, c=3) =====');
    tap.equal([loop.is_object_cached(a), a.c], [true, 0]);
    const state = loop.cache_object(a, true);
    await loop.wait_async(null);
    tap.equal([state.update_object(), `${a}`], [true, 'ABC(a=1, b=2, c=3)']);
  }),
];

const worker = Mpel.Worker.get_default();

if (worker !== null)
  System.exit(runWorker(worker));
else
  tap.run(stories);
