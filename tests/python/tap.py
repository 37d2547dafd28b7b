# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs test functions and tells their fate as TAP. All they share is in here."""

import gc
import glob
import sys
import traceback
import weakref

from gi.repository import GLib


class Skip(Exception):
    """Raised by a test that cannot run here; says why."""


def run(*tests):
    """Runs each test; its doc string is its name."""
    failed = 0
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        why = ""
        try:
            test()
            word = "ok"
        except Skip as skip:
            word, why = "ok", f" # SKIP {skip}"
        except Exception:
            word = "not ok"
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("#", line)
        print(f"{word} {number} - {test.__doc__}{why}", flush=True)
    sys.exit(failed > 0)


def equal(got, expected):
    if got != expected:
        raise AssertionError(f"{got!r} is not {expected!r}")


def iterate_until(condition):
    """Turns of the main context; the timeout of the test is the limit."""
    while not condition():
        GLib.MainContext.default().iteration(True)


def children():
    """The processes that this one started and that are not reaped, from whatever thread."""
    return [pid for path in glob.glob("/proc/self/task/*/children") for pid in open(path).read().split()]


def story_of(make_loop):
    """For tests that are given a loop and what its handler heard. Nothing may be left of either."""

    def story(function):
        def test():
            heard = []
            loop = make_loop(heard.append)
            gone = weakref.ref(loop)
            try:
                function(loop, heard)
                loop.close()
            except BaseException:
                loop.terminate()
                raise
            del loop
            heard.clear()
            gc.collect()
            while GLib.MainContext.default().iteration(False):
                pass
            equal(gone(), None)
            equal(children(), [])

        test.__doc__ = function.__doc__
        return test

    return story
