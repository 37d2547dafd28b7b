# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Large arrays and bytes: what travels beside the pickle."""

import importlib.util
import os
import sys

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import Mpel  # noqa: E402

for name in ("cloudpickle", "numpy"):
    if importlib.util.find_spec(name) is None:
        print(f"1..0 # SKIP {name} is missing: install the package python3-{name}")
        sys.exit()
import numpy  # noqa: E402

# Around what is large, and what travels as a file.
SIZES = (0, 1, 1000, 256 * 1024 - 1, 256 * 1024, 1024 * 1024 - 100, 1024 * 1024 + 1, 5_000_000)


def same(value):
    return value


def add_one(array):
    array += 1
    return array


def look_at(array):
    return array.flags.writeable, array.flags.aligned, array.flags.owndata


def split(array):
    return {"halves": numpy.array_split(array, 2), "again": [array, array], "text": "x"}


def count_fds():
    return len(os.listdir("/proc/self/fd"))


def results_of(loop, *calls):
    events = [loop.add_event(*call) for call in calls]
    loop.wait()
    tap.equal([event.error for event in events], [None] * len(events))
    return [event.results for event in events]


def with_loop(function):
    def test():
        with Mpel.EventLoop(lambda event: None) as loop:
            function(loop)

    test.__doc__ = function.__doc__
    return test


@with_loop
def sizes(loop):
    """Bytes and arrays of any size arrive whole"""
    for size in SIZES:
        data = os.urandom(size)
        array = numpy.frombuffer(data, dtype="u1")
        got, got_array, nested = results_of(loop, (same, data), (same, array), (same, [array, data]))
        assert type(got) is bytes and got == data, size
        assert numpy.array_equal(got_array, array) and numpy.array_equal(nested[0], array) and nested[1] == data, size


@with_loop
def writable(loop):
    """An array that can be written to can be on the other side, and only there; a view of memory is no copy"""
    small, large = numpy.arange(1000.0), numpy.arange(1_000_000.0)
    fixed = large.copy()
    fixed.setflags(write=False)
    tap.equal(results_of(loop, (look_at, large), (look_at, fixed)), [(True, True, False), (False, True, False)])
    got = results_of(loop, (add_one, small), (add_one, large), (add_one, large))
    assert (small[1], large[1]) == (1.0, 1.0)
    for array in got:
        assert array[1] == 2.0 and array[-1] == len(array)
        array[1] = 7.0
    tap.equal([array[1] for array in got], [7.0, 7.0, 7.0])


@with_loop
def nested(loop):
    """Many arrays of one call, and one many times"""
    array = numpy.arange(600_000)
    (got,) = results_of(loop, (split, array))
    assert numpy.array_equal(numpy.concatenate(got["halves"]), array)
    assert got["again"][0] is got["again"][1] and numpy.array_equal(got["again"][0], array)
    (many,) = results_of(loop, (same, [numpy.full(100_000, n) for n in range(20)]))
    tap.equal([item[0] for item in many], list(range(20)))
    factor = 3
    assert numpy.array_equal(results_of(loop, (lambda a: a * factor, array))[0], array * 3)


@with_loop
def nothing_left(loop):
    """No descriptor is left, and memory lives as long as the array"""
    results_of(loop, (same, 1))
    before = count_fds(), results_of(loop, (count_fds,))[0]
    kept = results_of(loop, *[(same, numpy.full(300_000, n)) for n in range(20)])
    tap.equal((count_fds(), results_of(loop, (count_fds,))[0]), before)
    tap.equal([array[-1] for array in kept], list(range(20)))


def arrays(n):
    for number in range(n):
        yield numpy.full(300_000, number)


def one_by_one():
    """Generators give large arrays too, to streams and to handlers"""
    got = []
    with Mpel.IterEventLoop(got.append) as loop:
        loop.add_event(arrays, 3)
        loop.wait()
        tap.equal([event.results[-1] for event in got], [0, 1, 2])
        tap.equal([array[-1] for array in loop.stream(arrays, 3)], [0, 1, 2])


def plain_pickle():
    """Plain pickle sends buffers beside it as well"""
    Mpel.use("pickle")
    try:
        with Mpel.EventLoop(lambda event: None) as loop:
            total, copied = results_of(loop, (numpy.sum, numpy.ones(1_000_000)), (numpy.copy, numpy.ones(1_000_000)))
            tap.equal((total, copied.sum()), (1_000_000.0, 1_000_000.0))
    finally:
        Mpel.use("cloudpickle")


if __name__ == "__main__":
    tap.run(sizes, writable, nested, nothing_left, one_by_one, plain_pickle)
