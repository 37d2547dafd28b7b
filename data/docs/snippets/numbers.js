/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

export function addVals(a, b) {
  return a + b;
}

export async function* countDown(n) {
  for (; n > 0; n--)
    yield n;
}

export function scan(steps) {
  for (let step = 1; step <= steps; step++)
    this.report_progress(step / steps, 'scanning');
  return {steps, isComplete: true};
}

export function refuse(word) {
  throw new RangeError(`not ${word}`);
}
