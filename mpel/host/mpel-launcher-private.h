/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-launcher.h"

G_BEGIN_DECLS

/* In three files: the object (mpel-launcher.c), the environment (…-environment.c), and what it is for
 * (mpel-spawn.c). The thread of its loops only. */
struct _MpelLauncher
{
  GObject parent_instance;

  char            **argv;              /* (owned) (nullable) */
  char            **command_prefix;    /* (owned) (nullable) */
  char             *working_directory; /* (owned) (nullable) */
  char            **environment;       /* (owned) (nullable) */
  MpelLauncherFlags flags;
  guint             start_timeout; /* ms, 0: none */
  char             *debug_address; /* (owned) (nullable) */
};

gboolean     mpel_launcher_set_strv (char            ***field,
                                     const char *const *strv);
GSubprocess *mpel_launcher_spawn (MpelLauncher *self,
                                  int           worker_fd,
                                  GError      **error);

G_END_DECLS
