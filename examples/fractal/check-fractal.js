/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Drives the fractal explorer, on a display: gjs -m check-fractal.js PICTURE, where the window is saved for
 * people to look at. */

import GdkPixbuf from 'gi://GdkPixbuf';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk?version=4.0';

import * as tap from '../../tests/gjs/tap.js';

import {colourAt, tableOf} from './palettes.js';
import {savePicture} from './picture.js';
import {FractalWindow} from './window.js';

const [PICTURE] = ARGV;
const PROGRAM = GLib.filename_from_uri(GLib.uri_resolve_relative(import.meta.url, 'fractal.js', GLib.UriFlags.NONE))[0];
const SEAHORSES = [-0.743643887, 0.131825904, 2e-6];

Gtk.init();
const application = new Gtk.Application({flags: Gio.ApplicationFlags.NON_UNIQUE});
application.register(null);

/* ---- What it should look like ---- */

/* As in the textbook: no shortcuts, no tiles. */
function naiveColour(scene, re, im) {
  const [cRe, cIm] = scene.julia ?? [re, im];
  let z = scene.julia === null ? [0, 0] : [re, im];

  for (let n = 0; n < scene.limit; n++) {
    const size = Math.hypot(...z);
    if (size > 256) {
      const place = 3 * colourAt(n + 1 - Math.log2(Math.log2(size)));
      return tableOf(scene.palette).slice(place, place + 3);
    }
    z = [z[0] * z[0] - z[1] * z[1] + cRe, 2 * z[0] * z[1] + cIm];
  }
  return [0, 0, 0];
}

function readPicture(widget) {
  const [file, stream] = Gio.File.new_tmp('fractal-XXXXXX.png');

  stream.close(null);
  try {
    savePicture(widget, file.get_path());
    const pixbuf = GdkPixbuf.Pixbuf.new_from_file(file.get_path());
    const bytes = pixbuf.get_pixels();
    const start = (x, y) => y * pixbuf.get_rowstride() + x * pixbuf.get_n_channels();
    return {
      width: pixbuf.get_width(),
      height: pixbuf.get_height(),
      at: (x, y) => bytes.slice(start(x, y), start(x, y) + 3),
    };
  } finally {
    file.delete(null);
  }
}

const isNear = (a, b) => [0, 1, 2].every(i => Math.abs(a[i] - b[i]) <= 4);

/* Near the border of the set the last bit of a number may tell, hence not all. */
function assertRight(view) {
  const picture = readPicture(view);
  const column = Math.round(view.re / view.scale - picture.width / 2);
  const row = Math.round(-view.im / view.scale - picture.height / 2);
  let [n, nRight] = [0, 0];

  for (let y = 3; y < picture.height; y += 19) {
    for (let x = 5; x < picture.width; x += 23) {
      const colour = naiveColour(view.tiles.scene, (column + x + 0.5) * view.scale, -(row + y + 0.5) * view.scale);
      n++;
      nRight += isNear(picture.at(x, y), colour) ? 1 : 0;
    }
  }
  print(`# ${nRight} of ${n} pixels are right`);
  tap.equal(nRight > 0.985 * n, true);
}

/* ---- How it is driven ---- */

const isReady = view => view.get_width() > 0 && view.isComplete;

function waitForFrames(window, n) {
  return new Promise(resolve => {
    window.add_tick_callback(() => {
      if (--n > 0)
        return GLib.SOURCE_CONTINUE;
      resolve();
      return GLib.SOURCE_REMOVE;
    });
  });
}

const activate = (window, ...names) => names.forEach(name => window.lookup_action(name).activate(null));

function readClipboard(window) {
  return new Promise(resolve => {
    window.get_clipboard().read_text_async(null, (clipboard, result) => resolve(clipboard.read_text_finish(result)));
  });
}

function controllerOf(view, Type) {
  const controllers = view.observe_controllers();

  for (let i = 0; i < controllers.get_n_items(); i++) {
    if (controllers.get_item(i) instanceof Type)
      return controllers.get_item(i);
  }
  return null;
}

async function closeWindow(window) {
  window.close();
  await tap.until(() => application.get_windows().length === 0);
  tap.equal(tap.children(), '');
}

function story(name, run) {
  return [name, async () => {
    const window = new FractalWindow(application);

    window.present();
    await tap.until(() => isReady(window.view));
    try {
      await run(window, window.view);
    } finally {
      await closeWindow(window);
    }
  }];
}

