/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <mpel/mpel.h>

#define DEMO_TYPE_REPEAT (demo_repeat_get_type ())
G_DECLARE_FINAL_TYPE (DemoRepeat, demo_repeat, DEMO, REPEAT, MpelEvent)

struct _DemoRepeat
{
  MpelEvent parent_instance;
  guint     times;
};

G_DEFINE_FINAL_TYPE (DemoRepeat, demo_repeat, MPEL_TYPE_EVENT)

/* In the worker. */
static GVariant *
demo_repeat_run (MpelEvent *event, MpelInvocation *invocation, GError **error)
{
  DemoRepeat *self = DEMO_REPEAT (event);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *word;

  if (!mpel_invocation_check_args (invocation, "(s)", error))
    return NULL;
  g_variant_get (mpel_invocation_get_args (invocation), "(&s)", &word);
  for (guint i = 0; i < self->times; i++)
    g_string_append (text, word);
  return g_variant_new_string (text->str);
}

static void
demo_repeat_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_uint (value, DEMO_REPEAT (object)->times);
}

static void
demo_repeat_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DEMO_REPEAT (object)->times = g_value_get_uint (value);
}

static void
demo_repeat_class_init (DemoRepeatClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = demo_repeat_get_property;
  G_OBJECT_CLASS (klass)->set_property = demo_repeat_set_property;
  MPEL_EVENT_CLASS (klass)->run = demo_repeat_run;

  g_object_class_install_property (G_OBJECT_CLASS (klass), 1, g_param_spec_uint ("times", NULL, NULL, 0, 100, 1, G_PARAM_READWRITE));
}

static void
demo_repeat_init (DemoRepeat *self)
{
  self->times = 1;
}

static GVariant *
shout (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autofree char *loud = NULL;
  const char      *text;

  if (!mpel_invocation_check_args (invocation, "(s)", error))
    return NULL;

  g_variant_get (args, "(&s)", &text);
  if (text[0] == '\0')
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "nothing to shout");
      return NULL;
    }

  loud = g_utf8_strup (text, -1);
  return g_variant_new_string (loud);
}

static gboolean
answer (gpointer user_data)
{
  mpel_invocation_return_value (user_data, g_variant_new_string ("later"));
  return G_SOURCE_REMOVE;
}

static void
answer_later (MpelInvocation *invocation, gpointer user_data)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, 10, answer, g_object_ref (invocation), g_object_unref);
}

static int
run_worker (MpelWorker *worker)
{
  mpel_worker_add_function (worker, "shout", shout, NULL, NULL);
  mpel_worker_add_handler (worker, "answer_later", answer_later, NULL, NULL);
  mpel_worker_add_event_class (worker, DEMO_TYPE_REPEAT);
  return mpel_worker_run (worker);
}

static gboolean
print_end (MpelEvent *event, gpointer user_data)
{
  const GError *error = mpel_event_get_error (event);

  if (error != NULL)
    g_print ("failed: %s\n", error->message);
  else
    g_print ("%s\n", g_variant_get_string (mpel_event_get_results (event), NULL));
  return FALSE;
}

static int
run_host (void)
{
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_autoptr (MpelEvent) later = mpel_event_new ("answer_later", NULL, NULL);
  g_autoptr (MpelEvent) hello = mpel_event_new ("shout", g_variant_new ("(s)", "hello"), NULL);
  g_autoptr (MpelEvent) nothing = mpel_event_new ("shout", g_variant_new ("(s)", ""), NULL);
  g_autoptr (MpelEvent) repeat = g_object_new (DEMO_TYPE_REPEAT, "times", 3, "args", g_variant_new ("(s)", "ha"), NULL);
  MpelEvent *events[] = { later, hello, nothing, repeat };
  g_autoptr (GError) error = NULL;

  mpel_event_loop_add_output_handler (loop, print_end, NULL, NULL);
  if (mpel_event_loop_run (loop, events, G_N_ELEMENTS (events), &error) && mpel_event_loop_close (loop, NULL, &error))
    return 0;

  g_printerr ("%s\n", error->message);
  return 1;
}

int
main (void)
{
  MpelWorker *worker = mpel_worker_get_default ();

  return worker != NULL ? run_worker (worker) : run_host ();
}
