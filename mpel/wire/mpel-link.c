/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-link-private.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"

/* NEW → OPENING → OPEN → LOST; OPENING → LOST when the other process is gone before it answers.
 * @connection is set from OPEN on, and stays. LOST is final: a new worker means a new link. */
typedef enum
{
  STATE_NEW,
  STATE_OPENING,
  STATE_OPEN,
  STATE_LOST,
} State;

/* What the filter sees from GDBus's thread; it may outlive the link by a moment. */
typedef struct
{
  gatomicrefcount     ref_count;
  GMainContext       *context; /* (owned) of those who are woken, so that it outlives the waking */
  gboolean            is_host; /* constant */
  MpelInbox          *inbox;   /* (owned) */
  MpelLinkArrivedFunc arrived; /* constant */
  gpointer            arrived_data;
  GDestroyNotify      arrived_destroy;
  MpelLinkUrgentFunc  urgent; /* (nullable) set before the link is opened, then constant */
  gpointer            urgent_data;
  GDestroyNotify      urgent_destroy;
} Mouth;

struct _MpelLink
{
  GObject parent_instance;

  Mouth *mouth; /* (owned) constant */

  /* Of the context that was thread-default when it was opened; but any thread may send. */
  State            state;
  GCancellable    *opening;    /* (owned) ends an authentication that takes too long */
  GDBusConnection *connection; /* (owned) (nullable) */
  guint            filter_id;
  gulong           closed_id;
  gboolean         closing; /* we asked for the end */
  MpelLinkLostFunc lost;    /* (nullable) */
  gpointer         lost_data;
};

G_DEFINE_FINAL_TYPE (MpelLink, mpel_link, G_TYPE_OBJECT)

static Mouth *
mouth_ref (Mouth *mouth)
{
  g_atomic_ref_count_inc (&mouth->ref_count);
  return mouth;
}

static void
mouth_unref (Mouth *mouth)
{
  if (!g_atomic_ref_count_dec (&mouth->ref_count))
    return;
  g_clear_pointer (&mouth->inbox, mpel_inbox_unref);
  if (mouth->arrived_destroy != NULL)
    mouth->arrived_destroy (mouth->arrived_data);
  if (mouth->urgent_destroy != NULL)
    mouth->urgent_destroy (mouth->urgent_data);
  g_main_context_unref (mouth->context);
  g_free (mouth);
}

static gboolean
is_batch (GDBusMessage *message)
{
  GVariant *body = g_dbus_message_get_body (message);

  return g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL &&
         g_strcmp0 (g_dbus_message_get_interface (message), MPEL_WIRE_INTERFACE) == 0 &&
         g_strcmp0 (g_dbus_message_get_member (message), MPEL_WIRE_BATCH) == 0 &&
         body != NULL && g_variant_is_of_type (body, G_VARIANT_TYPE ("(ay)"));
}

/* Does the batch begin with an urgent record? Only then is it worth a closer look. */
static gboolean
looks_urgent (GBytes *bytes)
{
  gsize         length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  return length > G_STRUCT_OFFSET (MpelFrame, kind) && MPEL_RECORD_IS_URGENT (data[G_STRUCT_OFFSET (MpelFrame, kind)]);
}

/* Returns: (transfer full) (nullable): all records of a batch that is urgent from end to end */
static GArray *
read_urgent (GBytes *bytes, GUnixFDList *fds)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (MpelRecord));
  g_autoptr (MpelInbox) inbox = mpel_inbox_new ();
  MpelRecord      record = MPEL_RECORD_INIT;
  MpelInboxStatus status;

  g_array_set_clear_func (records, (GDestroyNotify) mpel_record_clear);
  mpel_inbox_push (inbox, bytes, fds);
  while ((status = mpel_inbox_next (inbox, &record, NULL)) == MPEL_INBOX_RECORD)
    {
      g_array_append_val (records, record);
      if (!MPEL_RECORD_IS_URGENT (record.kind))
        return NULL;
      record = (MpelRecord) MPEL_RECORD_INIT;
    }

  return status == MPEL_INBOX_EMPTY ? g_steal_pointer (&records) : NULL;
}

/* All of a batch or nothing: one that mixes, or makes no sense, is left to the reader of the
 * inbox, who will complain. */
static gboolean
honour_urgent (Mouth *mouth, GBytes *bytes, GUnixFDList *fds)
{
  g_autoptr (GArray) records = NULL;

  if (mouth->urgent != NULL && looks_urgent (bytes))
    records = read_urgent (bytes, fds);
  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    mouth->urgent (&g_array_index (records, MpelRecord, i), mouth->urgent_data);
  return TRUE;
}