const stories = [
  story('All of the set is as it should be', async (_window, view) => {
    assertRight(view);
    tap.equal(view.zoom, 1);
  }),

  story('Zooming shows what there is, until the right tiles come, the coarse ones first', async (window, view) => {
    const {nRendered} = view.tiles;
    const scaleBefore = view.scale;

    activate(window, 'zoom-in', 'zoom-in');
    const middle = readPicture(view).at(5, 5);
    tap.equal(isNear(middle, [13, 13, 18]), false);
    await tap.until(() => view.tiles.nRendered > nRendered);
    tap.equal(view.tiles.kept.some(({scale, step}) => scale === view.scale && step > 1), true);
    await tap.until(() => isReady(view));
    tap.equal(Math.abs(scaleBefore / view.scale / 1.25 ** 4 - 1) < 1e-9, true);
    assertRight(view);

    activate(window, 'zoom-out', 'home');
    await tap.until(() => isReady(view));
    tap.equal(view.scale, scaleBefore);
  }),

  story('What nobody looks at any more is cancelled', async (_window, view) => {
    view.goTo(...SEAHORSES);
    await tap.until(() => view.tiles.nPending > 0);
    view.goTo(SEAHORSES[0] - 1, SEAHORSES[1], SEAHORSES[2]);
    view.goTo(SEAHORSES[0], SEAHORSES[1], SEAHORSES[2] * 1.5);
    tap.equal(view.tiles.nCancelled > 0, true);
    await tap.until(() => isReady(view));
    assertRight(view);
  }),

  story('The mouse moves and zooms', async (_window, view) => {
    const drag = controllerOf(view, Gtk.GestureDrag);
    const {re, im, scale} = view;
    const near = (a, b) => Math.abs(a - b) < scale / 100;

    drag.emit('drag-begin', 10, 10);
    drag.emit('drag-update', 60, 0);
    drag.emit('drag-update', 100, -40);
    drag.emit('drag-end', 100, -40);
    tap.equal([near(view.re, re - 100 * scale), near(view.im, im - 40 * scale)], [true, true]);

    controllerOf(view, Gtk.EventControllerMotion).emit('motion', 100, 80);
    const pointOf = () => [view.re + (100 - view.get_width() / 2) * view.scale, view.im - (80 - view.get_height() / 2) * view.scale];
    const before = pointOf();
    controllerOf(view, Gtk.EventControllerScroll).emit('scroll', 0, -1);
    tap.equal(view.scale < scale, true);
    controllerOf(view, Gtk.GestureClick).emit('pressed', 2, 100, 80);
    tap.equal(pointOf().map((part, i) => Math.abs(part - before[i]) < scale), [true, true]);
    const scaleBefore = view.scale;
    controllerOf(view, Gtk.GestureZoom).emit('scale-changed', 1.5);
    tap.equal(Math.abs(scaleBefore / view.scale - 1.5) < 1e-9, true);
    await tap.until(() => isReady(view));
    assertRight(view);
  }),

  story('A Julia set, in other colours, and the way back', async (window, view) => {
    view.goTo(-0.8, 0.156, view.scale);
    activate(window, 'julia');
    window.palettes.selected = 2;
    await tap.until(() => isReady(view));
    tap.equal(view.julia, [-0.8, 0.156]);
    assertRight(view);
    activate(window, 'julia', 'left', 'up');
    await tap.until(() => isReady(view));
    tap.equal([view.julia, view.re < -0.8, view.im > 0.156], [null, true, true]);
    assertRight(view);
  }),

  story('Where it is can be copied, and the picture saved', async (window, view) => {
    const [file, stream] = Gio.File.new_tmp('fractal-XXXXXX.png');

    stream.close(null);
    activate(window, 'copy');
    tap.equal(await readClipboard(window), `${view.re} ${view.im} ${view.scale}`);
    window.savePicture(file.get_path());
    tap.equal(GdkPixbuf.Pixbuf.new_from_file(file.get_path()).get_width(), view.get_width());
    file.delete(null);
    view.goTo(...SEAHORSES);
    await tap.until(() => isReady(view));
    await waitForFrames(window, 3);
    savePicture(window, PICTURE);
  }),

  story('A window that closes in the middle of its work leaves nothing', async (_window, view) => {
    view.moveBy(200, 100);
    tap.equal(view.tiles.nPending > 0, true);
  }),

  ['The program saves its window and ends', async () => {
    const [file, stream] = Gio.File.new_tmp('fractal-XXXXXX.png');

    stream.close(null);
    const program = Gio.Subprocess.new(['gjs', '-m', PROGRAM, '--screenshot', file.get_path()], Gio.SubprocessFlags.STDOUT_PIPE);
    const [out] = await new Promise((resolve, reject) => {
      program.communicate_utf8_async(null, null, (_program, result) => {
        try {
          resolve(program.communicate_utf8_finish(result).slice(1));
        } catch (error) {
          reject(error);
        }
      });
    });
    print(`# ${out.trim()}`);
    tap.equal([program.get_successful(), /^\d+ tiles; longest gap/.test(out)], [true, true]);
    tap.equal(GdkPixbuf.Pixbuf.new_from_file(file.get_path()).get_width() >= 900, true);
    file.delete(null);
  }],
];

tap.run(stories);
