# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Comfort for Python: functions, classes and exceptions travel as they are.

Everything of the library works without it, only longer. The names, arguments and defaults are
those of the library that this one goes back to.
"""

import sys

if "gi.repository.Mpel" not in sys.modules:
    # Imported by its own name, such as by `python3 -m`. The classes of the library find theirs
    # through gi.repository, which is what imports this package otherwise.
    del sys.modules[__name__]
    from gi.repository import Mpel  # noqa: F401
else:
    from .aio import AsyncEventLoop, AsyncManager
    from .base import raw
    from .cache import CacheEvent, CacheObjectEvent, SaveVarEvent, VarEvent
    from .errors import RemoteError
    from .event import Event
    from .invocation import Invocation, get_invocation
    from .iterators import IterEventLoop
    from .loop import EventLoop
    from .pickling import use
    from .pool import Pool
    from .program import *  # noqa: F403
    from .program import __all__ as _program
    from .proxy import Proxy
    from .stream import ValueStream
    from .tasks import Task, spawn
    from .worker import Worker

    __all__ = [
        "AsyncEventLoop",
        "AsyncManager",
        "CacheEvent",
        "CacheObjectEvent",
        "Event",
        "EventLoop",
        "Invocation",
        "IterEventLoop",
        "Pool",
        "Proxy",
        "RemoteError",
        "SaveVarEvent",
        "Task",
        "ValueStream",
        "VarEvent",
        "Worker",
        "get_invocation",
        "spawn",
        "use",
        *_program,
    ]
