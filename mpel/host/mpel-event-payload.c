/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-event-private.h"

#include "mpel-payload-private.h"

/* For bindings that encode values in their own way: building and taking apart GVariants, each of
 * them an object over there, would cost them more than all the rest. */

/**
 * mpel_event_new_payload:
 * @target: what to call
 * @payload: (array length=length) (element-type guint8): bytes that the target understands
 * @length: the number of bytes
 *
 * Creates an event whose arguments are bytes.
 *
 * They are an `(ay)` for the target, see [method@Invocation.get_payload]. The same can be had with
 * [ctor@Event.new]; this costs less in languages that wrap each object.
 *
 * Returns: (transfer full): the event
 *
 * Since: 0.1
 */
MpelEvent *
mpel_event_new_payload (const char *target, const guint8 *payload, gsize length)
{
  g_return_val_if_fail (target != NULL, NULL);
  g_return_val_if_fail (payload != NULL || length == 0, NULL);

  return mpel_event_new (target, mpel_payload_new (payload, length), NULL);
}

/**
 * mpel_event_get_payload:
 * @self: an event
 * @length: (out): the number of bytes
 *
 * Gets the bytes that the target returned, see [method@Invocation.return_payload].
 *
 * Returns: (transfer none) (array length=length) (element-type guint8) (nullable): the bytes; `NULL`
 *   when there are no results, or none of type `(ay)`
 *
 * Since: 0.1
 */
const guint8 *
mpel_event_get_payload (MpelEvent *self, gsize *length)
{
  g_return_val_if_fail (MPEL_IS_EVENT (self), NULL);
  g_return_val_if_fail (length != NULL, NULL);

  return mpel_payload_get (mpel_event_get_private (self)->results, length);
}
