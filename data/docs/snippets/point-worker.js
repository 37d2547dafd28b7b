/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

const {READABLE, READWRITE} = GObject.ParamFlags;
const INT = [GLib.MININT32, GLib.MAXINT32, 0];

const Point = GObject.registerClass({
  GTypeName: 'DemoPoint',
  Properties: {
    'x': GObject.ParamSpec.int('x', '', '', READWRITE, ...INT),
    'y': GObject.ParamSpec.int('y', '', '', READWRITE, ...INT),
    'text': GObject.ParamSpec.string('text', '', '', READABLE, null),
    'trail': GObject.ParamSpec.object('trail', '', '', READABLE, Gio.ListModel.$gtype),
  },
  Signals: {
    'moved': {param_types: [GObject.TYPE_INT, GObject.TYPE_INT]},
  },
}, class Point extends GObject.Object {
  _init(properties) { // runs also for those that a host asks for, unlike a constructor
    super._init(properties);
    this.z = 0;
    this._trail = Gio.ListStore.new(Point); // where it has been
    this.connect('notify', (point, pspec) => {
      if (pspec.name !== 'text')
        point.notify('text');
    });
  }

  get text() {
    return `(${this.x}, ${this.y})`;
  }

  get trail() {
    return this._trail;
  }
});

function move(point, invocation, args, _kwargs) {
  invocation.check_args('(iii)');
  point.trail.append(new Point({x: point.x, y: point.y}));
  [point.x, point.y, point.z] = args.deepUnpack();
  point.emit('moved', point.x, point.y);
  return new GLib.Variant('()', []);
}

function getZ(point, _invocation, _args, _kwargs) {
  return new GLib.Variant('i', point.z);
}

/* An object that stays here: the host gets a proxy of it. */
function neighbour(point, invocation, _args, _kwargs) {
  return new GLib.Variant('h', invocation.add_object(new Point({x: point.x + 1, y: point.y})));
}

/* An object among the arguments: the one that the host has a proxy of. */
function distance(point, invocation, args, _kwargs) {
  invocation.check_args('(h)');
  const other = invocation.lookup_object(...args.deepUnpack());
  return new GLib.Variant('i', Math.abs(other.x - point.x) + Math.abs(other.y - point.y));
}

/* Before the first event. */
function initialize(worker) {
  worker.set_variable('origin', new Point());
  return true;
}

const worker = Mpel.Worker.get_default();
worker.set_initializer(initialize);
worker.add_class(Point.$gtype, 'Point');
worker.add_method(Point.$gtype, 'move', move);
worker.add_method(Point.$gtype, 'get_z', getZ);
worker.add_method(Point.$gtype, 'neighbour', neighbour);
worker.add_method(Point.$gtype, 'distance', distance);
System.exit(worker.run());
