# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Several workers on one queue, as an executor of concurrent.futures too."""

import itertools
import weakref
from concurrent.futures import Executor

from . import loop as loops
from .base import override, raw

RawPool = raw.Pool


class Submitted:
    """What map () submits to a pool. Who is told of the first error wants no others printed."""

    def __init__(self, pool):
        self._pool = pool
        self._futures = weakref.WeakSet()

    def submit(self, func, *args):
        future = self._pool.submit(func, *args)
        self._futures.add(future)
        return future

    def watch(self, results):
        try:
            yield from results
        except Exception:
            for future in self._futures:
                future._is_heard = True
            raise


@override
class Pool(RawPool, Executor):
    """An event loop with several workers."""

    _is_shut = False

    def __init__(
        self,
        processes=1,
        output_handlers=None,
        event_queue=None,
        consumer_queue=None,
        initialize_process=None,
        name="main",
        has_results=True,
        *,
        n_workers=None,
        max_workers=None,
        **properties,
    ):
        """How many workers there are goes by three names; 0 means as many as there are processors."""
        given = [number for number in (max_workers, n_workers, processes) if number is not None]
        loops.EventLoop.__init__(
            self,
            output_handlers,
            event_queue,
            consumer_queue,
            initialize_process,
            name,
            has_results,
            n_workers=given[0] if given else 0,
            **properties,
        )

    @property
    def processes(self):
        return self.get_n_workers()

    def call_with(self, target, *args, **kwargs):
        """Calls a function in one of the workers, see EventLoop.call_with ()."""
        if self._is_shut:
            raise RuntimeError("cannot call anything after shutdown ()")
        return loops.EventLoop.call_with(self, target, *args, **kwargs)

    def map(self, func, *iterables, timeout=None, chunksize=1, iter_args=None, iter_kwargs=None, cache=False):
        """Calls a function with the items of each iterable. Returns an iterator of the results, in order.

        That is what executors of concurrent.futures do. In a pool with output handlers, which are
        to hear of the results, it is what the seed does, map (func, iter_args, iter_kwargs, cache):
        it waits and returns the events; an item that can be iterated has the arguments of one call.
        So it is where one of these is given by its name. For the name of a target and a GVariant it
        is what C offers.
        """
        if isinstance(func, str) and iterables and isinstance(iterables[0], loops.Variant):
            return RawPool.map(self, func, *iterables)
        given = dict(zip(("iter_args", "iter_kwargs", "cache"), iterables))
        if iter_args is not None or iter_kwargs is not None or cache or self._is_seeds(**given):
            named = {"iter_args": iter_args, "iter_kwargs": iter_kwargs, "cache": cache}
            return self._map_events(func, **{**named, **given})
        calls = Submitted(self)
        return calls.watch(Executor.map(calls, func, *iterables, timeout=timeout, chunksize=chunksize))

    def _is_seeds(self, iter_args=None, iter_kwargs=None, cache=False):
        """Whether output handlers are to hear of the results, and the arguments can be meant for them."""
        if iter_args is None or not self.__dict__.get("output_handlers"):
            return False
        # Of executors it is the second arguments of the calls.
        return iter_kwargs is None or (
            isinstance(iter_kwargs, (list, tuple)) and all(isinstance(item, dict) for item in iter_kwargs)
        )

    def _map_events(self, func, iter_args, iter_kwargs, cache):
        events = []
        for item, kwargs in zip(iter_args, itertools.chain(iter_kwargs or (), itertools.repeat(None))):
            args = item if hasattr(item, "__iter__") and not isinstance(item, str) else (item,)
            events.append(self.add_event(func, *args, **{"cache": cache, **(kwargs or {})}))
        self.wait()
        return events

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Ends the workers when their events have ended, or cancels those first, also those that run.

        Nothing can be submitted after that.
        """
        self._is_shut = True
        if cancel_futures:
            self._cancel_futures()
            self.cancel_all()
        if wait:
            self.close()
        else:
            self.stop_async(None, None)

    def _cancel_futures(self):
        for event in list(self.get_events()):
            future = event._future
            if future is not None:
                future.cancel()
