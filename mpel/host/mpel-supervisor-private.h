/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-launcher.h"

G_BEGIN_DECLS

/* The worker as a process: spawned, listened to, ended if need be, and its last words. It lives
 * until the process is gone, also when nobody else wants it any more. */
#define MPEL_TYPE_SUPERVISOR (mpel_supervisor_get_type ())
G_DECLARE_FINAL_TYPE (MpelSupervisor, mpel_supervisor, MPEL, SUPERVISOR, GObject)

/* Once, in the context that was thread-default when it was spawned. */
typedef void (*MpelExitedFunc) (gpointer user_data);

MpelSupervisor *mpel_supervisor_spawn (MpelLauncher  *launcher,
                                       int            worker_fd,
                                       MpelExitedFunc exited,
                                       gpointer       user_data,
                                       GError       **error);
void            mpel_supervisor_disown (MpelSupervisor *self);
int             mpel_supervisor_get_pid (MpelSupervisor *self);
gboolean        mpel_supervisor_is_told (MpelSupervisor *self);
void            mpel_supervisor_expect_exit (MpelSupervisor *self,
                                             guint           patience_ms);
void            mpel_supervisor_terminate (MpelSupervisor *self);
void            mpel_supervisor_kill (MpelSupervisor *self);
char           *mpel_supervisor_describe_exit (MpelSupervisor *self);

G_END_DECLS
