/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-flow.h"
#include "objects.h"

G_BEGIN_DECLS

/* What a program declares of the objects in objects.h. */

/* “x”, “y”, “moved”. */
#define POINT_TYPE_PROXY (point_proxy_get_type ())
G_DECLARE_FINAL_TYPE (PointProxy, point_proxy, POINT, PROXY, MpelProxy)

/* “level” and “limit”, which here may be any number; “count”, read-only; “mode”, set only when it is made;
 * and what the worker knows nothing of: “note” (a string) and “owner” (an object). “swept”. */
#define SCALE_TYPE_PROXY (scale_proxy_get_type ())
G_DECLARE_FINAL_TYPE (ScaleProxy, scale_proxy, SCALE, PROXY, MpelProxy)

/* Declares “x” as a string. */
#define WRONG_TYPE_PROXY (wrong_proxy_get_type ())
G_DECLARE_FINAL_TYPE (WrongProxy, wrong_proxy, WRONG, PROXY, MpelProxy)

MpelProxy *proxies_new_point (MpelEventLoop *loop);
MpelProxy *proxies_new_scale (MpelEventLoop *loop);

int  proxies_get_int (gpointer    proxy,
                      const char *name);
void proxies_wait_for_state (MpelProxy     *proxy,
                             MpelProxyState state);
void proxies_wait_for_int (gpointer    proxy,
                           const char *name,
                           int         value);

/* The method has ended well. Returns its results. */
GVariant *proxies_call (MpelProxy  *proxy,
                        const char *method,
                        GVariant   *args);

/* All values that a property of ints is notified to have. Returns (transfer full) an array of int. */
GArray *proxies_record_ints (gpointer    proxy,
                             const char *name);

G_END_DECLS
