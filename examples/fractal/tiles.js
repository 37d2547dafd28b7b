/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Has tiles rendered by a pool: those first that are near to what is looked at, each coarsely and then
 * finely. What has gone out of sight is cancelled. */

import Gdk from 'gi://Gdk?version=4.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Mpel from 'gi://Mpel?version=1';

const MODULE = GLib.uri_resolve_relative(import.meta.url, 'tile.js', GLib.UriFlags.NONE);

/* In points. Small enough that a worker soon has time for something else. */
export const TILE_SIZE = 128;

/* How many pixels of the screen have one value, before that of each pixel is known. */
const COARSE = 4;

/* More than one, so that a worker need not wait for the next one; few, since those cannot be put off. */
const PER_WORKER = 2;

/* Tiles that are kept, also those of other scales, which stand in until the right ones come. */
const MAX_KEPT = 600;

const MAX_WORKERS = 8;

function textureOf(pixels, size) {
  return Gdk.MemoryTexture.new(size, size, Gdk.MemoryFormat.R8G8B8, new GLib.Bytes(pixels), 3 * size);
}

/* What a worker is asked for. */
function requestOf({column, row, scale}, step) {
  return {column: column * TILE_SIZE / step, row: row * TILE_SIZE / step, scale: scale * step, size: TILE_SIZE / step};
}

export class Tiles {
  /** @param {function(): void} changed called when there is another tile to be seen */
  constructor(changed) {
    this._pool = new Mpel.Pool({nWorkers: Math.min(GLib.get_num_processors(), MAX_WORKERS)});
    this._changed = changed;
    this._kept = new Map();
    this._wanted = new Map();
    this._running = new Map();
    this._isClosed = false;
    this.scene = null;
    this.nRendered = 0;
    this.nCancelled = 0;
  }

  /** How many tiles are not yet as they should be. */
  get nPending() {
    return this._wanted.size;
  }


  /** Of whatever scale, the largest first. */
  get kept() {
    return [...this._kept.values()].sort((a, b) => b.scale - a.scale);
  }

  /** Another scene: nothing of what there is can be shown any more. */
  setScene(scene) {
    this.scene = scene;
    this._kept.clear();
    this._wanted.clear();
    this._cancelUnwanted(() => true);
  }

  /** What is to be seen, and where somebody looks at, in tiles. */
  want(scale, columns, rows, focus) {
    this._wanted.clear();
    for (let row = rows[0]; row < rows[1]; row++) {
      for (let column = columns[0]; column < columns[1]; column++)
        this._wantOne({scale, column, row}, focus);
    }
    this._cancelUnwanted(key => !this._wanted.has(key));
    this._dispatch();
  }

  _wantOne(place, focus) {
    const key = Object.values(place).join(' ');
    const tile = this._kept.get(key);

    if (tile !== undefined) {
      /* Those that were wanted last are kept longest. */
      this._kept.delete(key);
      this._kept.set(key, tile);
    }
    if (tile?.step === 1)
      return;
    const distance = Math.hypot(place.column + 0.5 - focus[0], place.row + 0.5 - focus[1]);
    this._wanted.set(key, {...place, key, distance, step: tile === undefined ? COARSE : 1});
  }

  _cancelUnwanted(isUnwanted) {
    for (const [key, cancellable] of this._running) {
      if (isUnwanted(key)) {
        this._running.delete(key);
        cancellable.cancel();
        this.nCancelled++;
      }
    }
  }

  _takeNext() {
    let next = null;

    for (const tile of this._wanted.values()) {
      if (this._running.has(tile.key))
        continue;
      if (next === null || tile.step > next.step || (tile.step === next.step && tile.distance < next.distance))
        next = tile;
    }
    return next;
  }

  _dispatch() {
    while (!this._isClosed && this._running.size < PER_WORKER * this._pool.nWorkers) {
      const tile = this._takeNext();
      if (tile === null)
        return;
      this._render(tile).catch(logError);
    }
  }

  async _render(tile) {
    const cancellable = new Gio.Cancellable();
    const request = requestOf(tile, tile.step);

    this._running.set(tile.key, cancellable);
    try {
      const pixels = await this._pool.call(MODULE, 'renderTile', this.scene, request, cancellable);
      if (!cancellable.is_cancelled())
        this._keep(tile, pixels);
    } catch (error) {
      if (!cancellable.is_cancelled()) {
        /* What cannot be rendered would not be, either, the next time. */
        this._wanted.delete(tile.key);
        throw error;
      }
    } finally {
      if (this._running.get(tile.key) === cancellable)
        this._running.delete(tile.key);
      this._dispatch();
    }
  }

  _keep({key, scale, column, row, step}, pixels) {
    const wanted = this._wanted.get(key);

    if (wanted === undefined || wanted.step !== step)
      return;
    this.nRendered++;
    this._kept.delete(key);
    this._kept.set(key, {scale, column, row, step, texture: textureOf(pixels, TILE_SIZE / step)});
    if (step === 1)
      this._wanted.delete(key);
    else
      wanted.step = 1;
    if (this._kept.size > MAX_KEPT)
      this._kept.delete(this._kept.keys().next().value);
    this._changed();
  }

  /** A promise; the workers are gone when it is kept. */
  async close() {
    this._isClosed = true;
    this._wanted.clear();
    this._cancelUnwanted(() => true);
    await this._pool.close_async(null);
  }
}
