/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-session-private.h"

#include "mpel-batch-private.h"
#include "mpel-link-private.h"
#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-supervisor-private.h"
#include "mpel-wake-private.h"
#include "mpel-window-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* start: make_pair → spawn → open_link → opened_cb: say_hello → take_hello: become_ready
 *
 * NEW → STARTING → READY → LEAVING → GONE, where each may be left out. GONE is told once, when
 * the line is lost, the process has exited and the inbox is read: the three come in any order.
 * @fault is set when the worker is being ended because of something it did. */
typedef enum
{
  STATE_NEW,
  STATE_STARTING,
  STATE_READY,
  STATE_LEAVING,
  STATE_GONE,
} State;

/* For a worker whose line has ended: the watch of an honest one needs half a second at most. */
#define LINE_LOST_PATIENCE_MS 700

/* For a worker that was asked to leave, to clean up behind itself. */
#define LEAVE_PATIENCE_MS 5000

struct _MpelSession
{
  GObject parent_instance;

  GMainContext           *context; /* (owned) constant; all below belongs to it */
  const MpelSessionCalls *calls;   /* (nullable) NULL once abandoned */
  gpointer                loop;    /* (unowned) */

  State           state;
  gboolean        line_lost;
  gboolean        said_hello; /* the worker did */
  GError         *fault;      /* (owned) (nullable) */
  MpelSupervisor *supervisor; /* (owned) (nullable) */
  MpelLink       *link;       /* (owned) */
  GSource        *timer;      /* (owned) (nullable) the start timeout */

  MpelBatch   batch; /* being filled */
  MpelWindow  window;
  guint64     last_id;
  GHashTable *sent; /* (owned) id → (owned) MpelEvent; NULL: cancelled, the answer is not wanted */
};

G_DEFINE_FINAL_TYPE (MpelSession, mpel_session, G_TYPE_OBJECT)

static void
clear_timer (MpelSession *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static GError *
describe_loss (MpelSession *self)
{
  gboolean         early = self->state == STATE_STARTING;
  g_autofree char *how = NULL;

  if (self->fault != NULL)
    return g_error_copy (self->fault);
  if (self->state == STATE_LEAVING)
    return NULL;

  how = mpel_supervisor_describe_exit (self->supervisor);
  return g_error_new (MPEL_LOOP_ERROR,
                      early ? MPEL_LOOP_ERROR_SPAWN_FAILED : MPEL_LOOP_ERROR_WORKER_LOST,
                      early ? "The worker did not start: it %s" : "The worker was lost: it %s",
                      how);
}

static void
check_gone (MpelSession *self)
{
  g_autoptr (GError) reason = NULL;

  if (self->state == STATE_GONE || !self->line_lost || !mpel_supervisor_has_exited (self->supervisor))
    return;
  if (self->state != STATE_LEAVING && self->fault == NULL && !mpel_inbox_is_empty (mpel_link_get_inbox (self->link)))
    return;

  reason = describe_loss (self);
  self->state = STATE_GONE;
  clear_timer (self);
  if (self->calls != NULL)
    self->calls->gone (reason, self->loop);
}

/* The worker did something unforgivable. Takes @error. */
static void
accuse (MpelSession *self, GError *error)
{
  if (self->fault != NULL || self->state == STATE_GONE)
    {
      g_error_free (error);
      return;
    }

  self->fault = error;
  mpel_link_close (self->link);
  mpel_supervisor_kill (self->supervisor);
}

static void
exited_cb (gpointer user_data)
{
  g_autoptr (MpelSession) self = g_object_ref (user_data);

  /* A child of the worker may hold the line open; nothing more is to come from the worker. */
  mpel_link_close (self->link);
  check_gone (self);
}

static void
line_lost_cb (MpelLink *link, const GError *reason, gpointer user_data)
{
  g_autoptr (MpelSession) self = g_object_ref (user_data);

  self->line_lost = TRUE;
  if (self->state != STATE_LEAVING)
    mpel_supervisor_expect_exit (self->supervisor, LINE_LOST_PATIENCE_MS);
  check_gone (self);
}

static gboolean
start_timeout_cb (gpointer user_data)
{
  MpelSession *self = user_data;

  accuse (self,
          g_error_new (MPEL_LOOP_ERROR,
                       MPEL_LOOP_ERROR_SPAWN_FAILED,
                       "The worker (process %d) did not say hello in time",
                       mpel_supervisor_get_pid (self->supervisor)));
  return G_SOURCE_REMOVE;
}

static void
start_timer (MpelSession *self, guint timeout_ms)
{
  if (timeout_ms == 0)
    return;
  self->timer = g_timeout_source_new (timeout_ms);
  g_source_set_static_name (self->timer, "[mpel] start timeout");
  g_source_set_callback (self->timer, start_timeout_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
send_batch (MpelSession *self)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GUnixFDList) fds = NULL;

  if (mpel_batch_is_empty (&self->batch))
    return;
  bytes = mpel_batch_steal (&self->batch, &fds);
  mpel_link_send (self->link, bytes, fds);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MpelSession) self = user_data;

  /* The loss was told to line_lost_cb, and the exit says more than this error does. */
  if (!mpel_link_open_finish (MPEL_LINK (source), result, NULL))
    return;

  mpel_batch_append_hello (&self->batch);
  send_batch (self);
  mpel_link_start (self->link);
}

