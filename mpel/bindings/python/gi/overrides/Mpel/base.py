# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What Python adds to the introspected library, and how overridden classes come to be."""

import sys

import gi

gi.require_version("Mpel", "1")

from gi.module import get_introspection_module  # noqa: E402

raw = get_introspection_module("Mpel")
"""The library as C offers it."""

LOOP_ERROR = raw.loop_error_quark()
LoopError = raw.LoopError


def override(cls):
    """Makes objects of the C class come to Python as objects of this one.

    What gi.overrides.override does, for classes in the modules of a package.
    """
    cls.__info__.get_g_type().pytype = cls
    # Where the wrappers of subclasses look for their parent.
    setattr(sys.modules["gi.repository.Mpel"], cls.__name__, cls)
    return cls
