/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <mpel/mpel.h>

#define DEMO_TYPE_POINT (demo_point_get_type ())
G_DECLARE_FINAL_TYPE (DemoPoint, demo_point, DEMO, POINT, GObject)

struct _DemoPoint
{
  GObject     parent_instance;
  int         x;
  int         y;
  int         z;
  GListStore *trail; /* (owned) where it has been */
};

G_DEFINE_FINAL_TYPE (DemoPoint, demo_point, G_TYPE_OBJECT)

enum
{
  PROP_X = 1,
  PROP_Y,
  PROP_TEXT,
  PROP_TRAIL,
};

static guint moved_signal;

static void
demo_point_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DemoPoint *self = DEMO_POINT (object);

  if (prop_id == PROP_TEXT)
    g_value_take_string (value, g_strdup_printf ("(%d, %d)", self->x, self->y));
  else if (prop_id == PROP_TRAIL)
    g_value_set_object (value, self->trail);
  else
    g_value_set_int (value, prop_id == PROP_X ? self->x : self->y);
}

static void
demo_point_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DemoPoint *self = DEMO_POINT (object);

  *(prop_id == PROP_X ? &self->x : &self->y) = g_value_get_int (value);
  g_object_notify (object, "text");
}

static void
demo_point_finalize (GObject *object)
{
  g_object_unref (DEMO_POINT (object)->trail);
  G_OBJECT_CLASS (demo_point_parent_class)->finalize (object);
}

static void
demo_point_class_init (DemoPointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = demo_point_get_property;
  object_class->set_property = demo_point_set_property;
  object_class->finalize = demo_point_finalize;

  g_object_class_install_property (object_class, PROP_X, g_param_spec_int ("x", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, PROP_Y, g_param_spec_int ("y", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, PROP_TEXT, g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE));
  g_object_class_install_property (object_class, PROP_TRAIL, g_param_spec_object ("trail", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE));
  moved_signal = g_signal_new ("moved", DEMO_TYPE_POINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
demo_point_init (DemoPoint *self)
{
  self->trail = g_list_store_new (DEMO_TYPE_POINT);
}

static GVariant *
move (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  DemoPoint *self = DEMO_POINT (object);
  g_autoptr (DemoPoint) here = NULL;
  int x, y, z;

  if (!mpel_invocation_check_args (invocation, "(iii)", error))
    return NULL;

  g_variant_get (args, "(iii)", &x, &y, &z);
  here = g_object_new (DEMO_TYPE_POINT, "x", self->x, "y", self->y, NULL);
  g_list_store_append (self->trail, here);
  g_object_set (self, "x", x, "y", y, NULL);
  self->z = z;
  g_signal_emit (self, moved_signal, 0, x, y);
  return g_variant_new_tuple (NULL, 0);
}

static GVariant *
get_z (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (DEMO_POINT (object)->z);
}

/* An object that stays here: the host gets a proxy of it. */
static GVariant *
neighbour (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  DemoPoint *self = DEMO_POINT (object);
  g_autoptr (GObject) other = g_object_new (DEMO_TYPE_POINT, "x", self->x + 1, "y", self->y, NULL);

  return g_variant_new_handle (mpel_invocation_add_object (invocation, other));
}

/* An object among the arguments: the one that the host has a proxy of. */
static GVariant *
distance (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  DemoPoint *self = DEMO_POINT (object);
  GObject   *other;
  int        handle;

  if (!mpel_invocation_check_args (invocation, "(h)", error))
    return NULL;

  g_variant_get (args, "(h)", &handle);
  other = mpel_invocation_lookup_object (invocation, handle, error);
  if (other == NULL)
    return NULL;
  return g_variant_new_int32 (ABS (DEMO_POINT (other)->x - self->x) + ABS (DEMO_POINT (other)->y - self->y));
}

/* Before the first event. */
static gboolean
initialize (MpelWorker *worker, gpointer user_data, GError **error)
{
  g_autoptr (GObject) origin = g_object_new (DEMO_TYPE_POINT, NULL);

  mpel_worker_set_variable (worker, "origin", origin);
  return TRUE;
}

int
main (void)
{
  MpelWorker *worker = mpel_worker_get_default ();

  if (worker == NULL)
    return 1;
  mpel_worker_set_initializer (worker, initialize, NULL, NULL);
  mpel_worker_add_class (worker, DEMO_TYPE_POINT, "Point");
  mpel_worker_add_method (worker, DEMO_TYPE_POINT, "move", move, NULL, NULL);
  mpel_worker_add_method (worker, DEMO_TYPE_POINT, "get_z", get_z, NULL, NULL);
  mpel_worker_add_method (worker, DEMO_TYPE_POINT, "neighbour", neighbour, NULL, NULL);
  mpel_worker_add_method (worker, DEMO_TYPE_POINT, "distance", distance, NULL, NULL);
  return mpel_worker_run (worker);
}
