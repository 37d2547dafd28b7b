/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel.h"

G_BEGIN_DECLS

#define BENCH_BASELINE_PATH "/org/mpel/Bench"
#define BENCH_BASELINE_INTERFACE "org.mpel.Bench"

/* How many the host keeps under way: more than either design needs. */
#define BENCH_MAX_PENDING 4000
#define BENCH_MAX_CALLS 1000

typedef enum
{
  BENCH_BY_EVENT,
  /* The baseline: a call that says what an event says. */
  BENCH_BY_CALL,
  /* For comparison only: a method made for this one purpose, with nothing but the number. */
  BENCH_BY_BARE_CALL,
  /* A method of an object that there is a proxy of. */
  BENCH_BY_METHOD,
} BenchWay;

/* A worker, and increments that it does one way or another. */
typedef struct
{
  MpelEventLoop   *loop;       /* (owned) */
  GDBusConnection *connection; /* (unowned) to the same worker */
  MpelProxy       *proxy;      /* (owned) (nullable) of an object there */
  BenchWay         way;
  gint64           n_wanted;
  gint64           n_started;
  gint64           n_done;
  gint64           max_pending;
} BenchEvents;

void bench_events_open (BenchEvents *self);
void bench_events_close (BenchEvents *self);
/* Returns the seconds that @n increments took. */
double bench_events_run (BenchEvents *self,
                         BenchWay     way,
                         gint64       n,
                         gint64       max_pending);

G_END_DECLS
