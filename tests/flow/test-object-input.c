/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What cannot be: refused when the event is added, if the host can tell, else answered with an error
 * by the worker. Either way all else goes on. */

#include "config.h"
#include "object-work.h"

#include "mpel-event-loop-private.h"
#include "mpel-names-private.h"
#include "mpel-remote-private.h"
#include "object-targets.h"

/* Known to the worker by the name of TestSquare's host, which has more than it. */
#define TEST_TYPE_OTHER_SQUARE (test_other_square_get_type ())
G_DECLARE_FINAL_TYPE (TestOtherSquare, test_other_square, TEST, OTHER_SQUARE, GObject)

struct _TestOtherSquare
{
  GObject parent_instance;

  int sides;
  int color;

  void (*asked) (gpointer); /* (nullable) called once, when a property is read next */
  gpointer asked_data;
};

G_DEFINE_FINAL_TYPE (TestOtherSquare, test_other_square, G_TYPE_OBJECT)

static void
test_other_square_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TestOtherSquare *self = TEST_OTHER_SQUARE (object);
  void (*asked) (gpointer) = g_steal_pointer (&self->asked);

  if (asked != NULL)
    asked (self->asked_data);
  g_value_set_int (value, prop_id == 1 ? self->sides : self->color);
}

static void
test_other_square_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TestOtherSquare *self = TEST_OTHER_SQUARE (object);

  *(prop_id == 1 ? &self->sides : &self->color) = g_value_get_int (value);
}

static void
test_other_square_class_init (TestOtherSquareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_other_square_get_property;
  object_class->set_property = test_other_square_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_int ("sides", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
  g_object_class_install_property (object_class, 2, g_param_spec_int ("color", NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READWRITE));
}

static void
test_other_square_init (TestOtherSquare *self)
{
}

static void
register_targets (MpelWorker *worker)
{
  object_targets_register (worker);
  mpel_worker_add_class (worker, TEST_TYPE_SQUARE, "TestOtherSquare");
}

static void
test_unknown_class (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestStranger) stranger = g_object_new (TEST_TYPE_STRANGER, NULL);
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("A class that the worker does not know fails all that use the object, with its name.");

  for (int cached = 0; cached <= 1; cached++)
    for (int i = 0; i < 2; i++)
      {
        object_work_assert_fails (work,
                                  object_work_method (stranger, "calc_c", NULL, cached),
                                  MPEL_LOOP_ERROR,
                                  MPEL_LOOP_ERROR_NO_SUCH_OBJECT,
                                  "*TestStranger*");
        object_work_assert_fails (work,
                                  object_work_print (stranger, cached),
                                  MPEL_LOOP_ERROR,
                                  MPEL_LOOP_ERROR_NO_SUCH_OBJECT,
                                  "*TestStranger*");
      }
  g_assert_true (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (stranger)));
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=2, c=0)'");
}

static void
test_named_class (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestOtherSquare) square = g_object_new (TEST_TYPE_OTHER_SQUARE, "sides", 4, NULL);

  g_test_summary ("By its name in the worker a class may be another; what that has not, or refuses, fails.");

  object_work_assert_runs (work, object_work_method (square, "get_sides", NULL, TRUE), "4");
  object_work_assert_runs (work, object_work_method (square, "get_area", NULL, FALSE), "1");
  object_work_assert_fails (work,
                            object_work_method (square, "calc_c", NULL, FALSE),
                            MPEL_LOOP_ERROR,
                            MPEL_LOOP_ERROR_NO_SUCH_TARGET,
                            "*TestOtherSquare*calc_c*");
  g_object_set (square, "sides", 101, NULL);
  object_work_assert_fails (work,
                            object_work_method (square, "get_sides", NULL, FALSE),
                            MPEL_LOOP_ERROR,
                            MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                            "*sides*");
  g_object_set (square, "sides", 3, "color", 7, NULL);
  object_work_assert_fails (work,
                            object_work_method (square, "get_sides", NULL, FALSE),
                            MPEL_LOOP_ERROR,
                            MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
                            "*color*");
  object_work_assert_runs (work, object_work_method (square, "get_sides", NULL, TRUE), "4");
}

