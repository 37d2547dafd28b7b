/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Mpel from 'gi://Mpel?version=1';
import System from 'system';

const Repeat = GObject.registerClass({
  GTypeName: 'DemoRepeat',
  Properties: {
    'times': GObject.ParamSpec.uint('times', '', '', GObject.ParamFlags.READWRITE, 0, 100, 1),
  },
}, class Repeat extends Mpel.Event {
  /* In the worker. */
  vfunc_run(_invocation) {
    const [word] = this.args.deepUnpack();
    return new GLib.Variant('s', word.repeat(this.times));
  }
});

function shout(_invocation, args, _kwargs) {
  const [text] = args.deepUnpack();
  if (text === '')
    throw new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT, 'nothing to shout');
  return new GLib.Variant('s', text.toUpperCase());
}

const wait = milliseconds => new Promise(resolve => {
  GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
    resolve();
    return GLib.SOURCE_REMOVE;
  });
});

async function answerLater(invocation) {
  try {
    await wait(10);
    invocation.return_value(new GLib.Variant('s', 'later'));
  } catch (error) {
    invocation.return_exception(error.name, error.message, error.stack);
  }
}

function runWorker(worker) {
  worker.add_function('shout', shout);
  worker.add_handler('answer_later', answerLater);
  worker.add_event_class(Repeat.$gtype);
  return worker.run();
}

function printEnd(event) {
  const error = event.get_error();
  print(error ? `failed: ${error.message}` : event.get_results().deepUnpack());
  return false;
}

function runHost() {
  const loop = new Mpel.EventLoop();
  loop.add_output_handler(printEnd);
  loop.run([
    new Mpel.Event({target: 'answer_later'}),
    new Mpel.Event({target: 'shout', args: new GLib.Variant('(s)', ['hello'])}),
    new Mpel.Event({target: 'shout', args: new GLib.Variant('(s)', [''])}),
    new Repeat({times: 3, args: new GLib.Variant('(s)', ['ha'])}),
  ]);
  loop.close(null);
}

const worker = Mpel.Worker.get_default();
if (worker)
  System.exit(runWorker(worker));
runHost();