static gboolean
make_pair (int pair[2], GError **error)
{
  int saved_errno;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0)
    return TRUE;
  saved_errno = errno;
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "No socket for a worker: %s", g_strerror (saved_errno));
  return FALSE;
}

/* FALSE: nothing was started, and nobody will be told but by @error. */
gboolean
mpel_session_start (MpelSession *self, MpelLauncher *launcher, GError **error)
{
  g_autoptr (GError) reason = NULL;
  int pair[2];

  g_assert (self->state == STATE_NEW);

  if (!make_pair (pair, error))
    return FALSE;

  self->supervisor = mpel_supervisor_spawn (launcher, pair[1], exited_cb, self, &reason);
  if (self->supervisor == NULL)
    {
      close (pair[0]);
      g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_SPAWN_FAILED, "The worker could not be started: %s", reason->message);
      return FALSE;
    }

  self->state = STATE_STARTING;
  mpel_link_set_lost_func (self->link, line_lost_cb, self);
  mpel_link_open_async (self->link, pair[0], opened_cb, g_object_ref (self));
  start_timer (self, mpel_launcher_get_start_timeout (launcher));
  return TRUE;
}

static void
become_leaving (MpelSession *self)
{
  self->state = STATE_LEAVING;
  clear_timer (self);
  mpel_link_close (self->link);
}

/* Nothing is left to do: the worker may go. */
void
mpel_session_leave (MpelSession *self)
{
  if (self->state != STATE_STARTING && self->state != STATE_READY)
    return;
  become_leaving (self);
  mpel_supervisor_expect_exit (self->supervisor, LEAVE_PATIENCE_MS);
}

/* At once, whatever it does. */
void
mpel_session_terminate (MpelSession *self)
{
  if (self->state == STATE_GONE || self->state == STATE_NEW)
    return;
  become_leaving (self);
  mpel_supervisor_terminate (self->supervisor);
}

/* The loop is going away: the worker is sent home, and nobody is told. */
void
mpel_session_abandon (MpelSession *self)
{
  self->calls = NULL;
  mpel_session_leave (self);
  mpel_link_set_lost_func (self->link, NULL, NULL);
  if (self->supervisor != NULL)
    mpel_supervisor_disown (self->supervisor);
}

static void
mpel_session_dispose (GObject *object)
{
  MpelSession *self = MPEL_SESSION (object);

  mpel_session_abandon (self);
  clear_timer (self);
  g_clear_object (&self->supervisor);
  g_clear_pointer (&self->sent, g_hash_table_unref);

  G_OBJECT_CLASS (mpel_session_parent_class)->dispose (object);
}

static void
mpel_session_finalize (GObject *object)
{
  MpelSession *self = MPEL_SESSION (object);

  g_clear_object (&self->link);
  mpel_batch_clear (&self->batch);
  g_clear_error (&self->fault);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (mpel_session_parent_class)->finalize (object);
}

static void
mpel_session_class_init (MpelSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_session_dispose;
  object_class->finalize = mpel_session_finalize;
}

static void
clear_event (gpointer event)
{
  if (event != NULL)
    g_object_unref (event);
}

static void
mpel_session_init (MpelSession *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->sent = g_hash_table_new_full (NULL, NULL, NULL, clear_event);
  mpel_batch_init (&self->batch);
  mpel_window_init (&self->window);
}

/* In GDBus's thread. */
static void
arrived_cb (gpointer user_data)
{
  mpel_wake_up (user_data);
}

