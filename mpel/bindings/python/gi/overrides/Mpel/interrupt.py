# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Ctrl-C while the library waits."""

import threading
import traceback

from gi._ossighelper import register_sigint_fallback
from gi.repository import Gio, GLib

from . import wakeup

was_interrupted = False


def note():
    global was_interrupted

    was_interrupted = True


class Waits(threading.local):
    """The calls of call () under way, one in another: what interrupts each, and whether it was."""

    def __init__(self):
        self.stack = []


waits = Waits()


def note_raised():
    """KeyboardInterrupt came out of a callback: C lets nothing through, so whoever waits is to raise it."""
    note()
    if not waits.stack:
        traceback.print_exc()
        return
    waits.stack[-1][1] = True
    waits.stack[-1][0].cancel()


def call(function, loop, cancellable):
    """Calls what iterates the main context, so that Ctrl-C ends it with KeyboardInterrupt."""
    global was_interrupted

    own = cancellable or Gio.Cancellable()
    is_ours = []

    def interrupt():
        note()
        is_ours.append(True)
        own.cancel()

    with register_sigint_fallback(interrupt), wakeup.OnSignal():
        wait = [own, False]
        waits.stack.append(wait)
        try:
            done = function(loop, own)
        except GLib.Error:
            if not is_ours and not wait[1]:
                raise
            done = False
        finally:
            waits.stack.pop()
        if wait[1]:
            raise KeyboardInterrupt
        if not is_ours:
            # Who waits again has patience again.
            was_interrupted = False
        return done
