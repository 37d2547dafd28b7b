/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A worker that speaks the wire by hand, and lies. Its first argument says how; the table at the
 * end has them all. */

#include "config.h"
#include "liar.h"

#include "mpel-loop-error.h"
#include "mpel-names-private.h"
#include "mpel-wake-private.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Some lies outlive their host on purpose: this ends them when a test did not. */
#define LIFETIME_S 60

/* So many lines are written before the first event is answered, and more until the end. */
#define N_FLOOD_LINES 20000

#define EXIT_STATUS_LIAR 3

void
liar_send (Liar *self)
{
  mpel_link_send_batch (self->link, &self->batch);
}

static void
send_bytes (Liar *self, gconstpointer data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  mpel_link_send (self->link, bytes, NULL);
}

void
liar_append (Liar *self, MpelRecordKind kind, MpelRecordFlags flags, guint64 id, const char *name, GVariant *value)
{
  g_autoptr (GVariant) owned = value != NULL ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GError) error = NULL;

  if (!mpel_batch_append (&self->batch, kind, flags, id, name, owned, NULL, &error))
    g_error ("%s", error->message);
}

static void
append (Liar *self, MpelRecordKind kind, guint64 id, const char *name, GVariant *value)
{
  liar_append (self, kind, MPEL_RECORD_FLAG_NONE, id, name, value);
}

static void
append_load (Liar *self, guint n_taken)
{
  append (self, MPEL_RECORD_LOAD, 0, NULL, g_variant_new ("(ut)", n_taken, (guint64) n_taken));
}

void
liar_answer (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DONE, event->id, NULL, event->value);
  append_load (self, 1);
  liar_send (self);
}

static void
greet_with_load (Liar *self)
{
  append_load (self, 0);
  liar_send (self);
}

static void
greet_from_the_future (Liar *self)
{
  append (self, MPEL_RECORD_HELLO, MPEL_WIRE_VERSION + 998, NULL, NULL);
  liar_send (self);
}

static void
greet_twice (Liar *self)
{
  mpel_batch_append_hello (&self->batch);
  mpel_batch_append_hello (&self->batch);
  liar_send (self);
}

static void
greet_never (Liar *self)
{
}

static void
take_event_with_garbage (Liar *self, MpelRecord *event)
{
  guint8 noise[200];

  for (guint i = 0; i < sizeof noise; i++)
    noise[i] = (guint8) (i * 37 + 11);
  send_bytes (self, noise, sizeof noise);
}

static void
take_event_with_half_an_answer (Liar *self, MpelRecord *event)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) bytes = NULL;

  append (self, MPEL_RECORD_DONE, event->id, NULL, event->value);
  bytes = mpel_batch_steal (&self->batch, &fds);
  send_bytes (self, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) - 8);
}

static void
take_event_of_somebody_else (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DONE, event->id + 12345, NULL, event->value);
  liar_send (self);
}

static void
take_event_twice (Liar *self, MpelRecord *event)
{
  liar_answer (self, event);
  append (self, MPEL_RECORD_DONE, event->id, NULL, event->value);
  liar_send (self);
}

static void
take_event_for_thousands (Liar *self, MpelRecord *event)
{
  append_load (self, 1000000);
  liar_send (self);
}

static void
take_event_for_nothing (Liar *self, MpelRecord *event)
{
  append_load (self, 0);
  liar_send (self);
}

static void
take_event_without_results (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DONE, event->id, NULL, NULL);
  liar_send (self);
}

static void
take_event_without_load (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DONE, event->id, NULL, event->value);
  liar_send (self);
}

static void
take_event_by_sending_one (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_EVENT, event->id, "echo", g_variant_new ("()"));
  liar_send (self);
}

static void
take_event_with_wrong_failure (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_FAILED, event->id, NULL, g_variant_new ("(ss)", "no", "failure"));
  liar_send (self);
}

