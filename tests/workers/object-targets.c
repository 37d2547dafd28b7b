/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "object-targets.h"

#include "kinds.h"
#include "mpel-flow.h"
#include "objects.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* See object-targets.h. */

static GVariant *
unit (void)
{
  return g_variant_new_tuple (NULL, 0);
}

static GVariant *
answer_pid (void)
{
  return g_variant_new ("(i)", getpid ());
}

static GVariant *
die (void)
{
  kill (getpid (), SIGKILL);
  return NULL;
}

/* ---- methods of TestPoint ---- */

static int
add_new_point (MpelInvocation *invocation, int x, int y)
{
  g_autoptr (TestPoint) made = g_object_new (TEST_TYPE_POINT, "x", x, "y", y, NULL);

  return mpel_invocation_add_object (invocation, G_OBJECT (made));
}

static GVariant *
move_often (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int n;

  if (!mpel_invocation_check_args (invocation, "(i)", error))
    return NULL;
  g_variant_get (args, "(i)", &n);
  for (int i = 1; i <= n; i++)
    g_object_set (object, "x", i, "y", -i, NULL);
  return unit ();
}

static GVariant *
neighbour (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int x, y;

  g_object_get (object, "x", &x, "y", &y, NULL);
  return g_variant_new_handle (add_new_point (invocation, x + 1, y));
}

static GVariant *
die_with_point (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return die ();
}

/* ---- methods of TestAbc ---- */

/* Returns: (transfer full): such as “ABC(a=1, b=2, c=0)” */
static char *
print_abc (gpointer abc)
{
  int a, b, c;

  g_object_get (abc, "a", &a, "b", &b, "c", &c, NULL);
  return g_strdup_printf ("ABC(a=%d, b=%d, c=%d)", a, b, c);
}

static GVariant *
repr (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_take_string (print_abc (object));
}

static gboolean
calc_cb (gpointer user_data)
{
  MpelInvocation *invocation = user_data;
  GObject        *object = mpel_invocation_get_object (invocation);
  int             a, b;

  g_object_get (object, "a", &a, "b", &b, NULL);
  g_object_set (object, "c", a + b, NULL);
  mpel_invocation_return_value (invocation, g_variant_new_string ("later"));
  return G_SOURCE_REMOVE;
}

static void
calc_later (MpelInvocation *invocation, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_LOW, calc_cb, g_object_ref (invocation), g_object_unref);
}

static GVariant *
pid_of_object (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return answer_pid ();
}

static GVariant *
is_me (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GObject *other;
  int      handle;

  if (!mpel_invocation_check_args (invocation, "(h)", error))
    return NULL;
  g_variant_get (args, "(h)", &handle);
  other = mpel_invocation_lookup_object (invocation, handle, error);
  return other != NULL ? g_variant_new_boolean (other == object) : NULL;
}

static GVariant *
wait_with_object (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return mpel_gate_target (invocation, args, kwargs, NULL, error);
}

static GVariant *
fail (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "not now");
  return NULL;
}

/* ---- targets ---- */

static gboolean
print_object (GString *text, MpelInvocation *invocation, int handle, GError **error)
{
  GObject         *object = mpel_invocation_lookup_object (invocation, handle, error);
  g_autofree char *printed = NULL;

  if (object == NULL)
    return FALSE;
  if (TEST_IS_ABC (object))
    printed = print_abc (object);
  else
    printed = g_strdup_printf ("<%s>", G_OBJECT_TYPE_NAME (object));
  g_string_append (text, printed);
  return TRUE;
}

static gboolean
print_value (GString *text, MpelInvocation *invocation, GVariant *value, GError **error)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
    return print_object (text, invocation, g_variant_get_handle (value), error);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    g_string_append (text, g_variant_get_string (value, NULL));
  else
    g_variant_print_string (value, text, FALSE);
  return TRUE;
}

static void
space (GString *text)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
print_named (GString *text, MpelInvocation *invocation, GVariant *kwargs, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GVariantIter iter;
  const char  *name;

  g_variant_iter_init (&iter, kwargs);
  while (g_variant_iter_next (&iter, "{&sv}", &name, NULL))
    g_ptr_array_add (names, (gpointer) name);
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (kwargs, names->pdata[i], NULL);

      space (text);
      g_string_append_printf (text, "%s=", (const char *) names->pdata[i]);
      if (!print_value (text, invocation, value, error))
        return FALSE;
    }
  return TRUE;
}

static GVariant *
print (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (args); i++)
    {
      g_autoptr (GVariant) value = g_variant_get_child_value (args, i);

      space (text);
      if (!print_value (text, invocation, value, error))
        return NULL;
    }
  return print_named (text, invocation, kwargs, error) ? g_variant_new_string (text->str) : NULL;
}

static GVariant *
instances (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", objects_count ());
}

static GVariant *
pid (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return answer_pid ();
}

static GVariant *
echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_ref (args);
}

/* Objects in it stay what they are. */
static GVariant *
named (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GVariantBuilder dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantIter    iter;
  const char     *name;
  GVariant       *value;

  g_variant_iter_init (&iter, kwargs);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      GObject *object = NULL;

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_HANDLE))
        object = mpel_invocation_lookup_object (invocation, g_variant_get_handle (value), NULL);
      g_variant_builder_add (&dict, "{sv}", name, object != NULL ? g_variant_new_handle (mpel_invocation_add_object (invocation, object)) : value);
    }
  return g_variant_builder_end (&dict);
}

