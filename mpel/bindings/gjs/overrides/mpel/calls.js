/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The host's side: calls as promises and streams. */

const {Gio, GObject} = imports.gi;
const {addListener, finishSoon, removeListener} = imports.overrides.mpel.collection;
const {pack, packArgs, packHandle, unpack} = imports.overrides.mpel.values;
const {TARGET, hasOwnWorker, isLoading, workerCommand} = imports.overrides.mpel.worker;

/* What may stand behind the arguments of a call. */
class Options {
  constructor(options) {
    Object.assign(this, options);
  }
}

const EVENT_PROPERTIES = ['cancellable', 'eventKey', 'maxRetries', 'priority', 'timeout'];

/* An exception of the worker whose class is not one of the language. */
class RemoteError extends Error {}

const ERRORS = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

function errorClassOf(name) {
  return ERRORS.find(ErrorClass => ErrorClass.name === name) ?? RemoteError;
}

function makeError(event, cause) {
  const name = event.get_remote_type();
  if (name === null)
    return cause;

  const {message} = event.get_error();
  const prefix = `${name}: `;
  const ErrorClass = errorClassOf(name);
  const error = new ErrorClass(message.startsWith(prefix) ? message.slice(prefix.length) : message);
  if (error.name !== name)
    Object.defineProperty(error, 'name', {value: name, configurable: true, writable: true});
  error.cause = cause;
  error.remoteStack = event.get_traceback() ?? '';
  error.stack = `${error.remoteStack}\n${error.stack}`;
  return error;
}

const isUrl = text => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

function splitOptions(args) {
  const last = args.at(-1);

  if (last instanceof Options)
    return [args.slice(0, -1), last];
  if (last instanceof Gio.Cancellable)
    return [args.slice(0, -1), new Options({cancellable: last})];
  return [args, new Options({})];
}

function sourceOf(func) {
  const source = func.toString();

  if (/\{\s*\[native code\]\s*\}\s*$/.test(source))
    throw new TypeError(`${func.name} has no source in JavaScript; name a function of a module`);
  return source;
}

/* The target of an event, and its arguments. */
function aim(target, args) {
  if (typeof target === 'function')
    return [TARGET, ['', sourceOf(target), ...args]];
  if (!isUrl(target))
    return [target, args];
  if (typeof args[0] !== 'string')
    throw new TypeError('behind the address of a module stands the name of what it exports');
  return [TARGET, [target, ...args]];
}

/* Functions need a worker that runs JavaScript, which is not this program once more. */
function ensureWorker(loop) {
  if (isLoading())
    throw new Error('a module that a worker loads calls something; put that behind `if (!Mpel.inWorker)`');
  const launcher = loop.get_launcher();
  if (!hasOwnWorker() && !launcher.get_argv()?.length)
    launcher.set_argv(workerCommand());
}

/* Objects among the arguments are told of by handle. */
function mention(event, arg) {
  return arg instanceof GObject.Object ? packHandle(event.add_object(arg)) : arg;
}

function fillIn(event, args, options) {
  event.set_args(packArgs(args.map(arg => mention(event, arg))));
  if (options.kwargs !== undefined)
    event.set_kwargs(pack(options.kwargs));
  for (const property of EVENT_PROPERTIES) {
    if (options[property] !== undefined)
      event[property] = options[property];
  }
}

function makeEvent(Mpel, loop, target, rest, properties) {
  const [args, options] = splitOptions(rest);
  const [name, allArgs] = aim(target, args);
  const event = new Mpel.Event({target: name, ...properties});

  if (options.kwargs !== undefined && name === TARGET)
    throw new TypeError('a function takes no kwargs; give it an object as its last argument');
  fillIn(event, allArgs, options);
  if (name === TARGET)
    ensureWorker(loop);
  return [event, options];
}

/* Each report is told once, be it that the fraction, the message or both are new. */
function listenToProgress(event, onProgress) {
  let told = [event.progress, event.progressMessage];
  const tell = () => {
    const [fraction, message] = [event.progress, event.progressMessage];
    if (fraction === told[0] && message === told[1])
      return;
    told = [fraction, message];
    finishSoon();
    onProgress(fraction, message);
  };

  return ['progress', 'progress-message'].map(name => event.connect(`notify::${name}`, tell));
}

