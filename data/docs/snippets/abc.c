/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include <mpel/mpel.h>

/* Both processes know the class: they are the same program. */
#define DEMO_TYPE_ABC (demo_abc_get_type ())
G_DECLARE_FINAL_TYPE (DemoAbc, demo_abc, DEMO, ABC, GObject)

struct _DemoAbc
{
  GObject parent_instance;
  int     a;
  int     b;
  int     c;
};

G_DEFINE_FINAL_TYPE (DemoAbc, demo_abc, G_TYPE_OBJECT)

static int *
demo_abc_find (gpointer object, guint prop_id)
{
  DemoAbc *self = DEMO_ABC (object);
  int     *numbers[] = { &self->a, &self->b, &self->c };

  return numbers[prop_id - 1];
}

static void
demo_abc_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, *demo_abc_find (object, prop_id));
}

static void
demo_abc_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  *demo_abc_find (object, prop_id) = g_value_get_int (value);
}

static void
demo_abc_class_init (DemoAbcClass *klass)
{
  static const char *const names[] = { "a", "b", "c" };

  G_OBJECT_CLASS (klass)->get_property = demo_abc_get_property;
  G_OBJECT_CLASS (klass)->set_property = demo_abc_set_property;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_object_class_install_property (G_OBJECT_CLASS (klass), i + 1, g_param_spec_int (names[i], NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
}

static void
demo_abc_init (DemoAbc *self)
{
}

static char *
demo_abc_to_string (DemoAbc *self)
{
  return g_strdup_printf ("ABC(a=%d, b=%d, c=%d)", self->a, self->b, self->c);
}

/* In the worker: a method … */
static GVariant *
calc_c (GObject *object, MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  DemoAbc *self = DEMO_ABC (object);

  g_object_set (self, "c", self->a + self->b, NULL);
  return g_variant_new_tuple (NULL, 0);
}

/* … and a function that is given an object. */
static GVariant *
describe (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  GObject *object;
  int      handle;

  if (!mpel_invocation_check_args (invocation, "(h)", error))
    return NULL;

  g_variant_get (args, "(h)", &handle);
  object = mpel_invocation_lookup_object (invocation, handle, error);
  if (object == NULL)
    return NULL;
  return g_variant_new_take_string (demo_abc_to_string (DEMO_ABC (object)));
}

/* What it returns is saved under these names. */
static GVariant *
prepare (MpelInvocation *invocation, GVariant *args, GVariant *kwargs, gpointer user_data, GError **error)
{
  g_autoptr (GObject) sum = g_object_new (DEMO_TYPE_ABC, "a", 20, "b", 22, NULL);
  g_auto (GVariantDict) variables = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&variables, "sum", "h", mpel_invocation_add_object (invocation, sum));
  g_variant_dict_insert (&variables, "limit", "i", 100);
  return g_variant_dict_end (&variables);
}

static int
run_worker (MpelWorker *worker)
{
  mpel_worker_add_class (worker, DEMO_TYPE_ABC, NULL);
  mpel_worker_add_method (worker, DEMO_TYPE_ABC, "calc_c", calc_c, NULL, NULL);
  mpel_worker_add_function (worker, "describe", describe, NULL, NULL);
  mpel_worker_add_function (worker, "prepare", prepare, NULL, NULL);
  return mpel_worker_run (worker);
}

/* In the host. Its errors are left out: they come with the events. */
static void
add_describe (MpelEventLoop *loop, DemoAbc *abc, gboolean cache)
{
  g_autoptr (MpelEvent) event = mpel_event_new ("describe", NULL, NULL);
  int handle = mpel_event_add_object (event, G_OBJECT (abc));

  mpel_event_set_args (event, g_variant_new ("(h)", handle));
  mpel_event_set_cache (event, cache);
  mpel_event_loop_add_event (loop, event, NULL);
}

static void
show_copies (MpelEventLoop *loop, DemoAbc *abc)
{
  g_autoptr (MpelEvent) calc = mpel_event_new_method (G_OBJECT (abc), "calc_c", NULL, NULL);

  mpel_event_loop_add_event (loop, calc, NULL);
  add_describe (loop, abc, FALSE); /* c is 0: what was computed was another copy */
  mpel_event_loop_wait (loop, NULL, NULL);
}

static void
show_cached (MpelEventLoop *loop, DemoAbc *abc)
{
  g_autoptr (MpelEvent) calc = mpel_event_loop_add_cache_event (loop, G_OBJECT (abc), "calc_c", NULL, NULL, NULL);

  add_describe (loop, abc, TRUE); /* c is 3 */
  mpel_event_loop_wait (loop, NULL, NULL);
}

static void
show_update (MpelEventLoop *loop, DemoAbc *abc)
{
  g_autoptr (MpelEvent) state = mpel_event_loop_cache_object (loop, G_OBJECT (abc), TRUE, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  mpel_event_loop_wait (loop, NULL, NULL);
  if (!mpel_event_update_object (state, &error))
    g_printerr ("not updated: %s\n", error->message);
  text = demo_abc_to_string (abc);
  g_print ("here: %s\n", text);
}

static void
show_re_register (MpelEventLoop *loop, DemoAbc *abc)
{
  g_autoptr (MpelEvent) anew = NULL;

  g_object_set (abc, "a", 10, NULL);
  add_describe (loop, abc, TRUE); /* a is still 1 there */
  anew = mpel_event_loop_re_register (loop, G_OBJECT (abc), FALSE, NULL);
  add_describe (loop, abc, TRUE);
  mpel_event_loop_wait (loop, NULL, NULL);
}

static void
show_variables (MpelEventLoop *loop)
{
  g_autoptr (MpelEvent) save = mpel_event_loop_save_variables (loop, "prepare", NULL, NULL, NULL);
  g_autoptr (MpelEvent) calc = mpel_event_loop_add_var_event (loop, "sum", "calc_c", NULL, NULL, NULL);
  g_autoptr (MpelEvent) sum = mpel_event_loop_add_var_event (loop, "sum", NULL, NULL, NULL, NULL);
  g_autoptr (MpelEvent) limit = mpel_event_loop_add_var_event (loop, "limit", NULL, NULL, NULL, NULL);
  int c;

  mpel_event_loop_wait (loop, NULL, NULL);
  g_variant_lookup (mpel_event_get_results (sum), "c", "i", &c);
  g_print ("c is %d, limit is %d\n", c, g_variant_get_int32 (mpel_event_get_results (limit)));
}

static gboolean
print_end (MpelEvent *event, gpointer user_data)
{
  const GError *error = mpel_event_get_error (event);
  GVariant     *results = mpel_event_get_results (event);

  if (error != NULL)
    g_print ("failed: %s\n", error->message);
  else if (results != NULL && g_variant_is_of_type (results, G_VARIANT_TYPE_STRING))
    g_print ("%s\n", g_variant_get_string (results, NULL));
  return FALSE;
}

static int
run_host (void)
{
  g_autoptr (MpelEventLoop) loop = mpel_event_loop_new ();
  g_autoptr (DemoAbc) abc = g_object_new (DEMO_TYPE_ABC, "a", 1, "b", 2, NULL);
  g_autoptr (GError) error = NULL;

  mpel_event_loop_add_output_handler (loop, print_end, NULL, NULL);
  show_copies (loop, abc);
  show_cached (loop, abc);
  show_update (loop, abc);
  show_re_register (loop, abc);
  show_variables (loop);
  if (mpel_event_loop_close (loop, NULL, &error))
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
