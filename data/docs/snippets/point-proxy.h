/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <mpel/mpel.h>

G_BEGIN_DECLS

#define DEMO_TYPE_POINT_PROXY (demo_point_proxy_get_type ())
G_DECLARE_FINAL_TYPE (DemoPointProxy, demo_point_proxy, DEMO, POINT_PROXY, MpelProxy)

G_END_DECLS
