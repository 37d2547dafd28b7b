/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An interface that declares the signal “marked” (s). */
#define DOTS_TYPE_MARKED (dots_marked_get_type ())
G_DECLARE_INTERFACE (DotsMarked, dots_marked, DOTS, MARKED, GObject)

struct _DotsMarkedInterface
{
  GTypeInterface g_iface;
};

/* An object with properties of all sorts:
 *
 * x, y: numbers up to 100; label: a string; bus: a GBusType; sum: read-only; origin: construct-only;
 * secret: write-only; dots: a list, read-only; friend: an object, which cannot travel.
 *
 * Its signals: “moved” (i, i), and “met” (an object), which cannot travel. */
#define DOTS_TYPE_DOT (dots_dot_get_type ())
G_DECLARE_DERIVABLE_TYPE (DotsDot, dots_dot, DOTS, DOT, GObject)

struct _DotsDotClass
{
  GObjectClass parent_class;
};

/* One that is also marked, and has a radius. */
#define DOTS_TYPE_DISC (dots_disc_get_type ())
G_DECLARE_FINAL_TYPE (DotsDisc, dots_disc, DOTS, DISC, DotsDot)

/* One of which no object can be made. */
#define DOTS_TYPE_ABSTRACT (dots_abstract_get_type ())
G_DECLARE_DERIVABLE_TYPE (DotsAbstract, dots_abstract, DOTS, ABSTRACT, GObject)

struct _DotsAbstractClass
{
  GObjectClass parent_class;
};

DotsDot *dots_dot_new (int x,
                       int y);
void     dots_dot_move (DotsDot *self,
                        int      x,
                        int      y);
int      dots_dot_get_x (DotsDot *self);

/* How many there are, discs included; of any thread. */
int dots_count (void);

G_END_DECLS
