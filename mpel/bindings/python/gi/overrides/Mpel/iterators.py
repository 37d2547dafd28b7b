# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A loop whose events may be iterators, which take turns in the worker."""

from .loop import EventLoop
from .payload import MODE_ITEMS


class IterEventLoop(EventLoop):
    """Hands over what iterators give, each in an event of its own, while other events run.

    A target may be an iterator itself, or a function that returns one.
    """

    _mode = MODE_ITEMS
