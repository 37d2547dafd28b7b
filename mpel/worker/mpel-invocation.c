/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-invocation-private.h"

#include "mpel-loop-error.h"

/**
 * MpelInvocation:
 *
 * One event as its target sees it, in the worker.
 *
 * A target reads [method@Invocation.get_args] and [method@Invocation.get_kwargs] and answers
 * once: with [method@Invocation.return_value], [method@Invocation.return_gerror] or
 * [method@Invocation.return_exception]. A function (see [method@Worker.add_function]) answers
 * by returning; a handler (see [method@Worker.add_handler]) may keep a reference and answer
 * later. An invocation that is dropped without an answer ends its event with
 * [MPEL_LOOP_ERROR_NO_RESULT][error@LoopError].
 *
 * Answers may be given from any thread; answering twice is a programming error.
 *
 * Work that takes long can tell how far it is, with [method@Invocation.report_progress], and hand
 * out values before its end: one by one with [method@Invocation.yield_value], or made on demand by a
 * generator, see [method@Invocation.set_generator]. [method@Invocation.get_cancellable] tells when
 * nobody wants it any more.
 *
 * Objects among the arguments come as handles, for [method@Invocation.lookup_object]; those that the
 * results are to mention go as handles too, from [method@Invocation.add_object].
 *
 * Since: 0.1
 */
struct _MpelInvocation
{
  GObject parent_instance;

  /* Constant after construction. */
  char          *target; /* (owned) */
  GVariant      *args;   /* (owned) a tuple */
  GVariant      *kwargs; /* (owned) an a{sv} */
  MpelCall      *call;   /* (owned) what other threads may touch */
  MpelAnswerFunc answer;
  gpointer       answer_data;
  GDestroyNotify answer_destroy;

  MpelMentions mentions;
  gint         answered; /* atomic */
};

enum
{
  SIGNAL_CANCELLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MpelInvocation, mpel_invocation, G_TYPE_OBJECT)

/* Returns FALSE when somebody was faster. */
static gboolean
claim (MpelInvocation *self)
{
  return g_atomic_int_compare_and_exchange (&self->answered, FALSE, TRUE);
}

static void
return_failure (MpelInvocation *self, MpelFailure *failure)
{
  if (claim (self))
    self->answer (self, NULL, failure, self->answer_data);
  else
    g_critical ("“%s” was answered twice", self->target);
  mpel_failure_free (failure);
}

static void
mpel_invocation_dispose (GObject *object)
{
  MpelInvocation *self = MPEL_INVOCATION (object);

  mpel_call_set_invocation (self->call, NULL);
  if (!mpel_invocation_is_answered (self))
    mpel_invocation_return_error_take (self,
                                       g_error_new (MPEL_LOOP_ERROR,
                                                    MPEL_LOOP_ERROR_NO_RESULT,
                                                    "“%s” dropped its invocation without an answer",
                                                    self->target));

  G_OBJECT_CLASS (mpel_invocation_parent_class)->dispose (object);
}

static void
mpel_invocation_finalize (GObject *object)
{
  MpelInvocation *self = MPEL_INVOCATION (object);

  mpel_invocation_clear_mentions (self);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->args, g_variant_unref);
  g_clear_pointer (&self->kwargs, g_variant_unref);
  if (self->answer_destroy != NULL)
    self->answer_destroy (self->answer_data);
  g_clear_pointer (&self->call, mpel_call_unref);

  G_OBJECT_CLASS (mpel_invocation_parent_class)->finalize (object);
}

