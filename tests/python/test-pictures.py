# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The seed's proxies of Python objects, and its iterators."""

import gc
import importlib.util
import os
import sys

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import GLib, Mpel  # noqa: E402

if importlib.util.find_spec("cloudpickle") is None:
    print("1..0 # SKIP cloudpickle is missing: install the package python3-cloudpickle")
    sys.exit()


class Point:
    def __init__(self, x=0, y=0, z=0):
        self.x = x
        self.y = y
        self._z = z
        self.names = []

    def get_z(self):
        return self._z

    def set_z(self, z):
        self._z = z

    def move(self, x, y):
        self.x = x
        self.y = y

    def connect(self, name):
        """A name that GObject has as well."""
        self.names.append(name)

    def fail(self):
        raise ValueError("bad point")

    def me(self):
        return self

    @property
    def sum(self):
        return self.x + self.y


class PointProxy(Mpel.Proxy):
    PROXY_CLASS = Point
    PROPERTIES = ["x", "y", "names", "sum"]
    GETTERS = ["get_z"]

    def move_twice(self):
        self.move(0, 0)
        return self.move(self.x + 1, self.y + 1)


class MadeProxy(PointProxy):
    def create_mp_object(self, args, kwargs):
        point = self.PROXY_CLASS(*args, **kwargs)
        point.set_z(99)
        return point


def distance(point):
    return point.x + point.y + point.get_z(), type(point).__name__


def count_living():
    gc.collect()
    return sum(type(thing).__name__ == "Point" for thing in gc.get_objects())


def with_loop(function):
    def test():
        with Mpel.EventLoop(lambda event: None) as loop:
            function(loop)

    test.__doc__ = function.__doc__
    return test


@with_loop
def mirror(loop):
    """A proxy has the properties and getters of its object as they were when the last call ended"""
    p = PointProxy(1, 2, z=3, loop=loop)
    assert p.is_mp_proxy() and isinstance(p, Mpel.Proxy)
    tap.equal((p.x, p.get_z()), (None, None))
    p.mp_wait()
    tap.equal((p.x, p.y, p.sum, p.get_z(), p.names), (1, 2, 3, 3, []))
    p.move(5, 6)
    tap.equal((p.x, p.y), (1, 2))
    p.mp_wait()
    tap.equal((p.x, p.y, p.sum), (5, 6, 11))
    p.connect("a")
    p.connect("b")
    p.mp_wait()
    tap.equal(p.names, ["a", "b"])


@with_loop
def writes(loop):
    """What is written shows at once, and is not written over by what was before"""
    p = PointProxy(loop=loop)
    p.mp_wait()
    p.move(1, 1)
    p.x = 7
    tap.equal(p.x, 7)
    p.move(2, 2)
    p.y = 8
    p.extra = "new"
    p.mp_wait()
    tap.equal((p.x, p.y, p.extra, p.sum), (2, 8, "new", 10))
    p._z = 5
    p.mp_wait()
    tap.equal((p.get_z(), p._z), (5, 5))


@with_loop
def arguments(loop):
    """As an argument a proxy is its object; its results are copies"""
    p = PointProxy(1, 2, 3, loop=loop)
    event = loop.add_event(distance, p)
    nested = loop.add_event(lambda points: [distance(point) for point in points], [p, p])
    copy = p.me()
    loop.wait()
    tap.equal(event.results, (6, "Point"))
    tap.equal(nested.results, [(6, "Point")] * 2)
    assert type(copy.results) is Point and copy.results.x == 1


@with_loop
def classes(loop):
    """A subclass may make the object itself, have methods of its own, and a loop for all"""
    MadeProxy.__loop__ = loop
    try:
        p = MadeProxy(1, 2)
        p.mp_wait()
        tap.equal(p.get_z(), 99)
        p.move_twice()
        p.mp_wait()
        tap.equal((p.x, p.y), (2, 3))
    finally:
        MadeProxy.__loop__ = None
    try:
        MadeProxy()
        raise AssertionError("no error came")
    except ValueError as error:
        assert "loop" in str(error)


