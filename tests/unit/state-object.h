/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What is declared here is not state: it is the base. “base-number”. */
#define TEST_TYPE_BASE (test_base_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestBase, test_base, TEST, BASE, GObject)

struct _TestBaseClass
{
  GObjectClass parent_class;
};

#define TEST_TYPE_STATE (test_state_get_type ())
G_DECLARE_FINAL_TYPE (TestState, test_state, TEST, STATE, TestBase)

/* Returns: (transfer none): what a property holds, also if nobody may read it */
GValue *test_state_peek (gpointer    object,
                         const char *name);

/* Returns: (transfer full): what travels of @object, in the order of its properties */
char *test_state_collect (gpointer object);

/* @text: of a dictionary */
GObject *test_state_construct (const char *text);

G_END_DECLS
