/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-builtins-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-value-private.h"

/* What each of them has at hand. */
typedef struct
{
  MpelObjects    *objects;
  MpelVariables  *variables;
  GObject        *object; /* (nullable) */
  MpelInvocation *invocation;
  GVariant       *args;
} Builtin;

/* Answers, or returns FALSE with an error. */
typedef gboolean (*BuiltinFunc) (Builtin *builtin,
                                 GError **error);

static void
answer_nothing (Builtin *builtin)
{
  mpel_invocation_return_value (builtin->invocation, g_variant_new_tuple (NULL, 0));
}

static gboolean
tell_state (Builtin *builtin, GError **error)
{
  g_autoptr (GVariant) state = mpel_value_collect_state (builtin->object, error);

  if (state == NULL)
    return FALSE;
  mpel_invocation_return_value (builtin->invocation, state);
  return TRUE;
}

/* A property that cannot be read has, for all that anybody can tell, the value that it was given. */
static gboolean
set_property (Builtin *builtin, GError **error)
{
  MpelReporter *reporter = mpel_objects_get_reporter (builtin->objects);
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) now = NULL;
  const char *name;

  g_variant_get (builtin->args, "(&sv)", &name, &value);
  if (!mpel_value_set_property (builtin->object, name, value, error))
    return FALSE;

  mpel_reporter_hold (reporter);
  now = mpel_value_get_property (builtin->object, name, NULL);
  mpel_invocation_return_value (builtin->invocation, g_variant_new_variant (now != NULL ? now : value));
  mpel_reporter_let_go (reporter);
  return TRUE;
}

/* The answer mentions the object. Till then it is held, lest the host be told of what it does not
 * know. */
static gboolean
watch (Builtin *builtin, GError **error)
{
  MpelReporter           *reporter = mpel_objects_get_reporter (builtin->objects);
  g_autofree const char **properties = NULL;
  g_autofree const char **getters = NULL;
  g_autofree const char **signal_names = NULL;
  g_autoptr (GVariant) watched = NULL;
  guint64 id;

  g_variant_get (builtin->args, "(^a&s^a&s^a&s)", &properties, &getters, &signal_names);
  id = mpel_objects_hold (builtin->objects, builtin->object);
  mpel_reporter_hold (reporter);
  watched = mpel_objects_watch (builtin->objects, id, properties, getters, signal_names);
  mpel_invocation_add_object (builtin->invocation, builtin->object);
  mpel_invocation_return_value (builtin->invocation, watched);
  mpel_reporter_let_go (reporter);
  mpel_objects_unhold (builtin->objects, id);
  return TRUE;
}

/* Returns: (transfer full) (nullable) */
static GListModel *
get_list_property (GObject *object, const char *name, GError **error)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), name);
  GListModel *list = NULL;

  if (pspec != NULL && (pspec->flags & G_PARAM_READABLE) && g_type_is_a (pspec->value_type, G_TYPE_LIST_MODEL))
    g_object_get (object, name, &list, NULL);
  if (list == NULL)
    g_set_error (error,
                 MPEL_LOOP_ERROR,
                 MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                 "Property “%s” of %s holds no list",
                 name,
                 G_OBJECT_TYPE_NAME (object));
  return list;
}

static GListModel *
get_list (GObject *object, const char *name, GError **error)
{
  if (*name != '\0')
    return get_list_property (object, name, error);
  if (G_IS_LIST_MODEL (object))
    return G_LIST_MODEL (g_object_ref (object));
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "%s is no list", G_OBJECT_TYPE_NAME (object));
  return NULL;
}

static gboolean
list (Builtin *builtin, GError **error)
{
  g_autoptr (GListModel) model = NULL;
  const char *property;
  guint64     id;

  g_variant_get (builtin->args, "(&st)", &property, &id);
  model = get_list (builtin->object, property, error);
  if (model == NULL || !mpel_objects_watch_list (builtin->objects, model, id, error))
    return FALSE;
  answer_nothing (builtin);
  return TRUE;
}

static gboolean
describe (Builtin *builtin, GError **error)
{
  const char *name;

  g_variant_get (builtin->args, "(&s)", &name);
  if (!mpel_objects_describe (builtin->objects, name, error))
    return FALSE;
  answer_nothing (builtin);
  return TRUE;
}

static gboolean
save (Builtin *builtin, GError **error)
{
  MpelMentions *mentions = mpel_invocation_get_mentions (builtin->invocation);

  if (!mpel_variables_save (builtin->variables, mpel_invocation_get_kwargs (builtin->invocation), mentions->objects, error))
    return FALSE;
  answer_nothing (builtin);
  return TRUE;
}

static const struct
{
  const char *name;
  const char *args;
  gboolean    needs_object;
  BuiltinFunc func;
} builtins[] = {
  { MPEL_BUILTIN_STATE, "()", TRUE, tell_state },
  { MPEL_BUILTIN_SET, "(sv)", TRUE, set_property },
  { MPEL_BUILTIN_WATCH, "(asasas)", TRUE, watch },
  { MPEL_BUILTIN_LIST, "(st)", TRUE, list },
  { MPEL_BUILTIN_DESCRIBE, "(s)", FALSE, describe },
  { MPEL_BUILTIN_SAVE, "()", FALSE, save },
};

gboolean
mpel_builtins_have (const char *name)
{
  return g_str_has_prefix (name, MPEL_BUILTIN_PREFIX);
}

static gboolean
run (Builtin *builtin, GError **error)
{
  const char *name = mpel_invocation_get_target (builtin->invocation);

  for (guint i = 0; i < G_N_ELEMENTS (builtins); i++)
    {
      if (!g_str_equal (builtins[i].name, name) || builtins[i].needs_object != (builtin->object != NULL))
        continue;
      return mpel_invocation_check_args (builtin->invocation, builtins[i].args, error) && builtins[i].func (builtin, error);
    }

  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_TARGET, "Nothing that is built in is called “%s” here", name);
  return FALSE;
}

void
mpel_builtins_run (MpelObjects *objects, MpelVariables *variables, GObject *object, MpelInvocation *invocation)
{
  Builtin builtin = { objects, variables, object, invocation, mpel_invocation_get_args (invocation) };
  GError *error = NULL;

  if (!run (&builtin, &error))
    mpel_invocation_return_error_take (invocation, error);
}

void
mpel_builtins_run_value (const char *variable, GVariant *value, MpelInvocation *invocation)
{
  const char *name = mpel_invocation_get_target (invocation);

  if (g_str_equal (name, MPEL_BUILTIN_STATE))
    mpel_invocation_return_value (invocation, value);
  else
    mpel_invocation_return_error_take (invocation,
                                       g_error_new (MPEL_LOOP_ERROR,
                                                    MPEL_LOOP_ERROR_NO_SUCH_TARGET,
                                                    "The variable “%s” is a value, which has no method “%s”",
                                                    variable,
                                                    name));
}
