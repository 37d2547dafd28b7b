# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Several workers on one queue."""

from . import loop as loops
from .base import override, raw

RawPool = raw.Pool


@override
class Pool(RawPool):
    """An event loop with several workers."""

    def __init__(self, processes=None, *args, n_workers=None, **kwargs):
        count = processes if processes is not None else n_workers
        if count is not None:
            kwargs["n_workers"] = count
        loops.EventLoop.__init__(self, *args, **kwargs)

    @property
    def processes(self):
        return self.get_n_workers()

    def map(self, func, iter_args, iter_kwargs=None, cache=False, *rest):
        """Calls a function with each item of a list, and waits. Returns the events.

        An item that can be iterated has the arguments of one call.
        """
        if isinstance(func, str) and isinstance(iter_args, loops.Variant):
            return RawPool.map(self, func, iter_args, iter_kwargs, cache or None, *rest)
        events = []
        for index, item in enumerate(iter_args):
            kwargs = dict(iter_kwargs[index]) if iter_kwargs is not None and index < len(iter_kwargs) else {}
            kwargs.setdefault("cache", cache)
            args = item if hasattr(item, "__iter__") and not isinstance(item, str) else (item,)
            events.append(self.add_event(func, *args, **kwargs))
        self.wait()
        return events
