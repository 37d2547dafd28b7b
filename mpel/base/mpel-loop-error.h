/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include <glib-object.h>
#include "mpel-version.h"

G_BEGIN_DECLS

/**
 * MPEL_LOOP_ERROR:
 *
 * The error domain of event loops and workers; its codes are [error@LoopError].
 *
 * Since: 0.1
 */
#define MPEL_LOOP_ERROR (mpel_loop_error_quark ())

/**
 * MpelLoopError:
 * @MPEL_LOOP_ERROR_FAILED: none of the others
 * @MPEL_LOOP_ERROR_NO_SUCH_TARGET: the worker knows no target or event class of that name
 * @MPEL_LOOP_ERROR_INVALID_ARGUMENTS: the arguments are not what the target or the loop takes
 * @MPEL_LOOP_ERROR_NO_RESULT: the target gave neither results nor an error
 * @MPEL_LOOP_ERROR_REMOTE_EXCEPTION: the target raised an exception of its own language
 * @MPEL_LOOP_ERROR_WORKER_LOST: the worker ended before it answered
 * @MPEL_LOOP_ERROR_SPAWN_FAILED: the worker could not be started, or ended or stayed silent
 *   before it said hello
 * @MPEL_LOOP_ERROR_RESTART_LIMIT: workers died too often in too short a time; not reported by
 *   this version, in which a worker is started again only when an event is added
 * @MPEL_LOOP_ERROR_PROTOCOL: the other process broke the agreement on the wire, or speaks
 *   another version of it
 * @MPEL_LOOP_ERROR_TOO_LARGE: a payload cannot be carried
 * @MPEL_LOOP_ERROR_CLOSED: the loop was closed
 * @MPEL_LOOP_ERROR_FULL: as many events are pending as the loop takes
 * @MPEL_LOOP_ERROR_NOT_STREAMED: values were asked of an event that does not keep them, or yielded
 *   where nobody takes them
 * @MPEL_LOOP_ERROR_NO_SUCH_OBJECT: the worker has no such object, variable or class of objects
 *
 * Errors of event loops, workers and the wire between them.
 *
 * What a function in the worker reports itself keeps its own domain and code; being cancelled
 * and timing out are [error@Gio.IOErrorEnum].
 *
 * Since: 0.1
 */
typedef enum
{
  MPEL_LOOP_ERROR_FAILED,
  MPEL_LOOP_ERROR_NO_SUCH_TARGET,
  MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
  MPEL_LOOP_ERROR_NO_RESULT,
  MPEL_LOOP_ERROR_REMOTE_EXCEPTION,
  MPEL_LOOP_ERROR_WORKER_LOST,
  MPEL_LOOP_ERROR_SPAWN_FAILED,
  MPEL_LOOP_ERROR_RESTART_LIMIT,
  MPEL_LOOP_ERROR_PROTOCOL,
  MPEL_LOOP_ERROR_TOO_LARGE,
  MPEL_LOOP_ERROR_CLOSED,
  MPEL_LOOP_ERROR_FULL,
  MPEL_LOOP_ERROR_NOT_STREAMED,
  MPEL_LOOP_ERROR_NO_SUCH_OBJECT,
} MpelLoopError;

MPEL_AVAILABLE_IN_0_1
GQuark mpel_loop_error_quark (void);

G_END_DECLS
