# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Values of generators in the worker, one by one, to who asks for them."""

import collections

from gi.repository import GLib

from . import buffers, values
from .futures import Awaitable, set_wishes
from .payload import MODE_STREAM

END = object()


class ValueStream:
    """The values of a generator: async for, or for, which handles other events meanwhile.

    The worker makes no more of them than are asked for, but for a few. A stream that is closed, or
    dropped, stops its generator.
    """

    def __init__(self, home, event):
        self.event = event
        self._home = home
        self._is_closed = False
        self._is_asking = False
        self._waiting = None  # who asked last, until there is a value
        self._saved = collections.deque()  # what came for somebody who had given up

    def __aiter__(self):
        return self

    async def __anext__(self):
        future = self._ask()
        try:
            value = await future
        except BaseException as error:
            self._take_back(future, error)
            raise
        if value is END:
            raise StopAsyncIteration
        return value

    def __iter__(self):
        return self

    def __next__(self):
        value = self._ask().result()
        if value is END:
            raise StopIteration
        return value

    def _ask(self):
        if self._waiting is not None and not self._waiting.done():
            raise RuntimeError("somebody waits for the next value already")
        future = self._waiting = Awaitable(self._home)
        if self._saved:
            self._settle(self._saved.popleft())
        elif self._is_closed:
            future.set_result(END)
        elif not self._is_asking:
            self._is_asking = True
            self._home.call(self.event.next_async, None, self._take)
        return future

    def _take_back(self, future, error):
        """Who asked has given up, maybe when the value, or why there is none, had come already."""
        if future.cancel():
            return
        why = future.exception()
        if why is None and not self._is_closed:
            self._saved.appendleft((future.result(), None))
        elif why is not None and why is not error:
            self._saved.appendleft((END, why))

    def _take(self, event, result):
        self._is_asking = False
        try:
            variant = event.next_finish(result)
            got = (read(event, variant), None) if variant is not None else (END, None)
        except GLib.Error as error:
            # The event's own, or why its values cannot be had.
            got = (END, (event.error if event.is_ended() else None) or error)
        except Exception as error:
            got = (END, error)
        self._settle(got)

    def _settle(self, got):
        future, self._waiting = self._waiting, None
        value, error = got
        if future.done() or not future.set_running_or_notify_cancel():
            self._saved.append(got)
            return
        if value is END:
            self._is_closed = self._is_closed or self.event.is_ended()
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)

    def close(self):
        """Stops the generator. What it has made already is dropped."""
        if not self._is_closed:
            self._is_closed = True
            self._saved.clear()
            self._home.call(cancel, self.event)

    async def aclose(self):
        """Stops the generator, as close () does."""
        self.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.close()

    def __del__(self):
        if "_is_closed" in self.__dict__ and not self._is_closed:
            self.close()


def cancel(event):
    if not event.is_ended():
        event.cancel()


def read(event, variant):
    """The value that a generator gave."""
    codec = event._codec
    if codec is None:
        return values.from_variant(variant)
    return buffers.load(codec, variant)


class StreamMethods:
    """Generators of the worker, seen from the host."""

    def stream(self, target, /, *args, **kwargs):
        """Runs a generator in the worker: async for value in loop.stream (function, …).

        Or a function that gives what can be iterated.
        """
        return self.stream_with(target, args, kwargs)

    def stream_with(self, target, args=(), kwargs=None, *, cancellable=None, priority=None, timeout=None):
        """Runs a generator in the worker as stream () does, with what else events have."""
        home = self._get_home()
        event = self._make_own_event(target, args, kwargs, None, MODE_STREAM)
        event.set_pull(True)
        set_wishes(event, cancellable, priority, timeout)
        event._is_iterated = True  # so its end is not for the output handlers
        self._send(event)
        return ValueStream(home, event)
