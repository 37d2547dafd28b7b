/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-invocation-private.h"

#include "mpel-payload-private.h"

/**
 * mpel_invocation_get_payload:
 * @self: an invocation
 * @length: (out): the number of bytes
 *
 * Gets the bytes that are the argument, see [ctor@Event.new_payload].
 *
 * Returns: (transfer none) (array length=length) (element-type guint8) (nullable): the bytes; `NULL`
 *   when the arguments are not of type `(ay)`
 *
 * Since: 0.1
 */
const guint8 *
mpel_invocation_get_payload (MpelInvocation *self, gsize *length)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), NULL);
  g_return_val_if_fail (length != NULL, NULL);

  return mpel_payload_get (mpel_invocation_get_args (self), length);
}

/**
 * mpel_invocation_return_payload:
 * @self: an invocation
 * @payload: (array length=length) (element-type guint8): bytes that the host understands
 * @length: the number of bytes
 *
 * Answers with bytes.
 *
 * The results are an `(ay)`, see [method@Event.get_payload]. May be called from any thread, as
 * [method@Invocation.return_value].
 *
 * Since: 0.1
 */
void
mpel_invocation_return_payload (MpelInvocation *self, const guint8 *payload, gsize length)
{
  g_return_if_fail (MPEL_IS_INVOCATION (self));
  g_return_if_fail (payload != NULL || length == 0);

  mpel_invocation_return_value (self, mpel_payload_new (payload, length));
}
