# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Futures of events: of concurrent.futures, and to be awaited."""

import concurrent.futures
import math
import threading

from . import bridge, errors
from .base import raw
from .event import RawEvent
from .payload import MODE_VALUE

RawLoop = raw.EventLoop
StdFuture = concurrent.futures.Future


class WaitEvent(threading.Event):
    """Lets who waits on the loop's own thread look after the loop meanwhile."""

    def __init__(self, home):
        super().__init__()
        self.home = home

    def set(self):
        super().set()
        if not self.home.is_here():
            self.home.context.wakeup()

    def wait(self, timeout=None):
        if self.home.is_here():
            return self.home.iterate_until(self.is_set, timeout)
        return super().wait(timeout)


class Waiters(list):
    """Those who wait with concurrent.futures.wait () or as_completed ().

    On the loop's own thread they would wait for ever: nobody else hears of ends.
    """

    def __init__(self, home):
        super().__init__()
        self.home = home

    def append(self, waiter):
        if self.home.is_here() and type(waiter.event) is threading.Event:
            waiter.event = WaitEvent(self.home)
        super().append(waiter)


class Awaitable(StdFuture):
    """A future that may be awaited in any loop, and waited for on any thread."""

    _is_heard = False
    _settled = False

    def __init__(self, home):
        super().__init__()
        self._home = home
        self._waiters = Waiters(home)
        bridge.join_running(home)

    def _wait(self, timeout):
        """Returns how long it may still take."""
        self._is_heard = True
        if self.done() or not self._home.is_here():
            return timeout
        self._home.iterate_until(self.done, timeout)
        return 0

    def result(self, timeout=None):
        """Gets the results, or raises the exception. Waits, and meanwhile other events are handled."""
        return super().result(self._wait(timeout))

    def exception(self, timeout=None):
        """Gets the exception, or None. Waits, and meanwhile other events are handled."""
        return super().exception(self._wait(timeout))

    def add_done_callback(self, function):
        """Has a function called with this future when it is done, at once if it is."""
        self._is_heard = True
        super().add_done_callback(function)

    def __await__(self):
        self._is_heard = True
        running = bridge.get_running_loop()
        if running is not None:
            import asyncio

            bridge.join(running, self._home)
            return (yield from asyncio.wrap_future(self, loop=running))
        if not self.done():
            yield self
        if self.cancelled():
            from asyncio import CancelledError

            raise CancelledError
        return super().result(0)

    def _end_cancelled(self):
        """Tells all who wait that there will be nothing. Returns False when there is something already."""
        if not StdFuture.cancel(self):
            return False
        with self._condition:
            is_first, self._settled = not self._settled, True
        if is_first:
            self.set_running_or_notify_cancel()
        return True

    def __del__(self):
        error = self.__dict__.get("_exception")
        if error is not None and not self._is_heard and not errors.is_cancelled(error):
            errors.print_error(error)


class CallFuture(Awaitable):
    """What will come of a call, from whatever thread."""

    def cancel(self):
        """Gives the results up, and cancels the event. Returns whether it was not done before."""
        if self.done():
            return self.cancelled()
        # First, since what has not begun ends at once.
        if not self._end_cancelled():
            return False
        self._home.call(self._cancel_event)
        return True


class Future(CallFuture):
    """What will come of an event. Cancelling it cancels the event."""

    def __init__(self, home, event):
        super().__init__(home)
        self.event = event

    def _cancel_event(self):
        self.event.cancel()

    def running(self):
        """Tells whether a worker has it: there it runs, or is the next to run."""
        return not self.done() and self.event.get_state() == raw.EventState.SENT

    def _settle(self):
        if self.done():
            return
        error = self.event.error
        try:
            if error is not None:
                self.set_exception(error)
            else:
                self.set_result(self.event.results)
        except concurrent.futures.InvalidStateError:
            pass  # cancelled in another thread just now


def add(loop, event):
    """Who calls or asks for values wants results also where the handlers are to hear of none."""
    if (event._future is None and not event._is_iterated) or loop.get_has_results():
        RawLoop.add_event(loop, event)
        return
    loop.freeze_notify()
    RawLoop.set_has_results(loop, True)
    try:
        RawLoop.add_event(loop, event)
    finally:
        RawLoop.set_has_results(loop, False)
        loop.thaw_notify()


class CallMethods:
    """Calls that give their results to who makes them, and not to the output handlers."""

    def submit(self, target, /, *args, **kwargs):
        """Calls a function in the worker. Returns a future, of concurrent.futures; it may be awaited too."""
        return self.call_with(target, args, kwargs)

    def call(self, target, /, *args, **kwargs):
        """Calls a function in the worker: results = await loop.call (function, …).

        The call begins at once, and not when it is awaited. Cancelling it cancels the event.
        """
        return self.call_with(target, args, kwargs)

    def call_with(
        self,
        target,
        args=(),
        kwargs=None,
        *,
        progress=None,
        cancellable=None,
        priority=None,
        timeout=None,
        event_key=None,
    ):
        """Calls a function in the worker as call () does, with what else events have.

        progress (fraction, message) is called when the function reports progress; timeout is in
        seconds.
        """
        home = self._get_home()
        if not home.is_here():
            wishes = {"progress": progress, "cancellable": cancellable, "priority": priority}
            return FarFuture(home).begin(self, target, args, kwargs, timeout=timeout, event_key=event_key, **wishes)
        event = self._make_own_event(target, args, kwargs, event_key)
        if progress is not None:
            watch_progress(event, progress)
        set_wishes(event, cancellable, priority, timeout)
        future = event._future = Future(home, event)
        try:
            self._send(event)
        except BaseException:
            event._future = None
            raise
        return future

    def _make_own_event(self, target, args, kwargs, event_key, mode=MODE_VALUE):
        """An event that the output handlers do not hear of."""
        if isinstance(target, RawEvent):
            event = self._prepare_given(target)
        else:
            event = self._make_event(target, tuple(args), kwargs or {}, True, event_key, mode)
        event.set_has_output(True)
        return event

    def _get_home(self):
        if self._codec is None:
            self._set_up()
        return self._place


class FarFuture(CallFuture):
    """The future of a call from another thread than the loop's."""

    inner = None

    def begin(self, loop, *args, **wishes):
        """The event is made and added where the loop lives. Returns this."""

        def start():
            if self.cancelled():
                return
            try:
                self.inner = loop.call_with(*args, **wishes)
                self.inner.add_done_callback(self._take)
            except BaseException as error:
                self.set_exception(error)

        self._home.call_later(start)
        return self

    @property
    def event(self):
        return self.inner.event if self.inner is not None else None

    def _cancel_event(self):
        if self.inner is not None:
            self.inner.cancel()

    def _take(self, inner):
        if self.done():
            return
        try:
            if inner.cancelled():
                self._end_cancelled()
            elif inner.exception() is not None:
                self.set_exception(inner.exception())
            else:
                self.set_result(inner.result())
        except concurrent.futures.InvalidStateError:
            pass


def watch_progress(event, progress):
    """Calls progress (fraction, message) when either is another."""
    told = [None]

    def tell(event, _):
        now = event.get_progress(), event.get_progress_message()
        if now != told[0]:
            told[0] = now
            progress(*now)

    event.connect("notify::progress", tell)
    event.connect("notify::progress-message", tell)


def set_wishes(event, cancellable, priority, timeout):
    if cancellable is not None:
        event.set_cancellable(cancellable)
    if priority is not None:
        event.set_priority(priority)
    if timeout is not None:
        # 0 is none, as in C; the least of others is not.
        event.set_timeout(math.ceil(timeout * 1000))
