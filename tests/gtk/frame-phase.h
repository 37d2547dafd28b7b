/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "frame-window.h"

G_BEGIN_DECLS

/* Something that goes on while the wheel turns, and what it costs in frames. Other programs on the
 * machine cost frames too: so a phase may be tried a few times, all of them printed. */
typedef void (*FramePhaseFunc) (gpointer user_data);

gboolean frame_phase_is_smooth (FrameWindow   *window,
                                const char    *name,
                                FramePhaseFunc run,
                                gpointer       user_data);
void     frame_phase_assert_smooth (FrameWindow   *window,
                                    const char    *name,
                                    FramePhaseFunc run,
                                    gpointer       user_data);

/* Does the wheel turn evenly without a worker? Else this machine can show nothing. */
gboolean frame_phase_try_baseline (FrameWindow *window);

void frame_phase_iterate_for (gint64 duration_us);

/* Beside this program, for people to look at. */
void frame_phase_save_picture (FrameWindow *window,
                               const char  *name);

G_END_DECLS
