/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is started as a worker, and how. */

#include "config.h"
#include "mpel-launcher-private.h"
#include "notify-count.h"

#include <sys/socket.h>
#include <unistd.h>

static void
test_defaults (void)
{
  MpelLauncher *launcher = mpel_launcher_new (NULL);

  g_test_summary ("Without more, the running program is started, as it is.");

  g_assert_null (mpel_launcher_get_argv (launcher));
  g_assert_null (mpel_launcher_get_command_prefix (launcher));
  g_assert_null (mpel_launcher_get_working_directory (launcher));
  g_assert_null (mpel_launcher_get_environment (launcher));
  g_assert_cmpint (mpel_launcher_get_flags (launcher), ==, MPEL_LAUNCHER_FLAGS_NONE);
  g_assert_cmpuint (mpel_launcher_get_start_timeout (launcher), >, 0);
  g_assert_null (mpel_launcher_get_debug_address (launcher));
  g_assert_finalize_object (launcher);
}

typedef const char *const *(*GetStrv) (MpelLauncher *launcher);

static void
assert_strv_property (const char *property, GetStrv get)
{
  static const char *const one[] = { "one", "", NULL };
  static const char *const same_as_one[] = { "one", "", NULL };
  static const char *const two[] = { "two", NULL };
  MpelLauncher            *launcher = mpel_launcher_new (NULL);
  guint                    n;

  notify_count_begin (launcher, property, &n);
  g_object_set (launcher, property, one, NULL);
  g_assert_cmpstrv ((char **) get (launcher), (char **) one);
  g_assert_true (get (launcher) != one);
  g_object_set (launcher, property, same_as_one, NULL);
  g_object_set (launcher, property, get (launcher), NULL);
  g_assert_cmpuint (n, ==, 1);
  g_object_set (launcher, property, two, NULL);
  g_assert_cmpstrv ((char **) get (launcher), (char **) two);
  g_assert_cmpuint (n, ==, 2);
  g_object_set (launcher, property, NULL, NULL);
  g_object_set (launcher, property, NULL, NULL);
  g_assert_null (get (launcher));
  g_assert_cmpuint (n, ==, 3);
  g_assert_finalize_object (launcher);
}

static void
test_lists (void)
{
  g_test_summary ("Lists are copied, and tell only of a change.");

  assert_strv_property ("argv", mpel_launcher_get_argv);
  assert_strv_property ("command-prefix", mpel_launcher_get_command_prefix);
  assert_strv_property ("environment", mpel_launcher_get_environment);
}

static void
test_others (void)
{
  MpelLauncher *launcher = mpel_launcher_new (NULL);
  guint         n_directory, n_flags, n_timeout, n_debug;

  g_test_summary ("So do the other properties.");

  notify_count_begin (launcher, "working-directory", &n_directory);
  notify_count_begin (launcher, "flags", &n_flags);
  notify_count_begin (launcher, "start-timeout", &n_timeout);
  notify_count_begin (launcher, "debug-address", &n_debug);
  for (guint i = 0; i < 2; i++)
    {
      mpel_launcher_set_working_directory (launcher, "/");
      mpel_launcher_set_flags (launcher, MPEL_LAUNCHER_FLAGS_LOG_OUTPUT);
      mpel_launcher_set_start_timeout (launcher, 0);
      mpel_launcher_set_debug_address (launcher, "unix:tmpdir=/tmp");
    }
  g_assert_cmpuint (n_directory, ==, 1);
  g_assert_cmpuint (n_flags, ==, 1);
  g_assert_cmpuint (n_timeout, ==, 1);
  g_assert_cmpuint (n_debug, ==, 1);
  g_assert_cmpstr (mpel_launcher_get_working_directory (launcher), ==, "/");
  g_assert_cmpint (mpel_launcher_get_flags (launcher), ==, MPEL_LAUNCHER_FLAGS_LOG_OUTPUT);
  g_assert_cmpuint (mpel_launcher_get_start_timeout (launcher), ==, 0);
  g_assert_cmpstr (mpel_launcher_get_debug_address (launcher), ==, "unix:tmpdir=/tmp");
  mpel_launcher_set_debug_address (launcher, NULL);
  g_assert_null (mpel_launcher_get_debug_address (launcher));
  g_assert_cmpuint (n_debug, ==, 2);
  g_assert_finalize_object (launcher);
}

static void
test_properties (void)
{
  static const char *const argv[] = { "program", "argument", NULL };
  MpelLauncher            *launcher = g_object_new (MPEL_TYPE_LAUNCHER, "argv", argv, "working-directory", "/tmp", "flags", MPEL_LAUNCHER_FLAGS_LOG_OUTPUT, "start-timeout", 5, "debug-address", "unix:path=/a", NULL);
  g_auto (GStrv) got_argv = NULL;
  g_autofree char  *directory = NULL;
  g_autofree char  *debug_address = NULL;
  MpelLauncherFlags flags;
  guint             timeout;

  g_test_summary ("Each property can be given at construction and read again.");

  g_object_get (launcher, "argv", &got_argv, "working-directory", &directory, "flags", &flags, "start-timeout", &timeout, "debug-address", &debug_address, NULL);
  g_assert_cmpstrv (got_argv, (char **) argv);
  g_assert_cmpstr (directory, ==, "/tmp");
  g_assert_cmpint (flags, ==, MPEL_LAUNCHER_FLAGS_LOG_OUTPUT);
  g_assert_cmpuint (timeout, ==, 5);
  g_assert_cmpstr (debug_address, ==, "unix:path=/a");
  g_assert_finalize_object (launcher);
}