static GVariant *
die_alone (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return die ();
}

static GVariant *
make_point (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int x, y;

  if (!mpel_invocation_check_args (invocation, "(ii)", error))
    return NULL;
  g_variant_get (args, "(ii)", &x, &y);
  return g_variant_new ("(h)", add_new_point (invocation, x, y));
}

static GVariant *
make_points (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GVariantBuilder handles = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ah"));
  int             n;

  if (!mpel_invocation_check_args (invocation, "(i)", error))
    return NULL;
  g_variant_get (args, "(i)", &n);
  for (int i = 0; i < n; i++)
    g_variant_builder_add (&handles, "h", add_new_point (invocation, i, i));
  return g_variant_builder_end (&handles);
}

static GVariant *
same (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GObject *one, *other;
  int      handle;

  g_variant_get (args, "(h)", &handle);
  one = mpel_invocation_lookup_object (invocation, handle, error);
  if (one == NULL || !g_variant_lookup (kwargs, "other", "h", &handle))
    return NULL;
  other = mpel_invocation_lookup_object (invocation, handle, error);
  return other != NULL ? g_variant_new_boolean (one == other) : NULL;
}

static GVariant *
take_back (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GObject *object;
  int      handle;

  if (!mpel_invocation_check_args (invocation, "(h)", error))
    return NULL;
  g_variant_get (args, "(h)", &handle);
  object = mpel_invocation_lookup_object (invocation, handle, error);
  return object != NULL ? g_variant_new ("(h)", mpel_invocation_add_object (invocation, object)) : NULL;
}

static GVariant *
bad_handle (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(h)", 7);
}

/* ---- variables ---- */

static GVariant *
variables (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GVariantBuilder dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (TestAbc) abc = g_object_new (TEST_TYPE_ABC, "a", 10, "b", 20, NULL);

  g_variant_builder_add (&dict, "{sv}", "abc", g_variant_new_handle (mpel_invocation_add_object (invocation, G_OBJECT (abc))));
  g_variant_builder_add (&dict, "{sv}", "number", g_variant_new_int32 (5));
  return g_variant_builder_end (&dict);
}

static GVariant *
no_variables (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new ("(i)", 5);
}

static GVariant *
set_variable (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  MpelWorker *worker = mpel_worker_get_default ();
  g_autoptr (GVariant) value = NULL;
  const char *name;

  if (!mpel_invocation_check_args (invocation, "(sv)", error))
    return NULL;
  g_variant_get (args, "(&sv)", &name, &value);
  mpel_worker_set_variable_value (worker, name, value);
  return unit ();
}

static GVariant *
get_variable (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  MpelWorker *worker = mpel_worker_get_default ();
  const char *name;
  GVariant   *value;

  if (!mpel_invocation_check_args (invocation, "(s)", error))
    return NULL;
  g_variant_get (args, "(&s)", &name);
  value = mpel_worker_get_variable_value (worker, name);
  if (value != NULL)
    return g_variant_new_variant (value);
  if (mpel_worker_get_variable (worker, name) != NULL)
    return g_variant_new_string ("an object");
  return unit ();
}

static gboolean
initialize (MpelWorker *worker, gpointer user_data, GError **error)
{
  g_autoptr (TestAbc) first = g_object_new (TEST_TYPE_ABC, "a", 1, "b", 1, NULL);

  mpel_worker_set_variable (worker, "first", G_OBJECT (first));
  mpel_worker_set_variable_value (worker, "answer", g_variant_new_int32 (42));
  return TRUE;
}

/* ---- all of it ---- */

static const struct
{
  const char    *name;
  MpelTargetFunc func;
} functions[] = {
  { "print", print },
  { "instances", instances },
  { "pid", pid },
  { "echo", echo },
  { "named", named },
  { "die", die_alone },
  { "gate", mpel_gate_target },
  { "make_point", make_point },
  { "make_points", make_points },
  { "same", same },
  { "take_back", take_back },
  { "bad_handle", bad_handle },
  { "variables", variables },
  { "no_variables", no_variables },
  { "set_variable", set_variable },
  { "get_variable", get_variable },
};

static const struct
{
  GType (*get_type) (void);
  const char    *name;
  MpelMethodFunc func;
} methods[] = {
  { test_point_get_type, "move_often", move_often },
  { test_point_get_type, "neighbour", neighbour },
  { test_point_get_type, "die", die_with_point },
  { test_abc_get_type, "repr", repr },
  { test_abc_get_type, "pid", pid_of_object },
  { test_abc_get_type, "is_me", is_me },
  { test_abc_get_type, "wait", wait_with_object },
  { test_abc_get_type, "fail", fail },
};

void
object_targets_register (MpelWorker *worker)
{
  objects_register (worker);
  kinds_register (worker);
  mpel_worker_set_variable (worker, "origin", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    mpel_worker_add_function (worker, functions[i].name, functions[i].func, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    mpel_worker_add_method (worker, methods[i].get_type (), methods[i].name, methods[i].func, NULL, NULL);
  mpel_worker_add_method_handler (worker, TEST_TYPE_ABC, "calc_later", calc_later, NULL, NULL);
}

void
object_targets_initialize (MpelWorker *worker)
{
  mpel_worker_set_initializer (worker, initialize, NULL, NULL);
}
