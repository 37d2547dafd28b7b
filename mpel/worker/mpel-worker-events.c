/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-worker-private.h"

#include "mpel-builtins-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"

/* An event: mpel_worker_run_event → open_envelope, find_object → dispatch → … answer_cb → answer
 *
 * Answers come from any thread. What has to do with objects or variables is the main thread's, so
 * those of events that mention any go through there. */

/* An answer on its way to the main thread. */
typedef struct
{
  MpelWorker     *worker;     /* (unowned) */
  MpelInvocation *invocation; /* (owned) */
  gboolean        saves;
  GVariant       *results; /* (owned) (nullable) */
  MpelFailure    *failure; /* (owned) (nullable) */
} Answer;

static void
answer_free (Answer *self)
{
  g_clear_object (&self->invocation);
  g_clear_pointer (&self->results, g_variant_unref);
  g_clear_pointer (&self->failure, mpel_failure_free);
  g_free (self);
}

/* The host learns of the objects with the results. Returns: (transfer full): the envelope. */
static GVariant *
mention_results (MpelObjects *objects, GVariant *results, GPtrArray *added, GArray *ids)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ts)"));
  for (guint i = 0; i < added->len; i++)
    {
      guint64 id = mpel_objects_mention (objects, added->pdata[i]);

      g_array_append_val (ids, id);
      g_variant_builder_add (&builder, "(ts)", id, mpel_objects_get_class_name (objects, added->pdata[i]));
    }
  return g_variant_ref_sink (g_variant_new ("(*a(ts))", results, &builder));
}

static void
add_done_with_mentions (MpelOutbox *outbox, MpelObjects *objects, MpelCall *call, GVariant *results, GPtrArray *added)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GVariant) envelope = mention_results (objects, results, added, ids);

  if (mpel_outbox_add_done (outbox, call, MPEL_RECORD_FLAG_MENTIONS, envelope))
    return;
  for (guint i = 0; i < ids->len; i++)
    mpel_objects_unmention (objects, g_array_index (ids, guint64, i));
}

static void
add_done (MpelCall *call, GVariant *results, GPtrArray *added)
{
  MpelOutbox  *outbox = mpel_calls_get_outbox (call->calls);
  MpelObjects *objects = mpel_calls_get_objects (call->calls);

  if (call->has_output && added != NULL)
    add_done_with_mentions (outbox, objects, call, results, added);
  else
    mpel_outbox_add_done (outbox, call, MPEL_RECORD_FLAG_NONE, call->has_output ? results : NULL);
}

/* @failure: (nullable): exactly one of it and @results */
static void
tell_answer (MpelInvocation *invocation, GVariant *results, const MpelFailure *failure)
{
  MpelCall     *call = mpel_invocation_get_call (invocation);
  MpelMentions *mentions = mpel_invocation_get_mentions (invocation);

  if (failure != NULL)
    mpel_outbox_add_failed (mpel_calls_get_outbox (call->calls), call, failure);
  else
    add_done (call, results, mentions->added);
  mpel_calls_end (call->calls, call);
}

/* Returns: (transfer full) (nullable): why the results are no variables */
static MpelFailure *
save_results (MpelWorker *self, MpelInvocation *invocation, GVariant *results)
{
  GError *error = NULL;

  if (mpel_variables_save (self->variables, results, mpel_invocation_get_mentions (invocation)->added, &error))
    return NULL;
  return mpel_failure_new_take (error);
}

/* Who asks to watch has just been told. */
static gboolean
may_have_changed (MpelInvocation *invocation)
{
  return mpel_invocation_get_mentions (invocation)->object != NULL &&
         !g_str_equal (mpel_invocation_get_target (invocation), MPEL_BUILTIN_WATCH);
}

/* Main thread. */
static void
answer (MpelWorker *self, MpelInvocation *invocation, gboolean saves, GVariant *results, const MpelFailure *failure)
{
  MpelCall *call = mpel_invocation_get_call (invocation);
  g_autoptr (MpelFailure) refusal = NULL;

  if (saves && failure == NULL)
    refusal = save_results (self, invocation, results);
  if (may_have_changed (invocation))
    mpel_objects_read_getters (mpel_calls_get_objects (call->calls), mpel_invocation_get_object (invocation));
  tell_answer (invocation, results, refusal != NULL ? refusal : failure);
  mpel_invocation_clear_mentions (invocation);
}

