/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-launcher-private.h"

#include <string.h>

/* The environment of workers: the host's own until somebody changes it. */

/**
 * mpel_launcher_get_environment: (get-property environment)
 * @self: a launcher
 *
 * Gets the worker's environment.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1) (element-type filename): `NAME=VALUE` strings, or `NULL`
 *   for the host's environment
 *
 * Since: 0.1
 */
const char *const *
mpel_launcher_get_environment (MpelLauncher *self)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (self), NULL);

  return (const char *const *) self->environment;
}

/**
 * mpel_launcher_set_environment: (set-property environment)
 * @self: a launcher
 * @environment: (nullable) (array zero-terminated=1) (element-type filename): `NAME=VALUE` strings, or `NULL` for the
 *   host's environment
 *
 * Sets the worker's environment.
 *
 * Since: 0.1
 */
void
mpel_launcher_set_environment (MpelLauncher *self, const char *const *environment)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));

  if (mpel_launcher_set_strv (&self->environment, environment))
    g_object_notify (G_OBJECT (self), "environment");
}

static char **
steal_environment (MpelLauncher *self)
{
  return self->environment != NULL ? g_steal_pointer (&self->environment) : g_get_environ ();
}

/**
 * mpel_launcher_setenv:
 * @self: a launcher
 * @variable: (type filename): the name of a variable
 * @value: (type filename): its value
 *
 * Sets a variable of the worker's environment.
 *
 * The first change takes a copy of the host's environment.
 *
 * Since: 0.1
 */
void
mpel_launcher_setenv (MpelLauncher *self, const char *variable, const char *value)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));
  g_return_if_fail (variable != NULL && variable[0] != '\0' && strchr (variable, '=') == NULL);
  g_return_if_fail (value != NULL);

  self->environment = g_environ_setenv (steal_environment (self), variable, value, TRUE);
  g_object_notify (G_OBJECT (self), "environment");
}

/**
 * mpel_launcher_unsetenv:
 * @self: a launcher
 * @variable: (type filename): the name of a variable
 *
 * Removes a variable from the worker's environment.
 *
 * Since: 0.1
 */
void
mpel_launcher_unsetenv (MpelLauncher *self, const char *variable)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));
  g_return_if_fail (variable != NULL && variable[0] != '\0' && strchr (variable, '=') == NULL);

  self->environment = g_environ_unsetenv (steal_environment (self), variable);
  g_object_notify (G_OBJECT (self), "environment");
}
