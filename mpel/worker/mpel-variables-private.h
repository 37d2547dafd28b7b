/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The named variables of a worker: each is an object or a value. Main thread only. */
typedef struct _MpelVariables MpelVariables;

MpelVariables *mpel_variables_new (void);
void           mpel_variables_free (MpelVariables *self);
void           mpel_variables_clear (MpelVariables *self);

/* Hears of all variables, also of those that are there already. Neither @object nor @value: it is not
 * any more. In place of another @func; NULL: nobody hears it. */
typedef void (*MpelVariableFunc) (const char *name,
                                  GObject    *object,
                                  GVariant   *value,
                                  gpointer    user_data);
void mpel_variables_set_func (MpelVariables   *self,
                              MpelVariableFunc func,
                              gpointer         user_data);

/* At most one of @object and @value; without either there is no such variable any more. */
void     mpel_variables_set (MpelVariables *self,
                             const char    *name,
                             GObject       *object,
                             GVariant      *value);
gboolean mpel_variables_find (MpelVariables *self,
                              const char    *name,
                              GObject      **object,
                              GVariant     **value);
gboolean mpel_variables_save (MpelVariables *self,
                              GVariant      *dict,
                              GPtrArray     *objects,
                              GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpelVariables, mpel_variables_free)

G_END_DECLS