static void
mpel_invocation_class_init (MpelInvocationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_invocation_dispose;
  object_class->finalize = mpel_invocation_finalize;

  /**
   * MpelInvocation::cancelled:
   * @self: the invocation
   *
   * Emitted when the host wants the event no more.
   *
   * It comes in the main context of the worker, once, and not when the event is answered. A
   * function that computes hears nothing meanwhile: it asks [method@Invocation.get_cancellable],
   * which knows at once. A handler that connects before it returns misses nothing.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CANCELLED] = g_signal_new ("cancelled", MPEL_TYPE_INVOCATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mpel_invocation_init (MpelInvocation *self)
{
}

static GVariant *
ref_empty_kwargs (void)
{
  static GVariant *empty = NULL;

  if (g_once_init_enter (&empty))
    g_once_init_leave (&empty, g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)));
  return g_variant_ref (empty);
}

/* @kwargs: (nullable) */
MpelInvocation *
mpel_invocation_new (MpelCall *call, const char *target, GVariant *args, GVariant *kwargs, MpelAnswerFunc answer, gpointer user_data, GDestroyNotify destroy)
{
  MpelInvocation *self = g_object_new (MPEL_TYPE_INVOCATION, NULL);

  self->call = mpel_call_ref (call);
  mpel_call_set_invocation (call, self);
  self->target = g_strdup (target);
  self->args = g_variant_ref_sink (args);
  self->kwargs = kwargs != NULL ? g_variant_ref_sink (kwargs) : ref_empty_kwargs ();
  self->answer = answer;
  self->answer_data = user_data;
  self->answer_destroy = destroy;
  return self;
}

MpelCall *
mpel_invocation_get_call (MpelInvocation *self)
{
  return self->call;
}

MpelMentions *
mpel_invocation_get_mentions (MpelInvocation *self)
{
  return &self->mentions;
}

gboolean
mpel_invocation_is_answered (MpelInvocation *self)
{
  return g_atomic_int_get (&self->answered);
}

/* Main thread. */
void
mpel_invocation_tell_cancelled (MpelInvocation *self)
{
  if (!mpel_invocation_is_answered (self))
    g_signal_emit (self, signals[SIGNAL_CANCELLED], 0);
}

gboolean
mpel_invocation_has_generator (MpelInvocation *self)
{
  return g_atomic_int_get (&self->call->has_generator);
}

void
mpel_invocation_return_error_take (MpelInvocation *self, GError *error)
{
  return_failure (self, mpel_failure_new_take (error));
}

/* Answers unless somebody has: exactly one of @results and @error is set, and the latter is taken. */
void
mpel_invocation_settle (MpelInvocation *self, GVariant *results, GError *error)
{
  g_autoptr (MpelFailure) failure = error != NULL ? mpel_failure_new_take (error) : NULL;

  if (claim (self))
    self->answer (self, results, failure, self->answer_data);
}

/* For a function that has returned. It may also have answered through its invocation, or have set a
 * generator to do it; then what it returns is not asked. Takes both. */
void
mpel_invocation_answer_with (MpelInvocation *self, GVariant *returned, GError *error)
{
  g_autoptr (GVariant) results = returned != NULL ? g_variant_take_ref (returned) : NULL;

  if (mpel_invocation_is_answered (self))
    {
      if (results != NULL || error != NULL)
        g_critical ("“%s” was answered twice", mpel_invocation_get_target (self));
      g_clear_error (&error);
    }
  else if (results == NULL && error == NULL && mpel_invocation_has_generator (self))
    return;
  else if (error != NULL)
    mpel_invocation_return_error_take (self, error);
  else
    mpel_invocation_return_value (self, results);
}

/**
 * mpel_invocation_get_target:
 * @self: an invocation
 *
 * Gets the name that the event asked for; a fallback handler decides by it.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
mpel_invocation_get_target (MpelInvocation *self)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), NULL);

  return self->target;
}

/**
 * mpel_invocation_get_args:
 * @self: an invocation
 *
 * Gets the positional arguments.
 *
 * Returns: (transfer none): a tuple, `()` when there are none
 *
 * Since: 0.1
 */
GVariant *
mpel_invocation_get_args (MpelInvocation *self)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), NULL);

  return self->args;
}

