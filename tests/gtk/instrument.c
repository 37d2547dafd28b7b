/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "instrument.h"

/* Changes come in steps of this, as many as are due. */
#define STEP_MS 1

/* The level goes up and down once in so many changes. */
#define PERIOD 2400

typedef enum
{
  PROP_READING = 1,
  PROP_SAMPLE,
  PROP_LEVEL,
  PROP_GAIN,
  PROP_NOTE,
} InstrumentProperty;

/* The same on both sides. */
typedef struct
{
  char  *texts[PROP_NOTE + 1];   /* (owned) (nullable) by the id of the property */
  double numbers[PROP_NOTE + 1]; /* so too */
} Places;

static void
places_clear (Places *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_clear_pointer (&self->texts[i], g_free);
}

static void
places_get (Places *self, guint id, GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, self->texts[id] != NULL ? self->texts[id] : "");
  else
    g_value_set_double (value, self->numbers[id]);
}

/* Returns whether it is another value. */
static gboolean
places_set (Places *self, guint id, const GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value) && g_strcmp0 (self->texts[id], g_value_get_string (value)) != 0)
    {
      g_free (self->texts[id]);
      self->texts[id] = g_value_dup_string (value);
      return TRUE;
    }
  if (G_VALUE_HOLDS_DOUBLE (value) && self->numbers[id] != g_value_get_double (value))
    {
      self->numbers[id] = g_value_get_double (value);
      return TRUE;
    }
  return FALSE;
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  g_object_class_install_property (object_class, PROP_READING, g_param_spec_string ("reading", NULL, NULL, "", flags));
  g_object_class_install_property (object_class, PROP_SAMPLE, g_param_spec_string ("sample", NULL, NULL, "", flags));
  g_object_class_install_property (object_class, PROP_LEVEL, g_param_spec_double ("level", NULL, NULL, 0, 100, 0, flags));
  g_object_class_install_property (object_class, PROP_GAIN, g_param_spec_double ("gain", NULL, NULL, 0, 100, 0, flags));
  g_object_class_install_property (object_class, PROP_NOTE, g_param_spec_string ("note", NULL, NULL, "", flags));
}

struct _InstrumentProxy
{
  MpelProxy parent_instance;
  Places    places;
};

G_DEFINE_FINAL_TYPE (InstrumentProxy, instrument_proxy, MPEL_TYPE_PROXY)

static void
instrument_proxy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  places_get (&TEST_INSTRUMENT_PROXY (object)->places, prop_id, value);
}

static void
instrument_proxy_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (places_set (&TEST_INSTRUMENT_PROXY (object)->places, prop_id, value))
    g_object_notify_by_pspec (object, pspec);
}

static void
instrument_proxy_finalize (GObject *object)
{
  places_clear (&TEST_INSTRUMENT_PROXY (object)->places);
  G_OBJECT_CLASS (instrument_proxy_parent_class)->finalize (object);
}

static void
instrument_proxy_class_init (InstrumentProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = instrument_proxy_get_property;
  object_class->set_property = instrument_proxy_set_property;
  object_class->finalize = instrument_proxy_finalize;
  install_properties (object_class);
}

static void
instrument_proxy_init (InstrumentProxy *self)
{
}

struct _Instrument
{
  GObject parent_instance;
  Places  places;
};

G_DEFINE_FINAL_TYPE (Instrument, instrument, G_TYPE_OBJECT)

static void
instrument_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  places_get (&TEST_INSTRUMENT (object)->places, prop_id, value);
}

static void
instrument_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (places_set (&TEST_INSTRUMENT (object)->places, prop_id, value))
    g_object_notify_by_pspec (object, pspec);
}

static void
instrument_finalize (GObject *object)
{
  places_clear (&TEST_INSTRUMENT (object)->places);
  G_OBJECT_CLASS (instrument_parent_class)->finalize (object);
}

static void
instrument_class_init (InstrumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = instrument_get_property;
  object_class->set_property = instrument_set_property;
  object_class->finalize = instrument_finalize;
  install_properties (object_class);
}

static void
instrument_init (Instrument *self)
{
}

char *
instrument_make_reading (guint n)
{
  return g_strdup_printf ("%u.%03u V", n / 1000, n % 1000);
}

char *
instrument_make_sample (guint n)
{
  return g_strdup_printf ("Sample %u", n);
}

double
instrument_make_level (guint n)
{
  int distance = (int) (n % PERIOD) - PERIOD / 2;

  return 100 - 100.0 * ABS (distance) / (PERIOD / 2);
}

typedef struct
{
  MpelInvocation *invocation; /* (owned) */
  guint           rate;       /* per second */
  guint           n_all;
  guint           n;
  gint64          begin_us;
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  g_object_unref (self->invocation);
  g_free (self);
}

static void
change (GObject *instrument, guint n)
{
  g_autofree char *reading = instrument_make_reading (n);
  g_autofree char *sample = instrument_make_sample (n);

  g_object_set (instrument, "reading", reading, "sample", sample, "level", instrument_make_level (n), NULL);
}

static gboolean
step_cb (gpointer user_data)
{
  Run   *self = user_data;
  gint64 duration_us = g_get_monotonic_time () - self->begin_us;
  gint64 n_due = duration_us * self->rate / G_USEC_PER_SEC;

  while (self->n < self->n_all && self->n < n_due)
    change (mpel_invocation_get_object (self->invocation), ++self->n);
  if (self->n < self->n_all)
    return G_SOURCE_CONTINUE;
  mpel_invocation_return_value (self->invocation, g_variant_new ("(ux)", self->n, duration_us));
  return G_SOURCE_REMOVE;
}

static void
run (MpelInvocation *invocation, gpointer user_data)
{
  Run  *self = g_new0 (Run, 1);
  guint n_seconds;

  g_variant_get (mpel_invocation_get_args (invocation), "(uu)", &self->rate, &n_seconds);
  self->n_all = self->rate * n_seconds;
  self->begin_us = g_get_monotonic_time ();
  self->invocation = g_object_ref (invocation);
  g_timeout_add_full (G_PRIORITY_DEFAULT, STEP_MS, step_cb, self, run_free);
}

static GVariant *
get_settings (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autofree char *note = NULL;
  double           gain;

  g_object_get (object, "gain", &gain, "note", &note, NULL);
  return g_variant_new ("(ds)", gain, note);
}

void
instrument_register (MpelWorker *worker)
{
  mpel_worker_add_class (worker, TYPE_INSTRUMENT, NULL);
  mpel_worker_add_method_handler (worker, TYPE_INSTRUMENT, "run", run, NULL, NULL);
  mpel_worker_add_method (worker, TYPE_INSTRUMENT, "get_settings", get_settings, NULL, NULL);
}
