# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Coroutines in the worker, and the loop that is made for them."""

import asyncio
import sys

from . import values
from .loop import EventLoop


class AsyncManager:
    """Names for coroutine functions, which events may use for them."""

    COROUTINES = {}

    @staticmethod
    def register(name, obj=None):
        """Registers a function under a name, or under that of its module and its own."""
        if obj is None:
            obj, name = name, f"{name.__module__}.{name.__name__}"
        AsyncManager.COROUTINES[name] = obj

    @staticmethod
    def get(name):
        """Gets the function of a name: one that was registered, or of a module, or of the script."""
        if callable(name):
            return name
        found = AsyncManager.COROUTINES.get(name)
        if found is None:
            module_name, _, path = name.rpartition(".")
            found = getattr(sys.modules.get(module_name or "__main__"), path, None)
        if found is None:
            raise LookupError(f"no coroutine function was registered as {name!r}")
        return found

    @staticmethod
    def get_name(obj):
        """Gets the name under which get () finds a function."""
        if isinstance(obj, str):
            return obj
        for name, function in AsyncManager.COROUTINES.items():
            if function is obj:
                return name
        return f"{obj.__module__}.{obj.__name__}"


class AsyncEventLoop(EventLoop):
    """Hands over what asynchronous generators yield, each in an event of its own."""


def go_on(calls, invocation, results, mode):
    """Goes on with what a call has given in the worker that is a coroutine."""
    calls.answer(invocation, asyncio.new_event_loop().run_until_complete(results))


def go_on_named(calls, invocation, results):
    """The same for hosts that do not speak Python: values travel as GVariants."""
    invocation.return_value(values.to_variant(asyncio.new_event_loop().run_until_complete(results)))
