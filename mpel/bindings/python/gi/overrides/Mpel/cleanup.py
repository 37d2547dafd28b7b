# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Ends the workers when the program ends."""

import atexit
import sys
import weakref

from . import interrupt

loops = weakref.WeakSet()


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
