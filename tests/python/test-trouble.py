# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What goes wrong in programs, and may not make it worse: nothing hangs, nothing is lost."""

import atexit
import gc
import importlib.util
import os
import pathlib
import sys
import weakref

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import GLib, Mpel  # noqa: E402

if importlib.util.find_spec("cloudpickle") is None:
    print("1..0 # SKIP cloudpickle is missing: install the package python3-cloudpickle")
    sys.exit()


def identity(value):
    return value


def fail_of_syntax():
    raise SyntaxError("odd", ("file", 1, "no number", "text"))


def fail_with(text):
    raise ValueError(text)


def story(function):
    """A test that is given a loop and what its handler heard. Nothing may be left of either."""

    def test():
        heard = []
        loop = Mpel.EventLoop(heard.append)
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
        tap.equal(gone(), None)
        tap.equal(tap.children(), [])

    test.__doc__ = function.__doc__
    return test


def end_of(loop, *call):
    event = loop.add_event(*call)
    loop.wait()
    return event


@story
def odd_exceptions(loop, heard):
    """Exceptions that Python cannot format end their events all the same"""
    event = end_of(loop, fail_of_syntax)
    tap.equal((type(event.error), event.error.args[0]), (SyntaxError, "odd"))
    assert "fail_of_syntax" in str(event.error.__cause__), event.error.__cause__
    tap.equal(len(heard), 1)


@story
def odd_messages(loop, heard):
    """Messages may have any characters"""
    for text in ("\x1e", "\x1e~ \x1e", "\0", "\udcff"):
        error = end_of(loop, fail_with, text).error
        tap.equal((type(error), error.args), (ValueError, (text,)))
    tap.equal(len(heard), 4)


@story
def odd_paths(loop, heard):
    """Workers start whatever is in sys.path"""
    saved = list(sys.path)
    sys.path[:0] = ["", pathlib.Path("/tmp"), b"bytes", "/no {such} 'folder\"", "/\udcff"]
    try:
        tap.equal(end_of(loop, identity, 1).results, 1)
    finally:
        sys.path[:] = saved


@story
def forks(loop, heard):
    """A forked child leaves the workers alone when it ends"""
    end_of(loop, identity, 1)
    pid = os.fork()
    if pid == 0:
        # As sys.exit () does it, but not through the tests.
        atexit._run_exitfuncs()
        os._exit(7)
    tap.equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 7)
    tap.equal(end_of(loop, identity, 2).results, 2)


def main():
    tap.run(
        odd_exceptions,
        odd_messages,
        odd_paths,
        forks,
    )


if __name__ == "__main__":
    main()
