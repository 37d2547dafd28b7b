# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Callbacks that keep nothing alive.

What a widget holds, and what holds the widget in turn, is never freed when one of both ways leads
through C: the garbage collector of Python does not see it.
"""

import weakref


def weakly(method):
    """A method as a callback that does nothing once its object is gone."""
    reference = weakref.WeakMethod(method)

    def call(*args):
        found = reference()
        return found(*args) if found is not None else None

    return call
