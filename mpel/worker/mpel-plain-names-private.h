/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What things of the worker are called where D-Bus tools see them. All return (transfer full). */
char *mpel_plain_name_to_element (const char *name);
char *mpel_plain_name_to_member (const char *name);
char *mpel_plain_name_to_interface (const char *class_name);

G_END_DECLS