/* A host answers nobody: what its worker asks for would only pile up. */
static GDBusMessage *
drop_request (GDBusMessage *message)
{
  GDBusMessageType type = g_dbus_message_get_message_type (message);

  if (type != G_DBUS_MESSAGE_TYPE_METHOD_CALL && type != G_DBUS_MESSAGE_TYPE_SIGNAL)
    return message;
  g_object_unref (message);
  return NULL;
}

/* In GDBus's thread. It sees what we send as well. */
static GDBusMessage *
filter_cb (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  Mouth *mouth = user_data;
  g_autoptr (GVariant) records = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (message);

  if (!incoming)
    return message;
  if (!is_batch (message))
    return mouth->is_host ? drop_request (message) : message;

  records = g_variant_get_child_value (g_dbus_message_get_body (message), 0);
  bytes = g_variant_get_data_as_bytes (records);
  if (!honour_urgent (mouth, bytes, fds))
    {
      mpel_inbox_push (mouth->inbox, bytes, fds);
      mouth->arrived (mouth->arrived_data);
    }

  g_object_unref (message);
  return NULL;
}

static void
become_lost (MpelLink *self, const GError *reason)
{
  g_autoptr (MpelLink) keep_alive = g_object_ref (self);

  if (self->state == STATE_LOST)
    return;
  self->state = STATE_LOST;
  if (self->lost != NULL)
    self->lost (self, reason, self->lost_data);
}

static void
closed_cb (GDBusConnection *connection, gboolean remote_peer_vanished, GError *error, gpointer user_data)
{
  become_lost (MPEL_LINK (user_data), error);
}

static void
connection_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MpelLink *self = g_task_get_source_object (task);
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = g_dbus_connection_new_finish (result, &error);
  /* The end of one whose peer is gone already may have been told before anybody could listen. */
  if (connection != NULL && self->state == STATE_OPENING && !g_dbus_connection_is_closed (connection))
    {
      self->state = STATE_OPEN;
      self->connection = g_steal_pointer (&connection);
      g_dbus_connection_set_exit_on_close (self->connection, FALSE);
      self->filter_id = g_dbus_connection_add_filter (self->connection, filter_cb, mouth_ref (self->mouth), (GDestroyNotify) mouth_unref);
      self->closed_id = g_signal_connect (self->connection, "closed", G_CALLBACK (closed_cb), self);
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (connection != NULL)
    g_dbus_connection_close (connection, NULL, NULL, NULL);
  if (error == NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The line was closed while it was opened");
  become_lost (self, error);
  g_task_return_error (task, g_steal_pointer (&error));
}

/* The kernel vouches for the peer's user. The cookie mechanism would write into the home folder. */
static gboolean
allow_mechanism_cb (GDBusAuthObserver *observer, const char *mechanism, gpointer user_data)
{
  return g_str_equal (mechanism, "EXTERNAL");
}

/* Was it asked for its end? */
gboolean
mpel_link_is_closing (MpelLink *self)
{
  return self->closing;
}

/* The end has not been told although it must have come. */
void
mpel_link_give_up (MpelLink *self)
{
  become_lost (self, NULL);
}

/* Ends the line; the loss is told from the context later. */
void
mpel_link_close (MpelLink *self)
{
  g_cancellable_cancel (self->opening);
  if (self->state != STATE_OPEN || self->closing)
    return;
  self->closing = TRUE;
  g_dbus_connection_close (self->connection, NULL, NULL, NULL);
}

static void
mpel_link_dispose (GObject *object)
{
  MpelLink *self = MPEL_LINK (object);

  self->lost = NULL;
  if (self->filter_id != 0)
    g_dbus_connection_remove_filter (self->connection, self->filter_id);
  self->filter_id = 0;
  g_clear_signal_handler (&self->closed_id, self->connection);
  mpel_link_close (self);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (mpel_link_parent_class)->dispose (object);
}

static void
mpel_link_finalize (GObject *object)
{
  MpelLink *self = MPEL_LINK (object);

  g_clear_pointer (&self->mouth, mouth_unref);
  g_clear_object (&self->opening);

  G_OBJECT_CLASS (mpel_link_parent_class)->finalize (object);
}

static void
mpel_link_class_init (MpelLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mpel_link_dispose;
  object_class->finalize = mpel_link_finalize;
}

static void
mpel_link_init (MpelLink *self)
{
  self->opening = g_cancellable_new ();
}

MpelLink *
mpel_link_new (MpelLinkSide side, MpelLinkArrivedFunc arrived, gpointer arrived_data, GDestroyNotify arrived_destroy)
{
  MpelLink *self = g_object_new (MPEL_TYPE_LINK, NULL);

  self->mouth = g_new0 (Mouth, 1);
  g_atomic_ref_count_init (&self->mouth->ref_count);
  self->mouth->context = g_main_context_ref_thread_default ();
  self->mouth->is_host = side == MPEL_LINK_SIDE_HOST;
  self->mouth->inbox = mpel_inbox_new ();
  self->mouth->arrived = arrived;
  self->mouth->arrived_data = arrived_data;
  self->mouth->arrived_destroy = arrived_destroy;
  return self;
}

/* Before it is opened. Without, urgent records are read from the inbox like all others. */
void
mpel_link_set_urgent_func (MpelLink *self, MpelLinkUrgentFunc urgent, gpointer urgent_data, GDestroyNotify urgent_destroy)
{
  g_assert (self->state == STATE_NEW && self->mouth->urgent == NULL);

  self->mouth->urgent = urgent;
  self->mouth->urgent_data = urgent_data;
  self->mouth->urgent_destroy = urgent_destroy;
}

void
mpel_link_set_lost_func (MpelLink *self, MpelLinkLostFunc lost, gpointer user_data)
{
  self->lost = lost;
  self->lost_data = user_data;
}

/* Takes @fd, also on failure. Nothing is read before [mpel_link_start]. */
void
mpel_link_open_async (MpelLink *self, int fd, GAsyncReadyCallback callback, gpointer user_data)
{
  GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING;
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GDBusAuthObserver) observer = g_dbus_auth_observer_new ();
  g_autofree char *guid = NULL;
  GError          *error = NULL;

  g_assert (self->state == STATE_NEW);

  g_task_set_source_tag (task, mpel_link_open_async);
  g_task_set_name (task, "[mpel] open link");
  self->state = STATE_OPENING;

  socket = g_socket_new_from_fd (fd, &error);
  if (socket == NULL)
    {
      become_lost (self, error); /* the socket that was not made has closed @fd */
      g_task_return_error (task, error);
      return;
    }

  stream = g_socket_connection_factory_create_connection (socket);
  if (self->mouth->is_host)
    {
      flags |= G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER | G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER;
      guid = g_dbus_generate_guid ();
    }
  else
    flags |= G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT;
  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (allow_mechanism_cb), NULL);

  g_dbus_connection_new (G_IO_STREAM (stream), guid, flags, observer, self->opening, connection_ready_cb, g_steal_pointer (&task));
}

