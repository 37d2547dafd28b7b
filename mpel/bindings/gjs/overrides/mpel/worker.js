/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The worker's side: runs functions of modules, or of given source, and answers for them. */

const {Gio, GLib, GObject} = imports.gi;
const System = imports.system;
const {finishSoon} = imports.overrides.mpel.collection;
const {pack, packHandle, unpack} = imports.overrides.mpel.values;

/* The handler that all calls of functions go to: (module or '', export or source, args…). */
var TARGET = 'gjs';

/* Modules and functions by where they come from. A module that cannot be loaded is tried again. */
const modules = new Map();
const functions = new Map();
const MAX_FUNCTIONS = 1000;

/* How many modules are being loaded. Their own calls would start a worker, which loads them, which… */
let nLoading = 0;

/* What runs at this moment, as far as it has not waited for anything. */
let current = null;

var isLoading = () => nLoading > 0;

async function loadModule(url) {
  nLoading++;
  try {
    const module = await import(url);
    modules.set(url, module);
    return module;
  } finally {
    nLoading--;
  }
}

function exportOf(module, url, name) {
  const func = module[name];

  if (typeof func !== 'function')
    throw new TypeError(`${url} exports no function ${name}`);
  return func;
}

/* Strict, as the code of modules is. A method is written as it stands in its object. */
function compile(source) {
  const evaluate = text => (0, eval)(`'use strict'; ${text}`);

  try {
    return evaluate(`(${source})`);
  } catch (error) {
    if (!(error instanceof SyntaxError))
      throw error;
    return Object.values(evaluate(`({${source}})`))[0];
  }
}

function functionOf(source) {
  const known = functions.get(source);
  if (known !== undefined)
    return known;

  const func = compile(source);
  if (functions.size >= MAX_FUNCTIONS)
    functions.clear();
  functions.set(source, func);
  return func;
}

/* The function, or a promise of it. */
function find(url, name) {
  if (url === '')
    return functionOf(name);

  const module = modules.get(url);
  if (module !== undefined)
    return exportOf(module, url, name);
  return loadModule(url).then(loaded => exportOf(loaded, url, name));
}

/* Whatever has been thrown; it may be no error, or one with strange fields. */
function textOf(value) {
  try {
    return String(value).replaceAll('\0', '\ufffd');
  } catch (error) {
    return `a ${typeof value} that has no text`;
  }
}

function fail(invocation, error) {
  if (error instanceof GLib.Error)
    invocation.return_gerror(error);
  else if (error instanceof Error)
    invocation.return_exception(textOf(error.name), textOf(error.message), textOf(error.stack));
  else
    invocation.return_exception('Error', textOf(error), null);
}

function runAs(invocation, func) {
  const before = current;

  current = invocation;
  try {
    return func();
  } finally {
    current = before;
    finishSoon();
  }
}

const isThenable = value => typeof value?.then === 'function';

function isGenerator(value) {
  return typeof value?.next === 'function' &&
    (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/* Waits for room after each value; other events run meanwhile. */
async function yieldAll(invocation, generator) {
  try {
    for (;;) {
      const {value, done} = await runAs(invocation, () => generator.next());
      if (done)
        return value;
      await invocation.yield_value_async(pack(value), null);
    }
  } catch (error) {
    await generator.return?.();
    throw error;
  }
}

/* Nobody else keeps an invocation whose function waits for a signal of it. Of one that is cancelled
 * nobody wants to hear any more: should its function wait for ever, it may go. */
const waiting = new Set();

async function answerLater(invocation, promise) {
  waiting.add(invocation);
  invocation.connect('cancelled', () => waiting.delete(invocation));
  try {
    await answer(invocation, await promise);
  } catch (error) {
    fail(invocation, error);
  } finally {
    waiting.delete(invocation);
    finishSoon();
  }
}

/* Returns a promise of the end, if that is not now. */
function answer(invocation, value) {
  if (isThenable(value))
    return answerLater(invocation, value);
  if (isGenerator(value))
    return answerLater(invocation, yieldAll(invocation, value));
  if (value instanceof GObject.Object)
    invocation.return_value(packHandle(invocation.add_object(value)));
  else
    invocation.return_value(pack(value));
  return null;
}

function argumentsOf(invocation) {
  const args = invocation.get_args();
  const argumentAt = i => {
    const arg = args.get_child_value(i);
    return arg.get_type_string() === 'h' ? invocation.lookup_object(arg.get_handle()) : unpack(arg);
  };

  return Array.from({length: args.n_children()}, (_, i) => argumentAt(i));
}

function serve(invocation) {
  try {
    const [url, name, ...args] = argumentsOf(invocation);
    const run = func => runAs(invocation, () => func.apply(invocation, args));
    const func = find(url, name);

    answer(invocation, isThenable(func) ? func.then(run) : run(func));
  } catch (error) {
    fail(invocation, error);
  }
}

/* The program that gjs is: some have the interpreter inside and are not gjs themselves. */
function findGjs() {
  const self = GLib.file_read_link('/proc/self/exe');

  if (/^gjs(-console)?$/.test(GLib.path_get_basename(self)))
    return self;
  return GLib.find_program_in_path('gjs-console') ?? GLib.find_program_in_path('gjs') ?? 'gjs';
}

var workerCommand = () => {
  const main = Gio.File.new_for_path(__file__).get_parent().get_child('worker-main.js');

  return [findGjs(), '-m', main.get_path()];
};

/* Whether this program has asked if it is its own worker. */
let isOwnWorker = false;

var hasOwnWorker = () => isOwnWorker;

function addTo(Mpel) {
  const getDefault = Mpel.Worker.get_default;
  let served = null;

  Mpel.Worker.get_default = () => {
    const worker = getDefault();

    isOwnWorker ||= worker === null;
    if (worker !== null && served === null) {
      served = worker;
      worker.add_handler(TARGET, serve);
    }
    return worker;
  };
  Object.defineProperty(Mpel, 'inWorker', {get: () => getDefault() !== null});
  Mpel.getInvocation = () => current;
  Mpel.runWorker = () => {
    const worker = Mpel.Worker.get_default();
    if (worker === null)
      throw new Error('this process is no worker');
    System.exit(worker.run());
  };
}