static gboolean
answer_on_main_thread_cb (gpointer user_data)
{
  Answer *self = user_data;

  answer (self->worker, self->invocation, self->saves, self->results, self->failure);
  return G_SOURCE_REMOVE;
}

static void
hand_over (MpelWorker *self, MpelInvocation *invocation, gboolean saves, GVariant *results, const MpelFailure *failure)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Answer *handed = g_new0 (Answer, 1);

  handed->worker = self;
  handed->invocation = g_object_ref (invocation);
  handed->saves = saves;
  handed->results = results != NULL ? g_variant_ref (results) : NULL;
  handed->failure = failure != NULL ? mpel_failure_copy (failure) : NULL;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[mpel] answer on the main thread");
  g_source_set_callback (source, answer_on_main_thread_cb, handed, (GDestroyNotify) answer_free);
  g_source_attach (source, mpel_calls_get_context (mpel_invocation_get_call (invocation)->calls));
}

static void
answer_or_hand_over (MpelWorker *self, MpelInvocation *invocation, gboolean saves, GVariant *results, const MpelFailure *failure)
{
  if (!saves && !mpel_invocation_has_mentions (invocation))
    tell_answer (invocation, results, failure);
  else if (mpel_calls_is_main_thread (mpel_invocation_get_call (invocation)->calls))
    answer (self, invocation, saves, results, failure);
  else
    hand_over (self, invocation, saves, results, failure);
}

static void
answer_cb (MpelInvocation *invocation, GVariant *results, const MpelFailure *failure, gpointer user_data)
{
  answer_or_hand_over (user_data, invocation, FALSE, results, failure);
}

static void
answer_and_save_cb (MpelInvocation *invocation, GVariant *results, const MpelFailure *failure, gpointer user_data)
{
  answer_or_hand_over (user_data, invocation, TRUE, results, failure);
}

/* What a record says besides what it would without an envelope. */
typedef struct
{
  GVariant *value;    /* (owned) what it would say */
  GVariant *ids;      /* (owned) (nullable) */
  char     *variable; /* (owned) (nullable) never empty */
} Envelope;

static void
envelope_clear (Envelope *self)
{
  g_clear_pointer (&self->value, g_variant_unref);
  g_clear_pointer (&self->ids, g_variant_unref);
  g_clear_pointer (&self->variable, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Envelope, envelope_clear)

static void
open_envelope (const MpelRecord *record, Envelope *envelope)
{
  if ((record->flags & MPEL_RECORD_FLAG_MENTIONS) == 0)
    {
      envelope->value = g_variant_ref (record->value);
      return;
    }

  g_variant_get (record->value, "(*@ats)", &envelope->value, &envelope->ids, &envelope->variable);
  if (*envelope->variable == '\0')
    g_clear_pointer (&envelope->variable, g_free);
}

/* All at once, so that each lives until the answer. */
static gboolean
find_mentioned (MpelWorker *self, GVariant *ids, MpelMentions *mentions, GError **error)
{
  gsize          n_ids;
  const guint64 *array = g_variant_get_fixed_array (ids, &n_ids, sizeof (guint64));

  if (n_ids == 0)
    return TRUE;
  mentions->objects = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < n_ids; i++)
    {
      GObject *object = mpel_objects_lookup (self->objects, array[i], error);

      if (object == NULL)
        return FALSE;
      g_ptr_array_add (mentions->objects, g_object_ref (object));
    }
  return TRUE;
}

