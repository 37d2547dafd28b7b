/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-launcher-private.h"

#include "mpel-enum-types.h"

/**
 * MpelLauncher:
 *
 * What to start as a worker, and how.
 *
 * Without [property@Launcher:argv] the worker is the running program itself, started again with
 * the same arguments: its `main` then finds that [func@Worker.get_default] is not `NULL`. Or
 * name any program that does so.
 *
 * A change matters for workers that are started afterwards. Use a launcher from the thread of
 * its loops only.
 *
 * Since: 0.1
 */

/* An interpreter with many imports on a cold disk takes seconds. */
#define DEFAULT_START_TIMEOUT_MS 30000

typedef enum
{
  PROP_ARGV = 1,
  PROP_COMMAND_PREFIX,
  PROP_WORKING_DIRECTORY,
  PROP_ENVIRONMENT,
  PROP_FLAGS,
  PROP_START_TIMEOUT,
  PROP_DEBUG_ADDRESS,
} MpelLauncherProperty;

static GParamSpec *props[PROP_DEBUG_ADDRESS + 1];

G_DEFINE_FINAL_TYPE (MpelLauncher, mpel_launcher, G_TYPE_OBJECT)

static void
mpel_launcher_finalize (GObject *object)
{
  MpelLauncher *self = MPEL_LAUNCHER (object);

  g_clear_pointer (&self->argv, g_strfreev);
  g_clear_pointer (&self->command_prefix, g_strfreev);
  g_clear_pointer (&self->working_directory, g_free);
  g_clear_pointer (&self->environment, g_strfreev);
  g_clear_pointer (&self->debug_address, g_free);

  G_OBJECT_CLASS (mpel_launcher_parent_class)->finalize (object);
}

