/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What gjs adds to gi://Mpel: promises, plain values, and functions that are called as they are. The
 * parts are scripts of the folder mpel; gjs can load no ECMAScript modules for an override. */

const {Gio} = imports.gi;

const PROMISES = {
  EventLoop: ['add_event', 'call', 'close', 'run_until_complete', 'start', 'stop', 'wait'],
  Pool: ['map'],
  Event: ['next'],
  Invocation: ['yield_value'],
  Proxy: ['call', 'call_object'],
};

function addPromises(Mpel) {
  for (const [className, names] of Object.entries(PROMISES)) {
    for (const name of names)
      Gio._promisify(Mpel[className].prototype, `${name}_async`, `${name}_finish`);
  }
  for (const name of ['new', 'new_for_variable'])
    Gio._promisify(Mpel.Proxy, `${name}_async`, `${name}_finish`);
}

function _init() {
  const {calls, values, worker} = imports.overrides.mpel;

  addPromises(this);
  values.addTo(this);
  worker.addTo(this);
  calls.addTo(this);
}
