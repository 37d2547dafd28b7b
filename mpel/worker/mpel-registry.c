/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-registry-private.h"

#include "mpel-loop-error.h"
#include "mpel-runnable-private.h"
#include "mpel-value-private.h"

#define FALLBACK "*"

/* A target may remove or replace itself while it runs, so running one holds a reference. */
typedef struct
{
  grefcount       ref_count;
  MpelTargetFunc  function; /* exactly one of the two is set */
  MpelHandlerFunc handler;
  gpointer        user_data;
  GDestroyNotify  destroy; /* (nullable) */
} Target;

struct _MpelRegistry
{
  GHashTable *targets;  /* (owned) (owned) name → (owned) Target */
  Target     *fallback; /* (unowned) (nullable) the one named `*` */
};

static Target *
target_new (gpointer user_data, GDestroyNotify destroy)
{
  Target *target = g_new0 (Target, 1);

  g_ref_count_init (&target->ref_count);
  target->user_data = user_data;
  target->destroy = destroy;
  return target;
}

static Target *
target_ref (Target *target)
{
  g_ref_count_inc (&target->ref_count);
  return target;
}

static void
target_unref (Target *target)
{
  if (!g_ref_count_dec (&target->ref_count))
    return;
  if (target->destroy != NULL)
    target->destroy (target->user_data);
  g_free (target);
}

MpelRegistry *
mpel_registry_new (void)
{
  MpelRegistry *self = g_new0 (MpelRegistry, 1);

  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) target_unref);
  return self;
}

void
mpel_registry_free (MpelRegistry *self)
{
  g_clear_pointer (&self->targets, g_hash_table_unref);
  g_free (self);
}

static void
insert (MpelRegistry *self, const char *name, Target *target)
{
  g_hash_table_replace (self->targets, g_strdup (name), target);
  self->fallback = g_hash_table_lookup (self->targets, FALLBACK);
}

void
mpel_registry_add_function (MpelRegistry *self, const char *name, MpelTargetFunc func, gpointer user_data, GDestroyNotify destroy)
{
  Target *target = target_new (user_data, destroy);

  target->function = func;
  insert (self, name, target);
}

void
mpel_registry_add_handler (MpelRegistry *self, const char *name, MpelHandlerFunc func, gpointer user_data, GDestroyNotify destroy)
{
  Target *target = target_new (user_data, destroy);

  target->handler = func;
  insert (self, name, target);
}

gboolean
mpel_registry_remove (MpelRegistry *self, const char *name)
{
  gboolean found = g_hash_table_remove (self->targets, name);

  self->fallback = g_hash_table_lookup (self->targets, FALLBACK);
  return found;
}

static void
run_function (Target *target, MpelInvocation *invocation)
{
  GError   *error = NULL;
  GVariant *returned = target->function (invocation,
                                         mpel_invocation_get_args (invocation),
                                         mpel_invocation_get_kwargs (invocation),
                                         target->user_data,
                                         &error);

  mpel_invocation_answer_with (invocation, returned, error);
}

void
mpel_registry_run_target (MpelRegistry *self, MpelInvocation *invocation)
{
  const char *name = mpel_invocation_get_target (invocation);
  Target     *target = g_hash_table_lookup (self->targets, name);

  if (target == NULL)
    target = self->fallback;
  if (target == NULL)
    {
      mpel_invocation_return_error_take (invocation,
                                         g_error_new (MPEL_LOOP_ERROR,
                                                      MPEL_LOOP_ERROR_NO_SUCH_TARGET,
                                                      "The worker has no target “%s”",
                                                      name));
      return;
    }

  target_ref (target);
  if (target->function != NULL)
    run_function (target, invocation);
  else
    target->handler (invocation, target->user_data);
  target_unref (target);
}

/* Returns G_TYPE_INVALID with an error when no event can be made of it. */
static GType
find_event_class (const char *name, GError **error)
{
  GType type = g_type_from_name (name);

  if (type != G_TYPE_INVALID && g_type_is_a (type, MPEL_TYPE_RUNNABLE) && !G_TYPE_IS_ABSTRACT (type))
    return type;

  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_NO_SUCH_TARGET,
               type == G_TYPE_INVALID ? "The worker has no event class “%s”" : "“%s” is no event class that can run",
               name);
  return G_TYPE_INVALID;
}

static GVariant *
add_arguments (GVariant *properties, MpelInvocation *invocation)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (properties);

  g_variant_dict_insert (&dict, "args", "mv", mpel_invocation_get_args (invocation));
  g_variant_dict_insert (&dict, "kwargs", "mv", mpel_invocation_get_kwargs (invocation));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* Makes an event like the host's, and lets it run. */
void
mpel_registry_run_class (MpelRegistry *self, MpelInvocation *invocation, GVariant *properties)
{
  g_autoptr (GVariant) state = add_arguments (properties, invocation);
  g_autoptr (GObject) event = NULL;
  GError   *error = NULL;
  GType     type = find_event_class (mpel_invocation_get_target (invocation), &error);
  GVariant *returned = NULL;

  if (type != G_TYPE_INVALID)
    event = mpel_value_construct (type, state, &error);
  if (event != NULL)
    returned = mpel_runnable_run (MPEL_RUNNABLE (event), invocation, &error);

  mpel_invocation_answer_with (invocation, returned, error);
}
