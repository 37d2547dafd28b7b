# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The call that runs, as its function sees it in the worker."""

import contextvars
import threading

from .base import override, raw

RawInvocation = raw.Invocation
# In coroutines, and in threads that asyncio starts for them. On the main thread the worker knows
# itself what runs, which is cheaper.
of_task = contextvars.ContextVar("mpel_invocation", default=None)


@override
class Invocation(RawInvocation):
    """A call that is under way in the worker."""

    def progress(self, fraction, message=None):
        """Tells the host how far the call is, from 0 to 1. Safe from any thread."""
        self.report_progress(fraction, message)

    def is_cancelled(self):
        """Tells whether the host wants no results any more. Safe from any thread."""
        return self.get_cancellable().is_cancelled()


def get_invocation():
    """Gets the call that runs in this coroutine, or on the main thread of the worker; or None.

    In generators it is theirs. Threads that a function starts are given it by the function.
    """
    from . import calls

    found = of_task.get()
    if found is None and calls.current is not None and threading.current_thread() is threading.main_thread():
        return calls.current.invocation
    return found
