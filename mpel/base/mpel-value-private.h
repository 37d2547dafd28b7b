/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* GValue ↔ GVariant, by the type of the property and never by its current value. */
const GVariantType *mpel_value_get_variant_type (GType type);
GVariant           *mpel_value_to_variant (const GValue *value,
                                           GError      **error);
gboolean            mpel_value_from_variant (GValue   *value,
                                             GVariant *variant,
                                             GError  **error);

/* The state of an object: those of its writable properties, declared below @base, that differ
 * from their defaults. */
GVariant *mpel_value_collect_properties (GObject *object,
                                         GType    base,
                                         GError **error);
GObject  *mpel_value_construct (GType     type,
                                GVariant *properties,
                                GError  **error);

/* All that can be read of an object and travel; and the way back, into an object that is there:
 * what cannot be set is passed over, and with @error nothing was set. */
GVariant *mpel_value_collect_state (GObject *object,
                                    GError **error);
gboolean  mpel_value_apply_state (GObject  *object,
                                  GVariant *state,
                                  GError  **error);

/* One property of an object that is there. */
gboolean  mpel_value_set_property (GObject    *object,
                                   const char *name,
                                   GVariant   *variant,
                                   GError    **error);
GVariant *mpel_value_get_property (GObject    *object,
                                   const char *name,
                                   GError    **error);

G_END_DECLS
