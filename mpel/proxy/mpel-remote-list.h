/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-proxy.h"

G_BEGIN_DECLS

#define MPEL_TYPE_REMOTE_LIST (mpel_remote_list_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (MpelRemoteList, mpel_remote_list, MPEL, REMOTE_LIST, GObject)

MPEL_AVAILABLE_IN_0_1
MpelRemoteList *mpel_remote_list_new (MpelProxy  *proxy,
                                      const char *property_name,
                                      GType       item_type) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
MpelProxy *mpel_remote_list_get_proxy (MpelRemoteList *self);

MPEL_AVAILABLE_IN_0_1
const char *mpel_remote_list_get_property_name (MpelRemoteList *self);

MPEL_AVAILABLE_IN_0_1
MpelProxyState mpel_remote_list_get_state (MpelRemoteList *self);

MPEL_AVAILABLE_IN_0_1
const GError *mpel_remote_list_get_error (MpelRemoteList *self);

G_END_DECLS