/* Tells once when an event has ended. Its handlers are gone by then. */
function whenEnded(event, onProgress, tell) {
  const handlers = onProgress === undefined ? [] : listenToProgress(event, onProgress);
  const look = () => {
    if (!event.is_ended())
      return;
    handlers.splice(0).forEach(handler => event.disconnect(handler));
    removeListener(look);
    finishSoon();
    tell();
  };

  handlers.push(event.connect('notify::state', look));
  addListener(look);
  look();
}

/* The object that a result is, as a proxy, or a plain value; a loop without results has none. */
function resultOf(Mpel, event) {
  const results = event.get_results();

  if (results === null)
    return undefined;
  if (results.get_type_string() === 'h')
    return Mpel.Proxy.get_for_result(event, results.get_handle());
  return unpack(results);
}

/* A promise of the results of an event. */
function resultsOf(Mpel, event, onProgress) {
  return new Promise((resolve, reject) => {
    whenEnded(event, onProgress, () => {
      const error = event.get_error();
      try {
        if (error !== null)
          reject(makeError(event, error));
        else
          resolve(resultOf(Mpel, event));
      } catch (mistake) {
        reject(mistake);
      }
    });
  });
}

async function nextOf(event) {
  try {
    return await event.next_async(null);
  } catch (error) {
    throw makeError(event, error);
  } finally {
    finishSoon();
  }
}

/* The values of an event that is pulled. */
async function* valuesOf(event) {
  for (let value; (value = await nextOf(event)) !== null;)
    yield unpack(value);
}

/* Who stops early cancels the event: also before the first value, and while waiting for the next. */
function cancelOnLeave(event, iterator) {
  for (const name of ['return', 'throw']) {
    const leave = iterator[name].bind(iterator);
    iterator[name] = value => {
      if (!event.is_ended())
        event.cancel();
      return leave(value);
    };
  }
  return iterator;
}

/* What an event reports, and last its result. */
async function* reportsOf(Mpel, event) {
  const reports = [];
  let wake = () => {};
  let isOver = false;
  const add = report => {
    reports.push(report);
    wake();
  };
  const result = resultsOf(Mpel, event, (fraction, message) => add({fraction, message}));
  const end = () => {
    isOver = true;
    wake();
  };
  result.then(end, end);

  while (!isOver || reports.length > 0) {
    if (reports.length > 0) {
      yield reports.shift();
    } else {
      await new Promise(resolve => {
        wake = resolve;
      });
    }
  }
  yield {fraction: 1, message: null, result: await result};
}

function addTo(Mpel) {
  const {EventLoop, Proxy} = Mpel;

  Mpel.RemoteError = RemoteError;
  Mpel.options = options => new Options(options);
  Mpel.newLauncher = () => Mpel.Launcher.new(workerCommand());

  EventLoop.prototype.call = async function (target, ...rest) {
    const [event, options] = makeEvent(Mpel, this, target, rest, {});

    this.add_event(event);
    return resultsOf(Mpel, event, options.onProgress);
  };

  /* Begins at once, not when the first value is asked for. */
  EventLoop.prototype.stream = function (target, ...rest) {
    const [event, options] = makeEvent(Mpel, this, target, rest, {pull: true});

    if (options.onProgress !== undefined)
      whenEnded(event, options.onProgress, () => {});
    this.add_event(event);
    return cancelOnLeave(event, valuesOf(event));
  };

  EventLoop.prototype.follow = function (target, ...rest) {
    const [event] = makeEvent(Mpel, this, target, rest, {});

    this.add_event(event);
    return cancelOnLeave(event, reportsOf(Mpel, event));
  };

  Proxy.prototype.invoke = async function (method, ...rest) {
    const [args, options] = splitOptions(rest);
    const event = Mpel.Event.new_method(this, method, null, null);

    fillIn(event, args, options);
    this.get_loop().add_event(event);
    return resultsOf(Mpel, event, options.onProgress);
  };
}
