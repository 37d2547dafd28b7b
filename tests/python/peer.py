# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Functions for hosts in other languages: `python3 -m gi.overrides.Mpel peer`."""

import asyncio

from gi.repository import Gio, GLib, Mpel

prepared = []
here = []
left = []


def initialize_worker():
    prepared.append("prepared")


def add(*numbers, more=0):
    return sum(numbers) + more


def fail():
    raise GLib.Error.new_literal(Gio.io_error_quark(), "no such thing", Gio.IOErrorEnum.NOT_FOUND)


def stumble(message):
    raise LookupError(message)


async def later():
    await asyncio.sleep(0)
    return "later"


async def keep():
    await asyncio.Event().wait()


async def meet(n):
    """Returns when so many are here, which takes that they run beside each other."""
    here.append(n)
    while len(here) < n:
        await asyncio.sleep(0.001)
    return len(here)


async def stumble_later(message):
    await asyncio.sleep(0)
    raise LookupError(message)


async def count_later(n):
    for number in range(n):
        await asyncio.sleep(0)
        yield number


async def keep_and_tell(path):
    """Waits for ever, and leaves a file behind when somebody puts an end to that."""
    open(path + ".begun", "w").close()
    try:
        await asyncio.Event().wait()
    finally:
        open(path, "w").close()


async def leave_behind(path):
    """Ends before all that it began."""
    left.append(asyncio.create_task(keep_and_tell(path)))
    return "left"


async def yield_and_tell(path):
    try:
        while True:
            yield path
    finally:
        open(path, "w").close()


async def report():
    await asyncio.sleep(0)
    Mpel.get_invocation().progress(0.5, "half")
    return "reported"


def echo():
    return "echo"


def kinds(*values):
    return [type(value).__name__ for value in values]


def same(value):
    return value


def count(n):
    yield from range(n)
    return "counted"


def give_lock():
    import threading

    return threading.Lock()


def tell_prepared():
    return prepared


def _hidden():
    return "seen"