static void
take_event_with_too_many_yields (Liar *self, MpelRecord *event)
{
  for (guint i = 0; i <= MPEL_YIELD_WINDOW; i++)
    append (self, MPEL_RECORD_YIELD, event->id, NULL, g_variant_new_uint32 (i));
  liar_send (self);
}

static void
take_event_with_late_yield (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DONE, event->id, NULL, event->value);
  append (self, MPEL_RECORD_YIELD, event->id, NULL, event->value);
  liar_send (self);
}

static void
take_event_with_late_progress (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_DONE, event->id, NULL, event->value);
  append (self, MPEL_RECORD_PROGRESS, event->id, NULL, g_variant_new ("(ds)", 0.5, ""));
  liar_send (self);
}

static void
take_event_with_great_progress (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_PROGRESS, event->id, NULL, g_variant_new ("(ds)", 1.5, "better than that"));
  liar_send (self);
}

static void
take_event_with_no_progress (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_PROGRESS, event->id, NULL, g_variant_new ("(ds)", (double) NAN, ""));
  liar_send (self);
}

static void
take_event_by_giving_back (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_RECALLED, 0, NULL, NULL);
  liar_send (self);
}

static void
take_event_by_cancelling (Liar *self, MpelRecord *event)
{
  append (self, MPEL_RECORD_CANCEL, event->id, NULL, NULL);
  liar_send (self);
}

static void
take_event_by_closing (Liar *self, MpelRecord *event)
{
  mpel_link_close (self->link);
}

static void
take_event_by_dying (Liar *self, MpelRecord *event)
{
  fprintf (stderr, "I cannot go on\n");
  kill (getpid (), SIGKILL);
}

/* The second event is too much. */
static void
take_event_and_leave (Liar *self, MpelRecord *event)
{
  if (self->n_events > 1)
    _exit (EXIT_STATUS_LIAR);
  liar_answer (self, event);
  mpel_link_flush (self->link);
}

static void
prepare_to_exit (Liar *self)
{
  fprintf (stderr, "first line\nsecond line\nlast line\n");
  _exit (EXIT_STATUS_LIAR);
}

static void
prepare_to_stay (Liar *self)
{
  signal (SIGTERM, SIG_IGN);
}

static gpointer
flood_thread (gpointer user_data)
{
  gint *n_written = user_data;

  while (TRUE)
    {
      fprintf (stderr, "flood line %d, which says nothing that anybody wants to know\n", *n_written);
      g_atomic_int_inc (n_written);
    }
  return NULL;
}

static void
prepare_to_flood (Liar *self)
{
  static gint n_written = 0;

  g_thread_unref (g_thread_new ("flood", flood_thread, &n_written));
  while (g_atomic_int_get (&n_written) < N_FLOOD_LINES)
    g_thread_yield ();
}

/* No D-Bus, to begin with. */
static void
prepare_to_babble (Liar *self)
{
  static const char babble[] = "GET / HTTP/1.1\r\n\r\n";

  if (write (MPEL_WORKER_FD, babble, strlen (babble)) < 0)
    perror ("write");
}

static const Lie lies[] = {
  { "none" },
  { "no-hello", .greet = greet_with_load },
  { "other-version", .greet = greet_from_the_future },
  { "hello-twice", .greet = greet_twice },
  { "silent", .greet = greet_never },
  { "exits-before-hello", .prepare = prepare_to_exit },
  { "babbles", .prepare = prepare_to_babble },
  { "garbage", .take_event = take_event_with_garbage },
  { "cut-short", .take_event = take_event_with_half_an_answer },
  { "answers-unknown", .take_event = take_event_of_somebody_else },
  { "answers-twice", .take_event = take_event_twice },
  { "takes-too-much", .take_event = take_event_for_thousands },
  { "takes-none", .take_event = take_event_for_nothing },
  { "no-results", .take_event = take_event_without_results },
  { "no-load", .take_event = take_event_without_load },
  { "sends-event", .take_event = take_event_by_sending_one },
  { "wrong-failure", .take_event = take_event_with_wrong_failure },
  { "yields-too-much", .take_event = take_event_with_too_many_yields },
  { "yields-late", .take_event = take_event_with_late_yield },
  { "progress-late", .take_event = take_event_with_late_progress },
  { "progress-great", .take_event = take_event_with_great_progress },
  { "progress-nan", .take_event = take_event_with_no_progress },
  { "gives-back", .take_event = take_event_by_giving_back },
  { "cancels", .take_event = take_event_by_cancelling },
  { "closes-line", .take_event = take_event_by_closing, .stays = TRUE },
  { "ignores-eof", .prepare = prepare_to_stay, .stays = TRUE },
  { "dies-by-signal", .take_event = take_event_by_dying },
  { "floods-stderr", .prepare = prepare_to_flood, .take_event = take_event_and_leave },
};

