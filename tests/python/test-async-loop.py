# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The seed's loop for coroutines, and its names for them."""

import gc
import json
import os
import tempfile
import weakref

import tap
from gi.repository import GLib, Mpel

folder = tempfile.TemporaryDirectory()


async def answer(value):
    return value


async def count(n):
    for number in range(n):
        yield number


async def count_and_tell(path):
    try:
        while True:
            yield path
    finally:
        open(path, "w").close()


def generate(n):
    yield from range(n)
    return "the end"


async def fail(text):
    raise ValueError(text)


async def break_down():
    yield "first"
    raise KeyError("second")


def make_list(n):
    return list(range(n))


class Account:
    amount = 1

    async def add(self, more):
        self.amount += more
        return self.amount


def a_loop(kind=Mpel.AsyncEventLoop):
    """A test that is given a loop and what its handler heard. Nothing may be left of either."""

    def decorate(function):
        def test():
            heard = []
            loop = kind(heard.append)
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
            while gone() is not None:
                GLib.MainContext.default().iteration(False)
            tap.equal(tap.children(), [])

        test.__doc__ = function.__doc__
        return test

    return decorate


def ends_of(loop, heard):
    loop.wait()
    ends = [(event.results, event.error and type(event.error).__name__, event.event_key) for event in heard]
    heard.clear()
    return ends


@a_loop()
def names(loop, heard):
    """A coroutine function goes by what it is, by a name that was registered, by its own, and with its module"""
    Mpel.AsyncManager.register("other name", answer)
    try:
        for name in (answer, "other name", "answer", "__main__.answer"):
            loop.async_event(name, 1)
        tap.equal(ends_of(loop, heard), [(1, None, None)] * 4)
        tap.equal(Mpel.AsyncManager.get_name(answer), "other name")
    finally:
        Mpel.AsyncManager.COROUTINES.clear()
    tap.equal(Mpel.AsyncManager.get_name(answer), "__main__.answer")
    tap.equal(Mpel.AsyncManager.get("json.loads"), json.loads)
    Mpel.AsyncManager.register(answer)
    tap.equal(Mpel.AsyncManager.COROUTINES, {"__main__.answer": answer})
    Mpel.AsyncManager.COROUTINES.clear()
    try:
        loop.async_event("nothing of that name")
        raise AssertionError
    except LookupError as error:
        assert "nothing of that name" in str(error), error


@a_loop()
def events(loop, heard):
    """Events have arguments, keys and output as in other loops"""
    loop.async_event(answer, args=(1,), event_key="key")
    loop.async_event(answer, kwargs={"value": 2})
    loop.async_event(Mpel.Event(answer, 3, event_key="event"))
    loop.async_event(answer, 4, has_output=False)
    loop.add_event(answer, 5)
    expected = [(1, None, "key"), (2, None, None), (3, None, "event"), (5, None, None)]
    tap.equal(ends_of(loop, heard), expected)
    account = Account()
    for cache, amount in ((True, 3), (True, 5), (False, 3)):
        loop.async_event(account.add, 2, cache=cache)
        tap.equal(ends_of(loop, heard), [(amount, None, None)])


@a_loop()
def generators(loop, heard):
    """What generators of both kinds yield are events of their own; other results are results"""
    for function, n in ((count, 3), (generate, 3), (make_list, 3)):
        loop.async_event(function, n, event_key=function.__name__)
    loop.async_event(count, 2, has_output=False)
    ends = ends_of(loop, heard)
    for name in ("count", "generate"):
        tap.equal([end for end in ends if end[2] == name], [(number, None, name) for number in range(3)])
    tap.equal([end for end in ends if end[2] == "make_list"], [([0, 1, 2], None, "make_list")])
    tap.equal(len(ends), 7)


@a_loop()
def errors(loop, heard):
    """What is raised ends its event, after what was yielded, with the real exception"""
    loop.async_event(fail, "why")
    tap.equal(ends_of(loop, heard), [(None, "ValueError", None)])
    event = loop.async_event(break_down)
    tap.equal(ends_of(loop, heard), [("first", None, None), (None, "KeyError", None)])
    assert "in break_down" in str(event.error.__cause__), event.error.__cause__


@a_loop()
def cancelled(loop, heard):
    """A generator without end is cancelled, and tidies up"""
    path = folder.name + "/over"
    event = loop.async_event(count_and_tell, path)
    tap.iterate_until(lambda: len(heard) > 3)
    event.cancel()
    looks = GLib.timeout_add(1, lambda: GLib.SOURCE_CONTINUE)
    tap.iterate_until(lambda: event.is_ended() and os.path.exists(path))
    GLib.source_remove(looks)
    tap.equal({event.results for event in heard if event.error is None}, {path})
    heard.clear()
    loop.async_event(answer, 1)
    tap.equal(ends_of(loop, heard), [(1, None, None)])


def check_calls(loop, heard):
    loop.add_event(answer, 1)
    tap.equal(loop.call(answer, 2).result(), 2)
    tap.equal(loop.call(make_list, 2).result(), [0, 1])
    tap.equal(list(loop.stream(count, 3)), [0, 1, 2])
    tap.equal(list(loop.stream(generate, 3)), [0, 1, 2])
    tap.equal(ends_of(loop, heard), [(1, None, None)])


@a_loop()
def calls(loop, heard):
    """Calls and streams are what they are in other loops"""
    check_calls(loop, heard)


@a_loop(Mpel.IterEventLoop)
def calls_of_iterators(loop, heard):
    """So they are in loops of iterators"""
    check_calls(loop, heard)


def main():
    tap.run(names, events, generators, errors, cancelled, calls, calls_of_iterators)


if __name__ == "__main__":
    main()
