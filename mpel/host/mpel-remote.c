/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-remote-private.h"

#include "mpel-names-private.h"
#include "mpel-event-loop-private.h"

/* One that was removed while observers were told has no calls any more. */
typedef struct
{
  const MpelRemoteCalls *calls; /* (nullable) */
  gpointer               data;  /* (unowned) */
} Observer;

MpelRealm *
mpel_realm_new (MpelEventLoop *loop)
{
  MpelRealm *self = g_new0 (MpelRealm, 1);

  g_ref_count_init (&self->ref_count);
  self->loop = loop;
  return self;
}

static void
realm_unref (MpelRealm *self)
{
  if (g_ref_count_dec (&self->ref_count))
    g_free (self);
}

/* The loop goes. Takes its reference. */
void
mpel_realm_close (MpelRealm *self)
{
  self->loop = NULL;
  realm_unref (self);
}

static MpelRemote *
new_in_realm (MpelEventLoop *loop, const char *class_name)
{
  MpelRemote *self = g_new0 (MpelRemote, 1);

  g_ref_count_init (&self->ref_count);
  self->realm = mpel_event_loop_get_realm (loop);
  g_ref_count_inc (&self->realm->ref_count);
  self->class_name = g_strdup (class_name);
  return self;
}

static guint64
make_id (MpelRealm *realm)
{
  realm->last_id += 2;
  return realm->last_id;
}

static MpelRemote *
new_with_id (MpelEventLoop *loop, const char *class_name)
{
  MpelRemote *self = new_in_realm (loop, class_name);

  self->id = make_id (self->realm);
  return self;
}

/* @state: (nullable). The worker makes it before the first event that mentions it. */
MpelRemote *
mpel_remote_new (MpelEventLoop *loop, const char *class_name, GVariant *state)
{
  MpelRemote *self = new_with_id (loop, class_name);

  self->state = g_variant_ref_sink (state != NULL ? state : g_variant_new ("a{sv}", NULL));
  return self;
}

/* The loop lets go of @remote; others may still hold it. */
static void
original_gone_cb (gpointer remote, GObject *was)
{
  MpelRemote *self = remote;

  self->original = NULL;
  if (self->realm->loop != NULL)
    mpel_event_loop_forget_original (self->realm->loop, was, self);
}

MpelRemote *
mpel_remote_new_for_original (MpelEventLoop *loop, GObject *original, GVariant *state)
{
  MpelRemote *self = mpel_remote_new (loop, G_OBJECT_TYPE_NAME (original), state);

  self->original = original;
  g_object_weak_ref (original, original_gone_cb, self);
  return self;
}

MpelRemote *
mpel_remote_new_temporary (MpelEventLoop *loop, const char *class_name, GVariant *state)
{
  MpelRemote *self = mpel_remote_new (loop, class_name, state);

  self->is_temporary = TRUE;
  return self;
}

MpelRemote *
mpel_remote_new_for_variable (MpelEventLoop *loop, const char *variable)
{
  MpelRemote *self = new_in_realm (loop, NULL);

  self->variable = g_strdup (variable);
  return self;
}

MpelRemote *
mpel_remote_new_anchor (MpelEventLoop *loop)
{
  MpelRemote *self = new_with_id (loop, NULL);

  self->is_anchor = TRUE;
  return self;
}

/* Returns: (transfer none) (nullable) */
static MpelRemote *
find_known (MpelEventLoop *loop, MpelRemote *beside, guint64 id)
{
  if (beside == NULL)
    return mpel_event_loop_find_remote (loop, id);
  return beside->home != NULL ? mpel_session_find_remote (beside->home, id) : NULL;
}

/* One that a worker mentions and that is not known as its own: others have ids of their own. */
MpelRemote *
mpel_remote_new_mentioned (MpelEventLoop *loop, guint64 id, const char *class_name)
{
  MpelRemote *self = new_in_realm (loop, class_name);

  self->id = id;
  return self;
}

MpelRemote *
mpel_remote_new_for_id (MpelEventLoop *loop, MpelRemote *beside, guint64 id, const char *class_name)
{
  MpelRemote *known = find_known (loop, beside, id);
  MpelRemote *self;

  if (known != NULL)
    return mpel_remote_ref (known);

  self = new_in_realm (loop, class_name);
  self->id = id;
  self->is_lost = beside != NULL && beside->is_lost;
  if (beside != NULL && beside->home != NULL)
    mpel_session_house (beside->home, self);
  return self;
}

MpelRemote *
mpel_remote_new_for_list (MpelEventLoop *loop)
{
  MpelRemote *self = new_with_id (loop, NULL);

  self->is_list = TRUE;
  return self;
}

