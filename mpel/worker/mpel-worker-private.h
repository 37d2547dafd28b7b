/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-calls-private.h"
#include "mpel-classes-private.h"
#include "mpel-debug-server-private.h"
#include "mpel-farewell-private.h"
#include "mpel-link-private.h"
#include "mpel-objects-private.h"
#include "mpel-outbox-private.h"
#include "mpel-registry-private.h"
#include "mpel-reporter-private.h"
#include "mpel-rota-private.h"
#include "mpel-variables-private.h"
#include "mpel-worker.h"

G_BEGIN_DECLS

/* FRESH → RUNNING → OVER. @link, @outbox, @reporter, @rota, @calls and @objects are set exactly in
 * RUNNING; @plain and @debug once the line is open. */
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
  int             fd;        /* (owned) until handed to the link, then -1 */
  MpelFarewell   *farewell;  /* (owned) */
  MpelRegistry   *registry;  /* (owned) */
  MpelClasses    *classes;   /* (owned) */
  MpelVariables  *variables; /* (owned) */

  MpelInitializeFunc initializer; /* (nullable) */
  gpointer           initializer_data;
  GDestroyNotify     initializer_destroy;

  guint max_concurrent; /* 0 for no bound */
  char *debug_address;  /* (owned) (nullable) */

  MpelLink               *link;        /* (owned) (nullable) */
  MpelOutbox             *outbox;      /* (owned) (nullable) */
  MpelReporter           *reporter;    /* (owned) (nullable) */
  MpelRota               *rota;        /* (owned) (nullable) */
  MpelCalls              *calls;       /* (owned) (nullable) */
  MpelObjects            *objects;     /* (owned) (nullable) */
  MpelRecord              held;        /* the next event, while it may not begin; else without a kind */
  GDBusInterfaceSkeleton *plain;       /* (owned) (nullable) */
  MpelDebugServer        *debug;       /* (owned) (nullable) only with a debug address */
  GSource                *wake;        /* (owned) (nullable) runs the next turn; from any thread */
  GMainLoop              *main_loop;   /* (owned) (nullable) */
  gboolean                was_greeted; /* the host's hello came and suits us */
  int                     exit_status;
};

void mpel_worker_run_event (MpelWorker       *self,
                            const MpelRecord *record,
                            MpelCall         *call);

/* Set once the worker runs. For tests and the benchmark: what travels beside the stream. */
GDBusConnection *mpel_worker_get_connection (MpelWorker *self);

G_END_DECLS