static const char *
get_variable (MpelLauncher *launcher, const char *name)
{
  return g_environ_getenv ((char **) mpel_launcher_get_environment (launcher), name);
}

static void
test_environment (void)
{
  MpelLauncher *launcher = mpel_launcher_new (NULL);
  guint         n;

  g_test_summary ("One variable is set in, or taken from, a copy of the host's environment.");

  g_setenv ("MPEL_TEST_OWN", "host", TRUE);
  notify_count_begin (launcher, "environment", &n);
  mpel_launcher_setenv (launcher, "MPEL_TEST_NEW", "a=b");
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (get_variable (launcher, "MPEL_TEST_NEW"), ==, "a=b");
  g_assert_cmpstr (get_variable (launcher, "MPEL_TEST_OWN"), ==, "host");
  g_assert_null (g_getenv ("MPEL_TEST_NEW"));

  mpel_launcher_unsetenv (launcher, "MPEL_TEST_OWN");
  g_assert_null (get_variable (launcher, "MPEL_TEST_OWN"));
  g_assert_cmpstr (g_getenv ("MPEL_TEST_OWN"), ==, "host");
  mpel_launcher_setenv (launcher, "MPEL_TEST_NEW", "");
  g_assert_cmpstr (get_variable (launcher, "MPEL_TEST_NEW"), ==, "");
  g_unsetenv ("MPEL_TEST_OWN");
  g_assert_finalize_object (launcher);
}

/* Runs a shell script through the launcher; returns what it wrote. */
static char *
run_script (MpelLauncher *launcher, const char *script)
{
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int   pair[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  mpel_launcher_set_argv (launcher, argv);
  mpel_launcher_set_flags (launcher, MPEL_LAUNCHER_FLAGS_LOG_OUTPUT);
  process = mpel_launcher_spawn (launcher, pair[1], &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  close (pair[0]);
  return output;
}

static void
assert_script_writes (MpelLauncher *launcher, const char *script, const char *expected)
{
  g_autofree char *output = run_script (launcher, script);

  g_assert_cmpstr (output, ==, expected);
}

static void
test_spawn (void)
{
  static const char *const environment[] = { "ONLY=this", "MPEL_WORKER_FD=77", "MPEL_DEBUG_ADDRESS=unix:path=/a", NULL };
  static const char *const prefix[] = { "/usr/bin/env", "PREFIX=was here", NULL };
  MpelLauncher            *launcher = mpel_launcher_new (NULL);

  g_test_summary ("The program gets its socket, and the folder, environment and prefix that it was given.");

  assert_script_writes (launcher, "test -S /dev/fd/3 && echo $MPEL_WORKER_FD", "3\n");
  mpel_launcher_set_working_directory (launcher, "/usr");
  assert_script_writes (launcher, "pwd", "/usr\n");
  mpel_launcher_set_environment (launcher, environment);
  assert_script_writes (launcher, "echo $ONLY:$HOME:$MPEL_WORKER_FD", "this::3\n");
  assert_script_writes (launcher, "echo $MPEL_DEBUG_ADDRESS", "unix:path=/a\n");
  mpel_launcher_set_debug_address (launcher, "unix:path=/b");
  assert_script_writes (launcher, "echo $MPEL_DEBUG_ADDRESS", "unix:path=/b\n");
  mpel_launcher_set_command_prefix (launcher, prefix);
  assert_script_writes (launcher, "echo $PREFIX", "was here\n");
  g_assert_finalize_object (launcher);
}

static void
test_spawn_fails (void)
{
  static const char *const argv[] = { "/no/such/program", NULL };
  MpelLauncher            *launcher = mpel_launcher_new (argv);
  g_autoptr (GError) error = NULL;
  int  pair[2];
  char byte;

  g_test_summary ("When there is no such program, its socket is closed all the same.");

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  g_assert_null (mpel_launcher_spawn (launcher, pair[1], &error));
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  g_assert_cmpint (read (pair[0], &byte, 1), ==, 0);
  close (pair[0]);
  g_assert_finalize_object (launcher);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/launcher/defaults", test_defaults);
  g_test_add_func ("/unit/launcher/lists", test_lists);
  g_test_add_func ("/unit/launcher/others", test_others);
  g_test_add_func ("/unit/launcher/properties", test_properties);
  g_test_add_func ("/unit/launcher/environment", test_environment);
  g_test_add_func ("/unit/launcher/spawn", test_spawn);
  g_test_add_func ("/unit/launcher/spawn-fails", test_spawn_fails);
  return g_test_run ();
}
