/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Workers that lie about objects: what makes no sense ends them, what nobody asked for is ignored. */

#include "config.h"
#include "object-work.h"

typedef struct
{
  const char *lie;     /* what tests/workers/liar is told */
  const char *message; /* (nullable): a pattern; NULL: the events end well all the same */
} Story;

static const Story stories[] = {
  { "mentions-nothing", "*mentioned an object that it was not given" },
  { "mentions-unknown", "*mentioned an object that it was not given" },
  { "mentions-foreign" },
  { "mentions-nameless" },
  { "mentions-often" },
  { "mentions-without-envelope", "*makes no sense*" },
  { "changes-unknown" },
  { "changes-often" },
  { "changes-nothing", "*makes no sense*" },
  { "changes-nameless", "*makes no sense*" },
  { "signals-unknown" },
  { "signals-without-tuple", "*makes no sense*" },
  { "lists-unknown" },
  { "lists-other-shape", "*makes no sense*" },
  { "describes-some" },
  { "describes-many", "*more classes than there can be" },
  { "describes-other-shape", "*makes no sense*" },
  { "creates", "*only a host sends" },
  { "releases", "*only a host sends" },
};

/* Beside this program, however it was started. */
static MpelLauncher *
liar_launcher_new (const char *lie)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *path = g_build_filename (folder, "..", "workers", "liar", NULL);
  const char      *argv[] = { path, lie, NULL };

  return mpel_launcher_new (argv);
}

static void
use_liar (ObjectWork *work, const char *lie)
{
  g_autoptr (MpelLauncher) launcher = liar_launcher_new (lie);

  mpel_event_loop_set_launcher (work->loop, launcher);
}

static void
use_honest (ObjectWork *work)
{
  g_autoptr (MpelLauncher) launcher = mpel_launcher_new (NULL);
  g_autoptr (GError) error = NULL;

  mpel_event_loop_stop (work->loop, NULL, &error);
  g_assert_no_error (error);
  mpel_event_loop_set_launcher (work->loop, launcher);
}

static void
assert_ended (MpelEvent *event, const Story *story)
{
  if (story->message == NULL)
    g_assert_no_error (mpel_event_get_error (event));
  else
    mpel_test_assert_error (event, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, story->message);
}

/* Of whatever was mentioned proxies can be made, and dropped. */
static void
take_results (MpelEvent *event)
{
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (MpelProxy) proxy = mpel_proxy_get_for_result (event, i);

      if (proxy != NULL && i == 1)
        g_object_unref (g_object_ref (proxy));
    }
}

static void
test_lie (ObjectWork *work, gconstpointer user_data)
{
  const Story *story = user_data;
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);
  g_autoptr (MpelEvent) plain = mpel_event_new ("echo", NULL, NULL);
  g_autoptr (MpelEvent) cached = object_work_method (a, "repr", NULL, TRUE);

  g_test_summary ("Events end once, by the worker's word or its end; and the next worker is given all anew.");

  use_liar (work, story->lie);
  plain = object_work_run (work, plain);
  assert_ended (plain, story);
  take_results (plain);
  mpel_test_wait (work->loop);
  cached = object_work_run (work, cached);
  assert_ended (cached, story);
  take_results (cached);

  use_honest (work);
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=2, c=0)'");
  object_work_assert_instances (work, 1);
}

static void
test_knows_none (ObjectWork *work, gconstpointer user_data)
{
  g_autoptr (TestAbc) a = test_abc_new (1, 2, 0);

  g_test_summary ("A worker of an older library is given no objects, and does all else.");

  use_liar (work, "knows-no-objects");
  object_work_assert_runs (work, mpel_event_new ("echo", g_variant_new ("(i)", 1), NULL), "(1,)");
  object_work_assert_fails (work, object_work_method (a, "repr", NULL, TRUE), G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "*knows no objects*");
  object_work_assert_fails (work, object_work_print (a, FALSE), G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "*knows no objects*");
  object_work_assert_runs (work, mpel_event_new ("echo", g_variant_new ("(i)", 2), NULL), "(2,)");
  use_honest (work);
  object_work_assert_runs (work, object_work_method (a, "repr", NULL, TRUE), "'ABC(a=1, b=2, c=0)'");
}

static void
add_tests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/object-liar/%s", stories[i].lie);

      g_test_add (path, ObjectWork, &stories[i], object_work_set_up, test_lie, object_work_tear_down);
    }
  OBJECT_WORK_ADD ("/flow/object-liar/knows-no-objects", test_knows_none);
}

int
main (int argc, char **argv)
{
  return object_work_main (argc, argv, add_tests);
}
