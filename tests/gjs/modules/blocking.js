/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program that has no main loop: it waits for the end of its events, and then has the results. */

import Mpel from 'gi://Mpel?version=1';

const loop = new Mpel.EventLoop();
const promises = [1, 2, 3].map(n => loop.call(a => 2 * a, n));

loop.wait(null);
print(await Promise.all(promises));
print(await loop.call(() => 'awaited'));
loop.close(null);
