/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "objects.h"

#include <unistd.h>

static GVariant *
unit (void)
{
  return g_variant_new_tuple (NULL, 0);
}

static gint n_instances = 0;

int
objects_count (void)
{
  return g_atomic_int_get (&n_instances);
}

static void
gone_cb (gpointer unused, GObject *was)
{
  g_atomic_int_add (&n_instances, -1);
}

void
objects_note (gpointer instance)
{
  g_atomic_int_inc (&n_instances);
  g_object_weak_ref (instance, gone_cb, NULL);
}

/* Objects whose properties are all ints, one behind the other. */
static void
set_int (GObject *object, int *place, int value, const char *name)
{
  if (*place == value)
    return;
  *place = value;
  g_object_notify (object, name);
}

static void
install_int (GObjectClass *klass, guint id, const char *name)
{
  g_object_class_install_property (klass,
                                   id,
                                   g_param_spec_int (name, NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
}

struct _TestPoint
{
  GObject parent_instance;

  int places[2];
  int z;
};

G_DEFINE_FINAL_TYPE (TestPoint, test_point, G_TYPE_OBJECT)

static guint moved_signal;

static void
test_point_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, TEST_POINT (object)->places[prop_id - 1]);
}

static void
test_point_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  set_int (object, &TEST_POINT (object)->places[prop_id - 1], g_value_get_int (value), pspec->name);
}

static void
test_point_class_init (TestPointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_point_get_property;
  object_class->set_property = test_point_set_property;
  install_int (object_class, 1, "x");
  install_int (object_class, 2, "y");
  moved_signal = g_signal_new ("moved", TEST_TYPE_POINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
test_point_init (TestPoint *self)
{
  objects_note (self);
}

static GVariant *
point_get_z (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (TEST_POINT (object)->z);
}

static GVariant *
point_set_z (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  if (!mpel_invocation_check_args (invocation, "(i)", error))
    return NULL;
  g_variant_get (args, "(i)", &TEST_POINT (object)->z);
  return unit ();
}

static GVariant *
point_move (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int x, y;

  if (!mpel_invocation_check_args (invocation, "(iii)", error))
    return NULL;
  g_variant_get (args, "(iii)", &x, &y, &TEST_POINT (object)->z);
  g_object_set (object, "x", x, "y", y, NULL);
  g_signal_emit (object, moved_signal, 0, x, y);
  return unit ();
}

struct _TestAbc
{
  GObject parent_instance;

  int places[3];
};

G_DEFINE_FINAL_TYPE (TestAbc, test_abc, G_TYPE_OBJECT)

static void
test_abc_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, TEST_ABC (object)->places[prop_id - 1]);
}

static void
test_abc_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  set_int (object, &TEST_ABC (object)->places[prop_id - 1], g_value_get_int (value), pspec->name);
}

static void
test_abc_class_init (TestAbcClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_abc_get_property;
  object_class->set_property = test_abc_set_property;
  install_int (object_class, 1, "a");
  install_int (object_class, 2, "b");
  install_int (object_class, 3, "c");
}

static void
test_abc_init (TestAbc *self)
{
  objects_note (self);
}

static GVariant *
abc_calc_c (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  TestAbc *self = TEST_ABC (object);

  g_object_set (self, "c", self->places[0] + self->places[1], NULL);
  return unit ();
}

