# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Workers that a launcher starts, in whatever language: targets have names, values are GVariants.
Given the command of one in C, it is driven as well."""

import gc
import math
import os
import sys
import tempfile

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, Mpel  # noqa: E402

LOOP_ERROR = Mpel.loop_error_quark()
HERE = os.path.dirname(os.path.abspath(__file__))


def make_loop(*arguments, handler=lambda event: None):
    launcher = Mpel.Launcher.new([sys.executable, "-m", "gi.overrides.Mpel", *arguments])
    launcher.set_working_directory(HERE)
    return Mpel.EventLoop(handler, launcher=launcher)


def results_of(loop, *calls):
    events = [loop.add_event(*call) for call in calls]
    loop.wait()
    tap.equal([event.error for event in events], [None] * len(events))
    return [event.results for event in events]


def raised(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def values():
    """Values keep their kinds, both ways"""
    things = [0, -(2**63), 2**64 - 1, 1.5, -math.inf, "é", "", b"\0\xff", b"", True, False, None]
    things += [[], [1, "a", None], (), (1, (2.5, b"x")), {}, {"a": [1, {"b": b"c"}]}]
    with make_loop("peer") as loop:
        got = results_of(loop, *[("same", thing) for thing in things])
        tap.equal(got, things)
        tap.equal([type(value) for value in got], [type(value) for value in things])
        (names,) = results_of(loop, ("kinds", 1, 2.5, "s", b"b", True, None, [], (), {}))
        tap.equal(names, ["int", "float", "str", "bytes", "bool", "NoneType", "list", "tuple", "dict"])
        (variant,) = results_of(loop, ("kinds", GLib.Variant("as", ["a"]), GLib.Variant("v", GLib.Variant("y", 1))))
        tap.equal(variant, ["list", "int"])


def refused():
    """What no GVariant can hold is refused, and so are functions"""
    with make_loop("peer") as loop:
        for bad, kind in ((2**64, OverflowError), ("a\0b", ValueError), ({1: 2}, TypeError), (object(), TypeError)):
            error = raised(loop.add_event, "same", bad)
            assert isinstance(error, kind), error
        assert "launcher" in str(raised(loop.add_event, len, "abc"))
        raised(loop.add_event, Mpel.Event(lambda: 1))
        tap.equal(results_of(loop, ("same", 1)), [1])


def names():
    """Targets are functions of the modules that are named, and any “module:function”"""
    with make_loop("peer", "math") as loop:
        calls = [("add", 1, 2), ("peer:add", 1), ("sqrt", 4.0), ("os.path:basename", "a/b"), ("tell_prepared",)]
        tap.equal(results_of(loop, *calls), [3, 1, 2.0, "b", ["prepared"]])
        event = loop.add_event("add", 1, more=5)
        missing = [loop.add_event(name) for name in ("nothing", "_hidden", "prepared", "math:nothing")]
        loop.wait()
        tap.equal(event.results, 6)
        for event in missing[:3]:
            assert event.error.matches(LOOP_ERROR, Mpel.LoopError.NO_SUCH_TARGET), event.error
        assert "nothing" in str(missing[3].error)


def errors():
    """Errors have their type, message and traceback; those of GLib are what they were"""
    with make_loop("peer") as loop:
        stumbled, failed, lock = [loop.add_event(*call) for call in (("stumble", "over it"), ("fail",), ("give_lock",))]
        loop.wait()
        tap.equal((type(stumbled.error), stumbled.error.type_name), (Mpel.RemoteError, "LookupError"))
        tap.equal((str(stumbled.error), stumbled.get_remote_type()), ("LookupError: over it", "LookupError"))
        assert "in stumble" in str(stumbled.error.__cause__)
        assert failed.error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
        assert "lock" in str(lock.error)
    loop = make_loop("no_such_module")
    event = loop.add_event("same", 1)
    loop.wait()
    assert event.error.matches(LOOP_ERROR, Mpel.LoopError.SPAWN_FAILED) and "no_such_module" in event.error.message


def streams():
    """A function that yields is a stream, of GVariants"""
    seen = []
    with make_loop("peer") as loop:
        loop.connect("event-yield", lambda loop, event, value: seen.append(value.unpack()))
        tap.equal(results_of(loop, ("count", 5)), ["counted"])
    tap.equal(seen, list(range(5)))


def iterate_until_there(path):
    """Nothing but a look tells of a file."""
    looks = GLib.timeout_add(1, lambda: GLib.SOURCE_CONTINUE)
    tap.iterate_until(lambda: os.path.exists(path))
    GLib.source_remove(looks)


def coroutines():
    """Coroutines run beside each other, stream, fail, report, and tidy up when they are cancelled"""
    seen, told = [], []
    with make_loop("peer") as loop, tempfile.TemporaryDirectory() as folder:
        tap.equal(results_of(loop, *[("meet", 5)] * 5), [5] * 5)
        error = loop.call("stumble_later", "why").exception()
        assert str(error) == "LookupError: why" and "in stumble_later" in str(error.__cause__), (error, error.__cause__)
        tap.equal(loop.call_with("report", progress=lambda *progress: told.append(progress)).result(), "reported")
        tap.equal(told[-1], (0.5, "half"))
        tap.equal(list(loop.stream("count_later", 5)), list(range(5)))
        loop.connect("event-yield", lambda loop, event, value: seen.append(value.unpack()))
        tap.equal(results_of(loop, ("count_later", 50)), [None])
        tap.equal(seen, list(range(50)))
        for target in ("keep_and_tell", "yield_and_tell"):
            path = f"{folder}/{target}"
            event = loop.add_event(target, path)
            if target == "keep_and_tell":
                iterate_until_there(path + ".begun")
            else:
                tap.iterate_until(lambda: path in seen)
            event.cancel()
            iterate_until_there(path)
        path = f"{folder}/left"
        tap.equal(results_of(loop, ("later",), ("leave_behind", path)), ["later", "left"])
        iterate_until_there(path + ".begun")
        loop.close()
        assert os.path.exists(path)


def worker_in_c():
    """A worker in C is driven with Python's values"""
    heard = []
    launcher = Mpel.Launcher.new(sys.argv[1:])
    with Mpel.EventLoop(heard.append, launcher=launcher) as loop:
        events = [loop.add_event("echo", 1, "two"), loop.add_event("nothing")]
    tap.equal(heard, events)
    tap.equal(events[0].results, (1, "two"))
    assert events[1].error.matches(LOOP_ERROR, Mpel.LoopError.NO_SUCH_TARGET), events[1].error


def main():
    tests = [values, refused, names, errors, streams, coroutines]
    tap.run(*tests, *([worker_in_c] if len(sys.argv) > 1 else []))


if __name__ == "__main__":
    main()
    gc.collect()