static void
take_record (Liar *self, MpelRecord *record)
{
  if (record->kind != MPEL_RECORD_EVENT)
    return;

  self->n_events++;
  if (self->lie->take_event != NULL)
    self->lie->take_event (self, record);
  else
    liar_answer (self, record);
}

static gboolean
inbox_ready_cb (gpointer user_data)
{
  Liar      *self = user_data;
  MpelInbox *inbox = mpel_link_get_inbox (self->link);

  while (TRUE)
    {
      g_auto (MpelRecord) record = MPEL_RECORD_INIT;
      g_autoptr (GError) error = NULL;
      MpelInboxStatus status = mpel_inbox_next (inbox, &record, &error);

      /* A liar expects honesty. */
      if (status == MPEL_INBOX_BROKEN)
        g_error ("%s", error->message);
      if (status == MPEL_INBOX_EMPTY)
        return G_SOURCE_CONTINUE;
      take_record (self, &record);
    }
}

/* In GDBus's thread. */
static void
arrived_cb (gpointer user_data)
{
  mpel_wake_up (user_data);
}

/* The host may be about to send SIGKILL. A leak checker at work at a normal exit traces the process
 * meanwhile, and GLib does not reap the child that it sees traced: so there is no normal exit. */
static void
lost_cb (MpelLink *link, const GError *reason, gpointer user_data)
{
  Liar *self = user_data;

  if (!self->lie->stays)
    _exit (EXIT_SUCCESS);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Liar *self = user_data;

  if (!mpel_link_open_finish (self->link, result, NULL))
    return;

  if (self->lie->greet != NULL)
    self->lie->greet (self);
  else
    {
      mpel_batch_append_hello (&self->batch);
      liar_send (self);
    }
  mpel_link_start (self->link);
}

static void
run (Liar *self)
{
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);

  mpel_batch_init (&self->batch);
  self->wake = mpel_wake_new (NULL, "lie", G_PRIORITY_DEFAULT, inbox_ready_cb, self);
  self->link = mpel_link_new (MPEL_LINK_SIDE_WORKER, arrived_cb, g_source_ref (self->wake), (GDestroyNotify) g_source_unref);
  mpel_link_set_lost_func (self->link, lost_cb, self);

  if (self->lie->prepare != NULL)
    self->lie->prepare (self);
  mpel_link_open_async (self->link, MPEL_WORKER_FD, opened_cb, self);
  g_main_loop_run (main_loop);
}

int
main (int argc, char **argv)
{
  Liar self = { NULL };

  if (argc != 2 || g_getenv (MPEL_WORKER_FD_VARIABLE) == NULL)
    {
      fprintf (stderr, "usage, as a worker only: liar LIE\n");
      return EXIT_FAILURE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    if (g_str_equal (lies[i].name, argv[1]))
      self.lie = &lies[i];
  if (self.lie == NULL)
    self.lie = liar_find_object_lie (argv[1]);
  if (self.lie == NULL)
    {
      fprintf (stderr, "unknown lie “%s”\n", argv[1]);
      return EXIT_FAILURE;
    }

  alarm (LIFETIME_S);
  run (&self);
  return EXIT_SUCCESS;
}
