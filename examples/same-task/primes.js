/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
import GLib from 'gi://GLib';
import Mpel from 'gi://Mpel?version=1';

export function countPrimes(end) { // in the worker
  if (end < 2)
    throw new RangeError('below 2 there are none');
  let nPrimes = 0;
  for (let k, n = 2; n < end; n++) {
    for (k = 2; k * k <= n && n % k !== 0;)
      k++;
    nPrimes += k * k > n ? 1 : 0;
    if (n % 1000 === 0)
      this.report_progress(n / end, null);
  }
  return nPrimes;
}

async function main(end = 1000000) { // in the host
  const loop = new Mpel.EventLoop();
  const onProgress = fraction => printerr(`${Math.round(100 * fraction)} %`);
  try {
    const nPrimes = await loop.call(import.meta.url, 'countPrimes', Number(end), Mpel.options({onProgress}));
    print(`${nPrimes} primes`);
  } catch (error) {
    print(`no primes: ${error.message}`);
  }
}

if (!Mpel.inWorker) {
  const mainLoop = new GLib.MainLoop(null, false);
  main(...ARGV).finally(() => mainLoop.quit());
  mainLoop.run();
}