gboolean
mpel_link_open_finish (MpelLink *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
mpel_link_start (MpelLink *self)
{
  if (self->state == STATE_OPEN)
    g_dbus_connection_start_message_processing (self->connection);
}

/* Any thread, once open. A batch for a lost peer is dropped: the loss itself is told elsewhere. */
void
mpel_link_send (MpelLink *self, GBytes *batch, GUnixFDList *fds)
{
  g_autoptr (GDBusMessage) message = g_dbus_message_new_method_call (NULL, MPEL_WIRE_PATH, MPEL_WIRE_INTERFACE, MPEL_WIRE_BATCH);
  GVariant *records = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, batch, TRUE);
  g_autoptr (GError) error = NULL;

  g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED | G_DBUS_MESSAGE_FLAGS_NO_AUTO_START);
  g_dbus_message_set_body (message, g_variant_new_tuple (&records, 1));
  if (fds != NULL)
    g_dbus_message_set_unix_fd_list (message, fds);

  if (!g_dbus_connection_send_message (self->connection, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, &error))
    g_debug ("A batch could not be sent: %s", error->message);
}

/* Sends what is in @batch, if anything, which starts anew. */
void
mpel_link_send_batch (MpelLink *self, MpelBatch *batch)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GUnixFDList) fds = NULL;

  if (mpel_batch_is_empty (batch))
    return;
  bytes = mpel_batch_steal (batch, &fds);
  mpel_link_send (self, bytes, fds);
}

/* Blocks until all that was sent is with the kernel. For a worker that is about to leave. */
void
mpel_link_flush (MpelLink *self)
{
  if (self->state == STATE_OPEN)
    g_dbus_connection_flush_sync (self->connection, NULL, NULL);
}

MpelInbox *
mpel_link_get_inbox (MpelLink *self)
{
  return self->mouth->inbox;
}

gboolean
mpel_link_can_pass_fds (MpelLink *self)
{
  return self->connection != NULL &&
         (g_dbus_connection_get_capabilities (self->connection) & G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING) != 0;
}

/* Returns: (nullable) */
GDBusConnection *
mpel_link_get_connection (MpelLink *self)
{
  return self->connection;
}