static void
test_bad_then_good (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestOtherSquare) square = g_object_new (TEST_TYPE_OTHER_SQUARE, "color", 4, NULL);
  MpelEvent *event = mpel_event_new_method (G_OBJECT (square), "get_sides", NULL, NULL);

  g_test_summary ("An object that could not be made can be registered again.");

  object_work_assert_fails (work, object_work_method (square, "get_sides", NULL, TRUE), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*color*");
  g_object_set (square, "color", 0, "sides", 5, NULL);
  object_work_assert_fails (work, object_work_method (square, "get_sides", NULL, TRUE), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*color*");
  mpel_event_set_re_register (event, TRUE);
  object_work_assert_runs (work, event, "5");
  object_work_assert_runs (work, object_work_method (square, "get_sides", NULL, TRUE), "5");
  object_work_assert_instances (work, 1);
}

static void
test_construct_only (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestScale) scale = g_object_new (TEST_TYPE_SCALE, "mode", "loud", "level", 7, NULL);
  g_autoptr (MpelEvent) state = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *mode = NULL;
  int              level, count;

  g_test_summary ("What is set only when an object is made travels; it is passed over on the way back.");

  object_work_assert_runs (work, object_work_method (scale, "get_level_text", NULL, TRUE), "'level 7'");
  object_work_assert_runs (work, object_work_method (scale, "bump", g_variant_new ("(i)", 3), TRUE), "3");
  object_work_assert_runs (work, object_work_method (scale, "sweep", g_variant_new ("(ii)", 1, 50), TRUE), "()");
  state = mpel_event_loop_cache_object (work->loop, G_OBJECT (scale), TRUE, &error);
  g_assert_no_error (error);
  mpel_test_wait (work->loop);
  g_assert_true (g_variant_lookup (mpel_event_get_results (state), "mode", "m&s", &mode));
  g_assert_cmpstr (mode, ==, "loud");
  mode = NULL;
  g_assert_true (mpel_event_update_object (state, &error));
  g_assert_no_error (error);
  g_object_get (scale, "level", &level, "count", &count, "mode", &mode, NULL);
  g_assert_cmpint (level, ==, 50);
  g_assert_cmpint (count, ==, 0);
  g_assert_cmpstr (mode, ==, "loud");
}

static void
test_unreadable (ObjectWork *work, gconstpointer data)
{
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (TestVault) vault = g_object_new (TEST_TYPE_VAULT, "secret", "x", "other", other, NULL);
  g_autoptr (MpelEvent) state = NULL;
  g_autoptr (GError) error = NULL;
  int n_told;

  g_test_summary ("What cannot be read, or travel, stays where it is.");

  state = object_work_run (work, object_work_method (vault, NULL, NULL, TRUE));
  mpel_test_assert_results (state, "{'n-told': <0>}");
  g_assert_true (mpel_event_update_object (state, &error));
  g_assert_no_error (error);
  g_object_get (vault, "n-told", &n_told, NULL);
  g_assert_cmpint (n_told, ==, 1);
}

static void
test_all_types (ObjectWork *work, gconstpointer data)
{
  static const char *const words[] = { "", "a\nb", "ß", NULL };
  g_autoptr (TestAll) all = g_object_new (TEST_TYPE_ALL, "int64", G_MININT64, "uint64", G_MAXUINT64, "string", "x\ny", "strv", words, NULL);
  g_autoptr (MpelEvent) state = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) strv = NULL;
  g_autofree char *string = NULL;
  gint64           number;

  g_test_summary ("Properties of many types come back as they went.");

  state = object_work_run (work, object_work_method (all, NULL, NULL, TRUE));
  g_object_set (all, "int64", (gint64) 0, "string", NULL, "strv", NULL, NULL);
  g_assert_true (mpel_event_update_object (state, &error));
  g_assert_no_error (error);
  g_object_get (all, "int64", &number, "string", &string, "strv", &strv, NULL);
  g_assert_cmpint (number, ==, G_MININT64);
  g_assert_cmpstr (string, ==, "x\ny");
  g_assert_cmpstrv (strv, words);
}

