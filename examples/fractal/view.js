/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where one looks: a widget that shows the tiles, moves by dragging, and zooms by scrolling. */

import Gdk from 'gi://Gdk?version=4.0';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Graphene from 'gi://Graphene?version=1.0';
import Gtk from 'gi://Gtk?version=4.0';

import {TILE_SIZE, Tiles} from './tiles.js';

/* What is seen at home, in units of the plane. */
const HOME = {mandelbrot: [-0.65, 0, 3.2], julia: [0, 0, 3.4]};

/* In units per pixel. At less than this the numbers of two pixels are the same. */
const MIN_SCALE = 4e-15;
const MAX_SCALE = 0.1;

/* While one zooms, the scale changes with each frame; who stops for this long wants to see it. */
const SETTLE_MS = 60;

const ZOOM_STEP = 1.25;
const MOVE_PART = 1 / 8;

const BACKGROUND = new Gdk.RGBA({red: 0.05, green: 0.05, blue: 0.07, alpha: 1});

const rectangle = (x, y, width, height) => new Graphene.Rect().init(x, y, width, height);

/* Deeper down it takes longer to tell points apart. */
function limitFor(scale) {
  return Math.round(250 + 60 * Math.max(0, Math.log2(0.01 / scale)));
}

export const FractalView = GObject.registerClass({
  GTypeName: 'FractalView',
  Signals: {'changed': {}},
}, class FractalView extends Gtk.Widget {
  _init() {
    super._init({hexpand: true, vexpand: true, focusable: true, overflow: Gtk.Overflow.HIDDEN});
    this.tiles = new Tiles(() => this._change());
    this.palette = 'Dusk';
    this.julia = null;
    this._laterId = 0;
    this._pointer = null;
    this._before = null;
    [this.re, this.im] = HOME.mandelbrot;
    this.scale = MAX_SCALE;
    this._isHome = true;
    this._limit = 0;
    this.set_cursor_from_name('grab');
    this._addControllers();
  }

  /* ---- Where it is ---- */

  _home() {
    const [re, im, span] = HOME[this.julia === null ? 'mandelbrot' : 'julia'];

    return {re, im, scale: span / Math.max(1, Math.min(this.get_width(), this.get_height() * 4 / 3))};
  }

  get zoom() {
    return this._home().scale / this.scale;
  }

  goHome() {
    const {re, im, scale} = this._home();

    this._isHome = true;
    this._place(re, im, scale);
  }

  goTo(re, im, scale) {
    this._isHome = false;
    this._place(re, im, scale);
  }

  /** By pixels. */
  moveBy(dx, dy) {
    this.goTo(this.re + dx * this.scale, this.im - dy * this.scale, this.scale);
  }

  /** By a part of what is seen. */
  moveByPart(dx, dy) {
    this.moveBy(Math.round(dx * this.get_width() * MOVE_PART), Math.round(dy * this.get_height() * MOVE_PART));
  }

  /** The point of the plane under x and y stays there. */
  zoomAt(factor, x = this.get_width() / 2, y = this.get_height() / 2) {
    const scale = Math.min(Math.max(this.scale / factor, MIN_SCALE), MAX_SCALE);
    const [dx, dy] = [x - this.get_width() / 2, y - this.get_height() / 2];

    this.goTo(this.re + dx * (this.scale - scale), this.im - dy * (this.scale - scale), scale);
  }

  zoomIn() {
    this.zoomAt(ZOOM_STEP ** 2);
  }

  zoomOut() {
    this.zoomAt(ZOOM_STEP ** -2);
  }

  /** The Julia set of the point in the middle, or what was seen before. */
  setJulia(isOn) {
    if (isOn === (this.julia !== null))
      return;
    if (isOn) {
      this._before = [this.re, this.im, this.scale];
      this.julia = [this.re, this.im];
      this._limit = 0;
      this.goHome();
    } else {
      this.julia = null;
      this._limit = 0;
      this.goTo(...this._before);
    }
  }

  setPalette(palette) {
    if (palette === this.palette)
      return;
    this.palette = palette;
    this._limit = 0;
    this._place(this.re, this.im, this.scale);
  }

  _place(re, im, scale) {
    const isZoomed = scale !== this.scale && this._limit !== 0;

    Object.assign(this, {re, im, scale});
    if (isZoomed) {
      this._later(SETTLE_MS, () => this._ask());
    } else {
      this._forget();
      this._ask();
    }
    this._change();
  }

  /* In place of what was to be done later before. */
  _later(milliseconds, run) {
    this._forget();
    this._laterId = GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
      this._laterId = 0;
      run();
      return GLib.SOURCE_REMOVE;
    });
  }

  _forget() {
    if (this._laterId !== 0)
      GLib.source_remove(this._laterId);
    this._laterId = 0;
  }

  /** Nothing is missing. */
  get isComplete() {
    return this._limit !== 0 && this._laterId === 0 && this.tiles.nPending === 0;
  }

  _change() {
    this.queue_draw();
    this.emit('changed');
  }

  /* ---- Tiles ---- */

  /* The column and row of the pixel at the upper left, counted from the origin of the plane. */
  _origin() {
    return [Math.round(this.re / this.scale - this.get_width() / 2), Math.round(-this.im / this.scale - this.get_height() / 2)];
  }

  /* A limit that is a little too low or too high is no reason to begin anew. */
  _setScene() {
    const limit = limitFor(this.scale);

    if (limit > this._limit || limit < this._limit / 3) {
      this._limit = Math.round(limit * 1.25);
      if (this.tiles.scene?.palette !== this.palette || this.tiles.scene?.julia !== this.julia)
        this.tiles.setScene({limit: this._limit, palette: this.palette, julia: this.julia});
      else
        this.tiles.scene = {...this.tiles.scene, limit: this._limit};
    }
  }

  _ask() {
    if (this.get_width() === 0 || this.get_height() === 0)
      return;
    const [left, top] = this._origin();
    const [x, y] = this._pointer ?? [this.get_width() / 2, this.get_height() / 2];
    const span = (start, length) => [Math.floor(start / TILE_SIZE), Math.ceil((start + length) / TILE_SIZE)];

    this._setScene();
    this.tiles.want(this.scale, span(left, this.get_width()), span(top, this.get_height()),
      [(left + x) / TILE_SIZE, (top + y) / TILE_SIZE]);
    this.emit('changed');
  }

  /* What follows changes labels, which cannot be done while sizes are given. */
  vfunc_size_allocate(_width, _height, _baseline) {
    this._later(0, () => this._isHome ? this.goHome() : this._ask());
  }

  /* Of other scales, too, the largest first: those stand in until the right ones come. */
  draw(snapshot) {
    const [width, height] = [this.get_width(), this.get_height()];
    const [left, top] = this._origin();

    snapshot.push_clip(rectangle(0, 0, width, height));
    snapshot.append_color(BACKGROUND, rectangle(0, 0, width, height));
    for (const {scale, column, row, texture} of this.tiles.kept) {
      const size = TILE_SIZE * scale / this.scale;
      const [x, y] = [column * size - left, row * size - top];
      if (size >= 4 && size <= 1e5 && x < width && y < height && x + size > 0 && y + size > 0)
        snapshot.append_texture(texture, rectangle(x, y, size, size));
    }
    snapshot.pop();
  }

  vfunc_snapshot(snapshot) {
    this.draw(snapshot);
  }

  /* ---- Mouse and keyboard ---- */

  _addControllers() {
    this._addDrag();
    this._addScroll();
    this._addPinch();
    this._addClick();
    this._addMotion();
    this._addKeys();
  }

  _addDrag() {
    const drag = new Gtk.GestureDrag();
    let last = [0, 0];

    drag.connect('drag-begin', () => {
      last = [0, 0];
      this.grab_focus();
      this.set_cursor_from_name('grabbing');
    });
    drag.connect('drag-update', (_drag, dx, dy) => {
      this.moveBy(last[0] - dx, last[1] - dy);
      last = [dx, dy];
    });
    drag.connect('drag-end', () => this.set_cursor_from_name('grab'));
    this.add_controller(drag);
  }

  _addScroll() {
    const scroll = Gtk.EventControllerScroll.new(Gtk.EventControllerScrollFlags.VERTICAL);

    scroll.connect('scroll', (_scroll, _dx, dy) => {
      this.zoomAt(ZOOM_STEP ** -dy, ...this._pointer ?? []);
      return true;
    });
    this.add_controller(scroll);
  }

  _addPinch() {
    const pinch = new Gtk.GestureZoom();
    let last = 1;

    pinch.connect('begin', () => {
      last = 1;
    });
    pinch.connect('scale-changed', (_pinch, scale) => {
      const [isKnown, x, y] = pinch.is_active() ? pinch.get_bounding_box_center() : [false];
      this.zoomAt(scale / last, ...isKnown ? [x, y] : []);
      last = scale;
    });
    this.add_controller(pinch);
  }

  _addClick() {
    const click = new Gtk.GestureClick();

    click.connect('pressed', (_click, n, x, y) => {
      if (n === 2)
        this.zoomAt(ZOOM_STEP ** 4, x, y);
    });
    this.add_controller(click);
  }

  _addMotion() {
    const motion = new Gtk.EventControllerMotion();

    motion.connect('motion', (_motion, x, y) => {
      this._pointer = [x, y];
    });
    motion.connect('leave', () => {
      this._pointer = null;
    });
    this.add_controller(motion);
  }

  /* Only here: elsewhere the arrows move the focus. */
  _addKeys() {
    const keys = new Gtk.ShortcutController();
    const actions = {
      'win.zoom-in': 'plus|equal|KP_Add',
      'win.zoom-out': 'minus|KP_Subtract',
      'win.home': 'Home|KP_Home|0',
      'win.julia': 'j',
      'win.left': 'Left|KP_Left',
      'win.right': 'Right|KP_Right',
      'win.up': 'Up|KP_Up',
      'win.down': 'Down|KP_Down',
    };

    for (const [name, triggers] of Object.entries(actions)) {
      for (const trigger of triggers.split('|'))
        keys.add_shortcut(Gtk.Shortcut.new(Gtk.ShortcutTrigger.parse_string(trigger), Gtk.NamedAction.new(name)));
    }
    this.add_controller(keys);
  }

  /** A promise; the workers are gone when it is kept. */
  close() {
    this._forget();
    return this.tiles.close();
  }
});
