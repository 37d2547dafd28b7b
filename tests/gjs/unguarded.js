/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module that makes a mistake: it calls when it is loaded, also when a worker loads it. */

import Mpel from 'gi://Mpel?version=1';

await new Mpel.EventLoop().call(() => 'nothing');

export const nothing = () => null;
