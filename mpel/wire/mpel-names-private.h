/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

/* The agreement between a host and its worker, in names and numbers. */

/* Raised when a peer of the version before could misread us. */
#define MPEL_WIRE_VERSION 1

#define MPEL_WIRE_PATH "/org/mpel/Wire1"
#define MPEL_WIRE_INTERFACE "org.mpel.Wire1"
#define MPEL_WIRE_BATCH "Batch"
#define MPEL_WORKER_PATH "/org/mpel/Worker1"

/* Tells a worker where its end of the socket is. */
#define MPEL_WORKER_FD_VARIABLE "MPEL_WORKER_FD"
#define MPEL_WORKER_FD 3

/* Tells a worker where to listen for D-Bus tools; %p in it is the worker's process id. */
#define MPEL_DEBUG_ADDRESS_VARIABLE "MPEL_DEBUG_ADDRESS"

/* Larger batches gain nothing, and would let a cancel or a fast result wait behind them. */
#define MPEL_BATCH_BYTES (48 * 1024)

/* How long a worker whose line has ended may take to leave by itself, and how long its host
 * waits for that. */
#define MPEL_FAREWELL_GRACE_MS 500
#define MPEL_LINE_LOST_PATIENCE_MS (MPEL_FAREWELL_GRACE_MS + 200)

/* From here on mapping a memfd is cheaper than three copies through the socket. */
#define MPEL_BLOB_THRESHOLD (1024 * 1024)

/* D-Bus closes a connection over 128 MiB; without fd passing a payload must stay well below. */
#define MPEL_INLINE_LIMIT (64 * 1024 * 1024)

/* Keys of the hello record's dictionary. */
#define MPEL_HELLO_PID "pid"
#define MPEL_HELLO_LIBRARY "library"
#define MPEL_HELLO_ABILITIES "abilities"
#define MPEL_ABILITY_BLOBS "blobs"
/* Knows the records from CANCEL to RECALLED. */
#define MPEL_ABILITY_LONG_WORK "long-work"
/* Knows the records from CREATE to ITEMS, and the flags from OBJECT to GETTER. */
#define MPEL_ABILITY_OBJECTS "objects"

/* So many values of one event, or so many bytes of them, may be on their way to a consumer who has
 * not taken them yet; one always may, however large it is. */
#define MPEL_YIELD_WINDOW 256
#define MPEL_YIELD_WINDOW_BYTES (1024 * 1024)

/* What every object can, beside its class's methods. No other name begins like these. */
#define MPEL_BUILTIN_PREFIX "mpel:"
/* () → a{sv}: all of its state; of a variable that is a value: that. */
#define MPEL_BUILTIN_STATE MPEL_BUILTIN_PREFIX "state"
/* (property, value) → v: the value that the property has now. */
#define MPEL_BUILTIN_SET MPEL_BUILTIN_PREFIX "set"
/* (properties, getters, signals) → MPEL_WATCHED_VARIANT_TYPE: from now on their changes are told. The
 * results mention the object. */
#define MPEL_BUILTIN_WATCH MPEL_BUILTIN_PREFIX "watch"
#define MPEL_WATCH_ARGS_TYPE G_VARIANT_TYPE ("(asasas)")
/* The object's properties and what its getters return, as far as it has them. */
#define MPEL_WATCHED_VARIANT_TYPE G_VARIANT_TYPE ("(a{sv}a{sv})")
/* (property or "", id) → (): from now on ITEMS of this id tell what the list has. */
#define MPEL_BUILTIN_LIST MPEL_BUILTIN_PREFIX "list"
/* Not of an object; (class) → (): the class is described before the end. */
#define MPEL_BUILTIN_DESCRIBE MPEL_BUILTIN_PREFIX "describe"
/* Not of an object; () → (): for what travels beside it, such as variables in its kwargs. */
#define MPEL_BUILTIN_SAVE MPEL_BUILTIN_PREFIX "save"

/* Objects that the host made have even ids, those that it learned of have odd ones. */
#define MPEL_ID_IS_FOREIGN(id) (((id) &1) != 0)

/* So many changes, signals and lists' news, or so many bytes of them, may be on their way to a host
 * that has not taken them yet. The host acknowledges them with ACK of the id 0. */
#define MPEL_CHANGE_WINDOW 4096
#define MPEL_CHANGE_WINDOW_BYTES (1024 * 1024)
