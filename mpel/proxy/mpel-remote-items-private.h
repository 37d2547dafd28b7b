/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-remote-private.h"

G_BEGIN_DECLS

/* What a list of the worker was told to have, and the objects that stand for it here. In the loop's
 * context only. */
typedef struct _MpelRemoteItems MpelRemoteItems;

/* @item_type: that of proxies, or of objects that are made of the state. */
MpelRemoteItems *mpel_remote_items_new (GType item_type);
void             mpel_remote_items_free (MpelRemoteItems *self);
guint            mpel_remote_items_get_length (MpelRemoteItems *self);

typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
} MpelRemoteSplice;

/* @value: what the worker sent. FALSE with an error, and without a change, if it makes no sense. */
gboolean mpel_remote_items_splice (MpelRemoteItems  *self,
                                   GVariant         *value,
                                   MpelRemoteSplice *splice,
                                   GError          **error);

/* Returns: (transfer full): made when first asked for. @list: as what the worker knows the list */
GObject *mpel_remote_items_get (MpelRemoteItems *self,
                                guint            position,
                                MpelRemote      *list);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelRemoteItems, mpel_remote_items_free)

G_END_DECLS
