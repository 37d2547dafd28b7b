/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An object with properties and signals that can be told of, and others that cannot. Safe from any
 * thread. */
#define WATCHED_TYPE_THING (watched_thing_get_type ())
G_DECLARE_FINAL_TYPE (WatchedThing, watched_thing, WATCHED, THING, GObject)

/* Properties: x, y (ints), title (string, which may be none), friend (object), secret (int, write
 * only).
 * Signals: plain (), moved (int, int), everything (one of each type that travels), met (object),
 * asked (int) → boolean, named () → string. */
WatchedThing *watched_thing_new (void);
void          watched_thing_set_x (WatchedThing *self,
                                   int           x);
void          watched_thing_set_title (WatchedThing *self,
                                       const char   *title);

G_END_DECLS
