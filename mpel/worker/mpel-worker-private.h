/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-farewell-private.h"
#include "mpel-link-private.h"
#include "mpel-outbox-private.h"
#include "mpel-registry-private.h"
#include "mpel-worker.h"

G_BEGIN_DECLS

/* FRESH → RUNNING → OVER. @link is set exactly in RUNNING; @outbox and @plain once it is open. */
typedef enum
{
  MPEL_WORKER_FRESH,
  MPEL_WORKER_RUNNING,
  MPEL_WORKER_OVER,
} MpelWorkerState;

struct _MpelWorker
{
  GObject parent_instance;

  MpelWorkerState state;
  int             fd;       /* (owned) until handed to the link, then -1 */
  MpelFarewell   *farewell; /* (owned) */
  MpelRegistry   *registry; /* (owned) */

  MpelInitializeFunc initializer; /* (nullable) */
  gpointer           initializer_data;
  GDestroyNotify     initializer_destroy;

  MpelLink               *link;        /* (owned) (nullable) */
  MpelOutbox             *outbox;      /* (owned) (nullable) */
  GDBusInterfaceSkeleton *plain;       /* (owned) (nullable) */
  GSource                *wake;        /* (owned) (nullable) wakes for the inbox; from any thread */
  GMainLoop              *main_loop;   /* (owned) (nullable) */
  gboolean                was_greeted; /* the host's hello came and suits us */
  int                     exit_status;
};

/* Set once the worker runs. For tests and the benchmark: what travels beside the stream. */
GDBusConnection *mpel_worker_get_connection (MpelWorker *self);

G_END_DECLS
