/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-test.h"

G_BEGIN_DECLS

/* A worker with a debug address, and a stock tool that is connected to it. */
typedef struct
{
  MpelTestTrace    before;
  char            *folder;  /* (owned) */
  char            *path;    /* (owned) of the socket */
  char            *address; /* (owned) */
  MpelEventLoop   *loop;    /* (owned) its worker is ready */
  GDBusConnection *tool;    /* (owned) (nullable) */
} DebugTool;

/* Whether or not it is connected. */
void debug_tool_init (DebugTool *self,
                      gboolean   is_connected);
/* Asserts that nothing is left. */
void debug_tool_clear (DebugTool *self);

void             debug_tool_wait_until_ready (DebugTool *self);
GDBusConnection *debug_tool_connect (DebugTool *self,
                                     GError   **error);

/* Returns: (transfer full) (nullable): the reply as text, or NULL with an error */
char *debug_tool_call (GDBusConnection *connection,
                       const char      *path,
                       const char      *interface,
                       const char      *method,
                       GVariant        *parameters,
                       GError         **error);
void  debug_tool_assert_reply (DebugTool  *self,
                               const char *path,
                               const char *interface,
                               const char *method,
                               GVariant   *parameters,
                               const char *expected);

G_END_DECLS
