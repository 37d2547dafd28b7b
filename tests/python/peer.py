# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Functions for hosts in other languages: `python3 -m gi.overrides.Mpel peer`."""

import asyncio

from gi.repository import Gio, GLib

prepared = []


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