@with_loop
def errors(loop):
    """A call that fails says so, and the proxy goes on"""
    p = PointProxy(loop=loop)
    event = p.fail()
    p.move(3, 4)
    p.mp_wait()
    assert type(event.error) is ValueError
    tap.equal((p.x, p.y), (3, 4))


@with_loop
def life(loop):
    """The object goes with its proxy; a worker that was lost makes another, of what is known of it"""
    proxies = [PointProxy(n, loop=loop) for n in range(5)]
    event = loop.add_event(count_living)
    loop.wait()
    tap.equal(event.results, 5)
    del proxies[1:], event
    gc.collect()
    event = loop.add_event(count_living)
    loop.wait()
    tap.equal(event.results, 1)
    p = proxies[0]
    p.move(10, 20)
    p.mp_wait()
    os.kill(loop.get_worker_pid(), 9)
    loop.add_event(len, "")
    loop.wait()
    p.set_z(4)
    p.mp_wait()
    tap.equal((p.x, p.y, p.get_z()), (10, 20, 4))


@with_loop
def in_main_loop(loop):
    """Where a main loop runs, calls never wait"""
    p = PointProxy(loop=loop)
    main, depths = GLib.MainLoop(), []

    def call():
        first = p.move(1, 1)
        second = p.move(2, 2)
        depths.append((first.is_ended(), second.is_ended()))
        main.quit()

    GLib.idle_add(call)
    main.run()
    tap.equal(depths, [(False, False)])
    p.mp_wait()
    tap.equal(p.x, 2)


class Countdown:
    def __init__(self, name, value):
        self.name = name
        self.value = value

    def __iter__(self):
        return self

    def __next__(self):
        if self.value == 0:
            raise StopIteration
        self.value -= 1
        return self.name, self.value


def generate(name, n):
    for i in range(n):
        yield name, i


def break_down():
    yield "first"
    raise KeyError("second")


def iterators():
    """Iterators take turns, and each item is an event of its own"""
    heard = []
    with Mpel.IterEventLoop(heard.append) as loop:
        loop.add_event(generate, "a", 20, event_key="key")
        loop.add_event(Countdown("b", 20))
        loop.add_event(Countdown, args=("c", 2))
        loop.add_event(len, "abc")
        loop.add_event(break_down)
    results = [event.results for event in heard if event.error is None]
    for name, expected in (("a", range(20)), ("b", range(19, -1, -1)), ("c", (1, 0))):
        tap.equal([item[1] for item in results if type(item) is tuple and item[0] == name], list(expected))
    assert results.index(("b", 19)) < results.index(("a", 19)), results
    tap.equal({event.event_key for event in heard if type(event.results) is tuple and event.results[0] == "a"}, {"key"})
    assert 3 in results and "first" in results
    tap.equal([type(event.error) for event in heard if event.error is not None], [KeyError])


def iterators_of_many():
    """Loops of iterators have one handler between them; objects that are kept can be iterated as well"""
    heard, queue, kept = [], object(), Countdown("kept", 2)
    with (
        Mpel.IterEventLoop(heard.append, consumer_queue=queue) as first,
        Mpel.IterEventLoop(consumer_queue=queue, has_results=False) as second,
    ):
        for number in range(3):
            first.add_event(Countdown(("first", number), 4))
            second.add_event(Countdown, args=(("second", number), 4))
        second.add_event(Countdown("unheard", 4), has_output=False)
        first.cache_object(kept)
        first.add_event(kept, cache=True)
        first.add_event(generate, "generator", 2, cache=True)
    tap.equal([event.error for event in heard], [None] * len(heard))
    names = [(word, number) for word in ("first", "second") for number in range(3)]
    expected = [(name, n) for name in names for n in range(4)]
    expected += [("kept", 0), ("kept", 1), ("generator", 0), ("generator", 1)]
    tap.equal(sorted((event.results for event in heard), key=str), sorted(expected, key=str))


if __name__ == "__main__":
    tap.run(mirror, writes, arguments, classes, errors, life, in_main_loop, iterators, iterators_of_many)
