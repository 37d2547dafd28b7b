/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "proxies.h"

static void
set_int (gpointer object, int *place, int value, const char *name)
{
  if (*place == value)
    return;
  *place = value;
  g_object_notify (object, name);
}

static void
install_int (GObjectClass *klass, guint id, const char *name, GParamFlags flags)
{
  g_object_class_install_property (klass, id, g_param_spec_int (name, NULL, NULL, G_MININT, G_MAXINT, 0, flags | G_PARAM_STATIC_STRINGS));
}

struct _PointProxy
{
  MpelProxy parent_instance;

  int places[2];
};

G_DEFINE_FINAL_TYPE (PointProxy, point_proxy, MPEL_TYPE_PROXY)

static void
point_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, POINT_PROXY (object)->places[prop_id - 1]);
}

static void
point_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  set_int (object, &POINT_PROXY (object)->places[prop_id - 1], g_value_get_int (value), pspec->name);
}

static void
point_proxy_class_init (PointProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = point_proxy_get_property;
  object_class->set_property = point_proxy_set_property;
  install_int (object_class, 1, "x", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY);
  install_int (object_class, 2, "y", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY);
  g_signal_new ("moved", POINT_TYPE_PROXY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
point_proxy_init (PointProxy *self)
{
}

typedef enum
{
  SCALE_LEVEL = 1,
  SCALE_LIMIT,
  SCALE_COUNT,
  SCALE_MODE,
  SCALE_NOTE,
  SCALE_OWNER,
} ScaleProperty;

struct _ScaleProxy
{
  MpelProxy parent_instance;

  int      level;
  int      limit;
  char    *mode;  /* (owned) (nullable) */
  char    *note;  /* (owned) (nullable) */
  GObject *owner; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ScaleProxy, scale_proxy, MPEL_TYPE_PROXY)

static int
get_count (ScaleProxy *self)
{
  GVariant *count = mpel_proxy_get_cached_property (MPEL_PROXY (self), "count");

  return count != NULL ? g_variant_get_int32 (count) : 0;
}

static void
scale_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ScaleProxy *self = SCALE_PROXY (object);

  switch ((ScaleProperty) prop_id)
    {
    case SCALE_LEVEL:
      g_value_set_int (value, self->level);
      break;
    case SCALE_LIMIT:
      g_value_set_int (value, self->limit);
      break;
    case SCALE_COUNT:
      g_value_set_int (value, get_count (self));
      break;
    case SCALE_MODE:
      g_value_set_string (value, self->mode);
      break;
    case SCALE_NOTE:
      g_value_set_string (value, self->note);
      break;
    case SCALE_OWNER:
      g_value_set_object (value, self->owner);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scale_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ScaleProxy *self = SCALE_PROXY (object);

  switch ((ScaleProperty) prop_id)
    {
    case SCALE_LEVEL:
      set_int (object, &self->level, g_value_get_int (value), "level");
      break;
    case SCALE_LIMIT:
      set_int (object, &self->limit, g_value_get_int (value), "limit");
      break;
    case SCALE_MODE:
      self->mode = g_value_dup_string (value);
      break;
    case SCALE_NOTE:
      g_free (self->note);
      self->note = g_value_dup_string (value);
      break;
    case SCALE_OWNER:
      g_set_object (&self->owner, g_value_get_object (value));
      break;
    case SCALE_COUNT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scale_proxy_finalize (GObject *object)
{
  ScaleProxy *self = SCALE_PROXY (object);

  g_free (self->mode);
  g_free (self->note);
  g_clear_object (&self->owner);

  G_OBJECT_CLASS (scale_proxy_parent_class)->finalize (object);
}

static void
scale_proxy_class_init (ScaleProxyClass *klass)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = scale_proxy_get_property;
  object_class->set_property = scale_proxy_set_property;
  object_class->finalize = scale_proxy_finalize;

  install_int (object_class, SCALE_LEVEL, "level", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY);
  install_int (object_class, SCALE_LIMIT, "limit", G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_EXPLICIT_NOTIFY);
  install_int (object_class, SCALE_COUNT, "count", G_PARAM_READABLE);
  g_object_class_install_property (object_class, SCALE_MODE, g_param_spec_string ("mode", NULL, NULL, NULL, writable | G_PARAM_CONSTRUCT_ONLY));
  g_object_class_install_property (object_class, SCALE_NOTE, g_param_spec_string ("note", NULL, NULL, NULL, writable));
  g_object_class_install_property (object_class, SCALE_OWNER, g_param_spec_object ("owner", NULL, NULL, G_TYPE_OBJECT, writable));
  g_signal_new ("swept", SCALE_TYPE_PROXY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
}

static void
scale_proxy_init (ScaleProxy *self)
{
}

struct _WrongProxy
{
  MpelProxy parent_instance;
};

G_DEFINE_FINAL_TYPE (WrongProxy, wrong_proxy, MPEL_TYPE_PROXY)

static void
wrong_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
}

static void
wrong_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
}

static void
wrong_proxy_class_init (WrongProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = wrong_proxy_get_property;
  object_class->set_property = wrong_proxy_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_string ("x", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
wrong_proxy_init (WrongProxy *self)
{
}

MpelProxy *
proxies_new_point (MpelEventLoop *loop)
{
  return g_object_new (POINT_TYPE_PROXY, "loop", loop, "remote-class", "TestPoint", NULL);
}

MpelProxy *
proxies_new_scale (MpelEventLoop *loop)
{
  return g_object_new (SCALE_TYPE_PROXY, "loop", loop, "remote-class", "TestScale", NULL);
}

int
proxies_get_int (gpointer proxy, const char *name)
{
  int value;

  g_object_get (proxy, name, &value, NULL);
  return value;
}

void
proxies_wait_for_state (MpelProxy *proxy, MpelProxyState state)
{
  while (mpel_proxy_get_state (proxy) != state)
    {
      /* Who waits for something that cannot come any more learns why. */
      if (mpel_proxy_get_error (proxy) != NULL)
        g_error ("The proxy has ended: %s", mpel_proxy_get_error (proxy)->message);
      g_main_context_iteration (NULL, TRUE);
    }
}

void
proxies_wait_for_int (gpointer proxy, const char *name, int value)
{
  while (proxies_get_int (proxy, name) != value)
    g_main_context_iteration (NULL, TRUE);
}

GVariant *
proxies_call (MpelProxy *proxy, const char *method, GVariant *args)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *results;

  mpel_proxy_call_async (proxy, method, args, NULL, NULL, mpel_test_keep_result_cb, &result);
  mpel_test_iterate_until_result (&result);
  results = mpel_proxy_call_finish (proxy, result, &error);
  g_assert_no_error (error);
  return results;
}

static void
record_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  int value = proxies_get_int (object, pspec->name);

  g_array_append_val ((GArray *) user_data, value);
}

static void
unref_array (gpointer array, GClosure *closure)
{
  g_array_unref (array);
}

GArray *
proxies_record_ints (gpointer proxy, const char *name)
{
  g_autofree char *detailed = g_strconcat ("notify::", name, NULL);
  GArray          *array = g_array_new (FALSE, FALSE, sizeof (int));

  g_signal_connect_data (proxy, detailed, G_CALLBACK (record_cb), g_array_ref (array), unref_array, 0);
  return array;
}
