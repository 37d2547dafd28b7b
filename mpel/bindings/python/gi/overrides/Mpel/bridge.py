# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Lets asyncio's loops look after a main context too, which nobody else iterates under asyncio.run ()."""

import math
import sys
import weakref

from gi._ossighelper import register_sigint_fallback
from gi.repository import GLib

from . import interrupt, wakeup

# Below all that the main context has to do: they are only to wake it up.
PRIORITY = GLib.PRIORITY_LOW * 10
# The interval of a timer that is set for each turn, in milliseconds, and the longest turn, in seconds.
FOR_EVER = GLib.MAXINT
LONG = 24 * 60 * 60
# For loops that keep to themselves how they wait, in seconds.
TURN = 0.005

joined = weakref.WeakKeyDictionary()  # asyncio's loop → the contexts that it looks after


def get_running_loop():
    """Gets the loop of asyncio that runs in this thread, or None. To import it takes longer than all of this."""
    asyncio = sys.modules.get("asyncio")
    return asyncio._get_running_loop() if hasattr(asyncio, "_get_running_loop") else None


class Selector:
    """Waits for what asyncio waits for, in turns of the main context.

    Nothing is made for a turn: PyGObject loses some memory for each source.
    """

    def __init__(self, own, context):
        self.own = own
        self.context = context
        channel = GLib.IOChannel.unix_new(own.fileno())
        self.watch = GLib.io_create_watch(channel, GLib.IOCondition.IN)
        self.timer = GLib.Timeout(FOR_EVER)
        for source in (self.watch, self.timer):
            source.set_priority(PRIORITY)
            source.set_callback(lambda *_: GLib.SOURCE_CONTINUE)
            source.attach(context)

    def __getattr__(self, name):
        return getattr(self.own, name)

    def select(self, timeout=None):
        if timeout is not None and timeout <= 0:
            self.context.iteration(False)
        else:
            self.wait(timeout)
        return self.own.select(0)

    def wait(self, timeout):
        end = -1 if timeout is None else GLib.get_monotonic_time() + math.ceil(min(timeout, LONG) * 1_000_000)
        self.timer.set_ready_time(end)
        with register_sigint_fallback(interrupt.note), wakeup.OnSignal():
            # To set the timer wakes the context up, for nothing.
            while not self.context.iteration(True):
                pass

    def close(self):
        self.watch.destroy()
        self.timer.destroy()
        self.own.close()


def iterates_itself(loop):
    """Whether it runs in turns of GLib: PyGObject's own, and those of others."""
    return any(cls.__module__.partition(".")[0] in ("gi", "gbulb") for cls in type(loop).__mro__)


def poll(loop, context):
    """For loops without a selector: asks again and again."""

    def turn():
        while context.iteration(False):
            pass
        loop.call_later(TURN, turn)

    turn()


def join_running(home):
    """Makes the loop that runs in this thread look after a main context, if there is one."""
    loop = get_running_loop()
    if loop is not None:
        join(loop, home)


def join(loop, home):
    """Makes a loop that runs in this thread look after the main context of a home, from now on."""
    if not home.is_here() or iterates_itself(loop):
        return
    known = joined.setdefault(loop, [])
    if home.context in known:
        return
    known.append(home.context)
    if hasattr(loop, "_selector") and not isinstance(loop._selector, Selector):
        loop._selector = Selector(loop._selector, home.context)
    else:
        poll(loop, home.context)
