/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-failure-private.h"

#include "mpel-loop-error.h"

/* Names of error domains live for ever, and a worker may invent any number of them. */
#define MAX_FOREIGN_DOMAINS 256
#define MAX_DOMAIN_LENGTH 128

static char *
make_utf8 (const char *text)
{
  return g_utf8_make_valid (text != NULL ? text : "", -1);
}

static char *
dup_unless_empty (const char *text)
{
  return text[0] != '\0' ? g_strdup (text) : NULL;
}

/* Returns 0 when the domain cannot be told apart from nonsense. */
static GQuark
domain_from_wire (const char *name)
{
  static gint n_foreign = 0; /* atomic */
  GQuark      quark = g_quark_try_string (name);
  gsize       length = strlen (name);

  if (quark != 0 || length == 0 || length > MAX_DOMAIN_LENGTH)
    return quark;
  if (g_atomic_int_add (&n_foreign, 1) >= MAX_FOREIGN_DOMAINS)
    {
      g_atomic_int_add (&n_foreign, -1);
      return 0;
    }

  return g_quark_from_string (name);
}

MpelFailure *
mpel_failure_new_take (GError *error)
{
  MpelFailure *self = g_new0 (MpelFailure, 1);

  g_assert (error != NULL);

  self->error = error;
  return self;
}

MpelFailure *
mpel_failure_new_exception (const char *type, const char *message, const char *traceback)
{
  MpelFailure *self = mpel_failure_new_take (g_error_new (MPEL_LOOP_ERROR,
                                                          MPEL_LOOP_ERROR_REMOTE_EXCEPTION,
                                                          "%s: %s",
                                                          type,
                                                          message));

  self->remote_type = g_strdup (type);
  self->traceback = g_strdup (traceback);
  return self;
}

MpelFailure *
mpel_failure_new_from_variant (GVariant *variant)
{
  const char  *domain_name, *message, *remote_type, *traceback;
  int          code;
  GQuark       domain;
  MpelFailure *self;

  g_variant_get (variant, "(&si&s&s&s)", &domain_name, &code, &message, &remote_type, &traceback);

  domain = domain_from_wire (domain_name);
  if (domain == 0)
    {
      domain = MPEL_LOOP_ERROR;
      code = MPEL_LOOP_ERROR_FAILED;
    }

  self = mpel_failure_new_take (g_error_new_literal (domain, code, message));
  self->remote_type = dup_unless_empty (remote_type);
  self->traceback = dup_unless_empty (traceback);
  return self;
}

MpelFailure *
mpel_failure_copy (const MpelFailure *failure)
{
  MpelFailure *self = mpel_failure_new_take (g_error_copy (failure->error));

  self->remote_type = g_strdup (failure->remote_type);
  self->traceback = g_strdup (failure->traceback);
  return self;
}

GVariant *
mpel_failure_to_variant (const MpelFailure *self)
{
  return g_variant_new ("(si@s@s@s)",
                        g_quark_to_string (self->error->domain),
                        self->error->code,
                        g_variant_new_take_string (make_utf8 (self->error->message)),
                        g_variant_new_take_string (make_utf8 (self->remote_type)),
                        g_variant_new_take_string (make_utf8 (self->traceback)));
}

void
mpel_failure_free (MpelFailure *self)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->remote_type, g_free);
  g_clear_pointer (&self->traceback, g_free);
  g_free (self);
}
