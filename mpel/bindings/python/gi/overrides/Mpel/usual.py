# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the seed is made of. Nothing is made of it here, but programs read it and set it."""

import importlib

from . import pickling

# Whose processes pickle with dill.
DILL = ("multiprocess", "multiprocessing_on_dill")


class Usual:
    """A class of another module, which is imported for those who ask only."""

    def __init__(self, module, name):
        self.module = module
        self.name = name

    def __get__(self, loop, cls):
        return getattr(importlib.import_module(self.module), self.name)


def find_given(cls, name):
    """What somebody has set a class variable to, or None."""
    for base in cls.__mro__:
        if name in vars(base):
            given = vars(base)[name]
            return None if isinstance(given, Usual) else given
    return None


def find_codec(cls):
    """What the class variables say, or what use () said."""
    process = find_given(cls, "event_loop_class")
    library = getattr(process, "__module__", "").partition(".")[0]
    return pickling.find_codec("dill") if library in DILL else pickling.get_default_codec()
