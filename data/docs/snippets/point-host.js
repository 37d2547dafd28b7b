/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Its arguments are the command of a worker. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';

Gio._promisify(Mpel.EventLoop.prototype, 'close_async', 'close_finish');
Gio._promisify(Mpel.EventLoop.prototype, 'wait_async', 'wait_finish');
Gio._promisify(Mpel.Proxy, 'new_async', 'new_finish');
Gio._promisify(Mpel.Proxy, 'new_for_variable_async', 'new_for_variable_finish');
Gio._promisify(Mpel.Proxy.prototype, 'call_async', 'call_finish');
Gio._promisify(Mpel.Proxy.prototype, 'call_object_async', 'call_object_finish');

const {READABLE, READWRITE} = GObject.ParamFlags;
const INT = [GLib.MININT32, GLib.MAXINT32, 0];

const PointProxy = GObject.registerClass({
  GTypeName: 'DemoPointProxy',
  Properties: {
    'x': GObject.ParamSpec.int('x', '', '', READWRITE, ...INT),
    'y': GObject.ParamSpec.int('y', '', '', READWRITE, ...INT),
    'text': GObject.ParamSpec.string('text', '', '', READABLE, null),
  },
  Signals: {
    'moved': {param_types: [GObject.TYPE_INT, GObject.TYPE_INT]},
  },
}, class PointProxy extends Mpel.Proxy {
  /* What can only be read is kept by the proxy. */
  get text() {
    return this.get_cached_property('text')?.deepUnpack() ?? null;
  }
});

function pointNew(loop) {
  return new PointProxy({loop, remoteClass: 'Point', getters: ['get_z']});
}

/* Of whatever type. */
function printPoint(point) {
  print(`${point.x}, ${point.y}: ${point.text}`);
}

/* It may be used at once, while its object is still being made. */
async function showWrite(point) {
  point.x = 5;
  await point.loop.wait_async(null);
  printPoint(point);
}

async function showMethod(point) {
  point.connect('moved', (_point, x, y) => print(`moved to ${x}, ${y}`));
  await point.call_async('move', new GLib.Variant('(iii)', [1, 2, 7]), null, null);
  printPoint(point);
  print('z is', point.get_getter_value('get_z').deepUnpack());
}

/* No type is declared for this one: it has what the class in the worker has. */
async function showRuntime(loop) {
  const properties = new GLib.Variant('a{sv}', {'x': new GLib.Variant('i', 8)});
  printPoint(await Mpel.Proxy.new_async(loop, 'Point', properties, null));
}

async function showVariable(loop) {
  printPoint(await Mpel.Proxy.new_for_variable_async(loop, 'origin', null));
}

/* The other point stays in the worker; only who it is travels back there. */
function printDistance(point, other) {
  const event = new Mpel.Event({object: point, target: 'distance'});
  event.args = new GLib.Variant('(h)', [event.add_object(other)]);
  point.loop.add_event(event);
  point.loop.wait(null);
  print('distance', event.results.deepUnpack());
}

async function showReturned(point) {
  const other = await point.call_object_async('neighbour', null, null, null);
  printPoint(other);
  printDistance(point, other);
}

async function showList(point) {
  const trail = Mpel.RemoteList.new(point, 'trail', PointProxy.$gtype);
  await new Promise(resolve => trail.connect('notify::state', resolve));
  for (let i = 0; i < trail.get_n_items(); i++)
    printPoint(trail.get_item(i));
}

function showState(point) {
  print(point.state === Mpel.ProxyState.READY ? 'ready' : 'gone');
}

async function showAll(loop) {
  const point = pointNew(loop);
  await showWrite(point);
  await showMethod(point);
  await showRuntime(loop);
  await showVariable(loop);
  Mpel.Proxy.register_type('Point', PointProxy.$gtype);
  await showReturned(point);
  await showList(point);
  showState(point);
  await loop.close_async(null);
  showState(point);
}

const mainLoop = new GLib.MainLoop(null, false);
showAll(Mpel.EventLoop.new_with_launcher(Mpel.Launcher.new(ARGV)))
  .catch(logError)
  .finally(() => mainLoop.quit());
mainLoop.run();
