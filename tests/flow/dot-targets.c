/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "dot-targets.h"

#include "dots.h"

static GQueue kept = G_QUEUE_INIT; /* of (owned) MpelInvocation */

static GVariant *
unit (void)
{
  return g_variant_new_tuple (NULL, 0);
}

static GVariant *
echo (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_assert_null (mpel_invocation_get_object (invocation));
  return g_variant_ref (args);
}

static GVariant *
count_dots (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (dots_count ());
}

/* Of any number of handles: where they are. */
static GVariant *
list_x (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("ai"));
  for (gsize i = 0; i < g_variant_n_children (args); i++)
    {
      GObject *object;
      int      handle;

      g_variant_get_child (args, i, "h", &handle);
      object = mpel_invocation_lookup_object (invocation, handle, error);
      if (object == NULL)
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add (&builder, "i", dots_dot_get_x (DOTS_DOT (object)));
    }

  return g_variant_builder_end (&builder);
}

/* Two new ones, the first of them twice. */
static GVariant *
make_dots (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (DotsDot) one = dots_dot_new (1, 0);
  g_autoptr (DotsDot) other = dots_dot_new (2, 0);
  int first = mpel_invocation_add_object (invocation, G_OBJECT (one));
  int second = mpel_invocation_add_object (invocation, G_OBJECT (other));

  return g_variant_new ("(hhh)", first, second, mpel_invocation_add_object (invocation, G_OBJECT (one)));
}

static GVariant *
make_and_fail (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_variant_unref (g_variant_ref_sink (make_dots (invocation, args, kwargs, NULL, NULL)));
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Made in vain");
  return NULL;
}

static gpointer
answer_thread (gpointer user_data)
{
  g_autoptr (MpelInvocation) invocation = user_data;
  g_autoptr (DotsDot) dot = dots_dot_new (3, 0);

  mpel_invocation_return_value (invocation, g_variant_new_handle (mpel_invocation_add_object (invocation, G_OBJECT (dot))));
  return NULL;
}

static gpointer
drop_thread (gpointer user_data)
{
  g_object_unref (user_data);
  return NULL;
}

static void
answer_in_thread (MpelInvocation *invocation, gpointer user_data)
{
  g_thread_unref (g_thread_new ("answers", answer_thread, g_object_ref (invocation)));
}

/* Whoever drops an invocation last ends it. */
static void
drop_in_thread (MpelInvocation *invocation, gpointer user_data)
{
  g_thread_unref (g_thread_new ("drops", drop_thread, g_object_ref (invocation)));
}

static void
cancelled_cb (MpelInvocation *invocation, gpointer user_data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Not wanted");

  g_assert_true (g_queue_remove (&kept, invocation));
  mpel_invocation_return_gerror (invocation, error);
  g_object_unref (invocation);
}

static void
keep (MpelInvocation *invocation, gpointer user_data)
{
  g_queue_push_tail (&kept, g_object_ref (invocation));
  g_signal_connect (invocation, "cancelled", G_CALLBACK (cancelled_cb), NULL);
  mpel_invocation_report_progress (invocation, 0, "kept");
}

/* Answers the oldest that is kept: with where its object is. */
static GVariant *
answer_kept (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (MpelInvocation) first = g_queue_pop_head (&kept);
  GObject *object = mpel_invocation_get_object (first);

  if (object == NULL)
    object = mpel_invocation_lookup_object (first, 0, NULL);
  mpel_invocation_return_value (first, g_variant_new_int32 (dots_dot_get_x (DOTS_DOT (object))));
  g_assert_null (mpel_invocation_get_object (first));
  g_assert_null (mpel_invocation_lookup_object (first, 0, NULL));
  return unit ();
}

static GVariant *
make_variables (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (DotsDot) dot = dots_dot_new (7, 0);
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "made", "h", mpel_invocation_add_object (invocation, G_OBJECT (dot)));
  g_variant_dict_insert (&dict, "number", "i", 8);
  return g_variant_dict_end (&dict);
}

static GVariant *
make_bad_variables (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GVariantDict dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "number", "i", 9);
  g_variant_dict_insert (&dict, "nobody", "h", 3);
  return g_variant_dict_end (&dict);
}

/* The value of a variable, or where its object is, or nothing. */
static GVariant *
read_variable (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  const char *name;
  GObject    *object;
  GVariant   *value;

  g_variant_get (args, "(&s)", &name);
  object = mpel_worker_get_variable (user_data, name);
  value = mpel_worker_get_variable_value (user_data, name);
  g_assert_true (object == NULL || value == NULL);
  if (object != NULL)
    return g_variant_new_int32 (dots_dot_get_x (DOTS_DOT (object)));
  return value != NULL ? g_variant_ref (value) : unit ();
}

