/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-invocation.h"

G_BEGIN_DECLS

/* The generators that are active, and whose turn it is. Main thread only, but for references. */
typedef struct _MpelRota MpelRota;

MpelRota *mpel_rota_new (GSource *wake);
MpelRota *mpel_rota_ref (MpelRota *self);
void      mpel_rota_unref (MpelRota *self);
void      mpel_rota_close (MpelRota *self);
void      mpel_rota_add (MpelRota         *self,
                         MpelInvocation   *invocation,
                         MpelGeneratorFunc next,
                         gpointer          user_data,
                         GDestroyNotify    destroy);

/* A turn gives each of them one step. */
void     mpel_rota_begin_turn (MpelRota *self);
gboolean mpel_rota_is_resting (MpelRota *self);
gboolean mpel_rota_go_on (MpelRota *self,
                          gint64    end_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelRota, mpel_rota_unref)

G_END_DECLS
