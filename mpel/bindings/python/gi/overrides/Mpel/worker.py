# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The worker, seen from inside a program that is its own worker."""

from .base import override, raw

RawWorker = raw.Worker

# Whether the program asks if it is a worker: then it is started again as one.
was_asked = False


def get_default():
    """Gets the worker that this process was started as, or None."""
    global was_asked

    from . import calls

    # In a worker that a Python host has started, loops have workers of the same kind.
    was_asked = was_asked or calls.current is None
    return RawWorker.get_default()


@override
class Worker(RawWorker):
    """Also calls the functions of Python hosts, once it runs."""

    get_default = staticmethod(get_default)

    def run(self):
        """Runs events until the host has no more use for this process. Returns an exit status."""
        from . import calls, coroutines, pickling

        if calls.current is None:
            calls.Calls(self, pickling.get_default_codec()).add_python()
        status = RawWorker.run(self)
        coroutines.leave()
        return status