/* @wake: made ready, from any thread, when mpel_session_next_end has something to say. */
MpelSession *
mpel_session_new (GSource *wake, const MpelSessionCalls *calls, gpointer loop)
{
  MpelSession *self = g_object_new (MPEL_TYPE_SESSION, NULL);

  self->calls = calls;
  self->loop = loop;
  self->link = mpel_link_new (MPEL_LINK_SIDE_HOST, arrived_cb, g_source_ref (wake), (GDestroyNotify) g_source_unref);
  return self;
}

gboolean
mpel_session_is_ready (MpelSession *self)
{
  return self->state == STATE_READY;
}

/* The worker has nothing to do: an event for it is best sent at once. */
gboolean
mpel_session_is_hungry (MpelSession *self)
{
  return self->state == STATE_READY && self->window.n_ahead == 0;
}

gboolean
mpel_session_is_leaving (MpelSession *self)
{
  return self->state >= STATE_LEAVING;
}

int
mpel_session_get_pid (MpelSession *self)
{
  return self->supervisor != NULL ? mpel_supervisor_get_pid (self->supervisor) : 0;
}

/* Returns: (nullable) */
GDBusConnection *
mpel_session_get_connection (MpelSession *self)
{
  return mpel_link_get_connection (self->link);
}

/* Returns: (transfer full): what the record carries as its value */
static GVariant *
make_value (MpelEventPrivate *event, gboolean is_class)
{
  g_autoptr (GVariant) args = event->args != NULL ? g_variant_ref (event->args) : g_variant_ref_sink (g_variant_new_tuple (NULL, 0));

  if (!is_class)
    return g_steal_pointer (&args);
  return g_variant_ref_sink (g_variant_new ("(@r@a{sv})", args, event->ticket.properties));
}

static gboolean
encode (MpelSession *self, MpelEvent *event, gboolean has_results, guint64 id, GError **error)
{
  MpelEventPrivate *priv = mpel_event_get_private (event);
  gboolean          is_class = mpel_event_is_class_event (event);
  g_autoptr (GVariant) value = make_value (priv, is_class);
  MpelRecordFlags flags = MPEL_RECORD_FLAG_NONE;

  if (!has_results || !priv->has_output)
    flags |= MPEL_RECORD_FLAG_NO_OUTPUT;
  if (is_class)
    flags |= MPEL_RECORD_FLAG_CLASS;

  priv->ticket.wire_size = g_variant_get_size (value) + (priv->kwargs != NULL ? g_variant_get_size (priv->kwargs) : 0);
  return mpel_batch_append (&self->batch,
                            MPEL_RECORD_EVENT,
                            flags,
                            id,
                            is_class ? G_OBJECT_TYPE_NAME (event) : priv->target,
                            value,
                            priv->kwargs,
                            error);
}

/* Takes @event. */
static void
send_event (MpelSession *self, MpelEvent *event, gboolean has_results)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;
  g_autoptr (GError) error = NULL;

  ticket->id = ++self->last_id;
  if (!encode (self, event, has_results, ticket->id, &error))
    {
      mpel_event_end_error (event, MPEL_EVENT_STATE_FAILED, error);
      self->calls->refused (event, self->loop);
      return;
    }

  g_hash_table_insert (self->sent, GSIZE_TO_POINTER (ticket->id), event);
  mpel_window_add (&self->window, ticket->wire_size);
  mpel_event_become_sent (event);
}

/* Sends from the head of @queue, a list of tickets' links, what the worker has room for. */
void
mpel_session_fill (MpelSession *self, GQueue *queue, gboolean has_results)
{
  if (self->state != STATE_READY || self->fault != NULL || !mpel_window_is_worth_filling (&self->window))
    return;

  while (!g_queue_is_empty (queue) && mpel_window_has_room (&self->window))
    {
      GList *link = g_queue_pop_head_link (queue);

      send_event (self, link->data, has_results);
      if (mpel_batch_is_full (&self->batch))
        send_batch (self);
    }
  send_batch (self);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, MPEL_LOOP_ERROR, MPEL_LOOP_ERROR_PROTOCOL, "The worker %s", what);
  return FALSE;
}

static gboolean
take_load (MpelSession *self, MpelRecord *record, GError **error)
{
  guint32 n_taken;
  guint64 busy_us;

  g_variant_get (record->value, "(ut)", &n_taken, &busy_us);
  if (!mpel_window_report (&self->window, n_taken, busy_us))
    return refuse (error, "took more events than it was given");
  self->calls->room (self->loop);
  return TRUE;
}

