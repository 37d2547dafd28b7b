/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a worker does: computes the pixels of a tile. */

import {colourAt, tableOf} from './palettes.js';

/* The larger it is, the smoother are the colours where points escape. */
const ESCAPE_SQUARED = 2 ** 16;

/* The two large parts of the Mandelbrot set would cost the most, and nothing comes of them. */
function isInsideForSure(re, im) {
  const q = (re - 0.25) ** 2 + im * im;

  return q * (q + re - 0.25) <= 0.25 * im * im || (re + 1) ** 2 + im * im <= 1 / 16;
}

/* The steps of z → z² + c until z escapes, with a fraction, or -1. */
function escape(re, im, cRe, cIm, limit) {
  for (let n = 0; n < limit; n++) {
    const reSquared = re * re;
    const imSquared = im * im;

    if (reSquared + imSquared > ESCAPE_SQUARED)
      return n + 1 - Math.log2(Math.log2(reSquared + imSquared) / 2);
    im = 2 * re * im + cIm;
    re = reSquared - imSquared + cRe;
  }
  return -1;
}

/** The steps at one point of what `scene` tells of. */
export function stepsAt(scene, re, im) {
  if (scene.julia !== null)
    return escape(re, im, ...scene.julia, scene.limit);
  return isInsideForSure(re, im) ? -1 : escape(0, 0, re, im, scene.limit);
}

/** Renders `size` × `size` points, RGB. The first is at the column and row, in steps of the scale.
 *
 * @this {Mpel.Invocation} whoever asked may lose interest
 */
export function renderTile(scene, {column, row, scale, size}) {
  const pixels = new Uint8Array(3 * size * size);
  const table = tableOf(scene.palette);
  const cancellable = this.get_cancellable();

  for (let y = 0, i = 0; y < size; y++) {
    cancellable.set_error_if_cancelled();
    const im = -(row + y + 0.5) * scale;
    for (let x = 0; x < size; x++, i += 3) {
      const steps = stepsAt(scene, (column + x + 0.5) * scale, im);
      if (steps < 0)
        continue;
      const colour = 3 * colourAt(steps);
      pixels[i] = table[colour];
      pixels[i + 1] = table[colour + 1];
      pixels[i + 2] = table[colour + 2];
    }
  }
  return pixels;
}
