/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module that waits for something when it is loaded. */

const base = await new Promise(resolve => setTimeout(() => resolve(10), 20));

export const add = value => base + value;
