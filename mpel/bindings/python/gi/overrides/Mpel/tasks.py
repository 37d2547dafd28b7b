# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Coroutines in the host, run by its main context: for programs whose main loop is that of GLib or GTK."""

import concurrent.futures
import contextvars

from . import bridge, interrupt
from .futures import Awaitable
from .home import Home

running = set()  # nobody else may hold them


class Task(Awaitable):
    """A coroutine that runs in turns of the main context."""

    def __init__(self, coroutine):
        from asyncio import CancelledError

        self._cancelled_error = CancelledError
        super().__init__(Home())
        self._coroutine = coroutine
        self._context = contextvars.copy_context()
        self._awaited = None
        self._must_cancel = False
        running.add(self)
        self._home.call_later(self._step)

    def cancel(self):
        """Raises asyncio.CancelledError where the coroutine waits. Returns whether it was not done before."""
        if self.done():
            return False
        self._home.call(self._cancel)
        return True

    def _cancel(self):
        awaited = self._awaited
        if awaited is None:
            self._must_cancel = True
        elif not awaited.cancel():
            self._must_cancel = True
            self._wake(awaited)

    def _wake(self, awaited):
        """In any thread: what it waited for is done."""
        self._home.call(self._go_on_from, awaited)

    def _go_on_from(self, awaited):
        if self._awaited is awaited:
            self._awaited = None
            self._step()

    def _step(self):
        try:
            if self._must_cancel:
                self._must_cancel = False
                awaited = self._context.run(self._coroutine.throw, self._cancelled_error())
            else:
                awaited = self._context.run(self._coroutine.send, None)
        except StopIteration as end:
            if self._must_cancel:
                self._end(self._end_cancelled)
            else:
                self._end(self.set_result, end.value)
        except self._cancelled_error:
            self._end(self._end_cancelled)
        except KeyboardInterrupt as error:
            self._end(self.set_exception, error)
            interrupt.note_raised()
        except BaseException as error:
            self._end(self.set_exception, error)
        else:
            self._wait_for(awaited)

    def _wait_for(self, awaited):
        if isinstance(awaited, concurrent.futures.Future):
            self._awaited = awaited
            awaited.add_done_callback(self._wake)
            if self._must_cancel and self._awaited is awaited:
                # It was cancelled while it ran.
                self._must_cancel = False
                self._cancel()
            return
        # Such as what asyncio.sleep () gives to its own loop.
        self._coroutine.close()
        self._end(self.set_exception, RuntimeError(f"{awaited!r} can be awaited under asyncio only"))

    def _end(self, settle, *args):
        running.discard(self)
        settle(*args)


def spawn(coroutine):
    """Runs a coroutine from the next turn of this thread's main context on. Returns a task.

    The task is a future of concurrent.futures, and may be awaited. Where asyncio runs, it is one of
    asyncio's own.
    """
    if not hasattr(coroutine, "send"):
        raise TypeError(f"spawn () takes a coroutine, what calling an async function gives, and not {coroutine!r}")
    loop = bridge.get_running_loop()
    return loop.create_task(coroutine) if loop is not None else Task(coroutine)
