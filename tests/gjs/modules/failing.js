/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module that fails when it is loaded. */

throw new RangeError('the module fails');

export const echo = value => value;
