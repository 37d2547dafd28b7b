/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import GLib from 'gi://GLib';
import Mpel from 'gi://Mpel?version=1';

const numbers = import.meta.url.replace('javascript.js', 'numbers.js');

async function main() {
  const loop = new Mpel.EventLoop();

  print(await loop.call(numbers, 'addVals', 3, 4));
  print(await loop.call((a, b) => a * b, 6, 7));

  for await (const n of loop.stream(numbers, 'countDown', 3))
    print(n);

  const onProgress = (fraction, message) => fraction === 1 && print(message);
  const {isComplete} = await loop.call(numbers, 'scan', 5, Mpel.options({onProgress}));
  print(isComplete);

  try {
    await loop.call(numbers, 'refuse', 'zero');
  } catch (error) {
    print(error instanceof RangeError, error.message);
  }
  await loop.close_async(null);
}

const mainLoop = new GLib.MainLoop(null, false);

main().catch(logError).finally(() => mainLoop.quit());
mainLoop.run();
