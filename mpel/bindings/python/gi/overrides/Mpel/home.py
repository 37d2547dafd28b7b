# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Where a loop lives: its thread, and the main context that its ends come in."""

import threading

from gi.repository import GLib

from . import interrupt


class Home:
    """The thread and main context that are this one's now."""

    def __init__(self):
        self.thread = threading.get_ident()
        self.context = GLib.MainContext.ref_thread_default()

    def is_here(self):
        return threading.get_ident() == self.thread

    def call(self, function, *args):
        """Calls it there: now, if that is here."""
        if self.is_here():
            function(*args)
        else:
            self.call_later(function, *args)

    def call_later(self, function, *args):
        """Calls it in a later turn of the main context, whatever thread this is."""

        def run(_):
            function(*args)
            return GLib.SOURCE_REMOVE

        source = GLib.Idle(priority=GLib.PRIORITY_DEFAULT)
        source.set_callback(run)
        source.attach(self.context)

    def iterate_until(self, condition, timeout=None):
        """Turns of the main context, in its thread. Returns whether the condition was met in time."""
        over = []
        timer = None
        if timeout is not None:
            timer = GLib.Timeout(int(min(max(0, timeout * 1000), GLib.MAXINT)))
            timer.set_callback(over.append)
            timer.attach(self.context)

        def iterate(_, cancellable):
            while not condition() and not over and not cancellable.is_cancelled():
                self.context.iteration(True)

        try:
            interrupt.call(iterate, self, None)
        finally:
            if timer is not None:
                timer.destroy()
        return condition()
