#!/usr/bin/env -S gjs -m
/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The Mandelbrot set and its Julia sets: workers render tiles, while one moves and zooms. */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';
import System from 'system';

import {savePicture} from './picture.js';
import {FractalWindow} from './window.js';

/* What came last has been drawn by then. */
const FRAMES_TO_SETTLE = 3;

const ACCELERATORS = {
  'win.save': ['<Control>s'],
  'win.copy': ['<Control>c'],
  'window.close': ['<Control>w', '<Control>q'],
};

const Fractal = GObject.registerClass({
  GTypeName: 'FractalApplication',
}, class Fractal extends Gtk.Application {
  _init() {
    super._init({applicationId: 'org.mpel.Fractal'});
    this._shot = null;
    this.add_main_option('screenshot', 0, GLib.OptionFlags.NONE, GLib.OptionArg.FILENAME,
      'Save the window to FILE once it is complete, and quit', 'FILE');
  }

  /* Nobody but this process can save what it is told to. */
  vfunc_handle_local_options(options) {
    const shot = options.lookup_value('screenshot', GLib.VariantType.new('ay'));

    if (shot !== null) {
      this._shot = new TextDecoder().decode(shot.deepUnpack()).replace(/\0$/, '');
      this.flags |= Gio.ApplicationFlags.NON_UNIQUE;
    }
    return -1;
  }

  vfunc_startup() {
    super.vfunc_startup();
    for (const [action, keys] of Object.entries(ACCELERATORS))
      this.set_accels_for_action(action, keys);
  }

  vfunc_activate() {
    const window = new FractalWindow(this);

    window.present();
    if (this._shot !== null)
      this._saveWhenComplete(window);
  }

  _saveWhenComplete(window) {
    let nComplete = 0;

    window.add_tick_callback(() => {
      nComplete = window.view.isComplete ? nComplete + 1 : 0;
      if (nComplete < FRAMES_TO_SETTLE)
        return GLib.SOURCE_CONTINUE;
      GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
        savePicture(window, this._shot);
        print(`${window.view.tiles.nRendered} tiles; longest gap between two frames ${window.meter.longestMs.toFixed(1)} ms`);
        window.close();
        return GLib.SOURCE_REMOVE;
      });
      return GLib.SOURCE_REMOVE;
    });
  }
});

System.exit(new Fractal().run([System.programInvocationName, ...ARGV]));
