/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A collection of garbage that SpiderMonkey begins by itself goes in steps, with other work in between.
 * gjs, 1.74 at least, takes the whole time of its sweeping for one in which no callback may run, and
 * drops those that come: what waits for one then waits for ever. So nothing of ours goes back to the
 * main loop before a collection that has come so far is brought to its end. */

const {Gio, GObject} = imports.gi;
const System = imports.system;

/* How many jobs may follow from one that settles a promise of ours before we look: what awaits the
 * promise of an asynchronous function that returns another one goes on after three. */
const N_HOPS = 8;

/* The bytes of variants are not known to SpiderMonkey, which sees only small wrappers and has no reason to
 * collect them. Collecting takes some milliseconds; moving as many bytes as these takes ten times longer. */
const MAX_BYTES = 32 * 1024 * 1024;

/* The binding ends with its source, which goes with its wrapper, at the very beginning of sweeping.
 * To ask for its handler keeps nothing alive, as a WeakRef that is asked would. */
const target = new Gio.SimpleAction({name: 'target'});
const [, signal, detail] = GObject.signal_parse_name('notify::enabled', Gio.SimpleAction, true);
const listeners = new Set();
let isScheduled = false;
let nBytes = 0;

function watch() {
  new Gio.SimpleAction({name: 'source'})
    .bind_property('enabled', target, 'enabled', GObject.BindingFlags.BIDIRECTIONAL);
}

function finish() {
  const isWatching = GObject.signal_has_handler_pending(target, signal, detail, true);

  if (isWatching && nBytes < MAX_BYTES)
    return;
  nBytes = 0;
  System.gc();
  watch();
  [...listeners].forEach(listener => listener());
}

function hop(n) {
  if (n > 0) {
    Promise.resolve(n - 1).then(hop);
  } else {
    isScheduled = false;
    finish();
  }
}

/* To be called whenever code that is not ours has run or is about to. Jobs are not dropped, and run
 * before anything else of the main loop. */
var finishSoon = () => {
  if (!isScheduled) {
    isScheduled = true;
    hop(N_HOPS);
  }
};

/* So many bytes have been packed or unpacked. */
var addBytes = n => {
  nBytes += n;
};

/* Whoever waits for a signal looks by itself after each collection, which may have swallowed it. */
var addListener = listener => listeners.add(listener);
var removeListener = listener => listeners.delete(listener);

watch();
