/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "point-proxy.h"

struct _DemoPointProxy
{
  MpelProxy parent_instance;
  int       x;
  int       y;
};

G_DEFINE_FINAL_TYPE (DemoPointProxy, demo_point_proxy, MPEL_TYPE_PROXY)

enum
{
  PROP_X = 1,
  PROP_Y,
  PROP_TEXT,
};

/* What can only be read is kept by the proxy. */
static const char *
demo_point_proxy_get_text (DemoPointProxy *self)
{
  GVariant   *value = mpel_proxy_get_cached_property (MPEL_PROXY (self), "text");
  const char *text = NULL;

  if (value != NULL)
    g_variant_get (value, "m&s", &text);
  return text;
}

static void
demo_point_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DemoPointProxy *self = DEMO_POINT_PROXY (object);

  if (prop_id == PROP_TEXT)
    g_value_set_string (value, demo_point_proxy_get_text (self));
  else
    g_value_set_int (value, prop_id == PROP_X ? self->x : self->y);
}

static void
demo_point_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DemoPointProxy *self = DEMO_POINT_PROXY (object);

  *(prop_id == PROP_X ? &self->x : &self->y) = g_value_get_int (value);
}

static void
demo_point_proxy_class_init (DemoPointProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = demo_point_proxy_get_property;
  object_class->set_property = demo_point_proxy_set_property;

  g_object_class_install_property (object_class, PROP_X, g_param_spec_int ("x", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, PROP_Y, g_param_spec_int ("y", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, PROP_TEXT, g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE));
  g_signal_new ("moved", DEMO_TYPE_POINT_PROXY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
demo_point_proxy_init (DemoPointProxy *self)
{
}
