/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "mpel-loop-error.h"
#include "mpel-value-private.h"

G_BEGIN_DECLS

static inline GVariant *
value_test_parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *variant = g_variant_parse (NULL, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return variant;
}

static inline GVariant *
value_test_to_variant (const GValue *value)
{
  g_autoptr (GError) error = NULL;
  GVariant *variant = mpel_value_to_variant (value, &error);

  g_assert_no_error (error);
  g_assert_false (g_variant_is_floating (variant));
  g_assert_true (g_variant_is_of_type (variant, mpel_value_get_variant_type (G_VALUE_TYPE (value))));
  return variant;
}

static inline void
value_test_from_variant (GValue *value, GVariant *variant)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mpel_value_from_variant (value, variant, &error));
  g_assert_no_error (error);
}

static inline void
value_test_assert_from_refused (GType type, GVariant *variant)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_value_init (&value, type);
  g_assert_false (mpel_value_from_variant (&value, variant, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
}

static inline void
value_test_assert_to_refused (const GValue *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mpel_value_to_variant (value, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
}

G_END_DECLS
