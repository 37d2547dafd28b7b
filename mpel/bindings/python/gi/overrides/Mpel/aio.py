# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The seed's loop for coroutines, and the names that it has for them."""

import sys

from .event import Event
from .loop import EventLoop
from .payload import MODE_GENERATORS


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
    """Hands over what asynchronous generators yield, each in an event of its own.

    Coroutines run beside each other, in all kinds of loops; this one takes their names as well.
    """

    _mode = MODE_GENERATORS

    def async_event(self, coroutine_name, *args, has_output=None, event_key=None, **kwargs):
        """Adds a coroutine function, or the name of one, see AsyncManager; or an event. Returns the event."""
        target = coroutine_name if isinstance(coroutine_name, Event) else AsyncManager.get(coroutine_name)
        return self.add_event(target, *args, has_output=has_output, event_key=event_key, **kwargs)
