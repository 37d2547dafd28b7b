/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-payload-private.h"

/* Payloads: bytes in an encoding that only the two ends know, such as pickled objects of Python. As
 * a GVariant they are an `(ay)`, whose bytes are just these. */

#define PAYLOAD_TYPE G_VARIANT_TYPE ("(ay)")

/* GLib forgets what it knows of a type with the last value of it. A worker mostly has one payload at a
 * time, and to learn the type again for each would cost more than the payload. */
static void
keep_type_known (void)
{
  static GVariant *kept = NULL;

  if (g_once_init_enter (&kept))
    g_once_init_leave (&kept, g_variant_ref_sink (g_variant_new_from_data (PAYLOAD_TYPE, NULL, 0, TRUE, NULL, NULL)));
}

/* Returns: (transfer floating) */
GVariant *
mpel_payload_new (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  keep_type_known ();
  return g_variant_new_from_bytes (PAYLOAD_TYPE, bytes, TRUE);
}

/* Returns NULL, and sets @length to 0, for what is no payload, or an empty one. */
const guint8 *
mpel_payload_get (GVariant *payload, gsize *length)
{
  *length = 0;
  if (payload == NULL || !g_variant_is_of_type (payload, PAYLOAD_TYPE))
    return NULL;
  *length = g_variant_get_size (payload);
  return *length > 0 ? g_variant_get_data (payload) : NULL;
}