static gboolean
take_end (MpelSession *self, MpelRecord *record, MpelEvent **ended, GError **error)
{
  g_autoptr (MpelEvent) event = NULL;

  if (!g_hash_table_steal_extended (self->sent, GSIZE_TO_POINTER (record->id), NULL, (gpointer *) &event))
    return refuse (error, "answered an event that it was not given, or answered twice");

  if (event == NULL)
    return TRUE;

  mpel_window_remove_bytes (&self->window, mpel_event_get_private (event)->ticket.wire_size);
  if (record->kind == MPEL_RECORD_FAILED)
    mpel_event_end_failed (event, MPEL_EVENT_STATE_FAILED, mpel_failure_new_from_variant (record->value));
  else
    mpel_event_end_done (event, record->value);
  *ended = g_steal_pointer (&event);
  return TRUE;
}

/* In place of a hello: the worker's initializer failed. */
static void
take_start_failure (MpelSession *self, MpelRecord *record)
{
  g_autoptr (MpelFailure) failure = mpel_failure_new_from_variant (record->value);

  accuse (self,
          g_error_new (MPEL_LOOP_ERROR,
                       MPEL_LOOP_ERROR_SPAWN_FAILED,
                       "The worker did not start: %s",
                       failure->error->message));
}

static gboolean
take_first (MpelSession *self, MpelRecord *record, GError **error)
{
  if (record->kind == MPEL_RECORD_FAILED && record->id == 0)
    {
      take_start_failure (self, record);
      return TRUE;
    }
  if (!mpel_hello_check (record, error))
    return FALSE;

  self->said_hello = TRUE;
  self->batch.can_pass_fds = mpel_link_can_pass_fds (self->link) && mpel_hello_has_ability (record, MPEL_ABILITY_BLOBS);
  if (self->state != STATE_STARTING)
    return TRUE;
  self->state = STATE_READY;
  clear_timer (self);
  self->calls->ready (self->loop);
  return TRUE;
}

static gboolean
take_record (MpelSession *self, MpelRecord *record, MpelEvent **ended, GError **error)
{
  if (!self->said_hello)
    return take_first (self, record, error);

  switch (record->kind)
    {
    case MPEL_RECORD_DONE:
    case MPEL_RECORD_FAILED:
      return take_end (self, record, ended, error);
    case MPEL_RECORD_LOAD:
      return take_load (self, record, error);
    case MPEL_RECORD_HELLO:
      return refuse (error, "said hello twice");
    case MPEL_RECORD_EVENT:
    default:
      return refuse (error, "sent what only a host sends");
    }
}

/* Reads on until an event has ended. Returns: (transfer full) (nullable): NULL when there is
 * nothing more to read now */
MpelEvent *
mpel_session_next_end (MpelSession *self)
{
  g_autoptr (MpelSession) keep_alive = g_object_ref (self);
  MpelInbox *inbox = mpel_link_get_inbox (self->link);
  MpelEvent *ended = NULL;

  while (ended == NULL)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      GError *error = NULL;

      if (self->state >= STATE_LEAVING || self->fault != NULL ||
          mpel_inbox_next (inbox, &record, &error) == MPEL_INBOX_EMPTY)
        {
          check_gone (self);
          return NULL;
        }
      if (error == NULL)
        take_record (self, &record, &ended, &error);
      if (error != NULL)
        accuse (self, error);
    }

  return ended;
}

/* The answer will be dropped; until it comes the worker counts as busy with it. */
void
mpel_session_forget (MpelSession *self, MpelEvent *event)
{
  MpelEventTicket *ticket = &mpel_event_get_private (event)->ticket;

  mpel_window_remove_bytes (&self->window, ticket->wire_size);
  g_hash_table_insert (self->sent, GSIZE_TO_POINTER (ticket->id), NULL);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  guint64 id_a = mpel_event_get_private (*(MpelEvent *const *) a)->ticket.id;
  guint64 id_b = mpel_event_get_private (*(MpelEvent *const *) b)->ticket.id;

  return id_a < id_b ? -1 : id_a > id_b;
}

/* Returns: (transfer full) (element-type MpelEvent): those that will not be answered, in order */
GPtrArray *
mpel_session_steal_sent (MpelSession *self)
{
  GPtrArray     *events = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       event;

  g_hash_table_iter_init (&iter, self->sent);
  while (g_hash_table_iter_next (&iter, NULL, &event))
    {
      g_hash_table_iter_steal (&iter);
      if (event != NULL)
        g_ptr_array_add (events, event);
    }
  g_ptr_array_sort (events, compare_ids);
  return events;
}
