# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Lets signals end a turn of the main context, so that Python's handlers run while it waits.

PyGObject's own way makes sockets and a source for each wait, and loses some memory each time.
"""

import os
import signal
import socket
import threading

from gi.repository import GLib

pair = None  # (what is read, what Python writes to), once somebody has waited


def make_pair():
    """Its source stays in the default main context, and wakes that up when there is something to read."""
    global pair

    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    watch = GLib.io_create_watch(GLib.IOChannel.unix_new(reader.fileno()), GLib.IOCondition.IN)
    watch.set_callback(read)
    watch.attach(None)
    pair = reader, writer, watch
    return pair


def read(*_):
    try:
        pair[0].recv(4096)
    except BlockingIOError:
        pass
    return GLib.SOURCE_CONTINUE


def forward(fd):
    """What came in here while it was found out that somebody else listens is theirs."""
    try:
        os.write(fd, pair[0].recv(4096))
    except BlockingIOError:
        pass


def forget():
    """A forked child would read what its parent writes."""
    global pair

    if pair is not None:
        pair[2].destroy()
        pair[0].close()
        pair[1].close()
        pair = None


os.register_at_fork(after_in_child=forget)


class OnSignal:
    """With this, signals wake up the main thread, unless somebody sees to that already."""

    def __init__(self):
        self.is_ours = False

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            fd = (pair or make_pair())[1].fileno()
            old = signal.set_wakeup_fd(fd, warn_on_full_buffer=False)
            self.is_ours = old == -1
            if old not in (-1, fd):
                signal.set_wakeup_fd(old)
                forward(old)

    def __exit__(self, *_):
        if self.is_ours:
            signal.set_wakeup_fd(-1)
