/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "kinds.h"

#include "objects.h"

static const GParamFlags notifies = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

static void
set_int (GObject *object, int *place, int value, GParamSpec *pspec)
{
  if (*place == value)
    return;
  *place = value;
  g_object_notify_by_pspec (object, pspec);
}

/* ---- TestSpeaker ---- */

G_DEFINE_INTERFACE (TestSpeaker, test_speaker, G_TYPE_OBJECT)

static void
test_speaker_default_init (TestSpeakerInterface *iface)
{
}

static GVariant *
word (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_string (TEST_SPEAKER_GET_IFACE (object)->word);
}

/* ---- TestShape ---- */

typedef struct
{
  int sides;
} TestShapePrivate;

static void
test_shape_speaker_init (TestSpeakerInterface *iface)
{
  iface->word = "ho";
}

G_DEFINE_TYPE_WITH_CODE (TestShape,
                         test_shape,
                         G_TYPE_OBJECT,
                         G_ADD_PRIVATE (TestShape)
                           G_IMPLEMENT_INTERFACE (TEST_TYPE_SPEAKER, test_shape_speaker_init))

static int *
get_sides_place (gpointer shape)
{
  return &((TestShapePrivate *) test_shape_get_instance_private (shape))->sides;
}

static void
test_shape_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, *get_sides_place (object));
}

static void
test_shape_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  set_int (object, get_sides_place (object), g_value_get_int (value), pspec);
}

static void
test_shape_class_init (TestShapeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_shape_get_property;
  object_class->set_property = test_shape_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_int ("sides", NULL, NULL, 0, 100, 0, notifies));
}

static void
test_shape_init (TestShape *self)
{
  objects_note (self);
}

static GVariant *
shape_get_sides (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (*get_sides_place (object));
}

static GVariant *
shape_get_name (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_string ("shape");
}

/* ---- TestSquare ---- */

struct _TestSquare
{
  TestShape parent_instance;

  int width;
};

G_DEFINE_FINAL_TYPE (TestSquare, test_square, TEST_TYPE_SHAPE)

static void
test_square_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, TEST_SQUARE (object)->width);
}

static void
test_square_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  set_int (object, &TEST_SQUARE (object)->width, g_value_get_int (value), pspec);
}

static void
test_square_class_init (TestSquareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_square_get_property;
  object_class->set_property = test_square_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_int ("width", NULL, NULL, 0, G_MAXINT, 1, notifies));
}

static void
test_square_init (TestSquare *self)
{
  self->width = 1;
}

static GVariant *
square_get_name (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_string ("square");
}

static GVariant *
square_get_area (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const int width = TEST_SQUARE (object)->width;

  return g_variant_new_int32 (width * width);
}

/* ---- TestVault ---- */

typedef enum
{
  VAULT_SECRET = 1,
  VAULT_N_TOLD,
  VAULT_OTHER,
} TestVaultProperty;

struct _TestVault
{
  GObject parent_instance;

  int      n_told;
  GObject *other; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (TestVault, test_vault, G_TYPE_OBJECT)

static void
test_vault_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TestVault *self = TEST_VAULT (object);

  if (prop_id == VAULT_N_TOLD)
    g_value_set_int (value, self->n_told);
  else
    g_value_set_object (value, self->other);
}

static void
test_vault_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TestVault *self = TEST_VAULT (object);

  if (prop_id == VAULT_SECRET)
    self->n_told++;
  else
    g_set_object (&self->other, g_value_get_object (value));
}

static void
test_vault_finalize (GObject *object)
{
  g_clear_object (&TEST_VAULT (object)->other);

  G_OBJECT_CLASS (test_vault_parent_class)->finalize (object);
}

static void
test_vault_class_init (TestVaultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_vault_get_property;
  object_class->set_property = test_vault_set_property;
  object_class->finalize = test_vault_finalize;

  g_object_class_install_property (object_class,
                                   VAULT_SECRET,
                                   g_param_spec_string ("secret", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class,
                                   VAULT_N_TOLD,
                                   g_param_spec_int ("n-told", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, VAULT_OTHER, g_param_spec_object ("other", NULL, NULL, G_TYPE_OBJECT, notifies));
}

static void
test_vault_init (TestVault *self)
{
  objects_note (self);
}

/* ---- TestStranger ---- */

struct _TestStranger
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (TestStranger, test_stranger, G_TYPE_OBJECT)

static void
test_stranger_class_init (TestStrangerClass *klass)
{
}

static void
test_stranger_init (TestStranger *self)
{
}

/* ---- all of it ---- */

void
kinds_register (MpelWorker *worker)
{
  mpel_worker_add_class (worker, TEST_TYPE_SHAPE, NULL);
  mpel_worker_add_class (worker, TEST_TYPE_SQUARE, NULL);
  mpel_worker_add_class (worker, TEST_TYPE_VAULT, NULL);
  mpel_worker_add_method (worker, TEST_TYPE_SPEAKER, "word", word, NULL, NULL);
  mpel_worker_add_method (worker, TEST_TYPE_SHAPE, "get_sides", shape_get_sides, NULL, NULL);
  mpel_worker_add_method (worker, TEST_TYPE_SHAPE, "get_name", shape_get_name, NULL, NULL);
  mpel_worker_add_method (worker, TEST_TYPE_SQUARE, "get_name", square_get_name, NULL, NULL);
  mpel_worker_add_method (worker, TEST_TYPE_SQUARE, "get_area", square_get_area, NULL, NULL);
}