MpelRemote *
mpel_remote_ref (MpelRemote *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

void
mpel_remote_unref (MpelRemote *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  if (self->home != NULL)
    mpel_session_release (self->home, self);
  while (self->proxies != NULL)
    mpel_remote_detach (self->proxies->data);
  if (self->original != NULL)
    g_object_weak_unref (self->original, original_gone_cb, self);
  g_clear_pointer (&self->observers, g_array_unref);
  g_clear_pointer (&self->state, g_variant_unref);
  g_clear_pointer (&self->variable, g_free);
  g_clear_pointer (&self->class_name, g_free);
  realm_unref (self->realm);
  g_free (self);
}

void
mpel_remote_add_observer (MpelRemote *self, const MpelRemoteCalls *calls, gpointer data)
{
  Observer observer = { calls, data };

  if (self->observers == NULL)
    self->observers = g_array_new (FALSE, FALSE, sizeof (Observer));
  g_array_append_val (self->observers, observer);
}

static void
drop_removed (MpelRemote *self)
{
  for (guint i = self->observers->len; i > 0; i--)
    if (g_array_index (self->observers, Observer, i - 1).calls == NULL)
      g_array_remove_index (self->observers, i - 1);
}

/* Also while they are told, also from an observer. */
void
mpel_remote_remove_observer (MpelRemote *self, gpointer data)
{
  for (guint i = 0; self->observers != NULL && i < self->observers->len; i++)
    if (g_array_index (self->observers, Observer, i).data == data)
      g_array_index (self->observers, Observer, i).calls = NULL;
  if (self->observers != NULL && self->n_telling == 0)
    drop_removed (self);
}

gboolean
mpel_remote_is_observed (MpelRemote *self)
{
  return self->observers != NULL && self->observers->len > 0;
}

static gboolean
tell_one (MpelRemote *self, const Observer *observer, const MpelRecord *record, GError **error)
{
  const MpelRemoteCalls *calls = observer->calls;
  gpointer               data = observer->data;

  if (calls == NULL)
    return TRUE;
  if (record->kind == MPEL_RECORD_CHANGED)
    return calls->changed == NULL ||
           calls->changed (self, record->name, (record->flags & MPEL_RECORD_FLAG_GETTER) != 0, record->value, data, error);
  if (record->kind == MPEL_RECORD_SIGNAL)
    return calls->signalled == NULL || calls->signalled (self, record->name, record->value, data, error);
  return calls->spliced == NULL || calls->spliced (self, record->value, data, error);
}

static void
show (MpelRemote *self, const char *name)
{
  for (guint i = 0; i < self->observers->len; i++)
    {
      Observer observer = g_array_index (self->observers, Observer, i);

      if (observer.calls != NULL && observer.calls->show != NULL)
        observer.calls->show (self, name, observer.data);
    }
}

static void
end_telling (MpelRemote *self)
{
  if (--self->n_telling == 0)
    drop_removed (self);
}

/* Tells all observers. The caller holds @self: they may do anything. FALSE with an error when one of
 * them cannot make sense of it. */
gboolean
mpel_remote_tell (MpelRemote *self, const MpelRecord *record, GError **error)
{
  gboolean makes_sense = TRUE;

  if (self->observers == NULL)
    return TRUE;
  self->n_telling++;
  for (guint i = 0; makes_sense && i < self->observers->len; i++)
    {
      Observer observer = g_array_index (self->observers, Observer, i);

      makes_sense = tell_one (self, &observer, record, error);
    }
  if (record->kind == MPEL_RECORD_CHANGED)
    show (self, record->name);
  end_telling (self);
  return makes_sense;
}

/* Likewise: it is gone. @reason: (nullable): NULL after an orderly end */
void
mpel_remote_tell_lost (MpelRemote *self, const GError *reason)
{
  if (self->observers == NULL)
    return;
  self->n_telling++;
  for (guint i = 0; i < self->observers->len; i++)
    {
      Observer observer = g_array_index (self->observers, Observer, i);

      if (observer.calls != NULL && observer.calls->lost != NULL)
        observer.calls->lost (self, reason, observer.data);
    }
  end_telling (self);
}

MpelEventLoop *
mpel_remote_get_loop (MpelRemote *self)
{
  return self->realm->loop;
}

guint64
mpel_remote_get_id (MpelRemote *self)
{
  return self->id;
}

const char *
mpel_remote_get_class_name (MpelRemote *self)
{
  return self->class_name;
}

gboolean
mpel_remote_is_lost (MpelRemote *self)
{
  return self->is_lost;
}

static GQuark
get_quark (void)
{
  static GQuark quark = 0;

  if (G_UNLIKELY (quark == 0))
    quark = g_quark_from_static_string ("mpel-remote");
  return quark;
}

void
mpel_remote_detach (GObject *proxy)
{
  MpelRemote *self = g_object_steal_qdata (proxy, get_quark ());

  if (self != NULL)
    self->proxies = g_slist_remove (self->proxies, proxy);
}

void
mpel_remote_attach (MpelRemote *self, GObject *proxy)
{
  mpel_remote_detach (proxy);
  self->proxies = g_slist_append (self->proxies, proxy);
  g_object_set_qdata (proxy, get_quark (), self);
}

/* Returns: (transfer none) (nullable): NULL when @proxy is an object like any other */
MpelRemote *
mpel_remote_find (GObject *proxy)
{
  return g_object_get_qdata (proxy, get_quark ());
}

GSList *
mpel_remote_get_proxies (MpelRemote *self)
{
  return self->proxies;
}
