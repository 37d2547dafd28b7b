/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A window that never stands still, and measures how evenly it moves. */
typedef struct _FrameWindow FrameWindow;

typedef struct
{
  guint  n_frames;
  guint  n_results;
  gint64 duration_us;
  gint64 longest_gap_us;     /* between two frames */
  gint64 longest_own_gap_us; /* so too, without what was waited for a processor that others had */
} FrameFigures;

FrameWindow *frame_window_new (void);
void         frame_window_free (FrameWindow *self);

/* Something more to draw, beside the wheel. */
void frame_window_add (FrameWindow *self,
                       GtkWidget   *widget);
void frame_window_remove (FrameWindow *self,
                          GtkWidget   *widget);

/* Figures from here to the end; of the first frames of a phase none are taken. */
void         frame_window_begin (FrameWindow *self,
                                 const char  *phase);
void         frame_window_count_result (FrameWindow *self);
FrameFigures frame_window_end (FrameWindow *self);

/* What the window shows now, as a PNG. */
void frame_window_save (FrameWindow *self,
                        const char  *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FrameWindow, frame_window_free)

G_END_DECLS
