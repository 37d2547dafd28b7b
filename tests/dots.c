/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "dots.h"

static gint n_dots = 0; /* atomic */

G_DEFINE_INTERFACE (DotsMarked, dots_marked, G_TYPE_OBJECT)

static void
dots_marked_default_init (DotsMarkedInterface *iface)
{
  g_signal_new ("marked", DOTS_TYPE_MARKED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

typedef struct
{
  int         x;
  int         y;
  char       *label;  /* (owned) (nullable) */
  char       *origin; /* (owned) (nullable) */
  GBusType    bus;
  GListStore *dots; /* (owned) */
} DotsDotPrivate;

typedef enum
{
  PROP_X = 1,
  PROP_Y,
  PROP_LABEL,
  PROP_BUS,
  PROP_SUM,
  PROP_ORIGIN,
  PROP_SECRET,
  PROP_DOTS,
  PROP_FRIEND,
} DotsDotProperty;

static GParamSpec *props[PROP_FRIEND + 1];

enum
{
  SIGNAL_MOVED,
  SIGNAL_MET,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_PRIVATE (DotsDot, dots_dot, G_TYPE_OBJECT)

static DotsDotPrivate *
get_private (gpointer self)
{
  return dots_dot_get_instance_private (self);
}

static void
set_number (DotsDot *self, int *number, int value, DotsDotProperty property)
{
  if (*number == value)
    return;
  *number = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SUM]);
}

static void
dots_dot_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DotsDotPrivate *priv = get_private (object);

  switch ((DotsDotProperty) prop_id)
    {
    case PROP_X:
      g_value_set_int (value, priv->x);
      break;
    case PROP_Y:
      g_value_set_int (value, priv->y);
      break;
    case PROP_LABEL:
      g_value_set_string (value, priv->label);
      break;
    case PROP_BUS:
      g_value_set_enum (value, priv->bus);
      break;
    case PROP_SUM:
      g_value_set_int (value, priv->x + priv->y);
      break;
    case PROP_ORIGIN:
      g_value_set_string (value, priv->origin);
      break;
    case PROP_DOTS:
      g_value_set_object (value, priv->dots);
      break;
    case PROP_FRIEND:
      break;
    case PROP_SECRET:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dots_dot_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DotsDot        *self = DOTS_DOT (object);
  DotsDotPrivate *priv = get_private (self);

  switch ((DotsDotProperty) prop_id)
    {
    case PROP_X:
      set_number (self, &priv->x, g_value_get_int (value), PROP_X);
      break;
    case PROP_Y:
      set_number (self, &priv->y, g_value_get_int (value), PROP_Y);
      break;
    case PROP_LABEL:
      g_free (priv->label);
      priv->label = g_value_dup_string (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_BUS:
      priv->bus = g_value_get_enum (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_ORIGIN:
      priv->origin = g_value_dup_string (value);
      break;
    case PROP_SECRET:
    case PROP_FRIEND:
      break;
    case PROP_SUM:
    case PROP_DOTS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dots_dot_finalize (GObject *object)
{
  DotsDotPrivate *priv = get_private (object);

  g_free (priv->label);
  g_free (priv->origin);
  g_object_unref (priv->dots);
  g_atomic_int_add (&n_dots, -1);
  G_OBJECT_CLASS (dots_dot_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  props[PROP_X] = g_param_spec_int ("x", NULL, NULL, 0, 100, 0, flags);
  props[PROP_Y] = g_param_spec_int ("y", NULL, NULL, 0, 100, 0, flags);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  props[PROP_BUS] = g_param_spec_enum ("bus", NULL, NULL, G_TYPE_BUS_TYPE, G_BUS_TYPE_NONE, flags);
  props[PROP_SUM] = g_param_spec_int ("sum", NULL, NULL, 0, 200, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_ORIGIN] = g_param_spec_string ("origin", NULL, NULL, NULL, flags | G_PARAM_CONSTRUCT_ONLY);
  props[PROP_SECRET] = g_param_spec_string ("secret", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_DOTS] = g_param_spec_object ("dots", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_FRIEND] = g_param_spec_object ("friend", NULL, NULL, G_TYPE_OBJECT, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
dots_dot_class_init (DotsDotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dots_dot_get_property;
  object_class->set_property = dots_dot_set_property;
  object_class->finalize = dots_dot_finalize;
  install_properties (object_class);

  signals[SIGNAL_MOVED] = g_signal_new ("moved", DOTS_TYPE_DOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  signals[SIGNAL_MET] = g_signal_new ("met", DOTS_TYPE_DOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
}

static void
dots_dot_init (DotsDot *self)
{
  DotsDotPrivate *priv = get_private (self);

  priv->bus = G_BUS_TYPE_NONE;
  priv->dots = g_list_store_new (DOTS_TYPE_DOT);
  g_atomic_int_inc (&n_dots);
}

struct _DotsDisc
{
  DotsDot parent_instance;

  double radius;
};

static void
dots_disc_marked_init (DotsMarkedInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DotsDisc, dots_disc, DOTS_TYPE_DOT, G_IMPLEMENT_INTERFACE (DOTS_TYPE_MARKED, dots_disc_marked_init))

static void
dots_disc_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_double (value, DOTS_DISC (object)->radius);
}

static void
dots_disc_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DOTS_DISC (object)->radius = g_value_get_double (value);
}

static void
dots_disc_class_init (DotsDiscClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dots_disc_get_property;
  object_class->set_property = dots_disc_set_property;
  g_object_class_install_property (object_class,
                                   1,
                                   g_param_spec_double ("radius", NULL, NULL, 0, 10, 1, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
dots_disc_init (DotsDisc *self)
{
}

G_DEFINE_ABSTRACT_TYPE (DotsAbstract, dots_abstract, G_TYPE_OBJECT)

static void
dots_abstract_class_init (DotsAbstractClass *klass)
{
}

static void
dots_abstract_init (DotsAbstract *self)
{
}

DotsDot *
dots_dot_new (int x, int y)
{
  return g_object_new (DOTS_TYPE_DOT, "x", x, "y", y, NULL);
}

void
dots_dot_move (DotsDot *self, int x, int y)
{
  g_object_set (self, "x", x, "y", y, NULL);
  g_signal_emit (self, signals[SIGNAL_MOVED], 0, x, y);
}

int
dots_dot_get_x (DotsDot *self)
{
  return get_private (self)->x;
}

int
dots_count (void)
{
  return g_atomic_int_get (&n_dots);
}
