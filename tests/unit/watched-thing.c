/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "watched-thing.h"

typedef enum
{
  PROP_X = 1,
  PROP_Y,
  PROP_TITLE,
  PROP_FRIEND,
  PROP_SECRET,
} WatchedThingProperty;

static GParamSpec *props[PROP_SECRET + 1];

struct _WatchedThing
{
  GObject parent_instance;

  GMutex mutex; /* for all below */
  int    x;
  int    y;
  char  *title;    /* (owned) (nullable) */
  GObject *friend; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (WatchedThing, watched_thing, G_TYPE_OBJECT)

static void
watched_thing_finalize (GObject *object)
{
  WatchedThing *self = WATCHED_THING (object);

  g_clear_object (&self->friend);
  g_free (self->title);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (watched_thing_parent_class)->finalize (object);
}

static void
watched_thing_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WatchedThing *self = WATCHED_THING (object);

  g_mutex_lock (&self->mutex);
  switch ((WatchedThingProperty) prop_id)
    {
    case PROP_X:
      g_value_set_int (value, self->x);
      break;
    case PROP_Y:
      g_value_set_int (value, self->y);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_FRIEND:
      g_value_set_object (value, self->friend);
      break;
    case PROP_SECRET:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
  g_mutex_unlock (&self->mutex);
}

static void
watched_thing_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WatchedThing *self = WATCHED_THING (object);

  g_mutex_lock (&self->mutex);
  switch ((WatchedThingProperty) prop_id)
    {
    case PROP_X:
      self->x = g_value_get_int (value);
      break;
    case PROP_Y:
      self->y = g_value_get_int (value);
      break;
    case PROP_TITLE:
      g_free (self->title);
      self->title = g_value_dup_string (value);
      break;
    case PROP_FRIEND:
      g_set_object (&self->friend, g_value_get_object (value));
      break;
    case PROP_SECRET:
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
  g_mutex_unlock (&self->mutex);
}

static void
add_signals (GObjectClass *klass)
{
  GType type = G_OBJECT_CLASS_TYPE (klass);

  g_signal_new ("plain", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  g_signal_new ("everything", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 18,
                G_TYPE_BOOLEAN, G_TYPE_CHAR, G_TYPE_UCHAR, G_TYPE_INT, G_TYPE_UINT, G_TYPE_LONG, G_TYPE_ULONG, G_TYPE_INT64, G_TYPE_UINT64,
                G_TYPE_FLOAT, G_TYPE_DOUBLE, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_STRV, G_TYPE_BYTES, G_TYPE_DATE_TIME, G_TYPE_VARIANT,
                G_TYPE_BUS_TYPE, G_TYPE_APPLICATION_FLAGS);
  g_signal_new ("met", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
  g_signal_new ("asked", type, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_INT);
  g_signal_new ("named", type, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_first_wins, NULL, NULL, G_TYPE_STRING, 0);
}

static void
watched_thing_class_init (WatchedThingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = watched_thing_finalize;
  object_class->get_property = watched_thing_get_property;
  object_class->set_property = watched_thing_set_property;

  props[PROP_X] = g_param_spec_int ("x", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_Y] = g_param_spec_int ("y", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_FRIEND] = g_param_spec_object ("friend", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_SECRET] = g_param_spec_int ("secret", NULL, NULL, 0, 100, 0, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
  add_signals (object_class);
}

static void
watched_thing_init (WatchedThing *self)
{
  g_mutex_init (&self->mutex);
}

WatchedThing *
watched_thing_new (void)
{
  return g_object_new (WATCHED_TYPE_THING, NULL);
}

void
watched_thing_set_x (WatchedThing *self, int x)
{
  g_object_set (self, "x", x, NULL);
}

void
watched_thing_set_title (WatchedThing *self, const char *title)
{
  g_object_set (self, "title", title, NULL);
}
