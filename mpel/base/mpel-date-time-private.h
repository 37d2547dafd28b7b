/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A date and time as text: ISO 8601, and behind it the name of the time zone, if it has one: see
 * RFC 9557. Nothing of it is lost, unless the reader does not know the zone: then it has the offset. */
char      *mpel_date_time_format (GDateTime *date_time);
GDateTime *mpel_date_time_parse (const char *text);

G_END_DECLS