GType
test_color_get_type (void)
{
  static const GEnumValue values[] = {
    { TEST_COLOR_RED, "TEST_COLOR_RED", "red" },
    { TEST_COLOR_GREEN, "TEST_COLOR_GREEN", "green" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TestColor", values));
  return type;
}

GType
test_sides_get_type (void)
{
  static const GFlagsValue values[] = {
    { TEST_SIDES_LEFT, "TEST_SIDES_LEFT", "left" },
    { TEST_SIDES_RIGHT, "TEST_SIDES_RIGHT", "right" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_flags_register_static ("TestSides", values));
  return type;
}

enum
{
  ALL_BOOLEAN = 1,
  ALL_CHAR,
  ALL_UCHAR,
  ALL_INT,
  ALL_UINT,
  ALL_LONG,
  ALL_ULONG,
  ALL_INT64,
  ALL_UINT64,
  ALL_FLOAT,
  ALL_DOUBLE,
  ALL_STRING,
  ALL_ENUM,
  ALL_FLAGS,
  ALL_STRV,
  ALL_BYTES,
  ALL_VARIANT,
  ALL_GTYPE,
  ALL_DATE_TIME,
  N_ALL,
};

struct _TestAll
{
  GObject parent_instance;

  GValue values[N_ALL]; /* by the id of the property */
};

G_DEFINE_FINAL_TYPE (TestAll, test_all, G_TYPE_OBJECT)

static void
test_all_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_copy (&TEST_ALL (object)->values[prop_id], value);
}

static void
test_all_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  g_value_copy (value, &TEST_ALL (object)->values[prop_id]);
}

static void
test_all_finalize (GObject *object)
{
  for (guint i = 1; i < N_ALL; i++)
    g_value_unset (&TEST_ALL (object)->values[i]);

  G_OBJECT_CLASS (test_all_parent_class)->finalize (object);
}

static void
test_all_class_init (TestAllClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GParamSpec       *props[N_ALL] = {
          [ALL_BOOLEAN] = g_param_spec_boolean ("boolean", NULL, NULL, FALSE, flags),
          [ALL_CHAR] = g_param_spec_char ("char", NULL, NULL, G_MININT8, G_MAXINT8, 0, flags),
          [ALL_UCHAR] = g_param_spec_uchar ("uchar", NULL, NULL, 0, G_MAXUINT8, 0, flags),
          [ALL_INT] = g_param_spec_int ("int", NULL, NULL, G_MININT, G_MAXINT, 0, flags),
          [ALL_UINT] = g_param_spec_uint ("uint", NULL, NULL, 0, G_MAXUINT, 0, flags),
          [ALL_LONG] = g_param_spec_long ("long", NULL, NULL, G_MINLONG, G_MAXLONG, 0, flags),
          [ALL_ULONG] = g_param_spec_ulong ("ulong", NULL, NULL, 0, G_MAXULONG, 0, flags),
          [ALL_INT64] = g_param_spec_int64 ("int64", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags),
          [ALL_UINT64] = g_param_spec_uint64 ("uint64", NULL, NULL, 0, G_MAXUINT64, 0, flags),
          [ALL_FLOAT] = g_param_spec_float ("float", NULL, NULL, -G_MAXFLOAT, G_MAXFLOAT, 0, flags),
          [ALL_DOUBLE] = g_param_spec_double ("double", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags),
          [ALL_STRING] = g_param_spec_string ("string", NULL, NULL, NULL, flags),
          [ALL_ENUM] = g_param_spec_enum ("enum", NULL, NULL, test_color_get_type (), TEST_COLOR_RED, flags),
          [ALL_FLAGS] = g_param_spec_flags ("flags", NULL, NULL, test_sides_get_type (), 0, flags),
          [ALL_STRV] = g_param_spec_boxed ("strv", NULL, NULL, G_TYPE_STRV, flags),
          [ALL_BYTES] = g_param_spec_boxed ("bytes", NULL, NULL, G_TYPE_BYTES, flags),
          [ALL_VARIANT] = g_param_spec_variant ("variant", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, flags),
          [ALL_GTYPE] = g_param_spec_gtype ("gtype", NULL, NULL, G_TYPE_NONE, flags),
          [ALL_DATE_TIME] = g_param_spec_boxed ("date-time", NULL, NULL, G_TYPE_DATE_TIME, flags),
  };

  object_class->get_property = test_all_get_property;
  object_class->set_property = test_all_set_property;
  object_class->finalize = test_all_finalize;
  g_object_class_install_properties (object_class, N_ALL, props);
}

static void
test_all_init (TestAll *self)
{
  guint                   n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self), &n_pspecs);

  objects_note (self);
  for (guint i = 0; i < n_pspecs; i++)
    {
      GValue *value = &self->values[pspecs[i]->param_id];

      g_value_init (value, pspecs[i]->value_type);
      g_param_value_set_default (pspecs[i], value);
    }
}

typedef enum
{
  SCALE_LEVEL = 1,
  SCALE_LIMIT,
  SCALE_COUNT,
  SCALE_MODE,
} TestScaleProperty;

struct _TestScale
{
  GObject parent_instance;

  int        level;
  int        limit;
  int        count;
  char      *mode; /* (owned) (nullable) */
  TestScale *twin; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (TestScale, test_scale, G_TYPE_OBJECT)

static guint swept_signal;

static void
test_scale_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TestScale *self = TEST_SCALE (object);

