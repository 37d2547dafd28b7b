/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-plain-echo-private.h"

#include "mpel-plain-names-private.h"
#include "mpel-plain-values-private.h"
#include "mpel-value-private.h"

#define PROPERTIES_INTERFACE "org.freedesktop.DBus.Properties"

/* Where the news go. A handler that runs in another thread while the echo ends still has it. */
typedef struct
{
  gatomicrefcount ref_count;
  MpelPlainLines *lines;     /* (owned) */
  char           *path;      /* (owned) */
  char           *interface; /* (owned) */
  GThread        *thread;    /* (unowned) the main one: it alone reads properties */
} Mouth;

/* A signal, told by a closure of its own; notify is told by its pspec. */
typedef struct
{
  Mouth *mouth;  /* (owned) */
  char  *member; /* (owned) */
} Voice;

struct _MpelPlainEcho
{
  GObject *object;   /* (owned) */
  GArray  *handlers; /* (owned) ids */
};

static Mouth *
mouth_new (MpelPlainLines *lines, const char *path, const char *interface)
{
  Mouth *mouth = g_new0 (Mouth, 1);

  g_atomic_ref_count_init (&mouth->ref_count);
  mouth->lines = mpel_plain_lines_ref (lines);
  mouth->path = g_strdup (path);
  mouth->interface = g_strdup (interface);
  mouth->thread = g_thread_self ();
  return mouth;
}

static Mouth *
mouth_ref (Mouth *mouth)
{
  g_atomic_ref_count_inc (&mouth->ref_count);
  return mouth;
}

static void
mouth_unref (Mouth *mouth)
{
  if (!g_atomic_ref_count_dec (&mouth->ref_count))
    return;
  mpel_plain_lines_unref (mouth->lines);
  g_free (mouth->path);
  g_free (mouth->interface);
  g_free (mouth);
}

static void
voice_free (gpointer user_data, GClosure *closure)
{
  Voice *voice = user_data;

  mouth_unref (voice->mouth);
  g_free (voice->member);
  g_free (voice);
}

/* Returns: (transfer floating): what org.freedesktop.DBus.Properties.PropertiesChanged says. @value:
 * (nullable): NULL when it cannot be told: who wants it has to ask, and learns why not. */
static GVariant *
make_change (const char *interface, const char *member, GVariant *value)
{
  GVariantBuilder changed, invalidated;

  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&invalidated, G_VARIANT_TYPE_STRING_ARRAY);
  if (value != NULL)
    g_variant_builder_add (&changed, "{sv}", member, value);
  else
    g_variant_builder_add (&invalidated, "s", member);
  return g_variant_new ("(sa{sv}as)", interface, &changed, &invalidated);
}

/* In the thread that changes the property. From any but the main thread tools only hear that it has
 * changed, and may ask. */
static void
notify_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  Mouth           *mouth = user_data;
  g_autofree char *member = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) plain = NULL;

  if (mpel_plain_lines_is_empty (mouth->lines) || !(pspec->flags & G_PARAM_READABLE) || mpel_value_get_variant_type (pspec->value_type) == NULL)
    return;
  member = mpel_plain_name_to_member (pspec->name);
  if (g_thread_self () == mouth->thread)
    value = mpel_value_get_property (object, pspec->name, NULL);
  if (value != NULL)
    plain = mpel_plain_from_value (value, NULL);
  mpel_plain_lines_emit (mouth->lines, mouth->path, PROPERTIES_INTERFACE, "PropertiesChanged", make_change (mouth->interface, member, plain));
}

/* Returns: (transfer full) (nullable): NULL when it cannot travel */
static GVariant *
make_param (const GValue *value)
{
  g_autoptr (GVariant) variant = mpel_value_to_variant (value, NULL);

  return variant != NULL ? mpel_plain_from_value (variant, NULL) : NULL;
}

/* In the thread that emits. What the handlers before returned stays as it is. */
static void
marshal_cb (GClosure *closure, GValue *return_value, guint n_params, const GValue *params, gpointer hint, gpointer data)
{
  Voice *voice = closure->data;
  g_autoptr (GPtrArray) children = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  if (mpel_plain_lines_is_empty (voice->mouth->lines))
    return;
  for (guint i = 1; i < n_params; i++)
    {
      GVariant *child = make_param (&params[i]);

      if (child == NULL)
        return;
      g_ptr_array_add (children, child);
    }

  mpel_plain_lines_emit (voice->mouth->lines,
                         voice->mouth->path,
                         voice->mouth->interface,
                         voice->member,
                         g_variant_new_tuple ((GVariant *const *) children->pdata, children->len));
}

static gulong
connect_signal (GObject *object, const char *name, Mouth *mouth)
{
  Voice    *voice = g_new0 (Voice, 1);
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), voice);

  voice->mouth = mouth_ref (mouth);
  voice->member = mpel_plain_name_to_member (name);
  g_closure_add_finalize_notifier (closure, voice, voice_free);
  g_closure_set_marshal (closure, marshal_cb);
  return g_signal_connect_closure (object, name, closure, FALSE);
}

static void
connect_signals (MpelPlainEcho *self, GVariant *description, Mouth *mouth)
{
  g_autoptr (GVariant) signals = g_variant_get_child_value (description, 1);
  GVariantIter iter;
  const char  *name;

  g_variant_iter_init (&iter, signals);
  while (g_variant_iter_next (&iter, "(&s@as)", &name, NULL))
    {
      gulong handler = connect_signal (self->object, name, mouth);

      g_array_append_val (self->handlers, handler);
    }
}

static void
unref_mouth (gpointer mouth, GClosure *closure)
{
  mouth_unref (mouth);
}

MpelPlainEcho *
mpel_plain_echo_new (GObject *object, GVariant *description, MpelPlainLines *lines, const char *path, const char *interface)
{
  MpelPlainEcho *self = g_new0 (MpelPlainEcho, 1);
  Mouth         *mouth = mouth_new (lines, path, interface);
  gulong         handler;

  self->object = g_object_ref (object);
  self->handlers = g_array_new (FALSE, FALSE, sizeof (gulong));
  connect_signals (self, description, mouth);
  handler = g_signal_connect_data (object, "notify", G_CALLBACK (notify_cb), mouth, unref_mouth, 0);
  g_array_append_val (self->handlers, handler);
  return self;
}

void
mpel_plain_echo_free (MpelPlainEcho *self)
{
  /* An object that was disposed of has none. */
  for (guint i = 0; i < self->handlers->len; i++)
    if (g_signal_handler_is_connected (self->object, g_array_index (self->handlers, gulong, i)))
      g_signal_handler_disconnect (self->object, g_array_index (self->handlers, gulong, i));
  g_clear_pointer (&self->handlers, g_array_unref);
  g_clear_object (&self->object);
  g_free (self);
}
