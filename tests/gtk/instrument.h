/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

/* Something that measures. What it finds is “reading” and “sample”, strings, and “level”, from 0 to 100;
 * what it is told is “gain”, from 0 to 100, and “note”, a string. The methods of the one in the worker:
 *
 *   run (u rate, u seconds) → (ux): so many changes a second of each that it finds, from the first on;
 *     answers with how many there were, and how many microseconds it took
 *   get_settings () → (ds): the gain and the note */
#define TYPE_INSTRUMENT (instrument_get_type ())
G_DECLARE_FINAL_TYPE (Instrument, instrument, TEST, INSTRUMENT, GObject)

/* A proxy that declares all of them. */
#define TYPE_INSTRUMENT_PROXY (instrument_proxy_get_type ())
G_DECLARE_FINAL_TYPE (InstrumentProxy, instrument_proxy, TEST, INSTRUMENT_PROXY, MpelProxy)

void instrument_register (MpelWorker *worker);

/* What it has found with its @n-th change. */
char  *instrument_make_reading (guint n);
char  *instrument_make_sample (guint n);
double instrument_make_level (guint n);

G_END_DECLS