  switch ((TestScaleProperty) prop_id)
    {
    case SCALE_LEVEL:
      g_value_set_int (value, self->level);
      break;
    case SCALE_LIMIT:
      g_value_set_int (value, self->limit);
      break;
    case SCALE_COUNT:
      g_value_set_int (value, self->count);
      break;
    case SCALE_MODE:
      g_value_set_string (value, self->mode);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
test_scale_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TestScale *self = TEST_SCALE (object);

  switch ((TestScaleProperty) prop_id)
    {
    case SCALE_LEVEL:
      set_int (object, &self->level, CLAMP (g_value_get_int (value), 0, 100), "level");
      break;
    case SCALE_LIMIT:
      set_int (object, &self->limit, g_value_get_int (value), "limit");
      break;
    case SCALE_MODE:
      self->mode = g_value_dup_string (value);
      break;
    case SCALE_COUNT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
test_scale_finalize (GObject *object)
{
  TestScale *self = TEST_SCALE (object);

  g_clear_object (&self->twin);
  g_free (self->mode);

  G_OBJECT_CLASS (test_scale_parent_class)->finalize (object);
}

static void
test_scale_class_init (TestScaleClass *klass)
{
  const GParamFlags notifies = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_scale_get_property;
  object_class->set_property = test_scale_set_property;
  object_class->finalize = test_scale_finalize;

  install_int (object_class, SCALE_LEVEL, "level");
  g_object_class_install_property (object_class, SCALE_LIMIT, g_param_spec_int ("limit", NULL, NULL, 0, 10, 0, notifies));
  g_object_class_install_property (object_class,
                                   SCALE_COUNT,
                                   g_param_spec_int ("count", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class,
                                   SCALE_MODE,
                                   g_param_spec_string ("mode", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
  swept_signal = g_signal_new ("swept", TEST_TYPE_SCALE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
}

static void
test_scale_init (TestScale *self)
{
  objects_note (self);
}

static GVariant *
scale_bump (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int by;

  if (!mpel_invocation_check_args (invocation, "(i)", error))
    return NULL;
  g_variant_get (args, "(i)", &by);
  TEST_SCALE (object)->count += by;
  g_object_notify (object, "count");
  return g_variant_new_int32 (TEST_SCALE (object)->count);
}

static GVariant *
scale_sweep (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  static const char *const marks[] = { "begin", "end", NULL };
  int                      from, to;

  if (!mpel_invocation_check_args (invocation, "(ii)", error))
    return NULL;
  g_variant_get (args, "(ii)", &from, &to);
  for (int i = from; i <= to; i++)
    g_object_set (object, "level", i % 101, NULL);
  g_signal_emit (object, swept_signal, 0, NULL, marks);
  return unit ();
}

static GVariant *
scale_get_twin (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  TestScale *self = TEST_SCALE (object);

  if (self->twin == NULL)
    self->twin = g_object_new (TEST_TYPE_SCALE, "level", self->level + 1, "mode", "twin", NULL);
  return g_variant_new_handle (mpel_invocation_add_object (invocation, G_OBJECT (self->twin)));
}

static GVariant *
scale_get_level_text (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_take_string (g_strdup_printf ("level %d", TEST_SCALE (object)->level));
}

static GVariant *
scale_crash (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  _exit (7);
}

static const struct
{
  GType (*get_type) (void);
  const char    *name;
  MpelMethodFunc func;
} methods[] = {
  { test_point_get_type, "get_z", point_get_z },
  { test_point_get_type, "set_z", point_set_z },
  { test_point_get_type, "move", point_move },
  { test_abc_get_type, "calc_c", abc_calc_c },
  { test_scale_get_type, "bump", scale_bump },
  { test_scale_get_type, "sweep", scale_sweep },
  { test_scale_get_type, "get_twin", scale_get_twin },
  { test_scale_get_type, "get_level_text", scale_get_level_text },
  { test_scale_get_type, "crash", scale_crash },
};

void
objects_register (MpelWorker *worker)
{
  g_autoptr (GObject) origin = g_object_new (TEST_TYPE_POINT, NULL);

  mpel_worker_add_class (worker, TEST_TYPE_POINT, NULL);
  mpel_worker_add_class (worker, TEST_TYPE_ABC, NULL);
  mpel_worker_add_class (worker, TEST_TYPE_ALL, NULL);
  mpel_worker_add_class (worker, TEST_TYPE_SCALE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    mpel_worker_add_method (worker, methods[i].get_type (), methods[i].name, methods[i].func, NULL, NULL);
  mpel_worker_set_variable (worker, "origin", origin);
}
