/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

import Mpel from 'gi://Mpel?version=1';

Mpel.runWorker();