static void
test_invalid_utf8 (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAll) all = g_object_new (TEST_TYPE_ALL, "string", "\xff\xfe", NULL);
  g_autoptr (MpelEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object with a string that is not UTF-8 is refused when its event is added, with the property's name.");

  object_work_assert_refused (work, object_work_method (all, "x", NULL, FALSE), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*string*UTF-8*");
  object_work_assert_refused (work, object_work_method (all, "x", NULL, TRUE), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*string*UTF-8*");
  object_work_assert_refused (work, object_work_print (all, FALSE), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*string*UTF-8*");
  g_assert_null (mpel_event_loop_cache_object (work->loop, G_OBJECT (all), FALSE, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (all)));
  g_clear_error (&error);

  g_object_set (all, "string", "better", NULL);
  event = mpel_event_loop_cache_object (work->loop, G_OBJECT (all), FALSE, &error);
  g_assert_no_error (error);
  g_object_set (all, "string", "\xff", NULL);
  g_assert_null (mpel_event_loop_re_register (work->loop, G_OBJECT (all), FALSE, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_true (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (all)));
  object_work_assert_instances (work, 1);

  /* Not even the next worker can have it. */
  object_work_kill_worker (work);
  object_work_assert_fails (work, object_work_method (all, NULL, NULL, TRUE), MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*UTF-8*");
  object_work_assert_instances (work, 0);
}

static void
test_refused (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  MpelEvent *both = object_work_method (a, "repr", NULL, FALSE);
  MpelEvent *nothing = mpel_event_new ("print", NULL, NULL);

  g_test_summary ("An event is the method of one thing, and names nothing that is built in.");

  mpel_event_set_variable (both, "first");
  object_work_assert_refused (work, both, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*not of both");
  object_work_assert_refused (work, mpel_event_new_var ("", "repr", NULL, NULL), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*");
  object_work_assert_refused (work, mpel_event_new_var ("\xff", "repr", NULL, NULL), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*");
  object_work_assert_refused (work, object_work_method (a, "mpel:state", NULL, TRUE), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*mpel:*");
  object_work_assert_refused (work, mpel_event_new ("mpel:describe", g_variant_new ("(s)", "TestAbc"), NULL), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*mpel:*");
  mpel_event_set_re_register (nothing, TRUE);
  object_work_assert_refused (work, nothing, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*register*");
  object_work_assert_refused (work, mpel_event_new (NULL, NULL, NULL), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*");
  g_assert_false (mpel_event_loop_is_object_cached (work->loop, G_OBJECT (a)));
}

static void
test_handles (ObjectWork *work, gconstpointer data)
{
  static const int handles[] = { 1, 2, -1, G_MAXINT, G_MININT };
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("A handle that stands for nothing finds nothing.");

  for (guint i = 0; i < G_N_ELEMENTS (handles); i++)
    {
      MpelEvent *event = object_work_print (a, FALSE);

      mpel_event_set_args (event, g_variant_new ("(h)", handles[i]));
      object_work_assert_fails (work, event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, "*");
      object_work_assert_fails (work,
                                mpel_event_new ("print", g_variant_new ("(h)", handles[i]), NULL),
                                MPEL_LOOP_ERROR,
                                MPEL_LOOP_ERROR_NO_SUCH_OBJECT,
                                "*");
    }
}

static void
test_result_handles (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelEvent) event = object_work_run (work, mpel_event_new ("bad_handle", NULL, NULL));
  g_autoptr (MpelEvent) made = object_work_run (work, mpel_event_new ("make_point", g_variant_new ("(ii)", 1, 2), NULL));

  g_test_summary ("Of results no proxy is made for a handle that stands for nothing.");

  mpel_test_assert_results (event, "(7,)");
  g_assert_null (mpel_proxy_get_for_result (event, 7));
  g_assert_null (mpel_proxy_get_for_result (event, 0));
  g_assert_null (mpel_proxy_get_for_result (event, -1));
  g_assert_null (mpel_proxy_get_for_result (made, 1));
  g_assert_null (mpel_proxy_get_for_result (made, -1));
}

static void
test_other_loop (ObjectWork *work, gconstpointer data)
{
  g_autoptr (MpelEvent) made = object_work_run (work, mpel_event_new ("make_point", g_variant_new ("(ii)", 1, 2), NULL));
  g_autoptr (MpelProxy) proxy = mpel_proxy_get_for_result (made, 0);
  MpelEventLoop *other = mpel_test_loop_new ();
  g_autoptr (MpelEvent) event = mpel_event_new_method (G_OBJECT (proxy), "get_z", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A proxy is of no use to another loop.");

  g_assert_false (mpel_event_loop_add_event (other, event, &error));
  g_assert_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS);
  g_assert_false (mpel_event_loop_is_object_cached (other, G_OBJECT (proxy)));
  mpel_test_loop_close_and_assert_finalized (other);
  object_work_assert_runs (work, g_object_ref (event), "0");
}

/* An event class whose run is a worker's. */
#define TEST_TYPE_RUNNING (test_running_get_type ())
G_DECLARE_FINAL_TYPE (TestRunning, test_running, TEST, RUNNING, MpelEvent)

struct _TestRunning
{
  MpelEvent parent_instance;
};

G_DEFINE_FINAL_TYPE (TestRunning, test_running, MPEL_TYPE_EVENT)

static GVariant *
test_running_run (MpelEvent *event, MpelInvocation *invocation, GError **error)
{
  return g_variant_new ("()");
}

static void
test_running_class_init (TestRunningClass *klass)
{
  MPEL_EVENT_CLASS (klass)->run = test_running_run;
}

static void
test_running_init (TestRunning *self)
{
}

static void
test_event_class (ObjectWork *work, gconstpointer data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("An event of a class with a run of its own is no method.");

  object_work_assert_refused (work, g_object_new (TEST_TYPE_RUNNING, "object", a, NULL), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*no method*");
  object_work_assert_refused (work, g_object_new (TEST_TYPE_RUNNING, "variable", "v", NULL), MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "*no method*");
}

/* More than a worker may have. */
#define N_DESCRIPTIONS 5000

static void
test_described_often (ObjectWork *work, gconstpointer data)
{
  const int pid = object_work_run_for_int (work, mpel_event_new ("pid", NULL, NULL));

  g_test_summary ("However often a program asks for a class, the worker that describes it is no liar.");

  for (int i = 0; i < N_DESCRIPTIONS; i++)
    object_work_add (work, mpel_event_new_hidden (NULL, MPEL_BUILTIN_DESCRIBE, g_variant_new ("(s)", "TestAbc")));
  g_assert_cmpint (object_work_run_for_int (work, mpel_event_new ("pid", NULL, NULL)), ==, pid);
}

typedef struct
{
  ObjectWork      *work;
  TestOtherSquare *square;
  MpelEvent       *event;
} Asked;

static void
use_square (gpointer user_data)
{
  Asked *asked = user_data;

  object_work_add (asked->work, object_work_method (asked->square, "get_sides", NULL, TRUE));
}

static void
cancel_event (gpointer user_data)
{
  mpel_event_cancel (((Asked *) user_data)->event);
}

static void
terminate (gpointer user_data)
{
  mpel_event_loop_terminate (((Asked *) user_data)->work->loop);
}

/* Returns: (transfer full): a square that the next worker has to be told of, when its event is sent */
static TestOtherSquare *
lose_square (ObjectWork *work)
{
  TestOtherSquare *square = g_object_new (TEST_TYPE_OTHER_SQUARE, "sides", 4, NULL);

  object_work_assert_runs (work, object_work_method (square, "get_sides", NULL, TRUE), "4");
  object_work_kill_worker (work);
  return square;
}

static void
ask (Asked *asked, void (*func) (gpointer))
{
  asked->event = object_work_method (asked->square, "get_sides", NULL, TRUE);
  asked->square->asked = func;
  asked->square->asked_data = asked;
  asked->event = object_work_run (asked->work, asked->event);
}

static gboolean
is_home (MpelEventLoop *loop)
{
  return mpel_session_is_home (mpel_event_loop_get_private (loop)->sessions->pdata[0]);
}

static void
test_used_while_read (ObjectWork *work, gconstpointer data)
{
  Asked asked = { work, lose_square (work), NULL };

  g_test_summary ("Who is asked for a property may use the object: it is made once.");

  ask (&asked, use_square);
  mpel_test_assert_results (asked.event, "4");
  g_assert_finalize_object (asked.event);
  object_work_assert_instances (work, 1);
  g_assert_finalize_object (asked.square);
  object_work_assert_instances (work, 0);
  g_assert_false (is_home (work->loop));
}

static void
test_cancelled_while_read (ObjectWork *work, gconstpointer data)
{
  Asked asked = { work, lose_square (work), NULL };

  g_test_summary ("Likewise cancel the event for which it is asked, which then is not sent.");

  ask (&asked, cancel_event);
  mpel_test_assert_cancelled (asked.event);
  g_assert_finalize_object (asked.event);
  object_work_assert_runs (work, object_work_method (asked.square, "get_sides", NULL, TRUE), "4");
  g_assert_finalize_object (asked.square);
}

static void
test_terminated_while_read (ObjectWork *work, gconstpointer data)
{
  Asked asked = { work, lose_square (work), NULL };

  g_test_summary ("Likewise terminate the loop: the event ends, and the object is made in the next worker.");

  ask (&asked, terminate);
  g_assert_true (mpel_event_is_ended (asked.event));
  g_assert_finalize_object (asked.event);
  object_work_assert_runs (work, object_work_method (asked.square, "get_sides", NULL, TRUE), "4");
  g_assert_finalize_object (asked.square);
}

static void
add_tests (void)
{
  OBJECT_WORK_ADD ("/flow/object-input/unknown-class", test_unknown_class);
  OBJECT_WORK_ADD ("/flow/object-input/named-class", test_named_class);
  OBJECT_WORK_ADD ("/flow/object-input/bad-then-good", test_bad_then_good);
  OBJECT_WORK_ADD ("/flow/object-input/construct-only", test_construct_only);
  OBJECT_WORK_ADD ("/flow/object-input/unreadable", test_unreadable);
  OBJECT_WORK_ADD ("/flow/object-input/all-types", test_all_types);
  OBJECT_WORK_ADD ("/flow/object-input/invalid-utf8", test_invalid_utf8);
  OBJECT_WORK_ADD ("/flow/object-input/refused", test_refused);
  OBJECT_WORK_ADD ("/flow/object-input/handles", test_handles);
  OBJECT_WORK_ADD ("/flow/object-input/result-handles", test_result_handles);
  OBJECT_WORK_ADD ("/flow/object-input/other-loop", test_other_loop);
  OBJECT_WORK_ADD ("/flow/object-input/event-class", test_event_class);
  OBJECT_WORK_ADD ("/flow/object-input/described-often", test_described_often);
  OBJECT_WORK_ADD ("/flow/object-input/used-while-read", test_used_while_read);
  OBJECT_WORK_ADD ("/flow/object-input/cancelled-while-read", test_cancelled_while_read);
  OBJECT_WORK_ADD ("/flow/object-input/terminated-while-read", test_terminated_while_read);
}

int
main (int argc, char **argv)
{
  return mpel_test_main (argc, argv, register_targets, add_tests);
}
