/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';
import Pango from 'gi://Pango';

import {FrameMeter} from './meter.js';
import {NAMES} from './palettes.js';
import {savePicture} from './picture.js';
import {FractalView} from './view.js';

/* As many digits as tell one pixel from the next. */
function describePlace({re, im, scale}) {
  const digits = Math.min(16, Math.max(3, Math.ceil(-Math.log10(scale))));
  const [a, b] = [re, im].map(part => Math.abs(part).toFixed(digits));

  return `${re < 0 ? '−' : ''}${a} ${im < 0 ? '−' : '+'} ${b} i`;
}

function describeZoom({zoom}) {
  return zoom < 1e6 ? `${Number(zoom.toPrecision(3))} ×` : `${zoom.toExponential(1).replace('e+', '·10^')} ×`;
}

function button(icon, action, tooltip) {
  return new Gtk.Button({iconName: icon, actionName: action, tooltipText: tooltip, focusOnClick: false});
}

export const FractalWindow = GObject.registerClass({
  GTypeName: 'FractalWindow',
}, class FractalWindow extends Gtk.ApplicationWindow {
  _init(application) {
    super._init({application, title: 'Fractal', defaultWidth: 900, defaultHeight: 640});
    this._isClosing = false;
    this.view = new FractalView();
    this.view.connect('changed', () => this._update());
    this.meter = new FrameMeter();
    this._addActions();
    this.set_titlebar(this._makeHeader());
    this.set_child(this._makeContent());
    this.connect('close-request', () => this._close());
    this.view.grab_focus();
    this._update();
  }

  _addActions() {
    const {view} = this;
    const actions = {
      'zoom-in': () => view.zoomIn(),
      'zoom-out': () => view.zoomOut(),
      'home': () => view.goHome(),
      'left': () => view.moveByPart(-1, 0),
      'right': () => view.moveByPart(1, 0),
      'up': () => view.moveByPart(0, -1),
      'down': () => view.moveByPart(0, 1),
      'copy': () => this.get_clipboard().set(`${view.re} ${view.im} ${view.scale}`),
      'save': () => this._askWhereToSave(),
    };

    for (const [name, run] of Object.entries(actions)) {
      const action = new Gio.SimpleAction({name});
      action.connect('activate', run);
      this.add_action(action);
    }
    const julia = Gio.SimpleAction.new_stateful('julia', null, GLib.Variant.new_boolean(false));
    julia.connect('change-state', (_action, state) => this._setJulia(julia, state));
    this.add_action(julia);
  }

  _setJulia(action, state) {
    action.set_state(state);
    this.view.setJulia(state.get_boolean());
    this.meter.reset();
  }

  _makeHeader() {
    const header = new Gtk.HeaderBar();
    const julia = new Gtk.ToggleButton({
      label: 'Julia',
      actionName: 'win.julia',
      tooltipText: 'The Julia set of the point in the middle (J)',
      focusOnClick: false,
    });
    const zoom = new Gtk.Box({cssClasses: ['linked']});

    zoom.append(button('zoom-out-symbolic', 'win.zoom-out', 'Zoom out (−)'));
    zoom.append(button('zoom-in-symbolic', 'win.zoom-in', 'Zoom in (+)'));
    header.pack_start(button('go-home-symbolic', 'win.home', 'All of it (Home)'));
    header.pack_start(zoom);
    header.pack_start(julia);
    header.pack_end(button('document-save-symbolic', 'win.save', 'Save the picture (Ctrl+S)'));
    header.pack_end(button('edit-copy-symbolic', 'win.copy', 'Copy where this is (Ctrl+C)'));
    header.pack_end(this._makePalettes());
    return header;
  }

  _makePalettes() {
    const palettes = Gtk.DropDown.new_from_strings(NAMES);

    palettes.tooltipText = 'Colours';
    palettes.focusOnClick = false;
    palettes.connect('notify::selected', () => {
      this.view.setPalette(NAMES[palettes.selected]);
      this.meter.reset();
      this.view.grab_focus();
    });
    this.palettes = palettes;
    return palettes;
  }

  _makeContent() {
    const content = new Gtk.Box({orientation: Gtk.Orientation.VERTICAL});
    const status = new Gtk.Box({spacing: 18, marginStart: 12, marginEnd: 12, marginTop: 6, marginBottom: 6});

    this.place = new Gtk.Label({cssClasses: ['numeric'], xalign: 0, ellipsize: Pango.EllipsizeMode.END});
    this.zoom = new Gtk.Label({cssClasses: ['numeric', 'dim-label'], xalign: 0});
    this.pending = new Gtk.Label({cssClasses: ['numeric', 'dim-label'], xalign: 1, hexpand: true});
    for (const label of [this.place, this.zoom, this.pending, this.meter])
      status.append(label);
    content.append(this.view);
    content.append(new Gtk.Separator());
    content.append(status);
    return content;
  }

  _update() {
    const {nPending} = this.view.tiles;

    this.place.label = describePlace(this.view);
    this.zoom.label = describeZoom(this.view);
    this.pending.label = nPending === 0 ? '' : `${nPending} tiles to come`;
  }

  _askWhereToSave() {
    const chooser = Gtk.FileChooserNative.new('Save Picture', this, Gtk.FileChooserAction.SAVE, '_Save', '_Cancel');

    chooser.modal = true;
    chooser.set_current_name(this.view.julia === null ? 'Mandelbrot.png' : 'Julia.png');
    chooser.connect('response', (_chooser, response) => {
      this._chooser = null;
      if (response === Gtk.ResponseType.ACCEPT && !this._isClosing)
        this.savePicture(chooser.get_file().get_path());
    });
    this._chooser = chooser;
    chooser.show();
  }

  savePicture(path) {
    try {
      savePicture(this.view, path);
    } catch (error) {
      logError(error);
      this.pending.label = error.message;
    }
  }

  /* The workers end first; what they work on is not wanted any more. */
  _close() {
    if (this._isClosing)
      return true;
    this._isClosing = true;
    this.hide();
    this.view.close().catch(logError).finally(() => this.destroy());
    return true;
  }
});
