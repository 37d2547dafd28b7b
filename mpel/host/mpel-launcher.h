/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(MPEL_INSIDE) && !defined(MPEL_COMPILATION)
#error "Include <mpel/mpel.h>, never a single mpel header."
#endif

#include "mpel-enums.h"
#include "mpel-types.h"

G_BEGIN_DECLS

#define MPEL_TYPE_LAUNCHER (mpel_launcher_get_type ())
MPEL_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (MpelLauncher, mpel_launcher, MPEL, LAUNCHER, GObject)

MPEL_AVAILABLE_IN_0_1
MpelLauncher *mpel_launcher_new (const char *const *argv) G_GNUC_WARN_UNUSED_RESULT;

MPEL_AVAILABLE_IN_0_1
const char *const *mpel_launcher_get_argv (MpelLauncher *self);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_set_argv (MpelLauncher      *self,
                             const char *const *argv);

MPEL_AVAILABLE_IN_0_1
const char *const *mpel_launcher_get_command_prefix (MpelLauncher *self);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_set_command_prefix (MpelLauncher      *self,
                                       const char *const *command_prefix);

MPEL_AVAILABLE_IN_0_1
const char *mpel_launcher_get_working_directory (MpelLauncher *self);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_set_working_directory (MpelLauncher *self,
                                          const char   *working_directory);

MPEL_AVAILABLE_IN_0_1
const char *const *mpel_launcher_get_environment (MpelLauncher *self);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_set_environment (MpelLauncher      *self,
                                    const char *const *environment);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_setenv (MpelLauncher *self,
                           const char   *variable,
                           const char   *value);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_unsetenv (MpelLauncher *self,
                             const char   *variable);

MPEL_AVAILABLE_IN_0_1
MpelLauncherFlags mpel_launcher_get_flags (MpelLauncher *self);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_set_flags (MpelLauncher     *self,
                              MpelLauncherFlags flags);

MPEL_AVAILABLE_IN_0_1
guint mpel_launcher_get_start_timeout (MpelLauncher *self);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_set_start_timeout (MpelLauncher *self,
                                      guint         start_timeout);

MPEL_AVAILABLE_IN_0_1
const char *mpel_launcher_get_debug_address (MpelLauncher *self);

MPEL_AVAILABLE_IN_0_1
void mpel_launcher_set_debug_address (MpelLauncher *self,
                                      const char   *debug_address);

G_END_DECLS
