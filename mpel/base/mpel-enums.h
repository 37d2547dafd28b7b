/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * MpelEventState:
 * @MPEL_EVENT_STATE_NEW: not added to a loop yet
 * @MPEL_EVENT_STATE_QUEUED: waits in the host for a worker
 * @MPEL_EVENT_STATE_SENT: handed to a worker, where it waits or runs; it may be queued again, for
 *   another worker
 * @MPEL_EVENT_STATE_DONE: ended with results, or without any when it has no output
 * @MPEL_EVENT_STATE_FAILED: ended with an error
 * @MPEL_EVENT_STATE_CANCELLED: ended because somebody asked for it
 * @MPEL_EVENT_STATE_LOST: ended because its worker was lost
 *
 * How far an event has come.
 *
 * Done, failed, cancelled and lost are its ends; an event reaches exactly one of them each time
 * it is added. Others may be added to this list.
 *
 * Since: 0.1
 */
typedef enum
{
  MPEL_EVENT_STATE_NEW,
  MPEL_EVENT_STATE_QUEUED,
  MPEL_EVENT_STATE_SENT,
  MPEL_EVENT_STATE_DONE,
  MPEL_EVENT_STATE_FAILED,
  MPEL_EVENT_STATE_CANCELLED,
  MPEL_EVENT_STATE_LOST,
} MpelEventState;

/**
 * MpelEventLoopState:
 * @MPEL_EVENT_LOOP_STATE_IDLE: there is no worker; adding an event starts one
 * @MPEL_EVENT_LOOP_STATE_STARTING: the worker was started and has not said hello yet
 * @MPEL_EVENT_LOOP_STATE_READY: the worker takes events
 * @MPEL_EVENT_LOOP_STATE_STOPPING: the worker was asked to leave, or is being ended
 * @MPEL_EVENT_LOOP_STATE_CLOSED: the loop was closed and takes no more events
 *
 * What an event loop is doing.
 *
 * Since: 0.1
 */
typedef enum
{
  MPEL_EVENT_LOOP_STATE_IDLE,
  MPEL_EVENT_LOOP_STATE_STARTING,
  MPEL_EVENT_LOOP_STATE_READY,
  MPEL_EVENT_LOOP_STATE_STOPPING,
  MPEL_EVENT_LOOP_STATE_CLOSED,
} MpelEventLoopState;

/**
 * MpelMapPolicy:
 * @MPEL_MAP_POLICY_STOP: cancel what has not ended, and fail with the error
 * @MPEL_MAP_POLICY_FINISH: let all end, and fail with the error of the first one in the order of
 *   the arguments
 * @MPEL_MAP_POLICY_SKIP: let all end, and leave the places of those that failed empty
 *
 * What becomes of a mapping when one of its events fails.
 *
 * Since: 0.1
 */
typedef enum
{
  MPEL_MAP_POLICY_STOP,
  MPEL_MAP_POLICY_FINISH,
  MPEL_MAP_POLICY_SKIP,
} MpelMapPolicy;

/**
 * MpelProxyState:
 * @MPEL_PROXY_STATE_CREATING: the worker has not told of the object yet; methods can be called
 * @MPEL_PROXY_STATE_READY: the properties are those of the object
 * @MPEL_PROXY_STATE_LOST: the worker was lost, and the object with it
 * @MPEL_PROXY_STATE_GONE: the worker has no such object, or has left in good order
 *
 * What a proxy stands for.
 *
 * Since: 0.1
 */
typedef enum
{
  MPEL_PROXY_STATE_CREATING,
  MPEL_PROXY_STATE_READY,
  MPEL_PROXY_STATE_LOST,
  MPEL_PROXY_STATE_GONE,
} MpelProxyState;

/**
 * MpelLauncherFlags:
 * @MPEL_LAUNCHER_FLAGS_NONE: the worker writes to the host's own standard output and error
 * @MPEL_LAUNCHER_FLAGS_LOG_OUTPUT: what the worker writes becomes log messages of the host, in
 *   the domain `Mpel`, with the worker's process id in the field `MPEL_WORKER`
 *
 * How a launcher starts workers.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  MPEL_LAUNCHER_FLAGS_NONE = 0,
  MPEL_LAUNCHER_FLAGS_LOG_OUTPUT = 1 << 0,
} MpelLauncherFlags;

G_END_DECLS
