# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Ends the workers when the program ends."""

import atexit
import os
import sys
import weakref

from . import interrupt

loops = weakref.WeakSet()
# A forked child has no threads that would carry anything, and the workers are not its own.
os.register_at_fork(after_in_child=loops.clear)


def watch(loop):
    loops.add(loop)


def forget(loop):
    loops.discard(loop)


def is_interrupted():
    last = getattr(sys, "last_type", None)
    return interrupt.was_interrupted or (last is not None and issubclass(last, KeyboardInterrupt))


@atexit.register
def end():
    """What was added is done before the program ends, unless somebody lost patience."""
    for loop in list(loops):
        try:
            if not is_interrupted():
                loop.close()
        except KeyboardInterrupt:
            interrupt.note()
        except Exception:
            sys.excepthook(*sys.exc_info())
        if is_interrupted():
            loop.terminate()
