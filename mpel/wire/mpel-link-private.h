/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-batch-private.h"
#include "mpel-inbox-private.h"

G_BEGIN_DECLS

/* One end of the line between a host and its worker. The seam is narrow on purpose, so that
 * another lane can be put beneath it: send a batch; a batch arrived; lost, once. */
#define MPEL_TYPE_LINK (mpel_link_get_type ())
G_DECLARE_FINAL_TYPE (MpelLink, mpel_link, MPEL, LINK, GObject)

typedef enum
{
  MPEL_LINK_SIDE_HOST,
  MPEL_LINK_SIDE_WORKER,
} MpelLinkSide;

/* In GDBus's thread: wake the reader of the inbox. */
typedef void (*MpelLinkArrivedFunc) (gpointer user_data);
/* In GDBus's thread, also when the link has just gone: a record of a batch that is urgent from end
 * to end. Such a batch is not in the inbox; any other is, whole. */
typedef void (*MpelLinkUrgentFunc) (const MpelRecord *record,
                                    gpointer          user_data);
/* In the context of the link, once: @reason is NULL after an orderly end. */
typedef void (*MpelLinkLostFunc) (MpelLink     *link,
                                  const GError *reason,
                                  gpointer      user_data);

MpelLink        *mpel_link_new (MpelLinkSide        side,
                                MpelLinkArrivedFunc arrived,
                                gpointer            arrived_data,
                                GDestroyNotify      arrived_destroy);
void             mpel_link_set_urgent_func (MpelLink          *self,
                                            MpelLinkUrgentFunc urgent,
                                            gpointer           urgent_data,
                                            GDestroyNotify     urgent_destroy);
void             mpel_link_set_lost_func (MpelLink        *self,
                                          MpelLinkLostFunc lost,
                                          gpointer         user_data);
void             mpel_link_open_async (MpelLink           *self,
                                       int                 fd,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean         mpel_link_open_finish (MpelLink     *self,
                                        GAsyncResult *result,
                                        GError      **error);
void             mpel_link_start (MpelLink *self);
void             mpel_link_send (MpelLink    *self,
                                 GBytes      *batch,
                                 GUnixFDList *fds);
void             mpel_link_send_batch (MpelLink  *self,
                                       MpelBatch *batch);
void             mpel_link_flush (MpelLink *self);
void             mpel_link_close (MpelLink *self);
gboolean         mpel_link_is_closing (MpelLink *self);
void             mpel_link_give_up (MpelLink *self);
MpelInbox       *mpel_link_get_inbox (MpelLink *self);
gboolean         mpel_link_can_pass_fds (MpelLink *self);
GDBusConnection *mpel_link_get_connection (MpelLink *self);

G_END_DECLS