static void
mpel_launcher_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MpelLauncher *self = MPEL_LAUNCHER (object);

  switch ((MpelLauncherProperty) prop_id)
    {
    case PROP_ARGV:
      g_value_set_boxed (value, self->argv);
      break;
    case PROP_COMMAND_PREFIX:
      g_value_set_boxed (value, self->command_prefix);
      break;
    case PROP_WORKING_DIRECTORY:
      g_value_set_string (value, self->working_directory);
      break;
    case PROP_ENVIRONMENT:
      g_value_set_boxed (value, self->environment);
      break;
    case PROP_FLAGS:
      g_value_set_flags (value, self->flags);
      break;
    case PROP_START_TIMEOUT:
      g_value_set_uint (value, self->start_timeout);
      break;
    case PROP_DEBUG_ADDRESS:
      g_value_set_string (value, self->debug_address);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_launcher_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MpelLauncher *self = MPEL_LAUNCHER (object);

  switch ((MpelLauncherProperty) prop_id)
    {
    case PROP_ARGV:
      mpel_launcher_set_argv (self, g_value_get_boxed (value));
      break;
    case PROP_COMMAND_PREFIX:
      mpel_launcher_set_command_prefix (self, g_value_get_boxed (value));
      break;
    case PROP_WORKING_DIRECTORY:
      mpel_launcher_set_working_directory (self, g_value_get_string (value));
      break;
    case PROP_ENVIRONMENT:
      mpel_launcher_set_environment (self, g_value_get_boxed (value));
      break;
    case PROP_FLAGS:
      mpel_launcher_set_flags (self, g_value_get_flags (value));
      break;
    case PROP_START_TIMEOUT:
      mpel_launcher_set_start_timeout (self, g_value_get_uint (value));
      break;
    case PROP_DEBUG_ADDRESS:
      mpel_launcher_set_debug_address (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mpel_launcher_class_init (MpelLauncherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = mpel_launcher_finalize;
  object_class->get_property = mpel_launcher_get_property;
  object_class->set_property = mpel_launcher_set_property;

  /**
   * MpelLauncher:argv: (getter get_argv) (setter set_argv)
   *
   * The program and its arguments, or `NULL` for the running program with its own.
   *
   * Since: 0.1
   */
  props[PROP_ARGV] = g_param_spec_boxed ("argv", NULL, NULL, G_TYPE_STRV, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelLauncher:command-prefix: (getter get_command_prefix) (setter set_command_prefix)
   *
   * A command that is put before the program, such as `nice` or a debugger.
   *
   * It must pass file descriptor 3 and the environment on to the program.
   *
   * Since: 0.1
   */
  props[PROP_COMMAND_PREFIX] = g_param_spec_boxed ("command-prefix", NULL, NULL, G_TYPE_STRV, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelLauncher:working-directory: (getter get_working_directory) (setter set_working_directory)
   *
   * The folder the worker starts in, or `NULL` for the host's.
   *
   * Since: 0.1
   */
  props[PROP_WORKING_DIRECTORY] = g_param_spec_string ("working-directory", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelLauncher:environment: (getter get_environment) (setter set_environment)
   *
   * The worker's environment as `NAME=VALUE` strings, or `NULL` for the host's.
   *
   * Since: 0.1
   */
  props[PROP_ENVIRONMENT] = g_param_spec_boxed ("environment", NULL, NULL, G_TYPE_STRV, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelLauncher:flags: (getter get_flags) (setter set_flags)
   *
   * How to start workers.
   *
   * Since: 0.1
   */
  props[PROP_FLAGS] = g_param_spec_flags ("flags", NULL, NULL, MPEL_TYPE_LAUNCHER_FLAGS, MPEL_LAUNCHER_FLAGS_NONE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelLauncher:start-timeout: (getter get_start_timeout) (setter set_start_timeout)
   *
   * How long a worker may take to say hello, in milliseconds; 0 for as long as it likes.
   *
   * Since: 0.1
   */
  props[PROP_START_TIMEOUT] = g_param_spec_uint ("start-timeout", NULL, NULL, 0, G_MAXUINT, DEFAULT_START_TIMEOUT_MS, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * MpelLauncher:debug-address: (getter get_debug_address) (setter set_debug_address)
   *
   * Where a worker shows its objects to D-Bus tools, or `NULL` for nowhere unless the variable
   * `MPEL_DEBUG_ADDRESS` in its environment says so.
   *
   * Since: 0.1
   */
  props[PROP_DEBUG_ADDRESS] = g_param_spec_string ("debug-address", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
mpel_launcher_init (MpelLauncher *self)
{
  self->start_timeout = DEFAULT_START_TIMEOUT_MS;
}

/**
 * mpel_launcher_new:
 * @argv: (nullable) (array zero-terminated=1) (element-type filename): the program and its arguments, or `NULL` for the
 *   running program with its own
 *
 * Creates a launcher.
 *
 * A program without a slash is looked for in `PATH`.
 *
 * Returns: (transfer full): the launcher
 *
 * Since: 0.1
 */
MpelLauncher *
mpel_launcher_new (const char *const *argv)
{
  return g_object_new (MPEL_TYPE_LAUNCHER, "argv", argv, NULL);
}

/* Returns whether it is another one. */
gboolean
mpel_launcher_set_strv (char ***field, const char *const *strv)
{
  if (*field == (char **) strv ||
      (*field != NULL && strv != NULL && g_strv_equal ((const char *const *) *field, strv)))
    return FALSE;
  g_strfreev (*field);
  *field = g_strdupv ((char **) strv);
  return TRUE;
}

/**
 * mpel_launcher_get_argv: (get-property argv)
 * @self: a launcher
 *
 * Gets the program and its arguments.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1) (element-type filename): them, or `NULL` for the running
 *   program with its own
 *
 * Since: 0.1
 */
const char *const *
mpel_launcher_get_argv (MpelLauncher *self)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (self), NULL);

  return (const char *const *) self->argv;
}

/**
 * mpel_launcher_set_argv: (set-property argv)
 * @self: a launcher
 * @argv: (nullable) (array zero-terminated=1) (element-type filename): the program and its arguments, or `NULL` for the
 *   running program with its own
 *
 * Sets the program and its arguments.
 *
 * Since: 0.1
 */
void
mpel_launcher_set_argv (MpelLauncher *self, const char *const *argv)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));
  g_return_if_fail (argv == NULL || argv[0] != NULL);

  if (mpel_launcher_set_strv (&self->argv, argv))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ARGV]);
}

/**
 * mpel_launcher_get_command_prefix: (get-property command-prefix)
 * @self: a launcher
 *
 * Gets the command that is put before the program.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1) (element-type filename): the command, if any
 *
 * Since: 0.1
 */
const char *const *
mpel_launcher_get_command_prefix (MpelLauncher *self)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (self), NULL);

  return (const char *const *) self->command_prefix;
}

/**
 * mpel_launcher_set_command_prefix: (set-property command-prefix)
 * @self: a launcher
 * @command_prefix: (nullable) (array zero-terminated=1) (element-type filename): the command, if any
 *
 * Sets a command that is put before the program.
 *
 * Since: 0.1
 */
void
mpel_launcher_set_command_prefix (MpelLauncher *self, const char *const *command_prefix)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));

  if (mpel_launcher_set_strv (&self->command_prefix, command_prefix))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COMMAND_PREFIX]);
}

