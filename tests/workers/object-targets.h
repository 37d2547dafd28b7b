/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* Registers the classes of objects.h and kinds.h, without a variable, and more methods:
 *
 * - of TestAbc: repr, such as “ABC(a=1, b=2, c=0)”. calc_later: calc_c when the main loop comes to
 *   it, → “later”. wait: see mpel_gate_target. pid → (i). fail.
 *   is_me: (h) → whether that is it.
 * - of TestPoint: move_often: (i) moves so often to (i, -i). neighbour → h: another one to the right.
 *   die.
 *
 * And targets:
 *
 * - print: any words and objects → one string; the named ones behind, sorted.
 * - instances: how many objects there are, (i). pid: (i). echo. die. gate: see mpel_gate_target.
 * - named: returns its named arguments, objects too.
 * - make_point: (ii) → (h). make_points: (i) → ah.
 * - same: (h), a named “other” → whether they are one and the same object.
 * - take_back: (h) → (h), the same object.
 * - variables: → a{sv} with “abc”, ABC(10, 20, 0), and “number”, 5. no_variables: → (i).
 * - set_variable: (sv), the worker's way. get_variable: (s) → v, or nothing.
 * - bad_handle: a handle that stands for nothing. */
void object_targets_register (MpelWorker *worker);
/* Sets an initializer with the variables “first”, ABC(1, 1, 0), and “answer”, 42. */
void object_targets_initialize (MpelWorker *worker);

G_END_DECLS
