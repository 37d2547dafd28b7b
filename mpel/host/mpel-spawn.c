/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-launcher-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-summons-private.h"

#include <string.h>
#include <sys/stat.h>

/* How a launcher starts a worker. */

#define OWN_PROGRAM "/proc/self/exe"

static gboolean
is_same_file (const char *path, const char *other)
{
  struct stat status, other_status;

  return stat (path, &status) == 0 && stat (other, &other_status) == 0 &&
         status.st_dev == other_status.st_dev && status.st_ino == other_status.st_ino;
}

/* The name it was called by, if that still leads to it: an interpreter in a virtual environment
 * finds its libraries by that. Else the name of its file. Of a program that was replaced on disk
 * since it started, the kernel says “(deleted)”: then only its own link leads to it. */
static char *
find_own_program (const char *argv0)
{
  g_autofree char *path = g_file_read_link (OWN_PROGRAM, NULL);
  g_autofree char *called = g_find_program_in_path (argv0);

  if (path == NULL || !g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup (OWN_PROGRAM);
  if (called != NULL && is_same_file (called, path))
    return g_canonicalize_filename (called, NULL);
  return g_steal_pointer (&path);
}

static gboolean
check_summons (GError **error)
{
  if (g_getenv (MPEL_WORKER_FD_VARIABLE) == NULL && !mpel_summons_is_open ())
    return TRUE;
  g_set_error_literal (error,
                       MPEL_LOOP_ERROR,
                       MPEL_LOOP_ERROR_SPAWN_FAILED,
                       "This process was started as a worker; it must ask for the default worker first, and run it");
  return FALSE;
}

static gboolean
append_own_command (GPtrArray *command, GError **error)
{
  g_autofree char *arguments = NULL;
  gsize            length;
  const char      *at;

  if (!check_summons (error))
    return FALSE;
  if (!g_file_get_contents ("/proc/self/cmdline", &arguments, &length, error))
    return FALSE;

  g_ptr_array_add (command, find_own_program (arguments));
  for (at = arguments + strlen (arguments) + 1; at < arguments + length; at += strlen (at) + 1)
    g_ptr_array_add (command, g_strdup (at));
  return TRUE;
}

static void
append_strv (GPtrArray *command, const char *const *strv)
{
  for (guint i = 0; strv != NULL && strv[i] != NULL; i++)
    g_ptr_array_add (command, g_strdup (strv[i]));
}

static GPtrArray *
make_command (MpelLauncher *self, GError **error)
{
  const char *const *argv = mpel_launcher_get_argv (self);
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);

  append_strv (command, mpel_launcher_get_command_prefix (self));
  if (argv != NULL)
    append_strv (command, argv);
  else if (!append_own_command (command, error))
    return NULL;

  g_ptr_array_add (command, NULL);
  return g_steal_pointer (&command);
}

/* Takes @worker_fd, also on failure. */
GSubprocess *
mpel_launcher_spawn (MpelLauncher *self, int worker_fd, GError **error)
{
  const char *const *environment = mpel_launcher_get_environment (self);
  const char        *working_directory = mpel_launcher_get_working_directory (self);
  const char        *debug_address = mpel_launcher_get_debug_address (self);
  GSubprocessFlags   flags = G_SUBPROCESS_FLAGS_STDERR_PIPE;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GPtrArray) command = NULL;

  if (mpel_launcher_get_flags (self) & MPEL_LAUNCHER_FLAGS_LOG_OUTPUT)
    flags |= G_SUBPROCESS_FLAGS_STDOUT_PIPE;
  launcher = g_subprocess_launcher_new (flags);
  g_subprocess_launcher_take_fd (launcher, worker_fd, MPEL_WORKER_FD);

  command = make_command (self, error);
  if (command == NULL)
    return NULL;
  if (environment != NULL)
    g_subprocess_launcher_set_environ (launcher, (char **) environment);
  if (working_directory != NULL)
    g_subprocess_launcher_set_cwd (launcher, working_directory);
  g_subprocess_launcher_setenv (launcher, MPEL_WORKER_FD_VARIABLE, G_STRINGIFY (MPEL_WORKER_FD), TRUE);
  if (debug_address != NULL)
    g_subprocess_launcher_setenv (launcher, MPEL_DEBUG_ADDRESS_VARIABLE, debug_address, TRUE);

  return g_subprocess_launcher_spawnv (launcher, (const char *const *) command->pdata, error);
}