/**
 * mpel_launcher_get_working_directory: (get-property working-directory)
 * @self: a launcher
 *
 * Gets the folder the worker starts in.
 *
 * Returns: (transfer none) (nullable) (type filename): the folder, or `NULL` for the host's
 *
 * Since: 0.1
 */
const char *
mpel_launcher_get_working_directory (MpelLauncher *self)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (self), NULL);

  return self->working_directory;
}

/**
 * mpel_launcher_set_working_directory: (set-property working-directory)
 * @self: a launcher
 * @working_directory: (nullable) (type filename): the folder, or `NULL` for the host's
 *
 * Sets the folder the worker starts in.
 *
 * Since: 0.1
 */
void
mpel_launcher_set_working_directory (MpelLauncher *self, const char *working_directory)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));

  if (g_strcmp0 (self->working_directory, working_directory) == 0)
    return;
  g_free (self->working_directory);
  self->working_directory = g_strdup (working_directory);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WORKING_DIRECTORY]);
}

/**
 * mpel_launcher_get_flags: (get-property flags)
 * @self: a launcher
 *
 * Tells how workers are started.
 *
 * Returns: the flags
 *
 * Since: 0.1
 */
MpelLauncherFlags
mpel_launcher_get_flags (MpelLauncher *self)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (self), MPEL_LAUNCHER_FLAGS_NONE);

  return self->flags;
}

/**
 * mpel_launcher_set_flags: (set-property flags)
 * @self: a launcher
 * @flags: the flags
 *
 * Sets how workers are started.
 *
 * Since: 0.1
 */
void
mpel_launcher_set_flags (MpelLauncher *self, MpelLauncherFlags flags)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));

  if (self->flags == flags)
    return;
  self->flags = flags;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FLAGS]);
}

/**
 * mpel_launcher_get_start_timeout: (get-property start-timeout)
 * @self: a launcher
 *
 * Tells how long a worker may take to say hello.
 *
 * Returns: milliseconds, or 0 for as long as it likes
 *
 * Since: 0.1
 */
guint
mpel_launcher_get_start_timeout (MpelLauncher *self)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (self), 0);

  return self->start_timeout;
}

/**
 * mpel_launcher_set_start_timeout: (set-property start-timeout)
 * @self: a launcher
 * @start_timeout: milliseconds, or 0 for as long as it likes
 *
 * Sets how long a worker may take to say hello.
 *
 * A worker that takes longer is ended, and its events end with
 * [MPEL_LOOP_ERROR_SPAWN_FAILED][error@LoopError].
 *
 * Since: 0.1
 */
void
mpel_launcher_set_start_timeout (MpelLauncher *self, guint start_timeout)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));

  if (self->start_timeout == start_timeout)
    return;
  self->start_timeout = start_timeout;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_START_TIMEOUT]);
}

/**
 * mpel_launcher_get_debug_address: (get-property debug-address)
 * @self: a launcher
 *
 * Tells where a worker shows its objects to D-Bus tools.
 *
 * Returns: (transfer none) (nullable): the address, if any
 *
 * Since: 0.1
 */
const char *
mpel_launcher_get_debug_address (MpelLauncher *self)
{
  g_return_val_if_fail (MPEL_IS_LAUNCHER (self), NULL);

  return self->debug_address;
}

/**
 * mpel_launcher_set_debug_address: (set-property debug-address)
 * @self: a launcher
 * @debug_address: (nullable): a D-Bus address of a Unix socket, such as `unix:tmpdir=/tmp`
 *
 * Sets where a worker shows its objects to D-Bus tools.
 *
 * The worker listens there for programs of the same user, and for nobody else; it says where in a
 * line on its standard error. A `%p` in the address stands for the worker's process id: workers that
 * live at the same time need one, or an address that makes a new name for each, such as
 * `unix:tmpdir=`. A worker that cannot listen says so, and works without.
 *
 * Without an address the variable `MPEL_DEBUG_ADDRESS` of the worker's environment is one, if it is
 * set. [Looking into a worker](debugging.html) tells what can be seen.
 *
 * Since: 0.1
 */
void
mpel_launcher_set_debug_address (MpelLauncher *self, const char *debug_address)
{
  g_return_if_fail (MPEL_IS_LAUNCHER (self));

  if (g_strcmp0 (self->debug_address, debug_address) == 0)
    return;
  g_free (self->debug_address);
  self->debug_address = g_strdup (debug_address);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DEBUG_ADDRESS]);
}