/**
 * mpel_invocation_get_kwargs:
 * @self: an invocation
 *
 * Gets the named arguments.
 *
 * Returns: (transfer none): an `a{sv}`, empty when there are none
 *
 * Since: 0.1
 */
GVariant *
mpel_invocation_get_kwargs (MpelInvocation *self)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), NULL);

  return self->kwargs;
}

/**
 * mpel_invocation_check_args:
 * @self: an invocation
 * @type_string: a GVariant tuple type, such as `(xx)` or `(s*)`
 * @error: return location for an error
 *
 * Checks that the positional arguments are of a type.
 *
 * The error is [MPEL_LOOP_ERROR_INVALID_ARGUMENTS][error@LoopError] and names both types, so that a
 * function can return it as it is.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
mpel_invocation_check_args (MpelInvocation *self, const char *type_string, GError **error)
{
  g_return_val_if_fail (MPEL_IS_INVOCATION (self), FALSE);
  g_return_val_if_fail (g_variant_type_string_is_valid (type_string), FALSE);

  if (g_variant_is_of_type (self->args, G_VARIANT_TYPE (type_string)))
    return TRUE;

  g_set_error (error,
               MPEL_LOOP_ERROR,
               MPEL_LOOP_ERROR_INVALID_ARGUMENTS,
               "“%s” takes arguments of type “%s”, not “%s”",
               self->target,
               type_string,
               g_variant_get_type_string (self->args));
  return FALSE;
}

/**
 * mpel_invocation_return_value:
 * @self: an invocation
 * @results: (nullable): the results, of any type; a floating reference is taken
 *
 * Answers with results.
 *
 * A target that has nothing to say returns the empty tuple `()`; `NULL` ends the event with
 * [MPEL_LOOP_ERROR_NO_RESULT][error@LoopError].
 *
 * Since: 0.1
 */
void
mpel_invocation_return_value (MpelInvocation *self, GVariant *results)
{
  g_autoptr (GVariant) owned = NULL;

  g_return_if_fail (MPEL_IS_INVOCATION (self));

  if (results == NULL)
    {
      mpel_invocation_return_error_take (self,
                                         g_error_new (MPEL_LOOP_ERROR,
                                                      MPEL_LOOP_ERROR_NO_RESULT,
                                                      "“%s” returned neither results nor an error",
                                                      self->target));
      return;
    }

  owned = g_variant_ref_sink (results);
  if (claim (self))
    self->answer (self, owned, NULL, self->answer_data);
  else
    g_critical ("“%s” was answered twice", self->target);
}

/**
 * mpel_invocation_return_gerror:
 * @self: an invocation
 * @error: the error
 *
 * Answers with an error, whose domain, code and message reach the host.
 *
 * Since: 0.1
 */
void
mpel_invocation_return_gerror (MpelInvocation *self, const GError *error)
{
  g_return_if_fail (MPEL_IS_INVOCATION (self));
  g_return_if_fail (error != NULL);

  mpel_invocation_return_error_take (self, g_error_copy (error));
}

/**
 * mpel_invocation_return_exception:
 * @self: an invocation
 * @type_name: the name of the exception's class
 * @message: what it says
 * @traceback: (nullable): where it came from, for a person to read
 *
 * Answers with an exception of the worker's own language.
 *
 * The host sees [MPEL_LOOP_ERROR_REMOTE_EXCEPTION][error@LoopError] with the message
 * “@type_name: @message”, and the parts in [method@Event.get_remote_type] and
 * [method@Event.get_traceback].
 *
 * Since: 0.1
 */
void
mpel_invocation_return_exception (MpelInvocation *self, const char *type_name, const char *message, const char *traceback)
{
  g_return_if_fail (MPEL_IS_INVOCATION (self));
  g_return_if_fail (type_name != NULL);
  g_return_if_fail (message != NULL);

  return_failure (self, mpel_failure_new_exception (type_name, message, traceback));
}
