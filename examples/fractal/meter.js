/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The longest time between two frames, told in a label. */

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';

/* The figure is read by people. */
const INTERVAL_US = 200000;

export const FrameMeter = GObject.registerClass({
  GTypeName: 'FractalFrameMeter',
}, class FrameMeter extends Gtk.Label {
  _init() {
    super._init({
      cssClasses: ['numeric', 'dim-label'],
      xalign: 1,
      tooltipText: 'The longest time between two frames since there is this scene',
    });
    this.reset();
    this.add_tick_callback(() => {
      this._tick(GLib.get_monotonic_time());
      return GLib.SOURCE_CONTINUE;
    });
  }

  get longestMs() {
    return this._longest / 1000;
  }

  reset() {
    this._last = null;
    this._longest = 0;
    this._shown = 0;
  }

  /* By the clock: the time of a frame is smoothed, which is what is not wanted. */
  _tick(now) {
    if (this._last !== null)
      this._longest = Math.max(this._longest, now - this._last);
    this._last = now;
    if (now - this._shown >= INTERVAL_US) {
      this._shown = now;
      this.label = `longest gap ${this.longestMs.toFixed(0)} ms`;
    }
  }
});
