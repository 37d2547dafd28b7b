/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-values-private.h"

#include "mpel-loop-error.h"
#include "mpel-value-private.h"

#include <string.h>

/* It may hide anywhere. */
gboolean
mpel_plain_fits (GVariant *value)
{
  const char  *type = g_variant_get_type_string (value);
  GVariantIter iter;
  GVariant    *child;

  if (strpbrk (type, "mh") != NULL || strstr (type, "()") != NULL)
    return FALSE;
  if (strchr (type, 'v') == NULL)
    return TRUE;

  g_variant_iter_init (&iter, value);
  while ((child = g_variant_iter_next_value (&iter)) != NULL)
    {
      gboolean fits = mpel_plain_fits (child);

      g_variant_unref (child);
      if (!fits)
        return FALSE;
    }

  return TRUE;
}

/* Returns: (transfer full): without what D-Bus does not know; these types have it only in front. */
char *
mpel_plain_get_type (const char *type)
{
  return g_strdup (type[0] == 'm' ? type + 1 : type);
}

/* Returns: (transfer full) */
static GVariant *
make_nothing (const char *type)
{
  GVariant *nothing;

  if (*type == 's')
    nothing = g_variant_new_string ("");
  else if (*type == 'v')
    nothing = g_variant_new_variant (g_variant_new_array (G_VARIANT_TYPE_VARIANT, NULL, 0));
  else
    nothing = g_variant_new_array (G_VARIANT_TYPE (type + 1), NULL, 0);
  return g_variant_ref_sink (nothing);
}

/* Returns: (transfer full) */
static GVariant *
get_maybe (GVariant *value)
{
  GVariant *child;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_MAYBE))
    return g_variant_ref (value);
  child = g_variant_get_maybe (value);
  return child != NULL ? child : make_nothing (g_variant_get_type_string (value) + 1);
}

/* Returns: (transfer full) (nullable): NULL with an error when D-Bus cannot carry it */
GVariant *
mpel_plain_from_value (GVariant *value, GError **error)
{
  g_autoptr (GVariant) plain = get_maybe (value);

  if (mpel_plain_fits (plain))
    return g_steal_pointer (&plain);
  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_FAILED,
               "D-Bus cannot carry a value of type “%s”",
               g_variant_get_type_string (plain));
  return NULL;
}

static gboolean
is_no_date (GVariant *plain, GParamSpec *pspec)
{
  return pspec->value_type == G_TYPE_DATE_TIME && g_variant_is_of_type (plain, G_VARIANT_TYPE_STRING) &&
         *g_variant_get_string (plain, NULL) == '\0';
}

/* Returns: (transfer full): what is wrong with it others will say. What is empty stays that, where that
 * is a value of the property. */
GVariant *
mpel_plain_to_value (GVariant *plain, GParamSpec *pspec)
{
  const GVariantType *type = mpel_value_get_variant_type (pspec->value_type);

  if (type == NULL || !g_variant_type_is_maybe (type))
    return g_variant_ref (plain);
  return g_variant_ref_sink (g_variant_new_maybe (g_variant_get_type (plain), is_no_date (plain, pspec) ? NULL : plain));
}
