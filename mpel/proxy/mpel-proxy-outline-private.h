/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a class of proxies declares that can be the same in the worker. Made once for each class, and
 * kept; safe from any thread. */
typedef struct
{
  GParamSpec         *pspec; /* (unowned) of the class */
  const GVariantType *type;
  gboolean            is_writable; /* at any time */
  gboolean            is_runtime;  /* of a type made at run time: its value is in its mirror */
} MpelOutlineProperty;

typedef struct
{
  const char                *name; /* interned */
  guint                      id;
  guint                      n_params;
  GType                      return_type;
  GType                     *params; /* (owned) */
  const GVariantType *const *types;  /* (owned) of the parameters */
} MpelOutlineSignal;

typedef struct
{
  GArray     *properties;       /* (owned) of MpelOutlineProperty */
  GHashTable *property_indices; /* (owned) name → index */
  GPtrArray  *property_names;   /* (owned) with NULL at the end */
  GHashTable *signals;          /* (owned) name → (owned) MpelOutlineSignal */
  GPtrArray  *signal_names;     /* (owned) with NULL at the end */
} MpelProxyOutline;

const MpelProxyOutline *mpel_proxy_outline_get (GType type);

/* Returns: whether there is one */
gboolean mpel_proxy_outline_find (const MpelProxyOutline *self,
                                  const char             *name,
                                  guint                  *index);
gboolean mpel_proxy_outline_check (const MpelProxyOutline *self,
                                   GVariant               *description,
                                   GError                **error);
void     mpel_proxy_outline_mark_runtime (GType type);

static inline const MpelOutlineProperty *
mpel_proxy_outline_get_property (const MpelProxyOutline *self, guint index)
{
  return &g_array_index (self->properties, MpelOutlineProperty, index);
}

G_END_DECLS
