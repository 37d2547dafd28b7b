/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Colours by how fast a point escapes. Each palette goes round. */

const STOPS = {
  Dusk: ['0b1026', '243b7a', '7fb2f0', 'fff6d8', 'f2a541', '8b2f1d'],
  Forest: ['04170f', '0f5132', '7bc47f', 'f4f1c9', 'c98b3b', '3b1f0b'],
  Orchid: ['12061f', '5b1a6d', 'd65db1', 'ffd6e8', 'ff9671', '6b2d3a'],
  Ice: ['02111b', '0b4f6c', '01baef', 'fbfbff', '9fb8ad', '2d4356'],
  Pencil: ['101010', 'f0f0f0'],
};

export const NAMES = Object.keys(STOPS);
const N_COLOURS = 2048;
const tables = new Map();

const channelsOf = stop => [0, 2, 4].map(i => parseInt(stop.slice(i, i + 2), 16));
const ease = part => part * part * (3 - 2 * part);

function makeTable(name) {
  const stops = STOPS[name].map(channelsOf);
  const table = new Uint8Array(3 * N_COLOURS);

  for (let i = 0; i < N_COLOURS; i++) {
    const place = i / N_COLOURS * stops.length;
    const first = stops[Math.floor(place)];
    const second = stops[(Math.floor(place) + 1) % stops.length];
    const part = ease(place % 1);

    for (let channel = 0; channel < 3; channel++)
      table[3 * i + channel] = Math.round(first[channel] + (second[channel] - first[channel]) * part);
  }
  return table;
}

/** The colours of a palette, RGB one after the other. */
export function tableOf(name) {
  if (!tables.has(name))
    tables.set(name, makeTable(name));
  return tables.get(name);
}

/** Which colour a point has that escaped after so many steps, a number with a fraction. The further out,
 * the faster it changes from one step to the next; deep inside there are many. */
export function colourAt(steps) {
  const place = 0.28 * Math.log(1 + Math.max(steps, 0));

  return Math.floor((place - Math.floor(place)) * N_COLOURS);
}
