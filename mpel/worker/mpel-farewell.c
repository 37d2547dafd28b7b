/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"
#include "mpel-farewell-private.h"

#include "mpel-names-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _MpelFarewell
{
  GThread *thread; /* (owned) */
  int      line;   /* (owned) a duplicate of the worker's end of the socket */
  int      disarm; /* (owned) an eventfd: the worker leaves in good order */
};

/* Returns FALSE when disarmed first. */
static gboolean
wait_for_end_of_line (MpelFarewell *self)
{
  struct pollfd fds[] = {
    { .fd = self->disarm, .events = POLLIN },
    { .fd = self->line, .events = POLLRDHUP },
  };

  while (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno == EINTR)
    ;
  return fds[0].revents == 0;
}

static gboolean
is_disarmed_in_time (MpelFarewell *self)
{
  struct pollfd fd = { .fd = self->disarm, .events = POLLIN };
  int           n_ready;

  do
    n_ready = poll (&fd, 1, MPEL_FAREWELL_GRACE_MS);
  while (n_ready < 0 && errno == EINTR);
  return n_ready > 0;
}

static gpointer
watch_thread (gpointer user_data)
{
  MpelFarewell *self = user_data;

  if (wait_for_end_of_line (self) && !is_disarmed_in_time (self))
    _exit (0);
  return NULL;
}

/* @fd stays the caller's. */
MpelFarewell *
mpel_farewell_new (int fd)
{
  MpelFarewell *self = g_new0 (MpelFarewell, 1);

  self->line = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  self->disarm = eventfd (0, EFD_CLOEXEC);
  self->thread = g_thread_new ("mpel-farewell", watch_thread, self);
  return self;
}

void
mpel_farewell_free (MpelFarewell *self)
{
  guint64 one = 1;

  if (write (self->disarm, &one, sizeof one) != sizeof one)
    g_warning ("The farewell watch could not be disarmed: %s", g_strerror (errno));
  g_thread_join (g_steal_pointer (&self->thread));
  close (self->line);
  close (self->disarm);
  g_free (self);
}
