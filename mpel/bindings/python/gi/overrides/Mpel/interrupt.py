# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Ctrl-C while the library waits."""

from gi._ossighelper import register_sigint_fallback, wakeup_on_signal
from gi.repository import Gio, GLib

was_interrupted = False


def note():
    global was_interrupted

    was_interrupted = True


def call(function, loop, cancellable):
    """Calls what iterates the main context, so that Ctrl-C ends it with KeyboardInterrupt."""
    own = cancellable or Gio.Cancellable()
    is_ours = []

    def interrupt():
        note()
        is_ours.append(True)
        own.cancel()

    with register_sigint_fallback(interrupt), wakeup_on_signal():
        try:
            return function(loop, own)
        except GLib.Error:
            if not is_ours:
                raise
            return False
