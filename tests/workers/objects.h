/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* Classes of objects that live in the workers of tests. */

/* The seed's: ints “x” and “y”; methods “get_z”, “set_z” (i), “move” (iii); “moved” (ii), emitted by move. */
#define TEST_TYPE_POINT (test_point_get_type ())
G_DECLARE_FINAL_TYPE (TestPoint, test_point, TEST, POINT, GObject)

/* The seed's: ints “a”, “b”, “c”; the method “calc_c” makes c of the others. */
#define TEST_TYPE_ABC (test_abc_get_type ())
G_DECLARE_FINAL_TYPE (TestAbc, test_abc, TEST, ABC, GObject)

/* A property of each type that can travel, named like the type, at the default of the type. */
#define TEST_TYPE_ALL (test_all_get_type ())
G_DECLARE_FINAL_TYPE (TestAll, test_all, TEST, ALL, GObject)

typedef enum
{
  TEST_COLOR_RED,
  TEST_COLOR_GREEN = 5,
} TestColor;

typedef enum
{
  TEST_SIDES_LEFT = 1 << 0,
  TEST_SIDES_RIGHT = 1 << 1,
} TestSides;

GType test_color_get_type (void);
GType test_sides_get_type (void);

/* One that does not do all it is told. “level” is clamped to 0…100; “limit” is declared from 0 to 10, and
 * others are refused; “count” can only be read; “mode” is set only when it is made. Methods: “bump” (i)
 * counts up, “sweep” (ii) sets the level to all from one to the other, “get_twin” → h gives another
 * one, always the same, “get_level_text” → s, “crash”. “swept” (ms, mas) is emitted by sweep. */
#define TEST_TYPE_SCALE (test_scale_get_type ())
G_DECLARE_FINAL_TYPE (TestScale, test_scale, TEST, SCALE, GObject)

/* All of them, with their methods; and a variable “origin”, a point. */
void objects_register (MpelWorker *worker);

/* How many of them, and of others that were noted, live in this process. */
int  objects_count (void);
void objects_note (gpointer instance);

G_END_DECLS
