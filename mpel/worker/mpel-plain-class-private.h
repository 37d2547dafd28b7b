/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A class as a D-Bus interface. Constant. */
typedef struct
{
  GVariant           *description; /* (owned) MPEL_CLASS_VARIANT_TYPE: what it was made of */
  GDBusInterfaceInfo *info;        /* (owned) */
  GHashTable         *properties;  /* (owned) (owned) member → (owned) name of the property */
  GHashTable         *methods;     /* (owned) (owned) member → (owned) name of the method */
} MpelPlainClass;

MpelPlainClass *mpel_plain_class_new (const char *interface,
                                      GVariant   *description);
void            mpel_plain_class_free (MpelPlainClass *self);
const char     *mpel_plain_class_find_property (MpelPlainClass *self,
                                                const char     *member);
const char     *mpel_plain_class_find_method (MpelPlainClass *self,
                                              const char     *member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelPlainClass, mpel_plain_class_free)

G_END_DECLS