static GVariant *
drop_variables (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_worker_set_variable (user_data, "dot", NULL);
  mpel_worker_set_variable_value (user_data, "answer", NULL);
  mpel_worker_set_variable_value (user_data, "nobody", NULL);
  return unit ();
}

static GVariant *
set_max_concurrent (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  guint max;

  g_variant_get (args, "(u)", &max);
  mpel_worker_set_max_concurrent (user_data, max);
  return unit ();
}

static GVariant *
move (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  int x, y;

  g_assert_true (mpel_invocation_get_object (invocation) == object);
  if (!mpel_invocation_check_args (invocation, "(ii)", error))
    return NULL;
  g_variant_get (args, "(ii)", &x, &y);
  dots_dot_move (DOTS_DOT (object), x, y);
  return unit ();
}

static GVariant *
get_x (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_int32 (dots_dot_get_x (DOTS_DOT (object)));
}

/* How often it was called. */
static GVariant *
count_calls (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  static int n_calls = 0;

  return g_variant_new_int32 (++n_calls);
}

/* Answers before it returns, and still has its object. */
static GVariant *
answer_early (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  mpel_invocation_return_value (invocation, unit ());
  dots_dot_move (DOTS_DOT (object), 9, 9);
  return NULL;
}

static GVariant *
return_self (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_handle (mpel_invocation_add_object (invocation, object));
}

static GVariant *
add_dot (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (DotsDot) dot = dots_dot_new (5, 5);
  g_autoptr (GListStore) dots = NULL;

  g_object_get (object, "dots", &dots, NULL);
  g_list_store_append (dots, dot);
  return unit ();
}

static GVariant *
get_name (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  return g_variant_new_string (user_data);
}

static gboolean
initialize (MpelWorker *worker, gpointer user_data, GError **error)
{
  g_autoptr (DotsDot) dot = dots_dot_new (1, 2);

  mpel_worker_set_variable (worker, "dot", G_OBJECT (dot));
  mpel_worker_set_variable_value (worker, "answer", g_variant_new_int32 (42));
  return TRUE;
}

static void
add_methods (MpelWorker *worker)
{
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "move", move, NULL, NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "get-x", get_x, NULL, NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "count-calls", count_calls, NULL, NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "answer-early", answer_early, NULL, NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "return-self", return_self, NULL, NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "add-dot", add_dot, NULL, NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_DOT, "get-name", get_name, (gpointer) "dot", NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_DISC, "get-name", get_name, (gpointer) "disc", NULL);
  mpel_worker_add_method (worker, DOTS_TYPE_MARKED, "get-mark", get_name, (gpointer) "mark", NULL);
  mpel_worker_add_method_handler (worker, DOTS_TYPE_DOT, "keep", keep, NULL, NULL);
  mpel_worker_add_method_handler (worker, DOTS_TYPE_DOT, "drop-in-thread", drop_in_thread, NULL, NULL);
}

int
dot_targets_run (MpelWorker *worker)
{
  int status;

  mpel_worker_set_initializer (worker, initialize, NULL, NULL);
  mpel_worker_add_class (worker, DOTS_TYPE_DOT, "Dot");
  mpel_worker_add_class (worker, DOTS_TYPE_DISC, NULL);
  mpel_worker_add_class (worker, DOTS_TYPE_ABSTRACT, NULL);
  mpel_worker_add_function (worker, "echo", echo, NULL, NULL);
  mpel_worker_add_function (worker, "count-dots", count_dots, NULL, NULL);
  mpel_worker_add_function (worker, "list-x", list_x, NULL, NULL);
  mpel_worker_add_function (worker, "make-dots", make_dots, NULL, NULL);
  mpel_worker_add_function (worker, "make-and-fail", make_and_fail, NULL, NULL);
  mpel_worker_add_function (worker, "make-variables", make_variables, NULL, NULL);
  mpel_worker_add_function (worker, "make-bad-variables", make_bad_variables, NULL, NULL);
  mpel_worker_add_function (worker, "read-variable", read_variable, worker, NULL);
  mpel_worker_add_function (worker, "drop-variables", drop_variables, worker, NULL);
  mpel_worker_add_function (worker, "set-max-concurrent", set_max_concurrent, worker, NULL);
  mpel_worker_add_function (worker, "answer-kept", answer_kept, NULL, NULL);
  mpel_worker_add_handler (worker, "keep", keep, NULL, NULL);
  mpel_worker_add_handler (worker, "answer-in-thread", answer_in_thread, NULL, NULL);
  add_methods (worker);

  status = mpel_worker_run (worker);
  g_queue_clear_full (&kept, g_object_unref);
  /* Whatever lived here is gone with the worker. */
  g_assert_cmpint (dots_count (), ==, 0);
  return status;
}