/* Whose method the event is: an object, a value, or nobody's. @value: (out) (transfer full) (nullable) */
static gboolean
find_owner (MpelWorker *self, const MpelRecord *record, const char *variable, MpelMentions *mentions, GVariant **value, GError **error)
{
  GObject  *object = NULL;
  GVariant *found = NULL;

  if ((record->flags & MPEL_RECORD_FLAG_OBJECT) != 0)
    {
      object = mpel_objects_lookup (self->objects, record->object, error);
      if (object == NULL)
        return FALSE;
    }
  else if (variable != NULL && !mpel_variables_find (self->variables, variable, &object, &found))
    {
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_NO_SUCH_OBJECT, "The worker has no variable “%s”", variable);
      return FALSE;
    }

  if (object != NULL)
    mentions->object = g_object_ref (object);
  *value = found != NULL ? g_variant_ref (found) : NULL;
  return TRUE;
}

/* An event class has no object that could be its own. */
static gboolean
check_flags (const MpelRecord *record, const Envelope *envelope, GError **error)
{
  if ((record->flags & MPEL_RECORD_FLAG_CLASS) == 0 ||
      ((record->flags & MPEL_RECORD_FLAG_OBJECT) == 0 && envelope->variable == NULL))
    return TRUE;
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_INVALID_ARGUMENTS, "The event class “%s” cannot be a method", record->name);
  return FALSE;
}

static void
dispatch (MpelWorker *self, MpelInvocation *invocation, const char *variable, GVariant *value)
{
  GObject *object = mpel_invocation_get_mentions (invocation)->object;

  if (value != NULL)
    mpel_builtins_run_value (variable, value, invocation);
  else if (mpel_builtins_have (mpel_invocation_get_target (invocation)))
    mpel_builtins_run (self->objects, self->variables, object, invocation);
  else if (object != NULL)
    mpel_classes_run_method (self->classes, object, invocation);
  else
    mpel_registry_run_target (self->registry, invocation);
}

/* For the built-in one it is not the results that are saved. */
static gboolean
saves_results (const MpelRecord *record)
{
  return (record->flags & MPEL_RECORD_FLAG_SAVE) != 0 && !g_str_equal (record->name, MPEL_BUILTIN_SAVE);
}

static MpelInvocation *
make_invocation (MpelWorker *self, const MpelRecord *record, MpelCall *call, GVariant *args)
{
  return mpel_invocation_new (call,
                              record->name,
                              args,
                              record->extra,
                              saves_results (record) ? answer_and_save_cb : answer_cb,
                              self,
                              NULL);
}

static void
run_class (MpelWorker *self, const MpelRecord *record, MpelCall *call, Envelope *envelope)
{
  g_autoptr (GVariant) args = g_variant_get_child_value (envelope->value, 0);
  g_autoptr (GVariant) properties = g_variant_get_child_value (envelope->value, 1);
  g_autoptr (MpelInvocation) invocation = make_invocation (self, record, call, args);
  GError *error = NULL;

  if (!check_flags (record, envelope, &error) ||
      (envelope->ids != NULL && !find_mentioned (self, envelope->ids, mpel_invocation_get_mentions (invocation), &error)))
    mpel_invocation_return_error_take (invocation, error);
  else
    mpel_registry_run_class (self->registry, invocation, properties);
}

static void
run_target (MpelWorker *self, const MpelRecord *record, MpelCall *call, Envelope *envelope)
{
  g_autoptr (MpelInvocation) invocation = make_invocation (self, record, call, envelope->value);
  MpelMentions *mentions = mpel_invocation_get_mentions (invocation);
  g_autoptr (GVariant) value = NULL;
  GError *error = NULL;

  if (!find_owner (self, record, envelope->variable, mentions, &value, &error) ||
      (envelope->ids != NULL && !find_mentioned (self, envelope->ids, mentions, &error)))
    mpel_invocation_return_error_take (invocation, error);
  else
    dispatch (self, invocation, envelope->variable, value);
}

/* Sees to it that the event is answered, now or later. */
void
mpel_worker_run_event (MpelWorker *self, const MpelRecord *record, MpelCall *call)
{
  g_auto (Envelope) envelope = { 0 };

  open_envelope (record, &envelope);
  if ((record->flags & MPEL_RECORD_FLAG_CLASS) != 0)
    run_class (self, record, call, &envelope);
  else
    run_target (self, record, call, &envelope);
}
